"""Painting what grows: pines, broad crowns, acacias, palms, cacti, bushes, tufts. In the light of the hour.

A painter gets a `Bed` (its generator, the light, the season's tint, snow) and returns a premultiplied picture of
one plant whose foot is the middle of the lower edge.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.places.land_light import WHITE, LandLight

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
BARK = (0.075, 0.058, 0.045)


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """What a painter of plants is told."""

    rng: np.random.Generator
    light: LandLight
    tint: NDArray[np.float64]  #: (3,) of the season
    colour: NDArray[np.float64]  #: (3,) local colour of leaves, petals or needles
    second: NDArray[np.float64]  #: (3,) of what is between them: stems, bark

    def any(self, low: float, high: float) -> float:
        """Return a number drawn evenly between two."""
        return float(self.rng.uniform(low, high))

    def leaves(
        self, canvas: Canvas, x: NDArray[np.floating], y: NDArray[np.floating], normal: NDArray[np.floating],
        size: tuple[float, float], colour: NDArray[np.floating], *, open_to: NDArray[np.floating] | float = 1.0,
        long: float = 0.5, through: float = 0.55, white: float = 1.0,
    ) -> None:  # fmt: skip
        """Paint leaves at pixels (N,), lit by normals (N, 3); snow lies on those that face up."""
        count = len(x)
        tone = self.rng.uniform(0.65, 1.3, (count, 1))
        local = np.broadcast_to(colour, (count, 3)) * tone
        snow = (np.clip(normal[:, 1] * 1.6 - 0.1, 0, 1) * self.light.white * white)[:, None]
        local = local * (1 - snow) + np.array(WHITE) * snow
        lit = self.light.on(local, normal, self.light.open_sky, open_to, through * (1 - snow[:, 0]))
        angle = self.rng.uniform(0, math.tau, count)
        length = self.rng.uniform(*size, count)
        rows = np.zeros((count, 12), np.float32)
        rows[:, 0], rows[:, 1] = x, y
        rows[:, 2], rows[:, 3] = np.maximum(length, 0.9), np.maximum(length * long, 0.8)
        rows[:, 4], rows[:, 5] = np.cos(angle), np.sin(angle)
        rows[:, 6:9] = lit
        rows[:, 9], rows[:, 10], rows[:, 11] = 0.95, 0.3, 1.0
        canvas.ellipses(rows)

    def limb(
        self, canvas: Canvas, points: list[tuple[float, float]], width: tuple[float, float],
        colour: NDArray[np.floating] | tuple[float, float, float] = BARK,
    ) -> None:  # fmt: skip
        """Paint a trunk or branch through three points, its sunny side brighter."""
        light = self.light
        side = np.array([[-0.8, 0.1, -0.6], [0.8, 0.1, -0.6], [0.0, 0.1, -1.0]])
        left, right, front = light.on(np.broadcast_to(np.asarray(colour), (3, 3)), side, light.open_sky)
        rim = light.rim * f32(0.05 * max(float(light.sun[2]), 0) * light.open_sky)
        (x0, y0), (x1, y1), (x2, y2) = points
        rows = []
        for shift, share, lit in ((0.0, 1.0, front), (-0.27, 0.42, left + rim * (light.sun[0] < 0)),
                                  (0.27, 0.42, right + rim * (light.sun[0] >= 0))):  # fmt: skip
            o = shift * width[0]
            row = [
                x0 + o,
                y0,
                x1 + o * 0.9,
                y1,
                x2 + shift * width[1],
                y2,
                width[0] * share,
                width[1] * share,
            ]
            rows.append(
                [*row, *(lit * 0.9), 1.0 if share == 1 else 0.7, *lit, 1.0 if share == 1 else 0.7, 0.0, 0.0]
            )
        canvas.strokes(np.array(rows, np.float32))

    def ball(
        self, canvas: Canvas, at: tuple[float, float], radius: tuple[float, float], count: int,
        size: tuple[float, float], colour: NDArray[np.floating], *, through: float = 0.55,
    ) -> None:  # fmt: skip
        """Paint a ball of leaves, the far ones first and darker."""
        way = self.rng.normal(0, 1, (count, 3))
        way /= np.linalg.norm(way, axis=1, keepdims=True)
        way = way[np.argsort(-way[:, 2])]
        out = self.rng.uniform(0.45, 1.0, count) ** 0.5
        inner = 0.35 + 0.65 * np.clip(out * (0.65 + 0.35 * way[:, 1]) + 0.15, 0, 1)
        x, y = at[0] + way[:, 0] * radius[0] * out, at[1] - way[:, 1] * radius[1] * out
        self.leaves(canvas, x, y, way, size, colour, open_to=inner, through=through)


def _done(canvas: Canvas) -> NDArray[np.float32]:
    return canvas.image()


def pine(bed: Bed) -> NDArray[np.float32]:
    """Tiers of drooping branches, dark within, snow on top of each."""
    h, w = 300, 132
    canvas = Canvas(w, h)
    mid = w / 2
    bed.limb(canvas, [(mid, h), (mid, h * 0.5), (mid, 6)], (7.0, 1.0))
    tiers = int(bed.any(19, 24))
    slim = bed.any(0.75, 1.0)
    for k in range(tiers):
        u = (k + 0.4) / tiers  # from the foot up
        y = h * (0.93 - 0.90 * u)
        reach = w * 0.48 * slim * (1 - u) ** 0.85 + 2
        arms = 9
        for _ in range(arms):
            turn = bed.any(0, math.tau)
            dx, dz = math.cos(turn), math.sin(turn)
            length = reach * bed.any(0.7, 1.12)
            count = max(int(length * 0.75), 5)
            t = np.linspace(0.08, 1, count)
            x = mid + dx * length * t + bed.rng.normal(0, 1.0, count)
            droop = length * (0.22 + 0.20 * t) * t + bed.rng.normal(0, 1.2, count)
            yy = y + droop + dz * 2.0
            normal = np.column_stack(
                [dx * t * 0.8, np.full(count, 0.55) + bed.rng.normal(0, 0.25, count), dz * t * 0.8]
            )
            normal /= np.linalg.norm(normal, axis=1, keepdims=True)
            dark = 0.30 + 0.70 * t
            bed.leaves(
                canvas, x, yy, normal, (2.2, 4.4), bed.colour * bed.tint**0.25, open_to=dark * (1.0 if dz < 0.2 else 0.6),
                long=0.42, through=0.18, white=bed.any(0.25, 1.0) if dz < 0.5 else 0.3,
            )  # fmt: skip
    return _done(canvas)


def broadleaf(bed: Bed) -> NDArray[np.float32]:
    """A trunk that forks, and a crown of many balls of leaves."""
    h, w = 280, 280
    canvas = Canvas(w, h)
    mid, fork = w / 2 + bed.any(-8, 8), h * 0.66
    crown = (w / 2, h * 0.38)
    bare = 1.0 if bed.light.white > 0.6 else 0.0
    bed.limb(canvas, [(w / 2, h), (mid, h * 0.8), (mid, fork)], (15.0, 10.0), bed.second)
    for k in range(9):
        a = -math.pi / 2 + (k - 4) * 0.30 + bed.any(-0.1, 0.1)
        tip = (crown[0] + math.cos(a) * w * 0.36, crown[1] + 20 + math.sin(a) * h * 0.30)
        bend = ((mid + tip[0]) / 2 + bed.any(-6, 6), (fork + tip[1]) / 2 + 8)
        bed.limb(canvas, [(mid, fork + 6), bend, tip], (7.0, 1.6), bed.second)
        for _ in range(int(5 * bare)):
            twig = (tip[0] + bed.any(-26, 26), tip[1] + bed.any(-34, 10))
            bed.limb(
                canvas,
                [bend, ((bend[0] + twig[0]) / 2, (bend[1] + twig[1]) / 2 - 5), twig],
                (2.2, 0.8),
                bed.second,
            )
    if bare:
        return _done(canvas)
    balls = []
    for _ in range(26):
        a, r = bed.any(0, math.tau), bed.any(0.0, 1.0) ** 0.5
        balls.append(
            (crown[0] + math.cos(a) * r * w * 0.33, crown[1] - math.sin(a) * r * h * 0.25, bed.any(24, 40))
        )
    for x, y, r in sorted(balls, key=lambda b: b[1], reverse=False):
        bed.ball(canvas, (x, y), (r, r * 0.8), 105, (2.4, 5.0), bed.colour * bed.tint)
    return _done(canvas)


def acacia(bed: Bed) -> NDArray[np.float32]:
    """A flat umbrella on a forked trunk: the savanna's own outline."""
    h, w = 200, 320
    canvas = Canvas(w, h)
    foot, fork = (w / 2, h), (w / 2 + bed.any(-14, 14), h * 0.62)
    bed.limb(canvas, [foot, (w / 2 + bed.any(-6, 6), h * 0.8), fork], (11.0, 7.0), bed.second)
    for k in range(8):
        u = (k + 0.5) / 8 * 2 - 1
        tip = (w / 2 + u * w * 0.40, h * (0.26 + 0.05 * abs(u)))
        bed.limb(
            canvas,
            [fork, ((fork[0] + tip[0]) / 2 - u * 8, (fork[1] + tip[1]) / 2 + 14), tip],
            (4.6, 1.0),
            bed.second,
        )
    for level, share in ((0.30, 1.0), (0.23, 0.92), (0.16, 0.62)):
        for _ in range(16):
            u = bed.any(-1, 1)
            at = (w / 2 + u * w * 0.44 * share, h * (level + 0.05 * u * u + bed.any(-0.02, 0.02)))
            bed.ball(canvas, at, (24.0, 8.0), 62, (1.8, 3.4), bed.colour * bed.tint, through=0.4)
    return _done(canvas)


def palm(bed: Bed) -> NDArray[np.float32]:
    """A bowed trunk with rings, and fronds that hang from its top."""
    h, w = 300, 240
    canvas = Canvas(w, h)
    lean = bed.any(-34, 34)
    top = (w / 2 + lean * 0.9, h * 0.27)
    bed.limb(canvas, [(w / 2 - lean * 0.5, h), (w / 2 - lean * 0.3, h * 0.6), top], (11.0, 6.0), bed.second)
    for k in range(17):
        a = bed.any(-0.35, math.pi + 0.35)
        reach = bed.any(0.32, 0.46) * w
        tip = (top[0] + math.cos(a) * reach, top[1] - math.sin(a) * reach * 0.55 + reach * 0.38)
        mid = (top[0] + math.cos(a) * reach * 0.55, top[1] - math.sin(a) * reach * 0.62 - reach * 0.12)
        t = np.linspace(0.08, 1, 46)[:, None]
        spine = (1 - t) ** 2 * np.array(top) + 2 * t * (1 - t) * np.array(mid) + t**2 * np.array(tip)
        rows = []
        for (x, y), u in zip(spine, t[:, 0], strict=True):
            for side in (-1, 1):
                length = reach * 0.30 * (1.1 - u)
                lit = bed.light.on(
                    bed.colour * bed.any(0.6, 1.3), np.array([0.3 * math.cos(a), 0.65, 0.45 * side]),
                    bed.light.open_sky, 0.5 + 0.5 * u, 0.5,
                )  # fmt: skip
                end = (x + math.cos(a) * length * 0.5 + side * 2, y + length * (0.75 if side > 0 else 0.45))
                rows.append(
                    [
                        x,
                        y,
                        (x + end[0]) / 2,
                        (y + end[1]) / 2 - 3,
                        *end,
                        2.6,
                        0.5,
                        *lit,
                        0.95,
                        *lit,
                        0.9,
                        0,
                        0,
                    ]
                )
        canvas.strokes(np.array(rows, np.float32))
        del k
    return _done(canvas)


def cactus(bed: Bed) -> NDArray[np.float32]:
    """A ribbed column with arms that turn up."""
    h, w = 240, 150
    canvas = Canvas(w, h)

    def column(x: float, low: float, high: float, wide: float) -> None:
        for k in range(9):
            u = (k - 4) / 4.5
            normal = np.array([u, 0.15, -math.sqrt(max(1 - u * u, 0.05))])
            lit = bed.light.on(bed.colour * (0.8 if k % 2 else 1.15), normal, bed.light.open_sky, 0.8)
            o = u * wide * 0.46
            canvas.strokes(
                [
                    [
                        x + o,
                        low,
                        x + o,
                        (low + high) / 2,
                        x + o * 0.75,
                        high + abs(o) * 0.5,
                        wide * 0.17,
                        wide * 0.13,
                        *lit,
                        1,
                        *lit,
                        1,
                        0,
                        0,
                    ]
                ]
            )

    mid = w / 2
    column(mid, h, 8, 30)
    for side in (-1.0, 1.0):
        if bed.any(0, 1) < 0.18:
            continue
        y = h * bed.any(0.42, 0.62)
        x = mid + side * bed.any(36, 48)
        lit = bed.light.on(bed.colour, np.array([0.0, -0.2, -1.0]), bed.light.open_sky, 0.6)
        canvas.strokes([[mid, y, (mid + x) / 2, y + 7, x, y, 19, 19, *lit, 1, *lit, 1, 0, 0]])
        column(x, y + 7, y - bed.any(48, 92), 20)
    return _done(canvas)


def bush(bed: Bed) -> NDArray[np.float32]:
    """A low heap of leaves."""
    h, w = 110, 180
    canvas = Canvas(w, h)
    for _ in range(9):
        x = bed.any(0.22, 0.78) * w
        tall = h * (0.55 - 0.9 * abs(x / w - 0.5)) * bed.any(0.75, 1.2)
        bed.ball(
            canvas, (x, h - tall * 0.8), (30.0, max(tall * 0.8, 10)), 130, (2.2, 4.6), bed.colour * bed.tint
        )
    return _done(canvas)


def fern_tree(bed: Bed) -> NDArray[np.float32]:
    """A jungle giant: a tall pale trunk with buttresses, hanging vines, a dark spread crown, big leaves below."""
    h, w = 330, 250
    canvas = Canvas(w, h)
    mid = w / 2
    bed.limb(
        canvas,
        [(mid, h), (mid + bed.any(-8, 8), h * 0.6), (mid + bed.any(-10, 10), h * 0.14)],
        (17.0, 10.0),
        bed.second,
    )
    for side in (-1, -0.5, 0.6, 1):
        bed.limb(
            canvas,
            [(mid + side * 26, h), (mid + side * 9, h * 0.95), (mid + side * 4, h * 0.82)],
            (8, 3),
            bed.second,
        )
    for _ in range(22):
        x, y = mid + bed.any(-0.44, 0.44) * w, h * bed.any(0.06, 0.30)
        bed.ball(canvas, (x, y), (34.0, 22.0), 80, (3.0, 7.0), bed.colour * bed.any(0.6, 1.2))
    for _ in range(13):
        x, top = mid + bed.any(-0.40, 0.40) * w, h * bed.any(0.2, 0.34)
        end = top + bed.any(0.15, 0.55) * h
        bed.limb(
            canvas,
            [(x, top), (x + bed.any(-14, 14), (top + end) / 2), (x + bed.any(-5, 5), end)],
            (1.8, 1.0),
            bed.colour * 0.5,
        )
    for _ in range(5):
        bed.ball(
            canvas,
            (mid + bed.any(-0.3, 0.3) * w, h * bed.any(0.90, 0.98)),
            (34.0, 22.0),
            70,
            (5.0, 11.0),
            bed.colour,
        )
    return _done(canvas)


def big_leaves(bed: Bed) -> NDArray[np.float32]:
    """Banana leaves and fronds that rise from one foot."""
    h, w = 200, 240
    canvas = Canvas(w, h)
    for _ in range(15):
        a = -math.pi / 2 + bed.any(-1.15, 1.15)
        reach = h * bed.any(0.6, 0.98)
        tip = (
            w / 2 + math.cos(a) * reach * 0.8,
            h + math.sin(a) * reach * 0.80 + reach * 0.22 * abs(math.cos(a)),
        )
        mid = (w / 2 + math.cos(a) * reach * 0.42, h + math.sin(a) * reach * 0.75)
        tone = bed.any(0.6, 1.35)
        for shift, gain in ((-0.22, 0.75), (0.22, 1.15)):
            normal = np.array([math.copysign(0.6, shift), 0.6, -0.35])
            low = bed.light.on(bed.colour * tone * gain * 0.45, normal, bed.light.open_sky, 0.35, 0.3)
            high = bed.light.on(bed.colour * tone * gain, normal, bed.light.open_sky, 0.95, 0.7)
            o = shift * 17
            canvas.strokes([[w / 2, h, mid[0] + o, mid[1], *tip, 7, 17, *low, 1, *high, 1, 0, 0],
                            [mid[0] + o * 0.2, mid[1] + 8, mid[0] + o, mid[1] - 6, *tip, 19, 3, *low, 1, *high, 1, 0, 0]])  # fmt: skip
    return _done(canvas)


def tuft(bed: Bed) -> NDArray[np.float32]:
    """Grass or straw that stands in a clump; ears and petals come from its second colour."""
    return _clump(bed, heads=0)


def flowers(bed: Bed) -> NDArray[np.float32]:
    """A clump of stems with round blooms in the first colour over leaves in the second."""
    return _clump(bed, heads=46)


def wheat(bed: Bed) -> NDArray[np.float32]:
    """A clump of straw with long, nodding ears."""
    return _clump(bed, heads=70, ears=True)


def lavender(bed: Bed) -> NDArray[np.float32]:
    """A cushion of spikes."""
    return _clump(bed, heads=90, ears=True)


def _clump(bed: Bed, *, heads: int, ears: bool = False) -> NDArray[np.float32]:
    h, w = 120, 200
    canvas = Canvas(w, h)
    count = 330
    x = bed.rng.normal(0.5, 0.19, count).clip(0.04, 0.96) * w
    tall = h * bed.rng.uniform(0.45, 0.93, count) * (1 - 0.9 * np.abs(x / w - 0.5))
    lean = bed.rng.normal(0.04, 0.16, count) * tall
    stem = bed.second if heads else bed.colour * bed.tint
    tone = bed.rng.uniform(0.55, 1.3, (count, 1))
    normal = np.tile(np.array([0.1, 0.75, -0.5]), (count, 1)) + bed.rng.normal(0, 0.3, (count, 3))
    normal /= np.linalg.norm(normal, axis=1, keepdims=True)
    white = np.array(WHITE) * 0.8 * bed.light.white
    top = bed.light.on(
        stem * tone * (1 - 0.8 * bed.light.white) + white, normal, bed.light.open_sky, 1.0, 0.65
    )
    low = bed.light.on(stem * tone * 0.7, normal, 0.25, 0.28, 0.1)
    rows = np.zeros((count, 18), np.float32)
    rows[:, 0], rows[:, 1] = x, h + 2
    rows[:, 2], rows[:, 3] = x + lean * 0.25, h - tall * 0.6
    rows[:, 4], rows[:, 5] = x + lean, h - tall
    rows[:, 6], rows[:, 7] = 2.2, 0.7
    rows[:, 8:11], rows[:, 12:15] = low, top
    rows[:, 11], rows[:, 15] = 1.0, 0.95
    canvas.strokes(rows)
    pick = bed.rng.permutation(count)[:heads]
    for n in pick[np.argsort(tall[pick])[::-1]]:
        hx, hy = x[n] + lean[n], h - tall[n]
        way = np.array([lean[n], -tall[n]]) / max(math.hypot(lean[n], tall[n]), 1e-3)
        lit = bed.light.on(bed.colour * bed.any(0.7, 1.25), normal[n], bed.light.open_sky, 1.0, 0.75)
        if ears:
            canvas.strokes(
                [
                    [
                        hx - way[0] * 4,
                        hy - way[1] * 4,
                        hx + way[0] * 6,
                        hy + way[1] * 6,
                        hx + way[0] * 13 + 2,
                        hy + way[1] * 13 + 1,
                        3.6,
                        1.4,
                        *(lit * 0.75),
                        1,
                        *lit,
                        1,
                        0,
                        0,
                    ]
                ]
            )
            continue
        size = bed.any(2.2, 4.6)
        canvas.ellipses([[hx, hy, size, size * bed.any(0.55, 0.9), 1, 0, *lit, 1.0, 0.25, 0.0]])
        canvas.ellipses(
            [
                [
                    hx,
                    hy - size * 0.15,
                    size * 0.34,
                    size * 0.26,
                    1,
                    0,
                    *(lit * 0.45 + bed.light.fill * 0.05),
                    0.9,
                    0.4,
                    0.0,
                ]
            ]
        )
    return _done(canvas)


def bough(bed: Bed) -> NDArray[np.float32]:
    """Leafy twigs that rise into the frame from below: for the edge before the lens."""
    h, w = 170, 170
    canvas = Canvas(w, h)
    for _ in range(9):
        tip = (bed.any(0.12, 0.88) * w, h * bed.any(0.06, 0.5))
        mid = ((w / 2 + tip[0]) / 2 + bed.any(-10, 10), (h + tip[1]) / 2)
        bed.limb(canvas, [(w / 2, h), mid, tip], (4.0, 1.0), bed.second)
        for at in (mid, tip, ((mid[0] + tip[0]) / 2, (mid[1] + tip[1]) / 2)):
            bed.ball(canvas, at, (20.0, 17.0), 26, (5.0, 10.0), bed.colour * bed.tint)
    return _done(canvas)


PAINTERS: Mapping[str, Callable[[Bed], "NDArray[np.float32]"]] = {
    "pine": pine, "broadleaf": broadleaf, "acacia": acacia, "palm": palm, "cactus": cactus, "bush": bush,
    "fern_tree": fern_tree, "big_leaves": big_leaves, "tuft": tuft, "flowers": flowers, "wheat": wheat,
    "lavender": lavender, "bough": bough,
}  # fmt: skip
