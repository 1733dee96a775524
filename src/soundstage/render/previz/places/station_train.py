"""A train: flanks with doors and lit windows, and its front with headlights."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.set_paint import SetLight

CAR_M, TRAIN_TALL_M, FACE_TALL_M = 20.0, 3.45, 4.4


def paint_train_side(
    rng: np.random.Generator, style: Mapping[str, Any], light: SetLight, face: NDArray[np.float64]
) -> Flat:
    """Return one carriage's flank, 20 x 3.45 m: doors, windows with people behind them."""
    flat = Flat(CAR_M, TRAIN_TALL_M, 34)
    body, stripe = np.array(style["body"]) * face, np.array(style["stripe"]) * face
    sheen = light.sky_low * 0.10 + light.sky_high * 0.05
    flat.ramp(0, 0, CAR_M, TRAIN_TALL_M, body * 0.6 + sheen * 0.2, body * 1.1 + sheen)
    flat.box(0, 0.95, CAR_M, 1.12, stripe)
    flat.box(0, 2.58, CAR_M, 2.66, stripe * 0.8)
    flat.ramp(0, 2.95, CAR_M, TRAIN_TALL_M, body * 0.8 + sheen * 0.5, body * 0.4 + sheen * 1.6)
    burn = np.array(style["lamp"]) * light.lamp * (0.22 + 0.75 * light.darkness)
    mirror = light.sky_low * 0.22 + light.sky_high * 0.10
    doors = (2.2, 9.3, 16.4)
    for u in np.arange(0.5, CAR_M - 1.0, 1.42):
        if any(abs(u + 0.6 - (d + 0.7)) < 1.3 for d in doors):
            continue
        _window(flat, rng, (float(u), 1.28, 1.22, 1.12), burn, mirror, face)
    for d in doors:
        flat.box(d, 0.05, d + 1.4, 2.62, stripe * 0.75 + body * 0.2)
        flat.box(d + 0.68, 0.05, d + 0.72, 2.62, face * 0.02)
        for u in (d + 0.12, d + 0.78):
            _window(flat, rng, (u, 1.1, 0.5, 1.3), burn, mirror, face)
    for u in (0.0, CAR_M - 0.35):
        flat.box(u, 0, u + 0.35, TRAIN_TALL_M, face * 0.015)
    flat.box(0, 0, CAR_M, 0.12, face * 0.02)
    return flat


def _window(
    flat: Flat,
    rng: np.random.Generator,
    box: tuple[float, float, float, float],
    burn: NDArray[np.float64],
    mirror: NDArray[np.float64],
    face: NDArray[np.float64],
) -> None:
    u, y, w, h = box
    flat.box(u - 0.05, y - 0.05, u + w + 0.05, y + h + 0.05, face * 0.05)
    flat.ramp(u, y, u + w, y + h, burn * 0.55 + mirror * 0.4, burn + mirror)
    if rng.random() < 0.5:
        head = u + float(rng.uniform(0.3, 0.7)) * w
        dark = burn * 0.12 + mirror * 0.2
        flat.disc(head, y + 0.50, 0.13, dark, tall=1.2)
        flat.shape(
            [
                (head - 0.24, y),
                (head - 0.2, y + 0.3),
                (head, y + 0.38),
                (head + 0.2, y + 0.3),
                (head + 0.24, y),
            ],
            dark,
        )
    flat.shape(
        [(u + 0.1 * w, y), (u + 0.3 * w, y), (u + 0.7 * w, y + h), (u + 0.5 * w, y + h)],
        mirror * 1.5,
        alpha=0.2,
    )


def paint_train_face(style: Mapping[str, Any], light: SetLight, face: NDArray[np.float64]) -> Flat:
    """Return the front of a train, 3.0 x 4.4 m from the rails up, its headlights on."""
    flat = Flat(3.0, FACE_TALL_M, 60)
    body, stripe = np.array(style["body"]) * face, np.array(style["stripe"]) * face
    sheen = light.sky_low * 0.14 + light.sky_high * 0.08
    flat.shape(
        [(0.0, 0.5), (0.0, 3.6), (0.35, 4.2), (0.9, 4.38), (2.1, 4.38), (2.65, 4.2), (3.0, 3.6), (3.0, 0.5)],
        body * 0.85 + sheen * 0.3,
    )
    flat.box(0.25, 0.15, 2.75, 0.55, face * 0.03)
    flat.box(1.2, 0.3, 1.8, 0.75, face * 0.06)
    flat.shape(
        [(0.2, 2.1), (0.22, 3.55), (0.5, 3.8), (2.5, 3.8), (2.78, 3.55), (2.8, 2.1)],
        face * 0.02 + sheen * 0.7,
    )
    flat.shape([(0.4, 2.1), (0.9, 2.1), (1.6, 3.8), (1.1, 3.8)], sheen * 2.4, alpha=0.25)
    flat.box(1.47, 2.1, 1.53, 3.8, body)
    flat.box(0.0, 1.85, 3.0, 2.0, stripe)
    amber = np.array([1.0, 0.55, 0.10]) * light.lamp * (0.35 + 0.8 * light.darkness)
    flat.box(0.85, 3.88, 2.15, 4.16, face * 0.01)
    flat.letters("EXPRESS", 0.95, 3.93, 0.20, amber)
    burn = np.array([1.0, 0.94, 0.80]) * light.lamp * (1.4 + 4.0 * light.darkness)
    for u in (0.42, 2.58):
        flat.disc(u, 1.35, 0.21, face * 0.05)
        flat.disc(u, 1.35, 0.16, burn)
        flat.halo(u, 1.35, 0.34, burn * 0.14)
        flat.disc(u, 0.98, 0.09, np.array([1.0, 0.05, 0.03]) * light.lamp * 0.5)
    return flat
