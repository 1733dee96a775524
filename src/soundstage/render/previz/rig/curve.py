"""A smooth curve through knots that never overshoots them: monotone cubic interpolation. Knows no rig."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray


def through_knots(
    knots: NDArray[np.float64], values: NDArray[np.float64], at: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the curve at places (m,) as (m, k), level at its ends (Fritsch and Butland 1984).

    Args:
        knots: (n,) rising places.
        values: (n, k) what the curve must pass through there.
        at: where it is wanted, between the first knot and the last.
    """
    step = np.diff(knots)[:, None]
    slope = np.diff(values, axis=0) / step
    before, after = slope[:-1], slope[1:]
    # The harmonic mean of both slopes, weighted by the other side's width; none where they differ in sign.
    near, far = 2 * step[1:] + step[:-1], step[1:] + 2 * step[:-1]
    turns = before * after <= 0
    divisor = near / np.where(turns, 1, before) + far / np.where(turns, 1, after)
    tangent = np.zeros_like(values)
    tangent[1:-1] = np.where(turns, 0, (near + far) / np.where(turns, 1, divisor))
    k = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, len(knots) - 2)
    width = step[k]
    t = (at[:, None] - knots[k][:, None]) / width
    u = 1 - t
    return (
        values[k] * (u * u * (1 + 2 * t))
        + values[k + 1] * (t * t * (1 + 2 * u))
        + width * t * u * (tangent[k] * u - tangent[k + 1] * t)
    )
