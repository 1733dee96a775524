"""Kernels of a mesh on screen: projection, visibility buffer, shadow mask. Knows no scene.

Axes are the world's: x right, y up, z forward away from the camera (left-handed). On the screen y runs
down, so a triangle wound outward ((b - a) x (c - a) along its normal) has a positive area when it faces the
camera.

`view` is a row of VIEW_COLUMNS: right xyz, up xyz, forward xyz (world to camera), eye xyz, focal px,
centre x, centre y (px).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
FAR = 1e9  #: depth of a pixel that nothing covers
VIEW_COLUMNS = 15


@kernel
def raster_mesh(
    triangles: NDArray[np.int32],
    screen: NDArray[np.float32],
    x0: float,
    y0: float,
    samples: int,
    cull: int,
    depth: NDArray[np.float32],
    face: NDArray[np.int32],
) -> None:
    """Write the nearest triangle of each sample into a visibility buffer.

    Args:
        triangles: (m, 3) vertex indices.
        screen: (n, 3) x, y in pixels (y down) and camera depth in metres; depth <= 0 is behind the camera.
        x0: the tile's left edge in screen pixels.
        y0: its top edge.
        samples: samples per pixel along one side.
        cull: 1 drops triangles that face away, -1 those that face the camera (a mirrored mesh), 0 none.
        depth: (h * samples, w * samples), prefilled with FAR.
        face: the same shape, prefilled with -1.
    """
    height = depth.shape[0]
    width = depth.shape[1]
    k = f32(samples)
    ox = f32(x0)
    oy = f32(y0)
    for n in range(triangles.shape[0]):
        a = triangles[n, 0]
        b = triangles[n, 1]
        c = triangles[n, 2]
        za = screen[a, 2]
        zb = screen[b, 2]
        zc = screen[c, 2]
        if min(za, zb, zc) <= f32(0.01):
            continue
        ax = (screen[a, 0] - ox) * k
        ay = (screen[a, 1] - oy) * k
        bx = (screen[b, 0] - ox) * k
        by = (screen[b, 1] - oy) * k
        cx = (screen[c, 0] - ox) * k
        cy = (screen[c, 1] - oy) * k
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area * f32(cull) < f32(0) or abs(area) < f32(1e-6):
            continue
        low_x = min(ax, bx, cx)
        high_x = max(ax, bx, cx)
        low_y = min(ay, by, cy)
        high_y = max(ay, by, cy)
        # Clamp as floats first: a vertex at a grazing depth may lie beyond what an integer holds.
        i0 = math.ceil(min(max(low_x, f32(0)), f32(width)) - f32(0.5))
        i1 = math.floor(min(max(high_x, f32(-1)), f32(width)) - f32(0.5))
        j0 = math.ceil(min(max(low_y, f32(0)), f32(height)) - f32(0.5))
        j1 = math.floor(min(max(high_y, f32(-1)), f32(height)) - f32(0.5))
        i0 = max(i0, 0)
        j0 = max(j0, 0)
        i1 = min(i1, width - 1)
        j1 = min(j1, height - 1)
        if i0 > i1 or j0 > j1:
            continue
        inv = f32(1) / area
        # Barycentric weights are affine in x and y: step them instead of evaluating them per sample.
        w0x = (by - cy) * inv
        w0y = (cx - bx) * inv
        w1x = (cy - ay) * inv
        w1y = (ax - cx) * inv
        px = f32(i0) + f32(0.5)
        py = f32(j0) + f32(0.5)
        w0r = ((bx - px) * (cy - py) - (by - py) * (cx - px)) * inv
        w1r = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) * inv
        for j in range(j0, j1 + 1):
            w0 = w0r
            w1 = w1r
            for i in range(i0, i1 + 1):
                w2 = f32(1) - w0 - w1
                if w0 >= f32(0) and w1 >= f32(0) and w2 >= f32(0):
                    z = w0 * za + w1 * zb + w2 * zc
                    if z < depth[j, i]:
                        depth[j, i] = z
                        face[j, i] = n
                w0 += w0x
                w1 += w1x
            w0r += w0y
            w1r += w1y


@kernel
def resolve_mesh(
    triangles: NDArray[np.int32],
    screen: NDArray[np.float32],
    colours: NDArray[np.float32],
    x0: float,
    y0: float,
    samples: int,
    depth: NDArray[np.float32],
    face: NDArray[np.int32],
    tile: NDArray[np.float32],
    tile_depth: NDArray[np.float32],
) -> None:
    """Turn a visibility buffer into a premultiplied RGBA tile (4, h, w) and its nearest depth (h, w).

    Colours (n, 3) are interpolated over each triangle; coverage is the share of samples that hit one.
    """
    k = f32(1) / f32(samples * samples)
    step = f32(1) / f32(samples)
    for j in range(tile_depth.shape[0]):
        for i in range(tile_depth.shape[1]):
            hits = 0
            r = f32(0)
            g = f32(0)
            b = f32(0)
            nearest = f32(FAR)
            last = -1
            sr = f32(0)
            sg = f32(0)
            sb = f32(0)
            for v in range(samples):
                for u in range(samples):
                    n = face[j * samples + v, i * samples + u]
                    if n < 0:
                        continue
                    hits += 1
                    nearest = min(nearest, depth[j * samples + v, i * samples + u])
                    if n != last:
                        last = n
                        ta = triangles[n, 0]
                        tb = triangles[n, 1]
                        tc = triangles[n, 2]
                        px = f32(i) + (f32(u) + f32(0.5)) * step + f32(x0)
                        py = f32(j) + (f32(v) + f32(0.5)) * step + f32(y0)
                        ax = screen[ta, 0] - px
                        ay = screen[ta, 1] - py
                        bx = screen[tb, 0] - px
                        by = screen[tb, 1] - py
                        cx = screen[tc, 0] - px
                        cy = screen[tc, 1] - py
                        w0 = bx * cy - by * cx
                        w1 = cx * ay - cy * ax
                        w2 = ax * by - ay * bx
                        total = w0 + w1 + w2
                        s = f32(1) / total if abs(total) > f32(1e-9) else f32(0)
                        w0 *= s
                        w1 *= s
                        w2 *= s
                        sr = w0 * colours[ta, 0] + w1 * colours[tb, 0] + w2 * colours[tc, 0]
                        sg = w0 * colours[ta, 1] + w1 * colours[tb, 1] + w2 * colours[tc, 1]
                        sb = w0 * colours[ta, 2] + w1 * colours[tb, 2] + w2 * colours[tc, 2]
                    r += sr
                    g += sg
                    b += sb
            tile[0, j, i] = r * k
            tile[1, j, i] = g * k
            tile[2, j, i] = b * k
            tile[3, j, i] = f32(hits) * k
            tile_depth[j, i] = nearest


@kernel
def project_points(points: NDArray[np.float32], view: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Write x, y in pixels (y down) and camera depth in metres of world points (n, 3); depth < 0 lies behind.

    `view` is a row: right xyz, up xyz, forward xyz, eye xyz, focal px, centre x, centre y (px).
    """
    for i in range(points.shape[0]):
        x = points[i, 0] - view[9]
        y = points[i, 1] - view[10]
        z = points[i, 2] - view[11]
        depth = x * view[6] + y * view[7] + z * view[8]
        scale = view[12] / max(depth, f32(0.02))
        out[i, 0] = view[13] + (x * view[0] + y * view[1] + z * view[2]) * scale
        out[i, 1] = view[14] - (x * view[3] + y * view[4] + z * view[5]) * scale
        out[i, 2] = depth


@kernel
def cover_mesh(
    triangles: NDArray[np.int32], screen: NDArray[np.float32], x0: float, y0: float, mask: NDArray[np.float32]
) -> None:
    """Set a mask (h, w) to 1 where any triangle covers a pixel's centre: a shadow's shape."""
    height = mask.shape[0]
    width = mask.shape[1]
    for n in range(triangles.shape[0]):
        a = triangles[n, 0]
        b = triangles[n, 1]
        c = triangles[n, 2]
        if min(screen[a, 2], screen[b, 2], screen[c, 2]) <= f32(0.01):
            continue
        ax = screen[a, 0] - f32(x0)
        ay = screen[a, 1] - f32(y0)
        bx = screen[b, 0] - f32(x0)
        by = screen[b, 1] - f32(y0)
        cx = screen[c, 0] - f32(x0)
        cy = screen[c, 1] - f32(y0)
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if abs(area) < f32(1e-6):
            continue
        inv = f32(1) / area
        low_x = min(max(min(ax, bx, cx), f32(0)), f32(width))
        high_x = min(max(ax, bx, cx, f32(-1)), f32(width))
        low_y = min(max(min(ay, by, cy), f32(0)), f32(height))
        high_y = min(max(ay, by, cy, f32(-1)), f32(height))
        for j in range(max(math.ceil(low_y), 0), min(math.floor(high_y), height - 1) + 1):
            for i in range(max(math.ceil(low_x), 0), min(math.floor(high_x), width - 1) + 1):
                px = f32(i)
                py = f32(j)
                w0 = ((bx - px) * (cy - py) - (by - py) * (cx - px)) * inv
                w1 = ((cx - px) * (ay - py) - (cy - py) * (ax - px)) * inv
                if w0 >= f32(0) and w1 >= f32(0) and w0 + w1 <= f32(1):
                    mask[j, i] = f32(1)
