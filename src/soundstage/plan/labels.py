# ruff: noqa: RUF001, RUF002 - prompts are typed with these marks
"""Stage 1 of 5, part: the labels people part a prompt with ("Shot 2 (3s):", "0-4s:"). Knows no scene.

A label is a word with a number, or a stretch of time, that stands where a clause may begin and is closed by a
colon, a bracket, a bar or a line's end. "Shot on 35mm" has no number, "10-15 people" no unit and no colon.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import rules
from soundstage.plan.times import NO_TIMING, Cursor, Timing, read_timing, take_timing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.film import Entrance
    from soundstage.plan.sources import Extent

#: Labels looked at; a prompt with more is no shot list.
MOST_LABELS = 80
#: What may stand before a label that is not at the start of a line.
CLAUSE_STARTS = frozenset("\n.!?;:。！？；：”\"'’)]】*#>|-–—,，、}")
#: What "next" and the like count as where nothing was counted before.
_NEXT = 98
_COUNTED = lazy_pattern(r"\s?(?:of|/)\s?\d{1,2}(?!\d)")
_BRACKET = lazy_pattern(r"\s{0,2}[(\[（【{]([^()\[\]（）【】{}\n]{1,60})[)\]）】}]")
_LAST_BRACKET = lazy_pattern(r"[(\[（【]([^()\[\]（）【】\n]{1,40})[)\]）】]\s?$")
_SHUT = lazy_pattern(r"\s?(?:\]|\)|】|）|\}|\*\*|__)")
#: The title before a time: "Shot 1 - Wide - 0:00-0:03 - …".
_PARTED = lazy_pattern(r"\s?[-–—|]\s?([^\n:：|–—()\[\]（）]{1,40}?)\s?[-–—|]\s?(?=\d)")
#: The title in "[Scene 1 - Forest, dawn]".
_INSIDE = lazy_pattern(r"\s?[-–—:：,|]\s?([^\n\[\]【】*]{1,60}?)\s?(?:\]|】)")
_COLON = lazy_pattern(r"(?:\*\*)?\s?[:：]\s?(?:\*\*|__)?")
_LOOSE_END = lazy_pattern(r"\s?[.,，。|]?(?:\*\*)?\s?(?:[-–—:：]\s)?")
_DASH = lazy_pattern(r"\s?(?:-|–|—|\||·|=)\s?")
_STOP = lazy_pattern(r"\s?[.。](?=\s|$)|(?=\n)|\s?,(?=\s)|\s?，")
_TITLE = lazy_pattern(r"[^\n:：*|.!?。]{1,60}?(?=\s?(?:[:：]|\*\*|\n|$))")
_TITLE_END = lazy_pattern(r"\s?(?:[:：]|\*\*)+[:：]?\s?(?:\*\*)?|(?=\n)")
_SHOWS = lazy_pattern(
    r"\s(?:shows?|showing|is|opens (?:on|with)|features?|reveals?|begins|starts|captures)\b|\s?[,，]",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Where a shot begins: the words that say so, and what they say of it."""

    start: int  #: offset of its first character
    end: int  #: offset behind its last: the shot's own words begin
    timing: Timing = NO_TIMING
    number: int | None = None
    title: Extent | None = None  #: words of the label that may tell of the shot: "Shot 2 (close-up):"
    entrance: Entrance = "cut"


def find_labels(text: str) -> tuple[Mark, ...]:
    """Return the numbered labels of a text, in order, each number higher than the one before."""
    marks: list[Mark] = []
    for found in _heads().finditer(text):
        if len(marks) >= MOST_LABELS:
            break
        number = _number_of(found)
        number = (marks[-1].number or 1) + 1 if number == _NEXT and marks else number
        starts = _starts_clause(text, found.start())
        mark = _tail(text, found, number, starts=starts) if number else None
        if mark is None or (marks and (mark.start < marks[-1].end or number <= (marks[-1].number or 0))):
            continue
        marks.append(mark)
    return tuple(marks)


def _tail(text: str, head: re.Match[str], number: int, *, starts: bool) -> Mark | None:
    """Return a label whose head is found, with its time and title; None when nothing closes it."""
    mark, cursor = Mark(start=head.start(), end=head.end(), number=number), Cursor(text, head.end())
    cursor.take(_COUNTED)
    closed = bool(head["open"] and cursor.take(_SHUT))
    for _ in range(3):
        bracket = cursor.take(_BRACKET)
        if bracket is None:
            break
        timing = read_timing(bracket[1])
        mark = replace(mark, timing=timing) if timing else _titled(mark, bracket)
        closed = closed or timing is not None
    timing = None if mark.timing != NO_TIMING else take_timing(cursor)
    if timing is None and (parted := _PARTED.match(text, cursor.at)):
        behind = Cursor(text, parted.end())
        timing = take_timing(behind)
        if timing is not None:
            cursor, mark = behind, replace(mark, title=parted.span(1))
    if timing is not None:
        mark, closed = replace(mark, timing=timing), True
    if head["open"] and not closed:
        inside = cursor.take(_INSIDE)
        mark = replace(mark, title=inside.span(1)) if inside else mark
        closed = inside is not None or cursor.take(_SHUT) is not None
    colon = cursor.take(_COLON)
    if colon or (closed and (starts or head["open"])):
        cursor.take(_LOOSE_END)
        timing = None if mark.timing != NO_TIMING else take_timing(cursor)
        return replace(mark, timing=timing or mark.timing, end=cursor.at)
    if not starts:
        return None
    if head["ordinal"]:
        shows = cursor.take(_SHOWS)
        return replace(mark, end=shows.end()) if shows else None
    return _untimed(mark, cursor)


def _titled(mark: Mark, bracket: re.Match[str], title: Extent | None = None) -> Mark:
    """Return a label with what its bracket tells: "(close-up, 3s)"."""
    timings = (read_timing(part) for part in re.split(r"[,;|，、]", bracket[1]))
    timing = next((timing for timing in timings if timing is not None), mark.timing)
    return replace(mark, title=title or bracket.span(1), timing=timing)


def _untimed(mark: Mark, cursor: Cursor) -> Mark | None:
    """Return a label without time or colon: "**Shot 1 – Title**", "SHOT 2. …", "Scene 3" on a line alone."""
    if cursor.take(_DASH):
        body = cursor.at
        title = cursor.take(_TITLE)
        shut = cursor.take(_TITLE_END) if title else None
        heads = cursor.text[mark.start : mark.start + 1] in "*#_"
        if title and shut and (shut[0].strip() or heads):
            named = replace(mark, end=shut.end(), title=title.span())
            bracket = _LAST_BRACKET.search(title[0])
            return _titled(named, bracket, title.span()) if bracket else named
        return replace(mark, end=body)
    stop = cursor.take(_STOP)
    return replace(mark, end=stop.end()) if stop else None


def _starts_clause(text: str, at: int) -> bool:
    before = text[:at].rstrip(" \t")
    return not before or before[-1] in CLAUSE_STARTS


def _number_of(found: re.Match[str]) -> int:
    said = (found["number"] or found["ordinal"] or found["asian"] or found["asian_before"] or "").lower()
    if said.isdigit():
        return int(said)
    if len(said) == 1 and said in "abcdef":
        return "abcdef".index(said) + 1
    return _numbers().get(said, 0)


@functools.cache
def _numbers() -> Mapping[str, int]:
    return {word: int(number) for number, words in rules("shots")["numbers"].items() for word in words}


@functools.cache
def _heads() -> re.Pattern[str]:
    """Return a pattern of what a numbered label begins with."""
    table = rules("shots")["labels"]
    words = "|".join(re.escape(word) for word in sorted(table["words"], key=len, reverse=True))
    nouns = "|".join(re.escape(word) for word in sorted(table["ordered"], key=len, reverse=True))
    asian = "|".join(sorted(table["asian"], key=len, reverse=True))
    numbers = [word for word in _numbers() if word.isascii()]
    named = "|".join(sorted((word for word in numbers if len(word) > 1), key=len, reverse=True))
    han = "".join(word for word in _numbers() if len(word) == 1 and not word.isascii())
    return re.compile(
        r"(?:(?:\bthen\s+)?\b(?:hard |smash )?cut\s(?:to\s)?)?"
        r"(?P<open>[\[(【（{]|\*\*|__)?(?:(?:\#{1,4}|[-•*>])\s)?"
        rf"(?:(?<![\w-])(?:{words})[\s_\-]{{0,2}}(?:\#|no\.?\s|number\s)?\s?(?P<number>\d{{1,2}}(?![\d:.]\d|\s?(?:mm|fps|k|%))|(?:{named}|(?<=[\s_\-#])[a-fivx])(?![^\W_]))"
        rf"|(?<![^\W_])(?:in |for |during )?(?:the )?(?P<ordinal>{named}) (?:{nouns})(?![^\W_])"
        rf"|第?(?:{asian})\s?(?P<asian>\d{{1,2}}|[{han}])"
        rf"|第?(?P<asian_before>\d{{1,2}}|[{han}]|最后)一?(?:个|幅)?(?:{asian}|镜))",
        re.IGNORECASE,
    )
