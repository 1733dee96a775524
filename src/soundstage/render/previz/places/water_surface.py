"""The plane of a water place: water that mirrors and rolls, land beside it, foam between them. One layer.

Drawn with arrays at up to half a million pixels, whatever the frame: water has no edge sharper than that.
Knows no recipe; `water.py` mixes its colours.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.places.water_land import Land, paint_land
from soundstage.render.previz.places.water_mirror import mirror_image
from soundstage.render.previz.places.water_noise import look_up
from soundstage.render.previz.places.water_waves import Swell, draw_swell
from soundstage.render.previz.sky import horizon_rows, pixel_rays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.scene import Layer, Moment
    from soundstage.render.previz.view import View

f32 = np.float32
WATER_DEPTH_M = 1e4
MOST_PIXELS = 520_000
MIRROR = 0.5  #: of the surface's own resolution
BROAD_M, FINE_M, LACE_M = 11.0, 2.7, 7.0  #: lengths of the tiles in the world


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours and measures of the water in this light, linear."""

    deep: NDArray[np.float32]  #: (3,)
    crest: NDArray[np.float32]  #: (3,) light that comes through a thin crest
    foam: NDArray[np.float32]
    sun: NDArray[np.float32]  #: (3,) glitter
    haze: NDArray[np.float32]
    haze_per_m: float
    chop: float  #: root mean square slope of the ripples
    foam_share: float  #: of the surface where wind breaks it
    streaks: float  #: 0..1 foam that a current carries
    flow_m_s: tuple[float, float]
    glitter: float
    scale: float = 1.0  #: lengths of ripples against a sea's


@dataclass(frozen=True, slots=True, kw_only=True)
class Surface:
    """Water and the land it touches."""

    look: Look
    shape: Shape
    land: Land | None
    swell: Swell | None
    ripples: NDArray[np.float32]  #: tile of `water_noise.ripple_tile`
    lace: NDArray[np.float32]  #: tile (n, n, 2): foam's net, and patches
    sun: NDArray[np.float32]  #: (3,) towards it
    mirrors: tuple[Layer, ...]  #: far to near
    depth_m: float = WATER_DEPTH_M
    focus: Literal["back", "full"] = "back"

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
        light, cover, top = self._paint(small, moment, max(math.floor(horizon - swell_px), 0))
        if share < 1:
            grown = (canvas.width, canvas.height - round(top / share))
            light = np.asarray(cv2.resize(light, grown, interpolation=cv2.INTER_LINEAR), f32)
            cover = np.asarray(cv2.resize(cover, grown, interpolation=cv2.INTER_LINEAR), f32)
            top = canvas.height - grown[1]
        for plane, colour in zip(canvas.planes, cv2.split(light), strict=True):
            part = plane[top:]
            part += (colour - part) * cover

    def _paint(
        self, view: View, moment: Moment, top: int
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], int]:
        """Return light (h, w, 3) and cover (h, w) of the rows from `top`."""
        t, look = moment.t_s, self.look
        rays = pixel_rays(view)
        w, h = view.width_px, view.height_px - top
        i = np.arange(w, dtype=f32)[None, :]
        j = (np.arange(h, dtype=f32) + f32(top))[:, None]
        x, y, z = (rays[0, k] + i * rays[1, k] + j * rays[2, k] for k in range(3))
        eye = view.eye_m
        along = np.maximum(-y[:, w // 2 : w // 2 + 1], f32(2e-4))
        flat_depth = f32(eye[1]) / along
        foot = np.minimum(flat_depth * flat_depth / f32(view.focal_px * eye[1]), f32(60))
        if self.swell is None:
            down = np.maximum(-y, f32(1e-4))
            depth = f32(eye[1]) / down
            cover = np.clip((-y) * f32(view.focal_px) + f32(0.5), 0, 1)
            slope_x: NDArray[np.float32] | float = 0.0
            slope_z: NDArray[np.float32] | float = 0.0
            fold: NDArray[np.float32] | None = None
        else:
            sea = draw_swell(self.swell, view, t, highest_row=top)
            depth, cover, fold = sea.depth_m, sea.cover, sea.fold
            slope_x, slope_z = sea.slope
        wx = x * depth + f32(eye[0])
        wz = z * depth + f32(eye[2])
        length = np.sqrt(x * x + y * y + z * z)
        slope_x, slope_z, height = self._ripples(wx, wz, t, foot, slope_x, slope_z)
        per = 1 / length
        x, y, z = x * per, y * per, z * per
        # What the surface mirrors.
        lean = slope_x * x + slope_z * z
        dn = np.minimum(y - lean, f32(-0.012))
        image = self._mirrored(view, moment, slope_x, slope_z, foot, top)
        fresnel = 1 + np.maximum(dn, f32(-1))
        square = fresnel * fresnel
        fresnel = f32(0.02) + f32(0.93) * square * square * fresnel
        if self.swell is not None:
            fresnel *= f32(0.86)
        glitter = self._glitter(x, y, z, dn, slope_x, slope_z, foot)
        body = f32(0.72) + f32(0.20) * height
        light = np.empty((h, w, 3), f32)
        thin = self._thin(fold, lean, height) if fold is not None else None
        foam = self._foam(wx, wz, t, foot, fold)
        shore: NDArray[np.float32] | None = None
        if self.shape.has_land:
            shore = self.shape.water_at(wx, wz)
            foam = self._shore_foam(shore, foam, height, foot)
        air = np.exp(-np.minimum(depth * length * f32(look.haze_per_m), 40))
        ground = None
        if self.land is not None and shore is not None:
            ground = paint_land(self.land, wx, wz, shore, foot, image)
        wet = (
            None
            if shore is None
            else np.clip(shore / np.maximum(foot * f32(1.5), f32(0.02)) + f32(0.5), 0, 1)
        )
        for c in range(3):
            value = look.deep[c] * body
            if thin is not None:
                value += look.crest[c] * thin
            value += (image[..., c] - value) * fresnel
            value += look.sun[c] * glitter
            value += (look.foam[c] - value) * foam
            if ground is not None and wet is not None:
                value = ground[..., c] + (value - ground[..., c]) * wet
            light[..., c] = look.haze[c] + (value - look.haze[c]) * air
        return light, cover.astype(f32), top

    def _ripples(
        self, wx: NDArray[np.float32], wz: NDArray[np.float32], t: float, foot: NDArray[np.float32],
        slope_x: NDArray[np.float32] | float, slope_z: NDArray[np.float32] | float,
    ) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:  # fmt: skip
        look = self.look
        fx, fz = look.flow_m_s
        broad_m, fine_m = BROAD_M * look.scale, FINE_M * look.scale
        pace = 0.9 * math.sqrt(look.scale)
        broad = look_up(
            self.ripples, wx, wz, 1 / broad_m, -(fx * t) / broad_m, -(fz * t - pace * 1.15 * t) / broad_m
        )
        # Two sheets that cross: one alone is seen to slide.
        fine = look_up(
            self.ripples, wx - f32(0.35) * wz, wz + f32(0.35) * wx, 1 / fine_m,
            -(fx * t - 0.32 * t) / fine_m, -(fz * t - pace * 0.62 * t) / fine_m,
        )  # fmt: skip
        a = f32(look.chop * 0.75) / (1 + (foot * f32(0.55 / look.scale)) ** 2)
        b = f32(look.chop * 0.66) / (1 + (foot * f32(2.6 / look.scale)) ** 2)
        slope_x = broad[..., 0] * a + fine[..., 0] * b + slope_x
        slope_z = broad[..., 1] * a + fine[..., 1] * b + slope_z
        return slope_x, slope_z, broad[..., 2]

    def _mirrored(
        self, view: View, moment: Moment, slope_x: NDArray[np.float32], slope_z: NDArray[np.float32],
        foot: NDArray[np.float32], top: int,
    ) -> NDArray[np.float32]:  # fmt: skip
        mw, mh = max(round(view.width_px * MIRROR), 2), max(round(view.height_px * MIRROR), 2)
        rough = self.look.chop + (0.05 if self.swell is not None else 0.0)
        picture = mirror_image(
            self.mirrors, view, moment, width=mw, height=mh, sigma_px=min(rough * 0.35, 0.012) * mh
        )
        left, right = horizon_rows(view)
        h, w = slope_z.shape
        horizon = np.linspace(left, right, w, dtype=f32)[None, :]
        j = (np.arange(h, dtype=f32) + f32(top))[:, None]
        below = np.abs(j - horizon)
        focal = f32(view.focal_px)
        # Slopes too small for a pixel lift the whole image, far away most.
        hidden = f32(0.9 * self.look.chop) * (1 - 1 / (1 + foot * f32(0.9)))
        row = np.abs(below + slope_z * (2 * focal) * f32(0.8) + hidden * focal) + horizon
        column = np.arange(w, dtype=f32)[None, :] - slope_x * (below * f32(1.6) + f32(0.10) * focal)
        return np.asarray(
            cv2.remap(
                picture, (column * f32(mw / w)).astype(f32), (row * f32(mh / view.height_px)).astype(f32),
                cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE,
            ), f32,
        )  # fmt: skip

    def _glitter(
        self, x: NDArray[np.float32], y: NDArray[np.float32], z: NDArray[np.float32], dn: NDArray[np.float32],
        slope_x: NDArray[np.float32], slope_z: NDArray[np.float32], foot: NDArray[np.float32],
    ) -> NDArray[np.float32]:  # fmt: skip
        sx, sy, sz = (f32(v) for v in self.sun)
        ry = np.maximum(y - 2 * dn, f32(0.004))
        rx = x + 2 * dn * slope_x
        rz = z + 2 * dn * slope_z
        away = 1 - (rx * sx + ry * sy + rz * sz) / np.sqrt(rx * rx + ry * ry + rz * rz)
        tight = np.maximum(f32(1400) / (1 + foot * f32(5)), f32(110))
        lobe = 1 / (1 + np.maximum(away, 0) * (2 * tight))
        return lobe * lobe * (f32(self.look.glitter) * tight * f32(1 / 1400))

    def _thin(
        self, fold: NDArray[np.float32], lean: NDArray[np.float32], height: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        """Return how much light shines through: where a crest stands up against it."""
        up = np.clip(fold * f32(2.2) + f32(0.16), 0, 1)
        return up * np.clip(f32(0.35) + lean * f32(1.8) + height * f32(0.05), 0, 1)

    def _foam(
        self, wx: NDArray[np.float32], wz: NDArray[np.float32], t: float, foot: NDArray[np.float32],
        fold: NDArray[np.float32] | None,
    ) -> NDArray[np.float32]:  # fmt: skip
        look = self.look
        if look.foam_share <= 0 and look.streaks <= 0:
            return np.zeros_like(wx)
        fx, fz = look.flow_m_s
        lace_m = LACE_M * look.scale
        # A current draws foam out along itself.
        stretch = (1.0, 1.0)
        if look.streaks > 0:
            stretch = (0.30, 1.0) if abs(fx) > abs(fz) else (1.0, 0.30)
        net = look_up(
            self.lace, wx * f32(stretch[0]), wz * f32(stretch[1]), 1 / lace_m,
            -fx * stretch[0] * t / lace_m, -(fz * stretch[1] - 0.12) * t / lace_m,
        )  # fmt: skip
        fade = 1 / (1 + foot * f32(0.25 / look.scale))
        foam = np.zeros_like(wx)
        if look.streaks > 0:
            foam = np.clip(
                (net[..., 0] * net[..., 1] - f32(0.46 - 0.20 * look.streaks)) * f32(5), 0, 1
            ) * f32(0.8)
        if look.foam_share > 0 and fold is not None:
            breaks = np.clip((fold - f32(0.40 - 0.34 * look.foam_share)) * f32(5.0), 0, 1)
            trail = np.clip((fold + f32(0.10 + 0.22 * look.foam_share)) * f32(1.6), 0, 1) * f32(
                look.foam_share
            )
            foam = np.maximum(foam, breaks * np.clip(net[..., 0] * f32(1.9) - f32(0.15), 0, 1))
            foam = np.maximum(
                foam, trail * np.clip((net[..., 0] * net[..., 1] - f32(0.30)) * f32(2.6), 0, 1) * f32(0.8)
            )
        return foam * fade

    def _shore_foam(
        self, shore: NDArray[np.float32], foam: NDArray[np.float32], height: NDArray[np.float32],
        foot: NDArray[np.float32],
    ) -> NDArray[np.float32]:  # fmt: skip
        lap = self.shape.lap_m
        if lap <= 0:
            return foam
        line = np.clip(
            1 - np.abs(shore - f32(lap) * (1 + f32(0.5) * height)) / (f32(0.55 * lap) + foot), 0, 1
        )
        return np.maximum(foam, line * f32(0.55) * np.clip(f32(0.6) + f32(0.35) * height, 0, 1))
