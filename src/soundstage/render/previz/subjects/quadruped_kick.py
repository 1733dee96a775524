"""What paws throw up as they come down: drops from wet ground, grains from dry. Knows no flesh.

All that flies is worked out when the shot is built; a frame only places it. A row of kicks is: time it
leaves (s) · x y z (m) · velocity xyz (m/s) · radius (m) · r g b · 1 for a drop, 0 for a grain · life (s).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.discs import ELLIPSE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, SetContext
    from soundstage.render.previz.subjects.quadruped_draw import Actor
    from soundstage.render.previz.view import View

KICK_COLUMNS = 13
NO_KICKS: NDArray[np.float32] = np.zeros((0, KICK_COLUMNS), np.float32)
_GRAVITY = 9.81
_WET = 0.30  #: wetness from which drops fly instead of grains
_SHUTTER_S = 0.008
_PER_STEP = 56


def kick_up(
    actor: Actor, ground: Ground, ctx: SetContext, chance: np.random.Generator
) -> NDArray[np.float32]:
    """Return everything the paws throw up during a shot, (n, KICK_COLUMNS)."""
    gait = actor.going.gait
    speed = math.hypot(actor.velocity[0], actor.velocity[2])
    if gait.sweep <= 0 or speed < 1.2 or actor.sink_m > 0.02:
        return NO_KICKS
    wet = ground.wetness >= _WET
    light = np.array(ctx.light.ambient_up) + 0.30 * np.array(ctx.light.sun_colour)
    colour = 0.75 * light if wet else 0.9 * light * np.array(ground.albedo)
    force = min(speed / 4.0, 1.3) * min(max(actor.rig.scale, 0.4), 1.3)
    rows: list[NDArray[np.float64]] = []
    before_s = 0.8
    contacts = actor.going.contacts(actor.stride(-before_s), actor.stride(ctx.seconds))
    for phase, leg in contacts:
        t = (phase - actor.phase) / max(gait.stride_hz, 1e-6)
        track = actor.going.tracks[leg].at(phase)
        sole = actor.going.legs[leg].sole
        side = 0.082 if actor.going.legs[leg].name[1] == "L" else -0.082
        where = actor.root(t) @ np.array([sole[0] + track[0], 0.0, side, 1.0])
        n = _PER_STEP
        row = np.zeros((n, KICK_COLUMNS))
        row[:, 0] = t + chance.uniform(0, 0.05, n)
        row[:, 1:4] = where[:3] + chance.normal(0, 0.022, (n, 3)) * (1, 0, 1)
        row[:, 2] = ground.height_m + 0.008
        pace = chance.uniform(0.4, 2.5, n) * force
        rise = chance.uniform(0.40, 1.35, n)
        # Most of it flies back along the way the paw pushes.
        turn = actor.yaw + math.pi + chance.normal(0, 0.75, n) + np.where(chance.random(n) < 0.3, math.pi, 0)
        row[:, 4] = pace * np.cos(rise) * np.cos(turn) + 0.35 * actor.velocity[0]
        row[:, 5] = pace * np.sin(rise)
        row[:, 6] = pace * np.cos(rise) * np.sin(turn) + 0.35 * actor.velocity[2]
        row[:, 7] = chance.uniform(0.0009, 0.0036, n) * np.where(chance.random(n) < 0.08, 2.0, 1.0)
        bright = (0.35 + 1.5 * chance.random(n) ** 3) if wet else chance.uniform(0.6, 1.1, n)
        row[:, 8:11] = colour * bright[:, None]
        row[:, 11] = 1.0 if wet else 0.0
        row[:, 12] = chance.uniform(0.35, 0.75, n)
        rows.append(row)
    return np.concatenate(rows).astype(np.float32) if rows else NO_KICKS


def draw_kicks(canvas: Canvas, view: View, kicks: NDArray[np.float32], t_s: float) -> None:
    """Draw what is in the air at a time, as short soft streaks."""
    age = np.float32(t_s) - kicks[:, 0]
    flying = (age > 0) & (age < kicks[:, 12])
    if not flying.any():
        return
    kicks, age = kicks[flying], age[flying]
    start, end = _at(kicks, age), _at(kicks, age + np.float32(_SHUTTER_S))
    x0, y0, px_per_m = view.project(start)
    x1, y1, _ = view.project(end)
    rows = np.zeros((len(kicks), ELLIPSE_COLUMNS), np.float32)
    rows[:, 0], rows[:, 1] = (x0 + x1) / 2, (y0 + y1) / 2
    run_x, run_y = x1 - x0, y1 - y0
    streak = np.hypot(run_x, run_y)
    radius = kicks[:, 7] * px_per_m
    rows[:, 2], rows[:, 3] = radius + 0.5 * streak, radius
    rows[:, 4] = np.where(streak > 0.01, run_x / np.maximum(streak, 0.01), 1)
    rows[:, 5] = np.where(streak > 0.01, run_y / np.maximum(streak, 0.01), 0)
    rows[:, 6:9] = kicks[:, 8:11]
    # Smaller than a pixel, it fades instead of shrinking.
    rows[:, 9] = np.float32(0.8) * (1 - age / kicks[:, 12]) * np.clip(radius / 0.7, 0.15, 1)
    rows[:, 10] = 0.7
    canvas.ellipses(rows[(start[:, 1] > 0) & (px_per_m > 0)])


def _at(kicks: NDArray[np.float32], age: NDArray[np.float32]) -> NDArray[np.float32]:
    where = kicks[:, 1:4] + kicks[:, 4:7] * age[:, None]
    where[:, 1] -= np.float32(0.5 * _GRAVITY) * age * age
    return np.asarray(where, np.float32)
