"""The lot of large rooms: the day is outside, the floor mirrors the set, flames flicker.

What is seen through windows is the hour's sky; all else is lit by what comes through them and by lamps.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.places.set_outdoors import Air, Lot
from soundstage.render.previz.places.set_paint import Flat, SetLight

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Colour
    from soundstage.render.previz.places.panels import Vector
    from soundstage.render.previz.places.set_carpentry import Shine
    from soundstage.render.previz.scene import Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
FLAME_HERTZ = (1.7, 3.1, 5.3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Inside:
    """A room's lot and its light, (3,) each."""

    lot: Lot
    air: Air
    outside: SetLight  #: what is seen through its windows
    day: NDArray[np.float64]  #: what comes in, on what faces it
    lamp: NDArray[np.float64]  #: what lamps throw on everything
    burn: NDArray[np.float64]  #: a lamp itself

    @classmethod
    def of(cls, ctx: SetContext, style: Mapping[str, Any], *, roomy_m: float = 9.0) -> Inside:
        """Return the inside of a place whose recipe says `day` (how much of it comes in) and `lamp`."""
        outside = SetLight.of(ctx)
        day = (outside.fill * 0.75 + outside.key * 0.10 + outside.glow * 0.06) * float(style["day"])
        # A lamp that burns by day must still be seen: the less day comes in, the more it counts.
        share = 0.45 * (1 - float(style["day"])) if style["day"] else 1.0
        need = outside.darkness + (1 - outside.darkness) * share
        tint = np.array(style["lamp"]) * outside.lamp
        lamp = tint * (0.05 + 0.20 * need)
        gloom = _colour(day * 0.10 + lamp * 0.12)
        light = replace(
            ctx.light,
            sky_zenith=gloom,
            sky_horizon=gloom,
            sky_glow=(0.0, 0.0, 0.0),
            sun_colour=(0.0, 0.0, 0.0),
            ambient_up=_colour(day * 0.8 + lamp),
            sun_disc=0.0,
            stars=0.0,
            wet=0.0,
            white=0.0,
            fog_colour=_colour(day * 0.30 + lamp * 0.35),
            fog_density_per_m=0.004,
        )
        inner = replace(ctx, light=light, shot=replace(ctx.shot, weather="clear"))
        air = Air.over(inner, clouds="none")
        haze = np.asarray(day * 0.26 + lamp * 0.30, np.float32)
        return cls(
            lot=Lot.survey(inner, roomy_m=roomy_m),
            air=replace(air, haze=haze, per_m=0.010),
            outside=outside,
            day=day,
            lamp=lamp,
            burn=tint * (0.7 + 0.9 * need),
        )

    @property
    def shine(self) -> Shine:
        """Return the light that falls on a face with a normal."""

        def shine(normal: Vector) -> NDArray[np.float64]:
            # Windows stand behind the stage and on both sides: what faces the camera is the darkest.
            side = 0.55 + 0.25 * abs(normal[0]) + 0.45 * max(normal[1], 0.0) + 0.3 * max(normal[2], 0.0)
            return self.day * side + self.lamp * (0.9 + 0.25 * normal[1])

        return shine


def _colour(light: NDArray[np.float64]) -> Colour:
    r, g, b = (float(v) for v in light)
    return r, g, b


def paint_shaft(light: NDArray[np.float64], size_m: tuple[float, float], slant: float) -> Flat:
    """Return a shaft of light from the top; `slant`: how far its foot is from its head, in widths."""
    wide, tall = size_m
    flat = Flat(wide, tall, 12)
    rows, columns = flat.image.shape[:2]
    v = np.linspace(0, 1, rows)[:, None]
    u = np.linspace(0, 1, columns)[None, :]
    middle = 0.5 + slant * (v - 0.5)
    beam = np.exp(-(((u - middle) / (0.07 + 0.07 * v)) ** 2))
    edge = np.clip(np.minimum(u, 1 - u) * 8, 0, 1)
    fall = (1 - v) ** 0.7 * 0.8 + 0.2
    flat.image[..., :3] = (beam * fall * edge * np.clip((1 - v) * 5, 0, 1))[..., None] * light
    return flat


@dataclass(frozen=True, slots=True, kw_only=True)
class Flames:
    """Torches and candles: they flicker, and light what stands near."""

    place: NDArray[np.float32]  #: (N, 3) their middles
    tall_m: NDArray[np.float32]  #: (N,)
    light: NDArray[np.float64]  #: (3,) of a flame
    reach: float  #: how far one lights, a torch about 2 m
    depth_m: float
    lit: int = 4  #: so many, the first ones, light the subjects
    travel_m_s: Vector = (0.0, 0.0, 0.0)
    period_m: float = 0.0  #: they stand again along x
    focus: Literal["back", "full"] = "back"

    def _beat(self, t_s: float) -> NDArray[np.float64]:
        n = np.arange(len(self.place))
        beat = np.ones(len(n))
        for k, hertz in enumerate(FLAME_HERTZ):
            beat += 0.10 * np.sin(math.tau * hertz * t_s + n * (1.3 + 0.7 * k))
        return beat

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the lamps of the first flames, as scene.LAMP_COLUMNS."""
        near = self.place[: self.lit] + np.multiply(self.travel_m_s, moment.t_s).astype(np.float32)
        power = self._beat(moment.t_s)[: self.lit] * self.reach**2
        colour = np.repeat(np.asarray(self.light, np.float32)[None], len(near), 0)
        return np.column_stack([near, colour, power]).astype(np.float32)

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add every flame: a bright core, a tongue above it, a halo."""
        place = self.place
        if self.period_m:
            shift = np.round((view.eye_m[0] - place[:, 0]) / self.period_m) * self.period_m
            place = place + np.stack([shift, np.zeros_like(shift), np.zeros_like(shift)], 1).astype(
                np.float32
            )
        beat = self._beat(moment.t_s)
        lick = 0.12 * np.sin(moment.t_s * 7.3 + np.arange(len(place)) * 2.1)
        depth = np.maximum(view.to_camera(place)[:, 2], 0.1)
        rows: list[NDArray[np.float64]] = []
        for up, size, power in ((0.0, 0.30, 1.0), (0.32, 0.22, 0.8), (0.58, 0.13, 0.45)):
            at = place.copy()
            at[:, 1] += (up * self.tall_m * beat).astype(np.float32)
            at[:, 0] += (lick * up * self.tall_m).astype(np.float32)
            x, y, scale = view.project(at)
            radius = np.maximum(size * self.tall_m * scale, 0.6) + view.coc_px(depth) * 0.5
            gain = power * beat / (1 + 0.01 * radius**1.5) * (scale > 0)
            rows.append(
                np.column_stack([x, y, radius, gain[:, None] * self.light * 2.2, np.full(len(x), 0.1)])
            )
        canvas.bokeh(np.concatenate(rows))
        x, y, scale = view.project(place)
        halo = np.column_stack(
            [x, y, 1.6 * self.tall_m * scale, (0.10 * beat * (scale > 0))[:, None] * self.light]
        )
        canvas.glows(halo)
