"""The parts that a recipe may name besides its banks: reeds, lilies, mist and more. A `[[part]]` is one call.

Each function takes (context, row, staged, shape, haze, haze per metre) and returns layers.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.places.harbour_boats import boats, lamps
from soundstage.render.previz.places.harbour_houses import cranes, houses
from soundstage.render.previz.places.water_banks import focus_of
from soundstage.render.previz.places.water_fall import fall
from soundstage.render.previz.places.water_reeds import reeds
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
            colour=(haze * f32(0.9)).astype(f32), thick=float(row["thick"]),
            height_m=float(row["high_m"]) * staged.scale,
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
                    float(px[n]) + math.cos(a) * size * 0.6,
                    float(py[n]) - math.sin(a) * size * 0.55 - 0.15 * size, size * 0.62, size * 0.24,
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
            flower=np.concatenate([np.tile(bloom, (len(x), 1)), has], 1).astype(f32), haze=haze,
            haze_per_m=per_m,
            depth_m=9.0e3, focus=focus_of(ctx),
        )
    ]  # fmt: skip


PARTS: Mapping[str, Callable[..., list[Any]]] = {
    "rocks": rocks, "reeds": reeds, "lilies": lilies, "mist": mist, "houses": houses, "cranes": cranes,
    "boats": boats,
    "lamps": lamps, "fall": fall, "spray": spray,
}  # fmt: skip
