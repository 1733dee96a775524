"""Strokes: right coverage, right order, hidden by depth, harmless off the canvas."""

from pathlib import Path

import numpy as np
import pytest

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.kernels.strokes import STROKE_COLUMNS

REFERENCE = Path(__file__).parents[1] / "reference" / "strokes.npz"


def stroke(x0, y0, x1, y1, x2, y2, w0, w1, rgb=(1, 1, 1), alpha=1.0, z=0.0):
    return [x0, y0, x1, y1, x2, y2, w0, w1, *rgb, alpha, *rgb, alpha, z, z]


def psnr(a, b, peak=1.0):
    return 10 * np.log10(peak**2 / max(float(np.mean((np.asarray(a, np.float64) - b) ** 2)), 1e-12))


def sheaf(size=64, count=60):
    """A fixed sheaf of curved, tapered, coloured strokes."""
    rng = np.random.default_rng(4)
    rows = np.zeros((count, STROKE_COLUMNS), np.float32)
    rows[:, :6] = rng.uniform(-6, size + 6, (count, 6))
    rows[:, 6:8] = rng.uniform(0.3, 5, (count, 2))
    rows[:, 8:16] = rng.random((count, 8))
    return rows


def test_upright_stroke_matches_plain_numpy():
    """An upright stroke covers what the formula says, anti-aliased across its width."""
    canvas = Canvas(32, 24)
    canvas.strokes([stroke(10.3, -5, 10.3, 10, 10.3, 40, 5, 5)])
    x = np.arange(32, dtype=np.float32)
    want = np.clip(np.minimum(2.5 + 0.5 - np.abs(x - 10.3), 1), 0, None)
    assert psnr(canvas.planes[0][3:21], np.tile(want, (18, 1))) > 45


def test_flat_and_upright_strokes_are_one_picture():
    """Turning a stroke by a quarter turns its picture: both walks are one rule."""
    upright, flat = Canvas(40, 40), Canvas(40, 40)
    upright.strokes([stroke(5, 3, 14, 20, 8, 36, 6, 1)])
    flat.strokes([stroke(3, 5, 20, 14, 36, 8, 6, 1)])
    assert np.abs(upright.planes[0] - flat.planes[0].T).max() < 1e-5


def test_later_strokes_lie_over_earlier_ones():
    """An opaque stroke hides what was drawn before it, and leaves full coverage."""
    canvas = Canvas(20, 20)
    canvas.strokes(
        [stroke(10, -2, 10, 10, 10, 25, 8, 8, (1, 0, 0)), stroke(-2, 10, 10, 10, 25, 10, 8, 8, (0, 1, 0))]
    )
    assert canvas.planes[:, 10, 10] == pytest.approx([0, 1, 0])
    assert canvas.alpha[10, 10] == pytest.approx(1)


def test_depth_hides_what_is_farther():
    """With a depth plane, a stroke shows only where it is nearer than what stands there."""
    depth = np.full((20, 20), 5, np.float32)
    depth[:, 10:] = 1
    canvas = Canvas(20, 20)
    canvas.strokes([stroke(-2, 10, 10, 10, 25, 10, 6, 6, z=3.0)], depth=depth)
    assert canvas.planes[0, 10, 4] == pytest.approx(1)
    assert canvas.planes[0, 10, 15] == 0


def test_strokes_off_the_canvas_and_broken_numbers_do_nothing():
    """Strokes beyond every edge, of no length, or with NaN leave the canvas as it was."""
    nan = float("nan")
    far = [
        stroke(-90, 5, -80, 5, -70, 5, 4, 4), stroke(99, 5, 100, 5, 120, 5, 4, 4),
        stroke(5, -90, 5, -80, 5, -70, 4, 4), stroke(5, 99, 5, 100, 5, 120, 4, 4),
        stroke(nan, nan, nan, nan, nan, nan, 4, 4), stroke(1e7, 1e7, 1e7, 1e7, 2e7, 3e7, 4, 4),
    ]  # fmt: skip
    canvas = Canvas(20, 20)
    canvas.strokes(far)
    assert not canvas.planes.any()


def test_sheaf_matches_the_stored_picture():
    """Many strokes across all edges look as they did when the reference was approved (PSNR over 45 dB)."""
    canvas = Canvas(64, 64)
    canvas.strokes(sheaf())
    with np.load(REFERENCE) as stored:
        assert psnr(canvas.planes, stored["planes"].astype(np.float32)) > 45
        assert psnr(canvas.alpha, stored["alpha"].astype(np.float32)) > 45
