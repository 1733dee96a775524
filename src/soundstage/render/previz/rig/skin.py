"""A body: the skins of all groups joined, each vertex tied to its four nearest bones. Knows no animal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.flesh import skin_mesh
from soundstage.render.previz.rig import sdf, surface

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.sdf import Group
    from soundstage.render.previz.rig.skeleton import Skeleton

_SOFTNESS_M = 0.018  #: how far around a joint the pull of two bones mixes
_EDGE_M = 0.006  #: how far two matters mix


@dataclass(frozen=True, slots=True)
class Body:
    """A skinned mesh in its rest pose. Arrays are shared between threads: never write to them."""

    skeleton: Skeleton
    points: NDArray[np.float32]  #: (n, 3) metres
    normals: NDArray[np.float32]  #: (n, 3) unit, outward
    triangles: NDArray[np.int32]  #: (m, 3) wound outward
    bones: NDArray[np.int32]  #: (n, 4) strongest first
    weights: NDArray[np.float32]  #: (n, 4) sum to 1
    matter: NDArray[np.float32]  #: (n, k) share of each matter, sums to 1
    openness: NDArray[np.float32]  #: (n,) 1 free, 0 buried
    group: NDArray[np.int32]  #: (n,) which group's skin

    def vertices_of(self, bone: str) -> NDArray[np.intp]:
        """Return the vertices that a bone pulls most."""
        return np.flatnonzero(self.bones[:, 0] == self.skeleton.index(bone))


def flesh_out(skeleton: Skeleton, groups: Sequence[Group], matters: int) -> Body:
    """Build the skins of all groups and tie them to the bones their cones name.

    Args:
        skeleton: the bones.
        groups: one skin each.
        matters: how many kinds of matter the cones may name.
    """
    everything = [cone for group in groups for cone in group.cones]
    skins = [surface.extract(sdf.sample(group), group.cones) for group in groups]
    ties = [_tie(skeleton, group, skin.points, matters) for group, skin in zip(groups, skins, strict=True)]
    starts = np.cumsum([0, *(len(skin.points) for skin in skins)])
    points = np.concatenate([skin.points for skin in skins])
    normals = np.concatenate([skin.normals for skin in skins])
    return Body(
        skeleton=skeleton,
        points=points,
        normals=normals,
        triangles=np.concatenate(
            [skin.triangles + np.int32(start) for skin, start in zip(skins, starts[:-1], strict=True)]
        ),
        bones=np.concatenate([tie[0] for tie in ties]),
        weights=np.concatenate([tie[1] for tie in ties]),
        matter=np.concatenate([tie[2] for tie in ties]),
        openness=surface.openness(everything, points, normals),
        group=np.concatenate([np.full(len(skin.points), g, np.int32) for g, skin in enumerate(skins)]),
    )


def deform(body: Body, bone_matrices: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the posed points and unit normals, two new (n, 3) arrays."""
    points = np.empty_like(body.points)
    normals = np.empty_like(body.normals)
    skin_mesh(body.points, body.normals, body.bones, body.weights, bone_matrices, points, normals)
    return points, normals


def _tie(
    skeleton: Skeleton, group: Group, points: NDArray[np.float32], matters: int
) -> tuple[NDArray[np.int32], NDArray[np.float32], NDArray[np.float32]]:
    near = np.maximum(sdf.cone_distances(group.cones, points), 0)
    pull = 1 / (near + np.float32(_SOFTNESS_M)) ** 3
    per_bone = np.zeros((len(points), len(skeleton.names)), np.float32)
    made_of = np.zeros((len(points), matters), np.float32)
    share = 1 / (near + np.float32(_EDGE_M)) ** 3
    for i, cone in enumerate(group.cones):
        bone = skeleton.index(cone.bone)
        per_bone[:, bone] = np.maximum(per_bone[:, bone], pull[:, i])
        made_of[:, cone.matter] += share[:, i]
    order = np.argsort(-per_bone, axis=1)[:, :4]
    weights = np.take_along_axis(per_bone, order, axis=1)
    weights /= weights.sum(axis=1, keepdims=True)
    made_of /= made_of.sum(axis=1, keepdims=True)
    return np.ascontiguousarray(order, np.int32), weights, made_of
