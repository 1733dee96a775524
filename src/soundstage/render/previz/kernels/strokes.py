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
BAND_PX = 49152  #: a plane of a band fits a core's second cache
LANES = np.uint64(8)
ONE = np.uint64(1)


@kernel
def trace_stroke(
    x0: np.float32,
    y0: np.float32,
    x1: np.float32,
    y1: np.float32,
    x2: np.float32,
    y2: np.float32,
    look: NDArray[np.float32],
    first: int,
    least: int,
    most: int,
    centre: NDArray[np.float32],
    half: NDArray[np.float32],
    alpha: NDArray[np.float32],
    share: NDArray[np.float32],
    near: NDArray[np.int32],
    far: NDArray[np.int32],
) -> None:
    """Fill where an upright stroke lies in each row from `first` on; all outputs are of one length.

    Args:
        x0: of the start; y0 to y2 must be monotone.
        y0: of the start.
        x1: of the control point.
        y1: of the control point.
        x2: of the end.
        y2: of the end.
        look: the stroke's row of STROKE_COLUMNS.
        first: row of the first number.
        least: where the canvas begins across the stroke.
        most: where it ends.
        centre: x of the axis, px.
        half: half of what the row cuts from the stroke, 0.5 px at least.
        alpha: opacity; a stroke thinner than a pixel is faint instead.
        share: how far along the stroke, 0..1.
        near: the first pixel that the row covers.
        far: one after the last; not after `near`: none.
    """
    lowest = f32(least)
    highest = f32(most)
    w0 = look[6] * f32(0.5)
    widen = (look[7] - look[6]) * f32(0.5)
    a0 = look[11]
    fade = look[15] - look[11]
    low = min(y0, y2)
    high = max(y0, y2)
    ax = x0 - f32(2) * x1 + x2
    bx = f32(2) * (x1 - x0)
    ay = y0 - f32(2) * y1 + y2
    by = f32(2) * (y1 - y0)
    way = f32(1) if by > f32(0) else f32(-1)
    for n in range(centre.shape[0]):
        m = f32(np.int32(first + n))
        c = y0 - min(max(m, low), high)
        # The root that stays stable as the curve becomes a line.
        root = f32(math.sqrt(max(by * by - f32(4) * ay * c, f32(0))))
        t = min(max(f32(-2) * c / (by + way * root), f32(0)), f32(1))
        rise = by + f32(2) * ay * t
        run = bx + f32(2) * ax * t
        slope = run / (way * max(abs(rise), f32(1e-3)))
        slope = min(max(slope, f32(-2.5)), f32(2.5))
        reach = (w0 + widen * t) * f32(math.sqrt(f32(1) + slope * slope))
        tip = max(min(f32(1), min(m - low, high - m) + f32(1)), f32(0))
        x = x0 + (bx + ax * t) * t
        across = max(reach, f32(0.5))
        centre[n] = x
        half[n] = across
        alpha[n] = (a0 + fade * t) * tip * min(reach * f32(2), f32(1))
        share[n] = t
        near[n] = np.int32(max(x - across + f32(0.5), lowest))
        far[n] = np.int32(max(min(x + across + f32(1.5), highest), lowest))


@kernel
def blend_rows(
    P: NDArray[np.float32],
    first: int,
    near: NDArray[np.int32],
    far: NDArray[np.int32],
    centre: NDArray[np.float32],
    half: NDArray[np.float32],
    alpha: NDArray[np.float32],
    share: NDArray[np.float32],
    colour: np.float32,
    change: np.float32,
) -> None:
    """Blend one plane (H, W) toward a colour along a traced stroke; `change` is added by its end.

    One plane at a time: over four arrays the inner loop would first be tested for overlap, which a span of
    ten pixels does not repay.
    """
    W = np.uint64(P.shape[1])
    for n in range(centre.shape[0]):
        if near[n] >= far[n]:
            continue
        begin = np.uint64(near[n])
        # To whole groups of lanes: beyond its edge a stroke covers nothing.
        end = min(begin + (np.uint64(far[n]) - begin + LANES - ONE) // LANES * LANES, W)
        row = P[np.uint64(first + n)]
        c = colour + change * share[n]
        x = centre[n]
        reach = half[n] + f32(0.5)
        a = alpha[n]
        for i in range(begin, end):
            k = max(min(reach - abs(f32(np.int32(i)) - x), f32(1)), f32(0)) * a
            row[i] += (c - row[i]) * k


@kernel
def draw_stroke(
    s: NDArray[np.float32],
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    A: NDArray[np.float32],
    depth: NDArray[np.float32],
    has_depth: bool,  # noqa: FBT001 - as `draw_strokes`
    bias: np.float32,
    top: int,
    bottom: int,
    path: NDArray[np.float32],
    ends: NDArray[np.int32],
) -> None:
    """Draw what a stroke covers of rows `top` .. `bottom` - 1; `path`, `ends` have room for its trace."""
    W = R.shape[1]
    x0, y0, x1, y1, x2, y2 = s[0], s[1], s[2], s[3], s[4], s[5]
    upright = abs(y2 - y0) >= abs(x2 - x0)
    if not upright:
        x0, y0, x1, y1, x2, y2 = y0, x0, y1, x1, y2, x2
    low = min(y0, y2)
    high = max(y0, y2)
    if high - low < f32(1e-3):
        return
    # A control point inside the span keeps the walk monotone: one solution for each row.
    y1 = min(max(y1, low + (high - low) * f32(0.02)), high - (high - low) * f32(0.02))
    # The walk is along rows or columns begin..end - 1; across it, what is drawn lies in least..most - 1.
    begin, end = (top, bottom) if upright else (0, W)
    least, most = (0, W) if upright else (top, bottom)
    first = int(max(math.ceil(max(low, f32(begin - 1)) - f32(0.5)), begin))
    last = int(min(math.floor(min(high, f32(end + 1)) + f32(0.5)), end - 1))
    count = last + 1 - first
    if count <= 0:
        return
    centre, half, alpha, share = path[0, :count], path[1, :count], path[2, :count], path[3, :count]
    near, far = ends[0, :count], ends[1, :count]
    trace_stroke(x0, y0, x1, y1, x2, y2, s, first, least, most, centre, half, alpha, share, near, far)
    if upright and not has_depth:
        blend_rows(R, first, near, far, centre, half, alpha, share, s[8], s[12] - s[8])
        blend_rows(G, first, near, far, centre, half, alpha, share, s[9], s[13] - s[9])
        blend_rows(B, first, near, far, centre, half, alpha, share, s[10], s[14] - s[10])
        blend_rows(A, first, near, far, centre, half, alpha, share, f32(1), f32(0))
        return
    for step in range(count):
        t = share[step]
        z = s[16] + (s[17] - s[16]) * t
        r = s[8] + (s[12] - s[8]) * t
        g = s[9] + (s[13] - s[9]) * t
        b = s[10] + (s[14] - s[10]) * t
        m = np.uint64(first + step)
        for i in range(np.uint64(near[step]), np.uint64(far[step])):
            row = m if upright else i
            col = i if upright else m
            if has_depth and z > depth[row, col] + bias:
                continue
            inside = half[step] + f32(0.5) - abs(f32(np.int32(i)) - centre[step])
            k = max(min(inside, f32(1)), f32(0)) * alpha[step]
            R[row, col] += (r - R[row, col]) * k
            G[row, col] += (g - G[row, col]) * k
            B[row, col] += (b - B[row, col]) * k
            A[row, col] += (f32(1) - A[row, col]) * k


@kernel
def find_rows(strokes: NDArray[np.float32], width: int, height: int, rows: NDArray[np.int32]) -> None:
    """Write the first and last row, (N, 2), that each stroke may touch; first > last: none."""
    for n in range(strokes.shape[0]):
        s = strokes[n]
        reach = max(s[6], s[7]) * f32(1.35) + f32(1.5)
        top = min(s[1], s[3], s[5]) - reach
        bottom = max(s[1], s[3], s[5]) + reach
        left = min(s[0], s[2], s[4]) - reach
        right = max(s[0], s[2], s[4]) + reach
        # Written so that a NaN is refused too.
        seen = bottom >= f32(0) and top <= f32(height) and right >= f32(0) and left <= f32(width)
        rows[n, 0] = np.int32(max(top, f32(0))) if seen else np.int32(1)
        rows[n, 1] = np.int32(min(bottom, f32(height))) if seen else np.int32(0)


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

    A stroke is walked along its longer axis; its width across is anti-aliased over one pixel. All strokes
    are drawn in one band of rows, then in the next: a blade walked from top to bottom at once would miss
    the cache in every row of every plane.

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
    rows = np.empty((strokes.shape[0], 2), np.int32)
    find_rows(strokes, W, H, rows)
    path = np.empty((4, max(H, W) + 1), f32)
    ends = np.empty((2, max(H, W) + 1), np.int32)
    band = max(BAND_PX // W, 16)
    for top in range(0, H, band):
        bottom = min(top + band, H)
        for n in range(strokes.shape[0]):
            if rows[n, 0] < bottom and rows[n, 1] >= top:
                draw_stroke(strokes[n], R, G, B, A, depth, has_depth, bias, top, bottom, path, ends)
