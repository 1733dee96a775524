"""Trees on cards: trunks with a rim of light, branches, twigs and leaves. Knows no camera move.

A forest is five or so of these cards, one behind the other; each is paler than the one before it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.card import Card, CardPainter
from soundstage.render.previz.places.foliage import (
    Air,
    TreeCard,
    leaf_rows,
    paint_canopy,
    paint_foot,
    stroke_row,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.view import View

BARK = (0.090, 0.072, 0.058)  #: local colour
ROOT_M = -0.04  #: trunks begin a little under the floor
MOST_BLUR = 0.0127  #: of the frame's height: a wider disc would melt trunks into the air
#: (offset from the axis, width, opacity) in trunk radii, from the dark side to the bright edge
BANDS = ((0.18, 1.45, 0.20), (0.42, 1.0, 0.30), (0.63, 0.62, 0.45), (0.80, 0.34, 0.62))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Trunk:
    x_m: float  #: at the foot
    radius_m: float
    lean: float  #: metres sideways for each metre up
    bow_m: float
    height_m: float

    def at(self, y_m: float) -> float:
        """Return the x of the axis at a height."""
        return self.x_m + self.lean * y_m


def paint_trunks(
    rng: np.random.Generator,
    view: View,
    air: Air,
    *,
    z_m: float,
    spacing_m: float,
    leaves: float,
    clear_half_m: float = 0.0,
) -> Card:
    """Paint one card of trees.

    Args:
        rng: of this card alone.
        view: the camera at the start, full-size pixels.
        air: the forest's light.
        z_m: world z of the card.
        spacing_m: mean distance between trunks.
        leaves: 0 bare .. 1 thick.
        clear_half_m: trunks keep this far from x = 0.
    """
    distance = z_m - view.eye_m[2]
    blur_px = min(float(view.coc_px(distance)), MOST_BLUR * view.height_px)
    # A blurred card holds no fine detail: a quarter of the resolution is enough for it.
    quality = 0.25 if blur_px > 0.006 * view.height_px else 0.5
    half_w, half_h = view.half_width_m(distance), view.half_height_m(distance)
    top = view.eye_m[1] + half_h * (2.1 + 2 * abs(math.tan(view.pitch_rad)))
    painter = CardPainter(
        z_m=z_m,
        left_m=view.eye_m[0] - half_w * 1.55,
        top_m=top,
        width_m=half_w * 3.1,
        height_m=top + 0.25,
        px_per_m=view.focal_px / distance * quality,
    )
    bark = air.seen(np.asarray(BARK) * (air.ambient * 0.55 + air.sun * 0.03), distance)
    card = TreeCard(painter=painter, rng=rng, air=air, view=view, distance_m=distance, bark=bark)
    paint_canopy(card, top_m=top, leaves=leaves)
    count = max(round(half_w * 3.1 / spacing_m), 2)
    places = painter.left_m + (np.arange(count) + 0.5 + rng.normal(0, 0.26, count)) / count * half_w * 3.1
    feet: list[float] = []
    for x in places[rng.permutation(count)]:
        if abs(x) < clear_half_m:
            continue
        trunk = _Trunk(
            x_m=float(x),
            radius_m=card.any(0.09, 0.23) * (1.25 if rng.random() < 0.22 else 0.82),
            lean=float(rng.normal(0, 0.045)),
            bow_m=float(rng.normal(0, 0.06)),
            height_m=top + 0.3,
        )
        _paint_branches(card, trunk, leaves)
        _paint_trunk(card, trunk)
        feet.append(trunk.x_m)
    paint_foot(card, feet)
    return painter.finish(blur_px=blur_px * quality)


def _paint_trunk(card: TreeCard, trunk: _Trunk) -> None:
    air, px, k, radius = card.air, card.painter.px, card.painter.px_per_m, trunk.radius_m
    foot = px(trunk.x_m, ROOT_M)
    waist = px(trunk.at(trunk.height_m * 0.5) + trunk.bow_m, trunk.height_m * 0.5)
    crown = px(trunk.at(trunk.height_m), trunk.height_m)
    body = (radius * 2 * k, radius * 1.25 * k)
    strokes = [stroke_row(foot, waist, crown, body, card.bark * 0.92, card.bark * 1.06)]
    knee = px(trunk.at(0.3), 0.45)
    for way in (-1.0, 0.15, 1.0):  # roots
        toe = px(trunk.x_m + way * radius * card.any(1.2, 1.9), ROOT_M - card.any(0.0, 0.06))
        bend = px(trunk.x_m + way * radius * 0.75, 0.10)
        strokes.append(stroke_row(toe, bend, knee, (radius * 0.7 * k, radius * 1.5 * k), card.bark * 0.88))
    half_w = card.view.half_width_m(card.distance_m)
    side = 1.0 if (trunk.x_m - card.view.eye_m[0]) / half_w < air.pool_x else -1.0
    share = 1 - math.exp(-air.fog_per_m * card.distance_m)
    pool = float(card.near_pool(trunk.x_m, card.view.eye_m[1]))
    glow = air.rim * (pool * (0.08 + 0.25 * share)) + air.sun * np.asarray(BARK) * 0.30
    lit = np.asarray(card.bark + glow, np.float32)

    def along(offset: float, width: float) -> tuple[tuple[float, float], ...]:
        # A line beside the axis that narrows with the trunk.
        o = offset * radius * k
        return (
            (foot[0] + o, foot[1]),
            (waist[0] + o * 0.88, waist[1]),
            (crown[0] + o * 0.62, crown[1]),
            (radius * width * k, radius * width * 0.62 * k),
        )

    for number, (offset, width, alpha) in enumerate(BANDS):
        glow = card.bark + (lit - card.bark) * (0.45 + 0.2 * number)
        row = along(side * offset, width)
        strokes.append(stroke_row(row[0], row[1], row[2], row[3], glow * 0.9, glow, (alpha, alpha * 0.85)))
    if radius * k > 4:
        strokes += [_furrow(card, trunk, lit) for _ in range(7)]
    if air.white > 0:
        row = along(-side * 0.7, 0.4)
        snow = air.seen(air.ambient * 0.8, card.distance_m)
        strokes.append(
            stroke_row(row[0], row[1], row[2], row[3], snow, alpha=(0.7 * air.white, 0.5 * air.white))
        )
    card.painter.strokes(strokes)


def _furrow(card: TreeCard, trunk: _Trunk, lit: NDArray[np.float32]) -> list[float]:
    k = card.painter.px_per_m
    offset = card.any(-0.85, 0.85) * trunk.radius_m
    low, high = sorted((card.any(0, trunk.height_m), card.any(0, trunk.height_m)))
    a = card.painter.px(trunk.at(low) + offset, low)
    b = card.painter.px(trunk.at(high) + offset * (1 - 0.35 * high / trunk.height_m), high)
    colour = card.bark * 0.72 if card.rng.random() < 0.7 else card.bark + (lit - card.bark) * 0.5
    middle = ((a[0] + b[0]) / 2 + trunk.bow_m * k * 0.5, (a[1] + b[1]) / 2)
    width = (trunk.radius_m * 0.14 * k, trunk.radius_m * 0.08 * k)
    return stroke_row(a, middle, b, width, colour, alpha=(0.5, 0.3))


def _paint_branches(card: TreeCard, trunk: _Trunk, leaves: float) -> None:
    rng, px, k, radius = card.rng, card.painter.px, card.painter.px_per_m, trunk.radius_m
    strokes: list[list[float]] = []
    foliage: list[NDArray[np.floating]] = []
    for _ in range(int(rng.integers(3, 7))):
        y = card.any(0.30, 0.97) * trunk.height_m
        x = trunk.at(y)
        way = 1.0 if rng.random() < 0.5 else -1.0
        length = card.any(0.35, 1.2) * (0.6 + radius * 2.5)
        rise = length * card.any(0.25, 0.95)
        width = (min(radius * 0.42, 0.055) * k, radius * 0.05 * k)
        middle, end = px(x + way * length * 0.5, y + rise * 0.25), px(x + way * length, y + rise)
        strokes.append(stroke_row(px(x, y), middle, end, width, card.bark))
        for _ in range(3):
            t = card.any(0.4, 1.0)
            at_x, at_y = x + way * length * t, y + rise * t * t
            joint = px(at_x, at_y)
            tip = px(at_x + way * length * 0.30, at_y + float(rng.normal(0.05, 0.14)))
            bent = ((tip[0] + joint[0]) / 2, (tip[1] + joint[1]) / 2 + 0.02 * k)
            twig = (min(radius * 0.15, 0.02) * k, radius * 0.03 * k)
            strokes.append(stroke_row(joint, bent, tip, twig, card.bark))
        t = rng.uniform(0.3, 1.1, int(16 * leaves))
        dx, dy = rng.normal(0, 0.13, len(t)), rng.normal(0, 0.12, len(t))
        foliage.append(np.stack([x + way * length * t + dx, y + rise * t * t + dy]))
    card.painter.strokes(strokes)
    at = np.concatenate(foliage, axis=1)
    card.painter.ellipses(leaf_rows(card, at[0], at[1]))
