"""What land is covered with: the soil, then every `cover` line of a recipe over it, by slope, height and chance.

Worked out over a fan's picture. Stains are of the picture, not of the world: always as fine as the frame sees.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.places.land_light import WHITE, LandLight
from soundstage.render.previz.places.land_noise import Noise, noise_tile, smooth

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.places.land_soil import Soil

    Array = NDArray[np.float32]

STAIN_PX = 1024  #: side of the tile of stains, in the picture's pixels


@dataclass(frozen=True, slots=True, kw_only=True)
class Skin:
    """The picture's matter. All of one height and width."""

    albedo: Array  #: (h, w, 3)
    glow: Array  #: (h, w, 3) light of its own
    rough: Array  #: (h, w) bumps
    bare: Array  #: (h, w) share of the stage's soil that nothing covers


def paint_cover(
    recipe: Mapping[str, Any], noise: Noise, soil: Soil, light: LandLight, tint: NDArray[np.float64],
    rng: np.random.Generator, at: tuple[Array, Array, Array], normal: Array, size: tuple[int, int],
    fine: tuple[Array, Array],
) -> Skin:  # fmt: skip
    """Return what lies where; `at` is x, height and z of the fan's points, `size` width and height of the picture,
    `fine` x and z of its pixels.
    """

    def grown(values: NDArray[np.floating]) -> Array:
        return np.asarray(
            cv2.resize(values.astype(np.float32), size, interpolation=cv2.INTER_LINEAR), np.float32
        )

    x, y, z = at
    tile = noise_tile(rng, STAIN_PX, 8, 7) * np.float32(0.5)
    stain = np.tile(tile, (size[1] // STAIN_PX + 1, size[0] // STAIN_PX + 1))[: size[1], : size[0]]
    away = np.hypot(x, z)
    steep = 1 - normal[..., 1]
    albedo = np.broadcast_to(soil.mean, (*stain.shape, 3)) * np.clip(1 + 0.5 * stain, 0.2, 2)[..., None]
    glow = np.zeros_like(albedo)
    rough = stain * np.float32(0.25)
    bare = np.ones_like(stain)
    lines: Sequence[Mapping[str, Any]] = recipe.get("cover", ())
    for number, line in enumerate(lines):
        grain = noise.fractal(x, z, float(line.get("wide_m", 60.0)), 4, 70 + 7 * number) - 0.5
        weight = np.full_like(stain, float(line.get("amount", 1.0)))
        for name, field in (("slope", steep), ("height", y), ("away", away)):
            if name in line:
                low, high = line[name]
                spread = (high - low) * float(line.get("ragged", 1.6))
                weight *= smooth(low, high, grown(field + grain * spread) + stain * np.float32(spread * 0.25))
        if "patch" in line:
            weight *= smooth(line["patch"] - 0.10, line["patch"] + 0.10, grown(grain + 0.5) + 0.06 * stain)
        if "seam" in line:
            vein = noise.ridged(x, z, float(line["wide_m"]), 4, 90 + number)
            weight *= smooth(line["seam"], line["seam"] + 0.16, grown(vein) + 0.05 * stain)
        if "flow_m" in line:  # streams that run down from a point, widening where they slow
            dx, dz = x - line["flow_m"][0], z - line["flow_m"][1]
            away_from, turn = np.hypot(dx, dz), np.arctan2(dx, dz).astype(np.float32)
            wander = turn * np.float32(900.0) + 80 * noise.at(dx, dz, float(line["wide_m"]) * 0.8, 97)
            stream = 1 - np.abs(2 * noise.at(wander, away_from * 0.05, 130.0, 95) - 1)
            weight *= smooth(0.86, 0.97, grown(stream) + 0.03 * stain) * smooth(
                1.0, 0.75, grown(away_from / line["wide_m"])
            )
        colour = np.array(line["albedo"])
        if line.get("alive"):
            colour = colour * tint
        tone = np.float32(1) + float(line.get("stain", 0.9)) * np.float32(0.6) * stain
        if "crag_m" in line:
            # Only far land is so steep that stains of the picture would run down it.
            far = int(
                np.searchsorted(away[:, away.shape[1] // 2], 6.0 * float(line["crag_m"]))
                * size[1]
                / len(away)
            )
            tall = grown(y)[far:]
            crag = noise.ridged(
                fine[0][far:] + tall, fine[1][far:] - 1.3 * tall, float(line["crag_m"]), 3, 110
            )
            tone[far:] *= 0.62 + 0.9 * crag
            rough[far:] += 1.6 * (crag - 0.4) * weight[far:]
        if "bands_m" in line:
            lie = grown(y / float(line["bands_m"]) + 1.2 * (noise.fractal(x, z, 900.0, 3, 33) - 0.5))
            band = np.interp(
                (lie + 0.04 * stain) * 64 % 512,
                np.arange(513),
                np.append(noise.table[7], noise.table[9:11].ravel())[:513],
            ).astype(np.float32)
            band = cv2.GaussianBlur(band, (3, 3), 0) - 0.5
            tone = tone * np.clip(1 + float(line.get("banded", 1.0)) * band, 0.35, 1.7)
            rough = rough + 0.9 * weight * band
        albedo += (colour.astype(np.float32) * np.clip(tone, 0.15, 2.5)[..., None] - albedo) * weight[
            ..., None
        ]
        if "glow" in line:
            glow = glow * (1 - weight[..., None]) + np.array(line["glow"]) * (weight**2)[..., None]
        rough = rough * (1 - weight * (1 - float(line.get("rough", 1.0))))
        bare = bare * (1 - weight)
    if light.white > 0.05 and recipe.get("winters", True):
        lying = smooth(0.75, 0.35, grown(steep) + 0.25 * stain + 0.25 * (1 - light.white)) * light.white
        albedo += (np.array(WHITE, np.float32) - albedo) * lying[..., None]
        rough = rough * (1 - 0.5 * lying)
    return Skin(
        albedo=albedo.astype(np.float32),
        glow=glow.astype(np.float32),
        rough=rough.astype(np.float32),
        bare=bare.astype(np.float32),
    )


def soil_detail(soil: Soil, x_m: Array, z_m: Array, step_m: NDArray[np.floating], bare: Array) -> Array:
    """Return what the soil's own tile multiplies light by, (h, w, 3): where it can still be told apart.

    `step_m` are metres between rings; the tile is taken as coarse as those.
    """
    rows = x_m.shape[0]
    total = np.ones((*x_m.shape, 3), np.float32)
    step = np.interp(np.linspace(0, 1, rows), np.linspace(0, 1, len(step_m)), step_m)
    texels = step * soil.levels[0].shape[0] / soil.tile_m
    wanted = np.round(np.log2(np.maximum(texels, 1e-3)) - 0.5).astype(int)
    for level, image in enumerate(soil.levels):
        lines = np.flatnonzero(np.maximum(wanted, 0) == level)
        if not len(lines):
            continue
        part = np.s_[int(lines[0]) : int(lines[-1]) + 1]
        scale = image.shape[0] / soil.tile_m
        u, v = (np.mod(a[part], soil.tile_m) * scale for a in (x_m, z_m))
        seen = cv2.remap(
            image, u.astype(np.float32), v.astype(np.float32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
        )
        ratio = np.clip(seen / np.maximum(image.mean((0, 1)), 1e-5), 0.2, 3.0)
        total[part] += (ratio - 1) * bare[part][..., None]
    return total
