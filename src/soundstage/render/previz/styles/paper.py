"""What pictures are made on, and how tones are laid: grain, weave, hatching, curves. Built once per size."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

import cv2
import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
KEPT = 24  #: textures of this many sizes and kinds stay in memory, about 2 MB each at 1080p


def smooth_noise(rng: np.random.Generator, h: int, w: int, cell_px: float) -> NDArray[np.float32]:
    """Return noise (h, w) of mean 0 and deviation about 1 whose lumps are `cell_px` wide."""
    rows, columns = max(int(h / cell_px) + 3, 4), max(int(w / cell_px) + 3, 4)
    small = rng.standard_normal((rows, columns)).astype(f32)
    big = cv2.resize(
        small, (int(columns * cell_px) + 1, int(rows * cell_px) + 1), interpolation=cv2.INTER_CUBIC
    )
    return np.asarray(
        big[:h, :w] if big.shape[0] >= h and big.shape[1] >= w else cv2.resize(big, (w, h)), f32
    )


@lru_cache(maxsize=KEPT)
def tooth(h: int, w: int, kind: str = "rough") -> NDArray[np.uint8]:
    """Return paper (h, w, 3): 255 where it takes all light, 200 in its deepest pores."""
    rng = np.random.default_rng(20 + len(kind))
    unit = max(min(h, w) / 1080, 0.3)
    fine = smooth_noise(rng, h, w, max(1.6 * unit, 1.0))
    if kind == "canvas":
        step = max(4.2 * unit, 2.0)
        y, x = np.mgrid[0:h, 0:w].astype(f32)
        weave = np.sin(2 * np.pi * x / step) * np.sin(2 * np.pi * y / step)
        height = 0.8 * weave + 0.5 * fine
    elif kind == "fibre":
        long = cv2.GaussianBlur(rng.standard_normal((h, w)).astype(f32), (0, 0), 4 * unit, sigmaY=0.6)
        tall = cv2.GaussianBlur(rng.standard_normal((h, w)).astype(f32), (0, 0), 0.6, sigmaY=4 * unit)
        height = 2.0 * (long / long.std() + tall / tall.std()) * 0.35 + 0.3 * fine
    else:
        height = (
            0.65 * fine
            + 0.55 * smooth_noise(rng, h, w, 4.5 * unit)
            + 0.3 * smooth_noise(rng, h, w, 11 * unit)
        )
    return np.asarray(cv2.merge([np.clip(246 + 7 * height, 200, 255).astype(np.uint8)] * 3), np.uint8)


@lru_cache(maxsize=KEPT)
def blotches(h: int, w: int, cell_px: int, nth: int = 0) -> NDArray[np.float32]:
    """Return slow noise (h, w), -1..1: pools of pigment, uneven hands."""
    rng = np.random.default_rng([31, cell_px, nth])
    noise = smooth_noise(rng, h, w, cell_px) + 0.5 * smooth_noise(rng, h, w, cell_px / 2.7)
    return np.clip(noise * 0.55, -1, 1).astype(f32)


@lru_cache(maxsize=KEPT)
def wobble(
    h: int, w: int, cell_px: int, reach_px: float, nth: int = 0
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return maps x, y (h, w) that move a picture's outlines as an unsteady hand would."""
    y, x = np.mgrid[0:h, 0:w].astype(f32)
    return (
        x + blotches(h, w, cell_px, 2 * nth) * f32(reach_px),
        y + blotches(h, w, cell_px, 2 * nth + 1) * f32(reach_px),
    )


@lru_cache(maxsize=KEPT)
def hatching(h: int, w: int, angle_deg: float, gap_px: float, nth: int) -> NDArray[np.float32]:
    """Return parallel strokes (h, w), 0 on a stroke .. 1 between two, broken as a hand breaks them."""
    rng = np.random.default_rng([57, nth, int(angle_deg) % 360])
    y, x = np.mgrid[0:h, 0:w].astype(f32)
    a = np.radians(angle_deg)
    across = x * f32(np.cos(a)) + y * f32(np.sin(a))
    across = (
        across + smooth_noise(rng, h, w, 60 * gap_px / 6) * f32(gap_px * 0.35) + f32(rng.uniform(0, gap_px))
    )
    wave = 0.5 - 0.5 * np.cos(2 * np.pi * across / gap_px)
    along = cv2.GaussianBlur(rng.standard_normal((h, w)).astype(f32), (0, 0), 1.2)
    return np.clip(wave + 0.9 * along, 0, 1).astype(f32)


@lru_cache(maxsize=KEPT)
def rim(h: int, w: int, reach: float, ragged: float, nth: int = 0) -> NDArray[np.float32]:
    """Return 1 in the picture's middle falling to 0 at its edges, ragged as a painted margin."""
    y = np.minimum(np.arange(h), np.arange(h)[::-1]).astype(f32)[:, None]
    x = np.minimum(np.arange(w), np.arange(w)[::-1]).astype(f32)[None, :]
    side = min(h, w)
    far = np.minimum(x, y) / f32(side * reach)
    noise = blotches(h, w, max(side // 7, 4), 7 + nth) + 0.4 * blotches(h, w, max(side // 40, 2), 8 + nth)
    far = np.clip((far + noise * f32(ragged) - 0.12) / 0.42, 0, 1)
    return np.asarray(far * far * (3 - 2 * far), f32)


def luma_of(picture: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how bright each pixel is, (H, W)."""
    return np.asarray(cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY), np.uint8)


def multiply(picture: NDArray[np.uint8], mask: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return a picture times a mask (H, W) whose 255 is one."""
    return np.asarray(cv2.multiply(picture, cv2.merge([mask, mask, mask]), scale=1 / 255), np.uint8)


def mix(a: NDArray[np.uint8], b: NDArray[np.uint8], share: float) -> NDArray[np.uint8]:
    """Return (1 - share) of `a` and `share` of `b`."""
    return np.asarray(cv2.addWeighted(a, 1 - share, b, share, 0), np.uint8)


def saturate(picture: NDArray[np.uint8], by: float, lift: float = 0.0) -> NDArray[np.uint8]:
    """Return a picture with its colours `by` times as far from grey, and `lift` added."""
    grey = cv2.cvtColor(luma_of(picture), cv2.COLOR_GRAY2BGR)
    return np.asarray(cv2.addWeighted(picture, by, grey, 1 - by, lift), np.uint8)


def tone(points: list[tuple[float, float]]) -> NDArray[np.uint8]:
    """Return a table (256,) through points (in, out), 0..1."""
    x, y = zip(*points, strict=True)
    return np.clip(np.interp(np.arange(256) / 255, x, y) * 255 + 0.5, 0, 255).astype(np.uint8)


def above(grey: NDArray[np.uint8], level: int) -> NDArray[np.uint8]:
    """Return how far each pixel (H, W) is over a level; 0 for those under it."""
    return np.asarray(cv2.LUT(grey, np.maximum(np.arange(256) - level, 0).astype(np.uint8)), np.uint8)
