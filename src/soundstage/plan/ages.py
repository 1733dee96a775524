"""Stage 4 of 5, part: ages told in years, "Leo, 6,", "a 9-year-old", "(60s, tweed jacket)". Knows no noun.

A name's years hold for the whole film; a kind is the one of that age: a woman of nine is a girl.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_YEARS = r"(?:early |mid |late |mid-|early-|late-)?(?P<years>\d{1,2})"
_OLD = r"(?:[- ]?years?[- ]old|[- ]?y/?o\b)"
#: "Leo, 6, …", "Rosa (78)", "Maya, a 9-year-old with …", "Professor Hale (60s, tweed jacket)".
_BEHIND = lazy_pattern(
    rf"\b(?P<name>[A-Z][\w'\u2019-]{{1,20}})(?:,| is|\s?\()\s?(?:aged? |an? |in (?:his|her) )?{_YEARS}"
    rf"(?:{_OLD}|s\b(?=\s?[,.;)])|(?=\s?[,;)]))"
)
#: "9-year-old Maya", "the 80-year-old fisherman Otto".
_BEFORE = lazy_pattern(rf"\b{_YEARS}{_OLD} (?:[a-z]+ ){{0,2}}(?P<name>[A-Z][\w'\u2019-]{{1,20}})")
_ALONE = lazy_pattern(rf"\b{_YEARS}{_OLD}")
#: The last year of each age.
_UNTIL = ((12, "child"), (29, "young"), (59, "adult"), (99, "old"))
_KINDS: Mapping[tuple[str, str], str] = {
    ("man", "child"): "boy", ("woman", "child"): "girl", ("person", "child"): "child",
    ("man", "old"): "old_man", ("woman", "old"): "old_woman",
}  # fmt: skip


def ages_in(text: str) -> Iterator[tuple[str, str]]:
    """Yield each name a text gives years to, with its age: "child", "young", "adult" or "old"."""
    for pattern in (_BEHIND, _BEFORE):
        for found in pattern.finditer(text):
            yield found["name"], _age_of(int(found["years"]))


def age_told(words: str) -> str:
    """Return the age that "9-year-old" among some words tells, else "unknown"."""
    found = _ALONE.search(words)
    return _age_of(int(found["years"])) if found else "unknown"


def of_age(kind: str | None, age: str) -> str | None:
    """Return the kind of an age: "girl" for a woman who is a child."""
    return _KINDS.get((kind or "", age), kind)


def _age_of(years: int) -> str:
    return next(age for last, age in _UNTIL if years <= last)
