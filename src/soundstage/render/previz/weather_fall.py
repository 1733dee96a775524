"""Drops, flakes and grains in the air around the camera, and what drops do to the ground. Knows no sky."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.kernels.strokes import STROKE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
SHUTTER = 0.5  #: of a frame's time
STREAK = 3.0  #: px; what moves less while the shutter is open is drawn round
SPLASHES = 420
SPLASH_S = 0.34
LIVES = 7  #: places a splash visits before it comes back to the first


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """What falls in one slot of depths: streaks where it is fast, soft discs where it is slow."""

    depth_m: float
    near_m: float
    far_m: float
    home: NDArray[np.float32]  #: (N, 3) 0..1 of the box that the slot fills
    velocity_m_s: NDArray[np.float32]  #: (3,)
    size_m: NDArray[np.float32]  #: (N,) radius
    colour: NDArray[np.float32]  #: (3,)
    opacity: float
    sway_m: float
    fps: int
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw one frame."""
        points = self._points(view, moment.t_s)
        open_s = SHUTTER / self.fps
        before = points - self.velocity_m_s * f32(open_s)
        x, y, scale = view.project(points)
        x0, y0, _ = view.project(before)
        depth = view.to_camera(points)[:, 2]
        inside = (scale > 0) & (depth > self.near_m * 0.8) & (depth < self.far_m)
        blur = np.minimum(view.coc_px(depth), f32(0.012 * view.height_px))
        radius = np.maximum(self.size_m * scale + blur, f32(0.35))
        # A blurred drop spreads the same light over a larger disc.
        alpha = f32(self.opacity) * np.clip(
            (self.size_m * scale + f32(0.55)) / (radius + f32(0.25)), 0.08, 1.0
        ) ** f32(1.2)
        moved = np.hypot(x - x0, y - y0)
        if float(np.median(moved)) > STREAK:
            self._streaks(canvas, (x, y, x0, y0), radius, alpha, inside)
        else:
            table = np.zeros((len(x), 12), np.float32)
            table[:, 0], table[:, 1] = (x + x0) / 2, (y + y0) / 2
            table[:, 2] = table[:, 3] = radius
            table[:, 4] = 1
            table[:, 6:9] = self.colour
            table[:, 9] = alpha
            table[:, 10] = 1.2
            canvas.ellipses(table[inside])

    def _points(self, view: View, t_s: float) -> NDArray[np.float32]:
        """Return where everything is, (N, 3): the box repeats, and is taken where the camera looks."""
        half_w = view.half_width_m(self.far_m) * 1.15 + 0.5
        half_h = view.half_height_m(self.far_m) * 1.15 + 0.5
        box = np.array([2 * half_w, 2 * half_h, self.far_m - self.near_m], np.float32)
        ahead = (self.near_m + self.far_m) / 2
        middle = np.array(
            [
                view.eye_m[0] + math.tan(view.yaw_rad) * ahead,
                view.eye_m[1] + math.tan(view.pitch_rad) * ahead,
                view.eye_m[2] + ahead,
            ],
            np.float32,
        )
        # A repeating box must keep its size while the lens zooms, or everything in it would slide.
        step = np.ceil(box * 2) / 2
        phase = self.home[:, 0] * f32(2 * math.pi)
        sway = f32(self.sway_m) * np.stack(
            [np.sin(t_s * 1.7 + phase), 0.4 * np.sin(t_s * 2.3 + 2 * phase), np.cos(t_s * 1.3 + phase)], 1
        )
        free = self.home * step + self.velocity_m_s * f32(t_s) + sway - middle
        return (middle + (free + step / 2) % step - step / 2).astype(np.float32)

    def _streaks(
        self, canvas: Canvas, ends: tuple[NDArray[np.float32], ...], radius: NDArray[np.float32],
        alpha: NDArray[np.float32], inside: NDArray[np.bool_],
    ) -> None:  # fmt: skip
        x, y, x0, y0 = ends
        strokes = np.zeros((len(x), STROKE_COLUMNS), np.float32)
        for k, share in enumerate((0.0, 0.5, 1.0)):
            strokes[:, 2 * k] = x0 + (x - x0) * f32(share)
            strokes[:, 2 * k + 1] = y0 + (y - y0) * f32(share)
        if (
            self.sway_m
        ):  # a flake is the same at both ends of its way; a drop is seen best where it has arrived
            strokes[:, 6] = strokes[:, 7] = radius * 2
        else:
            strokes[:, 6], strokes[:, 7] = radius * 1.1, radius * 1.7
        strokes[:, 8:11] = strokes[:, 12:15] = self.colour
        strokes[:, 11], strokes[:, 15] = (
            alpha * (0.7 if self.sway_m else 0.25),
            alpha * (0.7 if self.sway_m else 1.0),
        )
        canvas.strokes(strokes[inside])


@dataclass(frozen=True, slots=True, kw_only=True)
class Splashes:
    """Rings and small crowns where drops meet the ground."""

    spots: NDArray[np.float32]  #: (LIVES, N, 2) across and away, 0..1
    phase: NDArray[np.float32]  #: (N,)
    colour: NDArray[np.float32]  #: (3,)
    near_m: float
    far_m: float
    height_m: float
    wet: float
    depth_m: float
    focus: Literal["back", "full"] = "full"

    @classmethod
    def make(cls, ctx: SetContext, ground: Ground, colour: NDArray[np.float32]) -> Splashes:
        """Return the splashes of a shot."""
        rng = ctx.rng("splashes")
        count = int(SPLASHES * (0.25 + 0.75 * ctx.light.rain))
        stage = ctx.camera.focus_m
        return cls(
            spots=rng.random((LIVES, count, 2)).astype(np.float32),
            phase=rng.random(count).astype(np.float32),
            colour=colour,
            near_m=0.30 * stage,
            far_m=2.6 * stage,
            height_m=ground.height_m,
            wet=max(ground.wetness, 0.4),
            depth_m=3.0 * stage,  # under the subject's feet, over the ground
        )

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw every ring that is open now."""
        life = f32(moment.t_s / SPLASH_S) + self.phase
        turn = np.floor(life).astype(int)
        age = (life - turn).astype(np.float32)
        spot = self.spots[turn % LIVES, np.arange(len(age))]
        # Near ground fills more of the picture: spread evenly over the picture, not over the ground.
        depth = 1 / (1 / self.near_m + (1 / self.far_m - 1 / self.near_m) * spot[:, 1])
        wide = depth * f32(view.width_px / (2 * view.focal_px) * 1.2)
        x = f32(view.eye_m[0] + math.tan(view.yaw_rad)) + (spot[:, 0] * 2 - 1) * wide
        points = np.stack([x, np.full_like(x, self.height_m), depth + f32(view.eye_m[2])], 1)
        px, py, scale = view.project(points)
        flat = np.clip((view.eye_m[1] - self.height_m) / depth, 0.02, 1.0).astype(np.float32)
        radius = (0.006 + 0.050 * np.sqrt(age)) * scale
        alpha = (1 - age) ** 2 * f32(0.42 * self.wet)
        seen = (scale > 0) & (radius > 0.6) & (py < view.height_px + 20)
        rings = []
        for side in (1.0, -1.0):
            ring = np.zeros((len(px), STROKE_COLUMNS), np.float32)
            ring[:, 0], ring[:, 1] = px - radius, py
            ring[:, 2], ring[:, 3] = px, py + f32(side * 2) * radius * flat
            ring[:, 4], ring[:, 5] = px + radius, py
            ring[:, 6] = ring[:, 7] = np.maximum(0.0035 * scale, 0.6)
            ring[:, 8:11] = ring[:, 12:15] = self.colour
            ring[:, 11] = ring[:, 15] = alpha
            rings.append(ring[seen])
        crown = np.zeros((len(px), STROKE_COLUMNS), np.float32)
        tall = np.maximum(0.055 * np.sin(np.minimum(age * 2.2, 1) * math.pi), 0) * scale
        lean = (spot[:, 0] - f32(0.5)) * tall * f32(0.6)
        crown[:, 0], crown[:, 1] = px, py
        crown[:, 2], crown[:, 3] = px + lean * 0.4, py - tall * 0.6
        crown[:, 4], crown[:, 5] = px + lean, py - tall
        crown[:, 6], crown[:, 7] = np.maximum(0.006 * scale, 0.7), 0.4
        crown[:, 8:11] = crown[:, 12:15] = self.colour
        crown[:, 11], crown[:, 15] = 0.5, 0.2
        canvas.strokes(np.concatenate([*rings, crown[seen & (tall > 1)]]))
