"""Stretching a small picture over planes: scaled, upright, bilinear, put over in one walk.

The stretched picture never exists: a row of it lives in the first cache, and rows, ends of rows and whole
pictures that are empty cost next to nothing. Knows no rotation.
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
def mix_rows(
    a: NDArray[np.float32],
    b: NDArray[np.float32],
    share_a: np.float32,
    share_b: np.float32,
    out: NDArray[np.float32],
) -> None:
    """Fill `out` with a weighted sum of two rows of the same length."""
    for i in range(out.shape[0]):
        out[i] = a[i] * share_a + b[i] * share_b


@kernel
def over_stretched(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    light: NDArray[np.float32],
    columns: NDArray[np.uint32],
    shares: NDArray[np.float32],
) -> None:
    """Put one row of RGBA light over planes' rows (n,).

    Pixel i lies `shares[i]` of the way from the pixel that begins at `light[columns[i]]` to the next one.
    """
    for i in range(R.shape[0]):
        k = np.uint64(columns[i])
        t = shares[i]
        o = f32(1) - light[k + 3] - (light[k + 7] - light[k + 3]) * t
        R[i] = R[i] * o + light[k] + (light[k + 4] - light[k]) * t
        G[i] = G[i] * o + light[k + 1] + (light[k + 5] - light[k + 1]) * t
        B[i] = B[i] * o + light[k + 2] + (light[k + 6] - light[k + 2]) * t


@kernel
def draw_stretched(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    card: NDArray[np.float32],
    left: np.float32,
    top: np.float32,
    step_x: np.float32,
    step_y: np.float32,
    opacity: np.float32,
    endless: bool,  # noqa: FBT001 - a kernel takes its switches by position
) -> None:
    """Put a premultiplied RGBA card over planes; alpha 0 adds light.

    Args:
        R: red, (H, W), changed in place.
        G: green.
        B: blue.
        card: (h, w * 4).
        left: column of the card, px, that lies at the planes' column 0.
        top: its row at row 0.
        step_x: card pixels for each pixel of the planes, over 0.
        step_y: the same for rows.
        opacity: 0..1.
        endless: beyond the card's edge lies its last pixel; else nothing.
    """
    H, W = R.shape
    h = card.shape[0]
    w = card.shape[1] // 4
    i0 = 0 if endless else max(math.floor((f32(-1) - left) / step_x), 0)
    i1 = W if endless else min(math.ceil((f32(w) - left) / step_x) + 1, W)
    if i1 <= i0:
        return
    columns = np.empty(W, np.uint32)
    shares = np.empty(W, f32)
    for i in range(i0, i1):
        x = min(max(left + step_x * f32(np.int32(i)), f32(-1)), f32(w)) + f32(1)
        column = min(int(x), w)
        columns[i] = np.uint32(4 * column)
        shares[i] = x - f32(column)
    # One pixel more on each side than the card has; only what these columns see is mixed.
    light = np.zeros((w + 2) * 4, f32)
    first = max(int(columns[i0]) - 4, 0)
    last = min(int(columns[i1 - 1]) + 4, 4 * w)
    for j in range(H):
        y = top + step_y * f32(j)
        if not endless and (y <= f32(-1) or y >= f32(h)):
            continue
        y = min(max(y, f32(0)), f32(h - 1)) if endless else y
        above = math.floor(y)
        share_b = y - f32(above)
        share_a = f32(1) - share_b if above >= 0 else f32(0)
        share_b = share_b if above < h - 1 else f32(0)
        share_a *= opacity
        share_b *= opacity
        upper = max(above, 0)
        lower = min(above + 1, h - 1)
        mix_rows(
            card[upper, first:last], card[lower, first:last], share_a, share_b, light[first + 4 : last + 4]
        )
        if endless:
            for k in range(4):
                light[k] = light[4 + k]
                light[4 * w + 4 + k] = light[4 * w + k]
        begin = first + 4
        end = last + 4
        while begin < end and light[begin] == f32(0):
            begin += 1
        while end > begin and light[end - 1] == f32(0):
            end -= 1
        if begin == end:
            continue
        a, b = i0, i1
        if begin > first + 4:
            a = max(a, int((f32(begin // 4 - 2) - left) / step_x))
        if end < last + 4:
            b = min(b, int((f32((end - 1) // 4) - left) / step_x) + 2)
        if b > a:
            over_stretched(R[j, a:b], G[j, a:b], B[j, a:b], light, columns[a:b], shares[a:b])
