"""Keeps whole frames in flight on threads of our own, and hands them out in order. Knows no scene.

Frames, not bands: a band's kernel would have to wait for its neighbours several times a frame. Kernels and
OpenCV release the GIL, so two threads make two frames in nearly the time of one.
"""

from __future__ import annotations

from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from queue import SimpleQueue
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import numpy as np
    from numpy.typing import NDArray

Desk = TypeVar("Desk")


def run_frames(
    draw: Callable[[int, Desk], NDArray[np.uint8]],
    *,
    frame_count: int,
    workers: int,
    make_desk: Callable[[], Desk],
) -> Generator[NDArray[np.uint8]]:
    """Yield `draw(index, desk)` for every index, in order, `workers` of them at a time.

    Memory is bounded: no frame is begun while `workers` + 1 are under way or waiting to be taken. When the
    generator is closed, or a frame raises, nothing new begins and what is under way is waited for.

    Args:
        draw: makes one frame; called from several threads.
        frame_count: how many.
        workers: how many at a time, at least 1.
        make_desk: makes what one frame in flight draws on; called `workers` times at most.
    """
    desks: SimpleQueue[Desk] = SimpleQueue()
    pool = ThreadPoolExecutor(max_workers=max(workers, 1), thread_name_prefix="frame")
    for _ in range(min(max(workers, 1), frame_count)):
        desks.put(make_desk())

    def one(index: int) -> NDArray[np.uint8]:
        desk = desks.get()
        try:
            return draw(index, desk)
        finally:
            desks.put(desk)

    waiting: deque[Future[NDArray[np.uint8]]] = deque()
    begun = 0
    try:
        while begun < frame_count or waiting:
            while begun < frame_count and len(waiting) <= workers:
                waiting.append(pool.submit(one, begun))
                begun += 1
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
