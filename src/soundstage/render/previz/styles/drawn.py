"""The draughtsmen: ink wash, pencil, anime cel. Lines first, tone second."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.styles.lines import contours, ink_lines
from soundstage.render.previz.styles.paper import (
    blotches,
    hatching,
    luma_of,
    mix,
    multiply,
    rim,
    saturate,
    tone,
    wobble,
)
from soundstage.render.previz.styles.strokes import soften

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.styles.style import Picture, Tick

f32 = np.float32
#: How much paper is seen through the ink, by how light a thing is: four washes.
WASHES = (
    (0, 0.06),
    (0.10, 0.10),
    (0.22, 0.34),
    (0.40, 0.44),
    (0.52, 0.68),
    (0.72, 0.78),
    (0.85, 0.97),
    (1, 1),
)


def ink_wash(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Black ink thinned in four washes on warm paper; far things are left out, red stays a little red."""
    h, w = picture.shape[:2]
    unit = min(h, w) / 1080
    flat = soften(picture, told["radius"], sharp=5.0)
    x, y = wobble(h, w, max(round(34 * unit), 4), 6.0 * unit, tick.beat(told["boil_hz"]) % 2)
    flat = np.asarray(cv2.remap(flat, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.uint8)
    grey = luma_of(flat)
    # Whatever the hour, paper is the lightest thing in the picture and ink the darkest.
    low, high = (float(v) for v in np.percentile(grey[::8, ::8], (4, 88)))
    level = np.clip((np.arange(256) - low) / max(high - low, 24), 0, 1)
    table = np.interp(level, [a for a, _ in WASHES], [b for _, b in WASHES]).astype(f32)
    wash = table[grey]
    soft = cv2.blur(wash.astype(f32), (max(round(13 * unit), 3),) * 2)
    pool = np.clip(soft - wash, 0, 0.25)
    wash = (
        wash
        - pool * 0.7
        + blotches(h, w, max(round(55 * unit), 6)) * np.sqrt(np.clip(wash * (1 - wash), 0, 1)) * 0.13
    )
    lines = ink_lines(flat, width=5.0, sensitivity=told["lines"], work=0.5).astype(f32) / 255
    wash = np.clip(np.minimum(wash, 1.0) * (0.25 + 0.75 * lines), 0.04, 1)
    margin = rim(h, w, 0.10, 0.35)
    wash = 1 - (1 - wash) * margin
    paper, ink = np.array(told["white"], f32), np.array(told["ink"], f32)
    out = paper * wash[..., None] + ink * (1 - wash[..., None])
    b, g, r = (flat[..., k].astype(f32) for k in range(3))
    red = np.clip((r - np.maximum(g, b)) / 90 - 0.35, 0, 0.85) * margin
    out += red[..., None] * (np.array([34, 36, 190], f32) * (0.35 + 0.65 * wash[..., None]) - out)
    return np.clip(out, 0, 255).astype(np.uint8)


def pencil(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Graphite: outlines drawn twice, three layers of hatching, a trace of colour."""
    h, w = picture.shape[:2]
    unit = min(h, w) / 1080
    nth = tick.beat(told["boil_hz"]) % 2
    flat = soften(picture, told["radius"], sharp=5.0)
    x, y = wobble(h, w, max(round(40 * unit), 4), 2.5 * unit, nth)
    drawn = np.asarray(cv2.remap(flat, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT), np.uint8)
    lines = contours(drawn, gain=told["lines"])
    grey = luma_of(flat)
    low, high = (float(v) for v in np.percentile(grey[::8, ::8], (3, 93)))
    level = np.clip((grey.astype(f32) - low) / max(high - low, 24), 0, 1)
    gap = max(8.5 * unit, 3.6)
    light = np.ones((h, w), f32)
    for angle, begins in ((38.0, 0.84), (52.0, 0.46), (-34.0, 0.20)):
        stroke = hatching(h, w, angle, gap, nth)
        press = np.clip((begins - level) / 0.34, 0, 1)
        light *= 1 - press * (0.56 - 0.46 * stroke)
    light *= 0.12 + 0.88 * lines
    light = 1 - (1 - light) * rim(h, w, 0.07, 0.30)
    tint = saturate(flat, 1.2, 30).astype(f32)
    paper, lead = np.array(told["white"], f32), np.array(told["lead"], f32)
    out = lead + (paper - lead) * light[..., None]
    colour = told["colour"] * (1 - light[..., None]) * 1.3 + told["colour"] * 0.35
    out = out * (1 - colour) + np.minimum(out, tint) * colour
    return np.clip(out, 0, 255).astype(np.uint8)


def anime(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Cel: light in three steps, clean dark lines, painted skies, a glow over what is bright."""
    h, w = picture.shape[:2]
    flat = soften(picture, told["radius"], sharp=9.0)
    lab = cv2.cvtColor(flat, cv2.COLOR_BGR2LAB)
    light, a, b = cv2.split(lab)
    levels = np.arange(256) / 255 * told["steps"]
    near = np.floor(levels) + np.clip((levels - np.floor(levels) - 0.5) / 0.14 + 0.5, 0, 1)
    stepped = cv2.LUT(light, np.clip(near / told["steps"] * 255 + 6, 0, 255).astype(np.uint8))
    # A sky is a gradient by airbrush; only what has form is lit in steps.
    form = cv2.resize(
        cv2.blur(
            cv2.Canny(cv2.resize(light, (w // 4, h // 4), interpolation=cv2.INTER_AREA), 18, 42), (25, 25)
        ),
        (w, h),
    )
    share = np.clip(form.astype(f32) / 18, 0.15, 1)
    light = (light + (stepped.astype(f32) - light) * share * told["cel"]).astype(np.uint8)
    cel = np.asarray(cv2.cvtColor(cv2.merge([light, a, b]), cv2.COLOR_LAB2BGR), np.uint8)
    cel = np.asarray(
        cv2.LUT(saturate(cel, told["saturation"]), tone([(0, 0.035), (0.25, 0.29), (0.6, 0.70), (1, 1)])),
        np.uint8,
    )
    lines = np.clip(contours(flat, gain=told["lines"]), 0.22, 1)
    cel = multiply(cel, (lines * 255).astype(np.uint8))
    glow = cv2.resize(cel, (w // 8, h // 8), interpolation=cv2.INTER_AREA)
    glow = cv2.GaussianBlur(cv2.subtract(glow, np.array([150, 150, 150, 0.0])), (0, 0), max(h / 8 * 0.018, 1))
    del tick
    return mix(cel, np.asarray(cv2.add(cel, cv2.resize(glow, (w, h))), np.uint8), told["glow"])
