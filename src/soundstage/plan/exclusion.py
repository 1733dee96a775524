# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: what must not be in the film. Knows no grammar but the lists people write.

`negative_prompt` is a bare list; "no" before an item is tolerated. An item that is the name of something
removes it; "blurry background" or "bad hands" are wishes about quality and remove nothing: engines read
them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from soundstage.film import Note
from soundstage.plan.chinese import meanings
from soundstage.plan.drafts import family_of
from soundstage.plan.lexicon import lexicon
from soundstage.plan.words import is_han, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Shot, Subject

_PARTING = re.compile(r"[,;，；、\n|]+|\s+and\s+|\.\s")
_LEAD_IN = re.compile(
    r"^(?:and\s+|or\s+)?(?:(?:no|without|avoid|don't show|do not show)\s+)*(?:(?:an?|the|any)\s+)?",
    re.IGNORECASE,
)
_MOST_ITEMS = 100
_WRITING = frozenset(
    {"text", "words", "letters", "writing", "captions", "subtitles", "on screen text", "text overlay"}
)
_SPEECH = frozenset(
    {"dialogue", "dialog", "speech", "talking", "voice", "voices", "voiceover", "narration", "speaking"}
)


def split_negative(negative_prompt: str) -> tuple[str, ...]:
    """Return the items of a negative prompt, in order, each once."""
    items = (_LEAD_IN.sub("", item.strip(" .\"'")).strip(" .") for item in _PARTING.split(negative_prompt))
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


def name_items(items: Sequence[str]) -> Exclusions:
    """Return what a list of items names."""
    named: set[tuple[str, str]] = set()
    families: set[str] = set()
    for item in items:
        key = tuple(word.lower for word in split_words(item))
        known = (*lexicon().phrases.get(key, ()), *lexicon().heard.get(key, ()))
        for hit in meanings(item) if is_han(item) else known:
            named.add((hit.table, hit.name))
            if hit.table == "nouns":
                families.update(hit.entry.facts.get("covers", ()))
    return Exclusions(items=tuple(items), named=frozenset(named), families=frozenset(families))


def remove(shot: Shot, exclusions: Exclusions) -> tuple[Shot, list[Note]]:
    """Return a shot without what is excluded, and a note for each thing that was taken out."""
    out: list[str] = []

    def keep(things: Sequence[str], table: str) -> tuple[str, ...]:
        barred = [thing for thing in things if exclusions.bars(table, thing)]
        out.extend(barred)
        return tuple(thing for thing in things if thing not in barred)

    out += [s.noun for s in shot.subjects if exclusions.bars_subject(s)]
    subjects = tuple(s for s in shot.subjects if not exclusions.bars_subject(s))
    weather = shot.weather
    if exclusions.bars("weathers", weather) and weather != "clear":
        out.append(weather)
        weather = "clear"
    place = shot.place
    if exclusions.bars("places", place) and place != "open":
        out.append(place)
        place = "open"
    barred_beds = [bed for bed in shot.ambience if _bars_bed(bed, exclusions)]
    out += barred_beds
    effects = tuple(e for e in shot.effects if not exclusions.bars("effects", e.name))
    out += [e.name for e in shot.effects if e not in effects]
    silent = exclusions.bars("music", "music")
    writing = () if _WRITING & set(exclusions.items) else shot.on_screen_text
    dialogue = () if _SPEECH & set(exclusions.items) else shot.dialogue
    out += [*shot.on_screen_text[len(writing) :], *(line.text for line in shot.dialogue[len(dialogue) :])]
    kept = replace(
        shot,
        subjects=subjects,
        weather=weather,
        place=place,
        light=keep(shot.light, "lights"),
        mood=keep(shot.mood, "moods"),
        ambience=tuple(bed for bed in shot.ambience if bed not in barred_beds),
        effects=effects,
        music=None if silent else shot.music,
        on_screen_text=writing,
        dialogue=dialogue,
    )
    return kept, [
        Note(kind="removed", text=f"left out {thing}, as excluded", shot=shot.id)
        for thing in dict.fromkeys(out)
    ]


def _bars_bed(bed: str, exclusions: Exclusions) -> bool:
    # "no rain" silences the rain too, "no crickets" the night forest's crickets only where they are a bed.
    return exclusions.bars("ambience", bed) or exclusions.bars("weathers", bed)
