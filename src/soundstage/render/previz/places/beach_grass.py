"""Dune grass so near the lens that it is only a soft shape: it doubles the depth of the picture."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.canvas import disc_blur

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
SCALE = 0.25
BLADES = 46  #: of a tuft
SHUTTER = 0.5  #: of a frame's time, as a film camera's
STEEP_RAD = -0.25  #: a camera that looks down more has nothing between it and the ground
GAP_M = 2.4  #: between tufts along the way of a travelling camera
BLADE_COLUMNS = 6  #: x of the root, root y, lean, length (m), width (m), shade 0..1


@dataclass(frozen=True, slots=True, kw_only=True)
class NearGrass:
    """Tufts between the camera and the stage."""

    blades: NDArray[np.float32]  #: (N, BLADE_COLUMNS), world
    z_m: float
    root: NDArray[np.float32]  #: (3,) linear light
    tip: NDArray[np.float32]
    wind: float
    speed_m_s: float  #: of the camera along x
    fps: int
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw the tufts that the frame sees, blurred by lens and shutter."""
        near = view.scaled(SCALE)
        depth = max(self.z_m - view.eye_m[2], 0.05)
        reach = near.half_width_m(depth) * 1.5 + 0.3 * depth
        offset = self.blades[:, 0] - f32(view.eye_m[0] + math.tan(view.yaw_rad) * depth)
        seen = self.blades[np.abs(offset) < reach]
        if not len(seen):
            return
        scratch = canvas.scratch(SCALE)
        scratch.strokes(self._strokes(seen, near, moment.t_s))
        blur = max(min(float(near.coc_px(depth)), 7.0), 1.5)
        smear = int(abs(self.speed_m_s) * SHUTTER / self.fps * near.focal_px / depth)
        for left, top, right, bottom in _tufts(scratch.alpha, int(blur) + 2 + smear // 2):
            part = np.concatenate(
                [scratch.planes[:, top:bottom, left:right], scratch.alpha[None, top:bottom, left:right]]
            )
            soft = disc_blur(np.ascontiguousarray(part.transpose(1, 2, 0)), blur)
            if smear > 1:
                soft = cv2.blur(soft, (min(smear, right - left), 1))
            grown = (round((right - left) / SCALE), round((bottom - top) / SCALE))
            tile = [cv2.resize(np.ascontiguousarray(soft[..., c]), grown) for c in range(4)]
            canvas.over_tile(np.asarray(tile, np.float32), round(left / SCALE), round(top / SCALE))

    def _strokes(self, blades: NDArray[np.float32], near: View, t_s: float) -> NDArray[np.float32]:
        x, y, lean, length, width, shade = blades.T
        gust = np.sin(t_s * (1.3 + 1.6 * self.wind) + x * 1.9) * (0.05 + 0.20 * self.wind)
        bend = lean + gust + 0.22 * self.wind
        z = np.full_like(x, self.z_m)
        roots = np.stack([x, y, z], 1)
        middles = np.stack([x + bend * length * 0.35, y + length * 0.62, z], 1)
        tips = np.stack([x + bend * length, y + length * (1 - 0.25 * np.abs(bend)), z], 1)
        strokes = np.zeros((len(x), 18), np.float32)
        scale = near.project(roots)[2]
        for k, points in enumerate((roots, middles, tips)):
            strokes[:, 2 * k], strokes[:, 2 * k + 1], _ = near.project(points)
        strokes[:, 6], strokes[:, 7] = width * scale, width * scale * 0.2
        strokes[:, 8:11] = self.root
        strokes[:, 11] = 0.96
        strokes[:, 12:15] = self.root + (self.tip - self.root) * shade[:, None]
        strokes[:, 15] = 0.85
        return strokes


def _tufts(alpha: NDArray[np.float32], margin: int) -> list[tuple[int, int, int, int]]:
    """Return (left, top, right, bottom) of each stretch of columns with anything in it."""
    height, width = alpha.shape
    columns = np.flatnonzero(alpha.max(axis=0) > 0)
    if not len(columns):
        return []
    top = max(int(np.flatnonzero(alpha.max(axis=1) > 0)[0]) - margin, 0)
    runs = np.split(columns, np.flatnonzero(np.diff(columns) > 2 * margin) + 1)
    return [(max(int(r[0]) - margin, 0), top, min(int(r[-1]) + margin + 1, width), height) for r in runs]


def grass_layer(ctx: SetContext, table: Mapping[str, Any]) -> tuple[Layer, ...]:
    """Return the near grass of a shot: in the lower corners, or passing by when the camera travels."""
    rng = ctx.rng("near grass")
    view = ctx.start
    if view.pitch_rad < STEEP_RAD:
        return ()
    depth = min(0.95, 0.30 * ctx.camera.focus_m)
    z = view.eye_m[2] + depth
    half_w, half_h = view.half_width_m(depth), view.half_height_m(depth)
    middle_y = view.eye_m[1] + math.tan(view.pitch_rad) * depth
    speed = ctx.travel_m_s[0]
    if abs(speed) > 0.3:
        way = speed * ctx.seconds
        count = int(abs(way) / GAP_M) + 2
        spots = [
            (rng.uniform(-0.4, 0.4) + GAP_M * k) * math.copysign(1, way) + 0.9 * half_w for k in range(count)
        ]
    else:
        spots = [-0.92 * half_w, 1.05 * half_w]
    blades: list[tuple[float, ...]] = []
    for spot in spots:
        grow = rng.uniform(0.55, 1.0)
        for _ in range(BLADES):
            length = half_h * rng.uniform(0.35, 0.95) * grow
            blades.append(
                (
                    spot + rng.normal(0, 0.16) * half_w, middle_y - half_h * 1.12, rng.normal(0, 0.32),
                    length,
                    depth * rng.uniform(0.006, 0.013), rng.random(),
                )
            )  # fmt: skip
    light = ctx.light
    fill = np.array(light.ambient_up) + 0.35 * np.array(light.sky_glow)
    rim = np.array(light.rim_colour)
    return (
        NearGrass(
            blades=np.array(blades, np.float32),
            z_m=z,
            root=(np.array(table["root"]) * fill * 1.5).astype(np.float32),
            tip=(np.array(table["tip"]) * (fill + rim * 0.9)).astype(np.float32),
            wind=light.wind,
            speed_m_s=speed,
            fps=ctx.fps,
            depth_m=depth,
        ),
    )
