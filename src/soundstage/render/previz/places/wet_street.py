"""Ground under a set of panels: asphalt or floor that mirrors what stands on it as far as it is wet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels.sand import paint_shore
from soundstage.render.previz.sky import horizon_rows, pixel_rays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.panels import Panels, Vector
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.sky import Sky
    from soundstage.render.previz.view import View

f32 = np.float32
MIRROR_SCALE = 0.25  #: a street's mirror is rough: a quarter of the canvas shows all that is in it


@dataclass(frozen=True, slots=True, kw_only=True)
class WetStreet:
    """The plane y = 0, painted with the shore's dry rows, with sky and set in it."""

    sky: Sky
    sea: NDArray[np.float32]  #: (SEA_SIZE,), as `places.beach.mix_sea`, its shore never reached
    sand: NDArray[np.float32]  #: (SAND_SIZE,)
    sets: Panels | None
    lamp: NDArray[np.float32]  #: (M, 7) as `scene.LAMP_COLUMNS`: what lights the subjects after dark
    travel_m_s: Vector = (0.0, 0.0, 0.0)  #: the street has such lamps all along a lead's way
    gain: float = 1.0  #: of what the set gives back, over what the grain of the ground takes
    depth_m: float = 1e4
    focus: Literal["back", "full"] = "back"

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the lamps about the subjects."""
        rows = self.lamp.copy()
        rows[:, :3] += np.multiply(self.travel_m_s, moment.t_s).astype(np.float32)
        return rows

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint one frame."""
        top = min(max(math.floor(min(horizon_rows(view))), 0), canvas.height)
        if top >= canvas.height:
            return
        columns = canvas.width // 2 + 1
        mirror = self.sky.mirror(view, top, moment.t_s, columns=columns)
        if self.sets is not None:
            self._mirror_set(canvas, view, moment, mirror, top)
        paint_shore(
            *canvas.rgb, mirror, top, pixel_rays(view), np.asarray(view.eye_m, np.float32),
            f32(view.focal_px), f32(moment.t_s), self.sky.sun, self.sky.paint, self.sea, self.sand,
        )  # fmt: skip

    def _mirror_set(
        self, canvas: Canvas, view: View, moment: Moment, mirror: NDArray[np.float32], top: int
    ) -> None:
        """Put the set's image, drawn out upright, over the sky's."""
        assert self.sets is not None
        scratch = canvas.scratch(MIRROR_SCALE)
        self.sets.draw_pieces(scratch, view.scaled(MIRROR_SCALE), moment, mirror=True)
        first = min(math.floor(top * MIRROR_SCALE), scratch.height - 2)
        tall = max(0.022 * scratch.height, 0.5)
        wide = max(0.004 * scratch.height, 0.3)
        rows, columns = mirror.shape[1:]
        planes = [*scratch.planes, scratch.alpha]
        soft = [cv2.GaussianBlur(p[first:], (0, 0), wide, sigmaY=tall) for p in planes]
        cover = cv2.resize(soft[3], (columns, rows), interpolation=cv2.INTER_LINEAR)
        mirror *= 1 - cover
        for k in range(3):
            mirror[k] += cv2.resize(soft[k], (columns, rows), interpolation=cv2.INTER_LINEAR) * f32(self.gain)
