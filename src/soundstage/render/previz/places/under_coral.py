"""Corals and sponges as cards: branches, fans, tubes, plates, brains, painted by strokes on a bank of rock.

Colours are local colours; the water takes their red away with distance. Knows no fish.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.card import Card, CardPainter
from soundstage.render.previz.places.under_coral_kinds import KINDS, CoralBrush
from soundstage.render.previz.places.water_banks import card_scale, focus_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import SetContext

f32 = np.float32
MOST_CORALS = 64  #: of a card; a whale is filmed from where single ones are not told apart


def coral_card(
    ctx: SetContext, row: Mapping[str, Any], *, z_m: float, fog: NDArray[np.float64], per_m: float,
    light: NDArray[np.float64],
    low: NDArray[np.float64],
) -> Card:  # fmt: skip
    """Paint a row of `[[coral]]`: a low bank of rubble grown over with `kinds` in `colours`.

    Args:
        ctx: of the shot.
        row: kinds, colours, size_m, every_m, bank_m; maybe clear_m, kept open in the middle.
        z_m: where it stands.
        fog: the water's colour.
        per_m: how fast it takes over.
        light: on what faces up.
        low: on what faces down.
    """
    rng = ctx.rng(f"coral {z_m:.2f}")
    away = max(z_m - ctx.start.eye_m[2], 0.3)
    width_m, px_per_m = card_scale(ctx, z_m)
    small, large = (float(v) for v in row["size_m"])
    bank = float(row["bank_m"])
    left = ctx.start.eye_m[0] - width_m / 2
    painter = CardPainter(
        z_m=z_m,
        left_m=left,
        top_m=bank + large * 1.25,
        width_m=width_m,
        height_m=bank + large * 1.25 + 0.15,
        px_per_m=px_per_m,
    )
    brush = CoralBrush(painter, light, low, fog, 1 - math.exp(-per_m * away))
    clear = float(row.get("clear_m", 0.0))
    middle = ctx.start.eye_m[0]
    waves = rng.uniform(0, math.tau, 3)

    def height(x: float) -> float:
        u = (x - left) / width_m * math.tau
        rise = (
            0.5
            + 0.25 * math.sin(3 * u + waves[0])
            + 0.17 * math.sin(7 * u + waves[1])
            + 0.10 * math.sin(17 * u + waves[2])
        )
        open_ = 1 - math.exp(-(((x - middle) / max(clear, 1e-3)) ** 4)) if clear else 1.0
        return bank * max(rise, 0.05) * (0.12 + 0.88 * open_)

    stone = np.array(row.get("stone", [0.25, 0.20, 0.17]))
    lumps: list[list[float]] = []
    count = int(min(width_m / max(bank * 0.16, 0.02), 1500))
    for _ in range(count):
        x = left + rng.random() * width_m
        top = height(x)
        if top < 0.22 * bank:
            continue
        v = rng.random()
        size = bank * rng.uniform(0.10, 0.30)
        tone = stone * rng.uniform(0.5, 1.4) * np.array([1.0, rng.uniform(0.85, 1.1), rng.uniform(0.8, 1.15)])
        lumps.append(
            [
                x,
                top * v - 0.05,
                size * 1.25,
                size,
                rng.normal(0, 0.3),
                *brush.shade(tone, 0.14 + 0.80 * v * top / bank),
                0.22,
            ]
        )
    lumps.sort(key=lambda lump: -lump[1])
    # Each has a paler crown: what lies on a lump faces the light.
    crowned: list[list[float]] = []
    for lump in lumps:
        x, y, a, b, turn, *rest = lump
        crowned.append(lump)
        crowned.append(
            [x - 0.1 * a, y + 0.30 * b, 0.7 * a, 0.5 * b, turn, *(1.55 * v for v in rest[:3]), 0.9]
        )
    brush.discs(crowned)
    colours = [np.array(c) for c in row["colours"]]
    step = max(float(row["every_m"]), width_m / MOST_CORALS)
    spots = (
        np.arange(left, left + width_m, step)
        + rng.uniform(-0.4, 0.4, len(np.arange(left, left + width_m, step))) * step
    )
    for x in rng.permutation(spots).tolist():
        if clear and abs(x - middle) < clear * 0.75 and rng.random() < 0.85:
            continue
        kind = row["kinds"][int(rng.integers(len(row["kinds"])))]
        size = small + (large - small) * rng.random() ** 1.6
        local = colours[int(rng.integers(len(colours)))] * rng.uniform(0.8, 1.15)
        KINDS[kind](brush, rng, x, height(x) * rng.uniform(0.35, 0.95), size, local)
        brush.flush()
    blur = 0.0
    if away < ctx.camera.focus_m * 0.8:
        blur = min(float(ctx.start.coc_px(away)) * painter.px_per_m * away / ctx.start.focal_px, 7.0)
    return replace(painter.finish(blur_px=blur), focus="full" if away < ctx.camera.focus_m else focus_of(ctx))
