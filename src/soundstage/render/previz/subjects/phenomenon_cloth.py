"""Cloth in the wind: flags, ribbons, sheets, curtains. One net of points, bent anew at each moment."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels.letters import MATTER, MATTER_SIZE, light_solid
from soundstage.render.previz.rig.raster import cover, draw_mesh, project, put, view_row, window_of
from soundstage.render.previz.subjects.solid_matter import light_room

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import Ground, Moment
    from soundstage.render.previz.view import View

f32 = np.float32
ROWS, COLUMNS = 34, 72
SHADOW_SCALE = 0.25


def _net() -> NDArray[np.int32]:
    """Return the triangles of the net, both sides of each."""
    j, i = (v.ravel() for v in np.mgrid[0 : ROWS - 1, 0 : COLUMNS - 1])
    a = j * COLUMNS + i
    front = np.concatenate(
        [np.stack([a, a + 1, a + COLUMNS], 1), np.stack([a + 1, a + COLUMNS + 1, a + COLUMNS], 1)]
    )
    return np.concatenate([front, front[:, ::-1]]).astype(np.int32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cloth:
    """A piece of cloth, hung as its line says."""

    hang: Literal["flag", "ribbon", "sheet", "curtain"]
    at_m: tuple[float, float, float]
    size_m: float
    albedo: tuple[float, ...]
    light: Light
    ground: Ground
    phase: float
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Bend, light and draw the cloth."""
        points = self.shape(moment.t_s)
        net = points.reshape(ROWS, COLUMNS, 3)
        normals = np.cross(np.gradient(net, axis=1), np.gradient(net, axis=0)).reshape(-1, 3)
        normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-9)
        away = np.einsum("nk,nk->n", normals, np.asarray(view.eye_m, f32) - points) < 0
        normals[away] *= -1
        normals = np.ascontiguousarray(normals, f32)
        matter = np.zeros(MATTER_SIZE, f32)
        matter[MATTER["albedo"] : MATTER["albedo"] + 3] = self.albedo[:3]
        matter[MATTER["gloss"]] = 0.42
        colours = np.empty_like(points)
        light_solid(
            points, normals, f32(self.ground.height_m), f32(0.3 * self.size_m),
            light_room(self.light, self.ground, view), matter, moment.lamps, colours,
        )  # fmt: skip
        # Light comes through thin cloth where the sun stands behind it.
        behind = max(float(self.light.sun_direction[2]), 0.0)
        glow = np.array(self.albedo[:3], f32) * np.array(self.light.sun_colour, f32) * f32(0.16 * behind)
        colours += glow
        colours = self.light.in_air(colours, min(math.dist(view.eye_m, self.at_m), 12.0))
        triangles = _net()
        self._shade(canvas, view, points, triangles)
        if self.hang == "flag":
            self._pole(canvas, view)
        screen = project(points, view_row(view))
        window = window_of(screen, 2, canvas.width, canvas.height)
        if window is not None:
            tile = draw_mesh(triangles, screen, colours, window, samples=2)
            put(tile.image, canvas, window.left, window.top)

    def shape(self, t_s: float) -> NDArray[np.float32]:
        """Return where the net's points are (ROWS * COLUMNS, 3), in metres."""
        v, u = (a.astype(np.float64) for a in np.mgrid[0 : 1 : ROWS * 1j, 0 : 1 : COLUMNS * 1j])
        wind = 0.6 + 0.8 * self.light.wind
        t = t_s * (0.8 + 0.6 * wind) + self.phase
        size = self.size_m
        if self.hang == "flag":
            wave = u**0.8 * (
                0.10 * np.sin(7.5 * u - 5.6 * t + 1.3 * v) + 0.05 * np.sin(13 * u - 8.1 * t - 2 * v)
            )
            x = 0.02 + 0.78 * u - 0.25 * np.abs(wave)
            y = 0.98 - 0.50 * v - 0.10 * u * u + 0.35 * wave * u
            z = 1.1 * wave
        elif self.hang == "ribbon":
            a = 8.5 * u - 1.5 * t
            x = -1.15 + 2.3 * u
            y = 0.42 + 0.24 * np.sin(a) * (0.4 + 0.6 * u) + (v - 0.5) * 0.20 * np.cos(0.6 * a + 0.7)
            z = 0.26 * np.cos(a) + (v - 0.5) * 0.20 * np.sin(0.6 * a + 0.7)
        elif self.hang == "sheet":
            fold = 0.075 * np.sin(9 * u + 3 * v - 2.7 * t) + 0.10 * np.sin(4.2 * u - 4.5 * v - 1.9 * t + 1.0)
            fine = 0.022 * np.sin(21 * u + 7 * v - 4.6 * t) * np.sin(3 * v + 2)
            x = -1.05 + 2.1 * u + 0.25 * fold
            y = 0.02 + 0.86 * (1 - v) + 0.10 * np.sin(3.1 * u - 1.4 * t) + 0.6 * fold
            z = 1.7 * (fold + fine) + 0.25 * np.sin(2 * u + 0.8 * t)
        else:
            fold = 0.055 * np.sin(34 * u + 0.9 * np.sin(3 * v + t)) + 0.03 * np.sin(61 * u + 1.2)
            blow = 0.20 * v**1.5 * (0.6 + 0.6 * np.sin(1.1 * t + 2.4 * u)) * wind
            x = -0.62 + 1.24 * u + 0.06 * v * np.sin(0.9 * t)
            y = 0.98 - 0.95 * v
            z = fold * (0.6 + 0.7 * v) - blow
        spot = np.stack([x, y, z], -1).reshape(-1, 3) * size
        return np.ascontiguousarray(spot + np.array(self.at_m), f32)

    def _pole(self, canvas: Canvas, view: View) -> None:
        x, y, z = self.at_m
        ends = np.array([[x, y - 0.02 * self.size_m, z], [x, y + 1.08 * self.size_m, z]])
        px, py, per_m = view.project(ends)
        wide = np.maximum(0.020 * self.size_m * per_m, 1.0)
        dark = self.light.in_air(
            np.array([[0.10, 0.095, 0.09]])
            * (np.array(self.light.ambient_up) + 0.15 * np.array(self.light.sun_colour)),
            5.0,
        )[0]
        lit = dark * 2.2 + 0.05 * np.array(self.light.rim_colour)
        line = [px[0], py[0], (px[0] + px[1]) / 2, (py[0] + py[1]) / 2, px[1], py[1]]
        rows = [[*line, w * k, w * k, *c, 1, *c, 1, 1, 1]
                for k, c, w in ((1.0, dark, wide[0]), (0.35, lit, wide[1]))]  # fmt: skip
        canvas.strokes(np.array(rows, f32))

    def _shade(
        self, canvas: Canvas, view: View, points: NDArray[np.float32], triangles: NDArray[np.int32]
    ) -> None:
        """Darken the ground where the cloth keeps the sun away."""
        low = view.scaled(SHADOW_SCALE)
        sun = self.light.sun_direction.astype(np.float64)
        sun[1] = max(float(sun[1]), 0.34)
        above = points[:, 1:2] - f32(self.ground.height_m)
        screen = project(
            np.ascontiguousarray(points - above * (sun / sun[1]).astype(f32), f32), view_row(low)
        )
        window = window_of(screen, 12, low.width_px, low.height_px)
        if window is None:
            return
        mask = cover(triangles, screen, window)
        mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.012 * low.height_px, 0.6)), f32) * f32(0.5)
        grow = round(1 / SHADOW_SCALE)
        full = cv2.resize(mask, (mask.shape[1] * grow, mask.shape[0] * grow), interpolation=cv2.INTER_LINEAR)
        y, x = window.top * grow, window.left * grow
        part = canvas.planes[:, y : y + full.shape[0], x : x + full.shape[1]]
        part *= 1 - full[: part.shape[1], : part.shape[2]]
