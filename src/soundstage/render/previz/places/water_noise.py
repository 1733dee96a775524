"""Noise that repeats: tiles of ripples, foam and stone, made once a shot and laid over the ground by remap.

Knows no light and no camera. A tile's pixel (i, j) is the world point (i, j) / TILE_PX of one tile's length.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
TILE_PX = 256
_PER_TILE = f32(1 / TILE_PX)


def value_tile(
    rng: np.random.Generator, rows: int, columns: int, down: int, across: int
) -> NDArray[np.float32]:
    """Return smooth noise (rows, columns) in 0..1 that repeats both ways, with so many cells."""
    lattice = rng.random((down, across)).astype(f32)
    wide = np.pad(lattice, 2, mode="wrap")
    size = (round(columns * (across + 4) / across), round(rows * (down + 4) / down))
    large = cv2.resize(wide, size, interpolation=cv2.INTER_CUBIC)
    top, left = (size[1] - rows) // 2, (size[0] - columns) // 2
    return np.clip(large[top : top + rows, left : left + columns], 0, 1).astype(f32)


def layered(
    rng: np.random.Generator,
    rows: int,
    columns: int,
    down: int,
    across: int,
    octaves: int = 4,
    gain: float = 0.5,
) -> NDArray[np.float32]:
    """Return fractal noise (rows, columns) that repeats, stretched to fill 0..1."""
    total = np.zeros((rows, columns), f32)
    weight = 1.0
    for _ in range(octaves):
        total += f32(weight) * value_tile(rng, rows, columns, min(down, rows), min(across, columns))
        down, across, weight = down * 2, across * 2, weight * gain
        if down > rows // 2 or across > columns // 2:
            break
    low, high = float(total.min()), float(total.max())
    return ((total - f32(low)) / f32(max(high - low, 1e-6))).astype(f32)


def rock_face(
    rng: np.random.Generator, rows: int, columns: int, *, cells: float, strata: float
) -> tuple[NDArray[np.float32], NDArray[np.float32], NDArray[np.float32]]:
    """Return relief 0..1, cracks and sideways slope (rows, columns) of broken rock; it repeats sideways.

    Args:
        rng: which rock.
        rows: of the picture.
        columns: of the picture.
        cells: blocks across the picture.
        strata: 0 cracks run upright .. 1 and more: layers lie on each other.
    """
    across = max(round(cells), 3)
    down = max(round(across * rows / columns * (0.45 + strata)), 2)
    i = np.arange(columns, dtype=f32)[None, :]
    j = np.arange(rows, dtype=f32)[:, None]
    bend = columns / across
    # Blocks of a lattice, bent twice, so that no row of squares is left.
    bend_x = (layered(rng, rows, columns, down, across, 4, 0.55) - f32(0.5)) * f32(1.7 * bend)
    bend_y = (layered(rng, rows, columns, down, across, 4, 0.55) - f32(0.5)) * f32(1.1 * bend)

    def bent(tile: NDArray[np.float32], share: float) -> NDArray[np.float32]:
        found = cv2.remap(
            tile,
            i + bend_x * f32(share),
            j + bend_y * f32(share),
            cv2.INTER_LINEAR,
            borderMode=cv2.BORDER_WRAP,
        )
        return np.asarray(found, f32)

    block = value_tile(rng, rows, columns, min(down, rows), min(across, columns))
    steps = bent(np.round(block * 6) / f32(6), 1.0)
    ridges = 1 - np.abs(
        2 * bent(layered(rng, rows, columns, max(down // 2, 2), across * 2, 4, 0.55), 0.8) - 1
    )
    grain = layered(rng, rows, columns, max(rows // 5, 2), max(columns // 4, 3), 3, 0.65)
    beds = bent(
        layered(rng, rows, columns, max(round(down * 3.2 * strata), 2), max(across // 3, 3), 3, 0.6), 0.5
    )
    relief = steps * f32(0.34) + ridges * f32(0.30) + beds * f32(0.22) + grain * f32(0.22)
    relief = (relief - relief.min()) / max(float(np.ptp(relief)), 1e-6)
    cracks = np.clip((ridges - f32(0.80)) * f32(5), 0, 1) * np.clip(f32(1.3) - grain, 0, 1)
    slope = np.gradient(cv2.GaussianBlur(relief, (0, 0), max(bend * 0.05, 0.6)), axis=1) * f32(bend)
    return relief.astype(f32), cracks.astype(f32), slope.astype(f32)


def ripple_tile(rng: np.random.Generator, *, longest: float, spread: float) -> NDArray[np.float32]:
    """Return slopes x and z and height (TILE_PX, TILE_PX, 3) of wind waves of unit root mean square slope.

    Args:
        rng: which waves.
        longest: longest wave as a share of the tile.
        spread: 0 all crests along x, 1 from everywhere.
    """
    n = TILE_PX
    k = np.fft.fftfreq(n, 1 / n)
    kx, kz = np.meshgrid(k, k)
    length = np.hypot(kx, kz)
    length[0, 0] = 1e9
    power = length ** (-1.55) * (length >= 1 / longest) * np.exp(-((length / 70) ** 2))
    toward = np.abs(kz) / length
    power *= spread + (1 - spread) * toward**4
    wave = power * np.exp(2j * math.pi * rng.random((n, n)))
    height = np.fft.ifft2(wave).real
    along = [np.fft.ifft2(wave * 1j * axis).real for axis in (kx, kz)]
    rms = math.sqrt(float(np.mean(along[0] ** 2 + along[1] ** 2)))
    tile = np.stack([along[0] / rms, along[1] / rms, height / np.std(height)], axis=2)
    return np.ascontiguousarray(tile, f32)


def look_up(
    tile: NDArray[np.float32],
    x: NDArray[np.floating],
    z: NDArray[np.floating],
    per_m: float,
    dx: float,
    dz: float,
) -> NDArray[np.float32]:
    """Return a tile at world points x, z (m), repeated; `per_m` tiles a metre, moved by (dx, dz) tiles."""
    u = np.asarray(x * f32(per_m), f32)
    u += f32(dx % 1.0)
    u -= np.floor(u)
    u *= f32(tile.shape[1])
    v = np.asarray(z * f32(per_m), f32)
    v += f32(dz % 1.0)
    v -= np.floor(v)
    v *= f32(tile.shape[0])
    found = cv2.remap(tile, u, v, cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP)
    return np.asarray(found, f32).reshape(*x.shape, *tile.shape[2:])
