"""Painting what is lower than a tree: cacti, bushes, tufts, flowers, wheat, jungle leaves; and jungle giants.

As in `land_flora`, a painter gets a `Bed` and returns a premultiplied picture on its foot.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.canvas import Canvas
from soundstage.render.previz.places import land_flora as trees
from soundstage.render.previz.places.land_light import WHITE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.land_flora import Bed


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
    return canvas.image()


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
    return canvas.image()


def fern_tree(bed: Bed) -> NDArray[np.float32]:
    """A jungle giant: a tall pale trunk with buttresses, vines, a dark spread crown, big leaves below."""
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
    return canvas.image()


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
                            [mid[0] + o * 0.2, mid[1] + 8, mid[0] + o, mid[1] - 6, *tip, 19, 3,
                             *low, 1, *high, 1, 0, 0]])  # fmt: skip
    return canvas.image()


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
        canvas.ellipses(np.array([[hx, hy, size, size * bed.any(0.55, 0.9), 1, 0, *lit, 1.0, 0.25, 0.0]]))
        core = lit * 0.45 + bed.light.fill * 0.05
        eye = [hx, hy - size * 0.15, size * 0.34, size * 0.26, 1, 0, *core, 0.9, 0.4, 0.0]
        canvas.ellipses(np.array([eye]))
    return canvas.image()


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
    return canvas.image()


PAINTERS: Mapping[str, Callable[[Bed], NDArray[np.float32]]] = {
    "pine": trees.pine, "broadleaf": trees.broadleaf, "acacia": trees.acacia, "palm": trees.palm,
    "cactus": cactus, "bush": bush,
    "fern_tree": fern_tree, "big_leaves": big_leaves, "tuft": tuft, "flowers": flowers, "wheat": wheat,
    "lavender": lavender, "bough": bough,
}  # fmt: skip
