"""Strands of fur as tapered strokes over a tile of interleaved RGBA that knows its depth. Knows no body.

`kernels.strokes` draws any stroke into planes. Fur is hundreds of thousands of steps of two or three pixels
across, most of them sideways: here a pixel's four channels share a cache line, and a step costs one root.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32


@kernel
def is_hidden(depth: NDArray[np.float32], x: np.float32, y: np.float32, z: np.float32) -> bool:
    """Return whether a point lies behind what a depth map (H, W) holds there; outside of it, it does not."""
    H, W = depth.shape
    # Written so that a NaN is refused too.
    if not (x >= f32(0) and y >= f32(0) and x < f32(W) and y < f32(H)):
        return False
    return z > depth[np.uint32(y), np.uint32(x)]


@kernel
def draw_strands(
    strokes: NDArray[np.float32], image: NDArray[np.float32], depth: NDArray[np.float32], bias: np.float32
) -> None:
    """Draw strokes in order over an image, behind what is nearer.

    A stroke is walked along its longer axis; across, it follows the parabola through its ends and middle.

    Args:
        strokes: (N, STROKE_COLUMNS), see `kernels.strokes`.
        image: (H, W, 4) premultiplied linear RGB and coverage, changed in place.
        depth: (H, W) metres from the eye; a pixel farther than depth + bias is hidden.
        bias: metres.
    """
    H, W = depth.shape
    for n in range(strokes.shape[0]):
        s = strokes[n]
        x0 = s[0]
        y0 = s[1]
        xm = (s[0] + f32(2) * s[2] + s[4]) * f32(0.25)
        ym = (s[1] + f32(2) * s[3] + s[5]) * f32(0.25)
        x2 = s[4]
        y2 = s[5]
        z0 = s[16] - bias
        dz = s[17] - s[16]
        reach = max(s[6], s[7]) + f32(1.5)
        # Written so that a NaN is refused too.
        if not (max(y0, ym, y2) + reach >= f32(0) and min(y0, ym, y2) - reach <= f32(H)):
            continue
        if not (max(x0, xm, x2) + reach >= f32(0) and min(x0, xm, x2) - reach <= f32(W)):
            continue
        if (
            is_hidden(depth, x2, y2, z0 + dz)
            and is_hidden(depth, xm, ym, z0 + dz * f32(0.5))
            and is_hidden(depth, x0, y0, z0)
        ):
            continue
        upright = abs(y2 - y0) >= abs(x2 - x0)
        if not upright:
            x0, y0 = y0, x0
            xm, ym = ym, xm
            x2, y2 = y2, x2
        span = y2 - y0
        if abs(span) < f32(1e-3):
            continue
        inv = f32(1) / span
        # A middle too near an end would throw the parabola far out.
        at = min(max((ym - y0) * inv, f32(0.25)), f32(0.75))
        bend = (x2 - x0 - (xm - x0) / at) / (f32(1) - at)
        lean = x2 - x0 - bend
        low = min(y0, y2)
        high = max(y0, y2)
        end = H if upright else W
        across = W if upright else H
        first = max(math.ceil(max(low, f32(-1)) - f32(0.5)), 0)
        last = min(math.floor(min(high, f32(end + 1)) + f32(0.5)), end - 1)
        w0 = s[6] * f32(0.5)
        w1 = s[7] * f32(0.5) - w0
        a0 = s[11]
        a1 = s[15] - a0
        r0, g0, b0 = s[8], s[9], s[10]
        r1, g1, b1 = s[12] - r0, s[13] - g0, s[14] - b0
        for m in range(first, last + 1):
            y = f32(m)
            t = min(max((y - y0) * inv, f32(0)), f32(1))
            centre = x0 + t * (lean + t * bend)
            slope = (lean + f32(2) * bend * t) * inv
            slope = min(max(slope, f32(-2.5)), f32(2.5))
            half = (w0 + w1 * t) * math.sqrt(f32(1) + slope * slope)
            tip = max(min(f32(1), min(y - low, high - y) + f32(1)), f32(0))
            alpha = (a0 + a1 * t) * tip * min(half * f32(2), f32(1))
            half = max(half, f32(0.5)) + f32(0.5)
            i0 = np.uint32(math.ceil(max(centre - half, f32(0))))
            i1 = np.uint32(math.floor(max(min(centre + half + f32(1), f32(across)), f32(0))))
            m0 = np.uint32(m)
            r = r0 + r1 * t
            g = g0 + g1 * t
            b = b0 + b1 * t
            z = z0 + dz * t
            for i in range(i0, i1):
                row = m0 if upright else i
                col = i if upright else m0
                if z > depth[row, col]:
                    continue
                k = max(min(half - abs(f32(np.int32(i)) - centre), f32(1)), f32(0)) * alpha
                o = f32(1) - k
                image[row, col, 0] = image[row, col, 0] * o + r * k
                image[row, col, 1] = image[row, col, 1] * o + g * k
                image[row, col, 2] = image[row, col, 2] * o + b * k
                image[row, col, 3] = image[row, col, 3] * o + k
