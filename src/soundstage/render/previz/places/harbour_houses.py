"""The town behind a harbour, as cards: gabled houses on the quay, cranes over them, windows after dark."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.card import PAD_PX, Card, CardPainter
from soundstage.render.previz.places.water_banks import card_scale, clear_way, focus_of
from soundstage.render.previz.places.water_noise import layered

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.places.water_stage import Staged
    from soundstage.render.previz.scene import Layer, SetContext

f32 = np.float32
WARM = np.array([1.0, 0.60, 0.26])
WALLS = (
    (0.46, 0.30, 0.16), (0.42, 0.16, 0.10), (0.55, 0.50, 0.42), (0.22, 0.28, 0.34), (0.48, 0.40, 0.22),
    (0.30, 0.20, 0.15),
    (0.36, 0.40, 0.36), (0.52, 0.34, 0.28),
)  # fmt: skip
ROOFS = ((0.20, 0.085, 0.055), (0.12, 0.10, 0.10), (0.16, 0.075, 0.05), (0.09, 0.095, 0.11))
QUAY = (0.17, 0.16, 0.145)


class _Town:
    """A picture of a row of houses while it is painted; metres, y up from the water."""

    def __init__(self, w: int, h: int, px_per_m: float, lit: float) -> None:
        self.px_per_m = px_per_m
        self.lit = lit  #: how many windows burn, 0 by day
        self.local = np.zeros((h, w, 3), f32)
        self.glow = np.zeros((h, w, 3), f32)
        self.cover = np.zeros((h, w), f32)

    def box(
        self, x: tuple[float, float], y: tuple[float, float], colour: Any, *, glows: bool = False
    ) -> None:
        """Fill a rectangle."""
        h, w = self.cover.shape
        i0, i1 = (min(max(round(v * self.px_per_m), 0), w) for v in x)
        j1, j0 = (min(max(round(h - v * self.px_per_m), 0), h) for v in y)
        (self.glow if glows else self.local)[j0:j1, i0:i1] = colour
        if not glows:
            self.cover[j0:j1, i0:i1] = 1

    def roof(self, corners: Sequence[tuple[float, float]], fill: Any, edge: Any) -> None:
        """Fill a polygon and draw its edge, anti-aliased."""
        h = self.cover.shape[0]
        told = np.array([[x * self.px_per_m, h - y * self.px_per_m] for x, y in corners])
        points = [np.round(told * 16).astype(np.int32)]
        for outline, colour in ((False, fill), (True, edge)):
            mask = np.zeros(self.cover.shape, np.uint8)
            if outline:
                cv2.polylines(
                    mask, points, isClosed=False, color=255, thickness=max(round(0.22 * self.px_per_m), 1),
                    lineType=cv2.LINE_AA, shift=4,
                )  # fmt: skip
            else:
                cv2.fillPoly(mask, points, 255, lineType=cv2.LINE_AA, shift=4)
            share = mask.astype(f32) / 255
            self.local += (np.asarray(colour, f32) - self.local) * share[..., None]
            np.maximum(self.cover, share, out=self.cover)

    def window(
        self,
        x: float,
        y: float,
        tall: float,
        wall: NDArray[np.float64],
        rng: np.random.Generator,
        *,
        door: bool,
    ) -> None:
        """Set a window or a door of a house `tall` high, with its frame; some burn."""
        a, b = 0.052 * tall, 0.145 * tall
        self.box((x - a * 1.25, x + a * 1.25), (y - 0.02 * tall, y + b * 1.12), wall * 0.55 + 0.18)
        on = rng.random() < 0.52 * self.lit
        self.box((x - a, x + a), (y, y + b), (0.10, 0.06, 0.045) if door else (0.022, 0.028, 0.036))
        self.box((x - a * 0.10, x + a * 0.10), (y, y + b), wall * 0.4 + 0.10)
        if on:
            self.box((x - a, x + a), (y, y + b), WARM * rng.uniform(0.35, 1.5) * self.lit, glows=True)
            self.box((x - a * 0.10, x + a * 0.10), (y, y + b), 0.0, glows=True)

    def house(self, x: float, wide: float, tall: float, base: float, rng: np.random.Generator) -> None:
        """Build one house."""
        high = tall * rng.uniform(0.62, 1.05)
        wall = np.array(WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.8, 1.1)
        tiles = np.array(ROOFS[rng.integers(len(ROOFS))]) * rng.uniform(0.8, 1.2)
        top, peak = base + high, base + high + wide * rng.uniform(0.28, 0.60)
        self.box((x, x + wide), (base, top), wall)
        self.box((x, x + wide * 0.06), (base, top), wall * 0.72)
        if rng.random() < 0.45:  # its side to the water: a slope of tiles instead of a gable
            self.roof(
                [(x, top), (x + 0.1 * wide, peak), (x + 0.9 * wide, peak), (x + wide, top)], tiles, tiles
            )
        else:
            self.roof([(x, top), (x + 0.5 * wide, peak), (x + wide, top)], wall * 0.96, tiles)
        stack = x + wide * rng.uniform(0.2, 0.8)
        self.box((stack, stack + 0.07 * tall), (top, top + 0.32 * tall), wall * 0.55)
        floors, across = max(round(high / (0.30 * tall)), 1), max(round(wide / (0.19 * tall)), 1)
        for floor in range(floors):
            for n in range(across):
                door = floor == 0 and rng.random() < 0.4
                y = base if door else base + high * (floor + 0.30) / floors
                self.window(x + wide * (n + 0.5) / across, y, tall, wall, rng, door=door)
        if rng.random() < 0.4:  # an awning over the ground floor
            colour = np.array(WALLS[rng.integers(len(WALLS))]) * np.array([1.2, 0.7, 0.6])
            self.box((x + 0.08 * wide, x + 0.92 * wide), (base + 0.24 * tall, base + 0.30 * tall), colour)


def houses(
    ctx: SetContext, row: Mapping[str, Any], staged: Staged, shape: Shape, haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:  # fmt: skip
    """Build a row of houses on a quay wall at `far_m` behind the stage."""
    del shape
    rng, light = ctx.rng(f"houses {row['far_m']}"), ctx.light
    z = staged.stage_m + float(row["far_m"]) * staged.scale
    away = z - ctx.start.eye_m[2]
    width_m, px_per_m = card_scale(ctx, z)
    quay_m = 1.6 * staged.scale**0.5
    tall = float(row["high_m"]) * staged.scale**0.6
    w, h = max(round(width_m * px_per_m), 16), max(round((tall * 1.7 + quay_m) * px_per_m), 8)
    px_per_m = w / width_m
    town = _Town(w, h, px_per_m, min(max((light.darkness - 0.2) / 0.5, 0.0), 1.0))
    x = 0.0
    while x < width_m - 1.0:
        wide = min(tall * rng.uniform(0.42, 0.95), width_m - x)
        town.house(x, wide, tall, quay_m, rng)
        x += wide + (rng.random() < 0.12) * 0.3 * tall
    town.box((0, width_m), (-0.1, quay_m), QUAY)
    stones = layered(rng, h, w, max(round(h / 3), 2), max(round(w / 7), 2), 2, 0.6)
    soil = layered(rng, h, w, 6, 40, 5, 0.6)
    local, quay = town.local * (f32(0.80) + f32(0.4) * soil)[..., None], h - round(quay_m * px_per_m)
    local[quay:] *= (f32(0.55) + f32(0.9) * stones[quay:])[..., None]
    up = (h - np.arange(h, dtype=f32))[:, None, None] / f32(px_per_m)
    local *= 1 - f32(0.55) * np.clip(1 - up / f32(0.5 * quay_m), 0, 1)
    key, fill = np.array(light.sun_colour, f32), np.array(light.ambient_up, f32)
    front = max(-float(light.sun_direction[2]), 0.0) * 0.8 + 0.14
    seen = local * (fill * f32(0.95) + key * f32(front)) + town.glow * f32(
        0.9 / max(light.grade.exposure, 0.5)
    )
    seen += (haze - seen) * f32(1 - math.exp(-per_m * clear_way(away)))
    cover = town.cover[..., None]
    image = np.concatenate([seen * cover, cover], axis=2).astype(f32)
    image = np.concatenate([image[:, -PAD_PX:], image, image[:, :PAD_PX]], axis=1)
    return [
        Card(
            depth_m=z, left_m=ctx.start.eye_m[0] - width_m / 2 + float(rng.uniform(-0.2, 0.2)) * tall,
            top_m=h / px_per_m - 0.05, px_per_m=px_per_m, image=np.ascontiguousarray(image),
            focus=focus_of(ctx),
        )
    ]  # fmt: skip


def cranes(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:
    """Set lattice cranes behind the houses, a red lamp on each."""
    del shape
    rng, light = ctx.rng("cranes"), ctx.light
    z = staged.stage_m + float(row["far_m"]) * staged.scale
    away = z - ctx.start.eye_m[2]
    width_m, px_per_m = card_scale(ctx, z)
    tall = float(row["high_m"]) * staged.scale**0.6
    painter = CardPainter(
        z_m=z,
        left_m=ctx.start.eye_m[0] - width_m / 2,
        top_m=tall * 1.25,
        width_m=width_m,
        height_m=tall * 1.3,
        px_per_m=px_per_m,
    )
    steel = np.array(row.get("albedo", [0.30, 0.13, 0.05])) * (
        np.array(light.ambient_up) * 0.9 + np.array(light.sun_colour) * 0.12
    )
    steel = steel + (haze - steel) * (1 - math.exp(-per_m * clear_way(away)))
    k = painter.px_per_m
    rows: list[list[float]] = []

    def bar(x0: float, y0: float, x1: float, y1: float, wide: float) -> None:
        a, b = painter.px(x0, y0), painter.px(x1, y1)
        size = max(wide * k, 0.8)
        rows.append(
            [*a, (a[0] + b[0]) / 2, (a[1] + b[1]) / 2, *b, size, size, *steel, 1.0, *steel, 1.0, 0.0, 0.0]
        )

    def lattice(x0: float, y0: float, x1: float, y1: float, deep: float, steps: int) -> None:
        dx, dy = (x1 - x0) / steps, (y1 - y0) / steps
        length = math.hypot(x1 - x0, y1 - y0)
        nx, ny = -(y1 - y0) / length * deep / 2, (x1 - x0) / length * deep / 2
        for side in (1, -1):
            bar(x0 + side * nx, y0 + side * ny, x1 + side * nx, y1 + side * ny, 0.014 * tall)
        for n in range(steps):
            s = 1 if n % 2 else -1
            bar(
                x0 + n * dx + s * nx,
                y0 + n * dy + s * ny,
                x0 + (n + 1) * dx - s * nx,
                y0 + (n + 1) * dy - s * ny,
                0.009 * tall,
            )

    count = int(row["count"])
    for n in range(count):
        x = painter.left_m + width_m * (
            0.5 + ((n + 0.5) / count - 0.5) * 0.9 + float(rng.uniform(-0.03, 0.03))
        )
        high, way = tall * float(rng.uniform(0.75, 1.0)), float(rng.choice([-1, 1]))
        for leg in (-0.13, 0.13):
            bar(x + leg * tall * 1.3, 0, x + leg * tall * 0.7, 0.42 * high, 0.022 * tall)
        bar(x - 0.15 * tall, 0.30 * high, x + 0.15 * tall, 0.30 * high, 0.02 * tall)
        lattice(x, 0.42 * high, x, high, 0.055 * tall, 8)
        lattice(
            x - way * 0.18 * tall,
            0.72 * high,
            x + way * 0.62 * tall,
            0.72 * high + 0.24 * tall,
            0.05 * tall,
            11,
        )
        bar(x, high, x + way * 0.62 * tall, 0.72 * high + 0.24 * tall, 0.007 * tall)
        bar(x, high, x - way * 0.18 * tall, 0.72 * high, 0.007 * tall)
        hook = x + way * 0.50 * tall
        bar(hook, 0.72 * high + 0.20 * tall, hook, 0.40 * high, 0.005 * tall)
        bar(x - way * 0.24 * tall, 0.68 * high, x - way * 0.13 * tall, 0.72 * high, 0.06 * tall)
    painter.strokes(rows)
    return [replace(painter.finish(blur_px=0.0), focus=focus_of(ctx))]
