"""Land, woods and towers far away: height curves along x, hazier with distance, lit after dark."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels.room import paint_ridge
from soundstage.render.previz.sky import horizon_rows, pixel_rays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
SAMPLES = 8192
STREAK_SCALE = 0.25
PERIODS = 8  #: distances after which a ridge repeats; a frame sees less than two
WARM = (1.0, 0.62, 0.28)
NEON = ((1.0, 0.16, 0.55), (0.14, 0.75, 1.0), (1.0, 0.45, 0.12), (0.55, 0.20, 1.0))
Curve = Callable[[np.random.Generator, int], "NDArray[np.float64]"]


def _wander(rng: np.random.Generator, knots: int, octaves: int, gain: float = 0.5) -> NDArray[np.float64]:
    """Return periodic noise of SAMPLES values, mean near 0.5."""
    total = np.zeros(SAMPLES)
    share, weight = 0.0, 1.0
    for _ in range(octaves):
        values = rng.random(knots)
        spot = np.arange(SAMPLES) / SAMPLES * knots
        k = spot.astype(int)
        u = spot - k
        u = u * u * (3 - 2 * u)
        total += weight * (values[k % knots] * (1 - u) + values[(k + 1) % knots] * u)
        share += weight
        weight *= gain
        knots = min(knots * 2, SAMPLES // 4)
    return total / share


def _hills(rng: np.random.Generator, knots: int) -> NDArray[np.float64]:
    return 0.30 + 0.80 * _wander(rng, knots, 5, 0.40)


def _dunes(rng: np.random.Generator, knots: int) -> NDArray[np.float64]:
    # A dune rises slowly and falls at once: the sum of a wave and a sharpened one.
    slow = _wander(rng, knots, 2, 0.3)
    return 0.25 + 0.75 * np.maximum(slow, _wander(rng, knots * 2, 1)) ** 1.5


def _peaks(rng: np.random.Generator, knots: int) -> NDArray[np.float64]:
    height = _wander(rng, knots, 2)
    total, weight = np.zeros(SAMPLES), 1.0
    for k in range(6):
        total += weight * (1 - np.abs(2 * _wander(rng, knots * 2 * 2**k, 1) - 1))
        weight *= 0.5
    return 0.15 + 0.85 * height * (total / 1.97) * 1.5


def _mesas(rng: np.random.Generator, knots: int) -> NDArray[np.float64]:
    base = _wander(rng, knots, 3)
    steps = np.round(base * 5) / 5
    return 0.15 + 0.9 * (0.8 * steps + 0.2 * base) + 0.03 * _wander(rng, knots * 16, 3)


def _trees(rng: np.random.Generator, knots: int) -> NDArray[np.float64]:
    return 0.26 + 0.55 * _wander(rng, knots, 3) + 0.50 * (_wander(rng, knots * 9, 5, 0.62) - 0.5)


def _pines(rng: np.random.Generator, knots: int) -> NDArray[np.float64]:
    count = knots * 26
    spot = np.arange(SAMPLES) / SAMPLES * count
    k = spot.astype(int)
    tall = rng.uniform(0.15, 1.0, count)[k % count]
    tip = 1 - np.abs(2 * (spot - k) - 1)
    return 0.20 + 0.42 * _wander(rng, knots, 3) + 0.42 * tall * tip**1.2 + 0.05 * _wander(rng, knots * 60, 2)


def _towers(rng: np.random.Generator, knots: int) -> NDArray[np.float64]:
    edges = np.sort(rng.choice(SAMPLES, knots * 8, replace=False))
    heights = rng.beta(1.6, 3.2, len(edges) + 1) * (0.5 + _wander(rng, knots, 2)[np.append(edges, 0)])
    slot = np.searchsorted(edges, np.arange(SAMPLES), side="right")
    mast = (rng.random(len(edges) + 1) < 0.06)[slot] & (np.arange(SAMPLES) % 23 == 0)
    return 0.10 + heights[slot] * 1.25 + 0.18 * mast


def _roofs(rng: np.random.Generator, knots: int) -> NDArray[np.float64]:
    edges = np.sort(rng.choice(SAMPLES, knots * 9, replace=False))
    slot = np.searchsorted(edges, np.arange(SAMPLES), side="right")
    ends = np.concatenate([[0], edges, [SAMPLES]])
    u = (np.arange(SAMPLES) - ends[slot]) / np.maximum(ends[slot + 1] - ends[slot], 1)
    pitch = rng.uniform(0.1, 0.35, len(edges) + 1)[slot] * (1 - np.abs(2 * u - 1))
    return 0.22 + rng.uniform(0.1, 0.4, len(edges) + 1)[slot] + pitch


SHAPES: Mapping[str, Curve] = {
    "hills": _hills, "dunes": _dunes, "peaks": _peaks, "mesas": _mesas, "trees": _trees, "pines": _pines,
    "towers": _towers, "roofs": _roofs,
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Ridge:
    """One height curve, standing upright at a distance."""

    depth_m: float
    heights: NDArray[np.float32]  #: (SAMPLES,) metres
    period_m: float
    crown: NDArray[np.float32]  #: (3,)
    foot: NDArray[np.float32]  #: (3,)
    lights: NDArray[np.float32]  #: (N, 5) x, share of the height, r, g, b
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:  # noqa: ARG002 - land does not move
        """Fill the ridge and set its lights."""
        left, right = horizon_rows(view)
        width = canvas.width
        horizon = np.linspace(left, right, width)
        rays = pixel_rays(view).astype(np.float64)
        directions = rays[0] + rays[1] * np.arange(width)[:, None] + rays[2] * horizon[:, None]
        ahead = np.maximum(directions[:, 2], 0.05)
        x = view.eye_m[0] + directions[:, 0] / ahead * self.depth_m
        scale = view.focal_px / (self.depth_m / ahead)
        top = horizon - (self._height(x) - view.eye_m[1]) * scale
        base = horizon + view.eye_m[1] * scale
        soft = f32(max(0.25, 1 / (1 + float(view.coc_px(self.depth_m)))))
        paint_ridge(*canvas.rgb, top.astype(np.float32), base.astype(np.float32), soft, self.crown, self.foot)
        if len(self.lights):
            px, py, _ = self.place_lights(view)
            radius = max(float(view.coc_px(self.depth_m)), 0.0026 * view.height_px)
            # The same light, spread over a larger disc, is dimmer.
            gain = 1.6 / (0.6 + 0.5 * radius)
            rim = np.full_like(px, 0.4)
            table = np.column_stack([px, py, np.full_like(px, radius), self.lights[:, 2:] * gain, rim])
            canvas.bokeh(table[(px > -radius) & (px < canvas.width + radius)])

    def place_lights(
        self, view: View
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Return x, y (px) of every light, and y of its mirror image in level ground."""
        x = self.lights[:, 0].astype(np.float64)
        home = view.eye_m[0] + math.tan(view.yaw_rad) * self.depth_m
        x = x + np.round((home - x) / self.period_m) * self.period_m
        y = self._height(x) * self.lights[:, 1]
        z = np.full_like(x, self.depth_m + view.eye_m[2])
        px, py, _ = view.project(np.stack([x, y, z], 1))
        _, below, _ = view.project(np.stack([x, -y, z], 1))
        return px, py, below

    def _height(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        spot = (x / self.period_m % 1.0) * SAMPLES
        k = spot.astype(int) % SAMPLES
        u = spot - np.floor(spot)
        return self.heights[k] * (1 - u) + self.heights[(k + 1) % SAMPLES] * u


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaks:
    """A ridge's lights in wet ground: each drawn out toward the viewer."""

    ridge: Ridge
    wetness: float
    depth_m: float = 9.8e3  # on the ground, under what stands on it
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw one streak for each light that the frame sees."""
        top = min(max(math.floor(min(horizon_rows(view)) * STREAK_SCALE), 0), canvas.height)
        scratch = canvas.scratch(STREAK_SCALE)
        if top >= scratch.height - 1:
            return
        px, _, py = (v * f32(STREAK_SCALE) for v in self.ridge.place_lights(view))
        px = px + np.sin(px * 1.3 + moment.t_s * 2.1).astype(np.float32) * f32(0.0012 * scratch.height)
        seen = (px > -8) & (px < scratch.width + 8) & (py < scratch.height + 40)
        size = np.full_like(px, max(0.006 * scratch.height, 0.8))
        gain = f32(1.3 * self.wetness)
        table = np.column_stack([px, py, size, self.ridge.lights[:, 2:] * gain, np.zeros_like(px)])
        scratch.bokeh(table[seen])
        blur = (0.007 * scratch.height, 0.050 * scratch.height)
        first, grow = top, round(1 / STREAK_SCALE)
        for plane, out in zip(scratch.planes, canvas.planes, strict=True):
            soft = cv2.GaussianBlur(plane[first:], (0, 0), max(blur[0], 0.3), sigmaY=max(blur[1], 0.3))
            full = cv2.resize(
                soft, (scratch.width * grow, soft.shape[0] * grow), interpolation=cv2.INTER_LINEAR
            )
            part = out[first * grow :]
            part += full[: part.shape[0], : canvas.width]


def ridge(
    ctx: SetContext,
    name: str,
    line: Mapping[str, Any],
    haze: NDArray[np.float32],
    per_m: float,
    wetness: float,
) -> tuple[Layer, ...]:
    """Build a ridge of the table: lit by the day, taken by haze, its lights mirrored where it is wet."""
    rng = ctx.rng(f"ridge {name}")
    light = ctx.light
    far = float(line["far_m"])
    period = far * PERIODS
    heights = SHAPES[line["shape"]](rng, max(int(period / line["wide_m"]), 3)) * line["high"] * far
    albedo = np.array(line["albedo"])
    albedo = albedo + (0.72 - albedo) * 0.55 * light.white
    front = max(-float(light.sun_direction[2]), 0.0)
    lit = albedo * (np.array(light.ambient_up) * 0.9 + np.array(light.sun_colour) * (0.10 + 0.30 * front))
    air = 1 - math.exp(-(per_m * 1.4 + 0.00055) * far)
    crown = lit + (haze - lit) * air
    foot = lit + (haze - lit) * min(air * 1.15 + 0.22, 1.0)
    lights = np.zeros((0, 5), np.float32)
    if line.get("lights", 0) and light.darkness > 0.25:
        count = int(line["lights"] * min(period, 3000) / 1000 * 2)
        colours = np.tile(np.array(WARM), (count, 1))
        if ctx.wants("neon", "cyberpunk", "futuristic") or ctx.shot.place == "neon_street":
            some = rng.random(count) < 0.55
            colours[some] = np.array(NEON)[rng.integers(0, len(NEON), int(some.sum()))]
        power = rng.uniform(0.15, 1.0, (count, 1)) ** 2 * (light.darkness * 3.4) * (1 - 0.6 * air)
        lights = np.column_stack(
            [rng.uniform(0, period, count), rng.uniform(0.05, 0.92, count), colours * power]
        )
    built = Ridge(
        depth_m=far,
        heights=heights.astype(np.float32),
        period_m=period,
        crown=crown.astype(np.float32),
        foot=foot.astype(np.float32),
        lights=lights.astype(np.float32),
    )
    if not len(lights) or wetness < 0.15:
        return (built,)
    return built, Streaks(ridge=built, wetness=wetness)
