"""What falls and drifts through every outdoor place: rain, snow, dust, mist, lightning. Asked in every shot.

Everything is periodic in the world around the camera, so a moving camera passes through it and never leaves
it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels.weather import fill_mist
from soundstage.render.previz.places.open import room_of
from soundstage.render.previz.weather_fall import Fall, Splashes
from soundstage.render.previz.weather_storm import storm_layers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
UNDER_WATER = ("reef", "deep_sea", "space")
MIST_SCALE = 0.125
RAIN_M_S = 7.5
SNOW_M_S = 1.1
#: Depth slots of what falls, in stage distances: behind the subject, around it, before the lens.
SLOTS = ((1.35, 4.0, 0.50), (0.45, 1.35, 0.36), (0.10, 0.45, 0.14))


@dataclass(frozen=True, slots=True, kw_only=True)
class Mist:
    """One upright sheet of drifting mist."""

    depth_m: float
    z_m: float
    colour: NDArray[np.float32]  #: (3,)
    thick: float
    height_m: float
    drift_m_s: float
    offset_m: float
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Lay the sheet over the canvas, worked at an eighth of its size."""
        depth = max(self.z_m - view.eye_m[2], 0.4)
        w, h = math.ceil(canvas.width * MIST_SCALE), math.ceil(canvas.height * MIST_SCALE)
        per_px = depth / view.focal_px / MIST_SCALE
        x0 = view.eye_m[0] + math.tan(view.yaw_rad) * depth - w / 2 * per_px
        y0 = view.eye_m[1] + math.tan(view.pitch_rad) * depth + h / 2 * per_px
        alpha = np.empty((h, w), np.float32)
        drift = self.drift_m_s * moment.t_s + self.offset_m
        fill_mist(
            alpha,
            f32(x0),
            f32(per_px),
            f32(y0),
            f32(-per_px),
            f32(drift),
            f32(self.height_m),
            f32(self.thick),
        )
        rows = np.flatnonzero(alpha.max(axis=1) > 0.004)
        if not len(rows):
            return
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        grow = round(1 / MIST_SCALE)
        size = (w * grow, (bottom - top) * grow)
        full = cv2.resize(alpha[top:bottom], size, interpolation=cv2.INTER_LINEAR)
        part = canvas.planes[:, top * grow : bottom * grow]
        full = np.ascontiguousarray(full[: part.shape[1], : canvas.width])
        for plane, colour in zip(part, self.colour, strict=True):
            plane[:] += (colour - plane) * full


def _mist(ctx: SetContext, ground: Ground) -> list[Layer]:
    """Return sheets behind and before the stage when the air holds enough for one to see."""
    thick = {
        "fog": 0.55, "drizzle": 0.22, "rain": 0.26, "storm": 0.32, "snow": 0.20, "blizzard": 0.62,
        "dust": 0.60,
    }.get(ctx.shot.weather, 0.0)  # fmt: skip
    if ctx.wants("misty", "foggy", "hazy", "mist"):
        thick = max(thick, 0.38)
    if thick <= 0:
        return []
    light = ctx.light
    fog = (
        np.array(light.fog_colour) * 0.85
        + np.array(light.ambient_up) * 0.12
        + np.array(light.sky_glow) * 0.06
    )
    rng = ctx.rng("mist")
    speed = 0.25 + 2.6 * light.wind
    layers: list[Layer] = []
    for near, share, tall in ((3.2, 1.0, 0.30), (1.5, 0.75, 0.22), (0.55, 0.42, 0.13)):
        z = ctx.camera.eye_m[2] + ctx.camera.focus_m * near
        layers.append(
            Mist(
                depth_m=ctx.camera.focus_m * near,
                z_m=z,
                colour=fog.astype(np.float32),
                thick=thick * share,
                height_m=max(tall * ground.half_width_m * near * (1.0 + 1.5 * light.dust + light.snow), 0.15),
                drift_m_s=speed * (0.6 + 0.4 * near),
                offset_m=float(rng.uniform(0, 200)),
                focus="full",
            )
        )
    return layers


def _falling(ctx: SetContext, ground: Ground) -> list[Layer]:
    light = ctx.light
    rng = ctx.rng("fall")
    side = 1.0 if ctx.rng("wind").random() < 0.5 else -1.0
    glow = np.array(light.ambient_up) * 0.9 + np.array(light.sky_horizon) * 0.45
    shine = np.array(light.sun_colour) * 0.16 * max(float(light.sun_direction[2]), 0.15)
    layers: list[Layer] = []
    stage = ctx.camera.focus_m
    kinds: list[tuple[str, float, tuple[float, float, float], float, float, int]] = []
    if light.rain > 0:
        slant = side * (0.4 + 5.5 * light.wind)
        kinds.append(("rain", light.rain, (slant, -RAIN_M_S, 0.3), 0.0016, 0.5, 2600))
    if light.snow > 0:
        blow = side * (0.25 + 6.5 * light.wind**2)
        kinds.append(("snow", light.snow, (blow, -SNOW_M_S * (1 + light.wind), -0.2), 0.0042, 0.9, 2200))
    if light.dust > 0:
        kinds.append(("dust", light.dust, (side * (0.6 + 6 * light.wind), 0.05, 0.0), 0.0016, 0.4, 900))
    for name, amount, velocity, size_m, opacity, most in kinds:
        lit = glow * (1.35 if name == "snow" else 1.0) + shine * (1.6 if name == "rain" else 0.9)
        if name == "dust":
            lit = np.array(light.fog_colour) * 0.6
        for near, far, share in SLOTS:
            count = max(int(most * amount * share), 8)
            layers.append(
                Fall(
                    depth_m=stage * (near + far) / 2 if near > 0.5 else stage * near,
                    near_m=max(near * stage, 0.25),
                    far_m=far * stage + 0.5,
                    home=rng.random((count, 3)).astype(np.float32),
                    velocity_m_s=np.array(velocity, np.float32),
                    size_m=(size_m * rng.uniform(0.6, 1.5, count)).astype(np.float32),
                    colour=lit.astype(np.float32),
                    opacity=opacity,
                    sway_m=0.0 if name == "rain" else 0.10,
                    fps=ctx.fps,
                )
            )
    if light.rain > 0:
        layers.append(Splashes.make(ctx, ground, (glow * 1.2 + shine * 2.0).astype(np.float32)))
    return layers


def build(ctx: SetContext, ground: Ground) -> Sequence[Layer]:
    """Return the weather of a shot: nothing indoors, under water or on a clear day."""
    if room_of(ctx) or ctx.shot.place in UNDER_WATER:
        return ()
    return (*_mist(ctx, ground), *_falling(ctx, ground), *storm_layers(ctx))
