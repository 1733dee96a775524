"""The sea, row by row: slopes, reflected sky, glitter, and where ground begins and ends in a row.

A ray is linear in the pixel column (`ray` + column * `step`, not normalised, depth 1 along the optical axis);
it meets the plane y = 0 below `eye`.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.inline import exp_minus, noise_slope, smooth_step, value_noise
from soundstage.render.previz.kernels.sky import sky_light

f32 = np.float32
F32 = NDArray[np.float32]

#: Places in `sea`: deep RGB, shallow RGB, foam RGB, light through a thin wave RGB, haze RGB and density
#: per metre,
#: slope gain (wind), z where shallow water begins, glitter gain.
SEA = {
    "deep": 0,
    "shallow": 3,
    "foam": 6,
    "through": 9,
    "haze": 12,
    "haze_per_m": 15,
    "wind": 16,
    "shore_z": 17,
    "glitter": 18,
}
SEA_SIZE = 19


@kernel
def ground_span(row: F32, step: F32, width: int) -> tuple[int, int]:
    """Return the columns [first, last) of a row whose rays go down."""
    low = f32(-2e-4)
    left = row[1] < low
    right = row[1] + step[1] * f32(width - 1) < low
    if left and right:
        return 0, width
    if not left and not right:
        return 0, 0
    cross = int((low - row[1]) / step[1]) + 1
    cross = min(max(cross, 0), width)
    return (0, cross) if left else (cross, width)


@kernel
def split_at_z(row: F32, step: F32, eye: F32, z: np.float32, first: int, last: int) -> tuple[int, bool]:
    """Return the column where a row of ground crosses depth `z`, and whether its left part lies beyond."""
    h = eye[1]
    dz = z - eye[2]
    left = (row[2] + step[2] * f32(first)) * h > -dz * (row[1] + step[1] * f32(first))
    end = f32(last - 1)
    right = (row[2] + step[2] * end) * h > -dz * (row[1] + step[1] * end)
    if left == right:
        return last, left
    cross = int(-(dz * row[1] + h * row[2]) / (dz * step[1] + h * step[2])) + 1
    return min(max(cross, first), last), left


@kernel
def sea_row(
    R: F32, G: F32, B: F32, row: F32, step: F32, column: int, eye: F32, time: np.float32,
    sun: F32, paint: F32, sea: F32, foot: np.float32,
) -> None:  # fmt: skip
    """Paint sea over a stretch of a row from `column` on. `foot`: metres of depth one pixel row covers."""
    ex, ey, ez = eye[0], eye[1], eye[2]
    ax, ay, az = (
        row[0] + step[0] * f32(column),
        row[1] + step[1] * f32(column),
        row[2] + step[2] * f32(column),
    )
    bx, by, bz = step[0], step[1], step[2]
    sx, sy, sz = sun[0], sun[1], sun[2]
    p0, p1, p2, m0, m1, m2 = paint[0], paint[1], paint[2], paint[3], paint[4], paint[5]
    h0, h1, h2, g0, g1, g2 = paint[6], paint[7], paint[8], paint[9], paint[10], paint[11]
    s0, s1, s2, mf, hf = paint[12], paint[13], paint[14], paint[15], paint[16]
    d0, d1, d2, c0, c1, c2 = sea[0], sea[1], sea[2], sea[3], sea[4], sea[5]
    f0, f1, f2, z0, z1, z2 = sea[6], sea[7], sea[8], sea[12], sea[13], sea[14]
    thick, wind, shore, glitter = sea[15], sea[16], sea[17], sea[18]
    k1 = f32(0.50) * wind / (f32(1) + foot * foot * f32(0.08))
    k2 = f32(0.30) * wind / (f32(1) + foot * foot * f32(0.7))
    k3 = f32(0.125) * wind / (f32(1) + foot * foot * f32(5))
    k4 = f32(0.055) * wind / (f32(1) + foot * foot * f32(36))
    rough = f32(0.05) * wind * (f32(1) - f32(1) / (f32(1) + foot * f32(0.9)))  # slopes too small for a pixel
    tight = max(f32(1400) / (f32(1) + foot * f32(6)), f32(90))
    glitter *= tight * f32(1 / 1400)
    for i in range(R.shape[0]):
        c = f32(np.int32(i))
        x = ax + bx * c
        y = ay + by * c
        z = az + bz * c
        q = f32(1) / math.sqrt(x * x + y * y + z * z)
        t = ey / max(-y, f32(1e-4))
        wx = ex + x * t
        wz = ez + z * t
        dist = t / q
        x, y, z = x * q, y * q, z * q
        n1, u1, v1 = noise_slope(
            wx * f32(0.13) + wz * f32(0.03) + time * f32(0.05), wz * f32(0.33) + time * f32(0.30)
        )
        n2, u2, v2 = noise_slope(
            wx * f32(0.52) - wz * f32(0.14) - time * f32(0.22), wz * f32(1.02) + time * f32(0.62)
        )
        n3, u3, v3 = noise_slope(
            wx * f32(1.9) + wz * f32(0.6) + time * f32(0.45), wz * f32(2.9) + time * f32(1.25)
        )
        _, u4, v4 = noise_slope(
            wx * f32(5.3) - wz * f32(1.7) - time * f32(0.6), wz * f32(7.7) + time * f32(2.1)
        )
        calm = smooth_step(f32(-0.5), f32(7), wz - shore) * f32(0.85) + f32(0.15)
        slx = (u1 * f32(0.22) * k1 + u2 * f32(0.5) * k2 + u3 * f32(0.75) * k3 + u4 * f32(0.8) * k4) * calm
        slz = (v1 * k1 + v2 * k2 + v3 * k3 + v4 * k4) * f32(0.62) * calm
        dn = y - slx * x - slz * z
        dn = min(dn, f32(-0.012))
        ry = max(y - f32(2) * dn, f32(0.004)) + rough
        rx = x + f32(2) * dn * slx
        rz = z + f32(2) * dn * slz
        rq = f32(1) / math.sqrt(rx * rx + ry * ry + rz * rz)
        dd = max(f32(2) - f32(2) * rq * (rx * sx + ry * sy + rz * sz), f32(0))
        r, g, b = sky_light(ry * rq, dd, p0, p1, p2, m0, m1, m2, h0, h1, h2, g0, g1, g2, mf, hf)
        e = f32(1) / (f32(1) + dd * tight)
        e = e * e * glitter
        fr = f32(1) + max(dn, f32(-1))
        fr2 = fr * fr
        fr = f32(0.02) + f32(0.90) * fr2 * fr2 * fr
        near = f32(1) - smooth_step(f32(0), f32(26), wz - shore)
        body = f32(0.55) + f32(0.9) * (n1 * f32(0.6) + n2 * f32(0.4))
        lace = value_noise(wx * f32(0.8) + n2 * f32(1.3), wz * f32(1.5) + n1 * f32(2))
        lace = (f32(1) - abs(lace - f32(0.5)) * f32(2)) * (f32(0.55) + f32(0.45) * n3)
        patch = smooth_step(f32(0.45), f32(0.70), n1) * near * near + smooth_step(
            f32(0.82), f32(0.93), n2
        ) * wind * f32(0.30)
        foam = smooth_step(f32(0.52), f32(0.78), lace) * patch * f32(0.8) / (f32(1) + foot * f32(1.2))
        w0 = (d0 + (c0 - d0) * near) * body
        w1 = (d1 + (c1 - d1) * near) * body
        w2 = (d2 + (c2 - d2) * near) * body
        w0 += (r - w0) * fr + s0 * e
        w1 += (g - w1) * fr + s1 * e
        w2 += (b - w2) * fr + s2 * e
        w0 += (f0 - w0) * foam
        w1 += (f1 - w1) * foam
        w2 += (f2 - w2) * foam
        air = exp_minus(dist * thick)
        R[i] = z0 + (w0 - z0) * air
        G[i] = z1 + (w1 - z1) * air
        B[i] = z2 + (w2 - z2) * air
