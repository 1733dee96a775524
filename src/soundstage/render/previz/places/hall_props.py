"""What furnishes a hall: flags or marble, banners, throne, altar, pews, chandeliers."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_carpentry import FRONT
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_indoors import Inside

GOLD = (0.42, 0.28, 0.08)


def paint_flags(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    lit: NDArray[np.float64],
    size_m: tuple[float, float],
    *,
    seams: bool = True,
) -> Flat:
    """Return a floor of stone flags, or of two kinds of marble."""
    wide, deep = size_m
    flat = Flat(wide, deep, 34)
    flat.fill(np.array(style["floor"]) * lit)
    if style["tile"]:
        for i, u in enumerate(np.arange(0, wide, 0.7)):
            for j, v in enumerate(np.arange(0, deep, 0.7)):
                flat.box(
                    float(u),
                    float(v),
                    float(u) + 0.7,
                    float(v) + 0.7,
                    np.array(style["tile"][(i + j) % 2]) * lit,
                )
        flat.grain(rng, 0.16, 0.5)
    elif seams:
        for k, v in enumerate(np.arange(0, deep, 0.8)):
            for u in np.arange(-0.5 * (k % 2), wide, 1.0):
                flat.shade(float(u), float(v), float(u) + 1.0, float(v) + 0.8, float(rng.uniform(0.75, 1.2)))
                flat.shade(float(u), float(v), float(u) + 0.03, float(v) + 0.8, 0.45)
            flat.shade(0, float(v), wide, float(v) + 0.03, 0.45)
        flat.grain(rng, 0.35, 1.1)
    else:
        flat.grain(rng, 0.25, 0.2)
    return flat


def paint_banner(rng: np.random.Generator, style: Mapping[str, Any], inside: Inside) -> Flat:
    """Return a hanging banner, 1.15 x 3.6 m, with a device on it."""
    flat = Flat(1.15, 3.6, 60)
    cloth = np.array(style["cloth"]) * (inside.shine(FRONT) * 1.1 + inside.burn * 0.06)
    points = [(0.08, 3.5), (1.07, 3.5), (1.07, 0.55), (0.575, 0.05), (0.08, 0.55)]
    flat.shape(points, cloth)
    u = np.linspace(0, 1, flat.image.shape[1])[None, :, None]
    folds = 0.78 + 0.30 * np.sin(u * 17 + float(rng.uniform(0, 6)))
    flat.image[..., :3] *= folds.astype(np.float32)
    gold = np.array(GOLD) * (inside.shine(FRONT) + inside.burn * 0.05) * 1.4
    flat.line([(0.14, 3.45), (0.14, 0.58), (0.575, 0.15), (1.01, 0.58), (1.01, 3.45)], 0.05, gold)
    flat.disc(0.575, 2.2, 0.28, gold)
    flat.disc(0.575, 2.2, 0.19, cloth)
    for a in np.linspace(0, math.tau, 6, endpoint=False):
        flat.disc(0.575 + 0.36 * math.cos(a), 2.2 + 0.36 * math.sin(a), 0.05, gold)
    flat.shape([(0.42, 1.5), (0.73, 1.5), (0.575, 0.9)], gold)
    flat.box(0.0, 3.48, 1.15, 3.56, gold * 0.5)
    return flat


def paint_throne(style: Mapping[str, Any], inside: Inside) -> Flat:
    """Return a throne, 1.9 x 3.4 m: a high back with points, cushions, gilded arms."""
    flat = Flat(1.9, 3.4, 80)
    lit = inside.shine(FRONT) * 1.2 + inside.burn * 0.10
    gold, wood, cloth = (
        np.array(GOLD) * lit,
        np.array([0.09, 0.05, 0.03]) * lit,
        np.array(style["cloth"]) * lit,
    )
    flat.shape([(0.35, 0.4), (0.35, 2.6), (0.95, 3.3), (1.55, 2.6), (1.55, 0.4)], gold)
    flat.shape([(0.45, 0.5), (0.45, 2.52), (0.95, 3.08), (1.45, 2.52), (1.45, 0.5)], wood)
    flat.shape([(0.55, 0.9), (0.55, 2.40), (0.95, 2.85), (1.35, 2.40), (1.35, 0.9)], cloth)
    for y in (1.35, 1.8, 2.25):
        for u in (0.75, 0.95, 1.15):
            flat.disc(u, y, 0.035, gold)
    flat.ramp(0.3, 0.45, 1.6, 0.95, cloth * 0.7, cloth * 1.5)
    flat.box(0.25, 0.0, 1.65, 0.45, wood)
    for u in (0.12, 1.58):
        flat.ramp(u, 0.0, u + 0.2, 1.35, gold * 0.5, gold * 1.3)
        flat.disc(u + 0.1, 1.38, 0.14, gold * 1.2)
    for u in (0.35, 1.55, 0.95):
        flat.disc(u, 2.7 if u != 0.95 else 3.32, 0.08, gold * 1.3)
    return flat


def paint_altar(style: Mapping[str, Any], inside: Inside) -> Flat:
    """Return an altar with its cloth, a cross and candles, 4.4 x 2.6 m."""
    flat = Flat(4.4, 2.6, 60)
    lit = inside.shine(FRONT) * 1.2 + inside.burn * 0.12
    flat.ramp(0.9, 0.0, 3.5, 1.0, np.array([0.5, 0.48, 0.43]) * lit * 0.6, np.array([0.5, 0.48, 0.43]) * lit)
    flat.box(0.8, 0.95, 3.6, 1.08, np.array([0.6, 0.58, 0.53]) * lit)
    flat.shape([(1.7, 1.0), (2.7, 1.0), (2.7, 0.25), (2.2, 0.1), (1.7, 0.25)], np.array(style["cloth"]) * lit)
    gold = np.array(GOLD) * lit * 1.5
    flat.box(2.15, 1.08, 2.25, 2.5, gold)
    flat.box(1.85, 2.0, 2.55, 2.1, gold)
    for n in range(4):
        for side in (-1.0, 1.0):
            u = 2.2 + side * (0.6 + 0.34 * n)
            flat.box(u - 0.03, 1.08, u + 0.03, 1.30 + 0.1 * (n % 2), np.array([0.6, 0.55, 0.42]) * lit)
    return flat


def paint_pew(inside: Inside) -> Flat:
    """Return a pew from behind, 0.95 m tall."""
    flat = Flat(2.6, 0.95, 50)
    wood = np.array([0.15, 0.08, 0.04]) * inside.shine(FRONT)
    flat.ramp(0, 0.0, 2.6, 0.95, wood * 0.5, wood)
    flat.box(0, 0.86, 2.6, 0.95, wood * 2.0 + inside.day * 0.02)
    for u in (0.0, 1.27, 2.5):
        flat.box(u, 0, u + 0.1, 0.9, wood * 1.3)
    return flat


def paint_chandelier(inside: Inside) -> Flat:
    """Return a chandelier of crystal and candles, 2.6 x 3.2 m."""
    flat = Flat(2.6, 3.2, 50)
    gold = np.array(GOLD) * (inside.shine(FRONT) + inside.burn * 0.25)
    flat.line([(1.3, 3.2), (1.3, 1.6)], 0.05, gold * 0.5)
    for half, y in ((1.15, 0.75), (0.7, 1.35)):
        flat.line(
            [(1.3 - half * math.cos(a), y - 0.16 * half * math.sin(a)) for a in np.linspace(0, math.pi, 15)],
            0.06,
            gold,
        )
        for a in np.linspace(0, math.pi, 9):
            u, v = 1.3 - half * math.cos(a), y - 0.16 * half * math.sin(a)
            flat.box(u - 0.025, v, u + 0.025, v + 0.16, np.array([0.6, 0.55, 0.45]) * inside.burn * 0.5)
            flat.disc(u, v + 0.22, 0.045, inside.burn * 2.0, tall=1.6)
            flat.halo(u, v + 0.22, 0.14, inside.burn * 0.12)
            flat.line([(u, v), (1.3, 1.75)], 0.02, gold * 0.8)
            for drop in (0.08, 0.16, 0.24):
                flat.disc(u, v - drop, 0.022, inside.burn * 0.5 + inside.day * 0.4)
    return flat
