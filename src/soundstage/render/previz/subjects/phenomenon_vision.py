"""A phenomenon as a picture that changes: painted small at each moment, set into the scene as one card.

Knows how a card stands, glows on the ground and is mirrored; what it shows is a painter's business.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from soundstage.render.previz.scene import LAMP_COLUMNS, NO_LAMPS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.view import View

f32 = np.float32
#: Single precision by construction; what numpy says of mixed sums would be double.
F32 = NDArray[np.floating[Any]]
Paint = Callable[[float], F32]  #: time, s -> premultiplied light (h, w, 4); alpha 0 is light alone
NOISE_PX = 256
FAR_M = 3e4  #: where what stands in the sky is
POOL_PX = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """What a painter is told."""

    rng: np.random.Generator
    light: Light
    colours: tuple[tuple[float, float, float], ...]  #: linear, as said of the subject; may be empty
    told: Mapping[str, Any]  #: its line of data/phenomena.toml
    seconds: float

    @property
    def white(self) -> float:
        """Return the light that the film shows as white: lamps and flames are measured by it."""
        return 1.0 / max(self.light.grade.exposure, 0.3)

    @property
    def lit(self) -> F32:
        """Return what a white thing in the open sends to the eye from its bright side, (3,)."""
        light = self.light
        lit = np.array(light.ambient_up) * 0.75 + 0.30 * np.array(light.sun_colour)
        # By night the film crew has brought a lamp.
        least = 0.16 * self.white
        level = float(lit @ (0.2126, 0.7152, 0.0722))
        return (lit * max(least / max(level, 1e-5), 1.0)).astype(f32)

    @property
    def shaded(self) -> F32:
        """Return the same from its dark side."""
        return (self.lit * 0.32 + np.array(self.light.ambient_down) * 0.3).astype(f32)

    def colour(self, nth: int, otherwise: tuple[float, float, float]) -> F32:
        """Return the colour said nth, or what it has by itself."""
        return np.array(self.colours[nth] if nth < len(self.colours) else otherwise, f32)


@lru_cache(maxsize=12)
def cloud_noise(nth: int, steep: float = 1.7) -> F32:
    """Return noise (NOISE_PX, NOISE_PX), 0..1, that tiles: lumps of every size, larger ones stronger."""
    rng = np.random.default_rng([404, nth])
    waves = np.fft.rfft2(rng.standard_normal((NOISE_PX, NOISE_PX)))
    fy, fx = np.fft.fftfreq(NOISE_PX)[:, None], np.fft.rfftfreq(NOISE_PX)[None, :]
    scale = np.hypot(fy, fx)
    scale[0, 0] = 1
    plane = np.fft.irfft2(waves / scale**steep * (scale > 1.2 / NOISE_PX))
    rank = (plane - plane.mean()) / plane.std()
    return np.clip(0.5 + rank * 0.22, 0, 1).astype(f32)


def sample(noise: F32, u: F32, v: F32) -> F32:
    """Return tiling noise at (u, v), in tiles."""
    x, y = np.asarray(u * f32(NOISE_PX), f32), np.asarray(v * f32(NOISE_PX), f32)
    return np.asarray(cv2.remap(noise, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), f32)


def grid(h: int, w: int) -> tuple[F32, F32]:
    """Return x, -1..1 from left to right, and y, 0..1 from below up, each (h, w)."""
    x = np.broadcast_to(np.linspace(-1, 1, w, dtype=f32)[None, :], (h, w))
    y = np.broadcast_to(np.linspace(1, 0, h, dtype=f32)[:, None], (h, w))
    return np.ascontiguousarray(x), np.ascontiguousarray(y)


def ramp(level: F32, stops: list[tuple[float, tuple[float, float, float]]]) -> F32:
    """Return colours (h, w, 3) of levels 0..1 between stops."""
    at = [s for s, _ in stops]
    table = np.stack(
        [np.interp(np.arange(256) / 255, at, [c[k] for _, c in stops]) for k in range(3)], 1
    ).astype(f32)
    return np.asarray(table[(np.clip(level, 0, 1) * 255).astype(np.uint8)], f32)


def smooth(low: float, high: float, x: F32) -> F32:
    """Return 0 below `low`, 1 above `high`, smooth between; `low` may be the greater."""
    t = np.clip((x - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), f32)


@lru_cache(maxsize=1)
def _pool() -> F32:
    y, x = np.mgrid[-1 : 1 : POOL_PX * 1j, -1 : 1 : POOL_PX * 1j]
    fade = np.clip(1 - np.hypot(x, y), 0, 1) ** 2
    return np.dstack([fade, fade, fade, np.zeros_like(fade)]).astype(f32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Vision:
    """A painted phenomenon in the scene."""

    paint: Paint
    at_m: tuple[float, float, float]  #: its foot, or its middle where `foot` is 0.5
    size_m: float  #: height of the card
    foot: float = 0.0  #: share of the card below `at_m`
    direction: tuple[float, float, float] | None = None  #: in the sky: where, and `at_m` says nothing
    travel_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    glow: tuple[float, float, float] = (0.0, 0.0, 0.0)  #: light it throws around, at full flare
    flare: Callable[[float], float] = lambda _: 1.0
    ground_m: float = 0.0
    wetness: float = 0.0
    depth_m: float
    focus: Literal["back", "full"] = "full"
    opacity: float = 1.0

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint one moment and put it where it stands."""
        spot, size = self._spot(view, moment)
        x, y, per_m = (float(v[0]) for v in view.project(np.array([spot])))
        if per_m <= 0:
            return
        card = np.asarray(self.paint(moment.t_s), f32)
        h, w = card.shape[:2]
        scale = size * per_m / h
        if scale < 1e-4:
            return
        self._light_ground(canvas, view, spot, moment)
        place = np.array([[scale, 0, x - scale * w / 2], [0, scale, y - scale * h * (1 - self.foot)]])
        if self.wetness > 0.05 and self.direction is None:
            floor = float(view.project(np.array([[spot[0], self.ground_m, spot[2]]]))[1][0])
            mirror = np.array([[scale, 0, place[0, 2]], [0, scale, 2 * floor - (place[1, 2] + scale * h)]])
            soft = cv2.blur(np.ascontiguousarray(card[::-1]), (5, 9))
            canvas.over_warped(np.asarray(soft, f32), mirror, opacity=0.45 * self.wetness * self.opacity)
        canvas.over_warped(card, place, opacity=self.opacity)

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the light it throws on what stands around it."""
        level = max(self.glow) * self.flare(moment.t_s)
        if level <= 0.02 or self.direction is not None:
            return NO_LAMPS
        row = np.zeros((1, LAMP_COLUMNS), f32)
        row[0, :3] = self.at_m
        row[0, 1] += self.size_m * 0.35
        row[0, 3:6] = np.array(self.glow) / max(self.glow)
        row[0, 6] = 0.5 * level * self.size_m**2
        return row

    def _spot(self, view: View, moment: Moment) -> tuple[tuple[float, float, float], float]:
        if self.direction is not None:
            x, y, z = (e + FAR_M * d for e, d in zip(view.eye_m, self.direction, strict=True))
            return (x, y, z), self.size_m
        x, y, z = (a + v * moment.t_s for a, v in zip(self.at_m, self.travel_m_s, strict=True))
        return (x, y, z), self.size_m

    def _light_ground(
        self, canvas: Canvas, view: View, spot: tuple[float, float, float], moment: Moment
    ) -> None:
        """Throw a flat pool of light on the ground."""
        level = self.flare(moment.t_s)
        if max(self.glow) * level < 0.02 or self.direction is not None:
            return
        x, y, per_m = (float(v[0]) for v in view.project(np.array([[spot[0], self.ground_m, spot[2]]])))
        wide = 3.2 * self.size_m * per_m
        away = max(spot[2] - view.eye_m[2], 0.2)
        flat = min(max((view.eye_m[1] - self.ground_m) / away, 0.06), 0.8)
        tall = wide * flat
        card = _pool() * np.array([*self.glow, 0.0], f32) * f32(level * 0.22)
        place = np.array([[wide / POOL_PX, 0, x - wide / 2], [0, tall / POOL_PX, y - tall / 2]])
        canvas.over_warped(np.asarray(card, f32), place)


def eased(t: float, seconds: float) -> float:
    """Return 0..1: quickly at first, then slower, as what is thrown comes to rest."""
    return 1 - math.exp(-3.2 * max(t, 0.0) / max(seconds, 1e-3))
