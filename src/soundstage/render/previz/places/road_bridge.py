"""A bridge: deck, railing, cables that hang from towers, lamps, far below the water and the other shore.

The deck runs away from the camera; for a lead that crosses the picture it runs along with the lead, the
railing and the water behind it. Which bridge it is, the prompt's own name says: `data/places/bridge.toml`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.panels import Panels
from soundstage.render.previz.places.road import REACH_M
from soundstage.render.previz.places.road_bridge_props import (
    SPAN_M,
    TOWER_M,
    paint_cable_net,
    paint_deck,
    paint_railing,
    paint_street_lamp,
    paint_tower,
)
from soundstage.render.previz.places.road_props import LAMP_LIGHT, paint_far_lights
from soundstage.render.previz.places.set_carpentry import (
    FILM,
    FLOOR_ORDER,
    FRONT,
    QUARTER,
    Carpenter,
    daylight,
)
from soundstage.render.previz.places.set_outdoors import Air, Lot, raise_set, read_place, stage_lamps, variant

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.places.panels import Panel
    from soundstage.render.previz.scene import Layer, Place, SetContext

STRIP_M = 16.0


def build(ctx: SetContext) -> Place:
    """Build the bridge of a shot."""
    style = variant(read_place("bridge"), ctx.shot.setting, "bridge")
    lot = Lot.survey(ctx, roomy_m=9.0, lamp=LAMP_LIGHT, lit=0.13 if style["lamps"] else 0.03)
    air = Air.over(ctx)
    g, half = lot.grow, float(style["half_m"])
    axis = 0.0 if lot.across else -lot.side * 0.28 * half
    glow = np.array(LAMP_LIGHT) * lot.light.lamp * lot.light.darkness * (1.0 if style["lamps"] else 0.2)
    pieces = _across(lot, style) if lot.across else _along(lot, style, axis)
    sets = air.fogged(pieces, warm=glow * 0.4, reach_m=REACH_M)
    lamps = stage_lamps(
        lot,
        [
            (-0.8, 1.6, 0.8, LAMP_LIGHT, 0.6),
            (0.9, 1.6, 0.9, LAMP_LIGHT, 0.5),
            (0.3, 1.0, -0.9, LAMP_LIGHT, 0.3),
        ],
    )
    far = REACH_M * g
    x0, x1 = (-far, far) if lot.across else ((axis - half) * g, (axis + half) * g)
    z0, z1 = (
        (lot.eye_z - 9 * g, _edge(lot, style) * g) if lot.across else (lot.eye_z - 9 * g, lot.eye_z + far)
    )
    return raise_set(
        lot,
        air,
        sets=sets,
        albedo=(0.02, 0.06, 0.08),
        wet=0.8,
        water=float(style["water"]),
        mirrors=False,
        stage_albedo=(0.10, 0.10, 0.10),
        drop_m=float(style["drop_m"]) * g,
        ridges=style["ridges"],
        lamps=lamps,
        lamp=glow * 0.08,
        floor=(x0, z0, x1, z1),
        floor_wet=0.03,
        behind=_shore(lot, style),
        extra=_foreground(lot, style),
    )


def _edge(lot: Lot, style: Mapping[str, Any]) -> float:
    """Return z of the far railing of a bridge that runs across, life size."""
    return lot.stage + min(max(0.6 * float(style["half_m"]), 1.1), 3.4)


def _shore(lot: Lot, style: Mapping[str, Any]) -> list[Panel]:
    """Return the lights of the other shore, down at the water."""
    if lot.light.darkness < 0.3:
        return []
    drop = float(style["drop_m"])
    yard = lot.carpenter(repeat_m=(160.0, 0, 0))
    flat = paint_far_lights(lot.ctx.rng("shore"), lot.light, 160.0)
    yard.stand(flat, 0.0, lot.stage + 210.0, 160.0, 10.0, y=-drop)
    return yard.pieces


def _along(lot: Lot, style: Mapping[str, Any], axis: float) -> list[Panel]:
    """Return a deck that runs away from the camera."""
    light, half = lot.light, float(style["half_m"])
    z0 = lot.eye_z / lot.grow
    rng = lot.ctx.rng("bridge")
    yard = lot.carpenter(repeat_m=(0, 0, STRIP_M))
    deck = paint_deck(rng, style, light, yard.shine, (2 * half, STRIP_M))
    deck.image *= np.float32(1 - FILM * light.wet)
    yard.lay(deck, axis - half, z0 - 6.0, 2 * half, STRIP_M, order=FLOOR_ORDER)
    for side in (-1.0, 1.0):
        turn = -QUARTER if side > 0 else QUARTER
        rail = paint_railing(rng, style, light, yard.shine((-side, 0.0, 0.0)), STRIP_M)
        yard.stand(rail, axis + side * half, z0 + STRIP_M / 2 - 6.0, STRIP_M, 1.15, turn=turn)
    pieces = yard.pieces
    if style["lamps"]:
        lamp = lot.carpenter(repeat_m=(0, 0, 2 * STRIP_M))
        for side in (-1.0, 1.0):
            x = axis + side * (half - 0.25)
            lamp.stand(paint_street_lamp(light, style), x, z0 + 13.0, 1.1, 4.6)
            if light.darkness > 0.2:
                lamp.pool(
                    x - side * 0.8, z0 + 13.0, 3.4, np.array(LAMP_LIGHT) * 0.16 * light.lamp * light.darkness
                )
        pieces = pieces + lamp.pieces
    if style["towers"]:
        pieces = pieces + _hang(lot, style, axis)
    return pieces


def _hang(lot: Lot, style: Mapping[str, Any], axis: float) -> list[Panel]:
    """Return towers ahead, and the cables that hang between them on both sides."""
    light, half = lot.light, float(style["half_m"])
    first = lot.stage + 26.0
    yard = lot.carpenter(repeat_m=(0, 0, SPAN_M))
    face = yard.shine(FRONT)
    tower = paint_tower(style, light, face, 2 * half + 3.4)
    yard.stand(tower, axis, first, 2 * half + 3.4, TOWER_M + 2.0, mirrored=True)
    for side in (-1.0, 1.0):
        turn = -QUARTER if side > 0 else QUARTER
        net = paint_cable_net(style, light)
        yard.stand(net, axis + side * (half + 0.35), first - SPAN_M / 2, SPAN_M, TOWER_M, turn=turn)
    return yard.pieces


def _across(lot: Lot, style: Mapping[str, Any]) -> list[Panel]:
    """Return a deck that runs along x, its far railing and half of its cables behind the stage."""
    light, half = lot.light, float(style["half_m"])
    edge, z0 = _edge(lot, style), lot.eye_z / lot.grow - 8.0
    rng = lot.ctx.rng("bridge")
    yard = lot.carpenter(repeat_m=(STRIP_M, 0, 0))
    deck = paint_deck(rng, style, light, yard.shine, (2 * half, STRIP_M))
    deck.image *= np.float32(1 - FILM * light.wet)
    yard.lay(
        np.ascontiguousarray(np.rot90(deck.image)),
        -STRIP_M / 2,
        edge - 2 * half,
        STRIP_M,
        2 * half,
        order=FLOOR_ORDER,
    )
    if edge - 2 * half > z0:
        yard.lay(
            np.ascontiguousarray(np.rot90(deck.image)),
            -STRIP_M / 2,
            edge - 4 * half,
            STRIP_M,
            2 * half,
            order=FLOOR_ORDER + 1,
        )
    yard.stand(paint_railing(rng, style, light, yard.shine(FRONT), STRIP_M), 0.0, edge, STRIP_M, 1.15)
    if style["lamps"]:
        yard.stand(paint_street_lamp(light, style), 3.2, edge - 0.2, 1.1, 4.6)
        if light.darkness > 0.2:
            yard.pool(3.2, edge - 1.2, 3.4, np.array(LAMP_LIGHT) * 0.16 * light.lamp * light.darkness)
    pieces = yard.pieces
    if style["towers"]:
        far = lot.carpenter(repeat_m=(SPAN_M, 0, 0))
        far.stand(paint_cable_net(style, light), 0.0, edge + 0.3, SPAN_M, TOWER_M)
        tower = paint_tower(style, light, far.shine(FRONT), 5.0, legs=1)
        far.stand(tower, -SPAN_M / 2, edge + 0.35, 5.0, TOWER_M + 2.0)
        pieces = pieces + far.pieces
    return pieces


def _foreground(lot: Lot, style: Mapping[str, Any]) -> list[Layer]:
    """Return the near railing, out of focus."""
    ctx = lot.ctx
    view = ctx.start
    if ctx.shot.framing == "aerial" or view.pitch_rad < -0.3 or lot.away or not lot.across:
        return []
    depth = float(np.clip(0.34 * ctx.camera.focus_m, 0.35, 4.0))
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    low = view.eye_m[1] + math.tan(view.pitch_rad) * depth - half_h
    dim = replace(lot.light, fill=lot.light.fill * 0.4, key=lot.light.key * 0.5)
    near = Carpenter(ctx, daylight(dim), repeat_m=(4.0 * half_w, 0.0, 0.0))
    rail = paint_railing(ctx.rng("near rail"), style, dim, near.shine(FRONT), 6.0)
    near.stand(rail, view.eye_m[0], z, 4.0 * half_w, 0.42 * half_h, y=low - 0.12 * half_h)
    return [Panels.of(near.pieces, depth, soft=True, focus="full")]
