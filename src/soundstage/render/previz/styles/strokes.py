"""Where strokes and facets lie: for each pixel the place its colour is taken from. Built once per size."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
KEPT = 20


def soften(
    picture: NDArray[np.uint8], radius: int, *, sharp: float = 4.0, work: float = 1.0
) -> NDArray[np.uint8]:
    """Return a picture simplified as a brush does: flat areas flow together, edges stay (Kuwahara).

    Args:
        picture: (H, W, 3).
        radius: of a sector, in pixels at 1080p.
        sharp: how much the calmest sector wins.
        work: size it is worked at, as a share of the picture's.
    """
    h, w = picture.shape[:2]
    small = picture
    if work != 1.0:
        size = (max(int(w * work), 8), max(int(h * work), 8))
        small = cv2.resize(picture, size, interpolation=cv2.INTER_AREA)
    r = max(round(radius * min(h, w) / 1080 * work), 1)
    box = (r + 1, r + 1)
    grey = cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).astype(f32)
    mean = cv2.blur(grey, box)
    weight = cv2.blur(grey * grey, box)
    weight -= mean * mean
    np.maximum(weight, 0, out=weight)
    weight *= f32(0.02 * sharp)
    weight += 1
    np.divide(1, weight * weight, out=weight)
    # A sector's weight is its own, whoever asks: weighted once, the four are added up shifted.
    share = _four(weight, r)
    out = cv2.merge(
        [
            cv2.convertScaleAbs(cv2.divide(_four(plane.astype(f32) * weight, r), share))
            for plane in cv2.split(cv2.blur(small, box))
        ]
    )
    return np.asarray(
        out if work == 1.0 else cv2.resize(out, (w, h), interpolation=cv2.INTER_CUBIC), np.uint8
    )


def _four(plane: NDArray[np.float32], r: int) -> NDArray[np.float32]:
    """Return the sum of a plane's values half a sector away, up and down, left and right."""
    d = max((r + 1) // 2, 1)
    h, w = plane.shape
    pad = cv2.copyMakeBorder(plane, d, d, d, d, cv2.BORDER_REPLICATE)
    rows = pad[:h] + pad[2 * d :]
    return np.asarray(rows[:, :w] + rows[:, 2 * d :], f32)


@lru_cache(maxsize=KEPT)
def brush_map(
    h: int, w: int, length_px: float, width_px: float, angle_deg: float, nth: int
) -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], NDArray[np.uint8]]:
    """Return maps x, y to the middle of the stroke over each pixel, and its relief (128 flat)."""
    rng = np.random.default_rng([91, nth, int(angle_deg) % 360])
    a = np.radians(angle_deg)
    y, x = np.mgrid[0:h, 0:w].astype(f32)
    along = (x * f32(np.cos(a)) + y * f32(np.sin(a))) / f32(length_px)
    across = (-x * f32(np.sin(a)) + y * f32(np.cos(a))) / f32(width_px)
    bend = cv2.resize(rng.standard_normal((9, 12)).astype(f32), (w, h), interpolation=cv2.INTER_CUBIC)
    across = across + bend * 0.9
    lane = np.floor(across)
    slip = rng.random(4096).astype(f32)
    begin = slip[lane.astype(np.int64) & 4095]
    cell = np.floor(along + begin)
    # The middle of the stroke, a little off so that neighbours differ.
    key = (lane.astype(np.int64) * 7919 + cell.astype(np.int64) * 104729) & 4095
    middle_along = (cell + 0.5 + (slip[key] - 0.5) * 0.7 - begin) * f32(length_px)
    middle_across = (lane + 0.5 - bend * 0.9) * f32(width_px)
    mx = middle_along * f32(np.cos(a)) - middle_across * f32(np.sin(a))
    my = middle_along * f32(np.sin(a)) + middle_across * f32(np.cos(a))
    ridge = across - lane
    bristle = rng.standard_normal(4096).astype(f32)[(np.floor(across * 7).astype(np.int64) * 31 + key) & 4095]
    relief = 128 + 26 * (ridge - 0.5) * -2 * np.abs(ridge - 0.5) * 2 + 9 * bristle + 16 * (slip[key] - 0.5)
    return _places(mx, my), np.clip(relief, 60, 200).astype(np.uint8)


def _places(
    x: NDArray[np.floating], y: NDArray[np.floating]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return places kept inside a picture. One map of whole numbers is half the memory, twice the time."""
    h, w = x.shape
    return np.clip(x, 0, w - 1).astype(f32), np.clip(y, 0, h - 1).astype(f32)


@lru_cache(maxsize=KEPT)
def facet_map(
    h: int, w: int, cell_px: float, nth: int
) -> tuple[tuple[NDArray[np.float32], NDArray[np.float32]], NDArray[np.uint8]]:
    """Return maps x, y to the middle of the triangle over each pixel, and its own tone (128 plain)."""
    rng = np.random.default_rng([73, nth])
    rows, columns = int(h / cell_px) + 3, int(w / cell_px) + 3
    gx, gy = np.meshgrid(np.arange(columns) - 1.0, np.arange(rows) - 1.0)
    gx += 0.5 * (np.arange(rows) % 2)[:, None]
    points = np.stack([gx, gy], -1) * cell_px + rng.uniform(-0.32, 0.32, (rows, columns, 2)) * cell_px
    a, b, c, d = points[:-1, :-1], points[:-1, 1:], points[1:, :-1], points[1:, 1:]
    even = (np.arange(rows - 1) % 2 == 0)[:, None, None, None]
    upper = np.where(even, np.stack([a, b, c], 2), np.stack([a, b, d], 2))
    lower = np.where(even, np.stack([b, d, c], 2), np.stack([a, d, c], 2))
    triangles = np.concatenate([upper.reshape(-1, 3, 2), lower.reshape(-1, 3, 2)])
    # Which triangle a pixel is in, drawn once; what belongs to a triangle is looked up.
    which = np.zeros((h, w), f32)
    for which_one, shape in enumerate(np.round(triangles * 16).astype(np.int32)):
        cv2.fillConvexPoly(which, shape, float(which_one), cv2.LINE_8, 4)
    index = which.astype(np.int32)
    middle = triangles.mean(axis=1).astype(f32)
    mx, my = middle[:, 0][index], middle[:, 1][index]
    shade = (128 + rng.uniform(-12, 12, len(triangles))).astype(np.uint8)[index]
    return _places(mx, my), shade
