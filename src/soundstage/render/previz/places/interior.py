"""Rooms with a back wall, a window that shows the hour and its weather, lamps, furniture, a soft foreground.

Floor, air and the subject's lamp are the open place's room; a small lead stands on a table. Looks are lines
of `data/places/interior.toml`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.kernels.room import ROOM
from soundstage.render.previz.places.interior_build import (
    RoomPlan,
    build_foreground,
    build_furniture,
    build_shell,
)
from soundstage.render.previz.places.interior_pieces import Indoors
from soundstage.render.previz.places.open import read_open, room_of
from soundstage.render.previz.places.open_room import Room, build_room
from soundstage.render.previz.places.panels import Panels, make_panel
from soundstage.render.previz.places.set_outdoors import CROSSING_M_S, variant
from soundstage.render.previz.places.set_paint import Flat, SetLight
from soundstage.render.previz.scene import Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.panels import Vector
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

RIGHT: Vector = (1.0, 0.0, 0.0)
NEARER: Vector = (0.0, 0.0, -1.0)
ROOMY_M = 4.4  #: a frame that sees more than this to either side has the room grow
TABLE_M = 0.75
SMALL_M = 0.36  #: a lead no taller than this stands on a table
SET_DEPTH_M = 900.0
SHARP_BLUR = 0.0018  #: of the frame's height: the most blur that half the resolution would not hide


@cache
def read_interior() -> Mapping[str, Any]:
    """Return `data/places/interior.toml`."""
    text = files("soundstage.render.previz").joinpath("data/places/interior.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """A room whose floor lies lower than where the subject stands."""

    room: Room
    drop_m: float
    depth_m: float
    focus: Literal["back", "full"] = "back"

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the room's lamp, which hangs over the subject."""
        return self.room.lamps(moment)

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint the room from as much higher."""
        x, y, z = view.eye_m
        self.room.draw(canvas, replace(view, eye_m=(x, y + self.drop_m, z)), moment)


def indoors(style: Mapping[str, Any], light: SetLight) -> Indoors:
    """Return the light inside: the day that comes in, and the lamps, which matter more after dark."""
    lamp = np.array(style["lamp"]) * light.lamp
    lit = float(style.get("lit", 0.11))
    return Indoors(
        day=(light.fill * 0.80 + light.glow * 0.08 + light.key * 0.06) * float(style.get("day", 1.0)),
        lamp=lamp * (lit + 0.44 * light.darkness),
        burn=lamp * (0.7 + 1.1 * max(light.darkness, 1.4 * (lit - 0.11))),
    )


def recipe_of(ctx: SetContext) -> Mapping[str, Any] | None:
    """Return the recipe of a shot's room: that of its place, or one the prompt's own name of it asks for."""
    place, table = ctx.shot.place, read_interior()
    if place not in table:
        return None
    kin = {name: line for name, line in table.items() if name == place or line.get("of") == place}
    return variant(kin, ctx.shot.setting, place)


def build(ctx: SetContext) -> Place:
    """Build the room of a shot."""
    style = recipe_of(ctx)
    asked = room_of(ctx) or "window"
    if style is None or asked == "studio":  # a studio's light makes a studio of any room
        return build_room(ctx, read_open()["room"][asked])
    table = read_open()["room"][style["base"]]
    base = build_room(ctx, {**table, "wall": style["wall"], "floor": style.get("floor", table["floor"])})
    room, *rest = base.layers
    assert isinstance(room, Room), room
    light = SetLight.of(ctx)
    stage, half_w = base.ground.stage_m, base.ground.half_width_m
    lead = ctx.shot.subjects[0] if ctx.shot.subjects else None
    drop = TABLE_M if lead is not None and ctx.kind_of(lead).extent_m <= SMALL_M else 0.0
    grow = float(np.clip(half_w / ROOMY_M, 1.0, 6.0))
    plan = RoomPlan(
        ctx=ctx,
        style=style,
        solids=read_interior()["solid"],
        light=light,
        air=indoors(style, light),
        wall_z=stage + max(2.7 * grow, 0.6 * half_w),
        grow=grow,
        drop_m=drop,
        across=abs(ctx.travel_m_s[0]) > CROSSING_M_S,
    )
    numbers = room.numbers.copy()
    numbers[ROOM["wall_z"]], numbers[ROOM["bend"]] = plan.wall_z, 0.02
    lowered = Lowered(room=replace(room, numbers=numbers), drop_m=drop, depth_m=room.depth_m)
    pieces = build_shell(plan) + build_furniture(plan)
    # A room that the lens has nearly sharp is drawn at full resolution; out of focus half of it is enough.
    away = plan.wall_z - ctx.camera.eye_m[2]
    sharp = float(ctx.start.coc_px(away)) < SHARP_BLUR * ctx.size.height
    layers: list[Layer] = [lowered, *rest, Panels.of(pieces, SET_DEPTH_M, focus="full" if sharp else "back")]
    if drop:
        layers.append(_table_top(ctx, style, plan.air, stage))
    layers += build_foreground(plan)
    return Place(layers=tuple(layers), ground=base.ground)


def _table_top(ctx: SetContext, style: Mapping[str, Any], air: Indoors, stage: float) -> Panels:
    """Return the table a small lead stands on, lit from the window behind it."""
    flat = Flat(3.0, 1.5, 120)
    wood = np.array([0.20, 0.105, 0.05]) * air.all
    flat.ramp(0, 0, 3.0, 1.5, wood * 0.8, wood * 1.5 + air.day * 0.12)
    rng = ctx.rng("table")
    for y in np.arange(0, 1.5, 0.16):
        flat.shade(0, y, 3.0, y + 0.006, 0.45)
    grain = rng.uniform(0.78, 1.15, (flat.image.shape[0], 1, 1)).astype(np.float32)
    flat.image[..., :3] *= grain
    flat.grain(rng, 0.35, 0.25)
    flat.glow(1.5, 0.8, 0.6, np.array(style["lamp"]) * float(air.lamp.mean()) * 0.10)
    far = stage + 0.55
    top = make_panel(flat.image, (-1.5, -0.001, far), RIGHT, NEARER, (3.0, 1.5))
    return Panels.of([top], SET_DEPTH_M - 1)
