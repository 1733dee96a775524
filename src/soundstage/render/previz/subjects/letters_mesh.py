"""Set type as a solid: a distance field of the mask, a rounded edge, straight sides. Knows no light.

The front is one quad per inside grid point, joined at the centres of cells (a flat surface net, Gibson
1998), so the outline is smooth at any size; the sides are a strip along that outline.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.subjects.letters_type import CAP_PX

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.subjects.letters_type import Type

SHRINK = 4  #: mask pixels a grid cell: 48 cells a capital
THICK = 0.30  #: of a capital, from front to back
EDGE = 0.085  #: of a capital, radius of the rounded edge


@dataclass(frozen=True, slots=True)
class Solid:
    """A closed mesh in capitals: x right, y up from the lowest point, z forward, middle at 0."""

    points: NDArray[np.float32]  #: (n, 3)
    normals: NDArray[np.float32]  #: (n, 3) unit, outward
    triangles: NDArray[np.int32]  #: (m, 3) wound outward
    letter: NDArray[np.int32]  #: (n,) which letter of its line a point belongs to
    width: float
    height: float
    front_count: int  #: triangles that a viewer in front may see come first

    def front(self) -> Solid:
        """Return the solid without its back, for a word that never turns it to the camera."""
        return replace(self, triangles=self.triangles[: self.front_count])


def _distance(mask: NDArray[np.bool_]) -> NDArray[np.float32]:
    """Return the signed distance to the outline, in capitals, positive inside, at grid points."""
    inside = mask.astype(np.uint8)
    field = cv2.distanceTransform(inside, cv2.DIST_L2, 5) - cv2.distanceTransform(1 - inside, cv2.DIST_L2, 5)
    field = cv2.GaussianBlur(field.astype(np.float32), (0, 0), SHRINK * 0.45)
    size = (mask.shape[1] // SHRINK, mask.shape[0] // SHRINK)
    small = cv2.resize(field, size, interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32) / np.float32(CAP_PX)


def _cells(field: NDArray[np.float32]) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    """Return the vertex index of each cell (-1: outside) and the vertices' (row, column)."""
    inside = field > 0
    corners = [(0, 0), (0, 1), (1, 0), (1, 1)]
    h, w = field.shape[0] - 1, field.shape[1] - 1
    count = np.sum([inside[j : j + h, i : i + w] for j, i in corners], axis=0)
    rows, columns = np.nonzero(count > 0)
    index = np.full((h, w), -1, np.int32)
    index[rows, columns] = np.arange(len(rows))
    total = np.zeros((len(rows), 2))
    crossings = np.zeros(len(rows))
    for a, b in (((0, 0), (0, 1)), ((1, 0), (1, 1)), ((0, 0), (1, 0)), ((0, 1), (1, 1))):
        fa, fb = field[rows + a[0], columns + a[1]], field[rows + b[0], columns + b[1]]
        crossed = (fa > 0) != (fb > 0)
        t = np.where(crossed, fa / np.where(fa == fb, 1, fa - fb), 0)
        spot = np.array(a) * (1 - t[:, None]) + np.array(b) * t[:, None]
        total += np.where(crossed[:, None], spot, 0)
        crossings += crossed
    middle = np.where(crossings[:, None] > 0, total / np.maximum(crossings, 1)[:, None], 0.5)
    return index, (np.stack([rows, columns], 1) + middle).astype(np.float32)


def _sample(field: NDArray[np.float32], spots: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a field's values at spots (n, 2) of (row, column), blended from the four points around each."""
    h, w = field.shape
    rows, columns = np.clip(spots[:, 0], 0, h - 1), np.clip(spots[:, 1], 0, w - 1)
    j, i = np.minimum(rows.astype(np.intp), h - 2), np.minimum(columns.astype(np.intp), w - 2)
    v, u = (rows - j).astype(np.float32), (columns - i).astype(np.float32)
    upper = field[j, i] * (1 - u) + field[j, i + 1] * u
    lower = field[j + 1, i] * (1 - u) + field[j + 1, i + 1] * u
    return np.asarray(upper * (1 - v) + lower * v, np.float32)


def _front_quads(field: NDArray[np.float32], index: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return one quad of vertices per inside grid point, clockwise as the viewer sees it."""
    j, i = np.nonzero(field[1:-1, 1:-1] > 0)
    return np.stack([index[j, i], index[j, i + 1], index[j + 1, i + 1], index[j + 1, i]], 1)


def _outline(field: NDArray[np.float32], index: NDArray[np.int32]) -> NDArray[np.int32]:
    """Return the outline's segments (n, 2), the inside on their right as the viewer sees them."""
    inside = field > 0
    j, i = np.nonzero(
        inside[1:-1, :-1] != inside[1:-1, 1:]
    )  # a wall crosses between columns i and i + 1 of row j + 1
    upright = np.stack([index[j, i], index[j + 1, i]], 1)
    turn = inside[j + 1, i]
    upright[turn] = upright[turn][:, ::-1]
    j2, i2 = np.nonzero(inside[:-1, 1:-1] != inside[1:, 1:-1])
    level = np.stack([index[j2, i2], index[j2, i2 + 1]], 1)
    turn = inside[j2 + 1, i2 + 1]
    level[turn] = level[turn][:, ::-1]
    return np.concatenate([upright, level])


def extrude(type_: Type) -> Solid:
    """Return set type as a solid with rounded edges."""
    field = _distance(type_.mask)
    index, spots = _cells(field)
    step = SHRINK / CAP_PX
    gy, gx = (_sample(np.asarray(g, np.float32) / np.float32(step), spots) for g in np.gradient(field))
    steep = np.maximum(np.hypot(gx, gy), 1e-4)
    depth = np.maximum(_sample(field, spots), 0)
    # A quarter of a sine from the side to the front: a circle's would start upright, and what one grid
    # cell cannot
    # follow shows as stitches along the edge.
    t = np.minimum(depth / EDGE, 1) * (np.pi / 2)
    z = THICK / 2 - EDGE + EDGE * np.sin(t)
    lean = np.cos(t) * (np.pi / 2)
    points = np.stack([spots[:, 1] * step, -spots[:, 0] * step, -z], 1)
    normals = np.stack([-gx / steep * lean, gy / steep * lean, -np.ones_like(lean)], 1)
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    quads, walls = _front_quads(field, index), _outline(field, index)
    count = len(points)
    flip = np.array([1, 1, -1])
    strip = np.stack([walls[:, 0], walls[:, 1], walls[:, 1] + count, walls[:, 0] + count], 1)
    faces = np.concatenate([quads, strip, quads[:, ::-1] + count])
    points = np.concatenate([points, points * flip]).astype(np.float32)
    normals = np.concatenate([normals, normals * flip]).astype(np.float32)
    triangles = np.stack([faces[:, [0, 1, 2]], faces[:, [0, 2, 3]]], 1).reshape(-1, 3).astype(np.int32)
    column = np.clip((points[:, 0] / step * SHRINK).astype(int), 0, len(type_.letter) - 1)
    line = ((-points[:, 1] * CAP_PX - type_.margin_px) / type_.line_px).astype(int)
    line = np.clip(line, 0, type_.letter.shape[1] - 1)
    low, high = points.min(axis=0), points.max(axis=0)
    points -= np.array([(low[0] + high[0]) / 2, low[1], 0], np.float32)
    return Solid(
        points=points,
        normals=normals,
        triangles=triangles,
        letter=type_.letter[column, line],
        width=float(high[0] - low[0]),
        height=float(high[1] - low[1]),
        front_count=2 * (len(quads) + len(strip)),
    )
