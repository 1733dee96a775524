"""Land that stands up behind water, as cards: hills, peaks, cliffs, painted once from noise and the light.

A card's height curve gives its outline; slopes of the same noise give it sides that face the sun or do not.
Knows no tree and no water.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.card import PAD_PX, Card
from soundstage.render.previz.places.water_noise import layered, rock_face

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import SetContext

f32 = np.float32
MOST_PX = 1700  #: width of a card; far land has no finer detail than the air lets through
PERIODS = 3.6  #: frames' widths until a card repeats
Focus = Literal["back", "full"]


def card_scale(ctx: SetContext, z_m: float) -> tuple[float, float]:
    """Return a card's width (m) and its pixels a metre, for a card at this depth."""
    away = max(z_m - ctx.start.eye_m[2], 1.0)
    width_m = 2 * ctx.start.half_width_m(away) * PERIODS
    fine = 1.0 if ctx.size.width * ctx.size.height <= SMALL_PX else 0.5
    px_per_m = ctx.start.focal_px / away * fine
    return width_m, px_per_m * min(1.0, MOST_PX / (width_m * px_per_m))


SMALL_PX = 640_000  #: a frame up to here is drawn whole at full resolution


def focus_of(ctx: SetContext) -> Focus:
    """Return the canvas that a place's scenery is drawn on: small frames cannot spare half their pixels."""
    return "full" if ctx.size.width * ctx.size.height <= SMALL_PX else "back"


def _curve(rng: np.random.Generator, w: int, knots: int, octaves: int, gain: float) -> NDArray[np.float32]:
    return layered(rng, 8, w, 2, max(knots, 2), octaves, gain)[4]


def _hills(rng: np.random.Generator, w: int, knots: int) -> NDArray[np.float32]:
    return f32(0.35) + f32(0.65) * _curve(rng, w, knots, 6, 0.38)


def _peaks(rng: np.random.Generator, w: int, knots: int) -> NDArray[np.float32]:
    total = np.zeros(w, f32)
    weight = 1.0
    for octave in range(6):
        total += f32(weight) * (1 - np.abs(2 * _curve(rng, w, knots * 2**octave, 1, 0.5) - 1))
        weight *= 0.46
    total = total / f32(1.75)
    mass = f32(0.45) + f32(0.55) * _curve(rng, w, knots, 2, 0.5)
    return np.asarray(f32(0.22) + f32(0.85) * total**1.4 * mass, f32)


def _cliff(rng: np.random.Generator, w: int, knots: int) -> NDArray[np.float32]:
    base = _curve(rng, w, knots, 3, 0.4)
    stepped = np.round(base * 4) / 4 * f32(0.55) + base * f32(0.45)
    return np.asarray(f32(0.45) + f32(0.5) * stepped + f32(0.03) * _curve(rng, w, knots * 18, 3, 0.5), f32)


def _headland(rng: np.random.Generator, w: int, knots: int) -> NDArray[np.float32]:
    """One mass to the side that steps down to the sea, and stacks before it."""
    u = np.linspace(0, 1, w, dtype=f32)
    # In the middle of the card lies the frame: land comes in from its left, the sea is open to the right.
    side = np.clip((f32(0.475) - u) / f32(0.035), 0, 1) * np.clip((u - f32(0.06)) / f32(0.12), 0, 1)
    stack = np.exp(-(((u - f32(0.545)) / f32(0.0065)) ** 8)) * f32(0.50)
    stack += np.exp(-(((u - f32(0.572)) / f32(0.0040)) ** 8)) * f32(0.26)
    stack += np.exp(-(((u - f32(0.556)) / f32(0.0050)) ** 8)) * f32(0.13)
    rough = _curve(rng, w, knots * 5, 4, 0.5)
    side = side * (f32(0.72) + f32(0.28) * _curve(rng, w, knots, 3, 0.5)) * (f32(0.94) + f32(0.12) * rough)
    fine = _curve(rng, w, min(knots * 40, w // 3), 3, 0.6)
    return np.maximum(side, stack * (f32(0.75) + f32(0.4) * rough + f32(0.22) * fine)) - f32(0.004)


SHAPES: Mapping[str, Callable[[np.random.Generator, int, int], NDArray[np.float32]]] = {
    "hills": _hills, "peaks": _peaks, "cliff": _cliff, "headland": _headland,
}  # fmt: skip


def land_card(
    ctx: SetContext, row: Mapping[str, Any], *, z_m: float, haze: NDArray[np.float32], per_m: float, name: str
) -> Card:
    """Paint a row of `[[bank]]` that is land.

    Args:
        ctx: of the shot.
        row: shape, high_m, wide_m, albedo; maybe top (albedo of what grows on it), snow (share from the top).
        z_m: where it stands.
        haze: colour of the air.
        per_m: its density.
        name: for its chance.
    """
    rng, light = ctx.rng(f"bank {name}"), ctx.light
    away = max(z_m - ctx.start.eye_m[2], 1.0)
    width_m, px_per_m = card_scale(ctx, z_m)
    w = max(round(width_m * px_per_m), 16)
    px_per_m = w / width_m
    high_m = float(row["high_m"])
    heights = SHAPES[row["shape"]](rng, w, max(round(width_m / float(row["wide_m"])), 2)) * f32(high_m)
    if row.get("forest"):
        crowns = np.abs(_curve(rng, w, min(round(w / 5), 900), 2, 0.6) - f32(0.5)) * f32(2)
        heights = heights + crowns * f32(float(row["forest"]))
    h = max(math.ceil(float(heights.max()) * px_per_m) + 3, 4)
    up = (h - 1.5 - np.arange(h, dtype=f32))[:, None] / f32(px_per_m)  # metres above the water
    cells = width_m / max(high_m * float(row.get("block", 0.28)), 0.1)
    rock, folded, slope = rock_face(rng, h, w, cells=cells, strata=float(row.get("strata", 0.5)))
    # Sides of the outline carry on below it.
    wide = max(round(0.12 * high_m * px_per_m), 1)
    body = np.convolve(
        np.pad(heights, wide, mode="wrap"), np.ones(2 * wide + 1) / (2 * wide + 1), "valid"
    ).astype(f32)
    slope = slope * f32(1.6) + np.clip(np.gradient(body) * f32(px_per_m), -1, 1)[None, :] * f32(1.1)
    sun = light.sun_direction
    facing = np.clip(f32(0.45) - slope * f32(sun[0] * 0.9) - f32(0.25) * max(float(sun[2]), -0.6), 0, 1)
    below = heights[None, :] - up
    cover = np.clip(below * f32(px_per_m) + f32(0.5), 0, 1)
    albedo = np.array(row["albedo"], f32)
    local = albedo * (f32(0.55) + f32(0.75) * rock[..., None]) * (1 - f32(0.6) * folded)[..., None]
    if row.get("forest"):
        canopy = layered(rng, h, w, max(h // 4, 3), max(w // 5, 4), 2, 0.6)
        local = local * (f32(0.35) + f32(1.3) * canopy[..., None])
    if "top" in row:
        green = np.array(row["top"], f32) * (f32(0.7) + f32(0.6) * rock[..., None])
        edge = float(row.get("top_m", 0.12 * high_m)) * (f32(0.3) + f32(1.5) * rock)
        local += (green - local) * np.clip((edge - below) / (0.3 * edge + 0.01), 0, 1)[..., None]
    snow = max(float(row.get("snow", 0.0)), 0.85 * light.white)
    if snow > 0:
        lies = np.clip((up / high_m - f32(1 - snow) + (rock - f32(0.5)) * f32(0.9)) * f32(6), 0, 1) * np.clip(
            f32(1.3) - folded * f32(0.5), 0, 1
        )
        local += (np.array([0.78, 0.81, 0.86], f32) - local) * lies[..., None]
    wet = (
        np.clip(1 - up / f32(0.035 * high_m + 0.3), 0, 1)[..., None]
        if row["shape"] in ("cliff", "headland")
        else 0.0
    )
    local = local * (1 - f32(0.6) * wet)
    night = f32(1 + 0.7 * light.darkness)
    key, fill = np.array(light.sun_colour, f32) * night, np.array(light.ambient_up, f32) * night
    lift = max(float(sun[1]), 0.12)
    seen = local * (
        fill * (f32(0.55) + f32(0.45) * rock[..., None]) + key * (f32(0.42 + 0.4 * lift) * facing[..., None])
    )
    # Edges against a sun that stands behind take its light.
    rim = np.clip(1 - below / f32(0.05 * high_m + 1 / px_per_m), 0, 1)[..., None] * f32(
        max(float(sun[2]), 0) * 0.30
    )
    seen += np.array(light.rim_colour, f32) * rim * np.clip(local * 4, 0, 1)
    air = 1 - math.exp(-per_m * clear_way(away))
    foot = np.clip(1 - up / f32(0.55 * high_m), 0, 1)[..., None] * f32(0.5 * float(row.get("mist", 0.4)))
    air_here = np.clip(f32(air) + (1 - f32(air)) * foot * f32(min(0.25 + 2.2 * air, 1.0)), 0, 1)
    seen += (haze - seen) * air_here
    return _card(ctx, seen, cover, z_m=z_m, px_per_m=px_per_m)


def clear_way(away_m: float) -> float:
    """Return how much air far land is seen through: less than lies before it, or it would be flat."""
    return min(away_m, 160.0 + 0.30 * max(away_m - 160.0, 0.0))


def _card(
    ctx: SetContext, light: NDArray[np.floating], cover: NDArray[np.floating], *, z_m: float, px_per_m: float
) -> Card:
    image = np.concatenate([light * cover[..., None], cover[..., None]], axis=2)
    image = np.concatenate([image[:, -PAD_PX:], image, image[:, :PAD_PX]], axis=1)
    w = cover.shape[1]
    return Card(
        depth_m=z_m,
        left_m=ctx.start.eye_m[0] - w / px_per_m / 2,
        top_m=(cover.shape[0] - 1.5) / px_per_m,
        px_per_m=px_per_m,
        image=np.ascontiguousarray(image, f32),
        focus=focus_of(ctx),
    )
