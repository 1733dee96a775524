"""Frames in flight: in order, bounded, and stopped at once."""

import threading

import numpy as np
import pytest

from soundstage.render.previz.scheduler import run_frames


def frame(index):
    return np.full((3, 2), index % 256, np.uint8)


def test_frames_come_in_order_from_few_desks():
    """Every frame comes once, in order, however the threads race; no more desks are made than workers."""
    made = []

    def desk():
        made.append(object())
        return made[-1]

    frames = list(run_frames(lambda i, _: frame(i), frame_count=50, workers=3, make_desk=desk))
    assert [int(f[0, 0]) for f in frames] == list(range(50))
    assert len(made) == 3


def test_desks_are_never_shared():
    """Two frames in flight never draw on the same desk, and as many are in flight as there are workers."""
    lock, busy, most = threading.Lock(), set(), []
    together = threading.Barrier(2, timeout=20)

    def draw(index, desk):
        with lock:
            assert id(desk) not in busy
            busy.add(id(desk))
            most.append(len(busy))
        if index < 2:
            together.wait()  # both must be in flight at once, or this breaks
        with lock:
            busy.remove(id(desk))
        return frame(index)

    assert len(list(run_frames(draw, frame_count=20, workers=2, make_desk=lambda: [0]))) == 20
    assert max(most) == 2


def test_work_ahead_is_bounded():
    """While nobody takes frames, no more than workers + 1 are begun."""
    begun = []

    def draw(index, _):
        begun.append(index)
        return frame(index)

    frames = run_frames(draw, frame_count=100, workers=2, make_desk=object)
    next(frames)
    frames.close()
    assert len(begun) <= 4


def test_closing_ends_all_work():
    """After close no thread draws and none is left."""
    running = threading.active_count()
    frames = run_frames(lambda i, _: frame(i), frame_count=1000, workers=2, make_desk=object)
    next(frames)
    frames.close()
    assert threading.active_count() == running


def test_a_broken_frame_raises_in_its_place_and_ends_the_work():
    """Frames before the broken one still come; then its error, and nothing more begins."""
    begun = []

    def draw(index, _):
        begun.append(index)
        if index == 5:
            raise ValueError("frame five")
        return frame(index)

    frames = run_frames(draw, frame_count=100, workers=2, make_desk=object)
    taken = [next(frames) for _ in range(5)]
    assert len(taken) == 5
    with pytest.raises(ValueError, match="frame five"):
        next(frames)
    assert max(begun) <= 8


def test_a_short_shot_makes_few_desks():
    """One frame needs one desk, however many workers there are."""
    made = []
    frames = run_frames(lambda i, _: frame(i), frame_count=1, workers=8, make_desk=lambda: made.append(1))
    assert len(list(frames)) == 1
    assert len(made) == 1
