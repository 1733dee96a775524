"""Breakers: waves that rise offshore, stand up, spill and run in as white water. Each is a ribbon along x."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.kernels.breakers import paint_wave, wave_columns
from soundstage.render.previz.kernels.water import SEA
from soundstage.render.previz.sky import Sky, horizon_rows, pixel_rays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.view import View

f32 = np.float32
WAVES_DEPTH_M = 9.9e3  #: over the sea, under all that stands on the sand
WAVE_COUNT = 6
WAVES_PER_S = 0.115  #: a wave's life as a rate: from rising to the shore in 8.7 s
OUTSIDE_M = 30.0  #: where waves rise, from the shore line
INSIDE_M = 0.9  #: where they lie down
LOWEST_M = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Waves:
    """Every wave of the shot."""

    sky: Sky
    sea: NDArray[np.float32]  #: (SEA_SIZE,)
    shore_z: float
    size: float  #: 1 is knee-high at the shore
    offset: float  #: where in its life the first wave starts, 0..1
    seed: float
    depth_m: float = WAVES_DEPTH_M
    focus: Literal["back", "full"] = "full"

    def standing(self, t_s: float) -> list[tuple[float, float, float, float]]:
        """Return (z, height_m, phase, breaking 0..1) of the waves at a time, far to near."""
        waves: list[tuple[float, float, float, float]] = []
        for i in range(WAVE_COUNT):
            life = t_s * WAVES_PER_S + self.offset + i / WAVE_COUNT
            u = life - math.floor(life)
            z = self.shore_z + INSIDE_M + (1 - u) ** 1.3 * (OUTSIDE_M - INSIDE_M)
            rise = min(1.0, u * 3.5) * min(1.0, (1 - u) * 6)
            height = (0.13 + 0.30 * u) * rise * self.size
            breaking = min(max((u - 0.22) * 1.55, 0.0), 1.0)
            # Each life of a wave is another wave: the whole number of lives lived changes its shape.
            waves.append((z, height, self.seed + i * 13.7 + math.floor(life) * 5.1, breaking))
        return sorted((w for w in waves if w[1] > LOWEST_M), key=lambda w: -w[0])

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Paint one frame."""
        width = canvas.width
        left, right = horizon_rows(view)
        horizon = np.linspace(left, right, width, dtype=np.float32)
        rays = pixel_rays(view)
        row = (rays[0] + rays[2] * f32(left)).astype(np.float32)
        step = (rays[1] + rays[2] * f32((right - left) / max(width - 1, 1))).astype(np.float32)
        eye = np.asarray(view.eye_m, np.float32)
        for z, height, phase, breaking in self.standing(moment.t_s):
            if z - eye[2] < 0.5:
                continue
            base, tall, world, broken, lit = np.empty((5, width), np.float32)
            wave = np.array([z, height, phase, breaking], np.float32)
            wave_columns(
                base,
                tall,
                world,
                broken,
                lit,
                horizon,
                row,
                step,
                eye,
                f32(view.focal_px),
                wave,
                f32(moment.t_s),
                self.sky.sun,
            )
            clear = math.exp(-float(self.sea[SEA["haze_per_m"]]) * (z - float(eye[2])))
            fine = min(1.0, 0.006 * view.focal_px / max(z - float(eye[2]), 0.5))
            paint_wave(
                *canvas.rgb,
                base,
                tall,
                world,
                broken,
                lit,
                f32(phase % 61.0),
                f32(moment.t_s),
                self.sky.paint,
                self.sea,
                f32(clear),
                f32(fine),
            )
