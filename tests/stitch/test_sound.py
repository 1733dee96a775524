"""Sound in the film: heard when it should be, as long as the picture, on its own side."""

from __future__ import annotations

import av
import numpy as np
import pytest

from soundstage.errors import EncoderBroke
from soundstage.stitch import probe

RATE_HZ = 48_000
FRAMES = 84  # 3.5 s at 24 fps
SAMPLES = FRAMES * 2000


def heard(path):
    """Return the decoded sound, (2, N), placed by its times."""
    with av.open(str(path)) as film:
        frames = list(film.decode(audio=0))
    assert frames[0].pts == 0
    return np.concatenate([frame.to_ndarray() for frame in frames], axis=1)


def film_of(cutter, make, samples):
    keys = cutter.shoot(50, 34)
    return cutter.join(keys, soundtrack=make.soundtrack(FRAMES, samples=samples)).file("video").path


@pytest.mark.parametrize("second", [0.0, 0.25, 1.0, 2.0, 3.4])
def test_a_click_is_heard_at_its_time(cutter, make, second):
    """A click put at a time is heard within a millisecond of it, from the first moment to the last."""
    samples = np.zeros((2, SAMPLES), np.float32)
    start = round(second * RATE_HZ)
    samples[:, start : start + 48] = 0.9
    found = heard(film_of(cutter, make, samples))
    loudest = int(np.abs(found[0]).argmax())
    assert abs(loudest - (start + 24)) < 48, f"heard at sample {loudest}, put at {start}"


def test_length_is_the_pictures(cutter, make):
    """Sound starts at 0.000 and ends with the picture; decoding gives less than one AAC frame more."""
    samples = np.full((2, SAMPLES), 0.1, np.float32)
    found = probe(film_of(cutter, make, samples))
    assert found.sound.start_s == 0
    assert found.sound.seconds == pytest.approx(3.5, abs=1e-6)
    assert 0 <= found.sound.sample_count - SAMPLES <= 1024
    assert found.seconds == pytest.approx(3.5, abs=1e-6)


def test_stereo_at_48_khz(cutter, make):
    """Sound is AAC, stereo, 48 kHz, near 192 kbit/s when there is much to tell."""
    noise = np.random.default_rng(1).normal(0, 0.2, (2, SAMPLES)).astype(np.float32)
    sound = probe(film_of(cutter, make, noise)).sound
    assert (sound.codec, sound.rate_hz, sound.channels) == ("aac", RATE_HZ, 2)
    assert sound.bit_rate == pytest.approx(192_000, rel=0.1)


def test_left_is_left(cutter, make):
    """The left channel stays left, and what was sent is what is heard: same level, same phase."""
    time_s = np.arange(SAMPLES) / RATE_HZ
    samples = np.stack([0.5 * np.sin(2 * np.pi * 440 * time_s), np.zeros(SAMPLES)]).astype(np.float32)
    found = heard(film_of(cutter, make, samples))[:, :SAMPLES]
    middle = slice(10_000, SAMPLES - 10_000)
    assert np.abs(found[0, middle] - samples[0, middle]).max() < 0.02
    assert np.abs(found[1, middle]).max() < 0.02


@pytest.mark.parametrize("surplus", [-1000, -1, 1, 1000])
def test_rounding_is_forgiven(cutter, make, surplus):
    """Sound that is a few samples off, as from rounding a cut to a frame, is cut or ends in silence."""
    samples = np.full((2, SAMPLES + surplus), 0.1, np.float32)
    found = probe(film_of(cutter, make, samples))
    assert found.sound.seconds == pytest.approx(3.5, abs=1e-6)


BROKEN = {
    "half as long": (np.zeros((2, SAMPLES // 2), np.float32), f"{SAMPLES // 2} samples.*{SAMPLES}"),
    "a second too long": (np.zeros((2, SAMPLES + RATE_HZ), np.float32), f"{SAMPLES + RATE_HZ}.*{SAMPLES}"),
    "mono": (np.zeros((1, SAMPLES), np.float32), r"\(2, N\).*\(1, "),
    "on its side": (np.zeros((SAMPLES, 2), np.float32), r"\(2, N\)"),
    "float64": (np.zeros((2, SAMPLES)), "float32.*float64"),
    "not a number": (np.full((2, SAMPLES), np.nan, np.float32), f"{2 * SAMPLES} samples"),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_wrong_sound_is_refused(cutter, make, fault):
    """Sound that cannot belong to the picture is refused with both numbers, and no film appears."""
    samples, message = BROKEN[fault]
    with pytest.raises(EncoderBroke, match=message):
        film_of(cutter, make, samples)
    assert not (cutter.bench.folder / "film.mp4").exists()
