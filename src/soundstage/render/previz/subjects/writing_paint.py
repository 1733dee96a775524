"""Signs as pictures: glass tubes, painted boards, chalk. Flat, lit by their hour. Knows no world."""

from __future__ import annotations

from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.subjects.solid_matter import read_matter
from soundstage.render.previz.subjects.writing_type import break_text, set_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.film import Subject
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import SetContext

f32 = np.float32
EM_PX = 96
NEON = ((1.0, 0.12, 0.42), (0.10, 0.75, 1.0), (1.0, 0.55, 0.10), (0.30, 1.0, 0.45))
GLOWING = ("neon", "led", "glowing", "illuminated", "lit", "electronic", "flashing", "light up")


def _said_colour(words: Sequence[str], otherwise: tuple[float, float, float]) -> NDArray[np.float32]:
    table = read_matter()["colour"]
    for word in words:
        for part in word.lower().replace("-", " ").split():
            if part in table and "albedo" in table[part]:
                return np.array(table[part]["albedo"], f32)
    return np.array(otherwise, f32)


def shine_of(light: Light) -> NDArray[np.float32]:
    """Return what a white board sends to the camera; a lamp over it by night."""
    lit = np.array(light.ambient_up) * 0.8 + 0.20 * np.array(light.sun_colour)
    least = 0.24 / max(light.grade.exposure, 0.3)
    level = float(lit @ (0.2126, 0.7152, 0.0722))
    return (lit * max(least / max(level, 1e-5), 1.0)).astype(f32)


def paint_neon(text: str, hue: NDArray[np.float32], light: Light, most: int) -> NDArray[np.float32]:
    """Return a text in glass tubes before a dark panel, (h, w, 4)."""
    mask = set_text(break_text(text, most), EM_PX, weight="Regular", tracking=0.06)
    pad = EM_PX * 3 // 4
    mask = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    white = f32(1 / max(light.grade.exposure, 0.3)) * f32(0.55 + 0.45 * light.darkness)
    core = cv2.erode(mask, np.ones((3, 3), np.uint8))
    near, wide = cv2.GaussianBlur(mask, (0, 0), EM_PX * 0.05), cv2.GaussianBlur(mask, (0, 0), EM_PX * 0.24)
    tube = hue / max(float(hue.max()), 1e-3)
    h, w = mask.shape
    panel = np.zeros((h, w), f32)
    cv2.rectangle(panel, (pad // 3, pad // 3), (w - pad // 3, h - pad // 3), 1.0, -1)
    panel = cv2.GaussianBlur(panel, (0, 0), 1.5)
    frame = panel - cv2.erode(panel, np.ones((7, 7), np.uint8))
    rgb = tube * (mask * 1.5 + near * 0.9 + wide * 0.75)[..., None] * white + (core * 1.5)[
        ..., None
    ] * white * (0.35 + 0.65 * tube)
    rgb = (
        rgb
        + panel[..., None] * shine_of(light) * 0.018
        + frame[..., None] * (tube * white * 0.35 + shine_of(light) * 0.05)
    )
    edge = np.minimum(
        np.minimum(np.arange(h), np.arange(h)[::-1])[:, None],
        np.minimum(np.arange(w), np.arange(w)[::-1])[None],
    ) / (pad / 3)
    rgb *= np.clip(edge, 0, 1)[..., None]
    return np.dstack([rgb, np.clip(panel * 0.93 + mask * 0.5, 0, 1)]).astype(f32)


def paint_board(
    text: str,
    ground: NDArray[np.float32],
    ink: NDArray[np.float32],
    light: Light,
    most: int,
    *,
    chalk: bool = False,
) -> NDArray[np.float32]:
    """Return a text painted on a board with a border, (h, w, 4)."""
    mask = set_text(break_text(text, most), EM_PX, weight="Bold" if not chalk else "Semibold", tracking=0.03)
    pad = EM_PX // 2
    mask = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    h, w = mask.shape
    rng = np.random.default_rng(5)
    wear = cv2.GaussianBlur(rng.standard_normal((h, w)).astype(f32), (0, 0), 7)
    wear /= max(float(wear.std()), 1e-6)
    if chalk:
        dust = cv2.GaussianBlur(rng.standard_normal((h, w)).astype(f32), (0, 0), 0.8) * 1.6
        mask = mask * np.clip(0.80 + 0.5 * dust, 0, 1)
    albedo = ground * (1 + 0.06 * wear)[..., None]
    rim = np.ones((h, w), f32)
    cv2.rectangle(rim, (9, 9), (w - 10, h - 10), 0.0, -1)
    line = np.zeros((h, w), f32)
    cv2.rectangle(line, (17, 17), (w - 18, h - 18), 1.0, 3, cv2.LINE_AA)
    edge = ink if not chalk else np.array((0.16, 0.08, 0.035), f32)
    albedo = albedo + (edge - albedo) * (np.maximum(rim, line * 0.0 if chalk else line * 0.8))[..., None]
    albedo = albedo + (ink - albedo) * mask[..., None]
    fall = np.linspace(1.10, 0.84, h, dtype=f32)[:, None, None]
    rgb = np.clip(albedo, 0, 1) * shine_of(light) * fall
    return np.dstack([rgb, np.ones((h, w), f32)]).astype(f32)


def paint_sign(
    subject: Subject, text: str, ctx: SetContext, most: int
) -> tuple[NDArray[np.float32], NDArray[np.float32] | None]:
    """Return a sign's picture, and its hue when it glows."""
    words = (subject.noun, *subject.attributes)
    said = " ".join(words).lower()
    light = ctx.light
    glowing = (
        any(word in said for word in GLOWING)
        or ("霓虹" in said)
        or ("neon" in ctx.shot.light and "sign" in said)
    )
    if glowing:
        own = NEON[int(ctx.rng(f"sign {text}").integers(len(NEON)))]
        hue = _said_colour(subject.attributes, own)
        return paint_neon(text, hue, light, most), hue / max(float(hue.max()), 1e-3)
    if any(w in said for w in ("chalk", "blackboard", "menu board")):
        return paint_board(
            text,
            np.array((0.028, 0.036, 0.032), f32),
            np.array((0.75, 0.74, 0.70), f32),
            light,
            most,
            chalk=True,
        ), None
    if any(
        w in said
        for w in (
            "billboard",
            "poster",
            "street sign",
            "road sign",
            "signpost",
            "license plate",
            "departure board",
        )
    ):
        ground = _said_colour(
            subject.attributes,
            (0.02, 0.20, 0.12) if "street" in said or "road" in said else (0.80, 0.76, 0.66),
        )
    elif any(
        w in said
        for w in ("placard", "paper", "cardboard", "whiteboard", "note", "card", "label", "tag", "held")
    ):
        ground = _said_colour(subject.attributes, (0.80, 0.78, 0.72))
    else:
        ground = _said_colour(
            subject.attributes,
            (0.22, 0.045, 0.035)
            if ctx.shot.place in ("city_street", "neon_street", "cafe", "old_town")
            else (0.26, 0.15, 0.07),
        )
    dark = float(ground @ np.array((0.2126, 0.7152, 0.0722), f32)) > 0.25
    ink = np.array((0.03, 0.03, 0.035) if dark else (0.86, 0.82, 0.70), f32)
    return paint_board(text, ground, ink, light, most), None
