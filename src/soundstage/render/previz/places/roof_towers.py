"""Towers of a city seen from a roof: their fronts with hundreds of windows, lit one by one after dark."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_carpentry import Shine
    from soundstage.render.previz.places.set_paint import SetLight

STOREY_M, BAY_M = 3.6, 3.0


def paint_tower(
    rng: np.random.Generator, style: Mapping[str, Any], light: SetLight, face: NDArray[np.float64],
    size_m: tuple[float, float], px_per_m: float,
) -> Flat:  # fmt: skip
    """Return one face of a tower under the light `face` that falls on it."""
    wide, tall = size_m
    flat = Flat(wide, tall, px_per_m)
    albedo = np.array(style["walls"][int(rng.integers(len(style["walls"])))]) * rng.uniform(0.75, 1.2)
    flat.fill(albedo)
    flat.grain(rng, 0.14, 9.0)
    v = np.linspace(1, 0, flat.image.shape[0])[:, None, None]
    # The streets below glow upward after dark; by day they take the light away.
    below = np.array(style["lamp"]) * 0.16 * light.lamp * light.darkness * np.exp(-v * tall / 14.0)
    flat.image[..., :3] *= (face * (0.55 + 0.45 * v) + below).astype(np.float32)
    cells, glass = _cells(rng, style, light, (max(int(wide / BAY_M), 2), max(int(tall / STOREY_M), 3)))
    _set_cells(flat, rng, cells, glass=glass)
    flat.box(0, tall - 1.0, wide, tall, albedo * face * 1.25)
    flat.shade(0, tall - 1.6, wide, tall - 1.0, 0.6)
    return flat


def _cells(
    rng: np.random.Generator, style: Mapping[str, Any], light: SetLight, count: tuple[int, int]
) -> tuple[NDArray[np.float32], bool]:
    """Return the light of every window (rows, columns, 3), and whether the tower is all of glass."""
    columns, rows = count
    glass = bool(rng.random() < style["glass"])
    up = np.linspace(1, 0, rows)[:, None, None]
    mirror = light.sky_low * (0.62 - 0.25 * up) + light.sky_high * (0.12 + 0.42 * up)
    dim = (
        rng.uniform(0.55, 1.0, (rows, columns, 1))
        if not glass
        else rng.uniform(0.85, 1.0, (rows, columns, 1))
    )
    cells = mirror * dim * (0.75 if glass else 0.42)
    # People work on one floor and live behind single windows.
    floor = rng.random((rows, 1)) < 0.25
    lit = rng.random((rows, columns)) < style["lit"] * (0.04 + 0.96 * light.darkness) * np.where(
        floor, 1.9, 0.75
    )
    tints = np.array(style["windows"])[rng.integers(0, len(style["windows"]), (rows, columns))]
    power = rng.uniform(0.25, 1.0, (rows, columns, 1)) ** 1.6 * 1.15 * light.lamp
    return np.where(lit[..., None], tints * power, cells).astype(np.float32), glass


def _set_cells(flat: Flat, rng: np.random.Generator, cells: NDArray[np.float32], *, glass: bool) -> None:
    """Set the windows into the wall, as bands or one by one."""
    rows, columns = cells.shape[:2]
    height, width = flat.image.shape[:2]
    big = np.asarray(cv2.resize(cells, (width, height), interpolation=cv2.INTER_NEAREST), np.float32)
    u = (np.arange(width) + 0.5) / width * columns % 1.0
    v = (np.arange(height) + 0.5) / height * rows % 1.0
    share = 0.94 if glass else float(rng.choice([0.5, 0.62, 1.0]))
    tall = 0.88 if glass else float(rng.uniform(0.45, 0.62))
    per_u, per_v = columns / width, rows / height
    mask_u = np.clip((share / 2 - np.abs(u - 0.5)) / per_u + 0.5, 0, 1) if share < 1 else np.ones(width)
    mask_v = np.clip((tall / 2 - np.abs(v - 0.52)) / per_v + 0.5, 0, 1)
    if glass or share == 1:  # panes
        mask_u = mask_u * (1 - 0.55 * (np.abs((u * 2) % 1 - 0.5) > 0.5 - per_u * 1.2))
    else:
        mask_u = mask_u * (1 - 0.45 * (np.abs(u - 0.5) < per_u * 0.7))
    depth = 0.75 + 0.5 * v if glass else 1.15 - 0.45 * v  # a ceiling is brighter than what stands under it
    big *= depth[:, None, None].astype(np.float32)
    mask = (mask_v[:, None] * mask_u[None, :]).astype(np.float32)[..., None]
    flat.image[..., :3] += (big - flat.image[..., :3]) * mask


def paint_carpet(rng: np.random.Generator, style: Mapping[str, Any], light: SetLight, shine: Shine) -> Flat:
    """Return the city from above: blocks of roofs, streets with lamps, 120 m square."""
    flat = Flat(120.0, 120.0, 2.4)
    flat.fill(np.array([0.05, 0.05, 0.055]) * shine((0.0, 1.0, 0.0)) * 0.6)
    street = np.array(style["lamp"]) * 0.55 * light.lamp * light.darkness
    roof = shine((0.0, 1.0, 0.0))
    for x in np.arange(0.0, 120.0, 40.0):
        for y in np.arange(0.0, 120.0, 30.0):
            for u in np.arange(x + 4.0, x + 36.0, 10.7):
                for v in np.arange(y + 4.0, y + 26.0, 11.0):
                    tone = np.array([0.20, 0.18, 0.165]) * rng.uniform(0.4, 1.3) * roof
                    flat.box(u, v, u + 10, v + 10.3, tone * 0.55)
                    flat.box(u + 0.6, v + 0.6, u + 9.4, v + 9.7, tone)
                    a, b = rng.uniform(1, 6, 2)
                    flat.box(u + a, v + b, u + a + 2, v + b + 1.6, tone * rng.uniform(0.4, 1.7))
            for v in np.arange(y, y + 30, 5.0):
                flat.disc(x + 1.4, v, 1.6, street * 0.5, alpha=0.5)
                flat.disc(x + 1.4, v, 0.5, street * 2.2)
    for x in np.arange(0.0, 120.0, 40.0):
        for v in rng.uniform(0, 120, 11):
            red = rng.random() < 0.5
            colour = np.array([1.0, 0.12, 0.06] if red else [1.0, 0.9, 0.75]) * light.lamp
            flat.disc(x + (2.4 if red else 0.6), v, 0.45, colour * (0.15 + 1.6 * light.darkness))
    return flat
