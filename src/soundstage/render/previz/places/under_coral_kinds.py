"""The kinds of coral and sponge: branches, fans, tubes, plates, brains, vents, each as strokes and discs.

`KINDS` names them; a kind is a function of a brush, chance, a foot in metres, a size and a local colour.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.card import CardPainter


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
            ((px - math.cos(turn) * d, py - math.sin(turn) * d * 0.7), (px + curl, py + curl),
            (px + math.cos(turn) * d, py + math.sin(turn) * d * 0.7)),
            (size * 0.016, size * 0.012), local * 0.42, (0.3 + 0.5 * math.sin(a) * r,
            0.35 + 0.5 * math.sin(a) * r),
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
