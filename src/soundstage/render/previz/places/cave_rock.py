"""The walls of a cave: depth after depth of rock with an opening, teeth hanging into it.

Each card is a wall with a hole; nearer holes are wider,
so that one looks down a throat of stone. Knows no pool.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.card import PAD_PX, Card
from soundstage.render.previz.places.water_banks import card_scale
from soundstage.render.previz.places.water_noise import layered, rock_face

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.scene import SetContext

f32 = np.float32
PERIODS = 2.2  #: frames' widths of one card; beyond its middle frame there is only rock


def hole_outline(
    rng: np.random.Generator,
    x: NDArray[np.float32],
    y: NDArray[np.float32],
    *,
    half_w: float,
    high: float,
    teeth: float,
    rise: float,
    px_per_m: float,
) -> NDArray[np.float32]:
    """Return metres inside the opening, (h, w); below zero is rock.

    Args:
        rng: which cave.
        x: (1, w) metres from the axis.
        y: (h, 1) metres over the floor.
        half_w: half the opening's width.
        high: of the opening.
        teeth: length of stalactites, as a share of `high`.
        rise: how likely a stalagmite stands under a stalactite.
        px_per_m: of the picture.
    """
    h, w = y.shape[0], x.shape[1]
    ragged = layered(
        rng, h, w, max(round(h / px_per_m / high * 5), 3), max(round(w / px_per_m / high * 4), 4), 5, 0.55
    )
    u = np.abs(x) / f32(half_w)
    v = (y - f32(0.30 * high)) / f32(0.70 * high)
    round_ = 1 - np.sqrt(u**2 + np.clip(v, 0, None) ** 2)
    inside = round_ * f32(min(half_w, high)) + (ragged - f32(0.5)) * f32(0.34 * high)
    columns = x[0]
    drop = np.zeros(w, f32)
    grow = np.zeros(w, f32)
    count = max(int(4.4 * half_w / high * 5), 8)
    for _ in range(count):
        at, size = rng.uniform(-1.1, 1.1) * half_w, high * teeth * rng.uniform(0.15, 1.0) ** 1.6
        wide = size * rng.uniform(0.10, 0.20) + 0.02 * high
        shape = np.clip(1 - np.abs(columns - f32(at)) / f32(wide), 0, 1) ** f32(1.7) * f32(size)
        drop = np.maximum(drop, shape)
        if rng.random() < rise and abs(at) > 0.30 * half_w:
            grow = np.maximum(
                grow,
                np.clip(1 - np.abs(columns - f32(at)) / f32(wide * 1.2), 0, 1) ** f32(1.4) * f32(size * 0.55),
            )
    ceiling = f32(high) * np.sqrt(np.clip(1 - u[0] ** 2, 0.0, 1)) - drop * (
        f32(0.5) + f32(0.5) * np.clip(1 - u[0], 0, 1)
    )
    inside = np.minimum(inside, ceiling[None, :] - y + (ragged - f32(0.5)) * f32(0.06 * high))
    return np.minimum(inside, y - grow[None, :] + f32(0.02 * high)).astype(f32)


def wall_card(
    ctx: SetContext, row: Mapping[str, Any], *, z_m: float, scale: float, fog: NDArray[np.float64],
    per_m: float, name: str,
    glow: NDArray[np.float64], blur: bool, focus: Literal["back", "full"], drift_m_s: float = 0.0,
) -> Card:  # fmt: skip
    """Paint one wall of a row of `[[wall]]`: half_m, high_m, albedo, teeth.

    Args:
        ctx: of the shot.
        row: of the recipe.
        z_m: where it stands.
        scale: of the whole cave.
        fog: air's colour.
        per_m: its density.
        name: for its chance.
        glow: light that comes round the opening's edge from beyond.
        blur: whether it stands out of focus before the lens.
        focus: of its canvas.
        drift_m_s: how fast it goes along with a lead that walks, so that the cave does not end.
    """
    rng, light = ctx.rng(f"cave {name}"), ctx.light
    away = max(z_m - ctx.start.eye_m[2], 0.3)
    _, px_per_m = card_scale(ctx, z_m)
    if blur:
        px_per_m *= 0.35
    half_view = ctx.start.half_width_m(away)
    width_m = 2 * max(half_view * PERIODS, float(row["half_m"]) * scale * 1.6)
    high = float(row["high_m"]) * scale
    tall_m = max(high * 1.5, ctx.start.eye_m[1] + 1.9 * ctx.start.half_height_m(away))
    w = min(max(round(width_m * px_per_m), 32), 1500)
    px_per_m = w / width_m
    # It ends on the floor: below, it would hide the floor before it.
    h = max(round(tall_m * px_per_m), 16)
    x = (np.arange(w, dtype=f32)[None, :] / f32(px_per_m)) - f32(width_m / 2)
    y = f32(tall_m) - np.arange(h, dtype=f32)[:, None] / f32(px_per_m)
    inside = hole_outline(
        rng,
        x,
        y,
        half_w=float(row["half_m"]) * scale,
        high=high,
        teeth=float(row.get("teeth", 0.35)),
        rise=0.0 if blur else 0.3,
        px_per_m=px_per_m,
    )
    cover = np.clip(f32(0.5) - inside * f32(px_per_m), 0, 1)
    rock, cracks, slope = rock_face(rng, h, w, cells=max(width_m / (0.30 * high), 4), strata=0.4)
    local = (
        np.array(row["albedo"], f32)
        * (f32(0.45) + f32(0.9) * rock[..., None])
        * (1 - f32(0.6) * cracks)[..., None]
    )
    up = np.gradient(rock, axis=0) * f32(-6)
    fill = np.array(light.ambient_up, f32) * 0.9
    facing = np.clip(f32(0.40) + up - slope * f32(0.35) * np.sign(-x), 0, 1)[..., None]
    # The light comes from the opening: rock near its edge takes it, what is far inside keeps dark.
    near = np.exp(-np.clip(-inside, 0, None) / f32(0.42 * high))[..., None]
    rim = np.exp(-np.clip(-inside, 0, None) / f32(0.035 * high + 1 / px_per_m))[..., None]
    seen = local * (
        fill * (f32(0.5) + f32(0.5) * near) + glow.astype(f32) * (near * facing * f32(0.75) + rim * f32(0.6))
    )
    shine = np.clip(rock - f32(0.62), 0, 1)[..., None] * near * f32(0.10)
    seen += glow.astype(f32) * shine * np.clip(facing - f32(0.3), 0, 1)
    air = 1 - math.exp(-per_m * away)
    seen += (fog.astype(f32) - seen) * f32(air)
    image = np.concatenate([seen * cover[..., None], cover[..., None]], 2).astype(f32)
    image = np.concatenate([image[:, -PAD_PX:], image, image[:, :PAD_PX]], axis=1)
    if blur:
        from soundstage.render.previz.canvas import disc_blur  # noqa: PLC0415

        radius = min(float(ctx.start.coc_px(away)) * px_per_m * away / ctx.start.focal_px, 6.0)
        image = disc_blur(np.ascontiguousarray(image), radius)
    return Card(
        depth_m=z_m, left_m=ctx.start.eye_m[0] - width_m / 2, top_m=tall_m, px_per_m=px_per_m,
        image=np.ascontiguousarray(image), focus=focus, drift_m_s=drift_m_s,
    )  # fmt: skip
