"""Galaxies, nebulae, black holes, tunnels: painters of light far away. Know no place."""

from __future__ import annotations

import math

import cv2
import numpy as np

from soundstage.render.previz.subjects.phenomenon_vision import (
    F32,
    Air,
    Paint,
    cloud_noise,
    grid,
    ramp,
    sample,
    smooth,
)

f32 = np.float32


def _rgb(colour: F32) -> tuple[float, float, float]:
    return float(colour[0]), float(colour[1]), float(colour[2])


def galaxy(air: Air) -> Paint:
    """A spiral seen at a slant: arms of blue stars and dust about a warm heart, turning slowly."""
    size = 512
    y, x = np.mgrid[-1 : 1 : size * 1j, -1 : 1 : size * 1j].astype(f32)
    r, angle = np.hypot(x, y), np.arctan2(y, x)
    swirl = angle + 3.4 * np.log(np.maximum(r, 0.02))
    n = 0.6 * sample(cloud_noise(30, 1.7), x * 0.5, y * 0.5) + 0.4 * sample(
        cloud_noise(31, 1.4), x * 1.4, y * 1.4
    )
    arm = (0.5 + 0.5 * np.cos(2 * swirl + (n - 0.5) * 2.6)) ** 2.0
    lane = (0.5 + 0.5 * np.cos(2 * swirl - 0.9 + (n - 0.5) * 2.2)) ** 5
    disc = np.exp(-r * 3.4) * smooth(0.98, 0.55, r)
    core = np.exp(-((r / 0.115) ** 2)) + 0.45 * np.exp(-r * 9)
    cool, warm = air.colour(0, (0.34, 0.52, 1.0)), air.colour(1, (1.0, 0.74, 0.44))
    rose = np.array([1.0, 0.28, 0.46], f32)
    glow = (disc * arm * (0.30 + 1.5 * n) * (1 - 0.75 * lane * smooth(0.08, 0.3, r)))[..., None] * 3.0 * cool
    glow += (disc * arm * smooth(0.62, 0.8, n))[..., None] * 2.4 * rose
    glow += core[..., None] * 1.5 * warm + (disc * 0.5)[..., None] * warm * 0.5
    stars = air.rng.random((size, size)).astype(f32)
    chance = disc * (0.25 + arm) * 0.05
    points = (stars < chance).astype(f32) * air.rng.uniform(0.3, 2.4, (size, size)).astype(f32) ** 2
    glow += cv2.GaussianBlur(points, (0, 0), 0.7)[..., None] * np.array([0.9, 0.95, 1.1], f32) * 1.4
    light = (glow * f32(0.85 * air.white)).astype(f32)
    rate = float(air.told.get("spin_hz", 0.012))
    slant, lean = 0.46, -0.35

    def paint(t: float) -> F32:
        a = -2 * math.pi * rate * t
        turn = np.array([[math.cos(a), -math.sin(a)], [math.sin(a), math.cos(a)]])
        squash = np.array([[math.cos(lean), -math.sin(lean)], [math.sin(lean), math.cos(lean)]]) @ np.diag(
            [0.62, 0.62 * slant]
        )
        m = squash @ turn
        c = size / 2
        w, h = 416, 320
        affine = np.column_stack([m, np.array([w / 2, h / 2]) - m @ np.array([c, c])])
        seen = cv2.warpAffine(light, affine, (w, h), flags=cv2.INTER_AREA)
        return np.dstack([seen, np.zeros((h, w), f32)]).astype(f32)

    return paint


def nebula(air: Air) -> Paint:
    """Clouds of gas lit by young stars, with dark pillars before them."""
    h, w = 320, 512
    y, x = np.mgrid[0 : 1 : h * 1j, 0 : 1.6 : w * 1j].astype(f32)
    a, b = cloud_noise(32, 1.8), cloud_noise(33, 1.9)
    hues = (
        air.colour(0, (0.10, 0.35, 0.90)),
        air.colour(1, (0.95, 0.16, 0.42)),
        air.colour(2, (1.0, 0.52, 0.14)),
    )
    edge = smooth(0.0, 0.22, y) * smooth(1.0, 0.78, y) * smooth(0.0, 0.25, x) * smooth(1.6, 1.35, x)
    points = (air.rng.random((h, w)) < 0.0016).astype(f32) * air.rng.uniform(0.0, 1.7, (h, w)).astype(f32)
    stars = cv2.GaussianBlur(points, (0, 0), 0.8)[..., None] * f32(2.0)

    def paint(t: float) -> F32:
        wx = x * 0.4 + (sample(b, x * 0.3, y * 0.3 + f32(0.004 * t)) - 0.5) * 0.35
        wy = y * 0.4 + (sample(b, x * 0.3 + 0.4, y * 0.3) - 0.5) * 0.35 + f32(0.003 * t)
        n, m = sample(a, wx, wy), sample(b, wx * 1.8 + 0.2, wy * 1.8 - f32(0.004 * t))
        dark = smooth(0.46, 0.70, sample(a, wx * 0.9 + 0.5, wy * 0.9 + 0.1))
        light = (
            hues[0] * (smooth(0.30, 0.85, n) ** 1.3)[..., None]
            + hues[1] * (smooth(0.42, 0.9, m) * n)[..., None] * 1.3
        )
        light = light + hues[2] * (smooth(0.55, 0.92, n * m * 2.2))[..., None] * 1.5
        light = light * (1 - 0.82 * dark)[..., None] + stars
        out = np.zeros((h, w, 4), f32)
        out[..., :3] = light * edge[..., None] * f32(0.50 * air.white)
        return out

    return paint


def black_hole(air: Air) -> Paint:
    """A shadow, the ring of light around it, and a disc whose far side is bent over the top."""
    size = 352
    x, y = grid(size, int(size * 1.5))
    x, y = x * 1.5, y * 2 - 1
    hole = 0.20
    r = np.hypot(x, y)
    # The disc itself, nearly edge on, and its far side lifted around the shadow by gravity.
    flat = np.hypot(x, y / 0.17) / hole
    bent = np.hypot(x, np.abs(y) - 0.015) / hole
    angle, arc = np.arctan2(y / 0.17, x), np.arctan2(y, x)
    noise = cloud_noise(34, 1.6)
    doppler = (1.25 - 0.85 * np.clip(x / 1.0, -1, 1)).astype(f32)
    front = smooth(1.55, 1.85, flat) * smooth(5.6, 2.2, flat)
    lifted = smooth(1.0, 1.12, bent) * np.exp(-(((bent - 1.55) / 0.30) ** 2)) * (0.55 + 0.45 * np.sign(y))
    ring = np.exp(-(((bent - 1.10) / 0.045) ** 2)) * 1.3
    shadow = smooth(1.06, 1.0, bent)
    halo = (
        smooth(1.0, 1.1, bent)
        * np.exp(-r * 2.2)
        * 0.10
        * smooth(1.0, 0.6, np.abs(y))
        * smooth(1.5, 1.0, np.abs(x))
    )
    hue = air.colour(0, (1.0, 0.46, 0.13))
    hue = hue / max(float(hue.max()), 1e-3)
    cover = np.clip(shadow * (1 - smooth(0.2, 0.6, front) * (y < 0.01)), 0, 1)

    def paint(t: float) -> F32:
        omega = f32(0.30 * t) / np.maximum(flat, 1.2) ** 1.0
        band = sample(noise, (angle / (2 * np.pi)).astype(f32) * 2 + omega, flat * 0.16)
        streak = 0.35 + 1.3 * band**1.5
        over = sample(noise, (arc / (2 * np.pi)).astype(f32) * 2 + f32(0.12 * t), bent * 0.22)
        level = front * streak * doppler * 0.95 + lifted * (0.4 + over) * doppler * 0.8 + ring * doppler
        level = np.where((y > 0.0) & (bent < 1.04), level * (flat > 1.5) * 0.0 + ring * doppler, level)
        out = np.zeros((*x.shape, 4), f32)
        out[..., :3] = (
            ramp(
                np.clip(level / 2.2, 0, 1),
                [
                    (0.0, (0.0, 0.0, 0.0)),
                    (0.3, _rgb(hue * 0.75)),
                    (0.65, _rgb(hue * 1.2 + 0.25)),
                    (1.0, (2.4, 2.0, 1.5)),
                ],
            )
            + hue * halo[..., None]
        ) * f32(1.1 * air.white)
        out[..., 3] = cover
        return out

    return paint


def tunnel(air: Air) -> Paint:
    """A vortex one looks into: walls of light that rush past, a bright far end."""
    x, y = grid(320, 512)
    x, y = x * 1.6, y * 2 - 1
    r = np.hypot(x, y)
    deep = 0.30 / np.maximum(r, 0.03)
    angle = (np.arctan2(y, x) / (2 * np.pi)).astype(f32)
    a, b = cloud_noise(35, 1.7), cloud_noise(36, 1.4)
    cool, warm = air.colour(0, (0.12, 0.40, 1.0)), air.colour(1, (0.75, 0.20, 0.95))
    edge = smooth(1.0, 0.72, np.abs(y)) * smooth(1.6, 1.2, np.abs(x))

    def paint(t: float) -> F32:
        n = sample(a, angle + deep * 0.16 + f32(0.02 * t), np.log1p(deep) * 0.5 + f32(0.22 * t))
        m = sample(b, angle * 3 - deep * 0.10, np.log1p(deep) * 0.9 + f32(0.34 * t))
        wall = smooth(0.42, 0.85, n) * 0.8 + smooth(0.55, 0.9, m) * 0.7
        light = (
            (cool * n[..., None] + warm * (1 - n)[..., None])
            * wall[..., None]
            * (0.35 + 0.9 * np.exp(-r * 0.9))[..., None]
        )
        end = np.exp(-((r / 0.15) ** 2)) * 1.6 + np.exp(-r * 4.5) * 0.5
        out = np.zeros((*x.shape, 4), f32)
        out[..., :3] = (light * 1.3 + end[..., None] * (cool * 0.5 + 0.6)) * edge[..., None] * f32(air.white)
        out[..., 3] = edge * 0.75 * smooth(1.35, 0.9, r)
        return out

    return paint


def rainbow(air: Air) -> Paint:
    """An arc of seven colours, faint, a brighter sky inside it; a second one outside where it is double."""
    x, y = grid(256, 512)
    r = np.hypot(x, y * 0.98)
    hues = [
        (0.72, (0.28, 0.10, 0.75)),
        (0.735, (0.08, 0.25, 0.9)),
        (0.755, (0.05, 0.7, 0.35)),
        (0.775, (0.85, 0.8, 0.05)),
        (0.79, (0.95, 0.40, 0.03)),
        (0.81, (0.85, 0.06, 0.05)),
    ]
    at = [0.70, *(h for h, _ in hues), 0.83]
    bow = np.stack([np.interp(r, at, [0, *(c[k] for _, c in hues), 0]) for k in range(3)], -1)
    second = (
        np.stack([np.interp(r * 0.835, at, [0, *(c[k] for _, c in reversed(hues)), 0]) for k in range(3)], -1)
        * 0.4
    )
    inside = (smooth(0.74, 0.5, r) * 0.06)[..., None]
    level = f32(0.34 * air.white * (0.35 + 0.65 * (1 - air.light.darkness)))
    light = (bow + (second if air.told.get("double") else 0) + inside) * level
    out = np.dstack([light, np.zeros(x.shape)]).astype(f32) * smooth(0.0, 0.14, y)[..., None]

    def paint(t: float) -> F32:
        del t
        return out

    return paint
