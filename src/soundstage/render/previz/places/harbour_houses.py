"""The town behind a harbour, as cards: gabled houses and sheds along the quay, cranes over them, windows after dark."""

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
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.places.water_stage import Staged
    from soundstage.render.previz.scene import Layer, SetContext

f32 = np.float32
WARM = np.array([1.0, 0.60, 0.26])
WALLS = (
    (0.46, 0.30, 0.16), (0.42, 0.16, 0.10), (0.55, 0.50, 0.42), (0.22, 0.28, 0.34), (0.48, 0.40, 0.22), (0.30, 0.20, 0.15),
    (0.36, 0.40, 0.36), (0.52, 0.34, 0.28),
)  # fmt: skip
ROOFS = ((0.20, 0.085, 0.055), (0.12, 0.10, 0.10), (0.16, 0.075, 0.05), (0.09, 0.095, 0.11))
QUAY = (0.17, 0.16, 0.145)


def houses(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:
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
    local = np.zeros((h, w, 3), f32)
    glow = np.zeros((h, w, 3), f32)
    cover = np.zeros((h, w), f32)

    def box(
        x0: float, x1: float, y0: float, y1: float, colour: Any, into: NDArray[np.float32] = local
    ) -> None:
        """Fill a rectangle told in metres, y up from the water."""
        i0, i1 = max(round(x0 * px_per_m), 0), min(round(x1 * px_per_m), w)
        j0, j1 = max(round(h - y1 * px_per_m), 0), min(round(h - y0 * px_per_m), h)
        into[j0:j1, i0:i1] = colour
        if into is local:
            cover[j0:j1, i0:i1] = 1

    x = 0.0
    lit = min(max((light.darkness - 0.2) / 0.5, 0.0), 1.0)
    while x < width_m - 1.0:
        wide = min(tall * rng.uniform(0.42, 0.95), width_m - x)
        high = tall * rng.uniform(0.62, 1.05)
        wall = np.array(WALLS[rng.integers(len(WALLS))]) * rng.uniform(0.8, 1.1)
        roof = np.array(ROOFS[rng.integers(len(ROOFS))]) * rng.uniform(0.8, 1.2)
        base = quay_m
        box(x, x + wide, base, base + high, wall)
        box(x, x + wide * 0.06, base, base + high, wall * 0.72)
        peak = high + wide * rng.uniform(0.28, 0.60)
        shape_px = np.array([
            [x * px_per_m - 1, h - (base + high) * px_per_m], [(x + wide / 2) * px_per_m, h - (base + peak) * px_per_m],
            [(x + wide) * px_per_m + 1, h - (base + high) * px_per_m],
        ])  # fmt: skip
        if rng.random() < 0.45:  # its side to the water: a slope of tiles instead of a gable
            shape_px = np.array(
                [
                    shape_px[0],
                    [shape_px[0, 0] + 0.10 * wide * px_per_m, shape_px[1, 1]],
                    [shape_px[2, 0] - 0.10 * wide * px_per_m, shape_px[1, 1]],
                    shape_px[2],
                ]
            )
            gable = roof
        else:
            gable = wall * 0.96
        points = [np.round(shape_px * 16).astype(np.int32)]
        mask = np.zeros((h, w), np.uint8)
        cv2.fillPoly(mask, points, 255, lineType=cv2.LINE_AA, shift=4)
        share = mask.astype(f32)[..., None] / 255
        local += (gable.astype(f32) - local) * share
        cover = np.maximum(cover, share[..., 0])
        edge = np.zeros((h, w), np.uint8)
        cv2.polylines(edge, points, False, 255, max(round(0.22 * px_per_m), 1), cv2.LINE_AA, 4)
        line = edge.astype(f32)[..., None] / 255
        local += (roof.astype(f32) - local) * line
        cover = np.maximum(cover, line[..., 0])
        chimney = x + wide * rng.uniform(0.2, 0.8)
        box(chimney, chimney + 0.07 * tall, base + high, base + high + 0.32 * tall, wall * 0.55)
        floors = max(round(high / (0.30 * tall)), 1)
        per_floor = max(round(wide / (0.19 * tall)), 1)
        for floor in range(floors):
            for n in range(per_floor):
                cx = x + wide * (n + 0.5) / per_floor
                y0 = base + high * (floor + 0.30) / floors
                a, b = 0.052 * tall, 0.145 * tall
                door = floor == 0 and rng.random() < 0.4
                y0 = base if door else y0
                box(cx - a * 1.25, cx + a * 1.25, y0 - 0.02 * tall, y0 + b * 1.12, wall * 0.55 + 0.18)
                on = rng.random() < 0.52 * lit
                box(cx - a, cx + a, y0, y0 + b, np.array([0.022, 0.028, 0.036]) if not door else roof * 0.8)
                box(cx - a * 0.10, cx + a * 0.10, y0, y0 + b, wall * 0.4 + 0.10)
                if on:
                    box(cx - a, cx + a, y0, y0 + b, WARM * rng.uniform(0.35, 1.5) * lit, glow)
                    box(cx - a * 0.10, cx + a * 0.10, y0, y0 + b, 0.0, glow)
        if rng.random() < 0.4:  # an awning over the ground floor
            colour = np.array(WALLS[rng.integers(len(WALLS))]) * np.array([1.2, 0.7, 0.6])
            box(x + 0.08 * wide, x + 0.92 * wide, base + 0.24 * tall, base + 0.30 * tall, colour)
        x += wide + (rng.random() < 0.12) * 0.3 * tall
    box(0, width_m, -0.1, quay_m, np.array(QUAY))
    stones = layered(rng, h, w, max(round(h / 3), 2), max(round(w / 7), 2), 2, 0.6)
    soil = layered(rng, h, w, 6, 40, 5, 0.6)
    local *= (f32(0.80) + f32(0.4) * soil)[..., None]
    local[h - round(quay_m * px_per_m) :] *= (f32(0.55) + f32(0.9) * stones[h - round(quay_m * px_per_m) :])[
        ..., None
    ]
    up = (h - np.arange(h, dtype=f32))[:, None, None] / f32(px_per_m)
    local *= 1 - f32(0.55) * np.clip(1 - up / f32(0.5 * quay_m), 0, 1)
    key, fill = np.array(light.sun_colour), np.array(light.ambient_up)
    front = max(-float(light.sun_direction[2]), 0.0) * 0.8 + 0.14
    seen = local * (fill * 0.95 + key * front) + glow * f32(0.9 / max(light.grade.exposure, 0.5))
    air = 1 - math.exp(-per_m * clear_way(away))
    seen += (haze - seen) * f32(air)
    cover = np.minimum(cover, 1)
    image = np.concatenate([seen * cover[..., None], cover[..., None]], axis=2).astype(f32)
    image = np.concatenate([image[:, -PAD_PX:], image, image[:, :PAD_PX]], axis=1)
    return [
        Card(
            depth_m=z, left_m=ctx.start.eye_m[0] - width_m / 2 + float(rng.uniform(-0.2, 0.2)) * tall, top_m=h / px_per_m - 0.05,
            px_per_m=px_per_m, image=np.ascontiguousarray(image), focus=focus_of(ctx),
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
