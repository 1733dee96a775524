# ruff: noqa: RUF001, RUF002 - prompts are typed with these marks
"""Stage 1 of 5, part: who says a quote in Chinese prose. Knows no English.

`X温柔地说：“…”` and `“…”，X低声说`: the verb stands at the quote,
manner words before it, the name before those.
Words stand in `data/speech.toml`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.lexicon import rules
from soundstage.plan.words import is_han

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Longest speaker's name with its describing words, in characters.
_LONGEST_NAME = 14
_TAIL = 40
_NAME_START = re.compile(r"[，,。；;！!？?\n、”」』\"：:\s]")
_COUNTED = re.compile(r"^(?:[一二两三四五六七八九十]+[个位只名]|这[个位]|那[个位]|另一[个位])")
_PRONOUNS: Mapping[str, str] = {"她": "she", "他": "he", "它": "it", "他们": "they", "她们": "they"}


@dataclass(frozen=True, slots=True)
class ChineseSpeaker:
    """Whom a Chinese phrase names, and how they speak."""

    name: str
    manner: tuple[str, ...]


def speaker_before(lead: str) -> ChineseSpeaker | None:
    """Return who speaks by the words right before a quote, or None when they are no such words."""
    tail = lead[-_TAIL:].rstrip().rstrip("：:,，").rstrip()
    if not is_han(tail[-3:]):
        return None
    return _read(_NAME_START.split(tail)[-1])


def speaker_after(follow: str) -> ChineseSpeaker | None:
    """Return who speaks by the words right behind a quote, or None when they are no such words."""
    head = follow[:_TAIL].lstrip("，, 　")
    if not is_han(head[:1]):
        return None
    return _read(_NAME_START.split(head, maxsplit=1)[0])


def gender_and_age(name: str) -> tuple[str, str]:
    """Return the gender and age a Chinese name or pronoun tells, "unknown" where it tells none."""
    words = rules("speech")
    gender = next(
        (g for g, marks in words["chinese_gender"].items() if any(m in name for m in marks)), "unknown"
    )
    age = next((a for a, marks in words["chinese_age"].items() if any(m in name for m in marks)), "unknown")
    return gender, age


def _read(phrase: str) -> ChineseSpeaker | None:
    phrase = re.sub(r"<<<[^>]*>>>|@\w+\s*", "", phrase)
    verb = next((v for v in _verbs() if phrase.endswith(v)), None)
    if verb is None:
        return None
    manner: list[str] = []
    name = phrase[: -len(verb)]
    if verb in _manners():
        manner.append(_manners()[verb])
    for _ in range(4):  # "然后笑着大声" is three in a row
        cut = _cut_manner(name, manner)
        if cut == name:
            break
        name = cut
    for lead_in in rules("speech")["chinese"]["lead_ins"]:
        name = name.removeprefix(lead_in)
    return ChineseSpeaker(clean_name(name), tuple(dict.fromkeys(manner)))


def clean_name(name: str) -> str:
    """Return a speaker's name without counting words, or the English pronoun for a Chinese one."""
    name = name.strip(" ，,。：:的")
    if name in _PRONOUNS:
        return _PRONOUNS[name]
    return _COUNTED.sub("", name)[:_LONGEST_NAME]


def _cut_manner(name: str, manner: list[str]) -> str:
    for word, sense in _manners().items():
        if name.endswith(word) and len(name) > len(word):
            manner.append(sense)
            return name[: -len(word)]
    for lead_in in rules("speech")["chinese"]["lead_ins"]:
        if name.endswith(lead_in) and len(name) > len(lead_in):
            return name[: -len(lead_in)]
    return name


@functools.cache
def _verbs() -> tuple[str, ...]:
    return tuple(sorted(rules("speech")["chinese"]["verbs"], key=len, reverse=True))


@functools.cache
def _manners() -> Mapping[str, str]:
    found = {word: sense for sense, words in rules("speech")["chinese_manner"].items() for word in words}
    return dict(sorted(found.items(), key=lambda item: -len(item[0])))
