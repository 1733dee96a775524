"""Tapered quadratic strokes: grass, fern, fur, hair, twigs, rain. Knows no depth but the plane it may test.

A stroke is a row of `STROKE_COLUMNS` float32 numbers, drawn in order, over what is there:
x0 y0 x1 y1 x2 y2 (start, control, end, px) · w0 w1 (width px) · r0 g0 b0 a0 · r1 g1 b1 a1 · z0 z1.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
STROKE_COLUMNS = 18


@kernel
def draw_strokes(
    strokes: NDArray[np.float32],
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    A: NDArray[np.float32],
    depth: NDArray[np.float32],
    has_depth: bool,  # noqa: FBT001 - a kernel takes its switches by position
    bias: np.float32,
) -> None:
    """Draw strokes in order into planes (H, W) of premultiplied linear light.

    The stroke is walked along its longer axis; its width across is anti-aliased over one pixel.

    Args:
        strokes: (N, STROKE_COLUMNS).
        R: red, changed in place.
        G: green.
        B: blue.
        A: coverage, 0..1.
        depth: (H, W) distance from the eye; when `has_depth`, a pixel farther than depth + bias is hidden.
        has_depth: False ignores `depth` (pass any array).
        bias: in the unit of `depth`.
    """
    H, W = R.shape
    for n in range(strokes.shape[0]):
        s = strokes[n]
        x0 = s[0]
        y0 = s[1]
        x1 = s[2]
        y1 = s[3]
        x2 = s[4]
        y2 = s[5]
        reach = max(s[6], s[7]) + f32(1.5)
        # Written so that a NaN is refused too.
        if not (max(y0, y1, y2) + reach >= f32(0) and min(y0, y1, y2) - reach <= f32(H)):
            continue
        if not (max(x0, x1, x2) + reach >= f32(0) and min(x0, x1, x2) - reach <= f32(W)):
            continue
        upright = abs(y2 - y0) >= abs(x2 - x0)
        if not upright:
            x0, y0 = y0, x0
            x1, y1 = y1, x1
            x2, y2 = y2, x2
        low = min(y0, y2)
        high = max(y0, y2)
        if high - low < f32(1e-3):
            continue
        # A control point inside the span keeps the walk monotone: one solution for each row.
        y1 = min(max(y1, low + (high - low) * f32(0.02)), high - (high - low) * f32(0.02))
        a = y0 - f32(2) * y1 + y2
        b = f32(2) * (y1 - y0)
        end = H if upright else W
        first = max(math.ceil(max(low, f32(-1)) - f32(0.5)), 0)
        last = min(math.floor(min(high, f32(end + 1)) + f32(0.5)), end - 1)
        for m in range(int(first), int(last) + 1):
            y = min(max(f32(m), low), high)
            c = y0 - y
            if abs(a) < f32(1e-4):
                t = -c / b
            else:
                d = f32(math.sqrt(max(b * b - f32(4) * a * c, f32(0))))
                t = f32(-2) * c / (b + d) if b > f32(0) else f32(2) * c / (d - b)
            t = min(max(t, f32(0)), f32(1))
            q = f32(1) - t
            centre = q * q * x0 + f32(2) * q * t * x1 + t * t * x2
            rise = f32(2) * (q * (y1 - y0) + t * (y2 - y1))
            run = f32(2) * (q * (x1 - x0) + t * (x2 - x1))
            slope = run / (rise if abs(rise) > f32(1e-3) else f32(1e-3))
            slope = min(max(slope, f32(-2.5)), f32(2.5))
            half = (s[6] + (s[7] - s[6]) * t) * f32(0.5) * f32(math.sqrt(f32(1) + slope * slope))
            tip = max(min(f32(1), min(f32(m) - low, high - f32(m)) + f32(1)), f32(0))
            alpha = (s[11] + (s[15] - s[11]) * t) * tip
            if half < f32(0.5):
                alpha *= half * f32(2)
            half = max(half, f32(0.5))
            r = s[8] + (s[12] - s[8]) * t
            g = s[9] + (s[13] - s[9]) * t
            bl = s[10] + (s[14] - s[10]) * t
            z = s[16] + (s[17] - s[16]) * t
            across = W if upright else H
            i0 = np.uint32(math.ceil(max(centre - half - f32(0.5), f32(0))))
            i1 = np.uint32(math.floor(max(min(centre + half + f32(1.5), f32(across)), f32(0))))
            m0 = np.uint32(m)
            if not has_depth and upright:
                for i in range(i0, i1):
                    k = max(min(half + f32(0.5) - abs(f32(np.int32(i)) - centre), f32(1)), f32(0)) * alpha
                    o = f32(1) - k
                    R[m0, i] = R[m0, i] * o + r * k
                    G[m0, i] = G[m0, i] * o + g * k
                    B[m0, i] = B[m0, i] * o + bl * k
                    A[m0, i] = A[m0, i] * o + k
                continue
            for i in range(i0, i1):
                row = m0 if upright else i
                col = i if upright else m0
                if has_depth and z > depth[row, col] + bias:
                    continue
                k = max(min(half + f32(0.5) - abs(f32(np.int32(i)) - centre), f32(1)), f32(0)) * alpha
                o = f32(1) - k
                R[row, col] = R[row, col] * o + r * k
                G[row, col] = G[row, col] * o + g * k
                B[row, col] = B[row, col] * o + bl * k
                A[row, col] = A[row, col] * o + k
