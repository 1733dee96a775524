"""Spray: mist that stands at the foot of a fall, and bursts where a wave breaks on rock. Puffs and drops.

Everything is a function of the time, so that any frame can be drawn by itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.places.water_banks import focus_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.places.water_stage import Staged
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
LIFE_S = 2.6  #: of a puff


@dataclass(frozen=True, slots=True, kw_only=True)
class Spray:
    """Water in the air over one spot."""

    at: NDArray[np.float32]  #: (3,) middle of its foot
    wide_m: float
    high_m: float
    light: NDArray[np.float32]  #: (3,)
    period_s: float  #: between bursts; 0: it never stops
    drops: int
    puffs: int
    seed: int
    wind: float
    thick: float  #: opacity of a puff
    depth_m: float
    focus: Literal["back", "full"]
    offset_s: float = 0.0

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw the puffs, then the drops before them."""
        if self.at[2] - view.eye_m[2] < 0.3:
            return
        chance = np.random.default_rng(self.seed)
        home = chance.random((self.puffs, 4)).astype(f32)
        t = moment.t_s + self.offset_s
        if self.period_s > 0:
            age = np.full(self.puffs, (t % self.period_s) / LIFE_S, f32) * (f32(0.8) + f32(0.4) * home[:, 3])
        else:
            age = ((t / LIFE_S + home[:, 3]) % 1.0).astype(f32)
        alive = age < 1
        rise = (1 - (1 - np.minimum(age, 1)) ** 2) * f32(self.high_m) * (f32(0.25) + f32(0.75) * home[:, 1])
        if self.period_s > 0:
            rise = f32(self.high_m * 1.9) * age * (f32(1.15) - age) * (f32(0.35) + f32(0.65) * home[:, 1])
        points = np.tile(self.at, (self.puffs, 1))
        points[:, 0] += (home[:, 0] - f32(0.5)) * f32(self.wide_m) * (f32(0.8) + f32(0.7) * age) + f32(
            self.wind * 1.2
        ) * age * f32(self.high_m * 0.4)
        points[:, 1] += rise
        x, y, scale = view.project(points)
        size = f32(self.wide_m) * (f32(0.10) + f32(0.16) * age) * (f32(0.7) + f32(0.6) * home[:, 2]) * scale
        alpha = f32(self.thick) * np.sin(math.pi * np.clip(age, 0, 1)) * (f32(0.6) + f32(0.4) * home[:, 2])
        keep = alive & (scale > 0) & (alpha > 0.004)
        # Wide and soft: worked at a quarter of the canvas.
        scratch = canvas.scratch(0.25)
        tone = self.light * (alpha * (f32(0.85) + f32(0.3) * home[:, 1]))[:, None]
        scratch.glows(
            np.column_stack([x * 0.25, y * 0.25, np.maximum(size * 0.16, 0.6), tone])[keep].astype(f32)
        )
        canvas.add_scratch(scratch)
        self._drops(canvas, view, t, chance)

    def _drops(self, canvas: Canvas, view: View, t: float, chance: np.random.Generator) -> None:
        u = chance.random((self.drops, 4)).astype(f32)
        period = self.period_s if self.period_s > 0 else 1.1
        shift = 0.0 if self.period_s > 0 else 1.0
        age = ((t / period + shift * u[:, 3]) % 1.0).astype(f32) * f32(period)
        up = np.sqrt(2 * 9.81 * f32(self.high_m) * (f32(0.2) + f32(0.8) * u[:, 1])).astype(f32)
        points = np.tile(self.at, (self.drops, 1))
        points[:, 0] += (u[:, 0] - f32(0.5)) * f32(self.wide_m) + (u[:, 2] - f32(0.5)) * f32(
            1.6
        ) * age * np.sqrt(up)
        points[:, 1] += up * age - f32(4.9) * age * age
        x, y, scale = view.project(points)
        keep = (points[:, 1] > self.at[1]) & (scale > 0)
        radius = np.maximum(
            f32(0.004 * self.wide_m + 0.01) * scale, f32(0.7 / 1080 * view.height_px) + f32(0.25)
        )
        rows = np.column_stack(
            [x, y, radius, np.tile(self.light * f32(0.55), (self.drops, 1)), np.full_like(x, 0.2)]
        )
        canvas.bokeh(rows[keep].astype(f32))


def spray(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:
    """Let waves burst on rock: `spots` of x in half frames and metres behind the stage; higher in wind."""
    del shape, per_m
    rng, light, layers = ctx.rng("spray"), ctx.light, []
    force = 0.4 + 1.5 * light.wind
    for x_share, back_m in row["spots"]:
        z = staged.stage_m + float(back_m) * staged.scale
        away = z - ctx.start.eye_m[2]
        high = float(row["high_m"]) * staged.scale * force
        x = ctx.start.eye_m[0] + float(x_share) * ctx.start.half_width_m(away)
        white = np.array(light.ambient_up) * 0.85 + np.array(light.sun_colour) * 0.16
        layers.append(
            Spray(
                at=np.array([x, 0.0, z], f32), wide_m=high * 1.5, high_m=high,
                light=(white * 0.8 + haze * 0.2).astype(f32),
                period_s=float(rng.uniform(3.2, 5.5)), drops=90, puffs=26, seed=int(rng.integers(1 << 30)),
                wind=light.wind, thick=0.15,
                depth_m=z, focus=focus_of(ctx), offset_s=float(rng.uniform(0, 4)),
            )
        )  # fmt: skip
    return layers
