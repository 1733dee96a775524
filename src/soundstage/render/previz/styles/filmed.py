"""What lens, stock and print do: 35 mm, home movies, noir, neon decades, pastel dreams."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.styles.gate import coarse_grain, gate, pool, tube
from soundstage.render.previz.styles.paper import above, luma_of, mix, multiply, saturate, tone

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.styles.style import Picture, Tick

f32 = np.float32


def film_35mm(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """A print of 35 mm: red halation around lights, a gate that hardly weaves, a soft shoulder."""
    picture = np.asarray(cv2.LUT(picture, tone([(0, 0.02), (0.2, 0.20), (0.7, 0.73), (1, 0.97)])), np.uint8)
    picture = _halation(picture, told["halation"])
    return _weave(picture, tick, told["weave_px"])


def vintage_film(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """16 and 8 mm: faded dyes, coarse grain, dust, scratches, a lamp that flickers, a rounded gate."""
    h, w = picture.shape[:2]
    unit = min(h, w) / 1080
    rng = tick.rng(18.0)
    # An 8 mm frame resolves no more than this.
    small = cv2.resize(picture, (w // 2, h // 2), interpolation=cv2.INTER_AREA)
    picture = np.asarray(cv2.resize(small, (w, h), interpolation=cv2.INTER_LINEAR), np.uint8)
    picture = _split_tone(picture, (72, 46, 40), (150, 225, 250), told["fade"])
    picture = np.asarray(cv2.LUT(picture, tone([(0, 0.07), (0.3, 0.34), (0.7, 0.76), (1, 0.97)])), np.uint8)
    grain = coarse_grain(h // 2 + 1, w // 2 + 1)
    y, x = rng.integers(0, 97, 2)
    rolled = np.roll(grain, (int(y) * 5, int(x) * 7), (0, 1))
    grain = cv2.resize(rolled, (w, h), interpolation=cv2.INTER_LINEAR).astype(f32) * f32(told["grain"])
    level = 1 + 0.035 * rng.standard_normal()
    out = picture.astype(f32) * f32(level) + grain[..., None]
    picture = np.clip(out, 0, 255).astype(np.uint8)
    for _ in range(int(rng.poisson(told["dust"]))):
        spot = (int(rng.uniform(0, w)), int(rng.uniform(0, h)))
        shade = (18, 20, 24) if rng.random() < 0.7 else (225, 230, 235)
        axes = (max(int(rng.uniform(1, 6) * unit), 1), max(int(rng.uniform(1, 3) * unit), 1))
        cv2.ellipse(picture, spot, axes, float(rng.uniform(0, 180)), 0, 360, shade, -1, cv2.LINE_AA)
    lane = np.random.default_rng([tick.seed & 0xFFFFFFFF, 5, int(tick.t_s * 1.4)])
    for _ in range(int(lane.poisson(told["scratches"]))):
        at = int(lane.uniform(0.04, 0.96) * w + 3 * unit * np.sin(9 * tick.t_s))
        cv2.line(picture, (at, 0), (at, h), (170, 195, 205), max(round(1.2 * unit), 1), cv2.LINE_AA)
    return _weave(multiply(picture, gate(h, w)), tick, told["weave_px"])


def noir(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Silver: no colour, deep blacks, hot highlights that bloom, a pool of light in the middle."""
    h, w = picture.shape[:2]
    # Red-sensitive stock: skin and brick go light, skies and leaves dark.
    grey = np.asarray(cv2.transform(picture, np.array([[0.08, 0.47, 0.45]], f32)), np.uint8).reshape(h, w)
    low, high = (float(v) for v in np.percentile(grey[::8, ::8], (1, 99.6)))
    level = np.clip((np.arange(256) - low) / max(high - low, 40), 0, 1)
    curve = np.clip(np.interp(level, (0, 0.12, 0.4, 0.75, 1), (0.015, 0.075, 0.34, 0.74, 0.97)) * 255, 0, 255)
    grey = cv2.LUT(grey, curve.astype(np.uint8))
    glow = cv2.resize(grey, (w // 8, h // 8), interpolation=cv2.INTER_AREA)
    glow = cv2.GaussianBlur(above(np.asarray(glow, np.uint8), 165), (0, 0), max(h / 8 * 0.02, 1.0))
    grey = cv2.add(grey, cv2.resize(glow, (w, h)))
    grey = cv2.multiply(grey, pool(h, w), scale=1 / 255)
    del tick, told
    return np.asarray(cv2.merge([grey, grey, grey]), np.uint8)


def synthwave(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Violet shadows, pink and cyan light, fringes of a bad lens, the lines of a tube."""
    picture = _split_tone(picture, (96, 18, 44), (214, 150, 255), told["tint"])
    picture = _duotone(picture, told["duo"])
    picture = _fringe(_glow(picture, told["glow"]), told["fringe_px"])
    del tick
    return multiply(picture, tube(*picture.shape[:2], told["lines"]))


def cyberpunk(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Teal shadows, magenta lights, wet glow, hard contrast."""
    picture = np.asarray(cv2.LUT(picture, tone([(0, 0.0), (0.25, 0.20), (0.6, 0.64), (1, 1)])), np.uint8)
    picture = _split_tone(picture, (92, 58, 8), (238, 120, 255), told["tint"])
    picture = saturate(picture, told["saturation"])
    del tick
    return _fringe(_glow(picture, told["glow"]), told["fringe_px"])


def pastel(picture: Picture, tick: Tick, told: Mapping[str, Any]) -> Picture:
    """Powdered colour: no black, no hard light, a veil over everything."""
    h, w = picture.shape[:2]
    picture = np.asarray(cv2.LUT(picture, tone([(0, 0.17), (0.3, 0.44), (0.65, 0.76), (1, 0.975)])), np.uint8)
    veil = cv2.resize(picture, (w // 8, h // 8), interpolation=cv2.INTER_AREA)
    veil = np.asarray(cv2.resize(cv2.GaussianBlur(veil, (0, 0), max(h / 8 * 0.022, 1.0)), (w, h)), np.uint8)
    # Screened with its own blur, as a stocking over the lens does.
    screened = 255 - cv2.multiply(255 - picture, 255 - veil, scale=1 / 255)
    picture = mix(picture, np.asarray(screened, np.uint8), told["veil"])
    del tick
    return saturate(_split_tone(picture, (214, 186, 196), (222, 232, 255), told["tint"]), told["saturation"])


def _halation(picture: Picture, share: float) -> Picture:
    h, w = picture.shape[:2]
    small = cv2.resize(luma_of(picture), (w // 8, h // 8), interpolation=cv2.INTER_AREA)
    hot = cv2.GaussianBlur(above(np.asarray(small, np.uint8), 190), (0, 0), max(h / 8 * 0.012, 0.8))
    hot = cv2.resize(hot, (w, h)).astype(f32) * f32(share)
    none = np.zeros_like(hot)
    return np.asarray(cv2.add(picture, cv2.merge([none, hot * 0.28, hot]).astype(np.uint8)), np.uint8)


def _weave(picture: Picture, tick: Tick, reach_px: float) -> Picture:
    """Move the whole frame a little, as film does in its gate."""
    h, w = picture.shape[:2]
    reach = reach_px * min(h, w) / 1080
    t = tick.t_s
    dx = reach * (np.sin(7.1 * t) + 0.6 * np.sin(23.0 * t + 1))
    dy = reach * (np.sin(5.3 * t + 2) + 0.8 * np.sin(29.0 * t))
    grow = 1 + 4 * reach / min(h, w)
    affine = np.array([[grow, 0, dx - (grow - 1) * w / 2], [0, grow, dy - (grow - 1) * h / 2]], f32)
    return np.asarray(cv2.warpAffine(picture, affine, (w, h), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def _split_tone(
    picture: Picture, dark: tuple[int, int, int], light: tuple[int, int, int], share: float
) -> Picture:
    """Pull shadows toward one colour (BGR) and lights toward another."""
    ramp = np.arange(256) / 255
    grey = luma_of(picture)
    tint = [
        cv2.LUT(grey, np.clip(d * (1 - ramp) + s * ramp, 0, 255).astype(np.uint8))
        for d, s in zip(dark, light, strict=True)
    ]
    return mix(picture, np.asarray(cv2.merge(tint), np.uint8), share)


def _duotone(picture: Picture, share: float) -> Picture:
    """Send warm hues to pink and cool ones to cyan."""
    b, g, r = (v.astype(f32) for v in cv2.split(picture))
    warm = np.clip((r - b) / 120, -1, 1)
    light = np.maximum(np.maximum(r, g), b)
    pink = (light * 0.78, light * 0.24, light)
    cyan = (light, light * 0.72, light * 0.22)
    k = np.clip(np.abs(warm) * 1.3, 0, 1) * share
    out = [v + (np.where(warm > 0, p, c) - v) * k for v, p, c in zip((b, g, r), pink, cyan, strict=True)]
    return np.clip(cv2.merge(out), 0, 255).astype(np.uint8)


def _glow(picture: Picture, share: float) -> Picture:
    h, w = picture.shape[:2]
    small = cv2.resize(picture, (w // 8, h // 8), interpolation=cv2.INTER_AREA)
    hot = cv2.GaussianBlur(
        cv2.subtract(small, np.array([110, 110, 110, 0.0])), (0, 0), max(h / 8 * 0.025, 1.0)
    )
    return np.asarray(cv2.addWeighted(picture, 1.0, cv2.resize(hot, (w, h)), share, 0), np.uint8)


def _fringe(picture: Picture, reach_px: float) -> Picture:
    """Let red and blue fall apart toward the edges."""
    h, w = picture.shape[:2]
    b, g, r = (np.asarray(plane, np.uint8) for plane in cv2.split(picture))
    k = reach_px * min(h, w) / 1080 / (w / 2)

    def grown(plane: NDArray[np.uint8], by: float) -> NDArray[np.uint8]:
        affine = np.array([[1 + by, 0, -by * w / 2], [0, 1 + by, -by * h / 2]], f32)
        return np.asarray(cv2.warpAffine(plane, affine, (w, h), borderMode=cv2.BORDER_REPLICATE), np.uint8)

    return np.asarray(cv2.merge([grown(b, -k), g, grown(r, k)]), np.uint8)
