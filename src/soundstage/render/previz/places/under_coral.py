"""Corals and sponges as cards: branches, fans, tubes, plates, brains, painted by strokes on a bank of rock.

Colours are local colours; the water takes their red away with distance. Knows no fish.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.card import Card, CardPainter
from soundstage.render.previz.places.water_banks import card_scale, focus_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.scene import SetContext

f32 = np.float32
MOST_CORALS = 64  #: of a card; a whale is filmed from where single ones are not told apart
Local = "NDArray[np.float64]"


class CoralBrush:
    """Collects strokes and discs of one card; `shade` makes light of a local colour."""

    def __init__(
        self,
        painter: CardPainter,
        light: NDArray[np.float64],
        low: NDArray[np.float64],
        fog: NDArray[np.float64],
        air: float,
    ) -> None:
        self.painter = painter
        self.light = light
        self.low = low
        self.fog = fog
        self.air = air
        self.strokes: list[list[float]] = []

    def shade(self, local: NDArray[np.float64], lit: float) -> NDArray[np.float64]:
        """Return light of a local colour; `lit` 0 in the dark below .. 1 towards the surface."""
        seen = local * (self.low + (self.light - self.low) * min(max(lit, 0.0), 1.2))
        return seen + (self.fog - seen) * self.air

    def stroke(
        self,
        points: tuple[tuple[float, float], ...],
        widths: tuple[float, float],
        local: NDArray[np.float64],
        lit: tuple[float, float],
    ) -> None:
        """Add a stroke in metres."""
        k = self.painter.px_per_m
        spots = [v for p in points for v in self.painter.px(*p)]
        a, b = self.shade(local, lit[0]), self.shade(local, lit[1])
        self.strokes.append(
            [*spots, max(widths[0] * k, 0.5), max(widths[1] * k, 0.4), *a, 1.0, *b, 1.0, 0.0, 0.0]
        )

    def flush(self) -> None:
        """Paint what was collected."""
        self.painter.strokes(self.strokes)
        self.strokes = []

    def discs(self, rows: list[list[float]]) -> None:
        """Paint discs told in metres: x, y, half length, half width, turn, r, g, b, softness."""
        k = self.painter.px_per_m
        told: list[list[float]] = []
        for x, y, a, b, turn, red, green, blue, soft in rows:
            px, py = self.painter.px(x, y)
            told.append(
                [px, py, a * k, b * k, math.cos(turn), math.sin(turn), red, green, blue, 1.0, soft, 0.0]
            )
        self.painter.ellipses(told)


def _branching(
    brush: CoralBrush, rng: np.random.Generator, x: float, y: float, size: float, local: NDArray[np.float64]
) -> None:
    def grow(px: float, py: float, angle: float, length: float, wide: float, depth: int) -> None:
        bend = angle + rng.normal(0, 0.25)
        mid = px + math.cos(angle) * length * 0.5, py + math.sin(angle) * length * 0.5
        end = px + math.cos(bend) * length, py + math.sin(bend) * length
        low, high = (mid[1] - y) / size, (end[1] - y) / size
        tone = local * rng.uniform(0.85, 1.15)
        brush.stroke(((px, py), mid, end), (wide, wide * 0.72), tone, (0.15 + 0.7 * low, 0.2 + 0.85 * high))
        if depth == 0:
            brush.stroke(
                (end, end, (end[0], end[1] + wide * 0.6)),
                (wide * 0.8, wide * 0.5),
                np.minimum(local * 1.8 + 0.10, 0.9),
                (1.0, 1.1),
            )
            return
        for _ in range(2 + (rng.random() < 0.55)):
            grow(*end, bend + rng.normal(0, 0.62), length * rng.uniform(0.62, 0.86), wide * 0.72, depth - 1)

    for _ in range(4):
        grow(
            x + rng.normal(0, 0.08) * size, y, math.pi / 2 + rng.normal(0, 0.5), size * 0.34, size * 0.075, 3
        )


def _fan(
    brush: CoralBrush, rng: np.random.Generator, x: float, y: float, size: float, local: NDArray[np.float64]
) -> None:
    def grow(px: float, py: float, angle: float, length: float, wide: float, depth: int) -> None:
        end = px + math.cos(angle) * length, py + math.sin(angle) * length
        lit = 0.25 + 0.75 * (end[1] - y) / size
        brush.stroke(
            ((px, py), ((px + end[0]) / 2 + rng.normal(0, 0.01) * size, (py + end[1]) / 2), end),
            (wide, wide * 0.75),
            local * rng.uniform(0.8, 1.2),
            (lit - 0.1, lit),
        )
        if depth == 0:
            return
        for side in (-1, 1):
            grow(
                *end,
                angle + side * rng.uniform(0.16, 0.44),
                length * rng.uniform(0.72, 0.95),
                wide * 0.70,
                depth - 1,
            )

    for n in range(5):
        grow(x, y, math.pi / 2 + (n - 2) * 0.32 + rng.normal(0, 0.08), size * 0.24, size * 0.030, 5)


def _tubes(
    brush: CoralBrush, rng: np.random.Generator, x: float, y: float, size: float, local: NDArray[np.float64]
) -> None:
    for _ in range(int(rng.integers(4, 8))):
        lean = rng.normal(0, 0.22) * size
        high = size * rng.uniform(0.45, 1.0)
        wide = size * rng.uniform(0.10, 0.17)
        foot = x + rng.normal(0, 0.16) * size
        tone = local * rng.uniform(0.8, 1.2)
        top = foot + lean, y + high
        brush.stroke(
            ((foot, y), (foot + lean * 0.3, y + high * 0.6), top), (wide * 0.7, wide), tone, (0.12, 0.85)
        )
        brush.stroke(
            (
                (foot - wide * 0.22, y),
                (foot + lean * 0.3 - wide * 0.25, y + high * 0.6),
                (top[0] - wide * 0.28, top[1]),
            ),
            (wide * 0.12, wide * 0.2),
            tone * 1.25,
            (0.3, 1.1),
        )
        brush.flush()
        rim, hole = brush.shade(tone * 1.35, 1.0), brush.shade(tone * 0.14, 0.4)
        brush.discs(
            [
                [*top, wide * 0.53, wide * 0.20, 0.0, *rim, 0.15],
                [top[0], top[1], wide * 0.37, wide * 0.12, 0.0, *hole, 0.2],
            ]
        )


def _plates(
    brush: CoralBrush, rng: np.random.Generator, x: float, y: float, size: float, local: NDArray[np.float64]
) -> None:
    brush.stroke(
        ((x, y), (x, y + size * 0.2), (x + rng.normal(0, 0.05) * size, y + size * 0.5)),
        (size * 0.26, size * 0.12),
        local * 0.6,
        (0.1, 0.3),
    )
    brush.flush()
    rows: list[list[float]] = []
    for n in range(4):
        cx, cy = x + rng.normal(0, 0.22) * size, y + size * (0.25 + 0.17 * n)
        a = size * rng.uniform(0.34, 0.6) * (1 - 0.10 * n)
        turn = rng.normal(0, 0.08)
        rows.append([cx, cy - 0.05 * size, a, a * 0.17, turn, *brush.shade(local * 0.5, 0.15), 0.15])
        rows.append([cx, cy, a, a * 0.15, turn, *brush.shade(local * rng.uniform(0.95, 1.2), 0.95), 0.1])
        rows.append([cx, cy + 0.008 * size, a * 0.86, a * 0.11, turn, *brush.shade(local * 1.45, 1.1), 0.5])
    brush.discs(rows)


def _brain(
    brush: CoralBrush, rng: np.random.Generator, x: float, y: float, size: float, local: NDArray[np.float64]
) -> None:
    rows = [[x, y + 0.02 * size, size * 0.55, size * 0.42, 0.0, *brush.shade(local * 0.55, 0.35), 0.1]]
    rows.append(
        [x - 0.05 * size, y + 0.13 * size, size * 0.44, size * 0.29, 0.0, *brush.shade(local, 0.85), 0.7]
    )
    brush.discs(rows)
    for _ in range(90):
        a, r = rng.uniform(0.05, math.pi - 0.05), math.sqrt(rng.random()) * 0.93
        px, py = x + math.cos(a) * r * size * 0.52, y + math.sin(a) * r * size * 0.42
        turn = rng.uniform(0, math.pi)
        d = 0.055 * size * (1 - 0.5 * r)
        curl = rng.normal(0, 0.6) * d
        brush.stroke(
            ((px - math.cos(turn) * d, py - math.sin(turn) * d * 0.7), (px + curl, py + curl), (px + math.cos(turn) * d, py + math.sin(turn) * d * 0.7)),
            (size * 0.016, size * 0.012), local * 0.42, (0.3 + 0.5 * math.sin(a) * r, 0.35 + 0.5 * math.sin(a) * r),
        )  # fmt: skip
    brush.flush()


def _vent(
    brush: CoralBrush, rng: np.random.Generator, x: float, y: float, size: float, local: NDArray[np.float64]
) -> None:
    for _ in range(5):
        foot, lean = x + rng.normal(0, 0.14) * size, rng.normal(0, 0.06) * size
        high = size * rng.uniform(0.5, 1.1)
        wide = size * rng.uniform(0.14, 0.26)
        brush.stroke(
            ((foot, y - 0.05 * size), (foot + lean, y + 0.4 * high), (foot + lean, y + high)),
            (wide, wide * 0.4),
            local * rng.uniform(0.7, 1.3),
            (0.1, 0.9),
        )
        for _ in range(14):
            v = rng.random()
            px, py = foot + lean * v + rng.normal(0, 0.3) * wide, y + v * high
            brush.stroke(
                ((px, py), (px, py + 0.03 * size), (px + rng.normal(0, 0.02) * size, py + 0.07 * size)),
                (wide * 0.2, wide * 0.05),
                local * rng.uniform(0.5, 1.6),
                (0.3, 0.9),
            )


KINDS: Mapping[str, Callable[..., None]] = {
    "branching": _branching, "fan": _fan, "tubes": _tubes, "plates": _plates, "brain": _brain, "vent": _vent,
}  # fmt: skip


def coral_card(
    ctx: SetContext, row: Mapping[str, Any], *, z_m: float, fog: NDArray[np.float64], per_m: float, light: NDArray[np.float64],
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
