"""A station: a platform with its yellow line, a train that comes in, a clock, signs, a roof with lamps.

The platform runs away from the camera; for a lead that crosses the picture it runs along with the lead, the
train behind it. Which station it is, the prompt's own name says: lines of `data/places/station.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_carpentry import (
    FILM,
    FLOOR_ORDER,
    FRONT,
    LEFT,
    QUARTER,
    RIGHT,
    Carpenter,
)
from soundstage.render.previz.places.set_indoors import Inside
from soundstage.render.previz.places.set_layers import Moving
from soundstage.render.previz.places.set_outdoors import Air, Lot, raise_set, read_place, stage_lamps, variant
from soundstage.render.previz.places.station_props import (
    HOURS,
    paint_bench,
    paint_board,
    paint_clock,
    paint_platform,
    paint_post,
    paint_rails,
    paint_roof,
    paint_sign,
    paint_wall,
)
from soundstage.render.previz.places.station_train import (
    CAR_M,
    FACE_TALL_M,
    TRAIN_TALL_M,
    paint_train_face,
    paint_train_side,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.panels import Panel
    from soundstage.render.previz.places.set_carpentry import Shine
    from soundstage.render.previz.places.set_paint import SetLight
    from soundstage.render.previz.scene import Layer, Place, SetContext

STRIP_M = 12.0
ROOF_M = 4.5
BED_M = 1.05  #: how far below the platform the rails lie
EDGE_M, WALL_M = 2.7, 4.6  #: from the middle of the platform to its edge, and to its wall
CARS = 5
STOP_SHARE = 0.85  #: a train that comes in stands still after this share of the shot
TRAIN_M_S = 9.0
LAMPS = ((-0.7, 0.6, 0.45), (0.8, 0.8, 0.5), (0.2, -0.6, 0.4))  #: x, z in frames, power


@dataclass(frozen=True, slots=True, kw_only=True)
class Yard:
    """What every part of a station is built with."""

    lot: Lot
    air: Air
    light: SetLight
    shine: Shine
    lamp: NDArray[np.float64]  #: a lamp of the station
    style: Mapping[str, Any]

    def carpenter(self, repeat_x: float = 0.0, repeat_z: float = 0.0) -> Carpenter:
        """Return a carpenter for what stands again along x or z, in life-size metres."""
        g = self.lot.grow
        return Carpenter(self.lot.ctx, self.shine, grow=g, repeat_m=(repeat_x * g, 0.0, repeat_z * g))


def build(ctx: SetContext) -> Place:
    """Build the station of a shot."""
    style = variant(read_place("station"), f"{ctx.shot.setting} {ctx.shot.text}", "train_station")
    yard = _open_yard(ctx, style)
    lot, g = yard.lot, yard.lot.grow
    behind, pieces, train = _across(yard) if lot.across else _along(yard)
    sets = yard.air.fogged(pieces, warm=yard.lamp * yard.light.darkness * 0.4, reach_m=90.0 * g)
    t = lot.side
    if lot.across:
        floor = (-90.0 * g, lot.eye_z - 9 * g, 90.0 * g, _edge_z(lot) * g)
    else:
        x0, x1 = sorted((t * EDGE_M * g, -t * WALL_M * g))
        floor = (x0, lot.eye_z - 9 * g, x1, lot.eye_z + 120 * g)
    rows = [(x, 1.6, z, style["lamp"], power) for x, z, power in LAMPS]
    lamps = stage_lamps(lot, rows, least=0.5 if style["roof"] == "vault" else 0.0)
    extra: list[Layer] = []
    if train:
        shot_s = max(ctx.seconds * STOP_SHARE, 0.5)
        velocity = (TRAIN_M_S * lot.side, 0.0, 0.0) if lot.across else (0.0, 0.0, -TRAIN_M_S)
        comes = not lot.across and bool(style["arrives"])
        flats = yard.air.fogged(train, reach_m=120.0 * g)
        extra.append(Moving(flats=flats, velocity_m_s=velocity, stops_s=shot_s if comes else 0.0))
    return raise_set(
        lot,
        yard.air,
        sets=sets,
        albedo=(0.075, 0.07, 0.062),
        wet=0.02,
        ripples=0.6,
        ridges=style["ridges"],
        stage_albedo=style["tile"],
        lamps=lamps,
        lamp=yard.lamp * yard.light.darkness * 0.10,
        drop_m=BED_M * g,
        floor=floor,
        floor_wet=float(style["gloss"]),
        behind=behind,
        extra=extra,
        mirrors=False,
    )


def _open_yard(ctx: SetContext, style: Mapping[str, Any]) -> Yard:
    if style["roof"] == "vault":
        inside = Inside.of(ctx, style, roomy_m=9.0)
        return Yard(
            lot=inside.lot,
            air=inside.air,
            light=inside.lot.light,
            shine=_bright(inside),
            lamp=inside.burn,
            style=style,
        )
    lot = Lot.survey(ctx, roomy_m=9.0, lamp=style["lamp"], lit=0.13)
    air = Air.over(ctx)
    shine = lot.carpenter().shine
    return Yard(
        lot=lot,
        air=air,
        light=lot.light,
        shine=shine,
        lamp=np.array(style["lamp"]) * lot.light.lamp,
        style=style,
    )


def _bright(inside: Inside) -> Shine:
    """Return the light under ground: tubes burn at every hour."""
    own = inside.shine
    return lambda normal: own(normal) + inside.burn * (0.20 + 0.10 * normal[1])


def _edge_z(lot: Lot) -> float:
    return lot.stage + 1.6 + 0.10 * lot.half_w / lot.grow


def _along(yard: Yard) -> tuple[list[Panel], list[Panel], list[Panel]]:
    """Return rails, platform and train of a platform that runs away from the camera."""
    lot, style, light, shine = yard.lot, yard.style, yard.light, yard.shine
    rng = lot.ctx.rng("station")
    t, z0 = lot.side, lot.eye_z / lot.grow
    edge, wall = t * EDGE_M, -t * WALL_M
    deep = yard.carpenter(repeat_z=STRIP_M)
    rails = paint_rails(rng, light, shine, STRIP_M)
    for off in (0.15, 4.4):
        x0 = edge + t * off if t > 0 else edge + t * off - 3.4
        deep.lay(rails, x0, z0 - 4.0, 3.4, STRIP_M, y=-BED_M + 0.02, order=FLOOR_ORDER)
    side = Carpenter(lot.ctx, shine, grow=lot.grow, repeat_m=(0, 0, STRIP_M * lot.grow))
    face = shine(RIGHT if t > 0 else LEFT)
    lip = paint_wall(rng, {**style, "wall": (0.16, 0.155, 0.15)}, face * 0.4, (4.0, 0.6))
    side.stand(
        lip, edge, z0 + 2.0, STRIP_M, BED_M, y=-BED_M, turn=-QUARTER if t < 0 else QUARTER, bleed=False
    )
    build = yard.carpenter(repeat_z=STRIP_M)
    flat = paint_platform(rng, style, light, shine, (EDGE_M + WALL_M, STRIP_M))
    flat.image *= np.float32(1 - max(FILM * light.wet, float(style["gloss"]) * 0.8))
    picture = flat.image if t > 0 else np.ascontiguousarray(flat.image[:, ::-1])
    build.lay(picture, min(edge, wall), z0 - 5.0, EDGE_M + WALL_M, STRIP_M, order=FLOOR_ORDER - 40)
    tall = ROOF_M if style["roof"] != "none" else 2.6
    if style["roof"] != "none":
        inner = shine(LEFT if wall > 0 else RIGHT)
        build.stand(
            paint_wall(rng, style, inner, (STRIP_M, tall)),
            wall,
            z0 + STRIP_M / 2 - 5.0,
            STRIP_M,
            tall,
            turn=-QUARTER if wall > 0 else QUARTER,
            bleed=False,
        )
        span = EDGE_M + WALL_M + (5.5 if style["roof"] == "vault" else 0.3)
        roof = paint_roof(style, light, shine((0.0, -1.0, 0.0)), yard.lamp, (span, STRIP_M))
        x0 = wall if t > 0 else wall - span
        if lot.ctx.camera.eye_m[1] < 0.9 * ROOF_M * lot.grow:  # from above one looks in
            build.lay(roof, x0, z0 - 5.0, span, STRIP_M, y=tall, order=FLOOR_ORDER - 300)
        for z in (z0 + 3.0, z0 + 9.0):
            build.stand(paint_post(style, light, shine(FRONT), tall), -t * 2.9, z, 1.6, tall)
            build.shade(-t * 2.9, z, 0.6, 0.6)
        if style["roof"] == "vault":
            far = paint_wall(rng, style, shine(LEFT if t > 0 else RIGHT), (STRIP_M, tall + BED_M))
            x = edge + t * 5.2
            build.stand(
                far,
                x,
                z0 + STRIP_M / 2 - 5.0,
                STRIP_M,
                tall + BED_M,
                y=-BED_M,
                turn=-QUARTER if t > 0 else QUARTER,
                bleed=False,
                order=40,
            )
        bench = paint_bench(shine(FRONT) * 0.5 + shine(RIGHT) * 0.5)
        build.stand(bench, -t * (WALL_M - 0.9), z0 + 6.0, 2.2, 0.95, turn=-t * 0.9)
        if light.darkness > 0.2:
            for z in (z0 + 2.0, z0 + 8.0):
                build.pool(0.0, z, 3.6, yard.lamp * 0.10 * light.darkness)
    return deep.pieces + side.pieces, build.pieces + _hang(yard), _train(yard, edge, t)


def _hang(yard: Yard) -> list[Panel]:
    """Return clock, signs and board, once: they are read."""
    lot, style, light = yard.lot, yard.style, yard.light
    if style["roof"] == "none":
        return []
    once = yard.carpenter()
    face = yard.shine(FRONT)
    hour = HOURS.get(lot.ctx.shot.time_of_day, 10.2)
    low = lot.stage + 3.4
    t = lot.side
    once.stand(paint_clock(hour, light, face, yard.lamp), -t * 1.5, low, 1.2, 1.7, y=2.62)
    if style["signs"]:
        sign = paint_sign(str(style["signs"][0]), light, face, yard.lamp)
        once.stand(sign, t * 0.9, low + 3.0, sign.width_m, 1.12, y=3.1)
    once.stand(paint_board(lot.ctx.rng("board"), light, face), -t * 1.2, low + 6.5, 2.6, 1.9, y=2.6)
    return once.pieces


def _train(yard: Yard, edge: float, t: float) -> list[Panel]:
    """Return a train whose front stands a little beyond the stage when it has come in."""
    lot, style, light = yard.lot, yard.style, yard.light
    rng = lot.ctx.rng("train")
    build = yard.carpenter()
    front = lot.stage + 5.5
    flank = paint_train_side(
        rng, style, light, yard.shine(LEFT if t > 0 else RIGHT) + yard.shine(FRONT) * 0.3
    )
    for k in range(CARS):
        z = front + (k + 0.5) * CAR_M
        build.stand(
            flank, edge + t * 0.25, z, CAR_M, TRAIN_TALL_M, turn=-QUARTER if t > 0 else QUARTER, bleed=False
        )
    face = paint_train_face(style, light, yard.shine(FRONT))
    build.stand(face, edge + t * 1.75, front - 0.05, 3.0, FACE_TALL_M, y=-BED_M + 0.1)
    return build.pieces


def _across(yard: Yard) -> tuple[list[Panel], list[Panel], list[Panel]]:
    """Return rails, platform and train behind a lead that walks along the platform."""
    lot, style, light, shine = yard.lot, yard.style, yard.light, yard.shine
    rng = lot.ctx.rng("station")
    edge, z0 = _edge_z(lot), lot.eye_z / lot.grow
    deep = yard.carpenter(repeat_x=STRIP_M)
    rails = np.ascontiguousarray(np.rot90(paint_rails(rng, light, shine, STRIP_M).image))
    deep.lay(rails, -STRIP_M / 2, edge + 0.1, STRIP_M, 3.4, y=-BED_M + 0.02, order=FLOOR_ORDER)
    if style["roof"] == "vault":
        far = paint_wall(rng, style, shine(FRONT), (STRIP_M, ROOF_M + BED_M))
        deep.stand(far, 0.0, edge + 4.2, STRIP_M, ROOF_M + BED_M, y=-BED_M, bleed=False)
    build = yard.carpenter(repeat_x=STRIP_M)
    wide = edge - z0 + 8.0
    flat = paint_platform(rng, style, light, shine, (wide, STRIP_M))
    flat.image *= np.float32(1 - max(FILM * light.wet, float(style["gloss"]) * 0.8))
    build.lay(
        np.ascontiguousarray(np.rot90(flat.image)),
        -STRIP_M / 2,
        edge - wide,
        STRIP_M,
        wide,
        order=FLOOR_ORDER - 40,
    )
    if style["roof"] != "none":
        roof = paint_roof(style, light, shine((0.0, -1.0, 0.0)), yard.lamp, (STRIP_M, 6.0))
        if lot.ctx.camera.eye_m[1] < 0.9 * ROOF_M * lot.grow:
            build.lay(roof, -STRIP_M / 2, edge - 5.6, STRIP_M, 6.0, y=ROOF_M, order=FLOOR_ORDER - 300)
        build.stand(paint_post(style, light, shine(FRONT), ROOF_M), 3.0, edge - 0.9, 1.6, ROOF_M)
        if style["signs"]:
            sign = paint_sign(str(style["signs"][0]), light, shine(FRONT), yard.lamp)
            build.stand(sign, -2.4, edge - 1.0, sign.width_m, 1.12, y=2.75)
    train = yard.carpenter(repeat_x=CARS * CAR_M + 40.0)
    flank = paint_train_side(rng, style, light, shine(FRONT))
    for k in range(CARS):
        train.stand(flank, (k - 2) * CAR_M, edge + 0.35, CAR_M, TRAIN_TALL_M, bleed=False)
    return deep.pieces, build.pieces, train.pieces
