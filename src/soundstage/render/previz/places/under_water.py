"""The water itself, seen from within: its colour by direction, the bright surface overhead, shafts of light.

Everything that lies in it is drawn by others and fades into the same colour. Knows no seabed.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.places.water_noise import look_up
from soundstage.render.previz.sky import pixel_rays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.view import View

f32 = np.float32
VOLUME_SCALE = 0.25
SHAFT_SCALE = 0.125


@dataclass(frozen=True, slots=True, kw_only=True)
class Volume:
    """The background: nothing but water, darker below, brightest where the sun comes in."""

    fog: NDArray[np.float32]  #: (3,) the water's colour straight ahead
    above: NDArray[np.float32]  #: (3,) towards the surface
    below: NDArray[np.float32]
    glow: NDArray[np.float32]  #: (3,) around the sun
    sun: NDArray[np.float32]  #: (3,) towards it
    surface_m: float  #: height of the surface over the bed
    net: NDArray[np.float32]  #: tile (n, n) of light's net
    depth_m: float = 1e6
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Fill the canvas."""
        small = view.scaled(VOLUME_SCALE)
        rays = pixel_rays(small)
        i = np.arange(small.width_px, dtype=f32)[None, :]
        j = np.arange(small.height_px, dtype=f32)[:, None]
        x, y, z = (rays[0, k] + i * rays[1, k] + j * rays[2, k] for k in range(3))
        per = 1 / np.sqrt(x * x + y * y + z * z)
        up = y * per
        lift = np.clip(up * f32(1.25) + f32(0.10), 0, 1)[..., None] ** f32(1.2)
        sink = np.clip(-up * f32(1.8), 0, 1)[..., None]
        light = self.fog + (self.above - self.fog) * lift
        light += (self.below - light) * sink
        away = np.maximum(2 - 2 * (x * self.sun[0] + y * self.sun[1] + z * self.sun[2]) * per, 0)
        light += self.glow * (1 / (1 + away * f32(4.5)) ** 2)[..., None] * f32(0.55)
        rise = self.surface_m - view.eye_m[1]
        rows = np.flatnonzero(up.max(axis=1) > 0.05)
        if rise > 0.2 and len(rows):
            last = int(rows[-1]) + 1
            t = f32(rise) / np.maximum(y[:last], f32(0.02))
            px, pz = x[:last] * t + f32(view.eye_m[0]), z[:last] * t + f32(view.eye_m[2])
            size = 3.6
            one = look_up(self.net, px, pz, 1 / size, 0.02 * moment.t_s, 0.045 * moment.t_s)
            two = look_up(self.net, px, pz, 0.61 / size, 0.31 - 0.03 * moment.t_s, 0.020 * moment.t_s)
            shine = np.clip(np.minimum(one, two) * f32(2.0), 0, 1) ** 2
            # Its cells shrink with distance until they are only brightness.
            fine = 1 / (1 + (t / f32(2.2 * size * small.focal_px / 60)) ** 2)
            shine = f32(0.10) + (shine - f32(0.10)) * fine
            seen = np.exp(-t / (per[:last] * f32(self.surface_m * 2.6 + 4))) * np.clip(up[:last] * 5, 0, 1)
            window = np.clip((up[:last] - f32(0.50)) * f32(3), 0, 1) * f32(0.35)
            light[:last] += (self.above * f32(1.1) + self.glow * f32(0.9)) * (
                (shine * f32(0.9) + window) * seen
            )[..., None]
        full = cv2.resize(light, (canvas.width, canvas.height), interpolation=cv2.INTER_LINEAR)
        for c, plane in enumerate(canvas.planes):
            plane[:] = full[..., c]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shafts:
    """Beams that come down from the waves above and wander as these do."""

    light: NDArray[np.float32]  #: (3,)
    noise: NDArray[np.float32]  #: (n,) that repeats
    sun: NDArray[np.float32]
    depth_m: float
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add the beams, worked at an eighth of the canvas."""
        scale = SHAFT_SCALE / canvas.scale * 0.5 if canvas.scale < 1 else SHAFT_SCALE
        scale = max(scale, SHAFT_SCALE)
        w, h = math.ceil(canvas.width * scale), math.ceil(canvas.height * scale)
        # Beams of a sun high over the water fan out from where it stands above the frame.
        spot = view.project_direction(self.sun)
        sx = (spot[0] if spot else view.width_px * 0.5) * scale
        sx = min(max(sx, -0.5 * w), 1.5 * w)
        sy = -1.1 * h - max(view.pitch_rad, 0.0) * h
        i = np.arange(w, dtype=f32)[None, :]
        j = np.arange(h, dtype=f32)[:, None]
        fan = (i - f32(sx)) / (j - f32(sy)) + f32((view.eye_m[0]) * 0.035)
        n = len(self.noise)
        at = np.arange(n)
        total = np.zeros((h, w), f32)
        for cells, pace, share in ((5.0, 0.020, 0.6), (13.0, -0.033, 0.4)):
            u = (fan * f32(cells) * f32(n / 8) / 4 + f32(pace * moment.t_s * n)) % n
            total += f32(share) * np.interp(u, at, self.noise).astype(f32)
        beams = np.clip((total - f32(0.46)) * f32(3.2), 0, 1) ** f32(1.3)
        beams *= np.clip(1 - j / f32(h) * f32(0.95), 0, 1) ** f32(0.8)
        light = beams[..., None] * self.light
        canvas.add(np.asarray(light, f32))
