"""What stands in studios and on stages: softboxes, boards, curtains, truss, screens, loudspeakers, crowd."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_indoors import Inside


def paint_softbox(lamp: NDArray[np.float64], face: NDArray[np.float64]) -> Flat:
    """Return a softbox on its stand, 1.9 x 3.1 m, that looks to the right."""
    flat = Flat(1.9, 3.1, 80)
    iron = face * 0.05
    for foot in (0.25, 0.75, 1.15):
        flat.line([(0.7, 0.75), (foot, 0.02)], 0.035, iron)
    flat.line([(0.7, 0.3), (0.7, 2.0)], 0.05, iron)
    flat.line([(0.69, 0.3), (0.69, 2.0)], 0.015, face * 0.3)
    flat.shape([(0.5, 1.95), (1.75, 1.35), (1.75, 3.05), (0.5, 2.45)], iron * 0.8)
    flat.shape([(0.42, 2.0), (0.62, 1.98), (0.62, 2.42), (0.42, 2.4)], face * 0.10)
    flat.shape([(1.32, 1.48), (1.78, 1.34), (1.78, 3.06), (1.32, 2.92)], lamp * 1.2)
    flat.shape([(1.40, 1.60), (1.72, 1.50), (1.72, 2.90), (1.40, 2.80)], lamp * 1.7)
    flat.halo(1.55, 2.2, 0.42, lamp * 0.22, tall=1.5)
    return flat


def paint_boards(
    rng: np.random.Generator, style: Mapping[str, Any], lit: NDArray[np.float64], size_m: tuple[float, float]
) -> Flat:
    """Return a floor of boards, seen from above."""
    wide, deep = size_m
    flat = Flat(wide, deep, 34)
    flat.fill(np.array(style["boards"]) * lit)
    for u in np.arange(0, wide, 0.22):
        flat.shade(float(u), 0, float(u) + 0.22, deep, float(rng.uniform(0.78, 1.18)))
        flat.shade(float(u), 0, float(u) + 0.015, deep, 0.4)
        for v in rng.uniform(0, deep, 2):
            flat.shade(float(u), float(v), float(u) + 0.22, float(v) + 0.02, 0.4)
    flat.grain(rng, 0.25, 0.5)
    return flat


def paint_curtain(
    rng: np.random.Generator, style: Mapping[str, Any], face: NDArray[np.float64], size_m: tuple[float, float]
) -> Flat:
    """Return a curtain in heavy folds, with a gilt hem."""
    wide, tall = size_m
    flat = Flat(wide, tall, 36)
    cloth = np.array(style["curtain"])
    u = np.linspace(0, wide, flat.image.shape[1])[None, :]
    v = np.linspace(1, 0, flat.image.shape[0])[:, None]
    phase = float(rng.uniform(0, 6))
    fold = np.sin(u * 9.4 + phase + 0.5 * np.sin(u * 2.1) + 0.25 * np.sin(v * 3.0 + u))
    tone = 0.50 + 0.50 * fold**3 + 0.22 * np.maximum(fold, 0) ** 6
    tone = np.maximum(tone, 0.06) * (0.55 + 0.75 * np.exp(-(((v - 0.28) / 0.42) ** 2)))
    flat.image[..., :3] = tone[..., None] * cloth * face * 2.2
    flat.image[..., 3] = 1
    if cloth[0] > 2 * cloth[1]:
        gold = np.array([0.42, 0.28, 0.07]) * face * 1.6
        part = flat.part(0, 0.10, wide, 0.32)
        part[..., :3] = (tone[-part.shape[0] :, :, None] * gold).astype(np.float32)
    flat.shade(0, 0, wide, 0.08, 0.4)
    return flat


def paint_truss(face: NDArray[np.float64], wide: float) -> Flat:
    """Return a truss with lamps hung on it, 0.8 m tall."""
    flat = Flat(wide, 0.8, 44)
    steel = face * 0.16
    for y in (0.35, 0.75):
        flat.line([(0, y), (wide, y)], 0.06, steel)
    for k, u in enumerate(np.arange(0, wide, 0.4)):
        flat.line([(u, 0.35 if k % 2 else 0.75), (u + 0.4, 0.75 if k % 2 else 0.35)], 0.035, steel * 0.8)
    for u in np.arange(0.6, wide, 1.4):
        flat.shape([(u - 0.13, 0.0), (u + 0.13, 0.0), (u + 0.09, 0.32), (u - 0.09, 0.32)], face * 0.03)
    return flat


def paint_screen(rng: np.random.Generator, style: Mapping[str, Any], inside: Inside) -> Flat:
    """Return a large screen, 3.4 x 2.4 m, with moving shapes frozen on it."""
    flat = Flat(3.4, 2.4, 40)
    flat.box(0, 0, 3.4, 2.4, np.full(3, 0.004))
    tints = [np.array(c) for c in style["beams"]]
    burn = inside.burn.mean() * 0.45
    flat.ramp(0.08, 0.08, 3.32, 2.32, tints[0] * burn * 0.15, tints[-1] * burn * 0.5)
    for k in range(9):
        tint = tints[k % len(tints)] * burn * rng.uniform(0.3, 1.2)
        if k % 2:
            flat.disc(
                float(rng.uniform(0.4, 3.0)),
                float(rng.uniform(0.4, 2.0)),
                float(rng.uniform(0.1, 0.36)),
                tint,
                alpha=0.6,
            )
        else:
            y = float(rng.uniform(0.3, 2.1))
            flat.line(
                [(0.1, y), (1.2, y + rng.normal(0, 0.3)), (2.2, y - rng.normal(0, 0.3)), (3.3, y)], 0.05, tint
            )
    flat.shade(0, 0, 3.4, 0.08, 0.1)
    return flat


def paint_speaker(face: NDArray[np.float64]) -> Flat:
    """Return a stack of loudspeakers, 1.2 x 2.6 m."""
    flat = Flat(1.2, 2.6, 60)
    flat.ramp(0, 0, 1.2, 2.6, face * 0.02, face * 0.06)
    for y in (0.65, 1.95):
        flat.disc(0.6, y, 0.46, face * 0.012)
        flat.disc(0.6, y, 0.36, face * 0.05)
        flat.disc(0.6, y, 0.30, face * 0.016)
        flat.disc(0.6, y, 0.12, face * 0.07)
    for y in (0.0, 1.28, 2.56):
        flat.box(0, y, 1.2, y + 0.04, face * 0.22)
    return flat


def paint_microphone(face: NDArray[np.float64]) -> Flat:
    """Return a microphone on its stand, 0.6 x 1.6 m."""
    flat = Flat(0.6, 1.6, 90)
    flat.disc(0.3, 0.03, 0.2, face * 0.06, tall=0.16)
    flat.line([(0.3, 0.03), (0.3, 1.42)], 0.022, face * 0.4)
    flat.line([(0.3, 1.42), (0.24, 1.50)], 0.05, face * 0.08)
    flat.disc(0.22, 1.53, 0.05, face * 0.3)
    return flat


def paint_desk(style: Mapping[str, Any], face: NDArray[np.float64], inside: Inside) -> Flat:
    """Return the desk of a news studio, 3.4 x 1.05 m, light along its edge."""
    flat = Flat(3.4, 1.05, 60)
    flat.shape([(0.25, 0.0), (3.15, 0.0), (3.35, 0.9), (0.05, 0.9)], np.array([0.10, 0.13, 0.18]) * face)
    flat.box(0.0, 0.9, 3.4, 1.0, np.array([0.5, 0.5, 0.5]) * face)
    tint = np.array(style["beams"][-1]) * inside.burn.mean()
    flat.box(0.05, 0.84, 3.35, 0.89, tint * 1.2)
    flat.box(0.3, 0.05, 3.1, 0.09, tint * 0.8)
    flat.letters("NEWS", 1.25, 0.32, 0.30, tint * 0.9)
    return flat


def paint_ring(face: NDArray[np.float64], wide: float) -> Flat:
    """Return the ropes and posts of a ring, 1.7 m tall."""
    flat = Flat(wide, 1.7, 44)
    ropes = ([0.55, 0.03, 0.03], [0.6, 0.6, 0.6], [0.04, 0.07, 0.5])
    for y, tint in zip((0.5, 0.9, 1.3), ropes, strict=True):
        flat.line([(0, y), (wide, y)], 0.06, np.array(tint) * face * 2.2)
        flat.line([(0, y + 0.02), (wide, y + 0.02)], 0.015, face * 0.6)
    for u in (wide * 0.18, wide * 0.82):
        flat.box(u - 0.1, 0.0, u + 0.1, 1.6, np.array([0.5, 0.03, 0.03]) * face * 2)
    return flat


def paint_stands(rng: np.random.Generator, inside: Inside, wide: float) -> Flat:
    """Return rows of spectators rising into the dark, 9 m tall, phones alight here and there."""
    flat = Flat(wide, 9.0, 24)
    face = inside.lamp * 0.5 + inside.burn * 0.05
    flat.ramp(0, 0, wide, 9.0, face * 0.20, face * 0.02)
    flat.box(0, 0, wide, 1.1, face * 0.35)
    for u in np.arange(0, wide, 3.5):
        flat.box(float(u) + 0.3, 0.25, float(u) + 3.2, 0.85, rng.uniform(0.05, 0.6, 3) * face)
    for k, y in enumerate(np.arange(1.2, 7.6, 0.62)):
        dim = max(1.0 - 0.11 * k, 0.12)
        for u in np.arange(0.1 * (k % 3), wide, 0.42):
            if rng.random() < 0.86:
                tint = rng.uniform(0.05, 0.55, 3) * face * dim
                flat.box(float(u), float(y), float(u) + 0.32, float(y) + 0.36, tint)
                flat.disc(float(u) + 0.16, float(y) + 0.46, 0.12, np.array([0.4, 0.26, 0.18]) * face * dim)
            if rng.random() < 0.02:
                flat.disc(float(u), float(y) + 0.4, 0.05, inside.burn * 1.4)
    burn = inside.burn * 2.2
    for u in np.arange(1.0, wide, 4.4):
        for k in range(4):
            flat.disc(float(u) + 0.5 * k, 8.6, 0.16, burn)
            flat.halo(float(u) + 0.5 * k, 8.6, 0.5, burn * 0.06)
    return flat


def paint_crowd(rng: np.random.Generator, rim: NDArray[np.float64]) -> Flat:
    """Return heads and raised hands before the lens, dark, with light on their edges; 6 x 1.6 m."""
    flat = Flat(6.0, 1.6, 44)
    for k in range(15):
        u = 0.2 + 0.4 * k + float(rng.normal(0, 0.08))
        y = float(rng.uniform(0.55, 0.85))
        for grow, tint in ((1.06, rim), (1.0, rim * 0.03)):
            flat.disc(u, y, 0.17 * grow, tint, tall=1.25)
            flat.shape(
                [
                    (u - 0.42 * grow, 0),
                    (u - 0.36 * grow, y - 0.32),
                    (u - 0.1, y - 0.18 * grow),
                    (u + 0.1, y - 0.18 * grow),
                    (u + 0.36 * grow, y - 0.32),
                    (u + 0.42 * grow, 0),
                ],
                tint,
            )
        if rng.random() < 0.4:
            a = float(rng.normal(math.pi / 2, 0.25))
            flat.line(
                [(u + 0.3, y - 0.3), (u + 0.34 + 0.5 * math.cos(a), y + 0.5 * math.sin(a))], 0.10, rim * 0.08
            )
            flat.disc(u + 0.34 + 0.55 * math.cos(a), y + 0.56 * math.sin(a), 0.08, rim * 0.3)
    return flat
