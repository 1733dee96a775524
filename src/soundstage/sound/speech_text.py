"""Makes a line fit to be read aloud: what a voice would trip over goes, what it would misread is written out.

The caption keeps the line as it was written; only the voice gets this text. Letter case is left as it stands.
"""
# ruff: noqa: RUF001 - signs that look alike are what this file is about

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from soundstage.sound.english import write_out_english
from soundstage.sound.mandarin import write_out

if TYPE_CHECKING:
    from collections.abc import Sequence

LONGEST = 2_500  #: characters; as many as a prompt may have

#: Pictures, private letters, halves of pairs; control characters are commands to espeak-ng (it obeys 0x01).
_UNSPEAKABLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "So", "Sk"})
_SPOKEN_SIGNS = frozenset("°©®")  #: of category So, yet espeak-ng has words for them
_ALIKE = str.maketrans(
    {"“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "‘": "'", "’": "'", "…": "...", "—": ", "}
)


def to_speech(text: str, language: str) -> str:
    """Return the text a voice reads for a line; empty when there is nothing in it to say."""
    kept = "".join(
        " " if char.isspace() or unicodedata.category(char) in _UNSPEAKABLE - _allowed(char) else char
        for char in text[:LONGEST].replace("℃", "°C").replace("℉", "°F")
    )
    if language == "cmn":
        kept = write_out(kept)
    elif language.startswith("en"):
        kept = write_out_english(kept)
    kept = kept.translate(_ALIKE)
    kept = re.sub(r"[<>\[\]{}|\\^~*_#`]+", " ", kept)  # read out by name ("less than"), or as markup
    kept = re.sub(r"([!?.,;:])\1{3,}", r"\1\1\1", kept)
    kept = re.sub(r"\s+", " ", kept).strip()
    return kept if any(char.isalnum() for char in kept) else ""


def find_words(shown: str, read: str, words: Sequence[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Return the words of the text that was read, (position, frame), at their positions in the text shown.

    What was written out for the voice ("2024" became words) has no place of its own in the text shown.
    """
    in_shown, in_read = _tokens(shown), _tokens(read)
    matcher = SequenceMatcher(None, [t for t, _ in in_shown], [t for t, _ in in_read], autojunk=False)
    place_of = {
        in_read[block.b + k][1]: in_shown[block.a + k][1]
        for block in matcher.get_matching_blocks()
        for k in range(block.size)
    }
    return tuple((place_of[at], frame) for at, frame in words if at in place_of)


def _tokens(text: str) -> list[tuple[str, int]]:
    """Return words, each character of a script without spaces for itself, and where they begin."""
    found = re.finditer(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W\u3040-\u30ff\u3400-\u9fff]+", text.lower())
    return [(match[0], match.start()) for match in found]


def _allowed(char: str) -> frozenset[str]:
    return frozenset({"So"}) if char in _SPOKEN_SIGNS else frozenset()
