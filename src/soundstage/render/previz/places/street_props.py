"""What stands in a street: blade signs, lamps, trees, parked cars, awnings, cables, marks on the road."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_paint import SetLight

CARS = ((0.30, 0.02, 0.02), (0.03, 0.05, 0.12), (0.35, 0.35, 0.36), (0.02, 0.02, 0.022), (0.42, 0.30, 0.06))


def paint_blade(
    rng: np.random.Generator, style: Mapping[str, Any], light: SetLight, size_m: tuple[float, float]
) -> NDArray[np.float32]:
    """Return a sign that stands out from a wall: a lit box with script down it."""
    wide, tall = size_m
    flat = Flat(wide, tall, 56)
    colour = np.array(style["signs"][int(rng.integers(len(style["signs"])))])
    other = np.array(style["signs"][int(rng.integers(len(style["signs"])))])
    power = style["sign_light"] * (0.10 + 0.90 * light.darkness) * light.lamp
    flat.box(0, 0, wide, tall, light.fill * 0.10)
    filled = rng.random() < 0.4
    back = colour * power * 0.42 if filled else light.fill * 0.06 + colour * 0.02 * power
    flat.box(0.05, 0.05, wide - 0.05, tall - 0.05, back)
    ink = light.fill * 0.05 if filled else colour * power + light.fill * colour * 0.3
    edge = other * power * 0.8
    for box in ((0.04, 0.04, wide - 0.04, 0.09), (0.04, tall - 0.09, wide - 0.04, tall - 0.04),
                (0.04, 0.04, 0.09, tall - 0.04), (wide - 0.09, 0.04, wide - 0.04, tall - 0.04)):  # fmt: skip
        flat.box(*box, edge)
    side = wide * 0.66
    if rng.random() < style["glyphs"]:
        for y in np.arange(tall - 0.16 - side, 0.08, -side * 1.2):
            flat.glyph(rng, (wide - side) / 2, y, side, ink)
    else:
        word = str(style["words"][int(rng.integers(len(style["words"])))])
        step = min((tall - 0.25) / len(word), side * 1.1)
        for k, letter in enumerate(word):
            flat.letters(letter, wide * 0.30, tall - 0.14 - (k + 0.85) * step, step * 0.72, ink)
    return flat.image


def paint_lamp(style: Mapping[str, Any], light: SetLight) -> NDArray[np.float32]:
    """Return a lamp post, 1.9 x 5.4 m, its arm to the right."""
    flat = Flat(1.9, 5.4, 40)
    iron = light.fill * 0.07 + light.glow * 0.03
    flat.line([(0.25, 0.0), (0.25, 4.7)], 0.11, iron)
    flat.line([(0.25, 0.0), (0.25, 0.8)], 0.2, iron * 0.8)
    arc = [(0.25 + 1.05 * (1 - math.cos(a)) / 1.3, 4.7 + 0.42 * math.sin(a)) for a in np.linspace(0, 2.2, 9)]
    flat.line(arc, 0.07, iron)
    u, y = arc[-1]
    flat.shape([(u - 0.25, y), (u + 0.25, y), (u + 0.12, y + 0.2), (u - 0.12, y + 0.2)], iron)
    burn = np.array(style["lamp"]) * light.lamp * (0.2 + 5.0 * light.darkness)
    flat.disc(u, y - 0.05, 0.2, burn, tall=0.55)
    if light.darkness > 0.3:
        grid_y, grid_x = np.mgrid[: flat.image.shape[0], : flat.image.shape[1]] / 40.0
        far = (grid_x - u) ** 2 + (flat.height_m - grid_y - y + 0.05) ** 2
        halo = np.exp(-far / 0.16) * 0.14 * light.darkness
        flat.image[..., :3] += (halo[..., None] * np.array(style["lamp"]) * light.lamp).astype(np.float32)
    return flat.image


def paint_tree(rng: np.random.Generator, light: SetLight, *, px_per_m: float = 36) -> NDArray[np.float32]:
    """Return a street tree, 4.6 x 6.4 m, lit from above and from the sun's side."""
    canvas = Canvas(round(4.6 * px_per_m), round(6.4 * px_per_m))
    dark = np.array([0.05, 0.04, 0.03]) * light.fill
    rows: list[list[float]] = []
    for top_x, top_y, thick in ((2.3, 4.4, 0.16), (1.4, 4.6, 0.08), (3.2, 4.7, 0.08)):
        rows.append([2.3, 0, 2.3, 2.4, top_x, top_y, thick, thick * 0.5, *dark, 1, *dark, 1, 0, 0])
    strokes = np.array(rows)
    strokes[:, [0, 2, 4, 6, 7]] *= px_per_m
    strokes[:, [1, 3, 5]] = (6.4 - strokes[:, [1, 3, 5]]) * px_per_m
    canvas.strokes(strokes)
    leaf = np.array([0.055, 0.085, 0.028])
    leaf = leaf + (0.7 - leaf) * 0.6 * light.white
    count = 1500
    turn, out = rng.uniform(0, math.tau, count), np.sqrt(rng.random(count))
    clump = rng.normal(0, 1, (14, 2)) * [0.75, 0.6] + [2.3, 4.5]
    home = clump[rng.integers(0, 14, count)]
    x, y = home[:, 0] + np.cos(turn) * out * 0.75, home[:, 1] + np.sin(turn) * out * 0.6
    depth = np.sort(rng.random(count))  # later leaves are nearer and lighter
    side = np.clip((x - 2.3) / 1.6 * np.sign(light.sun[0] or 1.0) * 0.5 + (y - 4.2) / 1.6 * 0.7 + 0.4, 0, 1)
    tone = (0.25 + 0.75 * depth * rng.uniform(0.5, 1.0, count)) * (0.30 + side)
    colour = (
        leaf * (light.fill * 0.9 + (light.key * 0.35 + light.glow * 0.35) * side[:, None]) * tone[:, None]
    )
    lean = rng.uniform(0, math.tau, count)
    size = rng.uniform(0.06, 0.13, count) * px_per_m
    canvas.ellipses(
        np.column_stack(
            [x * px_per_m, (6.4 - y) * px_per_m, size, size * 0.55, np.cos(lean), np.sin(lean), colour,
             np.full(count, 0.95), np.full(count, 0.25), np.ones(count)]
        )
    )  # fmt: skip
    return canvas.image()


def paint_car_end(
    rng: np.random.Generator, light: SetLight, paint: tuple[float, float, float]
) -> NDArray[np.float32]:
    """Return the rear of a parked car, 1.8 x 1.5 m."""
    flat = Flat(1.8, 1.5, 60)
    body = np.array(paint) * (light.fill * 0.9 + light.key * 0.10)
    sheen = light.sky_low * 0.20 + light.sky_high * 0.12
    flat.box(0.10, 0.0, 0.42, 0.4, light.fill * 0.01)
    flat.box(1.38, 0.0, 1.70, 0.4, light.fill * 0.01)
    flat.shape([(0.04, 0.22), (0.02, 0.8), (0.2, 0.95), (0.36, 1.42), (1.44, 1.42), (1.6, 0.95), (1.78, 0.8),
                (1.76, 0.22)], body * 0.7)  # fmt: skip
    flat.shape([(0.03, 0.74), (0.2, 0.95), (1.6, 0.95), (1.77, 0.74)], body * 0.8 + sheen * 0.8)
    flat.shape([(0.40, 1.39), (0.30, 1.0), (1.5, 1.0), (1.40, 1.39)], sheen * 0.5)
    flat.shape([(0.36, 1.42), (0.44, 1.49), (1.36, 1.49), (1.44, 1.42)], body * 0.6 + sheen)
    tail = np.array([1.0, 0.03, 0.02]) * (0.10 + 0.55 * light.darkness * (rng.random() < 0.4)) * light.lamp
    for u in (0.06, 1.48):
        flat.box(u, 0.66, u + 0.26, 0.80, tail + light.fill * [0.09, 0.006, 0.005])
    flat.box(0.65, 0.42, 1.15, 0.54, light.fill * 0.4)
    flat.box(0.06, 0.20, 1.74, 0.30, light.fill * 0.03)
    return flat.image


def paint_car_side(light: SetLight, paint: tuple[float, float, float]) -> NDArray[np.float32]:
    """Return the flank of a parked car, 4.4 x 1.5 m."""
    flat = Flat(4.4, 1.5, 40)
    body = np.array(paint) * (light.fill * 0.9 + light.key * 0.10)
    sheen = light.sky_low * 0.16 + light.sky_high * 0.12
    flat.shape([(0.0, 0.25), (0.02, 0.8), (0.5, 0.98), (1.1, 1.44), (2.9, 1.46), (3.6, 0.98), (4.3, 0.85),
                (4.4, 0.25)], body * 0.6)  # fmt: skip
    flat.shape([(0.03, 0.72), (0.5, 0.96), (3.6, 0.96), (4.35, 0.76)], body * 0.8 + sheen * 0.6)
    flat.shape([(0.75, 1.0), (1.2, 1.38), (2.85, 1.40), (3.35, 1.0)], sheen * 0.5)
    flat.box(2.0, 0.98, 2.08, 1.42, body * 0.5)
    for u in (0.9, 3.45):
        flat.disc(u, 0.32, 0.36, light.fill * 0.008)
        flat.disc(u, 0.32, 0.2, light.fill * 0.16)
    return flat.image


def paint_cable(
    rng: np.random.Generator, width_m: float, style: Mapping[str, Any], light: SetLight
) -> NDArray[np.float32]:
    """Return cables across the street, with lanterns where it is that kind of street; 2.2 m tall."""
    flat = Flat(width_m, 2.2, 36)
    iron = light.fill * 0.03
    for _ in range(int(rng.integers(2, 4))):
        a, b, sag = rng.uniform(1.0, 2.1), rng.uniform(1.0, 2.1), rng.uniform(0.4, 1.0)
        u = np.linspace(0, 1, 24)
        flat.line([(k * width_m, a + (b - a) * k - sag * 4 * k * (1 - k)) for k in u], 0.03, iron)
    if style["glyphs"] > 0:
        glow = (
            np.array(style["signs"][int(rng.integers(len(style["signs"])))])
            * light.lamp
            * (0.2 + 1.5 * light.darkness)
        )
        for k in np.linspace(0.08, 0.92, int(width_m / 0.9)):
            y = 1.5 - 0.5 * 4 * k * (1 - k)
            flat.disc(k * width_m, y - 0.2, 0.15, glow * 0.8, tall=1.15)
            flat.disc(k * width_m, y - 0.22, 0.08, glow * 1.6)
    return flat.image


def paint_awning(
    rng: np.random.Generator, style: Mapping[str, Any], light: SetLight, wide_m: float
) -> NDArray[np.float32]:
    """Return a striped awning seen from before it, 0.9 m tall, with a scalloped edge."""
    flat = Flat(wide_m, 0.9, 40)
    base = np.array(style["awnings"][int(rng.integers(len(style["awnings"])))])
    glow = np.array(style["shop"]) * 0.22 * light.darkness * light.lamp
    for k, u in enumerate(np.arange(0, wide_m, 0.4)):
        albedo = base if k % 2 else np.array([0.55, 0.52, 0.46]) if style["glyphs"] == 0 else base * 0.45
        colour = albedo * (light.fill * 0.95 + light.key * 0.12 + glow)
        flat.ramp(u, 0.22, min(u + 0.4, wide_m), 0.9, colour * 0.7, colour * 1.1)
        flat.box(u, 0.14, min(u + 0.4, wide_m), 0.24, colour * 0.55)
        flat.disc(u + 0.2, 0.14, 0.2, colour * 0.55, tall=0.6)
    return flat.image
