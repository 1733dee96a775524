"""A great hall: columns in two rows, arches, tall windows, shafts of light, banners, a throne or an altar.

Its nave runs away from the camera; for a lead that crosses the picture, one row of columns and windows stands
behind it. Which hall it is, the prompt's own name says: lines of `data/places/hall.toml`.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.hall_props import (
    paint_altar,
    paint_banner,
    paint_chandelier,
    paint_flags,
    paint_pew,
    paint_throne,
)
from soundstage.render.previz.places.hall_walls import (
    paint_arch,
    paint_bay,
    paint_column,
    paint_end,
    paint_vault,
)
from soundstage.render.previz.places.panels import Panels
from soundstage.render.previz.places.set_carpentry import (
    FLOOR_ORDER,
    FRONT,
    LEFT,
    QUARTER,
    RIGHT,
    TOP,
    Carpenter,
)
from soundstage.render.previz.places.set_indoors import Flames, Inside, paint_shaft
from soundstage.render.previz.places.set_outdoors import raise_set, read_place, variant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.scene import Layer, Place, SetContext

BAY_M = 5.6
BAYS = 5
GLOSS = 0.30  #: share of the polished floor that is what it mirrors


def build(ctx: SetContext) -> Place:
    """Build the hall of a shot."""
    style = variant(read_place("hall"), ctx.shot.setting, "castle_hall")
    inside = Inside.of(ctx, style)
    lot = inside.lot
    yard = Carpenter(
        ctx, inside.shine, grow=lot.grow, repeat_m=(2 * BAY_M * lot.grow if lot.across else 0.0, 0, 0)
    )
    flames = _across(inside, style, yard) if lot.across else _along(inside, style, yard)
    sets = inside.air.fogged(yard.pieces, fog_per_m=0.007 / lot.grow)
    extra: list[Layer] = list(_foreground(inside, style))
    if len(flames):
        reach = 0.9 * lot.grow + 0.32 * lot.half_w
        order = np.argsort(np.abs(flames[:, 2] - lot.stage_z))
        extra.append(
            Flames(
                place=flames[order, :3].astype(np.float32),
                tall_m=flames[order, 3].astype(np.float32),
                light=inside.burn,
                reach=reach,
                depth_m=110.0,
                travel_m_s=ctx.travel_m_s,
                period_m=2 * BAY_M * lot.grow if lot.across else 0.0,
            )
        )
    return raise_set(
        lot,
        inside.air,
        sets=sets,
        albedo=style["floor"],
        wet=GLOSS,
        ripples=0.0,
        extra=extra,
        lamp=inside.lamp * 0.3,
    )


def _along(  # noqa: C901 - a line for each thing that a hall may have
    inside: Inside, style: Mapping[str, Any], yard: Carpenter
) -> np.ndarray[Any, Any]:
    """Build a nave that runs away; returns its flames (N, 4): x, y, z, height."""
    lot, has = inside.lot, style["has"]
    g = lot.grow
    rng = lot.ctx.rng("hall")
    wide, tall = float(style["wide_m"]), float(style["tall_m"])
    half, aisle = wide / 2, wide / 2 + 2.6
    z0 = lot.eye_z / g - 2.0
    end = max(lot.stage + lot.gone + 13.0, z0 + 14.0)
    bays = math.ceil((end - z0) / BAY_M)
    z0 = end - bays * BAY_M
    floor = paint_flags(rng, style, inside.shine(TOP), (2 * aisle, 2 * BAY_M))
    floor.image *= np.float32(1 - GLOSS)
    for k in range(0, bays, 2):
        yard.lay(floor, -aisle, end - (k + 2) * BAY_M, 2 * aisle, 2 * BAY_M, order=FLOOR_ORDER + 40)
    flames: list[tuple[float, float, float, float]] = []
    column = paint_column(style, inside)
    arch = paint_arch(style, inside, wide, tall)
    left = paint_bay(rng, style, inside, RIGHT, BAY_M, tall)
    right = paint_bay(rng, style, inside, LEFT, BAY_M, tall)
    for k in range(bays):
        z = z0 + (k + 0.5) * BAY_M
        yard.stand(left, -aisle, z, BAY_M, tall, turn=QUARTER, bleed=False, order=30)
        yard.stand(right, aisle, z, BAY_M, tall, turn=-QUARTER, bleed=False, order=30)
        post = z0 + k * BAY_M
        if post < lot.eye_z / g + 1.5:
            continue
        if "arches" in has:
            yard.stand(arch, 0.0, post, wide + 1.0, tall)
        for side in (-1.0, 1.0):
            if "columns" in has:
                yard.stand(column, side * half, post, 1.2, tall * 0.86, mirrored=True)
                yard.shade(side * half, post, 1.3, 1.3)
            if "torches" in has:
                flames.append((side * (half - 0.65) * g, 2.35 * g, (post - 0.1) * g, 0.42 * g))
            if "banners" in has and k % 2 == 0:
                yard.stand(
                    paint_banner(rng, style, inside),
                    side * (half + 0.1),
                    post - 0.3,
                    1.15,
                    3.6,
                    y=tall * 0.24,
                )
            if "pews" in has and post < end - 4:
                for step in (0.6, 2.0, 3.4, 4.8):
                    yard.stand(paint_pew(inside), side * (half * 0.58), post + step, half * 0.72, 0.95)
        if "chandelier" in has and k % 2 == 1:
            yard.stand(paint_chandelier(inside), 0.0, post, 2.6, 3.2, y=min(tall - 3.4, 3.3))
    vault = paint_vault(style, inside, (2 * aisle, bays * BAY_M))
    if lot.ctx.camera.eye_m[1] < 0.9 * tall * g:  # seen from above, a hall has no roof
        yard.lay(vault, -aisle, z0, 2 * aisle, bays * BAY_M, y=tall, order=FLOOR_ORDER + 20)
    yard.stand(
        paint_end(rng, style, inside, 2 * aisle, tall), 0.0, end, 2 * aisle, tall, bleed=False, order=60
    )
    flames += _furnish(inside, style, yard, end)
    _shafts(inside, style, yard, (aisle, tall), z0, bays)
    return np.array(flames, np.float64).reshape(-1, 4)


def _furnish(
    inside: Inside, style: Mapping[str, Any], yard: Carpenter, end: float
) -> list[tuple[float, float, float, float]]:
    """Put carpet, dais, throne or altar at the end of the nave; returns its flames."""
    lot, has, g = inside.lot, style["has"], inside.lot.grow
    flames: list[tuple[float, float, float, float]] = []
    stone = np.array(style["stone"])
    if "carpet" in has:
        cloth = paint_flags(
            lot.ctx.rng("carpet"),
            {**style, "tile": [], "floor": style["cloth"]},
            inside.shine(TOP),
            (2.2, 12.0),
            seams=False,
        )
        for box in ((0.0, 0.12), (2.08, 2.2)):
            cloth.box(box[0], 0, box[1], 12.0, np.array([0.42, 0.28, 0.08]) * inside.shine(TOP))
        for z in np.arange(end - 1.5 - 12.0, lot.eye_z / g - 14.0, -12.0):
            yard.lay(cloth, -1.1, float(z), 2.2, 12.0, order=FLOOR_ORDER + 10, y=0.004)
    if "throne" in has or "altar" in has:
        for k in range(3):
            yard.box(
                0.0,
                end - 3.4 + 0.5 * k,
                (6.0 - 0.9 * k, 0.17, 3.3 - 0.5 * k),
                stone * 1.1,
                y=0.17 * k,
                low=0.9,
            )
        if "throne" in has:
            yard.stand(paint_throne(style, inside), 0.0, end - 1.4, 1.9, 3.4, y=0.5)
            flames += [(side * 2.0 * g, 2.1 * g, (end - 2.0) * g, 0.5 * g) for side in (-1.0, 1.0)]
        else:
            yard.stand(paint_altar(style, inside), 0.0, end - 1.5, 4.4, 2.6, y=0.5)
    if "candles" in has:
        steps = [(side * (0.6 + 0.34 * n), 1.86 + 0.1 * (n % 2)) for side in (-1.0, 1.0) for n in range(4)]
        flames += [(x * g, y * g, (end - 1.6) * g, 0.11 * g) for x, y in steps]
    return flames


def _shafts(
    inside: Inside,
    style: Mapping[str, Any],
    yard: Carpenter,
    size_m: tuple[float, float],
    z0: float,
    bays: int,
) -> None:
    """Hang shafts of the day's light between the columns; at night the moon's are faint."""
    if "windows" not in style["has"]:
        return
    aisle, tall = size_m
    out = inside.outside
    side = 1.0 if out.sun[0] >= 0 else -1.0
    light = (out.key * 0.13 + out.glow * 0.09 + out.fill * 0.03) * (0.4 + 0.6 * float(style["day"]))
    light = light * (np.mean(np.array(style["glass"]), axis=0) * 0.5 + 0.5)
    shaft = paint_shaft(light, (aisle * 1.8, tall), -side * 0.75)
    for k in range(1, bays):
        z = z0 + (k + 0.5) * BAY_M
        if z > inside.lot.eye_z / inside.lot.grow + 3.0:
            yard.stand(shaft, side * aisle * 0.25, z, aisle * 1.8, tall * 0.92, mirrored=False)


def _across(inside: Inside, style: Mapping[str, Any], yard: Carpenter) -> np.ndarray[Any, Any]:
    """Build one row of columns and the wall behind it; returns the flames of one period."""
    lot, has, g = inside.lot, style["has"], inside.lot.grow
    rng = lot.ctx.rng("hall")
    tall = float(style["tall_m"])
    row, wall = lot.stage + max(2.2, 0.3 * lot.half_w / g), lot.stage + max(5.0, 0.6 * lot.half_w / g)
    floor = paint_flags(rng, style, inside.shine(TOP), (2 * BAY_M, 2 * BAY_M))
    floor.image *= np.float32(1 - GLOSS)
    for z in np.arange(wall - 2 * BAY_M, lot.eye_z / g - 14.0, -2 * BAY_M):
        yard.lay(floor, -BAY_M, float(z), 2 * BAY_M, 2 * BAY_M, order=FLOOR_ORDER + 40)
    bay = paint_bay(rng, style, inside, FRONT, BAY_M, tall)
    column = paint_column(style, inside)
    flames: list[tuple[float, float, float, float]] = []
    for k, x in enumerate((-BAY_M / 2, BAY_M / 2)):
        yard.stand(bay, x, wall, BAY_M, tall, bleed=False, order=60)
        if "columns" in has:
            yard.stand(column, x - BAY_M / 2, row, 1.2, tall * 0.86)
            yard.shade(x - BAY_M / 2, row, 1.3, 1.3)
        if "torches" in has:
            flames.append(((x - BAY_M / 2) * g, 2.35 * g, (row - 0.6) * g, 0.42 * g))
        if "banners" in has and k == 0:
            yard.stand(paint_banner(rng, style, inside), x - BAY_M / 2, row - 0.65, 1.0, 3.2, y=tall * 0.26)
    out = inside.outside
    light = (out.key * 0.13 + out.glow * 0.09 + out.fill * 0.03) * (0.4 + 0.6 * float(style["day"]))
    if "windows" in has:
        yard.stand(
            paint_shaft(light, (2 * BAY_M, tall), -0.5),
            0.0,
            wall - 1.5,
            2 * BAY_M,
            tall * 0.9,
            mirrored=False,
        )
    return np.array(flames, np.float64).reshape(-1, 4)


def _foreground(inside: Inside, style: Mapping[str, Any]) -> list[Layer]:
    """Return a column's edge or a banner's at the lens."""
    lot = inside.lot
    ctx, view = lot.ctx, lot.ctx.start
    if ctx.shot.framing == "aerial" or view.pitch_rad < -0.3 or lot.away:
        return []
    depth = float(np.clip(0.36 * ctx.camera.focus_m, 0.35, 3.0))
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    low = view.eye_m[1] + math.tan(view.pitch_rad) * depth - half_h
    near = Carpenter(ctx, inside.shine, repeat_m=((8.0 * half_w) if lot.across else 0.0, 0.0, 0.0))
    picture = paint_column(style, inside).image * np.array([0.35, 0.35, 0.35, 1.0], np.float32)
    near.stand(
        picture, view.eye_m[0] - lot.side * 1.0 * half_w, z, 0.42 * half_w, 2.6 * half_h, y=low - 0.3 * half_h
    )
    return [Panels.of(near.pieces, depth, soft=True, focus="full")]
