"""What lies on a road and stands beside it: marks, rails, lamps, poles and wires, signs, shrubs, cars."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_carpentry import TOP, weathered
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_carpentry import Shine
    from soundstage.render.previz.places.set_paint import SetLight

VERGE = {"desert": (0.40, 0.27, 0.15), "water": (0.20, 0.18, 0.15), "asphalt": (0.09, 0.09, 0.09)}
LAMP_LIGHT = (1.0, 0.72, 0.42)
GRAVEL = (0.16, 0.15, 0.115)


def paint_asphalt(  # noqa: C901 - lane by lane
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    shine: Shine,
    size_m: tuple[float, float],
    verge: float,
) -> Flat:
    """Return a strip of road seen from above, its verge on both sides: lanes, wear, marks, mended cracks."""
    wide, long = size_m
    flat = Flat(wide, long, 26)
    lit = shine(TOP)
    edge = weathered(VERGE.get(style["ground"], GRAVEL), light, level=True)
    flat.fill(edge * lit)
    flat.grain(rng, 0.6, 0.5)
    half = wide / 2 - verge
    left, right = wide / 2 - half, wide / 2 + half
    road = weathered([0.085, 0.085, 0.088], light, level=True) * lit
    flat.box(left - 0.25, 0, right + 0.25, long, road)
    part = flat.part(left, 0, right, long)
    stain = Flat(2 * half, long, 26)
    stain.fill((1.0, 1.0, 1.0))
    stain.grain(rng, 0.34, 1.4)
    lanes = 2 if half < 5 else 4
    for k in range(lanes):  # wheels polish two tracks in each lane
        for off in (0.28, 0.72):
            u = (k + off) * 2 * half / lanes
            stain.shade(u - 0.28, 0, u + 0.28, long, 0.80)
    for _ in range(7):
        u, v = float(rng.uniform(0, 2 * half)), float(rng.uniform(0, long))
        way = [(u, v)]
        for _ in range(6):
            u, v = u + float(rng.normal(0, 0.35)), v + float(rng.uniform(0.3, 1.1))
            way.append((u, v))
        stain.line(way, 0.05, (0.45, 0.45, 0.45))
    # The strip stands again and again: toward its ends no stain may tell where.
    v = (np.arange(stain.image.shape[0]) + 0.5) / stain.image.shape[0]
    fade = np.clip(np.minimum(v, 1 - v) * long / 3.0, 0, 1)[:, None, None].astype(np.float32)
    plain = stain.image[..., :3].mean(0, keepdims=True)
    stain.image[..., :3] = plain + (stain.image[..., :3] - plain) * fade
    rows, columns = min(part.shape[0], stain.image.shape[0]), min(part.shape[1], stain.image.shape[1])
    part[:rows, :columns, :3] *= stain.image[:rows, :columns, :3]
    white = np.array([0.58, 0.58, 0.55]) * lit * (1 - 0.5 * light.white)
    for u in (left + 0.2, right - 0.34):
        flat.box(u, 0, u + 0.14, long, white, alpha=0.8)
    for k in range(1, lanes):
        u = left + k * 2 * half / lanes
        if k * 2 == lanes and style["middle"]:
            paint = np.array(style["middle"]) * lit * (1 - 0.5 * light.white)
            for off in (-0.16, 0.06):
                flat.box(u + off, 0, u + off + 0.11, long, paint, alpha=0.85)
        elif style["middle"]:
            for v in (1.5, 13.5):
                flat.box(u - 0.07, v, u + 0.07, v + 4.5, white, alpha=0.8)
    return flat


def paint_rail(light: SetLight, face: NDArray[np.float64], length: float) -> Flat:
    """Return a guard rail, 0.85 m tall: posts and a beam with two waves."""
    flat = Flat(length, 0.85, 30)
    steel = weathered([0.40, 0.41, 0.42], light) * face
    for u in np.arange(1.0, length, 2.0):
        flat.box(u, 0.0, u + 0.12, 0.75, steel * 0.35)
    for y, gain in ((0.44, 0.55), (0.52, 1.15), (0.60, 0.5), (0.66, 1.3), (0.74, 0.65)):
        flat.box(0, y, length, y + 0.09, steel * gain)
    for u in np.arange(2.0, length, 8.0):
        flat.box(
            u,
            0.57,
            u + 0.1,
            0.67,
            np.array([1.0, 0.45, 0.06]) * (light.fill * 0.6 + 0.25 * light.lamp * light.darkness),
        )
    return flat


def paint_kerb(face: NDArray[np.float64], length: float) -> Flat:
    """Return the red and white kerb of a race track."""
    flat = Flat(length, 0.22, 30)
    for k, u in enumerate(np.arange(0, length, 1.5)):
        flat.box(u, 0, u + 1.5, 0.22, (np.array([0.55, 0.04, 0.03]) if k % 2 else np.full(3, 0.62)) * face)
    return flat


def paint_lamp_post(light: SetLight, tint: Sequence[float]) -> Flat:
    """Return a tall road lamp, 4.0 x 9.4 m, its arm to the right."""
    flat = Flat(4.0, 9.4, 30)
    steel = light.fill * 0.20 + light.glow * 0.03
    flat.line([(0.5, 0.0), (0.5, 8.2), (0.8, 8.9), (2.6, 9.15)], 0.13, steel)
    flat.line([(0.5, 0.0), (0.5, 8.2)], 0.07, steel * 1.8)
    flat.box(2.3, 9.02, 3.2, 9.2, steel)
    burn = np.array(tint) * light.lamp * (0.15 + 5.0 * light.darkness)
    flat.box(2.4, 8.96, 3.15, 9.05, burn)
    if light.darkness > 0.25:
        flat.halo(2.8, 8.95, 0.5, burn * 0.10)
    return flat


def paint_pole(light: SetLight) -> Flat:
    """Return a telegraph pole, 2.4 x 8.6 m."""
    flat = Flat(2.4, 8.6, 34)
    wood = np.array([0.13, 0.09, 0.06]) * (light.fill + light.key * 0.10) + light.glow * 0.01
    flat.line([(1.2, 0.0), (1.2, 8.5)], 0.24, wood)
    flat.line([(1.13, 0.0), (1.13, 8.5)], 0.06, wood * 2.2)
    for y in (8.1, 7.3):
        flat.line([(0.2, y), (2.2, y)], 0.12, wood)
        for u in (0.25, 0.7, 1.7, 2.15):
            flat.box(u - 0.04, y + 0.05, u + 0.04, y + 0.2, light.fill * 0.25)
    return flat


def paint_wires(light: SetLight, length: float) -> Flat:
    """Return wires from pole to pole, 1.6 m tall."""
    flat = Flat(length, 1.6, 30)
    s = np.linspace(0, 1, 20)
    for y, sag in ((1.55, 0.9), (1.5, 0.7), (0.75, 0.6)):
        flat.line([(u * length, y - sag * 4 * u * (1 - u)) for u in s], 0.03, light.fill * 0.05)
    return flat


def paint_sign(light: SetLight, face: NDArray[np.float64], words: Sequence[str], wide: float) -> Flat:
    """Return a gantry with green boards, 8.2 m tall, whose letters are lit after dark."""
    flat = Flat(wide, 8.2, 34)
    steel = light.fill * 0.22
    for u in (0.25, wide - 0.25):
        flat.line([(u, 0), (u, 7.8)], 0.26, steel)
    for y in (7.0, 7.7):
        flat.line([(0.2, y), (wide - 0.2, y)], 0.12, steel)
    for k, u in enumerate(np.arange(0.3, wide - 0.4, 0.7)):
        flat.line([(u, 7.0 if k % 2 else 7.7), (u + 0.7, 7.7 if k % 2 else 7.0)], 0.06, steel)
    lit = face * 0.9 + light.fill * 0.4 + 0.10 * light.lamp * light.darkness
    span = (wide - 1.6) / len(words)
    for k, word in enumerate(words):
        u0, u1 = 0.8 + k * span + 0.2, 0.8 + (k + 1) * span - 0.2
        flat.box(u0, 5.5, u1, 7.9, np.array([0.62, 0.62, 0.60]) * lit)
        flat.box(u0 + 0.08, 5.58, u1 - 0.08, 7.82, np.array([0.015, 0.16, 0.075]) * lit)
        tall = min(0.62, (u1 - u0 - 0.5) / max(len(word), 1) / 0.80)
        flat.letters(word, u0 + 0.3, 6.85, tall, np.array([0.75, 0.75, 0.72]) * lit)
        mid = (u0 + u1) / 2
        for du in (-0.9, 0.9):
            flat.shape(
                [(mid + du - 0.3, 6.2), (mid + du + 0.3, 6.2), (mid + du, 5.75)], np.full(3, 0.7) * lit
            )
    return flat


def paint_far_lights(rng: np.random.Generator, light: SetLight, length: float) -> Flat:
    """Return the lights of houses and cars far away, 6 m tall."""
    flat = Flat(length, 6.0, 14)
    for u in rng.uniform(0, length, int(1.1 * length)):
        tint = np.array(
            [(1.0, 0.62, 0.30), (1.0, 0.85, 0.62), (1.0, 0.12, 0.06), (0.6, 0.8, 1.0)][int(rng.integers(4))]
        )
        y = float(abs(rng.normal(0.6, 1.3)))
        flat.disc(
            float(u),
            y,
            float(rng.uniform(0.10, 0.22)),
            tint * light.lamp * light.darkness * rng.uniform(0.5, 2.2),
        )
    return flat


def paint_stand(rng: np.random.Generator, light: SetLight, length: float) -> Flat:
    """Return a grandstand full of people, 6.5 m tall, with hoardings at its foot."""
    flat = Flat(length, 6.5, 22)
    flat.ramp(0, 0.9, length, 5.2, light.fill * 0.10, light.fill * 0.22)
    for y in np.arange(1.0, 4.6, 0.42):
        for u in np.arange(0.0, length, 0.33):
            if rng.random() < 0.8:
                tint = rng.uniform(0.03, 0.5, 3) * (light.fill * 0.8 + light.key * 0.10)
                flat.box(u, y, u + 0.22, y + 0.30, tint)
                flat.disc(u + 0.11, y + 0.37, 0.09, np.array([0.4, 0.25, 0.17]) * light.fill)
    flat.box(0, 5.2, length, 5.45, light.fill * 0.5 + light.key * 0.05)
    for u in np.arange(0, length, 6.0):
        flat.box(u, 0.0, u + 0.2, 5.2, light.fill * 0.12)
        tint = rng.uniform(0.05, 0.6, 3) * (light.fill + light.key * 0.1)
        flat.box(u, 0.0, u + 6.0, 0.95, tint)
        flat.box(u + 0.8, 0.3, u + 5.2, 0.62, np.full(3, 0.6) * light.fill)
    return flat


def paint_shrub(rng: np.random.Generator, light: SetLight, *, grass: bool = False) -> Flat:
    """Return a dry shrub or a tuft of grass, 1.7 x 1 m."""
    flat = Flat(1.7, 1.0, 60)
    albedo = np.array([0.10, 0.13, 0.05] if grass else [0.17, 0.14, 0.08])
    albedo = albedo + (0.75 - albedo) * 0.6 * light.white
    for k in range(70):
        turn = float(rng.uniform(0.3, math.pi - 0.3)) if not grass else float(rng.normal(math.pi / 2, 0.35))
        far = float(rng.uniform(0.35, 0.95))
        tone = albedo * (light.fill * 0.9 + light.key * 0.14) * (0.35 + 1.1 * k / 70) + light.glow * 0.012
        root = 0.85 + float(rng.normal(0, 0.32 if grass else 0.08))
        tip = (root + math.cos(turn) * far * 0.85, math.sin(turn) * far)
        flat.line([(root, 0.0), ((root + tip[0]) / 2, tip[1] * 0.62), tip], 0.022, tone)
    return flat


def paint_car_face(light: SetLight, paint: tuple[float, float, float]) -> NDArray[np.float32]:
    """Return the front of a car that comes, 1.8 x 1.5 m, its headlights on."""
    flat = Flat(1.8, 1.5, 60)
    body = np.array(paint) * (light.fill * 0.9 + light.key * 0.08)
    sheen = light.sky_low * 0.20 + light.sky_high * 0.12
    for u in (0.10, 1.38):
        flat.box(u, 0.0, u + 0.32, 0.4, light.fill * 0.01)
    flat.shape(
        [
            (0.04, 0.22),
            (0.02, 0.75),
            (0.2, 0.92),
            (0.36, 1.42),
            (1.44, 1.42),
            (1.6, 0.92),
            (1.78, 0.75),
            (1.76, 0.22),
        ],
        body * 0.7,
    )
    flat.shape([(0.03, 0.72), (0.2, 0.92), (1.6, 0.92), (1.77, 0.72)], body * 0.8 + sheen * 0.9)
    flat.shape([(0.40, 1.39), (0.28, 0.98), (1.52, 0.98), (1.40, 1.39)], sheen * 0.45)
    flat.box(0.5, 0.42, 1.3, 0.62, light.fill * 0.02)
    flat.box(0.2, 0.2, 1.6, 0.34, body * 0.35)
    burn = np.array([1.0, 0.93, 0.78]) * light.lamp * (0.5 + 4.0 * light.darkness)
    for u in (0.28, 1.52):
        flat.disc(u, 0.62, 0.13, burn, tall=0.7)
        flat.halo(u, 0.62, 0.16, burn * 0.12)
    return flat.image
