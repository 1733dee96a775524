"""Words in the scene: neon signs, boards, chalkboards, placards held up, labels.

A sign is a flat card that stands upright in the world, lit by its hour; a neon sign is its own light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.repertoire import kind_of, players
from soundstage.render.previz.scene import LAMP_COLUMNS, NO_LAMPS
from soundstage.render.previz.subjects.solid_matter import read_matter
from soundstage.render.previz.subjects.writing_paint import GLOWING, paint_sign, shine_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.film import Subject
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
FILLS = {
    "extreme_close_up": 0.94,
    "close_up": 0.86,
    "medium": 0.62,
    "wide": 0.48,
    "extreme_wide": 0.34,
    "aerial": 0.36,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A flat sign, facing the camera's start."""

    card: NDArray[np.float32]  #: (h, w, 4) premultiplied light
    middle_m: tuple[float, float, float]
    width_m: float
    post_m: float = 0.0  #: down to the ground, 0: it hangs or is held
    post_colour: tuple[float, float, float] = (0.02, 0.02, 0.02)
    glow: tuple[float, float, float] = (0.0, 0.0, 0.0)
    travel_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    ground_m: float = 0.0
    wetness: float = 0.0
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Put the sign, its posts, its mirror image and its glow."""
        x, y, z = (m + v * moment.t_s for m, v in zip(self.middle_m, self.travel_m_s, strict=True))
        if z - view.eye_m[2] < 0.1:
            return
        h, w = self.card.shape[:2]
        per_m = w / self.width_m
        left, top = x - self.width_m / 2, y + h / per_m / 2
        burn = self._burn(moment.t_s)
        if self.wetness > 0.05:
            floor = 2 * self.ground_m
            flipped = np.ascontiguousarray(self.card[::-1])
            soft = cv2.blur(flipped, (5, 15)) * f32(0.5 * self.wetness * burn)
            canvas.over_warped(
                np.asarray(soft, f32), view.plane_affine(z, left, floor - (top - h / per_m), per_m)
            )
        if self.post_m:
            self._posts(canvas, view, (x, y - h / per_m / 2, z))
        card = self.card if burn == 1.0 else self.card * np.array([burn, burn, burn, 1], f32)
        canvas.over_warped(np.asarray(card, f32), view.plane_affine(z, left, top, per_m))

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the light of a neon sign."""
        if not any(self.glow):
            return NO_LAMPS
        row = np.zeros((1, LAMP_COLUMNS), f32)
        row[0, :3], row[0, 3:6] = self.middle_m, self.glow
        row[0, 2] -= 0.3 * self.width_m
        row[0, 6] = 0.35 * self.width_m**2 * self._burn(moment.t_s)
        return row

    def _burn(self, t_s: float) -> float:
        """Return how bright a tube burns: now and then it stutters."""
        if not any(self.glow):
            return 1.0
        u = (t_s + 1.1) % 3.7
        return 0.55 if 0.10 < u < 0.15 or 0.22 < u < 0.25 else 1.0

    def _posts(self, canvas: Canvas, view: View, foot: tuple[float, float, float]) -> None:
        x, y, z = foot
        for side in (-0.34, 0.34):
            ends = np.array(
                [[x + side * self.width_m, y + 0.02, z], [x + side * self.width_m, y - self.post_m, z]]
            )
            px, py, per_m = view.project(ends)
            wide = max(0.045 * self.width_m * float(per_m[0]), 1.0)
            row = [
                px[0],
                py[0],
                (px[0] + px[1]) / 2,
                (py[0] + py[1]) / 2,
                px[1],
                py[1],
                wide,
                wide,
                *self.post_colour,
                1,
                *self.post_colour,
                1,
                1,
                1,
            ]
            canvas.strokes(np.array([row], f32))


def build(subject: Subject, index: int, ctx: SetContext, ground: Ground) -> Sequence[Layer]:
    """Build a sign with the shot's words on it."""
    written = ctx.shot.on_screen_text
    signs = [s for s in ctx.shot.subjects if kind_of(s).name == "sign"]
    nth = next((k for k, s in enumerate(signs) if s is subject), 0)
    text = written[min(nth, len(written) - 1)] if written else _own_word(subject)
    holder = _holder(subject, ctx)
    held = holder is not None
    card, hue = paint_sign(subject, text, ctx, 10 if held or ctx.size.width < ctx.size.height else 16)
    view = ctx.start
    stage = ground.stage_m - view.eye_m[2]
    half = view.half_width_m(max(stage, 0.1))
    h, w = card.shape[:2]
    frame_h = 2 * half * ctx.size.height / ctx.size.width
    if held:
        x, y, z = ground.spot(min(holder or 0, len(ctx.shot.subjects) - 1), len(ctx.shot.subjects))
        if len(ctx.shot.subjects) <= 2:
            x = ground.spot(0, 1)[0] if holder == 0 else x
        width = min(0.62, 0.62)
        middle = (x + 0.02, y + 1.12, z - 0.34)
        return (_board(card, middle, width, hue, 0.0, ctx, ground, travel=True),)
    alone = len(players(ctx.shot)) == len(signs)
    fill = FILLS[ctx.shot.framing] if alone else 0.40
    width = min(fill * 2 * half, 0.62 * frame_h * w / h)
    if alone:
        x, z = ((nth - (len(signs) - 1) / 2) * width * 1.1, ground.stage_m)
    else:
        x, z = ((0.34 if index % 2 else -0.34) * 2 * half, ground.stage_m * 1.15)
    tall = width * h / w
    middle_ray = view.eye_m[1] + math.tan(view.pitch_rad) * (z - view.eye_m[2])
    y = middle_ray + (0.04 if alone else 0.20) * frame_h
    y = max(y, ground.height_m + tall * 0.62)
    post = max(y - tall / 2 - ground.height_m, 0.0)
    hangs = hue is not None or ctx.shot.place in (
        "room",
        "cafe",
        "kitchen",
        "studio",
        "office",
        "castle_hall",
    )
    x += ctx.travel_m_s[0] * ctx.seconds / 2
    return (_board(card, (x, y, z), width, hue, 0.0 if hangs else post, ctx, ground),)


def _board(
    card: NDArray[np.float32], middle: tuple[float, float, float], width: float, hue: Any, post: float,
    ctx: SetContext, ground: Ground, *, travel: bool = False,
) -> Board:  # fmt: skip
    shine = shine_of(ctx.light) * 0.05
    glow = (0.0, 0.0, 0.0) if hue is None else (float(hue[0]), float(hue[1]), float(hue[2]))
    return Board(
        card=card, middle_m=middle, width_m=width, post_m=post,
        post_colour=(float(shine[0]), float(shine[1]), float(shine[2])), glow=glow,
        travel_m_s=ctx.travel_m_s if travel else (0.0, 0.0, 0.0), ground_m=ground.height_m,
        wetness=ground.wetness if hue is not None else 0.0, depth_m=max(middle[2] - ctx.start.eye_m[2], 0.05),
    )  # fmt: skip


def _holder(subject: Subject, ctx: SetContext) -> int | None:
    """Return which subject holds this one up, if one does."""
    for nth, other in enumerate(ctx.shot.subjects):
        if other is subject:
            continue
        tied = any(
            r.kind in ("holding", "hold", "carrying", "raising") and r.target in (subject.id, subject.noun)
            for r in other.relations
        )
        if tied or other.action in ("hold", "carry", "show", "raise"):
            return nth
    return None


def _own_word(subject: Subject) -> str:
    """Return what a sign says of which no words were told: its own first attribute, else an arrow."""
    plain = [a for a in subject.attributes if a.isalpha() and a.lower() not in GLOWING]
    return (
        plain[0].upper()
        if plain and len(plain[0]) < 10 and plain[0].lower() not in read_matter()["colour"]
        else "OPEN"
    )
