# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: a prompt as parsed sentences, and every mention of something known. Knows no film.

Sections ("Audio: rain", "Camera: slow pan") are kept with each sentence: what is heard is not seen.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.chinese import clauses
from soundstage.plan.grammar import parse
from soundstage.plan.lexicon import rules
from soundstage.plan.phrases import Deed, NounPhrase
from soundstage.plan.units import Role
from soundstage.plan.words import is_mostly_han, split_sentences, split_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from soundstage.plan.lexicon import Hit
    from soundstage.plan.phrases import Node
    from soundstage.plan.units import Unit
    from soundstage.plan.words import Word

#: Words in the longest section label, "audio & style"; each Chinese character is one: "负面提示词".
_LABEL_WORDS = 6
_COLONS = frozenset(":：")


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of a prompt."""

    nodes: tuple[Node, ...]
    section: str  #: "scene", "camera", "sound", ...; empty outside any

    @property
    def seen(self) -> bool:
        """False when it tells what is heard, what must not be, or a parameter."""
        return self.section not in ("sound", "negative", "parameter", "text", "dialogue")


@dataclass(frozen=True, slots=True)
class Mention:
    """A known wording in its sentence."""

    hit: Hit
    unit: Unit
    governor: str  #: the preposition before its phrase, lower case; empty when it has none
    describes: bool  #: it describes a subject ("dark" in "dark hair") rather than standing for itself
    negated: bool
    clause: int  #: which comma-parted clause of the film's text it stands in
    section: str
    phrase: str  #: its whole noun phrase as the prompt has it; its own words when it stands alone
    start: int  #: offset of that phrase
    end: int  #: offset behind it
    later: tuple[Unit, ...] = ()  #: what follows it in that phrase: "street" behind "city"


@functools.lru_cache(maxsize=64)  # several readers ask for the sentences of a shot
def read_sentences(text: str) -> tuple[Sentence, ...]:
    """Return the sentences of a prompt, each with the section it stands in."""
    sentences: list[Sentence] = []
    section = ""
    for words in split_sentences(split_words(text)):
        label, rest = _cut_label(words)
        section = label or section
        if rest:
            _add(sentences, rest, section)
        # What a title says is one sentence: `Title: “HOME”. A man waits on a platform.`
        if words[-1].text == "\n" or (section == "text" and rest):
            section = ""
    return tuple(sentences)


def _add(sentences: list[Sentence], words: Sequence[Word], section: str) -> None:
    if not is_mostly_han(words):
        sentences.append(Sentence(parse(words), section))
        return
    nodes = clauses.parse(words)
    before = sentences[-1] if sentences else None
    if before is not None and before.section == section and clauses.goes_on(nodes):
        # Chinese leaves its subject out, also behind a full stop: who acted there acts here.
        sentences[-1] = Sentence((*before.nodes, *nodes), section)
    else:
        sentences.append(Sentence(nodes, section))


def _cut_label(words: Sequence[Word]) -> tuple[str, Sequence[Word]]:
    for size in range(1, min(_LABEL_WORDS, len(words) - 1) + 1):
        if words[size].lower in _COLONS:
            label = " ".join(word.lower for word in words[:size])
            section = _labels().get(label) or _labels().get(label.replace(" ", ""))
            return (section, words[size + 1 :]) if section else ("", words)
    return "", words


@functools.cache
def _labels() -> Mapping[str, str]:
    return {label: section for section, labels in rules("speech")["sections"].items() for label in labels}


def mentions_of(sentences: Sequence[Sentence]) -> Iterator[Mention]:
    """Yield every known wording in order, with what stands around it."""
    clause = 0
    for sentence in sentences:
        clause += 1
        for node in sentence.nodes:
            if isinstance(node, NounPhrase):
                yield from _in_phrase(node, clause, sentence.section)
                continue
            unit = node.unit
            negated = not isinstance(node, Deed) and node.negated
            clause += unit.role in (Role.BREAK, Role.CONJUNCTION)
            for hit in unit.hits:
                told = isinstance(node, Deed) and node.form != "base"
                if told and hit.table in ("places", "hints"):
                    continue  # who vaults is in no vaults
                yield Mention(
                    hit,
                    unit,
                    "",
                    describes=False,
                    negated=negated,
                    clause=clause,
                    section=sentence.section,
                    phrase=unit.text,
                    start=unit.start,
                    end=unit.end,
                )


def _in_phrase(phrase: NounPhrase, clause: int, section: str) -> Iterator[Mention]:
    governor = phrase.governor.lower if phrase.governor else ""
    head = -1 if phrase.head is None else phrase.head
    text = phrase.text
    for at, unit in enumerate(phrase.units):
        for hit in unit.hits:
            yield Mention(
                hit,
                unit,
                governor,
                describes=at < head,
                negated=phrase.negated,
                clause=clause,
                section=section,
                phrase=text,
                start=phrase.units[0].start,
                end=phrase.units[-1].end,
                later=phrase.units[at + 1 :],
            )
