"""The sea, row by row: slopes, reflected sky, glitter; and waves that stand up, break and run.

A ray is linear in the pixel column (`ray` + column * `step`, not normalised, depth 1 along the optical axis);
it meets the plane y = 0 below `eye`. Waves come toward smaller z, crests along x.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.inline import (
    exp_minus,
    line_noise,
    noise_slope,
    smooth_step,
    value_noise,
)  # fmt: skip
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
        x = ax + bx * f32(i)
        y = ay + by * f32(i)
        z = az + bz * f32(i)
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


@kernel
def wave_columns(
    base: F32, tall: F32, world: F32, broken: F32, lit: F32, horizon: F32, row: F32, step: F32, eye: F32,
    focal: np.float32,
    wave: F32, time: np.float32, sun: F32,
) -> None:  # fmt: skip
    """Fill per-column facts of one wave: `base` row, `tall` px, `world` x, `broken` 0..1, `lit` 0..1.

    `horizon` (w,) is the horizon's row in each column, `row`/`step` the ray along it; `wave`: z, height_m,
    phase, breaking.
    """
    wz, height, phase, breaking = wave[0], wave[1], wave[2], wave[3]
    flat = f32(1) / math.sqrt(sun[0] * sun[0] + sun[2] * sun[2] + f32(1e-6))
    for i in range(base.shape[0]):
        dx = row[0] + step[0] * f32(i)
        dz = row[2] + step[2] * f32(i)
        ok = dz > f32(0.05)
        t = (wz - eye[2]) / max(dz, f32(0.05))
        x = eye[0] + dx * t
        m = value_noise(x * f32(0.17) + phase, time * f32(0.16) + phase)
        m2 = value_noise(x * f32(0.42) + phase * f32(1.7), time * f32(0.35))
        m3 = value_noise(x * f32(2.3), time * f32(1.3) + phase)
        m4 = value_noise(x * f32(6.1), time * f32(2.6) + phase)
        swell = smooth_step(f32(0.16), f32(0.62), m)
        br = smooth_step(
            f32(0.80), f32(0.48), m + f32(0.22) * (m2 - f32(0.5)) + f32(0.80) - breaking * f32(1.1)
        )
        br = (f32(1) - br) * swell
        h = height * (f32(0.34) + f32(0.66) * swell) * (f32(0.86) + f32(0.26) * m2)
        h *= f32(1) - f32(0.42) * br + br * (f32(0.30) * m3 + f32(0.20) * m4 - f32(0.18))
        scale = focal / max(t, f32(0.05))
        base[i] = horizon[i] + eye[1] * scale
        tall[i] = h * scale if ok and t > f32(0.3) else f32(0)
        world[i] = x
        broken[i] = br
        c = (dx * sun[0] + dz * sun[2]) * flat / math.sqrt(dx * dx + dz * dz)
        lit[i] = f32(1) / (f32(1) + (f32(1) - c) * f32(9))


@kernel
def wave_row(
    R: F32, G: F32, B: F32, j: np.float32, base: F32, tall: F32, world: F32, broken: F32, lit: F32,
    phase: np.float32, time: np.float32, paint: F32, sea: F32, clear: np.float32, fine: np.float32,
) -> None:  # fmt: skip
    """Paint one row of a wave. `clear`: what haze leaves of it; `fine`: 0 where foam is below a pixel."""
    p0, p1, p2, m0, m1, m2 = paint[0], paint[1], paint[2], paint[3], paint[4], paint[5]
    h0, h1, h2 = paint[6], paint[7], paint[8]
    d0, d1, d2 = sea[0], sea[1], sea[2]
    f0, f1, f2, t0, t1, t2 = sea[6], sea[7], sea[8], sea[9], sea[10], sea[11]
    z0, z1, z2 = sea[12], sea[13], sea[14]
    for i in range(R.shape[0]):
        hs = max(tall[i], f32(0.02))
        u = (base[i] - j) / hs
        x = world[i]
        br = broken[i]
        gl = lit[i]
        inside = min(max((f32(1) - u) * hs + f32(0.5), f32(0)), f32(1))
        inside *= min(tall[i], f32(1))
        face = min(max(u, f32(0)), f32(1))
        n1 = value_noise(x * f32(3.1) + phase, u * f32(2.3) + time * f32(0.9))
        n2 = value_noise(x * f32(9.0), u * f32(5.2) + time * f32(1.9) + phase)
        n3 = value_noise(x * f32(23) + u * f32(3), u * f32(11) + time * f32(3.1))
        n = n1 * f32(0.50) + n2 * f32(0.31) + n3 * f32(0.19)
        n = f32(0.5) + (n - f32(0.5)) * (f32(0.40) + f32(0.75) * fine)
        pull = line_noise(x * f32(1.4) + face * f32(0.6) + phase, 5) * f32(0.55) + n2 * f32(0.45)
        # the face leans to the viewer: it mirrors the upper sky where steep, the low sky in the trough
        steep = face * (f32(2) - face)
        mirror = (f32(0.46) - f32(0.26) * steep) * (f32(0.72) + f32(0.56) * pull)
        r = (
            d0 * (f32(0.8) + f32(0.6) * face)
            + (h0 + (m0 + (p0 - m0) * steep * f32(0.6) - h0) * min(steep * f32(1.8), f32(1))) * mirror
        )
        g = (
            d1 * (f32(0.8) + f32(0.6) * face)
            + (h1 + (m1 + (p1 - m1) * steep * f32(0.6) - h1) * min(steep * f32(1.8), f32(1))) * mirror
        )
        b = (
            d2 * (f32(0.8) + f32(0.6) * face)
            + (h2 + (m2 + (p2 - m2) * steep * f32(0.6) - h2) * min(steep * f32(1.8), f32(1))) * mirror
        )
        thin = face * face * face * (f32(0.45) + f32(0.8) * gl) * (f32(0.6) + f32(0.6) * pull)
        r += t0 * thin
        g += t1 * thin
        b += t2 * thin
        # foam spills from the lip and eats the face as the wave breaks
        spill = smooth_step(
            f32(1.05) - f32(1.20) * br, f32(1.32) - f32(1.02) * br, u + (n - f32(0.5)) * f32(0.95)
        )
        lip = smooth_step(f32(0.86), f32(1.0), u) * (f32(0.25) + f32(0.5) * n) * (f32(0.3) + f32(0.7) * br)
        apron = smooth_step(f32(-0.45), f32(0.05), u) * smooth_step(f32(0.42), f32(0.66), n) * br
        foam = min(
            max(
                spill * min(br * f32(4), f32(1)),
                lip,
                apron * (f32(1) - smooth_step(f32(0), f32(0.25), u)),
            ),
            f32(1),
        )
        shine = (f32(0.52) + f32(0.50) * n) * (f32(0.62) + f32(0.38) * face) + f32(0.55) * gl * face * n
        r += (f0 * shine - r) * foam
        g += (f1 * shine - g) * foam
        b += (f2 * shine - b) * foam
        body = smooth_step(f32(-0.10), f32(0.28), u)
        a = inside * max(body, foam * smooth_step(f32(-0.45), f32(-0.15), u))
        spray = (
            smooth_step(f32(1.45), f32(0.95), u)
            * br
            * n1
            * n2
            * (f32(0.35) + f32(0.5) * gl)
            * (f32(1) - inside)
            * min(tall[i], f32(1))
        )
        r = z0 + (r - z0) * clear
        g = z1 + (g - z1) * clear
        b = z2 + (b - z2) * clear
        R[i] += (r - R[i]) * a + (f0 - R[i]) * spray
        G[i] += (g - G[i]) * a + (f1 - G[i]) * spray
        B[i] += (b - B[i]) * a + (f2 - B[i]) * spray


@kernel
def paint_wave(
    R: F32, G: F32, B: F32, base: F32, tall: F32, world: F32, broken: F32, lit: F32, phase: np.float32,
    time: np.float32,
    paint: F32, sea: F32, clear: np.float32, fine: np.float32,
) -> None:  # fmt: skip
    """Paint one wave from its column facts (see `wave_columns`)."""
    top = f32(R.shape[0])
    low = f32(0)
    for i in range(base.shape[0]):
        if tall[i] > f32(0.05):
            top = min(top, base[i] - tall[i] * f32(1.32))
            low = max(low, base[i] + tall[i] * f32(0.45))
    for j in range(max(0, int(top) - 1), min(R.shape[0], int(low) + 2)):
        wave_row(
            R[j], G[j], B[j], f32(j), base, tall, world, broken, lit, phase, time, paint, sea, clear, fine
        )
