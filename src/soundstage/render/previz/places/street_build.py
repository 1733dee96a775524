"""Where everything of a street stands: from a plan to the panels of houses, road and foreground."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.facade import FrontPlan, paint_front
from soundstage.render.previz.places.panels import Panel, Panels, make_panel
from soundstage.render.previz.places.set_paint import Flat
from soundstage.render.previz.places.street_props import (
    CARS,
    paint_awning,
    paint_blade,
    paint_cable,
    paint_car_end,
    paint_car_side,
    paint_lamp,
    paint_tree,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.places.panels import Vector
    from soundstage.render.previz.places.set_paint import SetLight
    from soundstage.render.previz.scene import Layer, SetContext

UP: Vector = (0.0, 1.0, 0.0)
DOWN: Vector = (0.0, -1.0, 0.0)
RIGHT: Vector = (1.0, 0.0, 0.0)
AWAY: Vector = (0.0, 0.0, 1.0)
NEARER: Vector = (0.0, 0.0, -1.0)
HOUSES = 7  #: different ones in a row, before the first stands again
BEFORE_M = -3.0  #: houses begin this far behind the camera's start
TILE_M = 18.0
LEAVES_M_S = 0.3
FLOOR_ORDER = 1000.0  #: what lies on the ground is drawn before all that stands


@dataclass(frozen=True, slots=True, kw_only=True)
class StreetPlan:
    """A street's measures in a shot."""

    road_half: float
    pavement: float
    axis_m: float  #: x of the road's middle
    across: bool  #: it runs along x, behind the stage
    stage_z: float
    eye_z: float
    half_w: float  #: of the frame at the stage
    grow: float  #: how much larger than life it is built for large subjects
    side: float  #: -1 or 1: where the foreground stands

    @property
    def wall_m(self) -> float:
        """Return how far the houses stand from the middle of the road."""
        return self.road_half + self.pavement

    @property
    def front_z(self) -> float:
        """Return z of the houses when the street runs across."""
        return self.stage_z + max(3.4 * self.grow, 0.9 * self.half_w)


def houses(ctx: SetContext, plan: StreetPlan, style: Mapping[str, Any], light: SetLight) -> list[Panel]:
    """Return the houses with all that hangs on them or stands before them."""
    if plan.across:
        return _row(ctx, plan, style, light, 0)
    pieces = _row(ctx, plan, style, light, -1) + _row(ctx, plan, style, light, 1)
    rng = ctx.rng("cables")
    span = 2 * plan.wall_m
    for k in range(round(5 * style["cables"])):
        z = plan.eye_z + 9.0 + 7.5 * k
        picture = paint_cable(rng, span, style, light)
        corner = (plan.axis_m - plan.wall_m, float(rng.uniform(5.2, 7.4)) * plan.grow, z)
        pieces.append(make_panel(picture, corner, RIGHT, DOWN, (span, 2.2), repeat_m=(0, 0, 45.0)))
    return pieces


def _row(
    ctx: SetContext, plan: StreetPlan, style: Mapping[str, Any], light: SetLight, side: int
) -> list[Panel]:
    """Return one row of houses: on the left (-1), on the right (1), or across the picture (0)."""
    rng = ctx.rng(f"houses {side}")
    widths = rng.uniform(style["width"][0], style["width"][1], HOUSES) * plan.grow
    period = float(widths.sum())
    wall_x = plan.axis_m + side * plan.wall_m
    at = plan.eye_z + BEFORE_M if side else -period / 2
    repeat = (0.0, 0.0, period) if side else (period, 0.0, 0.0)
    pieces: list[Panel] = []
    for width in (float(w) for w in widths):
        distance = max(at + width * 0.5 - plan.eye_z, 4.0) if side else plan.front_z - plan.eye_z
        sharp = float(np.clip(0.42 * ctx.camera.focal_px / distance, 14, 52))
        front = FrontPlan(
            width_m=width / plan.grow,
            storeys=int(rng.integers(style["storeys"][0], style["storeys"][1] + 1)),
            facing=(-float(side), 0.0) if side else (0.0, -1.0),
            px_per_m=sharp,
        )
        picture = paint_front(rng, front, style, light)
        tall = front.height_m * plan.grow
        blur = float(ctx.start.coc_px(distance)) * 0.5 * distance / (0.5 * ctx.camera.focal_px) * sharp
        if side < 0:
            place, along = (wall_x, tall, at), AWAY
        elif side > 0:
            place, along = (wall_x, tall, at + width), NEARER
        else:
            place, along = (at, tall, plan.front_z), RIGHT
        pieces.append(
            make_panel(picture, place, along, DOWN, (width, tall), blur_px=min(blur, 5), repeat_m=repeat)
        )
        pieces += _dress(rng, plan, style, light, side, at, width, repeat)
        at += width
    return pieces


def _dress(
    rng: np.random.Generator, plan: StreetPlan, style: Mapping[str, Any], light: SetLight, side: int,
    at: float, width: float, repeat: Vector,
) -> list[Panel]:  # fmt: skip
    """Return what belongs to one house: awning, blade signs, lamp or tree, a parked car."""
    g = plan.grow
    inner = -side if side else 0
    wall_x = plan.axis_m + side * plan.wall_m
    pieces: list[Panel] = []

    def stand(image: Any, x: float, y: float, z: float, w: float, h: float, order: float = 0.0) -> None:
        """Stand a picture upright, facing the camera; (x, y) is its top left corner, life size."""
        pieces.append(
            make_panel(image, (x, y * g, z), RIGHT, DOWN, (w * g, h * g), repeat_m=repeat, order=order)
        )

    if rng.random() < 0.55:
        w = float(rng.uniform(0.35, 0.6)) * width / g
        picture = paint_awning(rng, style, light, w)
        out = 1.1 * g
        if side:
            start = at + rng.uniform(0.1, 0.3) * width + (0 if side < 0 else w * g)
            slope = np.array([inner * out, -0.55 * g, 0.0])
            slope = slope / np.linalg.norm(slope)
            way = (float(slope[0]), float(slope[1]), 0.0)
            pieces.append(
                make_panel(picture, (wall_x, 3.5 * g, start), AWAY if side < 0 else NEARER,
                           way, (w * g, 1.25 * g), repeat_m=repeat, order=-0.3)
            )  # fmt: skip
        else:
            stand(picture, at + 0.2 * width, 3.35, plan.front_z - 1.0, w, 0.9)
    for _ in range(int(rng.poisson(style["blades_each"]))):
        wide, tall = float(rng.uniform(0.6, 1.0)), float(rng.uniform(1.6, 3.4))
        picture = paint_blade(rng, style, light, (wide, tall))
        y = float(rng.uniform(5.0, 8.2))
        if side:
            x = wall_x if side < 0 else wall_x - wide * g
            stand(picture, x + inner * 0.12, y, at + float(rng.uniform(0.1, 0.9)) * width, wide, tall)
        else:
            stand(picture, at + float(rng.uniform(0.05, 0.9)) * width, y, plan.front_z - 0.25, wide, tall)
    kerb_x = plan.axis_m + side * (plan.road_half + 0.35)
    spot = at + float(rng.uniform(0.0, 0.3)) * width
    if rng.random() < 0.62:
        lamp = paint_lamp(style, light)
        if side <= 0:
            stand(lamp, kerb_x - 0.25 if side else spot, 5.4, spot if side else plan.front_z - 2.2, 1.9, 5.4)
        else:
            stand(lamp[:, ::-1], kerb_x - 1.65 * g, 5.4, spot, 1.9, 5.4)
    if style["trees"] and rng.random() < 0.6:
        tree_z = at + float(rng.uniform(0.45, 0.85)) * width
        x = kerb_x - 2.3 * g if side else tree_z
        stand(paint_tree(rng, light), x, 6.4, tree_z if side else plan.front_z - 2.0, 4.6, 6.4)
    park_z = at + float(rng.uniform(0.2, 0.5)) * width
    # Nothing is parked between the lens and the subject, nor where the subject may walk to.
    if side and rng.random() < style["cars"] and park_z > plan.stage_z + 3.0 * g:
        pieces += _park(rng, plan, light, side, park_z, repeat)
    return pieces


def _park(
    rng: np.random.Generator, plan: StreetPlan, light: SetLight, side: int, z: float, repeat: Vector
) -> list[Panel]:
    """Return a parked car: its end, and the flank that the road sees."""
    g = plan.grow
    paint = CARS[int(rng.integers(len(CARS)))]
    outer = plan.axis_m + side * (plan.road_half - 0.15 * g)
    inner = outer - side * 1.8 * g
    left = min(outer, inner)
    end = make_panel(
        paint_car_end(rng, light, paint), (left, 1.5 * g, z), RIGHT, DOWN, (1.8 * g, 1.5 * g), repeat_m=repeat
    )
    flank = paint_car_side(light, paint)
    corner, along = ((inner, 1.5 * g, z), AWAY) if side < 0 else ((inner, 1.5 * g, z + 4.4 * g), NEARER)
    side_panel = make_panel(flank, corner, along, DOWN, (4.4 * g, 1.5 * g), repeat_m=repeat)
    shadow = Flat(2.2, 5.0, 10)
    shadow.box(0.15, 0.2, 2.05, 4.8, (0.0, 0.0, 0.0), alpha=0.75)
    dark = make_panel(
        shadow.image, (left - 0.2 * g, 0.004, z + 4.7 * g), RIGHT, NEARER, (2.2 * g, 5.0 * g), blur_px=2.5,
        repeat_m=repeat, order=FLOOR_ORDER - 1, mirrored=False,
    )  # fmt: skip
    return [dark, side_panel, end]


def road(ctx: SetContext, plan: StreetPlan, style: Mapping[str, Any], light: SetLight) -> list[Panel]:
    """Return what lies on the asphalt: pavements with kerb and slabs, worn marks, pools of light."""
    rng = ctx.rng("road")
    g = plan.grow
    lit = light.fill * 0.8 + light.key * 0.08 * max(float(light.sun[1]), 0.1)
    lit = lit + np.array(style["lamp"]) * 0.16 * light.lamp * light.darkness
    slab = np.array([0.17, 0.165, 0.155]) * (1 - 0.4 * light.wet) * lit
    walk = Flat(plan.pavement / g, TILE_M, 30)
    walk.box(0, 0, walk.width_m, TILE_M, slab, alpha=0.62)
    for y in np.arange(0, TILE_M, 0.9):
        walk.box(0, y, walk.width_m, y + 0.035, slab * 0.3, alpha=0.7)
    walk.box(walk.width_m / 2, 0, walk.width_m / 2 + 0.035, TILE_M, slab * 0.3, alpha=0.7)
    walk.grain(rng, 0.35, 0.8)
    walk.box(walk.width_m - 0.2, 0, walk.width_m, TILE_M, slab * 1.5, alpha=0.9)
    marks = Flat(0.5, TILE_M, 30)
    paint = np.array([0.42, 0.41, 0.38]) * lit
    marks.box(0.18, 0.5, 0.32, 4.2, paint, alpha=0.55)
    glow = Flat(4.0, 4.0, 8)
    glow.box(0, 0, 4, 4, (0, 0, 0), alpha=0.0)
    yy, xx = np.mgrid[-1:1:32j, -1:1:32j]
    pool = np.exp(-4.5 * (xx**2 + yy**2)) - np.exp(-4.5)
    warm = np.array(style["shop"]) * 0.07 * light.lamp * light.darkness
    glow.image[..., :3] = np.maximum(pool, 0)[..., None] * warm
    pieces: list[Panel] = []
    size = (plan.pavement, TILE_M * g)
    options: dict[str, Any] = {"order": FLOOR_ORDER, "mirrored": False}
    if plan.across:
        walk_z, repeat = plan.front_z, (TILE_M * g, 0.0, 0.0)
        turned = np.ascontiguousarray(np.rot90(walk.image))[::-1]
        pieces.append(
            make_panel(
                turned, (0, 0.002, walk_z), RIGHT, NEARER, (size[1], size[0]), repeat_m=repeat, **options
            )
        )
        return pieces
    repeat = (0.0, 0.0, TILE_M * g)
    far = plan.eye_z + TILE_M * g
    left = plan.axis_m - plan.wall_m
    pieces.append(make_panel(walk.image, (left, 0.002, far), RIGHT, NEARER, size, repeat_m=repeat, **options))
    right = plan.axis_m + plan.road_half
    pieces.append(
        make_panel(walk.image[:, ::-1], (right, 0.002, far), RIGHT, NEARER, size, repeat_m=repeat, **options)
    )
    pieces.append(
        make_panel(marks.image, (plan.axis_m - 0.25 * g, 0.002, far), RIGHT, NEARER, (0.5 * g, TILE_M * g),
                   repeat_m=repeat, **options)
    )  # fmt: skip
    if light.darkness > 0.3:
        pieces += [
            make_panel(
                glow.image, (x, 0.003, far), RIGHT, NEARER, (4.0 * g, 6.0 * g), repeat_m=repeat, **options
            )
            for x in (left - 0.6 * g, -left + 2 * plan.axis_m - 3.4 * g)
        ]
    return pieces


def foreground(ctx: SetContext, plan: StreetPlan, style: Mapping[str, Any], light: SetLight) -> list[Layer]:
    """Return what is near the lens and out of focus: an awning above, a post, leaves or a sign."""
    view = ctx.start
    # A lead that goes along the street takes the lens with it: the foreground would be left behind.
    leaves = abs(ctx.travel_m_s[2]) > LEAVES_M_S
    if leaves or ctx.shot.framing == "aerial" or view.pitch_rad < -0.25:
        return []
    rng = ctx.rng("street foreground")
    depth = float(np.clip(0.36 * ctx.camera.focus_m, 0.35, 3.0))
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    middle = view.eye_m[1] + np.tan(view.pitch_rad) * depth
    repeat = (7.0 * half_w, 0.0, 0.0) if plan.across else (0.0, 0.0, 0.0)
    pieces: list[Panel] = []

    def near(image: Any, x: float, y: float, w: float, h: float) -> None:
        corner = (x * half_w - w * half_w / 2 + view.eye_m[0], middle + y * half_h, z)
        pieces.append(make_panel(image, corner, RIGHT, DOWN, (w * half_w, h * half_h), repeat_m=repeat))

    near(paint_awning(rng, style, light, 2.4), plan.side * 0.78, 1.25, 0.95, 0.42)
    post = Flat(0.12, 2.0, 40)
    post.ramp(0, 0, 0.12, 2.0, light.fill * 0.02, light.fill * 0.05)
    post.box(0.085, 0, 0.11, 2.0, (light.glow + light.fill) * 0.10)
    near(post.image, -plan.side * 0.93, 1.3, 0.05, 2.9)
    if plan.across:  # only what is thin may pass before a lead that runs by
        return [Panels.of(pieces, depth, soft=True, focus="full")]
    if style["trees"]:
        tree = paint_tree(rng, light, px_per_m=30)
        near(tree[: round(3.6 * 30)] * np.float32(0.55), -plan.side * 0.95, 1.45, 0.95, 1.0)
    else:
        near(paint_blade(rng, style, light, (0.8, 2.0)), -plan.side * 0.86, 0.85, 0.20, 0.9)
    return [Panels.of(pieces, depth, soft=True, focus="full")]
