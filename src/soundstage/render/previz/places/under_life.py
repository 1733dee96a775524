"""What lives and drifts in the water by itself: far schools, bubbles, marine snow, lights of the deep.

Everything is a function of the time and repeats around the camera. The cast is drawn by others.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.view import View

f32 = np.float32


@dataclass(frozen=True, slots=True, kw_only=True)
class FarSchool:
    """Many small fish that swim as one: each a leaf of body and a beating tail."""

    offsets: NDArray[np.float32]  #: (N, 3) from the school's middle
    phase: NDArray[np.float32]  #: (N,)
    length_m: float
    deep: float  #: height of a body against its length
    back: NDArray[np.float32]  #: (3,) light of their backs
    side: NDArray[np.float32]
    fog: NDArray[np.float32]
    fog_per_m: float
    start: tuple[float, float, float]
    speed_m_s: float  #: along x, its sign the way they face
    period_m: float
    depth_m: float
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw them far to near."""
        t = moment.t_s
        way = math.copysign(1.0, self.speed_m_s)
        x = f32(self.start[0] + self.speed_m_s * t)
        # A school passes again and again, its way longer than the frame.
        x = (
            f32(view.eye_m[0])
            + (x - f32(view.eye_m[0]) + f32(self.period_m / 2)) % f32(self.period_m)
            - f32(self.period_m / 2)
        )
        points = self.offsets + np.array([x, self.start[1], self.start[2]], f32)
        wave = np.sin(f32(1.4 * t) + self.offsets[:, 0] * f32(1.3) + self.phase * f32(0.5))
        points[:, 1] += f32(0.18 * self.length_m) * wave + f32(0.25) * np.sin(
            f32(0.5 * t) + self.offsets[:, 0] * f32(0.6)
        )
        points[:, 0] += f32(0.3 * self.length_m) * np.sin(f32(0.9 * t) + self.phase)
        px, py, scale = view.project(points)
        size = f32(self.length_m) * scale
        seen = (scale > 0) & (size > 0.8) & (px > -size) & (px < canvas.width + size)
        if not seen.any():
            return
        away = view.to_camera(points)[:, 2]
        order = np.flatnonzero(seen)[np.argsort(-away[seen])]
        px, py, size, away = px[order], py[order], size[order], away[order]
        beat = np.sin(f32(9 * t) + self.phase[order] * 3)
        tilt = f32(0.18) * np.cos(f32(1.4 * t) + self.offsets[order, 0] * f32(1.3))
        clear = np.exp(-away * f32(self.fog_per_m))[:, None]
        flash = np.clip(np.sin(self.phase[order] * 7 + f32(1.7 * t)), 0, 1)[:, None] ** 4
        back = self.fog + (self.back - self.fog) * clear
        side = self.fog + (self.side * (f32(0.8) + f32(0.7) * flash) - self.fog) * clear
        c, s = np.cos(tilt), np.sin(tilt) * f32(way)
        one, zero = np.ones_like(px), np.zeros_like(px)
        tail_x, tail_y = px - c * size * f32(0.56 * way), py + s * size * f32(0.56) * f32(way)
        squeeze = f32(0.45) + f32(0.45) * np.abs(beat)
        deep = f32(self.deep)
        soft = one * f32(0.14)
        rows = np.stack([
            np.column_stack([tail_x, tail_y, size * 0.16 * squeeze, size * 0.20, c, s, back, one * 0.9,
            soft, one]),
            np.column_stack([px, py, size * 0.5, size * deep, c, s, back, one, soft, one]),
            np.column_stack([px + c * size * f32(0.04 * way), py + size * deep * f32(0.22), size * 0.42,
            size * deep * 0.62, c, s, side, one * 0.9, soft, one]),
            np.column_stack([px + c * size * f32(0.34 * way), py - size * deep * f32(0.10), size * 0.035,
            size * 0.035, one, zero, back * 0.1, one, soft, zero]),
        ], axis=1)  # fmt: skip
        canvas.ellipses(rows.reshape(-1, rows.shape[2]).astype(f32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Bubbles:
    """Strings of bubbles that waver upwards and grow."""

    feet: NDArray[np.float32]  #: (M, 3)
    home: NDArray[np.float32]  #: (N, 4): which foot, phase, size, sway
    light: NDArray[np.float32]
    high_m: float
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add one ring of light for each bubble, and its glint."""
        which = self.home[:, 0].astype(int)
        life = f32(moment.t_s * 0.55 / max(self.high_m, 0.5)) + self.home[:, 1]
        age = life - np.floor(life)
        points = self.feet[which].copy()
        sway = f32(0.04) * np.sin(age * 40 * self.home[:, 3] + self.home[:, 1] * 50)
        points[:, 0] += sway + (self.home[:, 3] - f32(0.5)) * f32(0.10)
        points[:, 1] += age * f32(self.high_m)
        px, py, scale = view.project(points)
        radius = np.maximum(
            (f32(0.004) + f32(0.011) * self.home[:, 2] ** 2) * (f32(0.7) + f32(0.6) * age) * scale, f32(0.6)
        )
        keep = (scale > 0) & (radius < 0.05 * view.height_px)
        power = np.clip(np.minimum(age * 12, (1 - age) * 6), 0, 1)
        ring = np.column_stack([px, py, radius, self.light * (0.18 * power)[:, None], np.full_like(px, 3.2)])
        glint = np.column_stack(
            [
                px - radius * 0.35,
                py - radius * 0.4,
                np.maximum(radius * 0.25, 0.5),
                self.light * (0.9 * power)[:, None],
                np.full_like(px, 0.2),
            ]
        )
        canvas.bokeh(np.concatenate([ring[keep], glint[keep]]).astype(f32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Snow:
    """Specks that sink and drift through the light; in the deep some of them burn."""

    home: NDArray[np.float32]  #: (N, 3) 0..1
    phase: NDArray[np.float32]
    colour: NDArray[np.float32]  #: (N, 3)
    size_m: NDArray[np.float32]
    near_m: float
    far_m: float
    twinkle: float
    sink_m_s: float
    fog_per_m: float
    depth_m: float
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add one disc for each speck."""
        t = moment.t_s
        depth = f32(self.near_m) + self.home[:, 2] * f32(self.far_m - self.near_m)
        box_x, box_y = depth * f32(view.half_width_m(1.0) * 2.5), depth * f32(view.half_height_m(1.0) * 2.6)
        drift_x = f32(0.05 * t) + f32(0.05) * np.sin(f32(0.5 * t) + self.phase) - f32(view.eye_m[0])
        drift_y = (
            f32(-self.sink_m_s * t) + f32(0.04) * np.sin(f32(0.4 * t) + self.phase * 2) - f32(view.eye_m[1])
        )
        u = self.home[:, 0] + drift_x / box_x
        v = self.home[:, 1] + drift_y / box_y
        x = (u - np.floor(u) - f32(0.5)) * box_x
        y = (v - np.floor(v) - f32(0.5)) * box_y
        ahead = np.array([math.sin(view.yaw_rad), math.tan(view.pitch_rad), math.cos(view.yaw_rad)], f32)
        side = np.array([math.cos(view.yaw_rad), 0, -math.sin(view.yaw_rad)], f32)
        points = np.array(view.eye_m, f32) + depth[:, None] * ahead + x[:, None] * side
        points[:, 1] += y
        px, py, scale = view.project(points)
        own = self.size_m * scale
        least = f32(0.9 / 1080 * view.height_px)
        blur = np.minimum(view.coc_px(depth) * f32(0.8), f32(0.0065 * view.height_px))
        radius = np.maximum(own + blur, least)
        power = 1 - f32(self.twinkle) * (f32(0.5) + f32(0.5) * np.sin(f32(1.9 * t) + self.phase * 5))
        energy = (
            power
            * np.minimum((np.maximum(own, least * f32(0.6)) / radius) ** 2 + f32(0.03), 1)
            * np.exp(-depth * f32(self.fog_per_m * 0.6))
        )
        rows = np.column_stack([px, py, radius, self.colour * energy[:, None], np.full_like(px, 0.25)])
        keep = (scale > 0) & (px > -20) & (px < canvas.width + 20) & (py > -20) & (py < canvas.height + 20)
        canvas.bokeh(rows[keep].astype(f32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Chains:
    """Long animals of the deep that are strings of lights, and swarms that flash: the deep's own stars."""

    start: NDArray[np.float32]  #: (M, 3)
    colour: NDArray[np.float32]  #: (M, 3)
    length_m: NDArray[np.float32]  #: (M,)
    beads: int
    speed_m_s: NDArray[np.float32]  #: (M,)
    fog_per_m: float
    depth_m: float
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add every bead as a small glow; a wave of light runs along the string."""
        t = moment.t_s
        u = np.linspace(0, 1, self.beads, dtype=f32)[None, :]
        m = np.arange(len(self.start), dtype=f32)[:, None]
        length = self.length_m[:, None]
        x = self.start[:, :1] + self.speed_m_s[:, None] * f32(t) - u * length
        y = self.start[:, 1:2] + length * f32(0.16) * np.sin(u * 7 - f32(0.9 * t) + m * 2) * (f32(0.3) + u)
        z = self.start[:, 2:3] + length * f32(0.10) * np.cos(u * 5 - f32(0.7 * t) + m)
        points = np.stack([x, y, np.broadcast_to(z, x.shape)], 2).reshape(-1, 3)
        px, py, scale = view.project(points)
        pulse = (f32(0.25) + f32(0.75) * np.clip(np.sin(u * 9 - f32(2.4 * t) + m * 3), 0, 1) ** 3).reshape(-1)
        away = np.maximum(view.to_camera(points)[:, 2], 0.1)
        power = pulse * np.exp(-away * f32(self.fog_per_m * 0.7))
        light = np.repeat(self.colour, self.beads, axis=0) * power[:, None]
        size = np.maximum(f32(0.010) * scale, f32(0.8 / 1080 * view.height_px))
        keep = (scale > 0) & (px > -30) & (px < canvas.width + 30)
        core = np.column_stack([px, py, size, light])
        halo = np.column_stack([px, py, size * 5, light * f32(0.07)])
        canvas.glows(np.concatenate([core[keep], halo[keep]]).astype(f32))
