"""Probing tells the truth, also about films that are not ours."""

from __future__ import annotations

import subprocess
import sys

import av
import numpy as np
import pytest

import soundstage.stitch
from soundstage.errors import StitchError
from soundstage.stitch import check_encoder, probe


def test_a_film_that_is_not_ours(tmp_path):
    """Another encoder's file is told as it is: not fast to start, no tags, no sound, frames at odd times."""
    path = tmp_path / "other.mp4"
    with av.open(str(path), "w") as film:
        stream = film.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        for n in range(10):
            frame = av.VideoFrame.from_ndarray(np.full((72, 64), n * 20, np.uint8), format="yuv420p")
            frame.pts = n + (n > 5)  # one frame is missing
            film.mux(stream.encode(frame))
        film.mux(stream.encode(None))
    found = probe(path)
    assert (found.frame_count, found.steady, found.faststart) == (10, False, False)
    assert (found.codec, found.sound, found.captions) == ("mpeg4", None, ())
    assert (found.size.width, found.size.height) == (64, 48)
    assert found.colours.matrix != "bt709"
    assert found.bytes == path.stat().st_size


@pytest.mark.parametrize("content", [b"", b"not a film", bytes(10_000)])
def test_no_film(tmp_path, content):
    """A file that is no film is named in the error."""
    path = tmp_path / "odd.mp4"
    path.write_bytes(content)
    with pytest.raises(StitchError, match=r"odd\.mp4"):
        probe(path)


def test_no_file(tmp_path):
    """A file that is not there is named in the error."""
    with pytest.raises(StitchError, match=r"gone\.mp4"):
        probe(tmp_path / "gone.mp4")


def test_damage_is_found(cutter):
    """A film whose end is missing does not pass for a whole one."""
    path = cutter.film(60)
    data = path.read_bytes()
    path.write_bytes(data[: len(data) * 2 // 3])
    try:
        found = probe(path)
    except StitchError:
        return
    assert found.frame_count < 60


def test_encoder_says_what_it_uses_and_why():
    """The encoder is named with its settings, and the graphics card's with the reason it is not used."""
    told = check_encoder()
    assert told.startswith("libx264 superfast crf 22")
    assert "h264_nvenc" in told
    assert "does not open here: " in told or "is not used: " in told


def test_window():
    """Every name in the shop window is there, and only those."""
    for name in soundstage.stitch.__all__:
        assert getattr(soundstage.stitch, name)
    assert soundstage.stitch.__all__ == sorted(soundstage.stitch.__all__)
    with pytest.raises(AttributeError, match="nonsense"):
        _ = soundstage.stitch.nonsense


def test_package_imports_light():
    """Whoever needs a clip's key, or only the package, does not load the encoder."""
    code = (
        "import sys; from soundstage.stitch import ClipKey; print({'av', 'numpy', 'PIL'} & set(sys.modules))"
    )
    told = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert told.stdout.strip() == "set()"
