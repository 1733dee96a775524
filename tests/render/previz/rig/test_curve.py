"""The curve through knots: exact there, never beyond them, smooth in between."""

import numpy as np

from soundstage.render.previz.rig.curve import through_knots

KNOTS = np.array([0.0, 0.3, 0.5, 1.1, 1.6, 2.0, 3.0])
VALUES = np.array([[0.0, 5.0], [1.0, 4.0], [1.0, 4.5], [3.0, -1.0], [2.5, -1.0], [0.0, 2.0], [0.5, 0.0]])


def test_the_curve_meets_its_knots():
    """Each knot's value comes back."""
    np.testing.assert_allclose(through_knots(KNOTS, VALUES, KNOTS), VALUES, atol=1e-12)


def test_the_curve_never_overshoots():
    """Between two knots it stays between their values."""
    at = np.linspace(0, 3, 999)
    curve = through_knots(KNOTS, VALUES, at)
    k = np.clip(np.searchsorted(KNOTS, at, side="right") - 1, 0, len(KNOTS) - 2)
    low, high = np.minimum(VALUES[k], VALUES[k + 1]), np.maximum(VALUES[k], VALUES[k + 1])
    assert (curve >= low - 1e-12).all()
    assert (curve <= high + 1e-12).all()


def test_the_curve_has_no_corner():
    """Its slope does not jump at a knot."""
    before, at, after = (through_knots(KNOTS, VALUES, KNOTS[1:-1] + d) for d in (-1e-6, 0.0, 1e-6))
    np.testing.assert_allclose((at - before) / 1e-6, (after - at) / 1e-6, atol=1e-3)


def test_the_tangent_is_the_harmonic_mean():
    """Slopes 1 and 3 over equal steps meet at 1.5 (Fritsch and Butland)."""
    knots, values = np.arange(4.0), np.array([[0.0], [1.0], [4.0], [4.0]])
    near = through_knots(knots, values, np.array([1.0 + 1e-6]))
    assert abs((near[0, 0] - 1.0) / 1e-6 - 1.5) < 1e-3
