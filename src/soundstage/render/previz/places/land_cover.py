"""What land is covered with: the soil, then each `cover` line of a recipe, by slope, height and chance.

Worked out over a fan's picture. Stains are of the picture, not of the world: as fine as the frame sees.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What a cover is chosen by: fields of the fan's points, and the picture they are grown to."""

    x: Array  #: (rows, columns) metres
    y: Array
    z: Array
    steep: Array  #: 0 level .. 1 upright
    fine: tuple[Array, Array]  #: x and z of the picture's pixels
    stain: Array  #: (h, w) of the picture, about -1..1
    noise: Noise

    @classmethod
    def of(
        cls, at: tuple[Array, Array, Array], normal: Array, fine: tuple[Array, Array], noise: Noise,
        rng: np.random.Generator,
    ) -> Site:  # fmt: skip
        """Return the site of points: x, height, z and normal."""
        h, w = fine[0].shape
        tile = noise_tile(rng, STAIN_PX, 8, 7) * np.float32(0.5)
        stain = np.tile(tile, (h // STAIN_PX + 1, w // STAIN_PX + 1))[:h, :w]
        x, y, z = at
        return cls(x=x, y=y, z=z, steep=1 - normal[..., 1], fine=fine, stain=stain, noise=noise)

    def grown(self, values: NDArray[np.floating]) -> Array:
        """Return a field of the points as one of the picture's pixels."""
        size = (self.stain.shape[1], self.stain.shape[0])
        return np.asarray(
            cv2.resize(values.astype(np.float32), size, interpolation=cv2.INTER_LINEAR), np.float32
        )

    def weight(self, line: Mapping[str, Any], number: int) -> Array:
        """Return where a cover lies, (h, w) 0..1."""
        noise, x, z, stain = self.noise, self.x, self.z, self.stain
        wide = float(line.get("wide_m", 60.0))
        grain = noise.fractal(x, z, wide, 4, 70 + 7 * number) - 0.5
        weight = np.full_like(stain, float(line.get("amount", 1.0)))
        for name, field in (("slope", self.steep), ("height", self.y), ("away", np.hypot(x, z))):
            if name in line:
                low, high = line[name]
                spread = (high - low) * float(line.get("ragged", 1.6))
                edge = self.grown(field + grain * spread) + stain * np.float32(spread * 0.25)
                weight *= smooth(low, high, edge)
        if "patch" in line:
            edge = self.grown(grain + 0.5) + 0.06 * stain
            weight *= smooth(line["patch"] - 0.10, line["patch"] + 0.10, edge)
        if "seam" in line:
            vein = self.grown(noise.ridged(x, z, wide, 4, 90 + number)) + 0.05 * stain
            weight *= smooth(line["seam"], line["seam"] + 0.16, vein)
        if "flow_m" in line:
            weight *= self._flow(line["flow_m"], wide)
        return weight

    def _flow(self, head_m: Sequence[float], wide: float) -> Array:
        """Return streams that run down from a point, as far as `wide`."""
        dx, dz = self.x - np.float32(head_m[0]), self.z - np.float32(head_m[1])
        away, turn = np.hypot(dx, dz), np.arctan2(dx, dz)
        wander = turn * np.float32(900.0) + 80 * self.noise.at(dx, dz, wide * 0.8, 97)
        stream = 1 - np.abs(2 * self.noise.at(wander, away * np.float32(0.05), 130.0, 95) - 1)
        edge = self.grown(stream) + 0.03 * self.stain
        return smooth(0.86, 0.97, edge) * smooth(1.0, 0.75, self.grown(away / wide))

    def crag(self, wide: float) -> tuple[int, Array]:
        """Return from which row on rock is broken, and how, (rows, w) 0..1.

        Only far land is so steep that stains of the picture would run down it.
        """
        away = np.hypot(self.x, self.z)[:, self.x.shape[1] // 2]
        first = int(np.searchsorted(away, 6.0 * wide) * self.stain.shape[0] / len(away))
        tall = self.grown(self.y)[first:]
        x = np.asarray(self.fine[0][first:] + tall, np.float32)
        z = np.asarray(self.fine[1][first:] - np.float32(1.3) * tall, np.float32)
        return first, self.noise.ridged(x, z, wide, 3, 110)

    def bands(self, tall_m: float) -> Array:
        """Return layers of rock, (h, w) -0.5..0.5, that follow the height."""
        lie = self.y / np.float32(tall_m) + 1.2 * (
            self.noise.fractal(self.x, self.z, 18 * tall_m, 3, 33) - 0.5
        )
        spot = (self.grown(lie) + 0.04 * self.stain) * 64 % 512
        table = np.append(self.noise.table[7:9].ravel(), self.noise.table[7, 0])
        band = np.interp(spot, np.arange(513), table).astype(np.float32)
        return np.asarray(cv2.GaussianBlur(band, (3, 3), 0), np.float32) - np.float32(0.5)


def paint_cover(
    recipe: Mapping[str, Any], site: Site, soil: Soil, light: LandLight, tint: NDArray[np.float64]
) -> Skin:
    """Return what lies where on a site."""
    stain = site.stain
    albedo = np.broadcast_to(soil.mean, (*stain.shape, 3)) * np.clip(1 + 0.5 * stain, 0.2, 2)[..., None]
    glow = np.zeros_like(albedo)
    rough = stain * np.float32(0.25)
    bare = np.ones_like(stain)
    lines: Sequence[Mapping[str, Any]] = recipe.get("cover", ())
    for number, line in enumerate(lines):
        weight = site.weight(line, number)
        colour = np.array(line["albedo"], np.float32)
        if line.get("alive"):
            colour = (colour * tint).astype(np.float32)
        tone = np.float32(1) + np.float32(0.6 * line.get("stain", 0.9)) * stain
        if "crag_m" in line:
            first, crag = site.crag(float(line["crag_m"]))
            tone[first:] *= np.float32(0.62) + np.float32(0.9) * crag
            rough[first:] += np.float32(1.6) * (crag - np.float32(0.4)) * weight[first:]
        if "bands_m" in line:
            band = site.bands(float(line["bands_m"]))
            tone = tone * np.clip(1 + float(line.get("banded", 1.0)) * band, 0.35, 1.7)
            rough = rough + np.float32(0.9) * weight * band
        share = weight[..., None]
        albedo += (colour * np.clip(tone, 0.15, 2.5)[..., None] - albedo) * share
        if "glow" in line:
            glow = glow * (1 - share) + np.array(line["glow"], np.float32) * share**2
        rough = rough * (1 - weight * (1 - float(line.get("rough", 1.0))))
        bare = bare * (1 - weight)
    if light.white > 0.05 and recipe.get("winters", True):
        edge = site.grown(site.steep) + 0.25 * stain + 0.25 * (1 - light.white)
        lying = smooth(0.75, 0.35, edge) * np.float32(light.white)
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
