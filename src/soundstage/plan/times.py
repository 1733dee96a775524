# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: times as prompts write them ("0-4s", "00:05.500", "6 seconds"). Knows no shot.

A number without a unit is no time by itself; 3:45 is a clock's unless it stands where labels have times.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import rules

_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?"
_NUMBER = r"\d{1,3}(?:\.\d{1,3})?"
#: A time in either form.
TIME = rf"(?:{_CLOCK}|{_NUMBER})"
_DASH = r"(?:\s?(?:-|–|—|−|~|～|→|->|至|到)\s?|\s(?:to|until|till|bis|à|a|до)\s)"


_LEAD = lazy_pattern(r"\s{0,2}(?:[|,，(\[（【]|[-–—]|\*\*)?\s{0,2}")
_MOMENT = lazy_pattern(r"(?:at|@|from)\s", re.IGNORECASE)
_END = lazy_pattern(r"\s{0,2}(?:\*\*)?(?:[)\]）】]\s?[:：|,，.。\-–—]?|[:：|,，.。\-–—]|\*\*|(?=\n|$))\s?")
_BARE = lazy_pattern(r"[,|]\s?(\d{1,2}(?:\.\d)?)\s?[,|]\s?")


@dataclass(slots=True)
class Cursor:
    """A place in a text that moves over what is taken."""

    text: str
    at: int

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Return what a pattern matches here and stand behind it, or None and stay."""
        found = pattern.match(self.text, self.at)
        if found is not None:
            self.at = found.end()
        return found


@dataclass(frozen=True, slots=True)
class Timing:
    """What a label says of when a shot is; None where it says nothing."""

    start_s: float | None = None
    end_s: float | None = None
    seconds: float | None = None
    last_s: float | None = None  #: it takes this much of the film's end: "in the final 3 seconds"

    def __add__(self, following: Timing) -> Timing:
        """Return the timing of two shots that become one."""
        both = self.seconds is not None and following.seconds is not None
        return Timing(
            start_s=self.start_s,
            end_s=following.end_s,
            seconds=(self.seconds or 0) + (following.seconds or 0) if both else None,
            last_s=self.last_s,
        )


#: A label that says nothing of time.
NO_TIMING = Timing()


@functools.cache
def unit() -> str:
    """Return a pattern of a second's names, with what joins it to its number."""
    table = rules("shots")["units"]
    latin = "|".join(sorted(table["seconds"], key=len, reverse=True))
    return rf"(?:[ -]?(?:(?:{latin})(?![^\W\d_])\.?|(?:{'|'.join(table['asian'])})))"


@functools.cache
def _range() -> re.Pattern[str]:
    return re.compile(
        r"(?:from |between |seconds? |sec |time |t ?= ?|第|自|从)?"
        rf"(?P<first>{TIME})(?P<unit>{unit()}?){_DASH}(?:第)?(?P<last>{TIME})(?P<unit2>{unit()}?)",
        re.IGNORECASE,
    )


@functools.cache
def _single() -> re.Pattern[str]:
    return re.compile(
        rf"(?:duration|length|时长) ?[:：=]? ?(?P<named>{_NUMBER}){unit()}?"
        rf"|(?:持续|约|~ ?|about |approx\.? )?(?P<seconds>{_NUMBER}){unit()}(?: (?:long|duration))?",
        re.IGNORECASE,
    )


@functools.cache
def _start() -> re.Pattern[str]:
    return re.compile(rf"(?:at |@ ?|from |t ?= ?)?(?P<start>{_CLOCK}|{_NUMBER}{unit()})", re.IGNORECASE)


def read_range(text: str, at: int = 0) -> tuple[Timing, int, bool] | None:
    """Return the range "0-4s" at an offset, where it ends, and whether a unit or clock says so."""
    found = _range().match(text, at)
    if found is None:
        return None
    first, last = seconds_of(found["first"]), seconds_of(found["last"])
    sure = bool(found["unit"] or found["unit2"] or (":" in found["first"] and ":" in found["last"]))
    return (Timing(start_s=first, end_s=last), found.end(), sure) if last > first else None


def read_length(text: str, at: int = 0) -> tuple[Timing, int] | None:
    """Return the length "6s" that stands at an offset, and where it ends."""
    found = _single().match(text, at)
    seconds = float(found["seconds"] or found["named"]) if found else 0.0
    return (Timing(seconds=seconds), found.end()) if found and seconds > 0 else None


def read_start(text: str, at: int = 0) -> tuple[Timing, int] | None:
    """Return the moment "at 00:05.000" that stands at an offset, and where it ends."""
    found = _start().match(text, at)
    if found is None:
        return None
    return Timing(start_s=seconds_of(re.sub(r"[^\d:.,].*$", "", found["start"]))), found.end()


def read_timing(text: str) -> Timing | None:
    """Return what a bracket says of time, when it says nothing else: "0-3s", "6s", "Duration: 2 s"."""
    text = text.strip(" *,.;:：|")
    ranged = read_range(text)
    if ranged is not None and ranged[1] >= len(text):
        return ranged[0]
    length = read_length(text)
    if length is not None and length[1] >= len(text):
        return length[0]
    start = read_start(text)
    return start[0] if start is not None and start[1] >= len(text) else None


def take_timing(cursor: Cursor) -> Timing | None:
    """Return the time behind a label (", 2s,", "| 4 seconds |", "At 00:05.000,") and pass over it.

    It must be closed as a label is: "Shot 1: 2 seconds after the hiss …" tells of something else.
    """
    text, began = cursor.text, cursor.at
    cursor.take(_LEAD)
    ranged, length = read_range(text, cursor.at), read_length(text, cursor.at)
    read = (ranged[0], ranged[1]) if ranged else length
    if read is None and _MOMENT.match(text, cursor.at):
        read = read_start(text, cursor.at)
    if read is not None:
        cursor.at = read[1]
        if cursor.take(_END):
            return read[0]
    cursor.at = began
    bare = cursor.take(_BARE)
    return Timing(seconds=float(bare[1]) or None) if bare else None


def seconds_of(text: str) -> float:
    """Return "00:05.500", "5.5" or "1:00:02" in seconds."""
    total = 0.0
    for part in text.replace(",", ".").rstrip(".").split(":"):
        total = total * 60 + float(part or 0)
    return total
