"""Parts of a station: platform tiles with their yellow line, rails, a clock, signs, walls, benches, roof."""

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

#: What the station's clock says, hours: a stranger may read the time of day on it.
HOURS = {
    "sunrise": 6.2, "morning": 8.4, "noon": 12.0, "afternoon": 3.2, "golden_hour": 6.4, "sunset": 7.5,
    "twilight": 8.75, "night": 11.6,
}  # fmt: skip


def paint_platform(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    shine: Shine,
    size_m: tuple[float, float],
) -> Flat:
    """Return a strip of platform from above; its edge with the yellow line is on the right."""
    wide, deep = size_m
    flat = Flat(wide, deep, 34)
    lit = shine(TOP)
    flat.fill(weathered(style["tile"], light, level=True) * lit)
    for k, v in enumerate(np.arange(0, deep, 0.6)):
        for j, u in enumerate(np.arange(0, wide, 0.6)):
            flat.shade(
                float(u),
                float(v),
                float(u) + 0.6,
                float(v) + 0.6,
                float(rng.uniform(0.86, 1.12)) * (0.94 if (j + k) % 2 else 1.0),
            )
        flat.shade(0, float(v), wide, float(v) + 0.025, 0.5)
    for u in np.arange(0, wide, 0.6):
        flat.shade(float(u), 0, float(u) + 0.025, deep, 0.5)
    flat.grain(rng, 0.22, 1.3)
    yellow = np.array([0.62, 0.42, 0.03]) * lit * (1 - 0.6 * light.white)
    flat.box(wide - 1.15, 0, wide - 0.75, deep, yellow)
    for v in np.arange(0, deep, 0.1):
        flat.shade(wide - 1.15, float(v), wide - 0.75, float(v) + 0.04, 0.75)
    flat.box(wide - 0.30, 0, wide, deep, np.array([0.5, 0.5, 0.47]) * lit)
    return flat


def paint_rails(rng: np.random.Generator, light: SetLight, shine: Shine, long: float) -> Flat:
    """Return a track from above, 3.4 m wide: ballast, sleepers, two rails that shine."""
    flat = Flat(3.4, long, 34)
    lit = shine(TOP)
    flat.fill(weathered([0.11, 0.10, 0.09], light, level=True) * lit)
    flat.grain(rng, 0.9, 0.16)
    for v in np.arange(0.1, long, 0.62):
        flat.box(
            0.45, float(v), 2.95, float(v) + 0.24, np.array([0.13, 0.10, 0.075]) * lit * rng.uniform(0.7, 1.2)
        )
    for u in (0.95, 2.42):
        flat.box(u - 0.03, 0, u + 0.11, long, lit * 0.03)
        flat.box(u, 0, u + 0.07, long, lit * 0.34 + light.sky_low * 0.25)
    return flat


def paint_clock(hour: float, light: SetLight, face: NDArray[np.float64], lamp: NDArray[np.float64]) -> Flat:
    """Return a round clock on its bracket, 1.2 x 1.7 m, lit from within after dark."""
    flat = Flat(1.2, 1.7, 110)
    iron = np.array([0.035, 0.035, 0.035]) * face + light.glow * 0.01
    flat.line([(0.6, 1.7), (0.6, 1.1)], 0.06, iron)
    flat.disc(0.6, 0.58, 0.56, iron)
    dial = np.array([0.66, 0.64, 0.57]) * face + lamp * (0.10 + 0.45 * light.darkness)
    flat.disc(0.6, 0.58, 0.49, dial)
    for k in range(12):
        a = k * math.pi / 6
        inner = 0.36 if k % 3 == 0 else 0.41
        flat.line(
            [
                (0.6 + inner * math.sin(a), 0.58 + inner * math.cos(a)),
                (0.6 + 0.46 * math.sin(a), 0.58 + 0.46 * math.cos(a)),
            ],
            0.045 if k % 3 == 0 else 0.022,
            iron,
        )
    for share, long, thick in ((hour / 12, 0.27, 0.055), (hour % 1.0, 0.40, 0.035)):
        a = share * math.tau
        flat.line(
            [
                (0.6 - 0.06 * math.sin(a), 0.58 - 0.06 * math.cos(a)),
                (0.6 + long * math.sin(a), 0.58 + long * math.cos(a)),
            ],
            thick,
            iron,
        )
    flat.disc(0.6, 0.58, 0.04, iron)
    return flat


def paint_sign(word: str, light: SetLight, face: NDArray[np.float64], lamp: NDArray[np.float64]) -> Flat:
    """Return a hanging sign, 0.62 m tall below its rods of 0.5 m, as wide as its word."""
    wide = 0.5 + 0.30 * len(word)
    flat = Flat(wide, 1.12, 90)
    for u in (0.3, wide - 0.3):
        flat.line([(u, 1.12), (u, 0.6)], 0.03, face * 0.05)
    lit = face * 0.8 + lamp * (0.10 + 0.30 * light.darkness)
    flat.box(0, 0, wide, 0.62, face * 0.06)
    flat.box(0.03, 0.03, wide - 0.03, 0.59, np.array([0.02, 0.06, 0.20]) * lit)
    flat.letters(word, 0.25, 0.19, 0.27, np.array([0.75, 0.75, 0.72]) * lit)
    return flat


def paint_board(rng: np.random.Generator, light: SetLight, face: NDArray[np.float64]) -> Flat:
    """Return the board of departures, 2.6 x 1.9 m, hung by rods of 0.5 m: amber letters on black."""
    flat = Flat(2.6, 1.9, 80)
    for u in (0.4, 2.2):
        flat.line([(u, 1.9), (u, 1.4)], 0.04, face * 0.05)
    flat.box(0, 0, 2.6, 1.4, face * 0.08)
    flat.box(0.05, 0.05, 2.55, 1.35, face * 0.006)
    amber = np.array([1.0, 0.58, 0.12]) * light.lamp * (0.5 + 0.9 * light.darkness)
    names = ("LONDON", "PARIS", "BERLIN", "ROME", "VIENNA", "MILAN")
    for k, y in enumerate(np.arange(1.10, 0.05, -0.185)):
        flat.letters(
            f"{int(rng.integers(6, 22)):02d}:{int(rng.integers(0, 60)):02d}",
            0.14,
            float(y),
            0.115,
            amber,
            bold=0.1,
        )
        flat.letters(names[(k + int(rng.integers(6))) % 6], 0.85, float(y), 0.115, amber, bold=0.1)
        flat.letters(str(int(rng.integers(1, 9))), 2.3, float(y), 0.115, amber, bold=0.1)
    return flat


def paint_wall(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    face: NDArray[np.float64],
    size_m: tuple[float, float],
) -> Flat:
    """Return the wall behind a platform: bricks or tiles, posters, a name, arches of doors."""
    long, tall = size_m
    flat = Flat(long, tall, 36)
    flat.fill(style["wall"])
    flat.grain(rng, 0.2, 1.4)
    tiled = style["roof"] == "vault"
    step = 0.16 if tiled else 0.10
    for y in np.arange(0, tall, step):
        flat.shade(0, float(y), long, float(y) + 0.018, 0.72)
    for u in np.arange(0, long, 0.32):
        flat.shade(float(u), 0, float(u) + 0.018, tall, 0.85)
    flat.box(0, 0, long, 0.3, np.array(style["wall"]) * 0.35)
    flat.box(0, tall * 0.72, long, tall * 0.72 + 0.12, np.array(style["stripe"]))
    v = np.linspace(1, 0, flat.image.shape[0])[:, None, None]
    flat.image[..., :3] *= (face * (0.8 + 0.3 * v)).astype(np.float32)
    for u in np.arange(1.4, long - 1.6, 3.9):
        w, h = float(rng.uniform(1.0, 1.6)), float(rng.uniform(1.3, 1.8))
        a, b = rng.uniform(0.03, 0.6, 3) * face, rng.uniform(0.03, 0.5, 3) * face
        flat.box(float(u) - 0.06, 0.84, float(u) + w + 0.06, 0.96 + h, face * 0.06)
        flat.ramp(float(u), 0.9, float(u) + w, 0.9 + h, b * 1.1, a * 1.1)
        flat.disc(
            float(u) + w * rng.uniform(0.3, 0.7), 0.9 + h * 0.6, w * 0.26, rng.uniform(0.1, 0.8, 3) * face
        )
        for y in (1.0, 1.14):
            flat.box(float(u) + 0.12, y, float(u) + w * rng.uniform(0.5, 0.9), y + 0.07, face * 0.6)
    return flat


def paint_bench(face: NDArray[np.float64]) -> Flat:
    """Return a bench of slats, 2.2 x 0.95 m."""
    flat = Flat(2.2, 0.95, 70)
    wood, iron = np.array([0.20, 0.11, 0.055]) * face, face * 0.05
    for u in (0.15, 1.05, 1.95):
        flat.line([(u, 0.0), (u, 0.92)], 0.06, iron)
    for y in (0.55, 0.67, 0.79):
        flat.ramp(0.0, y, 2.2, y + 0.09, wood * 0.7, wood * 1.4)
    flat.ramp(0.0, 0.38, 2.2, 0.48, wood * 0.8, wood * 2.2)
    return flat


def paint_post(style: Mapping[str, Any], light: SetLight, face: NDArray[np.float64], tall: float) -> Flat:
    """Return an iron column with brackets that carry the roof, 1.6 m wide at its head."""
    flat = Flat(1.6, tall, 50)
    iron = np.array(style["stripe"]) * 0.25 * face + light.glow * 0.012
    flat.line([(0.8, 0.0), (0.8, tall)], 0.20, iron)
    flat.line([(0.75, 0.0), (0.75, tall)], 0.05, iron * 2.4)
    flat.box(0.62, 0.0, 0.98, 0.5, iron * 0.8)
    for side in (-1.0, 1.0):
        flat.line(
            [
                (0.8 + side * 0.75 * math.sin(a), tall - 0.05 - 0.9 * (1 - math.sin(a)) ** 1.4)
                for a in np.linspace(0, math.pi / 2, 9)
            ],
            0.07,
            iron,
        )
    flat.box(0.0, tall - 0.12, 1.6, tall, iron)
    return flat


def paint_roof(
    style: Mapping[str, Any],
    light: SetLight,
    face: NDArray[np.float64],
    lamp: NDArray[np.float64],
    size_m: tuple[float, float],
) -> Flat:
    """Return the underside of the roof: boards, beams, and the lamps in it."""
    wide, deep = size_m
    flat = Flat(wide, deep, 24)
    board = (
        np.array([0.20, 0.15, 0.11]) if style["roof"] == "canopy" else np.array([0.30, 0.30, 0.29])
    ) * face
    flat.fill(board * 0.55)
    for u in np.arange(0, wide, 0.25):
        flat.shade(float(u), 0, float(u) + 0.04, deep, 0.7)
    for v in np.arange(0, deep, 4.0):
        flat.box(0, float(v), wide, float(v) + 0.25, board * 0.9)
    burn = lamp * (0.5 + 1.6 * max(light.darkness, 0.6 if style["roof"] == "vault" else 0.0))
    for u in (wide * 0.3, wide * 0.72):
        for v in np.arange(0.8, deep, 4.0):
            flat.glow(u, float(v) + 0.7, 1.2, board * burn * 0.5)
            flat.box(u - 0.07, float(v), u + 0.07, float(v) + 1.5, burn)
    return flat
