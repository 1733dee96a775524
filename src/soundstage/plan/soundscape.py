"""Stage 1 of 5, part: what is heard besides voices. Knows no picture but place, time and weather.

Beds come from `data/ambience.toml`, the closed list the sound stage knows; a prompt's own words come first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from soundstage.film import Effect, Seconds
from soundstage.plan.lexicon import lexicon
from soundstage.plan.world import is_indoors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.plan.pacing import Slot
    from soundstage.plan.sentences import Mention

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
class SoundWish:
    """What a text wants heard."""

    effects: tuple[
        tuple[Mapping[str, Any], str, float | None], ...
    ] = ()  #: (facts, name, seconds into the shot)
    music: str | None = None
    no_music: bool = False
    no_speech: bool = False
    silent: bool = False


def read_sound(text: str, mentions: Sequence[Mention]) -> SoundWish:
    """Read effects, music and negations from a shot's text."""
    said = [m for m in mentions if m.section not in ("negative", "parameter", "text")]
    wishes = [m for m in said if m.hit.table == "music"]
    effects: dict[str, tuple[Mapping[str, Any], str, float | None]] = {}
    for mention in said:
        if mention.hit.table == "effects" and not mention.negated:
            effects.setdefault(
                mention.hit.name, (mention.hit.entry.facts, mention.hit.name, _time_near(text, mention))
            )
    music = next((m for m in wishes if m.hit.name in ("music", "genre") and not m.negated), None)
    return SoundWish(
        effects=tuple(effects.values()),
        music=_wish(music) if music else None,
        no_music=any(m.hit.name == "none" or (m.hit.name == "music" and m.negated) for m in wishes),
        no_speech=any(m.hit.name == "no_speech" for m in wishes),
        silent=any(m.hit.name == "silence" and not m.negated and m.governor != "in" for m in wishes),
    )


def _time_near(text: str, mention: Mention) -> float | None:
    around = text[max(0, mention.unit.start - _REACH) : mention.unit.end + _REACH]
    found = _AT.search(around)
    return float(found[1]) if found else None


def _wish(mention: Mention) -> str:
    return re.sub(r"^(?:the|an?|some)\s+", "", mention.phrase, flags=re.IGNORECASE).lower()


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
    for facts, name, at_s in wish.effects:
        length = float(facts.get("seconds", 1.0)) or slot.seconds
        length = min(length, slot.seconds)
        start = float(facts.get("at", 0.0)) * slot.seconds if at_s is None else at_s
        start = min(max(0.0, start), slot.seconds - length)
        placed.append(
            Effect(
                name=name,
                start=Seconds(round(slot.start_s + start, 3)),
                end=Seconds(round(slot.start_s + start + length, 3)),
            )
        )
    return tuple(sorted(placed, key=lambda effect: (effect.start, effect.name)))
