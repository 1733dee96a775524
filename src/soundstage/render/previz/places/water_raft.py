"""A raft of logs on the open sea, for whoever cannot swim: it stays under its passenger.

Built of the same shapes as every solid, lit by the same light; the water rises and falls around it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.rig.raster import draw_mesh, project, put, view_row, window_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
SIDES = 10
RINGS = 14
DECK_M = 0.24
WOOD = (0.30, 0.20, 0.115)


@dataclass(frozen=True, slots=True, kw_only=True)
class Raft:
    """Logs side by side under the lead, with a lashing across them."""

    points: NDArray[np.float32]  #: (N, 3) world at the start
    normals: NDArray[np.float32]
    albedo: NDArray[np.float32]
    triangles: NDArray[np.int32]
    light: Light
    travel_m_s: tuple[float, float, float]
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw its shadow on the water, its mirror image, and itself."""
        shift = np.array(self.travel_m_s, f32) * f32(moment.t_s)
        points = self.points + shift
        points[:, 1] = np.maximum(points[:, 1], 0)
        colours = self._lit(view)
        small = view.scaled(0.5)
        flipped = np.ascontiguousarray(points * np.array([1, -1, 1], f32))
        for flat, v, gain, mirrored in ((flipped, small, f32(0.30), True), (points, view, f32(1), False)):
            screen = project(np.ascontiguousarray(flat, f32), view_row(v))
            window = window_of(screen, 4, v.width_px, v.height_px)
            if window is None:
                continue
            tile = draw_mesh(
                self.triangles,
                screen,
                colours * gain,
                window,
                samples=1 if mirrored else 2,
                mirrored=mirrored,
            )
            if not mirrored:
                put(tile.image, canvas, window.left, window.top)
                continue
            image = cv2.GaussianBlur(tile.image, (0, 0), max(0.004 * v.height_px, 0.4)) * f32(0.75)
            large = cv2.resize(
                image, (image.shape[1] * 2, image.shape[0] * 2), interpolation=cv2.INTER_LINEAR
            )
            put(np.asarray(large, f32), canvas, window.left * 2, window.top * 2)

    def _lit(self, view: View) -> NDArray[np.float32]:
        sun = self.light.sun_direction
        key, fill = np.array(self.light.sun_colour, f32), np.array(self.light.ambient_up, f32)
        low = np.array(self.light.ambient_down, f32)
        n = self.normals
        up = (n[:, 1:2] + 1) / 2
        face = np.clip(n @ sun, 0, 1)[:, None]
        to_eye = np.array(view.eye_m, f32) - self.points
        to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
        edge = (1 - np.clip((n * to_eye).sum(axis=1), 0, 1))[:, None] ** 3
        lit = self.albedo * (low + (fill - low) * up + key * face * f32(0.8))
        return np.ascontiguousarray(
            lit + np.array(self.light.rim_colour, f32) * edge * np.clip(face + 0.25, 0, 1) * f32(0.25), f32
        )


def raft_layers(ctx: SetContext, stage_m: float, half_width_m: float, extent_m: float) -> tuple[Layer, ...]:
    """Return a raft large enough for all who are in the shot."""
    rng = ctx.rng("raft")
    crowd = max(len(ctx.shot.subjects), 1)
    half = max(0.75 * extent_m, 1.25) if crowd == 1 else max(0.55 * half_width_m, 1.4 * crowd * 0.6, 1.5)
    middle = -0.10 * half_width_m if crowd == 1 else 0.0
    deep = max(min(0.9 * half, 2.2), 1.0)
    radius = 0.5 * DECK_M * 0.95
    parts: list[tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]] = []
    z = stage_m - deep
    while z < stage_m + deep:
        r = radius * rng.uniform(0.88, 1.06)
        ends = middle - half * rng.uniform(0.94, 1.05), middle + half * rng.uniform(0.94, 1.05)
        parts.append(_log(rng, ends, DECK_M - r, z + r, r, along_x=True, tone=rng.uniform(0.7, 1.2)))
        z += 2 * r
    lashings = (stage_m - deep - 0.1, stage_m + deep + 0.1)
    parts += [
        _log(rng, lashings, DECK_M, middle + side * half, 0.035, along_x=False, tone=1.7)
        for side in (-0.72, 0.0, 0.72)
    ]
    points, normals, albedo, triangles = [], [], [], []
    count = 0
    for p, n, a, tri in parts:
        points.append(p)
        normals.append(n)
        albedo.append(a)
        triangles.append(tri + count)
        count += len(p)
    return (
        Raft(
            points=np.concatenate(points).astype(f32), normals=np.concatenate(normals).astype(f32),
            albedo=np.concatenate(albedo).astype(f32),
            triangles=np.ascontiguousarray(np.concatenate(triangles), np.int32),
            light=ctx.light, travel_m_s=ctx.travel_m_s, depth_m=stage_m - ctx.start.eye_m[2] + deep,
        ),
    )  # fmt: skip


def _log(
    rng: np.random.Generator,
    ends: tuple[float, float],
    y: float,
    aside: float,
    radius: float,
    *,
    along_x: bool,
    tone: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.int64]]:
    """Return points, normals, albedo and triangles of one log, its ends closed by a last small ring."""
    u = np.concatenate([[0.0], np.linspace(0, 1, RINGS), [1.0]])
    wide = (
        np.concatenate([[0.02], np.ones(RINGS), [0.02]])
        * radius
        * (1 + 0.05 * np.sin(u * 9 + rng.uniform(0, 6)))
    )
    a = np.linspace(0, math.tau, SIDES, endpoint=False)
    along = ends[0] + (ends[1] - ends[0]) * u
    bow = 0.12 * radius * np.sin(u * math.pi * 1.5 + rng.uniform(0, 6))
    ring_y, ring_a = np.cos(a)[None, :], np.sin(a)[None, :]
    py = y + bow[:, None] + wide[:, None] * ring_y
    pa = aside + wide[:, None] * ring_a
    px = np.repeat(along[:, None], SIDES, axis=1)
    points = np.stack([px, py, pa] if along_x else [pa, py, px], axis=2).reshape(-1, 3)
    n = np.zeros_like(points).reshape(len(u), SIDES, 3)
    n[..., 1] = ring_y
    n[..., 2 if along_x else 0] = ring_a
    for end, sign in ((0, -1.0), (-1, 1.0)):
        n[end] = 0
        n[end, :, 0 if along_x else 2] = sign
    streak = 1 + 0.35 * np.sin(a * 3 + rng.uniform(0, 6))[None, :] * rng.uniform(0.3, 1.0, (len(u), 1))
    albedo = (
        np.array(WOOD)[None, None, :] * (tone * streak * rng.uniform(0.85, 1.15, (len(u), SIDES)))[..., None]
    )
    at = np.arange(len(u) * SIDES).reshape(len(u), SIDES)
    right = np.roll(at, -1, axis=1)
    triangles = np.concatenate([
        np.stack([at[:-1], right[:-1], at[1:]], 2).reshape(-1, 3), np.stack([right[:-1], right[1:], at[1:]],
        2).reshape(-1, 3),
    ])  # fmt: skip
    if not along_x:
        triangles = triangles[:, ::-1]
    return points, n.reshape(-1, 3), np.clip(albedo, 0, 0.8).reshape(-1, 3), triangles
