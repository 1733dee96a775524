"""Lightning and meteors: bright lines of a moment. Draws, and knows no table but its own line."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.subjects.phenomenon_vision import Air
    from soundstage.render.previz.view import View

f32 = np.float32


def draw_meteors(canvas: Canvas, view: View, t: float, *, air: Air, seed: int) -> None:
    """Draw what falls through the sky: one with a long tail, or as many as its line says."""
    one = int(air.told.get("count", 1)) == 1
    rows: list[NDArray[np.float32]] = []
    glows: list[list[float]] = []
    h, w = view.height_px, view.width_px
    for nth in range(1 if one else int(air.told["count"])):
        rng = np.random.default_rng([seed & 0xFFFFFFFF, 60, nth])
        begin, lasts = (
            (0.15, max(air.seconds * 0.8, 1.5)) if one else (float(rng.uniform(-0.4, air.seconds)), 0.9)
        )
        u = (t - begin) / lasts
        if not 0 < u < 1.25:
            continue
        x0, y0 = (0.06 * w, 0.06 * h) if one else (rng.uniform(-0.1, 0.8) * w, rng.uniform(-0.15, 0.35) * h)
        dx, dy = (0.80 * w, 0.40 * h) if one else (0.34 * w, 0.26 * h)
        head = np.array([x0 + dx * min(u, 1.0), y0 + dy * min(u, 1.0)])
        tail = head - np.array([dx, dy]) * min(u, 0.42 if one else 0.55)
        level = math.sin(math.pi * min(u, 1.0)) ** 0.5 * max(1 - max(u - 1, 0) * 4, 0) * (1.0 if one else 0.7)
        hue = np.array(air.colours[0] if air.colours else (0.75, 0.90, 1.0), f32)
        width = (0.0085 if one else 0.004) * h
        rgb = hue * f32(1.6 * air.white * level)
        for k, alpha in ((2.4, 0.20), (1.0, 0.85)):
            rows.append(
                np.array(
                    [
                        [
                            *tail,
                            *((tail + head) / 2),
                            *head,
                            0.3,
                            width * k,
                            *(rgb * 0.2),
                            0.0,
                            *rgb,
                            alpha * level,
                            1,
                            1,
                        ]
                    ],
                    f32,
                )
            )
        glows.append([*head, width * 2.6, *(rgb * 1.1)])
        glows.append([*head, width * 11, *(rgb * 0.10)])
    for line in rows:
        canvas.strokes(line)
    canvas.glows(glows)


def flash_of(t: float) -> float:
    """Return how bright the bolt burns: a stroke, two flickers, dark."""
    u = (t + 0.85) % 1.35
    return max(math.exp(-u * 9), 0.75 * math.exp(-abs(u - 0.16) * 26), 0.5 * math.exp(-abs(u - 0.27) * 26))


def draw_bolt(
    canvas: Canvas,
    view: View,
    t: float,
    *,
    air: Air,
    seed: int,
    at_m: tuple[float, float, float],
    size_m: float,
) -> None:
    """Draw a bolt from above to a point on the ground, with its branches; a new one at every stroke."""
    level = flash_of(t)
    if level < 0.03:
        return
    rng = np.random.default_rng([seed & 0xFFFFFFFF, 70, int((t + 0.85) / 1.35)])
    top = np.array([at_m[0] + rng.uniform(-0.4, 0.4) * size_m, at_m[1] + size_m])
    end = np.array([at_m[0] + rng.uniform(-0.15, 0.15) * size_m, at_m[1]])
    lines: list[tuple[Any, float]] = []

    def grow(a: Any, b: Any, width: float, depth: int) -> None:
        points = [a, b]
        jag = float(np.hypot(*(b - a))) * 0.20
        for _ in range(6 if depth == 0 else 4):
            wider: list[Any] = []
            for p, q in pairwise(points):
                wider += [p, (p + q) / 2 + rng.normal(0, jag * 0.5, 2)]
            points = [*wider, points[-1]]
            jag *= 0.5
        lines.append((np.array(points), width))
        if depth < 2:
            for _ in range(4 - depth):
                at = int(rng.uniform(0.15, 0.7) * len(points))
                away = (
                    points[at]
                    + (b - a) * rng.uniform(0.18, 0.4)
                    + rng.normal(0, 0.12 * size_m, 2) * np.array([1, 0.4])
                )
                grow(points[at], away, width * 0.42, depth + 1)

    grow(top, end, 0.010, 0)
    hue = np.array(air.colours[0] if air.colours else (0.70, 0.80, 1.0), f32)
    for points, width in lines:
        world = np.column_stack([points, np.full(len(points), at_m[2])])
        x, y, per_m = view.project(world)
        size = np.maximum(width * size_m * per_m[:-1], view.height_px / 700)
        rows = np.zeros((len(x) - 1, 18), f32)
        rows[:, 0], rows[:, 1], rows[:, 4], rows[:, 5] = x[:-1], y[:-1], x[1:], y[1:]
        rows[:, 2], rows[:, 3] = (x[:-1] + x[1:]) / 2, (y[:-1] + y[1:]) / 2
        rows[:, 6] = rows[:, 7] = size
        rgb = (hue + 0.5) * f32(2.4 * level * air.white)
        rows[:, 8:11] = rows[:, 12:15] = rgb
        rows[:, 11] = rows[:, 15] = min(level * 1.6, 1.0)
        rows[:, 16:18] = 1
        canvas.strokes(rows)
        if width > 0.005:
            canvas.glows(
                np.column_stack(
                    [
                        x[::3],
                        y[::3],
                        np.full(len(x[::3]), 0.03 * view.height_px),
                        np.tile(hue * f32(0.10 * level * air.white), (len(x[::3]), 1)),
                    ]
                )
            )
    px, py, per_m = (float(v[0]) for v in view.project(np.array([[*top, at_m[2]]])))
    canvas.glows([[px, py, 0.45 * view.height_px, *(hue * f32(0.30 * level * air.white))]])
