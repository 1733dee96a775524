"""Kernels of a mesh on screen: projection, depth and colour of its nearest side, shadow mask. Knows no scene.

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
    colours: NDArray[np.float32],
    x0: np.float32,
    y0: np.float32,
    samples: int,
    cull: int,
    depth: NDArray[np.float32],
    image: NDArray[np.float32],
) -> None:
    """Draw the nearest triangle at each sample, its corners' colours blended.

    Args:
        triangles: (m, 3) vertex indices.
        screen: (n, 3) x, y in pixels (y down) and camera depth in metres; depth <= 0 is behind the camera.
        colours: (n, 3) linear RGB.
        x0: the tile's left edge in screen pixels.
        y0: its top edge.
        samples: samples per pixel along one side.
        cull: 1 drops triangles that face away, -1 those that face the camera (a mirrored mesh), 0 none.
        depth: (h * samples, w * samples), prefilled with FAR.
        image: (h * samples, w * samples, 4) linear RGB and coverage, prefilled with 0.
    """
    height = depth.shape[0]
    width = depth.shape[1]
    k = f32(samples)
    turn = f32(cull)
    for n in range(triangles.shape[0]):
        a = np.uint32(triangles[n, 0])
        b = np.uint32(triangles[n, 1])
        c = np.uint32(triangles[n, 2])
        ax = (screen[a, 0] - x0) * k
        ay = (screen[a, 1] - y0) * k
        bx = (screen[b, 0] - x0) * k
        by = (screen[b, 1] - y0) * k
        cx = (screen[c, 0] - x0) * k
        cy = (screen[c, 1] - y0) * k
        area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
        if area * turn < f32(0) or abs(area) < f32(1e-6):
            continue
        za = screen[a, 2]
        zb = screen[b, 2]
        zc = screen[c, 2]
        if min(za, zb, zc) <= f32(0.01):
            continue
        # Clamp as floats first: a vertex at a grazing depth may lie beyond what an integer holds.
        i0 = math.ceil(min(max(min(ax, bx, cx), f32(0)), f32(width)) - f32(0.5))
        i1 = math.floor(min(max(ax, bx, cx, f32(-1)), f32(width)) - f32(0.5))
        j0 = math.ceil(min(max(min(ay, by, cy), f32(0)), f32(height)) - f32(0.5))
        j1 = math.floor(min(max(ay, by, cy, f32(-1)), f32(height)) - f32(0.5))
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
        for j in range(np.uint32(j0), np.uint32(j1 + 1)):
            w0 = w0r
            w1 = w1r
            for i in range(np.uint32(i0), np.uint32(i1 + 1)):
                w2 = f32(1) - w0 - w1
                if w0 >= f32(0) and w1 >= f32(0) and w2 >= f32(0):
                    z = w0 * za + w1 * zb + w2 * zc
                    if z < depth[j, i]:
                        depth[j, i] = z
                        for q in range(3):
                            image[j, i, q] = w0 * colours[a, q] + w1 * colours[b, q] + w2 * colours[c, q]
                        image[j, i, 3] = f32(1)
                w0 += w0x
                w1 += w1x
            w0r += w0y
            w1r += w1y


@kernel
def put_row(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    row: NDArray[np.float32],
    air: NDArray[np.float32],
) -> None:
    """Put one row of premultiplied RGBA (n * 4,) over planes' rows (n,); `air` as in `put_image`."""
    r, g, b, clear = air[0], air[1], air[2], air[3]
    for i in range(R.shape[0]):
        a = row[4 * i + 3]
        o = f32(1) - a
        R[i] = R[i] * o + row[4 * i] * clear + a * r
        G[i] = G[i] * o + row[4 * i + 1] * clear + a * g
        B[i] = B[i] * o + row[4 * i + 2] * clear + a * b


@kernel
def put_image(
    R: NDArray[np.float32],
    G: NDArray[np.float32],
    B: NDArray[np.float32],
    image: NDArray[np.float32],
    x: int,
    y: int,
    air: NDArray[np.float32],
) -> None:
    """Put premultiplied RGBA (h, w * 4) over planes (H, W) with its corner at (x, y); clipped.

    `air` (4,) is the light that the air before it adds, linear RGB, and the share of its own that it lets by.
    """
    height, width = R.shape
    i0 = max(0, -x)
    i1 = min(image.shape[1] // 4, width - x)
    if i1 <= i0:
        return
    for j in range(max(0, -y), min(image.shape[0], height - y)):
        put_row(
            R[j + y, x + i0 : x + i1], G[j + y, x + i0 : x + i1], B[j + y, x + i0 : x + i1],
            image[j, 4 * i0 : 4 * i1], air,
        )  # fmt: skip


@kernel
def screen_extent(screen: NDArray[np.float32], out: NDArray[np.float32]) -> int:
    """Write least x and y, greatest x and y and mean depth (5,) of what lies ahead; return how many do."""
    low_x = f32(FAR)
    low_y = f32(FAR)
    high_x = f32(-FAR)
    high_y = f32(-FAR)
    total = f32(0)
    count = 0
    for i in range(screen.shape[0]):
        z = screen[i, 2]
        if z > f32(0.05):
            low_x = min(low_x, screen[i, 0])
            high_x = max(high_x, screen[i, 0])
            low_y = min(low_y, screen[i, 1])
            high_y = max(high_y, screen[i, 1])
            total += z
            count += 1
    out[0] = low_x
    out[1] = low_y
    out[2] = high_x
    out[3] = high_y
    out[4] = total / f32(max(count, 1))
    return count


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
    triangles: NDArray[np.int32],
    screen: NDArray[np.float32],
    x0: np.float32,
    y0: np.float32,
    mask: NDArray[np.float32],
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
        ax = screen[a, 0] - x0
        ay = screen[a, 1] - y0
        bx = screen[b, 0] - x0
        by = screen[b, 1] - y0
        cx = screen[c, 0] - x0
        cy = screen[c, 1] - y0
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
