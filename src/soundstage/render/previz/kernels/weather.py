"""Sheets of mist, row by row: soft banks that drift with the wind. Knows no weather and no camera."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.inline import smooth_step, value_noise

f32 = np.float32
F32 = NDArray[np.float32]


@kernel
def mist_row(
    A: F32,
    x0: np.float32,
    dx: np.float32,
    y: np.float32,
    drift: np.float32,
    rise: np.float32,
    thick: np.float32,
) -> None:
    """Fill one row of opacity. `x0` + column * `dx` and `y`: metres in the sheet; `rise` fades it upwards."""
    for i in range(A.shape[0]):
        x = x0 + dx * f32(np.int32(i)) - drift
        bend = value_noise(x * f32(0.35) + f32(7), y * f32(0.9) + drift * f32(0.11))
        n = value_noise(x * f32(0.22), y * f32(0.75) + bend * f32(1.4)) * f32(0.52)
        n += value_noise(x * f32(0.61) + bend * f32(1.2), y * f32(1.9) + f32(3)) * f32(0.30)
        n += value_noise(x * f32(1.7), y * f32(4.3) + bend * f32(2)) * f32(0.18)
        A[i] = thick * rise * smooth_step(f32(0.28), f32(0.74), n)


@kernel
def fill_mist(
    A: F32, x0: np.float32, dx: np.float32, y0: np.float32, dy: np.float32, drift: np.float32,
    height: np.float32,
    thick: np.float32,
) -> None:  # fmt: skip
    """Fill opacity (h, w) of an upright sheet that stands on y = 0 and thins out over `height` metres."""
    for j in range(A.shape[0]):
        y = y0 + dy * f32(j)
        up = max(y, f32(0)) / height
        # Under its foot the sheet would hang before the ground that is nearer than it.
        rise = min(max(f32(1) + y / (f32(0.8) * height), f32(0)), f32(1)) / (f32(1) + up * up)
        mist_row(A[j], x0, dx, y / height, drift, rise, thick)
