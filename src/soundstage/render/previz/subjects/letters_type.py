"""A word as set type: fonts, lines, and the mask of its letters. Knows no third dimension.

Source Sans Black comes with the package; other scripts are looked for in the system's folders. A sign that
no font here can draw becomes a rounded tile with a question mark: one sees that something stands there and
was not readable.
"""

from __future__ import annotations

import math
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image, ImageDraw, ImageFont

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

CAP_PX = 192  #: height of a capital in the mask; the mesh is cut from a quarter of it
CAP_OF_EM = 0.66  #: of Source Sans
LINE_GAP = 0.34  #: of a capital, between lines
TRACKING = 0.035  #: of a capital, added between letters: extruded sides must not touch
MOST_IN_LINE = 14  #: letters; a longer word shrinks, a longer phrase wraps
MOST_LINES = 4
UNDRAWABLE = "\U0010ffff"  #: no font has it: what it draws instead is its mark for what it lacks


@dataclass(frozen=True, slots=True)
class Type:
    """Set type, as a mask."""

    mask: NDArray[np.bool_]  #: (h, w), True inside a letter, a margin around
    letter: NDArray[
        np.int32
    ]  #: (w, lines) which letter of its line a column belongs to, for motion one by one
    line_px: float  #: rows from one line to the next
    margin_px: int
    missing: tuple[str, ...]  #: signs that no font here can draw


@cache
def read_letters() -> Mapping[str, Any]:
    """Return `data/letters.toml`."""
    text = files("soundstage.render.previz").joinpath("data/letters.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def _own_font() -> Path:
    """Return the font that comes with the package. Its own module would list every face at import."""
    return Path(str(files("font_source_sans_pro").joinpath("files/SourceSansPro-Black.ttf")))


@cache
def font_paths() -> tuple[Path, ...]:
    """Return the fonts at hand, our own first."""
    table = read_letters()["fonts"]
    found = [_own_font()]
    for name in table["names"]:
        for folder in table["folders"]:
            root = Path(folder).expanduser()
            hits = [root / name, *root.glob(f"*/{name}"), *root.glob(f"*/*/{name}")]
            found += [p for p in hits if p.is_file()][:1]
    return tuple(found)


@cache
def _font(path: Path, size_px: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(path), size_px)


def _draws(font: ImageFont.FreeTypeFont, sign: str) -> bool:
    if sign.isspace():
        return True

    def drawn(text: str) -> bytes:
        image = Image.new("L", (2 * CAP_PX, 2 * CAP_PX), 0)
        ImageDraw.Draw(image).text((CAP_PX // 2, CAP_PX * 3 // 2), text, fill=255, font=font, anchor="ls")
        return image.tobytes()

    picture = drawn(sign)
    return any(picture) and picture != drawn(UNDRAWABLE)


@cache
def font_for(sign: str) -> ImageFont.FreeTypeFont | None:
    """Return the first font that can draw a sign, sized to our capitals; None when none can."""
    for path in font_paths():
        try:
            font = _font(path, round(CAP_PX / CAP_OF_EM))
            if _draws(font, sign):
                return font
        except OSError:  # a file with a font's name that is none: the next one may do
            continue
    return None


def break_lines(noun: str, copies: int = 1) -> list[str]:
    """Return the lines of a noun, upper case, set so that they are about as even as words allow."""
    words = noun.upper().split() or ["?"]
    total = len(" ".join(words))
    count = min(max(math.ceil(total / MOST_IN_LINE), 1), MOST_LINES, len(words))
    target = total / count
    lines: list[str] = []
    for word in words:
        if lines and (len(lines[-1]) + 1 + len(word) / 2 <= target or len(lines) == count):
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    return lines * max(copies, 1)


def _tile(draw: ImageDraw.ImageDraw, x: float, baseline: float) -> float:
    """Draw the tile that stands for a sign without a glyph; return its width."""
    size = CAP_PX * 1.02
    draw.rounded_rectangle((x, baseline - size, x + size, baseline), radius=size * 0.2, fill=255)
    font = _font(_own_font(), round(CAP_PX * 0.95))
    draw.text((x + size / 2, baseline - size * 0.20), "?", fill=0, font=font, anchor="ms")
    return size


def _advance(sign: str) -> float:
    font = font_for(sign)
    return (CAP_PX * 1.02 if font is None else font.getlength(sign)) + TRACKING * CAP_PX


def set_type(lines: list[str]) -> Type:
    """Set lines centred under each other and return their mask."""
    margin = CAP_PX // 4
    step = CAP_PX * (1 + LINE_GAP)
    widths = [sum(_advance(s) for s in line) for line in lines]
    width = math.ceil(max(widths)) + 2 * margin
    height = math.ceil(step * (len(lines) - 1) + CAP_PX * 1.42) + 2 * margin
    image = Image.new("L", (width, height), 0)
    draw = ImageDraw.Draw(image)
    letter = np.zeros((width, len(lines)), np.int32)
    missing: list[str] = []
    for row, (line, line_px) in enumerate(zip(lines, widths, strict=True)):
        x = (width - line_px) / 2
        baseline = margin + CAP_PX * 1.12 + step * row
        for order, sign in enumerate(line):
            letter[max(int(x), 0) :, row] = order
            font = font_for(sign)
            if font is None:
                _tile(draw, x, baseline)
                missing.append(sign)
            else:
                draw.text((x, baseline), sign, fill=255, font=font, anchor="ls")
            x += _advance(sign)
    return Type(np.asarray(image) > 127, letter, step, margin, tuple(dict.fromkeys(missing)))
