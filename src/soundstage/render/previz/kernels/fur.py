"""Kernels of fur: strands grown on a posed mesh and lit, as strokes. Knows no animal, no scene.

Hair is lit after Kajiya and Kay (1989): diffuse by the sine between strand and light, a highlight along it,
and a rim where light from behind comes through the coat. For rows of `light` and `view` see
`kernels.flesh` and `kernels.mesh`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.compile import kernel

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
STRAND_COLUMNS = (
    8  #: weights of the triangle's last two corners, length, lift, flow xyz (rest space), random 0..1
)


@kernel
def find_visible(
    triangles: NDArray[np.int32],
    roots: NDArray[np.int32],
    strands: NDArray[np.float32],
    points: NDArray[np.float32],
    normals: NDArray[np.float32],
    view: NDArray[np.float32],
    bounds: NDArray[np.float32],
    count: int,
    depth: NDArray[np.float32],
) -> None:
    """Write the camera depth of each strand's root, or -1 where it grows on the far side or out of bounds.

    `bounds` are left, top, right, bottom of what is drawn, px, with room for a strand's length.
    """
    for n in range(count):
        t = triangles[roots[n]]
        w1 = strands[n, 0]
        w2 = strands[n, 1]
        w0 = f32(1) - w1 - w2
        px = w0 * points[t[0], 0] + w1 * points[t[1], 0] + w2 * points[t[2], 0] - view[9]
        py = w0 * points[t[0], 1] + w1 * points[t[1], 1] + w2 * points[t[2], 1] - view[10]
        pz = w0 * points[t[0], 2] + w1 * points[t[1], 2] + w2 * points[t[2], 2] - view[11]
        a = t[0]
        facing = -(px * normals[a, 0] + py * normals[a, 1] + pz * normals[a, 2])
        distance = f32(math.sqrt(px * px + py * py + pz * pz))
        z = px * view[6] + py * view[7] + pz * view[8]
        facing /= distance + f32(1e-6)
        scale = view[12] / max(z, f32(0.05))
        x = view[13] + (px * view[0] + py * view[1] + pz * view[2]) * scale
        y = view[14] - (px * view[3] + py * view[4] + pz * view[5]) * scale
        seen = facing > f32(-0.32) and z > f32(0.05)
        seen = seen and x > bounds[0] and x < bounds[2] and y > bounds[1] and y < bounds[3]
        depth[n] = z - facing * f32(0.02) if seen else f32(-1)


@kernel
def sort_far_to_near(
    depth: NDArray[np.float32], count: int, counts: NDArray[np.int32], order: NDArray[np.int32]
) -> int:
    """Fill `order` with the visible strands, far ones first (buckets), and return how many.

    Args:
        depth: (n,) from `find_visible`.
        count: how many of them to look at.
        counts: (buckets + 1,) scratch.
        order: (n,) out.
    """
    near = f32(1e9)
    far = f32(-1)
    for n in range(count):
        if depth[n] > f32(0):
            near = min(near, depth[n])
            far = max(far, depth[n])
    buckets = counts.shape[0] - 1
    if far < f32(0):
        return 0
    scale = f32(buckets - 1) / max(far - near, f32(1e-6))
    counts[:] = 0
    for n in range(count):
        if depth[n] > f32(0):
            counts[int((far - depth[n]) * scale) + 1] += 1
    for b in range(1, buckets + 1):
        counts[b] += counts[b - 1]
    visible = int(counts[buckets])
    for n in range(count):
        if depth[n] > f32(0):
            b = int((far - depth[n]) * scale)
            order[counts[b]] = n
            counts[b] += 1
    return visible


@kernel
def grow_strands(
    order: NDArray[np.int32],
    visible: int,
    triangles: NDArray[np.int32],
    roots: NDArray[np.int32],
    strands: NDArray[np.float32],
    points: NDArray[np.float32],
    before: NDArray[np.float32],
    normals: NDArray[np.float32],
    bones: NDArray[np.int32],
    matrices: NDArray[np.float32],
    received: NDArray[np.float32],
    albedo: NDArray[np.float32],
    light: NDArray[np.float32],
    view: NDArray[np.float32],
    x0: np.float32,
    y0: np.float32,
    size: np.float32,
    breadth: np.float32,
    strokes: NDArray[np.float32],
) -> None:
    """Write strokes for `kernels.strands.draw_strands`, z as camera depth, far ones first.

    Args:
        order: strands to grow.
        visible: how many of them.
        triangles: (m, 3).
        roots: (k,) each strand's triangle.
        strands: (k, STRAND_COLUMNS).
        points: (n, 3) posed.
        before: (n, 3) posed one frame earlier, in the body's moving frame: fur lags behind its root.
        normals: (n, 3) posed.
        bones: (n, 4) strongest first.
        matrices: (bones, 3, 4).
        received: (n, 4) from `light_skin`.
        albedo: (n, 3) of the coat.
        light: (LIGHT_COLUMNS,).
        view: as in `find_visible`.
        x0: the tile's left edge, px.
        y0: its top edge.
        size: of the body against the rest skeleton; lengths scale with it.
        breadth: how much wider strands are for being fewer.
        strokes: (>= visible, 18) out.
    """
    ox = view[13] - x0
    oy = view[14] - y0
    focal = view[12]
    for k in range(visible):
        n = order[k]
        t = triangles[roots[n]]
        a = t[0]
        b = t[1]
        c = t[2]
        w1 = strands[n, 0]
        w2 = strands[n, 1]
        w0 = f32(1) - w1 - w2
        px = w0 * points[a, 0] + w1 * points[b, 0] + w2 * points[c, 0]
        py = w0 * points[a, 1] + w1 * points[b, 1] + w2 * points[c, 1]
        pz = w0 * points[a, 2] + w1 * points[b, 2] + w2 * points[c, 2]
        nx = w0 * normals[a, 0] + w1 * normals[b, 0] + w2 * normals[c, 0]
        ny = w0 * normals[a, 1] + w1 * normals[b, 1] + w2 * normals[c, 1]
        nz = w0 * normals[a, 2] + w1 * normals[b, 2] + w2 * normals[c, 2]
        vx = view[9] - px
        vy = view[10] - py
        vz = view[11] - pz
        inv = f32(1) / f32(math.sqrt(vx * vx + vy * vy + vz * vz + f32(1e-9)))
        vx *= inv
        vy *= inv
        vz *= inv
        nv = nx * vx + ny * vy + nz * vz
        rest = strands[n, 2]
        length = rest * size
        lift = strands[n, 3]
        # The coat's flow is told in rest space: turn it with the bone, then lay it on the skin.
        m = matrices[bones[a, 0]]
        fx = strands[n, 4]
        fy = strands[n, 5]
        fz = strands[n, 6]
        gx = m[0, 0] * fx + m[0, 1] * fy + m[0, 2] * fz
        gy = m[1, 0] * fx + m[1, 1] * fy + m[1, 2] * fz
        gz = m[2, 0] * fx + m[2, 1] * fy + m[2, 2] * fz
        along = (gx * nx + gy * ny + gz * nz) * f32(0.92)
        gx -= along * nx
        gy -= along * ny
        gz -= along * nz
        inv = f32(1) / f32(math.sqrt(gx * gx + gy * gy + gz * gz + f32(1e-9)))
        gx *= inv
        gy *= inv
        gz *= inv
        # Inertia: the tip stays behind where its root was, the longer the more, never over half its length.
        lag = min(rest * f32(7), f32(0.7))
        ux = (px - (w0 * before[a, 0] + w1 * before[b, 0] + w2 * before[c, 0])) * lag
        uy = (py - (w0 * before[a, 1] + w1 * before[b, 1] + w2 * before[c, 1])) * lag
        uz = (pz - (w0 * before[a, 2] + w1 * before[b, 2] + w2 * before[c, 2])) * lag
        most = length * f32(0.5)
        ux = min(max(ux, -most), most)
        uy = min(max(uy, -most), most) + length * min(rest * f32(3), f32(0.22))
        uz = min(max(uz, -most), most)
        flat = f32(1) - lift
        rise = lift * f32(1.5)
        h = length * f32(0.5)
        mx = px + (gx * flat + nx * rise) * h - view[9]
        my = py + (gy * flat + ny * rise) * h - view[10]
        mz = pz + (gz * flat + nz * rise) * h - view[11]
        qx = px + (gx + nx * lift) * length - ux
        qy = py + (gy + ny * lift) * length - uy
        qz = pz + (gz + nz * lift) * length - uz
        tx = qx - px
        ty = qy - py
        tz = qz - pz
        inv = f32(1) / f32(math.sqrt(tx * tx + ty * ty + tz * tz + f32(1e-9)))
        tx *= inv
        ty *= inv
        tz *= inv
        qx -= view[9]
        qy -= view[10]
        qz -= view[11]
        px -= view[9]
        py -= view[10]
        pz -= view[11]
        z0 = px * view[6] + py * view[7] + pz * view[8]
        z1 = mx * view[6] + my * view[7] + mz * view[8]
        z2 = qx * view[6] + qy * view[7] + qz * view[8]
        i0 = focal / max(z0, f32(0.05))
        i1 = focal / max(z1, f32(0.05))
        i2 = focal / max(z2, f32(0.05))
        s = strokes[k]
        s[0] = ox + (px * view[0] + py * view[1] + pz * view[2]) * i0
        s[1] = oy - (px * view[3] + py * view[4] + pz * view[5]) * i0
        s[2] = ox + (mx * view[0] + my * view[1] + mz * view[2]) * i1
        s[3] = oy - (mx * view[3] + my * view[4] + mz * view[5]) * i1
        s[4] = ox + (qx * view[0] + qy * view[1] + qz * view[2]) * i2
        s[5] = oy - (qx * view[3] + qy * view[4] + qz * view[5]) * i2
        width = (f32(0.0014) + f32(0.016) * rest) * size * i0 * breadth
        s[6] = width
        s[7] = width * f32(0.35)
        # Kajiya-Kay: sine to the light, highlight along the strand, light through the coat at grazing angles.
        ts = tx * light[0] + ty * light[1] + tz * light[2]
        kd = f32(math.sqrt(max(f32(1) - ts * ts, f32(0))))
        nl = nx * light[0] + ny * light[1] + nz * light[2]
        rim = max(f32(1) - max(nv, f32(0)), f32(0))
        rim = rim * rim * rim * min(max(nl + f32(0.55), f32(0)), f32(1)) * light[15]
        hx = light[0] + vx
        hy = light[1] + vy
        hz = light[2] + vz
        inv = f32(1) / f32(math.sqrt(hx * hx + hy * hy + hz * hz + f32(1e-6)))
        th = (tx * hx + ty * hy + tz * hz) * inv
        spec = max(f32(1) - th * th, f32(0))
        spec *= spec
        spec *= spec
        spec *= spec
        spec *= spec
        chance = strands[n, 7]
        sun = w0 * received[a, 3] + w1 * received[b, 3] + w2 * received[c, 3]
        diffuse = max(nl * f32(0.8) + f32(0.2), f32(0)) * kd * sun
        glow = rim * (f32(1.1) + f32(1.1) * chance) * min(f32(0.30) + rest * f32(16), f32(1)) * sun
        shine = spec * f32(0.10) * sun * max(nl + f32(0.2), f32(0))
        tone = f32(0.80) + f32(0.40) * chance
        root_dark = f32(0.74) - f32(0.12) * min(rest * f32(14), f32(1))
        tip_pale = f32(1.0) + f32(0.30) * min(rest * f32(12), f32(1))
        for q in range(3):
            colour = (w0 * albedo[a, q] + w1 * albedo[b, q] + w2 * albedo[c, q]) * tone
            got = w0 * received[a, q] + w1 * received[b, q] + w2 * received[c, q] + light[3 + q] * diffuse
            s[8 + q] = max(colour * got * root_dark * (f32(1) - f32(0.07) * f32(q)), f32(0))
            # Light that comes through hair takes the hair's colour, but never loses all of its own.
            through = f32(0.14) + f32(0.95) * min(colour, f32(0.75))
            s[12 + q] = max(colour * got * tip_pale + light[3 + q] * (glow * through + shine), f32(0))
        s[11] = f32(0.82)
        s[15] = f32(0.58)
        s[16] = z0 - length * f32(0.1)
        s[17] = z2
