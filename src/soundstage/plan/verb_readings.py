"""Stage 1 of 5, part: what a unit may mean as a verb. Knows no order of words."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, cast

from soundstage.plan.inflection import stem_of
from soundstage.plan.lexicon import Entry, Hit, lexicon, rules
from soundstage.plan.units import Role, Unit

if TYPE_CHECKING:
    from soundstage.plan.inflection import Form

#: A verb no table knows.
UNKNOWN_VERB = Entry("verbs", "", "", MappingProxyType({}))


def forms_of(unit: Unit) -> tuple[Hit, ...]:
    """Return a unit's readings as a verb; a word no table knows gets those its ending allows."""
    known = tuple(hit for hit in unit.hits if hit.table == "verbs")
    if not known and len(unit.words) > 1 and unit.words[-1].glued and unit.role is Role.ADJECTIVE:
        before = " ".join(word.lower for word in unit.words[:-1])  # "tap-dances"
        last = lexicon().phrases.get((unit.words[-1].lower,), ())
        verbs = (hit for hit in last if hit.table == "verbs" and hit.form == "s")
        return tuple(Hit(hit.entry, hit.form, f"{before} {hit.stem}") for hit in verbs)
    if known or unit.role is not Role.UNKNOWN or unit.hits:
        return known
    word = unit.lower
    spoken = lexicon().phrases.get((f"{word}g",), ()) if word.endswith("in") else ()
    if verbs := tuple(hit for hit in spoken if hit.table == "verbs"):
        return verbs  # "walkin"
    stem = stem_of(word)
    for ending, least in (("ing", 6), ("ed", 5), ("s", 4)):
        if word.endswith(ending) and len(word) >= least and not word.endswith(("ss", "us", "is")):
            meant = _meant(stem) or _meant(stem + "e")  # "siting" is a slip of the finger
            return (
                Hit(
                    meant.entry if meant else UNKNOWN_VERB,
                    cast("Form", ending),
                    meant.stem if meant else stem,
                ),
            )
    return (Hit(UNKNOWN_VERB, "base", word),)


def _meant(stem: str) -> Hit | None:
    return next((hit for hit in lexicon().meanings(stem, "verbs") if hit.form == "base"), None)


def performs(unit: Unit) -> Hit:
    """Return "does" as a verb of its own: "does a kickflip"."""
    hit = _meant("do")
    assert hit is not None
    return Hit(hit.entry, "base" if unit.lower == "do" else "s", hit.stem)


def mid_of(unit: Unit) -> Hit | None:
    """Return what somebody "in mid-leap" does."""
    last = unit.words[-1].lower
    hit = _meant(str(rules("inflection")["nominal"].get(last, last)))
    return Hit(hit.entry, "ing", hit.stem) if hit else None


def is_bare(hit: Hit) -> bool:
    """Tell whether a verb stands in its base form."""
    return hit.form == "base"
