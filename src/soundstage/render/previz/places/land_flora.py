"""Painting trees in the light of the hour: pines, broad crowns, acacias, palms.

A painter gets a `Bed` (its generator, the light, the season's tint) and returns a premultiplied picture
of one plant whose foot is the middle of the lower edge.
"""

from __future__ import annotations

import math
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
        size: tuple[float, float], colour: NDArray[np.floating], *,
        open_to: NDArray[np.floating] | float = 1.0,
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
                canvas, x, yy, normal, (2.2, 4.4), bed.colour * bed.tint**0.25,
                open_to=dark * (1.0 if dz < 0.2 else 0.6),
                long=0.42, through=0.18, white=bed.any(0.25, 1.0) if dz < 0.5 else 0.3,
            )  # fmt: skip
    return canvas.image()


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
        return canvas.image()
    balls: list[tuple[float, float, float]] = []
    for _ in range(26):
        a, r = bed.any(0, math.tau), bed.any(0.0, 1.0) ** 0.5
        balls.append(
            (crown[1] - math.sin(a) * r * h * 0.25, crown[0] + math.cos(a) * r * w * 0.33, bed.any(24, 40))
        )
    for y, x, r in sorted(balls):
        bed.ball(canvas, (x, y), (r, r * 0.8), 105, (2.4, 5.0), bed.colour * bed.tint)
    return canvas.image()


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
    return canvas.image()


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
    return canvas.image()
