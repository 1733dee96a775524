"""Lightning: bolts in the sky, and the instant in which everything is lit by them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.kernels.strokes import STROKE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
BOLT_DEPTH_M = 5e5
EVERY_S = 2.3  #: a flash, on average, at full lightning
FADE_S = 0.11
BOLT_S = 0.30
FLICKER = ((0.0, 1.0), (0.085, 0.55), (0.17, 0.8))  #: a stroke and its return strokes: seconds, share
TINT = (1.6, 1.8, 2.3)


def flash_at(flashes: NDArray[np.float32], t_s: float) -> float:
    """Return the light of flashes (N, 2: time, strength) at a time: 0 between them, about 1 at a peak."""
    total = 0.0
    for start, strength in flashes:
        for delay, share in FLICKER:
            age = t_s - float(start) - delay
            if age >= 0:
                total += float(strength) * share * math.exp(-age / FADE_S)
    return min(total, 1.4)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flash:
    """Lights all that has been drawn, for an instant."""

    flashes: NDArray[np.float32]  #: (N, 2)
    gain: float
    depth_m: float = 0.001  # after everything else
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:  # noqa: ARG002 - light is everywhere
        """Multiply the frame."""
        flash = flash_at(self.flashes, moment.t_s) * self.gain
        if flash > 0.01:
            for plane, tint in zip(canvas.planes, TINT, strict=True):
                plane[:] *= f32(1 + flash * tint)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bolt:
    """One bolt between cloud and horizon."""

    start_s: float
    path: NDArray[np.float32]  #: (N, 4) of its pieces: from and to, direction-plane x and y
    width: NDArray[np.float32]  #: (N,) of the frame's height
    light: NDArray[np.float32]  #: (3,)
    depth_m: float = BOLT_DEPTH_M
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw the bolt while it burns."""
        age = moment.t_s - self.start_s
        if not 0 <= age < BOLT_S:
            return
        power = flash_at(np.array([[self.start_s, 1.0]], np.float32), moment.t_s)
        ends = []
        for k in (0, 2):
            far = np.column_stack([self.path[:, k], self.path[:, k + 1], np.ones(len(self.path))])
            ends.append(view.project(np.asarray(view.eye_m) + far * 1000.0))
        (x0, y0, _), (x1, y1, _) = ends
        strokes = np.zeros((len(self.path), STROKE_COLUMNS), np.float32)
        strokes[:, 0], strokes[:, 1] = x0, y0
        strokes[:, 2], strokes[:, 3] = (x0 + x1) / 2, (y0 + y1) / 2
        strokes[:, 4], strokes[:, 5] = x1, y1
        strokes[:, 6] = strokes[:, 7] = np.maximum(self.width * view.height_px, 0.8)
        strokes[:, 8:11] = strokes[:, 12:15] = self.light * f32(power)
        strokes[:, 11] = strokes[:, 15] = min(power, 1.0)
        canvas.strokes(strokes)
        sigma = f32(0.035 * view.height_px)
        root = np.column_stack(
            [x0, y0, np.full_like(x0, sigma), np.tile(self.light * f32(0.012 * power), (len(x0), 1))]
        )
        canvas.glows(root[::3])


def _grow_bolt(rng: np.random.Generator, x: float, top: float) -> tuple[list[list[float]], list[float]]:
    """Return pieces and widths of a bolt that falls from `top` at `x`, with branches."""
    pieces: list[list[float]] = []
    widths: list[float] = []
    stack = [(x, top, 0.0, 0.0030)]
    while stack and len(pieces) < 160:
        px, py, floor, width = stack.pop()
        while py > floor and width > 0.0006:
            nx = px + float(rng.normal(0, 0.014))
            ny = py - float(rng.uniform(0.006, 0.022))
            pieces.append([px, py, nx, ny])
            widths.append(width)
            if rng.random() < 0.10 and width > 0.0012:
                stack.append((nx + float(rng.normal(0, 0.01)), ny, max(ny - 0.14, 0.0), width * 0.45))
            px, py = nx, ny
    return pieces, widths


def storm_layers(ctx: SetContext) -> list[Layer]:
    """Return the flashes and bolts of a shot; nothing without lightning."""
    rng = ctx.rng("lightning")
    flashes = flashes_of(ctx, rng)
    if not len(flashes):
        return []
    half = ctx.start.width_px / (2 * ctx.start.focal_px)
    top = max(math.tan(ctx.start.pitch_rad) + ctx.start.height_px / (2 * ctx.start.focal_px), 0.15)
    yaw = math.tan(ctx.start.yaw_rad)
    layers: list[Layer] = [Flash(flashes=flashes, gain=0.85)]
    for start, strength in flashes:
        if strength < 0.6:
            continue  # sheet lightning: the flash alone
        pieces, widths = _grow_bolt(rng, yaw + float(rng.uniform(-0.8, 0.8)) * half, min(top * 1.1, 0.6))
        layers.append(
            Bolt(
                start_s=float(start),
                path=np.array(pieces, np.float32),
                width=np.array(widths, np.float32),
                light=np.array([5.0, 5.6, 7.0], np.float32),
            )
        )
    return layers


def flashes_of(ctx: SetContext, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return time and strength (N, 2) of each flash; none without lightning."""
    power = ctx.light.lightning
    times: list[float] = []
    t = float(rng.uniform(0.25, 1.0))
    while power > 0 and t < ctx.seconds:
        times.append(t)
        t += EVERY_S * float(rng.uniform(0.6, 1.6)) / power
    return np.array([[s, rng.uniform(0.45, 1.0)] for s in times], np.float32).reshape(-1, 2)
