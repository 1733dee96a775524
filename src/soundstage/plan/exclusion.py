# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: what must not be in the film. Knows no grammar but the lists people write.

`negative_prompt` is a bare list; "no" before an item is tolerated. An item that is the name of something
removes it where nobody asked for it: what was assumed, implied or invented. What the prompt itself asks for
stays, and a note says so. "Blurry background" or "bad hands" are wishes about quality and remove nothing:
engines read them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from soundstage.film import Camera, Note
from soundstage.plan.drafts import family_of
from soundstage.plan.lexicon import key_of, lexicon, rules
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.words import is_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from soundstage.film import Shot, Span, Subject
    from soundstage.plan.lexicon import Hit

_PARTING = lazy_pattern(r"[,;，；、。\n|/•]+|\s+(?:and|or|nor|plus)\s+|[.!?](?:\s|$)|以及", re.IGNORECASE)
_LEAD_IN = lazy_pattern(
    r"^(?:[-*]\s*)?(?:(?:and|or|also|please|absolutely|negative prompt:|negative:)\s+)*"
    r"(?:(?:there\s+(?:should|must)\s+be\s+)?(?:no|without|avoid|exclude|excluding|remove|never|not)\s+"
    r"|(?:do not|don't|never|must not|should not)\s+(?:show|include|add|use|have|render|generate|contain)\s+"
    r"|nothing\s+)*"
    r"(?:(?:an?|the|any|any kind of|some|other)\s+)*"
    r"|^(?:不要出现|不要有|不要|不能有|没有|避免|禁止|去除|无|别)",
    re.IGNORECASE,
)
_TAIL = lazy_pattern(r"\s+(?:in|on|at|of|around|behind|over|from|anywhere)\b.*$")
_MOST_ITEMS = 100
_WRITING = frozenset({
    "text", "words", "letters", "writing", "captions", "subtitles", "on screen text", "text overlay",
    "caption", "subtitle", "watermark", "watermarks", "logo", "logos", "signs", "lettering", "typography",
    "文字", "字幕", "水印", "标志",
})  # fmt: skip
_SPEECH = frozenset({
    "dialogue", "dialog", "speech", "talking", "voice", "voices", "voiceover", "narration", "speaking",
    "voice over", "对白", "对话", "台词", "旁白",
})  # fmt: skip
_CAMERA = frozenset(
    {
        "camera movement",
        "camera motion",
        "camera moves",
        "moving camera",
        "movement",
        "shaky camera",
        "camera shake",
    }
)
_TABLES = frozenset({
    "nouns", "weathers", "places", "lights", "moods", "styles", "ambience", "effects", "music", "moves",
    "paces",
})  # fmt: skip


def split_negative(negative_prompt: str) -> tuple[str, ...]:
    """Return the items of a negative prompt, in order, each once."""
    items = (_LEAD_IN.sub("", item.strip(" .\"'()")).strip(" .") for item in _PARTING.split(negative_prompt))
    return tuple(dict.fromkeys(item.lower() for item in items if item))[:_MOST_ITEMS]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exclusions:
    """What the items of a negative list name, by table."""

    items: tuple[str, ...]
    named: frozenset[tuple[str, str]]  #: (table, entry)
    families: frozenset[str]

    def bars(self, table: str, name: str) -> bool:
        """Tell whether an entry must not be there."""
        return (table, name) in self.named

    def bars_subject(self, subject: Subject) -> bool:
        """Tell whether a subject must not be there."""
        kind = subject.kind or ""
        entry = lexicon().entry("nouns", kind)
        covered = family_of(kind) in self.families and not (entry and entry.facts.get("apart"))
        return subject.noun.lower() in self.items or self.bars("nouns", kind) or covered

    def bars_any(self, words: frozenset[str]) -> bool:
        """Tell whether one of its items is one of some words."""
        return not words.isdisjoint(self.items)

    def bars_bed(self, bed: str) -> bool:
        """Tell whether an ambience must not be heard: "no rain" silences the rain, "no people" the crowd."""
        entry = lexicon().entry("ambience", bed)
        if entry is not None and entry.facts.get("of") in self.families:
            return True
        return self.bars("ambience", bed) or self.bars("weathers", bed) or self.bars("effects", bed)


def name_items(items: Sequence[str]) -> Exclusions:
    """Return what a list of items names."""
    named: set[tuple[str, str]] = set()
    families: set[str] = set()
    for item in items:
        for hit in _hits(item):
            if hit.table in _TABLES:
                named.add((hit.table, hit.name))
            if hit.table == "nouns":
                families.update(hit.entry.facts.get("covers", ()))
    return Exclusions(items=tuple(items), named=frozenset(named), families=frozenset(families))


def _hits(item: str) -> Iterator[Hit]:
    if is_han(item):
        from soundstage.plan.chinese.glossary import meanings  # noqa: PLC0415 - a table only such items need

        yield from meanings(item)
    for said in dict.fromkeys((item, _TAIL.sub("", item))):
        key = key_of(said)
        if key:
            yield from (*lexicon().phrases.get(key, ()), *lexicon().heard.get(key, ()))


def remove(shot: Shot, exclusions: Exclusions, prompts: Sequence[str]) -> tuple[Shot, list[Note]]:
    """Return a shot without what is excluded and nobody asked for, and a note for each thing left out."""
    out: list[str] = []
    barred = [subject for subject in shot.subjects if not subject.spans and exclusions.bars_subject(subject)]
    out += [subject.noun for subject in barred]
    weather = shot.weather
    if "weather" not in shot.sources and weather != "clear" and exclusions.bars("weathers", weather):
        out.append(weather)
        weather = "clear"
    place = shot.place
    if "place" not in shot.sources and place != "open" and exclusions.bars("places", place):
        out.append(place)
        place = "open"
    asked = _asked_beds(shot, prompts)
    beds = [bed for bed in shot.ambience if bed in asked or not exclusions.bars_bed(bed)]
    out += [bed for bed in shot.ambience if bed not in beds]
    effects = tuple(e for e in shot.effects if not (e.implied and exclusions.bars("effects", e.name)))
    out += [effect.name for effect in shot.effects if effect not in effects]
    camera = shot.camera
    if "move" not in shot.sources and camera.move != "static" and _bars_camera(exclusions, camera):
        out.append(f"camera move {camera.move}")
        camera = Camera(amplitude=0.0)
    kept = replace(
        shot, subjects=tuple(subject for subject in shot.subjects if subject not in barred), weather=weather,
        place=place, ambience=tuple(beds), effects=effects, camera=camera,
    )  # fmt: skip
    things = dict.fromkeys(out)
    return kept, [
        Note(kind="removed", text=f"left out {thing}, as excluded", shot=shot.id) for thing in things
    ]


def note_contested(shot: Shot, exclusions: Exclusions, prompts: Sequence[str]) -> list[Note]:
    """Return a note for each thing the prompt asks for and its negative prompt excludes: it stays."""
    found: dict[str, tuple[Span, ...]] = {}
    for thing, spans in _contested(shot, exclusions, prompts):
        found.setdefault(thing, spans)
    return [
        Note(
            kind="conflict", shot=shot.id, spans=spans,
            text=f"{thing} is asked for in the prompt and excluded by the negative prompt: it stays",
        )
        for thing, spans in found.items()
    ]  # fmt: skip


def _contested(
    shot: Shot, exclusions: Exclusions, prompts: Sequence[str]
) -> Iterator[tuple[str, tuple[Span, ...]]]:
    for subject in shot.subjects:
        if subject.spans and exclusions.bars_subject(subject):
            yield subject.noun, subject.spans
    for name, (table, values) in _fields(shot).items():
        for value in values:
            if name in shot.sources and exclusions.bars(table, value):
                yield value.replace("_", " "), shot.sources[name]
    yield from _contested_sounds(shot, exclusions, prompts)
    if shot.on_screen_text and exclusions.bars_any(_WRITING):
        yield "writing in the picture", shot.sources.get("on_screen_text", ())


def _fields(shot: Shot) -> Mapping[str, tuple[str, tuple[str, ...]]]:
    """Return fields of a shot with the table they are from and their values."""
    return {
        "weather": ("weathers", (shot.weather,)), "place": ("places", (shot.place,)),
        "light": ("lights", shot.light), "mood": ("moods", shot.mood), "pace": ("paces", (shot.pace,)),
        "move": ("moves", (shot.camera.move,)),
    }  # fmt: skip


def _contested_sounds(
    shot: Shot, exclusions: Exclusions, prompts: Sequence[str]
) -> Iterator[tuple[str, tuple[Span, ...]]]:
    asked = _asked_beds(shot, prompts)
    for bed in shot.ambience:
        if bed in asked and exclusions.bars_bed(bed):
            spans = shot.sources.get("ambience") or shot.sources.get("weather", ())
            yield bed.replace("_", " "), spans
    for effect in shot.effects:
        if not effect.implied and exclusions.bars("effects", effect.name):
            yield effect.said or effect.name, effect.spans
    if shot.music and exclusions.bars("music", "music"):
        yield "music", shot.music.spans
    if shot.dialogue and exclusions.bars_any(_SPEECH):
        yield "dialogue", shot.dialogue[0].spans


def _asked_beds(shot: Shot, prompts: Sequence[str]) -> frozenset[str]:
    """Return the beds a shot's own words name, or its weather brings along."""
    spans = (*shot.sources.get("ambience", ()), *shot.sources.get("weather", ()))
    hits = (hit for span in spans for hit in _hits(prompts[span.prompt][span.start : span.end].lower()))
    asked: set[str] = set()
    for hit in hits:
        asked.update((hit.name,) if hit.table == "ambience" else hit.entry.facts.get("ambience", ()))
        if hit.table == "weathers":
            asked.add(hit.name)
    if "weather" in shot.sources and shot.weather in ("drizzle", "rain", "storm"):
        asked.add("rain")
    return frozenset(asked)


def _bars_camera(exclusions: Exclusions, camera: Camera) -> bool:
    if exclusions.bars_any(_CAMERA) or exclusions.bars("moves", camera.move):
        return True
    stands_for = {name for table, name in exclusions.named if table == "moves"}
    return any(rules("moves")[name].get("stands_for") == camera.move for name in stands_for)


def is_writing(word: str) -> bool:
    """Tell whether a word names letters in the picture: "no text", "no watermark"."""
    return word in _WRITING
