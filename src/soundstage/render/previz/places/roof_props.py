"""What stands on a roof: tank, hut, vents, antennas, bulbs on a wire, and the slab with its puddles."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_carpentry import TOP, weathered
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_carpentry import Shine
    from soundstage.render.previz.places.set_paint import SetLight


def paint_slab(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    shine: Shine,
    size_m: tuple[float, float],
) -> Flat:
    """Return the roof's floor: felt in strips, stains, puddles that hold the sky."""
    wide, deep = size_m
    flat = Flat(wide, deep, 26)
    flat.fill(weathered(style["floor"], light, level=True) * shine(TOP))
    flat.grain(rng, 0.34, 2.2)
    for v in np.arange(0, deep, 1.05):
        flat.shade(0, v, wide, v + 0.05, 0.66)
        flat.shade(0, v + 0.05, wide, v + 0.09, 1.22)
    for u in np.arange(0, wide, 5.2):
        flat.shade(u, 0, u + 0.05, deep, 0.7)
    sky = light.sky_low * 0.55 + light.sky_high * 0.30
    spread = float(np.clip(0.30 + 0.9 * light.wet, 0, 1))
    for _ in range(int(16 * spread * (1 - light.white))):
        u, v = float(rng.uniform(0, wide)), float(rng.uniform(0, deep))
        size = float(rng.uniform(0.3, 1.5)) * spread
        for _ in range(5):
            flat.disc(
                u + rng.normal(0, 0.5) * size, v + rng.normal(0, 0.25) * size, size * rng.uniform(0.4, 1.0),
                sky, alpha=0.22, tall=0.6,
            )  # fmt: skip
    flat.shade(0, deep - 0.4, wide, deep, 0.62)
    return flat


def paint_tank(rng: np.random.Generator, light: SetLight) -> Flat:
    """Return a wooden water tank on legs, 3.7 x 5.8 m, round by its shading."""
    flat = Flat(3.7, 5.8, 60)
    wood = np.array([0.20, 0.125, 0.075])
    iron = light.fill * 0.07
    for u in (0.5, 1.4, 2.3, 3.2):
        flat.line([(u, 0.0), (u, 2.1)], 0.12, iron)
    for a, b in ((0.5, 2.3), (3.2, 1.4), (1.4, 3.2)):
        flat.line([(a, 0.1), (b, 2.0)], 0.05, iron)
    flat.box(0.3, 2.0, 3.4, 2.16, iron * 1.6)
    _round(flat, rng, (0.38, 2.16, 3.32, 4.7), wood, light)
    for y in (2.5, 3.1, 3.7, 4.3):
        flat.shade(0.38, y, 3.32, y + 0.06, 0.35)
    top = light.fill * 0.16 + light.key * 0.05
    flat.shape([(0.25, 4.68), (3.45, 4.68), (1.85, 5.7)], top)
    flat.shape([(0.25, 4.68), (1.4, 4.68), (1.85, 5.7)], top * 0.6)
    flat.line([(0.62, 0.0), (0.62, 4.7)], 0.05, iron * 1.5)
    return flat


def _round(
    flat: Flat, rng: np.random.Generator, box: tuple[float, float, float, float], albedo: NDArray[np.float64],
    light: SetLight,
) -> None:  # fmt: skip
    """Paint planks round a barrel: dark where they turn away, lit on the sun's side."""
    part = flat.part(*box)
    u = np.linspace(-1, 1, part.shape[1])
    turn = np.stack([u, np.zeros_like(u), -np.sqrt(np.maximum(1 - u**2, 0))], -1)
    sun = np.maximum(turn @ light.sun.astype(np.float64), 0)[:, None]
    edge = (0.35 + 0.65 * np.sqrt(np.maximum(1 - u**2, 0)))[:, None]
    planks = np.repeat(rng.uniform(0.75, 1.2, len(u) // 7 + 1), 7)[: len(u), None]
    rim = np.maximum(np.abs(u) - 0.8, 0)[:, None] * 2.0
    row = (
        albedo
        * planks
        * (light.fill * edge * 0.9 + light.key * (0.6 * sun + 0.03) + light.glow * (0.05 + rim))
    )
    part[..., :3] = row[None].astype(np.float32)
    part[..., 3] = 1


def paint_hut(
    rng: np.random.Generator, style: Mapping[str, Any], light: SetLight, face: NDArray[np.float64]
) -> Flat:
    """Return the stair head's front, 3.8 x 2.7 m: bricks, a steel door, a lamp over it."""
    flat = Flat(3.8, 2.7, 60)
    flat.fill(weathered(style["wall"], light))
    flat.grain(rng, 0.3, 0.8)
    for y in np.arange(0, 2.7, 0.12):
        flat.shade(0, y, 3.8, y + 0.02, 0.75)
    flat.image[..., :3] *= face.astype(np.float32)
    flat.shade(0, 2.4, 3.8, 2.52, 0.6)
    lamp = np.array(style["lamp"]) * light.lamp
    if light.darkness > 0.2:
        flat.glow(1.9, 2.1, 0.9, lamp * 0.30 * light.darkness, tall=1.2)
    door = np.array([0.16, 0.20, 0.19]) * (face + lamp * 0.25 * light.darkness)
    flat.box(1.35, 0.0, 2.45, 2.05, door * 0.4)
    flat.ramp(1.42, 0.03, 2.38, 1.98, door * 0.7, door * 1.15)
    flat.box(2.2, 0.95, 2.28, 1.12, face * 0.5)
    flat.disc(1.9, 2.24, 0.10, lamp * (0.3 + 3.5 * light.darkness))
    return flat


def paint_vent(light: SetLight, face: NDArray[np.float64], wide: float) -> Flat:
    """Return an air conditioner's front, 1.05 m tall, with its fan."""
    flat = Flat(wide, 1.05, 60)
    body = np.array([0.40, 0.40, 0.38]) * face
    flat.ramp(0, 0, wide, 1.05, body * 0.55, body)
    for y in np.arange(0.12, 0.95, 0.07):
        flat.box(wide * 0.06, y, wide * 0.46, y + 0.025, body * 0.3)
    radius = min(0.38, wide * 0.22)
    flat.disc(wide * 0.73, 0.55, radius, light.fill * 0.03)
    for k in range(4):
        a = k * np.pi / 2 + 0.4
        flat.line(
            [(wide * 0.73, 0.55), (wide * 0.73 + radius * 0.9 * np.cos(a), 0.55 + radius * 0.9 * np.sin(a))],
            0.06, body * 0.6,
        )  # fmt: skip
    flat.box(0, 1.0, wide, 1.05, body * 1.6)
    return flat


def paint_antenna(light: SetLight, *, red: bool = False) -> Flat:
    """Return a mast with its arms; `red`: the lamp that warns aeroplanes burns on it."""
    flat = Flat(2.2, 4.2, 60)
    iron = light.fill * 0.06 + light.glow * 0.03
    flat.line([(1.1, 0), (1.1, 4.1)], 0.05, iron)
    for y, half in ((3.7, 0.5), (3.4, 0.7), (3.1, 0.9)):
        flat.line([(1.1 - half, y), (1.1 + half, y + 0.06)], 0.03, iron)
        for u in np.arange(1.1 - half, 1.1 + half, 0.2):
            flat.line([(u, y - 0.12), (u, y + 0.14)], 0.02, iron)
    if red:
        flat.disc(1.1, 4.05, 0.12, np.array([1.0, 0.05, 0.03]) * light.lamp * (0.3 + 2.2 * light.darkness))
    return flat


def paint_lights(light: SetLight, style: Mapping[str, Any], wide: float) -> Flat:
    """Return bulbs on a wire in three swags, 1.6 m tall."""
    flat = Flat(wide, 1.6, 48)
    burn = np.array(style["lamp"]) * light.lamp * (0.55 + 1.8 * light.darkness)
    for k in range(3):
        a, b = wide * k / 3, wide * (k + 1) / 3
        u = np.linspace(0, 1, 18)
        way = [(a + (b - a) * s, 1.5 - 1.0 * 4 * s * (1 - s)) for s in u]
        flat.line(way, 0.025, light.fill * 0.04)
        for x, y in way[::2]:
            if light.darkness > 0.25:
                flat.halo(x, y - 0.12, 0.16, burn * 0.16)
            flat.disc(x, y - 0.12, 0.075, burn * 1.3)
    return flat
