"""Kernels of a mesh on screen: projection, extent, and what puts its picture over others. Knows no scene.

Axes are the world's: x right, y up, z forward away from the camera (left-handed). On the screen y runs
down, so a triangle wound outward ((b - a) x (c - a) along its normal) has a positive area when it faces the
camera.

`view` is a row of VIEW_COLUMNS: right xyz, up xyz, forward xyz (world to camera), eye xyz, focal px,
centre x, centre y (px).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
FAR = 1e9  #: depth of a pixel that nothing covers
VIEW_COLUMNS = 15


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
