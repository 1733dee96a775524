"""The seabed: sand or mud in ripples, with the moving net of light that waves throw on it. One layer."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.places.water_land import Land, paint_land
from soundstage.render.previz.places.water_noise import look_up
from soundstage.render.previz.sky import horizon_rows, pixel_rays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.view import View

f32 = np.float32
MOST_PIXELS = 260_000
LAMP_REACH = 0.02  #: light of a lamp of intensity 1 at 1 m on the bed


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """Everything below the horizon."""

    land: Land
    fog: NDArray[np.float32]
    fog_per_m: float
    net: NDArray[np.float32]  #: tile (n, n)
    caustics: float  #: 0 none .. 1 bright
    net_m: float
    depth_m: float = 9e3
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint one frame."""
        share = min(1.0, math.sqrt(MOST_PIXELS / (canvas.width * canvas.height)))
        small = view.scaled(share) if share < 1 else view
        top = max(math.floor(min(horizon_rows(small))), 0)
        if top >= small.height_px - 2:
            return
        rays, eye = pixel_rays(small), small.eye_m
        i = np.arange(small.width_px, dtype=f32)[None, :]
        j = np.arange(top, small.height_px, dtype=f32)[:, None]
        x, y, z = (rays[0, k] + i * rays[1, k] + j * rays[2, k] for k in range(3))
        depth = f32(eye[1]) / np.maximum(-y, f32(1e-4))
        wx, wz = x * depth + f32(eye[0]), z * depth + f32(eye[2])
        flat = depth[:, small.width_px // 2 : small.width_px // 2 + 1]
        foot = np.minimum(flat * flat / f32(small.focal_px * eye[1]), f32(60))
        dry = np.full_like(wx, f32(-99))
        light = paint_land(self.land, wx, wz, dry, foot, None)
        if self.caustics > 0:
            t = moment.t_s
            one = look_up(self.net, wx, wz, 1 / self.net_m, 0.035 * t, 0.050 * t)
            two = look_up(self.net, wx, wz, 0.83 / self.net_m, 0.37 - 0.045 * t, 0.21 + 0.025 * t)
            bright = np.minimum(one, two) ** f32(1.6) * f32(3.4 * self.caustics) / (1 + foot * f32(0.8))
            light *= (f32(1 - 0.35 * self.caustics) + bright)[..., None]
        for lamp in moment.lamps[:12]:
            away = (wx - lamp[0]) ** 2 + (wz - lamp[2]) ** 2 + f32(float(lamp[1]) ** 2 + 0.02)
            light += self.land.albedo * lamp[3:6] * (f32(float(lamp[6]) * LAMP_REACH) / away)[..., None]
        clear = np.exp(-np.minimum(depth * np.sqrt(x * x + y * y + z * z) * f32(self.fog_per_m), 30))[
            ..., None
        ]
        light = self.fog + (light - self.fog) * clear
        cover = np.clip(-y * f32(small.focal_px), 0, 1) * np.clip(clear[..., 0] * 8, 0, 1)
        start = top
        if share < 1:
            size = (canvas.width, canvas.height - round(top / share))
            start = canvas.height - size[1]
            light = cv2.resize(light, size, interpolation=cv2.INTER_LINEAR)
            cover = cv2.resize(cover, size, interpolation=cv2.INTER_LINEAR)
        for c, plane in enumerate(canvas.planes):
            part = plane[start:]
            part += (np.asarray(light[..., c], f32) - part) * np.asarray(cover, f32)
