"""The smoke of a volcano: puffs that boil out of a crater, grow, and lean away with the wind."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels.mesh import put_image
from soundstage.render.previz.places.land_noise import noise_tile

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.land_light import LandLight
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.view import View

f32 = np.float32
PUFFS = 34
PUFF_PX = 128
PUFF_LIFE_S = 26.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Plume:
    """Smoke that boils out of a crater and leans away with the wind: puffs that grow as they rise."""

    puffs: tuple[NDArray[np.float32], ...]  #: (PUFF_PX, PUFF_PX, 4) premultiplied
    phase: NDArray[np.float32]  #: (N,)
    aside: NDArray[np.float32]  #: (N, 2)
    at_m: tuple[float, float, float]
    wide_m: float
    tall_m: float
    lean: float
    light: LandLight
    glow: NDArray[np.float32]
    depth_m: float = 9.5e3
    focus: Literal["back", "full"] = "back"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw the puffs, the oldest first."""
        age = (moment.t_s / PUFF_LIFE_S + self.phase) % 1.0
        for k in np.argsort(-age):
            u = float(age[k])
            radius = self.wide_m * (0.34 + 1.5 * u**0.8)
            x = self.at_m[0] + self.lean * self.tall_m * u**1.5 + float(self.aside[k, 0]) * radius * 0.8
            y = self.at_m[1] + self.tall_m * u**0.75 + float(self.aside[k, 1]) * radius * 0.4
            point = np.array([[x, y, self.at_m[2]]])
            px, py, scale = (float(v[0]) for v in view.project(point))
            size = radius * scale
            if scale <= 0 or size < 1.5:
                continue
            box = 2 * size / PUFF_PX
            left, top = math.floor(px - size), math.floor(py - size)
            side = math.ceil(2 * size) + 2
            if left > canvas.width or top > canvas.height or left + side < 0 or top + side < 0:
                continue
            turn = (0.25 * u + float(self.phase[k]) * 6.0) * (1 if k % 2 else -1)
            affine = cv2.getRotationMatrix2D((PUFF_PX / 2, PUFF_PX / 2), math.degrees(turn), box)
            affine[0, 2] += px - left - PUFF_PX / 2
            affine[1, 2] += py - top - PUFF_PX / 2
            x0, y0 = max(left, 0), max(top, 0)
            x1, y1 = min(left + side, canvas.width), min(top + side, canvas.height)
            affine[0, 2] -= x0 - left
            affine[1, 2] -= y0 - top
            tile = np.asarray(
                cv2.warpAffine(self.puffs[k % len(self.puffs)], affine, (x1 - x0, y1 - y0)), np.float32
            )
            tile *= f32(min(u * 14, 1.0) * (1 - u) ** 0.6 * 0.9)
            fire = f32(max(1 - u * 3.2, 0.0) ** 2)
            tile[..., :3] += tile[..., 3:] * self.glow * fire
            way = point[0] - np.array(view.eye_m)
            away = float(np.linalg.norm(way))
            clear = float(self.light.clear(away, y * 0.5))
            haze = self.light.haze(np.asarray(way / away, np.float32)[None])[0] * f32(1 - clear)
            put_image(
                *canvas.rgb, np.ascontiguousarray(tile).reshape(tile.shape[0], -1), x0, y0,
                np.array([*haze, clear], np.float32),
            )  # fmt: skip


def _paint_puff(
    rng: np.random.Generator, light: LandLight, colour: NDArray[np.float64]
) -> NDArray[np.float32]:
    """Return one ball of smoke, lit from the sun's side."""
    yy, xx = np.mgrid[-1 : 1 : PUFF_PX * 1j, -1 : 1 : PUFF_PX * 1j].astype(np.float32)
    noise = noise_tile(rng, PUFF_PX, 4, 5)
    away = np.hypot(xx, yy) + 0.20 * noise
    alpha = np.clip((0.86 - away) * 4.0, 0, 1)
    dome = np.sqrt(np.clip(1 - away**2, 0.02, 1))
    relief = dome + 0.14 * noise
    normal = np.stack(
        [-np.gradient(relief, axis=1) * 22, np.gradient(relief, axis=0) * 22, -np.ones_like(dome)], -1
    )
    normal /= np.linalg.norm(normal, axis=-1, keepdims=True)
    lit = light.on(np.broadcast_to(colour, normal.shape), normal, light.open_sky, 0.55 + 0.45 * dome, 0.25)
    return np.ascontiguousarray(np.dstack([lit * alpha[..., None], alpha]), np.float32)


def raise_plume(rng: np.random.Generator, line: Mapping[str, Any], light: LandLight, side: float) -> Plume:
    """Return the smoke of a recipe's `plume`: at_m, wide_m, tall_m, colour, glow. `side`: where wind goes."""
    at = line["at_m"]
    return Plume(
        puffs=tuple(_paint_puff(rng, light, np.array(line["colour"])) for _ in range(4)),
        phase=((np.arange(PUFFS) + rng.uniform(0, 0.6, PUFFS)) / PUFFS).astype(np.float32),
        aside=rng.normal(0, 0.4, (PUFFS, 2)).astype(np.float32),
        at_m=(float(at[0]), float(at[1]), float(at[2])),
        wide_m=float(line["wide_m"]),
        tall_m=float(line["tall_m"]),
        lean=side * (0.25 + 0.5 * light.wind),
        light=light,
        glow=np.array(line["glow"], np.float32) * f32(0.10 + 0.35 * light.darkness),
    )
