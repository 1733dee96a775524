"""Places on the water, each a recipe in `data/waters/`: open sea, cliffs, lake, river, swamp, harbour, fall.

A recipe tells the water's colour and waves, the outline of the shore, the land, what stands around it. This
stages it: who lives in water gets water under it, who walks gets a bank; on the open sea a raft.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.beach import read_beach
from soundstage.render.previz.places.water_banks import focus_of, land_card
from soundstage.render.previz.places.water_land import Land
from soundstage.render.previz.places.water_ledge import Ledge, Lowered
from soundstage.render.previz.places.water_mirror import calm_sky
from soundstage.render.previz.places.water_noise import TILE_PX, layered, ripple_tile
from soundstage.render.previz.places.water_parts import PARTS
from soundstage.render.previz.places.water_shade import Look
from soundstage.render.previz.places.water_shape import NEVER_M, Shape
from soundstage.render.previz.places.water_stage import Staged, stage_lead
from soundstage.render.previz.places.water_surface import Surface
from soundstage.render.previz.places.water_trees import TREES, tree_card
from soundstage.render.previz.places.water_waves import Swell, make_swell
from soundstage.render.previz.scene import Ground, Place
from soundstage.render.previz.sky import sky_layers

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import Layer, SetContext

f32 = np.float32
LUMA = np.array([0.2126, 0.7152, 0.0722])


@cache
def read_recipe(place: str) -> Mapping[str, Any]:
    """Return `data/waters/<place>.toml`."""
    folder = files("soundstage.render.previz").joinpath("data/waters")
    return tomllib.loads(folder.joinpath(f"{place}.toml").read_text(encoding="utf-8"))


def build(ctx: SetContext) -> Place:
    """Build the water place of a shot from its recipe."""
    recipe = read_recipe(ctx.shot.place)
    staged = stage_lead(ctx, recipe)
    sky, sky_parts = sky_layers(ctx)
    haze, per_m = haze_over(ctx, recipe)
    shape = lay_out(ctx, recipe["shape"], staged)
    swell = _swell(ctx, recipe["water"], staged)
    look = mix_water(ctx, recipe["water"], haze, per_m, staged)
    scenery: list[Layer] = []
    for n, row in enumerate(recipe.get("bank", ())):
        z = staged.stage_m + float(row["far_m"]) * staged.scale
        if row.get("at") == "far shore" and shape.far_z < NEVER_M:
            z = shape.far_z + float(row["far_m"]) * staged.scale
        if row["shape"] in TREES:
            scenery.append(
                tree_card(
                    ctx, row, z_m=z, haze=haze, per_m=per_m, name=f"{n}", gap_m=float(row.get("gap_m", 0.0))
                )
            )
        else:
            scenery.append(land_card(ctx, row, z_m=z, haze=haze, per_m=per_m, name=f"{n}"))
    parts: list[Layer] = []
    scenery_too: list[Layer] = []
    for part in recipe.get("part", ()):
        built = PARTS[part["kind"]](ctx, part, staged, shape, haze, per_m)
        parts += built
        if part.get("mirrored", False):
            scenery_too += built
    shown = sorted([*scenery, *scenery_too], key=lambda layer: -layer.depth_m)
    tiles = ctx.rng("water tiles")
    land = mix_land(ctx, recipe["land"], tiles) if "land" in recipe else None
    drop_m = 0.0 if staged.afloat else float(recipe.get("ledge_m", 0.0))
    surface = Surface(
        look=look,
        shape=Shape(kind="sea") if drop_m else shape,
        land=land if shape.has_land and not drop_m else None,
        swell=swell,
        ripples=ripple_tile(tiles, longest=0.45, spread=float(recipe["water"].get("spread", 0.35))),
        lace=_lace(tiles),
        sun=sky.sun,
        mirrors=(calm_sky(sky, look.chop), *sky_parts[1:], *shown),
        focus=focus_of(ctx),
        hidden=(shape.near_z - 2 * shape.wander_m, drop_m) if drop_m else None,
    )
    below: list[Layer] = [surface, *scenery, *parts]
    if drop_m and land is not None:
        below = [
            Lowered(layer=layer, drop_m=drop_m) if _is_below(layer, staged) else layer for layer in below
        ]
        lip = (land.albedo * f32(0.45) * (land.sky + land.sun * f32(0.3))).astype(f32)
        below.append(
            Ledge(
                shape=shape, land=land, haze=haze, haze_per_m=per_m, lip=lip,
                lip_m=float(recipe.get("lip_m", 0.15)),
                depth_m=shape.near_z - ctx.start.eye_m[2], focus=focus_of(ctx),
            )
        )  # fmt: skip
    wet_land = max(0.05, 0.6 * ctx.light.wet)
    albedo = look.deep if staged.afloat or land is None else land.albedo
    return Place(
        layers=(*sky_parts, *below, *staged.layers),
        ground=Ground(
            height_m=staged.height_m,
            wetness=staged.wetness if staged.afloat else wet_land,
            albedo=(float(albedo[0]), float(albedo[1]), float(albedo[2])),
            stage_m=staged.stage_m,
            half_width_m=ctx.start.half_width_m(ctx.camera.focus_m),
        ),
    )


def _is_below(layer: Layer, staged: Staged) -> bool:
    """Return whether a layer belongs to the water's level: all that is not before the stage."""
    return layer.depth_m > staged.stage_m or layer.focus == "back"


def haze_over(ctx: SetContext, recipe: Mapping[str, Any]) -> tuple[NDArray[np.float32], float]:
    """Return the colour that distance takes over the water, and its density per metre."""
    light = ctx.light
    per_m = float(read_beach()["haze_per_m"][ctx.shot.weather]) * float(recipe.get("haze", 1.0))
    if ctx.wants("misty", "foggy", "hazy", "mist"):
        per_m = max(per_m, 0.014)
    thick = min(per_m / 0.045, 1.0)
    # A ship is filmed from afar: the same air would leave nothing of it.
    per_m = min(per_m, 0.42 / max(ctx.camera.focus_m, 1.0))
    colour = np.array(light.sky_horizon) * (1 - thick) + np.array(light.fog_colour) * thick
    # Under a closed deck the far sea is darker than the sky's own ramp, which the deck hides.
    shut = min(max((light.clouds - 0.8) / 0.2, 0.0), 1.0) * (1 - thick)
    colour = (colour + np.array(light.sky_glow) * (0.08 + 0.05 * thick)) * (1 - 0.58 * shut)
    return colour.astype(f32), per_m


def mix_water(
    ctx: SetContext, table: Mapping[str, Any], haze: NDArray[np.float32], per_m: float, staged: Staged
) -> Look:
    """Return the water's colours and measures in this light."""
    churn = None
    if "churn" in table:  # x and metres behind the stage of its middle, radius
        x, back, radius = (float(v) * staged.scale for v in table["churn"])
        churn = ctx.start.eye_m[0] + x, staged.stage_m + back, radius
    light = ctx.light
    key, fill = np.array(light.sun_colour), np.array(light.ambient_up)
    lift = max(float(light.sun_direction[1]), 0.0)
    day = fill * 1.15 + key * (0.05 + 0.22 * lift)
    wind = max((light.wind - 0.12) / 0.7, 0.0)
    chop = float(table["chop"]) * (0.45 + 1.6 * wind) + 0.010 * light.rain
    flow = table.get("flow_m_s", [0.0, 0.0])
    if abs(ctx.travel_m_s[0]) > 0.2:
        flow = [flow[1], flow[0]]
    return Look(
        deep=(np.array(table["deep"]) * day).astype(f32),
        crest=(np.array(table.get("crest", [0.03, 0.10, 0.10])) * (key * 0.30 + fill * 0.45)).astype(f32),
        foam=(fill * 0.95 + key * (0.10 + 0.20 * lift)).astype(f32),
        sun=(key * 3.2 * (light.sun_disc if not light.is_moon else 0.9)).astype(f32),
        haze=haze,
        haze_per_m=per_m,
        chop=chop,
        foam_share=float(table.get("foam", 0.0)) * min(0.25 + 1.1 * wind, 1.0),
        streaks=float(table.get("streaks", 0.0)),
        churn=churn,
        veil=min(max((light.clouds - 0.8) / 0.2, 0.0), 1.0) * 0.9,
        flow_m_s=(float(flow[0]), float(flow[1])),
        glitter=float(table.get("glitter", 1.0)),
        scale=float(table.get("ripple_scale", 1.0)),
    )


def _swell(ctx: SetContext, table: Mapping[str, Any], staged: Staged) -> Swell | None:
    if "swell_m" not in table:
        return None
    wind = ctx.light.wind
    high = float(table["swell_m"]) * (0.45 + 4.6 * max(wind - 0.12, 0.0) ** 1.2)
    if ctx.wants("stormy", "rough", "giant", "huge", "massive", "dramatic", "violent"):
        high *= 1.5
    if ctx.wants("calm", "peaceful", "serene", "tranquil", "still"):
        high *= 0.4
    return make_swell(
        ctx.rng("swell"), high_m=high, long_m=float(table["swell_long_m"]) * (0.6 + 0.9 * wind),
        from_deg=float(table.get("swell_from_deg", 24.0)),
        calm_at=(staged.spot_x_m, staged.stage_m), calm_m=staged.calm_m, travel_m_s=(ctx.travel_m_s[0],
        ctx.travel_m_s[2]),
    )  # fmt: skip


def lay_out(ctx: SetContext, table: Mapping[str, Any], staged: Staged) -> Shape:
    """Return the outline of the water around the stage."""
    rng = ctx.rng("shore")
    kind: str = table["kind"]
    noise = layered(rng, TILE_PX, TILE_PX, 4, 4, 5, 0.5)
    scale = staged.scale
    half = float(table.get("half_m", 5.0)) * scale
    far = staged.stage_m + float(table["far_m"]) * scale if "far_m" in table else NEVER_M
    near, middle = -NEVER_M, 0.0
    if not staged.afloat:
        # Who walks toward the water must not reach it within the shot.
        near = (
            staged.stage_m
            + float(table.get("bank_m", 1.4)) * scale
            + max(ctx.travel_m_s[2], 0.0) * ctx.seconds
        )
        middle = half + float(table.get("beside_m", 1.2)) + staged.spot_x_m
        if not ctx.shot.subjects:
            middle = 0.30 * half
    elif table.get("foreshore", False) and ctx.camera.focus_m > 4:
        near = ctx.start.eye_m[2] + 0.34 * ctx.camera.focus_m
    if kind == "river" and abs(ctx.travel_m_s[0]) > 0.2:
        # Who goes sideways goes along the river, or it would be crossed within the shot.
        kind, near = (
            "lake",
            near
            if not staged.afloat
            else max(staged.stage_m - 0.8 * half, ctx.start.eye_m[2] + 0.3 * ctx.camera.focus_m),
        )
        far = near + 2.2 * half
    if kind == "sea":
        return Shape(kind="sea")
    return Shape(
        kind=kind, near_z=near, far_z=far, middle_x=middle, half_m=half, stage_z=staged.stage_m,
        bend_m=float(table.get("bend_m", 0.0)) * scale, bend_long_m=float(table.get("bend_long_m",
        60.0)) * scale,
        wander_m=float(table.get("wander_m", 0.0)) * scale, wander_long_m=float(table.get("wander_long_m",
        30.0)) * scale,
        lap_m=float(table.get("lap_m", 0.0)), noise=noise, channel_m=2.5 * scale if staged.afloat else 0.0,
    )  # fmt: skip


def mix_land(ctx: SetContext, table: Mapping[str, Any], rng: np.random.Generator) -> Land:
    """Return the land's colours in this light."""
    light = ctx.light
    lift = max(float(light.sun_direction[1]), 0.10)
    snow = np.array([0.78, 0.81, 0.86])
    albedo = np.array(table["albedo"]) * (1 - 0.85 * light.white) + snow * 0.85 * light.white
    other = (
        np.array(table.get("other", table["albedo"])) * (1 - 0.95 * light.white) + snow * 0.95 * light.white
    )
    # In the dark the eye opens up.
    night = 1 + 0.9 * light.darkness
    patches = layered(rng, TILE_PX, TILE_PX, 3, 3, 6, 0.6)
    grains = layered(rng, TILE_PX, TILE_PX, 18, 18, 4, 0.55)
    sun = light.sun_direction
    slope = -(np.roll(grains, -1, 1) - grains) * f32(sun[0]) - (np.roll(grains, -1, 0) - grains) * f32(sun[2])
    lit = np.clip(0.5 + slope * 6.0 * (1.4 - lift), 0, 1)
    return Land(
        albedo=albedo.astype(f32), other=other.astype(f32),
        sun=(np.array(light.sun_colour) * (0.10 + 0.55 * lift) * night).astype(f32),
        sky=((np.array(light.ambient_up) * 1.15 + np.array(light.sky_glow) * 0.09) * night).astype(f32),
        grain_m=float(table.get("grain_m", 0.25)), rough=float(table.get("rough", 0.6)),
        wet_m=float(table.get("wet_m", 0.8)), wet=light.wet, slabs_m=float(table.get("slabs_m", 0.0)),
        tile=np.ascontiguousarray(np.stack([patches, grains, lit.astype(f32)], axis=2), f32), patches=patches,
    )  # fmt: skip


def _lace(rng: np.random.Generator) -> NDArray[np.float32]:
    cells = layered(rng, TILE_PX, TILE_PX, 9, 9, 4, 0.55)
    fine = layered(rng, TILE_PX, TILE_PX, 21, 21, 3, 0.55)
    net = (1 - np.abs(2 * cells - 1)) * 0.6 + (1 - np.abs(2 * fine - 1)) * 0.4
    patches = layered(rng, TILE_PX, TILE_PX, 3, 3, 4, 0.5)
    return np.ascontiguousarray(np.stack([net, patches], axis=2), f32)


def darkness_of(ctx: SetContext) -> float:
    """Return how dark it is for lamps and windows, 0..1."""
    return ctx.light.darkness if math.isfinite(ctx.light.darkness) else 0.0
