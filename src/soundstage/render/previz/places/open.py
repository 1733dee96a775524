"""The place for whatever has no set of its own: it follows time of day, weather, light and mood.

Outdoors: sky, far ridges that say what was asked for (towers, peaks, pines, dunes), and ground. Indoors: a
pool of light on a seamless wall. `data/open.toml` says which place becomes what.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.kernels.sand import SAND
from soundstage.render.previz.kernels.sky import PAINT
from soundstage.render.previz.kernels.water import SEA
from soundstage.render.previz.places.beach import Shore, mix_sand, mix_sea, read_beach
from soundstage.render.previz.places.beach_grass import grass_layer
from soundstage.render.previz.places.open_ridges import ridge
from soundstage.render.previz.places.open_room import build_room
from soundstage.render.previz.scene import Ground, Place
from soundstage.render.previz.sky import sky_layers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.light import Colour
    from soundstage.render.previz.scene import Layer, SetContext

FAR_Z = 1e7  #: a shore line nobody reaches: all land, or with its sign turned all water
TINTED = ("sky_zenith", "sky_horizon", "sky_glow", "sun_colour", "ambient_up", "ambient_down", "fog_colour")


@cache
def read_open() -> Mapping[str, Any]:
    """Return `data/open.toml`."""
    text = files("soundstage.render.previz").joinpath("data/open.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def room_of(ctx: SetContext) -> str | None:
    """Return the line of `[room]` this shot plays in; None outdoors."""
    table = read_open()
    asked = [table["words"][word] for word in ctx.shot.light if word in table["words"]]
    return asked[0] if asked else table["place"].get(ctx.shot.place, {}).get("room")


def _under(ctx: SetContext, line: Mapping[str, Any]) -> SetContext:
    """Return the context with the light this place makes of the hour: starlight, blue under water."""
    light = ctx.light
    if line.get("void"):
        light = replace(
            light, sky_zenith=(0.002, 0.003, 0.008), sky_horizon=(0.010, 0.009, 0.022), sky_glow=(0.05,
            0.06, 0.10),
            stars=2.4, sun_disc=0.0, is_moon=False, fog_density_per_m=0.0, fog_colour=(0.004, 0.004, 0.009),
        )  # fmt: skip
    if "tint" in line:
        tint = np.array(line["tint"])
        changed: dict[str, Any] = {name: _times(getattr(light, name), tint) for name in TINTED}
        light = replace(light, **changed, stars=0.0, sun_disc=0.0, is_moon=False)
    if line.get("underwater"):
        # Light comes from above and is lost with depth: the ramp stands on its head.
        deep = _times(light.sky_zenith, np.full(3, 0.45))
        light = replace(light, sky_zenith=light.sky_horizon, sky_horizon=deep, fog_colour=deep)
    return replace(ctx, light=light)


def _times(colour: Colour, tint: np.ndarray[Any, Any]) -> Colour:
    r, g, b = (float(v) for v in np.array(colour) * tint)
    return r, g, b


def build(ctx: SetContext) -> Place:
    """Build the place a shot asks for, or a calm one under its sky."""
    room = room_of(ctx)
    if room:
        return build_room(ctx, read_open()["room"][room])
    places = read_open()["place"]
    line = places.get(ctx.shot.place, places["open"])
    return _build_land(_under(ctx, line), line)


def _build_land(ctx: SetContext, line: Mapping[str, Any]) -> Place:
    table = read_open()
    stage_m = ctx.camera.eye_m[2] + ctx.camera.focus_m
    sky, parts = sky_layers(ctx, weather=line.get("clouds"))
    ground = table["ground"][line["ground"]]
    is_water = "water" in ground
    sea = mix_sea(ctx, sky, -FAR_Z if is_water else FAR_Z)
    if is_water:
        sea[SEA["wind"]] *= ground["water"]
    sand = mix_sand(ctx, sky, FAR_Z, sea[SEA["shallow"] : SEA["shallow"] + 3], ground)
    haze = sea[SEA["haze"] : SEA["haze"] + 3] if not line.get("void") else sky.paint[PAINT["horizon"] :][:3]
    per_m = float(line.get("haze_per_m", sea[SEA["haze_per_m"]]))
    sea[SEA["haze_per_m"]] = sand[SAND["haze_per_m"]] = per_m
    layers: list[Layer] = [*parts, Shore(sky=sky, sea=sea, sand=sand)]
    wetness = max(ground["wet"] * (0.7 if is_water else 1.0), 0.9 * ctx.light.wet)
    for name in line["ridges"]:
        layers += ridge(ctx, name, table["ridge"][name], haze, per_m, wetness)
    if line.get("near") and ctx.shot.framing != "aerial":
        layers += grass_layer(ctx, read_beach()["grass"])
    albedo = ground["albedo"]
    return Place(
        layers=tuple(layers),
        ground=Ground(
            wetness=wetness,
            albedo=(float(albedo[0]), float(albedo[1]), float(albedo[2])),
            stage_m=stage_m,
            half_width_m=ctx.start.half_width_m(ctx.camera.focus_m),
        ),
    )
