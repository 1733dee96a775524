"""Reeds and grass at the water: clumps in the shallows, tufts on the bank, blades before the lens; they sway.

Each is a handful of blades of one colour; `where` of the recipe's row says which.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.kernels.plants import AIR_LENGTH
from soundstage.render.previz.places.plants import Blades, grow_grass
from soundstage.render.previz.places.undergrowth import LAMP_ROOT, LAMP_TIP, Thicket
from soundstage.render.previz.places.water_banks import focus_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.places.water_stage import Staged
    from soundstage.render.previz.scene import Layer, SetContext

    #: x and z of the roots, height of the tallest, height of the roots
    Spots = tuple[NDArray[np.float64], NDArray[np.float64], float, float]

f32 = np.float32
STEEP_RAD = -0.42  #: a camera that looks down more has nothing between it and the ground
GRASS = (0.15, 0.215, 0.085)  #: local colour that `grow_grass` paints with


def reeds(
    ctx: SetContext, row: Mapping[str, Any], staged: Staged, shape: Shape, haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:  # fmt: skip
    """Grow reeds `where` shore, bank or lens: `count` blades of `high_m` in `albedo`."""
    where: str = row["where"]
    lens = where == "lens"
    if (lens and ctx.start.pitch_rad < STEEP_RAD) or (where == "bank" and staged.afloat):
        return []
    rng = ctx.rng(f"reeds {where} {row.get('seed', 0)}")
    count = int(row["count"])
    if lens:
        x, z, tall, root = _before_lens(ctx, row, rng, count)
    elif where == "bank":
        x, z, tall, root = _on_bank(ctx, row, staged, shape, rng, count)
    else:
        x, z, tall, root = _at_shore(ctx, row, staged, shape, rng, count)
    if not len(x):
        return []
    blades = grow_grass(
        rng, len(x), x_m=x, root_m=np.zeros(len(x)), z_m=z, height_m=(0.55 * tall, tall), lean=0.05,
        white=ctx.light.white,
    )  # fmt: skip
    points = blades.points.copy()
    points[:, 1::3] += f32(root)
    width = blades.width * f32(float(row.get("wide", 1.0)) * (2.2 if lens else 1.6))
    tint = (
        np.tile(np.array(row["albedo"], f32) / np.array(GRASS, f32), 2) if ctx.light.white < 0.3 else f32(1)
    )
    albedo = np.asarray(blades.albedo * tint, f32)
    blades = Blades(points=points, flex=blades.flex, phase=blades.phase, width=width, albedo=albedo)
    parts = [blades, *([_cattails(rng, blades)] if row.get("cattails", False) else [])]
    period_m = (
        3.2 * ctx.camera.focus_m * ctx.start.half_width_m(1.0) if math.hypot(*ctx.travel_m_s) > 0 else 0.0
    )
    return [
        Thicket(
            depth_m=float(np.mean(z)), blades=Blades.joined(parts),
            air=plant_air(ctx, haze, per_m, 0.45 if lens else 1.0), wind=ctx.light.wind,
            focus="full" if lens else focus_of(ctx), soft=lens, period_m=period_m,
        )
    ]  # fmt: skip


def _before_lens(ctx: SetContext, row: Mapping[str, Any], rng: np.random.Generator, count: int) -> Spots:
    view, near = ctx.start, 0.42 * ctx.camera.focus_m
    depth = np.full(count, near) * rng.uniform(0.8, 1.2, count)
    side = rng.choice([-1.0, 1.0], count, p=[0.6, 0.4]) * rng.uniform(0.62, 1.25, count)
    x = view.eye_m[0] + side * depth * view.half_width_m(1.0)
    half = view.half_height_m(near)
    root = view.eye_m[1] + math.tan(view.pitch_rad) * near - 1.1 * half
    return x, view.eye_m[2] + depth, 2 * half * float(row["high_m"]), root


def _on_bank(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    rng: np.random.Generator,
    count: int,
) -> Spots:
    """Return tufts on the land between the lens and the shore."""
    view, reach = ctx.start, ctx.camera.focus_m
    shore = shape.near_z if shape.near_z > -1e6 else staged.stage_m
    end = min(shore, staged.stage_m + 2.5 * staged.scale) - view.eye_m[2]
    away = 1 / rng.uniform(1 / max(end, 0.5), 1 / max(0.34 * end, 0.3), count)
    across = rng.uniform(-1.25, 1.25, 60)[rng.integers(0, 60, count)] + rng.normal(0, 0.05, count)
    x = view.eye_m[0] + across * away * view.half_width_m(1.0)
    z = view.eye_m[2] + away
    dry = shape.water_at(x.astype(f32), z.astype(f32)) < -0.05
    dry &= np.hypot(x - staged.spot_x_m, z - staged.stage_m) > 0.10 * reach
    return x[dry], z[dry], float(row["high_m"]) * min(reach / 4.5, 2.0), -0.01


def _at_shore(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    rng: np.random.Generator,
    count: int,
) -> Spots:
    """Return clumps that stand in the shallows."""
    view, reach = ctx.start, ctx.camera.focus_m
    far = float(row.get("far_m", 6.0)) * staged.scale
    clump = rng.integers(0, 9, count)
    spots, back = rng.uniform(-1.25, 1.25, 9), rng.uniform(0.0, 1.0, 9) ** 1.4
    base = shape.near_z if shape.near_z > -1e6 else staged.stage_m - 0.3 * reach
    z = base + (back[clump] + rng.normal(0, 0.03, count)) * far - 0.2
    away = np.maximum(z - view.eye_m[2], 0.5)
    x = view.eye_m[0] + (spots[clump] + rng.normal(0, 0.07, count)) * away * view.half_width_m(1.0)
    keep = np.abs(x - staged.spot_x_m) > 0.18 * reach
    return x[keep], z[keep], float(row["high_m"]) * staged.scale**0.5, -0.03


def _cattails(rng: np.random.Generator, blades: Blades) -> Blades:
    """Return the brown heads of every sixth reed: the last part of its curve, which sways with it."""
    some = rng.random(len(blades.points)) < 0.16
    first = 0.74

    def last_part(told: NDArray[np.float32]) -> NDArray[np.float32]:
        a, b, c = told[:, 0], told[:, 1], told[:, 2]
        start = (1 - first) ** 2 * a + 2 * first * (1 - first) * b + first**2 * c
        return np.stack([start, (1 - first) * b + first * c, c], 1).astype(f32)

    points = last_part(blades.points[some].reshape(-1, 3, 3))
    wide = blades.width[some, :1] * f32(3.0)
    # The wind's wave is told by where a blade stands.
    phase = blades.phase[some] + f32(2.6) * (blades.points[some, 0] - points[:, 0, 0])
    return Blades(
        points=points.reshape(-1, 9), flex=last_part(blades.flex[some]), phase=phase.astype(f32),
        width=np.concatenate([wide, wide * f32(0.9)], 1),
        albedo=np.tile(np.array([0.10, 0.052, 0.025] * 2, f32), (int(some.sum()), 1)),
    )  # fmt: skip


def plant_air(ctx: SetContext, haze: NDArray[np.float32], per_m: float, share: float) -> NDArray[np.float32]:
    """Return the light on plants, as `kernels.plants.AIR`."""
    light = ctx.light
    air = np.zeros(AIR_LENGTH, f32)
    air[0:3] = np.array(light.ambient_up) * 1.0 * share
    behind = max(float(light.sun_direction[2]), 0.0)
    air[3:6] = np.array(light.sun_colour) * (0.30 + 0.35 * behind) * share
    air[6:9] = haze
    air[9] = per_m
    air[10] = 0.02
    air[11] = 0.55
    air[12], air[13] = LAMP_ROOT, LAMP_TIP
    return air
