"""Stage 1 of 5, part: a prompt of another language in English words, for the English grammar. Knows no shot.

Every character of the English remembers where in the prompt it came from, so all that is read from it points
there. What is said stays word for word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.languages import clinging, parted
from soundstage.plan.languages.glossary import GLOSSED, JOINED, glossary, key_of
from soundstage.plan.languages.piece import Piece
from soundstage.plan.languages.spaced import split_spaced
from soundstage.plan.languages.telling import tell_language
from soundstage.plan.languages.unspaced import split_unspaced
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.quotes import find_quotes
from soundstage.plan.sources import Source
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

#: `NAME (softly): what they say`, without quotes, on a line of its own.
_LABELLED = lazy_pattern(
    r"^[ \t]*(?P<label>[^\W\d_][^\n:\uff1a(\uff08\"]{0,30})(?:[(\uff08][^)\uff09\n]{1,60}[)\uff09])?"
    r"[ \t]*[:\uff1a][ \t]*(?P<said>\S[^\n]*)$",
    re.MULTILINE,
)
_SAID_ENDS = (".", "!", "?", "\u2026", "\u3002", "\uff01", "\uff1f")
_LONGEST_LABEL = 3
_JOINT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Glossed:
    """A prompt as it is read."""

    source: Source  #: English words with offsets into the prompt; the prompt itself where it needs no gloss
    language: str
    pieces: tuple[
        Piece, ...
    ] = ()  #: what stands for what, with offsets into the prompt; empty without a gloss


def gloss(source: Source, *, otherwise: str = "en") -> Glossed:
    """Return a prompt as the grammar reads it: in English, or in Chinese.

    Args:
        source: the prompt.
        otherwise: the language it has where nothing in it tells.
    """
    quotes = [(quote.start, quote.end) for quote in find_quotes(source.text)]
    language = tell_language(_without(source.text, quotes), otherwise)
    if language not in GLOSSED:
        return Glossed(source=source, language=language)
    kept = sorted([*quotes, *_labelled(source.text, quotes, language)])
    pieces = _pieces(source.text, language, _apart(kept))
    order = clinging.reorder if language in JOINED else parted.reorder
    return _written(order(pieces, language), source, language)


def _pieces(text: str, language: str, kept: Sequence[tuple[int, int]]) -> list[Piece]:
    """Return a text as pieces in its own order; the stretches `kept` stay as they are, a piece each."""
    pieces: list[Piece] = []
    end = 0
    split = split_unspaced if language in JOINED else split_spaced
    for first, last in [*kept, (len(text), len(text))]:
        pieces += split(text, end, first, language, pieces)
        if first < last:
            pieces.append(Piece(text=text[first:last], kind="quote", start=first, end=last))
        end = last
    return pieces


def _without(text: str, extents: Sequence[tuple[int, int]]) -> str:
    made, end = "", 0
    for first, last in extents:
        made, end = f"{made}{text[end:first]} ", last
    rest = made + text[end:]
    return rest if re.search(r"[^\W\d_]", rest) else text


def _apart(extents: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    kept: list[tuple[int, int]] = []
    for first, last in extents:
        if not kept or first >= kept[-1][1]:
            kept.append((first, last))
    return kept


def _labelled(text: str, quotes: Sequence[tuple[int, int]], language: str) -> list[tuple[int, int]]:
    """Return where lines stand that a label introduces without quotes."""
    found: list[tuple[int, int]] = []
    labels = rules("languages")["labels"]["not_speakers"]
    for match in _LABELLED.finditer(text):
        label, said = match["label"].strip(), match["said"].rstrip()
        first, last = match.span("said")
        if any(first < end and start < last for start, end in quotes) or not said.endswith(_SAID_ENDS):
            continue
        words = label.lower().split()
        if len(words) > _LONGEST_LABEL or any(char.isdigit() for char in label):
            continue
        if words[0] in labels or label.lower() in labels or not (label[:1].isupper() or not label.isascii()):
            continue
        if any(
            gloss.kind != "noun" for gloss in glossary(language).wordings.get(key_of(label, language), ())
        ):
            continue  # "Close-up: a cup of tea."
        found.append((first, last))
    return found


def _written(pieces: Sequence[Piece], source: Source, language: str) -> Glossed:
    text, offsets = "", list[int]()
    told: list[Piece] = []
    for piece in pieces:
        if not piece.text:
            continue
        first, last = _place(piece, source)
        if text and piece.kind != "newline" and text[-1] not in "\n(['\u2019" and not _closes(piece):
            text += " "
            # The blank before it where there is one, so that neither side grows by a letter.
            offsets.append(max(offsets[-1], first - 1) if first > offsets[-1] >= 0 else _JOINT)
        text += piece.text
        if piece.kind == "quote":
            offsets += source.offsets[piece.start : piece.end]
        else:
            size = len(piece.text)
            # In step while both last; the end of one is the end of the other. A single letter is the start:
            # "a" for "una" opens a phrase.
            offsets += [min(first + i, last) for i in range(size - 1)] + [last if size > 1 else first]
        told.append(
            Piece(
                text=piece.text, kind=piece.kind, start=first, end=last + 1, form=piece.form, base=piece.base,
                lemma=piece.lemma,
            )
        )  # fmt: skip
    made = Source(text, tuple(offsets), source.prompt)
    return Glossed(source=made, language=language, pieces=tuple(told))


def _place(piece: Piece, source: Source) -> tuple[int, int]:
    """Return the offsets of a piece's first and last character in the prompt."""
    if not source.offsets:
        return 0, 0
    inside = source.offsets[piece.start : piece.end] or source.offsets[: piece.start + 1][-1:]
    placed = [offset for offset in inside if offset != _JOINT] or [0]
    return placed[0], max(placed)


def _closes(piece: Piece) -> bool:
    return piece.kind == "mark" and piece.text in ",.;:!?)]%\u2026"


def gloss_all(sources: Iterable[Source]) -> list[Glossed]:
    """Return all prompts of an order; one whose words tell no language is in that of the one before."""
    made: list[Glossed] = []
    for source in sources:
        made.append(gloss(source, otherwise=made[-1].language if made else "en"))
    return made


def gloss_list(text: str, otherwise: str) -> str:
    """Return a negative prompt, which is a list, in English or Chinese words."""
    return gloss(Source.of(text), otherwise=otherwise).source.text
