"""Hair of a head as strands over its mass: fewer and longer than a coat of fur. Knows no person.

Drawn with the kernels of fur; how many follows the size on the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.fur import find_visible, grow_strands, sort_far_to_near
from soundstage.render.previz.kernels.strands import draw_strands
from soundstage.render.previz.kernels.strokes import STROKE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.rig.raster import Tile
    from soundstage.render.previz.rig.skin import Body
    from soundstage.render.previz.rig.strands import Coat, Posed

_FULL_PX_PER_M = 1400.0  #: from this scale on all strands are drawn
_FEWEST = 260
_BUCKETS = 2048
_SLACK_M = 0.010


def draw_hair(
    coat: Coat,
    body: Body,
    posed: Posed,
    tile: Tile,
    light: NDArray[np.float32],
    view: NDArray[np.float32],
    px_per_m: float,
    longest_m: float,
) -> int:
    """Draw hair over a tile, far strands first, and return how many were drawn."""
    share = min(px_per_m / _FULL_PX_PER_M, 1.0)
    count = int(min(max(len(coat.roots) * share, _FEWEST), len(coat.roots)))
    breadth = float(min(0.44 * (len(coat.roots) / max(count, 1)) ** 0.6, 2.6))
    window = tile.window
    reach = longest_m * px_per_m
    bounds = np.array(
        [window.left - reach, window.top - reach, window.right + reach, window.bottom + reach], np.float32
    )
    depth = np.empty(count, np.float32)
    find_visible(
        body.triangles, coat.roots, coat.strands, posed.points, posed.normals, view, bounds, count, depth
    )
    order = np.empty(count, np.int32)
    visible = sort_far_to_near(depth, count, np.empty(_BUCKETS + 1, np.int32), order)
    if visible == 0:
        return 0
    strokes = np.empty((visible, STROKE_COLUMNS), np.float32)
    grow_strands(
        order, visible, body.triangles, coat.roots, coat.strands, posed.points, posed.before, posed.normals,
        body.bones, posed.matrices, posed.received, posed.albedo, light, view,
        np.float32(window.left), np.float32(window.top), np.float32(posed.scale), np.float32(breadth),
        strokes,
    )  # fmt: skip
    draw_strands(strokes, tile.image, tile.depth, np.float32(_SLACK_M * posed.scale))
    return visible
