"""Soil: a tile of ground that repeats, painted and lit once, laid out by one map for each distance.

Soils are lines of `[soil]` in `data/land.toml`: what they are made of, not how they look at some hour.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.places.land_light import WHITE, LandLight
from soundstage.render.previz.places.land_noise import noise_tile, smooth
from soundstage.render.previz.sky import horizon_rows, pixel_rays

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas as Target
    from soundstage.render.previz.view import View

f32 = np.float32
TILE_PX = 512
LEVELS = 6
AIR_STEP = 8  #: pixels of the canvas for each point that air and cloud shadows are worked out for


@dataclass(frozen=True, slots=True, kw_only=True)
class Soil:
    """A tile of ground, in the light."""

    levels: tuple[NDArray[np.float32], ...]  #: (side, side, 3), each half as large as the one before
    mean: NDArray[np.float32]  #: (3,) albedo, snow and wetness included
    tile_m: float
    gloss: float
    through: float
    stain: NDArray[np.float32]  #: (side, side) about 0.9, broad and light


def _blades(
    rng: np.random.Generator, line: Mapping[str, Any], albedo: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Draw blades or straws lying every way over the tile, wrapped; return it."""
    canvas = Canvas(TILE_PX, TILE_PX)
    canvas.planes[:] = albedo.transpose(2, 0, 1)
    count, per_m = int(line["count"]), TILE_PX / float(line["tile_m"])
    x, y = rng.uniform(0, TILE_PX, (2, count))
    angle = rng.normal(-math.pi / 2, line.get("spread", 0.7), count)
    length = rng.uniform(0.4, 1.0, count) * line["long_m"] * per_m
    tone = rng.uniform(0.45, 1.5, (count, 1))
    colour = np.array(line["colour"]) * tone
    rows = np.zeros((count, 18), np.float32)
    dx, dy = np.cos(angle) * length, np.sin(angle) * length
    bend = rng.normal(0, 0.15, count) * length
    rows[:, 0], rows[:, 1], rows[:, 4], rows[:, 5] = x, y, x + dx, y + dy
    rows[:, 2], rows[:, 3] = x + dx / 2 + bend, y + dy / 2
    rows[:, 6], rows[:, 7] = line["wide_m"] * per_m, line["wide_m"] * per_m * 0.3
    rows[:, 8:11], rows[:, 12:15] = colour * 0.7, colour * 1.1
    rows[:, 11], rows[:, 15] = 0.9, 0.8
    for sx in (-TILE_PX, 0, TILE_PX):
        for sy in (-TILE_PX, 0, TILE_PX):
            moved = rows.copy()
            moved[:, 0:6:2] += sx
            moved[:, 1:6:2] += sy
            low, high = moved[:, :6].min(1), moved[:, :6].max(1)
            near = (high > -20) & (low < TILE_PX + 20)
            canvas.strokes(moved[near])
    return np.ascontiguousarray(canvas.planes.transpose(1, 2, 0))


def _stones(
    rng: np.random.Generator, line: Mapping[str, Any], tile_m: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return where stones lie (side, side), 0..1, and how high they stand in metres."""
    cover = np.zeros((TILE_PX, TILE_PX), np.float32)
    height = np.zeros_like(cover)
    per_m = TILE_PX / tile_m
    for _ in range(int(line["count"])):
        radius = max(float(rng.uniform(0.35, 1.0) ** 2 * line["size_m"]) * per_m, 1.5)
        n = math.ceil(radius) + 2
        yy, xx = np.mgrid[-n : n + 1, -n : n + 1].astype(np.float32)
        angle, flat = rng.uniform(0, math.tau), rng.uniform(0.55, 1.0)
        u = (xx * math.cos(angle) + yy * math.sin(angle)) / radius
        v = (yy * math.cos(angle) - xx * math.sin(angle)) / (radius * flat)
        dome = np.clip(1 - (u * u + v * v), 0, 1)
        j, i = (rng.integers(0, TILE_PX, 2)[k] + np.arange(-n, n + 1) for k in (0, 1))
        at = np.ix_(j % TILE_PX, i % TILE_PX)
        cover[at] = np.maximum(cover[at], np.clip(dome * radius * 0.7, 0, 1))
        height[at] = np.maximum(height[at], np.sqrt(dome) * radius / per_m * 0.55)
    return cover, height


def paint_soil(
    rng: np.random.Generator, line: Mapping[str, Any], light: LandLight, tint: tuple[float, float, float]
) -> Soil:
    """Paint and light a soil. `tint` is the season's, for what is alive in it."""
    tile_m = float(line["tile_m"])
    per_m = TILE_PX / tile_m
    season = np.array(tint) if line.get("alive") else np.ones(3)
    broad, fine = noise_tile(rng, TILE_PX, 4, 5), noise_tile(rng, TILE_PX, 64, 3)
    share = smooth(-0.35, 0.45, broad + 0.35 * fine)[..., None]
    albedo = np.array(line["albedo"]) * season * (1 - share) + np.array(line["second"]) * season * share
    albedo = albedo * np.clip(1 + line.get("grain", 0.3) * fine, 0.2, 2.0)[..., None]
    height = broad * f32(line.get("relief_m", 0.03)) + fine * f32(line.get("relief_m", 0.03) * 0.22)
    if "ripples_m" in line:
        yy, xx = np.mgrid[0:TILE_PX, 0:TILE_PX].astype(np.float32) / TILE_PX
        count = round(tile_m / line["ripples_m"])
        wave = (yy * count + xx * round(count * 0.3) + 0.55 * noise_tile(rng, TILE_PX, 4, 3)) % 1.0
        crest = np.where(wave < 0.68, wave / 0.68, (1 - wave) / 0.32)
        height = height + f32(line["ripples_m"] * 0.11) * crest
    if "cracks" in line:
        seam = np.abs(noise_tile(rng, TILE_PX, 8, 3))
        crack = smooth(line["cracks"], 0.0, seam)
        height = height - 0.05 * crack
        albedo = albedo * (1 - 0.75 * crack[..., None])
    if "stones" in line:
        cover, stood = _stones(rng, line["stones"], tile_m)
        stone = np.array(line["stones"]["colour"]) * np.clip(1 + 0.5 * fine, 0.4, 1.6)[..., None]
        albedo = albedo + (stone - albedo) * cover[..., None]
        height = height + stood
    if "blades" in line:
        blades = {**line["blades"], "tile_m": tile_m}
        blades["colour"] = np.array(blades["colour"]) * season
        albedo = _blades(rng, blades, np.asarray(albedo, np.float32))
    if light.white > 0:
        lying = smooth(
            0.75, 0.25, np.clip(0.5 + 0.5 * broad, 0, 1) * (1.15 - light.white) + (1 - light.white) * 0.5
        )
        albedo = albedo + (np.array(WHITE) - albedo) * (lying * min(light.white * 1.1, 1.0))[..., None]
        height = height * (1 - 0.5 * light.white) + broad * 0.06 * light.white
    wet = 0.45 * light.wet * (1 - light.white)
    albedo = albedo * (1 - wet)
    slope_x = (np.roll(height, -1, 1) - np.roll(height, 1, 1)) * f32(per_m / 2)
    slope_z = (np.roll(height, -1, 0) - np.roll(height, 1, 0)) * f32(per_m / 2)
    normal = np.stack([-slope_x, np.ones_like(slope_x), -slope_z], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    hollow = np.clip(1 + 6 * (height - cv2.blur(height, (9, 9), borderType=cv2.BORDER_REFLECT)), 0.55, 1.2)
    lit = light.on(albedo, normal, light.open_sky, hollow, float(line.get("through", 0.0)))
    if light.white > 0.3:  # flakes that happen to face the sun
        glint = (rng.random((TILE_PX, TILE_PX)) > 0.9985) * light.white * light.open_sky
        lit += (glint * 0.9)[..., None].astype(np.float32) * light.key
    levels = [np.ascontiguousarray(lit, np.float32)]
    for _ in range(LEVELS - 1):
        side = levels[-1].shape[0] // 2
        levels.append(
            np.asarray(cv2.resize(levels[-1], (side, side), interpolation=cv2.INTER_AREA), np.float32)
        )
    return Soil(
        levels=tuple(levels),
        mean=np.asarray(albedo.mean((0, 1)), np.float32),
        tile_m=tile_m,
        gloss=max(float(line.get("gloss", 0.0)), 0.10 * light.white, 0.5 * light.wet),
        through=float(line.get("through", 0.0)),
        stain=np.clip(0.92 + 0.30 * noise_tile(rng, 128, 4, 5), 0.3, 1.5),
    )


def lay_soil(
    canvas: Target,
    view: View,
    soil: Soil,
    light: LandLight,
    gain: NDArray[np.float32],
    gain_at: tuple[float, float, float],
    far_m: float,
) -> None:
    """Lay a soil over the plane y = 0, as far as `far_m`, haze, gloss and passing shadows in one go.

    `gain` (n, n) is what large stains and shadows of clouds leave of the light; it repeats every
    `gain_at[0]` metres and lies off by the other two.
    """
    rays = pixel_rays(view).astype(np.float64)
    eye = view.eye_m
    height = max(eye[1], 0.02)
    top = min(max(math.floor(min(horizon_rows(view))), 0), canvas.height)
    if top >= canvas.height - 1:
        return
    rows = np.arange(top, canvas.height)
    middle = rays[0] + rays[1] * (canvas.width / 2) + rays[2] * rows[:, None]
    away = height / np.maximum(-middle[:, 1], 1e-6)
    top = int(rows[np.searchsorted(-away, -far_m)]) if away[-1] < far_m else canvas.height
    if top >= canvas.height - 1:
        return
    away = away[top - int(rows[0]) :]
    # A pixel covers this much ground across and along; its level lies between the two.
    across = away / view.focal_px
    texels = across * np.sqrt(np.maximum(away / height, 1)) * TILE_PX / soil.tile_m
    wanted = np.clip(np.round(np.log2(np.maximum(texels, 1e-6)) - 0.35), 0, LEVELS - 1).astype(int)
    wanted = np.maximum.accumulate(wanted[::-1])[::-1]
    ground = np.empty((canvas.height - top, canvas.width, 3), np.float32)
    for level in range(int(wanted.min()), int(wanted.max()) + 1):
        lines = np.flatnonzero(wanted == level)
        if not len(lines):
            continue
        first, last = int(lines[0]), int(lines[-1]) + 1
        image = soil.levels[level]
        k = image.shape[0] / soil.tile_m
        start = rays.copy()
        start[0] += rays[2] * (top + first)
        ex, ez = eye[0] % soil.tile_m, eye[2] % soil.tile_m
        to_tile = np.stack(
            [
                k * (height * start[[1, 2, 0], 0] - ex * start[[1, 2, 0], 1]),
                k * (height * start[[1, 2, 0], 2] - ez * start[[1, 2, 0], 1]),
                -start[[1, 2, 0], 1],
            ]
        )
        cv2.warpPerspective(
            image, to_tile, (canvas.width, last - first), dst=ground[first:last],
            flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP, borderMode=cv2.BORDER_WRAP,
        )  # fmt: skip
    times, plus = _air(canvas, rays, top, height, eye, soil, light, gain, gain_at)
    size = (canvas.width, canvas.height - top)
    cv2.multiply(ground, cv2.resize(times, size, interpolation=cv2.INTER_LINEAR), dst=ground)
    cv2.add(ground, cv2.resize(plus, size, interpolation=cv2.INTER_LINEAR), dst=ground)
    for plane, part in zip(canvas.planes[:, top:], cv2.split(ground), strict=True):
        plane[:] = part
    canvas.alpha[top:] = 1


def _air(
    canvas: Target, rays: NDArray[np.float64], top: int, height: float, eye: tuple[float, float, float],
    soil: Soil, light: LandLight, gain: NDArray[np.float32], gain_at: tuple[float, float, float],
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:  # fmt: skip
    """Return what the ground is multiplied by and what is added to it, each (h / 8, w / 8, 3)."""
    h, w = math.ceil((canvas.height - top) / AIR_STEP) + 1, math.ceil(canvas.width / AIR_STEP)
    y, x = np.mgrid[0:h, 0:w].astype(np.float64)
    y = top + (y + 0.5) / h * (canvas.height - top)
    x = (x + 0.5) / w * canvas.width
    way = rays[0] + rays[1] * x[..., None] + rays[2] * y[..., None]
    depth = np.minimum(height / np.maximum(-way[..., 1], 1e-5), 4e4)
    px, pz = eye[0] + way[..., 0] * depth, eye[2] + way[..., 2] * depth
    long = np.linalg.norm(way, axis=-1)
    way = (way / long[..., None]).astype(np.float32)
    clear = light.clear(depth * long)
    shadow = gain_lookup(gain, gain_at, px, pz)
    # The same shades at the size of some tiles hide that they repeat.
    shadow = shadow * (0.45 + 0.6 * gain_lookup(soil.stain, (soil.tile_m * 7.3, 0.0, 0.0), px, pz))
    haze = light.haze(way)
    glance = np.clip(1 + way[..., 1], 0, 1) ** 4
    plus = haze * (1 - clear + clear * glance * soil.gloss)[..., None]
    times = np.repeat((clear * shadow * (1 - glance * soil.gloss))[..., None], 3, axis=2)
    return np.ascontiguousarray(times, np.float32), np.ascontiguousarray(plus, np.float32)


def gain_lookup(
    gain: NDArray[np.float32],
    gain_at: tuple[float, float, float],
    x_m: NDArray[np.floating],
    z_m: NDArray[np.floating],
) -> NDArray[np.float32]:
    """Return what passing shadows leave of the light at points of the plane."""
    side = gain.shape[0]
    k = side / gain_at[0]
    u = np.mod((x_m - gain_at[1]) * k, side).astype(np.float32)
    v = np.mod((z_m - gain_at[2]) * k, side).astype(np.float32)
    passing = cv2.remap(gain, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return np.asarray(passing, np.float32)
