"""Light of the sky, row by row, and the clouds on it. Knows no camera: a ray is linear in the column.

A sky is thirteen numbers and three: `PAINT` names their places in the `paint` array. Everything that mirrors
the sky (sea, wet sand, floors) calls `sky_light` with the same numbers, so a reflection cannot disagree
with its sky.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.inline import exp_minus, inline, smooth_step, value_noise

f32 = np.float32
F32 = NDArray[np.float32]
Num = np.float32

#: Places in `paint`: colours are linear RGB; tightness is how fast mid (1) and horizon (2) give way upwards.
PAINT = {
    "zenith": 0,
    "mid": 3,
    "horizon": 6,
    "glow": 9,
    "sun": 12,
    "mid_fall": 15,
    "horizon_fall": 16,
    "disc": 17,
}
PAINT_SIZE = 18


@inline
def sky_light(
    e: Num, d: Num, p0: Num, p1: Num, p2: Num, m0: Num, m1: Num, m2: Num, h0: Num, h1: Num, h2: Num, g0:
    Num, g1: Num, g2: Num, mf: Num, hf: Num,
) -> tuple[Num, Num, Num]:  # fmt: skip
    """Return RGB seen at sine of elevation `e`, at squared chord `d` from the sun."""
    m = exp_minus(e * mf)
    h = exp_minus(e * hf)
    wide = f32(1) / (f32(1) + d * f32(11))
    near = f32(1) / (f32(1) + d * f32(190))
    g = wide * wide * (f32(0.30) + f32(0.55) * h) + near * f32(0.62)
    return (
        p0 + (m0 - p0) * m + (h0 - m0) * h + g0 * g,
        p1 + (m1 - p1) * m + (h1 - m1) * h + g1 * g,
        p2 + (m2 - p2) * m + (h2 - m2) * h + g2 * g,
    )


@kernel
def sky_row(R: F32, G: F32, B: F32, ray: F32, step: F32, sun: F32, paint: F32) -> None:
    """Paint one row of sky. `ray` (3,) is the direction of column 0, `step` (3,) its change per column."""
    ax, ay, az = ray[0], ray[1], ray[2]
    bx, by, bz = step[0], step[1], step[2]
    sx, sy, sz = sun[0], sun[1], sun[2]
    p0, p1, p2, m0, m1, m2 = paint[0], paint[1], paint[2], paint[3], paint[4], paint[5]
    h0, h1, h2, g0, g1, g2 = paint[6], paint[7], paint[8], paint[9], paint[10], paint[11]
    s0, s1, s2, mf, hf, disc = paint[12], paint[13], paint[14], paint[15], paint[16], paint[17]
    for i in range(R.shape[0]):
        c = f32(np.int32(i))
        x = ax + bx * c
        y = ay + by * c
        z = az + bz * c
        q = f32(1) / math.sqrt(x * x + y * y + z * z)
        d = max(f32(2) - f32(2) * q * (x * sx + y * sy + z * sz), f32(0))
        r, g, b = sky_light(max(y * q, f32(0)), d, p0, p1, p2, m0, m1, m2, h0, h1, h2, g0, g1, g2, mf, hf)
        k = f32(1) / (f32(1) + d * disc)
        k = k * k
        R[i] = r + s0 * k
        G[i] = g + s1 * k
        B[i] = b + s2 * k


@kernel
def paint_sky(R: F32, G: F32, B: F32, rays: F32, sun: F32, paint: F32) -> None:
    """Paint the sky. `rays` (3, 3): direction of pixel (0, 0), change per column, change per row."""
    row = np.empty(3, np.float32)
    for j in range(R.shape[0]):
        for k in range(3):
            row[k] = rays[0, k] + rays[2, k] * f32(j)
        sky_row(R[j], G[j], B[j], row, rays[1], sun, paint)


@kernel
def fbm(x: np.float32, y: np.float32, octaves: np.int32) -> np.float32:
    """Return fractal value noise in 0..1; every octave is turned, so that lattices do not line up."""
    # A literal number would compile a copy for each: callers pass np.int32.
    total = f32(0)
    gain = f32(0.5)
    for _ in range(octaves):
        total += value_noise(x, y) * gain
        x, y = x * f32(1.62) - y * f32(1.22) + f32(17.3), x * f32(1.22) + y * f32(1.62) + f32(5.9)
        gain *= f32(0.5)
    return total


@kernel
def cloud_density(
    D: F32, x0: np.float32, y0: np.float32, dx: np.float32, dy: np.float32, shape: F32, seed: np.float32
) -> None:
    """Fill D (h, w) with cloud thickness 0..1 over the plane x = right/forward, y = up/forward.

    `shape`: cover, cirrus, bank, softness, deck (0 broken cloud .. 1 closed ceiling), scale.
    """
    cover, cirrus, bank, soft, deck, scale = shape[0], shape[1], shape[2], shape[3], shape[4], shape[5]
    for j in range(D.shape[0]):
        y = y0 + dy * f32(j)
        for i in range(D.shape[1]):
            D[j, i] = f32(0)
            if y <= f32(0):
                continue
            x = x0 + dx * f32(i)
            far = f32(1) / (y + f32(0.07))  # a ceiling seen from below: cells shrink toward the horizon
            u = x * far * scale + seed
            v = far * f32(1.35) * scale + seed * f32(0.37)
            bend = fbm(u * f32(0.55), v * f32(0.5) + f32(3.1), np.int32(3))
            bend2 = fbm(u * f32(0.55) + f32(9.2), v * f32(0.5), np.int32(3))
            region = fbm(
                u * f32(0.21) + f32(2.2), v * f32(0.16) + f32(7.7), np.int32(2)
            )  # banks and clearings
            n = fbm(u * f32(0.8) + bend * f32(1.9), v * f32(0.62) + bend2 * f32(1.5), np.int32(7))
            t = f32(0.70) - cover * f32(0.36) - (region - f32(0.37)) * f32(0.95) * (f32(1) - deck)
            d = smooth_step(t, t + soft, n)
            rise = smooth_step(f32(0.0), f32(0.10), y)
            d *= rise
            # wisps: combed along one wind, high and thin
            wu = u * f32(0.30) + v * f32(0.22) + bend * f32(1.3)
            wv = v * f32(1.05) - u * f32(0.34) + bend2 * f32(2.2)
            w = fbm(wu, wv * f32(2.2), np.int32(5)) * fbm(
                wu * f32(0.4) + f32(31.0), wv * f32(0.35), np.int32(3)
            )
            patch = smooth_step(
                f32(0.34), f32(0.56), fbm(u * f32(0.16) + f32(40), v * f32(0.30) + bend, np.int32(3))
            )
            d = max(d, cirrus * patch * smooth_step(f32(0.17), f32(0.46), w) * f32(0.40) * rise)
            # a far bank standing on the horizon
            crest = f32(0.012) + bank * f32(0.10) * fbm(x * f32(2.3) + seed, f32(4.4), np.int32(4))
            puff = fbm(x * f32(16) + seed, y * f32(26), np.int32(5))
            b = smooth_step(f32(0), f32(0.55), (crest - y) / crest + (puff - f32(0.5)) * f32(1.5))
            d = max(d, min(bank * f32(3), f32(1)) * b * f32(0.8))
            thick = f32(0.62) + f32(0.38) * fbm(u * f32(0.5) + f32(5), v * f32(0.7) + bend, np.int32(4))
            D[j, i] = d + (max(d, thick) - d) * deck * smooth_step(f32(0.0), f32(0.05), y)


@kernel
def light_clouds(
    card: F32, D: F32, x0: np.float32, y0: np.float32, dx: np.float32, dy: np.float32,
    sun_x: np.float32, sun_y: np.float32, light: F32, shade: F32, opacity: np.float32, front: np.float32,
    relief: np.float32,
) -> None:  # fmt: skip
    """Turn thickness into a premultiplied card (h, w, 4), lit from (sun_x, sun_y) of the same plane.

    `light` and `shade` (3,) are linear RGB of a lit edge and of a thick belly; `front` is 1 when the sun
    stands behind the clouds (edges burn) and 0 when it stands behind the viewer (bodies are white).
    """
    h, w = D.shape
    for j in range(h):
        y = y0 + dy * f32(j)
        for i in range(w):
            d = D[j, i]
            if d <= f32(0.002):
                for c in range(4):
                    card[j, i, c] = f32(0)
                continue
            x = x0 + dx * f32(i)
            tx = sun_x - x
            ty = sun_y - y
            span = math.sqrt(tx * tx + ty * ty) + f32(1e-4)
            reach = min(span, f32(0.10) * (y + f32(0.12)) * f32(4))
            depth = f32(0)
            for k in range(1, 7):
                s = reach * f32(k) / f32(6)
                si = min(max(int((x + tx / span * s - x0) / dx), 0), w - 1)
                sj = min(max(int((y + ty / span * s - y0) / dy), 0), h - 1)
                depth += max(D[sj, si] - d * f32(0.25), f32(0))
            through = exp_minus(depth * f32(0.62))
            near = f32(1) / (f32(1) + span * span * f32(7))
            thin = f32(1) - d
            silver = near * (f32(0.35) + f32(1.5) * thin * thin) * front
            body = through * (f32(0.42) + f32(0.58) * thin * front + f32(0.42) * (f32(1) - front))
            lit = body * (f32(0.40) + f32(0.85) * near) + silver * through
            a = opacity * d * (f32(2) - d)
            a = min(max(a, f32(0)), f32(1))
            for c in range(3):
                card[j, i, c] = a * (shade[c] * (f32(1.12) - relief * d) + light[c] * lit)
            card[j, i, 3] = a


@kernel
def stamp_stars(R: F32, G: F32, B: F32, stars: F32) -> None:
    """Add stars (n, 6): x, y, radius (px), r, g, b."""
    h, w = R.shape
    for n in range(stars.shape[0]):
        x, y, s = stars[n, 0], stars[n, 1], stars[n, 2]
        m = int(s * f32(1.8)) + 1
        if not (x > f32(m) and y > f32(m) and x < f32(w - m - 1) and y < f32(h - m - 1)):
            continue
        ci, cj = int(x), int(y)
        k = f32(0.3) / (s * s)
        for j in range(cj - m, cj + m + 1):
            for i in range(ci - m, ci + m + 1):
                d = (f32(i) - x) * (f32(i) - x) + (f32(j) - y) * (f32(j) - y)
                q = max(f32(1) - d * k, f32(0))
                q = q * q * q * q
                R[j, i] += stars[n, 3] * q
                G[j, i] += stars[n, 4] * q
                B[j, i] += stars[n, 5] * q


@kernel
def stamp_moon(
    R: F32, G: F32, B: F32, x: np.float32, y: np.float32, radius: np.float32, colour: F32, hidden: np.float32
) -> None:
    """Draw a full moon with its seas at (x, y), `radius` px; `hidden`: opacity of the cloud before it."""
    h, w = R.shape
    if not (x > -radius and y > -radius and x < f32(w) + radius and y < f32(h) + radius):
        return
    j0, j1 = max(0, int(y - radius) - 1), min(h, int(y + radius) + 3)
    i0, i1 = max(0, int(x - radius) - 1), min(w, int(x + radius) + 3)
    for j in range(j0, j1):
        for i in range(i0, i1):
            dx = (f32(i) - x) / radius
            dy = (f32(j) - y) / radius
            d = f32(math.sqrt(dx * dx + dy * dy))
            a = min(max((f32(1) - d) * radius + f32(0.5), f32(0)), f32(1)) * (f32(1) - f32(0.9) * hidden)
            if a <= f32(0):
                continue
            seas = fbm(dx * f32(1.7) + f32(11.3), dy * f32(1.7) + f32(4.1), np.int32(4))
            face = (f32(1) - f32(0.42) * smooth_step(f32(0.42), f32(0.60), seas)) * (
                f32(1) - f32(0.22) * d * d
            )
            R[j, i] += (colour[0] * face - R[j, i]) * a
            G[j, i] += (colour[1] * face - G[j, i]) * a
            B[j, i] += (colour[2] * face - B[j, i]) * a
