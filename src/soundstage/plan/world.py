"""Stage 1 of 5, part: where and when, in what air, light and mood. Knows no subject and no camera.

What the prompt does not say is not decided here: a missing place is None, so that a later shot can take
it from the one before and the note can say what was assumed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soundstage.plan.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from soundstage.plan.sentences import Mention
    from soundstage.plan.sources import Extent

#: How strongly a preposition makes a place of what it governs; a place without one still counts.
_SITUATES = frozenset({
    "in", "on", "at", "along", "through", "across", "over", "inside", "near", "by", "into", "within",
    "around",
    "above", "under", "from", "beside", "outside", "between", "amid", "amidst", "toward", "towards", "onto",
    "beneath",
    "aboard", "throughout", "up", "down", "behind", "past", "against", "next to", "on top of", "in front of",
    "in the middle of", "in the heart of", "at the edge of", "on the edge of", "at the foot of",
    "at the top of",
    "set in", "surrounded by",
})  # fmt: skip
#: How many moods and lights a shot keeps; more say nothing.
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a text says of the world; None and empty where it says nothing."""

    place: str | None = None
    place_words: str = ""  #: as the prompt says it, preposition included, for the title
    time_of_day: str | None = None
    weather: str | None = None
    light: tuple[str, ...] = ()
    mood: tuple[str, ...] = ()
    style: str | None = None
    palette: tuple[str, ...] = ()
    beds: tuple[str, ...] = ()  #: ambience named or implied by the air
    #: By field of a shot, the words it was read from.
    said: dict[str, tuple[Extent, ...]] = field(default_factory=dict[str, "tuple[Extent, ...]"])


def read_world(mentions: Sequence[Mention]) -> World:
    """Read place, time, weather, light, mood, style and colours from a shot's mentions."""
    said = [
        m
        for m in mentions
        if not m.negated and m.section not in ("negative", "parameter", "text", "dialogue")
    ]
    seen = [m for m in said if m.section != "sound" and not m.governor.startswith("like")]
    place = _strongest(seen, "places", _place_strength)
    time = _strongest(seen, "times", _plain_strength)
    light = _all(seen, "lights", lambda m: not m.describes or bool(m.hit.entry.facts.get("always")))
    weather = _strongest(
        [m for m in seen if not m.hit.entry.facts.get("not_weather")], "weathers", _unless_describing
    )
    return World(
        place=_under(place, light) if place else None,
        place_words=f"{place.governor} {place.phrase}".strip() if place else "",
        time_of_day=time.hit.name if time else None,
        weather=weather.hit.name if weather else None,
        light=light,
        mood=_all(seen, "moods", lambda _: True) + _all(seen, "seasons", lambda _: True),
        style=_style(seen),
        palette=_palette(seen),
        beds=_beds(said),
        said={
            "place": _extents([place] if place else []),
            "setting": _extents([place] if place else []),
            "time_of_day": _extents([time] if time else []),
            "weather": _extents([weather] if weather else []),
            "light": _extents([m for m in seen if m.hit.table == "lights" and m.hit.name in light]),
            "mood": _extents([m for m in seen if m.hit.table == "moods"]),
            "season": _extents([m for m in seen if m.hit.table == "seasons"]),
            "ambience": _extents([m for m in said if m.hit.table == "ambience"]),
        },
    )


def _extents(mentions: Sequence[Mention]) -> tuple[Extent, ...]:
    return tuple((mention.unit.start, mention.unit.end) for mention in mentions)


def _strongest(mentions: Sequence[Mention], table: str, strength: Callable[[Mention], int]) -> Mention | None:
    found = [m for m in mentions if m.hit.table == table and strength(m) > 0]
    # max keeps the first of equals: what is said first is where the shot starts.
    return max(found, key=strength, default=None)


def _place_strength(mention: Mention) -> int:
    if mention.hit.form == "implied":
        return 1
    if mention.hit.name == "open":
        return 2 if mention.governor else 1
    if mention.describes:
        return 1
    return (
        4
        if mention.governor in _SITUATES or mention.unit.lower.startswith(("on ", "by ", "in ", "at "))
        else 3
    )


def _under(place: Mention, light: Sequence[str]) -> str:
    by_light = place.hit.entry.facts.get("with_light", {})
    return next((str(by_light[name]) for name in light if name in by_light), place.hit.name)


def _plain_strength(mention: Mention) -> int:
    return 1 if mention.hit.form == "implied" else 2


def _unless_describing(mention: Mention) -> int:
    if mention.describes:
        return 0
    return 1 if mention.hit.name in ("clear", "cloudy") else 2


def _all(mentions: Sequence[Mention], table: str, keep: Callable[[Mention], bool]) -> tuple[str, ...]:
    names = (m.hit.name for m in mentions if m.hit.table == table and keep(m))
    return tuple(dict.fromkeys(names))[:_MOST]


def _style(mentions: Sequence[Mention]) -> str | None:
    for mention in mentions:
        if mention.hit.table == "styles":
            return mention.hit.name
        style = mention.hit.entry.facts.get("style")
        if style and not mention.describes:
            return str(style)
    return None


def _palette(mentions: Sequence[Mention]) -> tuple[str, ...]:
    names: list[str] = []
    for mention in mentions:
        if mention.hit.table == "colours":
            names += ["black", "white"] if mention.hit.name == "monochrome" else [mention.hit.name]
    return tuple(dict.fromkeys(names))[:_MOST]


def _beds(mentions: Sequence[Mention]) -> tuple[str, ...]:
    beds: list[str] = []
    for mention in mentions:
        if mention.hit.table == "ambience":
            beds.append(mention.hit.name)
        beds += mention.hit.entry.facts.get("ambience", ()) if mention.hit.table == "weathers" else ()
    return tuple(dict.fromkeys(beds))


def is_indoors(place: str) -> bool:
    """Tell whether a place has a roof."""
    entry = lexicon().entry("places", place)
    return bool(entry and entry.facts.get("indoors"))
