"""How fireflies fly, and the layers that draw them: discs, haze, lamps, insects. Decides no place."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.scene import LAMP_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.view import View

BODY_M = 0.0205  #: from head to lamp
LAMP_RADIUS_M = 0.0022


@dataclass(frozen=True, slots=True, kw_only=True)
class Flock:
    """Flies as arrays (N,): where each one circles, how, and what it shines."""

    home_m: NDArray[np.float32]  #: (N, 3)
    roam_m: NDArray[np.float32]
    pace: NDArray[np.float32]  #: rad/s
    phase: NDArray[np.float32]  #: (N, 2)
    colour: NDArray[np.float32]  #: (N, 3)
    steady: NDArray[np.float32]  #: 0 blinks off .. 1 always lit
    travel_m_s: tuple[float, float, float]

    def at(self, t_s: float) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
        """Return positions (N, 3), brightness (N,) in 0..1 and sideways speed (N,) at a time."""
        p, q, w = self.phase[:, 0], self.phase[:, 1], self.pace
        x = np.sin(w * 1.9 * t_s + p) + 0.45 * np.sin(w * 4.3 * t_s + q)
        y = 0.7 * (np.sin(w * 1.6 * t_s + q) + 0.4 * np.sin(w * 3.7 * t_s + p))
        z = 0.5 * np.sin(w * 1.3 * t_s + p + q)
        drift = np.asarray(self.travel_m_s, np.float32) * np.float32(t_s)
        place = self.home_m + np.stack([x, y, z], axis=1) * self.roam_m[:, None] + drift
        place[:, 1] = np.maximum(place[:, 1], 0.02)
        wave = 0.5 + 0.5 * np.sin(t_s * (1.1 + 2.0 * w) + p * 3)
        bright = self.steady + (1 - self.steady) * (0.08 + 0.92 * wave**2.2)
        speed = self.roam_m * (w * 1.9 * np.cos(w * 1.9 * t_s + p) + 1.9 * w * np.cos(w * 4.3 * t_s + q))
        return place.astype(np.float32), bright.astype(np.float32), speed.astype(np.float32)

    def part(self, mask: NDArray[np.bool_]) -> Flock:
        """Return the flies of a mask."""
        return Flock(
            home_m=self.home_m[mask],
            roam_m=self.roam_m[mask],
            pace=self.pace[mask],
            phase=self.phase[mask],
            colour=self.colour[mask],
            steady=self.steady[mask],
            travel_m_s=self.travel_m_s,
        )

    def joined(self, other: Flock) -> Flock:
        """Return these flies and the others."""

        def both(mine: NDArray[np.float32], theirs: NDArray[np.float32]) -> NDArray[np.float32]:
            return np.concatenate([mine, theirs])

        return Flock(
            home_m=both(self.home_m, other.home_m),
            roam_m=both(self.roam_m, other.roam_m),
            pace=both(self.pace, other.pace),
            phase=both(self.phase, other.phase),
            colour=both(self.colour, other.colour),
            steady=both(self.steady, other.steady),
            travel_m_s=self.travel_m_s,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Swarm:
    """The flies of one depth slot, as discs of light."""

    depth_m: float
    flock: Flock
    gain: float
    stage_m: float
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add one disc for each fly, as large as it is out of focus."""
        place, bright, _ = self.flock.at(moment.t_s)
        x, y, px_per_m = view.project(place)
        depth = view.focal_px / np.maximum(px_per_m, 1e-3)
        frame_px = 1.3 / 1080 * view.height_px
        own = LAMP_RADIUS_M * px_per_m
        radius = np.maximum(view.coc_px(depth) + own, frame_px)
        relative = depth / self.stage_m
        # A blurred lamp keeps its light: the wider the disc, the dimmer. A floor keeps far ones seen.
        spread = 2.2 * (2.7 * own) ** 2 / radius**2 + 0.085 * np.clip(3.5 / relative, 0.35, 1.0)
        energy = bright * np.clip(relative / 1.3, 0.10, 1.0) * np.minimum(spread, 3.0) * self.gain
        energy = np.where(px_per_m > 0, energy, 0) * (0.5 if relative.mean() < 0.7 else 1.0)
        rim = np.full(len(x), 0.45, np.float32)
        canvas.bokeh(np.column_stack([x, y, radius, self.flock.colour * energy[:, None], rim]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Haze:
    """The light that the air around all flies scatters."""

    depth_m: float
    flock: Flock
    gain: float
    stage_m: float
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add a wide soft glow for each fly, at an eighth of the frame's resolution."""
        scale = 0.125 / canvas.scale
        scratch, seen = canvas.scratch(scale), view.scaled(scale)
        place, bright, _ = self.flock.at(moment.t_s)
        x, y, px_per_m = seen.project(place)
        reach = self.stage_m / 0.62
        sigma = np.clip(0.05 * reach * px_per_m, 0.015 * seen.height_px, 0.19 * seen.height_px)
        depth = seen.focal_px / np.maximum(px_per_m, 1e-3)
        strength = bright * np.clip(0.9 * self.stage_m / depth, 0.03, 0.35) * 0.060 * self.gain
        strength = np.where(px_per_m > 0, strength, 0)
        scratch.glows(np.column_stack([x, y, sigma, self.flock.colour * strength[:, None]]))
        canvas.add_scratch(scratch)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lamps:
    """What the near flies shine on; draws nothing itself."""

    flock: Flock
    gain: float
    depth_m: float = 0.0
    focus: Literal["back", "full"] = "full"

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return (M, LAMP_COLUMNS)."""
        place, bright, _ = self.flock.at(moment.t_s)
        rows = np.column_stack([place, self.flock.colour, bright * self.gain]).astype(np.float32)
        assert rows.shape[1] == LAMP_COLUMNS
        return rows

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Insects:
    """The flies in the plane of focus: body, wings, lamp."""

    depth_m: float
    flock: Flock
    gain: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw each insect over what is behind it, and the core of its glow."""
        place, bright, speed = self.flock.at(moment.t_s)
        x, y, px_per_m = view.project(place)
        shapes: list[list[float]] = []
        glows: list[list[float]] = []
        for n in range(len(x)):
            if px_per_m[n] <= 0:
                continue
            depth = view.focal_px / float(px_per_m[n])
            shapes += _insect(
                float(x[n]),
                float(y[n]),
                BODY_M * float(px_per_m[n]),
                float(bright[n]) * (0.4 + 0.6 * self.gain),
                float(speed[n] / self.flock.roam_m[n]),
                float(view.coc_px(depth)),
                moment.t_s,
                n,
                float(np.clip(BODY_M * px_per_m[n] / (0.02 * view.height_px) - 0.5, 0, 1)),
            )
            size = 0.0075 * float(px_per_m[n])
            core = self.flock.colour[n] * bright[n] * self.gain
            glows.append([float(x[n]), float(y[n]), size, *(0.34 * core)])
        canvas.glows(glows)
        canvas.ellipses(shapes)


def _insect(
    x: float,
    y: float,
    size: float,
    bright: float,
    speed: float,
    blur_px: float,
    t_s: float,
    number: int,
    wings: float,
) -> list[list[float]]:
    """Return the ellipses of one insect `size` pixels long that flies to the side of `speed`'s sign.

    `wings` is their opacity, 0..1: on a distant insect they would read as a star.
    """
    way = math.tanh(speed * 3)  # turns through the view instead of flipping
    facing = math.copysign(max(abs(way), 0.35), speed)
    climb = 0.32 + 0.10 * math.sin(t_s * 2 + number)
    norm = math.hypot(facing, climb)
    c, s = facing / norm, -climb / norm
    long = size * (0.55 + 0.45 * abs(way))
    soft = max(0.07, 1.2 * blur_px / max(size, 1.0))
    ellipses: list[list[float]] = []
    beat = 0.5 + 0.5 * math.sin(t_s * 61 + number * 2)
    side = math.copysign(1.0, facing)
    for wing in (-1.0, 1.0):
        angle = math.atan2(s, c) - side * (1.75 + wing * 0.30 + 0.25 * beat)
        reach = size * (0.60 + 0.06 * wing)
        wx, wy = (
            x + c * long * 0.14 + math.cos(angle) * reach * 0.8,
            y + s * long * 0.14 + math.sin(angle) * reach * 0.8,
        )
        tint = (0.30 * (0.35 + bright), 0.33 * (0.35 + bright), 0.24 * (0.35 + bright))
        ellipses.append(
            [wx, wy, reach, reach * 0.30, math.cos(angle), math.sin(angle), *tint, 0.20 * wings, 0.5, 1.0]
        )
        # the leading vein
        ellipses.append(
            [wx, wy, reach * 0.92, max(reach * 0.035, 0.5), math.cos(angle + 0.10), math.sin(angle + 0.10),
             *tint, 0.22 * wings, 0.6, 0.0]
        )  # fmt: skip
    body, head, lamp = (0.022, 0.016, 0.010), (0.060, 0.024, 0.012), (2.6, 2.5, 0.62)
    ellipses.append(
        [
            x + c * long * 0.16,
            y + s * long * 0.16,
            long * 0.36,
            size * 0.145,
            c,
            s,
            *body,
            0.97,
            soft * 2,
            0.0,
        ]
    )
    ellipses.append([x + c * long * 0.10, y + s * long * 0.10 - size * 0.05, long * 0.24, size * 0.05, c, s,
                     0.075, 0.060, 0.034, 0.55, 0.7, 0.0])  # fmt: skip
    ellipses.append(
        [x + c * long * 0.53, y + s * long * 0.53, size * 0.13, size * 0.11, c, s, *head, 0.97, soft * 3, 0.0]
    )
    glow = [v * bright for v in lamp]
    ellipses.append(
        [x - c * long * 0.28, y - s * long * 0.28, long * 0.30, size * 0.15, c, s, *glow, 0.96, soft * 3, 0.0]
    )
    core = [v * bright for v in (6.0, 5.6, 2.2)]
    ellipses.append(
        [x - c * long * 0.30, y - s * long * 0.30, long * 0.20, size * 0.09, c, s, *core, 0.90, 0.6, 0.0]
    )
    return ellipses
