# ruff: noqa: RUF001, RUF003 - prompts are typed with these marks
"""Stage 1 of 5, part: the hour and the age a text names by numbers. Knows no table and no shot.

"3 a.m.", "at 6 o'clock in the evening", "INT. DINER - DAY"; "1943", "the '80s", "the 19th century". Times of
the film ("0-4s", "At 00:05") are none: an hour of the day has its "am", "pm" or "o'clock".
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.plan.sources import Extent

_CLOCK = lazy_pattern(
    r"\b(?P<hour>1[0-2]|0?[1-9])(?::[0-5]\d)?\s?(?P<half>[ap])\.?\s?m\b\.?"
    r"|\b(?P<clock>1[0-2]|[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve) o['’]clock"
    r"(?:\s+(?:in|at)\s+(?:the\s+)?(?P<part>morning|afternoon|evening|night))?",
    re.IGNORECASE,
)
#: A scene heading's day: "EXT. ROOFTOP – DAY". All its other times are words of times.toml.
_HEADING = lazy_pattern(
    r"^(?:(?:INT|EXT)\b[^\n]{0,80}?|[A-Z][A-Z0-9 .'/&]{1,60}?)\s*[-–—.,]\s*(?P<day>DAY)\b", re.MULTILINE
)
_NUMBERS = (
    "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
#: A year from here on is to come.
_NOW = 2030
#: The first hour of each time of day.
_HOURS: Mapping[int, str] = {
    0: "night", 5: "sunrise", 7: "morning", 12: "noon", 13: "afternoon", 17: "golden_hour", 18: "sunset",
    19: "twilight", 20: "night",
}  # fmt: skip
_YEAR = lazy_pattern(
    r"\b(?:in|circa|ca\.|year|since)\s+(?:the\s+year\s+)?(?P<year>1[1-9]\d\d|20\d\d|2[1-9]\d\d)\b(?!\s+\w+s\b)"
    r"|\b(?P<decade>1[1-9]\d0|20[0-9]0)['’]?s\b"
    r"|(?P<before>\b\w{1,8}[\s-]{1,2})?(?:(?<!\w)['’]|\b)(?P<short>[2-9]0)['’]?s\b"
    r"|\b(?P<century>\d{1,2}(?:st|nd|rd|th))[\s-]century\b"
    r"|\b(?P<spelled>(?:twelf|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen)th)[\s-]century\b",
    re.IGNORECASE,
)
#: Behind these "30s" is somebody's age.
_AGES = frozenset({"his", "her", "their", "my", "your", "early", "late", "mid", "in", "aged"})
_CENTURIES = {
    "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17,
    "eighteenth": 18, "nineteenth": 19,
}  # fmt: skip


def find_hour(text: str) -> tuple[str, Extent] | None:
    """Return the time of day of the first hour a text names, and where."""
    for match in _CLOCK.finditer(text):
        return _time_of(_hour_of(match)), match.span()
    heading = _HEADING.search(text)
    return ("afternoon", heading.span("day")) if heading else None


def _hour_of(match: re.Match[str]) -> int:
    if match["hour"]:
        return int(match["hour"]) % 12 + (12 if match["half"].lower() == "p" else 0)
    said = match["clock"].lower()
    hour = (int(said) if said.isdigit() else _NUMBERS.index(said) + 1) % 12
    part = (match["part"] or "").lower()
    late = part in ("afternoon", "evening") or (part == "night" and hour > 5)
    # "Seven o'clock" alone is the evening's, "nine o'clock" too; noon is noon.
    return hour + 12 if late or (not part and (hour == 0 or hour < 5)) else hour


def _time_of(hour: int) -> str:
    return next(_HOURS[first] for first in sorted(_HOURS, reverse=True) if hour >= first)


def find_era(text: str) -> tuple[str, Extent] | None:
    """Return the decade or century a text names, "1980s", and where."""
    for match in _YEAR.finditer(text):
        kind = match.lastgroup or ""
        said = match[kind]
        before = (match["before"] or "").strip(" -\n").lower()
        aged = text[: match.start(kind)].rstrip(" '’").endswith(("(", "（", "，", ","))
        if kind == "short" and (before in _AGES or aged or (not before and match.end() == len(text))):
            continue
        return _era_of(kind, said), match.span(kind)
    return None


def _era_of(kind: str, said: str) -> str:
    if kind in ("century", "spelled"):
        named = said.lower() if kind == "century" else f"{_CENTURIES[said.lower()]}th"
        return "future" if int(named[:-2]) > _NOW // 100 + 1 else f"{named} century"
    if kind == "short":
        return f"19{said}s"
    return "future" if int(said) > _NOW else f"{int(said) // 10 * 10}s"
