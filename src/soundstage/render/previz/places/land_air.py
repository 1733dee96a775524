"""What moves over land: birds far off, sand and snow blown along the ground, embers, smoke of a volcano.

Which of them a place has stands in its recipe: `birds`, `drift`, `embers`, `plume`. All follow the time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.kernels.strokes import STROKE_COLUMNS
from soundstage.render.previz.places.land_plume import raise_plume

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.land_light import LandLight
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
WET = ("rain", "storm", "blizzard", "snow", "fog", "dust")
DRIFT_SCALE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Birds:
    """A loose flock far off: two strokes each, that beat."""

    home: NDArray[np.float32]  #: (N, 3) metres from the flock's middle
    phase: NDArray[np.float32]  #: (N,)
    start_m: tuple[float, float, float]
    speed_m_s: float
    span_m: float
    colour: NDArray[np.float32]
    depth_m: float = 9e3
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw every bird."""
        t = moment.t_s
        place = self.home + np.array(self.start_m, np.float32)
        place = place + np.array([self.speed_m_s * t, 0.0, 0.0], np.float32)
        place[:, 1] += np.sin(t * 0.7 + self.phase) * f32(0.6 * self.span_m)
        x, y, scale = view.project(place)
        half = self.span_m * scale / 2
        seen = (scale > 0) & (half > 0.6)
        # Some strokes of the wings, then a glide.
        beat = np.sin(t * 9.0 + self.phase * 3) * np.clip(np.sin(t * 0.9 + self.phase) + 0.6, 0, 1) + 0.15
        rows = np.zeros((2 * len(x), STROKE_COLUMNS), np.float32)
        for k, side in enumerate((-1.0, 1.0)):
            part = rows[k::2]
            part[:, 0], part[:, 1] = x, y
            part[:, 2], part[:, 3] = x + side * half * 0.5, y - half * (0.35 * beat + 0.22)
            part[:, 4], part[:, 5] = x + side * half, y - half * (0.55 * beat)
            part[:, 6], part[:, 7] = np.maximum(half * 0.20, 0.8), np.maximum(half * 0.05, 0.4)
            part[:, 8:11] = part[:, 12:15] = self.colour
            part[:, 11], part[:, 15] = 0.9, 0.75
        canvas.strokes(rows[np.repeat(seen, 2)])


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """Sand or snow that the wind carries low over the ground, in long thin veils."""

    home: NDArray[np.float32]  #: (N, 3) 0..1
    speed_m_s: NDArray[np.float32]  #: (N,)
    colour: NDArray[np.float32]
    tall_m: float
    near_m: float
    far_m: float
    opacity: float
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw every veil: each comes round again, fading in and out at its ends."""
        depth = self.near_m + (self.far_m - self.near_m) * self.home[:, 2] ** 2
        span = depth * f32(2.6 * view.width_px / (2 * view.focal_px)) + 2
        free = self.home[:, 0] * span + self.speed_m_s * f32(moment.t_s) - f32(view.eye_m[0])
        across = (free + span / 2) % span - span / 2
        gust = 0.5 + 0.5 * np.sin(moment.t_s * 1.3 + self.home[:, 0] * 9 + across * 0.15)
        long = (1.2 + 2.2 * self.home[:, 1]) * np.sqrt(depth) * 0.5
        y = self.tall_m * self.home[:, 1] ** 2 * (0.6 + 0.6 * gust)
        z = depth + f32(view.eye_m[2])
        rows = np.zeros((len(depth), STROKE_COLUMNS), np.float32)
        scale = depth
        for k, share in enumerate((-0.5, 0.0, 0.5)):
            points = np.stack(
                [across + long * share + f32(view.eye_m[0]), y + 0.05 * np.sin(across + share * 3), z], 1
            )
            px, py, scale = view.project(points)
            rows[:, 2 * k], rows[:, 2 * k + 1] = px, py
        wide = np.maximum((0.03 + 0.10 * self.home[:, 1]) * scale, 1.0)
        rows[:, 6], rows[:, 7] = wide, wide * 1.6
        rows[:, 8:11] = rows[:, 12:15] = self.colour
        rows[:, :8] *= f32(DRIFT_SCALE)
        edge = np.clip(1 - np.abs(across) / (span / 2), 0, 1) ** 0.5
        rows[:, 11], rows[:, 15] = 0.02, self.opacity * gust * edge
        # Veils have no edge to lose: drawn small, put over the whole.
        scratch = canvas.scratch(DRIFT_SCALE)
        scratch.strokes(rows[scale > 0])
        canvas.over_scratch(scratch, blur_px=1.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Embers:
    """Sparks that rise and go out, as discs of the lens."""

    home: NDArray[np.float32]  #: (N, 4) 0..1
    spread_m: tuple[float, float, float]
    colour: NDArray[np.float32]
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add every spark."""
        life = 3.0 + 3.0 * self.home[:, 3]
        age = (moment.t_s / life + self.home[:, 0] * 7) % 1.0
        turn = moment.t_s * 1.7 + self.home[:, 1] * 40
        depth = self.spread_m[2] * (0.25 + 1.6 * self.home[:, 2])
        wide = depth * f32(view.width_px / (2 * view.focal_px)) * 1.2
        x = (self.home[:, 1] * 2 - 1) * wide + view.eye_m[0] + 0.35 * np.sin(turn) + 0.8 * age
        y = self.spread_m[1] * (self.home[:, 3] * 0.4 + age * (0.5 + self.home[:, 0])) + 0.1 * np.cos(
            turn * 1.3
        )
        px, py, scale = view.project(np.stack([x, y, depth + view.eye_m[2]], 1))
        radius = np.clip(view.coc_px(depth) * 0.7 + 0.006 * scale, 0.9, 0.012 * view.height_px)
        power = np.sin(np.pi * age) ** 0.7 * (0.55 + 0.45 * np.sin(turn * 5)) / (1 + 0.20 * radius**1.5)
        discs = np.column_stack([px, py, radius, self.colour * power[:, None], np.full_like(px, 0.2)])
        canvas.bokeh(discs[scale > 0])


@dataclass(frozen=True, slots=True, kw_only=True)
class Fires:
    """The light that lava throws on whoever stands there. Draws nothing itself."""

    rows: NDArray[np.float32]  #: (M, LAMP_COLUMNS)
    depth_m: float = 8e3
    focus: Literal["back", "full"] = "back"

    @classmethod
    def of(cls, ctx: SetContext, recipe: Mapping[str, Any], light: LandLight) -> Fires:
        """Return the fires of a recipe: two behind the subject, one aside before it."""
        reach = max(1.2 * ctx.start.half_width_m(ctx.camera.focus_m), 0.4)
        z = ctx.camera.eye_m[2] + ctx.camera.focus_m
        power = np.array(recipe["fire"]) * (0.4 + 1.6 * light.darkness)
        rows = [
            [x * reach, 0.35 * reach, z + back * reach, *(power * share), 1.2 * reach**2]
            for x, back, share in ((-1.0, 0.8, 1.0), (1.1, 0.6, 1.0), (0.8, -0.9, 0.5))
        ]
        return cls(rows=np.array(rows, np.float32))

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the fires, flickering."""
        rows = self.rows.copy()
        rows[:, 6] *= f32(1 + 0.12 * math.sin(moment.t_s * 7.3) + 0.08 * math.sin(moment.t_s * 12.1))
        return rows

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw nothing."""


def air_layers(ctx: SetContext, recipe: Mapping[str, Any], light: LandLight, *, flight: bool) -> list[Layer]:
    """Return what moves in a recipe's air; `flight`: seen from high up."""
    layers: list[Layer] = []
    rng = ctx.rng("land air")
    side = 1.0 if ctx.rng("wind").random() < 0.5 else -1.0
    stage = ctx.camera.focus_m
    view = ctx.start
    if recipe.get("birds", True) and ctx.shot.weather not in WET and light.darkness < 0.75:
        far = float(rng.uniform(70, 130)) / (6.0 if flight else 1.0)
        count = int(rng.integers(7, 13))
        rise = math.tan(view.pitch_rad) * far + float(rng.uniform(0.45, 0.7)) * view.half_height_m(far)
        layers.append(
            Birds(
                home=(rng.normal(0, 1, (count, 3)) * np.array([0.09, 0.025, 0.02]) * far).astype(np.float32),
                phase=rng.uniform(0, math.tau, count).astype(np.float32),
                start_m=(
                    view.eye_m[0] - side * 0.35 * view.half_width_m(far),
                    view.eye_m[1] + rise,
                    view.eye_m[2] + far,
                ),
                speed_m_s=side * 0.085 * far,
                span_m=0.013 * far,
                colour=(light.fill * f32(0.05)).astype(np.float32),
            )
        )
    drift: Mapping[str, Any] | None = recipe.get("drift")
    if drift and not flight:
        lit = light.on(np.array(drift["colour"]), np.array([0.0, 1.0, 0.0]), light.open_sky, 1.0, 0.8)
        lit = lit + light.rim * f32(0.10 * light.open_sky * max(float(light.sun[2]), 0))
        count = int(130 + 260 * light.wind)
        layers.append(
            Drift(
                home=rng.random((count, 3)).astype(np.float32),
                speed_m_s=(side * rng.uniform(0.7, 1.3, count) * (1.6 + 9.0 * light.wind)).astype(np.float32),
                colour=lit.astype(np.float32),
                tall_m=float(drift["tall_m"]),
                near_m=0.5 * stage,
                far_m=6.0 * stage,
                opacity=0.02 + 0.15 * light.wind,
                depth_m=0.9 * stage,
            )
        )
    if "embers" in recipe and not flight:
        layers.append(
            Embers(
                home=rng.random((int(recipe["embers"]), 4)).astype(np.float32),
                spread_m=(2.0, 2.2 * ctx.start.half_height_m(stage), stage),
                colour=np.array([2.6, 0.75, 0.13], np.float32) * f32(0.5 + 0.8 * light.darkness),
                depth_m=0.5 * stage,
            )
        )
    if "plume" in recipe:
        layers.append(raise_plume(rng, recipe["plume"], light, side))
    return layers
