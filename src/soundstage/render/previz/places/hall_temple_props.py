"""Parts of a temple: the hall's front with its pillars and curved roof, or marble; gate, lanterns, burner."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_carpentry import TOP, weathered
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_carpentry import Shine
    from soundstage.render.previz.places.set_paint import SetLight

GOLD = (0.45, 0.30, 0.07)


def paint_path(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    shine: Shine,
    size_m: tuple[float, float],
) -> Flat:
    """Return a court of gravel with a path of large flags in its middle, seen from above."""
    wide, deep = size_m
    flat = Flat(wide, deep, 26)
    lit = shine(TOP)
    flat.fill(weathered([0.26, 0.24, 0.205], light, level=True) * lit)
    flat.grain(rng, 0.5, 0.25)
    stone = weathered(style["stone"], light, level=True) * lit
    left, right = wide / 2 - 1.9, wide / 2 + 1.9
    flat.box(left, 0, right, deep, stone)
    for k, v in enumerate(np.arange(0, deep, 0.95)):
        for u in np.arange(left - 0.63 * (k % 2), right, 1.27):
            a, b = max(float(u), left), min(float(u) + 1.27, right)
            flat.shade(a, float(v), b, float(v) + 0.95, float(rng.uniform(0.76, 1.2)))
            flat.shade(a, float(v), a + 0.035, float(v) + 0.95, 0.45)
        flat.shade(left, float(v), right, float(v) + 0.035, 0.45)
    for u in (left - 0.25, right):
        flat.box(u, 0, u + 0.25, deep, stone * 1.3)
    return flat


def paint_east(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    face: NDArray[np.float64],
    wide: float,
) -> Flat:
    """Return an eastern hall's front, 9.4 m tall: red pillars, lattice doors, a curved roof, gilt ends."""
    flat = Flat(wide, 9.4, 44)
    red = weathered(style["red"], light) * (face + light.key * 0.03)
    lamp = np.array(style["lamp"]) * light.lamp
    inner = lamp * (0.10 + 0.42 * light.darkness)
    half = wide * 0.36
    mid = wide / 2
    flat.box(mid - half, 0.0, mid + half, 4.6, face * 0.03)
    bay = 2 * half / 5
    for k in range(5):
        u0 = mid - half + k * bay
        flat.ramp(u0 + 0.3, 0.5, u0 + bay - 0.05, 3.5, inner * 0.35, inner)
        for u in np.arange(u0 + 0.3, u0 + bay - 0.05, 0.26):
            flat.box(float(u), 0.5, float(u) + 0.06, 3.5, red * 0.25)
        for y in np.arange(0.5, 3.6, 0.38):
            flat.box(u0 + 0.3, float(y), u0 + bay - 0.05, float(y) + 0.06, red * 0.25)
        flat.box(u0 + 0.3, 0.5, u0 + bay - 0.05, 1.2, red * 0.4)
    for k in range(6):
        u = mid - half + k * bay
        flat.ramp(u - 0.24, 0.2, u + 0.24, 4.0, red * 0.75, red)
        flat.box(u - 0.18, 0.2, u - 0.08, 4.0, red * 1.9 + light.glow * 0.015)
        flat.shade(u + 0.1, 0.2, u + 0.24, 4.0, 0.55)
        flat.box(u - 0.32, 0.0, u + 0.32, 0.28, face * 0.22)
    flat.box(mid - half - 0.4, 3.7, mid + half + 0.4, 4.15, red * 0.9)
    beam = np.array([0.05, 0.16, 0.15]) * face
    flat.box(mid - half - 0.4, 4.15, mid + half + 0.4, 4.42, beam)
    for u in np.arange(mid - half - 0.3, mid + half + 0.3, 0.42):
        flat.box(float(u), 4.42, float(u) + 0.2, 4.8, np.array(GOLD) * face * float(rng.uniform(0.5, 0.9)))
    flat.box(mid - 0.75, 3.62, mid + 0.75, 4.5, np.array(GOLD) * face)
    flat.box(mid - 0.66, 3.70, mid + 0.66, 4.42, face * 0.02)
    for k in range(2):
        flat.glyph(rng, mid - 0.55 + k * 0.6, 3.82, 0.48, np.array(GOLD) * (face + inner) * 1.6)
    _roof(flat, light, face, (mid, 4.6, wide / 2, 2.6))
    _roof(flat, light, face, (mid, 7.0, wide * 0.27, 1.9))
    for k in (-1.5, 1.5, -0.5, 0.5):
        u = mid + k * bay * 1.2
        flat.line([(u, 3.7), (u, 3.3)], 0.03, face * 0.03)
        flat.disc(
            u,
            3.0,
            0.26,
            np.array([0.85, 0.12, 0.05]) * (face * 0.5 + lamp * (0.16 + 0.8 * light.darkness)),
            tall=1.15,
        )
        flat.disc(u, 2.98, 0.13, lamp * (0.2 + 1.3 * light.darkness))
        flat.box(u - 0.12, 3.26, u + 0.12, 3.33, face * 0.03)
    return flat


def _roof(
    flat: Flat, light: SetLight, face: NDArray[np.float64], box: tuple[float, float, float, float]
) -> None:
    """Lay a roof whose corners turn up, with its rows of tiles."""
    mid, low, half, high = box
    tile = weathered([0.085, 0.095, 0.10], light) * (face + light.fill * 0.3 + light.key * 0.05)
    tile = tile + (0.7 * light.fill - tile) * 0.75 * light.white
    s = np.linspace(-1, 1, 33)
    eave = [(mid + half * k, low + 0.62 * abs(k) ** 3.2 * high / 2.6) for k in s]
    ridge = half * 0.62
    outline = [*eave, *[(mid + ridge * k, low + high * (0.96 + 0.05 * abs(k) ** 2)) for k in s[::-1]]]
    flat.shape(outline, tile)
    for k in np.linspace(-0.98, 0.98, 40):
        foot = (mid + half * float(k), low + 0.62 * abs(float(k)) ** 3.2 * high / 2.6 + 0.05)
        flat.line([foot, (mid + ridge * float(k), low + high * 0.95)], 0.05, tile * 0.5)
    flat.line(eave, 0.20, tile * 1.6 + light.glow * 0.02)
    flat.line([(u, y - 0.16) for u, y in eave], 0.14, np.array([0.16, 0.03, 0.02]) * face)
    flat.line([(mid - ridge, low + high), (mid + ridge, low + high)], 0.26, tile * 1.3)
    for side in (-1.0, 1.0):
        flat.line(
            [(mid + side * ridge, low + high), (mid + side * (ridge + 0.25), low + high + 0.45)],
            0.14,
            np.array(GOLD) * face,
        )


def paint_greek(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    face: NDArray[np.float64],
    wide: float,
) -> Flat:
    """Return the front of a Greek temple, 9.4 m tall: eight fluted columns under a broken gable."""
    flat = Flat(wide, 9.4, 44)
    marble = weathered(style["red"], light) * (face + light.key * 0.05)
    left, right = wide * 0.08, wide * 0.92
    flat.box(left + 0.8, 0.6, right - 0.8, 6.0, marble * 0.16)
    for k in range(3):
        flat.ramp(
            left - 0.5 + 0.2 * k, 0.2 * k, right + 0.5 - 0.2 * k, 0.2 * k + 0.2, marble * 0.55, marble * 0.85
        )
    count = 8
    for k in range(count):
        u = left + 0.6 + (right - left - 1.2) * k / (count - 1)
        top = 6.0 if k != 5 else 3.4
        part = flat.part(u - 0.48, 0.6, u + 0.48, top)
        x = np.linspace(-1, 1, part.shape[1])
        flute = 0.82 + 0.18 * np.cos(x * 22)
        turn = (0.35 + 0.65 * np.sqrt(np.maximum(1 - x**2, 0))) * flute
        part[..., :3] = (turn[:, None] * marble)[None].astype(np.float32)
        part[..., 3] = 1
        flat.shade(u - 0.48, 0.6, u - 0.30, top, 1.25)
        if top > 5:
            flat.box(u - 0.62, 5.75, u + 0.62, 6.05, marble * 1.05)
    flat.box(left, 6.05, right, 6.9, marble * 0.9)
    flat.shade(left, 6.05, right, 6.15, 0.5)
    for u in np.arange(left + 0.3, right - 0.4, 1.1):
        flat.box(float(u), 6.5, float(u) + 0.5, 6.86, marble * 0.6)
    flat.shape(
        [(left - 0.2, 6.9), (right + 0.2, 6.9), (wide * 0.62, 8.75), (wide * 0.57, 8.4), (wide / 2, 9.2)],
        marble,
    )
    flat.shape([(left + 1.0, 7.05), (right - 1.4, 7.05), (wide / 2, 8.7)], marble * 0.62)
    flat.grain(rng, 0.3, 0.9)
    return flat


def paint_torii(style: Mapping[str, Any], light: SetLight, face: NDArray[np.float64]) -> Flat:
    """Return a gate of red beams, 7.6 x 6.2 m."""
    flat = Flat(7.6, 6.2, 44)
    red = weathered(style["red"], light) * (face * 1.2 + light.key * 0.04)
    rim = light.glow * 0.03
    for side in (-1.0, 1.0):
        u = 3.8 + side * 2.5
        flat.shape(
            [
                (u - 0.24, 0.35),
                (u + 0.24, 0.35),
                (u + 0.18 - side * 0.18, 5.1),
                (u - 0.18 - side * 0.18, 5.1),
            ],
            red,
        )
        flat.line([(u - 0.14, 0.35), (u - 0.1 - side * 0.18, 5.0)], 0.08, red * 1.9 + rim)
        flat.box(u - 0.34, 0.0, u + 0.34, 0.42, face * 0.03)
    flat.box(0.9, 3.9, 6.7, 4.25, red * 0.95)
    flat.box(0.9, 4.2, 6.7, 4.25, red * 1.6 + rim)
    s = np.linspace(-1, 1, 21)
    flat.line([(3.8 + 3.5 * k, 5.25 + 0.25 * abs(k) ** 2.5) for k in s], 0.34, red)
    flat.line([(3.8 + 3.7 * k, 5.56 + 0.30 * abs(k) ** 2.5) for k in s], 0.28, face * 0.035)
    flat.line([(3.8 + 3.7 * k, 5.70 + 0.30 * abs(k) ** 2.5) for k in s], 0.05, light.fill * 0.4 + rim)
    flat.box(3.45, 4.25, 4.15, 5.1, face * 0.03)
    flat.box(3.52, 4.32, 4.08, 5.03, np.array(GOLD) * face)
    return flat


def paint_stone_lantern(style: Mapping[str, Any], light: SetLight, face: NDArray[np.float64]) -> Flat:
    """Return a stone lantern, 1.0 x 2.1 m, a flame in it after dark."""
    flat = Flat(1.0, 2.1, 90)
    stone = weathered(style["stone"], light) * face
    burn = np.array(style["lamp"]) * light.lamp * (0.12 + 2.2 * light.darkness)
    flat.shape([(0.15, 0.0), (0.85, 0.0), (0.72, 0.22), (0.28, 0.22)], stone * 0.8)
    flat.ramp(0.38, 0.2, 0.62, 1.1, stone * 0.6, stone)
    flat.shade(0.53, 0.2, 0.62, 1.1, 0.6)
    flat.shape([(0.38, 1.05), (0.62, 1.05), (0.78, 1.25), (0.22, 1.25)], stone * 1.1)
    flat.box(0.27, 1.25, 0.73, 1.62, stone * 0.9)
    flat.box(0.35, 1.29, 0.65, 1.58, burn)
    flat.box(0.485, 1.29, 0.515, 1.58, stone * 0.4)
    flat.shape(
        [(0.04, 1.66), (0.16, 1.60), (0.84, 1.60), (0.96, 1.66), (0.66, 1.92), (0.34, 1.92)], stone * 0.9
    )
    flat.line(
        [(0.06, 1.67), (0.34, 1.92), (0.66, 1.92), (0.94, 1.67)], 0.035, stone * 1.8 + light.glow * 0.02
    )
    flat.disc(0.5, 1.99, 0.09, stone)
    if light.white > 0:
        flat.shape(
            [(0.1, 1.70), (0.34, 1.93), (0.66, 1.93), (0.9, 1.70), (0.5, 2.02)],
            light.fill * 0.75,
            alpha=light.white,
        )
    if light.darkness > 0.25:
        flat.halo(0.5, 1.44, 0.26, burn * 0.14)
    return flat


def paint_burner(light: SetLight, face: NDArray[np.float64]) -> Flat:
    """Return a bronze vessel for incense on three legs, 1.8 x 1.7 m."""
    flat = Flat(1.8, 1.7, 80)
    bronze = np.array([0.12, 0.105, 0.06]) * face
    for u in (0.4, 0.9, 1.4):
        flat.line([(u, 0.6), (u + (u - 0.9) * 0.2, 0.0)], 0.16, bronze * 0.7)
    flat.shape([(0.2, 0.95), (0.35, 0.55), (1.45, 0.55), (1.6, 0.95), (1.65, 1.2), (0.15, 1.2)], bronze)
    flat.shape([(0.3, 0.95), (0.42, 0.62), (0.6, 0.62), (0.5, 1.15)], bronze * 2.2)
    flat.box(0.08, 1.16, 1.72, 1.3, bronze * 1.5 + light.glow * 0.02)
    for u in (0.08, 1.6):
        flat.line([(u + 0.06, 1.2), (u + 0.06, 1.6)], 0.10, bronze * 1.2)
    for u in np.arange(0.5, 1.35, 0.11):
        flat.line([(float(u), 1.3), (float(u) + 0.02, 1.55)], 0.018, np.array([0.3, 0.1, 0.06]) * face)
        flat.disc(float(u) + 0.02, 1.56, 0.02, np.array([1.0, 0.35, 0.08]) * light.lamp)
    return flat


def paint_broken_column(
    rng: np.random.Generator, style: Mapping[str, Any], light: SetLight, face: NDArray[np.float64]
) -> Flat:
    """Return a fluted column that has lost its head, 1.3 x up to 4.6 m."""
    tall = float(rng.uniform(1.6, 4.6))
    flat = Flat(1.3, tall, 60)
    marble = weathered(style["red"], light) * (face + light.key * 0.04)
    part = flat.part(0.2, 0.3, 1.1, tall - 0.12)
    x = np.linspace(-1, 1, part.shape[1])
    turn = (0.35 + 0.65 * np.sqrt(np.maximum(1 - x**2, 0))) * (0.82 + 0.18 * np.cos(x * 20))
    part[..., :3] = (turn[:, None] * marble)[None].astype(np.float32)
    part[..., 3] = 1
    flat.box(0.08, 0.0, 1.22, 0.3, marble * 0.8)
    flat.shape([(0.2, tall - 0.14), (0.5, tall), (0.7, tall - 0.1), (1.1, tall - 0.14)], marble * 0.9)
    for y in np.arange(1.0, tall, 1.0):
        flat.shade(0.2, float(y), 1.1, float(y) + 0.03, 0.5)
    flat.grain(rng, 0.3, 0.6)
    return flat


def paint_pagoda(light: SetLight, face: NDArray[np.float64], style: Mapping[str, Any]) -> Flat:
    """Return a pagoda far away, 11 x 24 m, five roofs."""
    flat = Flat(11.0, 24.0, 16)
    red = np.array(style["red"]) * face
    burn = np.array(style["lamp"]) * light.lamp * light.darkness * 0.7
    for k in range(5):
        half, y = 2.6 - 0.32 * k, 0.5 + 4.0 * k
        flat.box(5.5 - half, y, 5.5 + half, y + 2.6, red)
        for u in np.linspace(-0.7, 0.7, 4):
            flat.box(5.5 + u * half - 0.25, y + 0.5, 5.5 + u * half + 0.25, y + 2.1, burn + face * 0.03)
        _roof(flat, light, face, (5.5, y + 2.5, half + 2.2 - 0.12 * k, 1.7))
    flat.line([(5.5, 20.5), (5.5, 23.9)], 0.2, np.array(GOLD) * face)
    for y in np.arange(21.0, 23.4, 0.5):
        flat.line([(5.15, float(y)), (5.85, float(y))], 0.12, np.array(GOLD) * face)
    return flat


def smoke_way(t: float, phase: float) -> tuple[float, float, float, float]:
    """Return where a puff of incense is, x, y, its radius (m) and density, `t` seconds after the start."""
    u = (t / 6.0 + phase) % 1.0
    x = 0.10 * math.sin(3.1 * u * 2 + phase * 9) * u + 0.35 * u * u
    return x, 1.5 + 2.9 * u, 0.10 + 0.55 * u, (1 - u) ** 1.5 * min(u * 8, 1.0)
