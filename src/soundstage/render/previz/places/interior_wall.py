"""A room's back wall: plaster, dado or tiles, pools of lamp light, the window with the sky of the hour."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.set_paint import Flat

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.places.interior_pieces import Indoors
    from soundstage.render.previz.places.set_paint import SetLight


def paint_wall(
    rng: np.random.Generator, style: Mapping[str, Any], light: SetLight, air: Indoors,
    size_m: tuple[float, float], px_per_m: float,
) -> NDArray[np.float32]:  # fmt: skip
    """Return the wall as a picture, its window in it."""
    wide, tall = size_m
    flat = Flat(wide, tall, px_per_m)
    flat.fill(style["wall"])
    flat.grain(rng, 0.16, 1.2)
    dado = np.array(style["dado"])
    flat.box(0, 0, wide, style["dado_m"], dado)
    if style["tiles"]:
        for y in np.arange(0.9, style["dado_m"], 0.1):
            flat.shade(0, y, wide, y + 0.012, 0.7)
        for u in np.arange(0, wide, 0.2):
            flat.shade(u, 0.9, u + 0.012, style["dado_m"], 0.7)
    else:
        for u in np.arange(0, wide, 0.6):
            flat.shade(u, 0.12, u + 0.02, style["dado_m"] - 0.08, 0.6)
            flat.shade(u + 0.02, 0.12, u + 0.035, style["dado_m"] - 0.08, 1.3)
    flat.shade(0, style["dado_m"] - 0.05, wide, style["dado_m"], 1.4)
    flat.shade(0, style["dado_m"] - 0.09, wide, style["dado_m"] - 0.05, 0.5)
    flat.shade(0, 0.0, wide, 0.1, 0.6)
    left, sill, w, h = (float(v) for v in style["window"])
    u0 = wide / 2 + left
    albedo = flat.image[..., :3].copy()
    flat.image[..., :3] = 1.0
    flat.image[..., :3] *= (air.day * 0.45 + air.lamp * 0.40).astype(np.float32)
    flat.glow(u0 + w / 2, sill + h / 2, w * 0.85, air.day * 1.1)
    for x in (*style["pendants"], *(p[1] for p in style["pieces"] if p[0] == "floor_lamp")):
        flat.glow(wide / 2 + float(x), 1.75, 0.95, air.lamp * 2.6, tall=1.1)
    flat.image[..., :3] *= albedo
    fall = np.linspace(0.70, 1.0, flat.image.shape[0])[:, None, None]
    flat.image[..., :3] *= np.minimum(fall, fall[::-1] + 0.12).astype(np.float32)
    _paint_window(flat, rng, (u0, sill, w, h), style, light, air)
    return flat.image


def _paint_window(
    flat: Flat, rng: np.random.Generator, box: tuple[float, float, float, float], style: Mapping[str, Any],
    light: SetLight, air: Indoors,
) -> None:  # fmt: skip
    u0, y0, w, h = box
    frame = np.array([0.42, 0.40, 0.36]) * (air.all * 0.7 + air.day * 0.3)
    flat.box(u0 - 0.09, y0 - 0.09, u0 + w + 0.09, y0 + h + 0.09, frame)
    view = Flat(w, h, flat.px_per_m)
    view.ramp(
        0, 0, w, h, light.sky_low * 0.95 + light.glow * 0.12, light.sky_high * 0.8 + light.sky_low * 0.25
    )
    sun = 0.5 * w + float(light.sun[0]) * 1.2
    view.glow(sun, h * (0.25 + float(light.sun[1])), 0.7 * w, light.glow * 0.55)
    dim = light.fill * 0.35
    for _ in range(int(w * 5)):
        u, tall = float(rng.uniform(-0.2, w)), float(rng.uniform(0.10, 0.42)) * h
        haze = float(rng.uniform(0.25, 0.7))
        tone = dim * 0.3 * (1 - haze) + (light.sky_low * 0.6) * haze
        wide = float(rng.uniform(0.15, 0.4))
        view.box(max(u, 0.0), 0, max(u + wide, 0.02), tall, tone)
        for _ in range(int(26 * light.darkness)):
            x, y = u + rng.uniform(0.02, wide - 0.03), rng.uniform(0.03, max(tall - 0.03, 0.04))
            if x > 0:
                view.box(
                    x, y, x + 0.022, y + 0.026, np.array(style["lamp"]) * light.lamp * rng.uniform(0.2, 0.9)
                )
    for u in np.arange(0.0, w, 0.07):
        high = (0.10 + 0.08 * rng.random()) * h
        leaf = np.array([0.05, 0.075, 0.03]) * light.fill * rng.uniform(0.6, 1.4)
        view.disc(float(u), high * 0.7, 0.09, leaf + light.glow * 0.01, tall=1.2)
    _wet_glass(view, rng, light, air)
    part = flat.part(u0, y0, u0 + w, y0 + h)
    rows, columns = min(part.shape[0], len(view.image)), min(part.shape[1], view.image.shape[1])
    part[:rows, :columns] = view.image[:rows, :columns]
    panes = max(round(w / 0.95), 2)
    for k in range(1, panes):
        u = u0 + w * k / panes
        flat.box(u - 0.025, y0, u + 0.025, y0 + h, frame * 0.5)
    flat.box(u0, y0 + h * 0.66, u0 + w, y0 + h * 0.66 + 0.04, frame * 0.5)
    flat.box(u0 - 0.16, y0 - 0.15, u0 + w + 0.16, y0 - 0.07, frame * 1.6)
    flat.box(u0 - 0.16, y0 - 0.08, u0 + w + 0.16, y0 - 0.07, light.sky_low * 0.5 + frame)
    if style["curtain"]:
        for a, b in ((u0 - 0.40, u0 + 0.22), (u0 + w - 0.22, u0 + w + 0.40)):
            _hang_curtain(flat, a, b, y0 + h + 0.2, np.array(style["curtain"]), light, air)
        flat.box(u0 - 0.5, y0 + h + 0.18, u0 + w + 0.5, y0 + h + 0.22, frame * 0.4)


def _wet_glass(view: Flat, rng: np.random.Generator, light: SetLight, air: Indoors) -> None:
    """Put drops on the glass as it rains, and tracks where they ran."""
    w, h = view.width_m, view.height_m
    for _ in range(int(260 * light.wet * w * h / 4)):
        u, y = float(rng.uniform(0, w)), float(rng.uniform(0, h))
        size = float(rng.uniform(0.006, 0.018))
        view.disc(u, y, size, light.sky_high * 0.35, alpha=0.6, tall=1.3)
        view.disc(
            u - size * 0.2, y + size * 0.5, size * 0.5, light.sky_low * 1.5 + air.burn * 0.08, alpha=0.8
        )
    for _ in range(int(16 * light.wet)):
        u, y = float(rng.uniform(0, w)), float(rng.uniform(0.3, 1.0)) * h
        view.line(
            [(u, y), (u + 0.01, y - 0.2), (u - 0.01, y - rng.uniform(0.3, 0.7))],
            0.012,
            light.sky_low * 1.2,
            alpha=0.5,
        )


def _hang_curtain(
    flat: Flat,
    left: float,
    right: float,
    top: float,
    albedo: NDArray[np.float64],
    light: SetLight,
    air: Indoors,
) -> None:
    """Hang cloth in folds, with the sky shining through it."""
    part = flat.part(left, 0.05, right, top)
    u = np.linspace(0, 1, part.shape[1])[None, :, None]
    v = np.linspace(0, 1, part.shape[0])[:, None, None]
    folds = 0.62 + 0.38 * np.sin(u * 34 + 1.2 * np.sin(v * 2.2) + 0.5 * v)
    lit = albedo * (air.all * 0.9 + (light.sky_low * 0.35 + light.glow * 0.12) * 0.5)
    part[..., :3] = (folds * lit * (1.05 - 0.35 * v)).astype(np.float32)


def paint_pendant(air: Indoors) -> Flat:
    """Return a hanging lamp with its cord and the light about it."""
    flat = Flat(1.2, 1.35, 70)
    dark = np.array([0.05, 0.045, 0.04]) * air.all
    flat.line([(0.6, 1.35), (0.6, 0.72)], 0.014, dark)
    flat.shape([(0.40, 0.52), (0.80, 0.52), (0.68, 0.72), (0.52, 0.72)], dark * 1.4)
    flat.disc(0.6, 0.50, 0.17, air.burn * 1.5, tall=0.28)
    flat.disc(0.6, 0.485, 0.075, air.burn * 2.6, tall=1.0)
    y, x = np.mgrid[: flat.image.shape[0], : flat.image.shape[1]] / 70.0
    halo = np.exp(-((x - 0.6) ** 2 + (flat.height_m - y - 0.46) ** 2) / 0.035) * 0.22
    edge = np.clip(np.minimum(np.minimum(x, 1.2 - x), flat.height_m - y) * 6, 0, 1)
    flat.image[..., :3] += ((halo * edge)[..., None] * air.burn).astype(np.float32)
    return flat
