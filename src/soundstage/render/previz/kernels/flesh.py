"""Kernels of flesh: the distance field of round cones, skinning, light on skin. Knows no scene.

Axes are the world's: x right, y up, z forward away from the camera (left-handed), metres.

`light` is a row of LIGHT_COLUMNS numbers: sun direction xyz (towards it), sun rgb, ambient from above rgb,
from below rgb, eye xyz, rim strength.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
LIGHT_COLUMNS = 16


@kernel
def cone_distance(cone: NDArray[np.float32], x: np.float32, y: np.float32, z: np.float32) -> np.float32:
    """Return the signed distance from a point to a cone row (see `rig.sdf.pack`), in metres."""
    ax = cone[3] - cone[0]
    ay = cone[4] - cone[1]
    az = cone[5] - cone[2]
    dx = x - cone[0]
    dy = y - cone[1]
    dz = z - cone[2]
    along = (dx * ax + dy * ay + dz * az) / (ax * ax + ay * ay + az * az + f32(1e-9))
    along = min(max(along, f32(0)), f32(1))
    qx = dx - ax * along
    qy = dy - ay * along
    qz = (dz - az * along) / cone[8]
    return f32(math.sqrt(qx * qx + qy * qy + qz * qz)) - (cone[6] + (cone[7] - cone[6]) * along)


@kernel
def blended_distance(cones: NDArray[np.float32], x: np.float32, y: np.float32, z: np.float32) -> np.float32:
    """Return the distance to the smooth union of cones (polynomial smooth minimum, Quilez)."""
    nearest = f32(9)
    for i in range(cones.shape[0]):
        d = cone_distance(cones[i], x, y, z)
        blend = cones[i, 9]
        gap = max(blend - abs(nearest - d), f32(0)) / blend
        nearest = min(nearest, d) - gap * gap * blend * f32(0.25)
    return nearest


@kernel
def fill_field(
    cones: NDArray[np.float32], corner: NDArray[np.float32], cell: float, out: NDArray[np.float32]
) -> None:
    """Sample the union on a grid: out[ix, iy, iz] is the distance at corner + cell * (ix, iy, iz)."""
    step = f32(cell)
    for ix in range(out.shape[0]):
        x = corner[0] + step * f32(ix)
        for iy in range(out.shape[1]):
            y = corner[1] + step * f32(iy)
            for iz in range(out.shape[2]):
                out[ix, iy, iz] = blended_distance(cones, x, y, corner[2] + step * f32(iz))


@kernel
def field_at(cones: NDArray[np.float32], points: NDArray[np.float32], out: NDArray[np.float32]) -> None:
    """Sample the union at points (n, 3)."""
    for i in range(points.shape[0]):
        out[i] = blended_distance(cones, points[i, 0], points[i, 1], points[i, 2])


@kernel
def skin_mesh(
    points: NDArray[np.float32],
    normals: NDArray[np.float32],
    bones: NDArray[np.int32],
    weights: NDArray[np.float32],
    matrices: NDArray[np.float32],
    out_points: NDArray[np.float32],
    out_normals: NDArray[np.float32],
) -> None:
    """Move rest points and normals by the weighted sum of four bone matrices each (linear blend skinning)."""
    for i in range(points.shape[0]):
        px = points[i, 0]
        py = points[i, 1]
        pz = points[i, 2]
        nx = normals[i, 0]
        ny = normals[i, 1]
        nz = normals[i, 2]
        x = f32(0)
        y = f32(0)
        z = f32(0)
        a = f32(0)
        b = f32(0)
        c = f32(0)
        for q in range(4):
            w = weights[i, q]
            if w <= f32(0):
                continue
            m = matrices[bones[i, q]]
            x += w * (m[0, 0] * px + m[0, 1] * py + m[0, 2] * pz + m[0, 3])
            y += w * (m[1, 0] * px + m[1, 1] * py + m[1, 2] * pz + m[1, 3])
            z += w * (m[2, 0] * px + m[2, 1] * py + m[2, 2] * pz + m[2, 3])
            a += w * (m[0, 0] * nx + m[0, 1] * ny + m[0, 2] * nz)
            b += w * (m[1, 0] * nx + m[1, 1] * ny + m[1, 2] * nz)
            c += w * (m[2, 0] * nx + m[2, 1] * ny + m[2, 2] * nz)
        s = f32(1) / f32(math.sqrt(a * a + b * b + c * c + f32(1e-12)))
        out_points[i, 0] = x
        out_points[i, 1] = y
        out_points[i, 2] = z
        out_normals[i, 0] = a * s
        out_normals[i, 1] = b * s
        out_normals[i, 2] = c * s


@kernel
def light_skin(
    points: NDArray[np.float32],
    normals: NDArray[np.float32],
    albedo: NDArray[np.float32],
    gloss: NDArray[np.float32],
    openness: NDArray[np.float32],
    light: NDArray[np.float32],
    received: NDArray[np.float32],
    colours: NDArray[np.float32],
) -> None:
    """Light a posed mesh per vertex.

    Args:
        points: (n, 3) world, metres.
        normals: (n, 3) unit.
        albedo: (n, 3) linear.
        gloss: (n,) 0 under fur, 1 for eyes and wet noses.
        openness: (n,) 1 free, 0 buried.
        light: (LIGHT_COLUMNS,).
        received: (n, 4) out: ambient rgb and how much sun may come, for the strands.
        colours: (n, 3) out: the skin as seen.
    """
    sx = light[0]
    sy = light[1]
    sz = light[2]
    for i in range(points.shape[0]):
        nx = normals[i, 0]
        ny = normals[i, 1]
        nz = normals[i, 2]
        up = ny * f32(0.5) + f32(0.5)
        free = openness[i]
        shade = f32(0.25) + f32(0.75) * free
        nl = nx * sx + ny * sy + nz * sz
        vx = light[12] - points[i, 0]
        vy = light[13] - points[i, 1]
        vz = light[14] - points[i, 2]
        inv = f32(1) / f32(math.sqrt(vx * vx + vy * vy + vz * vz + f32(1e-9)))
        vx *= inv
        vy *= inv
        vz *= inv
        nv = max(nx * vx + ny * vy + nz * vz, f32(0))
        sun = f32(0.35) + f32(0.65) * free
        received[i, 3] = sun
        diffuse = max(nl * f32(0.8) + f32(0.2), f32(0)) * sun
        rim = f32(1) - nv
        rim = rim * rim * rim * min(max(nl + f32(0.5), f32(0)), f32(1)) * light[15] * free
        hx = sx + vx
        hy = sy + vy
        hz = sz + vz
        inv = f32(1) / f32(math.sqrt(hx * hx + hy * hy + hz * hz + f32(1e-6)))
        spec = max((nx * hx + ny * hy + nz * hz) * inv, f32(0))
        spec *= spec
        spec *= spec
        spec *= spec
        spec *= spec
        fresnel = f32(0.04) + f32(0.18) * rim
        shine = gloss[i]
        matt = f32(0.22) * (f32(1) - shine)
        for c in range(3):
            ambient = (light[9 + c] + (light[6 + c] - light[9 + c]) * up) * shade
            received[i, c] = ambient
            seen = albedo[i, c] * (ambient + light[3 + c] * diffuse) * (f32(0.66) + f32(0.34) * shine)
            seen += light[3 + c] * rim * matt * min(albedo[i, c] * f32(2), f32(1))
            seen += shine * (spec * light[3 + c] * f32(0.22) + fresnel * light[6 + c])
            colours[i, c] = max(seen, f32(0))
