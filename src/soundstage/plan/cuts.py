# ruff: noqa: RUF001, RUF002 - prompts are typed with these marks
"""Stage 1 of 5, part: cuts told in prose ("Then the camera cuts to", "At the 8-second mark"). Knows no label.

A cut is told at the start of a clause or of the camera, the scene, us. A haircut, a dress cut to the knee and
what is cut to length cut no film.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from soundstage.plan.labels import Mark
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import rules
from soundstage.plan.times import Timing, seconds_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.film import Entrance

_MOST_CUTS = 40
_THEN = r"[\s*]*(?:(?:and|then|now|suddenly|finally|next|after that|later)[\s,]+){0,3}$"
_CLAUSE = lazy_pattern(rf"(?:^|[\n.!?;:。！？；：”\"()\]*—–,，|>]|\s-){_THEN}", re.IGNORECASE)
_SENTENCE = lazy_pattern(rf"(?:^|[\n.!?;:。！？；：”\"()\]*—]){_THEN}", re.IGNORECASE)
_LEAD = lazy_pattern(
    r"(?:[,;]?\s*\b(?:and|then|now|suddenly|finally|next|after that|before|as|until)\b[\s,]*){1,3}$",
    re.IGNORECASE,
)
_COLON = lazy_pattern(r"\s?[:：.!]?\s?(?:\*\*)?\s?(?:[-–—]\s)?")
_STOP = lazy_pattern(r"\s?[,，:：]\s?")
_REACH = 60
#: A text without any of these tells no time.
_COUNTS = lazy_pattern(r"\d|sec|秒|초", re.IGNORECASE)


def find_cuts(text: str) -> tuple[Mark, ...]:
    """Return the cuts a text tells; quotes must be blanked. A mark's words are those that tell of the cut."""
    marks: list[Mark] = []
    for found in _wordings().finditer(text):
        if len(marks) >= _MOST_CUTS:
            break
        begins = found.start() if found["asian"] else _begins(text, found)
        if begins is None or (marks and begins < marks[-1].end):
            continue
        wording = " ".join((found["asian"] or found[0]).lower().split())
        colon = _COLON.match(text, found.end())
        entrance = _entrances()[wording]
        marks.append(Mark(start=begins, end=colon.end() if colon else found.end(), entrance=entrance))
    return tuple(marks)


def _begins(text: str, found: re.Match[str]) -> int | None:
    """Return where a told cut's words begin, "Then the camera …" included; None when it cuts no film."""
    table, wording = rules("shots"), " ".join(found[0].lower().split())
    if not _goes_on(text[found.end() :]):
        return None
    before = text[max(0, found.start() - _REACH) : found.start()]
    if found["alone"]:
        return found.start() if before and _SENTENCE.search(before) else None
    scene_only = wording in table["carried"]["scenes"]
    carrier = _carriers("scenes").search(before)
    if carrier is None and not scene_only:
        carrier = _carriers("words").search(before)
    first = found.start() - (len(before) - carrier.start()) if carrier else found.start()
    ahead = text[max(0, first - _REACH) : first]
    lead = _LEAD.search(ahead)
    sure = carrier or wording in table["anywhere"]["words"] or found[0].isupper()
    # "… before cutting to the street"
    sure = sure or (lead is not None and wording.partition(" ")[0].endswith("ing"))
    if not sure and (scene_only or wording in table["carried"]["words"]):
        # "Fade to a beach." opens a sentence; "colours fade to grey" does not.
        opens = found[0][:1].isupper() or (lead is not None and not wording.partition(" ")[0].endswith("s"))
        sure = opens and _SENTENCE.search(ahead) is not None
    elif not sure:
        sure = _CLAUSE.search(ahead) is not None
    return (first - (len(ahead) - lead.start()) if lead else first) if sure else None


def _goes_on(behind: str) -> bool:
    """Tell whether what stands behind "cut to" is another shot: not "length", and not "black." at the end."""
    following = behind[:_REACH].lower().lstrip(" :-—.!")
    if not following or following.startswith(tuple(rules("shots")["no_cut"]["words"])):
        return False
    ends = following.startswith(tuple(rules("shots")["ends"]["words"]))
    return not ends or re.search(r"[.!\n]\s*\w", following) is not None


def find_times(text: str) -> tuple[Mark, ...]:
    """Return times told in prose at the start of a sentence: "At the 8-second mark, …", "最后2秒，…"."""
    marks: list[Mark] = []
    if not _COUNTS.search(text):
        return ()
    for found in _times().finditer(text):
        if len(marks) >= _MOST_CUTS:
            break
        before = text[max(0, found.start() - _REACH) : found.start()]
        if found["asian"] is None and not _SENTENCE.search(before):
            continue
        stop = _STOP.match(text, found.end())
        end = stop.end() if stop else found.end()
        marks.append(Mark(start=found.start(), end=end, timing=_timing(found)))
    # "For the first 3 seconds …" alone parts nothing: what comes then is not said to be another shot.
    return () if len(marks) == 1 and marks[0].timing.end_s is not None else tuple(marks)


def _timing(found: re.Match[str]) -> Timing:
    groups = {name: value for name, value in found.groupdict().items() if value and name != "asian"}
    name, value = next(iter(groups.items()))
    seconds = float(_count(value))
    if name.startswith("first"):
        return Timing(start_s=0.0, end_s=seconds)
    if name.startswith("next"):
        return Timing(seconds=seconds)
    if name.startswith("last"):
        return Timing(last_s=seconds)
    return Timing(start_s=seconds)


def _count(said: str) -> float:
    """Return "3", "2.5", "three" or "两" as a number."""
    said = said.replace("两", "二")
    words = rules("shots")["numbers"].items()
    named = next((int(number) for number, names in words if said.lower() in names), None)
    return seconds_of(said) if named is None else float(named)


def is_continuous(text: str) -> bool:
    """Tell whether a prompt wants to be one shot: "one continuous take", "no cuts", "一镜到底"."""
    return _said("continuous").search(text.lower()) is not None


def is_film_wide(text: str) -> bool:
    """Tell whether a sentence says that it speaks of every shot: "… throughout", "全程"."""
    return _said("film_wide").search(text.lower()) is not None


def strip_entrance(text: str) -> tuple[int, Entrance]:
    """Return how many characters at a shot's start only tell how it comes in ("Cut to")."""
    for mark in find_cuts(text[: 2 * _REACH])[:1]:
        if mark.start == 0:
            return mark.end, mark.entrance
    return 0, "cut"


@functools.cache
def _entrances() -> Mapping[str, Entrance]:
    table = rules("shots")
    named = (
        *table["cuts"].items(),
        *table["alone"].items(),
        *((k, v) for k, v in table["asian_cuts"].items() if k != "lead_ins"),
    )
    return {word: entrance for entrance, words in named for word in words}


def _either(words: Sequence[str]) -> str:
    return "|".join(re.escape(word).replace(r"\ ", r"\s") for word in sorted(words, key=len, reverse=True))


@functools.cache
def _wordings() -> re.Pattern[str]:
    table = rules("shots")
    latin = _either([word for words in table["cuts"].values() for word in words])
    alone = _either([word for words in table["alone"].values() for word in words])
    asian = _either([word for k, words in table["asian_cuts"].items() if k != "lead_ins" for word in words])
    lead_ins = _either(table["asian_cuts"]["lead_ins"])
    return re.compile(
        rf"(?<![\w-])(?:{latin})(?![^\W_])|(?P<alone>(?<![\w-])(?:{alone})(?=\s?(?:[.:!—]|\n|$)))|(?P<lead>(?:{lead_ins})*)(?P<asian>{asian})(?!手|指|一半)",
        re.IGNORECASE,
    )


@functools.cache
def _carriers(kind: str) -> re.Pattern[str]:
    words = _either(rules("shots")["carriers"][kind])
    return re.compile(
        rf"\b(?:{words})\s(?:(?:then|now|suddenly|quickly|abruptly|slowly|briefly|immediately|smoothly|again|hard|smash)\s)?$",
        re.IGNORECASE,
    )


@functools.cache
def _times() -> re.Pattern[str]:
    numbers = rules("shots")["numbers"].items()
    named = [
        word for n, words in numbers if int(n) <= 10 for word in words if len(word) > 2 and word.isascii()
    ]
    number = rf"\d{{1,3}}(?:\.\d{{1,2}})?|{'|'.join(named)}"
    seconds = r"[\s-]?(?:s|secs?|seconds?)\b"
    second = "|".join(rules("shots")["units"]["asian"])
    asian = r"\d{1,2}|[一二两三四五六七八九十]"
    within = "(?:in|for|during|over|within|throughout)"
    return re.compile(
        rf"(?:at|by|around|from) (?:the |about )?(?:(?P<mark>{number}){seconds}(?:[\s-]mark|\sin\b)?"
        r"|(?P<clock>\d{1,2}:\d{2})(?:[\s-]mark)?)"
        rf"|{within} the (?:final|last|closing) (?P<last>{number}){seconds}"
        rf"|(?:the )?(?:final|last) (?P<last2>{number}){seconds}(?=\s?[:,—-])"
        rf"|{within} the (?:first|opening) (?P<first>{number}){seconds}"
        rf"|(?:for |in )?(?:the )?(?:next|following) (?P<next>{number}){seconds}(?=\s?[:,—-])"
        rf"|(?:the )?first (?P<first2>{number}){seconds}(?=\s?[:,—-])"
        rf"|(?P<in>{number}){seconds} in(?=,)"
        rf"|(?P<asian>(?:[前头](?P<first3>{asian})|(?:最后|最後|后)(?P<last3>{asian})"
        rf"|(?:接下来|接着|随后|中间|之后)的?(?P<next2>{asian})"
        rf"|到?在?第(?P<mark2>{asian}))(?:{second})(?:时|處|处|，)?)",
        re.IGNORECASE,
    )


@functools.cache
def _said(table: str) -> re.Pattern[str]:
    """Return a pattern of the words of one table."""
    words = rules("shots")[table]["words"]
    latin, asian = ([word for word in words if word.isascii() is ascii_] for ascii_ in (True, False))
    return re.compile(rf"(?<![^\W_])(?:{_either(latin)})(?![^\W_])|{_either(asian)}")
