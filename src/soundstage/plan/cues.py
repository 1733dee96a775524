"""Stage 1 of 5, part: when inside a shot something is said to happen: "at 3 seconds", "halfway through".

Shots have labels for their own times (`timecodes`); these are times of what happens in one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from soundstage.plan.pacing import Slot

_UNIT = r"\s?-?\s?(?:s|secs?|seconds?)\b"
_NUMBER = r"(\d{1,2}(?:\.\d{1,2})?)"
_AT = lazy_pattern(
    rf"\b(?:at|from|by)\s(?:around\s|about\s|the\s)?{_NUMBER}{_UNIT}(?:\s?mark)?"
    r"|\bat\s(?:the\s)?0?0:(\d\d(?:\.\d)?)\b"
    rf"|\bafter\s(?:about\s|the\sfirst\s)?{_NUMBER}{_UNIT}|\b{_NUMBER}{_UNIT}\s(?:in|into)\b"
    rf"|[(\[]\s?{_NUMBER}\s?s?\s?[-\u2013\u2014]\s?\d{{1,2}}",
    re.IGNORECASE,
)
_LAST = lazy_pattern(rf"\b(?:in|for|during)\sthe\s(?:final|last)\s{_NUMBER}{_UNIT}", re.IGNORECASE)


def _part(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_PARTS = (
    (_part(r"\b(?:half\s?way|mid\s?way)\b|\bin the middle of the (?:shot|clip|video|scene)\b"), 0.5),
    (_part(r"\b(?:at|in) the (?:very )?end\b|\bin the (?:final|last) (?:moments?|second|beat)\b"), 0.8),
    (_part(r"\bthe (?:shot|clip|video) ends\b"), 0.8),
    (_part(r"\b(?:at|in|from) the (?:very )?(?:start|beginning|outset)\b"), 0.0),
)  # fmt: skip
_ENDS = ".!?;\n"
#: Farther than this, in characters, a time speaks of something else.
_REACH = 48


@dataclass(frozen=True, slots=True, kw_only=True)
class Moment:
    """When in a shot: so many seconds from its start or before its end, or a part of it."""

    seconds: float | None = None
    before_end_s: float | None = None
    part: float | None = None

    def in_slot(self, slot: Slot) -> float:
        """Return it as seconds from the slot's start, inside the slot.

        A time too late for the shot counts from the start of the film, as some prompts do.
        """
        length = float(slot.seconds)
        if self.before_end_s is not None:
            return max(0.0, length - self.before_end_s)
        if self.seconds is None:
            return length * (self.part or 0.0)
        if self.seconds < length:
            return self.seconds
        in_film = self.seconds - float(slot.start_s)
        return in_film if 0 <= in_film < length else length


def moment_near(text: str, start: int, end: int) -> Moment | None:
    """Return the time said closest to characters `start` to `end`, in the same sentence."""
    first = (
        max((text.rfind(mark, 0, start) for mark in _ENDS if not _is_decimal(text, mark, start)), default=-1)
        + 1
    )
    first = max(first, start - _REACH)
    stops = [
        at
        for mark in _ENDS
        if (at := text.find(mark, end)) >= 0 and not text[at : at + 2].strip(".").isdigit()
    ]
    last = min([*stops, end + _REACH, len(text)])
    found: list[tuple[int, Moment]] = []
    for match in _AT.finditer(text, first, last):
        seconds = next(float(group) for group in match.groups() if group)
        found.append((_distance(match, start, end), Moment(seconds=seconds)))
    found += [
        (_distance(match, start, end), Moment(before_end_s=float(match[1])))
        for match in _LAST.finditer(text, first, last)
    ]
    for pattern, part in _PARTS:
        found += [
            (_distance(match, start, end), Moment(part=part)) for match in pattern.finditer(text, first, last)
        ]
    return min(found, key=lambda pair: pair[0])[1] if found else None


def _is_decimal(text: str, mark: str, start: int) -> bool:
    at = text.rfind(mark, 0, start)
    return mark == "." and text[at + 1 : at + 2].isdigit()


def _distance(match: re.Match[str], start: int, end: int) -> int:
    # What is said before a move or a sound is nearer to it than what comes behind.
    return start - match.end() if match.end() <= start else match.start() - end + 8
