# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: one prompt cut into the texts of its shots. Knows words, not frames.

Labels a person wrote ("Shot 2 (3s):", "0-4s:", "Cut to") are cuts whatever the shot type; only `intelligent`
adds cuts of its own, between sentences that show something.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.dialogue import read_dialogue
from soundstage.plan.phrases import NounPhrase
from soundstage.plan.sentences import mentions_of, read_sentences
from soundstage.plan.sources import Source, join
from soundstage.plan.subjects import read_subjects
from soundstage.plan.words import split_sentences, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Entrance
    from soundstage.plan.words import Word

#: Seconds a shot the planner cuts itself must last to be read.
LEAST_BEAT_S = 1.5
#: Shots the planner makes of one prompt by itself.
_MOST_SHOTS = 6

#: A sentence that shows nothing but says one of these goes with the shot before: its camera, its sounds.
_OF_A_SHOT = frozenset({"moves", "framings", "camera_moves", "effects", "ambience", "weathers"})
#: Sentences weighed one by one; what is behind them stays with the last shot.
_MOST_SENTENCES = 40

_START = r"(?:^|(?<=[\n.!?;。！？；\]”\"]))[ \t]*"
_SHOT = re.compile(
    _START
    + r"(?:cut\s+)?(?:\[|\(|\*\*)?(?:(?:multi[- ]?shot\s+prompt|shot|scene|clip)\s*#?\s*(?P<number>\d{1,2})|"
    r"(?:镜头|分镜|场景)\s*(?P<han>\d{1,2}|[一二三四五六七八九十]))(?P<shut>\]|\)|\*\*)?\s*"
    r"(?:[(\[（](?P<span>[^()\[\]（）\n]{1,24})[)\]）])?\s*"
    r"(?P<colon>[:：.|\-–—]|(?=at\s+\d))?\s*(?:\*\*)?",
    re.IGNORECASE,
)
_RANGE = re.compile(
    _START + r"[\[(（]?(?P<first>\d{1,2}(?:[:.]\d{1,3})?)\s*(?:s|sec|seconds)?\s*(?:-|–|—|~|to)\s*"
    r"(?P<last>\d{1,2}(?:[:.]\d{1,3})?)\s*(?P<unit>s|sec|secs|seconds|秒)?[\])）]?\s*[:：|\-–—,]\s*",
    re.IGNORECASE,
)
_CUT = re.compile(
    r"(?:^|(?<=[\n.!?;。！？；,，]))[ \t]*(?:then\s+|and\s+then\s+)?(?:the\s+(?:camera|scene|shot|film)\s+)?"
    r"(?:(?:hard|smash|match|jump|quick)\s+)?(?:cuts?\s+to|cutting\s+to)\b\s*:?|(?:镜头)?切(?:换)?到",
    re.IGNORECASE,
)
_SECONDS = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*(?:s|sec|secs|seconds?|秒)\b", re.IGNORECASE)
_OPENING = re.compile(
    r"^\s*(?:(?P<bar>\d{1,2}(?:\.\d+)?)\s*(?:s|seconds?)\s*\||at\s+(?P<at>\d{1,2}:\d{2}(?:\.\d+)?)\s*,?)\s*",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"\(?\s*duration\s*:\s*(\d{1,2}(?:\.\d+)?)\s*(?:s|seconds?)\s*\)?\s*\.?\s*$", re.IGNORECASE
)
_SECTION_LINE = re.compile(
    r"\n[ \t]*(?=(?:style|audio|sound|music|lighting|mood|camera|negative(?: prompt)?|atmosphere|overall|"
    r"background ambient)\b[^\n:]{0,20}:)",
    re.IGNORECASE,
)
_HAN_NUMBERS = "一二三四五六七八九十"


@dataclass(frozen=True, slots=True, kw_only=True)
class Beat:
    """The text of one shot."""

    source: Source
    start_s: float | None = None  #: as the prompt says
    seconds: float | None = None  #: as the prompt says
    entrance: Entrance = "cut"  #: how it follows the one before
    weight: float = 1.0  #: how long it wants to be beside the others


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """A prompt in beats."""

    beats: tuple[Beat, ...]
    frame: Source | None = None  #: words that hold for every shot


def cut_prompt(prompt: Source, seconds: float, *, by_itself: bool) -> Cutting:
    """Cut one prompt into beats: at its labels, at "cut to", or, `by_itself`, between its sentences."""
    blanked = read_dialogue(prompt.text).rest
    for cutting in (_by_label(prompt), _by_range(prompt), _by_cut(prompt, blanked)):
        if cutting is not None and 1 < len(cutting.beats) <= max(_MOST_SHOTS, int(seconds // 3)):
            return cutting
    return _by_sentence(prompt, blanked, seconds) if by_itself else Cutting(beats=(Beat(source=prompt),))


def _by_label(prompt: Source) -> Cutting | None:
    marks = [m for m in _SHOT.finditer(prompt.text) if m["colon"] is not None or m["shut"] in ("]", "**")]
    if not marks:
        return None
    number = marks[0]["number"] or marks[0]["han"]
    first = int(number) if number.isdigit() else _HAN_NUMBERS.index(number) + 1
    before = prompt.cut(0, marks[0].start())
    pieces = [(m["span"] or "", prompt.cut(m.end(), n)) for m, n in _to_next(marks, len(prompt.text))]
    if first > 1 and before.text:
        pieces.insert(0, ("", before))
        before = before.cut(0, 0)
    return _framed(before, [_beat(span, source) for span, source in pieces])


def _by_range(prompt: Source) -> Cutting | None:
    marks = list(_RANGE.finditer(prompt.text))
    if len(marks) < 2 or not any(m["unit"] or ":" in m["first"] for m in marks):
        return None
    beats = [
        Beat(
            source=prompt.cut(m.end(), n),
            start_s=_clock(m["first"]),
            seconds=_clock(m["last"]) - _clock(m["first"]),
        )
        for m, n in _to_next(marks, len(prompt.text))
    ]
    starts = [_clock(mark["first"]) for mark in marks]
    if starts != sorted(set(starts)):
        return None
    return _framed(prompt.cut(0, marks[0].start()), beats)


def _by_cut(prompt: Source, blanked: str) -> Cutting | None:
    marks = list(_CUT.finditer(blanked))
    edges = [0, *(m.end() for m in marks)], [*(m.start() for m in marks), len(blanked)]
    sources = [prompt.cut(first, last) for first, last in zip(*edges, strict=True)]
    beats = tuple(Beat(source=source, weight=_weight(source)) for source in sources if source.text)
    return Cutting(beats=beats) if marks else None


def _to_next(marks: Sequence[re.Match[str]], end: int) -> list[tuple[re.Match[str], int]]:
    return list(zip(marks, [*(m.start() for m in marks[1:]), end], strict=True))


def _framed(before: Source, beats: Sequence[Beat]) -> Cutting:
    """Move sections behind the last shot ("Style: …") to what holds for every shot."""
    last = beats[-1]
    section = _SECTION_LINE.search(last.source.text)
    shot = last.source.cut(0, section.start()) if section else last.source
    whole = last.source.cut(section.end()) if section else last.source.cut(0, 0)
    kept = [
        *beats[:-1],
        Beat(source=shot, start_s=last.start_s, seconds=last.seconds, weight=_weight(shot)),
    ]
    return Cutting(beats=tuple(b for b in kept if b.source.text), frame=join([before, whole]))


def _beat(span: str, source: Source) -> Beat:
    start_s: float | None = None
    seconds: float | None = None
    spread = re.match(r"(\d{1,2}(?:[:.]\d+)?)\s*s?\s*(?:-|–|—|~|to)\s*(\d{1,2}(?:[:.]\d+)?)", span)
    single = _SECONDS.search(span)
    if spread:
        start_s = _clock(spread[1])
        seconds = _clock(spread[2]) - start_s
    elif single:
        seconds = float(single[1])
    opening = _OPENING.match(source.text)
    if opening:
        source = source.cut(opening.end())
        seconds = float(opening["bar"]) if opening["bar"] else seconds
        start_s = _clock(opening["at"]) if opening["at"] else start_s
    closing = _CLOSING.search(source.text)
    if closing:
        source, seconds = source.cut(0, closing.start()), float(closing[1])
    return Beat(
        source=source,
        start_s=start_s,
        seconds=seconds if seconds and seconds > 0 else None,
        weight=_weight(source),
    )


def _clock(text: str) -> float:
    """Return "00:05.500" or "5.5" as seconds."""
    minutes, colon, rest = text.partition(":")
    return int(minutes) * 60 + float(rest) if colon else float(text)


def _weight(source: Source) -> float:
    return max(3.0, len(split_words(source.text)))


def _by_sentence(prompt: Source, blanked: str, seconds: float) -> Cutting:
    """Cut between sentences that show something; those that only tell how it looks hold for every shot."""
    beats: list[list[Source]] = []
    frame: list[Source] = []
    end = 0
    for words in split_sentences(split_words(blanked))[:_MOST_SENTENCES]:
        start, end = end, words[-1].end
        if _shows(words, blanked):
            beats.append([prompt.cut(start, end)])
        elif beats and _belongs_to_last(blanked[words[0].start : words[-1].end]):
            beats[-1].append(prompt.cut(start, end))
        else:
            frame.append(prompt.cut(start, end))
    if beats:
        beats[-1].append(prompt.cut(end))
    most = max(1, min(_MOST_SHOTS, int(seconds / LEAST_BEAT_S + 1e-9)))
    sources = [join(pieces, " ") for pieces in beats]
    while len(sources) > most:
        at = min(range(len(sources) - 1), key=lambda i: len(sources[i].text) + len(sources[i + 1].text))
        sources[at : at + 2] = [join(sources[at : at + 2], " ")]
    if len(sources) < 2:
        return Cutting(beats=(Beat(source=prompt),))
    return Cutting(beats=tuple(Beat(source=s, weight=_weight(s)) for s in sources), frame=join(frame, " "))


def _shows(words: Sequence[Word], text: str) -> bool:
    piece = text[words[0].start : words[-1].end]
    sentences = read_sentences(piece)
    if not any(sentence.seen for sentence in sentences):
        return False
    acts = any(draft.action or not draft.rank for draft in read_subjects(sentences))
    return acts or any(
        m.hit.table == "places" and m.governor == "" and not m.describes for m in mentions_of(sentences)
    )


def _belongs_to_last(text: str) -> bool:
    sentences = read_sentences(text)
    phrases = [n for s in sentences for n in s.nodes if isinstance(n, NounPhrase) and n.noun is not None]
    moves = any(m.hit.table in _OF_A_SHOT for m in mentions_of(sentences))
    return moves or (
        not phrases and any(m.hit.name in ("she", "he", "they", "it") for m in mentions_of(sentences))
    )
