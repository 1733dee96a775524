"""How a tree is painted: crowns on branches, boughs of needles, fronds. One card, lit by its hour."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.canvas import Canvas

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.light import Light

f32 = np.float32


def _lit(
    spots: NDArray[np.floating], local: NDArray[np.floating], light: Light, low: float, high: float
) -> NDArray[np.float32]:
    """Return the light of leaves (n, 3) at places of a crown whose middle is 0 and whose edge 1."""
    sun = light.sun_direction
    face = spots[:, 0] * float(sun[0]) + spots[:, 1] * max(float(sun[1]), 0.25)
    key = np.clip(0.45 + 0.75 * face, 0.04, 1.3)
    sky = np.clip(0.55 + 0.45 * spots[:, 1], low, high)
    night = 1 + 0.8 * light.darkness
    lit = np.array(light.ambient_up) * sky[:, None] * 1.1 + np.array(light.sun_colour) * 0.34 * key[:, None]
    edge = np.clip(np.hypot(spots[:, 0], spots[:, 1]) - 0.62, 0, 1)[:, None] * max(float(sun[2]), 0.0)
    return np.asarray((local * lit + edge * np.array(light.rim_colour) * local * 0.9) * night, f32)


def grow(
    form: Mapping[str, Any],
    leaves: Sequence[Sequence[float]],
    light: Light,
    rng: np.random.Generator,
    high_px: int,
) -> NDArray[np.float32]:
    """Paint a plant as a card (h, w, 4)."""
    h, w = high_px, int(high_px * float(form["wide"]))
    canvas = Canvas(w, h)
    bark = np.array(form.get("bark", (0.10, 0.065, 0.040)))
    shade = {"pine": _pine, "palm": _palm}.get(form["shape"], _broad)
    shade(canvas, form, np.array(leaves, float).reshape(-1, 3), bark, light, rng)
    return canvas.image()


def _wood(canvas: Canvas, rows: list[list[float]], bark: NDArray[np.floating], light: Light) -> None:
    side = -1.0 if light.sun_direction[0] < 0 else 1.0
    fill, key = np.array(light.ambient_up), np.array(light.sun_colour)
    dark, lit = bark * (fill * 0.9 + 0.05 * key), bark * (fill * 1.1 + 0.42 * key)
    strokes: list[list[float]] = []
    for x0, y0, xc, yc, x1, y1, w0, w1 in rows:
        strokes.append([x0, y0, xc, yc, x1, y1, w0, w1, *dark, 1, *dark, 1, 1, 1])
        d0, d1 = side * w0 * 0.24, side * w1 * 0.24
        strokes.append(
            [
                x0 + d0,
                y0,
                xc + (d0 + d1) / 2,
                yc,
                x1 + d1,
                y1,
                w0 * 0.38,
                w1 * 0.38,
                *lit,
                0.75,
                *lit,
                0.75,
                1,
                1,
            ]
        )
    canvas.strokes(strokes)


def _leaf_rows(
    x: NDArray[np.floating], y: NDArray[np.floating], size: NDArray[np.floating],
    colour: NDArray[np.floating], rng: np.random.Generator, leaf: float,
) -> NDArray[np.float32]:  # fmt: skip
    turn = rng.uniform(0, 2 * math.pi, len(x))
    rows = np.column_stack(
        [x, y, size, size * rng.uniform(0.35, 0.6, len(x)), np.cos(turn), np.sin(turn), colour,
         np.full(len(x), 0.96), np.full(len(x), 0.25), np.full(len(x), leaf)]
    )  # fmt: skip
    return rows.astype(f32)


def _broad(
    canvas: Canvas, form: Mapping[str, Any], leaves: NDArray[np.floating], bark: NDArray[np.floating],
    light: Light, rng: np.random.Generator,
) -> None:  # fmt: skip
    """A crown on branches: the trunk forks, each fork forks, leaves sit around the twigs in clumps."""
    h, w = canvas.height, canvas.width
    rows: list[list[float]] = []
    tips: list[tuple[float, float]] = []
    droop, spread = float(form.get("droop", 0.0)), float(form.get("spread", 0.52))

    def fork(x: float, y: float, angle: float, length: float, wide: float, depth: int) -> None:
        bend = angle + float(rng.normal(0, 0.16))
        x1, y1 = x + math.sin(bend) * length, y - math.cos(bend) * length + droop * length * (depth < 2)
        rows.append(
            [
                x,
                y,
                x + math.sin(angle) * length * 0.5,
                y - math.cos(angle) * length * 0.5,
                x1,
                y1,
                wide,
                wide * 0.66,
            ]
        )
        if depth <= 2:
            tips.append((x1, y1))
        if depth == 0:
            return
        for k in range(int(rng.integers(2, 4))):
            side = (k - 0.5) if k < 2 else float(rng.normal(0, 0.3))
            fork(
                x1,
                y1,
                bend * 0.75 + side * 2 * spread * float(rng.uniform(0.6, 1.1)),
                length * float(rng.uniform(0.66, 0.82)),
                wide * 0.62,
                depth - 1,
            )

    trunk = float(form.get("trunk", 0.27))
    thick = float(form.get("thick", 0.055))
    x, y = w / 2, h - 2
    for k in range(5):
        side = (k - 2) * 0.022 * h
        rows.append(
            [
                x + side,
                h - 1,
                x + side * 0.35,
                h - 0.03 * h,
                x + side * 0.15,
                h - 0.08 * h,
                thick * h * 0.42,
                thick * h * 0.5,
            ]
        )
    fork(x, y, float(rng.normal(0, 0.04)), trunk * h, thick * h, 4)
    _wood(canvas, rows, bark, light)
    if not len(leaves):
        return
    spots = np.array(tips)
    each = int(form.get("leaves", 44))
    puff = float(form.get("puff", 0.060)) * h
    place = np.repeat(spots, each, axis=0) + rng.normal(0, 1, (len(spots) * each, 2)) * puff * np.array(
        [1.15, 0.85]
    )
    if droop:
        place[:, 1] += np.abs(rng.normal(0, 1, len(place))) * puff * 5 * droop
    place = place[(place[:, 0] > 4) & (place[:, 0] < w - 4) & (place[:, 1] > 4) & (place[:, 1] < h * 0.93)]
    centre, reach = np.median(place, axis=0), np.ptp(place, axis=0) / 2 + 1
    local = (place - centre) / reach * np.array([1, -1])
    # The lightest last: what is in the sun lies over what is in the shade.
    order = np.argsort(
        local[:, 0] * float(light.sun_direction[0]) + local[:, 1] + rng.normal(0, 0.35, len(local))
    )
    place, local = place[order], local[order]
    colour = leaves[rng.integers(0, len(leaves), len(place))] * rng.uniform(0.7, 1.25, (len(place), 1))
    size = h * float(form.get("leaf", 0.0115)) * rng.uniform(0.6, 1.35, len(place))
    # A dark heart first, so that no sky shines through the whole crown.
    inner = (rng.random(len(place)) < 0.16) & (np.hypot(local[:, 0], local[:, 1]) < 0.7)
    heart = _lit(local[inner] * 0.4 - np.array([0, 0.5]), colour[inner] * 0.45, light, 0.1, 0.6)
    canvas.ellipses(_leaf_rows(place[inner, 0], place[inner, 1], size[inner] * 3.0, heart, rng, 0.0))
    canvas.ellipses(
        _leaf_rows(place[:, 0], place[:, 1], size, _lit(local, colour, light, 0.15, 1.1), rng, 1.0)
    )


def _pine(
    canvas: Canvas, form: Mapping[str, Any], leaves: NDArray[np.floating], bark: NDArray[np.floating],
    light: Light, rng: np.random.Generator,
) -> None:  # fmt: skip
    """A trunk with whorls of boughs that hang, each a comb of needles."""
    h, w = canvas.height, canvas.width
    _wood(canvas, [[w / 2, h - 1, w / 2, h * 0.5, w / 2, h * 0.05, h * 0.030, h * 0.004]], bark, light)
    strokes: list[list[float]] = []
    levels = int(form.get("levels", 30))
    for k in range(levels):
        u = 1 - (k + 0.5) / levels  # from below up
        y = h * (0.04 + 0.86 * u)
        reach = w * 0.47 * (0.05 + 0.95 * u ** float(form.get("taper", 0.9))) * float(rng.uniform(0.8, 1.05))
        for _ in range(13):
            side = float(rng.uniform(-1, 1))
            tip_x, tip_y = (
                w / 2 + side * reach,
                y + abs(side) * reach * float(form.get("hang", 0.34)) + float(rng.normal(0, 0.004)) * h,
            )
            for needle in range(26):
                v = (needle + 1) / 26
                nx, ny = w / 2 + (tip_x - w / 2) * v, y + (tip_y - y) * v * v
                long = h * 0.026 * (1.15 - 0.5 * v)
                spot = np.array([[side * v, 0.5 - u + 0.25 * (1 - abs(side))]])
                tone = leaves[int(rng.integers(len(leaves)))] * float(rng.uniform(0.6, 1.25))
                c = _lit(spot, tone[None], light, 0.12, 1.0)[0]
                dx, dy = (
                    float(rng.normal(0, 0.6)) * long + side * long * 0.7,
                    long * float(rng.uniform(0.2, 1.0)),
                )
                strokes.append(
                    [
                        nx,
                        ny,
                        nx + dx * 0.5,
                        ny + dy * 0.3,
                        nx + dx,
                        ny + dy,
                        h * 0.0062,
                        h * 0.0016,
                        *c * 0.7,
                        1,
                        *c * 1.15,
                        1,
                        1,
                        1,
                    ]
                )
    canvas.strokes(np.array(strokes, f32))
    if light.white > 0.3:
        n = levels * 8
        u = rng.random(n)
        x = w / 2 + rng.uniform(-1, 1, n) * w * 0.42 * (0.05 + 0.95 * u)
        snow = np.tile(0.8 * (np.array(light.ambient_up) * 1.2 + 0.3 * np.array(light.sun_colour)), (n, 1))
        canvas.ellipses(
            _leaf_rows(
                x, h * (0.05 + 0.84 * u) + np.abs(x - w / 2) * 0.3, np.full(n, h * 0.010), snow, rng, 0.0
            )
        )


def _palm(
    canvas: Canvas, _form: Mapping[str, Any], leaves: NDArray[np.floating], bark: NDArray[np.floating],
    light: Light, rng: np.random.Generator,
) -> None:  # fmt: skip
    """A bare bowed trunk with rings, and a star of feathered fronds."""
    h, w = canvas.height, canvas.width
    foot, top = (w * 0.46, h - 1.0), (w * 0.52, h * 0.30)
    rows = [[*foot, w * 0.40, h * 0.6, *top, h * 0.034, h * 0.020]]
    _wood(canvas, rows, bark, light)
    rings: list[list[float]] = []
    for k in range(34):
        t = k / 34
        x = (1 - t) ** 2 * foot[0] + 2 * t * (1 - t) * w * 0.40 + t * t * top[0]
        y = (1 - t) ** 2 * foot[1] + 2 * t * (1 - t) * h * 0.6 + t * t * top[1]
        wide = h * (0.016 - 0.006 * t)
        c = bark * np.array(light.ambient_up) * 0.5
        rings.append(
            [x - wide, y, x, y + wide * 0.5, x + wide, y, h * 0.003, h * 0.003, *c, 0.8, *c, 0.8, 1, 1]
        )
    canvas.strokes(rings)
    strokes: list[list[float]] = []
    for angle in np.linspace(-2.5, 2.5, 17) + rng.normal(0, 0.08, 17):
        reach = h * 0.30 * float(rng.uniform(0.85, 1.1))
        ex, ey = (
            top[0] + math.sin(angle) * reach,
            top[1] - math.cos(angle) * reach * 0.65 + abs(math.sin(angle)) * reach * 0.42,
        )
        cx, cy = (
            top[0] + math.sin(angle) * reach * 0.55,
            top[1] - math.cos(angle) * reach * 0.55 - reach * 0.22,
        )
        for k in range(60):
            t = (k + 1) / 60
            x = (1 - t) ** 2 * top[0] + 2 * t * (1 - t) * cx + t * t * ex
            y = (1 - t) ** 2 * top[1] + 2 * t * (1 - t) * cy + t * t * ey
            long = reach * 0.30 * math.sin(math.pi * min(t * 0.9 + 0.08, 1.0)) ** 0.7
            side = 1 if k % 2 else -1
            dx, dy = side * long * 0.42 + (ex - top[0]) * 0.10, long * 0.85
            tone = leaves[int(rng.integers(len(leaves)))] * float(rng.uniform(0.7, 1.2))
            c = _lit(np.array([[math.sin(angle) * t, 0.6 * math.cos(angle)]]), tone[None], light, 0.2, 1.0)[0]
            strokes.append(
                [
                    x,
                    y,
                    x + dx * 0.6,
                    y + dy * 0.3,
                    x + dx,
                    y + dy,
                    h * 0.0055,
                    h * 0.0012,
                    *c,
                    1,
                    *c * 0.8,
                    1,
                    1,
                    1,
                ]
            )
    canvas.strokes(np.array(strokes, f32))
