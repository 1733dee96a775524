"""Stage 1 of 5, part: what is said, word for word. Reading passes over what a prompt repeats without end.

A scream of three hundred letters is heard whole: the line gets back what `words.tidy` left out of it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.letter_case import to_spoken
from soundstage.plan.words import tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.dialogue import Dialogue
    from soundstage.plan.lines import Speech
    from soundstage.plan.sources import Source


def keep_words(dialogue: Dialogue, source: Source, prompts: Sequence[str]) -> Dialogue:
    """Return a shot's dialogue, read from `source`, with its lines as the prompts have them."""
    if not dialogue.speeches:
        return dialogue
    return replace(dialogue, speeches=tuple(_whole(speech, source, prompts) for speech in dialogue.speeches))


def _whole(speech: Speech, source: Source, prompts: Sequence[str]) -> Speech:
    span = source.span(speech.start, speech.end)
    prompt = prompts[span.prompt]
    # What is repeated at a line's end stands behind the last character that was read.
    following = next((offset for offset in source.offsets[speech.end :] if offset >= 0), len(prompt))
    if following - span.start <= speech.end - speech.start:
        return speech
    raw = prompt[span.start : following]
    read = " ".join(source.text[speech.start : speech.end].split())
    sent = " ".join(tidy(raw, whole=True).split())
    before, found, behind = read.partition(speech.text)
    if not found or len(sent) <= len(read) or " ".join(tidy(raw).split()) != read:
        return speech
    text = sent[len(before) : len(sent) - len(behind)]
    return replace(speech, text=text, spoken=to_spoken(text, speech.language))
