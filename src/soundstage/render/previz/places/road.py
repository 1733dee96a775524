"""An open road to the horizon: lanes, guard rails, poles, lamps, a sign across it, cars that come and go.

It runs away from the camera; for a lead that crosses the picture it runs along with the lead, and the land is
behind it. What land that is says the prompt's own name of the road: lines of `data/places/highway.toml`.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.open import read_open
from soundstage.render.previz.places.panels import Panels
from soundstage.render.previz.places.road_beside import STRIP_M, row_across, row_along
from soundstage.render.previz.places.road_props import (
    GRAVEL,
    LAMP_LIGHT,
    paint_asphalt,
    paint_car_face,
    paint_shrub,
    paint_sign,
)
from soundstage.render.previz.places.set_carpentry import (
    FILM,
    FLOOR_ORDER,
    FRONT,
    TOP,
    Carpenter,
    daylight,
    weathered,
)
from soundstage.render.previz.places.set_layers import Moving
from soundstage.render.previz.places.set_outdoors import (
    Air,
    Lot,
    raise_set,
    read_place,
    stage_lamps,
    variant,
)
from soundstage.render.previz.places.set_paint import Flat
from soundstage.render.previz.places.street_props import CARS, paint_car_end, paint_car_side

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.render.previz.places.panels import Panel
    from soundstage.render.previz.scene import Layer, Place, SetContext

REACH_M = 230.0
CAR_M_S = 17.0


def build(ctx: SetContext) -> Place:
    """Build the road of a shot."""
    style = variant(read_place("highway"), ctx.shot.setting, "highway")
    lit = "lamps" in style["beside"]
    lot = Lot.survey(ctx, lamp=LAMP_LIGHT, lit=0.14 if lit else 0.03)
    air = Air.over(ctx)
    ground = read_open()["ground"][style["ground"]]
    axis = 0.0 if lot.across else -lot.side * 0.30 * float(style["half_m"])
    pieces = _lanes(lot, style, axis) + _beside(lot, style, axis)
    glow = np.array(LAMP_LIGHT) * lot.light.lamp * lot.light.darkness
    sets = air.fogged(pieces, warm=glow * (0.5 if lit else 0.0), reach_m=REACH_M)
    lamps = stage_lamps(
        lot,
        [
            (-0.8, 2.0, 0.9, LAMP_LIGHT, 0.6),
            (0.9, 2.0, 0.9, LAMP_LIGHT, 0.5),
            (0.3, 1.2, -0.9, LAMP_LIGHT, 0.3),
        ],
    )
    half = float(style["half_m"]) * lot.grow
    wide = REACH_M * lot.grow
    z0, z1 = _band(lot, style)
    floor = (
        (-wide, z0, wide, z1)
        if lot.across
        else (axis * lot.grow - half, lot.eye_z - 9, axis * lot.grow + half, wide)
    )
    return raise_set(
        lot,
        air,
        sets=sets,
        albedo=ground["albedo"],
        stage_albedo=(0.075, 0.077, 0.08),
        wet=float(ground["wet"]) * 0.4,
        ripples=float(ground["ripples"]),
        ridges=style["ridges"],
        lamps=lamps,
        lamp=glow * (0.10 if lit else 0.03),
        floor=floor,
        floor_wet=0.04,
        water=float(style.get("water", 0.0)),
        drop_m=9.0 * lot.grow if style.get("water") else 0.0,
        mirrors=False,
        extra=[*_traffic(lot, style, axis, air), *_foreground(lot, style)],
    )


def _band(lot: Lot, style: Mapping[str, Any]) -> tuple[float, float]:
    """Return z of the near and the far edge of a road that runs across."""
    half = float(style["half_m"])
    return lot.stage_z - 0.75 * half * lot.grow, lot.stage_z + 1.25 * half * lot.grow


def _lanes(lot: Lot, style: Mapping[str, Any], axis: float) -> list[Panel]:
    """Return the asphalt with its marks, and the verge on both sides."""
    light = lot.light
    half, verge = float(style["half_m"]), 2.2
    across = lot.across
    yard = lot.carpenter(repeat_m=(STRIP_M, 0, 0) if across else (0, 0, STRIP_M))
    flat = paint_asphalt(
        lot.ctx.rng("asphalt"), style, light, yard.shine, (2 * half + 2 * verge, STRIP_M), verge
    )
    # A road that ends in water has a shoulder; one over land has none, and the land comes up to it.
    flat.image *= np.float32(1 - FILM * light.wet)
    if across:
        z0 = _band(lot, style)[0] / lot.grow - verge
        turned = np.ascontiguousarray(np.rot90(flat.image))
        yard.lay(turned, -STRIP_M / 2, z0, STRIP_M, 2 * (half + verge), order=FLOOR_ORDER)
        if style.get("water"):  # the sea lies beyond the road, not under the camera
            near = Flat(STRIP_M, 12.0, 20)
            near.fill(weathered(GRAVEL, light, level=True) * yard.shine(TOP))
            near.grain(lot.ctx.rng("verge"), 0.6, 0.6)
            yard.lay(near, -STRIP_M / 2, z0 - 11.9, STRIP_M, 12.0, order=FLOOR_ORDER + 1)
    else:
        yard.lay(
            flat,
            axis - half - verge,
            lot.eye_z / lot.grow - 6.0,
            2 * (half + verge),
            STRIP_M,
            order=FLOOR_ORDER,
        )
    return yard.pieces


def _beside(lot: Lot, style: Mapping[str, Any], axis: float) -> list[Panel]:
    rng = lot.ctx.rng("beside")
    names: Sequence[str] = style["beside"]
    half = float(style["half_m"])
    pieces: list[Panel] = []
    if lot.across:
        far = _band(lot, style)[1] / lot.grow
        yard = lot.carpenter(repeat_m=(2 * STRIP_M, 0, 0))
        row_across(yard, rng, lot, names, far)
        pieces += yard.pieces
    else:
        for side in (-1.0, 1.0):
            yard = lot.carpenter(repeat_m=(0, 0, 2 * STRIP_M))
            row_along(yard, rng, lot, names, axis + side * (half + 0.9), side)
            pieces += yard.pieces
        if style["sign"]:
            yard = lot.carpenter(repeat_m=(0, 0, 150.0))
            wide = 2 * half + 3.0
            sign = paint_sign(lot.light, yard.shine(FRONT), style["sign"], wide)
            yard.stand(sign, axis, lot.stage + 22.0, wide, 8.2, mirrored=True)
            pieces += yard.pieces
    return pieces


def _traffic(lot: Lot, style: Mapping[str, Any], axis: float, air: Air) -> list[Layer]:
    """Return cars: some that come, some that go; for a lead that crosses, some on the far lane."""
    rng = lot.ctx.rng("cars")
    light, half = lot.light, float(style["half_m"])
    if lot.ctx.wants("empty", "deserted", "abandoned", "lonely"):
        return []
    layers: list[Layer] = []
    period = 190.0
    lanes = ((1.0, -CAR_M_S),) if lot.across else ((-0.5, -CAR_M_S), (0.5, 0.75 * CAR_M_S))
    for lane, speed in lanes:
        yard = lot.carpenter(repeat_m=(period, 0, 0) if lot.across else (0, 0, period))
        for at in rng.uniform(30.0, period, 2 if half < 5 else 4):
            colour = CARS[int(rng.integers(len(CARS)))]
            if lot.across:
                yard.shade(float(at), lot.stage + 0.75 * half, 4.6, 1.9)
                picture = paint_car_side(light, colour)
                yard.stand(picture[:, ::-1], float(at), lot.stage + 0.75 * half, 4.4, 1.5)
            else:
                x = axis + lane * half + float(rng.normal(0, 0.1))
                yard.shade(x, lot.stage + float(at), 1.9, 4.2)
                end = paint_car_face(light, colour) if speed < 0 else paint_car_end(rng, light, colour)
                yard.stand(end, x, lot.stage + float(at), 1.8, 1.5)
        velocity = (speed, 0.0, 0.0) if lot.across else (0.0, 0.0, speed)
        layers.append(Moving(flats=air.fogged(yard.pieces, reach_m=REACH_M), velocity_m_s=velocity))
    return layers


def _foreground(lot: Lot, style: Mapping[str, Any]) -> list[Layer]:
    """Return weeds and a reflector post at the lens."""
    ctx = lot.ctx
    view = ctx.start
    if ctx.shot.framing == "aerial" or view.pitch_rad < -0.3 or lot.away:
        return []
    rng = ctx.rng("road foreground")
    depth = float(np.clip(0.36 * ctx.camera.focus_m, 0.35, 4.0))
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    low = view.eye_m[1] + math.tan(view.pitch_rad) * depth - half_h
    dim = replace(lot.light, fill=lot.light.fill * 0.45, key=lot.light.key * 0.5)
    near = Carpenter(ctx, daylight(dim), repeat_m=((5.0 * half_w) if lot.across else 0.0, 0.0, 0.0))
    for x in (-0.95, -0.72, 0.78, 1.0):
        near.stand(
            paint_shrub(rng, dim, grass=style["ground"] != "desert"),
            view.eye_m[0] + x * half_w,
            z,
            0.55 * half_w,
            float(rng.uniform(0.30, 0.5)) * half_h,
            y=low - 0.10 * half_h,
        )
    return [Panels.of(near.pieces, depth, soft=True, focus="full")]
