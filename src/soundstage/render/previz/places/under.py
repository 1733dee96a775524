"""Places under water, each a recipe in `data/waters/`: the reef, the deep sea.

Light comes from above and is lost on its way: what is far is the water's colour. The colour script darkens
the hour (`[place.reef]` in light.toml), so the cast is lit by the same water.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.under_bed import Bed
from soundstage.render.previz.places.under_coral import coral_card
from soundstage.render.previz.places.under_growth import growth
from soundstage.render.previz.places.under_life import Bubbles, Chains, FarSchool, Snow
from soundstage.render.previz.places.under_water import Shafts, Volume
from soundstage.render.previz.places.water import mix_land, read_recipe
from soundstage.render.previz.places.water_banks import focus_of, land_card
from soundstage.render.previz.places.water_noise import TILE_PX, layered
from soundstage.render.previz.scene import Ground, Place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import Layer, SetContext

f32 = np.float32
BED_M = 0.0


def build(ctx: SetContext) -> Place:
    """Build the under water place of a shot from its recipe."""
    recipe, light = read_recipe(ctx.shot.place), ctx.light
    stage = ctx.camera.focus_m
    stage_m = ctx.camera.eye_m[2] + stage
    # A whale is filmed from so far that a diver's water would hide it.
    per_m = min(max(light.fog_density_per_m, 0.16 / max(stage, 0.5)), 0.55 / max(stage, 0.5)) * (
        1.6 if ctx.shot.weather == "fog" else 1.0
    )
    scale = max(stage / float(recipe.get("stage_reach_m", 4.5)), 0.35)
    fog = np.array(light.fog_colour)
    top = np.array(light.ambient_up) * 0.9 + np.array(light.sun_colour) * 0.42
    low = np.array(light.ambient_down) * 0.8 + fog * 0.15
    tiles = ctx.rng("under tiles")
    net = caustic_net(tiles)
    surface_m = max(float(recipe["surface_m"]), ctx.start.eye_m[1] * 2.2, 1.3 * stage)
    back = focus_of(ctx)
    layers: list[Layer] = [
        Volume(
            fog=fog.astype(f32), above=np.array(light.sky_zenith, f32), below=(fog * 0.42).astype(f32),
            glow=np.array(light.sky_glow, f32), sun=light.sun_direction, surface_m=surface_m, net=net,
        ),
        Bed(
            land=mix_land(ctx, {**recipe["bed"], "grain_m": float(recipe["bed"]["grain_m"]) * max(scale,
            0.6) ** 0.7}, tiles),
            fog=fog.astype(f32), fog_per_m=per_m, net=net, caustics=float(recipe.get("caustics",
            0.0)) * (1 - 0.6 * light.darkness),
            net_m=1.7 * max(scale, 0.5) ** 0.6, focus=back,
        ),
    ]  # fmt: skip
    for n, row in enumerate(recipe.get("ridge", ())):
        told = {**row, "high_m": float(row["high_m"]) * scale, "wide_m": float(row["wide_m"]) * scale}
        z = stage_m + float(row["far_m"]) * scale
        layers.append(land_card(ctx, told, z_m=z, haze=fog.astype(f32), per_m=per_m, name=f"under {n}"))
    for row in recipe.get("coral", ()):
        z = ctx.start.eye_m[2] + float(row["at"]) * stage
        told = _grown(row, min(scale, 2.5) if float(row["at"]) > 1 else min(scale, 1.6))
        layers.append(coral_card(ctx, told, z_m=z, fog=fog, per_m=per_m, light=top, low=low))
    for row in recipe.get("growth", ()):
        told = {**row, "high_m": float(row["high_m"]) * min(scale, 3.0)}
        layers += growth(ctx, told, fog=fog, per_m=per_m, light=top)
    layers += _life(ctx, recipe, fog, per_m, top)
    shaft = float(recipe.get("shafts", 0.0)) * (1 - 0.5 * light.darkness)
    if shaft > 0:
        noise = layered(tiles, 8, 1024, 2, 40, 3, 0.5)[4]
        tone = (np.array(light.sky_glow) * 0.30 + np.array(light.sun_colour) * 0.07) * shaft
        for at, gain in ((2.2, 1.0), (0.7, 0.45)):
            layers.append(
                Shafts(
                    light=(tone * gain).astype(f32),
                    noise=np.roll(noise, int(300 * at)),
                    sun=light.sun_direction,
                    depth_m=ctx.start.eye_m[2] + at * stage,
                    focus=back if at > 1 else "full",
                )
            )
    albedo = recipe["bed"]["albedo"]
    return Place(
        layers=tuple(layers),
        ground=Ground(
            height_m=BED_M, wetness=0.0, albedo=(float(albedo[0]), float(albedo[1]), float(albedo[2])),
            stage_m=stage_m,
            half_width_m=ctx.start.half_width_m(stage),
        ),
    )  # fmt: skip


def _grown(row: Mapping[str, Any], scale: float) -> dict[str, Any]:
    told = dict(row)
    for name in ("every_m", "bank_m", "clear_m"):
        if name in told:
            told[name] = float(told[name]) * scale
    told["size_m"] = [float(v) * scale for v in row["size_m"]]
    return told


def caustic_net(rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the net that waves focus light into, a tile (n, n) in 0..1: bright lines round dark cells."""
    n, cells = TILE_PX, 46
    seeds = rng.random((cells, 2)) * n
    y, x = np.mgrid[0:n, 0:n].astype(f32)
    first = np.full((n, n), 1e9, f32)
    second = first.copy()
    for sx, sy in seeds:
        dx, dy = np.abs(x - f32(sx)), np.abs(y - f32(sy))
        dx, dy = np.minimum(dx, n - dx), np.minimum(dy, n - dy)
        d = np.sqrt(dx * dx + dy * dy)
        second = np.minimum(second, np.maximum(first, d))
        first = np.minimum(first, d)
    line = np.exp(-(second - first) / f32(4.2))
    bend = layered(rng, n, n, 6, 6, 3, 0.5)
    return np.clip(line * (f32(0.55) + f32(0.75) * bend), 0, 1).astype(f32)


def _life(
    ctx: SetContext,
    recipe: Mapping[str, Any],
    fog: NDArray[np.float64],
    per_m: float,
    top: NDArray[np.float64],
) -> list[Layer]:
    rng, view, stage = ctx.rng("life"), ctx.start, ctx.camera.focus_m
    light, layers, back = ctx.light, [], focus_of(ctx)
    for row in recipe.get("school", ()):
        count = int(row["count"])
        away = float(row["at"]) * stage
        length = float(row["length_m"]) * max(stage / 4.5, 0.35)
        wide = view.half_width_m(away)
        spread = np.array([0.42 * wide, 0.20 * view.half_height_m(away), 0.10 * away])
        y = view.eye_m[1] + (math.tan(view.pitch_rad) + float(row["high"]) * view.half_height_m(1.0)) * away
        layers.append(
            FarSchool(
                offsets=(rng.normal(0, 1, (count, 3)) * spread).astype(f32), phase=rng.uniform(0, math.tau,
                count).astype(f32),
                length_m=length, deep=float(row.get("deep", 0.17)),
                back=(np.array(row["back"]) * top).astype(f32),
                side=(np.array(row["side"]) * top).astype(f32), fog=fog.astype(f32), fog_per_m=per_m,
                start=(view.eye_m[0] + float(row.get("x", 0.0)) * wide, max(y, 0.3 * length),
                view.eye_m[2] + away),
                speed_m_s=float(row["pace"]) * length + ctx.travel_m_s[0] * 0.9, period_m=5.5 * wide,
                depth_m=view.eye_m[2] + away,
                focus=back if float(row["at"]) > 1 else "full",
            )
        )  # fmt: skip
    if recipe.get("bubbles", 0):
        feet = np.stack(
            [
                view.eye_m[0] + rng.uniform(-0.9, 0.9, 5) * view.half_width_m(stage * 1.2),
                np.zeros(5),
                view.eye_m[2] + stage * rng.uniform(0.8, 1.7, 5),
            ],
            1,
        )
        home = np.column_stack(
            [rng.integers(0, 5, int(recipe["bubbles"])), rng.random((int(recipe["bubbles"]), 3))]
        )
        layers.append(
            Bubbles(
                feet=feet.astype(f32),
                home=home.astype(f32),
                light=(top * 0.8).astype(f32),
                high_m=max(2.2 * view.half_height_m(stage), 1.0),
                depth_m=view.eye_m[2] + 0.95 * stage,
            )
        )
    snow = recipe["snow"]
    for near, far, share in ((1.1, 4.0, 0.6), (0.18, 0.95, 0.4)):
        count = int(float(snow["count"]) * share)
        tone = np.tile(top * float(snow["level"]), (count, 1)) * rng.uniform(0.3, 1.0, (count, 1)) ** 2
        burning = rng.random(count) < float(snow.get("burning", 0.0))
        hues = np.array(snow.get("hues", [[0.1, 0.8, 1.0]]))
        tone[burning] = hues[rng.integers(0, len(hues), int(burning.sum()))] * rng.uniform(
            0.1, 0.7, (int(burning.sum()), 1)
        )
        layers.append(
            Snow(
                home=rng.random((count, 3)).astype(f32), phase=rng.uniform(0, math.tau, count).astype(f32),
                colour=tone.astype(f32),
                size_m=(0.0022 * max(stage, 0.4) * rng.uniform(0.4, 1.3, count)).astype(f32),
                near_m=near * stage, far_m=far * stage,
                twinkle=0.75 if snow.get("burning", 0.0) else 0.3, sink_m_s=0.012 * max(stage, 1.0),
                fog_per_m=per_m,
                depth_m=view.eye_m[2] + stage * (near + far) / 2, focus=back if near > 1 else "full",
            )
        )  # fmt: skip
    for row in recipe.get("chain", ()):
        count = int(row["count"])
        away = stage * rng.uniform(float(row["near"]), float(row["far"]), count)
        start = np.stack([
            view.eye_m[0] + rng.uniform(-0.9, 1.0, count) * away * view.half_width_m(1.0),
            np.maximum(view.eye_m[1] + rng.uniform(-0.35, 0.9, count) * away * view.half_height_m(1.0),
            0.1), view.eye_m[2] + away,
        ], 1)  # fmt: skip
        hues = np.array(row["hues"])
        layers.append(
            Chains(
                start=start.astype(f32), colour=(hues[rng.integers(0, len(hues), count)] * rng.uniform(0.4,
                1.0, (count, 1))).astype(f32),
                length_m=(float(row["length"]) * stage * rng.uniform(0.5, 1.3, count)).astype(f32),
                beads=int(row.get("beads", 26)),
                speed_m_s=(rng.choice([-1, 1], count) * 0.03 * stage * rng.uniform(0.4, 1.2,
                count)).astype(f32), fog_per_m=per_m * 0.5,
                depth_m=float(view.eye_m[2] + away.mean()), focus=back,
            )
        )  # fmt: skip
    del light
    return layers
