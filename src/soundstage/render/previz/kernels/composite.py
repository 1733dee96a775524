"""Putting one picture over or onto another. Planes are (H, W) float32 linear light, premultiplied."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32


@kernel
def over_row(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    card: NDArray[np.float32],
    opacity: np.float32,
) -> None:
    """Put one row of a premultiplied RGBA card, (W * 4,), over planes' rows (W,)."""
    for i in range(R.shape[0]):
        o = f32(1) - card[4 * i + 3] * opacity
        R[i] = R[i] * o + card[4 * i] * opacity
        G[i] = G[i] * o + card[4 * i + 1] * opacity
        B[i] = B[i] * o + card[4 * i + 2] * opacity


@kernel
def draw_over(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    card: NDArray[np.float32],
    opacity: np.float32,
) -> None:
    """Put a premultiplied RGBA card, (H, W * 4), over planes (H, W) of the same size."""
    for j in range(R.shape[0]):
        over_row(R[j], G[j], B[j], card[j], opacity)


@kernel
def tile_row(
    P: NDArray[np.float32], tile: NDArray[np.float32], alpha: NDArray[np.float32], opacity: np.float32
) -> None:
    """Put one row of one plane of a tile over a row of the same length."""
    for i in range(P.shape[0]):
        P[i] = P[i] * (f32(1) - alpha[i] * opacity) + tile[i] * opacity


@kernel
def draw_tile_over(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    tile: NDArray[np.float32],
    x_px: int,
    y_px: int,
    opacity: np.float32,
) -> None:
    """Put a planar premultiplied tile, (4, h, w), over planes with its corner at (x, y); clipped."""
    H, W = R.shape
    h = tile.shape[1]
    w = tile.shape[2]
    i0 = max(0, -x_px)
    i1 = min(w, W - x_px)
    if i1 <= i0:
        return
    for j in range(max(0, -y_px), min(h, H - y_px)):
        alpha = tile[3, j, i0:i1]
        tile_row(R[j + y_px, x_px + i0 : x_px + i1], tile[0, j, i0:i1], alpha, opacity)
        tile_row(G[j + y_px, x_px + i0 : x_px + i1], tile[1, j, i0:i1], alpha, opacity)
        tile_row(B[j + y_px, x_px + i0 : x_px + i1], tile[2, j, i0:i1], alpha, opacity)


@kernel
def add_row(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    light: NDArray[np.float32],
    r: np.float32,
    g: np.float32,
    b: np.float32,
) -> None:
    """Add one row of interleaved RGB light, (W * 3,), times a colour."""
    for i in range(R.shape[0]):
        R[i] += light[3 * i] * r
        G[i] += light[3 * i + 1] * g
        B[i] += light[3 * i + 2] * b


@kernel
def add_light(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    light: NDArray[np.float32],
    r: np.float32,
    g: np.float32,
    b: np.float32,
) -> None:
    """Add interleaved RGB light, (H, W * 3), times a colour, to planes (H, W)."""
    for j in range(R.shape[0]):
        add_row(R[j], G[j], B[j], light[j], r, g, b)


@kernel
def darken_row(P: NDArray[np.float32], mask: NDArray[np.float32], keep: np.float32) -> None:
    """Multiply one row by 1 - mask * (1 - keep)."""
    for i in range(P.shape[0]):
        P[i] *= f32(1) - mask[i] * (f32(1) - keep)


@kernel
def darken_by(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    mask: NDArray[np.float32],
    r: np.float32,
    g: np.float32,
    b: np.float32,
) -> None:
    """Multiply planes toward a colour where `mask`, (H, W) in 0..1, is set: a shadow with coloured fill."""
    for j in range(R.shape[0]):
        darken_row(R[j], mask[j], r)
        darken_row(G[j], mask[j], g)
        darken_row(B[j], mask[j], b)


@kernel
def sum_rows(
    a: NDArray[np.float32],
    b: NDArray[np.float32],
    c: NDArray[np.float32],
    d: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Add four rows (W,) into `out`, (>= W,); what is beyond W repeats the last pixel."""
    W = a.shape[0]
    for i in range(W):
        out[i] = a[i] + b[i] + c[i] + d[i]
    for i in range(W, out.shape[0]):
        out[i] = out[W - 1]


@kernel
def bright_row(
    r4: NDArray[np.float32],
    g4: NDArray[np.float32],
    b4: NDArray[np.float32],
    out: NDArray[np.float32],
    threshold: np.float32,
) -> None:
    """Average rows (4 w,) by fours and keep what exceeds `threshold`, interleaved in `out`, (3 w,)."""
    for i in range(r4.shape[0] // 4):
        r = (r4[4 * i] + r4[4 * i + 1] + r4[4 * i + 2] + r4[4 * i + 3]) * f32(1 / 16.0)
        g = (g4[4 * i] + g4[4 * i + 1] + g4[4 * i + 2] + g4[4 * i + 3]) * f32(1 / 16.0)
        b = (b4[4 * i] + b4[4 * i + 1] + b4[4 * i + 2] + b4[4 * i + 3]) * f32(1 / 16.0)
        peak = max(r, g, b)
        k = max(peak - threshold, f32(0)) / (max(peak, f32(0)) + f32(1e-4))
        out[3 * i] = max(r, f32(0)) * k
        out[3 * i + 1] = max(g, f32(0)) * k
        out[3 * i + 2] = max(b, f32(0)) * k


@kernel
def shrink_bright(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    out: NDArray[np.float32],
    threshold: np.float32,
) -> None:
    """Average 4 x 4 pixels and keep what exceeds `threshold`, hue kept; edge cells repeat the last pixel.

    Args:
        R: red, (H, W).
        G: green.
        B: blue.
        out: (ceil(H/4), ceil(W/4) * 3), interleaved, overwritten.
        threshold: linear light.
    """
    last = R.shape[0] - 1
    sums = np.empty((3, out.shape[1] // 3 * 4), f32)
    for j in range(out.shape[0]):
        a = min(4 * j, last)
        b = min(4 * j + 1, last)
        c = min(4 * j + 2, last)
        d = min(4 * j + 3, last)
        sum_rows(R[a], R[b], R[c], R[d], sums[0])
        sum_rows(G[a], G[b], G[c], G[d], sums[1])
        sum_rows(B[a], B[b], B[c], B[d], sums[2])
        bright_row(sums[0], sums[1], sums[2], out[j], threshold)
