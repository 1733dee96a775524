"""Words over the picture: titles, chapter cards, captions. Laid into the light, so that they are filmed.

Asked in every shot (`[extras]` in places.toml); one whose words stand on a sign, or without words, gets none.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.repertoire import kind_of
from soundstage.render.previz.subjects.writing_type import break_text, set_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
LOW = ("caption", "subtitle", "lower third", "lower-third", "bottom")


@dataclass(frozen=True, slots=True, kw_only=True)
class Title:
    """A text that does not move with the scene."""

    mask: NDArray[np.float32]  #: (h, w), 0..1, at the film's size
    shade: NDArray[np.float32]  #: (h, w) what it darkens around itself
    middle: tuple[float, float]  #: in the frame, 0..1
    ink: tuple[float, float, float]
    light: Light
    veil: float = 0.0  #: how much it dims the whole picture
    depth_m: float = 0.01
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:  # noqa: ARG002 - it stays put
        """Lay the words over what is drawn."""
        u = min(max((moment.index + 1) / max(moment.frame_count * 0.12, 1), 0.0), 1.0)
        come = u * u * (3 - 2 * u)
        h, w = self.mask.shape
        grow = 0.985 + 0.015 * moment.progress
        if self.veil:
            canvas.planes *= f32(1 - self.veil * come)
        ink = np.array(self.ink, f32) * f32(0.78 / max(self.light.grade.exposure, 0.3))
        dark = self.shade * f32(0.62)
        cover = np.maximum(self.mask, dark)
        card = np.dstack([*(ink[k] * self.mask for k in range(3)), cover]).astype(f32)
        x = self.middle[0] * canvas.width - grow * w / 2
        y = self.middle[1] * canvas.height - grow * h / 2
        canvas.over_warped(card, np.array([[grow, 0, x], [0, grow, y]]), opacity=come)


def build(context: SetContext, ground: Ground) -> Sequence[Layer]:
    """Return the shot's title, if it has words that nothing in the scene bears."""
    del ground
    shot = context.shot
    if not shot.on_screen_text or any(kind_of(s).name == "sign" for s in shot.subjects):
        return ()
    said = f" {shot.text} ".lower()
    low = any(word in said for word in LOW)
    main = not low and (not shot.subjects or "title" in said or "the end" in said)
    width, height = context.size.width, context.size.height
    side = min(width, height)
    texts = list(shot.on_screen_text[:3])
    lines = [line for text in texts for line in break_text(text, 14 if width < height else 22)]
    size = side * (0.125 if main else 0.062)
    weight, tracking = ("Regular", 0.14) if main else ("Semibold", 0.04)
    mask = set_text(lines, max(int(size), 8), weight=weight, tracking=tracking)
    room = 0.86 * width
    if mask.shape[1] > room:
        size *= room / mask.shape[1]
        mask = set_text(lines, max(int(size), 8), weight=weight, tracking=tracking)
    pad = int(size * 0.9)
    mask = cv2.copyMakeBorder(mask, pad, pad, pad, pad, cv2.BORDER_CONSTANT)
    soft = cv2.GaussianBlur(mask, (0, 0), max(size * 0.16, 1.0)) * 1.5
    middle = (0.5, 0.47) if main else (0.5, 0.84 if height <= width else 0.80)
    return (
        Title(
            mask=np.asarray(mask, f32), shade=np.clip(soft * 1.4, 0, 1).astype(f32), middle=middle,
            ink=(1.0, 0.965, 0.90), light=context.light, veil=0.45 if main else 0.0,
        ),
    )  # fmt: skip
