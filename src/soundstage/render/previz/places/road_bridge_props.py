"""Parts of bridges: decks of asphalt, planks or stone, railings, towers, the cables between them, lamps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.road_props import LAMP_LIGHT
from soundstage.render.previz.places.set_carpentry import TOP, weathered
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_carpentry import Shine
    from soundstage.render.previz.places.set_paint import SetLight

SPAN_M, TOWER_M = 96.0, 34.0


def paint_deck(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    shine: Shine,
    size_m: tuple[float, float],
) -> Flat:
    """Return a strip of deck seen from above, running upward in the picture."""
    wide, long = size_m
    flat = Flat(wide, long, 30 if wide > 5 else 60)
    lit = shine(TOP)
    if style["deck"] == "planks":
        flat.fill(weathered([0.20, 0.135, 0.085], light, level=True) * lit)
        for v in np.arange(0, long, 0.2):
            flat.shade(0, v, wide, v + 0.2, float(rng.uniform(0.7, 1.25)))
            flat.shade(0, v, wide, v + 0.025, 0.18)
        flat.grain(rng, 0.4, 0.25)
        return flat
    if style["deck"] == "stone":
        flat.fill(weathered([0.26, 0.24, 0.21], light, level=True) * lit)
        for k, v in enumerate(np.arange(0, long, 0.4)):
            for u in np.arange(-0.3 * (k % 2), wide, 0.6):
                flat.shade(u, v, u + 0.6, v + 0.4, float(rng.uniform(0.72, 1.22)))
                flat.shade(u, v, u + 0.03, v + 0.4, 0.4)
            flat.shade(0, v, wide, v + 0.03, 0.4)
        flat.grain(rng, 0.35, 0.6)
        return flat
    flat.fill(weathered([0.085, 0.085, 0.088], light, level=True) * lit)
    walk = weathered([0.23, 0.225, 0.21], light, level=True) * lit
    for u0, u1, kerb in ((0.0, 2.1, 2.0), (wide - 2.1, wide, wide - 2.1)):
        flat.box(u0, 0, u1, long, walk)
        for v in np.arange(0, long, 1.0):
            flat.shade(u0, v, u1, v + 0.03, 0.55)
        flat.box(kerb, 0, kerb + 0.12, long, walk * 1.6)
    white = np.array([0.58, 0.58, 0.55]) * lit
    for v in (1.0, 9.0):
        flat.box(wide / 2 - 0.08, v, wide / 2 + 0.08, v + 4.0, white, alpha=0.8)
    for u in (2.4, wide - 2.52):
        flat.box(u, 0, u + 0.12, long, white, alpha=0.7)
    flat.box(0, 7.9, wide, 8.1, lit * 0.02)
    return flat


def paint_railing(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    face: NDArray[np.float64],
    length: float,
) -> Flat:
    """Return a railing, 1.15 m tall."""
    flat = Flat(length, 1.15, 44)
    steel = weathered(style["steel"], light) * face
    rim = light.glow * 0.05 + light.key * 0.03
    if style["rail"] == "stone":
        flat.ramp(0, 0, length, 1.15, steel * 0.6, steel)
        for u in np.arange(0.0, length, 0.8):
            flat.shade(u, 0.0, u + 0.04, 0.95, 0.5)
            flat.shade(u, 0.0, u + 0.8, 0.95, float(rng.uniform(0.8, 1.15)))
        flat.shade(0, 0.48, length, 0.52, 0.55)
        flat.box(0, 0.95, length, 1.15, steel * 1.35 + rim)
        flat.shade(0, 0.90, length, 0.95, 0.5)
        return flat
    if style["rail"] == "rope":
        s = np.linspace(0, 1, 9)
        for u in np.arange(0, length, 2.0):
            flat.box(u, 0.0, u + 0.10, 1.12, steel * 0.9 + rim * 0.5)
            for y in (1.02, 0.62, 0.28):
                flat.line(
                    [(u + 2.0 * k, y - 0.10 * 4 * k * (1 - k)) for k in s],
                    0.05,
                    np.array([0.3, 0.23, 0.14]) * face,
                )
            for k in np.arange(0.25, 2.0, 0.28):
                flat.line([(u + k, 0.95), (u + k + 0.14, 0.25)], 0.02, np.array([0.25, 0.19, 0.11]) * face)
        return flat
    for u in np.arange(0.0, length, 0.16):
        flat.box(u, 0.08, u + 0.035, 1.05, steel * 0.7)
    for u in np.arange(0.0, length, 2.0):
        flat.box(u, 0.0, u + 0.14, 1.12, steel * 0.85)
        flat.box(u + 0.1, 0.0, u + 0.14, 1.12, steel * 1.6 + rim)
    for y in (0.06, 0.86):
        flat.box(0, y, length, y + 0.06, steel)
    flat.box(0, 1.04, length, 1.15, steel * 1.2)
    flat.box(0, 1.12, length, 1.15, steel * 2.0 + rim * 1.5)
    return flat


def paint_tower(
    style: Mapping[str, Any], light: SetLight, face: NDArray[np.float64], wide: float, *, legs: int = 2
) -> Flat:
    """Return a tower of steel, as a gate over the deck or, with one leg, seen from its side."""
    tall = TOWER_M + 2.0
    flat = Flat(wide, tall, 16 if legs == 2 else 24)
    steel = np.array(style["steel"]) * face
    lamp = np.array(LAMP_LIGHT) * light.lamp * light.darkness
    leg = 2.4 if legs == 2 else wide
    spots = (0.0, wide - leg) if legs == 2 else (0.0,)
    for u in spots:
        flat.ramp(u, 0, u + leg, tall - 1.0, steel * 0.75, steel * 1.1)
        flat.box(u + 0.1 * leg, 0, u + 0.22 * leg, tall - 1.0, steel * 1.7 + light.glow * 0.02)
        flat.shade(u + 0.7 * leg, 0, u + leg, tall - 1.0, 0.62)
        for y in np.arange(2.0, tall - 2, 2.0):
            flat.shade(u, y, u + leg, y + 0.16, 0.6)
        flat.box(u - 0.2, tall - 1.0, u + leg + 0.2, tall, steel * 1.2)
    if legs == 2:
        for y, high in ((7.2, 1.6), (16.5, 1.4), (24.5, 1.3), (31.5, 1.6)):
            flat.ramp(leg * 0.8, y, wide - leg * 0.8, y + high, steel * 0.7, steel * 1.15)
            flat.shade(leg, y, wide - leg, y + 0.25, 0.5)
        for low, high in ((8.8, 16.5), (17.9, 24.5)):
            flat.line([(leg, low), (wide - leg, high)], 0.6, steel * 0.85)
            flat.line([(leg, high), (wide - leg, low)], 0.6, steel * 0.7)
    if light.darkness > 0.25:
        for y in (0.5, 9.0, 18.0):
            flat.glow(wide / 2, y, wide * 0.5, lamp * 0.10 * (np.array(style["steel"]) + 0.2))
        flat.disc(wide / 2, tall - 0.2, 0.35, np.array([1.0, 0.06, 0.03]) * light.lamp * 2.0)
    return flat


def paint_cable_net(style: Mapping[str, Any], light: SetLight) -> Flat:
    """Return half of a bridge's cables: one that sags from tower to tower, and its hangers."""
    flat = Flat(SPAN_M, TOWER_M, 18)
    steel = np.array(style["steel"]) * (light.fill * 0.7 + light.key * 0.08) + light.glow * 0.02

    def height(u: float) -> float:
        k = u / SPAN_M
        return TOWER_M - 0.6 - (TOWER_M - 3.0) * 4 * k * (1 - k)

    for u in np.arange(2.0, SPAN_M, 4.0):
        flat.line([(float(u), 0.4), (float(u), height(float(u)))], 0.07, steel * 0.8)
    flat.line([(float(u), height(float(u))) for u in np.linspace(0, SPAN_M, 49)], 0.34, steel)
    if light.darkness > 0.25:
        for u in np.arange(1.0, SPAN_M, 4.0):
            flat.disc(
                float(u),
                height(float(u)) + 0.1,
                0.16,
                np.array(LAMP_LIGHT) * light.lamp * 1.6 * light.darkness,
            )
    return flat


def paint_street_lamp(light: SetLight, style: Mapping[str, Any]) -> Flat:
    """Return an old lamp on a post, 1.1 x 4.6 m."""
    flat = Flat(1.1, 4.6, 60)
    iron = np.array([0.09, 0.09, 0.09]) * (light.fill + 0.1 * light.key) + light.glow * 0.01
    del style
    flat.line([(0.55, 0.0), (0.55, 3.7)], 0.10, iron)
    flat.line([(0.55, 0.0), (0.55, 0.7)], 0.22, iron * 0.9)
    flat.box(0.38, 3.65, 0.72, 3.74, iron)
    burn = np.array(LAMP_LIGHT) * light.lamp * (0.25 + 3.2 * light.darkness)
    flat.shape([(0.40, 3.74), (0.70, 3.74), (0.80, 4.25), (0.30, 4.25)], burn)
    for u in (0.31, 0.55, 0.79):
        flat.line([(u, 4.25), (0.55 + (u - 0.55) * 0.62, 3.74)], 0.03, iron)
    flat.shape([(0.25, 4.25), (0.85, 4.25), (0.55, 4.58)], iron)
    if light.darkness > 0.25:
        flat.halo(0.55, 4.0, 0.24, burn * 0.16)
    return flat
