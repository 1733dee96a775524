"""What this engine can build: the tables of places and kinds, and what stands in for what is not in them.

Light to import: the terminal asks it what stands in for what long before anything is drawn.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from soundstage.render.previz.bearing import settle
from soundstage.render.previz.understudy import is_writing, recast, told_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.film import Shot, Subject

LETTERS = "letters"  #: the kind that stands in for every other
OPEN = "open"  #: the place that stands in for every other

HEADINGS: Mapping[str, tuple[float, float, float]] = {
    "left": (-1.0, 0.0, 0.0),
    "right": (1.0, 0.0, 0.0),
    "up": (0.0, 0.0, 0.0),
    "down": (0.0, 0.0, 0.0),
    "toward": (0.0, 0.0, -1.0),
    "away": (0.0, 0.0, 1.0),
}
MANNERS: Mapping[str, float] = {
    "slowly": 0.6,
    "gently": 0.7,
    "lazily": 0.55,
    "quickly": 1.2,
    "fast": 1.25,
    "swiftly": 1.2,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A table of `data/kinds.toml`: who builds this kind of subject, and how the camera stages it."""

    name: str
    builder: str  #: "module:function"
    extent_m: float  #: its height, or what of it must be seen together
    centre_m: float  #: height of its middle above the ground
    speed_m_s: Mapping[str, float] = field(default_factory=dict)  #: by action; others stay in place
    framed: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    #: by framing, extent and centre that count instead: a close-up of a person is one of the head
    parameters: Mapping[str, Any] = field(default_factory=dict)  #: the builder's own


def _read(name: str) -> dict[str, Any]:
    text = files("soundstage.render.previz").joinpath("data", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def read_kinds() -> Mapping[str, Kind]:
    """Return every kind of subject that can be built, by its name in the planner's lexicon."""
    return {name: Kind(name=name, **row) for name, row in _read("kinds.toml").items()}


@cache
def read_people() -> frozenset[str]:
    """Return the kinds of subjects that have hands."""
    return frozenset(name for name, kind in read_kinds().items() if kind.builder.endswith("humanoid:build"))


@cache
def read_places() -> Mapping[str, str]:
    """Return the builder of every place, as "module:function", by its name."""
    return _read("places.toml")["places"]


@cache
def read_extras() -> Mapping[str, str]:
    """Return the builders that are asked in every shot, in order."""
    return _read("places.toml")["extras"]


@cache
def read_shown() -> Mapping[str, frozenset[str]]:
    """Return the kinds that a set shows by itself, by place: waves on a beach, trees in a forest."""
    return {place: frozenset(kinds) for place, kinds in _read("places.toml")["shows"].items()}


def shown_in(place: str) -> frozenset[str]:
    """Return the kinds that are seen in a place without being put there: its own, and weather that acts."""
    return read_shown().get(place, frozenset()) | frozenset(_read("places.toml")["everywhere"]["shows"])


def is_shown(subject: Subject, place: str) -> bool:
    """Return whether a place shows a subject by itself, by its kind or by its noun: a room has windows."""
    shown = shown_in(place)
    return subject.kind in shown or subject.noun.lower() in shown


def players(shot: Shot) -> tuple[Subject, ...]:
    """Return the subjects that must be put on the set: not what it shows by itself, nor what others hold."""
    kinds = read_kinds()
    subjects = tuple(
        recast(subject, kinds)
        for subject in shot.subjects
        if not is_shown(subject, shot.place) and not is_writing(subject, shot)
    )
    return settle(subjects, read_people(), near=shot.framing in ("close_up", "extreme_close_up"))


def kind_of(subject: Subject) -> Kind:
    """Return the kind that builds a subject; the letters when it has none of its own."""
    kinds = read_kinds()
    return kinds.get(subject.kind or LETTERS) or kinds[LETTERS]


def travel_of(shot: Shot) -> tuple[float, float, float]:
    """Return the velocity of a shot's lead, its first player, in metres per second; zero when it stays."""
    leads = players(shot)
    if not leads:
        return 0.0, 0.0, 0.0
    lead = leads[0]
    speed = kind_of(lead).speed_m_s.get(lead.action or "", 0.0)
    for word in lead.manner:
        speed *= MANNERS.get(word, 1.0)
    x, y, z = HEADINGS[lead.heading or "right"]
    return x * speed, y * speed, z * speed


def stand_ins(shot: Shot) -> tuple[str, ...]:
    """Return a sentence for each thing of a shot that stands in for what was asked."""
    told: list[str] = []
    if shot.place != OPEN and shot.place not in read_places():
        told.append(f"there is no set for {shot.place!r} yet: an open place follows its light and weather")
    kinds = read_kinds()
    on_set = [s for s in shot.subjects if not is_shown(s, shot.place) and not is_writing(s, shot)]
    told += [sentence for s in on_set if (sentence := told_of(s, kinds))]
    told += _unwritten(shot)
    return tuple(dict.fromkeys(told))


def _unwritten(shot: Shot) -> list[str]:
    """Return a sentence for the words of a shot that no font here can draw."""
    if all(sign.isascii() for text in shot.on_screen_text for sign in text):
        return []
    from soundstage.render.previz.subjects.writing_type import missing_signs  # noqa: PLC0415 - Pillow is slow

    missing = "".join(dict.fromkeys("".join(missing_signs(text) for text in shot.on_screen_text)))
    if not missing:
        return []
    told = f"no font on this machine draws {missing!r}: a tile with a question mark stands for each"
    return [f"{told}; install a font such as Noto Sans CJK"]
