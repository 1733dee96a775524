"""A waterfall: strands of water that leave a lip, stretch as they fall, break on ledges and end in mist.

A picture of the strands is made from noise once; per frame it is read at the time each height was left,
so what
falls speeds up by itself. Knows no pool.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.places.water_banks import focus_of
from soundstage.render.previz.places.water_noise import layered
from soundstage.render.previz.places.water_spray import Spray

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.places.water_stage import Staged
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
COLUMNS, ROWS = 224, 300  #: of the strands' own picture
TILE_S = 2.6  #: seconds after which the strands repeat
GRAVITY = 9.81


@dataclass(frozen=True, slots=True, kw_only=True)
class Fall:
    """One sheet of falling water."""

    strands: NDArray[np.float32]  #: (n, COLUMNS) tile: time down, across
    fine: NDArray[np.float32]  #: another of the same shape
    edge: NDArray[np.float32]  #: (ROWS, COLUMNS) 0..1 where there is water
    left_s: NDArray[np.float32]  #: (ROWS, COLUMNS) how long ago what is here left the lip
    white: NDArray[np.float32]  #: (3,) light of broken water
    glass: NDArray[np.float32]  #: (3,) light of unbroken water
    left_m: float
    top_m: float
    width_m: float
    high_m: float
    depth_m: float
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw the sheet as it falls now."""
        if self.depth_m - view.eye_m[2] < 0.2:
            return
        rows = len(self.strands)
        at = (f32(moment.t_s) - self.left_s) * f32(rows / TILE_S)
        columns = np.tile(np.arange(COLUMNS, dtype=f32), (ROWS, 1))
        sway = f32(1.4) * np.sin(self.left_s * 5 + f32(moment.t_s * 1.3))
        broad = cv2.remap(
            self.strands,
            columns + sway,
            (at % rows).astype(f32),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_WRAP,
        )
        fast = ((at * f32(1.31) + 40) % rows).astype(f32)
        fine = cv2.remap(self.fine, columns, fast, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
        body = broad * f32(0.62) + fine * f32(0.38)
        alpha = np.clip((body - f32(0.30) + self.edge * f32(0.30)) * f32(3.2), 0, 1) * np.clip(
            self.edge * 3, 0, 1
        )
        bright = np.clip(f32(0.20) + body * f32(1.15), 0, 1.25)[..., None]
        light = self.glass + (self.white - self.glass) * bright
        image = np.concatenate([light * alpha[..., None], alpha[..., None]], 2)
        # The picture's pixels are not square in the world: stretch the map instead of the picture.
        px_per_m = COLUMNS / self.width_m
        affine = view.plane_affine(self.depth_m, self.left_m, self.top_m, px_per_m)
        affine[:, 1] *= self.high_m / ROWS * px_per_m
        canvas.over_warped(np.ascontiguousarray(image, f32), affine, opacity=0.96)


def fall(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:
    """Let water fall `far_m` behind the stage, `x_m` off the axis, `high_m` by `wide_m`; mist at its foot."""
    del shape
    rng, light = ctx.rng(f"fall {row.get('x_m', 0)} {row['far_m']}"), ctx.light
    scale = staged.scale
    z = staged.stage_m + float(row["far_m"]) * scale
    high, wide = float(row["high_m"]) * scale, float(row["wide_m"]) * scale
    x, foot = ctx.start.eye_m[0] + float(row.get("x_m", 0.0)) * scale, float(row.get("foot_m", 0.0)) * scale
    away = z - ctx.start.eye_m[2]
    v, u = np.mgrid[0:ROWS, 0:COLUMNS].astype(f32)
    u, v = u / COLUMNS * 2 - 1, v / ROWS
    ragged = layered(rng, ROWS, COLUMNS, 8, 9, 4, 0.55)
    spread = f32(0.70) + f32(0.26) * v + (ragged - f32(0.5)) * f32(0.34)
    edge = np.clip((spread - np.abs(u)) * f32(5), 0, 1)
    # Rock that stands out parts the sheet for a while.
    part = np.zeros_like(u)
    for _ in range(int(row.get("ledges", 3))):
        cu, cv, su, sv = (
            rng.uniform(-0.6, 0.6),
            rng.uniform(0.15, 0.8),
            rng.uniform(0.05, 0.14),
            rng.uniform(0.10, 0.26),
        )
        below = np.clip((v - f32(cv)) / f32(sv), 0, 1)
        part = np.maximum(
            part,
            np.exp(-(((u - f32(cu)) / f32(su * (1 - 0.7 * 1.0 + 0.7))) ** 2)) * (below > 0) * (1 - below),
        )
    edge = np.clip(edge - part * f32(0.9), 0, 1) * np.clip(v * 30, 0, 1) * np.clip((f32(1.01) - v) * 25, 0, 1)
    left_s = np.sqrt(2 * (v * f32(high) + f32(0.25)) / GRAVITY) + (ragged - f32(0.5)) * f32(0.10)
    strands = layered(rng, 256, COLUMNS, 5, 34, 4, 0.6)
    fine = layered(rng, 256, COLUMNS, 11, 74, 3, 0.6)
    key, fill = np.array(light.sun_colour), np.array(light.ambient_up)
    air = 1 - math.exp(-per_m * away)
    behind = max(float(light.sun_direction[2]), 0.0)
    white = (fill * 0.92 + key * (0.15 + 0.10 * behind)) * (1 - air) + haze * air
    glass = (fill * 0.30 + key * 0.04) * np.array([0.75, 0.95, 1.0]) * (1 - air) + haze * air
    sheet = Fall(
        strands=strands, fine=fine, edge=edge.astype(f32), left_s=left_s.astype(f32),
        white=white.astype(f32), glass=glass.astype(f32),
        left_m=x - wide * 0.72, top_m=foot + high, width_m=wide * 1.44, high_m=high, depth_m=z,
        focus=focus_of(ctx),
    )  # fmt: skip
    veil = Spray(
        at=np.array([x, foot, z - 0.02 * high], f32), wide_m=wide * 1.1, high_m=high * float(row.get("mist",
        0.30)),
        light=(fill * 0.62 + key * (0.10 + 0.14 * behind) + haze * 0.15).astype(f32), period_s=0.0,
        drops=70, puffs=46,
        seed=int(rng.integers(1 << 30)), wind=light.wind, thick=0.34, depth_m=z - 0.03 * high,
        focus=focus_of(ctx),
    )  # fmt: skip
    return [sheet, veil]
