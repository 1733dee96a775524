"""Jelly and threads: a bell that light passes, rings that shine through it, strands and ruffled ribbons.

The bell is drawn twice, its far side through its near one. Knows no flesh.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.rig import raster
from soundstage.render.previz.subjects import tentacled_shape as shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.subjects.tentacled import Animal
    from soundstage.render.previz.view import View

f32 = np.float32


def draw_jelly(
    canvas: Canvas, view: View, animal: Animal, body: tuple[NDArray[np.float64], NDArray[np.float64],
    NDArray[np.float64]],
    threads: list[tuple[dict[str, Any], NDArray[np.float64]]], light: NDArray[np.float32],
    turn: NDArray[np.float64], place: NDArray[np.float64],
) -> None:  # fmt: skip
    """Draw a jellyfish: threads, the bell's far side, what shines in it, its near side, its glow."""
    away = float(view.to_camera(place[None])[0, 2])
    draw_threads(canvas, view, animal, threads, light, away)
    points, normals, share = body
    where = np.ascontiguousarray(points.reshape(-1, 3) @ turn.T * animal.scale + place, f32)
    facing = (normals.reshape(-1, 3) @ turn.T).astype(f32)
    if animal.way == "surface":
        where[:, 1] = np.maximum(where[:, 1], f32(animal.ground_m))
    to_eye = np.array(view.eye_m, f32) - where
    to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
    edge = 1 - np.abs((facing * to_eye).sum(axis=1))
    tone = np.repeat(share, shape.AROUND)
    around = np.tile(np.arange(shape.AROUND), shape.RINGS) / shape.AROUND * math.tau
    rib = 0.5 + 0.5 * np.cos(around * int(animal.row["ribs"]))
    lines = rib**6 * np.clip(tone * 1.3, 0, 1)
    low, high = animal.row["alpha"]
    alpha = np.clip(
        low + (high - low) * (0.75 * edge**1.5 + 0.25 * lines + 0.45 * np.clip(tone - 0.8, 0, 1) * 5 * 0.5),
        0,
        1,
    ).astype(f32)
    colour = _jelly_light(
        animal,
        light,
        np.array(animal.row["body"])
        + (np.array(animal.row["rim"]) - np.array(animal.row["body"]))
        * np.clip(edge * 0.8 + lines * 0.5, 0, 1)[:, None],
        facing,
        edge,
    )
    row: Any = raster.view_row(view)
    screen = raster.project(where, row)
    window = raster.window_of(screen, 4, canvas.width, canvas.height)
    if window is None:
        return
    triangles = shape.net(shape.RINGS, shape.AROUND, 0)
    blur = float(view.coc_px(away))
    # The far side first, seen through the near one.
    for mirrored, gain in ((True, 0.55), (False, 1.0)):
        lit = raster.draw_mesh(
            triangles,
            screen,
            np.ascontiguousarray(colour * f32(gain), f32),
            window,
            samples=2,
            mirrored=mirrored,
        )
        clear = raster.draw_mesh(
            triangles,
            screen,
            np.repeat((alpha * f32(gain))[:, None], 3, 1),
            window,
            samples=2,
            mirrored=mirrored,
        )
        image = lit.image * clear.image[..., :1]
        image[..., 3] = clear.image[..., 0]
        if blur > 1.2:
            image = cv2.GaussianBlur(image, (0, 0), 0.6 * blur)
        raster.put(
            np.asarray(image, f32),
            canvas,
            window.left,
            window.top,
            fog=float(animal.light.fog_at(away)),
            fog_colour=animal.light.fog_colour,
        )
        if mirrored:
            _draw_organs(canvas, view, animal, turn, place, light, away)
    px, py, scale = (float(v[0]) for v in view.project(place[None]))
    glow = np.array(animal.row["rim"]) * float(animal.row["glow"]) * (0.010 + 0.022 * animal.light.darkness)
    size = min(0.85 * animal.scale * scale, 0.30 * canvas.height)
    canvas.glows([[px, py, size, *(glow * math.exp(-animal.light.fog_density_per_m * away))]])


def _jelly_light(
    animal: Animal,
    light: NDArray[np.float32],
    local: NDArray[np.float64],
    facing: NDArray[np.float32],
    edge: NDArray[np.float32],
) -> NDArray[np.float64]:
    """Return light through jelly: what comes from behind counts as much as what falls on it."""
    sun = np.abs(facing @ light[0:3])[:, None]
    up = (facing[:, 1:2] + 1) / 2
    fill = light[9:12] + (light[6:9] - light[9:12]) * up
    own = (
        float(animal.row["glow"])
        * (0.06 + 0.20 * animal.light.darkness)
        / max(animal.light.grade.exposure, 0.6)
    )
    seen = local * (fill * 0.9 + light[3:6] * (0.18 + 0.42 * sun))
    seen += local * own * (0.35 + 0.9 * edge[:, None] ** 1.5)
    return seen + light[3:6] * (np.clip(facing @ light[0:3], 0, 1)[:, None] ** 12) * 0.10


def _draw_organs(
    canvas: Canvas,
    view: View,
    animal: Animal,
    turn: NDArray[np.float64],
    place: NDArray[np.float64],
    light: NDArray[np.float32],
    away: float,
) -> None:
    """Draw the four rings that shine through the bell."""
    rows: list[list[float]] = []
    clear = 1 - float(animal.light.fog_at(away))
    own = (
        float(animal.row["glow"])
        * (0.16 + 0.26 * animal.light.darkness)
        / max(animal.light.grade.exposure, 0.6)
    )
    tone = (
        np.array(animal.row.get("organs", animal.row["rim"]))
        * (light[6:9] * 0.8 + light[3:6] * 0.2 + own)
        * clear
    )
    for k in range(4):
        a = k * math.pi / 2 + 0.6
        at = turn @ np.array([math.cos(a) * 0.22, 0.30, math.sin(a) * 0.22]) * animal.scale + place
        px, py, scale = (float(v[0]) for v in view.project(at[None]))
        r = 0.135 * animal.scale * scale
        rows.append([px, py, r, r * 0.55, 1.0, 0.0, *tone, 0.75, 0.35, 0.0])
        rows.append([px, py, r * 0.55, r * 0.28, 1.0, 0.0, *(tone * 0.45), 0.6, 0.5, 0.0])
    canvas.ellipses(rows)


def draw_threads(
    canvas: Canvas,
    view: View,
    animal: Animal,
    threads: list[tuple[dict[str, Any], NDArray[np.float64]]],
    light: NDArray[np.float32],
    away: float,
) -> None:
    """Draw fine strands and ruffled ribbons, each a chain of strokes that thins and fades."""
    clear = 1 - float(animal.light.fog_at(away))
    fog = np.array(animal.light.fog_colour)
    own = (
        float(animal.row.get("glow", 0.0))
        * (0.06 + 0.16 * animal.light.darkness)
        / max(animal.light.grade.exposure, 0.6)
    )
    blur = float(view.coc_px(away))
    for arm, paths in threads:
        ribbon = arm["style"] == "ribbon"
        local = np.array(animal.row["under" if ribbon else "rim"])
        lit = local * (light[6:9] * 0.55 + light[9:12] * 0.3 + light[3:6] * 0.30 + own)
        colour = lit * clear + fog * (1 - clear)
        count = len(paths)
        px, py, scale = (v.reshape(count, -1) for v in view.project(paths.reshape(-1, 3)))
        if animal.way == "surface":
            continue
        a, b, c = slice(0, shape.STEPS - 2, 2), slice(1, shape.STEPS - 1, 2), slice(2, shape.STEPS, 2)
        u = np.linspace(0, 1, shape.STEPS)
        wide = float(arm["radius"]) * animal.scale * scale * 2
        if ribbon:  # ruffles: the ribbon turns its edge and its face by turns
            ruffle = 0.45 + 0.55 * np.abs(np.sin(u * 15 + np.arange(count)[:, None] * 2))
            wide = wide * (1 - u) ** 0.5 * ruffle
        else:
            wide = wide * (1 - 0.7 * u)
        alpha = (0.55 if ribbon else 0.75) * (1 - u) ** 0.6 * np.ones((count, 1))
        least = max(0.9 / 1080 * view.height_px, 0.45)
        faint = np.minimum(wide / least, 1.0) * (1 / (1 + 0.25 * blur))
        wide = np.maximum(wide, least) + 0.8 * blur
        rows = np.zeros((count, len(u[a]), 18))
        # The control point lies beyond the middle one, so that the curve passes it.
        for one, two in ((px, py),):
            rows[..., 0], rows[..., 1] = one[:, a], two[:, a]
            rows[..., 2], rows[..., 3] = (
                2 * one[:, b] - (one[:, a] + one[:, c]) / 2,
                2 * two[:, b] - (two[:, a] + two[:, c]) / 2,
            )
            rows[..., 4], rows[..., 5] = one[:, c], two[:, c]
        rows[..., 6], rows[..., 7] = wide[:, a], wide[:, c]
        rows[..., 8:11] = rows[..., 12:15] = colour
        rows[..., 11], rows[..., 15] = (alpha * faint)[:, a], (alpha * faint)[:, c]
        keep = (scale[:, :1] > 0).repeat(rows.shape[1], 1)
        canvas.strokes(rows[keep].astype(f32))
