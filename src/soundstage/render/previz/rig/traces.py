"""What a posed mesh leaves on the ground: shadow, dark under its feet, image in the wet. Knows no body.

At a quarter of the canvas, since both are soft.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.rig import raster

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.view import View

_SCALE = 0.25


@dataclass(frozen=True, slots=True, kw_only=True)
class Caster:
    """A mesh at one moment."""

    triangles: NDArray[np.int32]
    points: NDArray[np.float32]  #: (n, 3) world
    colours: NDArray[np.float32]  #: (n, 3) as lit
    ground_m: float
    near_m: float  #: what is lower than this above the ground darkens it from above


def draw_shadow(
    canvas: Canvas, view: View, caster: Caster, sun: NDArray[np.float32], strength: float
) -> None:
    """Darken where the mesh stands between sun and ground, and softly under it."""
    level = np.float32(caster.ground_m)
    points = caster.points
    above = np.maximum(points[:, 1] - level, 0)
    small = view.scaled(_SCALE)
    row = raster.view_row(small)
    flat = np.empty_like(points)
    flat[:, 1] = level
    flat[:, 0] = points[:, 0] - above * (sun[0] / sun[1])
    flat[:, 2] = points[:, 2] - above * (sun[2] / sun[1])
    thrown = raster.project(flat, row)
    flat[:, 0], flat[:, 2] = points[:, 0], points[:, 2]
    under = raster.project(flat, row)
    window = raster.window_of(np.concatenate([thrown, under]), 10.0, small.width_px, small.height_px)
    if window is None:
        return
    mask = cv2.GaussianBlur(raster.cover(caster.triangles, thrown, window), (0, 0), 1.8) * np.float32(
        strength
    )
    near = above < np.float32(caster.near_m)
    contact = raster.cover(caster.triangles[near[caster.triangles[:, 0]]], under, window)
    spread = max(0.016 * small.focal_px / max(float(under[0, 2]), 0.2), 0.8)
    tight = cv2.GaussianBlur(contact, (0, 0), spread) * np.float32(0.72)
    wide = cv2.GaussianBlur(contact, (0, 0), 4 * spread) * np.float32(0.55)
    mask = np.maximum(mask, np.maximum(tight, wide))
    k = round(1 / _SCALE)
    left, top = window.left * k, window.top * k
    right, bottom = min(window.right * k, canvas.width), min(window.bottom * k, canvas.height)
    if right <= left or bottom <= top:
        return
    keep = cv2.resize(1 - mask, (mask.shape[1] * k, mask.shape[0] * k), interpolation=cv2.INTER_LINEAR)
    keep = keep[: bottom - top, : right - left]
    for plane in canvas.rgb:
        plane[top:bottom, left:right] *= keep


def draw_mirror(canvas: Canvas, view: View, caster: Caster, wetness: float, px_per_m: float) -> None:
    """Draw the mesh upside down into wet ground, drawn out downwards as ripples do."""
    small = view.scaled(_SCALE)
    row = raster.view_row(small)
    points = caster.points.copy()
    points[:, 1] *= -1
    points[:, 1] += np.float32(2 * caster.ground_m - 0.004)
    screen = raster.project(points, row)
    extent = raster.extent_of(screen)
    if extent is None:
        return
    scale = px_per_m * _SCALE
    window = raster.window_around(extent, 0.06 * scale, small.width_px, small.height_px)
    if window is None:
        return
    tile = raster.draw_mesh(caster.triangles, screen, caster.colours, window, mirrored=True)
    rows, columns = window.shape
    sigma = max(0.014 * scale, 0.4)
    soft = cv2.GaussianBlur(tile.image, (0, 0), sigmaX=max(0.35 * sigma, 0.3), sigmaY=sigma)
    fade = np.linspace(0.80, 0.15, rows, dtype=np.float32) * np.float32(wetness)
    soft *= fade[:, None, None] * np.array([0.78, 0.74, 0.76, 1.0], np.float32)
    k = round(1 / _SCALE)
    large = cv2.resize(soft, (columns * k, rows * k), interpolation=cv2.INTER_LINEAR)
    raster.put(np.asarray(large, np.float32), canvas, window.left * k, window.top * k)
