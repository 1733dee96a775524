"""Flames, fireballs and what burns: painters of heat. Know no place."""

from __future__ import annotations

import math

import numpy as np

from soundstage.render.previz.subjects.phenomenon_vision import (
    F32,
    Air,
    Paint,
    cloud_noise,
    eased,
    grid,
    ramp,
    sample,
    smooth,
)

f32 = np.float32
FLAME = (1.0, 0.30, 0.035)


def heat_ramp(air: Air) -> list[tuple[float, tuple[float, float, float]]]:
    """Return the colours of heat: dark red, orange, yellow, nearly white; or about a colour that was said."""
    k = air.white
    if air.colours:
        c = np.array(air.colours[0]) / max(*air.colours[0], 1e-3)
        steps = [c * 0.0, c * 0.22, c * 0.9, c * 1.4 + 0.25, c * 0.9 + 1.1]
    else:
        steps = [np.zeros(3), np.array([0.26, 0.022, 0.0]), np.array([1.15, 0.22, 0.015]),
                 np.array([1.55, 0.58, 0.06]), np.array([2.0, 1.35, 0.42])]  # fmt: skip
    at = (0.0, 0.14, 0.40, 0.70, 1.0)
    return [(a, (float(c[0]) * k, float(c[1]) * k, float(c[2]) * k)) for a, c in zip(at, steps, strict=True)]


def flames(air: Air) -> Paint:
    """Tongues of fire that lick upward from a line as wide as the table says."""
    x, y = grid(256, int(256 * air.told.get("aspect", 0.8)))
    small, large = cloud_noise(1, 1.5), cloud_noise(2)
    count = int(air.told.get("tongues", 3))
    spread = float(air.told.get("spread", 0.42))
    feet = np.linspace(-spread, spread, count) if count > 1 else np.zeros(1)
    feet = feet + air.rng.uniform(-0.05, 0.05, count)
    tall = air.rng.uniform(0.72, 1.0, count) * (1 - 0.45 * np.abs(feet) / max(spread, 0.2))
    phase = air.rng.uniform(0, 9, count)
    stops = heat_ramp(air)
    pace = float(air.told.get("pace", 1.0))
    base = 0.05 + 0.05 * (x / max(spread + 0.25, 0.3)) ** 2
    fade = smooth(0.0, 0.07, y - 0.02 + 0.05 - base) * smooth(1.0, 0.88, np.abs(x)) * smooth(1.0, 0.9, y)

    def paint(t: float) -> F32:
        t = t * pace
        lean = sample(large, x * 0.25 + 0.3, y * 0.45 - f32(0.42 * t)) - 0.5
        bent = x + lean * 0.85 * np.sqrt(y)
        n = 0.62 * sample(large, bent * 0.42, y * 0.42 - f32(0.80 * t)) + 0.38 * sample(
            small, bent * 0.95 + 0.4, y * 0.8 - f32(1.35 * t)
        )
        body = np.full_like(x, -2.0)
        for k in range(count):
            high = tall[k] * (0.88 + 0.16 * math.sin(3.1 * t + phase[k]))
            up = np.clip(y / f32(high), 0, 1)
            wide = (
                f32(0.30 + 0.10 / count) * np.sqrt(1 - up) * (0.55 + 0.9 * np.minimum(up * 4, 1) * (1 - up))
            )
            body = np.maximum(
                body, 1 - np.abs(bent - f32(feet[k])) / np.maximum(wide, 1e-3) - np.maximum(y - high, 0) * 8
            )
        heat = np.clip(body, -1.5, 1) * 0.85 + (n - 0.5) * (0.9 + 2.1 * y) + 0.12 - 0.30 * y
        level = np.clip(heat, 0, 1) * fade
        out = np.empty((*x.shape, 4), f32)
        out[..., :3] = ramp(level, stops)
        out[..., 3] = np.clip(level * 1.3, 0, 0.72)
        return out

    return paint


def explosion(air: Air) -> Paint:
    """A fireball that bursts, rolls, cools to smoke and rises."""
    x, y = grid(288, 288)
    y = y * 2 - 1
    radius, angle = np.hypot(x, y), np.arctan2(y, x)
    lumps, fine = cloud_noise(3, 1.8), cloud_noise(4, 1.5)
    stops = heat_ramp(air)
    begins = float(air.told.get("begins_s", 0.25))
    dusty = float(air.told.get("dusty", 0.0))
    smoke_dark = air.colour(0, (0.17, 0.145, 0.13)) if not dusty else air.colour(0, (0.5, 0.42, 0.34))
    lit, shaded = air.lit, air.shaded

    def paint(t: float) -> F32:
        t -= begins
        out = np.zeros((*x.shape, 4), f32)
        if t <= 0:
            return out
        grown = 0.16 + 0.62 * eased(t, 1.1) + 0.035 * min(t, 5.0)
        rise = 0.10 * eased(t, 4.0)
        yy = y - f32(rise)
        r = np.hypot(x, yy)
        roll = f32(0.10 * eased(t, 2.0))
        n = 0.68 * sample(
            lumps, x * 0.5 / f32(grown + 0.15), yy * 0.5 / f32(grown + 0.15) - roll
        ) + 0.32 * sample(fine, x * 1.1 / f32(grown + 0.15) + 0.3, yy * 1.1 / f32(grown + 0.15) - 2 * roll)
        edge = 1 - r / f32(grown) + (n - 0.5) * 1.5
        body = smooth(0.0, 0.22, edge)
        body *= smooth(1.0, 0.86, radius)
        # Heat sinks into the deep folds as it cools.
        cool = eased(t, 4.2)
        heat = np.clip(
            (1.35 - 1.25 * cool) * (0.42 + 0.75 * np.clip(edge, 0, 1)) + (0.5 - n) * 1.6 * cool - 0.42 * cool,
            0,
            1,
        )
        if dusty:
            heat *= f32(max(1 - 4 * t, 0) * (1 - dusty))
        up = np.roll(n, 5, axis=0) - n + 0.6 * (np.roll(n, -4, axis=1) - n)
        shade = np.clip(0.5 + 2.0 * up + 0.35 * yy, 0, 1)[..., None]
        smoke = smoke_dark * (shaded + (lit - shaded) * shade) * f32(1.0 if dusty else 0.9)
        gone = f32(1 - 0.55 * smooth(2.2, 6.0, np.array(t, f32)))
        alpha = body * gone
        out[..., :3] = smoke * alpha[..., None] + ramp(heat, stops) * (body * (1 - 0.6 * cool))[..., None]
        out[..., 3] = alpha
        if t < 0.35 and not dusty:
            flash = f32((1 - t / 0.35) ** 2 * 2.2 * air.white)
            star = np.exp(-((radius * 2.4) ** 2)) + 0.35 * np.exp(
                -np.abs(np.sin(angle * 3 + 0.4)) * 14
            ) * np.exp(-radius * 3)
            out[..., :3] += (flash * star)[..., None] * np.array([1.0, 0.85, 0.6], f32)
        return out

    return paint


def explosion_flare(begins_s: float, t: float) -> float:
    """Return how much an explosion lights its surroundings."""
    t -= begins_s
    return 0.0 if t < 0 else math.exp(-1.6 * t) * (1.6 if t < 0.12 else 1.0)


def plasma(air: Air) -> Paint:
    """A ball of energy: a hot core, filaments that crawl, a halo."""
    x, y = grid(256, 256)
    y = y * 2 - 1
    radius, angle = np.hypot(x, y), np.arctan2(y, x) / (2 * np.pi)
    noise, other = cloud_noise(5, 1.6), cloud_noise(6, 1.6)
    hue = air.colour(0, (0.16, 0.45, 1.0))
    hue = hue / max(float(hue.max()), 1e-3)

    def paint(t: float) -> F32:
        a = sample(noise, angle.astype(f32) + f32(0.03 * t), radius * 0.6 - f32(0.12 * t))
        b = sample(other, angle.astype(f32) - f32(0.05 * t), radius * 0.5 + f32(0.16 * t))
        thread = np.exp(-np.abs(a - b) * 38) * smooth(0.95, 0.25, radius)
        beat = 1 + 0.12 * math.sin(5.2 * t)
        core = np.exp(-((radius / 0.20) ** 2)) * beat
        shell = np.exp(-(((radius - 0.56) / 0.05) ** 2)) * 0.35 * (0.5 + a)
        halo = np.exp(-radius * 3.0) * 0.35 * smooth(1.0, 0.6, radius)
        level = thread * 1.1 + shell + halo
        out = np.zeros((*x.shape, 4), f32)
        light = (
            hue * (level * beat)[..., None]
            + (core[..., None] * (hue * 0.6 + 0.7))
            + (thread**2)[..., None] * 0.6
        )
        out[..., :3] = light * f32(1.5 * air.white)
        out[..., 3] = np.clip(core * 0.8, 0, 1)
        return out

    return paint
