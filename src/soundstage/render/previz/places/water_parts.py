"""The parts that a recipe may name besides its banks: rocks, reeds, lilies, mist. A row of `[[part]]` is one call.

Each function takes (context, row, staged, shape, haze, haze per metre) and returns layers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.kernels.plants import AIR_LENGTH
from soundstage.render.previz.places.harbour_boats import boats, lamps
from soundstage.render.previz.places.harbour_houses import cranes, houses
from soundstage.render.previz.places.plants import Blades, grow_grass
from soundstage.render.previz.places.undergrowth import LAMP_ROOT, LAMP_TIP, Thicket
from soundstage.render.previz.places.water_banks import focus_of
from soundstage.render.previz.places.water_fall import fall
from soundstage.render.previz.places.water_rocks import rocks
from soundstage.render.previz.places.water_spray import spray
from soundstage.render.previz.weather import Mist

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.places.water_stage import Staged
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
STEEP_RAD = -0.42  #: a camera that looks down more has nothing between it and the ground


def reeds(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:
    """Grow reeds: clumps at the shore (`where` shore), in the water, or before the lens (`where` lens)."""
    if ctx.start.pitch_rad < STEEP_RAD and row["where"] == "lens":
        return []
    rng = ctx.rng(f"reeds {row['where']} {row.get('seed', 0)}")
    view, count = ctx.start, int(row["count"])
    reach = ctx.camera.focus_m
    if row["where"] == "lens":
        depth = np.full(count, 0.42 * reach) * rng.uniform(0.8, 1.2, count)
        side = rng.choice([-1.0, 1.0], count, p=[0.6, 0.4]) * rng.uniform(0.62, 1.25, count)
        x = view.eye_m[0] + side * depth * view.half_width_m(1.0)
        z = view.eye_m[2] + depth
        tall = 2 * view.half_height_m(0.42 * reach) * float(row["high_m"])
        root = np.full(
            count,
            view.eye_m[1] + math.tan(view.pitch_rad) * 0.42 * reach - 1.1 * view.half_height_m(0.42 * reach),
        )
    elif row["where"] == "bank":
        # Short growth on the land between the lens and the shore.
        end = (
            min(shape.near_z if shape.near_z > -1e6 else staged.stage_m, staged.stage_m + 2.5 * staged.scale)
            - view.eye_m[2]
        )
        away = 1 / rng.uniform(1 / max(end, 0.5), 1 / max(0.34 * end, 0.3), count)
        clump = rng.integers(0, 60, count)
        x = view.eye_m[0] + (
            rng.uniform(-1.25, 1.25, 60)[clump] + rng.normal(0, 0.05, count)
        ) * away * view.half_width_m(1.0)
        z = view.eye_m[2] + away
        dry = shape.water_at(x.astype(f32), z.astype(f32)) < -0.05
        dry &= np.hypot(x - staged.spot_x_m, z - staged.stage_m) > 0.10 * reach
        x, z = x[dry], z[dry]
        count = len(x)
        tall, root = float(row["high_m"]) * min(reach / 4.5, 2.0), np.full(count, -0.01)
    else:
        far = float(row.get("far_m", 6.0)) * staged.scale
        clump = rng.integers(0, 9, count)
        spots = rng.uniform(-1.25, 1.25, 9)
        zs = rng.uniform(0.0, 1.0, 9) ** 1.4
        base = shape.near_z if shape.near_z > -1e6 else staged.stage_m - 0.3 * reach
        z = base + (zs[clump] + rng.normal(0, 0.03, count)) * far - 0.2
        if row["where"] == "far":
            z = shape.far_z - rng.uniform(0.2, 2.5, count) * staged.scale
        away = np.maximum(z - view.eye_m[2], 0.5)
        x = view.eye_m[0] + (spots[clump] + rng.normal(0, 0.07, count)) * away * view.half_width_m(1.0)
        if row["where"] == "far":
            x = view.eye_m[0] + rng.uniform(-1.3, 1.3, count) * away * view.half_width_m(1.0)
        keep = np.abs(x - staged.spot_x_m) > 0.18 * reach
        x, z = x[keep], z[keep]
        count = len(x)
        tall, root = float(row["high_m"]) * staged.scale**0.5, np.full(count, -0.03)
    if not count:
        return []
    if row["where"] == "bank" and staged.afloat:
        return []
    blades = grow_grass(
        rng,
        count,
        x_m=x,
        root_m=np.zeros(count),
        z_m=z,
        height_m=(0.55 * tall, tall),
        lean=0.05,
        white=ctx.light.white,
    )
    points = blades.points.copy()
    points[:, 1::3] += root[:, None].astype(f32)
    width = blades.width * f32(float(row.get("wide", 1.0)) * (2.2 if row["where"] == "lens" else 1.6))
    tint = np.array(row["albedo"], f32) / np.array([0.15, 0.215, 0.085], f32)
    albedo = blades.albedo * np.tile(tint, 2) if ctx.light.white < 0.3 else blades.albedo
    blades = Blades(points=points, flex=blades.flex, phase=blades.phase, width=width, albedo=albedo)
    parts = [blades]
    if row.get("cattails", False):
        parts.append(_cattails(rng, blades))
    lens = row["where"] == "lens"
    return [
        Thicket(
            depth_m=float(np.mean(z)), blades=Blades.joined(parts), air=plant_air(ctx, haze, per_m, 0.45 if lens else 1.0),
            wind=ctx.light.wind, focus="full" if lens else focus_of(ctx), soft=lens,
            period_m=3.2 * reach * view.half_width_m(1.0) if math.hypot(*ctx.travel_m_s) > 0 else 0.0,
        )
    ]  # fmt: skip


def _cattails(rng: np.random.Generator, blades: Blades) -> Blades:
    """Return the brown heads of every fifth reed."""
    some = rng.random(len(blades.points)) < 0.16
    p = blades.points[some].reshape(-1, 3, 3)
    ends = np.stack(
        [p[:, 1] * f32(0.25) + p[:, 2] * f32(0.75), p[:, 1] * f32(0.12) + p[:, 2] * f32(0.88), p[:, 2]], 1
    )
    wide = blades.width[some, :1] * f32(3.4)
    return Blades(
        points=ends.reshape(-1, 9).astype(f32), flex=np.repeat(blades.flex[some, 2:3] * f32(0.8), 3, axis=1),
        phase=blades.phase[some], width=np.concatenate([wide, wide * f32(0.9)], 1),
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


def mist(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:
    """Lay a low sheet of mist over the water where dawn, night or the recipe asks for it."""
    del shape, per_m
    asked = ctx.shot.time_of_day in row.get("times", ()) or row.get("always", False)
    if not asked or ctx.light.wind > 0.5:
        return []
    return [
        Mist(
            depth_m=(far := float(row["far_m"]) * staged.scale) + staged.stage_m, z_m=staged.stage_m + far,
            colour=(haze * f32(0.9)).astype(f32), thick=float(row["thick"]), height_m=float(row["high_m"]) * staged.scale,
            drift_m_s=0.35, offset_m=float(ctx.rng("low mist").uniform(0, 200)), focus=focus_of(ctx),
        )
    ]  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Lilies:
    """Leaves that lie on the water, some with a flower; they turn and bob a little."""

    spots: NDArray[np.float32]  #: (N, 4) x, z, radius, turn
    leaf: NDArray[np.float32]  #: (N, 3)
    flower: NDArray[np.float32]  #: (N, 4) colour, and 1 where there is one
    haze: NDArray[np.float32]
    haze_per_m: float
    depth_m: float
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw every leaf as the ellipse it looks from here, and a shade under it."""
        x, z, r, turn = self.spots.T
        bob = (0.012 * np.sin(moment.t_s * 0.9 + turn * 5)).astype(f32)
        points = np.stack([x + bob, np.zeros_like(x), z], 1)
        px, py, scale = view.project(points)
        away = np.maximum(view.to_camera(points)[:, 2], 0.3)
        flat = np.clip(f32(view.eye_m[1]) / away, 0.05, 1).astype(f32)
        air = (1 - np.exp(-away * f32(self.haze_per_m)))[:, None]
        rows: list[NDArray[np.float32]] = []
        one, zero = np.ones_like(x), np.zeros_like(x)

        def disc(
            dy: NDArray[np.float32], size: NDArray[np.float32], colour: NDArray[np.float32], a: float
        ) -> None:
            seen = colour + (self.haze - colour) * air
            rows.append(
                np.column_stack([px, py + dy, size, size * flat, one, zero, seen, one * a, one * 0.12, zero])
            )

        wide = r * scale
        disc(wide * flat * f32(0.22), wide * f32(1.04), self.leaf * f32(0.12), 0.6)
        disc(zero, wide, self.leaf * (f32(0.8) + f32(0.3) * np.sin(turn * 7))[:, None], 1.0)
        disc(-wide * flat * f32(0.12), wide * f32(0.72), self.leaf * f32(1.18), 0.6)
        order = np.argsort(-away)
        whole = np.stack(rows, 1)[order].reshape(-1, rows[0].shape[1])
        keep = np.repeat(scale[order] > 0, len(rows))
        canvas.ellipses(whole[keep].astype(f32))
        petals: list[list[float]] = []
        for n in np.flatnonzero((self.flower[:, 3] > 0) & (scale > 0)):
            size = float(wide[n]) * 0.34
            colour = self.flower[n, :3] + (self.haze - self.flower[n, :3]) * air[n]
            for k in range(9):
                a = math.pi * (0.06 + 0.88 * k / 8)
                tone = 0.75 + 0.35 * math.sin(a)
                petals.append([
                    float(px[n]) + math.cos(a) * size * 0.6, float(py[n]) - math.sin(a) * size * 0.55 - 0.15 * size, size * 0.62, size * 0.24,
                    math.cos(a), -math.sin(a), *(colour * tone).tolist(), 1.0, 0.2, 1.0,
                ])  # fmt: skip
        canvas.ellipses(petals)


def lilies(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:
    """Strew lily pads over the near water."""
    rng, light = ctx.rng("lilies"), ctx.light
    view, count = ctx.start, int(row["count"])
    base = shape.near_z if shape.near_z > -1e6 else view.eye_m[2] + 0.4 * ctx.camera.focus_m
    z = base + 0.3 + rng.random(count) ** 1.6 * float(row.get("far_m", 14.0)) * staged.scale
    away = z - view.eye_m[2]
    centre = rng.uniform(-1.1, 1.1, 6)[rng.integers(0, 6, count)]
    x = view.eye_m[0] + (centre + rng.normal(0, 0.16, count)) * away * view.half_width_m(1.0)
    wet = shape.water_at(x.astype(f32), z.astype(f32)) > 0.15
    if staged.afloat:
        wet &= np.hypot(x - staged.spot_x_m, z - staged.stage_m) > 0.35 * staged.calm_m
    x, z = x[wet], z[wet]
    r = rng.uniform(0.10, 0.24, len(x)) * staged.scale**0.5
    sunny = np.array(light.ambient_up) + np.array(light.sun_colour) * (
        0.10 + 0.4 * max(float(light.sun_direction[1]), 0)
    )
    leaf = np.array(row["albedo"]) * sunny * rng.uniform(0.7, 1.3, (len(x), 1))
    bloom = np.array(row.get("flower", [0.75, 0.42, 0.52])) * sunny
    has = (rng.random(len(x)) < float(row.get("flowers", 0.18)))[:, None]
    return [
        Lilies(
            spots=np.column_stack([x, z, r, rng.uniform(0, 6, len(x))]).astype(f32), leaf=leaf.astype(f32),
            flower=np.concatenate([np.tile(bloom, (len(x), 1)), has], 1).astype(f32), haze=haze, haze_per_m=per_m,
            depth_m=9.0e3, focus=focus_of(ctx),
        )
    ]  # fmt: skip


PARTS: Mapping[str, Callable[..., list[Any]]] = {
    "rocks": rocks, "reeds": reeds, "lilies": lilies, "mist": mist, "houses": houses, "cranes": cranes, "boats": boats,
    "lamps": lamps, "fall": fall, "spray": spray,
}  # fmt: skip
