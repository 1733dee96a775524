"""Words set flat: lines of a text as a mask, in the weight a sign or a title wants. Knows no scene."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from soundstage.render.previz.subjects.letters_type import font_for

if TYPE_CHECKING:
    from numpy.typing import NDArray

MOST_LINES = 5


@lru_cache(maxsize=16)
def _own(weight: str, size_px: int) -> ImageFont.FreeTypeFont:
    path = Path(str(files("font_source_sans_pro").joinpath(f"files/SourceSansPro-{weight}.ttf")))
    return ImageFont.truetype(str(path), size_px)


def _font(sign: str, weight: str, size_px: int) -> ImageFont.FreeTypeFont | None:
    if sign.isascii() or "\u00a0" <= sign <= "\u024f":
        return _own(weight, size_px)
    found = font_for(sign)
    return None if found is None else found.font_variant(size=size_px)


def missing_signs(text: str) -> str:
    """Return the signs of a text that no font here can draw."""
    strange = dict.fromkeys(s for s in text if not (s.isascii() or "\u00a0" <= s <= "\u024f"))
    return "".join(s for s in strange if font_for(s) is None)


def break_text(text: str, most: int) -> list[str]:
    """Return a text in lines of about `most` signs, as even as words allow; a wide sign counts two."""
    heavy = [2 if ord(s) > 0x2E80 else 1 for s in text]
    total = sum(heavy)
    count = min(max(-(-total // most), 1), MOST_LINES)
    if count == 1:
        return [text]
    target = total / count
    words = text.split() if " " in text else list(text)
    gap = " " if " " in text else ""
    lines: list[str] = []
    room = 0.0
    for word in words:
        size = sum(2 if ord(s) > 0x2E80 else 1 for s in word)
        if lines and (room + len(gap) + size / 2 <= target or len(lines) == count):
            lines[-1] += gap + word
            room += len(gap) + size
        else:
            lines.append(word)
            room = size
    return lines


def set_text(
    lines: list[str], size_px: int, *, weight: str = "Semibold", tracking: float = 0.02, leading: float = 1.18
) -> NDArray[np.float32]:
    """Return lines centred under each other as a mask (h, w), 0..1, without a margin.

    Args:
        lines: as `break_text` gives them.
        size_px: of an em.
        weight: of Source Sans: Light, Regular, Semibold, Bold, Black; other scripts come as they are found.
        tracking: added between signs, in ems.
        leading: from line to line, in ems.
    """

    def advance(sign: str) -> float:
        font = _font(sign, weight, size_px)
        return (size_px if font is None else font.getlength(sign)) + tracking * size_px

    widths = [sum(advance(s) for s in line) - tracking * size_px for line in lines]
    width, height = int(max(widths)) + 4, int(size_px * (leading * (len(lines) - 1) + 1.25))
    image = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(image)
    for row, (line, wide) in enumerate(zip(lines, widths, strict=True)):
        x = (width - wide) / 2
        base = size_px * (0.93 + leading * row)
        for sign in line:
            font = _font(sign, weight, size_px)
            if font is None:
                box = (x + 2, base - size_px * 0.78, x + size_px * 0.92, base + size_px * 0.1)
                draw.rounded_rectangle(box, radius=size_px * 0.16, outline=255, width=max(size_px // 14, 1))
                draw.text(
                    (x + size_px * 0.47, base - size_px * 0.08),
                    "?",
                    fill=255,
                    font=_own(weight, int(size_px * 0.7)),
                    anchor="ms",
                )
            else:
                draw.text((x, base), sign, fill=255, font=font, anchor="ls")
            x += advance(sign)
    return np.asarray(image, np.float32) / np.float32(255)
