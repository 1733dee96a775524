"""Shooting: frames stream in, a clip is whole or absent, a broken engine is told what it did."""

from __future__ import annotations

import gc
import signal
import subprocess
import sys
import textwrap
import weakref
from pathlib import Path

import av
import numpy as np
import pytest

from soundstage.errors import Cancelled, EngineBroke, StorageFull
from soundstage.film import Frames, FrameSize
from soundstage.stitch import Bench, probe


@pytest.fixture
def bench(tmp_path):
    return Bench(tmp_path / "orders" / "one")


def heard(_):
    """Hear that a frame was taken."""


def files(bench):
    return sorted(path.name for path in bench.folder.iterdir())


def test_clip_is_kept_and_found_again(bench, make):
    """A finished shot is found by its key, also by another bench on the folder; any other key is not."""
    key = make.key(0, 9)
    assert not bench.has(key)
    bench.shoot(key, make.scene(key), heard)
    assert bench.has(key)
    assert Bench(bench.folder).has(key)
    for other in (make.key(1, 9), make.key(0, 10), make.key(0, 9, fps=25)):
        assert not bench.has(other)
    assert not bench.has(make.key(0, 9, size=FrameSize(width=64, height=64)))
    assert files(bench) == [bench.clip(key).name]


@pytest.mark.parametrize("run", [1, 2, 5, 9])
def test_runs_of_any_length(bench, make, run):
    """An engine may hand over frames one by one or all at once; the clip is the same."""
    key = make.key(0, 9)
    bench.shoot(key, make.scene(key, run=run), heard)
    whole = make.Cutter(bench.folder.parent / "other").bench
    whole.shoot(key, make.scene(key, run=3), heard)
    assert bench.clip(key).read_bytes() == whole.clip(key).read_bytes()


def test_every_frame_is_heard_of(bench, make):
    """Progress counts every frame, once, in order."""
    key, told = make.key(0, 9), []
    bench.shoot(key, make.scene(key), told.append)
    assert told == list(range(1, 10))


def test_frames_are_not_kept(bench, make):
    """However long the shot, memory holds the run at hand and no earlier one."""
    key, runs, alive = make.key(0, 200), [], []
    gc.freeze()  # what the tests before left need not be looked through fifty times

    def engine():
        for first in range(0, 200, 4):
            stack = np.stack([make.planes(make.small, first + n, 0) for n in range(4)])
            runs.append(weakref.ref(stack))
            yield Frames(first=first, yuv420=stack)
            del stack
            gc.collect()
            alive.append(sum(ref() is not None for ref in runs))

    bench.shoot(key, engine(), heard)
    gc.unfreeze()
    assert len(runs) == 50
    assert max(alive) <= 2


def test_views_of_larger_arrays(bench, make):
    """Frames may be views into an engine's own buffer, with gaps between rows."""
    key = make.key(0, 4)
    wide = np.stack([np.pad(make.planes(make.small, n, 0), ((0, 0), (8, 8))) for n in range(4)])
    bench.shoot(key, iter([Frames(first=0, yuv420=wide[:, :, 8:-8])]), heard)
    plain = make.Cutter(bench.folder.parent / "other").bench
    plain.shoot(key, make.scene(key), heard)
    assert bench.clip(key).read_bytes() == plain.clip(key).read_bytes()


def by_bt709(rgb):
    """Return Y, Cb, Cr in limited range, by the formulas of ITU-R BT.709-6, sections 3.2 to 3.4."""
    red, green, blue = (value / 255 for value in rgb)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 16 + 219 * luma, 128 + 224 * (blue - luma) / 1.8556, 128 + 224 * (red - luma) / 1.5748


COLOURS = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255), (0, 0, 0), (224, 172, 138)]


@pytest.mark.parametrize("rgb", COLOURS)
def test_rgb_becomes_bt709(bench, make, rgb):
    """RGB frames are converted by BT.709 in limited range, as tagged: not by BT.601, and not full range."""
    key = make.key(0, 2)
    still = np.broadcast_to(np.array(rgb, np.uint8), (2, 108, 192, 3))
    bench.shoot(key, iter([Frames(first=0, rgb=still)]), heard)
    with av.open(str(bench.clip(key))) as clip:
        shown = next(clip.decode(video=0)).to_ndarray()
    luma, chroma = shown[:108], shown[108:].reshape(2, 54, 96)
    found = (np.median(luma), np.median(chroma[0]), np.median(chroma[1]))
    assert np.abs(np.array(found) - by_bt709(rgb)).max() <= 2, found


BROKEN = {
    "too few": (lambda good: [Frames(first=0, yuv420=good[:5])], r"9 frames.*stopped after 5"),
    "none": (lambda _: [], r"9 frames.*stopped after 0"),
    "too many": (lambda good: [Frames(first=0, yuv420=good), Frames(first=9, yuv420=good)], r"9 frames.*18"),
    "a gap": (
        lambda good: [Frames(first=0, yuv420=good[:4]), Frames(first=5, yuv420=good[5:])],
        r"frame 4 is due.*frame 5",
    ),
    "a repeat": (
        lambda good: [Frames(first=0, yuv420=good[:4]), Frames(first=0, yuv420=good[:4])],
        r"frame 4 is due.*frame 0",
    ),
    "a wrong size": (lambda good: [Frames(first=0, yuv420=good[:, :, :100])], r"162, 192.*\(9, 162, 100\)"),
    "a lone picture": (lambda good: [Frames(first=0, yuv420=good[0])], r"162, 192.*\(162, 192\)"),
    "rgb upside": (
        lambda _: [Frames(first=0, rgb=np.zeros((1, 192, 108, 3), np.uint8))],
        r"108, 192, 3.*\(1, 192, 108, 3\)",
    ),
    "floats": (lambda good: [Frames(first=0, yuv420=good.astype(np.float32))], r"uint8.*float32"),
    "a bare array": (lambda good: [good], r"Frames.*ndarray"),
    "a list": (lambda good: [Frames(first=0, yuv420=good.tolist())], r"numpy array.*list"),
    "nothing in it": (lambda _: [Frames(first=0)], r"neither"),
    "an empty run": (lambda good: [Frames(first=0, yuv420=good[:0])], r"1 or more.*\(0, 162, 192\)"),
    "both": (
        lambda good: [Frames(first=0, yuv420=good, rgb=np.zeros((9, 108, 192, 3), np.uint8))],
        r"both",
    ),
}


@pytest.mark.parametrize("fault", BROKEN)
def test_broken_engine_is_named(bench, make, fault):
    """Frames that are not what was asked end the shot with both numbers, and leave no clip and no part."""
    key = make.key(2, 9)
    good = np.stack([make.planes(make.small, n, 0) for n in range(9)])
    runs, message = BROKEN[fault]
    with pytest.raises(EngineBroke, match=f"shot 3.*{message}"):
        bench.shoot(key, iter(runs(good)), heard)
    assert files(bench) == []
    assert not bench.has(key)


def test_cancel_in_the_middle(bench, make):
    """What the listener raises ends the shot at that frame and passes untouched; nothing stays."""
    key, told = make.key(0, 200), []

    def listen(done):
        told.append(done)
        if done == 17:
            raise Cancelled("withdrawn")

    with pytest.raises(Cancelled):
        bench.shoot(key, make.scene(key), listen)
    assert told[-1] == 17
    assert files(bench) == []


@pytest.mark.parametrize("fault", [ValueError("bad"), OSError(28, "engine's own disk"), KeyboardInterrupt()])
def test_engine_errors_pass_untouched(bench, make, fault):
    """An engine's own error is not blamed on the encoder."""
    key = make.key(0, 9)

    def engine():
        yield next(make.scene(key))
        raise fault

    with pytest.raises(type(fault)) as caught:
        bench.shoot(key, engine(), heard)
    assert caught.value is fault
    assert files(bench) == []


def child(code, **kwargs):
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False, **kwargs
    )


STAGE = f"""
    import sys
    sys.path.insert(0, {str(Path(__file__).parent)!r})
    import os, resource, signal
    from pathlib import Path
    import conftest as make
    from soundstage.errors import StorageFull
    from soundstage.stitch import Bench
"""


def test_killed_stage_leaves_no_clip(bench, make):
    """A process killed -9 in the middle of a shot leaves no clip; the next attempt sweeps what it left."""
    died = child(f"""{STAGE}
    key = make.key_of(0, 200)
    Bench(Path({str(bench.folder)!r})).shoot(
        key, make.scene(key), lambda done: os.kill(os.getpid(), signal.SIGKILL) if done == 150 else None
    )
    """)
    assert died.returncode == -signal.SIGKILL, died.stderr
    key = make.key(0, 200)
    assert not bench.has(key)
    assert len(list(bench.folder.glob("*.part"))) == 1, "the kill came while the clip was being written"
    bench.shoot(key, make.scene(key), heard)
    assert files(bench) == [bench.clip(key).name]
    assert probe(bench.clip(key)).frame_count == 200


def test_disk_full_while_shooting(bench):
    """A disk that fills up during a shot is StorageFull, not a broken encoder, and nothing stays."""
    told = child(f"""{STAGE}
    key = make.key_of(0, 200)
    resource.setrlimit(resource.RLIMIT_FSIZE, (8_000, 8_000))  # refused as by a full disk
    try:
        Bench(Path({str(bench.folder)!r})).shoot(key, make.scene(key), lambda _: None)
    except StorageFull as exc:
        print(exc)
    """)
    assert "MB are free" in told.stdout, told.stderr
    assert files(bench) == []


def test_disk_full_while_joining(tmp_path, make):
    """A disk that fills up while the film is joined keeps the clips and leaves no half film."""
    cutter = make.Cutter(tmp_path)
    clips = [cutter.bench.clip(key).name for key in cutter.shoot(40, 40)]
    told = child(f"""{STAGE}
    keys = [make.key_of(0, 40), make.key_of(1, 40)]
    cutter = make.Cutter(Path({str(tmp_path)!r}))
    resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
    try:
        cutter.join(keys, soundtrack=make.soundtrack_of(80))
    except StorageFull as exc:
        print(exc)
    """)
    assert "MB are free" in told.stdout, told.stderr
    assert set(files(cutter.bench)) - {"film.jpg", "screenplay.json"} == set(clips)


def test_the_same_in_every_process(bench, make):
    """Another process with another hash seed makes the same bytes."""
    key = make.key(0, 50)
    bench.shoot(key, make.scene(key), heard)
    other = bench.folder.parent / "other"
    child(f"""{STAGE}
    key = make.key_of(0, 50)
    Bench(Path({str(other)!r})).shoot(key, make.scene(key), lambda _: None)
    """)
    assert Bench(other).clip(key).read_bytes() == bench.clip(key).read_bytes()


def test_folder_that_cannot_be_written(tmp_path):
    """A workspace that cannot be made is said so, with its path."""
    (tmp_path / "file").touch()
    with pytest.raises(Exception, match="file") as caught:
        Bench(tmp_path / "file" / "bench")
    assert not isinstance(caught.value, StorageFull)
    assert caught.value.kind == "storage_error"
