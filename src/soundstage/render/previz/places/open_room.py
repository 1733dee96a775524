"""Indoors: a seamless wall and floor under a pool of light, a window's bars across it, dust in the beam."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.kernels.room import ROOM, ROOM_SIZE, paint_room
from soundstage.render.previz.scene import Ground, Place
from soundstage.render.previz.sky import pixel_rays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
ROOM_DEPTH_M = 1e5
DUST_COUNT = 110
#: Colour words and what a coloured light makes of a room; others leave it as it is.
GELS = {
    "red": (1.0, 0.30, 0.26), "crimson": (1.0, 0.24, 0.26), "orange": (1.0, 0.58, 0.28), "amber": (1.0,
    0.66, 0.32),
    "gold": (1.0, 0.74, 0.40), "yellow": (1.0, 0.86, 0.46), "green": (0.45, 0.95, 0.52), "emerald": (0.30,
    0.92, 0.58),
    "teal": (0.32, 0.88, 0.92), "blue": (0.38, 0.58, 1.0), "navy": (0.26, 0.38, 0.85), "purple": (0.68,
    0.42, 1.0),
    "magenta": (1.0, 0.36, 0.80), "pink": (1.0, 0.64, 0.74),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Room:
    """Wall and floor. Out of focus where the lens has it so: drawn at half resolution."""

    numbers: NDArray[np.float32]  #: (ROOM_SIZE,)
    lamp: NDArray[
        np.float32
    ]  #: (1, 7) as `scene.LAMP_COLUMNS`: what lights the subject from above the camera
    travel_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0)  #: the light goes with a lead, as it has no end
    depth_m: float = ROOM_DEPTH_M
    focus: Literal["back", "full"] = "back"

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the room's lamp."""
        lamp = self.lamp.copy()
        lamp[:, :3] += np.multiply(self.travel_m_s, moment.t_s).astype(np.float32)
        return lamp

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint one frame."""
        numbers = self.numbers.copy()
        numbers[ROOM["time"]] = moment.t_s
        numbers[ROOM["pool_x"]] += self.travel_m_s[0] * moment.t_s
        paint_room(*canvas.rgb, pixel_rays(view), np.asarray(view.eye_m, np.float32), numbers)


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomDust:
    """Dust that turns in the light, before and behind the subject, as soft discs."""

    home: NDArray[np.float32]  #: (N, 3)
    phase: NDArray[np.float32]  #: (N,)
    light: NDArray[np.float32]  #: (N, 3)
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add every grain as a disc of the lens's blur."""
        t = moment.t_s
        drift = np.stack(
            [
                0.10 * np.sin(0.31 * t + self.phase) + 0.03 * t,
                0.07 * np.sin(0.43 * t + 1.7 * self.phase),
                0.06 * np.cos(0.27 * t + self.phase),
            ],
            axis=1,
        )
        x, y, scale = view.project(self.home + drift.astype(np.float32))
        depth = np.maximum(view.to_camera(self.home)[:, 2], 0.05)
        radius = np.clip(view.coc_px(depth), 0.8, 0.016 * view.height_px)
        power = (0.6 + 0.4 * np.sin(0.9 * t + 2.3 * self.phase)) / (1 + 0.35 * radius**1.3)
        discs = np.column_stack([x, y, radius, self.light * power[:, None], np.full_like(x, 0.35)])
        canvas.bokeh(discs[scale > 0])


def build_room(ctx: SetContext, table: Mapping[str, Any]) -> Place:
    """Build the room of a line of `[room]` in data/open.toml."""
    light = ctx.light
    stage_m = ctx.camera.eye_m[2] + ctx.camera.focus_m
    half_w = ctx.start.half_width_m(ctx.camera.focus_m)
    day = np.array(light.sun_colour) * 0.30 + np.array(light.ambient_up)
    gel = np.ones(3)
    for word in ctx.palette:
        gel = gel * 0.25 + 0.75 * np.array(GELS.get(word, (1.0, 1.0, 1.0)))
    # A room keeps its own lamp: against the night's long exposure it must burn lower.
    lamp = np.array(table["lamp"]) * (1 - 0.25 * light.darkness) / max(light.grade.exposure, 0.5) ** 0.8
    glow = (lamp + day * table["day"] * (1 - table["gobo"] * 0.7)) * gel
    fill = 0.16 * lamp * gel + 0.22 * day * table["day"]
    window = (
        (np.array(light.sun_colour) * 0.85 + np.array(light.sky_glow) * 0.35) * table["gobo"] * table["day"]
    )
    numbers = np.zeros(ROOM_SIZE, np.float32)
    for name, colour in (
        ("wall", table["wall"]), ("floor", table["floor"]), ("pool", glow * table["pool"] * 1.15),
        ("fill", fill + glow * (1 - table["pool"]) * 0.45), ("window", window),
    ):  # fmt: skip
        numbers[ROOM[name] : ROOM[name] + 3] = colour
    radius = max(half_w * 1.05, 0.4)
    numbers[ROOM["wall_z"]] = stage_m + 1.5 * radius + 0.8
    numbers[ROOM["pool_x"]] = 0.12 * half_w
    numbers[ROOM["pool_z"]] = stage_m + 0.25 * radius
    numbers[ROOM["radius"]] = radius * 1.15
    numbers[ROOM["gloss"]] = table["gloss"]
    numbers[ROOM["bend"]] = 0.55 * radius
    rng = ctx.rng("room dust")
    spread = np.array([1.8 * half_w, 0.9 * half_w, 0.9 * stage_m])
    middle = np.array([0.0, ctx.start.eye_m[1], stage_m])
    home = middle + rng.uniform(-1, 1, (DUST_COUNT, 3)) * spread
    motes = (glow + window * 0.6) * 0.11 * rng.uniform(0.2, 1.0, (DUST_COUNT, 1)) ** 2
    dust = RoomDust(
        home=home.astype(np.float32),
        phase=rng.uniform(0, 2 * math.pi, DUST_COUNT).astype(np.float32),
        light=motes.astype(np.float32),
        depth_m=0.2,
    )
    away = max(1.3 * half_w, 0.5)
    spot = (-0.55 * away, ctx.start.eye_m[1] + 0.6 * away, stage_m - 0.6 * away)
    # Intensity falls with the square of the distance; at the subject it is to light as the pool lights the
    # wall.
    lamp_row = np.array([[*spot, *glow, 1.1 * away**2]], np.float32)
    floor = table["floor"]
    ground = Ground(
        wetness=float(table["gloss"]),
        albedo=(float(floor[0]), float(floor[1]), float(floor[2])),
        stage_m=stage_m,
        half_width_m=half_w,
    )
    return Place(
        layers=(Room(numbers=numbers, lamp=lamp_row, travel_m_s=ctx.travel_m_s), dust), ground=ground
    )
