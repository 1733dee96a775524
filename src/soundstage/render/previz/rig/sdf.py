"""Flesh as round cones: capsules with two radii, joined by smooth union in groups. Knows no mesh.

One group is one skin: cones of a group melt into each other, cones of two groups never do. A leg that
shared a group with its neighbour would be webbed to it as soon as they part.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.flesh import field_at, fill_field

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

Point = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cone:
    """A tapered capsule tied to a bone; lengths in metres, rest pose."""

    bone: str
    start: Point
    end: Point
    start_radius: float
    end_radius: float
    blend: float = 0.05  #: reach of the smooth union with the cones before it
    breadth: float = 1.0  #: stretch across z: 0.4 is a flat ear, 1.2 a wide muzzle
    matter: int = 0  #: what it is made of, an index the character gives meaning to


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Cones that share one skin, and the fineness of its mesh."""

    cones: tuple[Cone, ...]
    cell: float  #: edge of a grid cell in metres


@dataclass(frozen=True, slots=True)
class Field:
    """Distances sampled on a grid."""

    values: NDArray[np.float32]  #: (nx, ny, nz) metres, negative inside
    corner: NDArray[np.float32]  #: (3,) position of values[0, 0, 0]
    cell: float


def pack(cones: Sequence[Cone]) -> NDArray[np.float32]:
    """Return cones as kernel rows (n, 10): start xyz, end xyz, two radii, breadth, blend."""
    rows = [(*c.start, *c.end, c.start_radius, c.end_radius, c.breadth, max(c.blend, 1e-4)) for c in cones]
    return np.array(rows, np.float32).reshape(-1, 10)


def sample(group: Group) -> Field:
    """Sample a group's union on a grid that holds it with two cells to spare."""
    rows = pack(group.cones)
    reach = np.maximum(rows[:, 6], rows[:, 7])[:, None] * np.array([1.0, 1.0, 1.0], np.float32)
    reach[:, 2] *= np.maximum(rows[:, 8], 1.0)
    # A smooth union of many cones swells by up to a quarter of the blend each: leave room, or it is cut open.
    spare = 2 * group.cell + 0.3 * float(rows[:, 9].max())
    low = np.minimum(rows[:, 0:3] - reach, rows[:, 3:6] - reach).min(axis=0) - spare
    high = np.maximum(rows[:, 0:3] + reach, rows[:, 3:6] + reach).max(axis=0) + spare
    counts = np.ceil((high - low) / group.cell).astype(int) + 1
    values = np.empty((int(counts[0]), int(counts[1]), int(counts[2])), np.float32)
    corner = low.astype(np.float32)
    fill_field(rows, corner, group.cell, values)
    return Field(values, corner, group.cell)


def distances(cones: Sequence[Cone], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the signed distance (n,) of each point (n, 3) to the union of all cones."""
    out = np.empty(len(points), np.float32)
    field_at(pack(cones), np.ascontiguousarray(points, np.float32), out)
    return out


def cone_distances(cones: Sequence[Cone], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the distance (n, m) of each point to each single cone, as `kernels.mesh.cone_distance` does."""
    rows = pack(cones)
    start, axis = rows[:, 0:3], rows[:, 3:6] - rows[:, 0:3]
    offset = points[:, None, :] - start[None]
    length2 = (axis * axis).sum(axis=1) + np.float32(1e-9)
    along = np.clip((offset * axis[None]).sum(axis=2) / length2, 0, 1)
    gap = offset - axis[None] * along[..., None]
    gap[..., 2] /= rows[:, 8]
    radius = rows[:, 6] + (rows[:, 7] - rows[:, 6]) * along
    return (np.sqrt((gap * gap).sum(axis=2)) - radius).astype(np.float32)
