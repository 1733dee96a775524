"""Round things: soft ellipses and leaves (drawn over), bokeh discs and glows (added). Knows no depth."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
ELLIPSE_COLUMNS = (
    12  #: x y (px) · half length, half width (px) · cos, sin · r g b a · edge softness · 1 = leaf
)
BOKEH_COLUMNS = 7  #: x y radius (px) · r g b · rim: how much brighter the edge is than the middle
GLOW_COLUMNS = 6  #: x y sigma (px) · r g b


@kernel
def draw_ellipses(
    ellipses: NDArray[np.float32],
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    A: NDArray[np.float32],
) -> None:
    """Draw oriented soft ellipses, or leaves with two tips, in order over planes (H, W).

    Args:
        ellipses: (N, ELLIPSE_COLUMNS); softness is a fraction of the half width, at least one pixel.
        R: red, changed in place.
        G: green.
        B: blue.
        A: coverage, 0..1.
    """
    H, W = R.shape
    for n in range(ellipses.shape[0]):
        e = ellipses[n]
        x = e[0]
        y = e[1]
        length = max(e[2], f32(0.3))
        width = max(e[3], f32(0.3))
        c = e[4]
        s = e[5]
        half_y = f32(math.sqrt((length * s) ** 2 + (width * c) ** 2)) + f32(1.5)
        half_x = f32(math.sqrt((length * c) ** 2 + (width * s) ** 2)) + f32(1.5)
        if not (y + half_y >= f32(0) and y - half_y <= f32(H)):
            continue
        if not (x + half_x >= f32(0) and x - half_x <= f32(W)):
            continue
        j0 = max(0, int(max(y - half_y, f32(0))))
        j1 = min(H - 1, int(min(y + half_y, f32(H))) + 1)
        i0 = max(0, int(max(x - half_x, f32(0))))
        i1 = min(W - 1, int(min(x + half_x, f32(W))) + 1)
        per_length = f32(1) / length
        per_width = f32(1) / width
        is_leaf = e[11] > f32(0.5)
        per_soft = f32(1) / max(per_width, e[10])
        for j in range(j0, j1 + 1):
            dy = f32(j) - y
            for i in range(i0, i1 + 1):
                dx = f32(np.int32(i)) - x
                u = (dx * c + dy * s) * per_length
                v = (dy * c - dx * s) * per_width
                d = abs(v) + u * u if is_leaf else f32(math.sqrt(u * u + v * v))
                a = min(max((f32(1) - d) * per_soft + f32(0.5), f32(0)), f32(1)) * e[9]
                if a <= f32(0):
                    continue
                shade = (
                    f32(1) + f32(0.25) * v if is_leaf else f32(1)
                )  # a leaf's two halves catch light unevenly
                o = f32(1) - a
                R[j, i] = R[j, i] * o + e[6] * shade * a
                G[j, i] = G[j, i] * o + e[7] * shade * a
                B[j, i] = B[j, i] * o + e[8] * shade * a
                A[j, i] = A[j, i] * o + a


@kernel
def bokeh_row(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    x: np.float32,
    dy: np.float32,
    radius: np.float32,
    lens_x: np.float32,
    lens_y: np.float32,
    r: np.float32,
    g: np.float32,
    b: np.float32,
    rim: np.float32,
) -> None:
    """Add one row of a disc; `x` is the centre from the row's first pixel, `dy` the row from the centre."""
    per_radius_2 = f32(1) / (radius * radius)
    for i in range(R.shape[0]):
        dx = f32(np.int32(i)) - x
        d2 = dx * dx + dy * dy
        d = f32(math.sqrt(d2))
        e = f32(math.sqrt((dx - lens_x) * (dx - lens_x) + (dy - lens_y) * (dy - lens_y)))
        a = min(max(radius - d + f32(0.5), f32(0)), f32(1))
        a *= min(max((radius * f32(1.06) - e) * f32(0.5) + f32(0.5), f32(0)), f32(1))
        t = d2 * per_radius_2
        a *= f32(0.72) + rim * t * t
        R[i] += r * a
        G[i] += g * a
        B[i] += b * a


@kernel
def add_bokeh(
    discs: NDArray[np.float32],
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
) -> None:
    """Add out-of-focus lights: discs that the lens barrel clips to a cat's eye towards the corners.

    Args:
        discs: (N, BOKEH_COLUMNS).
        R: red, (H, W), changed in place.
        G: green.
        B: blue.
    """
    H, W = R.shape
    half_x = f32(W) * f32(0.5)
    half_y = f32(H) * f32(0.5)
    per_side = f32(1) / max(half_x, half_y)
    for n in range(discs.shape[0]):
        x = discs[n, 0]
        y = discs[n, 1]
        radius = max(discs[n, 2], f32(0.5))
        reach = radius + f32(1)
        if not (y + reach >= f32(0) and y - reach <= f32(H) and x + reach >= f32(0) and x - reach <= f32(W)):
            continue
        # The barrel's shadow: a second circle shifted toward the frame's centre, one third at the side.
        lens_x = (half_x - x) * per_side * radius * f32(0.35)
        lens_y = (half_y - y) * per_side * radius * f32(0.35)
        j0 = max(0, math.ceil(max(y - reach, f32(0))))
        j1 = min(H - 1, math.floor(min(y + reach, f32(H))))
        for j in range(j0, j1 + 1):
            dy = f32(j) - y
            half = f32(math.sqrt(max(reach * reach - dy * dy, f32(0))))
            i0 = max(0, int(max(x - half, f32(0))))
            i1 = min(W, int(min(x + half, f32(W))) + 2)
            if i1 > i0:
                bokeh_row(
                    R[j, i0:i1], G[j, i0:i1], B[j, i0:i1],
                    x - f32(i0), dy, radius, lens_x, lens_y,
                    discs[n, 3], discs[n, 4], discs[n, 5], discs[n, 6],
                )  # fmt: skip


@kernel
def glow_row(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    x: np.float32,
    fall: np.float32,
    per_reach_2: np.float32,
    r: np.float32,
    g: np.float32,
    b: np.float32,
) -> None:
    """Add one row of a glow; `fall` is 1 minus the squared relative distance of the row from the centre."""
    for i in range(R.shape[0]):
        dx = f32(np.int32(i)) - x
        q = max(fall - dx * dx * per_reach_2, f32(0))
        q = q * q
        q = q * q * q
        R[i] += r * q
        G[i] += g * q
        B[i] += b * q


@kernel
def add_glows(
    glows: NDArray[np.float32],
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
) -> None:
    """Add soft round glows, (1 - d^2)^6 over 3.2 sigma: nearly Gaussian, and ends.

    Args:
        glows: (N, GLOW_COLUMNS).
        R: red, (H, W), changed in place.
        G: green.
        B: blue.
    """
    H, W = R.shape
    for n in range(glows.shape[0]):
        x = glows[n, 0]
        y = glows[n, 1]
        reach = max(glows[n, 2], f32(0.2)) * f32(3.2)
        if not (y + reach >= f32(0) and y - reach <= f32(H) and x + reach >= f32(0) and x - reach <= f32(W)):
            continue
        per_reach_2 = f32(1) / (reach * reach)
        j0 = max(0, int(max(y - reach, f32(0))))
        j1 = min(H - 1, int(min(y + reach, f32(H))))
        i0 = max(0, int(max(x - reach, f32(0))))
        i1 = min(W, int(min(x + reach, f32(W))) + 1)
        if i1 <= i0:
            continue
        for j in range(j0, j1 + 1):
            dy = f32(j) - y
            glow_row(
                R[j, i0:i1], G[j, i0:i1], B[j, i0:i1],
                x - f32(i0), f32(1) - dy * dy * per_reach_2, per_reach_2,
                glows[n, 3], glows[n, 4], glows[n, 5],
            )  # fmt: skip
