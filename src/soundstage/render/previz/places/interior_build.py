"""What a room is built of: back wall, side walls, ceiling, light on its floor, furniture that has depth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.interior_home import HOME
from soundstage.render.previz.places.interior_pieces import PIECES, Indoors
from soundstage.render.previz.places.interior_wall import paint_pendant, paint_wall
from soundstage.render.previz.places.interior_work import WORK
from soundstage.render.previz.places.panels import Panels, make_panel
from soundstage.render.previz.places.set_carpentry import FLOOR_ORDER, LEFT, QUARTER, RIGHT, Carpenter
from soundstage.render.previz.places.set_outdoors import CROSSING_M_S
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.places.panels import Panel, Vector
    from soundstage.render.previz.places.set_paint import SetLight
    from soundstage.render.previz.scene import Layer, SetContext

WALL_M, TALL_M = 12.0, 2.95
NEAREST_M = 1.9  #: no furniture stands farther before the back wall: there the cast walks
FURNITURE = {**PIECES, **WORK, **HOME}


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPlan:
    """A room's measures and light in a shot."""

    ctx: SetContext
    style: Mapping[str, Any]
    solids: Mapping[str, Any]  #: `[solid]` of the table: how deep furniture is
    light: SetLight
    air: Indoors
    wall_z: float
    grow: float
    drop_m: float  #: how far below the lead's feet the floor is: it stands on a table
    across: bool

    def carpenter(self) -> Carpenter:
        """Return a carpenter whose z is 0 at the back wall and whose y is 0 on the floor."""
        wide = WALL_M * self.grow if self.across else 0.0
        air = self.air

        def shine(normal: Vector) -> Any:
            return air.day * (0.62 + 0.30 * normal[1]) + air.lamp * (0.80 + 0.35 * normal[1])

        return Carpenter(
            self.ctx,
            shine,
            grow=self.grow,
            origin_m=(0.0, -self.drop_m, self.wall_z),
            repeat_m=(wide, 0.0, 0.0),
        )

    @property
    def deep_m(self) -> float:
        """Return how far the room reaches toward the camera and past it, life size."""
        return max(9.0, (self.wall_z - self.ctx.camera.eye_m[2]) / self.grow + 1.5)


def build_shell(plan: RoomPlan) -> list[Panel]:
    """Return back wall, side walls, ceiling, rug, and the light that falls through the window."""
    style, air, light = plan.style, plan.air, plan.light
    yard = plan.carpenter()
    deep = plan.deep_m
    sharp = yard.px_per_m(0.0, most=90.0, least=24.0)
    wall = paint_wall(plan.ctx.rng("wall"), style, light, air, (WALL_M, TALL_M), sharp)
    yard.stand(wall, 0.0, 0.0, WALL_M, TALL_M, order=90, bleed=False, repeat_m=yard.repeat_m)
    board = np.array(style["wall"]) * air.all
    if plan.ctx.camera.eye_m[1] + plan.drop_m < 0.9 * TALL_M * plan.grow:  # from above a room has no ceiling
        yard.lay(_ceiling(plan, board, deep), -WALL_M / 2, -deep, WALL_M, deep, y=TALL_M, order=99)
    if not plan.across:
        side = Flat(deep, TALL_M, 24)
        side.ramp(0, 0, deep, TALL_M, board * 0.55, board * 0.8)
        side.box(0, 0, deep, style["dado_m"], np.array(style["dado"]) * air.all * 0.5)
        u = deep - 3.2
        side.box(u - 0.08, 0, u + 1.08, 2.14, np.array([0.42, 0.40, 0.36]) * air.all * 0.6)
        side.box(u, 0, u + 1.0, 2.06, np.array([0.22, 0.17, 0.13]) * air.all * 0.6)
        side.disc(u + 0.88, 1.0, 0.04, air.all * 0.4)
        side.image[..., :3] *= np.linspace(0.45, 1.1, side.image.shape[1])[None, :, None].astype(np.float32)
        x = max(4.9, 1.2 * plan.ctx.start.half_width_m(plan.ctx.camera.focus_m) / plan.grow)
        x = min(x, WALL_M / 2)
        yard.stand(side, -x, -deep / 2, deep, TALL_M, turn=QUARTER, order=80, bleed=False)
        yard.stand(side.image[:, ::-1], x, -deep / 2, deep, TALL_M, turn=-QUARTER, order=80, bleed=False)
    pieces = yard.pieces
    pieces.append(_window_light(plan))
    if style["rug"]:
        rug = Flat(3.4, 2.2, 50)
        tint = np.array(style["rug"]) * air.all
        rug.box(0, 0, 3.4, 2.2, tint)
        for inset, gain in ((0.1, 1.9), (0.2, 0.5), (0.5, 1.5)):
            rug.box(inset, inset, 3.4 - inset, 2.2 - inset, tint * gain)
        rug.grain(plan.ctx.rng("rug"), 0.5, 0.12)
        yard.lay(rug, -1.9, -3.1, 3.4, 2.2, y=0.004, order=FLOOR_ORDER + 1)
    return pieces


def _ceiling(plan: RoomPlan, board: Any, deep: float) -> Flat:
    air, style = plan.air, plan.style
    ceiling = Flat(WALL_M, deep, 14)
    ceiling.ramp(0, 0, WALL_M, deep, board * 0.35, board * 0.9)
    for x in style["pendants"]:
        ceiling.glow(WALL_M / 2 + x, deep - 1.5, 1.2, air.lamp * 0.5)
    for x in style.get("tubes", ()):
        for y in np.arange(deep - 1.4, 0.5, -2.4):
            ceiling.glow(WALL_M / 2 + x, float(y), 1.0, air.lamp * 0.5 * np.array(style["wall"]))
            ceiling.box(
                WALL_M / 2 + x - 0.10,
                float(y) - 0.75,
                WALL_M / 2 + x + 0.10,
                float(y) + 0.75,
                air.burn * 1.15,
            )
    return ceiling


def _window_light(plan: RoomPlan) -> Panel:
    """Return the panes' light on the floor, slanted as the sun stands."""
    light, g = plan.light, plan.grow
    left, _, w, _ = (float(v) * g for v in plan.style["window"])
    patch = Flat(2.0, 2.0, 24)
    shine = (light.key * 0.10 * max(0.25, 1 - light.wet) + light.glow * 0.05 + light.fill * 0.10) * 0.55
    for u in (0.08, 1.06):
        for y in (0.1, 1.05):
            patch.part(u, y, u + 0.86, y + 0.85)[..., :3] = shine.astype(np.float32)
    sun = float(np.clip(-light.sun[0] / max(light.sun[2], 0.3), -1.0, 1.0))
    slant = np.array([sun, 0.0, -1.0]) / np.hypot(sun, 1.0)
    way = (float(slant[0]), 0.0, float(slant[2]))
    repeat: Vector = (WALL_M * g, 0.0, 0.0) if plan.across else (0.0, 0.0, 0.0)
    return make_panel(
        patch.image,
        (left, 0.006 - plan.drop_m, plan.wall_z - 0.5 * g),
        RIGHT,
        way,
        (w, 2.3 * g),
        blur_px=2.5,
        repeat_m=repeat,
        order=FLOOR_ORDER,
    )


def build_furniture(plan: RoomPlan) -> list[Panel]:
    """Return the furniture of the recipe; what `[solid]` gives a depth has sides and a top."""
    rng = plan.ctx.rng("furniture")
    yard = plan.carpenter()
    air = plan.air
    for name, x, before in plan.style["pieces"]:
        flat = FURNITURE[name](rng, air)
        z = -min(float(before), NEAREST_M)
        w, h = flat.width_m, flat.height_m
        solid = plan.solids.get(name)
        if solid:
            _add_depth(yard, float(x), z, w, solid)
        yard.stand(flat, float(x), z, w, h)
        if before > 0.4:
            yard.shade(float(x), z + 0.2, w, 0.7)
    for x in plan.style["pendants"]:
        flat = paint_pendant(air)
        z = -1.7 if plan.style["base"] == "cafe" else -1.0
        yard.stand(flat, float(x), z, flat.width_m, flat.height_m, y=TALL_M - flat.height_m)
    return yard.pieces


def _add_depth(yard: Carpenter, x: float, z: float, wide: float, solid: Mapping[str, Any]) -> None:
    """Put sides and a top behind a piece's front."""
    deep, high = min(float(solid["deep"]), -z), float(solid["high"])
    albedo = np.array(solid["albedo"])
    foot = float(solid.get("foot", 0.0))
    for side, normal, turn in ((-1.0, LEFT, -QUARTER), (1.0, RIGHT, QUARTER)):
        if not solid.get("open"):
            plain = Flat(deep, high - foot, 40)
            tone = albedo * yard.shine(normal)
            plain.ramp(0, 0, deep, high - foot, tone * 0.55, tone)
            yard.stand(
                plain,
                x + side * wide / 2,
                z + deep / 2,
                deep,
                high - foot,
                y=foot,
                turn=turn,
                one_sided=True,
                bleed=False,
            )
    lid = Flat(wide, deep, 40)
    tone = albedo * yard.shine((0.0, 1.0, 0.0))
    lid.ramp(0, 0, wide, deep, tone * 0.9, tone * 1.2)
    yard.lay(lid, x - wide / 2, z, wide, deep, y=high, order=0.05, one_sided=True)


def build_foreground(plan: RoomPlan) -> list[Layer]:
    """Return a plant, or what else the recipe has at the lens."""
    ctx = plan.ctx
    view = ctx.start
    name = plan.style.get("fore", "plant")
    leaves = abs(ctx.travel_m_s[2]) > CROSSING_M_S  # what stands at the lens would be left behind
    if not name or leaves or ctx.shot.framing == "aerial" or view.pitch_rad < -0.3:
        return []
    rng = ctx.rng("room foreground")
    depth = float(np.clip(0.36 * ctx.camera.focus_m, 0.25, 2.2))
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    middle = view.eye_m[1] + float(np.tan(view.pitch_rad)) * depth
    dim = replace(plan.air, day=plan.air.day * 0.30, lamp=plan.air.lamp * 0.35)
    side = 1.0 if rng.random() < 0.5 else -1.0
    flat = FURNITURE[name](rng, dim)
    repeat: Vector = (8.0 * half_w, 0.0, 0.0) if plan.across else (0.0, 0.0, 0.0)
    w, h = 0.62 * half_w, 1.1 * half_h
    corner = (view.eye_m[0] + side * 0.93 * half_w - w / 2, middle - half_h * 1.25 + h, z)
    panel = make_panel(flat.image, corner, RIGHT, (0.0, -1.0, 0.0), (w, h), repeat_m=repeat)
    return [Panels.of([panel], depth, soft=True, focus="full")]
