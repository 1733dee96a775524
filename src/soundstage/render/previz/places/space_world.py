"""Painting a world in space: a lit ball with land, clouds or bands, a rim of air, and maybe rings."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.places.land_noise import Noise, smooth

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

f32 = np.float32
SIDE_PX = 820
TILT_RAD = 0.38


def ball_of(line: Mapping[str, Any]) -> float:
    """Return the ball's radius as a share of the picture's side: rings and air need the rest."""
    return 0.23 if "ring" in line else 0.42


def paint_world(
    rng: np.random.Generator, line: Mapping[str, Any], sun: NDArray[np.floating], key: NDArray[np.floating]
) -> NDArray[np.float32]:
    """Return a premultiplied picture (SIDE_PX, SIDE_PX, 4) of a line of `[world]`.

    `sun` is the unit vector toward it, `key` its light on a white card.
    """
    noise = Noise.of(rng)
    ball = ball_of(line)
    yy, xx = np.mgrid[-0.5 : 0.5 : SIDE_PX * 1j, -0.5 : 0.5 : SIDE_PX * 1j].astype(np.float32) / f32(ball)
    away = np.hypot(xx, yy)
    z = np.sqrt(np.maximum(1 - away**2, 0))
    normal = np.stack([xx, -yy, -z], -1)
    cover = np.clip((1 - away) * SIDE_PX * ball + 0.5, 0, 1)
    c, s = math.cos(TILT_RAD), math.sin(TILT_RAD)
    # The ball's own axes: noise lies on the surface, not on the picture.
    u = np.arctan2(xx * c - yy * s, z + 0.02) * 300
    v = np.arcsin(np.clip(xx * s + yy * c, -1, 1)) * 300
    u, v = u.astype(np.float32), v.astype(np.float32)
    bands = float(line["bands"])
    swirl = (noise.fractal(u, v, 90, 4, 5) - 0.5) * f32(60)
    land = noise.fractal(u + swirl, v + swirl, 190, 7)
    stripe = noise.fractal(u * 0.06 + swirl * 0.35, v + swirl * 0.35, 46, 5, 11)
    share = smooth(0.42, 0.60, land) * (1 - bands) + smooth(0.30, 0.70, stripe) * bands
    albedo = np.array(line["low"]) + (np.array(line["high"]) - np.array(line["low"])) * share[..., None]
    albedo = albedo * (0.75 + 0.5 * noise.fractal(u, v, 30, 4, 21))[..., None]
    whirl = noise.fractal(u + 2.2 * swirl, v * 1.6 + swirl, 120, 6, 31)
    cloud = smooth(0.52, 0.72, whirl) * float(line["cloud"])
    albedo = albedo + (0.80 - albedo) * cloud[..., None]
    facing = normal @ np.asarray(sun, np.float32)
    lit = np.clip(facing * 1.15 + 0.04, 0, None)
    air = np.array(line["air"])
    edge = (1 - z) ** 2.5
    light = (
        albedo * lit[..., None] * key + air * (edge * np.clip(facing + 0.35, 0, 1))[..., None] * key * 0.45
    )
    image = np.dstack([light * cover[..., None], cover])
    halo = (
        np.exp(-np.maximum(away - 1, 0) * 22)
        * (1 - cover)
        * np.clip(facing / np.maximum(away, 1) + 0.4, 0, 1)
    )
    image[..., :3] += halo[..., None] * air * key * 0.30
    if "ring" in line:
        image = _ringed(image, noise, np.array(line["ring"]), key, (xx, yy), away)
    return np.ascontiguousarray(image, np.float32)


def _ringed(
    image: NDArray[np.floating], noise: Noise, colour: NDArray[np.floating], key: NDArray[np.floating],
    at: tuple[NDArray[np.float32], NDArray[np.float32]], away: NDArray[np.float32],
) -> NDArray[np.floating]:  # fmt: skip
    """Return a ball with its rings: the far half behind it, the near half before it."""
    c, s = math.cos(-TILT_RAD), math.sin(-TILT_RAD)
    u, v = at[0] * c + at[1] * s, (at[1] * c - at[0] * s) / 0.22
    reach = np.hypot(u, v).astype(np.float32)
    grooves = noise.fractal(reach * 40, reach * 0, 5.0, 4, 41)
    gap = 1 - 0.9 * np.exp(-(((reach - 1.78) / 0.035) ** 2))
    alpha = smooth(1.24, 1.34, reach) * smooth(2.10, 2.02, reach) * (0.15 + 1.15 * grooves) * gap
    alpha = np.clip(alpha, 0, 0.92)
    alpha = np.where((v < 0) & (away < 1), 0, alpha)  # hidden behind the ball
    ring = np.dstack([(colour * key * 0.62)[None, None] * alpha[..., None], alpha])
    over = image * (1 - alpha[..., None]) + ring
    return np.asarray(cv2.GaussianBlur(over.astype(np.float32), (0, 0), 0.6), np.float32)
