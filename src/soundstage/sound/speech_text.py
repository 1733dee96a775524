"""Makes a line fit to be read aloud: what a voice would trip over goes, what it would misread is written out.

The caption keeps the line as it was written; only the voice gets this text. Letter case is left as it stands.
"""
# ruff: noqa: RUF001 - signs that look alike are what this file is about

from __future__ import annotations

import re
import unicodedata

from soundstage.sound.mandarin import write_out

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
    kept = kept.translate(_ALIKE)
    kept = re.sub(r"[<>\[\]{}|\\^~*_#`]+", " ", kept)  # read out by name ("less than"), or as markup
    kept = re.sub(r"([!?.,;:])\1{3,}", r"\1\1\1", kept)
    kept = re.sub(r"\s+", " ", kept).strip()
    return kept if any(char.isalnum() for char in kept) else ""


def _allowed(char: str) -> frozenset[str]:
    return frozenset({"So"}) if char in _SPOKEN_SIGNS else frozenset()
