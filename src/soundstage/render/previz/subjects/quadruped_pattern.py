"""Markings of a coat: stripes, patches, spots, masks over a body at rest. Knows no colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

_SEEDS = np.random.default_rng(0x5907).random((97, 3)).astype(np.float32)


def draw_pattern(
    name: str, points: NDArray[np.float32], parts: Mapping[str, NDArray[np.float32]]
) -> NDArray[np.float32]:
    """Return how much of the marking's colour each point has (n,), 0..1.

    Args:
        name: "tabby", "tiger", "zebra", "patches", "spots", "rosettes", "net" or "dapple".
        points: (n, 3) rest pose of the reference body, metres.
        parts: soft masks of the body, see `quadruped_coat`.
    """
    legs = parts["legs"]
    x, y, z = (points[:, i] for i in range(3))
    if name in ("tabby", "tiger", "zebra"):
        width, sharp, strength = {
            "tabby": (62, 0.45, 0.75),
            "tiger": (66, 0.30, 0.96),
            "zebra": (72, 0.22, 1.0),
        }[name]
        # Bands run down the flank, lean back over the haunch and turn to rings on the legs.
        lean = 1.6 * np.sin(y * 21) + 6 * np.abs(z)
        if name == "zebra":
            lean = 0.9 * np.sin(y * 17) + 26 * np.clip(-x - 0.12, 0, 0.4) * (y - 0.45)
        band = np.sin((x - 0.35 * np.clip(y - 0.55, 0, 1)) * width + lean)
        rings = np.sin(y * 95 + x * 20)
        wave = band * (1 - legs) + rings * legs
        low = {"tabby": 0.45, "tiger": 0.48, "zebra": 0.0}[name] - sharp
        share = strength * _step(low, low + 2 * sharp, wave)
        if name == "tiger":
            share = share * (1 - 0.8 * parts["belly"]) * (1 - 0.7 * parts["muzzle"])
        return share.astype(np.float32)
    if name == "patches":
        field = _clouds(points, 13.0) + 0.35 * _clouds(points, 29.0)
        return np.asarray(_step(0.02, 0.10, field) * (1 - 0.6 * parts["socks"]), np.float32)
    if name == "dapple":
        return np.asarray(0.55 * _step(0.0, 0.9, _clouds(points, 26.0) + 0.2), np.float32)
    near, second = _cells(points, {"spots": 15.0, "rosettes": 13.0, "net": 9.5}[name])
    if name == "net":  # a giraffe's pale net between brown plates
        return np.asarray(_step(0.10, 0.22, second - near) * (1 - parts["socks"]), np.float32)
    if name == "rosettes":
        ring = _step(0.16, 0.24, near) * _step(0.46, 0.38, near)
        return np.asarray(ring * (1 - 0.7 * parts["belly"]), np.float32)
    return _step(0.34, 0.24, near)


def _step(low: float, high: float, value: NDArray[np.floating]) -> NDArray[np.float32]:
    t = np.clip((value - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def _clouds(points: NDArray[np.float32], pitch: float) -> NDArray[np.float32]:
    p = points * np.float32(pitch)
    a = np.sin(p[:, 0] * 1.0 + 1.3 * np.sin(p[:, 1] * 1.1 + 0.7) + 0.8)
    b = np.sin(p[:, 1] * 1.2 + 1.1 * np.sin(p[:, 2] * 1.4 + 2.1) + 1.9 + 0.5 * p[:, 0])
    c = np.sin(p[:, 2] * 1.5 + 1.2 * np.sin(p[:, 0] * 0.9 + 0.3) + 0.4)
    return ((a + b + c) / 3).astype(np.float32)


def _cells(points: NDArray[np.float32], pitch: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the distance to the nearest and to the second seed of a jittered lattice, in its cells."""
    p = points * np.float32(pitch)
    base = np.floor(p).astype(np.int64)
    near = np.full(len(p), 9.0, np.float32)
    second = near.copy()
    for i in (-1, 0, 1):
        for j in (-1, 0, 1):
            for k in (-1, 0, 1):
                cell = base + np.array([i, j, k])
                row = (cell[:, 0] * 73 + cell[:, 1] * 151 + cell[:, 2] * 283) % len(_SEEDS)
                gap = np.linalg.norm(cell + 0.15 + 0.7 * _SEEDS[row] - p, axis=1).astype(np.float32)
                second = np.minimum(second, np.maximum(near, gap))
                near = np.minimum(near, gap)
    return near, second
