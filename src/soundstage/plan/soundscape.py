# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: what is heard besides voices. Knows no picture but place, time and weather.

Beds come from `data/ambience.toml`, the closed list the sound stage knows; a prompt's own words come first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from soundstage.film import Effect, Seconds, Span
from soundstage.plan.cues import moment_near
from soundstage.plan.lexicon import lexicon, rules
from soundstage.plan.music import read_music, refuses_music
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.units import Role
from soundstage.plan.world import is_indoors

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from soundstage.film import Music
    from soundstage.plan.clauses import Token
    from soundstage.plan.cues import Moment
    from soundstage.plan.pacing import Slot
    from soundstage.plan.sentences import Mention
    from soundstage.plan.sources import Extent

_BRACKET = lazy_pattern(
    r"[\[(]\s?(?:audio|sfx|sounds?|sound effects?|foley|fx)\s?[:：]\s?(?P<cue>[^\[\]()\n]{2,120})[\])]",
    re.IGNORECASE,
)
_NONE = r"[\"']?\s?[:：]\s?[\"']?(?:none|no\b|off|n/a|nothing|null|false|without|silent|mute)"
_NO_MUSIC = lazy_pattern(rf"\b(?:music|bgm|score|soundtrack){_NONE}", re.IGNORECASE)
_NO_SPEECH = lazy_pattern(rf"\b(?:dialogue|dialog|speech|voice ?over|narration|voice){_NONE}", re.IGNORECASE)
_NO_SOUND = lazy_pattern(rf"\b(?:audio|sound|sounds|sfx){_NONE}", re.IGNORECASE)
_HEARD = lazy_pattern(
    r"\b(?:sounds?|noise|hum|rumble|creak|rustle|crunch|clatter|hiss|roar|echo|clack|squeak|patter|thud|clang"
    r"|jingle|buzz)\sof\s(?P<cue>(?:[\w'-]+\s?){1,4})",
    re.IGNORECASE,
)
_PARTS = lazy_pattern(r"[,;，；、\n]|\.\s|\.$|\s(?:and|then|with|followed by|plus|&)\s", re.IGNORECASE)
_LABEL = lazy_pattern(r"^[^:：\n]{0,24}[:：]\s?")
_FILLERS = lazy_pattern(
    r"^(?:the|an?|some|only|just|natural|ambient|distant|soft|faint|loud|sudden|gentle|light|heavy|then|and"
    r"|we hear|sounds? of|noise of)\s",
    re.IGNORECASE,
)
_NOTHING = frozenset({"no", "without", "not", "zero", "none", "nothing", "off", "silence", "silent"})
#: Behind a sound: what it is made on, "footsteps on gravel".
_ON = frozenset({"on", "in", "across", "against", "through", "over", "of"})
#: Words of a cue no table knows, kept as the effect's name.
_MOST_WORDS = 4
#: Beds at once; more is mud.
_MOST_BEDS = 4
#: How many effects a shot can tell apart.
_MOST_EFFECTS = 12
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
    moment: Moment | None  #: where the text says when
    part: float = 0.0  #: where in the text it stands, 0..1
    implied: bool = False
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


def read_sound(text: str, tokens: Sequence[Token], mentions: Sequence[Mention]) -> SoundWish:
    """Read effects, music and negations from a shot's text."""
    said = [m for m in mentions if m.section not in ("negative", "parameter", "text")]
    wishes = [m for m in said if m.hit.table == "music"]
    music = read_music(text, tokens)
    no_sound = any(m.hit.name == "no_sound" for m in wishes) or bool(_NO_SOUND.search(text))
    refused = (
        any(m.hit.name == "none" for m in wishes) or bool(_NO_MUSIC.search(text)) or refuses_music(tokens)
    )
    spans = music.spans if music else ()
    return SoundWish(
        effects=_effects(text, tokens, said, spans),
        music=None if refused else music,
        no_music=refused or (no_sound and music is None),
        no_speech=any(m.hit.name == "no_speech" for m in wishes) or bool(_NO_SPEECH.search(text)),
        silent=no_sound or any(m.hit.name == "silence" and _is_quiet(m) for m in wishes),
        said={
            "music": (
                *((span.start, span.end) for span in spans),
                *(
                    (m.unit.start, m.unit.end)
                    for m in wishes
                    if m.hit.name in ("none", "no_sound", "silence")
                ),
            )
        },
    )


def _is_quiet(mention: Mention) -> bool:
    # They sit in silence while the rain falls: nobody asked for no sound at all.
    return not mention.negated and mention.governor not in ("in", "into", "with", "of")


def _effects(
    text: str, tokens: Sequence[Token], said: Sequence[Mention], music: Sequence[Span]
) -> tuple[EffectWish, ...]:
    effects: dict[str, EffectWish] = {}
    for mention in said:
        if mention.hit.table != "effects" or mention.negated:
            continue
        name, span = mention.hit.name, Span(start=mention.unit.start, end=mention.unit.end)
        if name in effects:
            effects[name] = replace(effects[name], spans=(*effects[name].spans, span))
            continue
        start, end = _words_of(tokens, mention)
        seen = mention.section != "sound" and mention.unit.role is Role.VERB
        effects[name] = EffectWish(
            facts=mention.hit.entry.facts, name=name, said=" ".join(text[start:end].split()),
            moment=moment_near(text, span.start, span.end), part=span.start / max(1, len(text)),
            implied=seen, spans=(Span(start=start, end=end),),
        )  # fmt: skip
    tables = ("effects", "ambience", "music", "weathers")
    known = [(m.unit.start, m.unit.end) for m in said if m.hit.table in tables]
    known += [(span.start, span.end) for span in music]
    for start, end in islice(_cues(text, tokens), 2 * _MOST_EFFECTS):
        if any(first < end and start < last for first, last in known):
            continue
        name = _name(text[start:end])
        if name and name not in effects and len(effects) < _MOST_EFFECTS:
            effects[name] = EffectWish(
                facts={}, name=name, said=" ".join(text[start:end].split()),
                moment=moment_near(text, start, end), part=start / max(1, len(text)),
                spans=(Span(start=start, end=end),),
            )  # fmt: skip
    return tuple(effects.values())


def _words_of(tokens: Sequence[Token], mention: Mention) -> tuple[int, int]:
    """Return a sound's words with those that describe it: "slow footsteps on wet gravel"."""
    inside = [at for at, t in enumerate(tokens) if mention.unit.start <= t.start < mention.unit.end]
    if not inside:
        return mention.unit.start, mention.unit.end
    first = inside[0]
    last = _end_of_wording(tokens, first, mention) - 1
    clause = tokens[first].clause
    while first and tokens[first - 1].clause == clause and tokens[first - 1].unit.role is Role.ADJECTIVE:
        first -= 1
    behind = last + 1
    if behind < len(tokens) and tokens[behind].lower in _ON:
        while behind < len(tokens) and tokens[behind].clause == clause and behind - last <= _MOST_WORDS + 1:
            if tokens[behind].unit.role in (Role.BREAK, Role.VERB, Role.CONJUNCTION):
                break
            behind += 1
        last = behind - 1
    return tokens[first].start, tokens[last].end


def _end_of_wording(tokens: Sequence[Token], at: int, mention: Mention) -> int:
    """Return where the name of a sound that starts at a token ends; its words may stand in several units."""
    known = lexicon()
    for size in range(min(known.heard.reach(tokens[at].lower), len(tokens) - at), 0, -1):
        hits = known.heard.get(tuple(token.lower for token in tokens[at : at + size]), ())
        if any(hit.entry is mention.hit.entry for hit in hits):
            return at + size
    return at + max(1, len(mention.unit.words))


def _cues(text: str, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
    """Yield what a text sets down as a sound: items of a section, cues in brackets, "the sound of …"."""
    for found in _BRACKET.finditer(text):
        yield from _items(text, *found.span("cue"))
    heard = [t for t in tokens if t.section == "sound"]
    if heard:
        yield from _items(text, heard[0].start, heard[-1].end)
    for found in _HEARD.finditer(text):
        yield from _items(text, found.start(), found.end())


def _items(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    at = start
    for mark in [*_PARTS.finditer(text, start, end), None]:
        stop = mark.start() if mark else end
        piece = text[at:stop]
        label = _LABEL.match(piece)
        first = at + (label.end() if label else 0)
        first += len(text[first:stop]) - len(text[first:stop].lstrip())
        last = stop - (len(text[first:stop]) - len(text[first:stop].rstrip(" .!\"')]")))
        if first < last:
            yield first, last
        at = mark.end() if mark else end


#: Who speaks in a sound section makes no noise.
_TELLERS = frozenset({"narrator", "narration", "voiceover", "announcer", "vo"})


def _name(said: str) -> str:
    name = " ".join(said.partition("(")[0].split()) if ")" not in said else " ".join(said.split())
    while (shorter := _FILLERS.sub("", name)) != name:
        name = shorter
    words = name.lower().split()
    if (
        not words
        or words[0] in _NOTHING
        or words[0] in _TELLERS
        or not words[0][:1].isalpha()
        or len(words) > _MOST_WORDS
    ):
        return ""
    # "Sounds of the forest" are its bed, and "soft, melancholic" belongs to music.
    airs = lexicon().meanings(" ".join(words), "places") or all(map(_is_mood, words))
    return "" if airs else " ".join(words)


def _is_mood(word: str) -> bool:
    table = rules("instruments")
    return any(word in wordings for kind in ("mood", "tempo") for wordings in table[kind].values())


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
        room = slot.seconds - length
        start = effect.moment.in_slot(slot) if effect.moment else effect.part * slot.seconds
        start = min(max(0.0, start), room)
        placed.append(
            Effect(
                name=effect.name,
                said=effect.said,
                implied=effect.implied,
                spans=effect.spans,
                start=Seconds(round(slot.start_s + start, 3)),
                end=Seconds(round(slot.start_s + start + length, 3)),
            )
        )
    return tuple(sorted(placed, key=lambda effect: (effect.start, effect.name)))
