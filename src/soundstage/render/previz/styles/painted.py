"""The painters: gouache, watercolour, oil, and the picture book. Light and colour come in already right."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.styles.lines import detail_of, flow_class, ink_lines, relief_of, shade
from soundstage.render.previz.styles.paper import (
    blotches,
    luma_of,
    mix,
    rim,
    saturate,
    tone,
    wobble,
)
from soundstage.render.previz.styles.strokes import brush_map, soften

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.styles.style import Picture, Tick

f32 = np.float32
LAYS = 4  #: directions a brush is laid in


def gouache(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Opaque flat paint: broad soft shapes, dry edges, a rough paper."""
    flat = soften(picture, told["radius"], sharp=5.0)
    flat = _lay(flat, tick, told, share=told["strokes"])
    return saturate(flat, told["saturation"])


def oil(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Thick strokes along the forms, with the light on their ridges, on canvas."""
    flat = saturate(soften(picture, told["radius"], sharp=3.0), told["saturation"])
    return _lay(flat, tick, told, share=1.0)


def _lay(flat: Picture, tick: Tick, told: Mapping[str, Any], *, share: float) -> Picture:
    """Lay strokes: long ones where little is to be seen, short ones where much is."""
    h, w = flat.shape[:2]
    unit = min(h, w) / 1080
    ways = flow_class(flat, LAYS)
    busy = cv2.resize(detail_of(flat), (w, h), interpolation=cv2.INTER_LINEAR) > told["busy"]
    nth = tick.beat(told["boil_hz"]) % 3
    laid, relief = flat.copy(), np.full((h, w), 128, np.uint8)
    for fine in (False, True):
        length, width = (side * unit for side in told["fine" if fine else "broad"])
        for way in range(LAYS):
            spots, ridge = brush_map(h, w, length, max(width, 1.5), 180.0 * way / LAYS, nth + 3 * fine)
            where = ((ways == way) & (busy == fine)).astype(np.uint8)
            taken = cv2.remap(flat, *spots, cv2.INTER_NEAREST)
            cv2.copyTo(taken, where, laid)
            cv2.copyTo(ridge, where, relief)
    if share < 1:
        laid = mix(flat, laid, share)
    level = (relief.astype(f32) - 128) * f32(told["impasto"])
    return shade(laid, level)


def watercolour(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Washes that pool at their edges, run into each other, and leave the paper white around."""
    h, w = picture.shape[:2]
    unit = min(h, w) / 1080
    flat = soften(picture, told["radius"], sharp=6.0)
    x, y = wobble(h, w, max(round(26 * unit), 4), 5.0 * unit, tick.beat(told["boil_hz"]) % 2)
    flat = cv2.remap(flat, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REFLECT)
    # Washes: a few tones, their borders soft; light never falls to black on paper.
    flat = cv2.LUT(
        saturate(np.asarray(flat, np.uint8), told["saturation"]),
        tone([(0, 0.20), (0.35, 0.50), (0.7, 0.86), (1, 1)]),
    )
    steps = _washes(np.asarray(flat, np.uint8), 7)
    grey = luma_of(steps)
    soft = cv2.blur(grey, (max(round(9 * unit), 3),) * 2)
    rim_dark = cv2.subtract(soft, grey)  # the darker side of a border dries darker
    pool = np.clip(rim_dark.astype(f32) * 1.4, 0, 60)
    pigment = blotches(h, w, max(round(70 * unit), 8)) * 13 + blotches(h, w, max(round(9 * unit), 3), 3) * 5
    depth = (255 - grey.astype(f32)) / 255
    washed = shade(steps, pigment * depth * 1.6 - pool)
    # Unpainted paper at the margin.
    margin = rim(h, w, 0.075, 0.30)[..., None]
    paper = np.array(told["white"], f32)
    out = washed.astype(f32) * margin + paper * (1 - margin)
    return out.astype(np.uint8)


def _washes(picture: NDArray[np.uint8], steps: int) -> NDArray[np.uint8]:
    """Return a picture in `steps` tones with soft borders, its colours kept."""
    levels = np.arange(256) / 255 * steps
    near = np.floor(levels) + np.clip((levels - np.floor(levels) - 0.5) / 0.36 + 0.5, 0, 1)
    table = np.clip(near / steps * 255, 0, 255).astype(np.uint8)
    lab = cv2.cvtColor(picture, cv2.COLOR_BGR2LAB)
    light, a, b = cv2.split(lab)
    return np.asarray(cv2.cvtColor(cv2.merge([cv2.LUT(light, table), a, b]), cv2.COLOR_LAB2BGR), np.uint8)


def storybook(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """The picture book: rounded soft forms, warm clean colour, a breath of coloured pencil."""
    flat = soften(picture, told["radius"], sharp=4.0)
    flat = saturate(flat, told["saturation"], 4)
    lines = ink_lines(flat, width=2.4, sensitivity=told["lines"], work=0.5)
    tinted = np.asarray(cv2.multiply(flat, np.array([0.40, 0.42, 0.55, 1.0])), np.uint8)
    ink = (255 - lines)[..., None].astype(np.uint16)
    flat = ((flat.astype(np.uint16) * (255 - ink) + tinted.astype(np.uint16) * ink) // 255).astype(np.uint8)
    flat = shade(flat, relief_of(luma_of(flat), 7.0, told["round"], work=0.25))
    del tick
    return flat
