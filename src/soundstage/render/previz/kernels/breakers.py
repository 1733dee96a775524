"""Waves that stand up, break and run, column facts first, then rows. Knows no camera.

A wave is a ribbon along x that comes toward smaller z; `kernels.water` paints the sea it rises from.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.inline import line_noise, smooth_step, value_noise

f32 = np.float32
F32 = NDArray[np.float32]
BLOCK = 192  #: columns of a wave that share their first and last row


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
    """Paint one wave from its column facts (see `wave_columns`), block by block: few columns are tall."""
    height, width = R.shape
    for i0 in range(0, width, BLOCK):
        i1 = min(i0 + BLOCK, width)
        top = f32(height)
        low = f32(0)
        for i in range(i0, i1):
            if tall[i] > f32(0.05):
                top = min(top, base[i] - tall[i] * f32(1.32))
                low = max(low, base[i] + tall[i] * f32(0.45))
        for j in range(max(0, int(top) - 1), min(height, int(low) + 2)):
            wave_row(
                R[j, i0:i1], G[j, i0:i1], B[j, i0:i1], f32(j), base[i0:i1], tall[i0:i1], world[i0:i1],
                broken[i0:i1], lit[i0:i1], phase, time, paint, sea, clear, fine,
            )  # fmt: skip
