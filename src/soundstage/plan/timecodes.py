# ruff: noqa: RUF001, RUF002 - prompts are typed with these marks
"""Stage 1 of 5, part: shots parted by times, list numbers, headings, marks of their own. Knows no meaning.

A stretch of time is a label when it opens a clause and is closed like one: "0–4s: …", "[00:03-00:06] …".
"10-15 people" has no unit, "3:45 pm" stands alone.
"""

from __future__ import annotations

import functools
import re

from soundstage.plan.labels import CLAUSE_STARTS, MOST_LABELS, Mark
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import rules
from soundstage.plan.times import Cursor, Timing, read_range, read_start, take_timing

_RANGE_HEAD = lazy_pattern(
    r"(?<![\w.:,\-–])(?P<word>(?:from|between|seconds?|secs?|time|timecode|timestamp)[ :]{1,2}|第)?"
    r"(?P<open>[\[(（【{])?(?:\*\*)?(?=\d)",
    re.IGNORECASE,
)
_MOMENT_HEAD = lazy_pattern(
    r"(?:^|(?<=\n))[ \t]*(?:[-•*]\s)?(?P<open>[\[(（【])?(?:\*\*)?(?:at )?(?=\d)|(?P<inline>[\[(（【])(?=\d)",
    re.IGNORECASE,
)
_BRACKET_END = lazy_pattern(r"\s?[\])）】}](?:\*\*)?\s?(?:[:：|,，\-–—]\s?)?(?:\*\*)?")
_PLAIN_END = lazy_pattern(r"(?:\*\*)?\s?(?:[:：|](?:\*\*)?|[-–—](?=\s)|,(?=\s)|，|(?=\n))\s?(?:\*\*)?")
_ITEM = lazy_pattern(
    r"(?:^|(?<=[.!?;:] ))[ \t]*(?:\*\*)?\(?(\d{1,2})[.)、:](?:\*\*)?(?!\d)(?=\s?\S)", re.MULTILINE
)
_HEADING = lazy_pattern(
    r"(?:(?<=\n)|(?<=[.!?:] )|^)(?:INT\.?/EXT|EXT\.?/INT|I/E|INT|EXT)(?:\.|:|\s-)\s?(?=\w)"
)


def find_ranges(text: str) -> tuple[Mark, ...]:
    """Return stretches of time that open a clause and are closed like a label; each later than the last."""
    marks: list[Mark] = []
    sure = False
    for found in _RANGE_HEAD.finditer(text):
        starts = starts_clause(text, found.start()) or found["open"]
        if len(marks) >= MOST_LABELS or not starts:
            continue
        if marks and found.start() < marks[-1].end:
            continue
        ranged = read_range(text, found.end())
        closed = _closed(text, ranged[1], bracketed=bool(found["open"])) if ranged else None
        if closed is None and ranged and ranged[2] and text[: found.start()].rstrip(" ")[-1:] in ("", "\n"):
            closed = ranged[1]  # a time at a line's start needs no colon
        if ranged is None or closed is None:
            continue
        if marks and (ranged[0].start_s or 0) <= (marks[-1].timing.start_s or 0):
            return ()
        sure = sure or ranged[2] or found["word"] is not None
        marks.append(Mark(start=found.start(), end=closed, timing=ranged[0]))
    chained = _chained(text) if len(marks) < 2 or not sure else ()
    return tuple(marks) if sure and len(marks) > len(chained) else chained


def _chained(text: str) -> tuple[Mark, ...]:
    """Return stretches that nothing closes but which follow each other: "0-3s a dog, 3-5s a cat"."""
    marks: list[Mark] = []
    for found in _RANGE_HEAD.finditer(text):
        ranged = read_range(text, found.end()) if starts_clause(text, found.start()) else None
        if ranged is None or not ranged[2] or found["open"]:
            continue
        if marks and ranged[0].start_s != marks[-1].timing.end_s:
            return ()
        marks.append(Mark(start=found.start(), end=ranged[1], timing=ranged[0]))
    return tuple(marks[:MOST_LABELS]) if len(marks) > 1 and marks[0].timing.start_s == 0 else ()


def find_moments(text: str) -> tuple[Mark, ...]:
    """Return single times at the starts of lines, or in brackets: "00:05 - …", "[5s] …"; two at least."""
    marks: list[Mark] = []
    for found in _MOMENT_HEAD.finditer(text):
        started = read_start(text, found.end())
        bracketed = bool(found["open"] or found["inline"])
        closed = _closed(text, started[1], bracketed=bracketed) if started else None
        if started is None or closed is None or len(marks) >= MOST_LABELS:
            continue
        if found["inline"] and not starts_clause(text, found.start()) and not marks:
            continue  # "a rider crosses the dunes (3 seconds)" tells how long
        if marks and (started[0].start_s or 0) <= (marks[-1].timing.start_s or 0):
            return ()
        marks.append(Mark(start=found.start(), end=closed, timing=started[0]))
    return tuple(marks) if len(marks) > 1 else ()


def find_separators(text: str) -> tuple[Mark, ...]:
    """Return marks that stand between two shots: "[/new_shot]", "[cut]"."""
    return tuple(Mark(start=found.start(), end=found.end()) for found in _separators().finditer(text))


def find_list(text: str) -> tuple[Mark, ...]:
    """Return the numbers of a numbered list at the starts of lines, from 1 on without a gap; two at least."""
    marks: list[Mark] = []
    for found in _ITEM.finditer(text):
        if int(found[1]) != len(marks) + 1:
            continue
        cursor = Cursor(text, found.end())
        timing = take_timing(cursor)
        mark = Mark(start=found.start(), end=cursor.at, number=len(marks) + 1)
        marks.append(Mark(start=mark.start, end=mark.end, number=mark.number, timing=timing or Timing()))
    return tuple(marks) if len(marks) > 1 else ()


def find_headings(text: str) -> tuple[Mark, ...]:
    """Return where a screenplay has its scene headings, "INT. KITCHEN - NIGHT"; they are read too."""
    return tuple(Mark(start=found.start(), end=found.start()) for found in _HEADING.finditer(text))


def starts_clause(text: str, at: int) -> bool:
    """Tell whether a clause may begin at an offset."""
    before = text[max(0, at - 4) : at].rstrip(" \t")
    return not before or before[-1] in CLAUSE_STARTS


def _closed(text: str, at: int, *, bracketed: bool) -> int | None:
    """Return where a time's label ends, or None when it is no label."""
    shut = (_BRACKET_END if bracketed else _PLAIN_END).match(text, at)
    return shut.end() if shut else None


@functools.cache
def _separators() -> re.Pattern[str]:
    words = "|".join(re.escape(word) for word in rules("shots")["separators"]["cut"])
    return re.compile(words, re.IGNORECASE)
