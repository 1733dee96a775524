"""The front of one town house: walls with storeys, windows that mirror the sky or burn, a shop below.

Painted once, in metres; what colours there are stands in `data/places/street.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_paint import SetLight

GROUND_M = 3.9  #: height of the shop
STOREY_M = 3.15


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPlan:
    """How one house is built."""

    width_m: float
    storeys: int
    facing: tuple[float, float]  #: x, z of the way it faces
    px_per_m: float

    @property
    def height_m(self) -> float:
        """Return its height up to the parapet."""
        return GROUND_M + STOREY_M * self.storeys + 0.7


def paint_front(
    rng: np.random.Generator, plan: FrontPlan, style: Mapping[str, Any], light: SetLight
) -> NDArray[np.float32]:
    """Return the front as a premultiplied picture."""
    flat = Flat(plan.width_m, plan.height_m, plan.px_per_m)
    albedo = np.array(style["walls"][int(rng.integers(len(style["walls"])))]) * rng.uniform(0.8, 1.2)
    sun = max(float(light.sun[0] * plan.facing[0] + light.sun[2] * plan.facing[1]), 0.0)
    # Between houses only the upper storeys see the sun, and the street sees less sky the lower it lies.
    height = plan.height_m
    flat.fill(albedo)
    flat.grain(rng, 0.22, 1.6)
    _lay_bricks(flat, rng, albedo)
    v = np.linspace(1, 0, flat.image.shape[0])[:, None, None]
    line = np.clip(0.35 + 0.9 * float(light.sun[1]), 0.2, 0.8) + rng.uniform(-0.08, 0.08)
    lit = 1 / (1 + np.exp(-(v - (1 - line)) * 60))
    lamps = np.array(style["lamp"]) * 0.30 * light.lamp * light.darkness * np.exp(-v * height / 4.5)
    face = light.fill * (0.50 + 0.65 * v) + light.key * (0.07 + 0.60 * sun) * lit + light.glow * 0.05 + lamps
    flat.image[..., :3] *= face.astype(np.float32)
    _set_windows(flat, rng, plan, style, light)
    _set_shop(flat, rng, plan, style, light)
    flat.box(0, height - 0.28, plan.width_m, height, albedo * light.fill * 1.2 + light.key * 0.04)
    flat.shade(0, height - 0.62, plan.width_m, height - 0.28, 0.55)
    flat.shade(0, 0, 0.10, height, 0.55)
    flat.shade(0, 0, plan.width_m, 0.5, 0.6)
    return flat.image


def _lay_bricks(flat: Flat, rng: np.random.Generator, albedo: NDArray[np.float64]) -> None:
    """Draw courses and pilasters, so that a wall has a scale."""
    if rng.random() < 0.6:
        for y in np.arange(GROUND_M, flat.height_m, 0.22):
            flat.shade(0, y, flat.width_m, y + 0.03, 0.86)
    for k in range(int((flat.height_m - GROUND_M) / STOREY_M) + 1):
        y = GROUND_M + k * STOREY_M
        flat.box(0, y - 0.10, flat.width_m, y + 0.10, albedo * 1.22)
        flat.shade(0, y - 0.24, flat.width_m, y - 0.10, 0.62)


def _set_windows(
    flat: Flat, rng: np.random.Generator, plan: FrontPlan, style: Mapping[str, Any], light: SetLight
) -> None:
    bay = float(rng.uniform(1.9, 2.7))
    count = max(int(plan.width_m / bay), 2)
    bay = plan.width_m / count
    wide, tall = bay * rng.uniform(0.46, 0.62), rng.uniform(1.6, 2.1)
    rail, hood = rng.random() < 0.35, rng.random() < 0.5
    frame = light.fill * rng.choice([0.10, 0.55]) + np.array(style["lamp"]) * 0.03 * light.darkness
    for storey in range(plan.storeys):
        y0 = GROUND_M + storey * STOREY_M + 0.75
        mirror = light.sky_low * 0.42 + light.sky_high * 0.25
        for k in range(count):
            u0 = (k + 0.5) * bay - wide / 2
            flat.shade(u0 - 0.12, y0 - 0.10, u0 + wide + 0.12, y0 + tall + 0.12, 0.50)
            flat.box(u0 - 0.05, y0 - 0.05, u0 + wide + 0.05, y0 + tall + 0.05, frame)
            chance = style["lit"] * (0.06 + 0.94 * light.darkness)
            if rng.random() < chance:
                _light_window(flat, rng, (u0, y0, wide, tall), style, light)
            else:
                dim = rng.uniform(0.35, 1.0)
                flat.ramp(u0, y0, u0 + wide, y0 + tall, mirror * 0.22 * dim, mirror * (0.9 + 0.5 * dim) * dim)
                if rng.random() < 0.5:
                    drawn = rng.uniform(0.15, 0.7) * tall
                    blind = light.fill * rng.uniform(0.16, 0.4)
                    flat.box(u0, y0 + tall - drawn, u0 + wide, y0 + tall, blind, alpha=0.55)
            flat.box(u0 + wide / 2 - 0.03, y0, u0 + wide / 2 + 0.03, y0 + tall, frame)
            flat.box(u0, y0 + tall * 0.62, u0 + wide, y0 + tall * 0.62 + 0.05, frame)
            flat.box(u0 - 0.14, y0 - 0.16, u0 + wide + 0.14, y0 - 0.05, light.fill * 0.42 + light.key * 0.03)
            if hood:
                flat.box(u0 - 0.14, y0 + tall + 0.1, u0 + wide + 0.14, y0 + tall + 0.22, light.fill * 0.36)
            if rail:
                for bar in np.arange(u0 - 0.2, u0 + wide + 0.2, 0.14):
                    flat.box(bar, y0 - 0.2, bar + 0.03, y0 + 0.75, light.fill * 0.05)
                flat.box(u0 - 0.22, y0 + 0.72, u0 + wide + 0.22, y0 + 0.79, light.fill * 0.09)
            elif rng.random() < 0.22 + 0.25 * style["glyphs"]:
                _hang_cooler(flat, u0, y0, light)


def _light_window(
    flat: Flat,
    rng: np.random.Generator,
    box: tuple[float, float, float, float],
    style: Mapping[str, Any],
    light: SetLight,
) -> None:
    u0, y0, wide, tall = box
    tint = np.array(style["shop"]) * (0.75 + 0.5 * rng.random(3)) ** 0.6
    power = rng.uniform(0.25, 1.0) ** 1.5 * 0.85 * light.lamp
    flat.ramp(u0, y0, u0 + wide, y0 + tall, tint * power * 0.55, tint * power)
    for side in (0.0, 1.0):
        drawn = rng.uniform(0.0, 0.34) * wide
        left = u0 if side == 0 else u0 + wide - drawn
        flat.shade(left, y0, left + drawn, y0 + tall, 0.42)
    if rng.random() < 0.35:
        flat.shade(u0 + wide * rng.uniform(0.2, 0.6), y0, u0 + wide * 0.75, y0 + rng.uniform(0.5, 1.2), 0.22)


def _hang_cooler(flat: Flat, u0: float, y0: float, light: SetLight) -> None:
    """Hang an air conditioner under a window, with its rust."""
    body = light.fill * 0.34
    flat.box(u0, y0 - 0.75, u0 + 0.8, y0 - 0.22, body)
    flat.shade(u0, y0 - 0.95, u0 + 0.8, y0 - 0.75, 0.5)
    flat.disc(u0 + 0.3, y0 - 0.48, 0.2, body * 0.35)
    flat.shade(u0 + 0.1, y0 - 2.1, u0 + 0.16, y0 - 0.75, 0.7)


def _set_shop(
    flat: Flat, rng: np.random.Generator, plan: FrontPlan, style: Mapping[str, Any], light: SetLight
) -> None:
    """Build the ground floor: glass with things behind it, a door, a sign board, an awning."""
    wide = plan.width_m
    base = np.array(style["awnings"][int(rng.integers(len(style["awnings"])))])
    wood = (
        base
        * rng.uniform(0.35, 0.9)
        * (light.fill * 0.9 + np.array(style["lamp"]) * 0.20 * light.darkness * light.lamp)
    )
    flat.box(0.15, 0.0, wide - 0.15, GROUND_M - 0.25, wood)
    burn = (0.07 + 0.50 * light.darkness) * light.lamp * rng.uniform(0.4, 1.35)
    tint = np.array(style["shop"]) * (0.8 + 0.4 * rng.random(3))
    if style["glyphs"] > 0 and rng.random() < 0.35:
        tint = np.array(style["signs"][int(rng.integers(len(style["signs"])))]) * 0.8 + 0.1
    mirror = light.sky_low * 0.14 + light.sky_high * 0.10
    low, high = 0.55, 2.75
    door = rng.uniform(0.35, 0.62) * wide
    for u0, u1, bottom in (
        (0.45, door - 0.15, low),
        (door, door + 1.0, 0.08),
        (door + 1.15, wide - 0.45, low),
    ):
        if u1 - u0 < 0.5:
            continue
        flat.ramp(u0, bottom, u1, high, tint * burn * 0.25 + mirror * 0.4, tint * burn + mirror)
        _fill_shop(flat, rng, (u0, bottom, u1, high), light, tint * burn)
        for bar in (u0, (u0 + u1) / 2 if u1 - u0 > 2.2 else u0, u1 - 0.06):
            flat.box(bar, bottom, bar + 0.06, high, wood * 0.6)
        flat.shape(
            [(u0 + 0.2, bottom), (u0 + 0.6, bottom), (u0 + 1.3, high), (u0 + 0.9, high)],
            mirror * 2,
            alpha=0.16,
        )
    board = base * 0.5 * light.fill
    flat.box(0.2, 2.95, wide - 0.2, 3.62, board)
    glow = np.array(style["signs"][int(rng.integers(len(style["signs"])))])
    shine = glow * style["sign_light"] * (0.12 + 0.88 * light.darkness) * light.lamp + light.fill * 0.5 * glow
    if rng.random() < style["glyphs"]:
        for k in range(int(rng.integers(2, 5))):
            flat.glyph(rng, wide * 0.3 + k * 0.62, 3.04, 0.48, shine)
    else:
        word = str(style["words"][int(rng.integers(len(style["words"])))])
        flat.letters(word, wide / 2 - 0.20 * len(word), 3.08, 0.42, shine)
    if light.darkness > 0.3:
        reach = flat.part(0, 2.2, wide, GROUND_M + 1.2)
        reach[..., :3] += (glow * 0.030 * style["sign_light"] * light.darkness * light.lamp).astype(
            np.float32
        )


def _fill_shop(
    flat: Flat,
    rng: np.random.Generator,
    box: tuple[float, float, float, float],
    light: SetLight,
    burn: NDArray[np.float64],
) -> None:
    """Put shelves, lamps and somebody's outline behind a shop's glass."""
    u0, y0, u1, y1 = box
    for y in np.arange(y0 + 0.35, y1 - 0.6, 0.55):
        if rng.random() < 0.75:
            flat.shade(u0 + 0.1, y, u1 - 0.1, y + 0.05, 0.45)
            for u in np.arange(u0 + 0.15, u1 - 0.2, 0.17):
                if rng.random() < 0.6:
                    tall = rng.uniform(0.1, 0.36)
                    flat.box(
                        u,
                        y + 0.05,
                        u + rng.uniform(0.06, 0.13),
                        y + 0.05 + tall,
                        burn * rng.uniform(0.1, 1.1, 3),
                        alpha=0.8,
                    )
    for u in np.arange(u0 + 0.5, u1 - 0.2, 1.1):
        flat.disc(u, y1 - 0.35, 0.09, burn * 2.2 + 0.1 * light.lamp)
    if u1 - u0 > 1.6 and rng.random() < 0.6:
        u = rng.uniform(u0 + 0.4, u1 - 0.5)
        dark = burn * 0.10
        flat.disc(u, 1.62, 0.12, dark, tall=1.2)
        flat.shape([(u - 0.26, y0), (u - 0.22, 1.42), (u, 1.52), (u + 0.22, 1.42), (u + 0.26, y0)], dark)
