"""One frame of one animal with tentacles: flesh as a lit mesh with eyes, threads and jelly by others."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.kernels.flesh import light_skin
from soundstage.render.previz.rig import raster
from soundstage.render.previz.scene import NO_LAMPS
from soundstage.render.previz.subjects import tentacled_shape as shape
from soundstage.render.previz.subjects.quadruped_draw import light_row
from soundstage.render.previz.subjects.tentacled_jelly import draw_jelly, draw_threads

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.subjects.tentacled import Animal
    from soundstage.render.previz.view import View

f32 = np.float32
LATE_S = 0.30  #: arms feel the bell's beat so much later


def draw_animal(canvas: Canvas, view: View, animal: Animal, moment: Moment) -> None:
    """Draw it with its arms, far arms first."""
    place = np.array(animal.place(moment.t_s))
    away = float(view.to_camera(place[None])[0, 2])
    if away < 0.05:
        return
    turn = animal.turn(moment.t_s)
    soft = bool(animal.row.get("glow", 0))
    # Who glows is not lit by its own lamp.
    near = replace(moment, lamps=NO_LAMPS) if soft else moment
    light = light_row(animal.light, view, near, animal.place(moment.t_s))
    squeeze = shape.pulse_at(animal.row, moment.t_s, animal.phase)
    late = shape.pulse_at(animal.row, moment.t_s - LATE_S, animal.phase)
    floor = None
    if animal.way == "crawl":
        floor = (animal.ground_m - place[1]) / animal.scale
    speed = np.array(animal.velocity) / max(animal.scale, 1e-3)
    pull = -(turn.T @ speed) * 0.16
    drag = (
        float(np.clip(pull[0], -0.9, 0.9)),
        float(np.clip(pull[1], -0.9, 0.9)),
        float(np.clip(pull[2], -0.9, 0.9)),
    )
    points, normals, albedo, triangles = [], [], [], []
    threads: list[tuple[dict[str, Any], NDArray[np.float64]]] = []
    first = 0
    for n, arm in enumerate(animal.row["arms"]):
        paths = shape.arm_paths(
            arm, moment.t_s, animal.phase, late, drag=drag, floor=floor, seed=animal.seed + n
        )
        if arm["style"] != "tube":
            threads.append((arm, paths @ turn.T * animal.scale + place))
            continue
        p, m = shape.tubes(paths, float(arm["radius"]), float(arm.get("club", 0.0)))
        for one, normal in zip(p, m, strict=True):
            points.append(one.reshape(-1, 3))
            normals.append(normal.reshape(-1, 3))
            albedo.append(_arm_skin(animal, normal, one))
            triangles.append(shape.net(shape.STEPS, shape.TUBE, first))
            first += len(points[-1])
    p, m, share = shape.bell(animal.row, squeeze)
    if animal.row.get("flat"):
        _add_fins(p, animal, moment.t_s)
        m = shape.grid_normals(p)
    if soft:
        draw_jelly(canvas, view, animal, (p, m, share), threads, light, turn, place)
        return
    points.append(p.reshape(-1, 3))
    normals.append(m.reshape(-1, 3))
    albedo.append(_mantle_skin(animal, p, share))
    triangles.append(shape.net(shape.RINGS, shape.AROUND, first))
    body = np.concatenate(points) @ turn.T * animal.scale + place
    facing = np.concatenate(normals) @ turn.T
    if animal.way in ("surface", "crawl"):
        body[:, 1] = np.maximum(body[:, 1], animal.ground_m)
    _draw_flesh(
        canvas, view, animal, body, facing, np.concatenate(albedo), np.concatenate(triangles), light, away
    )
    _draw_eyes(canvas, view, animal, turn, place, away)
    if threads:
        draw_threads(canvas, view, animal, threads, light, away)


def _mantle_skin(
    animal: Animal, points: NDArray[np.float64], share: NDArray[np.float64]
) -> NDArray[np.float64]:
    body, rim = np.array(animal.row["body"]), np.array(animal.row["rim"])
    p = points.reshape(-1, 3)
    field = np.sin(p[:, 0] * 31 + 2.2 * np.sin(p[:, 1] * 37)) + np.sin(
        p[:, 2] * 43 + 1.9 * np.sin(p[:, 0] * 29 + p[:, 1] * 17)
    )
    fine = np.sin(p[:, 0] * 97 + p[:, 2] * 71) * np.sin(p[:, 1] * 113 + p[:, 0] * 41)
    spots = np.clip((field + 0.5 * fine - 0.35) * 1.2, 0, 1)[:, None] * float(animal.row.get("mottle", 0.3))
    tone = np.repeat(share, shape.AROUND)[:, None]
    return (body * (1 - 0.25 * tone) + (rim - body) * spots) * (1 + 0.10 * fine[:, None])


def _arm_skin(
    animal: Animal, normals: NDArray[np.float64], points: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return the skin of one arm: body's colour above, pale below with a row of suckers."""
    body, under = np.array(animal.row["body"]), np.array(animal.row["under"])
    steps = np.arange(shape.STEPS)
    middle = points.mean(axis=1)
    inner = -(
        normals
        * (middle[:, None] * np.array([1, 0, 1]))
        / np.maximum(np.linalg.norm(middle[:, None] * np.array([1, 0, 1]), axis=2, keepdims=True), 1e-6)
    ).sum(axis=2)
    inner = np.maximum(inner, -normals[..., 1])
    pale = np.clip((inner - 0.25) / 0.35, 0, 1)[..., None]
    suckers = np.where(steps % 2 == 0, 0.55, 1.12)[:, None, None]
    blotch = (
        0.85 + 0.3 * np.sin(steps * 2.1)[:, None, None] * np.sin(np.arange(shape.TUBE) * 1.7)[None, :, None]
    )
    skin = body * blotch
    return (skin + (under * suckers - skin) * pale).reshape(-1, 3)


def _add_fins(points: NDArray[np.float64], animal: Animal, t_s: float) -> None:
    """Draw the mantle out into two fins near its point, that ripple."""
    top, low, reach = (float(v) for v in animal.row["fins"])
    y = points[..., 1]
    where = np.clip((y - low) / (top - low), 0, 1)
    out = np.sin(math.pi * where) ** 0.8 * reach
    side = points[..., 0] / np.maximum(np.hypot(points[..., 0], points[..., 2]), 1e-6)
    sharp = np.sign(side) * np.abs(side) ** 7
    points[..., 0] += sharp * out
    points[..., 2] += np.abs(sharp) * out * 0.22 * np.sin(math.tau * (1.1 * t_s + animal.phase) - 9 * y)


def _draw_flesh(
    canvas: Canvas, view: View, animal: Animal, points: NDArray[np.float64], normals: NDArray[np.float64],
    albedo: NDArray[np.float64],
    triangles: NDArray[np.int32], light: NDArray[np.float32], away: float,
) -> None:  # fmt: skip
    where = np.ascontiguousarray(points, f32)
    facing = np.ascontiguousarray(normals, f32)
    skin = np.ascontiguousarray(np.clip(albedo, 0.005, 0.9), f32)
    gloss = np.full(len(where), float(animal.row.get("gloss", 0.4)), f32)
    received, colours = np.empty((len(where), 4), f32), np.empty_like(where)
    light_skin(where, facing, skin, gloss, np.full(len(where), 0.9, f32), light, received, colours)
    screen = raster.project(where, raster.view_row(view))
    window = raster.window_of(screen, 4, canvas.width, canvas.height)
    if window is None:
        return
    tile = raster.draw_mesh(triangles, screen, colours, window, samples=2)
    image = tile.image
    blur = float(view.coc_px(away))
    if blur > 1.2:
        image = cv2.GaussianBlur(image, (0, 0), 0.6 * blur)
    raster.put(
        np.asarray(image, f32), canvas, window.left, window.top, fog=float(animal.light.fog_at(away)),
        fog_colour=animal.light.fog_colour,
    )  # fmt: skip


def _draw_eyes(
    canvas: Canvas,
    view: View,
    animal: Animal,
    turn: NDArray[np.float64],
    place: NDArray[np.float64],
    away: float,
) -> None:
    """Set two eyes: gold, with a bar of a pupil, and a glint."""
    if "eyes" not in animal.row:
        return
    out, high, radius = (float(v) for v in animal.row["eyes"])
    light = np.array(animal.light.ambient_up) + 0.35 * np.array(animal.light.sun_colour)
    clear = 1 - float(animal.light.fog_at(away))
    rows: list[list[float]] = []
    for side in (-1.0, 1.0):
        local = np.array([0.35 * out, high, side * out * 0.92])
        normal = turn @ np.array([0.35, 0.25, side])
        at = turn @ local * animal.scale + place
        to_eye = np.array(view.eye_m) - at
        facing = float(normal @ to_eye / np.linalg.norm(to_eye) / np.linalg.norm(normal))
        if facing < 0.12:
            continue
        px, py, scale = (float(v[0]) for v in view.project(at[None]))
        r = radius * animal.scale * scale
        if r < 0.8:
            continue
        wide = r * max(facing, 0.35)
        for dx, dy, a, b, colour, gain in (
            (0, 0, 1.25, 1.15, animal.row["body"], 0.8), (0, 0, 0.95, 0.85, (0.78, 0.60, 0.22), 1.1), (0, 0,
            0.72, 0.24, (0.01, 0.01, 0.012), 1.0),
            (-0.3, -0.35, 0.2, 0.2, (1.0, 1.0, 1.0), 1.8),
        ):  # fmt: skip
            tone = np.array(colour) * light * gain * clear + np.array(animal.light.fog_colour) * (1 - clear)
            rows.append([px + dx * r, py + dy * r, wide * a, r * b, 1.0, 0.0, *tone, 1.0, 0.15, 0.0])
    canvas.ellipses(rows)
