"""Stage 1 of 5, part: one shot's text, read whole. Knows no other shot and no time.

What a text does not say stays None or empty here; `screenplay` fills it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.camera import View, read_view
from soundstage.plan.clauses import read_tokens
from soundstage.plan.dialogue import Dialogue, read_dialogue
from soundstage.plan.exclusion import is_writing
from soundstage.plan.phrases import NounPhrase
from soundstage.plan.sections import Unwanted
from soundstage.plan.sentences import mentions_of, read_sentences
from soundstage.plan.soundscape import SoundWish, read_sound
from soundstage.plan.subjects import read_subjects
from soundstage.plan.world import World, read_world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.drafts import Draft
    from soundstage.plan.sentences import Mention, Sentence
    from soundstage.plan.sources import Extent, Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What one text says. Offsets count in `text`; `source` turns them into spans of the prompt."""

    source: Source
    dialogue: Dialogue
    world: World
    view: View
    sound: SoundWish
    drafts: tuple[Draft, ...]
    unwanted: tuple[Unwanted, ...]  #: what it says must not be there: "no people", a "Negative:" section

    @property
    def text(self) -> str:
        """The words that were read."""
        return self.source.text

    @property
    def said(self) -> dict[str, tuple[Extent, ...]]:
        """Which words each field of a shot was read from; a field without any was not said."""
        return {**self.world.said, **self.view.said, **self.sound.said, **self.dialogue.said}


def read_text(source: Source, known: Sequence[Draft] = ()) -> Reading:
    """Read a shot's text, speech first, then what is left; `known` are the subjects of the shots before."""
    dialogue = read_dialogue(source.text)
    sentences = read_sentences(dialogue.rest)
    mentions = tuple(mentions_of(sentences))
    tokens = read_tokens(sentences)
    sound = read_sound(dialogue.rest, tokens, mentions)
    return Reading(
        source=source,
        dialogue=dialogue,
        world=read_world(dialogue.rest, mentions),
        view=read_view(dialogue.rest, tokens, mentions),
        sound=sound,
        drafts=tuple(d for d in read_subjects(sentences, known) if not _is_heard(d, sound)),
        unwanted=_unwanted(sentences, mentions),
    )


def _is_heard(draft: Draft, sound: SoundWish) -> bool:
    """Tell whether a subject is only what the music is played on: "tense strings"."""
    music = sound.music
    if music is None or music.in_scene or draft.animate or draft.start < 0:
        return False
    return all(any(m.start <= start and end <= m.end for m in music.spans) for start, end in draft.extents)


def _unwanted(sentences: Sequence[Sentence], mentions: Sequence[Mention]) -> tuple[Unwanted, ...]:
    """Return what a text says must not be there: "no people", "without any power lines"."""
    tables = ("nouns", "weathers", "places", "lights", "moods", "styles", "colours", "ambience", "effects")
    found: list[Unwanted] = []
    for m in mentions:
        named = m.hit.table in tables or is_writing(m.unit.lower)
        if (m.negated or m.section == "negative") and named and not m.describes:
            extent = (m.unit.start, m.unit.end)
            found.append(Unwanted(m.unit.lower, extent))
            # "Not a single person" bars people.
            covers = m.hit.entry.facts.get("covers", ())
            found += [Unwanted(family, extent) for family in covers if len(covers) == 1]
    for sentence in sentences:
        for node in sentence.nodes:
            if isinstance(node, NounPhrase) and node.negated and node.noun and not node.noun.hits:
                units = node.units[(node.head or 0) - len(node.modifiers) : (node.head or 0) + 1]
                said = " ".join(unit.lower for unit in units)
                found.append(Unwanted(said, (units[0].start, units[-1].end)))
    return tuple(dict.fromkeys(found))
