"""Stage 1 of 5, part: framing, angle, lens and camera move. Knows no subject but its family.

What a text does not say is chosen by content: small things are seen close, travellers are tracked, and a
film that is to keep to the letter (adherence 0.9 or more) holds still.
"""

from __future__ import annotations

import dataclasses
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from soundstage.film import Camera, Lens
from soundstage.plan.lexicon import lexicon
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.film import Angle, Framing, Heading, Move
    from soundstage.plan.sentences import Mention, Sentence
    from soundstage.plan.sources import Extent

_MILLIMETRES = re.compile(r"\b(\d{1,4})\s?mm\b(?!\s*(?:film|stock))", re.IGNORECASE)
_APERTURE = re.compile(r"\bf\s?/?\s?(\d{1,2}(?:\.\d)?)\b(?!\s*mm)", re.IGNORECASE)
#: Shortest and longest focal lengths anyone mounts; "1080mm" and "5mm" are no lenses.
_FOCAL_RANGE_MM = (8, 1200)
_FOCAL_BY_FRAMING_MM: Mapping[str, float] = {
    "extreme_close_up": 100.0, "close_up": 65.0, "medium": 45.0, "wide": 32.0, "extreme_wide": 22.0,
    "aerial": 24.0,
}  # fmt: skip
#: Words of degree are looked for this many words before and behind a move.
_REACH_WORDS = 3
_STANDS_FOR = "stands_for"


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What a text says of the camera; None where it says nothing."""

    framing: Framing | None = None
    angle: Angle | None = None
    focal_length_mm: float | None = None
    f_number: float | None = None
    focus: str | None = None
    camera: Camera | None = None
    notes: tuple[str, ...] = ()
    #: By field of a shot ("framing", "move"), the words it was read from.
    said: dict[str, tuple[Extent, ...]] = field(default_factory=dict[str, "tuple[Extent, ...]"])


def read_view(text: str, sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> View:
    """Read framing, angle, lens and move from a shot's text."""
    said = [m for m in mentions if m.section not in ("sound", "negative", "parameter", "text", "dialogue")]
    optics = _read_optics(text, said)
    camera, notes = _read_move(sentences, said)
    return View(
        framing=cast("Framing | None", _first(said, "framings")),
        angle=cast("Angle | None", _first(said, "angles")),
        focal_length_mm=optics.get("focal_length_mm"),
        f_number=optics.get("f_number"),
        focus=optics.get("focus"),
        camera=camera,
        notes=notes,
        said={
            "framing": _extents(said, "framings")[:1],
            "angle": _extents(said, "angles")[:1],
            "lens": _extents(said, "lenses"),
            "move": _extents(said, "moves") if camera else (),
        },
    )


def _extents(mentions: Sequence[Mention], table: str) -> tuple[Extent, ...]:
    return tuple((m.unit.start, m.unit.end) for m in mentions if m.hit.table == table and not m.negated)


def _first(mentions: Sequence[Mention], table: str) -> str | None:
    # "wide" and the like only name a framing by themselves, not in "a wide river".
    found = (m for m in mentions if m.hit.table == table and not m.negated and not m.describes)
    return next((m.hit.name for m in found), None)


def _read_optics(text: str, mentions: Sequence[Mention]) -> dict[str, Any]:
    optics: dict[str, Any] = {}
    for mention in mentions:
        if mention.hit.table == "lenses" and not mention.negated:
            optics |= (
                mention.hit.entry.facts
            )  # what is said last is said closer: "macro, shallow depth of field"
    film_stock = any(m.hit.table == "styles" and "mm" in m.unit.lower for m in mentions)
    said = None if film_stock else _MILLIMETRES.search(text)
    if said and _FOCAL_RANGE_MM[0] <= int(said[1]) <= _FOCAL_RANGE_MM[1]:
        optics["focal_length_mm"] = float(said[1])
    aperture = _APERTURE.search(text)
    if aperture and 0.7 <= float(aperture[1]) <= 32:
        optics["f_number"] = float(aperture[1])
    return optics


def _read_move(
    sentences: Sequence[Sentence], mentions: Sequence[Mention]
) -> tuple[Camera | None, tuple[str, ...]]:
    carried = _carried_units(sentences)
    found = [
        m
        for m in mentions
        if not m.negated
        and (m.hit.table == "moves" or (m.hit.table == "camera_moves" and id(m.unit) in carried))
    ]
    if not found:
        return None, ()
    # A named move outranks "gentle movement", which only says how.
    named = [m for m in found if _STANDS_FOR not in _facts(m)] or found
    main = next((m for m in named if m.hit.name not in ("handheld", "static")), named[0])
    handheld = max((_handheld(m) for m in found), default=0.0)
    camera = _camera(main, mentions)
    if main.hit.name != "handheld" and handheld:
        camera = dataclasses.replace(camera, handheld=handheld)
    others = {m.hit.name for m in named} - {main.hit.name, "handheld", "static"}
    notes = tuple(f"one move a shot: kept {camera.move}, left out {name}" for name in sorted(others))
    return camera, notes


def _facts(mention: Mention) -> Mapping[str, Any]:
    entry = lexicon().entry("moves", mention.hit.name)
    return entry.facts if entry else mention.hit.entry.facts


def _handheld(mention: Mention) -> float:
    facts = _facts(mention)
    return (
        float(facts.get("amplitude", 0.4))
        if mention.hit.name == "handheld"
        else float(facts.get("handheld", 0.0))
    )


def _camera(main: Mention, mentions: Sequence[Mention]) -> Camera:
    facts = _facts(main)
    settings: dict[str, float] = {"amplitude": 0.5, "speed": 0.5}
    settings |= {name: float(facts[name]) for name in settings if name in facts}
    for degree in _degrees(main, mentions):
        settings |= {name: float(degree[name]) for name in ("amplitude", "speed")}
    return Camera(
        move=cast("Move", facts.get(_STANDS_FOR, main.hit.name)),
        heading=_heading(main, mentions) or cast("Heading | None", facts.get("heading")),
        amplitude=0.0 if main.hit.name == "static" else settings["amplitude"],
        speed=settings["speed"],
    )


def _degrees(main: Mention, mentions: Sequence[Mention]) -> list[Mapping[str, Any]]:
    inside = [
        hit.entry.facts for word in main.unit.words for hit in lexicon().meanings(word.lower, "degrees")
    ]
    if inside:
        return inside[:1]
    near = [
        m
        for m in mentions
        if m.hit.table == "degrees"
        and m.clause == main.clause
        and abs(m.unit.start - main.unit.start) < 9 * _REACH_WORDS
    ]
    near.sort(key=lambda m: abs(m.unit.start - main.unit.start))
    return [m.hit.entry.facts for m in near[:1]]


def _heading(main: Mention, mentions: Sequence[Mention]) -> Heading | None:
    words = [word.lower for word in main.unit.words]
    if main.hit.name == "zoom" and ("out" in words or "back" in words):
        return "away"
    for word in words:
        for hit in lexicon().meanings(word, "headings"):
            if hit.name in ("left", "right", "up", "down"):
                return cast("Heading", hit.name)
    if "descends" in words or "lowers" in words:
        return "down"
    behind = (
        m
        for m in mentions
        if m.hit.table == "headings"
        and m.clause == main.clause
        and 0 < m.unit.start - main.unit.end < 9 * _REACH_WORDS
    )
    return cast("Heading | None", next((m.hit.name for m in behind), None))


def _carried_units(sentences: Sequence[Sentence]) -> set[int]:
    """Return the identities of units behind a mention of the camera in their clause: what the camera does."""
    carried: set[int] = set()
    for sentence in sentences:
        active = sentence.section == "camera"
        for node in sentence.nodes:
            units = node.units if hasattr(node, "units") else (node.unit,)  # pyright: ignore[reportAttributeAccessIssue] - either kind of node
            for unit in units:
                if unit.role is Role.CARRIER or unit.hit("framings") or unit.lower == "shot":
                    active = True
                elif unit.role is Role.BREAK:
                    active = sentence.section == "camera"
                elif active:
                    carried.add(id(unit))
    return carried


def choose_lens(view: View, framing: Framing) -> Lens:
    """Return the lens a view says, completed by what suits its framing."""
    close = framing in ("extreme_close_up", "close_up")
    return Lens(
        focal_length_mm=view.focal_length_mm or _FOCAL_BY_FRAMING_MM[framing],
        f_number=view.f_number or (2.8 if close else 5.6 if framing in ("extreme_wide", "aerial") else 4.0),
        focus=cast("Any", view.focus or "subject"),
    )
