# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: a short human title. Knows readings, no shots."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from soundstage.plan.chinese import name_of
from soundstage.plan.words import is_han

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.reading import Reading

_LONGEST = 60
_LATIN = "abcdefghijklmnopqrstuvwxyz "
_WORDS = 6
_GOVERNED = (
    r"(?:in|on|at|by|along|through|across|over|under|inside|near|into|above|from|beside|down|up|toward|towards|"
    r"around|between|among|beneath|behind|within|against|onto|past|next|outside|off)\b"
)


def choose_title(readings: Sequence[Reading]) -> str:
    """Return who or what, and where ("Glowing fireflies in a dark forest"); else the first words."""
    first = readings[0]
    who = _bare(first.drafts[0].phrase.text) if first.drafts else ""
    where = next((reading.world.place_words for reading in readings if reading.world.place_words), "")
    where = re.sub(r"^of ", "in ", where)
    governed = re.match(_GOVERNED, where, flags=re.IGNORECASE)
    if is_han(who or where):
        # English prepositions of a Chinese place are ours, not the prompt's.
        who, where = (name_of(first.drafts[0].phrase) if who else ""), where.lstrip(_LATIN)
        governed = None
    title = f"{who}{' ' if governed else ', '}{where}" if who and where else who or _bare(where)
    if not title:
        words = re.sub(r"[^\w\s'’-]", " ", first.dialogue.rest).split()
        said = first.dialogue.speeches[0].text.split() if first.dialogue.speeches else []
        title = " ".join((words or said)[:_WORDS])
    title = "".join(char for char in " ".join(title.split()) if char.isprintable())
    if len(title) > _LONGEST:
        title = title[:_LONGEST].rsplit(" ", 1)[0]
    return title[:1].upper() + title[1:] if title else "Untitled"


def _bare(phrase: str) -> str:
    return re.sub(rf"^(?:(?:{_GOVERNED}|the|an?)\s+)+", "", phrase, flags=re.IGNORECASE)
