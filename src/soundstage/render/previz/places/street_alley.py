"""A lane of an old town: stone fronts, cobbles, arches over it, laundry, lanterns, stairs at its end.

It runs away from the camera; for a lead that crosses the picture its houses stand behind it. Which town it
is, the prompt's own name says: lines of `data/places/old_town.toml`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.panels import Panels
from soundstage.render.previz.places.set_carpentry import (
    FILM,
    FLOOR_ORDER,
    FRONT,
    LEFT,
    QUARTER,
    RIGHT,
    Carpenter,
)
from soundstage.render.previz.places.set_outdoors import Air, Lot, raise_set, read_place, stage_lamps, variant
from soundstage.render.previz.places.street_alley_house import paint_house
from soundstage.render.previz.places.street_alley_props import (
    paint_barrel,
    paint_cobbles,
    paint_gondola,
    paint_laundry,
    paint_span,
    paint_wall_lantern,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.places.panels import Panel
    from soundstage.render.previz.scene import Layer, Place, SetContext

HOUSES = 6
TILE_M = 8.0


def build(ctx: SetContext) -> Place:
    """Build the lane of a shot."""
    style = variant(read_place("old_town"), ctx.shot.setting, "old_town")
    lot = Lot.survey(ctx, roomy_m=7.0, lamp=style["lamp"], lit=0.07)
    air = Air.over(ctx)
    g, light = lot.grow, lot.light
    pieces = _across(lot, style) if lot.across else _along(lot, style)
    glow = np.array(style["lamp"]) * light.lamp * light.darkness
    sets = air.fogged(pieces, warm=glow * 0.6, reach_m=70.0 * g)
    lamps = stage_lamps(
        lot,
        [
            (-0.8, 1.4, 0.6, style["lamp"], 0.55),
            (0.8, 1.4, 0.8, style["lamp"], 0.55),
            (0.3, 1.2, -0.8, style["lamp"], 0.34),
        ],
    )
    canal = "canal" in style["has"]
    far = 120.0 * g
    return raise_set(
        lot,
        air,
        sets=sets,
        albedo=(0.03, 0.06, 0.05) if canal else style["paving"],
        wet=0.55 if canal else 0.16,
        water=0.2 if canal else 0.0,
        ripples=0.2,
        ridges=("far_hills",),
        lamps=lamps,
        lamp=glow * 0.15,
        stage_albedo=style["paving"],
        extra=_foreground(lot, style),
        floor=None if canal else (-far, lot.eye_z - 9 * g, far, lot.eye_z + far),
        floor_wet=0.16,
    )


def _along(lot: Lot, style: Mapping[str, Any]) -> list[Panel]:
    """Return two rows of houses on both sides of the lane, and what closes it at its end."""
    light, z0 = lot.light, lot.eye_z / lot.grow
    rng = lot.ctx.rng("lane")
    half, ruins = float(style["half_m"]), "ruins" in style["has"]
    axis = -lot.side * 0.12 * half
    ground = lot.carpenter(repeat_m=(0, 0, TILE_M))
    shine = ground.shine
    paved = half + 0.8 - axis if "canal" in style["has"] else 2 * half
    cobbles = paint_cobbles(rng, style, light, shine, (paved, TILE_M))
    cobbles.image *= np.float32(1 - max(FILM * light.wet, 0.18))
    ground.lay(cobbles, axis - half, z0 - 4.0, paved, TILE_M)
    pieces = ground.pieces
    for side in (-1.0, 1.0):
        widths = rng.uniform(4.2, 7.5, HOUSES)
        row = lot.carpenter(repeat_m=(0, 0, float(widths.sum())))
        at = z0 - 3.0
        for width in (float(w) for w in widths):
            tall = float(rng.uniform(2.6, 5.6) if ruins else rng.uniform(6.6, 11.0))
            px = row.px_per_m(at + width / 2, most=52.0, least=18.0)
            front = paint_house(rng, style, light, shine(RIGHT if side < 0 else LEFT), (width, tall), px)
            row.stand(
                front,
                axis + side * half,
                at + width / 2,
                width,
                tall,
                turn=QUARTER if side < 0 else -QUARTER,
                bleed=False,
            )
            _dress(row, lot, style, rng, axis + side * half, side, at, width)
            at += width
        pieces = pieces + row.pieces
    return pieces + _cross(lot, style, axis, half)


def _dress(
    row: Carpenter,
    lot: Lot,
    style: Mapping[str, Any],
    rng: np.random.Generator,
    wall: float,
    side: float,
    at: float,
    width: float,
) -> None:
    """Put lantern, barrel and pool of light before one house."""
    light, face = lot.light, row.shine(FRONT)
    has = style["has"]
    if "lanterns" in has:
        z = at + float(rng.uniform(0.2, 0.5)) * width
        picture = paint_wall_lantern(style, light, face).image
        row.stand(picture if side < 0 else picture[:, ::-1], wall - side * 0.45, z, 0.9, 1.1, y=2.7)
        if light.darkness > 0.2:
            row.pool(wall - side * 0.9, z, 2.2, np.array(style["lamp"]) * 0.20 * light.lamp * light.darkness)
    if "barrels" in has and rng.random() < 0.7 and (at + 0.5) * lot.grow > lot.eye_z + 2.0:
        z = at + float(rng.uniform(0.5, 0.9)) * width
        row.shade(wall - side * 0.45, z, 0.8, 0.7)
        row.stand(paint_barrel(rng, light, face), wall - side * 0.45, z, 0.8, 1.2)


def _cross(  # noqa: C901 - a line for each thing that may be there
    lot: Lot, style: Mapping[str, Any], axis: float, half: float
) -> list[Panel]:
    """Return what spans the lane: arches, laundry; and stairs up to a house that closes it."""
    light = lot.light
    rng = lot.ctx.rng("over the lane")
    has = style["has"]
    yard = lot.carpenter()
    face = yard.shine(FRONT)
    wide = 2 * half
    if "arches" in has or "bridge" in has:
        for k, z in enumerate((lot.stage + 6.5, lot.stage + 19.0)):
            if "bridge" not in has or k == 0:
                yard.stand(paint_span(rng, style, light, face, wide), axis, z, wide, 6.4)
    if "laundry" in has:
        for k, z in enumerate((lot.stage + 2.8, lot.stage + 9.5, lot.stage + 14.0)):
            picture = paint_laundry(rng, style, light, face, wide)
            yard.stand(picture, axis, z, wide, 1.6, y=3.6 + 0.5 * (k % 2) + float(rng.uniform(0, 0.6)))
    if "paper" in has:
        for k, z in enumerate(np.arange(lot.stage + 1.5, lot.stage + 24, 2.4)):
            x = axis + (half - 0.6) * (1.0 if k % 2 else -1.0)
            yard.stand(paint_wall_lantern(style, light, face), x, float(z), 0.9, 1.1, y=2.5)
    end = lot.stage + lot.gone + 26.0
    step = np.array(style["paving"]) * 1.05
    if "stairs" in has:
        for k in range(7):
            yard.box(axis, end - 5.0 + 0.5 * k, (wide, 0.17, 6.0 - 0.5 * k), step, y=0.17 * k, low=0.7)
    if "canal" in has:
        yard.stand(paint_gondola(light, face), axis + 0.62 * half, lot.stage + 5.0, 5.2, 1.5)
    elif "ruins" not in has:
        house = paint_house(rng, style, light, face, (wide + 4.0, 9.5), 26)
        yard.stand(house, axis, end, wide + 4.0, 9.5, y=1.0 if "stairs" in has else 0.0)
    return yard.pieces


def _across(lot: Lot, style: Mapping[str, Any]) -> list[Panel]:
    """Return one row of houses behind the stage."""
    light = lot.light
    rng = lot.ctx.rng("lane")
    front_z = lot.stage + max(1.9, 0.34 * lot.half_w / lot.grow)
    ruins = "ruins" in style["has"]
    widths = rng.uniform(4.2, 7.5, HOUSES)
    period = float(widths.sum())
    ground = lot.carpenter(repeat_m=(TILE_M, 0, 0))
    deep = front_z - lot.eye_z / lot.grow + 6.0
    cobbles = paint_cobbles(rng, style, light, ground.shine, (TILE_M, min(deep, 14.0)))
    cobbles.image *= np.float32(1 - max(FILM * light.wet, 0.18))
    if "canal" not in style["has"]:
        ground.lay(
            cobbles, -TILE_M / 2, front_z - min(deep, 14.0), TILE_M, min(deep, 14.0), order=FLOOR_ORDER
        )
    else:
        ground.lay(cobbles, -TILE_M / 2, front_z - 4.4, TILE_M, 4.4, order=FLOOR_ORDER)
    row = lot.carpenter(repeat_m=(period, 0, 0))
    face = row.shine(FRONT) * 1.7  # the houses behind the lens throw light back
    at = -period / 2
    for width in (float(w) for w in widths):
        tall = float(rng.uniform(2.6, 5.6) if ruins else rng.uniform(6.6, 11.0))
        px = row.px_per_m(front_z, most=52.0, least=18.0)
        row.stand(
            paint_house(rng, style, light, face, (width, tall), px),
            at + width / 2,
            front_z,
            width,
            tall,
            bleed=False,
        )
        if "lanterns" in style["has"]:
            x = at + float(rng.uniform(0.3, 0.7)) * width
            row.stand(paint_wall_lantern(style, light, row.shine(FRONT)), x, front_z - 0.4, 0.9, 1.1, y=2.4)
            if light.darkness > 0.2:
                row.pool(x, front_z - 0.9, 2.4, np.array(style["lamp"]) * 0.22 * light.lamp * light.darkness)
        if "barrels" in style["has"] and rng.random() < 0.6:
            x = at + float(rng.uniform(0.1, 0.9)) * width
            row.shade(x, front_z - 0.5, 0.8, 0.7)
            row.stand(paint_barrel(rng, light, row.shine(FRONT)), x, front_z - 0.5, 0.8, 1.2)
        at += width
    return ground.pieces + row.pieces


def _foreground(lot: Lot, style: Mapping[str, Any]) -> list[Layer]:
    """Return a lantern or laundry near the lens."""
    ctx = lot.ctx
    view = ctx.start
    if ctx.shot.framing == "aerial" or view.pitch_rad < -0.3 or lot.away:
        return []
    depth = float(np.clip(0.36 * ctx.camera.focus_m, 0.35, 3.0))
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    middle = view.eye_m[1] + math.tan(view.pitch_rad) * depth
    near = Carpenter(ctx, lot.carpenter().shine, repeat_m=((6.0 * half_w) if lot.across else 0.0, 0.0, 0.0))
    rng = ctx.rng("lane foreground")
    dim = np.array([0.5, 0.5, 0.5, 1.0], np.float32)
    picture = paint_wall_lantern(style, lot.light, near.shine(FRONT)).image * dim
    near.stand(
        picture if lot.side < 0 else picture[:, ::-1],
        view.eye_m[0] + lot.side * 0.86 * half_w,
        z,
        0.34 * half_w,
        0.34 * half_w * 1.22,
        y=middle + 0.42 * half_h,
    )
    if not lot.across:
        barrel = paint_barrel(rng, lot.light, near.shine(FRONT)).image * dim
        near.stand(
            barrel,
            view.eye_m[0] - lot.side * 0.92 * half_w,
            z,
            0.42 * half_w,
            0.55 * half_w,
            y=middle - 1.25 * half_h,
        )
    return [Panels.of(near.pieces, depth, soft=True, focus="full")]
