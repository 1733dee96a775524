"""The cave: walls of rock behind each other down to an opening full of day, a pool that mirrors it all.

The recipe is `data/waters/cave.toml`. By day light falls in from outside; by night the cave's own takes over.
An ice cave, a mine or a crystal cave are the same rock in other colours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.places.cave_crystals import crystals
from soundstage.render.previz.places.cave_rock import wall_card
from soundstage.render.previz.places.under_life import Snow
from soundstage.render.previz.places.water import mix_land, read_recipe
from soundstage.render.previz.places.water_banks import focus_of, land_card
from soundstage.render.previz.places.water_noise import TILE_PX, layered, ripple_tile
from soundstage.render.previz.places.water_rocks import rocks
from soundstage.render.previz.places.water_shade import Look
from soundstage.render.previz.places.water_shape import Shape
from soundstage.render.previz.places.water_stage import Staged, is_aquatic
from soundstage.render.previz.places.water_surface import Surface
from soundstage.render.previz.scene import Ground, Place

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
LENS_FROM_M = 2.4  #: nearer subjects fill the frame: rock before the lens would hide them
STEEP_RAD = -0.25  #: a camera that looks down more has no rock before the lens


@dataclass(frozen=True, slots=True, kw_only=True)
class Daylight:
    """What lies beyond the opening: the sky's brightness, and the light that pours from it into the dark."""

    sky: NDArray[np.float32]  #: (3,)
    dark: NDArray[np.float32]  #: (3,) the air of the cave
    glow: NDArray[np.float32]  #: (3,) halo round the opening
    at: tuple[float, float, float]
    drift_m_s: float
    half_m: float
    high_m: float
    depth_m: float = 1e6
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Fill the canvas."""
        px, py, scale = view.project(
            np.array([[self.at[0] + self.drift_m_s * moment.t_s, self.at[1] + self.high_m * 0.5, self.at[2]]])
        )
        step = 8
        i = np.arange(0, canvas.width + step, step, dtype=f32)[None, :]
        j = np.arange(0, canvas.height + step, step, dtype=f32)[:, None]
        u = (i - px[0]) / max(self.half_m * float(scale[0]), 1.0)
        v = (j - py[0]) / max(self.high_m * 0.6 * float(scale[0]), 1.0)
        near = np.exp(-(u * u + v * v) * f32(0.35))[..., None]
        light = (
            self.dark
            + self.sky * np.clip(f32(1.25) - f32(0.25) * v[..., None], 0.4, 1.5) * near
            + self.glow * near * f32(0.3)
        )
        full = cv2.resize(
            np.asarray(light, f32), (canvas.width, canvas.height), interpolation=cv2.INTER_LINEAR
        )
        for c, plane in enumerate(canvas.planes):
            plane[:] = full[..., c]


@dataclass(frozen=True, slots=True, kw_only=True)
class Beam:
    """Light that falls from the opening through the cave's air, as a cone of soft streaks."""

    light: NDArray[np.float32]
    top: tuple[float, float, float]
    drift_m_s: float
    lean_m: float
    long_m: float
    wide_m: float
    noise: NDArray[np.float32]
    depth_m: float
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add the beam, worked at an eighth."""
        scale = 0.125
        w, h = math.ceil(canvas.width * scale), math.ceil(canvas.height * scale)
        x = self.top[0] + self.drift_m_s * moment.t_s
        ends = np.array([(x, *self.top[1:]), (x + self.lean_m, self.top[1] - self.long_m, self.top[2])])
        px, py, per_m = view.project(ends)
        if per_m[0] <= 0:
            return
        i, j = np.arange(w, dtype=f32)[None, :], np.arange(h, dtype=f32)[:, None]
        v = (j - f32(py[0] * scale)) / f32(max((py[1] - py[0]) * scale, 1.0))
        middle = f32(px[0] * scale) + v * f32((px[1] - px[0]) * scale)
        half = f32(self.wide_m * float(per_m[0]) * scale) * (f32(0.35) + f32(0.9) * np.clip(v, 0, 1.3))
        u = (i - middle) / np.maximum(half, 1)
        n = len(self.noise)
        streak = np.interp((u * 40 + n / 2 + moment.t_s * 1.5) % n, np.arange(n), self.noise).astype(f32)
        body = np.exp(-u * u * f32(1.8)) * np.clip(v * 5 + f32(0.3), 0, 1) * np.clip(f32(1.15) - v, 0, 1)
        light = (body * (f32(0.55) + f32(0.9) * streak))[..., None] * self.light
        canvas.add(np.asarray(light, f32))


def _words(ctx: SetContext) -> str:
    said = " ".join([ctx.shot.text, *(a for s in ctx.shot.subjects for a in s.attributes)]).lower()
    for word in ("crystal", "ice", "mine", "lava"):
        if word in said:
            return word
    return ""


def build(ctx: SetContext) -> Place:
    """Build the cave of a shot."""
    recipe, light = read_recipe(ctx.shot.place), ctx.light
    variant: dict[str, Any] = {**recipe["look"], **recipe.get("variant", {}).get(_words(ctx), {})}
    stage = ctx.camera.focus_m
    stage_m = ctx.camera.eye_m[2] + stage
    # However near the lens is, the ceiling stays over it.
    scale = max((stage / float(recipe["stage_reach_m"])) ** 0.85, 0.52 * ctx.start.eye_m[1], 0.10)
    afloat = bool(ctx.shot.subjects) and is_aquatic(ctx.shot.subjects[0])
    day = 1 - min(light.darkness, 1.0)
    fog = np.array(light.fog_colour) * 0.55 + np.array(light.ambient_up) * 0.10
    per_m = 0.20 / max(6.5 * scale, 1.0)
    own = np.array(variant["own_light"]) * (0.25 + 0.75 * (1 - day)) / max(light.grade.exposure, 0.6)
    outside = (
        np.array(light.sky_horizon) * 0.80
        + np.array(light.sky_zenith) * 0.5
        + np.array(light.sky_glow) * 0.25
        + np.array(light.sun_colour) * 0.05
    )
    glow = outside * 1.5 + np.array(light.sun_colour) * 0.75 + own * 1.6
    rng, back = ctx.rng("cave"), focus_of(ctx)
    far = float(recipe["wall"][0]["far_m"]) * scale
    opening_x = ctx.start.eye_m[0]
    # A lead that walks takes the cave along, what is far more than what is near.
    pace = ctx.travel_m_s[0]
    layers: list[Layer] = [
        Daylight(
            sky=outside.astype(f32), dark=(fog * 0.3).astype(f32), glow=glow.astype(f32), at=(opening_x,
            0.6 * scale, stage_m + far), drift_m_s=0.90 * pace,
            half_m=float(recipe["wall"][0]["half_m"]) * scale,
            high_m=float(recipe["wall"][0]["high_m"]) * scale,
        )
    ]  # fmt: skip
    green = {
        "shape": "hills", "high_m": 3.0 * scale, "wide_m": 5.0 * scale, "albedo": [0.050, 0.090, 0.028],
        "forest": 0.7 * scale, "mist": 0.2,
    }  # fmt: skip
    bush = land_card(
        ctx,
        green,
        z_m=stage_m + far + 5 * scale,
        haze=(outside * 0.8).astype(f32),
        per_m=0.03 / max(scale, 0.3),
        name="outside",
    )
    bush = replace(bush, drift_m_s=0.93 * pace)
    walls: list[Layer] = [bush] if variant.get("green", True) else []
    for n, row in enumerate(recipe["wall"]):
        told = {**row, "albedo": np.array(row["albedo"]) * np.array(variant["tint"])}
        lens = "at" in row
        if lens and (ctx.start.pitch_rad < STEEP_RAD or stage < LENS_FROM_M):
            continue
        z = ctx.start.eye_m[2] + float(row["at"]) * stage if lens else stage_m + float(row["far_m"]) * scale
        depth = (z - ctx.start.eye_m[2]) / stage
        if lens:  # cut to the frame's edges
            middle = ctx.start.eye_m[1] + math.tan(ctx.start.pitch_rad) * depth * stage
            told["half_m"] = 1.12 * ctx.start.half_width_m(depth * stage)
            told["high_m"] = max(middle + 1.02 * ctx.start.half_height_m(depth * stage), 0.1)
        walls.append(
            wall_card(
                ctx, told, z_m=z, scale=1.0 if lens else scale, fog=fog, per_m=per_m, name=f"{n}",
                glow=glow * (0.25 if lens else 0.75 * math.exp(-0.10 * (far - float(row.get("far_m",
                0.0)) * scale) / scale) + 0.12), blur=lens,
                focus="full" if lens and depth < 1 else back,
                drift_m_s=pace * (1.0 if lens else 0.66 + 0.24 * min(float(row["far_m"]) * scale / far, 1.0)),
            )
        )  # fmt: skip
    staged = Staged(
        stage_m=stage_m, spot_x_m=0.0, scale=scale, afloat=afloat, height_m=0.0, wetness=0.7, calm_m=2.0
    )
    shape = Shape(
        kind="sea" if afloat else "lake", near_z=stage_m + 0.9 * scale, far_z=stage_m + (far - 0.6 * scale),
        wander_m=0.9 * scale,
        wander_long_m=9.0 * scale, noise=layered(rng, TILE_PX, TILE_PX, 4, 4, 5, 0.5),
    )  # fmt: skip
    stones: list[Layer] = []
    for row in recipe.get("rocks", ()):
        told = {**row, "albedo": (np.array(row["albedo"]) * np.array(variant["tint"])).tolist()}
        stones += rocks(ctx, told, staged, shape, fog.astype(f32), per_m)
    parts: list[Layer] = []
    if variant.get("crystals", 0):
        parts += crystals(ctx, variant, stage_m=stage_m, scale=scale, fog=fog, per_m=per_m, day=day)
    beyond = [wall for wall in walls if wall.depth_m > stage_m]
    lit = {
        **recipe["floor"],
        "albedo": (np.array(recipe["floor"]["albedo"]) * np.array(variant["tint"])).tolist(),
    }
    wet_light = np.array(light.ambient_up) * 1.5 + glow * 0.25
    look = Look(
        deep=(np.array(recipe["pool"]["deep"]) * wet_light).astype(f32),
        crest=np.zeros(3, f32), foam=np.zeros(3, f32),
        sun=np.zeros(3, f32), haze=fog.astype(f32), haze_per_m=per_m, chop=float(recipe["pool"]["chop"]),
        foam_share=0.0, streaks=0.0,
        flow_m_s=(0.0, 0.0), glitter=0.0, scale=1.1,
    )  # fmt: skip
    land = mix_land(ctx, lit, rng)
    floor = Surface(
        look=look, shape=shape, land=None if afloat else _lit_land(land, glow, own), swell=None,
        ripples=ripple_tile(rng, longest=0.45, spread=1.0), lace=np.zeros((TILE_PX, TILE_PX, 2), f32),
        sun=light.sun_direction,
        mirrors=(*layers, *sorted([*beyond, *stones, *parts], key=lambda layer: -layer.depth_m)), focus=back,
    )  # fmt: skip
    beam = Beam(
        light=(glow * 0.14 * (0.35 + 0.65 * day)).astype(f32), top=(opening_x + 0.5 * scale, 4.6 * scale,
        stage_m + 3.2 * scale), drift_m_s=0.75 * pace, lean_m=-1.6 * scale,
        long_m=5.4 * scale, wide_m=1.1 * scale, noise=layered(rng, 8, 256, 2, 60, 3, 0.5)[4],
        depth_m=stage_m + 3.2 * scale, focus=back,
    )  # fmt: skip
    dust = Snow(
        home=rng.random((130, 3)).astype(f32), phase=rng.uniform(0, math.tau, 130).astype(f32),
        colour=(np.tile(glow * 0.10, (130, 1)) * rng.uniform(0.2, 1.0, (130, 1))).astype(f32),
        size_m=(0.0020 * stage * rng.uniform(0.4, 1.2, 130)).astype(f32),
        near_m=0.4 * stage, far_m=2.2 * stage, twinkle=0.4, sink_m_s=0.01 * stage, fog_per_m=0.0,
        depth_m=stage_m - 0.2 * stage, focus="full",
    )  # fmt: skip
    albedo = land.albedo
    return Place(
        layers=(*layers, floor, *walls, *stones, *parts, beam, dust),
        ground=Ground(
            height_m=0.0, wetness=0.65 if afloat else 0.18, albedo=(float(albedo[0]), float(albedo[1]),
            float(albedo[2])), stage_m=stage_m,
            half_width_m=ctx.start.half_width_m(stage),
        ),
    )  # fmt: skip


def _lit_land(land: Any, glow: NDArray[np.float64], own: NDArray[np.float64]) -> Any:
    return replace(
        land, sun=(glow * 0.34).astype(f32), sky=(land.sky + own.astype(f32) * f32(0.30)).astype(f32)
    )
