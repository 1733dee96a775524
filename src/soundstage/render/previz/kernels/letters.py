"""Light on polished solids, per vertex: sky, ground, sun, soft key, mirrored room, lamps."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.inline import smooth_step

f32 = np.float32
F32 = NDArray[np.float32]
LAMPS_MOST = 48  #: a frame's nearest light is what counts; a swarm beyond this adds nothing one sees

#: Places in `room`: sun direction, sun RGB, key direction, key RGB, sky RGB, horizon RGB, ground RGB, rim
#: RGB, eye.
ROOM = {
    "sun_to": 0, "sun": 3, "key_to": 6, "key": 9, "sky": 12, "horizon": 15, "ground": 18, "rim": 21,
    "eye": 24,
}  # fmt: skip
ROOM_SIZE = 27

#: Places in `matter`: albedo RGB, gloss, metal, glow RGB.
MATTER = {"albedo": 0, "gloss": 3, "metal": 4, "glow": 5}
MATTER_SIZE = 8


@kernel
def light_solid(
    points: F32,
    normals: F32,
    floor: np.float32,
    scale: np.float32,
    room: F32,
    matter: F32,
    lamps: F32,
    colours: F32,
) -> None:
    """Light a mesh.

    Args:
        points: (n, 3) world, metres.
        normals: (n, 3) unit.
        floor: height of the ground, which shades what is near it.
        scale: metres over which it does.
        room: (ROOM_SIZE,).
        matter: (MATTER_SIZE,).
        lamps: (m, 7) x y z, r g b, intensity.
        colours: (n, 3) out, linear.
    """
    gloss, metal = matter[3], matter[4]
    for i in range(points.shape[0]):
        px, py, pz = points[i, 0], points[i, 1], points[i, 2]
        nx, ny, nz = normals[i, 0], normals[i, 1], normals[i, 2]
        vx, vy, vz = room[24] - px, room[25] - py, room[26] - pz
        q = f32(1) / f32(math.sqrt(vx * vx + vy * vy + vz * vz + f32(1e-9)))
        vx, vy, vz = vx * q, vy * q, vz * q
        nv = max(nx * vx + ny * vy + nz * vz, f32(0))
        open_ = f32(0.34) + f32(0.66) * smooth_step(f32(0), f32(1), (py - floor) / scale)
        up = ny * f32(0.5) + f32(0.5)
        sl = nx * room[0] + ny * room[1] + nz * room[2]
        kl = nx * room[6] + ny * room[7] + nz * room[8]
        sun = max(sl * f32(0.92) + f32(0.08), f32(0))
        key = max(kl * f32(0.75) + f32(0.25), f32(0)) * open_
        rx = f32(2) * nv * nx - vx
        ry = f32(2) * nv * ny - vy
        rz = f32(2) * nv * nz - vz
        # What the surface mirrors: ground, a bright horizon, sky, and the softbox of the key.
        low = smooth_step(f32(-0.30), f32(0.06), ry)
        high = smooth_step(f32(0.02), f32(0.70), ry)
        box = max(rx * room[6] + ry * room[7] + rz * room[8], f32(0))
        box *= box
        box *= box
        box *= box
        glint = max(rx * room[0] + ry * room[1] + rz * room[2], f32(0))
        glint *= glint
        glint *= glint
        glint *= glint
        glint *= glint
        e = f32(1) - nv
        e2 = e * e
        fresnel = f32(0.045) + f32(0.6) * e2 * e2 * e
        rim = e2 * e * max(sl + f32(0.45), f32(0))
        for c in range(3):
            albedo = matter[c]
            fill = (room[18 + c] + (room[12 + c] - room[18 + c]) * up) * open_
            diffuse = fill + room[3 + c] * sun * open_ + room[9 + c] * key
            mirrored = room[18 + c] + (room[15 + c] - room[18 + c]) * low
            mirrored += (room[12 + c] - mirrored) * high
            mirrored = mirrored * open_ + room[9 + c] * box * f32(0.9) + room[3 + c] * glint * f32(0.8)
            tint = fresnel + (albedo - fresnel) * metal
            seen = albedo * diffuse * (f32(1) - metal * f32(0.88))
            seen += mirrored * tint * (f32(0.25) + f32(1.25) * gloss) + room[21 + c] * rim * f32(0.55)
            seen += matter[5 + c] * (f32(0.45) + f32(0.55) * nv)
            colours[i, c] = seen
        for m in range(min(lamps.shape[0], LAMPS_MOST)):
            lx, ly, lz = lamps[m, 0] - px, lamps[m, 1] - py, lamps[m, 2] - pz
            d2 = lx * lx + ly * ly + lz * lz + f32(0.004)
            facing = max((lx * nx + ly * ny + lz * nz) / f32(math.sqrt(d2)) + f32(0.15), f32(0))
            k = lamps[m, 6] * facing / d2
            for c in range(3):
                colours[i, c] += matter[c] * lamps[m, 3 + c] * k
