"""Eyes and the like: soft ellipses that ride on a bone, drawn on a tile where they are in sight.

Geometry would need a mesh as fine as an eyelid; an ellipse is exact at any size. Knows no animal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.discs import draw_ellipses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.raster import Tile
    from soundstage.render.previz.rig.sdf import Point
    from soundstage.render.previz.rig.skeleton import Skeleton

_SLACK_M = 0.020  #: a decal may lie this far behind the skin or fur it is painted on


@dataclass(frozen=True, slots=True, kw_only=True)
class Decal:
    """An ellipse in the rest pose; lengths in metres."""

    bone: str
    at: Point
    normal: Point
    along: Point  #: direction of its longer axis
    half_length: float
    half_width: float
    colour: Point  #: albedo, or light where `shines`
    shines: bool = False  #: a glint: brightness does not depend on the light on the skin
    softness: float = 0.3
    lid: bool = False  #: squeezed when the eyes close


def draw_decals(
    decals: Sequence[Decal],
    tile: Tile,
    skeleton: Skeleton,
    matrices: NDArray[np.float32],
    view: NDArray[np.float32],
    lit: Point,
    glint: Point,
    *,
    eyes_open: float = 1.0,
) -> int:
    """Draw decals in order and return how many were seen.

    Args:
        decals: what to draw.
        tile: drawn on, in place.
        skeleton: whose bones carry them.
        matrices: (bones, 3, 4) of this moment.
        view: a view row, see `raster.view_row`.
        lit: light on the decals, linear.
        glint: light of those that shine.
        eyes_open: 1 open .. 0 closed.
    """
    rows: list[list[float]] = []
    for decal in decals:
        row = _row(decal, tile, skeleton, matrices, view, glint if decal.shines else lit, eyes_open)
        if row is not None:
            rows.append(row)
    if rows:
        _draw(np.array(rows, np.float32), tile.image)
    return len(rows)


def _draw(ellipses: NDArray[np.float32], image: NDArray[np.float32]) -> None:
    """Draw ellipses on the part of an image (h, w, 4) that they touch."""
    reach = float(ellipses[:, 2:4].max()) + 3
    (left, top), (right, bottom) = ellipses[:, :2].min(axis=0) - reach, ellipses[:, :2].max(axis=0) + reach
    left, top = max(int(left), 0), max(int(top), 0)
    part = image[top : max(int(bottom), top) + 1, left : max(int(right), left) + 1]
    planes = np.ascontiguousarray(part.transpose(2, 0, 1))
    draw_ellipses(ellipses - np.array([left, top] + [0] * (ellipses.shape[1] - 2), np.float32), *planes)
    part[...] = planes.transpose(1, 2, 0)


def _row(
    decal: Decal,
    tile: Tile,
    skeleton: Skeleton,
    matrices: NDArray[np.float32],
    view: NDArray[np.float32],
    light: Point,
    eyes_open: float,
) -> list[float] | None:
    matrix = matrices[skeleton.index(decal.bone)].astype(np.float64)
    turn, eye = matrix[:, :3], view[9:12].astype(np.float64)
    at = turn @ np.array(decal.at) + matrix[:, 3]
    normal = turn @ np.array(decal.normal)
    normal /= np.linalg.norm(normal)
    to_eye = eye - at
    facing = float(normal @ to_eye / np.linalg.norm(to_eye))
    if facing < 0.04:
        return None
    along = turn @ np.array(decal.along)
    across = np.cross(normal, along)
    across *= np.linalg.norm(along) / max(float(np.linalg.norm(across)), 1e-9)
    width = decal.half_width * (max(eyes_open, 0.08) if decal.lid else 1.0)
    centre = _on_screen(at, view)
    if centre is None:
        return None
    x, y, depth = centre
    i, j = round(x) - tile.window.left, round(y) - tile.window.top
    rows, columns = tile.depth.shape
    if not (0 <= i < columns and 0 <= j < rows) or depth > tile.depth[j, i] + _SLACK_M:
        return None
    scale = float(view[12]) / depth
    long_axis = _flat(along, view) * decal.half_length * scale
    wide_axis = _flat(across, view) * width * scale
    length, breadth = float(np.hypot(*long_axis)), float(np.hypot(*wide_axis))
    if length >= breadth:
        direction = long_axis / max(length, 1e-6)
    else:
        length, breadth, direction = breadth, length, wide_axis / max(breadth, 1e-6)
    # Smaller than a pixel it fades, or a glint would light up the whole eye.
    shrunk = min(1.0, length / 0.55) * min(1.0, breadth / 0.45)
    return [
        x - tile.window.left, y - tile.window.top, max(length, 0.55), max(breadth, 0.45),
        float(direction[0]), float(direction[1]),
        *(c * k for c, k in zip(decal.colour, light, strict=True)),
        min(1.0, (facing - 0.04) * 6) * shrunk, decal.softness, 0.0,
    ]  # fmt: skip


def _on_screen(point: NDArray[np.float64], view: NDArray[np.float32]) -> tuple[float, float, float] | None:
    offset = point - view[9:12]
    depth = float(offset @ view[6:9])
    if depth < 0.05:
        return None
    x, y = _flat(offset, view) * float(view[12]) / depth
    return float(view[13]) + float(x), float(view[14]) + float(y), depth


def _flat(vector: NDArray[np.float64], view: NDArray[np.float32]) -> NDArray[np.float64]:
    """Return a world vector's extent across the screen: x right, y down."""
    return np.array([float(vector @ view[0:3]), -float(vector @ view[3:6])])
