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
        out: (ceil(H/4), ceil(W/4), 3), overwritten.
        threshold: linear light.
    """
    H, W = R.shape
    for j in range(out.shape[0]):
        for i in range(out.shape[1]):
            r = f32(0)
            g = f32(0)
            b = f32(0)
            for dy in range(4):
                y = min(j * 4 + dy, H - 1)
                for dx in range(4):
                    x = min(i * 4 + dx, W - 1)
                    r += R[y, x]
                    g += G[y, x]
                    b += B[y, x]
            r *= f32(1 / 16.0)
            g *= f32(1 / 16.0)
            b *= f32(1 / 16.0)
            peak = max(r, g, b)
            k = max(peak - threshold, f32(0)) / (max(peak, f32(0)) + f32(1e-4))
            out[j, i, 0] = max(r, f32(0)) * k
            out[j, i, 1] = max(g, f32(0)) * k
            out[j, i, 2] = max(b, f32(0)) * k
