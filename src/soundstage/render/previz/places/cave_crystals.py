"""Crystals in clumps on a cave's floor: prisms with faces that shine, and the light they give."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.places.water_banks import focus_of
from soundstage.render.previz.scene import LAMP_COLUMNS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32


@dataclass(frozen=True, slots=True, kw_only=True)
class Crystals:
    """Clumps of one band of depth."""

    foot: NDArray[np.float32]  #: (N, 3)
    tip: NDArray[np.float32]  #: (N, 3)
    wide_m: NDArray[np.float32]  #: (N,)
    colour: NDArray[np.float32]  #: (N, 3)
    power: float
    depth_m: float
    focus: Literal["back", "full"]

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return one lamp a clump."""
        some = slice(0, len(self.foot), 6)
        out = np.zeros((len(self.foot[some]), LAMP_COLUMNS), f32)
        out[:, 0:3] = (self.foot[some] + self.tip[some]) / 2
        out[:, 3:6] = self.colour[some]
        out[:, 6] = 1.6 * self.power * (1 + 0.08 * math.sin(1.3 * moment.t_s))
        return out

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw each prism as a dark and a bright face, and its glow."""
        x0, y0, s0 = view.project(self.foot)
        x1, y1, s1 = view.project(self.tip)
        keep = (s0 > 0) & (s1 > 0)
        wide = self.wide_m * s0
        pulse = 1 + 0.10 * np.sin(1.1 * moment.t_s + self.foot[:, 0] * 3)
        rows: list[NDArray[np.float32]] = []
        for aside, size, gain_foot, gain_tip in (
            (0.0, 1.0, 0.10, 0.55),
            (-0.22, 0.42, 0.22, 1.25),
            (0.26, 0.20, 0.06, 0.30),
        ):
            a = self.colour * f32(self.power * gain_foot)
            b = self.colour * (f32(self.power * gain_tip) * pulse)[:, None].astype(f32) + f32(0.03 * gain_tip)
            shift = wide * f32(aside)
            one = np.ones_like(x0)
            rows.append(np.column_stack([
                x0 + shift, y0, (x0 + x1) / 2 + shift, (y0 + y1) / 2, x1 + shift * 0.25, y1, wide * size,
                wide * size * 0.22, a, one, b, one, one * 0, one * 0,
            ]))  # fmt: skip
        order = np.argsort(-self.foot[:, 2])
        whole = np.stack(rows, 1)[order]
        canvas.strokes(whole[keep[order]].reshape(-1, whole.shape[2]).astype(f32))
        glow = np.column_stack(
            [
                (x0 + x1) / 2,
                (y0 + y1) / 2,
                np.minimum(np.hypot(x1 - x0, y1 - y0) * 0.75, 0.12 * canvas.height),
                self.colour * f32(0.030 * self.power),
            ]
        )
        canvas.glows(glow[keep].astype(f32))


def crystals(
    ctx: SetContext,
    row: Mapping[str, Any],
    *,
    stage_m: float,
    scale: float,
    fog: NDArray[np.float64],
    per_m: float,
    day: float,
) -> list[Layer]:
    """Grow clumps at the sides: `crystals` of them in `hues`."""
    del fog, per_m
    rng, view = ctx.rng("crystals"), ctx.start
    power = (
        (0.55 + 0.45 * (1 - day)) * float(row.get("crystal_power", 1.0)) / max(ctx.light.grade.exposure, 0.6)
    )
    hues = np.array(row["hues"])
    layers: list[Layer] = []
    for nth, (near, far, share) in enumerate(((1.3, 6.5, 0.65), (-0.35, 0.25, 0.35))):
        feet, tips, wides, tones = [], [], [], []
        for _ in range(max(int(int(row["crystals"]) * share), 2)):
            z = stage_m + rng.uniform(near, far) * scale
            away = max(z - view.eye_m[2], 0.4)
            x = view.eye_m[0] + rng.choice([-1, 1]) * rng.uniform(0.45, 1.15) * min(
                view.half_width_m(away), 5.5 * scale
            )
            tone = hues[int(rng.integers(len(hues)))]
            for _ in range(6):
                size = scale * rng.uniform(0.18, 0.75)
                lean = rng.normal(0, 0.38)
                fx = x + rng.normal(0, 0.16) * scale
                feet.append((fx, -0.03 * scale, z + rng.normal(0, 0.1) * scale))
                tips.append((fx + math.sin(lean) * size, math.cos(lean) * size, z))
                wides.append(size * rng.uniform(0.14, 0.24))
                tones.append(tone * rng.uniform(0.7, 1.2))
        layers.append(
            Crystals(
                foot=np.array(feet, f32), tip=np.array(tips, f32), wide_m=np.array(wides, f32),
                colour=np.array(tones, f32), power=power,
                depth_m=float(np.mean([f[2] for f in feet])), focus=focus_of(ctx) if nth == 0 else "full",
            )
        )  # fmt: skip
    return layers
