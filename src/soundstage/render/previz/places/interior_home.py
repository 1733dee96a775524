"""Furniture of homes and of places one goes out to, as painted flats: beds, baths, tables, shops, gyms."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.places.interior_pieces import CLOTH, DARK, THINGS, WOOD, Indoors, put_things
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def paint_bed(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a double bed seen from its foot, 2.2 x 1.25 m."""
    flat = Flat(2.2, 1.25, 90)
    wood, linen = np.array(WOOD) * air.all, np.array([0.58, 0.55, 0.50]) * air.all
    blanket = np.array(THINGS[int(rng.integers(3))]) * air.all * 0.8
    flat.ramp(0.0, 0.3, 2.2, 1.25, wood * 0.6, wood * 1.5)
    for u in (0.25, 1.15):
        flat.shape([(u, 0.66), (u + 0.8, 0.66), (u + 0.76, 0.98), (u + 0.05, 0.98)], linen * 1.15)
        flat.shape([(u + 0.06, 0.68), (u + 0.4, 0.68), (u + 0.36, 0.94), (u + 0.1, 0.94)], linen * 0.9)
    flat.shape(
        [(0.03, 0.16), (2.17, 0.16), (2.15, 0.62), (2.05, 0.72), (0.15, 0.72), (0.05, 0.62)], linen * 0.75
    )
    flat.shape([(0.0, 0.14), (2.2, 0.14), (2.17, 0.50), (2.05, 0.60), (0.15, 0.60), (0.03, 0.50)], blanket)
    for u in np.arange(0.2, 2.1, 0.27):
        flat.line([(float(u), 0.16), (float(u) + rng.normal(0, 0.05), 0.55)], 0.03, blanket * 0.6)
    flat.box(0.03, 0.54, 2.17, 0.60, linen)
    for u in (0.06, 2.06):
        flat.box(u, 0.0, u + 0.08, 0.15, wood * 0.5)
    return flat


def paint_nightstand(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a small chest with a lamp that burns, 0.6 x 1.15 m."""
    flat = Flat(0.6, 1.15, 90)
    wood = np.array(WOOD) * air.all
    flat.ramp(0.04, 0.05, 0.56, 0.55, wood * 0.6, wood * 1.4)
    for y in (0.10, 0.32):
        flat.box(0.08, y, 0.52, y + 0.18, wood * 0.9)
        flat.disc(0.3, y + 0.09, 0.02, air.all * 0.6)
    flat.line([(0.3, 0.55), (0.3, 0.8)], 0.04, np.array(DARK) * air.all)
    flat.shape([(0.12, 0.78), (0.48, 0.78), (0.40, 1.10), (0.20, 1.10)], air.burn * 0.7)
    flat.shape([(0.17, 0.80), (0.43, 0.80), (0.37, 1.02), (0.23, 1.02)], air.burn * 1.05)
    put_things(flat, rng, 0.42, 0.54, 0.55, 0.10, air.all)
    return flat


def paint_wardrobe(rng: np.random.Generator, air: Indoors) -> Flat:  # noqa: ARG001 - as the others
    """Return a wardrobe with a mirror in one door, 1.7 x 2.2 m."""
    flat = Flat(1.7, 2.2, 70)
    wood = np.array(WOOD) * air.all
    flat.ramp(0, 0.05, 1.7, 2.2, wood * 0.7, wood * 1.3)
    for u in (0.05, 0.88):
        flat.box(u, 0.12, u + 0.77, 2.1, wood * 1.2)
        flat.shade(u, 0.12, u + 0.03, 2.1, 0.5)
    flat.ramp(0.96, 0.3, 1.57, 1.98, air.all * 0.16, air.all * 0.34 + air.day * 0.2)
    flat.shape([(1.0, 0.3), (1.2, 0.3), (1.5, 1.98), (1.3, 1.98)], air.day * 0.5, alpha=0.3)
    for u in (0.78, 0.9):
        flat.box(u, 1.0, u + 0.02, 1.2, air.all * 0.6)
    return flat


def paint_kitchen_table(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a kitchen table with chairs, a bowl of fruit and a jug, 2.2 x 1.05 m."""
    flat = Flat(2.2, 1.05, 90)
    wood = np.array([0.30, 0.18, 0.09]) * air.all
    for u in (0.35, 1.15):
        for side in (0.0, 0.42):
            flat.line([(u + side, 0.0), (u + side, 0.98)], 0.035, wood * 0.55)
        for y in (0.62, 0.76, 0.90):
            flat.box(u, y, u + 0.44, y + 0.05, wood * 0.8)
        flat.box(u - 0.02, 0.43, u + 0.46, 0.48, wood * 0.9)
    for u in (0.08, 2.0):
        flat.box(u, 0.0, u + 0.09, 0.72, wood * 0.7)
    flat.ramp(0.0, 0.69, 2.2, 0.75, wood * 1.0, wood * 1.7)
    flat.box(0.0, 0.742, 2.2, 0.755, air.day * 0.5 + air.lamp * 0.35)
    flat.shape(
        [(0.85, 0.75), (1.35, 0.75), (1.45, 0.86), (0.75, 0.86)], np.array([0.45, 0.45, 0.42]) * air.all
    )
    for k, u in enumerate((0.88, 1.0, 1.12, 1.24, 1.33)):
        tint = np.array([[0.55, 0.05, 0.03], [0.55, 0.30, 0.03], [0.25, 0.40, 0.05]][k % 3]) * air.all
        flat.disc(u, 0.89 + 0.02 * (k % 2), 0.062, tint)
        flat.disc(u - 0.02, 0.91 + 0.02 * (k % 2), 0.02, tint * 1.9)
    flat.shape([(1.68, 0.75), (1.86, 0.75), (1.83, 1.0), (1.71, 1.0)], np.array([0.12, 0.25, 0.42]) * air.all)
    put_things(flat, rng, 0.2, 0.5, 0.75, 0.12, air.all)
    return flat


def paint_cloth_table(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a restaurant's table laid for two: cloth, candle, glasses, 1.7 x 1.1 m."""
    flat = Flat(1.7, 1.1, 100)
    linen = np.array([0.62, 0.60, 0.55]) * (air.all + air.burn * 0.04)
    wood = np.array(WOOD) * air.all
    for u, way in ((0.1, 1.0), (1.6, -1.0)):
        flat.line([(u, 1.0), (u + way * 0.04, 0.45), (u, 0.0)], 0.05, wood * 0.4)
        flat.line([(u + way * 0.04, 0.46), (u + way * 0.4, 0.46), (u + way * 0.42, 0.0)], 0.05, wood * 0.4)
        flat.box(
            min(u, u + way * 0.06), 0.55, max(u, u + way * 0.06), 1.0, np.array([0.25, 0.03, 0.03]) * air.all
        )
    flat.ramp(0.35, 0.22, 1.35, 0.75, linen * 0.45, linen * 0.95)
    for u in np.arange(0.42, 1.3, 0.16):
        flat.shade(float(u), 0.22, float(u) + 0.05, 0.72, 0.72)
    flat.box(0.33, 0.735, 1.37, 0.76, linen * 1.25)
    burn = air.burn * (1.5 + 0.2 * rng.random())
    flat.box(0.83, 0.76, 0.87, 0.92, linen)
    flat.disc(0.85, 0.96, 0.022, burn, tall=1.9)
    flat.halo(0.85, 0.96, 0.10, burn * 0.16)
    for u in (0.6, 1.1):
        flat.line([(u, 0.76), (u, 0.84)], 0.012, air.all * 0.4)
        flat.disc(u, 0.90, 0.048, air.all * 0.22, alpha=0.6, tall=1.4)
        flat.disc(u, 0.88, 0.038, np.array([0.35, 0.02, 0.03]) * (air.all + air.burn * 0.05), tall=0.9)
        flat.disc(u + 0.14 * (1 if u < 0.8 else -1), 0.77, 0.10, linen * 1.3, tall=0.12)
    return flat


def paint_goods(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a shop's shelf full of goods in rows, 2.6 x 2.05 m."""
    flat = Flat(2.6, 2.05, 80)
    flat.box(0, 0, 2.6, 2.05, air.all * 0.10)
    for y in np.arange(0.12, 1.9, 0.37):
        u = 0.04
        while u < 2.5:
            tint = rng.uniform(0.03, 0.6, 3) * air.all
            w, h = float(rng.uniform(0.07, 0.15)), float(rng.uniform(0.16, 0.29))
            for _ in range(int(rng.integers(2, 5))):
                if u > 2.5:
                    break
                flat.box(u, float(y), u + w, float(y) + h, tint)
                flat.box(
                    u + 0.15 * w,
                    float(y) + 0.3 * h,
                    u + 0.85 * w,
                    float(y) + 0.6 * h,
                    tint * 0.3 + air.all * 0.25,
                )
                flat.box(u, float(y), u + 0.12 * w, float(y) + h, tint * 1.6)
                u += w + 0.012
        flat.box(0, float(y) - 0.05, 2.6, float(y), air.all * 0.5)
        for u in np.arange(0.2, 2.5, 0.5):
            flat.box(
                float(u),
                float(y) - 0.045,
                float(u) + 0.12,
                float(y) - 0.008,
                np.array([0.6, 0.45, 0.04]) * air.all,
            )
    return flat


def paint_bathtub(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a bathtub on feet with foam, a tap and a towel, 1.9 x 0.95 m."""
    flat = Flat(1.9, 0.95, 90)
    white = np.array([0.62, 0.62, 0.60]) * air.all
    flat.shape(
        [(0.12, 0.62), (0.22, 0.22), (0.4, 0.12), (1.5, 0.12), (1.68, 0.22), (1.78, 0.62)], white * 0.75
    )
    flat.shape([(0.2, 0.58), (0.28, 0.26), (0.5, 0.16), (0.7, 0.16), (0.55, 0.58)], white * 1.1)
    flat.box(0.06, 0.60, 1.84, 0.67, white * 1.2)
    for _ in range(60):
        u = float(rng.uniform(0.2, 1.7))
        flat.disc(
            u,
            0.67 + abs(float(rng.normal(0, 0.05))),
            float(rng.uniform(0.03, 0.07)),
            white * rng.uniform(0.8, 1.3),
        )
    for u in (0.35, 1.55):
        flat.disc(u, 0.07, 0.07, air.all * 0.35)
    flat.line([(1.7, 0.66), (1.7, 0.88), (1.58, 0.90), (1.56, 0.84)], 0.03, air.all * 0.6)
    flat.box(0.1, 0.35, 0.3, 0.68, np.array([0.2, 0.4, 0.45]) * air.all)
    return flat


def paint_basin(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a basin under a mirror with lamps, 1.2 x 2.1 m."""
    flat = Flat(1.2, 2.1, 80)
    flat.box(0.18, 1.12, 1.02, 2.0, np.array(WOOD) * air.all * 1.2)
    flat.ramp(0.22, 1.16, 0.98, 1.96, air.all * 0.22, air.all * 0.42 + air.day * 0.15)
    flat.shape([(0.3, 1.16), (0.5, 1.16), (0.9, 1.96), (0.7, 1.96)], air.day * 0.6, alpha=0.3)
    for u in (0.08, 1.12):
        flat.disc(u, 1.6, 0.06, air.burn * 1.1)
        flat.halo(u, 1.6, 0.12, air.burn * 0.12)
    wood = np.array(WOOD) * air.all
    flat.ramp(0.05, 0.1, 1.15, 0.78, wood * 0.7, wood * 1.5)
    flat.box(0.58, 0.12, 0.61, 0.76, wood * 0.3)
    flat.ramp(
        0.0, 0.78, 1.2, 0.88, np.array([0.6, 0.6, 0.58]) * air.all, np.array([0.75, 0.75, 0.73]) * air.all
    )
    flat.line([(0.6, 0.88), (0.6, 1.04), (0.68, 1.04)], 0.03, air.all * 0.6)
    put_things(flat, rng, 0.08, 0.4, 0.88, 0.16, air.all)
    return flat


def paint_dumbbells(rng: np.random.Generator, air: Indoors) -> Flat:  # noqa: ARG001 - as the others
    """Return a rack of dumb-bells before a mirror, 2.6 x 2.3 m."""
    flat = Flat(2.6, 2.3, 70)
    flat.ramp(0, 0.9, 2.6, 2.3, air.all * 0.14, air.all * 0.34 + air.day * 0.12)
    flat.shape([(0.4, 0.9), (0.9, 0.9), (1.7, 2.3), (1.2, 2.3)], air.day * 0.4 + air.lamp * 0.2, alpha=0.25)
    for u in (0.05, 2.45):
        flat.box(u, 0.0, u + 0.1, 1.0, air.all * 0.05)
    for y in (0.25, 0.6, 0.95):
        flat.box(0.05, y - 0.06, 2.55, y, air.all * 0.10)
        for u in np.arange(0.25, 2.5, 0.36):
            for side in (-0.09, 0.09):
                flat.disc(float(u) + side, y + 0.09, 0.085, air.all * 0.03)
                flat.disc(float(u) + side - 0.015, y + 0.11, 0.045, air.all * 0.10)
            flat.line([(float(u) - 0.08, y + 0.09), (float(u) + 0.08, y + 0.09)], 0.03, air.all * 0.4)
    return flat


def paint_bag(rng: np.random.Generator, air: Indoors) -> Flat:  # noqa: ARG001 - as the others
    """Return a punching bag on its chain, 0.5 x 2.9 m."""
    flat = Flat(0.5, 2.9, 70)
    flat.line([(0.25, 2.9), (0.25, 2.1)], 0.03, air.all * 0.3)
    part = flat.part(0.06, 0.75, 0.44, 2.0)
    u = np.linspace(-1, 1, part.shape[1])
    turn = 0.35 + 0.65 * np.sqrt(np.maximum(1 - u**2, 0)) + 0.5 * np.clip(np.abs(u + 0.5) < 0.12, 0, 1)
    part[..., :3] = (turn[:, None] * np.array([0.26, 0.03, 0.03]) * air.all)[None].astype(np.float32)
    part[..., 3] = 1
    flat.line([(0.25, 2.15), (0.08, 2.0)], 0.02, air.all * 0.3)
    flat.line([(0.25, 2.15), (0.42, 2.0)], 0.02, air.all * 0.3)
    for y in (0.95, 1.75):
        flat.box(0.06, y, 0.44, y + 0.07, air.all * 0.03)
    return flat


def paint_fireplace(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a fireplace of stone with a fire in it, 1.9 x 2.3 m."""
    flat = Flat(1.9, 2.3, 80)
    stone = np.array([0.30, 0.27, 0.23]) * air.all
    flat.fill(stone * 0.9)
    for k, y in enumerate(np.arange(0, 2.3, 0.24)):
        for u in np.arange(-0.2 * (k % 2), 1.9, 0.42):
            flat.shade(float(u), float(y), float(u) + 0.42, float(y) + 0.24, float(rng.uniform(0.7, 1.25)))
            flat.shade(float(u), float(y), float(u) + 0.02, float(y) + 0.24, 0.45)
        flat.shade(0, float(y), 1.9, float(y) + 0.02, 0.45)
    flat.box(0.38, 0.08, 1.52, 1.0, air.all * 0.01)
    fire = air.burn * np.array([1.0, 0.75, 0.55])
    for k in range(16):
        u = 0.62 + 0.045 * k
        tall = 0.20 + 0.42 * np.sin(np.pi * (k + 0.5) / 16) * rng.uniform(0.6, 1.0)
        flat.shape(
            [(u - 0.07, 0.2), (u + 0.07, 0.2), (u + 0.01, 0.2 + tall)],
            fire * rng.uniform(0.6, 1.3),
            alpha=0.8,
        )
    flat.halo(0.95, 0.42, 0.45, fire * 0.25)
    for u in (0.55, 0.85, 1.1):
        flat.line([(u, 0.15), (u + 0.3, 0.19)], 0.09, np.array(WOOD) * air.all * 0.5)
    flat.box(-0.1, 1.22, 2.0, 1.36, np.array(WOOD) * air.all * 1.6)
    put_things(flat, rng, 0.2, 1.7, 1.36, 0.24, air.all)
    return flat


def paint_armchair(rng: np.random.Generator, air: Indoors) -> Flat:  # noqa: ARG001 - as the others
    """Return an armchair, 1.1 x 1.1 m."""
    flat = Flat(1.1, 1.1, 90)
    cloth = np.array(CLOTH) * np.array([1.6, 0.9, 0.6]) * air.all
    flat.ramp(0.12, 0.2, 0.98, 1.08, cloth * 0.6, cloth * 1.2)
    flat.ramp(0.2, 0.3, 0.9, 0.52, cloth * 0.8, cloth * 1.7)
    for u in (0.0, 0.88):
        flat.ramp(u, 0.12, u + 0.22, 0.66, cloth * 0.5, cloth * 1.4)
    for u in (0.06, 0.98):
        flat.box(u, 0.0, u + 0.06, 0.13, np.array(WOOD) * air.all * 0.4)
    return flat


HOME: Mapping[str, Callable[[np.random.Generator, Indoors], Flat]] = {
    "bed": paint_bed, "nightstand": paint_nightstand, "wardrobe": paint_wardrobe,
    "kitchen_table": paint_kitchen_table, "cloth_table": paint_cloth_table, "goods": paint_goods,
    "bathtub": paint_bathtub, "basin": paint_basin, "dumbbells": paint_dumbbells, "bag": paint_bag,
    "fireplace": paint_fireplace, "armchair": paint_armchair,
}  # fmt: skip
