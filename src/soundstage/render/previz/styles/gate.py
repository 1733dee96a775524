"""Masks that a projector, a tube or a lens lays over a picture. Built once per size."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.styles.paper import smooth_noise

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32


@lru_cache(maxsize=4)
def coarse_grain(h: int, w: int) -> NDArray[np.float32]:
    """Return the grain of a small gauge, (h, w), in code values."""
    rng = np.random.default_rng(3)
    unit = max(h / 540, 0.4)
    noise = smooth_noise(rng, h, w, max(1.7 * unit, 1.0)) + 0.5 * smooth_noise(rng, h, w, 3.4 * unit)
    return np.clip(noise * 11, -100, 100).astype(f32)


@lru_cache(maxsize=4)
def gate(h: int, w: int) -> NDArray[np.uint8]:
    """Return the rounded window of a projector, darker toward its corners."""
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(f32)
    side = np.maximum((np.abs(x) ** 9 + np.abs(y) ** 9) ** f32(1 / 9), 0)
    hard = np.clip((0.985 - side) / 0.012, 0, 1)
    soft = 1 - 0.34 * np.clip(x * x + y * y - 0.55, 0, 1.2)
    return np.clip(255 * hard * soft, 6, 255).astype(np.uint8)


@lru_cache(maxsize=4)
def pool(h: int, w: int) -> NDArray[np.uint8]:
    """Return a pool of light around the middle, as one lamp leaves it."""
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(f32)
    far = np.sqrt((x * 0.92) ** 2 + (y * 0.80 + 0.02) ** 2)
    return np.clip(255 * (1 - 0.66 * np.clip((far - 0.42) / 0.9, 0, 1) ** 1.3), 0, 255).astype(np.uint8)


@lru_cache(maxsize=4)
def tube(h: int, w: int, depth: float) -> NDArray[np.uint8]:
    """Return the lines of a television tube; 3 pixels a line at 1080p, never finer than 2."""
    period = max(round(min(h, w) / 1080 * 4), 2)
    rows = 1 - depth * ((np.arange(h) % period) >= period / 2)
    y, x = np.mgrid[-1 : 1 : h * 1j, -1 : 1 : w * 1j].astype(f32)
    dim = 1 - 0.22 * np.clip(x * x + y * y - 0.5, 0, 1.5)
    return np.clip(255 * rows[:, None] * dim, 0, 255).astype(np.uint8)
