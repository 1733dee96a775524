"""A coat: strands rooted on a body, drawn over its tile. How many are drawn follows their size on the screen.

Knows no animal. Strands lie shuffled, so the first N of them are an even thinning; fewer are drawn wider.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.fur import (
    STRAND_COLUMNS,
    find_visible,
    grow_strands,
    sort_far_to_near,
)
from soundstage.render.previz.kernels.strands import draw_strands
from soundstage.render.previz.kernels.strokes import STROKE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.rig.raster import Tile
    from soundstage.render.previz.rig.skin import Body

REFERENCE_PX_PER_M = (
    620.0  #: at this scale REFERENCE_STRANDS cover the reference body with their natural width
)
REFERENCE_STRANDS = 30_000
FEWEST = 900
_LONGEST_M = 0.12  #: no strand of the reference body is longer
_BUCKETS = 4096
_DEPTH_SLACK_M = 0.012  #: a strand may lie this far behind the skin it grows on


@dataclass(frozen=True, slots=True)
class Growth:
    """How hair grows at each vertex of a body, rest space."""

    length: NDArray[np.float32]  #: (n,) metres; 0 grows none
    flow: NDArray[np.float32]  #: (n, 3) where it lies down to
    lift: NDArray[np.float32]  #: (n,) 0 lies flat, 1 stands
    density: NDArray[np.float32]  #: (n,) strands per area, relative


@dataclass(frozen=True, slots=True)
class Coat:
    """Strands, shuffled. Shared between threads: never written to."""

    roots: NDArray[np.int32]  #: (k,) triangle of each
    strands: NDArray[np.float32]  #: (k, STRAND_COLUMNS)


@dataclass(frozen=True, slots=True)
class Posed:
    """A body at one moment, as the coat needs it."""

    points: NDArray[np.float32]
    before: NDArray[np.float32]  #: one frame earlier, carried along with the body
    normals: NDArray[np.float32]
    matrices: NDArray[np.float32]
    received: NDArray[np.float32]
    albedo: NDArray[np.float32]
    scale: float


def grow(body: Body, growth: Growth, count: int, rng: np.random.Generator) -> Coat:
    """Root `count` strands on a body, in proportion to area and density, with clumps and chance."""
    triangles = body.triangles
    a, b, c = (body.points[triangles[:, i]] for i in range(3))
    area = np.linalg.norm(np.cross(b - a, c - a), axis=1)
    dense = growth.density[triangles].mean(axis=1) * (growth.length[triangles].min(axis=1) > 0)
    # What lies deep inside another skin is never seen.
    dense = dense * (body.openness[triangles].max(axis=1) > 0.04)
    share = (area * dense).astype(np.float64)
    chosen = rng.choice(len(triangles), count, p=share / share.sum())
    u, v = rng.random(count), rng.random(count)
    flip = u + v > 1
    u, v = np.where(flip, 1 - u, u), np.where(flip, 1 - v, v)
    corners = triangles[chosen]
    weights = np.stack([1 - u - v, u, v], axis=1).astype(np.float32)
    where = (body.points[corners] * weights[..., None]).sum(axis=1)
    clump = 0.5 * np.sin(where[:, 0] * 70 + where[:, 2] * 55) + 0.5 * np.sin(
        where[:, 1] * 83 + where[:, 0] * 31
    )
    length = (growth.length[corners] * weights).sum(axis=1)
    flow = (growth.flow[corners] * weights[..., None]).sum(axis=1)
    flow = flow + rng.normal(0, 0.15, (count, 3)) + clump[:, None] * np.array([0.05, 0.13, 0.11])
    flow /= np.maximum(np.linalg.norm(flow, axis=1, keepdims=True), 1e-6)
    lift = (growth.lift[corners] * weights).sum(axis=1)
    strands = np.empty((count, STRAND_COLUMNS), np.float32)
    strands[:, 0] = u
    strands[:, 1] = v
    strands[:, 2] = length * rng.uniform(0.65, 1.2, count) * (1 + 0.15 * clump)
    strands[:, 3] = lift * rng.uniform(0.6, 1.5, count)
    strands[:, 4:7] = flow
    strands[:, 7] = rng.random(count)
    return Coat(chosen.astype(np.int32), strands)


def strand_count(coat: Coat, px_per_m: float, in_view: float = 1.0) -> int:
    """Return how many strands to draw when a metre of the reference body is this many pixels.

    Beyond the reference they grow wider rather than more, since each costs its area; what is out of view
    costs nothing, so `in_view`, the share of the body's window that is drawn, is made up for.
    """
    large = px_per_m / REFERENCE_PX_PER_M
    wanted = REFERENCE_STRANDS * (large**1.4 if large < 1 else large**0.1 / max(in_view, 0.1))
    return int(min(max(wanted, FEWEST), len(coat.roots)))


def strand_breadth(count: int, px_per_m: float) -> float:
    """Return how much wider strands must be for `count` of them to cover as the reference does."""
    natural = REFERENCE_STRANDS / max(count, 1)
    hair = min((REFERENCE_PX_PER_M / max(px_per_m, 1.0)) ** 0.15, 1.3)
    return float(min(max(natural**0.5 * hair, 0.75), 4.0))


def draw_coat(
    coat: Coat,
    body: Body,
    posed: Posed,
    tile: Tile,
    light: NDArray[np.float32],
    view: NDArray[np.float32],
    px_per_m: float,
    in_view: float = 1.0,
) -> int:
    """Draw the coat over a tile, far strands first, and return how many were drawn."""
    count = strand_count(coat, px_per_m, in_view)
    how = Drawing(count, strand_breadth(count, px_per_m), _LONGEST_M * px_per_m, _DEPTH_SLACK_M, _BUCKETS)
    return draw_over(coat, body, posed, tile, light, view, how)


@dataclass(frozen=True, slots=True)
class Drawing:
    """How many strands of a coat to draw, and how."""

    count: int
    breadth: float  #: how much wider they are for being fewer
    reach_px: float  #: no strand reaches farther from its root
    slack_m: float  #: one may lie this far behind the skin it grows on
    buckets: int  #: depths told apart


def draw_over(
    coat: Coat,
    body: Body,
    posed: Posed,
    tile: Tile,
    light: NDArray[np.float32],
    view: NDArray[np.float32],
    how: Drawing,
) -> int:
    """Draw the first strands of a coat over a tile, far ones first, and return how many were seen."""
    window, count = tile.window, how.count
    reach = how.reach_px
    bounds = np.array(
        [window.left - reach, window.top - reach, window.right + reach, window.bottom + reach], np.float32
    )
    depth = np.empty(count, np.float32)
    find_visible(
        body.triangles, coat.roots, coat.strands, posed.points, posed.normals, view, bounds, count, depth
    )
    order = np.empty(count, np.int32)
    visible = sort_far_to_near(depth, count, np.empty(how.buckets + 1, np.int32), order)
    if visible == 0:
        return 0
    strokes = np.empty((visible, STROKE_COLUMNS), np.float32)
    grow_strands(
        order, visible, body.triangles, coat.roots, coat.strands, posed.points, posed.before, posed.normals,
        body.bones, posed.matrices, posed.received, posed.albedo, light, view,
        np.float32(window.left), np.float32(window.top), np.float32(posed.scale), np.float32(how.breadth),
        strokes,
    )  # fmt: skip
    draw_strands(strokes, tile.image, tile.depth, np.float32(how.slack_m * posed.scale))
    return visible
