"""Open land of every kind, from a recipe: sky, terrain, soil, what stands and grows on it, what moves.

A place is one file under `data/landscapes/`; this module lays its parts in order. Knows no place by name.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.canvas import SHARP_BLUR_PX
from soundstage.render.previz.kernels.mesh import put_image
from soundstage.render.previz.places.land_air import Fires, air_layers
from soundstage.render.previz.places.land_flora import BARK, Bed
from soundstage.render.previz.places.land_growth import grow
from soundstage.render.previz.places.land_light import LandLight
from soundstage.render.previz.places.land_noise import noise_tile, smooth
from soundstage.render.previz.places.land_props import paint
from soundstage.render.previz.places.land_recipe import (
    lowered,
    read_shared,
    recipe_of,
    shrunk,
    tint_of,
    vantage_of,
    whiteness,
)
from soundstage.render.previz.places.land_scatter import Sprite, frame_edges, scatter
from soundstage.render.previz.places.land_sky import under_sky, worlds_over
from soundstage.render.previz.places.land_soil import Soil, lay_soil, paint_soil
from soundstage.render.previz.places.land_terrain import Terrain, raise_terrain
from soundstage.render.previz.scene import Ground, Place
from soundstage.render.previz.sky import sky_layers
from soundstage.render.previz.sky_stars import Stars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
BACKDROP_DEPTH_M = 1e4
FLIGHT_HAZE = 0.22  #: most of the light that a recipe may take over the distance to the stage, from high up
SHADOW_TILE_M = 900.0  #: shadows of clouds repeat after this way
SHADOW_TILE_PX = 128
NO_AIR = np.array([0, 0, 0, 1], np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Backdrop:
    """Soil and terrain, out of focus by one disc where the lens has them so."""

    soil: Soil
    terrain: Terrain
    light: LandLight
    gain: NDArray[np.float32]  #: what passing shadows of clouds leave
    drift_m_s: tuple[float, float]
    soil_far_m: float
    blur_at_m: float  #: distance whose blur stands for all of it
    depth_m: float = BACKDROP_DEPTH_M
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw one frame."""
        at = (SHADOW_TILE_M, self.drift_m_s[0] * moment.t_s, self.drift_m_s[1] * moment.t_s)
        lay_soil(canvas, view, self.soil, self.light, self.gain, at, self.soil_far_m)
        blur_px = float(view.coc_px(self.blur_at_m))
        scale = 1.0
        while blur_px * scale > 3.0 and scale > 0.13:
            scale /= 2
        seen = self.terrain.draw(view if scale == 1.0 else view.scaled(scale), self.gain, at)
        if seen is None:
            return
        top, card = seen
        if scale == 1.0 and blur_px < 1.2:
            put_image(*canvas.rgb, card.reshape(card.shape[0], -1), 0, top, NO_AIR)
            return
        scratch = canvas.scratch(scale)
        card = card[: scratch.height - top]
        rows = slice(top, top + card.shape[0])  # a card may end above the frame's foot: the soil goes on
        scratch.planes[:, rows] = card[:, :, :3].transpose(2, 0, 1)
        scratch.alpha[rows] = card[:, :, 3]
        canvas.over_scratch(scratch, blur_px=min(blur_px * scale, SHARP_BLUR_PX))


def _cloud_gain(ctx: SetContext) -> NDArray[np.float32]:
    """Return a tile of light and shade: clouds that drift over the land, and broad stains of the ground."""
    rng = ctx.rng("cloud shadows")
    light = ctx.light
    cloud = noise_tile(rng, SHADOW_TILE_PX, 4, 4)
    broken = max(0.0, 1 - abs(light.clouds - 0.45) / 0.5) * (1 - light.darkness)
    shade = smooth(0.15, 0.6, cloud) * f32(0.62 * broken)
    return np.ascontiguousarray((1 - shade) * (1 + 0.06 * broken), np.float32)


def _standing(
    ctx: SetContext, recipe: Mapping[str, Any], light: LandLight, tint: NDArray[np.float64], terrain: Terrain,
    stage_z: float, *, flight: bool,
) -> list[Layer]:  # fmt: skip
    """Return what the recipe puts about the land, each line of it a layer."""
    layers: list[Layer] = []
    lines = [*recipe.get("scatter", ()), *([recipe["front"]] if "front" in recipe else [])]
    for number, line in enumerate(lines):
        rng = ctx.rng(f"sprites {number}")
        colours = line["colours"] if "colours" in line else [line["colour"]]
        sprites: list[Sprite] = []
        for k in range(max(int(line.get("variants", 3)), len(colours))):
            bed = Bed(
                rng=rng, light=light, tint=tint if line.get("alive", True) else np.ones(3),
                colour=np.array(colours[k % len(colours)]), second=np.array(line.get("second", BARK)),
            )  # fmt: skip
            sprites.append(Sprite.of(paint(line["sprite"], bed), shadow=float(line.get("shadow", 0.45))))
        if "tall" in line:
            if not flight and ctx.shot.framing != "aerial" and ctx.start.pitch_rad > -0.35:
                layers.append(frame_edges(ctx, line, sprites, light))
            continue
        built = scatter(
            ctx, number, line, sprites, light, terrain.height_at,
            stage_z_m=stage_z, near_m=(-0.5 if flight else 0.25) * ctx.camera.focus_m,
        )  # fmt: skip
        if built:
            layers.append(built)
    return layers


def _level_box(ctx: SetContext, stage_z: float) -> tuple[float, float, float, float]:
    """Return where camera and subjects are during the shot: least and greatest x, least and greatest z."""
    eyes = [ctx.camera.view(u, u * ctx.seconds).eye_m for u in (0.0, 0.5, 1.0)]
    goes_x, goes_z = ctx.travel_m_s[0] * ctx.seconds, ctx.travel_m_s[2] * ctx.seconds
    xs = [0.0, goes_x, *(eye[0] for eye in eyes)]
    zs = [stage_z, stage_z + goes_z, *(eye[2] for eye in eyes)]
    return min(xs), max(xs), min(zs), max(zs)


def _way_m(ctx: SetContext) -> float:
    """Return how far the camera goes during the shot."""
    eyes = np.array([ctx.camera.view(u, u * ctx.seconds).eye_m for u in (0.0, 0.25, 0.5, 0.75, 1.0)])
    return float(np.ptp(eyes, axis=0).max())


def build(ctx: SetContext) -> Place:
    """Build the land of a shot."""
    recipe = recipe_of(ctx)
    times = vantage_of(ctx, recipe)
    flight = times > 1 and (ctx.shot.framing == "aerial" or ctx.shot.camera.move == "fly_over")
    if flight:
        recipe = lowered(recipe)
    recipe = shrunk(recipe, times)
    if flight:
        recipe["haze_per_m"] = min(recipe["haze_per_m"], FLIGHT_HAZE / ctx.camera.focus_m)
    white = whiteness(ctx, recipe)
    ctx = replace(ctx, light=replace(ctx.light, white=white))
    ctx = under_sky(ctx, recipe)
    sky, parts = sky_layers(ctx, weather=recipe.get("clouds"))
    light = LandLight.of(ctx, sky, recipe, white=white)
    if (
        flight
    ):  # land seen from above would be all shade at dawn and dusk: the sky's half of its light counts more
        low = max(1 - 3 * float(light.sun[1]), 0.0)
        light = replace(light, fill=light.fill * f32(1.6 + 2.4 * low))
    tint = np.array(tint_of(ctx, recipe))
    stage_m = ctx.camera.focus_m
    stage_z = ctx.camera.eye_m[2] + stage_m
    half_m = ctx.start.half_width_m(stage_m)
    soil_line = shrunk(read_shared()["soil"][recipe["soil"]], times**0.4)
    soil = paint_soil(ctx.rng("soil"), soil_line, light, tint_of(ctx, recipe))
    travel = math.hypot(ctx.travel_m_s[0], ctx.travel_m_s[2]) * ctx.seconds
    near = (
        max(1.6 * stage_m + 0.6 * travel, 4.0)
        if times == 1
        else 0.3 * ctx.start.eye_m[1] + (0.0 if flight else 0.15 * stage_m)
    )
    level = 0.1 if flight else max(0.6 * near, 1.3 * half_m) if times == 1 else near
    terrain = raise_terrain(
        ctx, recipe, soil, light, tint,
        near_m=near, box_m=_level_box(ctx, stage_z), level_m=level,
        lid_m=0.45 * ctx.start.eye_m[1] if flight else 0.0,
    )  # fmt: skip
    side = 1.0 if ctx.rng("wind").random() < 0.5 else -1.0
    pace = 4.0 + 14.0 * light.wind
    backdrop = Backdrop(
        soil=soil,
        terrain=terrain,
        light=light,
        gain=_cloud_gain(ctx),
        drift_m_s=(side * pace, 0.35 * pace),
        # The fan is centred on the camera's way: at both ends of it soil must reach farther.
        soil_far_m=2.4 * near + _way_m(ctx),
        blur_at_m=6.0 * stage_m,
    )
    # Stars are drawn sharp over all else; here mountains hide them.
    layers: list[Layer] = [replace(part, focus="back") if isinstance(part, Stars) else part for part in parts]
    if recipe.get("world"):
        layers += worlds_over(ctx, str(recipe["world"]))
    layers.append(backdrop)
    layers += _standing(ctx, recipe, light, tint, terrain, stage_z, flight=flight)
    if "growth" in recipe and not flight:
        layers += grow(ctx, recipe["growth"], light, tint)
    layers += air_layers(ctx, recipe, light, flight=flight)
    if "fire" in recipe:
        layers.append(Fires.of(ctx, recipe, light))
    albedo = soil.mean
    return Place(
        layers=tuple(layers),
        ground=Ground(
            wetness=max(0.8 * light.wet * (1 - white), float(soil_line.get("wet", 0.0))),
            albedo=(float(albedo[0]), float(albedo[1]), float(albedo[2])),
            stage_m=stage_z,
            half_width_m=half_m,
        ),
    )
