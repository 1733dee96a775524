"""The plane of a water place: water that mirrors and rolls, land beside it, foam between them. One layer.

Drawn with arrays at up to half a million pixels, whatever the frame: water has no edge sharper than that.
A few rows at a time, so that what is worked on stays in a core's cache. Knows no recipe.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.places import water_shade as shade
from soundstage.render.previz.places.water_land import Land, paint_land
from soundstage.render.previz.places.water_mirror import mirror_image
from soundstage.render.previz.places.water_waves import Sea, Swell, draw_swell
from soundstage.render.previz.sky import horizon_rows, pixel_rays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.scene import Layer, Moment
    from soundstage.render.previz.view import View

f32 = np.float32
WATER_DEPTH_M = 1e4
MOST_PIXELS = 420_000
BAND_PIXELS = 22_000  #: worked on at a time: some twenty planes of them fit a second cache
MIRROR = 0.5  #: of the surface's own resolution
DRY_M = -0.6  #: farther inland than this no water is worked out


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Water and the land it touches."""

    look: shade.Look
    shape: Shape
    land: Land | None
    swell: Swell | None
    ripples: NDArray[np.float32]  #: tile of `water_noise.ripple_tile`
    lace: NDArray[np.float32]  #: tile (n, n, 2): foam's net, and patches
    sun: NDArray[np.float32]  #: (3,) towards it
    mirrors: tuple[Layer, ...]  #: far to near
    depth_m: float = WATER_DEPTH_M
    focus: Literal["back", "full"] = "back"
    hidden: tuple[float, float] | None = None  #: z and height of a ledge that hides all that lies before it

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint one frame."""
        share = min(1.0, math.sqrt(MOST_PIXELS / (canvas.width * canvas.height)))
        small = view.scaled(share) if share < 1 else view
        horizon = min(horizon_rows(small))
        swell_px = 0.0
        if self.swell is not None:
            swell_px = 0.10 * small.focal_px * min(self.swell.high_m / 2.5, 1.0) + 2
        if horizon - swell_px >= small.height_px - 1:
            return
        top = max(math.floor(horizon - swell_px), 0)
        end = self._last_row(small)
        if end <= top + 1:
            return
        frame = self._prepare(small, moment, top)
        rows = max(BAND_PIXELS // small.width_px, 4)
        light = np.zeros((3, small.height_px - top, small.width_px), f32)
        cover = np.empty(light.shape[1:], f32)
        cover[end - top :] = 1
        for first in range(0, end - top, rows):
            band = slice(first, min(first + rows, end - top))
            self._paint(frame, band, light[:, band], cover[band])
        start = top
        if share < 1:
            size = (canvas.width, canvas.height - round(top / share))
            start = canvas.height - size[1]
            light = np.stack([cv2.resize(p, size, interpolation=cv2.INTER_LINEAR) for p in light])
            cover = np.asarray(cv2.resize(cover, size, interpolation=cv2.INTER_LINEAR), f32)
        if self.look.veil > 0:
            self._veil(canvas, horizon / share)
        # Below the last row with a hole in it nothing of the sky is left.
        holes = np.flatnonzero(cover.min(axis=1) < 1)
        solid = int(holes[-1]) + 1 if len(holes) else 0
        for plane, colour in zip(canvas.planes, light, strict=True):
            part = plane[start : start + solid]
            part += (colour[:solid] - part) * cover[:solid]
            plane[start + solid :] = colour[solid:]

    def _last_row(self, view: View) -> int:
        """Return the row after the last that is not behind a ledge."""
        if self.hidden is None or abs(view.roll_rad) > 0.02:
            return view.height_px
        away = self.hidden[0] - view.eye_m[2]
        if away < 0.5:
            return view.height_px
        edge = view.project(np.array([[view.eye_m[0], self.hidden[1], self.hidden[0]]]))[1][0]
        return min(
            max(math.ceil(float(edge)) + 6 + round(0.06 * view.height_px * abs(view.yaw_rad)), 0),
            view.height_px,
        )

    def _veil(self, canvas: Canvas, horizon: float) -> None:
        """Let the air that hides the far sea stand a little above it too, or a bright line parts them."""
        tall = max(round(0.085 * canvas.height), 2)
        low = min(math.ceil(horizon) + 2, canvas.height)
        top = max(low - tall, 0)
        if low - top < 2:
            return
        share = (np.linspace(0, 1, low - top, dtype=f32) ** 1.3 * f32(self.look.veil))[:, None]
        for plane, haze in zip(canvas.planes, self.look.haze, strict=True):
            part = plane[top:low]
            part += (haze - part) * share

    def _prepare(self, view: View, moment: Moment, top: int) -> _Frame:
        look = self.look
        mw, mh = max(round(view.width_px * MIRROR), 2), max(round(view.height_px * MIRROR), 2)
        rough = look.chop + (0.05 if self.swell is not None else 0.0)
        picture = mirror_image(
            self.mirrors, view, moment, width=mw, height=mh, sigma_px=min(rough * 0.35, 0.012) * mh
        )
        sea = None if self.swell is None else draw_swell(self.swell, view, moment.t_s, highest_row=top)
        left, right = horizon_rows(view)
        horizon = np.linspace(left, right, view.width_px, dtype=f32)[None, :]
        return _Frame(view, pixel_rays(view), horizon, picture, sea, moment.t_s, top)

    def _paint(
        self, frame: _Frame, band: slice, light: NDArray[np.float32], cover: NDArray[np.float32]
    ) -> None:
        """Fill light (3, h, w) and cover (h, w) of some rows."""
        view, rays, look, t = frame.view, frame.rays, self.look, frame.t_s
        i = np.arange(view.width_px, dtype=f32)[None, :]
        j = np.arange(band.start, band.stop, dtype=f32)[:, None] + f32(frame.top)
        x, y, z = (rays[0, k] + i * rays[1, k] + j * rays[2, k] for k in range(3))
        eye = view.eye_m
        middle = view.width_px // 2
        flat_depth = f32(eye[1]) / np.maximum(-y[:, middle : middle + 1], f32(2e-4))
        foot = np.minimum(flat_depth * flat_depth / f32(view.focal_px * eye[1]), f32(60))
        slopes, fold = None, None
        if frame.sea is None:
            depth = f32(eye[1]) / np.maximum(-y, f32(1e-4))
            cover[:] = np.clip((-y) * f32(view.focal_px) + f32(0.5), 0, 1)
        else:
            depth, fold = frame.sea.depth_m[band], frame.sea.fold[band]
            cover[:] = frame.sea.cover[band]
            slopes = frame.sea.slope[0][band], frame.sea.slope[1][band]
        wx = x * depth + f32(eye[0])
        wz = z * depth + f32(eye[2])
        length = np.sqrt(x * x + y * y + z * z)
        air = np.exp(-np.minimum(depth * length * f32(look.haze_per_m), f32(40)))
        x, y, z = x / length, y / length, z / length
        shore = self.shape.water_at(wx, wz) if self.shape.has_land else None
        if shore is not None and self.land is not None and float(shore.max()) < DRY_M:
            land = paint_land(self.land, wx, wz, shore, foot, None)
            for c in range(3):
                light[c] = look.haze[c] + (land[..., c] - look.haze[c]) * air
            return
        slope_x, slope_z, height = shade.ripples(look, self.ripples, (wx, wz), t, foot, slopes)
        lean = slope_x * x + slope_z * z
        dn = np.minimum(y - lean, f32(-0.012))
        image = shade.mirrored(
            look, frame.picture, view, (slope_x, slope_z), foot, j - frame.horizon, frame.horizon
        )
        fresnel = shade.fresnel(dn, 0.93 if frame.sea is None else 0.80)
        glitter = shade.glitter(look, self.sun, (x, y, z), dn, (slope_x, slope_z), foot)
        body = f32(0.72) + f32(0.20) * height
        thin = None if fold is None else shade.thin_crests(fold, lean, height)
        foam = shade.foam(look, self.lace, (wx, wz), t, foot, fold)
        land, wet = None, None
        if shore is not None:
            foam = shade.lapping(shore, self.shape.lap_m, foam, height, foot)
            if self.land is not None and float(shore.min()) < 1.0:
                land = paint_land(self.land, wx, wz, shore, foot, image)
                wet = np.clip(shore / np.maximum(foot * f32(1.5), f32(0.02)) + f32(0.5), 0, 1)
        for c in range(3):
            value = look.deep[c] * body
            if thin is not None:
                value += look.crest[c] * thin
            value += (image[..., c] - value) * fresnel + look.sun[c] * glitter
            if foam is not None:
                value += (look.foam[c] - value) * foam
            if land is not None and wet is not None:
                value = land[..., c] + (value - land[..., c]) * wet
            light[c] = look.haze[c] + (value - look.haze[c]) * air


@dataclass(frozen=True, slots=True)
class _Frame:
    """What all rows of one frame share."""

    view: View
    rays: NDArray[np.float32]
    horizon: NDArray[np.float32]  #: (1, w) its row in each column
    picture: NDArray[np.float32]  #: what level water mirrors
    sea: Sea | None
    t_s: float
    top: int
