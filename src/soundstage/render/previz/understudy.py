"""The ladder for whatever nobody models: a noun's own kind, the nearest of its family, letters at the end.

What stands in is told: `told_of` says for each subject who plays it. Light to import; builds nothing.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Container, Mapping

    from soundstage.film import Shot, Subject


@cache
def read_understudies() -> Mapping[str, Any]:
    """Return `data/understudies.toml`."""
    text = files("soundstage.render.previz").joinpath("data/understudies.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def is_writing(subject: Subject, shot: Shot) -> bool:
    """Return whether a subject is but the words of a shot: a title, a caption, a label."""
    if not shot.on_screen_text or subject.kind == "sign":
        return False
    noun = subject.noun.lower()
    nouns = read_understudies()["written"]["nouns"]
    return noun in nouns or (noun.rpartition(" ")[2] in nouns and subject.kind is None)


def player_of(subject: Subject, kinds: Container[str | None]) -> str | None:
    """Return the kind that plays a subject: its own, else the nearest with a builder; None: nobody can."""
    table = read_understudies()
    if subject.kind in kinds:
        return subject.kind
    for name in table["nearest"].get(subject.kind or "", ()):
        if name in kinds:
            return name
        further = next((n for n in table["nearest"].get(name, ()) if n in kinds), None)
        if further:
            return further
    if subject.kind is None:
        words = subject.noun.lower().split()
        name = next((table["nouns"][w] for w in reversed(words) if w in table["nouns"]), None)
        return name if name in kinds else None
    return None


def recast(subject: Subject, kinds: Container[str | None]) -> Subject:
    """Return a subject as who plays it; unchanged where it plays itself, or nobody can."""
    name = player_of(subject, kinds)
    return subject if name is None or name == subject.kind else replace(subject, kind=name)


def told_of(subject: Subject, kinds: Container[str | None]) -> str | None:
    """Return the sentence that tells of a stand-in; None when a subject plays itself."""
    name = player_of(subject, kinds)
    if name is None:
        return f"there is no model of {subject.noun!r} yet: its name stands in the scene as letters"
    if name == subject.kind or subject.kind is None:
        return None
    near = name.replace("_", " ")
    return f"there is no model of {subject.noun!r} yet: the nearest, a {near}, stands in for it"


def framing_of(shot: Shot) -> str | None:
    """Return the framing that shows what was asked where a whole stands in for its part: an eye, a face."""
    table = read_understudies()["framing"]
    return next((table[s.kind] for s in shot.subjects[:1] if s.kind in table), None)


def at_home(shot: Shot) -> Shot:
    """Return a shot where and when its first subject is at home, as far as nobody said otherwise."""
    if "studio" in shot.light and "place" not in shot.sources:
        return replace(shot, place="studio")
    if not shot.subjects:
        return shot
    table, lead = read_understudies(), shot.subjects[0]
    if lead.noun.lower() in table["night"]["nouns"]:
        return shot if "time_of_day" in shot.sources else replace(shot, time_of_day="night")
    home = table["homes"].get(lead.kind or "")
    if home is None or shot.place != "open" or "place" in shot.sources:
        return shot
    return replace(shot, place=home)
