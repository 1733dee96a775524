"""Studios and stages: a seamless sweep with the softboxes that light it, or boards under beams, a curtain.

Which it is, the prompt's own name says: lines of `data/places/studio.toml`. The sweep itself is the open
place's room.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.places.open import read_open
from soundstage.render.previz.places.open_room import build_room
from soundstage.render.previz.places.panels import Panels
from soundstage.render.previz.places.set_carpentry import FLOOR_ORDER, FRONT, TOP, Carpenter
from soundstage.render.previz.places.set_indoors import Inside
from soundstage.render.previz.places.set_outdoors import (
    CROSSING_M_S,
    raise_set,
    read_place,
    stage_lamps,
    variant,
)
from soundstage.render.previz.places.studio_props import (
    paint_boards,
    paint_crowd,
    paint_curtain,
    paint_desk,
    paint_microphone,
    paint_ring,
    paint_screen,
    paint_softbox,
    paint_speaker,
    paint_stands,
    paint_truss,
)
from soundstage.render.previz.scene import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.panels import Vector
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
BEAM_SCALE = 0.125
GLOSS = 0.42
TRUSS_M = 5.4


@dataclass(frozen=True, slots=True, kw_only=True)
class Beams:
    """Beams of light in haze, from lamps on the truss to the boards; at a concert they sway."""

    lamp_m: NDArray[np.float64]  #: (N, 3)
    spot_m: NDArray[np.float64]  #: (N, 3) where they fall
    light: NDArray[np.float64]  #: (N, 3)
    sway_m: float
    travel_m_s: Vector  #: they follow a lead
    wide_m: float
    depth_m: float = 95.0
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add every beam, worked at an eighth of the canvas."""
        w, h = math.ceil(canvas.width * BEAM_SCALE), math.ceil(canvas.height * BEAM_SCALE)
        small = view.scaled(BEAM_SCALE)
        n = np.arange(len(self.lamp_m))
        spots = self.spot_m + np.multiply(self.travel_m_s, moment.t_s)
        spots[:, 0] += self.sway_m * np.sin(0.9 * moment.t_s + 1.7 * n)
        spots[:, 2] += 0.5 * self.sway_m * np.sin(0.7 * moment.t_s + 2.3 * n)
        x0, y0, scale0 = small.project(self.lamp_m)
        x1, y1, scale1 = small.project(spots)
        yy, xx = np.mgrid[:h, :w].astype(np.float32)
        light = np.zeros((h, w, 3), np.float32)
        for k in n:
            if scale0[k] <= 0 or scale1[k] <= 0:
                continue
            dx, dy = float(x1[k] - x0[k]), float(y1[k] - y0[k])
            long = max(math.hypot(dx, dy), 1.0)
            along = ((xx - x0[k]) * dx + (yy - y0[k]) * dy) / long**2
            off = ((xx - x0[k]) * dy - (yy - y0[k]) * dx) / long
            wide = (0.10 + 0.90 * np.clip(along, 0, 1.2)) * self.wide_m * float(scale1[k])
            beam = np.exp(-((off / np.maximum(wide, 0.8)) ** 2)) * (1.15 - 0.75 * np.clip(along, 0, 1))
            beam *= np.clip(along * 14, 0, 1) * np.clip((1.06 - along) * 10, 0, 1)
            light += beam[..., None] * self.light[k].astype(np.float32)
        canvas.add(light)
        radius = np.maximum(0.16 * scale0 / BEAM_SCALE, 1.0)
        lamps = np.column_stack(
            [x0 / BEAM_SCALE, y0 / BEAM_SCALE, radius, self.light * 9.0, np.full(len(n), 0.2)]
        )
        canvas.bokeh(lamps[scale0 > 0])


def build(ctx: SetContext) -> Place:
    """Build the studio or the stage of a shot."""
    style = variant(read_place("studio"), ctx.shot.setting, "studio")
    return _sweep(ctx, style) if style["kind"] == "sweep" else _stage(ctx, style)


def _sweep(ctx: SetContext, style: Mapping[str, Any]) -> Place:
    """Build a seamless wall and floor; in wide frames the lamps that light it are seen."""
    base = build_room(
        ctx, {**read_open()["room"]["studio"], **{k: style[k] for k in ("wall", "floor", "pool", "gloss")}}
    )
    if (
        not style["gear"]
        or abs(ctx.travel_m_s[0]) > CROSSING_M_S
        or ctx.shot.framing in ("close_up", "extreme_close_up", "medium")
        or ctx.camera.pitch_rad < -0.5
    ):
        return base
    ground = base.ground
    grow = float(np.clip(ground.half_width_m / 3.4, 0.08, 6.0))
    exposure = max(ctx.light.grade.exposure, 0.5) ** 0.8
    lamp = np.array([1.0, 0.97, 0.92]) / exposure
    yard = Carpenter(ctx, lambda normal: lamp * (0.22 + 0.10 * normal[1]), grow=grow)
    stage, half = ground.stage_m / grow, ground.half_width_m / grow
    face = yard.shine(FRONT)
    for side, z in ((-1.0, 0.5), (1.0, 0.9)):
        box = paint_softbox(lamp, face)
        picture = box.image if side < 0 else box.image[:, ::-1]
        x = side * (half * 1.0 - 0.30)
        yard.shade(x, stage + z, 1.0, 0.8, dark=0.35)
        yard.stand(picture, x, stage + z, 1.9, 3.1)
    return Place(layers=(*base.layers, Panels.of(yard.pieces, 120.0)), ground=ground)


def _stage(ctx: SetContext, style: Mapping[str, Any]) -> Place:
    """Build boards under a truss of lamps, what hangs behind them, and who watches."""
    inside = Inside.of(ctx, {"day": 0.0, "lamp": style["lamp"]}, roomy_m=6.0)
    lot = inside.lot
    g = lot.grow
    period = 14.0
    yard = Carpenter(ctx, inside.shine, grow=g, repeat_m=(period * g if lot.across else 0.0, 0, 0))
    rng = ctx.rng("stage")
    back = lot.stage + max(4.4, 0.55 * lot.half_w / g)
    z0 = lot.eye_z / g - 8.0
    boards = paint_boards(rng, style, inside.shine(TOP) + inside.burn * 0.10, (period, 8.0))
    boards.image *= f32(1 - GLOSS)
    for z in np.arange(back - 8.0, z0 - 8.0, -8.0):
        for x in (-period / 2,) if lot.across else (-1.5 * period, -period / 2, period / 2):
            yard.lay(boards, x, float(z), period, 8.0, order=FLOOR_ORDER)
    _hang(inside, style, yard, back, period)
    lamps = [np.array(c) for c in style["beams"]]
    count = max(len(lamps), 5)
    xs = (np.arange(count) + 0.5) / count * 2 - 1
    spread = max(3.4, 0.9 * lot.half_w / g)
    power = inside.burn.mean() * 0.115
    mid = -0.10 * lot.half_w / g
    heads = np.array([[x * spread, TRUSS_M + 0.1, back - 1.3] for x in xs]) * g
    feet = (
        np.array([[mid + x * 0.30 * spread, 0.0, lot.stage + 0.6 + 0.5 * (k % 2)] for k, x in enumerate(xs)])
        * g
    )
    beams = Beams(
        lamp_m=heads,
        spot_m=feet,
        light=np.array([lamps[k % len(lamps)] for k in range(count)]) * power,
        travel_m_s=ctx.travel_m_s,
        sway_m=1.6 * float(style["sway"]) * g,
        wide_m=0.75 * g,
    )
    if not (lot.across or lot.away):
        yard.pool(mid, lot.stage + 0.4, 2.6, np.mean(lamps, axis=0) * inside.burn.mean() * 0.22)
    first, last = lamps[0], lamps[-1]
    rows = stage_lamps(
        lot,
        [(-0.8, 2.2, 0.9, first, 1.0), (0.8, 2.2, 0.9, last, 1.0), (0.2, 1.6, -1.0, style["lamp"], 0.55)],
        least=0.8,
    )
    sets = inside.air.fogged(yard.pieces, fog_per_m=0.012 / g)
    return raise_set(
        lot,
        inside.air,
        sets=sets,
        albedo=style["boards"],
        wet=GLOSS,
        ripples=0.0,
        lamps=rows,
        lamp=inside.lamp * 0.3,
        extra=[beams, *_foreground(inside, style)],
    )


def _hang(  # noqa: C901, PLR0912 - a line for each thing that may hang there
    inside: Inside, style: Mapping[str, Any], yard: Carpenter, back: float, period: float
) -> None:
    """Put curtain, truss, screens, loudspeakers, stands and ring behind the stage."""
    lot, has = inside.lot, style["has"]
    ctx, g = lot.ctx, lot.grow
    rng = ctx.rng("hang")
    face = inside.shine(FRONT) + inside.burn * 0.07
    xs = (0.0,) if lot.across else (-period, 0.0, period)
    for x in xs:
        if "stands" in has:
            yard.stand(paint_stands(rng, inside, period), x, back + 6.0, period, 9.0, bleed=False, order=40)
        else:
            yard.stand(
                paint_curtain(rng, style, face, (period, 7.5)), x, back, period, 7.5, bleed=False, order=40
            )
        if "truss" in has:
            yard.stand(paint_truss(face, period), x, back - 1.3, period, 0.8, y=TRUSS_M)
    if "legs" in has and not lot.across:
        for side in (-1.0, 1.0):
            x = side * max(4.6, 0.95 * lot.half_w / g)
            yard.stand(paint_curtain(rng, style, face * 0.7, (2.4, 7.0)), x, back - 1.8, 2.4, 7.0)
    if "screens" in has:
        for x in (-3.6, 3.6):
            yard.stand(paint_screen(rng, style, inside), x, back - 0.4, 3.4, 2.4, y=1.9)
    if "speakers" in has:
        for x in (-5.6, 5.6):
            yard.shade(x, back - 1.6, 1.3, 1.0)
            yard.stand(paint_speaker(face), x, back - 1.8, 1.2, 2.6)
    if "microphone" in has:
        yard.stand(paint_microphone(face), 1.5, lot.stage + 0.8, 0.6, 1.6)
    if "desk" in has:
        yard.stand(paint_desk(style, face, inside), 0.9, lot.stage + 1.4, 3.4, 1.05)
    if "ring" in has:
        yard.stand(paint_ring(face, period), 0.0, lot.stage + 2.6, period, 1.7)


def _foreground(inside: Inside, style: Mapping[str, Any]) -> list[Layer]:
    """Return the heads of who watches, out of focus."""
    lot = inside.lot
    ctx, view = lot.ctx, lot.ctx.start
    hidden = ctx.shot.framing == "aerial" or view.pitch_rad < -0.3 or lot.away
    if "crowd" not in style["has"] or hidden:
        return []
    depth = float(np.clip(0.38 * ctx.camera.focus_m, 0.35, 3.0))
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    low = view.eye_m[1] + math.tan(view.pitch_rad) * depth - half_h
    near = Carpenter(ctx, inside.shine, repeat_m=((2.9 * half_w) if lot.across else 0.0, 0.0, 0.0))
    crowd = paint_crowd(
        ctx.rng("crowd"), np.mean(np.array(style["beams"]), axis=0) * inside.burn.mean() * 0.10
    )
    near.stand(crowd, view.eye_m[0], z, 2.9 * half_w, 0.80 * half_h, y=low - 0.28 * half_h)
    return [Panels.of(near.pieces, depth, soft=True, focus="full")]
