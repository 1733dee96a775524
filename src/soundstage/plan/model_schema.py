"""Stage 1 of 5, part: the JSON Schema a planning model answers after, and the names its fields may have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, get_args

from soundstage import film
from soundstage.plan.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Mapping

MOST_SHOTS = 6
_TABLES = {"place": "places", "action": "verbs", "style": "styles", "ambience": "ambience"}


def names_of(field: str) -> frozenset[str]:
    """Return the names our tables have for "place", "action", "style" or "ambience"."""
    table = _TABLES[field]
    names = frozenset(name for kind, name in lexicon().entries if kind == table)
    return names | {"open"} if field == "place" else names | {"talk"} if field == "action" else names


def screenplay_schema() -> Mapping[str, Any]:
    """Return the schema of an answer."""
    words = {"type": "array", "items": {"type": "string"}}
    subject = _object(
        noun={"type": "string"},
        kind={"type": ["string", "null"]},
        count={"type": "integer"},
        attributes=words,
        action={"type": ["string", "null"]},
    )
    shot = _object(
        seconds={"type": "number"},
        text={"type": "string"},
        framing=_one_of(film.Framing),
        angle=_one_of(film.Angle),
        move=_one_of(film.Move),
        heading={"type": ["string", "null"], "enum": [*get_args(film.Heading), None]},
        pace=_one_of(film.Pace),
        place={"type": "string"},
        setting={"type": "string"},
        time_of_day=_one_of(film.TimeOfDay),
        weather=_one_of(film.Weather),
        season={"type": ["string", "null"], "enum": [*get_args(film.Season), None]},
        light=words,
        mood=words,
        subjects={"type": "array", "items": subject},
        lines={"type": "array", "items": _object(speaker={"type": "string"}, text={"type": "string"})},
        effects=words,
        ambience=words,
    )
    return _object(shots={"type": "array", "items": shot}, style={"type": "string"})


def _object(**properties: Any) -> dict[str, Any]:
    return {
        "type": "object", "properties": properties, "required": list(properties),
        "additionalProperties": False,
    }  # fmt: skip


def _one_of(kind: Any) -> dict[str, Any]:
    return {"type": "string", "enum": list(get_args(kind))}
