"""What an animal does to the surface: a burst where it breaks out and falls in, rings, a bow wave, a blow.

All of it is a function of the time; nothing is remembered between frames. Knows no place.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.subjects.swimmer import Swimmer
    from soundstage.render.previz.view import View

f32 = np.float32
BREAKS_AT = 0.734  #: half of a leap, as a share, that is over water: where its arc meets the surface
BLOW_EVERY_S = 4.2
LASTS_S = 1.5


def draw_splash(canvas: Canvas, view: View, actor: Swimmer, t_s: float) -> None:
    """Draw what the water does around one animal."""
    size = 0.6 * actor.rig.scale
    light = np.array(actor.light.ambient_up) * 0.95 + np.array(actor.light.sun_colour) * 0.22
    if actor.way == "leap":
        for share, force in (((1 - BREAKS_AT) / 2, 0.7), ((1 + BREAKS_AT) / 2, 1.0)):
            since = ((t_s / actor.leap_s + actor.phase - share) % 1.0) * actor.leap_s
            if since < LASTS_S:
                x, _, z = actor.place(t_s - since)
                _ring(canvas, view, (x, actor.ground_m, z), since, size, light)
                _burst(
                    canvas, view, (x, actor.ground_m, z), since, size * force, light, seed=int(share * 100)
                )
        return
    x, _, z = actor.place(t_s)
    _bow(canvas, view, actor, (x, actor.ground_m, z), t_s, size, light)
    if actor.rig.scale > 8:  # whales blow
        since = (t_s + actor.phase * BLOW_EVERY_S) % BLOW_EVERY_S
        if since < 2.2:
            ahead = 0.26 * actor.rig.scale * math.cos(actor.yaw)
            _blow(canvas, view, (x + ahead, actor.ground_m + 0.05 * actor.rig.scale, z), since, size, light)


def _burst(
    canvas: Canvas,
    view: View,
    at: tuple[float, float, float],
    age: float,
    size: float,
    light: NDArray[np.float64],
    *,
    seed: int,
) -> None:
    chance = np.random.default_rng(seed + 3)
    count = 340
    turn = chance.uniform(0, math.tau, count)
    up = np.sqrt(2 * 9.81 * size) * chance.uniform(0.15, 0.95, count) ** 0.8
    out = np.sqrt(size) * chance.uniform(0.2, 1.5, count)
    points = np.empty((count, 3), f32)
    points[:, 0] = at[0] + np.cos(turn) * (0.14 * size + out * age)
    points[:, 1] = at[1] + up * age - 4.9 * age * age
    points[:, 2] = at[2] + np.sin(turn) * (0.08 * size + 0.5 * out * age)
    x, y, scale = view.project(points)
    keep = (points[:, 1] > at[1] - 0.01) & (scale > 0)
    radius = np.maximum(size * chance.uniform(0.003, 0.010, count) * scale, 0.8 / 1080 * view.height_px)
    # Drops are drawn out along their way.
    fall = (up - 9.81 * age) * 0.045 * scale
    side = np.cos(turn) * out * 0.045 * scale
    fade = np.clip(1.25 - age / LASTS_S, 0, 1)
    rows = np.zeros((count, 18), f32)
    rows[:, 0], rows[:, 1] = x - side, y + fall
    rows[:, 2], rows[:, 3] = x - side / 2, y + fall / 2
    rows[:, 4], rows[:, 5] = x, y
    rows[:, 6], rows[:, 7] = radius * 0.8, radius * 1.3
    rows[:, 8:11] = rows[:, 12:15] = light
    rows[:, 11], rows[:, 15] = 0.25 * fade, 0.85 * fade
    canvas.strokes(rows[keep])
    _puffs(canvas, view, at, age, size * 0.8, light * 0.34 * (1 - age / LASTS_S), seed)


def _puffs(
    canvas: Canvas,
    view: View,
    at: tuple[float, float, float],
    age: float,
    size: float,
    light: NDArray[np.float64],
    seed: int,
) -> None:
    chance = np.random.default_rng(seed + 9)
    count = 26
    points = np.tile(np.array(at, f32), (count, 1))
    spread = size * (0.25 + 0.75 * min(age * 1.4, 1.0))
    points[:, 0] += chance.normal(0, 0.42, count) * spread
    points[:, 1] += np.maximum(
        chance.uniform(0.05, 1.0, count) * size * min(3.2 * age, 1.0) * max(1.2 - 0.55 * age, 0.1), 0
    )
    x, y, scale = view.project(points)
    sigma = np.minimum(0.20 * spread * scale, 0.12 * view.height_px)
    rows = np.column_stack([x, y, sigma, np.tile(light * 0.55, (count, 1))])
    canvas.glows(rows[scale > 0].astype(f32))


def _ring(
    canvas: Canvas,
    view: View,
    at: tuple[float, float, float],
    age: float,
    size: float,
    light: NDArray[np.float64],
) -> None:
    """Draw rings of foam that widen on the level surface."""
    rows: list[list[float]] = []
    x, y, scale = (float(v[0]) for v in view.project(np.array([at])))
    depth = max(at[2] - view.eye_m[2], 0.3)
    flat = min(max((view.eye_m[1] - at[1]) / depth, 0.04), 1.0)
    if scale <= 0:
        return
    for k, gain in ((1.0, 0.55), (0.62, 0.4)):
        r = size * (0.22 + 0.85 * age) * k * scale
        for side in (1.0, -1.0):
            tone = [*light, gain * (1 - age / LASTS_S)]
            rows.append(
                [
                    x - r,
                    y,
                    x,
                    y + side * 2 * r * flat,
                    x + r,
                    y,
                    *[max(0.05 * size * scale * flat, 0.7)] * 2,
                    *tone,
                    *tone,
                    0,
                    0,
                ]
            )
    canvas.strokes(np.array(rows, f32))
    foam = [
        x,
        y,
        size * (0.3 + 0.3 * age) * scale,
        size * (0.3 + 0.3 * age) * scale * flat,
        1.0,
        0.0,
        *light,
        0.5 * (1 - age / LASTS_S),
        0.8,
        0.0,
    ]
    canvas.ellipses([foam])


def _bow(
    canvas: Canvas,
    view: View,
    actor: Swimmer,
    at: tuple[float, float, float],
    t_s: float,
    size: float,
    light: NDArray[np.float64],
) -> None:
    """Draw the water that parts before it, and the lines it leaves."""
    heads = 1.0 if math.cos(actor.yaw) >= 0 else -1.0
    count = 40
    chance = np.random.default_rng(int(actor.phase * 1000))
    u = chance.random((count, 4))
    life = (t_s * 0.55 + u[:, 0]) % 1.0
    points = np.empty((count, 3), f32)
    points[:, 0] = at[0] + heads * size * (0.55 - 1.5 * life * (0.6 + 0.8 * u[:, 1]))
    points[:, 1] = at[1]
    points[:, 2] = at[2] + np.where(u[:, 2] < 0.5, -1, 1) * size * (0.07 + 0.30 * life)
    x, y, scale = view.project(points)
    depth = np.maximum(points[:, 2] - view.eye_m[2], 0.3)
    flat = np.clip((view.eye_m[1] - at[1]) / depth, 0.05, 1.0)
    long = size * (0.05 + 0.16 * u[:, 3]) * scale
    rows = np.column_stack([
        x, y, long, np.maximum(long * 0.30 * flat, 0.5), np.ones(count), np.zeros(count), np.tile(light,
        (count, 1)),
        0.42 * np.sin(math.pi * life), np.full(count, 0.9), np.zeros(count),
    ])  # fmt: skip
    canvas.ellipses(rows[scale > 0].astype(f32))


def _blow(
    canvas: Canvas,
    view: View,
    at: tuple[float, float, float],
    age: float,
    size: float,
    light: NDArray[np.float64],
) -> None:
    """Draw the breath that stands over a whale and drifts away."""
    count = 22
    chance = np.random.default_rng(5)
    u = chance.random((count, 2))
    rise = np.minimum(age * 2.2, 1.0) * (0.2 + 0.8 * u[:, 0])
    points = np.tile(np.array(at, f32), (count, 1))
    points[:, 1] += size * 0.75 * rise
    points[:, 0] += (u[:, 1] - 0.5) * size * 0.34 * rise + 0.25 * age * size * 0.2
    x, y, scale = view.project(points)
    sigma = size * (0.025 + 0.055 * rise + 0.03 * age) * scale
    power = 0.34 * np.clip(1 - age / 2.2, 0, 1) * min(age * 3, 1.0) * (1 - 0.5 * rise)
    rows = np.column_stack([x, y, sigma, light[None, :] * power[:, None]])
    canvas.glows(rows[scale > 0].astype(f32))
