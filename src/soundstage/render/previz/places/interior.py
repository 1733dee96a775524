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
from soundstage.render.previz.places.interior_pieces import PIECES, Indoors
from soundstage.render.previz.places.interior_wall import paint_pendant, paint_wall
from soundstage.render.previz.places.open import read_open, room_of
from soundstage.render.previz.places.open_room import Room, build_room
from soundstage.render.previz.places.panels import Panel, Panels, make_panel
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
DOWN: Vector = (0.0, -1.0, 0.0)
AWAY: Vector = (0.0, 0.0, 1.0)
NEARER: Vector = (0.0, 0.0, -1.0)
WALL_M, TALL_M = 12.0, 2.95
TABLE_M = 0.75
SMALL_M = 0.36  #: a lead no taller than this stands on a table
SET_DEPTH_M = 900.0
FLOOR_ORDER = 1000.0


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
    return Indoors(
        day=light.fill * 0.80 + light.glow * 0.08 + light.key * 0.06,
        lamp=lamp * (0.11 + 0.44 * light.darkness),
        burn=lamp * (0.7 + 1.1 * light.darkness),
    )


def build(ctx: SetContext) -> Place:
    """Build the room of a shot."""
    style = read_interior().get(ctx.shot.place)
    asked = room_of(ctx) or "window"
    if style is None or asked == "studio":  # a studio's light makes a studio of any room
        return build_room(ctx, read_open()["room"][asked])
    base = build_room(ctx, read_open()["room"][style["base"]])
    room, *rest = base.layers
    assert isinstance(room, Room), room
    light = SetLight.of(ctx)
    air = indoors(style, light)
    stage, half_w = base.ground.stage_m, base.ground.half_width_m
    lead = ctx.shot.subjects[0] if ctx.shot.subjects else None
    drop = TABLE_M if lead is not None and ctx.kind_of(lead).extent_m <= SMALL_M else 0.0
    grow = float(np.clip(half_w / 3.2, 1.0, 6.0))
    wall_z = stage + max(2.7 * grow, 0.6 * half_w)
    numbers = room.numbers.copy()
    numbers[ROOM["wall_z"]], numbers[ROOM["bend"]] = wall_z, 0.02
    lowered = Lowered(room=replace(room, numbers=numbers), drop_m=drop, depth_m=room.depth_m)
    across = abs(ctx.travel_m_s[0]) > 0.3
    pieces = _shell(ctx, style, light, air, wall_z, grow, drop, across=across)
    pieces += _furniture(ctx, style, air, wall_z, grow, drop, across=across)
    layers: list[Layer] = [lowered, *rest, Panels.of(pieces, SET_DEPTH_M)]
    if drop:
        layers.append(_table_top(ctx, style, air, stage))
    layers += _foreground(ctx, air)
    return Place(layers=tuple(layers), ground=base.ground)


def _shell(
    ctx: SetContext, style: Mapping[str, Any], light: SetLight, air: Indoors, wall_z: float, grow: float,
    drop: float, *, across: bool,
) -> list[Panel]:  # fmt: skip
    """Return back wall, side walls, ceiling, and the light that falls through the window."""
    wide, tall = WALL_M * grow, TALL_M * grow
    repeat: Vector = (wide, 0.0, 0.0) if across else (0.0, 0.0, 0.0)
    sharp = float(np.clip(0.45 * ctx.camera.focal_px * grow / (wall_z - ctx.camera.eye_m[2]), 24, 90))
    wall = paint_wall(ctx.rng("wall"), style, light, air, (WALL_M, TALL_M), sharp)
    pieces = [
        make_panel(
            wall, (-wide / 2, tall - drop, wall_z), RIGHT, DOWN, (wide, tall), repeat_m=repeat, order=90
        )
    ]
    board = np.array(style["wall"]) * air.all
    ceiling = Flat(WALL_M, 9.0, 12)
    ceiling.ramp(0, 0, WALL_M, 9.0, board * 0.35, board * 0.9)
    for x in style["pendants"]:
        ceiling.glow(WALL_M / 2 + x, 7.5, 1.2, air.lamp * 0.5)
    deep = 9.0 * grow
    pieces.append(
        make_panel(ceiling.image, (-wide / 2, tall - drop, wall_z), RIGHT, NEARER, (wide, deep),
                   repeat_m=repeat, order=99)
    )  # fmt: skip
    if ctx.camera.eye_m[1] + drop > 0.9 * tall:  # seen from above, a room has no ceiling
        pieces.pop()
    if not across:
        side = Flat(9.0, TALL_M, 24)
        side.ramp(0, 0, 9.0, TALL_M, board * 0.55, board * 0.8)
        side.box(0, 0, 9.0, style["dado_m"], np.array(style["dado"]) * air.all * 0.5)
        side.image[..., :3] *= np.linspace(0.45, 1.1, side.image.shape[1])[None, :, None].astype(np.float32)
        x = max(4.9 * grow, 1.2 * ctx.start.half_width_m(ctx.camera.focus_m))
        pieces += [
            make_panel(side.image, (-x, tall - drop, wall_z - deep), AWAY, DOWN, (deep, tall), order=80),
            make_panel(side.image[:, ::-1], (x, tall - drop, wall_z), NEARER, DOWN, (deep, tall), order=80),
        ]
    left, _, w, _ = (float(v) * grow for v in style["window"])
    patch = Flat(2.0, 2.0, 24)
    shine = (light.key * 0.10 * max(0.25, 1 - light.wet) + light.glow * 0.05 + light.fill * 0.10) * 0.55
    for u in (0.08, 1.06):
        for y in (0.1, 1.05):
            patch.part(u, y, u + 0.86, y + 0.85)[..., :3] = shine.astype(np.float32)
    sun = float(np.clip(-light.sun[0] / max(light.sun[2], 0.3), -1.0, 1.0))
    slant = np.array([sun, 0.0, -1.0]) / np.hypot(sun, 1.0)
    way = (float(slant[0]), 0.0, float(slant[2]))
    pieces.append(
        make_panel(patch.image, (left, 0.006 - drop, wall_z - 0.5 * grow), RIGHT, way, (w, 2.3 * grow),
                   blur_px=2.5, repeat_m=repeat, order=FLOOR_ORDER)
    )  # fmt: skip
    if style["rug"]:
        rug = Flat(3.4, 2.2, 50)
        tint = np.array(style["rug"]) * air.all
        rug.box(0, 0, 3.4, 2.2, tint)
        for inset, gain in ((0.1, 1.9), (0.2, 0.5), (0.5, 1.5)):
            rug.box(inset, inset, 3.4 - inset, 2.2 - inset, tint * gain)
        rug.grain(ctx.rng("rug"), 0.5, 0.12)
        pieces.append(
            make_panel(rug.image, (-1.9 * grow, 0.004 - drop, wall_z - 0.9 * grow), RIGHT, NEARER,
                       (3.4 * grow, 2.2 * grow), repeat_m=repeat, order=FLOOR_ORDER + 1)
        )  # fmt: skip
    return pieces


def _furniture(
    ctx: SetContext,
    style: Mapping[str, Any],
    air: Indoors,
    wall_z: float,
    grow: float,
    drop: float,
    *,
    across: bool,
) -> list[Panel]:
    rng = ctx.rng("furniture")
    repeat: Vector = (WALL_M * grow, 0.0, 0.0) if across else (0.0, 0.0, 0.0)
    pieces: list[Panel] = []
    for name, x, before in style["pieces"]:
        flat = PIECES[name](rng, air)
        w, h = flat.width_m * grow, flat.height_m * grow
        z = wall_z - min(float(before), 1.9) * grow
        corner = (float(x) * grow - w / 2, h - drop, z)
        pieces.append(make_panel(flat.image, corner, RIGHT, DOWN, (w, h), blur_px=0.8, repeat_m=repeat))
        if before > 0.4:
            shadow = Flat(1.2, 0.4, 30)
            shadow.disc(0.6, 0.2, 0.5, (0, 0, 0), alpha=0.7, tall=0.25)
            pieces.append(
                make_panel(shadow.image, (corner[0] - 0.1 * w, 0.005 - drop, z + 0.3 * grow), RIGHT, NEARER,
                           (w * 1.2, 0.6 * grow), blur_px=3, repeat_m=repeat, order=FLOOR_ORDER - 1)
            )  # fmt: skip
    for x in style["pendants"]:
        flat = paint_pendant(air)
        w, h = flat.width_m * grow, flat.height_m * grow
        corner = (
            float(x) * grow - w / 2,
            TALL_M * grow - drop,
            wall_z - (1.7 if style["base"] == "cafe" else 1.0) * grow,
        )
        pieces.append(make_panel(flat.image, corner, RIGHT, DOWN, (w, h), repeat_m=repeat))
    return pieces


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


def _foreground(ctx: SetContext, air: Indoors) -> list[Layer]:
    """Return leaves and a lamp's edge near the lens."""
    view = ctx.start
    if ctx.shot.framing == "aerial" or view.pitch_rad < -0.3:
        return []
    rng = ctx.rng("room foreground")
    depth = float(np.clip(0.36 * ctx.camera.focus_m, 0.25, 2.2))
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    middle = view.eye_m[1] + float(np.tan(view.pitch_rad)) * depth
    dim = replace(air, day=air.day * 0.30, lamp=air.lamp * 0.35)
    side = 1.0 if rng.random() < 0.5 else -1.0
    plant = PIECES["plant"](rng, dim)
    across = abs(ctx.travel_m_s[0]) > 0.3
    repeat: Vector = (8.0 * half_w, 0.0, 0.0) if across else (0.0, 0.0, 0.0)
    w, h = 0.62 * half_w, 1.1 * half_h
    corner = (view.eye_m[0] + side * 0.93 * half_w - w / 2, middle - half_h * 1.25 + h, z)
    return [
        Panels.of(
            [make_panel(plant.image, corner, RIGHT, DOWN, (w, h), repeat_m=repeat)],
            depth,
            soft=True,
            focus="full",
        )
    ]
