"""Smoke, steam, ink, dust, funnels: painters of what drifts. Know no place."""

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
    sample,
    smooth,
)

f32 = np.float32


def plume(air: Air) -> Paint:
    """A column that rises, billows, widens and leans with the wind."""
    x, y = grid(288, 224)
    lumps, fine = cloud_noise(7, 1.9), cloud_noise(8, 1.6)
    albedo = air.colour(0, tuple(air.told.get("albedo", (0.34, 0.34, 0.36))))
    lit, shaded = albedo * air.lit, albedo * air.shaded
    thick = float(air.told.get("thick", 1.0))
    pace = float(air.told.get("pace", 1.0))
    lean = 0.10 + 0.5 * air.light.wind
    wide = 0.13 + float(air.told.get("widen", 0.80)) * y**0.9
    axis = lean * y**1.6 - 0.12
    fade = smooth(0.0, 0.02, y) * smooth(1.0, 0.55, y) * smooth(1.0, 0.8, np.abs(x))

    def paint(t: float) -> F32:
        t = t * pace
        sway = 0.10 * np.sin(2.2 * y * 3 - 1.3 * t) * y
        curl = sample(lumps, x * 0.3 + 0.2, y * 0.4 - f32(0.11 * t)) - 0.5
        u = x - axis - sway + curl * 0.55 * y
        n = 0.74 * sample(lumps, u * 0.30, y * 0.40 - f32(0.15 * t)) + 0.26 * sample(
            fine, u * 0.7 + 0.4, y * 0.9 - f32(0.26 * t)
        )
        core = 1 - np.abs(u) / wide
        dense = smooth(-0.25, 0.45, core * 1.1 + (n - 0.5) * 2.2)
        alpha = np.clip(dense * fade * thick * (0.60 + 0.6 * n), 0, 0.96)
        bump = np.roll(dense * n, 4, axis=0) - dense * n + 0.8 * (np.roll(dense * n, -4, axis=1) - dense * n)
        shade = np.clip(0.46 + 1.7 * bump - 0.35 * (core - 0.4) * dense, 0, 1)[..., None]
        out = np.empty((*x.shape, 4), f32)
        out[..., :3] = (shaded + (lit - shaded) * shade) * alpha[..., None]
        out[..., 3] = alpha
        return out

    return paint


def ink(air: Air) -> Paint:
    """Ink let into clear water: a falling head that curls, threads behind it, colour that spreads."""
    x, y = grid(320, 320)
    down = 1 - y
    lumps, fine = cloud_noise(9, 2.0), cloud_noise(10, 1.7)
    count = max(len(air.colours), 1)
    hues = [air.colour(k, (0.020, 0.030, 0.085)) for k in range(count)]
    feet = np.linspace(-0.32, 0.32, count) if count > 1 else np.zeros(1)
    backdrop = smooth(0.99, 0.25, np.hypot(x, (y - 0.5) * 2))
    water = np.array([0.80, 0.88, 0.92], f32) * f32(0.62 * air.white)

    def paint(t: float) -> F32:
        grown = 0.22 + 0.78 * eased(t + 0.5, 3.0)
        a = sample(lumps, x * 0.36 + f32(0.012 * t), down * 0.36 - f32(0.045 * t)) - 0.5
        b = sample(lumps, x * 0.36 + 0.5, down * 0.36 + 0.3 - f32(0.040 * t)) - 0.5
        wx = x + a * 0.75 * down * grown * 1.6
        wd = down + b * 0.42 * grown
        c = sample(fine, wx * 0.8, wd * 0.8 - f32(0.06 * t)) - 0.5
        wx, wd = wx + c * 0.34 * grown, wd + c * 0.26 * grown
        n = sample(fine, wx * 0.55 + 0.2, wd * 0.55 - f32(0.05 * t))
        light = np.repeat((backdrop[..., None] * water), 1, axis=2)
        cover = np.zeros_like(x)
        for k, hue in enumerate(hues):
            along = wd / f32(grown)
            wide = 0.05 + 0.34 * np.clip(along, 0, 1) ** 1.3 * grown
            dense = np.exp(-(((wx - feet[k]) / wide) ** 2)) * smooth(1.02, 0.72, along)
            dense = np.clip(dense * (0.15 + 1.9 * n**1.4) * 1.25, 0, 1)
            thin = np.exp(-dense[..., None] * (1 - np.sqrt(hue)) * 4.2)
            light = light * thin + hue * air.lit * (dense * 0.30)[..., None]
            cover = np.maximum(cover, dense)
        alpha = np.clip(np.maximum(backdrop * 0.96, cover), 0, 1)
        out = np.empty((*x.shape, 4), f32)
        out[..., :3] = light
        out[..., 3] = alpha * smooth(1.0, 0.9, np.abs(x)) * smooth(0.0, 0.04, y)
        out[..., :3] *= (out[..., 3] / np.maximum(alpha, 1e-4))[..., None]
        return out

    return paint


def burst(air: Air) -> Paint:
    """Powder thrown into the air: clouds of colour that shoot out, slow down and hang."""
    x, y = grid(288, 288)
    y = y * 2 - 1
    lumps, fine = cloud_noise(11, 1.7), cloud_noise(12, 1.4)
    count = max(len(air.colours), 4)
    given = ((0.80, 0.05, 0.22), (0.06, 0.30, 0.80), (0.90, 0.55, 0.03), (0.16, 0.60, 0.20))
    hues = [air.colour(k, given[k % 4]) for k in range(count)]
    ways = np.linspace(0, 2 * math.pi, count, endpoint=False) + air.rng.uniform(-0.3, 0.3, count)
    lit, shaded = air.lit, air.shaded

    def paint(t: float) -> F32:
        t = max(t - 0.2, 0.0)
        grown = 0.10 + 0.72 * eased(t, 1.6) + 0.02 * t
        out = np.zeros((*x.shape, 4), f32)
        for k in range(count):
            cx, cy = 0.36 * grown * math.cos(ways[k]), 0.36 * grown * math.sin(ways[k]) + 0.06
            u, v = (x - cx) / grown, (y - cy) / grown
            n = 0.6 * sample(lumps, u * 0.4 + k * 0.23, v * 0.4 - f32(0.02 * t)) + 0.4 * sample(
                fine, u * 0.9 + k * 0.31, v * 0.9 - f32(0.03 * t)
            )
            dense = smooth(-0.05, 0.6, 0.72 - np.hypot(u, v) * 1.25 + (n - 0.5) * 1.9)
            bump = np.roll(n, 4, axis=0) - n + 0.7 * (np.roll(n, -4, axis=1) - n)
            shade = np.clip(0.55 + 3.0 * bump, 0, 1)[..., None]
            alpha = (dense * (0.92 - 0.30 * smooth(2.0, 6.0, np.array(t, f32))))[..., None]
            colour = hues[k] * (shaded + (lit - shaded) * shade) * 1.25
            out[..., :3] = out[..., :3] * (1 - alpha) + colour * alpha
            out[..., 3:] = out[..., 3:] * (1 - alpha) + alpha
        return out * (smooth(1.0, 0.86, np.abs(x)) * smooth(1.0, 0.86, np.abs(y)))[..., None]

    return paint


def funnel(air: Air) -> Paint:
    """A tornado: a rope of dust and cloud that turns, sways, and tears up the ground."""
    x, y = grid(320, 256)
    lumps, fine = cloud_noise(13, 1.8), cloud_noise(14, 1.5)
    albedo = air.colour(0, (0.22, 0.20, 0.19))
    lit, shaded = albedo * air.lit, albedo * air.shaded * 0.8

    def paint(t: float) -> F32:
        axis = (0.13 * np.sin(2.4 * y + 0.7 * t) + 0.05 * np.sin(6 * y - 1.3 * t)) * (0.35 + y)
        wide = 0.045 + 0.62 * y**2.3
        rag = sample(fine, x * 0.6 + f32(0.3 * t), y * 0.9 - f32(0.25 * t)) - 0.5
        u = (x - axis) / wide + rag * 0.35
        turn = np.arcsin(np.clip(u, -1, 1)) / np.pi
        band = sample(lumps, turn * 0.5 + f32(0.55 * t) - y * 0.6, y * 0.9 + turn * 0.25)
        body = smooth(1.12, 0.80, np.abs(u) + (band - 0.5) * 0.5)
        cloud = smooth(0.80, 0.97, y + (band - 0.5) * 0.25)
        dust = (
            smooth(0.24, 0.0, y)
            * smooth(0.62, 0.0, np.abs(x - axis))
            * smooth(0.30, 0.75, sample(lumps, x * 0.7 - f32(0.5 * t), y * 1.6 - f32(0.2 * t)) + 0.12)
        )
        alpha = np.clip(np.maximum(np.maximum(body * 0.94, dust * 0.85), cloud * 0.9), 0, 1)
        alpha = alpha * smooth(1.0, 0.78, np.abs(x))
        round_ = np.sqrt(np.clip(1 - u * u, 0, 1))
        side = -1.0 if air.light.sun_direction[0] < 0 else 1.0
        shade = np.clip(0.30 + 0.35 * side * u * 0.9 + 0.15 * round_ + 1.1 * (band - 0.5), 0, 1)[..., None]
        out = np.empty((*x.shape, 4), f32)
        out[..., :3] = (shaded + (lit - shaded) * shade) * alpha[..., None]
        out[..., 3] = alpha
        return out

    return paint
