"""Moored boats and lamps of a harbour: real hulls that bob, lamps on posts whose light lies in the water."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.places.water_banks import focus_of
from soundstage.render.previz.scene import LAMP_COLUMNS, NO_LAMPS, Ground
from soundstage.render.previz.subjects.solid_build import build_model
from soundstage.render.previz.subjects.solid_draw import Solid
from soundstage.render.previz.subjects.solid_matter import mix_matters
from soundstage.render.previz.subjects.solid_motion import Course

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.places.water_stage import Staged
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
DYES = ((), ("red",), ("blue",), ("white",), ("green",), ("yellow",))


def boats(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:
    """Moor boats: `fleet` rows of model, x in half frames, metres behind the stage, turn, size."""
    del shape, haze, per_m
    rng, layers = ctx.rng("fleet"), []
    ground = Ground(wetness=0.65, stage_m=staged.stage_m, half_width_m=1.0, albedo=(0.02, 0.05, 0.06))
    for n, (name, x_share, back_m, yaw, share) in enumerate(row["fleet"]):
        z = staged.stage_m + float(back_m) * staged.scale
        away = z - ctx.start.eye_m[2]
        x = ctx.start.eye_m[0] + float(x_share) * ctx.start.half_width_m(away)
        model = build_model(name)
        scale = staged.scale**0.35 * float(share)
        size = float((model.high - model.low).max()) * scale
        dye = DYES[int(rng.integers(len(DYES)))]
        course = Course(
            spot_m=(x, 0.0, z), lift_m=float(model.facts.get("lift", 0.0)), travel_m_s=(0.0, 0.0, 0.0),
            action=None,
            habitat="water", yaw_deg=float(yaw), scale=scale, size_m=size, phase=float(rng.uniform(0,
            math.tau)) + n,
            seconds=ctx.seconds,
        )  # fmt: skip
        rows = mix_matters(model.facts, [m[0] for m in model.matters], dye, ctx.light)
        layers.append(
            Solid(
                model=model,
                course=course,
                rows=rows,
                light=ctx.light,
                ground=ground,
                depth_m=away,
                shadow=False,
                focus=focus_of(ctx),
            )
        )
    return layers


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamps:
    """Lamps on posts; after dark they glow and light what is near."""

    feet: NDArray[np.float32]  #: (N, 3)
    high_m: float
    colour: NDArray[np.float32]  #: (3,)
    power: float  #: 0 by day
    post: NDArray[np.float32]  #: (3,) light of the posts
    depth_m: float
    focus: Literal["back", "full"]

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the lamps that shine on others."""
        if self.power < 0.05:
            return NO_LAMPS
        out = np.zeros((len(self.feet), LAMP_COLUMNS), f32)
        out[:, 0:3] = self.feet
        out[:, 1] += self.high_m
        out[:, 3:6] = self.colour
        out[:, 6] = 5.0 * self.power * (1 + 0.03 * math.sin(moment.t_s * 9))
        return out

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw posts, heads and glow."""
        heads = self.feet + np.array([0, self.high_m, 0], f32)
        x0, y0, scale = view.project(self.feet)
        x1, y1, _ = view.project(heads)
        seen = scale > 0
        wide = np.maximum(0.07 * scale, 0.7)
        strokes = np.column_stack([
            x0, y0, (x0 + x1) / 2, (y0 + y1) / 2, x1, y1, wide * 1.4, wide * 0.8,
            np.tile(np.append(self.post, 1.0), (len(x0), 1)),
            np.tile(np.append(self.post, 1.0), (len(x0), 1)), np.zeros((len(x0), 2)),
        ])  # fmt: skip
        canvas.strokes(strokes[seen].astype(f32))
        if self.power < 0.05:
            return
        flicker = 1 + 0.04 * np.sin(moment.t_s * 7 + x0)
        core = np.maximum(0.16 * scale, 1.1)
        light = self.colour * f32(self.power)
        rows = np.concatenate([
            np.column_stack([x1, y1, core, light * (3.2 * flicker)[:, None]]),
            np.column_stack([x1, y1, core * 7, light * 0.10 * np.ones((len(x1), 1))]),
        ])  # fmt: skip
        canvas.glows(rows[np.tile(seen, 2)].astype(f32))


def lamps(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:
    """Set lamps along a line at `far_m`, one every `every_m`; `foot_m` over the water."""
    del shape, haze, per_m
    light = ctx.light
    z = staged.stage_m + float(row["far_m"]) * staged.scale
    away = max(z - ctx.start.eye_m[2], 0.5)
    half = ctx.start.half_width_m(away) * 1.7
    every = float(row.get("every_m", 10.0)) * staged.scale**0.6
    x = ctx.start.eye_m[0] + np.arange(-half, half, every)
    if "spots" in row:
        x = ctx.start.eye_m[0] + np.array(row["spots"]) * ctx.start.half_width_m(away)
    feet = np.stack([x, np.full_like(x, float(row.get("foot_m", 0.0))), np.full_like(x, z)], 1)
    power = min(max((light.darkness - 0.15) / 0.45, 0.0), 1.0) / max(light.grade.exposure, 0.5)
    return [
        Lamps(
            feet=feet.astype(f32), high_m=float(row["high_m"]) * staged.scale**0.4,
            colour=np.array(row.get("colour", [1.0, 0.62, 0.26]), f32),
            power=power, post=(np.array([0.05, 0.05,
            0.055]) * (np.array(light.ambient_up) + 0.2 * np.array(light.sun_colour))).astype(f32),
            depth_m=away, focus=focus_of(ctx),
        )
    ]  # fmt: skip
