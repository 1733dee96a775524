"""The colour script: one light for a shot, from its time of day, weather, words, palette and style.

Everything in a scene reads this; nobody else names a colour but the local colour of a thing. That is what
makes parts by many hands look like one film. The table is `data/light.toml`. Knows no layer.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.film import Shot

Colour = tuple[float, float, float]  #: linear Rec. 709, unbounded above
LUMA = (0.2126, 0.7152, 0.0722)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grade:
    """How the film is developed, once the light is drawn."""

    exposure: float
    red_gain: float
    blue_gain: float
    saturation: float
    contrast: float  #: 0 leaves the film curve alone
    vignette: float  #: light lost at one frame width from the middle, as a share
    bloom: float
    bloom_threshold: float  #: linear light that begins to bleed
    grain: float = 2.6  #: peak of a triangle in code values, a sigma of 1.06


@dataclass(frozen=True, slots=True, kw_only=True)
class Light:
    """Sky, sun, air and film stock of one shot. Vectors are in world axes, z away from the camera."""

    sky_zenith: Colour
    sky_horizon: Colour
    sky_glow: Colour  #: added to the sky around the sun, and what shines through gaps
    sun_colour: Colour  #: what a white card facing the sun (or moon) sends back, times pi left out: the key
    sun_azimuth_deg: float  #: 0 straight ahead of the camera, positive to the right
    sun_elevation_deg: float
    sun_disc: float  #: 0: no disc is seen
    is_moon: bool
    ambient_up: Colour  #: from the sky, on what faces up: the fill
    ambient_down: Colour  #: from the ground, on what faces down: the bounce
    fog_colour: Colour
    fog_density_per_m: float
    stars: float  #: 0..1
    clouds: float  #: 0 none .. 1 closed
    wind: float  #: 0..1
    rain: float  #: 0..1
    snow: float  #: 0..1, falling
    white: float  #: 0..1, lying
    wet: float  #: 0..1
    dust: float  #: 0..1
    lightning: float  #: 0..1
    grade: Grade

    @property
    def sun_direction(self) -> NDArray[np.float32]:
        """Return the unit vector (3,) toward the sun or moon; positive z is backlight."""
        azimuth, elevation = math.radians(self.sun_azimuth_deg), math.radians(self.sun_elevation_deg)
        flat = math.cos(elevation)
        return np.array([flat * math.sin(azimuth), math.sin(elevation), flat * math.cos(azimuth)], np.float32)

    @property
    def rim_colour(self) -> Colour:
        """Return the light on an edge turned to the sun: warmer than fill, softer than the key."""
        r, g, b = (0.55 * key + 0.45 * glow for key, glow in zip(self.sun_colour, self.sky_glow, strict=True))
        return r, g, b

    @property
    def darkness(self) -> float:
        """Return 0 at noon .. 1 at night: how much small lamps matter."""
        level = sum(k * v for k, v in zip(LUMA, self.ambient_up, strict=True))
        return min(max((math.log10(0.30) - math.log10(level + 1e-4)) / 1.15, 0.0), 1.0)

    def fog_at(self, distance_m: NDArray[np.floating] | float) -> NDArray[np.float32]:
        """Return the share of fog, 0..1, in front of what stands this far away."""
        return (1 - np.exp(-self.fog_density_per_m * np.asarray(distance_m, np.float32))).astype(np.float32)

    def in_air(
        self, colour: NDArray[np.floating], distance_m: NDArray[np.floating] | float
    ) -> NDArray[np.float32]:
        """Return colours (..., 3) as seen through the air; distances broadcast over the leading axes."""
        fog = self.fog_at(distance_m)[..., None]
        return (colour * (1 - fog) + np.asarray(self.fog_colour, np.float32) * fog).astype(np.float32)


@cache
def read_script() -> Mapping[str, Any]:
    """Return `data/light.toml`."""
    text = files("soundstage.render.previz").joinpath("data/light.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def light_shot(shot: Shot, *, style: str = "cinematic", palette: tuple[str, ...] = ()) -> Light:
    """Read a shot's light out of the colour script; words that are not in it change nothing."""
    script = read_script()
    base: dict[str, Any] = {
        "is_moon": False, "wind": 0.25, "rain": 0.0, "snow": 0.0, "white": 0.0, "wet": 0.0, "dust": 0.0,
        "lightning": 0.0, "grain": 2.6, **script["time"][shot.time_of_day],
    }  # fmt: skip
    for table, words in (
        ("weather", (shot.weather,)),
        ("place", (shot.place,)),
        ("light", shot.light),
        ("mood", shot.mood),
        ("palette", palette),
        ("style", (style,)),
    ):
        for word in words:
            for name, change in script.get(table, {}).get(word, {}).items():
                base[name] = _changed(base[name], change)
    grade_names = {f.name for f in fields(Grade)}
    grade = Grade(**{name: base[name] for name in grade_names})
    rest: dict[str, Any] = {n: _frozen(v) for n, v in base.items() if n not in grade_names}
    return Light(grade=grade, **rest)


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value  # pyright: ignore[reportUnknownVariableType] - TOML is open


def _changed(value: Any, change: Mapping[str, Any]) -> Any:
    """Apply { set, grey, toward/by, times, add }, in this order, to a number, a flag or a colour."""
    if "set" in change:
        value = change["set"]
    if isinstance(value, list):
        colour = [float(v) for v in value]  # pyright: ignore[reportUnknownArgumentType] - TOML is open
        grey = sum(k * v for k, v in zip(LUMA, colour, strict=True))
        colour = [v + (grey - v) * change.get("grey", 0.0) for v in colour]
        goal = change.get("toward", colour)
        by = change.get("by", 0.0)
        times = change.get("times", 1.0)
        scale = times if isinstance(times, list) else [times] * 3
        added = change.get("add", [0.0, 0.0, 0.0])
        return [(v + (g - v) * by) * k + a for v, g, k, a in zip(colour, goal, scale, added, strict=True)]
    if isinstance(value, bool):
        return value
    toward = change.get("toward", value)
    return (value + (toward - value) * change.get("by", 0.0)) * change.get("times", 1.0) + change.get(
        "add", 0.0
    )
