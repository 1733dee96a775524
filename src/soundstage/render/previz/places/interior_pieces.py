"""Furniture of the rooms as painted flats: each function returns a picture and its size in metres."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Colour = NDArray[np.float64]
WOOD, DARK, CLOTH = (0.22, 0.115, 0.055), (0.05, 0.04, 0.035), (0.16, 0.20, 0.19)
THINGS = ((0.40, 0.10, 0.06), (0.10, 0.22, 0.14), (0.45, 0.34, 0.14), (0.09, 0.14, 0.26), (0.5, 0.46, 0.40))


@dataclass(frozen=True, slots=True, kw_only=True)
class Indoors:
    """The light in a room, (3,) each."""

    day: Colour  #: what comes from the window, on what faces it
    lamp: Colour  #: what the lamps give, on what is near them
    burn: Colour  #: a lamp itself

    @property
    def all(self) -> Colour:
        """Return what falls on a thing in the middle of the room."""
        return self.day + self.lamp


def put_things(
    flat: Flat, rng: np.random.Generator, u0: float, u1: float, y: float, tall: float, lit: Colour
) -> None:
    """Put books, jars and bottles on a board, each with a lit edge."""
    u = u0
    while u < u1 - 0.05:
        wide, high = float(rng.uniform(0.03, 0.12)), float(rng.uniform(0.35, 1.0)) * tall
        if rng.random() < 0.82:
            colour = np.array(THINGS[int(rng.integers(len(THINGS)))]) * rng.uniform(0.5, 1.2) * lit
            flat.box(u, y, u + wide, y + high, colour)
            flat.box(u, y, u + wide * 0.25, y + high, colour * 1.9)
            if rng.random() < 0.35:
                flat.box(u + wide * 0.3, y + high, u + wide * 0.7, y + high + 0.07, colour * 0.8)
        u += wide + float(rng.uniform(0.0, 0.05))


def _put_books(flat: Flat, rng: np.random.Generator, u: float, end: float, y: float, lit: Colour) -> None:
    """Fill a board with books, spine by spine; some lean, here and there is a gap with a thing in it."""
    while u < end - 0.05:
        if rng.random() < 0.05:
            put_things(flat, rng, u, min(u + 0.2, end), y, 0.26, lit)
            u += 0.22
            continue
        wide, high = float(rng.uniform(0.022, 0.058)), float(rng.uniform(0.22, 0.325))
        colour = np.array(THINGS[int(rng.integers(len(THINGS)))]) * rng.uniform(0.35, 1.1) * lit
        flat.box(u, y, u + wide, y + high, colour)
        flat.box(u, y, u + wide * 0.3, y + high, colour * 1.7)
        flat.box(u, y + high * 0.72, u + wide, y + high * 0.78, colour * 0.4 + lit * 0.08)
        u += wide + 0.003


def paint_shelf(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a book case."""
    flat = Flat(1.7, 2.1, 90)
    wood = np.array(WOOD) * air.all
    flat.box(0, 0, 1.7, 2.1, wood * 0.25)
    for y in np.arange(0.08, 2.0, 0.4):
        _put_books(flat, rng, 0.07, 1.62, y, air.all * 0.8)
        flat.box(0, y - 0.05, 1.7, y, wood * 1.2)
    for u in (0.0, 0.83, 1.64):
        flat.box(u, 0, u + 0.06, 2.1, wood)
    flat.box(0, 2.04, 1.7, 2.1, wood * 1.3)
    return flat


def paint_bottles(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a bar's shelves, lit from within."""
    flat = Flat(3.2, 2.45, 80)
    for y in (1.25, 1.65, 2.05):
        flat.ramp(0, y, 3.2, y + 0.36, air.burn * 0.10, air.burn * 0.02)
        put_things(flat, rng, 0.05, 3.15, y, 0.26, air.all * 1.1)
        flat.box(0, y - 0.05, 3.2, y, np.array(WOOD) * air.all * 1.4)
    return flat


def paint_board(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a menu in chalk."""
    flat = Flat(1.3, 2.3, 80)
    flat.box(0, 1.1, 1.3, 2.3, np.array(WOOD) * air.all)
    flat.box(0.05, 1.15, 1.25, 2.25, np.array(DARK) * air.all * 0.5)
    chalk = air.all * 0.5
    flat.letters("COFFEE", 0.24, 2.03, 0.14, chalk)
    for y in np.arange(1.25, 1.95, 0.12):
        end = float(rng.uniform(0.5, 0.85))
        for u in np.arange(0.15, end, 0.07):
            flat.box(u, y, u + rng.uniform(0.03, 0.06), y + 0.035, chalk * 0.8, alpha=0.7)
        flat.box(1.0, y, 1.14, y + 0.035, chalk * 0.8, alpha=0.7)
    return flat


def paint_counter(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a bar with a machine, cups and a glass case on it."""
    flat = Flat(4.2, 1.85, 80)
    wood = np.array(WOOD) * air.all
    flat.ramp(0, 0, 4.2, 1.05, wood * 0.25, wood * 0.9)
    for u in np.arange(0.0, 4.2, 0.28):
        flat.box(u, 0.1, u + 0.02, 1.0, wood * 0.2)
        flat.box(u + 0.03, 0.1, u + 0.05, 1.0, wood * 1.1)
    flat.box(0, 1.02, 4.2, 1.10, wood * 1.9)
    flat.box(0, 1.09, 4.2, 1.105, air.all * 0.5)
    steel = air.all * 0.30
    flat.box(0.6, 1.1, 1.5, 1.62, steel * 0.35)
    flat.ramp(0.6, 1.42, 1.5, 1.62, steel * 0.6, steel * 1.5)
    for u in (0.78, 1.1, 1.38):
        flat.box(u, 1.22, u + 0.1, 1.40, steel * 0.1)
    for u in np.arange(0.64, 1.46, 0.11):
        flat.box(u, 1.62, u + 0.085, 1.70, air.all * 0.6)
    flat.box(2.2, 1.1, 3.5, 1.5, air.burn * 0.10, alpha=0.5)
    for u in np.arange(2.3, 3.4, 0.17):
        flat.disc(
            float(u), 1.17, 0.065, np.array([0.45, 0.24, 0.09]) * air.all * rng.uniform(0.6, 1.5), tall=0.7
        )
    flat.box(2.2, 1.49, 3.5, 1.52, air.all * 0.7)
    put_things(flat, rng, 3.6, 4.1, 1.1, 0.28, air.all)
    return flat


def paint_table(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a small table with two chairs, a cup and a candle."""
    flat = Flat(1.9, 1.0, 90)
    wood = np.array(WOOD) * air.all
    for u, way in ((0.12, 1.0), (1.78, -1.0)):
        flat.line([(u, 0.95), (u + way * 0.05, 0.45), (u, 0.0)], 0.045, wood * 0.35)
        flat.line([(u + way * 0.05, 0.45), (u + way * 0.42, 0.45), (u + way * 0.44, 0.0)], 0.05, wood * 0.45)
        for y in (0.62, 0.76, 0.9):
            flat.box(min(u, u + way * 0.05), y, max(u, u + way * 0.05) + 0.02, y + 0.05, wood * 0.7)
    flat.line([(0.95, 0.7), (0.95, 0.04)], 0.06, wood * 0.3)
    flat.line([(0.7, 0.02), (1.2, 0.02)], 0.05, wood * 0.3)
    flat.box(0.5, 0.70, 1.4, 0.75, wood * 1.6)
    flat.box(0.5, 0.74, 1.4, 0.752, air.all * 0.4)
    flat.box(0.72, 0.75, 0.82, 0.84, air.all * 0.55)
    flat.box(1.1, 0.75, 1.16, 0.82, air.burn * 0.4)
    flat.disc(1.13, 0.86, 0.018, air.burn * (1.5 + 0.2 * rng.random()), tall=1.9)
    return flat


def paint_sofa(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a sofa with cushions."""
    flat = Flat(2.3, 0.95, 90)
    cloth = np.array(CLOTH) * air.all
    flat.box(0.1, 0.1, 2.2, 0.86, cloth * 0.7)
    for u in (0.22, 1.17):
        flat.ramp(u, 0.40, u + 0.91, 0.90, cloth * 0.55, cloth * 1.25)
        flat.ramp(u, 0.22, u + 0.91, 0.44, cloth * 0.5, cloth * 1.4)
    for u in (0.0, 2.04):
        flat.ramp(u, 0.08, u + 0.26, 0.62, cloth * 0.4, cloth * 1.3)
    for u, colour in ((0.55, THINGS[0]), (1.75, THINGS[2])):
        tint = np.array(colour) * air.all
        lean = float(rng.uniform(-0.06, 0.06))
        flat.shape([(u - 0.2, 0.44), (u + 0.2, 0.44), (u + 0.17 + lean, 0.80), (u - 0.17 + lean, 0.78)], tint)
        flat.shape(
            [
                (u - 0.15 + lean, 0.7),
                (u + 0.15 + lean, 0.7),
                (u + 0.16 + lean, 0.79),
                (u - 0.16 + lean, 0.77),
            ],
            tint * 1.6,
        )
    for u in (0.15, 2.1):
        flat.box(u, 0.0, u + 0.06, 0.1, np.array(WOOD) * air.all * 0.4)
    return flat


def paint_floor_lamp(rng: np.random.Generator, air: Indoors) -> Flat:  # noqa: ARG001 - as the others
    """Return a standing lamp that burns."""
    flat = Flat(0.7, 1.75, 90)
    flat.line([(0.35, 0.02), (0.35, 1.35)], 0.03, np.array(DARK) * air.all)
    flat.box(0.2, 0, 0.5, 0.03, np.array(DARK) * air.all)
    flat.shape([(0.12, 1.32), (0.58, 1.32), (0.48, 1.70), (0.22, 1.70)], air.burn * 0.75)
    flat.shape([(0.2, 1.36), (0.5, 1.36), (0.44, 1.58), (0.26, 1.58)], air.burn * 1.1)
    return flat


def paint_plant(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a potted plant with broad leaves."""
    flat = Flat(1.3, 1.7, 80)
    flat.shape([(0.45, 0.4), (0.85, 0.4), (0.78, 0.0), (0.52, 0.0)], np.array(THINGS[4]) * air.all * 0.7)
    for k in range(26):
        turn = float(rng.uniform(0.25, math.pi - 0.25))
        far = float(rng.uniform(0.45, 1.2))
        tip = (0.65 + 0.5 * math.cos(turn) * far, 0.45 + math.sin(turn) * far)
        side = np.array([-math.sin(turn), math.cos(turn)]) * 0.075
        tone = np.array([0.05, 0.10, 0.03]) * air.all * (0.4 + 1.6 * k / 26) * rng.uniform(0.7, 1.3)
        root, middle = (0.65, 0.42), (0.65 + (tip[0] - 0.65) * 0.7, 0.42 + (tip[1] - 0.42) * 0.7)
        flat.line([root, middle], 0.012, tone * 0.6)
        base = (0.65 + (tip[0] - 0.65) * 0.4, 0.42 + (tip[1] - 0.42) * 0.4)
        flat.shape(
            [
                base,
                (middle[0] + side[0], middle[1] + side[1]),
                tip,
                (middle[0] - side[0], middle[1] - side[1]),
            ],
            tone,
        )
    return flat


def paint_pictures(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return frames on the wall."""
    flat = Flat(1.6, 2.1, 80)
    for u, y, w, h in (
        (0.05, 1.25, 0.6, 0.8),
        (0.75, 1.55, 0.42, 0.5),
        (0.75, 1.15, 0.75, 0.32),
        (1.25, 1.55, 0.3, 0.4),
    ):
        flat.box(u, y, u + w, y + h, np.array(DARK) * air.all)
        flat.box(u + 0.04, y + 0.04, u + w - 0.04, y + h - 0.04, air.all * 0.42)
        tint = np.array(THINGS[int(rng.integers(len(THINGS)))]) * air.all
        flat.ramp(u + 0.09, y + 0.09, u + w - 0.09, y + h - 0.09, tint * 0.5, tint * 1.3)
    return flat


def paint_worktop(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a kitchen's long worktop: cupboards, hob with a pan, board, jars, tap."""
    flat = Flat(7.6, 1.35, 70)
    door = np.array([0.20, 0.25, 0.23]) * air.all
    flat.box(0, 0.1, 7.6, 0.88, door * 0.35)
    for u in np.arange(0.0, 7.6, 0.6):
        flat.ramp(u + 0.015, 0.12, u + 0.585, 0.86, door * 0.55, door * 1.1)
        flat.box(u + 0.2, 0.76, u + 0.4, 0.785, air.all * 0.5)
    flat.box(0, 0.0, 7.6, 0.1, np.array(DARK) * air.all * 0.3)
    flat.box(0, 0.87, 7.6, 0.93, np.array(WOOD) * air.all * 1.9)
    flat.box(0, 0.92, 7.6, 0.932, air.day * 0.7 + air.lamp * 0.3)
    steel = air.all * 0.35
    flat.line([(3.8, 0.93), (3.8, 1.2), (3.86, 1.27), (3.98, 1.27), (4.0, 1.2)], 0.03, steel)
    flat.box(5.0, 0.93, 5.7, 0.95, np.array(DARK) * air.all)
    flat.box(5.1, 0.95, 5.45, 1.08, steel * 0.6)
    flat.box(5.1, 1.06, 5.45, 1.08, steel * 1.6)
    flat.line([(5.45, 1.05), (5.75, 1.08)], 0.025, np.array(DARK) * air.all)
    flat.box(2.2, 0.93, 2.24, 1.26, np.array(WOOD) * air.all * 1.5)
    put_things(flat, rng, 0.6, 2.1, 0.93, 0.26, air.all)
    put_things(flat, rng, 6.1, 7.2, 0.93, 0.30, air.all)
    for u in (2.9, 3.05, 3.17):
        flat.disc(u, 0.98, 0.06, np.array([0.5, 0.24, 0.05]) * air.all)
    return flat


def paint_cupboards(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return wall cupboards, an open board with cups under them."""
    flat = Flat(2.3, 2.35, 70)
    door = np.array([0.24, 0.29, 0.27]) * air.all
    for u in np.arange(0.0, 2.2, 0.575):
        flat.ramp(u + 0.01, 1.68, u + 0.565, 2.35, door * 0.7, door * 1.2)
        flat.box(u + 0.48, 1.72, u + 0.5, 1.86, air.all * 0.5)
    flat.box(0, 1.64, 2.3, 1.68, door * 0.2)
    flat.box(0, 1.36, 2.3, 1.40, np.array(WOOD) * air.all * 1.5)
    put_things(flat, rng, 0.06, 2.24, 1.40, 0.17, air.all)
    return flat


def paint_fridge(rng: np.random.Generator, air: Indoors) -> Flat:  # noqa: ARG001 - as the others
    """Return a tall fridge with a gleam down its door."""
    flat = Flat(0.8, 1.95, 70)
    body = np.array([0.46, 0.46, 0.44]) * air.all
    flat.ramp(0, 0.03, 0.8, 1.95, body * 0.5, body)
    flat.box(0.06, 0.05, 0.12, 1.93, body * 1.5, alpha=0.6)
    flat.box(0, 1.28, 0.8, 1.30, body * 0.2)
    for y in (0.8, 1.36):
        flat.box(0.68, y, 0.71, y + 0.35, air.all * 0.7)
    return flat


PIECES: Mapping[str, Callable[[np.random.Generator, Indoors], Flat]] = {
    "shelf": paint_shelf, "bottles": paint_bottles, "board": paint_board, "counter": paint_counter,
    "table": paint_table, "sofa": paint_sofa, "floor_lamp": paint_floor_lamp, "plant": paint_plant,
    "pictures": paint_pictures, "worktop": paint_worktop, "cupboards": paint_cupboards,
    "fridge": paint_fridge,
}  # fmt: skip
