"""Stage 1 of 5, part: one shot's text, read whole. Knows no other shot and no time.

What a text does not say stays None or empty here; `screenplay` fills it in.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.camera import View, read_view
from soundstage.plan.clauses import read_tokens
from soundstage.plan.dialogue import Dialogue, read_dialogue
from soundstage.plan.sections import Unwanted
from soundstage.plan.sentences import mentions_of, read_sentences
from soundstage.plan.soundscape import SoundWish, read_sound
from soundstage.plan.subjects import read_subjects
from soundstage.plan.world import World, read_world

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.drafts import Draft
    from soundstage.plan.sentences import Mention
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
    return Reading(
        source=source,
        dialogue=dialogue,
        world=read_world(dialogue.rest, mentions),
        view=read_view(dialogue.rest, tokens, mentions),
        sound=read_sound(dialogue.rest, tokens, mentions),
        drafts=read_subjects(sentences, known),
        unwanted=_unwanted(mentions),
    )


def _unwanted(mentions: tuple[Mention, ...]) -> tuple[Unwanted, ...]:
    tables = ("nouns", "weathers", "places", "lights", "moods", "styles", "colours", "ambience", "effects")
    found = (
        Unwanted(m.unit.lower, (m.unit.start, m.unit.end))
        for m in mentions
        if (m.negated or m.section == "negative") and m.hit.table in tables and not m.describes
    )
    return tuple(dict.fromkeys(found))
