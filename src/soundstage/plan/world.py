"""Stage 1 of 5, part: where and when, in what air, light and mood. Knows no subject and no camera.

What the prompt does not say is not decided here: a missing place is None, so that a later shot can take
it from the one before and the note can say what was assumed.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING

from soundstage.plan.dating import find_era, find_hour
from soundstage.plan.lexicon import rules
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.placing import FAINT, is_indoors, names_other, place_of, place_strength
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from soundstage.plan.sentences import Mention
    from soundstage.plan.sources import Extent
    from soundstage.plan.units import Unit

_UNSEEN = frozenset({"negative", "parameter", "text", "dialogue"})
#: What has a weather of its own: "a stormy expression".
_FELT = frozenset({
    "expression", "expressions", "voice", "mind", "memory", "memories", "thought", "thoughts", "emotion",
    "emotions", "feeling", "feelings", "gaze", "stare", "silence", "attention", "posture", "past", "soul",
})  # fmt: skip
#: Families that are not out in the weather when a word of the weather describes them: "stormy eyes".
_FEELING = frozenset({"people", "body", "clothing", "product", "quadruped", "winged", "water_life"})
_PALETTE = frozenset({
    "palette", "color palette", "colour palette", "color", "colour", "colors", "colours", "tone", "tones",
    "color grading", "colour grading", "grading", "aesthetic", "style", "contrast", "light", "lights",
    "lighting", "illumination", "atmosphere", "mood", "background", "hues", "hue", "shades", "accents",
    "scheme", "color scheme", "colour scheme", "grade", "tint", "tints", "glow", "haze", "world", "scene",
})  # fmt: skip
_INSIDE = lazy_pattern(r"\b(?:inside|indoors|interior)\b", re.IGNORECASE)
#: A shot that opens so is under a roof, whichever it is.
_GOES_IN = lazy_pattern(r"\W*(?:inside|indoors|interior)\s?[,:]", re.IGNORECASE)
#: Lights of the night alone.
_NIGHTLY = frozenset({"moonlight", "starlight", "aurora"})
#: How many moods and lights a shot keeps; more say nothing.
_MOST = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What a text says of the world; None and empty where it says nothing."""

    place: str | None = None
    place_words: str = ""  #: as the prompt says it, preposition included, for the title
    setting: str = ""  #: as the prompt says it
    place_near: bool = False  #: no table knows the place; the nearest stands in
    place_hint: str | None = (
        None  #: where its things would stand ("on her bed"), when no place is said at all
    )
    hint_words: str = ""  #: those things
    time_of_day: str | None = None
    inside: bool = False  #: under a roof that is not named: "Inside, the keeper …"
    season: str | None = None
    era: str | None = None
    weather: str | None = None
    light: tuple[str, ...] = ()
    mood: tuple[str, ...] = ()
    style: str | None = None
    look: tuple[str, ...] = ()  #: style and medium in the prompt's words
    palette: tuple[str, ...] = ()
    beds: tuple[str, ...] = ()  #: ambience named or implied by the air
    #: By field of a shot, the words it was read from.
    said: dict[str, tuple[Extent, ...]] = field(default_factory=dict[str, "tuple[Extent, ...]"])


def read_world(text: str, mentions: Sequence[Mention]) -> World:
    """Read place, time, weather, light, mood, style and colours from a shot's text and its mentions."""
    said = [m for m in mentions if not m.negated and m.section not in _UNSEEN]
    seen = [m for m in said if m.section != "sound"]
    real = [m for m in seen if not _is_likened(m)]
    place = _strongest(real, "places", partial(place_strength, text))
    hint = _strongest(real, "hints", _hint_strength) or _strongest(real, "places", _hints_at)
    time, hour = _strongest(real, "times", _plain_strength), find_hour(text)
    season = _strongest(real, "seasons", _air_strength)
    era, dated = _strongest(real, "eras", _any), find_era(text)
    weather = _strongest(
        [m for m in real if not m.hit.entry.facts.get("not_weather")], "weathers", _air_strength
    )
    lights = [m for m in real if m.hit.table == "lights" and _is_lit(m)]
    moods = [m for m in seen if m.hit.table == "moods"]
    styles = [m for m in seen if m.hit.table == "styles"]
    colours = _of_the_picture([m for m in real if m.hit.table == "colours"])
    light = _names(lights)
    if hint and hint.hit.table == "hints" and is_indoors(hint.hit.name):
        if place is None and _INSIDE.search(text):
            place = hint  # "Inside, a grandmother by the fireplace"
        elif place and place_strength(text, place) <= FAINT:
            place = None  # "by the window, mountains in the background"
    if time is None and hour is None:
        starry = next((m for m in lights if m.hit.name in _NIGHTLY), None)
        hour = ("night", (starry.unit.start, starry.unit.end)) if starry else None
    inside = place is None and _GOES_IN.match(text) is not None
    exact = hour if hour and (time is None or _plain_strength(time) < 3) else None
    return World(
        place=place_of(place, light) if place else None,
        place_words=f"{place.governor} {place.phrase}".strip() if place else "",
        setting=place.phrase if place else "",
        place_near=bool(place and place.hit.near),
        place_hint=place_of(hint, light) if hint and not place else "room" if inside else None,
        hint_words=hint.unit.text if hint and not place else "inside" if inside else "",
        inside=inside,
        time_of_day=exact[0] if exact else time.hit.name if time else None,
        season=season.hit.name if season else None,
        era=dated[0] if dated else era.hit.name if era else None,
        weather=weather.hit.name if weather else None,
        light=light,
        mood=_names(moods),
        style=_style(seen),
        look=tuple(dict.fromkeys(m.unit.text for m in styles if m.hit.form != "implied")),
        palette=_palette(colours),
        beds=_beds(said),
        said={
            "place": _extents([place] if place else []),
            "setting": ((place.start, place.end),) if place else (),
            "time_of_day": (exact[1],) if exact else _extents([time] if time else []),
            "season": _extents([season] if season else []),
            "era": (dated[1],) if dated else _extents([era] if era else []),
            "weather": _extents([weather] if weather else []),
            "light": _extents([m for m in lights if m.hit.name in light]),
            "mood": _extents(moods),
            "ambience": _extents([m for m in said if m.hit.table == "ambience"]),
        },
    )


def _extents(mentions: Sequence[Mention]) -> tuple[Extent, ...]:
    return tuple(dict.fromkeys((mention.unit.start, mention.unit.end) for mention in mentions))


def _is_likened(mention: Mention) -> bool:
    """Tell whether something is only compared to it: "eyes like stars"."""
    return mention.governor in rules("closed")["simile"] and mention.hit.table not in ("styles", "moods")


def _strongest(mentions: Sequence[Mention], table: str, strength: Callable[[Mention], int]) -> Mention | None:
    found = [m for m in mentions if m.hit.table == table and strength(m) > 0]
    # max keeps the first of equals: what is said first is where the shot starts.
    return max(found, key=strength, default=None)


def _any(_: Mention) -> int:
    return 1


def _hint_strength(mention: Mention) -> int:
    return 0 if names_other(mention) else 1  # a "hedge fund manager" is in no garden


def _hints_at(mention: Mention) -> int:
    """Return 1 where a word for a place hints at it; a "high school girl" may be anywhere."""
    noun = mention.later[-1].hit("nouns") if mention.later else None
    return 0 if noun is not None and noun.name in ("girl", "boy", "child") else 1


def _plain_strength(mention: Mention) -> int:
    """Return how surely a wording says when; "morning coffee" says it less than "in the morning"."""
    if mention.hit.form == "implied":
        brought = names_other(mention) and mention.unit.hit("places") is not None
        return 0 if brought else 1  # "a Tokyo train" may run by day
    return 2 if names_other(mention) else 3


def _air_strength(mention: Mention) -> int:
    """Return how surely a wording says what the air is like; 0 for "stormy eyes" and "a summer dress"."""
    if mention.phrase.lower() == "a spring":
        return 0
    vague = mention.hit.table == "weathers" and mention.hit.name in ("clear", "cloudy")
    if mention.hit.form == "implied":
        return 1
    head = mention.later[-1] if mention.later else None
    if head is not None and head.lower in _FELT:
        return 0
    if head is not None and names_other(mention) and not _is_airy(head):
        noun = head.hit("nouns")
        compound = len(mention.unit.words) > 1  # "rain-soaked", "spring morning"
        inner = noun is None or noun.entry.family in _FEELING or mention.hit.table == "seasons"
        dusty = mention.hit.name == "dust" and not compound  # "a dusty book" is in no dust storm
        return 0 if (inner and not compound) or dusty else 1
    return 2 if vague else 3


def _is_airy(unit: Unit) -> bool:
    return any(unit.hit(table) for table in ("places", "times", "weathers", "seasons", "lights"))


def _is_lit(mention: Mention) -> bool:
    return not mention.describes or bool(mention.hit.entry.facts.get("always"))


def _names(mentions: Sequence[Mention]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(m.hit.name for m in mentions))[:_MOST]


def _style(mentions: Sequence[Mention]) -> str | None:
    """Return the first style named; "cinematic" gives way to any other: "cinematic anime"."""
    found: list[str] = []
    for mention in mentions:
        style = mention.hit.entry.facts.get("style")
        if mention.hit.table == "styles":
            found.append(mention.hit.name)
        elif style and not mention.describes:
            found.append(str(style))
    return next((name for name in found if name != "cinematic"), found[0] if found else None)


def _of_the_picture(colours: Sequence[Mention]) -> list[Mention]:
    """Return the colours that are the picture's and no thing's: "teal and orange", "in shades of blue"."""
    bare = [m for m in colours if not m.governor and all(_is_colour(later) for later in m.later)]
    return [m for m in colours if (m in bare and (len(bare) > 1 or m.section == "look")) or _tints(m)]


def _is_colour(unit: Unit) -> bool:
    return unit.hit("colours") is not None or unit.role is Role.CONJUNCTION


def _tints(mention: Mention) -> bool:
    if mention.later:
        head = mention.later[-1]
        return head.lower in _PALETTE or (head.hit("lights") is not None and head.hit("nouns") is None)
    return mention.governor == "of"


def _palette(mentions: Sequence[Mention]) -> tuple[str, ...]:
    names: list[str] = []
    for mention in mentions:
        names += ["black", "white"] if mention.hit.name == "monochrome" else [mention.hit.name]
    return tuple(dict.fromkeys(names))[:_MOST]


def _beds(mentions: Sequence[Mention]) -> tuple[str, ...]:
    beds: list[str] = []
    for mention in mentions:
        if mention.hit.table == "ambience":
            beds.append(mention.hit.name)
        beds += mention.hit.entry.facts.get("ambience", ()) if mention.hit.table == "weathers" else ()
    return tuple(dict.fromkeys(beds))
