"""Synthetic shots: moving patterns that differ from shot to shot, and films made of them."""

from __future__ import annotations

import numpy as np
import pytest

from soundstage.film import (
    Cue,
    Facts,
    Frames,
    FrameSize,
    Screenplay,
    Shot,
    Soundtrack,
    Waveform,
)
from soundstage.stitch import Bench, ClipKey

SMALL = FrameSize(width=192, height=108)


def planes(size, frame, shot):
    """Return one moving I420 picture, (H*3/2, W) uint8; shots differ in light, pattern and colour."""
    width, height = size.width, size.height
    x = np.linspace(0, 2 * np.pi * (2 + shot % 3), width) + 0.15 * frame
    y = np.linspace(0, 2 * np.pi * (1 + shot % 2), height) + 0.07 * frame
    picture = np.empty((height * 3 // 2, width), np.uint8)
    picture[:height] = 70 + 40 * (shot * 2 % 3) + 35 * np.sin(x)[None, :] * np.cos(y)[:, None]
    chroma = picture[height:].reshape(2, height // 2, width // 2)
    chroma[0] = 90 + 30 * (shot % 4)
    chroma[1] = 170 - 30 * (shot % 4)
    return picture


def scene(key, run=4):
    """Yield a shot's frames in runs of `run`, as an engine does."""
    for first in range(0, key.frame_count, run):
        count = min(run, key.frame_count - first)
        stack = np.stack([planes(key.size, first + n, key.index) for n in range(count)])
        yield Frames(first=first, yuv420=stack)


def key_of(index, frame_count, *, size=SMALL, fps=24):
    return ClipKey(index=index, fingerprint=f"{index:02x}aa", size=size, fps=fps, frame_count=frame_count)


def screenplay_of(keys, *, sound=True):
    shots, start = [], 0
    for key in keys:
        shots.append(
            Shot(index=key.index, start=start / key.fps, seconds=key.frame_count / key.fps, text="狗 runs")
        )
        start += key.frame_count
    first = keys[0]
    return Screenplay(
        title="Lighthouse 灯塔",
        seconds=start / first.fps,
        size=first.size,
        fps=first.fps,
        seed=42,
        sound=sound,
        shots=tuple(shots),
    )


def facts_of(**changes):
    told = {
        "made_by": "procedural previz",
        "engine": "previz",
        "engine_version": "7",
        "seed": 42,
        "size": SMALL,
        "fps": 24,
        "frame_count": 0,
        "seconds": 0.0,
        "has_audio": False,
        "loudness_lufs": None,
    }
    return Facts(**(told | changes))


def soundtrack_of(frame_count, *, fps=24, samples=None, cues=()):
    if samples is None:
        count = frame_count * 48_000 // fps
        time_s = np.arange(count) / 48_000
        tone = 0.2 * np.sin(2 * np.pi * 330 * time_s)
        samples = np.stack([tone, 0.5 * tone]).astype(np.float32)
    return Soundtrack(waveform=Waveform(samples=samples), cues=tuple(cues), loudness_lufs=-16.0)


def cue(start_s, end_s, text, *, language="en", speaker="Ann"):
    return Cue(speaker=speaker, text=text, language=language, start_s=start_s, end_s=end_s)


class Cutter:
    """Shoots and joins in one folder."""

    def __init__(self, folder):
        self.bench = Bench(folder)

    def shoot(self, *counts, size=SMALL, fps=24):
        keys = [key_of(index, count, size=size, fps=fps) for index, count in enumerate(counts)]
        for key in keys:
            self.bench.shoot(key, scene(key), lambda _: None)
        return keys

    def join(self, keys, *, soundtrack=None, captions="both"):
        play = screenplay_of(keys, sound=soundtrack is not None)
        return self.bench.join(keys, play, soundtrack, captions, facts_of())

    def film(self, *counts, size=SMALL, fps=24, sound=True, cues=(), captions="both"):
        """Return the path of a film of these shots."""
        keys = self.shoot(*counts, size=size, fps=fps)
        track = soundtrack_of(sum(counts), fps=fps, cues=cues) if sound else None
        return self.join(keys, soundtrack=track, captions=captions).file("video").path


@pytest.fixture
def cutter(tmp_path):
    return Cutter(tmp_path / "bench")


@pytest.fixture
def make():
    """Hand out the makers above: test modules cannot import a conftest."""

    class Make:
        Cutter = Cutter
        cue = staticmethod(cue)
        facts = staticmethod(facts_of)
        key = staticmethod(key_of)
        planes = staticmethod(planes)
        scene = staticmethod(scene)
        screenplay = staticmethod(screenplay_of)
        small = SMALL
        soundtrack = staticmethod(soundtrack_of)

    return Make
