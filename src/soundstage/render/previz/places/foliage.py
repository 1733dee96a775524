"""Leaves and tufts on the forest's cards, and the light all painters of one forest share. Knows no trunk."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.card import CardPainter
    from soundstage.render.previz.view import View

LEAF = (0.075, 0.135, 0.030)  #: local colour
CLUMP = 26  #: leaves that hang together


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """The light under the trees. Colours are (3,) float32 arrays."""

    fog: NDArray[np.float32]
    fog_per_m: float
    ambient: NDArray[np.float32]
    sun: NDArray[np.float32]  #: what comes through the leaves
    rim: NDArray[np.float32]
    pool_x: float  #: where the light stands in the frame, in half widths from the middle
    white: float  #: 0..1 snow that lies
    wind: float  #: 0..1

    def seen(self, colour: NDArray[np.floating], distance_m: float) -> NDArray[np.float32]:
        """Return colours (..., 3) as they look from this far away."""
        share = 1 - math.exp(-self.fog_per_m * distance_m)
        return np.asarray(colour * (1 - share) + self.fog * (share * 0.86), np.float32)


@dataclass(frozen=True, slots=True, kw_only=True)
class TreeCard:
    """One card of the forest while it is painted."""

    painter: CardPainter
    rng: np.random.Generator
    air: Air
    view: View  #: the camera at the start
    distance_m: float
    bark: NDArray[np.float32]  #: how bark looks here, unlit by the pool

    def any(self, low: float, high: float) -> float:
        """Return a number drawn evenly between two."""
        return float(self.rng.uniform(low, high))

    def near_pool(
        self, x_m: NDArray[np.floating] | float, y_m: NDArray[np.floating] | float
    ) -> NDArray[np.floating]:
        """Return 0..1: how near points of the card lie to the pool of light behind the trees."""
        half_w = self.view.half_width_m(self.distance_m)
        u = (x_m - self.view.eye_m[0]) / half_w - self.air.pool_x
        v = (y_m - self.view.eye_m[1]) / half_w - 0.05
        return np.exp(-(u * u) / 0.38 - (v * v) / 1.4)


def stroke_row(
    start: tuple[float, float],
    middle: tuple[float, float],
    end: tuple[float, float],
    width: tuple[float, float],
    colour: NDArray[np.floating],
    tip_colour: NDArray[np.floating] | None = None,
    alpha: tuple[float, float] = (1.0, 1.0),
) -> list[float]:
    """Return one row of `kernels.strokes.STROKE_COLUMNS`, in the pixels of the painter."""
    tip = colour if tip_colour is None else tip_colour
    return [*start, *middle, *end, *width, *colour, alpha[0], *tip, alpha[1], 0.0, 0.0]


def leaf_rows(card: TreeCard, x_m: NDArray[np.floating], y_m: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return leaves (N, ELLIPSE_COLUMNS) at points (N,); near the pool, light comes through them."""
    count = len(x_m)
    rng, air = card.rng, card.air
    through = (card.near_pool(x_m, y_m) * rng.random(count))[:, None]
    local = np.asarray(LEAF) * (1 - air.white) + 0.7 * air.white
    colour = local * (air.ambient * rng.uniform(0.4, 1.1, (count, 1)) + air.sun * (0.10 + 0.9 * through))
    lit = air.seen(colour, card.distance_m) + air.rim * (0.10 * through)
    angle = rng.uniform(0, math.tau, count)
    length = rng.uniform(0.025, 0.06, count) * card.painter.px_per_m
    x, y = (x_m - card.painter.left_m), (card.painter.top_m - y_m)
    place = [x * card.painter.px_per_m, y * card.painter.px_per_m]
    size = [np.maximum(length, 1.1), np.maximum(length * 0.45, 0.8)]
    tail = np.tile(np.array([0.9, 0.12, 1.0]), (count, 1))  # opacity, softness, leaf
    return np.column_stack([*place, *size, np.cos(angle), np.sin(angle), lit, tail]).astype(np.float32)


def paint_canopy(card: TreeCard, *, top_m: float, leaves: float) -> None:
    """Hang clumps of leaves from above the frame; they close it and let light through in spots."""
    half_h = card.view.half_height_m(card.distance_m)
    line = card.view.eye_m[1] + half_h * 0.92
    width_m = card.painter.width / card.painter.px_per_m
    clumps = round(5.5 * leaves * width_m / max(half_h, 0.3))
    x = card.painter.left_m + card.rng.uniform(0, width_m, clumps)
    y = line + np.abs(card.rng.normal(0, 0.55, clumps)) * half_h
    spread = half_h * card.rng.uniform(0.07, 0.20, clumps)
    off = card.rng.normal(0, 1, (2, CLUMP, clumps)) * spread
    hung = np.tile(y <= top_m, (CLUMP, 1))
    card.painter.ellipses(leaf_rows(card, (x + off[0])[hung], (y + off[1] * 0.55)[hung]))


def paint_foot(card: TreeCard, feet_m: Sequence[float]) -> None:
    """Grow tufts along the ground line, thickest around the trunks, so that none stands on a bare edge."""
    air, px, k = card.air, card.painter.px, card.painter.px_per_m
    half_w = card.view.half_width_m(card.distance_m)
    wave = card.any(0, math.tau)
    green = air.seen(np.asarray(LEAF) * (air.ambient * 0.7 + air.sun * 0.16), card.distance_m)
    pale = air.seen(air.ambient * 0.75, card.distance_m)
    tip = (card.bark * 0.45 + green * 0.6) * (1 - air.white) + pale * air.white
    strokes: list[list[float]] = []
    scattered = card.painter.left_m + card.rng.uniform(0, half_w * 3.1, round(150 * min(half_w, 5.0) ** 0.8))
    gathered = np.repeat(np.asarray(feet_m), 40) + card.rng.normal(0, 0.24, 40 * len(feet_m))
    for x in (float(v) for v in np.concatenate([scattered, gathered])):
        clump = 0.5 + 0.5 * math.sin(x * 1.9 + wave) * math.sin(x * 0.7 + wave * 2)
        height = card.any(0.06, 0.20) + 0.55 * clump**2 * float(card.rng.random())
        bend = float(card.rng.normal(0, 0.10))
        middle, end = px(x + bend * 0.25, height * 0.6), px(x + bend, height)
        # The feet fade into the floor, so that no card shows its lower edge.
        width, alpha = (0.026 * k, 0.004 * k), (0.10, 1.0)
        strokes.append(
            stroke_row(px(x, -card.any(0.07, 0.16)), middle, end, width, card.bark * 0.80, tip, alpha)
        )
    card.painter.strokes(strokes)
