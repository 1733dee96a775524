"""Skies that are not the Earth's: the void's, another world's tint, worlds that hang over land and void."""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels.mesh import put_image
from soundstage.render.previz.places.space_world import SIDE_PX, ball_of, paint_world
from soundstage.render.previz.sky import SKY_DEPTH_M

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

NO_AIR = np.array([0, 0, 0, 1], np.float32)
TINTED = ("sky_zenith", "sky_horizon", "sky_glow", "sun_colour", "ambient_up", "ambient_down", "fog_colour")
WORLDS = ("planet", "galaxy", "black_hole", "moon", "sun", "star", "nebula")
VOID: Mapping[str, Any] = {
    "sky_zenith": (0.0022, 0.0028, 0.0065), "sky_horizon": (0.0045, 0.0050, 0.0110),
    "sky_glow": (0.02, 0.022, 0.03),
    "fog_colour": (0.003, 0.003, 0.007), "fog_density_per_m": 0.0, "stars": 1.6, "clouds": 0.0,
    "sun_disc": 0.0,
    "is_moon": False, "sun_elevation_deg": 17.0, "sun_azimuth_deg": -58.0, "sun_colour": (2.9, 2.75, 2.5),
    "ambient_up": (0.050, 0.054, 0.072), "ambient_down": (0.030, 0.030, 0.036),
}  # fmt: skip


@cache
def read_space() -> Mapping[str, Any]:
    """Return `data/space.toml`."""
    text = files("soundstage.render.previz").joinpath("data/space.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """A world far away, at a place of the sky; over land it may stand low."""

    image: NDArray[np.float32]  #: (SIDE_PX, SIDE_PX, 4)
    direction: NDArray[np.float32]  #: (3,) unit
    radius: float  #: of its ball, as a share of the focal length
    ball: float  #: radius as a share of the picture's side
    turn_rad_s: float
    depth_m: float = SKY_DEPTH_M * 0.9
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw it, slowly turning."""
        spot = view.project_direction(self.direction)
        if spot is None:
            return
        grow = self.radius * view.focal_px / (self.ball * SIDE_PX)
        turn = math.degrees(self.turn_rad_s * moment.t_s - view.roll_rad)
        affine = cv2.getRotationMatrix2D((SIDE_PX / 2, SIDE_PX / 2), turn, grow)
        affine[:, 2] += np.array(spot) - SIDE_PX / 2
        reach = SIDE_PX * 0.72 * grow
        left, right = max(math.floor(spot[0] - reach), 0), min(math.ceil(spot[0] + reach), canvas.width)
        top, bottom = max(math.floor(spot[1] - reach), 0), min(math.ceil(spot[1] + reach), canvas.height)
        if right - left < 2 or bottom - top < 2:
            return
        affine[:, 2] -= [left, top]
        tile = np.asarray(cv2.warpAffine(self.image, affine, (right - left, bottom - top)), np.float32)
        put_image(*canvas.rgb, tile.reshape(tile.shape[0], -1), left, top, NO_AIR)


def said_in(ctx: SetContext) -> str:
    """Return what a shot says of its place and its subjects, in small letters."""
    return f"{ctx.shot.setting} {' '.join(s.noun for s in ctx.shot.subjects)} {ctx.shot.text}".lower()


def world_of(ctx: SetContext, name: str | None = None, *, low: bool = False) -> World | None:
    """Return the world a prompt names, or one that is nobody's; None where a subject is a world itself."""
    if name == "" or any((s.kind or "") in WORLDS for s in ctx.shot.subjects):
        return None
    worlds: Mapping[str, Any] = read_space()["world"]
    said = said_in(ctx)
    found = name or next(
        (key for key, line in worlds.items() if any(w in said for w in line["words"])), "alien"
    )
    line = worlds[found]
    view = ctx.start
    rng = ctx.rng("world")
    side = 1.0 if rng.random() < 0.6 else -1.0
    half_w, half_h = view.width_px / (2 * view.focal_px), view.height_px / (2 * view.focal_px)
    radius = float(line["size"]) * min(half_w, half_h) * (0.42 if low else 1.0)
    x = side * (0.50 if low else 0.42) * half_w
    y = (0.56 if low else 0.20) * half_h + math.tan(view.pitch_rad)
    direction = np.array([x + math.tan(view.yaw_rad), y, 1.0])
    sun = ctx.light.sun_direction.copy()
    sun[2] = -abs(sun[2]) * 0.6
    key = np.array(ctx.light.sun_colour) * 0.42 / max(ctx.light.grade.exposure, 0.6)
    return World(
        image=paint_world(rng, line, sun / np.linalg.norm(sun), key),
        direction=(direction / np.linalg.norm(direction)).astype(np.float32),
        radius=radius,
        ball=ball_of(line),
        turn_rad_s=0.004 * side,
        focus="back" if low else "full",
    )


def void_light(ctx: SetContext) -> SetContext:
    """Return the context with the hard light of space, whatever the hour."""
    return replace(ctx, light=replace(ctx.light, **VOID))


def under_sky(ctx: SetContext, recipe: Mapping[str, Any]) -> SetContext:
    """Return the context under a recipe's own sky: `void`, or the colour its air has, `tint`."""
    if recipe.get("void"):
        return void_light(ctx)
    if "tint" not in recipe:
        return ctx
    tint = recipe["tint"]
    changed: dict[str, Any] = {
        name: tuple(v * t for v, t in zip(getattr(ctx.light, name), tint, strict=True)) for name in TINTED
    }
    return replace(ctx, light=replace(ctx.light, **changed))


def worlds_over(ctx: SetContext, name: str) -> tuple[Layer, ...]:
    """Return the world that stands over a recipe's land."""
    world = world_of(ctx, name, low=True)
    return (world,) if world else ()
