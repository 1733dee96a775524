"""Walls of halls: columns, arches, bays with windows or pictures, the end of the nave, the vault."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.hall_props import GOLD
from soundstage.render.previz.places.set_carpentry import FRONT
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.places.panels import Vector
    from soundstage.render.previz.places.set_indoors import Inside


def paint_column(style: Mapping[str, Any], inside: Inside) -> Flat:
    """Return a column, 1.2 m wide, with base and capital, lit along its edges from the windows."""
    tall = float(style["tall_m"]) * 0.86
    flat = Flat(1.2, tall, 44)
    stone = np.array(style["stone"])

    def shaft(u0: float, u1: float, y0: float, y1: float, gain: float) -> None:
        part = flat.part(u0, y0, u1, y1)
        u = np.linspace(-1, 1, part.shape[1])
        turn = 0.42 + 0.58 * np.sqrt(np.maximum(1 - u**2, 0))
        rim = np.clip(np.abs(u) - 0.62, 0, 1) * 1.6
        row = stone * gain * (turn[:, None] * inside.shine(FRONT) * 0.9 + rim[:, None] * inside.day * 1.8)
        part[..., :3] = row[None].astype(np.float32)
        part[..., 3] = 1

    shaft(0.22, 0.98, 0.4, tall - 0.5, 1.0)
    for u in np.arange(0.27, 0.95, 0.11):
        flat.shade(float(u), 0.5, float(u) + 0.035, tall - 0.6, 0.72)
    for y in np.arange(1.4, tall - 0.6, 1.3):
        flat.shade(0.22, float(y), 0.98, float(y) + 0.03, 0.6)
    shaft(0.08, 1.12, 0.0, 0.25, 1.1)
    shaft(0.15, 1.05, 0.25, 0.45, 0.9)
    shaft(0.14, 1.06, tall - 0.62, tall - 0.38, 1.15)
    shaft(0.0, 1.2, tall - 0.38, tall, 1.05)
    flat.shade(0.22, tall - 0.8, 0.98, tall - 0.62, 0.6)
    # Torch light falls on its foot, the vault is dark.
    v = np.linspace(1, 0, flat.image.shape[0])[:, None, None]
    flat.image[..., :3] *= (1.15 - 0.5 * v).astype(np.float32)
    if "torches" in style["has"]:
        flat.glow(0.6, 2.4, 1.3, inside.burn * 0.16 * stone, tall=1.1)
        flat.box(0.55, 1.75, 0.65, 2.25, np.array([0.03, 0.025, 0.02]) * inside.shine(FRONT))
    return flat


def paint_arch(style: Mapping[str, Any], inside: Inside, wide: float, tall: float) -> Flat:
    """Return a pointed arch over the nave; below it is nothing."""
    span = wide + 1.0
    flat = Flat(span, tall, 26)
    stone = np.array(style["stone"]) * inside.shine(FRONT)
    spring = tall * 0.62
    rows, columns = flat.image.shape[:2]
    u = (np.arange(columns) + 0.5) / columns * span - span / 2
    y = tall - (np.arange(rows) + 0.5) / rows * tall
    # Two circles as wide as the nave cross at its top.
    reach = wide * 0.92
    centre = reach - wide / 2
    rise = (
        np.sqrt(np.maximum(reach**2 - (np.abs(u) + centre) ** 2, 0))
        * (tall * 0.34)
        / math.sqrt(reach**2 - centre**2)
    )
    inner = spring + rise
    inside_nave = np.abs(u) < wide / 2
    depth = np.where(
        inside_nave[None, :], y[:, None] - inner[None, :], np.where(y[:, None] > spring - 0.2, 1.0, -1.0)
    )
    cover = np.clip(depth * 26 + 0.5, 0, 1)
    rim = (
        np.clip(1 - np.abs(depth - 0.28) / 0.16, 0, 1) * 0.8
        + np.clip(1 - np.abs(depth - 0.75) / 0.1, 0, 1) * 0.4
    )
    tone = (0.55 - 0.30 * np.clip((y[:, None] - spring) / (tall - spring), 0, 1) + rim * 0.6)[
        ..., None
    ] * stone
    flat.image[..., :3] = tone * cover[..., None]
    flat.image[..., 3] = cover
    return flat


def paint_bay(
    rng: np.random.Generator,
    style: Mapping[str, Any],
    inside: Inside,
    normal: Vector,
    wide: float,
    tall: float,
) -> Flat:
    """Return one bay of a side wall: a tall window, or a picture, or bare stone."""
    flat = Flat(wide, tall, 34)
    stone = np.array(style["stone"])
    flat.fill(stone)
    flat.grain(rng, 0.22, 1.2)
    if "pictures" not in style["has"]:
        for k, y in enumerate(np.arange(0, tall, 0.55)):
            flat.shade(0, float(y), wide, float(y) + 0.03, 0.7)
            for u in np.arange(0.6 * (k % 2), wide, 1.2):
                flat.shade(float(u), float(y), float(u) + 0.03, float(y) + 0.55, 0.75)
    v = np.linspace(1, 0, flat.image.shape[0])[:, None, None]
    flat.image[..., :3] *= (inside.shine(normal) * 0.75 * (1.0 - 0.45 * v)).astype(np.float32)
    has = style["has"]
    if "windows" in has:
        paint_window(flat, rng, style, inside, (wide * 0.28, tall * 0.24, wide * 0.44, tall * 0.60))
    if "pictures" in has:
        _hang_picture(
            flat, rng, inside, (wide * 0.18, 1.25, wide * 0.64, min(tall * 0.4, 2.4)), lit="spots" in has
        )
    if "bars" in has:
        u0, u1 = wide * 0.2, wide * 0.8
        flat.box(u0, 0.0, u1, 2.6, np.full(3, 0.004))
        for u in np.arange(u0, u1, 0.22):
            flat.box(float(u), 0, float(u) + 0.06, 2.6, np.array([0.05, 0.045, 0.04]) * inside.shine(normal))
    flat.shade(0, 0, wide, 0.3, 0.6)
    return flat


def paint_window(
    flat: Flat,
    rng: np.random.Generator,
    style: Mapping[str, Any],
    inside: Inside,
    box: tuple[float, float, float, float],
) -> None:
    """Set a pointed window of leaded glass into a wall; light of the hour stands in it."""
    u0, y0, w, h = box
    out = inside.outside
    sky = out.sky_low * 0.9 + out.sky_high * 0.4 + out.glow * 0.35 + out.key * 0.06
    part = flat.part(u0, y0, u0 + w, y0 + h)
    rows, columns = part.shape[:2]
    u = (np.arange(columns) + 0.5) / columns - 0.5
    y = 1 - (np.arange(rows) + 0.5) / rows
    top = 0.72 + 0.28 * np.sqrt(np.maximum(1 - (np.abs(u) / 0.5) ** 1.6, 0))
    cover = (np.clip((top[None, :] - y[:, None]) * rows + 0.5, 0, 1))[..., None]
    tints = np.array(style["glass"])
    grid = (max(round(w / 0.32), 2), max(round(h / 0.4), 3))
    pick = tints[rng.integers(0, len(tints), (grid[1], grid[0]))] * rng.uniform(
        0.7, 1.1, (grid[1], grid[0], 1)
    )
    cells = np.repeat(np.repeat(pick, math.ceil(rows / grid[1]), 0), math.ceil(columns / grid[0]), 1)[
        :rows, :columns
    ]
    shade = (0.7 + 0.5 * y)[:, None, None]
    light = sky * cells * shade
    lead_u = np.minimum(np.arange(columns) % max(columns // grid[0], 1), 1)[None, :, None]
    lead_v = np.minimum(np.arange(rows) % max(rows // grid[1], 1), 1)[:, None, None]
    light = light * (0.35 + 0.65 * lead_u * lead_v)
    mullion = (np.abs(np.abs(u) - 0.0) < 0.035)[None, :, None] | (np.abs(u) > 0.46)[None, :, None]
    light = np.where(mullion, np.array(style["stone"]) * inside.lamp * 0.8, light)
    halo = np.array(tints.mean(0)) * sky
    flat.glow(u0 + w / 2, y0 + h * 0.5, w * 1.1, halo * 0.10 * np.array(style["stone"]), tall=1.6)
    part[..., :3] += (light - part[..., :3]) * cover.astype(np.float32)
    part[..., 3] = 1


def _hang_picture(
    flat: Flat, rng: np.random.Generator, inside: Inside, box: tuple[float, float, float, float], *, lit: bool
) -> None:
    u0, y0, w, h = box
    day = inside.shine((1.0, 0.0, 0.0)) + inside.burn * (0.22 if lit else 0.05)
    if lit:
        flat.glow(u0 + w / 2, y0 + h * 0.6, w * 0.75, inside.burn * 0.28)
    flat.shade(u0 - 0.05, y0 - 0.22, u0 + w + 0.15, y0, 0.7)
    flat.box(u0, y0, u0 + w, y0 + h, np.array(GOLD) * day)
    flat.box(u0 + 0.06, y0 + 0.06, u0 + w - 0.06, y0 + h - 0.06, np.array(GOLD) * day * 0.4)
    a, b = rng.uniform(0.03, 0.5, 3), rng.uniform(0.03, 0.3, 3)
    flat.ramp(u0 + 0.13, y0 + 0.13, u0 + w - 0.13, y0 + h - 0.13, b * day, a * day)
    for _ in range(9):
        u, v = u0 + 0.25 + rng.random() * (w - 0.5), y0 + 0.25 + rng.random() * (h - 0.5)
        size = float(rng.uniform(0.06, 0.22)) * min(w, h)
        flat.disc(
            u,
            v,
            min(size, u - u0 - 0.14, u0 + w - 0.14 - u, v - y0 - 0.14),
            rng.uniform(0.02, 0.5, 3) * day,
            alpha=0.8,
        )


def paint_end(
    rng: np.random.Generator, style: Mapping[str, Any], inside: Inside, wide: float, tall: float
) -> Flat:
    """Return the wall at the end of the nave: three windows and a rose, or pictures."""
    flat = Flat(wide, tall, 30)
    flat.fill(style["stone"])
    flat.grain(rng, 0.22, 1.4)
    v = np.linspace(1, 0, flat.image.shape[0])[:, None, None]
    flat.image[..., :3] *= (inside.shine(FRONT) * (0.9 - 0.4 * v)).astype(np.float32)
    mid = wide / 2
    if "windows" in style["has"]:
        for off, w, h in ((-2.4, 1.3, 0.46), (0.0, 1.7, 0.58), (2.4, 1.3, 0.46)):
            paint_window(flat, rng, style, inside, (mid + off - w / 2, tall * 0.30, w, tall * h))
    elif "pictures" in style["has"]:
        for off in (-3.2, 3.2):
            _hang_picture(flat, rng, inside, (mid + off - 1.1, 1.3, 2.2, min(tall * 0.4, 2.4)), lit=True)
        door = inside.shine(FRONT) * 0.05
        flat.box(mid - 1.2, 0, mid + 1.2, min(3.2, tall - 0.5), door)
    else:
        flat.box(mid - 1.0, 0, mid + 1.0, 2.4, np.full(3, 0.003))
        flat.disc(mid, 2.4, 1.0, np.full(3, 0.003))
    if "torches" in style["has"]:
        for off in (-2.0, 2.0):
            flat.glow(mid + off, 2.6, 2.0, inside.burn * 0.20 * np.array(style["stone"]))
    return flat


def paint_vault(style: Mapping[str, Any], inside: Inside, size_m: tuple[float, float]) -> Flat:
    """Return the ceiling seen from below, its ribs faint."""
    wide, deep = size_m
    flat = Flat(wide, deep, 10)
    stone = np.array(style["stone"]) * inside.shine((0.0, -1.0, 0.0))
    flat.fill(stone * 0.20)
    for v in np.arange(0, deep, 5.6):
        flat.box(0, float(v) - 0.3, wide, float(v) + 0.3, stone * 0.34)
    for u in (wide * 0.3, wide * 0.5, wide * 0.7):
        flat.box(u - 0.15, 0, u + 0.15, deep, stone * 0.30)
    return flat
