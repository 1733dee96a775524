"""Swell: long waves as a sum of sines, seen as a grid of points that is finest where the frame is.

What a pixel of the sea is (how steep, how high, how far) comes out of the mesh raster,
so crests hide troughs.
Knows no light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.rig.raster import Window, draw_mesh, project, view_row
from soundstage.render.previz.sky import pixel_rays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.view import View

f32 = np.float32
GRAVITY = 9.81
WAVES = 9
FARTHEST_M = 2600.0
ROWS, COLUMNS = 104, 132
PUSH = 0.75  #: how far crests are drawn together, of what would make them fold over
INVERSE_AT = f32(4.0)  #: depth goes through the raster as this minus 1 / z, which is straight on the screen


@dataclass(frozen=True, slots=True, kw_only=True)
class Swell:
    """Waves in deep water: each as fast as its length allows."""

    waves: NDArray[np.float32]  #: (N, 5) kx, kz (1/m), amplitude m, turns rad/s, phase
    high_m: float  #: a crest above the mean
    calm_at: tuple[float, float]  #: x, z where the lead floats: low there, or its hull would hang in the air
    calm_m: float
    travel_m_s: tuple[float, float]

    def at(
        self, x: NDArray[np.float32], z: NDArray[np.float32], t_s: float, reach: NDArray[np.float32]
    ) -> tuple[NDArray[np.float32], ...]:
        """Return sideways shift x and z, height, slope x and z, and steepness at points (any shape)."""
        zero = np.zeros_like(x)
        shift_x, shift_z, high, slope_x, slope_z, fold = (zero.copy() for _ in range(6))
        for kx, kz, amplitude, turns, phase in self.waves.tolist():
            k = math.hypot(kx, kz)
            angle = x * f32(kx) + z * f32(kz) - f32((turns * t_s - phase) % math.tau)
            c, s = np.cos(angle), np.sin(angle)
            # What is shorter than two cells of the grid would strobe.
            seen = f32(amplitude) / (1 + (reach * f32(k * 0.75)) ** 4)
            high += c * seen
            slope_x -= s * seen * f32(kx)
            slope_z -= s * seen * f32(kz)
            shift_x -= s * seen * f32(PUSH * kx / k)
            shift_z -= s * seen * f32(PUSH * kz / k)
            fold += c * seen * f32(k)
        return shift_x, shift_z, high, slope_x, slope_z, fold


def make_swell(
    rng: np.random.Generator,
    *,
    high_m: float,
    long_m: float,
    from_deg: float,
    calm_at: tuple[float, float],
    calm_m: float,
    travel_m_s: tuple[float, float],
) -> Swell:
    """Return waves with crests about `high_m` above the mean, the longest `long_m` from crest to crest."""
    rows: list[tuple[float, ...]] = []
    length, share = long_m, 1.0
    for n in range(WAVES):
        turn = math.radians(from_deg + rng.normal(0, 14 + 4 * n))
        k = math.tau / length
        rows.append(
            (k * math.sin(turn), -k * math.cos(turn), share, math.sqrt(GRAVITY * k), rng.uniform(0, math.tau))
        )
        length *= rng.uniform(0.58, 0.74)
        share *= 0.66
    table = np.array(rows)
    table[:, 2] *= high_m / table[:, 2].sum() * 1.45
    # No wave is steeper than water can stand.
    steep = table[:, 2] * np.hypot(table[:, 0], table[:, 1])
    table[:, 2] *= np.minimum(1, 0.20 / np.maximum(steep, 1e-6))
    return Swell(
        waves=table.astype(f32), high_m=high_m, calm_at=calm_at, calm_m=calm_m, travel_m_s=travel_m_s
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Sea:
    """What each pixel of a picture of the sea is."""

    top: int  #: row of the picture where it begins
    depth_m: NDArray[np.float32]  #: (h, w) along the optical axis
    slope: tuple[NDArray[np.float32], NDArray[np.float32]]
    fold: NDArray[np.float32]  #: how near to breaking; 0.3 and more breaks
    cover: NDArray[np.float32]  #: 0 sky, 1 sea


def draw_swell(swell: Swell, view: View, t_s: float, *, highest_row: float) -> Sea:
    """Raster the swell through a view."""
    rows, columns = ROWS, max(round(COLUMNS * min(view.width_px / view.height_px / 1.78, 1.0)), 60)
    rays = pixel_rays(view)
    eye = view.eye_m
    right_x, ahead = _level_axes(rays, view)
    # Rows of the grid: even steps of the picture below the horizon, the first far away, the last behind it.
    lowest = -float((rays[0] + rays[2] * view.height_px)[1]) / max(
        _level_length(rays[0] + rays[2] * view.height_px), 1e-3
    )
    nearest = max(eye[1] / max(lowest, 0.02) * 0.55, 0.3)
    farthest = FARTHEST_M * max(eye[1] / 3.0, 1.0)
    u = np.linspace(0, 1, rows) ** 1.25
    distance = 1 / (1 / farthest + u * (1 / nearest - 1 / farthest))
    half = 0.5 * view.width_px / view.focal_px * 1.35 + 0.12 + 0.5 * abs(view.roll_rad)
    side = np.linspace(-1, 1, columns) * half
    d, s = np.meshgrid(distance, side, indexing="ij")
    # Near rows are wider than the frame needs: waves come in from the sides.
    s = s * (1 + 1.2 / np.maximum(d, 0.8))
    x = (eye[0] + d * (ahead[0] + s * right_x[0])).astype(f32)
    z = (eye[2] + d * (ahead[1] + s * right_x[1])).astype(f32)
    cell = (np.gradient(distance)[:, None] * -1 + np.zeros_like(s)).astype(f32)
    cell = np.maximum(np.abs(cell) * f32(0.55), d.astype(f32) * f32(2 * half / columns))
    shift_x, shift_z, high, slope_x, slope_z, fold = swell.at(x, z, t_s, cell)
    low = _calm(swell, x, z, t_s, d.astype(f32), eye[1])
    high *= low
    points = np.stack([x + shift_x * low, high, z + shift_z * low], axis=2).reshape(-1, 3).astype(f32)
    screen = project(points, view_row(view))
    deep = np.maximum(screen[:, 2], f32(0.3))
    screen[:, 2] = np.where(screen[:, 2] > 0.25, INVERSE_AT - 1 / deep, f32(-1))
    colours = np.stack([slope_x * low, slope_z * low, fold * low], axis=2).reshape(-1, 3).astype(f32)
    top = int(min(max(highest_row, 0), view.height_px - 1))
    tile = draw_mesh(
        _triangles(rows, columns), screen, colours, Window(0, top, view.width_px, view.height_px)
    )
    cover = np.ascontiguousarray(tile.image[..., 3])
    depth = (1 / np.maximum(INVERSE_AT - tile.depth, f32(1 / farthest))).astype(f32)
    slope = np.ascontiguousarray(tile.image[..., 0]), np.ascontiguousarray(tile.image[..., 1])
    return Sea(
        top=top, depth_m=depth, slope=slope, fold=np.ascontiguousarray(tile.image[..., 2]), cover=cover
    )


def _calm(
    swell: Swell,
    x: NDArray[np.float32],
    z: NDArray[np.float32],
    t_s: float,
    away: NDArray[np.float32],
    eye_m: float,
) -> NDArray[np.float32]:
    """Return the share of height that is left: little round the lead, and never up to the lens."""
    cx = swell.calm_at[0] + swell.travel_m_s[0] * t_s
    cz = swell.calm_at[1] + swell.travel_m_s[1] * t_s
    near = ((x - f32(cx)) ** 2 + (z - f32(cz)) ** 2) / f32(swell.calm_m**2)
    flat = 1 - f32(0.86) * np.exp(-near)
    room = (f32(0.30 * eye_m) + f32(0.045) * away) / f32(max(swell.high_m, 1e-3))
    return (flat * np.minimum(room, 1)).astype(f32)


def _level_length(ray: NDArray[np.float32]) -> float:
    return float(math.hypot(ray[0], ray[2]))


def _level_axes(rays: NDArray[np.float32], view: View) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return right and ahead on the ground (x, z), unit length."""
    del rays
    c, s = math.cos(view.yaw_rad), math.sin(view.yaw_rad)
    return np.array([c, -s]), np.array([s, c])


def _triangles(rows: int, columns: int) -> NDArray[np.int32]:
    at = np.arange(rows * columns).reshape(rows, columns)
    a, b, c, d = at[:-1, :-1], at[:-1, 1:], at[1:, :-1], at[1:, 1:]
    return np.ascontiguousarray(
        np.concatenate([np.stack([a, b, c], 2), np.stack([b, d, c], 2)]).reshape(-1, 3), np.int32
    )


def widen(plane: NDArray[np.float32], width: int, height: int) -> NDArray[np.float32]:
    """Return a plane stretched to a size."""
    return np.asarray(cv2.resize(plane, (width, height), interpolation=cv2.INTER_LINEAR), f32)
