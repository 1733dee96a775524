"""A temple's court: a path of flags between lanterns, a gate, incense that rises, the hall at its end.

The path runs away from the camera; for a lead that crosses the picture the hall stands along it. Which temple
it is, the prompt's own name says: lines of `data/places/temple.toml`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.places.hall_temple_props import (
    paint_broken_column,
    paint_burner,
    paint_east,
    paint_greek,
    paint_pagoda,
    paint_path,
    paint_stone_lantern,
    paint_torii,
    smoke_way,
)
from soundstage.render.previz.places.panels import Panels
from soundstage.render.previz.places.set_carpentry import FILM, FLOOR_ORDER, FRONT, Carpenter, daylight
from soundstage.render.previz.places.set_outdoors import Air, Lot, raise_set, read_place, stage_lamps, variant
from soundstage.render.previz.places.street_props import paint_tree

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.panels import Panel, Vector
    from soundstage.render.previz.scene import Layer, Moment, Place, SetContext
    from soundstage.render.previz.view import View

STRIP_M, COURT_M = 11.4, 26.0
PUFFS = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Incense:
    """Smoke that rises and curls, as soft ellipses."""

    foot_m: Vector
    grow: float
    light: NDArray[np.float64]  #: (3,) of lit smoke
    depth_m: float = 90.0
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Lay every puff over what is there."""
        puffs = np.array([smoke_way(moment.t_s, n / PUFFS) for n in range(PUFFS)])
        place = np.array(self.foot_m) + np.column_stack([puffs[:, :2], np.zeros(PUFFS)]) * self.grow
        x, y, scale = view.project(place)
        size = puffs[:, 2] * self.grow * scale
        rows = np.column_stack(
            [
                x,
                y,
                size,
                size,
                np.ones(PUFFS),
                np.zeros(PUFFS),
                np.repeat(self.light[None], PUFFS, 0),
                puffs[:, 3] * 0.22,
                np.full(PUFFS, 1.0),
                np.zeros(PUFFS),
            ]
        )
        canvas.ellipses(rows[scale > 0])


def build(ctx: SetContext) -> Place:
    """Build the temple of a shot."""
    style = variant(read_place("temple"), ctx.shot.setting, "temple")
    lot = Lot.survey(ctx, lamp=style["lamp"], lit=0.06)
    air = Air.over(ctx)
    g, light = lot.grow, lot.light
    pieces, burner = _across(lot, style) if lot.across else _along(lot, style)
    glow = np.array(style["lamp"]) * light.lamp * light.darkness
    sets = air.fogged(pieces, warm=glow * 0.5, reach_m=90.0 * g)
    lamps = stage_lamps(
        lot,
        [
            (-0.8, 0.9, 0.5, style["lamp"], 0.5),
            (0.9, 0.9, 0.6, style["lamp"], 0.5),
            (0.3, 0.9, -0.8, style["lamp"], 0.34),
        ],
    )
    extra: list[Layer] = list(_foreground(lot))
    if style["smoke"] and burner is not None:
        lit = light.fill * 0.9 + light.key * 0.22 + light.glow * 0.12 + glow * 0.25
        extra.append(Incense(foot_m=(burner[0] * g, 0.0, burner[1] * g), grow=g, light=lit))
    far = 200.0 * g
    floor = (-far, lot.eye_z - 9 * g, far, lot.eye_z + far)
    return raise_set(
        lot,
        air,
        sets=sets,
        albedo=(0.10, 0.105, 0.06),
        wet=0.03,
        ripples=0.4,
        stage_albedo=style["stone"],
        ridges=style["ridges"],
        lamps=lamps,
        lamp=glow * 0.12,
        extra=extra,
        floor=floor,
        floor_wet=0.04,
        mirrors=False,
    )


def _front(lot: Lot, style: Mapping[str, Any], face: NDArray[np.float64], wide: float) -> Any:
    rng = lot.ctx.rng("front")
    paint = paint_east if style["front"] == "east" else paint_greek
    return paint(rng, style, lot.light, face, wide)


def _along(lot: Lot, style: Mapping[str, Any]) -> tuple[list[Panel], tuple[float, float] | None]:
    """Return a court before a hall at the end of a path, and where incense burns."""
    light, z0 = lot.light, lot.eye_z / lot.grow
    rng = lot.ctx.rng("temple")
    axis = lot.side * 0.5
    before = lot.stage + lot.gone  # nothing stands in the lead's way
    hall = before + 15.0
    yard = lot.carpenter()
    shine = yard.shine
    ground = lot.carpenter(repeat_m=(0, 0, STRIP_M))
    path = paint_path(rng, style, light, shine, (COURT_M, STRIP_M))
    path.image *= np.float32(1 - FILM * light.wet)
    ground.lay(path, axis - COURT_M / 2, z0 - 6.0, COURT_M, STRIP_M)
    wide = 17.0
    stone = np.array(style["stone"])
    for k in range(4):
        yard.box(
            axis,
            hall - 2.4 + 0.5 * k,
            (wide * 0.62 - 0.4 * k, 0.18, 2.6 - 0.5 * k),
            stone * 1.15,
            y=0.18 * k,
            low=0.85,
        )
    yard.box(axis, hall - 0.4, (wide * 0.95, 0.72, 4.0), stone, low=0.6)
    yard.stand(_front(lot, style, shine(FRONT), wide), axis, hall, wide, 9.4, y=0.72)
    if light.darkness > 0.2:
        yard.pool(axis, hall - 4.0, 6.5, np.array(style["lamp"]) * 0.14 * light.lamp * light.darkness)
    if style["front"] == "east":
        yard.stand(paint_pagoda(light, shine(FRONT), style), axis - lot.side * 19.0, hall + 34.0, 11.0, 24.0)
    if style["gate"]:
        for side in (-1.0, 1.0):
            yard.shade(axis + side * 2.5, before + 5.5, 0.8, 0.8)
        yard.stand(paint_torii(style, light, shine(FRONT)), axis, before + 5.5, 7.6, 6.2)
    burner = (axis - lot.side * 2.9, before + 7.2)
    if style["smoke"]:
        yard.shade(*burner, 1.6, 1.2)
        yard.stand(paint_burner(light, shine(FRONT)), *burner, 1.8, 1.7)
    _beside(yard, lot, style, rng, axis)
    _trees(
        yard,
        lot,
        style,
        rng,
        [
            (axis + s * float(rng.uniform(8.5, 19)), float(z))
            for s in (-1, 1)
            for z in rng.uniform(lot.stage + 3, hall + 22, 8)
        ],
    )
    return ground.pieces + yard.pieces, burner


def _beside(
    yard: Carpenter, lot: Lot, style: Mapping[str, Any], rng: np.random.Generator, axis: float
) -> None:
    """Put lanterns or broken columns along the path."""
    light = lot.light
    face = yard.shine(FRONT)
    lantern = paint_stone_lantern(style, light, face)
    for z in np.arange(lot.stage - 0.6, lot.stage + lot.gone + 14.0, 3.6):
        if z * lot.grow < lot.eye_z + 1.5:
            continue
        for side in (-1.0, 1.0):
            x = axis + side * 3.5
            if "lanterns" in style["beside"]:
                yard.shade(x, float(z), 0.8, 0.6)
                yard.stand(lantern, x, float(z), 1.0, 2.1)
                if light.darkness > 0.2:
                    yard.pool(
                        x - side * 0.3,
                        float(z) - 0.4,
                        2.2,
                        np.array(style["lamp"]) * 0.20 * light.lamp * light.darkness,
                    )
            else:
                column = paint_broken_column(rng, style, light, face)
                yard.shade(x + side, float(z), 1.4, 1.0)
                yard.stand(column, x + side, float(z), 1.3, column.height_m)


def _trees(
    yard: Carpenter,
    lot: Lot,
    style: Mapping[str, Any],
    rng: np.random.Generator,
    spots: list[tuple[float, float]],
) -> None:
    tint = np.array(style["leaf"]) / np.array([0.055, 0.085, 0.028])
    kinds = [paint_tree(rng, lot.light, px_per_m=26) * np.array([*tint, 1.0], np.float32) for _ in range(3)]
    for n, (x, z) in enumerate(spots):
        tall = float(rng.uniform(6.0, 10.5))
        yard.shade(x, z, 2.4, 1.6, dark=0.5)
        yard.stand(kinds[n % 3], x, z, tall * 0.72, tall)


def _across(lot: Lot, style: Mapping[str, Any]) -> tuple[list[Panel], tuple[float, float] | None]:
    """Return a court whose halls stand along the way of a lead."""
    light, z0, period = lot.light, lot.eye_z / lot.grow, 26.0
    rng = lot.ctx.rng("temple")
    yard = lot.carpenter(repeat_m=(period, 0, 0))
    ground = lot.carpenter(repeat_m=(STRIP_M, 0, 0))
    path = paint_path(rng, style, light, yard.shine, (COURT_M, STRIP_M))
    path.image *= np.float32(1 - FILM * light.wet)
    ground.lay(
        np.ascontiguousarray(np.rot90(path.image)), -STRIP_M / 2, lot.stage - COURT_M / 2, STRIP_M, COURT_M
    )
    if lot.stage - COURT_M / 2 > z0 - 4:
        ground.lay(
            np.ascontiguousarray(np.rot90(path.image)),
            -STRIP_M / 2,
            lot.stage - 1.5 * COURT_M,
            STRIP_M,
            COURT_M,
            order=FLOOR_ORDER + 10,
        )
    hall = lot.stage + 8.5
    yard.box(0.0, hall - 0.6, (16.0, 0.72, 4.0), np.array(style["stone"]), low=0.6)
    yard.stand(_front(lot, style, yard.shine(FRONT), 17.0), 0.0, hall, 17.0, 9.4, y=0.72)
    lantern = paint_stone_lantern(style, light, yard.shine(FRONT))
    for x in (-9.8, -3.3, 3.3, 9.8):
        if "lanterns" in style["beside"]:
            yard.shade(x, lot.stage + 2.9, 0.8, 0.6)
            yard.stand(lantern, x, lot.stage + 2.9, 1.0, 2.1)
            if light.darkness > 0.2:
                yard.pool(
                    x, lot.stage + 2.2, 2.4, np.array(style["lamp"]) * 0.20 * light.lamp * light.darkness
                )
        else:
            column = paint_broken_column(rng, style, light, yard.shine(FRONT))
            yard.stand(column, x, lot.stage + 3.2, 1.3, column.height_m)
    _trees(
        yard,
        lot,
        style,
        rng,
        [(float(x), hall + float(rng.uniform(1, 9))) for x in (-12.5, -10.5, 10.8, 12.8)],
    )
    return ground.pieces + yard.pieces, None


def _foreground(lot: Lot) -> list[Layer]:
    """Return leaves that hang before the lens."""
    ctx = lot.ctx
    view = ctx.start
    if ctx.shot.framing == "aerial" or view.pitch_rad < -0.3 or lot.away:
        return []
    rng = ctx.rng("temple foreground")
    depth = float(np.clip(0.36 * ctx.camera.focus_m, 0.35, 3.0))
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    middle = view.eye_m[1] + math.tan(view.pitch_rad) * depth
    near = Carpenter(ctx, daylight(lot.light), repeat_m=((6.0 * half_w) if lot.across else 0.0, 0.0, 0.0))
    tree = paint_tree(rng, lot.light, px_per_m=30)
    tree = tree[: round(3.6 * 30)] * np.array([0.5, 0.5, 0.5, 1.0], np.float32)
    near.stand(
        tree,
        view.eye_m[0] + lot.side * 0.95 * half_w,
        z,
        0.95 * half_w,
        0.85 * half_h,
        y=middle + 0.45 * half_h,
    )
    return [Panels.of(near.pieces, depth, soft=True, focus="full")]
