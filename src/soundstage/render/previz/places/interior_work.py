"""Furniture of where people work and learn, as painted flats: offices, laboratories, schools, hospitals."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.places.interior_pieces import DARK, THINGS, WOOD, Colour, Indoors, put_things
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

PALE = (0.46, 0.46, 0.44)
SCREEN = ((0.10, 0.30, 0.75), (0.08, 0.45, 0.50), (0.12, 0.16, 0.30))


def _screen(
    flat: Flat, rng: np.random.Generator, box: tuple[float, float, float, float], burn: Colour
) -> None:
    """Paint a screen that is on: windows, lines of text, a curve."""
    u, y, w, h = box
    glow = burn * 0.42
    tint = np.array(SCREEN[int(rng.integers(len(SCREEN)))])
    flat.box(u - 0.02, y - 0.02, u + w + 0.02, y + h + 0.02, burn * 0.004)
    flat.ramp(u, y, u + w, y + h, tint * glow, tint * glow * 1.7 + glow * 0.05)
    for k in range(5):
        v = y + h * (0.15 + 0.15 * k)
        flat.box(u + 0.06 * w, v, u + w * rng.uniform(0.25, 0.5), v + 0.035 * h, glow * 0.9, alpha=0.8)
    flat.box(u + 0.56 * w, y + 0.14 * h, u + 0.94 * w, y + 0.86 * h, glow * 0.16)
    way = [(u + w * (0.58 + 0.036 * k), y + h * (0.3 + 0.4 * rng.random())) for k in range(10)]
    flat.line(way, 0.012, np.array([0.3, 1.0, 0.5]) * glow)


def paint_desk(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a desk with two screens, a lamp and a chair before it, 1.9 x 1.4 m."""
    flat = Flat(1.9, 1.4, 90)
    top = np.array(PALE) * air.all
    for u in (0.55, 1.02):
        flat.box(u + 0.19, 0.74, u + 0.24, 0.9, air.all * 0.08)
        _screen(flat, rng, (u, 0.88, 0.43, 0.30), air.burn)
    flat.box(0.0, 0.70, 1.9, 0.745, top * 1.2)
    flat.box(0.0, 0.738, 1.9, 0.748, air.day * 0.6 + air.lamp * 0.3)
    for u in (0.06, 1.78):
        flat.box(u, 0.0, u + 0.05, 0.70, air.all * 0.14)
    flat.box(1.35, 0.08, 1.78, 0.68, top * 0.55)
    for y in (0.26, 0.46, 0.64):
        flat.box(1.37, y, 1.76, y + 0.012, top * 0.2)
    put_things(flat, rng, 1.55, 1.85, 0.745, 0.25, air.all)
    flat.box(0.2, 0.745, 0.42, 0.78, air.all * 0.5)
    chair = np.array([0.035, 0.04, 0.05]) * air.all
    flat.shape([(0.55, 0.52), (1.05, 0.52), (1.02, 1.08), (0.58, 1.08)], chair)
    flat.shape([(0.60, 0.56), (0.70, 0.56), (0.70, 1.04), (0.62, 1.04)], chair * 2.4)
    flat.box(0.5, 0.42, 1.1, 0.52, chair * 1.5)
    flat.line([(0.8, 0.42), (0.8, 0.12)], 0.05, air.all * 0.2)
    for du in (-0.26, 0.0, 0.26):
        flat.line([(0.8, 0.14), (0.8 + du, 0.03)], 0.04, air.all * 0.08)
    return flat


def paint_whiteboard(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a white board with notes and a diagram on it, 2.4 m wide, its top at 2.2 m."""
    flat = Flat(2.4, 2.2, 70)
    flat.box(0, 0.9, 2.4, 2.2, air.all * 0.3)
    flat.box(0.04, 0.94, 2.36, 2.16, np.array([0.66, 0.66, 0.65]) * air.all)
    inks = ([0.5, 0.04, 0.04], [0.03, 0.08, 0.4], [0.03, 0.25, 0.08])
    for y in np.arange(1.1, 2.0, 0.14):
        u = 0.18
        while u < 1.1:
            w = float(rng.uniform(0.05, 0.16))
            flat.box(u, float(y), u + w, float(y) + 0.022, np.array(inks[1]) * air.all, alpha=0.8)
            u += w + 0.04
    spots = [(1.45, 1.85), (2.05, 1.85), (1.75, 1.3)]
    for a, b in ((0, 1), (1, 2), (2, 0)):
        flat.line([spots[a], spots[b]], 0.02, np.array(inks[0]) * air.all)
    for k, (u, y) in enumerate(spots):
        flat.disc(u, y, 0.13, np.array(inks[k]) * air.all)
        flat.disc(u, y, 0.10, np.array([0.66, 0.66, 0.65]) * air.all)
    return flat


def paint_blackboard(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a school's blackboard with chalk on it, 4.4 m wide, its top at 2.4 m."""
    flat = Flat(4.4, 2.4, 70)
    flat.box(0, 0.85, 4.4, 2.4, np.array(WOOD) * air.all * 1.2)
    flat.box(0.07, 0.93, 4.33, 2.33, np.array([0.030, 0.075, 0.052]) * (air.all * 1.1))
    chalk = np.array([0.62, 0.62, 0.58]) * air.all
    flat.letters("E = mc", 0.4, 1.95, 0.26, chalk, bold=0.09)
    flat.letters("2", 1.62, 2.08, 0.14, chalk, bold=0.09)
    for y in np.arange(1.1, 1.85, 0.17):
        u = 0.4
        while u < 2.0:
            w = float(rng.uniform(0.06, 0.2))
            flat.box(u, float(y), u + w, float(y) + 0.03, chalk * 0.7, alpha=0.8)
            u += w + 0.06
    flat.line([(2.5, 1.15), (4.0, 1.15)], 0.02, chalk)
    flat.line([(2.55, 1.1), (2.55, 2.2)], 0.02, chalk)
    flat.line(
        [(2.55 + 0.14 * k, 1.2 + 0.9 * math.sin(0.16 * k) ** 2) for k in range(11)],
        0.025,
        np.array([0.6, 0.5, 0.15]) * air.all,
    )
    flat.box(0.07, 0.85, 4.33, 0.90, np.array(WOOD) * air.all * 2.0)
    return flat


def paint_school_desk(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a school desk with its chair, 1.2 x 0.95 m."""
    flat = Flat(1.2, 0.95, 90)
    wood = np.array([0.34, 0.21, 0.10]) * air.all
    steel = air.all * 0.12
    for u in (0.1, 1.06):
        flat.line([(u, 0.0), (u, 0.70)], 0.035, steel)
    flat.box(0.0, 0.68, 1.2, 0.73, wood * 1.5)
    flat.box(0.0, 0.722, 1.2, 0.735, air.day * 0.5 + air.lamp * 0.25)
    flat.box(0.12, 0.5, 1.08, 0.68, wood * 0.35)
    if rng.random() < 0.8:
        put_things(flat, rng, 0.15, 0.6, 0.73, 0.10, air.all)
    for u in (0.32, 0.86):
        flat.line([(u, 0.0), (u, 0.9)], 0.03, steel)
    flat.ramp(0.3, 0.68, 0.9, 0.92, wood * 0.9, wood * 1.6)
    flat.ramp(0.28, 0.42, 0.92, 0.47, wood * 0.8, wood * 1.4)
    return flat


def paint_bench(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a laboratory's bench with glass, a microscope and burners, 4.2 x 1.65 m."""
    flat = Flat(4.2, 1.65, 90)
    body = np.array([0.40, 0.43, 0.45]) * air.all
    flat.ramp(0, 0.08, 4.2, 0.88, body * 0.45, body * 0.9)
    for u in np.arange(0.0, 4.2, 0.7):
        flat.shade(float(u), 0.1, float(u) + 0.02, 0.88, 0.4)
        flat.box(float(u) + 0.25, 0.78, float(u) + 0.45, 0.80, air.all * 0.6)
    flat.box(0, 0.87, 4.2, 0.92, np.array(DARK) * air.all * 1.4)
    flat.box(0, 0.912, 4.2, 0.922, air.day * 0.6 + air.lamp * 0.4)
    tints = ([0.05, 0.45, 0.75], [0.12, 0.65, 0.18], [0.75, 0.25, 0.06], [0.6, 0.10, 0.5])
    for k, u in enumerate(np.arange(0.25, 2.5, 0.32)):
        _flask(flat, float(u), np.array(tints[k % 4]), air, round_=k % 2 == 0)
    for u in np.arange(2.6, 3.1, 0.08):
        flat.box(float(u), 0.92, float(u) + 0.045, 1.22, air.all * 0.16, alpha=0.6)
        tint = np.array(tints[int(rng.integers(4))]) * air.all * 0.8
        flat.box(float(u) + 0.008, 0.93, float(u) + 0.037, 1.08, tint)
    flat.box(2.55, 1.04, 3.14, 1.08, np.array(WOOD) * air.all)
    steel = air.all * 0.5
    flat.box(3.42, 0.92, 3.80, 0.97, steel * 0.25)
    flat.line([(3.75, 0.95), (3.75, 1.3), (3.6, 1.42)], 0.06, steel * 0.3)
    flat.line([(3.48, 1.48), (3.62, 1.1)], 0.075, steel)
    flat.box(3.46, 1.06, 3.74, 1.09, steel * 0.2)
    return flat


def _flask(flat: Flat, u: float, tint: Colour, air: Indoors, *, round_: bool) -> None:
    glass, liquid = air.all * 0.18, tint * (air.all * 0.75 + air.burn * 0.05)
    if round_:
        flat.disc(u, 1.02, 0.105, glass, alpha=0.7)
        flat.disc(u, 1.0, 0.085, liquid)
        flat.box(u - 0.025, 1.10, u + 0.025, 1.28, glass, alpha=0.7)
    else:
        flat.shape(
            [
                (u - 0.11, 0.92),
                (u + 0.11, 0.92),
                (u + 0.03, 1.14),
                (u + 0.03, 1.26),
                (u - 0.03, 1.26),
                (u - 0.03, 1.14),
            ],
            glass,
            alpha=0.7,
        )
        flat.shape([(u - 0.10, 0.93), (u + 0.10, 0.93), (u + 0.055, 1.05), (u - 0.055, 1.05)], liquid)
    flat.box(u - 0.06, 0.96, u - 0.04, 1.06, air.day * 0.9 + air.lamp * 0.5, alpha=0.7)


def paint_server(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a rack of machines with their lights, 0.85 x 2.2 m."""
    flat = Flat(0.85, 2.2, 80)
    flat.box(0, 0, 0.85, 2.2, air.all * 0.035)
    for y in np.arange(0.1, 2.1, 0.11):
        flat.box(0.06, float(y), 0.79, float(y) + 0.085, air.all * 0.018)
        flat.box(0.06, float(y) + 0.08, 0.79, float(y) + 0.088, air.all * 0.12)
        for u in np.arange(0.5, 0.76, 0.05):
            if rng.random() < 0.7:
                tint = np.array([[0.05, 1.0, 0.3], [0.1, 0.45, 1.0], [1.0, 0.5, 0.05]][int(rng.integers(3))])
                flat.box(float(u), float(y) + 0.03, float(u) + 0.018, float(y) + 0.05, tint * air.burn * 1.1)
    return flat


def paint_screens(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a wall of screens, 3.6 m wide, its top at 2.6 m."""
    flat = Flat(3.6, 2.6, 60)
    for y in (1.2, 1.92):
        for u in (0.05, 1.23, 2.41):
            _screen(flat, rng, (u, y, 1.12, 0.64), air.burn)
    return flat


def paint_hospital_bed(rng: np.random.Generator, air: Indoors) -> Flat:  # noqa: ARG001 - as the others
    """Return a hospital's bed, 2.3 x 1.15 m, its head raised."""
    flat = Flat(2.3, 1.15, 90)
    steel, sheet = air.all * 0.4, np.array([0.56, 0.60, 0.62]) * air.all
    for u in (0.2, 2.05):
        flat.line([(u, 0.05), (u, 0.5)], 0.05, steel)
        flat.disc(u, 0.06, 0.06, air.all * 0.05)
    flat.box(0.1, 0.38, 2.2, 0.46, steel * 0.7)
    flat.shape([(0.12, 0.46), (2.2, 0.46), (2.2, 0.68), (0.85, 0.70), (0.12, 1.0)], sheet * 0.8)
    flat.shape([(0.7, 0.62), (2.22, 0.60), (2.22, 0.36), (0.8, 0.40)], np.array([0.20, 0.36, 0.44]) * air.all)
    flat.shape([(0.12, 0.92), (0.55, 0.76), (0.62, 0.88), (0.2, 1.08)], sheet * 1.4)
    flat.box(0.03, 0.4, 0.10, 1.12, sheet * 0.9)
    flat.box(2.2, 0.4, 2.26, 0.9, sheet * 0.9)
    for y in (0.74, 0.84):
        flat.line([(0.9, y), (1.7, y)], 0.025, steel * 1.6)
    return flat


def paint_vitals(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a monitor of heart beats and a drip on their stand, 0.9 x 1.9 m."""
    flat = Flat(0.9, 1.9, 90)
    steel = air.all * 0.35
    for u in (0.3, 0.75):
        flat.line([(u, 0.04), (u, 1.85)], 0.028, steel)
        flat.line([(u - 0.2, 0.03), (u + 0.2, 0.03)], 0.04, steel * 0.5)
    flat.box(0.04, 1.02, 0.58, 1.42, air.all * 0.25)
    flat.box(0.07, 1.05, 0.55, 1.39, air.burn * 0.006)
    beats = {3: 0.08, 4: -0.03}
    for y, tint in ((1.28, [0.1, 1.0, 0.3]), (1.14, [0.2, 0.6, 1.0])):
        way = [(0.09 + 0.0185 * k, y + beats.get(k % 8, 0.0) + 0.004 * rng.normal()) for k in range(25)]
        flat.line(way, 0.014, np.array(tint) * air.burn * 0.8)
    flat.shape(
        [(0.64, 1.78), (0.86, 1.78), (0.83, 1.48), (0.67, 1.48)],
        np.array([0.5, 0.56, 0.58]) * air.all,
        alpha=0.8,
    )
    flat.line([(0.75, 1.48), (0.72, 1.0), (0.80, 0.6)], 0.012, air.all * 0.3)
    return flat


def paint_ward_curtain(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a ward's curtain on its rail, 1.6 x 2.3 m."""
    flat = Flat(1.6, 2.3, 60)
    flat.box(0, 0.25, 1.6, 2.25, np.array([0.24, 0.40, 0.38]) * air.all)
    u = np.linspace(0, 1, flat.image.shape[1])[None, :, None]
    flat.image[..., :3] *= (0.75 + 0.35 * np.sin(u * 40 + float(rng.uniform(0, 6)))).astype(np.float32)
    flat.box(0, 2.24, 1.6, 2.28, air.all * 0.4)
    return flat


def paint_tools(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a workshop's bench with its wall of tools, 2.8 x 2.3 m."""
    flat = Flat(2.8, 2.3, 80)
    flat.box(0, 1.05, 2.8, 2.3, np.array([0.24, 0.17, 0.10]) * air.all)
    flat.grain(rng, 0.2, 0.4)
    for u in np.arange(0.15, 2.7, 0.24):
        y, long = float(rng.uniform(1.75, 2.15)), float(rng.uniform(0.28, 0.55))
        flat.line([(float(u), y), (float(u), y - long)], 0.035, air.all * rng.uniform(0.2, 0.5))
        tint = np.array(THINGS[int(rng.integers(len(THINGS)))]) * air.all
        flat.box(float(u) - 0.035, y - long - 0.12, float(u) + 0.035, y - long, tint)
        if rng.random() < 0.5:
            flat.box(float(u) - 0.09, y, float(u) + 0.09, y + 0.06, air.all * 0.35)
    wood = np.array([0.26, 0.17, 0.09]) * air.all
    flat.ramp(0, 0.78, 2.8, 0.92, wood * 0.8, wood * 1.5)
    flat.box(0, 0.915, 2.8, 0.93, air.day * 0.4 + air.lamp * 0.4)
    for u in (0.1, 1.3, 2.5):
        flat.box(u, 0, u + 0.16, 0.78, wood * 0.6)
    flat.box(0.1, 0.2, 2.6, 0.26, wood * 0.5)
    put_things(flat, rng, 0.3, 2.5, 0.92, 0.22, air.all)
    return flat


def paint_machine(rng: np.random.Generator, air: Indoors) -> Flat:
    """Return a machine of a factory, 2.2 x 2.0 m, its lamps on."""
    flat = Flat(2.2, 2.0, 70)
    body = np.array([0.10, 0.22, 0.20]) * air.all
    flat.ramp(0, 0.06, 2.2, 1.5, body * 0.5, body * 1.3)
    flat.ramp(0.25, 1.5, 1.5, 2.0, body * 0.7, body * 1.5)
    flat.box(0.3, 0.75, 1.3, 1.35, air.all * 0.03)
    flat.disc(0.8, 1.05, 0.24, air.all * 0.35)
    flat.disc(0.8, 1.05, 0.10, air.all * 0.08)
    for k, tint in enumerate(([1.0, 0.1, 0.05], [0.1, 1.0, 0.3], [1.0, 0.7, 0.1])):
        flat.disc(1.6 + 0.16 * k, 1.2, 0.045, np.array(tint) * air.burn * 0.9)
    for y in np.arange(0.2, 0.6, 0.1):
        flat.box(1.45, float(y), 2.0, float(y) + 0.04, body * 0.25)
    flat.line([(1.5, 1.8), (1.9, 1.8), (1.9, 2.0)], 0.09, air.all * 0.2 * rng.uniform(0.8, 1.2))
    for k in range(8):
        flat.shape(
            [(0.28 * k, 0.0), (0.28 * k + 0.14, 0.0), (0.28 * k + 0.24, 0.1), (0.28 * k + 0.10, 0.1)],
            np.array([0.6, 0.42, 0.03]) * air.all,
        )
    return flat


WORK: Mapping[str, Callable[[np.random.Generator, Indoors], Flat]] = {
    "desk": paint_desk, "whiteboard": paint_whiteboard, "blackboard": paint_blackboard,
    "school_desk": paint_school_desk, "bench": paint_bench, "server": paint_server, "screens": paint_screens,
    "hospital_bed": paint_hospital_bed, "vitals": paint_vitals, "ward_curtain": paint_ward_curtain,
    "tools": paint_tools, "machine": paint_machine,
}  # fmt: skip
