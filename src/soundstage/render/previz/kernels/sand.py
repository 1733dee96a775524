"""Sand, row by row: dry and rippled, wet and mirroring, under swash and its lace. Knows no camera."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.inline import (
    exp_minus,
    inline,
    line_noise,
    noise_slope,
    smooth_step,
    value_noise,
)  # fmt: skip
from soundstage.render.previz.kernels.water import ground_span, sea_row, split_at_z

f32 = np.float32
F32 = NDArray[np.float32]
Num = np.float32

#: Places in `sand`: albedo RGB, sunlight RGB, light from the sky RGB, foam RGB, haze RGB and density per
#: metre,
#: z of the shore line, detail left across by motion blur 0..1, rain 0..1, height of the ripples 0..1,
#: shallow water RGB.
SAND = {
    "albedo": 0, "sun": 3, "sky": 6, "foam": 9, "haze": 12, "haze_per_m": 15, "shore_z": 16, "sharp": 17,
    "rain": 18,
    "ripples": 19, "shallow": 20,
}  # fmt: skip
SAND_SIZE = 23
SWASH_M = 3.6  #: nearer than this before the shore line no wave ever runs


@inline
def swash_reach(x: np.float32, time: np.float32) -> np.float32:
    """Return how far (m) the last wave has run up at `x`: fast up, slow back, each stretch in its time."""
    phase = time * f32(0.16) + line_noise(x * f32(0.10), 3) * f32(1.6)
    phase -= f32(math.floor(phase))
    up = smooth_step(f32(0), f32(0.30), phase) * (f32(1) - smooth_step(f32(0.34), f32(1.0), phase))
    return f32(0.35) + f32(1.9) * up * (
        f32(0.55) + f32(0.75) * line_noise(x * f32(0.31) + time * f32(0.05), 9)
    )


@inline
def sand_point(
    wx: Num, wz: Num, graze: Num, sx: Num, sy: Num, sz: Num, w1: Num, w2: Num, w3: Num, fx2: Num, fx3: Num,
    sharp: Num, shore_z: Num, rain: Num, big: Num,
) -> tuple[Num, Num, Num, Num, Num]:  # fmt: skip
    """Return (diffuse sun, open sky, albedo gain, mirror share, n1) of one point of sand."""
    n1, u1, v1 = noise_slope(wx * f32(0.42) + wz * f32(0.20), wz * f32(0.75))
    n2, u2, v2 = noise_slope(wx * fx2 + n1 * f32(1.2), wz * f32(7.0) + wx * f32(0.5) * sharp + n1 * f32(5))
    n3 = value_noise(wx * fx3, wz * f32(38))
    wet = smooth_step(f32(-7.4), f32(-2.6), wz - shore_z + (n1 - f32(0.5)) * f32(1.9) * big)
    wet = wet + (f32(1) - wet) * rain * f32(0.75)
    dry = f32(1) - wet
    slx = u1 * w1 * f32(0.5) + u2 * fx2 * w2 * dry
    slz = v1 * w1 + v2 * f32(2.2) * w2 * (f32(0.10) + f32(0.90) * dry)
    face = max(sy - slx * sx - slz * sz, f32(0)) / math.sqrt(f32(1) + slx * slx + slz * slz)
    al = (
        f32(0.99) + f32(0.30) * (n1 - f32(0.5)) * big + (n3 - f32(0.5)) * w3 * (f32(0.35) + f32(0.65) * dry)
    ) * (f32(1) - f32(0.60) * wet)
    open_sky = f32(0.80) + f32(0.40) * (n2 - f32(0.5)) * dry
    e = f32(1) - graze
    e2 = e * e
    fresnel = f32(0.04) + f32(0.96) * e2 * e2 * e
    shine = (
        wet
        * (fresnel * (f32(0.3) + f32(0.7) * wet) + f32(0.20) * wet * e2)
        * (f32(0.93) + f32(0.66) * (n1 - f32(0.5)) * big)
    )
    return face, open_sky, al, shine + f32(0.05) * fresnel, n1


@kernel
def dry_row(
    R: F32, G: F32, B: F32, MR: F32, MG: F32, MB: F32, row: F32, step: F32, column: int, eye: F32,
    sun: F32, sand: F32, foot: np.float32,
) -> None:  # fmt: skip
    """Paint sand that no wave reaches over a stretch of a row. `MR`.. is the mirrored sky."""
    ex, ey, ez = eye[0], eye[1], eye[2]
    ax = row[0] + step[0] * f32(column)
    ay = row[1] + step[1] * f32(column)
    az = row[2] + step[2] * f32(column)
    bx, by, bz = step[0], step[1], step[2]
    low = f32(0.30) + f32(0.70) * min(sun[1] * f32(2.2), f32(1))
    sx, sy, sz = sun[0] * low, max(sun[1], f32(0.06)), sun[2] * low
    a0, a1, a2, l0, l1, l2 = sand[0], sand[1], sand[2], sand[3], sand[4], sand[5]
    k0, k1, k2 = sand[6], sand[7], sand[8]
    z0, z1, z2, thick, shore_z, sharp = sand[12], sand[13], sand[14], sand[15], sand[16], sand[17]
    rain, ripples = sand[18], sand[19]
    w1 = f32(0.20) / (f32(1) + foot * foot * f32(1.5))
    w2 = f32(0.085) * ripples / (f32(1) + foot * foot * f32(60))
    w3 = f32(0.5) / (f32(1) + foot * foot * f32(900))
    big = f32(1) / (f32(1) + foot * foot * f32(3))
    fx2 = f32(1.1) * sharp
    fx3 = f32(16) * sharp
    for i in range(R.shape[0]):
        c = f32(np.int32(i))
        x = ax + bx * c
        y = ay + by * c
        z = az + bz * c
        q = f32(1) / math.sqrt(x * x + y * y + z * z)
        t = ey / max(-y, f32(1e-4))
        graze = min(-y * q, f32(1))
        face, open_sky, al, shine, _ = sand_point(
            ex + x * t, ez + z * t, graze, sx, sy, sz, w1, w2, w3, fx2, fx3, sharp, shore_z, rain, big
        )
        r = a0 * al * (l0 * face + k0 * open_sky)
        g = a1 * al * (l1 * face + k1 * open_sky)
        b = a2 * al * (l2 * face + k2 * open_sky)
        air = exp_minus(t / q * thick)
        R[i] = z0 + (r + (MR[i] - r) * shine - z0) * air
        G[i] = z1 + (g + (MG[i] - g) * shine - z1) * air
        B[i] = z2 + (b + (MB[i] - b) * shine - z2) * air


@kernel
def wash_row(
    R: F32, G: F32, B: F32, MR: F32, MG: F32, MB: F32, row: F32, step: F32, column: int, eye: F32,
    time: np.float32, sun: F32, sand: F32, foot: np.float32,
) -> None:  # fmt: skip
    """Paint sand that waves may reach over a stretch of a row. `MR`.. is the mirrored sky."""
    ex, ey, ez = eye[0], eye[1], eye[2]
    ax = row[0] + step[0] * f32(column)
    ay = row[1] + step[1] * f32(column)
    az = row[2] + step[2] * f32(column)
    bx, by, bz = step[0], step[1], step[2]
    low = f32(0.30) + f32(0.70) * min(sun[1] * f32(2.2), f32(1))
    sx, sy, sz = sun[0] * low, max(sun[1], f32(0.06)), sun[2] * low
    a0, a1, a2, l0, l1, l2 = sand[0], sand[1], sand[2], sand[3], sand[4], sand[5]
    k0, k1, k2 = sand[6], sand[7], sand[8]
    z0, z1, z2, thick, shore_z, sharp = sand[12], sand[13], sand[14], sand[15], sand[16], sand[17]
    rain, ripples = sand[18], sand[19]
    f0, f1, f2, c0, c1, c2 = sand[9], sand[10], sand[11], sand[20], sand[21], sand[22]
    w1 = f32(0.20) / (f32(1) + foot * foot * f32(1.5))
    w2 = f32(0.085) * ripples / (f32(1) + foot * foot * f32(60))
    w3 = f32(0.5) / (f32(1) + foot * foot * f32(900))
    big = f32(1) / (f32(1) + foot * foot * f32(3))
    fx2 = f32(1.1) * sharp
    fx3 = f32(16) * sharp
    fx4 = f32(2.4) * (f32(0.35) + f32(0.65) * sharp)
    fade = f32(0.9) / (f32(1) + foot * foot * f32(6))
    for i in range(R.shape[0]):
        c = f32(np.int32(i))
        x = ax + bx * c
        y = ay + by * c
        z = az + bz * c
        q = f32(1) / math.sqrt(x * x + y * y + z * z)
        t = ey / max(-y, f32(1e-4))
        graze = min(-y * q, f32(1))
        wx = ex + x * t
        wz = ez + z * t
        face, open_sky, al, shine, n1 = sand_point(
            wx, wz, graze, sx, sy, sz, w1, w2, w3, fx2, fx3, sharp, shore_z, rain, big
        )
        r = a0 * al * (l0 * face + k0 * open_sky)
        g = a1 * al * (l1 * face + k1 * open_sky)
        b = a2 * al * (l2 * face + k2 * open_sky)
        # the sheet of the last wave, its lip of foam, and the lace it leaves
        meander = line_noise(wx * f32(0.19), 1) * f32(0.9) + line_noise(wx * f32(0.6), 7) * f32(0.35)
        drift = wz - (shore_z - f32(0.6) + meander - swash_reach(wx, time))
        film = smooth_step(f32(-0.02), f32(0.10), drift)
        lace = value_noise(wx * fx4 + n1, drift * f32(3.4) + time * f32(0.15))
        lace2 = value_noise(wx * fx4 * f32(2.3) + f32(5), drift * f32(7.7))
        net = (f32(1) - abs(lace - f32(0.5)) * f32(2)) * f32(0.64) + (
            f32(1) - abs(lace2 - f32(0.5)) * f32(2)
        ) * f32(0.36)
        trail = smooth_step(f32(3.2), f32(0.15), drift) * smooth_step(f32(0.72), f32(0.93), net) * f32(0.8)
        edge = smooth_step(f32(0.30), f32(0.02), drift) * smooth_step(f32(0.15), f32(0.62), net + f32(0.12))
        foam = min(film * max(trail, edge) * fade, f32(1))
        e2 = (f32(1) - graze) * (f32(1) - graze)
        shine = min(shine + (f32(0.10) + f32(0.86) * e2 * e2 - shine) * film * f32(0.8), f32(0.96))
        damp = f32(1) - film * f32(0.35)
        deep = smooth_step(f32(-1.1), f32(0.5), wz - shore_z) * film
        r += (c0 - r) * deep
        g += (c1 - g) * deep
        b += (c2 - b) * deep
        r = r * damp + (MR[i] - r * damp) * shine
        g = g * damp + (MG[i] - g * damp) * shine
        b = b * damp + (MB[i] - b * damp) * shine
        air = exp_minus(t / q * thick)
        R[i] = z0 + (r + (f0 - r) * foam - z0) * air
        G[i] = z1 + (g + (f1 - g) * foam - z1) * air
        B[i] = z2 + (b + (f2 - b) * foam - z2) * air


@kernel
def widen(half: F32, full: F32) -> None:
    """Fill a row (2 n,) from every second of its columns, (n + 1,), what lies between blended."""
    for i in range(full.shape[0] // 2):
        full[2 * i] = half[i]
        full[2 * i + 1] = (half[i] + half[i + 1]) * f32(0.5)


@kernel
def paint_shore(
    R: F32, G: F32, B: F32, M: F32, top: int, rays: F32, eye: F32, focal: np.float32, time: np.float32,
    sun: F32, paint: F32, sea: F32, sand: F32,
) -> None:  # fmt: skip
    """Paint every pixel below the horizon: sea beyond the shore line, sand before it.

    Seen at a slant, ground has no detail finer than two columns that one row's depth would not have blurred
    already: every second column is painted.

    Args:
        R: red (h, w), w even.
        G: green.
        B: blue.
        M: (3, h - top, w / 2 + 1) the mirrored sky of the rows from `top`, every second column.
        top: first row that may see ground.
        rays: (3, 3) of the full width, see `pixel_rays`.
        eye: (3,) metres.
        focal: px.
        time: seconds.
        sun: (3,) towards it.
        paint: the sky's numbers.
        sea: (SEA_SIZE,).
        sand: (SAND_SIZE,).
    """
    height = R.shape[0]
    width = M.shape[2]
    row = np.empty(3, np.float32)
    step = np.empty(3, np.float32)
    # Rows end well before the next begins: rows that touch fail the vector loop's test for overlap.
    line = np.empty((3, width + 64), np.float32)
    r, g, b = line[0], line[1], line[2]
    for k in range(3):
        step[k] = rays[1, k] * f32(2)
    for j in range(top, height):
        for k in range(3):
            row[k] = rays[0, k] + rays[2, k] * f32(j)
        first, last = ground_span(row, step, width)
        if first >= last:
            continue
        depth = eye[1] / max(-(row[1] + step[1] * f32(width // 2)), f32(1e-3))
        foot = depth * depth / (focal * eye[1])
        cut, left_far = split_at_z(row, step, eye, sea[17], first, last)
        far0, far1, near0, near1 = (first, cut, cut, last) if left_far else (cut, last, first, cut)
        if far0 < far1:
            sea_row(
                r[far0:far1], g[far0:far1], b[far0:far1], row, step, far0, eye, time, sun, paint, sea, foot
            )
        if near0 < near1:
            cut, left_far = split_at_z(row, step, eye, sand[16] - f32(SWASH_M), near0, near1)
            w0, w1, d0, d1 = (near0, cut, cut, near1) if left_far else (cut, near1, near0, cut)
            m = j - top
            if w0 < w1:
                wash_row(
                    r[w0:w1], g[w0:w1], b[w0:w1], M[0, m, w0:w1], M[1, m, w0:w1], M[2, m, w0:w1],
                    row, step, w0, eye, time, sun, sand, foot,
                )  # fmt: skip
            if d0 < d1:
                dry_row(
                    r[d0:d1], g[d0:d1], b[d0:d1], M[0, m, d0:d1], M[1, m, d0:d1], M[2, m, d0:d1],
                    row, step, d0, eye, sun, sand, foot,
                )  # fmt: skip
        if last < width:  # a tilted horizon ends within the row: nothing blends with what lies beyond it
            r[last], g[last], b[last] = r[last - 1], g[last - 1], b[last - 1]
        end = min(last, width - 1)
        widen(r[first : end + 1], R[j, 2 * first : 2 * end])
        widen(g[first : end + 1], G[j, 2 * first : 2 * end])
        widen(b[first : end + 1], B[j, 2 * first : 2 * end])
