"""The front of an old house: stones under its plaster, a door in an arch, shutters, vines; or its ruin."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_carpentry import weathered
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_paint import SetLight


def paint_house(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    face: NDArray[np.float64],
    size_m: tuple[float, float],
    px_per_m: float,
) -> Flat:
    """Return an old house: plaster that has come off, a door with an arch, shutters, flower boxes."""
    wide, tall = size_m
    flat = Flat(wide, tall, px_per_m)
    wall = np.array(style["walls"][int(rng.integers(len(style["walls"])))]) * rng.uniform(0.85, 1.15)
    flat.fill(weathered(wall, light))
    flat.grain(rng, 0.34, 1.7)
    _bare_stones(flat, rng, wall)
    v = np.linspace(1, 0, flat.image.shape[0])[:, None, None]
    lamp = np.array(style["lamp"]) * light.lamp * light.darkness
    # A lane is narrow: little sky is seen from its floor, and lanterns light its foot.
    lit = face * (0.42 + 0.70 * v) + lamp * 0.17 * np.exp(-(((v * tall - 2.6) / 2.2) ** 2))
    flat.image[..., :3] *= lit.astype(np.float32)
    ruins = "ruins" in style["has"]
    if ruins:
        _break_top(flat, rng)
    timber = np.array([0.07, 0.045, 0.03]) * (face + lamp * 0.1)
    if "paper" in style["has"]:
        for u in np.arange(0.3, wide - 0.3, 0.16):
            flat.box(float(u), 0.4, float(u) + 0.07, 2.5, timber * 1.6)
        flat.box(0, 2.6, wide, 2.8, timber)
        flat.box(-0.1, 2.8, wide, 3.05, light.fill * 0.10)
    door = float(rng.uniform(0.18, 0.62)) * wide
    _door(
        flat,
        np.array(style["doors"][int(rng.integers(len(style["doors"])))]),
        door,
        face + lamp * 0.25,
        dark=ruins,
    )
    count = max(int(wide / 2.2), 1)
    for y in np.arange(3.6, tall - 1.9, 2.9):
        for k in range(count):
            paint_window(
                flat,
                rng,
                style,
                light,
                face,
                ((k + 0.5) * wide / count - 0.45, float(y)),
                lamp=lamp,
                dark=ruins,
            )
    if abs(door + 0.6 - wide * 0.5) > 1.3 and not ruins:
        paint_window(
            flat, rng, style, light, face, (wide * 0.5 if door > wide * 0.5 else wide * 0.78, 1.2), lamp=lamp
        )
    if not ruins:
        flat.box(0, tall - 0.25, wide, tall, np.array([0.26, 0.11, 0.06]) * (face + light.fill * 0.3))
        flat.shade(0, tall - 0.6, wide, tall - 0.25, 0.5)
    flat.shade(0, 0, 0.12, tall, 0.6)
    flat.shade(0, 0, wide, 0.45, 0.6)
    if "vines" in style["has"] and rng.random() < 0.55:
        _vines(flat, rng, light, face)
    if "pipes" in style["has"]:
        u = wide - 0.4
        flat.line([(u, 0.0), (u, tall)], 0.10, face * 0.05)
        flat.line([(u - 0.03, 0.0), (u - 0.03, tall)], 0.03, face * 0.16)
    return flat


def _bare_stones(flat: Flat, rng: np.random.Generator, wall: NDArray[np.float64]) -> None:
    """Show the stones where plaster has come off, and at the corners."""
    for y in np.arange(0, flat.height_m, 0.5):
        for u in (0.0, flat.width_m - 0.55):
            flat.box(u, float(y), u + rng.uniform(0.35, 0.6), float(y) + 0.46, wall * rng.uniform(0.5, 0.75))
    for _ in range(int(flat.width_m * flat.height_m / 9)):
        u, y = float(rng.uniform(0, flat.width_m)), float(rng.uniform(0, flat.height_m * 0.7))
        for _ in range(7):
            a, b = u + float(rng.normal(0, 0.35)), y + float(rng.normal(0, 0.25))
            flat.box(a, b, a + 0.32, b + 0.15, wall * rng.uniform(0.45, 0.8))


def _break_top(flat: Flat, rng: np.random.Generator) -> None:
    """Break the wall off in steps: what is above is gone."""
    u = 0.0
    while u < flat.width_m:
        step = float(rng.uniform(0.3, 0.9))
        low = flat.height_m * float(rng.uniform(0.45, 1.0))
        flat.part(u, low, u + step, flat.height_m)[:] = 0
        u += step


def _door(flat: Flat, albedo: NDArray[np.float64], u: float, lit: NDArray[np.float64], *, dark: bool) -> None:
    stone = np.array([0.30, 0.28, 0.24]) * lit
    for a in np.linspace(0, math.pi, 9):
        flat.disc(u + 0.6 + 0.72 * math.cos(a), 2.0 + 0.72 * math.sin(a), 0.15, stone)
    for side in (-0.14, 1.2):
        flat.box(u + side, 0.0, u + side + 0.16, 2.05, stone)
    wood = albedo * lit * (0.4 if dark else 1.0)
    flat.box(u, 0, u + 1.2, 2.0, wood)
    flat.disc(u + 0.6, 2.0, 0.6, wood)
    if not dark:
        for k in np.arange(u + 0.1, u + 1.2, 0.2):
            flat.shade(float(k), 0.05, float(k) + 0.03, 2.3, 0.5)
        flat.disc(u + 1.0, 1.05, 0.05, lit * 0.25)
    flat.box(u - 0.2, 0.0, u + 1.4, 0.14, stone * 1.1)


def paint_window(
    flat: Flat,
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    face: NDArray[np.float64],
    at: tuple[float, float],
    *,
    lamp: NDArray[np.float64],
    dark: bool = False,
) -> None:
    """Set a window with shutters and perhaps flowers; after dark some are lit."""
    u, y = at
    w, h = 0.9, 1.35
    stone = np.array([0.30, 0.28, 0.24]) * (face + lamp * 0.08)
    flat.box(u - 0.12, y - 0.12, u + w + 0.12, y + h + 0.14, stone)
    if dark:
        flat.box(u, y, u + w, y + h, face * 0.02)
        return
    lit = rng.random() < 0.5 * light.darkness
    if lit:
        burn = np.array(style["lamp"]) * light.lamp * rng.uniform(0.35, 1.0)
        flat.ramp(u, y, u + w, y + h, burn * 0.5, burn)
    else:
        flat.ramp(u, y, u + w, y + h, face * 0.02, light.sky_low * 0.22 + face * 0.04)
    for a in (u + w / 2 - 0.025, u, u + w - 0.05):
        flat.box(a, y, a + 0.05, y + h, stone * 0.5)
    flat.box(u, y + h * 0.55, u + w, y + h * 0.55 + 0.04, stone * 0.5)
    tint = np.array(style["doors"][int(rng.integers(len(style["doors"])))]) * (face + lamp * 0.1) * 1.3
    for side in (u - 0.48, u + w + 0.03):
        flat.box(side, y - 0.05, side + 0.45, y + h + 0.05, tint)
        for s in np.arange(y, y + h, 0.11):
            flat.shade(side + 0.05, float(s), side + 0.40, float(s) + 0.04, 0.5)
    if rng.random() < 0.5:
        flat.box(u - 0.1, y - 0.30, u + w + 0.1, y - 0.10, np.array([0.22, 0.09, 0.05]) * face)
        for _ in range(26):
            colour = np.array(
                [[0.04, 0.09, 0.025], [0.5, 0.05, 0.08], [0.55, 0.2, 0.3]][int(rng.integers(3))]
            )
            flat.disc(
                u + rng.uniform(-0.1, w + 0.1), y - 0.05 + abs(rng.normal(0, 0.1)), 0.05, colour * face * 1.3
            )


def _vines(flat: Flat, rng: np.random.Generator, light: SetLight, face: NDArray[np.float64]) -> None:
    u = float(rng.choice([0.3, flat.width_m - 0.6]))
    for k in range(260):
        y = float(rng.uniform(0, 1)) ** 0.8 * flat.height_m * 0.75
        tone = np.array([0.045, 0.085, 0.025]) * face * rng.uniform(0.5, 1.7) * (0.5 + 0.5 * k / 260)
        tone = tone + light.fill * 0.6 * light.white * 0.5
        flat.disc(
            u + float(rng.normal(0, 0.28 + 0.05 * y)), y, float(rng.uniform(0.05, 0.12)), tone, tall=0.8
        )
