"""Bones and poses: rotations about rest joints in, matrices for skinning out. Knows no flesh."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.sdf import Point


@dataclass(frozen=True, slots=True)
class Turn:
    """How a bone stands against its parent: turns in radians (x first, then y, then z), shift in metres."""

    x: float = 0.0
    y: float = 0.0
    z: float = 0.0  #: positive turns +x towards +y: lifts a head that faces +x
    shift: Point = (0.0, 0.0, 0.0)


Pose = dict[str, Turn]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Bones in an order where parents come first."""

    names: tuple[str, ...]
    parents: tuple[int, ...]  #: -1 is the root
    joints: NDArray[np.float64]  #: (n, 3) where each bone turns, rest pose, metres

    def index(self, name: str) -> int:
        """Return a bone's number."""
        return self.names.index(name)

    def joint(self, name: str) -> NDArray[np.float64]:
        """Return where a bone turns in the rest pose (3,)."""
        return self.joints[self.index(name)]


def assemble(bones: Mapping[str, tuple[str | None, Point]]) -> Skeleton:
    """Build a skeleton from name -> (parent's name, joint).

    Raises:
        ValueError: a parent is missing or comes after its child.
    """
    names: list[str] = []
    parents: list[int] = []
    for name, (parent, _) in bones.items():
        if parent is not None and parent not in names:
            raise ValueError(f"bone {name!r} comes before its parent {parent!r}; list parents first")
        parents.append(-1 if parent is None else names.index(parent))
        names.append(name)
    joints = np.array([joint for _, joint in bones.values()], np.float64)
    return Skeleton(tuple(names), tuple(parents), joints)


def placement(x: float, y: float, z: float, yaw: float = 0.0, scale: float = 1.0) -> NDArray[np.float64]:
    """Return a 4x4 matrix that scales, turns about the vertical (0 faces +x, pi/2 faces +z) and moves."""
    c, s = math.cos(yaw) * scale, math.sin(yaw) * scale
    return np.array([[c, 0, -s, x], [0, scale, 0, y], [s, 0, c, z], [0, 0, 0, 1]], np.float64)


def matrices(skeleton: Skeleton, pose: Pose, root: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return what takes each bone's rest space to the world: (n, 3, 4)."""
    still = Turn()
    turns = [pose.get(name, still) for name in skeleton.names]
    local = _about(skeleton.joints, turns)
    placed = np.empty_like(local)
    for i, parent in enumerate(skeleton.parents):
        np.matmul(root if parent < 0 else placed[parent], local[i], out=placed[i])
    return np.ascontiguousarray(placed[:, :3, :], np.float32)


def _about(joints: NDArray[np.float64], turns: Sequence[Turn]) -> NDArray[np.float64]:
    """Return the matrices (n, 4, 4) that turn and shift each bone about its joint."""
    angles = np.array([(turn.x, turn.y, turn.z) for turn in turns])
    (cx, cy, cz), (sx, sy, sz) = np.cos(angles).T, np.sin(angles).T
    local = np.zeros((len(turns), 4, 4))
    local[:, 0, 0], local[:, 0, 1], local[:, 0, 2] = cz * cy, cz * sy * sx - sz * cx, cz * sy * cx + sz * sx
    local[:, 1, 0], local[:, 1, 1], local[:, 1, 2] = sz * cy, sz * sy * sx + cz * cx, sz * sy * cx - cz * sx
    local[:, 2, 0], local[:, 2, 1], local[:, 2, 2] = -sy, cy * sx, cy * cx
    shift = np.array([turn.shift for turn in turns])
    local[:, :3, 3] = joints - (local[:, :3, :3] @ joints[..., None])[..., 0] + shift
    local[:, 3, 3] = 1
    return local
