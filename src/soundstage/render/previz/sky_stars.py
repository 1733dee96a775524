"""Stars and the moon, stamped at full resolution over the sky; the sky's clouds hide them."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.kernels import sky as kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.sky import CloudCard
    from soundstage.render.previz.view import View

f32 = np.float32
STARS_DEPTH_M = 9e5
STAR_COUNT = 4000  #: over the whole sky; a wide lens sees a thirtieth
MOON_RADIUS = 0.013  #: of the picture's focal length: three times the real one, as films have it


@dataclass(frozen=True, slots=True, kw_only=True)
class Stars:
    """Stars and the moon, at full resolution over the sky."""

    clouds: CloudCard
    directions: NDArray[np.float32]  #: (N, 3)
    light: NDArray[np.float32]  #: (N, 3) linear RGB
    radius: NDArray[np.float32]  #: (N,) of a thousandth of the frame's height
    twinkle: NDArray[np.float32]  #: (N,) phase
    moon: NDArray[np.float32]  #: (3,) direction
    moon_light: NDArray[np.float32]  #: (3,); zero: no moon
    depth_m: float = STARS_DEPTH_M
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Stamp what stands above the horizon."""
        if len(self.directions):
            clear = 1 - self.clouds.opacity_at(self.directions, moment.t_s)
            x, y, scale = view.project(np.asarray(view.eye_m, np.float32) + self.directions * f32(1000))
            flicker = 0.80 + 0.20 * np.sin(moment.t_s * 5.5 + self.twinkle)
            seen = (scale > 0) & (self.directions[:, 1] > 0.006)
            table = np.column_stack(
                [
                    x,
                    y,
                    np.maximum(self.radius * f32(view.height_px / 1000), f32(0.6)),
                    self.light * (clear * flicker)[:, None],
                ]
            )
            kernels.stamp_stars(*canvas.rgb, np.ascontiguousarray(table[seen], np.float32))
        spot = view.project_direction(self.moon) if self.moon_light.any() else None
        if spot:
            hidden = f32(self.clouds.opacity_at(self.moon[None], moment.t_s)[0])
            radius = f32(max(MOON_RADIUS * view.focal_px, 2.0))
            kernels.stamp_moon(*canvas.rgb, f32(spot[0]), f32(spot[1]), radius, self.moon_light, hidden)


def stars_layer(ctx: SetContext, clouds: CloudCard, *, clear: float) -> tuple[Layer, ...]:
    """Return the stars and moon of a shot, if any; `clear`: the share of their light that air lets by."""
    light = ctx.light
    moon = np.array(light.sun_colour, np.float32) * f32(7.0 * light.sun_disc * clear)
    if not light.is_moon:
        moon[:] = 0
    if light.stars <= 0.02 and not moon.any():
        return ()
    rng = ctx.rng("stars")
    count = int(STAR_COUNT * light.stars)
    turn = rng.uniform(-math.pi, math.pi, count)
    rise = np.arcsin(rng.uniform(0, 1, count))
    directions = np.stack([np.cos(rise) * np.sin(turn), np.sin(rise), np.cos(rise) * np.cos(turn)], 1)
    power = rng.pareto(1.5, count) * 0.07 + 0.03
    warm = rng.uniform(-1, 1, (count, 1))
    tint = np.array([0.92, 0.95, 1.0]) + warm * np.array([0.12, 0.0, -0.14])
    bright = np.minimum(power, 0.9)[:, None] * tint * light.stars
    return (
        Stars(
            clouds=clouds,
            directions=directions.astype(np.float32),
            light=bright.astype(np.float32),
            radius=(0.75 + 1.1 * np.minimum(power, 0.6)).astype(np.float32),
            twinkle=rng.uniform(0, 2 * math.pi, count).astype(np.float32),
            moon=light.sun_direction,
            moon_light=moon,
        ),
    )
