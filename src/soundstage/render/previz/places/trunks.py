"""Trees on cards: trunks with a rim of light, branches, hanging leaves, tufts at the foot. Knows no camera move.

A forest is five or so of these cards, one behind the other; each is paler than the one before it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.card import Card, CardPainter

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.view import View

BARK = (0.090, 0.072, 0.058)  #: local colour
LEAF = (0.075, 0.135, 0.030)
ROOT_M = -0.04  #: trunks begin a little under the floor


@dataclass(frozen=True, slots=True, kw_only=True)
class Air:
    """The light under the trees, as the painters of one forest share it. Colours are (3,) float32 arrays."""

    fog: NDArray[np.float32]
    fog_per_m: float
    ambient: NDArray[np.float32]
    sun: NDArray[np.float32]  #: what comes through the leaves
    rim: NDArray[np.float32]
    pool_x: float  #: where the light stands in the frame, in half widths from the middle
    white: float  #: 0..1 snow that lies
    wind: float

    def seen(self, colour: NDArray[np.floating], distance_m: float) -> NDArray[np.float32]:
        """Return a colour (3,) as it looks from this far away."""
        share = 1 - math.exp(-self.fog_per_m * distance_m)
        return np.asarray(colour * (1 - share) + self.fog * (share * 0.86), np.float32)


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
    blur_px = min(float(view.coc_px(distance)), 0.0127 * view.height_px)
    # A blurred card holds no fine detail: a quarter of the resolution is enough for it.
    quality = 0.25 if blur_px > 0.006 * view.height_px else 0.5
    half_w = view.half_width_m(distance)
    half_h = view.half_height_m(distance)
    top = view.eye_m[1] + half_h * 2.1 + view.half_height_m(distance) * abs(math.tan(view.pitch_rad)) * 2
    painter = CardPainter(
        z_m=z_m,
        left_m=view.eye_m[0] - half_w * 1.55,
        top_m=top,
        width_m=half_w * 3.1,
        height_m=top + 0.25,
        px_per_m=view.focal_px / distance * quality,
    )
    base = air.seen(np.asarray(BARK) * (air.ambient * 0.55 + air.sun * 0.03), distance)
    count = max(round(half_w * 3.1 / spacing_m), 2)
    places = painter.left_m + (np.arange(count) + 0.5 + rng.normal(0, 0.26, count)) / count * half_w * 3.1
    _paint_canopy(painter, rng, air, view, distance, top, leaves)
    order = rng.permutation(count)
    for x in places[order]:
        if abs(x) < clear_half_m:
            continue
        big = 1.25 if rng.random() < 0.22 else 0.82
        radius = float(rng.uniform(0.09, 0.23)) * big
        _paint_trunk(painter, rng, air, view, distance, float(x), radius, top, base, leaves)
    _paint_foot(painter, rng, air, distance, half_w, base)
    return painter.finish(blur_px=blur_px * quality)


def _light_at(x_m: float, y_m: float, view: View, air: Air, distance: float) -> float:
    """Return 0..1: how near a point of the card lies to the pool of light behind the trees."""
    u = (x_m - view.eye_m[0]) / view.half_width_m(distance) - air.pool_x
    v = (y_m - view.eye_m[1]) / view.half_width_m(distance) - 0.05
    return math.exp(-(u * u) / 0.38 - (v * v) / 1.4)


def _paint_trunk(
    painter: CardPainter,
    rng: np.random.Generator,
    air: Air,
    view: View,
    distance: float,
    x: float,
    radius: float,
    top: float,
    base: NDArray[np.float32],
    leaves: float,
) -> None:
    k = painter.px_per_m
    lean = float(rng.normal(0, 0.045))
    bow = float(rng.normal(0, 0.06))
    height = top + 0.3
    foot = painter.px(x, ROOT_M)
    waist = painter.px(x + lean * height * 0.5 + bow, height * 0.5)
    crown = painter.px(x + lean * height, height)
    strokes: list[list[float]] = []
    _paint_branches(painter, rng, air, view, distance, x, radius, lean, height, base, leaves)
    strokes.append(
        stroke_row(foot, waist, crown, (radius * 2 * k, radius * 1.25 * k), base * 0.92, base * 1.06)
    )
    knee = painter.px(x + lean * 0.3, 0.45)
    for way in (-1.0, 0.15, 1.0):  # roots
        toe = painter.px(x + way * radius * float(rng.uniform(1.2, 1.9)), ROOT_M - 0.02)
        bend = painter.px(x + way * radius * 0.75, 0.10)
        strokes.append(stroke_row(toe, bend, knee, (radius * 0.7 * k, radius * 1.5 * k), base * 0.88))
    side = 1.0 if (x - view.eye_m[0]) / view.half_width_m(distance) < air.pool_x else -1.0
    near_light = _light_at(x, view.eye_m[1], view, air, distance)
    share = 1 - math.exp(-air.fog_per_m * distance)
    lit = base + air.rim * (near_light * (0.16 + 0.5 * share) * 0.50) + air.sun * np.asarray(BARK) * 0.30
    # From the dark side to the bright edge in four overlapping bands, or the trunk looks like a board.
    for band, (offset, width, alpha) in enumerate(
        ((0.18, 1.45, 0.20), (0.42, 1.0, 0.30), (0.63, 0.62, 0.45), (0.80, 0.34, 0.62))
    ):
        o = side * radius * offset * k
        glow = base + (lit - base) * (0.45 + 0.2 * band)
        strokes.append(
            stroke_row(
                (foot[0] + o, foot[1]),
                (waist[0] + o * 0.88, waist[1]),
                (crown[0] + o * 0.62, crown[1]),
                (radius * width * k, radius * width * 0.62 * k),
                glow * 0.9,
                glow,
                (alpha, alpha * 0.85),
            )
        )
    for _ in range(7 if radius * k > 4 else 0):  # furrows of the bark
        o = float(rng.uniform(-0.85, 0.85)) * radius
        low, high = sorted(float(v) for v in rng.uniform(0, height, 2))
        a = painter.px(x + lean * low + o, low)
        b = painter.px(x + lean * high + o * (1 - 0.35 * high / height), high)
        dark = base * 0.72 if rng.random() < 0.7 else base + (lit - base) * 0.5
        mid = ((a[0] + b[0]) / 2 + bow * k * 0.5, (a[1] + b[1]) / 2)
        strokes.append(stroke_row(a, mid, b, (radius * 0.14 * k, radius * 0.08 * k), dark, alpha=(0.5, 0.3)))
    if air.white > 0:
        o = -side * radius * 0.7 * k
        strokes.append(
            stroke_row(
                (foot[0] + o, foot[1]),
                (waist[0] + o, waist[1]),
                (crown[0] + o * 0.6, crown[1]),
                (radius * 0.4 * k, radius * 0.25 * k),
                air.seen(air.ambient * 0.8, distance),
                alpha=(0.7 * air.white, 0.5 * air.white),
            )  # fmt: skip
        )
    painter.strokes(strokes)


def _paint_branches(
    painter: CardPainter,
    rng: np.random.Generator,
    air: Air,
    view: View,
    distance: float,
    x: float,
    radius: float,
    lean: float,
    height: float,
    base: NDArray[np.float32],
    leaves: float,
) -> None:
    k = painter.px_per_m
    strokes: list[list[float]] = []
    foliage: list[list[float]] = []
    for _ in range(int(rng.integers(3, 7))):
        at = float(rng.uniform(0.30, 0.97)) * height
        way = 1.0 if rng.random() < 0.5 else -1.0
        length = float(rng.uniform(0.35, 1.2)) * (0.6 + radius * 2.5)
        rise = length * float(rng.uniform(0.25, 0.95))
        bx = x + lean * at
        start = painter.px(bx, at)
        middle = painter.px(bx + way * length * 0.5, at + rise * 0.25)
        end = painter.px(bx + way * length, at + rise)
        strokes.append(stroke_row(start, middle, end, (min(radius * 0.42, 0.055) * k, radius * 0.05 * k), base))
        for _ in range(3):  # twigs
            t = float(rng.uniform(0.4, 1.0))
            px, py = bx + way * length * t, at + rise * t * t
            tip = painter.px(px + way * length * 0.30, py + float(rng.normal(0.05, 0.14)))
            joint = painter.px(px, py)
            bent = ((tip[0] + joint[0]) / 2, (tip[1] + joint[1]) / 2 + 0.02 * k)
            strokes.append(stroke_row(joint, bent, tip, (min(radius * 0.15, 0.02) * k, radius * 0.03 * k), base))
        for _ in range(int(16 * leaves)):
            t = float(rng.uniform(0.3, 1.1))
            lx = bx + way * length * t + float(rng.normal(0, 0.13))
            ly = at + rise * t * t + float(rng.normal(0, 0.12))
            foliage.append(_leaf(painter, rng, air, view, distance, lx, ly))
    painter.strokes(strokes)
    painter.ellipses(foliage)


def _leaf(
    painter: CardPainter,
    rng: np.random.Generator,
    air: Air,
    view: View,
    distance: float,
    x: float,
    y: float,
) -> list[float]:
    through = _light_at(x, y, view, air, distance) * float(rng.random())
    local = np.asarray(LEAF) * (1 - air.white) + 0.7 * air.white
    colour = local * (air.ambient * float(rng.uniform(0.4, 1.1)) + air.sun * (0.10 + 0.9 * through))
    lit = air.seen(colour, distance) + air.rim * 0.10 * through
    angle = float(rng.uniform(0, math.tau))
    length = float(rng.uniform(0.025, 0.06)) * painter.px_per_m
    return [
        *painter.px(x, y), max(length, 1.1), max(length * 0.45, 0.8), math.cos(angle), math.sin(angle),
        *(float(v) for v in lit), 0.9, 0.12, 1.0,
    ]  # fmt: skip


def _paint_canopy(
    painter: CardPainter,
    rng: np.random.Generator,
    air: Air,
    view: View,
    distance: float,
    top: float,
    leaves: float,
) -> None:
    """Hang clumps of leaves from above the frame; they close it and let light through in spots."""
    half_h = view.half_height_m(distance)
    line = view.eye_m[1] + half_h * 0.92
    clumps = round(11 * leaves * painter.width / painter.px_per_m / max(half_h, 0.3) * 0.5)
    foliage: list[list[float]] = []
    for _ in range(clumps):
        cx = float(rng.uniform(painter.left_m, painter.left_m + painter.width / painter.px_per_m))
        cy = line + abs(float(rng.normal(0, 0.55))) * half_h
        if cy > top:
            continue
        spread = half_h * float(rng.uniform(0.07, 0.20))
        for _ in range(26):
            x, y = cx + float(rng.normal(0, spread)), cy + float(rng.normal(0, spread * 0.55))
            foliage.append(_leaf(painter, rng, air, view, distance, x, y))
    painter.ellipses(foliage)


def _paint_foot(
    painter: CardPainter,
    rng: np.random.Generator,
    air: Air,
    distance: float,
    half_w: float,
    base: NDArray[np.float32],
) -> None:
    """Grow tufts along the ground line, so that no trunk stands on a bare edge."""
    k = painter.px_per_m
    strokes: list[list[float]] = []
    wave = float(rng.uniform(0, math.tau))
    green = air.seen(np.asarray(LEAF) * (air.ambient * 0.7 + air.sun * 0.16), distance)
    pale = air.seen(air.ambient * 0.75, distance)
    for _ in range(round(150 * min(half_w, 5.0) ** 0.8)):
        x = painter.left_m + float(rng.uniform(0, half_w * 3.1))
        clump = 0.5 + 0.5 * math.sin(x * 1.9 + wave) * math.sin(x * 0.7 + wave * 2)
        height = float(rng.uniform(0.06, 0.20)) + 0.55 * clump**2 * float(rng.random())
        bend = float(rng.normal(0, 0.10))
        tip = (base * 0.45 + green * 0.6) * (1 - air.white) + pale * air.white
        strokes.append(
            stroke_row(
                painter.px(x, -0.10),
                painter.px(x + bend * 0.25, height * 0.6),
                painter.px(x + bend, height),
                (0.022 * k, 0.004 * k),
                base * 0.80,
                tip,
                (0.0, 1.0),  # the feet fade into the floor: no card shows its lower edge
            )  # fmt: skip
        )
    painter.strokes(strokes)
