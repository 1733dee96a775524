"""A triangle skin around a distance field: naive surface nets, vectorised. Knows no bones.

Vertices sit at the mean of the edge crossings of their cell (Gibson 1998), one per cell that the surface
passes through; normals are the field's gradient, so they are smoother than the triangles.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.rig.sdf import distances

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.sdf import Cone, Field

_CORNERS = np.array([(i, j, k) for i in (0, 1) for j in (0, 1) for k in (0, 1)])
_OPENNESS = ((0.010, 0.30), (0.030, 0.35), (0.080, 0.35))  #: metres out along the normal, share of the shade


@dataclass(frozen=True, slots=True)
class Surface:
    """A closed triangle mesh, wound outward."""

    points: NDArray[np.float32]  #: (n, 3) metres
    triangles: NDArray[np.int32]  #: (m, 3)
    normals: NDArray[np.float32]  #: (n, 3) unit, outward


def extract(field: Field, cones: Sequence[Cone]) -> Surface:
    """Return the zero surface of a sampled field; `cones` are those it was sampled from."""
    cells, index = _crossed_cells(field.values)
    points = field.corner + (cells + _crossing_means(field.values, cells)) * np.float32(field.cell)
    points = points.astype(np.float32)
    triangles = _quads(field.values, index)
    return Surface(points, triangles, gradients(cones, points, 0.6 * field.cell))


def gradients(cones: Sequence[Cone], points: NDArray[np.float32], step: float) -> NDArray[np.float32]:
    """Return unit gradients of the field at points, by central differences over `step` metres."""
    axes = np.eye(3, dtype=np.float32) * np.float32(step)
    slope = np.stack(
        [
            distances(cones, np.add(points, a, dtype=np.float32))
            - distances(cones, np.subtract(points, a, dtype=np.float32))
            for a in axes
        ],
        axis=1,
    )
    return slope / np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), np.float32(1e-9))


def openness(
    cones: Sequence[Cone], points: NDArray[np.float32], normals: NDArray[np.float32]
) -> NDArray[np.float32]:
    """Return how open to the sky of its own body each point is: 1 free, towards 0 in a fold (n,)."""
    free = np.ones(len(points), np.float32)
    for reach, share in _OPENNESS:
        room = distances(cones, np.asarray(points + normals * np.float32(reach), np.float32)) / np.float32(
            reach
        )
        free -= np.float32(share) * np.clip(1 - room, 0, 1)
    return np.clip(free, 0, 1)


def _crossed_cells(values: NDArray[np.float32]) -> tuple[NDArray[np.intp], NDArray[np.int32]]:
    inside = values < 0
    nx, ny, nz = values.shape
    count = np.zeros((nx - 1, ny - 1, nz - 1), np.int8)
    for i, j, k in _CORNERS:
        count += inside[i : nx - 1 + i, j : ny - 1 + j, k : nz - 1 + k]
    crossed = (count > 0) & (count < 8)
    cells = np.argwhere(crossed)
    index = np.full(crossed.shape, -1, np.int32)
    index[crossed] = np.arange(len(cells), dtype=np.int32)
    return cells, index


def _crossing_means(values: NDArray[np.float32], cells: NDArray[np.intp]) -> NDArray[np.float32]:
    corner_values = np.stack(
        [values[cells[:, 0] + i, cells[:, 1] + j, cells[:, 2] + k] for i, j, k in _CORNERS], axis=1
    )
    total = np.zeros((len(cells), 3), np.float32)
    crossings = np.zeros(len(cells), np.float32)
    for first in range(8):
        for bit in (4, 2, 1):
            if first & bit:
                continue
            second = first | bit
            a, b = corner_values[:, first], corner_values[:, second]
            crosses = (a < 0) != (b < 0)
            share = np.where(crosses, a / np.where(a == b, np.float32(1), a - b), np.float32(0))[:, None]
            where = _CORNERS[first] * (1 - share) + _CORNERS[second] * share
            total += np.where(crosses[:, None], where, 0).astype(np.float32)
            crossings += crosses
    return total / crossings[:, None]


def _quads(values: NDArray[np.float32], index: NDArray[np.int32]) -> NDArray[np.int32]:
    """Join the four cells around each crossed grid edge, wound so that the outside is in front."""
    inside = values < 0
    triangles: list[NDArray[np.int32]] = []
    for axis in range(3):
        first = inside[tuple(slice(0, -1) if d == axis else slice(None) for d in range(3))]
        second = inside[tuple(slice(1, None) if d == axis else slice(None) for d in range(3))]
        edges = np.argwhere(first != second)
        u, v = (axis + 1) % 3, (axis + 2) % 3
        # The sampled grid has cells to spare, so an edge on its border would mean an open mesh.
        whole = (edges[:, u] > 0) & (edges[:, v] > 0)
        whole &= (edges[:, u] < values.shape[u] - 1) & (edges[:, v] < values.shape[v] - 1)
        edges = edges[whole]
        leaving = first[tuple(edges.T)]
        corners: list[NDArray[np.int32]] = []
        for du, dv in ((0, 0), (1, 0), (1, 1), (0, 1)):
            cell = edges.copy()
            cell[:, u] -= du
            cell[:, v] -= dv
            corners.append(index[tuple(cell.T)])
        quad = np.stack(corners, axis=1)
        quad[~leaving] = quad[~leaving][:, ::-1]
        triangles += [quad[:, [0, 1, 2]], quad[:, [0, 2, 3]]]
    return np.ascontiguousarray(np.concatenate(triangles), np.int32)
