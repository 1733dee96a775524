"""A place whose people stand above its water: the ledge under them, and what is drawn as far down.

Water, scenery and boats are built as if the water lay at y = 0; `Lowered` shows them from above.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.places.water_land import Land, paint_land
from soundstage.render.previz.scene import NO_LAMPS, LampSource
from soundstage.render.previz.sky import horizon_rows, pixel_rays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.scene import Layer, Moment
    from soundstage.render.previz.view import View

f32 = np.float32
MOST_PIXELS = 420_000
BAND_PIXELS = 22_000  #: worked on at a time, as in `water_surface`


@dataclass(frozen=True, slots=True, kw_only=True)
class Lowered:
    """A layer of the world below."""

    layer: Layer
    drop_m: float

    @property
    def depth_m(self) -> float:
        """Return the layer's own."""
        return self.layer.depth_m

    @property
    def focus(self) -> Literal["back", "full"]:
        """Return the layer's own."""
        return self.layer.focus

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw the layer as from above; lamps that shine on it are moved with it."""
        lamps = moment.lamps
        if len(lamps):
            lamps = lamps.copy()
            lamps[:, 1] += f32(self.drop_m)
            moment = replace(moment, lamps=lamps)
        self.layer.draw(canvas, lifted(view, self.drop_m), moment)

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the layer's lamps where they are seen."""
        if not isinstance(self.layer, LampSource):
            return NO_LAMPS
        lamps = self.layer.lamps(moment).copy()
        lamps[:, 1] -= f32(self.drop_m)
        return lamps


def lifted(view: View, drop_m: float) -> View:
    """Return the view as it is in a world `drop_m` lower."""
    x, y, z = view.eye_m
    return replace(view, eye_m=(x, y + drop_m, z))


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledge:
    """Level ground at y = 0 that ends where the shape's water begins: a cliff top, a quay."""

    shape: Shape
    land: Land
    haze: NDArray[np.float32]
    haze_per_m: float
    lip: NDArray[np.float32]  #: (3,) light of the edge that falls away
    lip_m: float  #: how thick the edge looks
    depth_m: float
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:  # noqa: ARG002 - land does not move
        """Paint the ground and its edge."""
        share = min(1.0, math.sqrt(MOST_PIXELS / (canvas.width * canvas.height)))
        small = view.scaled(share) if share < 1 else view
        top = max(math.floor(min(horizon_rows(small))), 0)
        if top >= small.height_px - 1:
            return
        eye = small.eye_m
        # Nothing of the ledge is seen beyond its farthest point.
        reach = self.shape.near_z + self.shape.wander_m * 2 + self.lip_m - eye[2]
        if reach > 0:
            middle = (
                small.horizon_px()
                + small.focal_px * eye[1] / max(reach, 0.1)
                - abs(small.roll_rad) * small.width_px
            )
            top = max(top, math.floor(middle) - 4)
        if top >= small.height_px - 1:
            return
        light = np.empty((small.height_px - top, small.width_px, 3), f32)
        cover = np.empty(light.shape[:2], f32)
        rows = max(BAND_PIXELS // small.width_px, 4)
        for first in range(0, len(light), rows):
            band = slice(first, min(first + rows, len(light)))
            self._paint(small, top, band, light[band], cover[band])
        start = top
        if share < 1:
            size = (canvas.width, canvas.height - round(top / share))
            start = canvas.height - size[1]
            light = cv2.resize(light, size, interpolation=cv2.INTER_LINEAR)
            cover = cv2.resize(cover.astype(f32), size, interpolation=cv2.INTER_LINEAR)
        for c, plane in enumerate(canvas.planes):
            part = plane[start:]
            part += (np.asarray(light[..., c], f32) - part) * np.asarray(cover, f32)

    def _paint(
        self, view: View, top: int, band: slice, out: NDArray[np.float32], cover: NDArray[np.float32]
    ) -> None:
        """Fill light (h, w, 3) and cover (h, w) of some rows."""
        rays, eye = pixel_rays(view), view.eye_m
        i = np.arange(view.width_px, dtype=f32)[None, :]
        j = np.arange(band.start, band.stop, dtype=f32)[:, None] + f32(top)
        x, y, z = (rays[0, k] + i * rays[1, k] + j * rays[2, k] for k in range(3))
        depth = f32(eye[1]) / np.maximum(-y, f32(1e-4))
        wx, wz = x * depth + f32(eye[0]), z * depth + f32(eye[2])
        column = view.width_px // 2
        flat = f32(eye[1]) / np.maximum(-y[:, column : column + 1], f32(2e-4))
        foot = np.minimum(flat * flat / f32(view.focal_px * eye[1]), f32(60))
        water = self.shape.water_at(wx, wz)
        cover[:] = np.clip(f32(0.5) - water / np.maximum(foot, f32(0.004)), 0, 1) * (y < -1e-4)
        light = paint_land(self.land, wx, wz, water, foot, None)
        light += (self.lip - light) * np.clip(1 + water / f32(self.lip_m), 0, 1)[..., None] * f32(0.7)
        out[:] = self.haze + (light - self.haze) * np.exp(-depth * f32(self.haze_per_m))[..., None]
