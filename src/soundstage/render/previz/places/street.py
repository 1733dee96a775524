"""A street between two rows of houses: shop fronts, signs, lamps, parked cars, traffic far away, wet asphalt.

It runs away from the camera; for a lead that crosses the picture it runs along with the lead instead, and the
houses are behind it. Looks are lines of `data/places/street.toml`. Knows no subject.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.kernels.sand import SAND
from soundstage.render.previz.kernels.water import SEA
from soundstage.render.previz.places.beach import mix_sand, mix_sea
from soundstage.render.previz.places.open import FAR_Z, read_open
from soundstage.render.previz.places.open_ridges import ridge
from soundstage.render.previz.places.panels import Panels
from soundstage.render.previz.places.set_paint import SetLight
from soundstage.render.previz.places.street_build import StreetPlan, foreground, houses, road
from soundstage.render.previz.places.wet_street import WetStreet
from soundstage.render.previz.scene import Ground, Place
from soundstage.render.previz.sky import sky_layers
from soundstage.render.previz.sky_stars import Stars

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

CROSSING_M_S = 0.3  #: a lead that moves sideways faster than this takes the street with it
GROUND_DEPTH_M, SET_DEPTH_M, TRAFFIC_DEPTH_M = 130.0, 120.0, 100.0
TRAFFIC_COUNT = 26


@cache
def read_street() -> Mapping[str, Any]:
    """Return `data/places/street.toml`."""
    text = files("soundstage.render.previz").joinpath("data/places/street.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Traffic:
    """Headlights and tail lights far down the street, as discs of the lens."""

    home: NDArray[np.float32]  #: (N, 3)
    speed_m_s: NDArray[np.float32]  #: (N,) along z
    light: NDArray[np.float32]  #: (N, 3)
    near_m: float
    far_m: float
    depth_m: float = TRAFFIC_DEPTH_M
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add every light, each way round and round between near and far."""
        place = self.home.copy()
        span = self.far_m - self.near_m
        place[:, 2] = (place[:, 2] + self.speed_m_s * moment.t_s - self.near_m) % span + self.near_m
        place[:, 2] += np.float32(view.eye_m[2])
        edge = np.minimum(place[:, 2] - self.near_m - view.eye_m[2], self.far_m + view.eye_m[2] - place[:, 2])
        x, y, scale = view.project(place)
        depth = np.maximum(view.to_camera(place)[:, 2], 0.1)
        radius = np.maximum(view.coc_px(depth) * 0.8, 0.0028 * view.height_px) + 0.06 * scale
        fade = np.clip(edge / 8.0, 0, 1) / (1 + 0.02 * radius**1.5)
        discs = np.column_stack([x, y, radius, self.light * fade[:, None], np.full_like(x, 0.3)])
        canvas.bokeh(discs[scale > 0])


def _traffic(ctx: SetContext, plan: StreetPlan, light: SetLight) -> Traffic:
    rng = ctx.rng("traffic")
    half = TRAFFIC_COUNT // 2
    lane = np.repeat([-0.45, 0.45], half) * plan.road_half
    z = np.tile(rng.uniform(34, 120, half // 2 + 1).repeat(2)[:half], 2)
    pair = np.tile([-0.62, 0.62], TRAFFIC_COUNT)[:TRAFFIC_COUNT]
    x = plan.axis_m + lane + pair + rng.normal(0, 0.15, TRAFFIC_COUNT)
    colour = np.where((lane < 0)[:, None], [1.0, 0.90, 0.72], [1.0, 0.05, 0.025])
    power = (0.35 + 2.4 * light.darkness) * light.lamp * rng.uniform(0.6, 1.2, (TRAFFIC_COUNT, 1))
    return Traffic(
        home=np.column_stack([x, np.full(TRAFFIC_COUNT, 0.72), z]).astype(np.float32),
        speed_m_s=np.where(lane < 0, -5.0, 3.2).astype(np.float32),
        light=(colour * power).astype(np.float32),
        near_m=32.0,
        far_m=120.0,
    )


def _lamps(
    ctx: SetContext, plan: StreetPlan, style: Mapping[str, Any], light: SetLight
) -> NDArray[np.float32]:
    """Return the lights (M, 7) that fall on a subject: signs from both sides behind it, a shop before it."""
    if light.darkness < 0.2:
        return np.zeros((0, 7), np.float32)
    rng = ctx.rng("street lamps")
    signs = style["signs"]
    away = 1.6 * plan.grow + 0.5 * plan.half_w
    rows: list[list[float]] = []
    for side, behind, power in ((-1.0, 0.7, 0.55), (1.0, 0.9, 0.65), (0.4 * plan.side, -0.8, 0.32)):
        tint = np.array(style["shop"] if behind < 0 else signs[int(rng.integers(len(signs)))])
        colour = (0.75 * tint + 0.25 * np.array(style["shop"])) * power * light.lamp * light.darkness
        place = (side * away, 2.6 * plan.grow, plan.stage_z + behind * away)
        rows.append([*place, *colour, 1.1 * away**2])
    return np.array(rows, np.float32)


def build(ctx: SetContext) -> Place:
    """Build the street of a shot."""
    style = read_street().get(ctx.shot.place) or read_street()["city_street"]
    light = SetLight.of(ctx)
    stage = ctx.camera.focus_m
    stage_z = ctx.camera.eye_m[2] + stage
    half_w = ctx.start.half_width_m(stage)
    across = abs(ctx.travel_m_s[0]) > CROSSING_M_S
    grow = float(np.clip(half_w / 11.0, 1.0, 5.0))
    side = 1.0 if ctx.rng("street side").random() < 0.5 else -1.0
    plan = StreetPlan(
        road_half=style["road_half"] * grow,
        pavement=style["pavement"] * grow,
        axis_m=0.0 if across else side * 0.22 * style["road_half"] * grow,
        across=across,
        stage_z=stage_z,
        eye_z=ctx.camera.eye_m[2],
        half_w=half_w,
        grow=grow,
        side=side,
    )
    sky, parts = sky_layers(ctx)
    sea = mix_sea(ctx, sky, FAR_Z)
    sand = mix_sand(
        ctx, sky, FAR_Z, sea[SEA["shallow"] : SEA["shallow"] + 3],
        {"albedo": style["asphalt"], "ripples": 0.1, "wet": max(style["wet"], ctx.light.wet)},
    )  # fmt: skip
    haze, per_m = sea[SEA["haze"] : SEA["haze"] + 3], float(sea[SEA["haze_per_m"]])
    glow = np.array(style["lamp"]) * light.lamp * light.darkness
    sand[SAND["sky"] : SAND["sky"] + 3] += (0.16 * glow).astype(np.float32)
    pieces = [*road(ctx, plan, style, light), *houses(ctx, plan, style, light)]
    air = min(per_m * 0.9 + 0.0015, 0.05)
    fog = haze + (glow * 0.05).astype(np.float32)
    sets = Panels.of(pieces, SET_DEPTH_M, fog=fog, fog_per_m=air)
    # Stars are drawn sharp over all else; here roofs hide them.
    layers: list[Layer] = [replace(part, focus="back") if isinstance(part, Stars) else part for part in parts]
    wetness = float(max(style["wet"], 0.9 * ctx.light.wet))
    layers += [
        ridge(ctx, name, read_open()["ridge"][name], haze, per_m, wetness)[0]
        for name in ("far_towers", "towers")
    ]
    layers.append(
        WetStreet(
            sky=sky, sea=sea, sand=sand, sets=sets, gain=1.15, depth_m=GROUND_DEPTH_M,
            lamp=_lamps(ctx, plan, style, light), travel_m_s=ctx.travel_m_s,
        )
    )  # fmt: skip
    layers.append(sets)
    if not across:
        layers.append(_traffic(ctx, plan, light))
    layers += foreground(ctx, plan, style, light)
    albedo = style["asphalt"]
    return Place(
        layers=tuple(layers),
        ground=Ground(
            wetness=wetness * 0.8,
            albedo=(float(albedo[0]), float(albedo[1]), float(albedo[2])),
            stage_m=stage_z,
            half_width_m=half_w,
        ),
    )
