"""The hour's light as land needs it: on slopes, through leaves, and in the air between them and the lens.

All colours come from the colour script and from the very numbers the sky is painted with, so that the
farthest ridge ends in the sky behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.kernels.sky import PAINT

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import SetContext
    from soundstage.render.previz.sky import Sky

f32 = np.float32
#: Share of light lost per metre near the ground, added to the recipe's own clear air.
WEATHER_PER_M = {
    "clear": 0.0, "cloudy": 0.00004, "overcast": 0.0005, "fog": 0.030, "drizzle": 0.0035, "rain": 0.0045,
    "storm": 0.0038, "snow": 0.0080, "blizzard": 0.034, "dust": 0.018,
}  # fmt: skip
LOW_SUN_PER_M = 0.00016  #: more air at dawn and dusk, when it holds water and catches light
WHITE = (0.52, 0.555, 0.615)  #: what snow sends back that has lain a day; fresh snow would burn out the film


def sky_at(
    paint: NDArray[np.float32], sun: NDArray[np.float32], directions: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Return the cloudless sky's light (..., 3) in unit directions, as `kernels.sky` paints it."""
    rise = np.maximum(directions[..., 1], 0)[..., None]
    chord = np.maximum(2 - 2 * (directions @ sun), 0)[..., None]

    def colour(name: str) -> NDArray[np.float32]:
        return paint[PAINT[name] : PAINT[name] + 3]

    m = np.exp(-rise * paint[PAINT["mid_fall"]])
    h = np.exp(-rise * paint[PAINT["horizon_fall"]])
    wide = 1 / (1 + chord * 11)
    glow = wide * wide * (0.30 + 0.55 * h) + 0.62 / (1 + chord * 190)
    zenith = colour("zenith")
    sky = zenith + (colour("mid") - zenith) * m + (colour("horizon") - colour("mid")) * h
    return np.asarray(sky + colour("glow") * glow, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class LandLight:
    """Light on land. Colours are (3,) float32 arrays."""

    sun: NDArray[np.float32]  #: unit vector toward it
    key: NDArray[np.float32]
    fill: NDArray[np.float32]
    bounce: NDArray[np.float32]
    rim: NDArray[np.float32]
    paint: NDArray[np.float32]  #: the sky's numbers
    per_m: float  #: of haze at the ground
    low_m: float  #: height over which the haze thins out
    white: float
    wet: float
    wind: float
    darkness: float
    open_sky: float  #: 0 under a closed ceiling: then nothing casts a shadow

    @classmethod
    def of(cls, ctx: SetContext, sky: Sky, air: Mapping[str, Any], *, white: float) -> LandLight:
        """Return the light of a shot; `air`: haze_per_m, low_m and maybe misty, of the recipe."""
        light = ctx.light
        low_sun = max(0.0, 1 - abs(light.sun_elevation_deg) / 26.0) * (0.4 if light.is_moon else 1.0)
        per_m = float(air["haze_per_m"]) + LOW_SUN_PER_M * low_sun * air.get("misty", 1.0)
        thick = light.fog_density_per_m / 0.02
        if not air.get("void"):
            per_m += WEATHER_PER_M[ctx.shot.weather] * min(max(thick, 0.5), 2.0)
            if ctx.wants("misty", "foggy", "hazy", "mist", "god_rays"):
                per_m += 0.0035
        burns = float(0.10 + 0.5 * light.darkness)
        fire = np.array([v * burns for v in air.get("fire", (0, 0, 0))], np.float32)
        # What is left of the sky's own light lifts land at dusk, or it would be a black floor.
        fill = np.array(light.ambient_up, np.float32) * f32(1.2) + fire
        fill += np.array(light.sky_horizon, np.float32) * f32(0.16)
        fill += np.array(light.sky_glow, np.float32) * f32(0.06)
        return cls(
            sun=light.sun_direction,
            key=np.array(light.sun_colour, np.float32),
            fill=fill,
            bounce=np.array(light.ambient_down, np.float32) + fire,
            rim=np.array(light.rim_colour, np.float32),
            paint=sky.paint,
            per_m=per_m,
            low_m=float(air.get("low_m", 400.0)),
            white=white,
            wet=light.wet,
            wind=light.wind,
            darkness=light.darkness,
            open_sky=1.0 - 0.85 * min(max((light.clouds - 0.5) / 0.5, 0.0), 1.0),
        )

    def haze(self, directions: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return what the air adds in directions (..., 3): the sky just over the horizon there."""
        flat = np.array(directions, np.float32)
        flat[..., 1] = 0.02
        flat /= np.linalg.norm(flat, axis=-1, keepdims=True)
        return sky_at(self.paint, self.sun, flat) * f32(0.96)

    def clear(
        self, distance_m: NDArray[np.floating] | float, height_m: NDArray[np.floating] | float = 0.0
    ) -> NDArray[np.float32]:
        """Return the share of light, 0..1, that reaches the lens from so far away and so high up."""
        thin = 0.25 + 0.75 * np.exp(-np.maximum(np.asarray(height_m, np.float32), 0) / f32(self.low_m))
        return np.exp(-f32(self.per_m) * np.asarray(distance_m, np.float32) * thin).astype(np.float32)

    def on(
        self,
        albedo: NDArray[np.floating],
        normal: NDArray[np.floating],
        shade: NDArray[np.floating] | float = 1.0,
        open_to: NDArray[np.floating] | float = 1.0,
        through: NDArray[np.floating] | float = 0.0,
    ) -> NDArray[np.float32]:
        """Return the light (..., 3) that surfaces send back.

        Args:
            albedo: (..., 3) local colour.
            normal: (..., 3) unit.
            shade: (...) 0 where the sun does not come.
            open_to: (...) share of the sky that is seen.
            through: (...) share of light that leaves and grass let through from behind.
        """
        facing = normal @ self.sun
        direct = np.maximum(facing, 0) + through * np.maximum(0.35 - 0.65 * facing, 0) * 0.8
        up = 0.5 + 0.5 * normal[..., 1]
        sky = (up * open_to)[..., None] * self.fill + ((1 - up) * 0.8)[..., None] * self.bounce
        return np.asarray(albedo * (sky + (direct * shade)[..., None] * self.key), np.float32)
