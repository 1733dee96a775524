"""The last pass: linear HDR light in, video out. Bloom, lens, film curve, grain and YUV in one walk.

No RGB frame ever exists. Grain is luma only and small (sigma 1.3 code values costs x264 5 %, 2.0 costs 22 %);
it also dithers, so night skies do not band.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.noise import GOLDEN, MIX_A, MIX_B, SHIFT_12, SHIFT_15, SPREAD

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
LOW_16 = np.uint32(0xFFFF)
#: order of the numbers in `look`
LOOK = ("exposure", "vignette", "grain", "bloom", "red_gain", "blue_gain", "saturation", "contrast")


@kernel
def film_curve(x: np.float32) -> np.float32:
    """Map linear light >= 0 to display linear, (Narkowicz's fit of the ACES curve), then to about gamma 2."""
    y = (x * (f32(2.51) * x + f32(0.03))) / (x * (f32(2.43) * x + f32(0.59)) + f32(0.14))
    return f32(math.sqrt(min(y, f32(1))))


@kernel
def widen_row(quarter: NDArray[np.float32], full: NDArray[np.float32]) -> None:
    """Interpolate a row to four times its length, linearly, pixel centres aligned."""
    n = quarter.shape[0]
    for d in range(2):
        full[d] = quarter[0]
        full[4 * n - 2 + d] = quarter[n - 1]
    # Slices instead of q + 1: an index that may be negative keeps the loop from vectorising.
    left = quarter[: n - 1]
    right = quarter[1:]
    between = full[2 : 4 * n - 2]
    for q in range(n - 1):
        here = left[q]
        rise = (right[q] - here) * f32(0.125)
        between[4 * q] = here + rise
        between[4 * q + 1] = here + rise * f32(3)
        between[4 * q + 2] = here + rise * f32(5)
        between[4 * q + 3] = here + rise * f32(7)


@kernel
def grade_row(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    upper_r: NDArray[np.float32],
    upper_g: NDArray[np.float32],
    upper_b: NDArray[np.float32],
    lower_r: NDArray[np.float32],
    lower_g: NDArray[np.float32],
    lower_b: NDArray[np.float32],
    Y: NDArray[np.uint8],
    cb: NDArray[np.float32],
    cr: NDArray[np.float32],
    down: np.float32,
    y_2: np.float32,
    per_side: np.float32,
    salt: np.uint32,
    exposure: np.float32,
    vignette: np.float32,
    grain: np.float32,
    bloom: np.float32,
    red_gain: np.float32,
    blue_gain: np.float32,
    saturation: np.float32,
    contrast: np.float32,
) -> None:
    """Grade one row into luma bytes and chroma differences (in code values, before subsampling).

    Its bloom lies between two rows, `down` (0..1) of the way from the upper to the lower.
    """
    W = Y.shape[0]
    for i in range(W):
        # Through int32: a 64-bit integer becomes a float one lane at a time.
        x = (f32(np.int32(i)) - f32(W) * f32(0.5)) * per_side
        k = max(f32(1) - (x * x + y_2) * vignette, f32(0)) * exposure
        h = np.uint32(np.uint32(np.uint32(i) * GOLDEN) ^ salt)
        h = np.uint32(h ^ np.uint32(h >> SHIFT_15))
        h = np.uint32(h * MIX_A)
        h = np.uint32(h ^ np.uint32(h >> SHIFT_12))
        h = np.uint32(h * MIX_B)
        h = np.uint32(h ^ np.uint32(h >> SHIFT_15))
        # The sum of two 16-bit halves: a triangle, closer to film than a flat spread.
        n = f32(np.int32(h & LOW_16) + np.int32(h >> np.uint32(16))) * f32(1 / 65536.0) - f32(1)
        r = (R[i] + (upper_r[i] + (lower_r[i] - upper_r[i]) * down) * bloom) * k * red_gain
        g = (G[i] + (upper_g[i] + (lower_g[i] - upper_g[i]) * down) * bloom) * k
        b = (B[i] + (upper_b[i] + (lower_b[i] - upper_b[i]) * down) * bloom) * k * blue_gain
        luma = f32(0.2126) * r + f32(0.7152) * g + f32(0.0722) * b
        r = max(luma + (r - luma) * saturation, f32(0))
        g = max(luma + (g - luma) * saturation, f32(0))
        b = max(luma + (b - luma) * saturation, f32(0))
        # Film layers leak into each other: bright colours go to white instead of clipping to a primary.
        r2 = film_curve(r * f32(0.94) + g * f32(0.04) + b * f32(0.02))
        g2 = film_curve(g * f32(0.94) + r * f32(0.03) + b * f32(0.03))
        b2 = film_curve(b * f32(0.94) + g * f32(0.03) + r * f32(0.03))
        # An S about mid grey; contrast 0 leaves the curve alone.
        r2 += contrast * r2 * (f32(1) - r2) * (f32(2) * r2 - f32(0.9))
        g2 += contrast * g2 * (f32(1) - g2) * (f32(2) * g2 - f32(0.9))
        b2 += contrast * b2 * (f32(1) - b2) * (f32(2) * b2 - f32(0.9))
        y = f32(0.2126) * r2 + f32(0.7152) * g2 + f32(0.0722) * b2
        Y[i] = np.uint8(np.int32(min(max(f32(16.5) + f32(219) * y + n * grain, f32(16)), f32(235))))
        cb[i] = (b2 - y) * f32(224 / 1.8556)
        cr[i] = (r2 - y) * f32(224 / 1.5748)


@kernel
def halve_chroma(upper: NDArray[np.float32], lower: NDArray[np.float32], out: NDArray[np.uint8]) -> None:
    """Average 2 x 2 chroma differences into bytes (MPEG-1 siting, half a pixel from H.264's default)."""
    for i in range(out.shape[0]):
        s = upper[2 * i] + upper[2 * i + 1] + lower[2 * i] + lower[2 * i + 1]
        out[i] = np.uint8(np.int32(min(max(f32(128.5) + f32(0.25) * s, f32(16)), f32(240))))


@kernel
def grade(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    bloom: NDArray[np.float32],
    Y: NDArray[np.uint8],
    U: NDArray[np.uint8],
    V: NDArray[np.uint8],
    look: NDArray[np.float32],
    seed: np.uint32,
) -> None:
    """Turn linear light into BT.709 limited-range 4:2:0 bytes.

    Args:
        R: red, (H, W), linear, any range; H and W even.
        G: green.
        B: blue.
        bloom: (3, ceil(H/4), ceil(W/4)), linear.
        Y: (H, W), overwritten.
        U: (H/2, W/2), overwritten.
        V: (H/2, W/2), overwritten.
        look: the numbers named by LOOK. Grain is the peak in code values; vignette the loss at half a side.
        seed: of the grain; differs from frame to frame.
    """
    H, W = R.shape
    h, w = bloom.shape[1:]
    # Two rows of bloom at full width, in turns: even rows of the bloom in the first, odd in the second.
    light = np.empty((2, 3, 4 * w), f32)
    cb = np.empty((2, W), f32)
    cr = np.empty((2, W), f32)
    per_side = f32(1) / f32(max(H, W))
    for c in range(3):
        widen_row(bloom[c, 0], light[0, c])
        widen_row(bloom[c, 0], light[1, c])
    for jj in range(H // 2):
        if jj % 2:
            # Rows 4 q - 2 .. 4 q + 1 lie between rows q - 1 and q of the bloom.
            q = min((jj + 1) // 2, h - 1)
            for c in range(3):
                widen_row(bloom[c, q], light[(jj + 1) // 2 % 2, c])
        for d in range(2):
            j = jj * 2 + d
            above = light[(jj + 1) // 2 % 2 ^ 1]
            below = light[(jj + 1) // 2 % 2]
            down = (f32((j + 2) % 4) + f32(0.5)) * f32(0.25)
            y = (f32(j) - f32(H) * f32(0.5)) * per_side
            salt = np.uint32(np.uint32(np.uint32(j) * MIX_A) + np.uint32(seed * SPREAD))
            grade_row(
                R[j], G[j], B[j], above[0], above[1], above[2], below[0], below[1], below[2],
                Y[j], cb[d], cr[d], down, y * y, per_side, salt,
                look[0], look[1], look[2], look[3], look[4], look[5], look[6], look[7],
            )  # fmt: skip
        halve_chroma(cb[0], cb[1], U[jj])
        halve_chroma(cr[0], cr[1], V[jj])
