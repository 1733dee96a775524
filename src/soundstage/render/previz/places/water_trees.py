"""Rows of trees at the water's edge, as cards of strokes and leaves: pines, broad crowns, mangroves.

Each tree is its own few dozen strokes; the light is behind or beside them, so crowns have a bright rim.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.card import Card, CardPainter
from soundstage.render.previz.places.water_banks import card_scale, focus_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import SetContext

f32 = np.float32
Rows = list[list[float]]
SNOW = np.array([0.70, 0.74, 0.80])


class _Brush:
    """Collects strokes and leaves of one card, in order of painting."""

    def __init__(
        self, painter: CardPainter, shade: Callable[[NDArray[np.float64], float], NDArray[np.float64]]
    ) -> None:
        self.painter = painter
        self.shade = shade
        self.strokes: Rows = []
        self.leaves: Rows = []

    def stroke(
        self, points: tuple[tuple[float, float], ...], widths: tuple[float, float],
        local: NDArray[np.float64], lit: float,
        lit_end: float | None = None,
    ) -> None:  # fmt: skip
        """Add a stroke in metres; `lit` -1 in shadow .. 1 in the sun."""
        k = self.painter.px_per_m
        spots = [v for p in points for v in self.painter.px(*p)]
        a, b = self.shade(local, lit), self.shade(local, lit if lit_end is None else lit_end)
        self.strokes.append(
            [*spots, max(widths[0] * k, 0.5), max(widths[1] * k, 0.4), *a, 1.0, *b, 1.0, 0.0, 0.0]
        )

    def leaf(
        self,
        x: float,
        y: float,
        size: tuple[float, float],
        turn: float,
        local: NDArray[np.float64],
        lit: float,
    ) -> None:
        """Add a soft clump of leaves."""
        k = self.painter.px_per_m
        px, py = self.painter.px(x, y)
        self.leaves.append(
            [
                px,
                py,
                size[0] * k,
                size[1] * k,
                math.cos(turn),
                math.sin(turn),
                *self.shade(local, lit),
                0.9,
                0.35,
                1.0,
            ]
        )

    def flush(self) -> None:
        """Paint what was collected."""
        self.painter.strokes(self.strokes)
        self.painter.ellipses(self.leaves)
        self.strokes, self.leaves = [], []


def _pine(
    brush: _Brush, rng: np.random.Generator, x: float, high: float, local: NDArray[np.float64], white: float
) -> None:
    brush.stroke(((x, -0.2), (x, high * 0.5), (x, high)), (0.030 * high, 0.006 * high), local * 0.5, -0.4)
    tiers = int(np.clip(high * brush.painter.px_per_m / 4.5, 7, 22))
    for tier in range(tiers):
        u = tier / tiers
        y = high * (0.10 + 0.90 * u)
        reach = high * 0.20 * (1 - u) ** 0.85 * rng.uniform(0.75, 1.15) + 0.012 * high
        for side in (-1, 1):
            droop = reach * rng.uniform(0.25, 0.55)
            tone = 0.25 * side * -1 + 0.7 * u - 0.35 + rng.normal(0, 0.18)
            colour = local + (SNOW - local) * white * (rng.random() < 0.75)
            brush.stroke(
                ((x, y), (x + side * reach * 0.55, y - droop * 0.2), (x + side * reach, y - droop)),
                (0.055 * high * (1.1 - 0.7 * u), 0.008 * high), colour, tone, tone + 0.35,
            )  # fmt: skip


def _broad(
    brush: _Brush, rng: np.random.Generator, x: float, high: float, local: NDArray[np.float64], white: float
) -> None:
    lean = rng.normal(0, 0.05) * high
    brush.stroke(
        ((x, -0.2), (x + lean * 0.4, high * 0.3), (x + lean, high * 0.62)),
        (0.050 * high, 0.020 * high),
        np.array([0.06, 0.05, 0.04]),
        -0.3,
    )
    count = int(np.clip((high * brush.painter.px_per_m) ** 1.25 * 0.28, 16, 330))
    for n in range(count):
        u = n / count  # from the back and below to the front and above
        a, r = rng.uniform(0, math.tau), math.sqrt(rng.random())
        cx = x + lean + math.cos(a) * r * high * 0.30
        cy = high * (0.64 + 0.30 * math.sin(a) * r * 0.95 + 0.04 * u)
        top = (cy / high - 0.45) / 0.5
        colour = local * rng.uniform(0.75, 1.25) + (SNOW - local) * white * (rng.random() < 0.6 * top)
        size = high * rng.uniform(0.055, 0.105) * min((60 / count) ** 0.42, 1.1)
        brush.leaf(
            cx,
            cy,
            (size, size * 0.72),
            rng.uniform(0, math.pi),
            colour,
            top * 1.1 - 0.45 + 0.35 * u + rng.normal(0, 0.14),
        )


def _mangrove(
    brush: _Brush, rng: np.random.Generator, x: float, high: float, local: NDArray[np.float64], white: float
) -> None:
    bark = np.array([0.075, 0.062, 0.050])
    crotch = high * rng.uniform(0.16, 0.24)
    for _ in range(7):
        side = rng.normal(0, 0.16) * high
        brush.stroke(
            (
                (x + side, -0.3),
                (x + side * 0.9, crotch * 0.7),
                (x + rng.normal(0, 0.01) * high, crotch * 1.15),
            ),
            (0.012 * high, 0.022 * high),
            bark,
            -0.5,
            0.1,
        )
    lean = rng.normal(0, 0.10) * high
    brush.stroke(
        ((x, crotch * 0.9), (x + lean, high * 0.45), (x + lean * 1.2, high * 0.86)),
        (0.055 * high, 0.018 * high),
        bark,
        -0.4,
        0.3,
    )
    for _ in range(7):
        y, side = high * rng.uniform(0.45, 0.9), rng.choice([-1, 1]) * high * rng.uniform(0.10, 0.30)
        end = (x + lean + side, y + rng.uniform(0.0, 0.12) * high)
        brush.stroke(
            ((x + lean * 0.9, y - 0.05 * high), (x + lean + side * 0.5, y), end),
            (0.018 * high, 0.005 * high),
            bark,
            -0.2,
            0.2,
        )
        for _ in range(6):
            s = high * rng.uniform(0.035, 0.075)
            brush.leaf(
                end[0] + rng.normal(0, 0.06) * high,
                end[1] + rng.normal(0.01, 0.03) * high,
                (s * 1.3, s * 0.6),
                rng.normal(0, 0.3),
                local * rng.uniform(0.7, 1.3),
                rng.normal(0.1, 0.35),
            )
        for _ in range(3):  # moss that hangs from the boughs
            mx = x + lean + side * rng.uniform(0.3, 1.0)
            long = high * rng.uniform(0.08, 0.22)
            brush.stroke(
                ((mx, y), (mx + 0.01 * high, y - long * 0.5), (mx + rng.normal(0, 0.01) * high, y - long)),
                (0.016 * high, 0.003 * high),
                np.array([0.15, 0.165, 0.12]) * (1 - white) + SNOW * white,
                -0.1,
                0.1,
            )


TREES: Mapping[str, Callable[..., None]] = {
    "pines": _pine,
    "trees": _broad,
    "mangroves": _mangrove,
}


def tree_card(
    ctx: SetContext, row: Mapping[str, Any], *, z_m: float, haze: NDArray[np.float32], per_m: float,
    name: str,
    gap_m: float = 0.0,
) -> Card:  # fmt: skip
    """Paint a row of `[[bank]]` that is trees; `gap_m` stays free on both sides of the camera's axis."""
    rng, light = ctx.rng(f"trees {name}"), ctx.light
    away = max(z_m - ctx.start.eye_m[2], 1.0)
    width_m, px_per_m = card_scale(ctx, z_m)
    high = float(row["high_m"])
    left = ctx.start.eye_m[0] - width_m / 2
    painter = CardPainter(
        z_m=z_m,
        left_m=left,
        top_m=high * 1.35,
        width_m=width_m,
        height_m=high * 1.35 + 0.5,
        px_per_m=px_per_m,
    )
    night = 1 + 0.7 * light.darkness
    key, fill = np.array(light.sun_colour) * night, np.array(light.ambient_up) * night
    rim = np.array(light.rim_colour)
    behind = max(float(light.sun_direction[2]), 0.0)
    air = 1 - math.exp(-per_m * away)

    def shade(local: NDArray[np.float64], lit: float) -> NDArray[np.float64]:
        lit = min(max(lit, -1.0), 1.0)
        seen = local * (fill * (0.80 + 0.5 * lit) + key * (0.10 + 0.42 * max(lit, 0) * (1 - 0.45 * behind)))
        seen = seen + rim * min(float(local.max()) * 3, 1.0) * behind * 0.20 * max(lit - 0.15, 0)
        return seen + (haze - seen) * air

    brush = _Brush(painter, shade)
    local = np.array(row["albedo"])
    step = float(row.get("every_m", high * 0.32))
    count = max(round(width_m / step), 3)
    spots = (np.arange(count) + rng.uniform(-0.45, 0.45, count)) * step + left
    clumps = np.sin(spots * math.tau / width_m * 5 + rng.uniform(0, 6)) * 0.5 + 0.5
    bare = float(row.get("gaps", 0.0))
    for x, clump in zip(spots.tolist(), clumps.tolist(), strict=True):
        if abs(x - ctx.start.eye_m[0]) < gap_m or clump < bare * rng.random():
            continue
        size = high * (0.55 + 0.45 * rng.random()) * (0.72 + 0.28 * clump)
        TREES[row["shape"]](brush, rng, x, size, local * rng.uniform(0.8, 1.2), 0.8 * light.white)
        if row["shape"] in ("trees", "mangroves"):
            brush.flush()
    brush.flush()
    if row.get("brush", True):
        _brushwood(brush, rng, left, width_m, high, local, gap_m)
    return replace(painter.finish(blur_px=0.0), focus=focus_of(ctx))


def _brushwood(
    brush: _Brush,
    rng: np.random.Generator,
    left: float,
    width_m: float,
    high: float,
    local: NDArray[np.float64],
    gap_m: float,
) -> None:
    """Paint low bushes along the foot, so that no trunk stands on a ruled line."""
    count = int(width_m / (high * 0.07))
    for _ in range(min(count, 900)):
        x = left + rng.random() * width_m
        if abs(x - (left + width_m / 2)) < gap_m:
            continue
        s = high * rng.uniform(0.03, 0.09)
        brush.leaf(
            x,
            s * 0.35,
            (s * 1.5, s * 0.8),
            rng.normal(0, 0.25),
            local * rng.uniform(0.7, 1.3),
            rng.normal(-0.15, 0.3),
        )
    brush.flush()
