"""Hair of a head as strands over its mass: fewer and longer than a coat of fur. Knows no person.

How many follows the size on the screen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.render.previz.rig.strands import Drawing, draw_over

if TYPE_CHECKING:
    import numpy as np
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
    how = Drawing(count, breadth, longest_m * px_per_m, _SLACK_M, _BUCKETS)
    return draw_over(coat, body, posed, tile, light, view, how)
