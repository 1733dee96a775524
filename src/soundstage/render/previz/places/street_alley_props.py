"""Parts of an old town: cobbles, arches, laundry on a line, lanterns, barrels, a gondola."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_carpentry import TOP, weathered
from soundstage.render.previz.places.set_paint import Flat
from soundstage.render.previz.places.street_alley_house import paint_window

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_carpentry import Shine
    from soundstage.render.previz.places.set_paint import SetLight


def paint_cobbles(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    shine: Shine,
    size_m: tuple[float, float],
) -> Flat:
    """Return cobbles in bowed courses with a gutter in their middle, seen from above."""
    wide, deep = size_m
    half = Flat(wide, deep / 2, 56)  # the other half is the same again
    flat = half
    deep = deep / 2
    lit = shine(TOP)
    stone = weathered(style["paving"], light, level=True) * lit
    flat.fill(stone * 0.28)
    sheen = light.sky_low * 0.12 * (0.25 + light.wet)
    size = 0.24
    for k, v in enumerate(np.arange(0, deep, size)):
        for u in np.arange(-size / 2 * (k % 2), wide, size * 1.15):
            tone = stone * float(rng.uniform(0.62, 1.25))
            a, b = float(u) + size * 0.55, float(v) + size / 2
            flat.disc(a, b, size * 0.52, tone, tall=0.86)
            flat.disc(a - 0.03, b + 0.03, size * 0.26, tone * 1.25 + sheen, alpha=0.55, tall=0.7)
    flat.shade(wide / 2 - 0.2, 0, wide / 2 + 0.2, deep, 0.62)
    flat = Flat(wide, 2 * deep, 56)
    both = np.concatenate([half.image, half.image])
    flat.image[: len(both)] = both[: len(flat.image)]
    flat.image[len(both) :] = both[: len(flat.image) - len(both)]
    flat.grain(rng, 0.3, 1.4)
    return flat


def paint_span(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    face: NDArray[np.float64],
    wide: float,
) -> Flat:
    """Return an arch from house to house over the lane, with a room on it; 6.4 m tall."""
    flat = Flat(wide, 6.4, 40)
    wall = np.array(style["walls"][int(rng.integers(len(style["walls"])))]) * 0.85
    flat.fill(weathered(wall, light))
    flat.grain(rng, 0.34, 1.4)
    for y in np.arange(0, 6.4, 0.34):
        flat.shade(0, float(y), wide, float(y) + 0.03, 0.7)
    lamp = np.array(style["lamp"]) * light.lamp * light.darkness
    flat.image[..., :3] *= (face * 0.75 + lamp * 0.12).astype(np.float32)
    rows, columns = flat.image.shape[:2]
    u = (np.arange(columns) + 0.5) / columns * 2 - 1
    y = 6.4 - (np.arange(rows) + 0.5) / rows * 6.4
    top = 2.2 + 1.5 * np.sqrt(np.maximum(1 - (u / 0.84) ** 2, 0))
    gone = (np.abs(u)[None, :] < 0.84) & (y[:, None] < top[None, :])
    rim = (np.abs(u)[None, :] < 0.95) & (y[:, None] < top[None, :] + 0.4) & ~gone
    flat.image[rim] *= np.array([1.35, 1.3, 1.25, 1.0], np.float32)
    flat.image[gone] = 0
    paint_window(
        flat, rng, style, light, face, (wide / 2 - 0.45, 4.4), lamp=lamp, dark="ruins" in style["has"]
    )
    return flat


def paint_laundry(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    light: SetLight,
    face: NDArray[np.float64],
    wide: float,
) -> Flat:
    """Return shirts and sheets on a line across the lane, 1.6 m tall; the sky shines through them."""
    flat = Flat(wide, 1.6, 56)
    s = np.linspace(0, 1, 17)
    flat.line([(float(k) * wide, 1.5 - 0.24 * 4 * k * (1 - k)) for k in s], 0.02, face * 0.1)
    u = 0.25
    while u < wide - 0.6:
        w, h = float(rng.uniform(0.35, 0.8)), float(rng.uniform(0.5, 1.05))
        k = (u + w / 2) / wide
        y = 1.48 - 0.24 * 4 * k * (1 - k)
        tint = np.array(style["cloth"][int(rng.integers(len(style["cloth"])))]) * (
            face * 0.9 + light.sky_low * 0.30 + light.glow * 0.08
        )
        if rng.random() < 0.45:
            flat.shape(
                [
                    (u, y),
                    (u + w, y),
                    (u + w * 1.25, y - 0.32),
                    (u + w * 0.92, y - 0.36),
                    (u + w * 0.9, y - h * 0.8),
                    (u + w * 0.1, y - h * 0.8),
                    (u + w * 0.08, y - 0.36),
                    (u - w * 0.25, y - 0.32),
                ],
                tint,
            )
        else:
            flat.shape([(u, y), (u + w, y), (u + w * 0.97, y - h), (u + 0.03, y - h * 0.96)], tint)
        for f in np.linspace(0.2, 0.8, 3):
            flat.line(
                [(u + w * float(f), y - 0.05), (u + w * float(f) + 0.02, y - h * 0.75)], 0.03, tint * 0.7
            )
        u += w + float(rng.uniform(0.1, 0.3))
    return flat


def paint_wall_lantern(style: Mapping[str, Any], light: SetLight, face: NDArray[np.float64]) -> Flat:
    """Return a lantern on its arm, 0.9 x 1.1 m, or one of paper."""
    flat = Flat(0.9, 1.1, 90)
    iron = face * 0.03
    burn = np.array(style["lamp"]) * light.lamp * (0.22 + 2.6 * light.darkness)
    if "paper" in style["has"]:
        burn = burn * np.array([1.0, 0.5, 0.35])
        flat.disc(0.45, 0.5, 0.26, burn * 0.55 + face * np.array([0.3, 0.04, 0.03]), tall=1.4)
        flat.disc(0.45, 0.48, 0.15, burn * 0.8, tall=1.5)
        for y in np.arange(0.2, 0.85, 0.09):
            flat.shade(0.2, float(y), 0.7, float(y) + 0.02, 0.7)
        for y in (0.13, 0.84):
            flat.box(0.33, y, 0.57, y + 0.05, iron)
        flat.line([(0.45, 0.86), (0.45, 1.1)], 0.02, iron)
    else:
        flat.line([(0.0, 0.95), (0.45, 1.0), (0.45, 0.86)], 0.04, iron)
        flat.line([(0.0, 0.6), (0.3, 0.98)], 0.03, iron)
        flat.shape([(0.33, 0.25), (0.57, 0.25), (0.66, 0.70), (0.24, 0.70)], burn)
        for a, b in ((0.33, 0.24), (0.45, 0.45), (0.57, 0.66)):
            flat.line([(a, 0.25), (b, 0.70)], 0.025, iron)
        flat.shape([(0.20, 0.70), (0.70, 0.70), (0.45, 0.88)], iron)
        flat.box(0.36, 0.20, 0.54, 0.26, iron)
    if light.darkness > 0.25:
        flat.halo(0.45, 0.48, 0.20, burn * 0.13)
    return flat


def paint_barrel(rng: np.random.Generator, light: SetLight, face: NDArray[np.float64]) -> Flat:
    """Return a barrel or a pot with a plant, 0.8 x 1.2 m."""
    flat = Flat(0.8, 1.2, 80)
    wood = np.array([0.17, 0.10, 0.055]) * face
    part = flat.part(0.1, 0.0, 0.7, 0.85)
    u = np.linspace(-1, 1, part.shape[1])
    turn = 0.4 + 0.6 * np.sqrt(np.maximum(1 - u**2, 0))
    staves = np.repeat(rng.uniform(0.75, 1.2, len(u) // 6 + 1), 6)[: len(u)]
    part[..., :3] = ((turn * staves)[:, None] * wood * 1.3)[None].astype(np.float32)
    part[..., 3] = 1
    for y in (0.12, 0.68):
        flat.box(0.08, y, 0.72, y + 0.06, face * 0.07)
    for _ in range(40):
        tone = np.array([0.045, 0.09, 0.03]) * face * rng.uniform(0.6, 1.8)
        flat.disc(0.4 + float(rng.normal(0, 0.17)), 0.86 + abs(float(rng.normal(0, 0.14))), 0.06, tone)
    del light
    return flat


def paint_gondola(light: SetLight, face: NDArray[np.float64]) -> Flat:
    """Return a gondola from its side, 5.2 x 1.5 m, its stem high."""
    flat = Flat(5.2, 1.5, 60)
    hull = face * 0.03
    flat.shape(
        [
            (0.1, 1.0),
            (0.5, 0.42),
            (1.4, 0.12),
            (3.8, 0.10),
            (4.7, 0.36),
            (5.05, 1.35),
            (4.9, 1.35),
            (4.5, 0.62),
            (3.6, 0.42),
            (1.5, 0.44),
            (0.7, 0.72),
            (0.25, 1.05),
        ],
        hull,
    )
    flat.line(
        [(0.25, 1.05), (0.7, 0.72), (1.5, 0.44), (3.6, 0.42), (4.5, 0.62), (4.9, 1.35)],
        0.05,
        light.sky_low * 0.25 + face * 0.1,
    )
    flat.box(1.9, 0.42, 2.7, 0.72, np.array([0.32, 0.03, 0.03]) * face)
    flat.box(2.6, 0.42, 2.75, 0.95, np.array([0.32, 0.03, 0.03]) * face * 1.2)
    for y in (0.75, 0.9, 1.05, 1.2):
        flat.box(4.86, y, 5.2, y + 0.07, face * 0.35)
    return flat
