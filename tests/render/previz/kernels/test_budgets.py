"""CPU budgets, three times what each kernel takes: they catch lost SIMD (7 to 20 times), not a busy day."""

import time

import numpy as np
import pytest

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.light import Grade

pytestmark = pytest.mark.budget
GRADE = Grade(
    exposure=1.0, red_gain=1.0, blue_gain=1.0, saturation=1.1, contrast=0.1, vignette=1.0, bloom=0.5,
    bloom_threshold=0.5,
)  # fmt: skip


@pytest.fixture(scope="module")
def canvas():
    made = Canvas(1280, 720)
    made.planes[:] = np.random.default_rng(1).random(made.planes.shape, np.float32) * 0.4
    return made


def cpu_ms(work, times=5):
    """Least CPU time of a few runs, compilation left out."""
    work()
    spent = []
    for _ in range(times):
        start = time.thread_time()
        work()
        spent.append(time.thread_time() - start)
    return min(spent) * 1e3


def test_developing_a_frame_is_fast(canvas):
    """Bloom, grade and conversion of 720p: about 7 ms."""
    assert cpu_ms(lambda: canvas.finish(GRADE, seed=1)) < 30


def test_putting_a_card_over_is_fast(canvas):
    """One card over 720p: about 1.3 ms."""
    card = np.random.default_rng(2).random((720, 1280, 4), np.float32)
    assert cpu_ms(lambda: canvas.over(card)) < 6


def test_strokes_are_fast(canvas):
    """Two thousand grass blades of 100 px: about 30 ms."""
    rng = np.random.default_rng(3)
    blades = np.zeros((2000, 18), np.float32)
    blades[:, 0] = rng.uniform(0, 1280, 2000)
    blades[:, 1] = rng.uniform(300, 720, 2000)
    blades[:, 2:4] = blades[:, 0:2] + [6, -60]
    blades[:, 4:6] = blades[:, 0:2] + [20, -100]
    blades[:, 6], blades[:, 7] = 5, 0.5
    blades[:, 8:16] = 0.5
    assert cpu_ms(lambda: canvas.strokes(blades)) < 110


def test_bokeh_is_fast(canvas):
    """Two hundred discs of radius 30: about 3 ms."""
    rng = np.random.default_rng(4)
    discs = np.column_stack(
        [rng.uniform(0, 1280, 200), rng.uniform(0, 720, 200), np.full(200, 30), np.ones((200, 4))]
    )
    assert cpu_ms(lambda: canvas.bokeh(discs)) < 14
