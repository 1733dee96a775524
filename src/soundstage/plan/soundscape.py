"""Stage 1 of 5, part: what is heard besides voices. Knows no picture but place, time and weather.

Beds come from `data/ambience.toml`, the closed list the sound stage knows; a prompt's own words come first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from soundstage.film import Effect, Music, Seconds, Span
from soundstage.plan.lexicon import lexicon
from soundstage.plan.placing import is_indoors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.plan.pacing import Slot
    from soundstage.plan.sentences import Mention
    from soundstage.plan.sources import Extent

_AT = re.compile(
    r"\bat\s+(?:the\s+)?(\d{1,2}(?:\.\d+)?)[\s-]*(?:s|sec|seconds?)\b(?:[\s-]*mark)?", re.IGNORECASE
)
#: A time belongs to the sound this close to it, in characters.
_REACH = 40
#: Beds at once; more is mud.
_MOST_BEDS = 4
_NIGHT = frozenset({"twilight", "night"})
_FALLS: Mapping[str, tuple[str, ...]] = {
    "drizzle": ("rain",), "rain": ("rain",), "storm": ("rain", "thunder", "wind"), "blizzard": ("wind",),
    "dust": ("wind",),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectWish:
    """A sound a text names."""

    facts: Mapping[str, Any]  #: of its entry: `seconds`, `at`
    name: str
    said: str
    at_s: float | None  #: seconds into the shot, where the text says
    spans: tuple[Span, ...]  #: in the text that was read


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundWish:
    """What a text wants heard."""

    effects: tuple[EffectWish, ...] = ()
    music: Music | None = None
    no_music: bool = False
    no_speech: bool = False
    silent: bool = False
    #: By field of a shot ("music", "ambience"), the words it was read from; negations too.
    said: dict[str, tuple[Extent, ...]] = field(default_factory=dict[str, "tuple[Extent, ...]"])


def read_sound(text: str, mentions: Sequence[Mention]) -> SoundWish:
    """Read effects, music and negations from a shot's text."""
    said = [m for m in mentions if m.section not in ("negative", "parameter", "text")]
    wishes = [m for m in said if m.hit.table == "music"]
    effects: dict[str, EffectWish] = {}
    for mention in said:
        if mention.hit.table != "effects" or mention.negated:
            continue
        name, span = mention.hit.name, Span(start=mention.unit.start, end=mention.unit.end)
        if name in effects:
            effects[name] = replace(effects[name], spans=(*effects[name].spans, span))
            continue
        effects[name] = EffectWish(
            facts=mention.hit.entry.facts, name=name, said=mention.unit.text,
            at_s=_time_near(text, mention), spans=(span,),
        )  # fmt: skip
    music = next((m for m in wishes if m.hit.name in ("music", "genre") and not m.negated), None)
    return SoundWish(
        effects=tuple(effects.values()),
        music=_wish(music) if music else None,
        no_music=any(m.hit.name == "none" or (m.hit.name == "music" and m.negated) for m in wishes),
        no_speech=any(m.hit.name == "no_speech" for m in wishes),
        silent=any(m.hit.name == "silence" and not m.negated and m.governor != "in" for m in wishes),
        said={"music": tuple((m.unit.start, m.unit.end) for m in wishes)},
    )


def _time_near(text: str, mention: Mention) -> float | None:
    around = text[max(0, mention.unit.start - _REACH) : mention.unit.end + _REACH]
    found = _AT.search(around)
    return float(found[1]) if found else None


def _wish(mention: Mention) -> Music:
    said = re.sub(r"^(?:the|an?|some)\s+", "", mention.phrase, flags=re.IGNORECASE).lower()
    return Music(said=said, spans=(Span(start=mention.unit.start, end=mention.unit.end),))


def choose_beds(place: str, time_of_day: str, weather: str, said: Sequence[str]) -> tuple[str, ...]:
    """Return the ambience of a shot: what the prompt names, then what its air and place sound like."""
    entry = lexicon().entry("places", place)
    ambience = entry.facts.get("ambience", {}) if entry else {}
    here = ambience.get("night" if time_of_day in _NIGHT else "day", ())
    falls = _FALLS.get(weather, ())
    if is_indoors(place):
        falls = tuple(bed for bed in falls if bed != "wind")  # heard through the window
    elif falls or weather == "snow":
        here = tuple(bed for bed in here if bed not in ("birds", "crickets"))  # they hide from it
    return tuple(dict.fromkeys([*said, *falls, *here]))[:_MOST_BEDS]


def place_effects(wish: SoundWish, slot: Slot) -> tuple[Effect, ...]:
    """Return a shot's effects with their times, in seconds of the film, inside the shot."""
    placed: list[Effect] = []
    for effect in wish.effects:
        length = float(effect.facts.get("seconds", 1.0)) or slot.seconds
        length = min(length, slot.seconds)
        early = float(effect.facts.get("at", 0.0)) * slot.seconds
        start = early if effect.at_s is None else effect.at_s
        start = min(max(0.0, start), slot.seconds - length)
        placed.append(
            Effect(
                name=effect.name,
                said=effect.said,
                spans=effect.spans,
                start=Seconds(round(slot.start_s + start, 3)),
                end=Seconds(round(slot.start_s + start + length, 3)),
            )
        )
    return tuple(sorted(placed, key=lambda effect: (effect.start, effect.name)))
