"""A roof high above a city: parapet, tank, hut and vents; towers near and far, streets that glow below.

The roof runs along x; the city stands beyond its edge, behind the stage. Looks: `data/places/rooftop.toml`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.panels import Panels
from soundstage.render.previz.places.roof_props import (
    paint_antenna,
    paint_hut,
    paint_lights,
    paint_slab,
    paint_tank,
    paint_vent,
)
from soundstage.render.previz.places.roof_towers import paint_carpet, paint_tower
from soundstage.render.previz.places.set_carpentry import (
    FILM,
    FLOOR_ORDER,
    FRONT,
    LEFT,
    Carpenter,
    daylight,
    weathered,
)
from soundstage.render.previz.places.set_outdoors import Air, Lot, raise_set, read_place, stage_lamps

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.places.panels import Panel
    from soundstage.render.previz.scene import Layer, Place, SetContext

CITY_ORDER = 3000.0  #: all of the city is drawn before the roof
BAY = 26.0  #: metres after which a roof that goes on stands again
CITY_PERIOD = 320.0
ROOF_XS = (-1.5 * BAY, -BAY / 2, BAY / 2)  #: where its bays begin; more would never be seen
REACH_M = 260.0
WALL_M = 0.95  #: height of the parapet
LOW_EYE_M = 2.2


def build(ctx: SetContext) -> Place:
    """Build the roof of a shot."""
    style = read_place("rooftop")["rooftop"]
    lot = Lot.survey(ctx, lamp=style["lamp"], lit=0.05)
    air = Air.over(ctx)
    edge = lot.stage + max(4.2, 0.55 * lot.half_w / lot.grow)
    light = lot.light
    glow = np.array(style["lamp"]) * light.lamp * light.darkness
    sets = air.fogged(_roof(lot, style, edge), warm=glow * 0.5, reach_m=REACH_M)
    lamps = stage_lamps(
        lot, [(-0.9, 1.3, -0.5, style["lamp"], 0.34), (1.0, 1.2, 0.9, style["windows"][4], 0.5),
              (-1.0, 1.5, 0.9, style["lamp"], 0.5)],
    )  # fmt: skip
    return raise_set(
        lot, air, sets=sets, albedo=(0.06, 0.06, 0.065), stage_albedo=style["floor"],
        ridges=("far_towers",), lamps=lamps, lamp=glow * 0.16, wet=0.02,
        extra=_foreground(lot, style), drop_m=style["drop_m"] * lot.grow, behind=_city(lot, style, edge),
        floor=(ROOF_XS[0] * lot.grow, lot.eye_z - 7 * lot.grow, -ROOF_XS[0] * lot.grow, edge * lot.grow),
    )  # fmt: skip


def _city(lot: Lot, style: Mapping[str, Any], edge: float) -> list[Panel]:
    """Return the towers beyond the edge, with their roofs, and the blocks at their feet."""
    rng = lot.ctx.rng("skyline")
    drop = float(style["drop_m"])
    yard = lot.carpenter(order=CITY_ORDER, repeat_m=(CITY_PERIOD if lot.across else 0.0, 0.0, 0.0))
    shine = daylight(lot.light)
    if _highest_eye(lot) > LOW_EYE_M:  # from lower the parapet hides the streets
        carpet = paint_carpet(rng, style, lot.light, shine)
        repeat = (120.0 * lot.grow, 0.0, 0.0)
        for row_z in (edge + 1.0, edge + 121.0, edge + 241.0):
            yard.lay(carpet, -60.0, row_z, 120.0, 120.0, y=-drop, order=6000.0, repeat_m=repeat)
    for name in ("mid", "near"):
        row = style[name]
        far_low, far_high = row["far"]
        # As wide as the lens sees there, and as much again for a camera that turns.
        seen = 2 * lot.ctx.start.half_width_m((far_low + edge) * lot.grow) / lot.grow
        span = CITY_PERIOD if lot.across else 1.9 * seen + 30.0
        count = math.ceil(span / float(row["every"]))
        for k in range(count):
            wide = float(rng.uniform(*row["width"]))
            deep = wide * float(rng.uniform(0.6, 1.0))
            over = float(rng.uniform(*row["over"]))
            x = (k + 0.5 + rng.uniform(-0.28, 0.28)) / count * span - span / 2
            z = edge + float(rng.uniform(far_low, far_high))
            px = yard.px_per_m(z, most=14.0, least=2.0)
            tall = drop + over
            front = paint_tower(rng, style, lot.light, shine(FRONT), (wide, tall), px)
            inner = LEFT if x > 0 else (1.0, 0.0, 0.0)
            side = paint_tower(rng, style, lot.light, shine(inner), (deep, tall), px * 0.7)
            yard.box(x, z, (wide, tall, deep), np.array([0.16, 0.15, 0.145]), y=-drop, front=front, side=side)
            _crown(yard, rng, lot, x, z, wide, over)
    return yard.pieces


def _highest_eye(lot: Lot) -> float:
    """Return how high the camera gets in the shot, life size."""
    ctx = lot.ctx
    return max(ctx.camera.view(u, u * ctx.seconds).eye_m[1] for u in (0.0, 0.25, 0.5, 0.75, 1.0)) / lot.grow


def _crown(
    yard: Carpenter, rng: np.random.Generator, lot: Lot, x: float, z: float, wide: float, over: float
) -> None:
    """Put what stands on a tower: a set-back, a mast with a red lamp, a tank."""
    kind = rng.random()
    if kind < 0.4:
        yard.box(x, z + 2.0, (wide * 0.5, 4.5, wide * 0.4), np.array([0.22, 0.2, 0.19]), y=over)
    elif kind < 0.6:
        yard.stand(paint_tank(rng, lot.light), x, z + 1.5, 4.0, 6.0, y=over)
    if rng.random() < 0.35:
        yard.stand(paint_antenna(lot.light, red=True), x + wide * 0.1, z + 3.0, 3.0, 13.0, y=over)


def _roof(lot: Lot, style: Mapping[str, Any], edge: float) -> list[Panel]:
    rng = lot.ctx.rng("roof")
    light = lot.light
    yard = lot.carpenter(repeat_m=(BAY if lot.across else 0.0, 0.0, 0.0))
    begin = lot.eye_z / lot.grow - 7.0
    wall = weathered(style["wall"], light)
    slab = paint_slab(rng, style, light, yard.shine, (BAY, edge - begin))
    # On its own a roof is two bays wide and ends in a side wall.
    for x in (-BAY / 2,) if lot.across else ROOF_XS:
        yard.lay(slab, x, begin, BAY, edge - begin, order=FLOOR_ORDER + 400)
    slab.image *= np.float32(1 - FILM * light.wet)
    coping = weathered([0.42, 0.40, 0.37], light, level=True)
    for x in (-BAY / 2,) if lot.across else ROOF_XS:
        yard.box(x + BAY / 2, edge, (BAY, WALL_M, 0.35), wall, top=coping)
        yard.box(x + BAY / 2, edge - 0.05, (BAY, 0.10, 0.45), coping, y=WALL_M, low=0.9)
    side = lot.side
    hut = side * 6.9
    front = paint_hut(rng, style, light, yard.shine(FRONT))
    yard.shade(hut, edge - 2.4, 4.4, 3.6)
    yard.box(
        hut, edge - 3.2, (3.8, 2.7, 2.6), wall, front=front, top=weathered([0.2, 0.2, 0.2], light, level=True)
    )
    yard.stand(paint_antenna(light), hut + side * 0.8, edge - 2.2, 2.2, 4.2, y=2.7)
    tank = -side * 6.2
    yard.shade(tank, edge - 1.2, 3.6, 2.2)
    yard.stand(paint_tank(rng, light), tank, edge - 1.4, 3.7, 5.8)
    for x, z, w in (
        (-side * 3.4, edge - 1.6, 1.5),
        (side * 3.2, edge - 1.0, 1.1),
        (-side * 10.2, edge - 4.0, 2.0),
    ):
        yard.shade(x, z + 0.5, w * 1.2, 1.5)
        yard.box(
            x, z, (w, 1.05, 0.9), np.array([0.34, 0.34, 0.33]), front=paint_vent(light, yard.shine(FRONT), w)
        )
    bulbs = paint_lights(light, style, BAY)
    yard.stand(bulbs, 0.0, edge - 2.6, BAY, 1.6, y=2.2)
    if light.darkness > 0.25:
        glow = np.array(style["lamp"]) * light.lamp * light.darkness
        yard.pool(hut - side * 0.4, edge - 4.2, 2.6, glow * 0.22)
        for x in np.arange(-BAY / 2, BAY / 2, 4.4):
            yard.pool(x, edge - 3.6, 4.6, glow * 0.085)
    return yard.pieces


def _foreground(lot: Lot, style: Mapping[str, Any]) -> list[Layer]:
    """Return a vent pipe and the string of bulbs near the lens."""
    ctx = lot.ctx
    view = ctx.start
    if ctx.shot.framing == "aerial" or view.pitch_rad < -0.3 or lot.away:
        return []
    depth = float(np.clip(0.36 * ctx.camera.focus_m, 0.35, 3.0))
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    middle = view.eye_m[1] + math.tan(view.pitch_rad) * depth
    near = Carpenter(ctx, daylight(lot.light), repeat_m=((7.0 * half_w) if lot.across else 0.0, 0.0, 0.0))
    dim = replace(lot.light, fill=lot.light.fill * 0.35, lamp=lot.light.lamp * 0.45)
    near.stand(
        paint_lights(dim, style, 6.0), view.eye_m[0], z, 2.6 * half_w, 0.42 * half_h, y=middle + 0.80 * half_h
    )
    if not lot.across:
        vent = paint_vent(dim, daylight(dim)(FRONT), 1.0)
        x = view.eye_m[0] + lot.side * -0.98 * half_w
        near.stand(vent, x, z, 0.42 * half_w, 0.75 * half_h, y=middle - 1.25 * half_h)
    return [Panels.of(near.pieces, depth, soft=True, focus="full")]
