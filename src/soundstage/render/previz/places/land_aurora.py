"""Northern lights, wherever a prompt names them: curtains that fold and run. Asked in every shot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.places.land_noise import noise_tile
from soundstage.render.previz.sky import SKY_DEPTH_M, horizon_rows, pixel_rays

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
STEP = 4  #: canvas pixels for each that is worked out
LOW = np.array([0.10, 0.95, 0.42], np.float32)
HIGH = np.array([0.42, 0.14, 0.75], np.float32)
#: elevation of the lower edge (tangent), height, how far the folds swing, speed, strength
CURTAINS = ((0.16, 0.30, 0.075, 0.050, 1.0), (0.30, 0.36, 0.11, -0.036, 0.75), (0.09, 0.18, 0.05, 0.026, 0.5))


@dataclass(frozen=True, slots=True, kw_only=True)
class Aurora:
    """Light added to the sky."""

    tile: NDArray[np.float32]  #: (256, 256) noise that repeats
    gain: float
    depth_m: float = SKY_DEPTH_M * 0.8
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add one frame's curtains over the horizon."""
        bottom = min(max(math.ceil(max(horizon_rows(view))), 0), canvas.height)
        if bottom < STEP * 2:
            return
        h, w = bottom // STEP, math.ceil(canvas.width / STEP)
        rays = pixel_rays(view)
        y, x = np.mgrid[0:h, 0:w].astype(np.float32) * f32(STEP)
        way = rays[0] + x[..., None] * rays[1] + y[..., None] * rays[2]
        flat = np.hypot(way[..., 0], way[..., 2])
        turn = np.arctan2(way[..., 0], way[..., 2])
        rise = way[..., 1] / np.maximum(flat, 1e-3)
        light = np.zeros((h, w, 3), np.float32)
        side = f32(self.tile.shape[0])

        def noise(u: NDArray[np.floating], v: float) -> NDArray[np.float32]:
            a = np.mod(u * side, side).astype(np.float32)
            b = np.full_like(a, (v * float(side)) % float(side))
            return np.asarray(
                cv2.remap(self.tile, a, b, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP), np.float32
            )

        t = moment.t_s
        for k, (low, tall, swing, speed, strength) in enumerate(CURTAINS):
            # The sheet folds: its place along the sky is bent by noise that runs along it.
            fold = turn + 0.22 * noise(turn * 0.16 + 0.013 * t, 0.13 + 0.2 * k)
            edge = low + swing * noise(fold * 0.20 + speed * 0.4 * t, 0.31 + 0.17 * k + 0.004 * t)
            up = (rise - edge) / tall
            rays_of = 0.62 + 0.55 * noise(fold * 1.9 + speed * t, 0.57 + 0.1 * k + 0.012 * t)
            wide = np.clip(
                0.55 + 0.75 * noise(fold * 0.13 - speed * 0.3 * t, 0.81 - 0.2 * k + 0.006 * t), 0, 1.4
            )
            body = np.clip(up * 16, 0, 1) * np.exp(-np.maximum(up, 0) * 2.6) * rays_of * wide * f32(strength)
            hue = np.clip(up * 1.1, 0, 1)[..., None]
            light += np.maximum(body, 0)[..., None] * (LOW * (1 - hue) + HIGH * hue)
        full = cv2.resize(light * f32(self.gain), (w * STEP, h * STEP), interpolation=cv2.INTER_LINEAR)
        part = canvas.planes[:, : h * STEP]
        for plane, add in zip(part, cv2.split(full), strict=True):
            plane[:] += add[:, : canvas.width]


def build(ctx: SetContext, ground: Ground) -> Sequence[Layer]:  # noqa: ARG001 - as every extra is asked
    """Return the curtains when a shot's light names them; clouds thin them out."""
    if not ctx.wants("aurora"):
        return ()
    clear = 1 - 0.8 * min(max(ctx.light.clouds - 0.3, 0.0), 1.0)
    return (Aurora(tile=noise_tile(ctx.rng("aurora"), 256, 8, 4), gain=0.14 * clear),)
