"""Hair of a head: short strands over its mass, combed, and a soft hairline.

Long hair is many short strands on long locks: a long straight one would leave the curve it grows on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.fur import STRAND_COLUMNS
from soundstage.render.previz.rig.sdf import distances
from soundstage.render.previz.rig.strands import Coat
from soundstage.render.previz.subjects.humanoid_sculpt import to_head

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.sdf import Cone
    from soundstage.render.previz.rig.skin import Body
    from soundstage.render.previz.subjects.humanoid_body import Build

_PART_M = 0.016  #: the parting lies so far left of the middle
_GATHERED = {"bun": (-0.115, 0.050), "ponytail": (-0.115, 0.045)}  #: x, y where hair is drawn to
_SHORT = {"short", "crop", "receding", "buzz"}


def grow_hair(body: Body, build: Build, style: str, groups: Sequence[int], beard: int, count: int) -> Coat:
    """Root strands on the masses of hair; `beard` is the group of a beard, -2 none."""
    rng = np.random.default_rng([7, len(body.points)])
    triangles = body.triangles
    hairy = np.isin(body.group[triangles[:, 0]], groups)
    a, b, c = (body.points[triangles[:, i]] for i in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    # What lies deep inside another skin is never seen.
    share = (area * hairy * (body.openness[triangles].max(axis=1) > 0.06)).astype(np.float64)
    share *= np.where(body.group[triangles[:, 0]] == beard, 1.6, 1.0)
    chosen = rng.choice(len(triangles), count, p=share / share.sum())
    u, v = rng.random(count), rng.random(count)
    flip = u + v > 1
    u, v = np.where(flip, 1 - u, u), np.where(flip, 1 - v, v)
    corners = triangles[chosen]
    weights = np.stack([1 - u - v, u, v], axis=1).astype(np.float32)
    where = to_head(build, (body.points[corners] * weights[..., None]).sum(axis=1))
    normal = (body.normals[corners] * weights[..., None]).sum(axis=1)
    bearded = body.group[corners[:, 0]] == beard
    flow = np.where(bearded[:, None], _beard_flow(where), _flow(style, where, normal))
    flow -= (flow * normal).sum(axis=1, keepdims=True) * normal
    flow /= np.maximum(np.linalg.norm(flow, axis=1, keepdims=True), 1e-6)
    # Neighbours bend together: locks, not straw.
    aside = np.cross(normal, flow)
    x, y, z = where.T
    lock = np.sin(85 * z + 40 * x + 2.5 * np.sin(30 * y)) + 0.6 * np.sin(140 * x - 60 * y + 90 * z)
    stray = rng.random(count) < 0.025
    bend = 0.10 * lock + rng.normal(0, 0.07, count) + stray * rng.normal(0, 0.25, count)
    if style == "afro":
        bend = rng.normal(0, 1.4, count) * ~bearded + bend * bearded
    flow = flow + bend[:, None] * aside
    flow /= np.maximum(np.linalg.norm(flow, axis=1, keepdims=True), 1e-6)
    k = build.head_scale
    length = np.full(count, 0.024 if style in _SHORT else 0.034) * np.where(stray, 1.2, 1.0)
    lift = np.clip(rng.normal(0.07, 0.04, count), 0.01, 0.3) + stray * 0.12
    if style == "afro":
        length, lift = np.full(count, 0.016), rng.uniform(0.2, 0.9, count)
    # Over the forehead no hair hangs by itself.
    edge = np.clip((x - 0.020) / 0.02, 0, 1) * np.clip((0.55 - normal[:, 1]) / 0.3, 0, 1)
    under = np.clip((-0.05 - normal[:, 1]) / 0.2, 0, 1) * (style != "afro") * (y > -0.03)
    length *= (1 - 0.85 * edge) * (1 - 0.7 * under)
    kept = bearded | ((edge < 0.75) & (under < 0.8))
    length = np.where(bearded, 0.020 * (1 + 0.5 * rng.random(count)), length)
    lift = np.where(bearded, 0.22 + 0.2 * rng.random(count), lift)
    strands = np.empty((count, STRAND_COLUMNS), np.float32)
    strands[:, 0], strands[:, 1] = u, v
    strands[:, 2] = k * length * rng.uniform(0.7, 1.25, count)
    strands[:, 3] = lift
    strands[:, 4:7] = flow
    # Whole locks are paler or darker; within one, hairs differ little.
    strands[:, 7] = np.clip(0.5 + 0.26 * lock / 1.6 + rng.normal(0, 0.16, count), 0, 1)
    return Coat(chosen[kept].astype(np.int32), strands[kept])


def scalp(cones: Sequence[Cone], points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much of each skin point (n, 3) lies under or right beside hair, so that no edge is drawn."""
    if not cones:
        return np.zeros(len(points), np.float32)
    away = distances(cones, points)
    return (1 / (1 + np.exp(np.clip((away - 0.0025) / 0.0016, -30, 30)))).astype(np.float32)


def _flow(style: str, p: NDArray[np.float32], normal: NDArray[np.float32]) -> NDArray[np.floating]:
    x, y, z = p.T
    if style in _GATHERED:
        kx, ky = _GATHERED[style]
        toward = np.stack([kx - x, ky - y, -0.9 * z], axis=1)
        behind = x < kx + 0.012
        hanging = np.stack([0.0 * x - 0.1, np.full_like(x, -1.0), 0 * x], axis=1)
        if style == "bun":
            hanging = np.stack([np.sin(3 * y * 40) * 0.2, np.cos(40 * y), np.sign(z) * 1.0 + 0 * x], axis=1)
        return np.where(behind[:, None], hanging, toward)
    top = np.clip((normal[:, 1] - 0.25) / 0.5, 0, 1)[:, None]
    side = np.tanh((z - _PART_M) / 0.012)
    front = np.clip((x - 0.015) / 0.05, 0, 1)
    down = np.stack([-0.28 + 0.25 * front, np.full_like(x, -1.0), 0.10 * side], axis=1)
    if style in _SHORT:
        over = np.stack([0.75 - 0.2 * front, np.full_like(x, -0.1), 0.55 * side], axis=1)
    else:
        over = np.stack([-0.30 + 0.5 * front, np.full_like(x, -0.25), 1.0 * side], axis=1)
    return top * over + (1 - top) * down


def _beard_flow(p: NDArray[np.float32]) -> NDArray[np.floating]:
    x, y, z = p.T
    lip = np.exp(-(((y + 0.048) / 0.006) ** 2)) * (x > 0.06)
    return np.stack([0.25 - 0.2 * lip, np.full_like(x, -1.0), 1.6 * lip * np.sign(z) + 4.0 * z * 0.3], axis=1)
