"""Smooth noise over arrays of points, and tiles of it that repeat. Plain numpy; knows no land."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
CELLS = 256  #: of the lattice that repeats
TURN_RAD = 0.63  #: between octaves, so that their lattices do not line up


def smooth(low: float, high: float, x: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return 0 at `low`, 1 at `high` (which may be the smaller), a cubic between."""
    t = np.clip((x - low) / (high - low), 0, 1).astype(np.float32)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class Noise:
    """A lattice of random numbers, and the smooth noise it stands for."""

    table: NDArray[np.float32]  #: (CELLS, CELLS) 0..1

    @classmethod
    def of(cls, rng: np.random.Generator) -> Noise:
        """Return noise of a generator."""
        return cls(table=rng.random((CELLS, CELLS), np.float32))

    def at(
        self, x_m: NDArray[np.float32], z_m: NDArray[np.float32], wide_m: float, octave: int = 0
    ) -> NDArray[np.float32]:
        """Return noise in 0..1 with features `wide_m` wide; another `octave` is another noise."""
        c, s = math.cos(octave * TURN_RAD) / wide_m, math.sin(octave * TURN_RAD) / wide_m
        u = x_m * f32(c) - z_m * f32(s) + f32(17.31 * octave + 3.1)
        v = x_m * f32(s) + z_m * f32(c) + f32(41.77 * octave + 7.7)
        floor_u, floor_v = np.floor(u), np.floor(v)
        u -= floor_u
        v -= floor_v
        u *= u * (3 - 2 * u)
        v *= v * (3 - 2 * v)
        i, j = floor_u.astype(np.int32) & (CELLS - 1), floor_v.astype(np.int32) & (CELLS - 1)
        row, below = j * CELLS, ((j + 1) & (CELLS - 1)) * CELLS
        right = (i + 1) & (CELLS - 1)
        flat = self.table.ravel()
        top = flat[row + i]
        top += (flat[row + right] - top) * u
        low = flat[below + i]
        low += (flat[below + right] - low) * u
        return np.asarray(top + (low - top) * v, np.float32)

    def fractal(
        self, x_m: NDArray[np.float32], z_m: NDArray[np.float32], wide_m: float, octaves: int, first: int = 0
    ) -> NDArray[np.float32]:
        """Return fractal noise, 0..1, mean 0.5."""
        total = np.zeros_like(x_m)
        gain, share = 0.5, 0.0
        for k in range(octaves):
            total += f32(gain) * self.at(x_m, z_m, wide_m / 2**k, first + k)
            share += gain
            gain *= 0.5
        return np.asarray(total / share, np.float32)

    def ridged(
        self, x_m: NDArray[np.float32], z_m: NDArray[np.float32], wide_m: float, octaves: int, first: int = 0
    ) -> NDArray[np.float32]:
        """Return sharp crests over wide valleys, 0..1: what is low stays smooth, as where scree gathers."""
        total = np.zeros_like(x_m)
        weight = np.ones_like(x_m)
        gain, share = 1.0, 0.0
        for k in range(octaves):
            crest = 1 - np.abs(2 * self.at(x_m, z_m, wide_m / 2**k, first + k) - 1)
            crest *= crest * weight
            weight = np.clip(crest * 1.9, 0, 1)
            total += f32(gain) * crest
            share += gain
            gain *= 0.47
        return np.asarray(total / (share * 0.8), np.float32)


def noise_tile(rng: np.random.Generator, side_px: int, cells: int, octaves: int) -> NDArray[np.float32]:
    """Return fractal noise (side, side), mean 0, about -1..1, of which every edge meets its opposite."""
    total = np.zeros((side_px, side_px), np.float32)
    gain = 1.0
    for _ in range(octaves):
        if cells * 2 > side_px:
            break
        lattice = rng.uniform(-1, 1, (cells, cells)).astype(np.float32)
        wide = np.pad(lattice, 2, mode="wrap")
        step = side_px // cells
        grown = cv2.resize(wide, None, fx=step, fy=step, interpolation=cv2.INTER_CUBIC)
        cut = grown[2 * step : 2 * step + side_px, 2 * step : 2 * step + side_px]
        total += f32(gain) * cut
        gain *= 0.55
        cells *= 2
    return total
