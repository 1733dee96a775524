"""What is built rather than painted: cut paper, clay, vinyl toys, facets, pixels."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.styles.lines import detail_of, ink_lines, relief_of, shade
from soundstage.render.previz.styles.paper import above, blotches, luma_of, multiply, saturate, tone
from soundstage.render.previz.styles.strokes import facet_map, soften

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.render.previz.styles.style import Picture, Tick

f32 = np.float32
BAYER = (
    np.array([[0, 8, 2, 10], [12, 4, 14, 6], [3, 11, 1, 9], [15, 7, 13, 5]], np.float32) / 16 - 0.47
)  #: ordered dither of 4 x 4


def paper_cut(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Sheets of coloured paper, the dark ones in front, each throwing its shadow on the next."""
    h, w = picture.shape[:2]
    unit = min(h, w) / 1080
    quarter = cv2.resize(picture, (max(w // 4, 8), max(h // 4, 8)), interpolation=cv2.INTER_AREA)
    size = max(round(told["knife"] * unit / 4), 1) * 2 + 1
    quarter = cv2.medianBlur(quarter, min(size, 13))
    flat = cv2.resize(quarter, (w // 2, h // 2), interpolation=cv2.INTER_CUBIC)
    lab = cv2.cvtColor(flat, cv2.COLOR_BGR2LAB)
    light, a, b = cv2.split(lab)
    light = cv2.blur(light, (5, 5))
    low, high = (float(v) for v in np.percentile(light[::4, ::4], (1, 99)))
    steps = told["sheets"]
    level = np.clip((light.astype(f32) - low) / max(high - low, 20), 0, 0.999) * steps
    nth = np.floor(level)
    middle = np.clip(low + 14 + (nth + 0.6) / steps * (high - low) * 1.02, 0, 250).astype(np.uint8)
    a, b = (cv2.blur(np.round(v.astype(f32) / 7).astype(np.uint8) * 7, (3, 3)) for v in (a, b))
    sheet = saturate(
        np.asarray(cv2.cvtColor(cv2.merge([middle, a, b]), cv2.COLOR_LAB2BGR), np.uint8), told["saturation"]
    )
    # A sheet is thrown into shade by every darker one up and to its left.
    shadow = np.zeros(nth.shape, f32)
    for step, weight in ((3, 0.5), (7, 0.32), (13, 0.2)):
        d = max(round(step * unit), 1)
        moved = cv2.warpAffine(
            nth,
            np.array([[1, 0, d], [0, 1, d]], f32),
            (nth.shape[1], nth.shape[0]),
            borderMode=cv2.BORDER_REPLICATE,
        )
        shadow += np.clip(nth - moved, 0, 2) * weight
    shadow = cv2.GaussianBlur(shadow, (0, 0), max(3.0 * unit, 0.6))
    back = cv2.warpAffine(
        nth,
        np.array([[1, 0, 1], [0, 1, 1]], f32),
        (nth.shape[1], nth.shape[0]),
        borderMode=cv2.BORDER_REPLICATE,
    )
    edge = np.clip(back - nth, 0, 1) * 46
    out = shade(sheet, edge - np.clip(shadow * told["shadow"], 0, 90))
    out = np.asarray(cv2.resize(out, (w, h), interpolation=cv2.INTER_CUBIC), np.uint8)
    del tick
    return out


def claymation(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Kneaded matter with thumb prints that change at every pose, under a small warm lamp."""
    h, w = picture.shape[:2]
    unit = min(h, w) / 1080
    flat = soften(picture, told["radius"], sharp=2.0)
    flat = np.asarray(
        cv2.LUT(saturate(flat, told["saturation"]), tone([(0, 0.06), (0.3, 0.33), (0.75, 0.80), (1, 0.95)])),
        np.uint8,
    )
    grey = luma_of(flat)
    nth = tick.beat(told["step_fps"]) % 6
    thumbs = (
        blotches(h, w, max(round(34 * unit), 5), nth) * 6
        + blotches(h, w, max(round(12 * unit), 3), nth + 6) * 4
    )
    mould = relief_of(grey, 8.0, told["round"]) + relief_of(
        np.clip(128 + thumbs * 4, 0, 255).astype(np.uint8), 4.0, told["prints"]
    )
    out = shade(flat, np.clip(mould, -46, 40))
    return _miniature(out, told["miniature"])


def vinyl_toy(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Glossy moulded plastic seen from very near: clean colour, hard highlights, a thin zone of focus."""
    h, w = picture.shape[:2]
    flat = saturate(soften(picture, told["radius"], sharp=3.0), told["saturation"], 6)
    grey = luma_of(flat)
    out = shade(flat, np.clip(relief_of(grey, 6.0, told["round"]), -34, 44))
    shine = above(np.asarray(cv2.GaussianBlur(luma_of(out), (0, 0), 1.2), np.uint8), 168)
    shine = cv2.resize(cv2.blur(cv2.resize(shine, (w // 4, h // 4)), (5, 5)), (w, h))
    out = np.asarray(cv2.add(out, cv2.merge([shine] * 3)), np.uint8)
    out = np.asarray(cv2.LUT(out, tone([(0, 0.01), (0.25, 0.25), (0.6, 0.68), (1, 1)])), np.uint8)
    del tick
    return _miniature(out, told["miniature"])


def _miniature(picture: Picture, reach: float) -> Picture:
    """Blur a picture's upper and lower parts, as a macro lens over a table top does."""
    h, w = picture.shape[:2]
    if reach <= 0:
        return picture
    small = cv2.resize(picture, (w // 4, h // 4), interpolation=cv2.INTER_AREA)
    soft = cv2.resize(cv2.GaussianBlur(small, (0, 0), max(min(h, w) / 1080 * 2.2, 0.8)), (w, h))
    y = np.abs(np.linspace(-1.06, 0.94, h, dtype=f32))
    share = (np.clip((y - 0.42) / 0.45, 0, 1) * reach)[:, None, None]
    return (picture + (soft.astype(f32) - picture) * share).astype(np.uint8)


def low_poly(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Facets of one colour each: large where little is to be seen, small where much is."""
    h, w = picture.shape[:2]
    unit = min(h, w) / 1080
    soft = cv2.blur(saturate(picture, told["saturation"]), (max(round(9 * unit), 3),) * 2)
    busy = cv2.resize(detail_of(picture), (w, h), interpolation=cv2.INTER_LINEAR)
    out, tones = None, None
    for nth, (cell, least) in enumerate(told["facets"]):
        spots, facet_tone = facet_map(h, w, max(cell * unit, 4), nth)
        taken = cv2.remap(soft, *spots, cv2.INTER_NEAREST)
        if out is None or tones is None:
            out, tones = taken, facet_tone.copy()
            continue
        # A coarse facet is cut up as a whole, or its halves would show.
        mask = (cv2.remap(busy, *spots, cv2.INTER_NEAREST) > least).astype(np.uint8)
        cv2.copyTo(taken, mask, out)
        cv2.copyTo(facet_tone, mask, tones)
    assert out is not None, told
    assert tones is not None, told
    del tick
    return shade(np.asarray(out, np.uint8), tones.astype(f32) - 128)


def pixel_art(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """The screen of an old console: few large pixels, few colours, dithered, with dark outlines."""
    h, w = picture.shape[:2]
    rows = told["tall"]
    size = (max(round(w * rows / min(h, w)), 8), max(round(h * rows / min(h, w)), 8))
    small = np.asarray(cv2.resize(picture, size, interpolation=cv2.INTER_AREA), np.uint8)
    lines = ink_lines(small, width=1.4 * 1080 / rows * 0.6, sensitivity=told["lines"])
    small = np.asarray(
        cv2.LUT(saturate(small, told["saturation"]), tone([(0, 0.0), (0.2, 0.20), (0.6, 0.68), (1, 1)])),
        np.uint8,
    )
    small = multiply(small, np.maximum(lines, 90))
    dither = np.tile(BAYER, (size[1] // 4 + 1, size[0] // 4 + 1))[: size[1], : size[0]]
    yuv = cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb).astype(f32)
    for plane, step in enumerate((255 / told["lights"], 255 / told["hues"], 255 / told["hues"])):
        spread = dither * step * (0.85 if plane == 0 else 0.6)
        middle = 0.0 if plane == 0 else 128.0
        yuv[..., plane] = np.round((yuv[..., plane] - middle + spread) / step) * step + middle
    out = cv2.cvtColor(np.clip(yuv, 0, 255).astype(np.uint8), cv2.COLOR_YCrCb2BGR)
    del tick
    return np.asarray(cv2.resize(out, (w, h), interpolation=cv2.INTER_NEAREST), np.uint8)
