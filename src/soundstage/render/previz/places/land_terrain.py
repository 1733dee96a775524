"""Terrain: a fan of land from beyond the stage to the horizon, modelled, painted and lit once.

Its grid is finest where the lens is; its picture is laid over it pixel by pixel, so that gullies and snow
are as sharp as the frame. Height comes from `land_relief`, matter from the recipe's `cover` lines.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.places.land_cover import Site, paint_cover, soil_detail
from soundstage.render.previz.places.land_noise import Noise, smooth
from soundstage.render.previz.places.land_relief import height_of
from soundstage.render.previz.places.land_soil import Soil, gain_lookup
from soundstage.render.previz.rig.raster import Window, draw_mesh, project, view_row
from soundstage.render.previz.sky import pixel_rays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.land_light import LandLight
    from soundstage.render.previz.scene import SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
MOST_POINTS = (343, 601)  #: rows and columns that are modelled; some of them are corners of the mesh
POINTS_PER_PX = 0.32  #: of the frame's longer side, as many columns as that allows
STEP, STRIP_ROWS = (3, 3), 32  #: points from corner to corner, along and across; rows worked at a time
PAINT = (2, 3)  #: pixels of the picture for each point, across and along
SHADOW_STEPS = 11


@dataclass(frozen=True, slots=True, kw_only=True)
class Fan:
    """Where the grid's points lie on the plane: rays from a point, rings closer the nearer."""

    x_m: float
    z_m: float
    yaw_rad: float
    half_rad: float
    rings_m: NDArray[np.float32]  #: (rows,)
    columns: int

    @classmethod
    def over(cls, ctx: SetContext, near_m: float, far_m: float, steep: float) -> Fan:
        """Return the fan that a shot's camera sees; `steep`: how much of it is slopes far away."""
        views = [ctx.camera.view(u, u * ctx.seconds) for u in (0.0, 0.25, 0.5, 0.75, 1.0)]
        eyes = np.array([v.eye_m for v in views])
        middle = (eyes.min(0) + eyes.max(0)) / 2
        # Nothing may lie before the first ring of a flight: it is about the hindmost place.
        middle[2] = middle[2] if ctx.shot.subjects else eyes[:, 2].min()
        aside = float(np.hypot(*(eyes - middle)[:, [0, 2]].T).max())
        yaw = sum(v.yaw_rad for v in views) / len(views)
        edges: list[float] = []
        for view in views:
            rays = pixel_rays(view).astype(np.float64)
            for u in np.linspace(0, view.width_px - 1, 7):
                for v in (0.0, 0.5, 1.0):
                    d = rays[0] + rays[1] * u + rays[2] * v * (view.height_px - 1)
                    edges.append((math.atan2(d[0], d[2]) - yaw + math.pi) % (2 * math.pi) - math.pi)
        half = max(abs(e) for e in edges) + 0.03 + math.atan2(aside, max(near_m * 2.5, 30.0))
        height = max(float(eyes[:, 1].max()), 0.5)
        steps = np.geomspace(near_m, far_m, 4000)
        # Level land needs rings where the lens sees them apart; slopes need them all the way.
        weight = height / steps**2 + (0.05 + steep * smooth(0.012, 0.08, steps / far_m)) / steps
        way = np.concatenate([[0.0], np.cumsum((weight[1:] + weight[:-1]) / 2 * np.diff(steps))])
        share = min(POINTS_PER_PX * max(ctx.size.width, ctx.size.height) / MOST_POINTS[1], 1.0)
        count, columns = (max(round(n * share / 3) * 3, 60) + 1 for n in MOST_POINTS)
        rings = np.interp(np.linspace(0, way[-1], count), way, steps)
        return cls(
            x_m=float(middle[0]),
            z_m=float(middle[2]),
            yaw_rad=yaw,
            half_rad=min(half, 3.05),
            rings_m=rings.astype(np.float32),
            columns=columns,
        )

    @property
    def rows(self) -> int:
        """Return how many rings there are."""
        return len(self.rings_m)

    def points(self, rows: int, columns: int) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return x and z (rows, columns) of a grid over all of it."""
        angle = self.yaw_rad + np.linspace(-self.half_rad, self.half_rad, columns, dtype=np.float32)
        at = np.linspace(0, self.rows - 1, rows)
        ring = np.interp(at, np.arange(self.rows), self.rings_m).astype(np.float32)
        return (
            np.asarray(self.x_m + ring[:, None] * np.sin(angle), np.float32),
            np.asarray(self.z_m + ring[:, None] * np.cos(angle), np.float32),
        )

    def rows_of(self, x_m: NDArray[np.floating], z_m: NDArray[np.floating]) -> tuple[Any, Any]:
        """Return row and column of points; outside of the fan they are outside of it."""
        dx, dz = x_m - self.x_m, z_m - self.z_m
        ring = np.interp(np.hypot(dx, dz), self.rings_m, np.arange(self.rows))
        turn = (np.arctan2(dx, dz) - self.yaw_rad + math.pi) % (2 * math.pi) - math.pi
        return ring, (turn / self.half_rad * 0.5 + 0.5) * (self.columns - 1)


def _looked_up(picture: NDArray[np.float32], where: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a picture's pixels at places (h, w, 2)."""
    x, y = np.ascontiguousarray(where[..., 0]), np.ascontiguousarray(where[..., 1])
    seen = cv2.remap(picture, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(seen, np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terrain:
    """Modelled and painted land."""

    fan: Fan
    heights: NDArray[np.float32]  #: (rows, columns) metres
    points: NDArray[np.float32]  #: (n, 3) corners
    triangles: NDArray[np.int32]
    places: NDArray[np.float32]  #: (n, 3) column and row in the picture of each corner
    picture: NDArray[np.float32]  #: (h, w, 4) premultiplied light; alpha fades where the stage's soil begins
    grid: tuple[int, int]  #: rows and columns of corners
    light: LandLight

    def height_at(self, x_m: NDArray[np.floating], z_m: NDArray[np.floating]) -> NDArray[np.float32]:
        """Return the height of the land at points; level inside the first ring and beyond the fan."""
        row, column = self.fan.rows_of(x_m, z_m)
        rows, columns = self.heights.shape
        inside = (row > 0) & (row < rows - 1) & (column > 0) & (column < columns - 1)
        j = np.clip(row, 0, rows - 2).astype(int)
        i = np.clip(column, 0, columns - 2).astype(int)
        v, u = np.clip(row - j, 0, 1), np.clip(column - i, 0, 1)
        h = self.heights
        low = h[j, i] * (1 - u) + h[j, i + 1] * u
        high = h[j + 1, i] * (1 - u) + h[j + 1, i + 1] * u
        return np.asarray(np.where(inside, low * (1 - v) + high * v, 0.0), np.float32)

    def draw(
        self, view: View, gain: NDArray[np.float32], gain_at: tuple[float, float, float]
    ) -> tuple[int, NDArray[np.float32]] | None:
        """Return the first row and the picture (rows, W, 4) of the land in the frame; None: nothing."""
        screen = project(self.points, view_row(view))
        ahead = screen[:, 2] > 0.1
        if not ahead.any():
            return None
        top = min(max(math.floor(float(screen[ahead, 1].min())) - 1, 0), view.height_px)
        bottom = min(math.ceil(float(screen[ahead, 1].max())) + 2, view.height_px)
        rows = bottom - top
        if rows < 2:
            return None
        image = draw_mesh(self.triangles, screen, self.places, Window(0, top, view.width_px, bottom)).image
        times, plus = self._air(view, gain, gain_at)
        sides = zip(self.grid[::-1], self.picture.shape[1::-1], strict=True)
        to_grid = np.array([(n - 1) / (m - 1) for n, m in sides], np.float32)
        # In strips that stay in the second cache. Where nothing is, places are (0, 0), where nothing shows.
        for first in range(0, rows, STRIP_ROWS):
            part = image[first : first + STRIP_ROWS]
            where = part[..., :2]
            card = _looked_up(self.picture, where)
            where = where * to_grid
            card = cv2.multiply(card, _looked_up(times, where))
            part[:] = cv2.add(card, _looked_up(plus, where))
        return top, np.asarray(cv2.blur(image, (3, 3)), np.float32)

    def _air(
        self, view: View, gain: NDArray[np.float32], gain_at: tuple[float, float, float]
    ) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return what each corner's light is multiplied by and what is added, both (rows, columns, 4)."""
        way = self.points - np.asarray(view.eye_m, np.float32)
        away = np.linalg.norm(way, axis=1)
        clear = self.light.clear(away, 0.5 * np.maximum(self.points[:, 1], 0))
        x, z = self.points[:, 0].reshape(self.grid), self.points[:, 2].reshape(self.grid)
        shadow = gain_lookup(gain, gain_at, x, z).ravel()
        # Where the haze takes its colour from changes along the horizon, not along a ray.
        fan = way.reshape(*self.grid, 3)[-1]
        haze = self.light.haze(fan / np.linalg.norm(fan, axis=1, keepdims=True))
        plus = np.zeros((*self.grid, 4), np.float32)
        plus[1:, :, :3] = haze[None] * (1 - clear).reshape(*self.grid, 1)[1:]
        times = np.ones((*self.grid, 4), np.float32)
        times[..., :3] = (clear * shadow).reshape(*self.grid, 1)
        return times, plus


def raise_terrain(
    ctx: SetContext,
    recipe: Mapping[str, Any],
    soil: Soil,
    light: LandLight,
    tint: NDArray[np.float64],
    *,
    near_m: float,
    box_m: tuple[float, float, float, float],
    level_m: float,
    lid_m: float = 0.0,
) -> Terrain:
    """Model, paint and light the land of a shot."""
    noise = Noise.of(ctx.rng("land"))
    fan = Fan.over(ctx, near_m, float(recipe.get("far_m", 9000.0)), float(recipe.get("steep", 0.05)))
    x, z = fan.points(fan.rows, fan.columns)
    heights = height_of(recipe["relief"], noise, x, z, box_m=box_m, level_m=level_m)
    if lid_m:  # in a flight no summit may reach the lens
        lid = np.float32(lid_m) + np.float32(0.13) * np.hypot(x - fan.x_m, z - fan.z_m)
        most = np.maximum.accumulate(cv2.GaussianBlur(heights, (0, 0), 4).max(axis=1))[:, None]
        heights = heights * np.minimum(lid / np.maximum(most, 1e-3), 1)
    normal = _normals(fan, heights, float(recipe.get("bold", 1.3)))
    shade = _shadows(fan, x, z, heights, light) * light.open_sky
    hollow = np.clip(
        1 + (heights - cv2.GaussianBlur(heights, (0, 0), 7)) / (0.04 * fan.rings_m[:, None] + 1.0), 0.45, 1.15
    )
    size = (fan.columns * PAINT[0], fan.rows * PAINT[1])

    def grown(values: NDArray[np.floating]) -> NDArray[np.float32]:
        return np.asarray(
            cv2.resize(values.astype(np.float32), size, interpolation=cv2.INTER_LINEAR), np.float32
        )

    fine = fan.points(size[1], size[0])
    site = Site.of((x, heights, z), normal, fine, noise, ctx.rng("stains"))
    skin = paint_cover(recipe, site, soil, light, tint)
    bump = _normals_of(skin.rough, grown(normal))
    lit = light.on(skin.albedo, bump, grown(shade), grown(hollow), soil.through)
    lit *= soil_detail(soil, *fine, np.gradient(fan.rings_m) / PAINT[1], skin.bare)
    picture = np.empty((*lit.shape[:2], 4), np.float32)
    near = np.interp(np.linspace(0, 1, size[1]), np.linspace(0, 1, fan.rows), fan.rings_m / near_m - 1.0)
    fade = smooth(0.0, 0.4, near)[:, None]
    picture[..., :3] = (lit + skin.glow) * fade[..., None]
    picture[..., 3] = fade
    corners_x, corners_z = x[:: STEP[0], :: STEP[1]], z[:: STEP[0], :: STEP[1]]
    tall = heights[:: STEP[0], :: STEP[1]]
    grid = tall.shape[:2]
    j, i = np.mgrid[0 : grid[0], 0 : grid[1]].astype(np.float32)
    places = np.stack([i * STEP[1] * PAINT[0], j * STEP[0] * PAINT[1], np.zeros_like(i)], -1).reshape(-1, 3)
    return Terrain(
        fan=fan,
        heights=heights,
        points=np.ascontiguousarray(np.stack([corners_x, tall, corners_z], -1).reshape(-1, 3), np.float32),
        triangles=_triangles(grid),
        places=np.ascontiguousarray(places, np.float32),
        picture=picture,
        grid=grid,
        light=light,
    )


def _triangles(grid: tuple[int, int]) -> NDArray[np.int32]:
    k = np.arange(grid[0] * grid[1]).reshape(grid)
    a, b, c, d = k[:-1, :-1].ravel(), k[:-1, 1:].ravel(), k[1:, :-1].ravel(), k[1:, 1:].ravel()
    both = np.stack([a, d, b, a, c, d], 1).reshape(-1, 3)
    return np.ascontiguousarray(both, np.int32)


def _normals(fan: Fan, heights: NDArray[np.float32], bold: float) -> NDArray[np.float32]:
    """Return unit normals (rows, columns, 3) of a field over the fan, `bold` times as steep as it is."""
    _, columns = heights.shape
    along = np.gradient(heights, axis=0) / np.gradient(fan.rings_m)[:, None]
    step = 2 * fan.half_rad / (columns - 1)
    around = np.gradient(heights, axis=1) / (fan.rings_m[:, None] * step)
    angle = fan.yaw_rad + np.linspace(-fan.half_rad, fan.half_rad, columns)
    s, c = np.sin(angle), np.cos(angle)
    up = np.full_like(heights, 1 / bold)
    normal = np.stack([-(along * s + around * c), up, -(along * c - around * s)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    return normal.astype(np.float32)


def _normals_of(rough: NDArray[np.float32], normal: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return normals roughened by a picture-wide field of bumps."""
    bent = normal.copy()
    bent[..., 0] += np.gradient(rough, axis=1)
    bent[..., 2] += np.gradient(rough, axis=0)
    bent /= np.linalg.norm(bent, axis=-1, keepdims=True)
    return bent


def _shadows(
    fan: Fan, x: NDArray[np.float32], z: NDArray[np.float32], heights: NDArray[np.float32], light: LandLight
) -> NDArray[np.float32]:
    """Return 0..1: how much of the sun each point sees past the land before it."""
    sun = light.sun.astype(np.float64)
    flat = math.hypot(sun[0], sun[2])
    if flat < 1e-3:
        return np.ones_like(heights)
    cut = np.s_[::2, ::2]
    px, pz, base = x[cut], z[cut], heights[cut]
    away = np.broadcast_to(fan.rings_m[::2, None], px.shape)
    free = np.ones_like(px)
    for share in np.geomspace(0.006, 0.9, SHADOW_STEPS):
        reach = away * share
        row, column = fan.rows_of(px + sun[0] / flat * reach, pz + sun[2] / flat * reach)
        there = cv2.remap(
            heights, column.astype(np.float32), row.astype(np.float32), cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_REPLICATE,
        )  # fmt: skip
        over = base + reach * sun[1] / flat - there
        free = np.minimum(free, np.clip(over / (reach * 0.035 + 0.02) + 1.0, 0, 1))
    return np.asarray(cv2.resize(free.astype(np.float32), (x.shape[1], x.shape[0])), np.float32)
