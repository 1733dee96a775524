"""The beach: sea, breakers, a wet shore that mirrors the sky, rippled sand, grass passing the lens.

The shore runs along x, a few metres behind the stage; the sea lies beyond it.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.kernels.sand import SAND, SAND_SIZE, paint_shore
from soundstage.render.previz.kernels.sky import PAINT
from soundstage.render.previz.kernels.water import SEA, SEA_SIZE
from soundstage.render.previz.places.beach_grass import grass_layer
from soundstage.render.previz.places.beach_waves import Waves
from soundstage.render.previz.scene import Ground, Place
from soundstage.render.previz.sky import Sky, horizon_rows, pixel_rays, sky_layers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
SHORE_DEPTH_M = 1e4  #: under everything that stands on it
SHORE_BEHIND_M = 3.9  #: the subject runs on sand that the last waves left wet
SEA_BEHIND_M = 0.5  #: the sea proper begins this far behind the shore line; between them is only swash
SWASH_WETNESS = 0.62


@cache
def read_beach() -> Mapping[str, Any]:
    """Return `data/beach.toml`."""
    text = files("soundstage.render.previz").joinpath("data/beach.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shore:
    """Sea and sand: everything below the horizon."""

    sky: Sky
    sea: NDArray[np.float32]  #: (SEA_SIZE,)
    sand: NDArray[np.float32]  #: (SAND_SIZE,)
    depth_m: float = SHORE_DEPTH_M
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint one frame."""
        top = min(max(math.floor(min(horizon_rows(view))), 0), canvas.height)
        if top >= canvas.height:
            return
        mirror = self.sky.mirror(view, top, moment.t_s, columns=canvas.width // 2 + 1)
        paint_shore(
            *canvas.rgb, mirror, top, pixel_rays(view), np.asarray(view.eye_m, np.float32),
            f32(view.focal_px),
            f32(moment.t_s), self.sky.sun, self.sky.paint, self.sea, self.sand,
        )  # fmt: skip


def _haze(ctx: SetContext, sky: Sky) -> tuple[NDArray[np.float32], float]:
    """Return the colour that distance takes over the sea, and its density per metre."""
    horizon = sky.paint[PAINT["horizon"] : PAINT["horizon"] + 3]
    per_m = float(read_beach()["haze_per_m"][ctx.shot.weather])
    # Far sea must end in the sky's own colour, or the horizon is a hard line in fog.
    colour = horizon + np.asarray(ctx.light.sky_glow, np.float32) * f32(0.10 + 3.0 * min(per_m, 0.05))
    return colour.astype(np.float32), per_m


def mix_sea(ctx: SetContext, sky: Sky, shore_z: float) -> NDArray[np.float32]:
    """Return the sea's numbers (SEA_SIZE,) under this light."""
    light, table = ctx.light, read_beach()["sea"]
    key, fill = np.array(light.sun_colour), np.array(light.ambient_up)
    height = max(float(light.sun_direction[1]), 0.0)
    day = fill * 1.15 + key * (0.05 + 0.22 * height)
    haze, per_m = _haze(ctx, sky)
    sea = np.zeros(SEA_SIZE, np.float32)
    sea[SEA["deep"] : SEA["deep"] + 3] = np.array(table["deep"]) * day
    sea[SEA["shallow"] : SEA["shallow"] + 3] = np.array(table["shallow"]) * day
    sea[SEA["foam"] : SEA["foam"] + 3] = _foam(ctx)
    sea[SEA["through"] : SEA["through"] + 3] = np.array(table["through"]) * (key * 0.36 + fill * 0.40)
    sea[SEA["haze"] : SEA["haze"] + 3] = haze
    sea[SEA["haze_per_m"]] = per_m
    sea[SEA["wind"]] = 0.75 + 0.9 * light.wind
    sea[SEA["shore_z"]] = shore_z + SEA_BEHIND_M
    sea[SEA["glitter"]] = 1.0 if not light.is_moon else 0.35
    return sea


def _foam(ctx: SetContext) -> NDArray[np.float32]:
    key, fill = np.array(ctx.light.sun_colour), np.array(ctx.light.ambient_up)
    height = max(float(ctx.light.sun_direction[1]), 0.0)
    return (fill * 0.95 + key * (0.10 + 0.16 * height)).astype(np.float32)


def mix_sand(
    ctx: SetContext, sky: Sky, shore_z: float, shallow: NDArray[np.float32], table: Mapping[str, Any]
) -> NDArray[np.float32]:
    """Return the numbers (SAND_SIZE,) of ground in this light; `table`: albedo, ripples, maybe wet."""
    light = ctx.light
    haze, per_m = _haze(ctx, sky)
    albedo = np.array(table["albedo"])
    albedo = albedo + (np.array([0.80, 0.83, 0.88]) - albedo) * 0.85 * light.white
    speed = math.hypot(ctx.travel_m_s[0], ctx.travel_m_s[2])
    sand = np.zeros(SAND_SIZE, np.float32)
    sand[SAND["albedo"] : SAND["albedo"] + 3] = albedo
    sand[SAND["sun"] : SAND["sun"] + 3] = light.sun_colour
    sand[SAND["sky"] : SAND["sky"] + 3] = np.array(light.ambient_up) * 1.2 + np.array(light.sky_glow) * 0.10
    sand[SAND["foam"] : SAND["foam"] + 3] = _foam(ctx)
    sand[SAND["haze"] : SAND["haze"] + 3] = haze
    sand[SAND["haze_per_m"]] = per_m
    sand[SAND["shore_z"]] = shore_z
    # What passes faster than the shutter closes is a streak: finer grain would strobe at 24 frames a second.
    sand[SAND["sharp"]] = 1 / (1 + 0.25 * speed * 24 / ctx.fps)
    sand[SAND["rain"]] = max(light.wet, table.get("wet", 0.0))
    sand[SAND["shallow"] : SAND["shallow"] + 3] = shallow
    sand[SAND["ripples"]] = table["ripples"] * (1 - 0.6 * light.white)
    return sand


def build(ctx: SetContext) -> Place:
    """Build the beach for a shot."""
    stage_m = ctx.camera.eye_m[2] + ctx.camera.focus_m
    # A lead that runs toward the water must not reach it within the shot.
    shore_z = stage_m + SHORE_BEHIND_M + max(ctx.travel_m_s[2], 0.0) * ctx.seconds
    sky, sky_parts = sky_layers(ctx)
    sea = mix_sea(ctx, sky, shore_z)
    sand = mix_sand(ctx, sky, shore_z, sea[SEA["shallow"] : SEA["shallow"] + 3], read_beach()["sand"])
    rng = ctx.rng("waves")
    waves = Waves(
        sky=sky,
        sea=sea,
        shore_z=shore_z,
        size=float(np.clip(ctx.start.eye_m[1] / 0.62, 0.6, 1.7)) * (0.85 + 0.8 * ctx.light.wind),
        offset=float(rng.uniform(0, 1)),
        seed=float(rng.uniform(0, 90)),
    )
    grass = grass_layer(ctx, read_beach()["grass"]) if ctx.shot.framing != "aerial" else ()
    wetness = max(SWASH_WETNESS, 0.95 * ctx.light.wet)
    albedo = np.array(read_beach()["sand"]["albedo"]) * (1 - 0.5 * wetness)
    ground = Ground(
        wetness=wetness,
        albedo=(float(albedo[0]), float(albedo[1]), float(albedo[2])),
        stage_m=stage_m,
        half_width_m=ctx.start.half_width_m(ctx.camera.focus_m),
    )
    return Place(layers=(*sky_parts, Shore(sky=sky, sea=sea, sand=sand), waves, *grass), ground=ground)
