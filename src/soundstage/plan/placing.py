"""Stage 1 of 5, part: how surely a wording says where a shot plays. Knows no film.

"In a cafe" is surer than "by a lake", that surer than "toward the mountains"; a "street musician" only hints.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from soundstage.plan.lexicon import lexicon
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.sentences import Mention
    from soundstage.plan.units import Unit

#: How surely a preposition puts the shot where it says; one that is not here says where something goes,
#: stands or comes from.
_SITUATES = {
    **dict.fromkeys((
        "in", "on", "at", "inside", "within", "inside of", "aboard", "throughout", "in the middle of",
        "in the heart of", "in the center of", "in the centre of", "set in", "set on", "set against", "int .",
        "int", "ext .", "ext", "through", "across", "along", "amid", "amidst", "among", "atop", "underneath",
        "beneath", "under", "outside", "outside of", "at the edge of", "on the edge of", "at the foot of",
        "at the top of", "between", "around", "over", "on top of", "surrounded by", "above", "in front of",
    ), 6),
    **dict.fromkeys(("into", "onto", "up", "down"), 5),
    **dict.fromkeys((
        "near", "by", "beside", "next to", "close to", "alongside", "off", "of", "against", "from",
    ), 4),
    "with": 3,
    **dict.fromkeys((
        "toward", "towards", "to", "past", "behind", "beyond", "away from", "out of", "far from", "opposite",
    ), 2),
}  # fmt: skip
#: The strength of a place that is only seen from where we are.
FAINT = 1
#: "Wide shot of a canyon": what a film word is of, is where the shot plays.
_FRAMES = lazy_pattern(
    r"\b(?:shot|view|footage|scene|image|video|clip|vista|panorama|aerial|lapse|timelapse|film|photo|painting)"
    r" (?:of|in|inside|at|over|through|across) (?:an? |the )?$", re.IGNORECASE
)  # fmt: skip
#: "Looks out over the city": what is looked at is elsewhere.
_LOOKS = lazy_pattern(
    r"(?:overlook|watch|admir|gaz|glanc|peer|point|remember|imagin|dream)\w*"
    r"|facing|look(?:s|ing)?|star(?:es?|ing)",
    re.IGNORECASE,
)
_ALONG = frozenset({
    "at", "out", "over", "toward", "towards", "into", "across", "up", "down", "on", "to", "off", "through",
    "upon", "the", "a", "an",
})  # fmt: skip
#: Parts of so many places that the whole says more: "a corridor on a space station".
_PARTS = frozenset(
    {"corridor", "hallway", "room", "hall", "deck", "lobby", "stairwell", "staircase", "cabin"}
)
_SITS = lazy_pattern(r"\s+(?:in|on|at|by|near|off|under|above|beneath|overlooking|outside)\b", re.IGNORECASE)
_BEHIND_THEM = lazy_pattern(
    r"(?:\W+\w+){0,2}?\W+(?:in the (?:far )?(?:background|distance)|on the horizon|far (?:below|away|off)"
    r"|behind|beyond)\b",
    re.IGNORECASE,
)
#: "An alley behind a nightclub": where that is, we are.
_BEHIND_IT = lazy_pattern(r"\W+(?:behind|beyond)\s+(?:an?|the)\s", re.IGNORECASE)
#: Behind these a building is seen from the street.
_BEFORE_IT = frozenset({"outside", "outside of", "in front of", "ext .", "ext", "opposite"})
#: Said of a place, these put it far away.
_FAR = frozenset({"distant", "faraway", "far", "far away", "background", "distance", "horizon"})


def place_strength(text: str, mention: Mention) -> int:
    """Return how surely a wording says where the shot plays; 0 when it only describes something."""
    if mention.hit.form == "implied":
        return FAINT
    if names_other(mention):
        return 0
    before = text[max(0, mention.start - 60) : mention.start]
    if mention.unit.role is Role.NOUN or _is_far(mention) or _is_behind(text, mention, before):
        return FAINT
    if mention.hit.name == "open" or _is_looked_at(before):
        return 2 if mention.governor else 1
    if _FRAMES.search(before):
        return 7
    # "A pottery studio in the countryside": what stands there, not all around it.
    whole = not mention.governor and not mention.hit.near and mention.unit.lower not in _PARTS
    return 6 if whole and _SITS.match(text, mention.end) else _by_governor(mention)


def _is_behind(text: str, mention: Mention, before: str) -> bool:
    """Tell whether it lies behind what is seen: "with the city behind her"."""
    if not _BEHIND_THEM.match(text, mention.end, mention.end + 60):
        return False
    opens = not before.strip() or before.rstrip()[-1] in ".!?:\n" or _SITUATES.get(mention.governor, 0) > 5
    return not (opens and _BEHIND_IT.match(text, mention.end))


def _by_governor(mention: Mention) -> int:
    if mention.unit.role is Role.ADVERBIAL:
        return 6
    if mention.unit.text[:1].isupper() and mention.governor in ("in", "at", "of"):
        return 4  # "a grocery store in Barcelona" is a store first
    if not mention.governor:
        return 3 if mention.hit.near else 5
    return _SITUATES.get(mention.governor, 3)


def names_other(mention: Mention) -> bool:
    """Tell whether it only describes what its phrase is about: "street" in "street musician"."""
    return any(
        later.hit("places") is not None or later.role in (Role.NOUN, Role.NAME) or _is_unknown_noun(later)
        for later in mention.later
    )


def _is_unknown_noun(unit: Unit) -> bool:
    return unit.role is Role.UNKNOWN and not unit.describes


def _is_looked_at(before: str) -> bool:
    words = before.split()
    while words and words[-1].lower() in _ALONG:
        words.pop()
    return bool(words) and _LOOKS.fullmatch(words[-1]) is not None


def _is_far(mention: Mention) -> bool:
    return any(word in mention.phrase.lower().split() for word in _FAR)


def place_of(place: Mention, light: Sequence[str]) -> str:
    """Return the entry of places.toml a wording means: outside of it when it is seen from there."""
    facts = place.hit.entry.facts
    outside = facts.get("outside")
    if (
        outside
        and (place.governor in _BEFORE_IT or place.unit.role is Role.NOUN)
        and place.hit.table == "places"
    ):
        return str(outside)
    by_light = facts.get("with_light", {})
    return next((str(by_light[name]) for name in light if name in by_light), place.hit.name)


def is_indoors(place: str) -> bool:
    """Tell whether a place has a roof."""
    entry = lexicon().entry("places", place)
    return bool(entry and entry.facts.get("indoors"))
