"""A closed mesh while a solid is built, and what makes grids into one. Knows no kind of shape."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    F64 = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Shape:
    """Points, unit normals and triangles that may be wound either way."""

    points: NDArray[np.float64]  #: (n, 3)
    normals: NDArray[np.float64]  #: (n, 3)
    triangles: NDArray[np.int32]  #: (m, 3)


def join(shapes: Sequence[Shape]) -> Shape:
    """Return several shapes as one."""
    starts = np.cumsum([0, *(len(s.points) for s in shapes)])
    return Shape(
        np.concatenate([s.points for s in shapes]),
        np.concatenate([s.normals for s in shapes]),
        np.concatenate([s.triangles + np.int32(k) for s, k in zip(shapes, starts[:-1], strict=True)]),
    )


def outward(shape: Shape) -> Shape:
    """Wind every triangle by the normals of its corners, and drop those without area."""
    a, b, c = (shape.points[shape.triangles[:, k]] for k in range(3))
    cross = np.cross(b - a, c - a)
    way = (cross * shape.normals[shape.triangles].sum(axis=1)).sum(axis=1)
    triangles = np.where((way < 0)[:, None], shape.triangles[:, [0, 2, 1]], shape.triangles)
    whole = np.linalg.norm(cross, axis=1) > 1e-12
    return Shape(shape.points, shape.normals, np.ascontiguousarray(triangles[whole], np.int32))


def unit(vectors: F64) -> F64:
    """Return vectors (..., 3) at length one; those without length stay as they are."""
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def grid(points: F64, normals: F64) -> Shape:
    """Return a grid (u, v, 3) of points as two triangles a cell."""
    u, v = points.shape[:2]
    index = np.arange(u * v, dtype=np.int32).reshape(u, v)
    a, b, c, d = index[:-1, :-1], index[1:, :-1], index[1:, 1:], index[:-1, 1:]
    triangles = np.stack([a, b, c, a, c, d], -1).reshape(-1, 3)
    flat = unit(normals.reshape(-1, 3))
    # Where a grid runs into a point its slopes vanish: there any side will do.
    lost = np.linalg.norm(flat, axis=1) < 0.5
    flat[lost] = (0.0, 1.0, 0.0)
    return Shape(points.reshape(-1, 3), flat, triangles)


def surface(points: F64, *, closed: bool) -> Shape:
    """Return a grid with normals from its own slopes; `closed` rings repeat their first point last."""
    along = np.gradient(points, axis=0)
    if closed:
        ring = np.concatenate([points[:, -2:-1], points, points[:, 1:2]], axis=1)
        across = ring[:, 2:] - ring[:, :-2]
    else:
        across = np.gradient(points, axis=1)
    normals = np.cross(along, across)
    if float((normals * (points - points.mean(axis=1, keepdims=True))).sum()) < 0:
        normals = -normals
    return grid(points, normals)
