"""Boulders at and in the water, as cards: lumps with planes that face the light, wet at the foot."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.card import CardPainter
from soundstage.render.previz.places.water_banks import card_scale, focus_of
from soundstage.render.previz.places.water_noise import layered

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.water_shape import Shape
    from soundstage.render.previz.places.water_stage import Staged
    from soundstage.render.previz.scene import Layer, SetContext

f32 = np.float32


def paint_rock(
    ctx: SetContext,
    rng: np.random.Generator,
    w: int,
    h: int,
    albedo: NDArray[np.float64],
    *,
    moss: float,
    foam: float,
    wet: float,
) -> NDArray[np.float32]:
    """Return one boulder, (h, w, 4) premultiplied, its foot at the last row."""
    light = ctx.light
    v, u = np.mgrid[0:h, 0:w].astype(f32)
    u, v = u / f32(max(w - 1, 1)) * 2 - 1, 1 - v / f32(max(h - 1, 1))
    noise = layered(rng, h, w, 3, 4, 5, 0.5)
    fine = layered(rng, h, w, max(h // 6, 3), max(w // 6, 3), 3, 0.6)
    # The outline: a lump of its own, flat on top or leaning.
    power, lean = rng.uniform(1.7, 3.4), rng.uniform(-0.25, 0.25)
    outline = np.clip(1 - np.abs(u - lean * v) ** power, 0, 1) ** (1 / rng.uniform(1.6, 3.0))
    outline = outline * (f32(0.80) + f32(0.28) * noise)
    cover = np.clip((outline - v) * f32(h * 0.6) + f32(0.5), 0, 1)
    # Planes: the lump seen as a height map whose steps are broken off.
    body = np.sqrt(np.clip(1 - np.clip(v / np.maximum(outline, f32(0.05)), 0, 1) ** 2, 0, 1))
    facets = np.round((noise * 2.2 + u * 0.7 + v * 0.6) * 3) / 3
    nx = np.clip(
        u * f32(0.75) + (np.gradient(facets, axis=1) * w * f32(0.12)) + (noise - f32(0.5)) * f32(0.9), -1, 1
    )
    ny = np.clip(v * f32(0.9) + f32(0.15) - body * f32(0.2) + (facets - facets.mean()) * f32(0.25), -0.3, 1)
    nz = -np.sqrt(np.clip(1 - nx * nx - ny * ny, 0.02, 1))
    sun = light.sun_direction
    face = np.clip(nx * sun[0] + ny * sun[1] + nz * sun[2], 0, 1) * f32(0.9)
    up = np.clip(ny * f32(0.6) + f32(0.4), 0, 1)
    local = albedo * (f32(0.65) + f32(0.7) * fine)[..., None]
    green = np.clip((up + noise - f32(1.35 - moss)) * 4, 0, 1)[..., None] * (moss > 0)
    local = local + (np.array([0.055, 0.085, 0.025]) * (f32(0.6) + fine[..., None]) - local) * green
    snow = np.clip((up + noise * 0.5 - f32(1.25 - 0.75 * light.white)) * 5, 0, 1)[..., None] * (
        light.white > 0.05
    )
    local = local + (np.array([0.78, 0.81, 0.86]) - local) * snow
    damp = np.maximum(np.clip(1 - v * f32(3.6) - (noise - f32(0.5)), 0, 1), wet * 0.7)[..., None]
    local = local * (1 - f32(0.6) * damp)
    key, fill, low = (np.array(c) for c in (light.sun_colour, light.ambient_up, light.ambient_down))
    seen = local * (low + (fill * 1.05 - low) * up[..., None] + key * face[..., None])
    rim = (
        np.clip(1 - (outline - v) * f32(7), 0, 1)[..., None]
        * max(float(sun[2]), 0.0)
        * np.clip(0.4 + u * np.sign(sun[0]) * 0.5, 0, 1)[..., None]
    )
    seen = seen + np.array(light.rim_colour) * rim * 0.16
    seen = seen + np.array(light.sky_horizon) * damp * 0.05 * up[..., None]
    if foam > 0:
        white = np.clip((f32(0.10 * foam) - v + (noise - f32(0.5)) * f32(0.18)) * f32(14), 0, 1)
        spume = fill * 0.95 + key * 0.14
        seen = seen + (spume - seen) * white[..., None]
        cover = np.maximum(cover, white * np.clip((1 - np.abs(u)) * 5, 0, 1))
    return np.concatenate([seen * cover[..., None], cover[..., None]], 2).astype(f32)


def rocks(
    ctx: SetContext,
    row: Mapping[str, Any],
    staged: Staged,
    shape: Shape,
    haze: NDArray[np.float32],
    per_m: float,
) -> list[Layer]:
    """Set boulders: `at_m` from the stage, `count` across a frame, between sizes `size_m`."""
    rng = ctx.rng(f"rocks {row.get('seed', 0)} {row['at_m']}")
    z = staged.stage_m + float(row["at_m"]) * staged.scale
    if row["at_m"] < 0:  # before the stage: as a share of the way to the lens
        z = ctx.start.eye_m[2] + (1 + float(row["at_m"])) * ctx.camera.focus_m
    if shape.near_z > -1e6 and row.get("at") == "shore":
        z = shape.near_z + float(row["at_m"])
    away = max(z - ctx.start.eye_m[2], 0.4)
    width_m, px_per_m = card_scale(ctx, z)
    small, large = (float(v) * staged.scale for v in row["size_m"])
    painter = CardPainter(
        z_m=z,
        left_m=ctx.start.eye_m[0] - width_m / 2,
        top_m=large * 1.1,
        width_m=width_m,
        height_m=large * 1.1 + 0.02,
        px_per_m=px_per_m,
    )
    image = painter.canvas.image()
    count = int(row["count"])
    clear = float(row.get("clear_m", 0.0)) * staged.scale
    air = 1 - math.exp(-per_m * away)
    placed = rng.uniform(0, 1, count)
    for n, u in enumerate(np.sort(placed)):
        size = small + (large - small) * rng.random() ** 2.2
        w = max(round(size * rng.uniform(1.1, 1.9) * painter.px_per_m), 4)
        h = max(round(size * rng.uniform(0.65, 1.0) * painter.px_per_m), 3)
        x = float(u) * width_m + painter.left_m
        if abs(x - (ctx.start.eye_m[0] + staged.spot_x_m)) < clear + w / painter.px_per_m / 2:
            continue
        if row.get("wet_only", True) and row.get("at") != "shore":
            level = shape.water_at(np.array([x], f32), np.array([z], f32))
            if shape.has_land and level[0] < -0.5 and row.get("wet_only", True):
                continue
        rock = paint_rock(
            ctx, np.random.default_rng([ctx.seed, 77, n, int(z * 10) & 0xFFFF]), w, h,
            np.array(row["albedo"]) * rng.uniform(0.75, 1.2),
            moss=float(row.get("moss", 0.0)), foam=float(row.get("foam", 0.0)), wet=max(ctx.light.wet,
            float(row.get("wet", 0.0))),
        )  # fmt: skip
        left = round(float(u) * painter.width - w / 2)
        bottom = round(painter.top_m * painter.px_per_m) + 1
        top = bottom - h
        first, last = max(left, 0), min(left + w, image.shape[1])
        low, high = max(top, 0), min(bottom, image.shape[0])
        if last <= first or high <= low:
            continue
        part = rock[low - top : high - top, first - left : last - left]
        image[low:high, first:last] = image[low:high, first:last] * (1 - part[..., 3:]) + part
    image[..., :3] += (haze * image[..., 3:] - image[..., :3]) * f32(air)
    painter.canvas.planes[:] = image[..., :3].transpose(2, 0, 1)
    painter.canvas.alpha[:] = image[..., 3]
    blur = 0.0
    if row["at_m"] < 0:
        blur = min(float(ctx.start.coc_px(away)) * painter.px_per_m * away / ctx.start.focal_px, 6.0)
    card = painter.finish(blur_px=blur)
    return [replace(card, focus="full" if row["at_m"] < 0 else focus_of(ctx))]
