"""Painting what does not grow: boulders, ice, cottages, barns, fences, bales, lamps, benches, hedges."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.places.land_herbs import PAINTERS
from soundstage.render.previz.places.land_light import WHITE
from soundstage.render.previz.places.land_noise import noise_tile
from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.land_flora import Bed

f32 = np.float32
LAMP = np.array([1.0, 0.62, 0.26])


def _carved(
    bed: Bed, size: tuple[int, int], outline: NDArray[np.float32], facet: float, white: float
) -> NDArray[np.float32]:
    """Return a lump (h, w, 4): its outline's inside, broken into facets, lit, snow on what faces up."""
    w, h = size
    yy, xx = np.mgrid[0:h, 0:w].astype(np.float32)
    inside = cv2.GaussianBlur(outline, (0, 0), 1.0)
    deep = cv2.distanceTransform((outline > 0.5).astype(np.uint8), cv2.DIST_L2, 5)
    dome = np.sqrt(np.clip(deep / max(float(deep.max()), 1), 0, 1)) * 0.55 * w
    # Each point belongs to the nearest of some seeds, which tilts it: broken stone, not clay.
    seeds = bed.rng.uniform(0, 1, (max(int(26 * facet), 3), 2)) * [w, h]
    owner = np.zeros((h, w), np.int32)
    best = np.full((h, w), 1e9, np.float32)
    for k, (sx, sy) in enumerate(seeds):
        d = (xx - sx) ** 2 + (yy - sy) ** 2 * 1.4
        owner = np.where(d < best, k, owner)
        best = np.minimum(best, d)
    tilt = bed.rng.normal(0, 0.85, (len(seeds), 2)).astype(np.float32)[owner]
    rough = noise_tile(bed.rng, 512, 16, 5)[:h, :w] * f32(1.6)
    # It stands in the ground, not on a cut: the lower edge is ragged and rounds off at both sides.
    bite = np.interp(np.arange(w), np.linspace(0, w, 13), bed.rng.uniform(0.0, 0.075, 13)) * h
    bite = bite + 0.16 * h * np.abs(np.linspace(-1, 1, w)) ** 3
    inside = inside * np.clip((h - bite[None, :].astype(np.float32) - yy) / 3, 0, 1)
    soft = cv2.GaussianBlur(dome, (0, 0), 3)
    nx = -np.gradient(soft, axis=1) * 0.8 + tilt[..., 0] - np.gradient(rough, axis=1)
    ny = np.gradient(soft, axis=0) * 0.8 + tilt[..., 1] * 0.8 + 0.35 + np.gradient(rough, axis=0)
    normal = np.stack([nx, ny, np.full_like(nx, -1.0)], -1)
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    snow = np.clip(normal[..., 1] * 2.4 - 0.75, 0, 1)[..., None] * white
    albedo = bed.colour * np.clip(1 + 0.28 * rough, 0.5, 1.6)[..., None]
    albedo = albedo * (1 - snow) + np.array(WHITE) * snow
    foot = np.clip((h - yy) / (0.4 * h), 0, 1)
    lit = bed.light.on(albedo, normal, bed.light.open_sky, 0.35 + 0.65 * foot, 0.0)
    return np.asarray(np.dstack([lit * inside[..., None], inside]), np.float32)


def _outline(bed: Bed, size: tuple[int, int], points: int, ragged: float) -> NDArray[np.float32]:
    w, h = size
    a = np.linspace(0, math.pi, points)
    r = 1 + bed.rng.normal(0, ragged, points)
    x = w / 2 + np.cos(a) * w * 0.46 * r
    y = h + 1 - np.sin(a) ** 0.8 * h * 0.92 * np.clip(r, 0.3, 1.05)
    mask = np.zeros((h, w), np.uint8)
    cv2.fillPoly(mask, [np.stack([x, y], 1).round().astype(np.int32)], 255, cv2.LINE_AA)
    return mask.astype(np.float32) / f32(255)


def rock(bed: Bed) -> NDArray[np.float32]:
    """A boulder."""
    size = (220, 150)
    return _carved(bed, size, _outline(bed, size, 11, 0.13), 1.0, bed.light.white)


def pinnacle(bed: Bed) -> NDArray[np.float32]:
    """A tower of layered rock."""
    w, h = 150, 260
    a = np.linspace(0, 1, 14)
    half = (0.44 - 0.30 * a**0.8) * w * (1 + bed.rng.normal(0, 0.12, 14))
    y = h + 1 - a * h * 0.96
    points = np.concatenate([np.stack([w / 2 - half, y], 1), np.stack([w / 2 + half, y], 1)[::-1]])
    mask = np.zeros((h, w), np.uint8)
    cv2.fillPoly(mask, [points.round().astype(np.int32)], 255, cv2.LINE_AA)
    image = _carved(bed, (w, h), mask.astype(np.float32) / f32(255), 1.4, bed.light.white)
    band = np.interp(np.arange(h) / h * 16, np.arange(17), bed.rng.uniform(0.7, 1.2, 17)).astype(np.float32)
    image[..., :3] *= band[:, None, None]
    return image


def ice(bed: Bed) -> NDArray[np.float32]:
    """A block or needle of ice: sharp facets, blue where light has come through it."""
    size = (190, int(bed.any(120, 260)))
    image = _carved(bed, size, _outline(bed, size, 7, 0.24), 0.45, 0.8)
    h = size[1]
    deep = np.linspace(0.1, 1.0, h, dtype=np.float32)[:, None, None] ** 1.5
    through = (bed.light.key * f32(0.35 * bed.light.open_sky) + bed.light.fill * f32(0.8)) * np.array(
        [0.10, 0.42, 0.60], np.float32
    )
    image[..., :3] += through * deep * image[..., 3:] * f32(0.6)
    return image


def _wall_light(bed: Bed, facing: float) -> NDArray[np.float32]:
    """Return what a white wall sends back; facing: -1 its left side, 0 front, 1 its right."""
    normal = np.array([facing, 0.05, -1.0 + 0.55 * abs(facing)])
    return bed.light.on(np.ones(3), normal / np.linalg.norm(normal), bed.light.open_sky, 0.85)


def _house(
    bed: Bed,
    *,
    wide: float,
    tall: float,
    roof: float,
    colour: NDArray[np.float64],
    top: NDArray[np.float64],
    barn: bool,
) -> NDArray[np.float32]:
    flat = Flat(wide + 1.0, tall + roof + 0.8, 26)
    front, side = _wall_light(bed, -0.25), _wall_light(bed, 0.9)
    split = wide * 0.62 + 0.4
    flat.ramp(0.4, 0, split, tall, colour * front * 0.75, colour * front)
    flat.ramp(split, 0, wide + 0.5, tall, colour * side * 0.7, colour * side)
    plank = 0.28 if barn else 0.45
    for u in np.arange(0.4, wide + 0.5, plank):
        flat.shade(u, 0, u + 0.03, tall, 0.72)
    gable = [(0.2, tall - 0.05), ((0.4 + split) / 2, tall + roof), (split + 0.1, tall - 0.05)]
    up = bed.light.on(top, np.array([0.45, 0.8, -0.35]), bed.light.open_sky, 1.0)
    snow = bed.light.white
    white = bed.light.on(np.array(WHITE), np.array([0.2, 0.9, -0.3]), bed.light.open_sky, 1.0)
    up = up * (1 - snow) + white * snow
    flat.shape(gable, colour * front * 0.9)
    flat.shape([gable[1], (wide + 0.3, tall + roof), (wide + 0.8, tall - 0.1), gable[2]], up)
    for k in range(6):
        u = (k + 0.5) / 6
        a = (gable[1][0] + (gable[2][0] - gable[1][0]) * u, gable[1][1] + (gable[2][1] - gable[1][1]) * u)
        flat.line([a, (wide + 0.3 + 0.5 * u, a[1])], 0.03, up * 0.7, alpha=0.6)
    flat.line([gable[0], gable[1], gable[2]], 0.16, up * 1.05)
    burn = LAMP * (0.12 + 1.5 * bed.light.darkness) if bed.light.darkness > 0.25 else None
    glass = bed.light.fill * 0.30 + 0.01 if burn is None else burn

    def window(u: float, y: float, w: float, h: float) -> None:
        flat.box(u - 0.06, y - 0.06, u + w + 0.06, y + h + 0.06, np.array([0.7, 0.68, 0.62]) * front)
        flat.box(u, y, u + w, y + h, glass)
        flat.box(u + w / 2 - 0.03, y, u + w / 2 + 0.03, y + h, np.array([0.6, 0.58, 0.52]) * front)

    if barn:
        flat.box(split * 0.32, 0, split * 0.78, tall * 0.72, colour * front * 0.45)
        trim = np.array([0.75, 0.72, 0.66]) * front
        x0, x1, y1 = split * 0.32, split * 0.78, tall * 0.72
        for way in ([(x0, 0), (x1, y1)], [(x0, y1), (x1, 0)], [(x0, 0), (x0, y1), (x1, y1), (x1, 0)]):
            flat.line(way, 0.10, trim)
        window((0.4 + split) / 2 - 0.35, tall + 0.25 * roof, 0.7, 0.7)
    else:
        flat.box(split * 0.44, 0, split * 0.44 + 0.9, 1.95, np.array([0.16, 0.085, 0.05]) * front)
        for u in (0.18, 0.74):
            window(split * u + 0.1, tall * 0.38, 0.75, 0.95)
        for u in (0.25, 0.65):
            window(split + (wide + 0.5 - split) * u, tall * 0.38, 0.7, 0.95)
        flat.box(
            wide * 0.72,
            tall + roof * 0.7,
            wide * 0.72 + 0.55,
            tall + roof + 0.75,
            np.array([0.22, 0.12, 0.09]) * front,
        )
    flat.grain(bed.rng, 0.18, 0.8)
    return flat.image


def cottage(bed: Bed) -> NDArray[np.float32]:
    """A house of plaster with a pitched roof, lit after dark."""
    return _house(
        bed,
        wide=bed.any(7.0, 9.5),
        tall=bed.any(2.5, 3.4),
        roof=bed.any(2.0, 2.8),
        colour=bed.colour * bed.any(0.8, 1.1),
        top=bed.second * bed.any(0.8, 1.2),
        barn=False,
    )


def barn(bed: Bed) -> NDArray[np.float32]:
    """A barn of boards with crossed doors."""
    return _house(bed, wide=12.0, tall=4.2, roof=3.6, colour=bed.colour, top=bed.second, barn=True)


def fence(bed: Bed) -> NDArray[np.float32]:
    """Posts and two rails."""
    flat = Flat(6.0, 1.2, 60)
    lit = _wall_light(bed, 0.2)
    for y in (0.45, 0.85):
        flat.box(0, y, 6.0, y + 0.10, bed.colour * lit * bed.any(0.85, 1.1))
        flat.box(0, y + 0.08, 6.0, y + 0.10, (bed.colour + 0.5 * bed.light.white) * lit * 1.3)
    for k in range(3):
        u = 0.1 + 2.0 * k + bed.any(-0.05, 0.05)
        flat.ramp(u, 0, u + 0.14, 1.15, bed.colour * lit * 0.6, bed.colour * lit * 1.05)
    return flat.image


def bale(bed: Bed) -> NDArray[np.float32]:
    """A round bale of hay, its spiral seen."""
    flat = Flat(2.0, 1.55, 90)
    front, top = (
        _wall_light(bed, -0.2),
        bed.light.on(np.ones(3), np.array([0.3, 0.9, -0.2]), bed.light.open_sky, 1.0),
    )
    flat.disc(1.18, 0.76, 0.74, bed.colour * 0.8 * (front * 0.5 + top * 0.4))
    flat.box(0.78, 0.02, 1.18, 1.50, bed.colour * (front * 0.5 + top * 0.45))
    flat.disc(0.78, 0.76, 0.74, bed.colour * front)
    for k in range(9):
        r = 0.70 - 0.075 * k
        a = np.linspace(0, math.tau, 30) + k
        flat.line(
            [(0.78 + r * math.cos(t), 0.76 + r * math.sin(t)) for t in a],
            0.02,
            bed.colour * front * 0.62,
            alpha=0.7,
        )
    flat.grain(bed.rng, 0.4, 0.2)
    return flat.image


def hedge(bed: Bed) -> NDArray[np.float32]:
    """A clipped hedge."""
    h, w = 90, 300
    canvas = Canvas(w, h)
    for _ in range(3):
        count = 900
        x, y = bed.rng.uniform(2, w - 2, count), h * (1 - bed.rng.uniform(0, 0.93, count) ** 0.8)
        top = np.clip(1 - y / (0.22 * h), 0, 1)
        normal = np.stack([bed.rng.normal(0, 0.4, count), 0.2 + top, bed.rng.normal(-0.8, 0.2, count)], 1)
        normal /= np.linalg.norm(normal, axis=1, keepdims=True)
        bed.leaves(
            canvas, x, y, normal, (2.0, 4.0), bed.colour * bed.tint**0.5, open_to=0.4 + 0.6 * (1 - y / h)
        )
    return canvas.image()


def lamp(bed: Bed) -> NDArray[np.float32]:
    """A lamp post of iron, lit after dark."""
    flat = Flat(0.9, 3.4, 60)
    dark = np.array([0.03, 0.03, 0.032]) * _wall_light(bed, 0.5) * 2
    flat.box(0.42, 0, 0.48, 2.7, dark)
    flat.box(0.36, 0, 0.54, 0.35, dark)
    glass = LAMP * (0.3 + 3.2 * bed.light.darkness) if bed.light.darkness > 0.2 else bed.light.fill * 0.8
    flat.shape([(0.30, 2.72), (0.60, 2.72), (0.66, 3.18), (0.24, 3.18)], glass)
    flat.shape([(0.20, 3.18), (0.70, 3.18), (0.45, 3.38)], dark)
    return flat.image


def bench(bed: Bed) -> NDArray[np.float32]:
    """A park bench."""
    flat = Flat(1.9, 0.95, 90)
    lit = _wall_light(bed, 0.1)
    for y in (0.42, 0.56, 0.70, 0.84):
        flat.box(0.05, y, 1.85, y + 0.085, bed.colour * lit * (0.75 if y < 0.5 else 1.0))
    for u in (0.15, 1.65):
        flat.box(u, 0, u + 0.07, 0.92, np.array([0.03, 0.03, 0.03]) * lit)
    return flat.image


MADE: Mapping[str, Callable[[Bed], NDArray[np.float32]]] = {
    "rock": rock, "pinnacle": pinnacle, "ice": ice, "cottage": cottage, "barn": barn,
    "fence": fence, "bale": bale,
    "hedge": hedge, "lamp": lamp, "bench": bench,
}  # fmt: skip


def paint(name: str, bed: Bed) -> NDArray[np.float32]:
    """Paint one piece by its name in a recipe."""
    return (PAINTERS.get(name) or MADE[name])(bed)
