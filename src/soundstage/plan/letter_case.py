# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: how a voice reads capitals: PARIS as a word, FBI letter by letter. Knows no speaker.

Kling's rule: known names and words that can be pronounced are read as words, the rest is spelled. Both lists
stand in `data/letter_case.toml`; what neither holds is judged by its sounds. A line all in capitals is
shouted and read as words.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

_CAPITALS = lazy_pattern(r"(?<![\w'’])(?P<letters>[A-Z]{2,})(?P<ending>s|['’]s|['’]d)?(?![\w'’]*[a-z])")
_WORD = lazy_pattern(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_DIRECTIONS = lazy_pattern(r"\s*(?:\([^()]{1,60}\)|\[[^\[\]]{1,60}\]|\*[^*]{1,40}\*)\s*")
#: Languages whose lines are read so.
_READ = frozenset({"en", "zh"})
_VOWELS = "AEIOUY"


def is_shouted(text: str) -> bool:
    """Tell whether a line is all in capitals, for more than its initials."""
    letters = [char for char in text if char.isalpha()]
    if (
        len(letters) < 2
        or not all(char.isupper() for char in letters if char.isascii())
        or not text.isascii()
    ):
        return False
    words = [word for word in _WORD.findall(text) if len(word) > 1]
    return any(_table().get(word, "stressed") == "stressed" for word in words) and (
        len(words) > 1 or len(words[0]) > 3 or text[-1:] == "!"
    )


def to_spoken(text: str, language: str) -> str | None:
    """Return a line as a voice reads it, None when that is the line itself."""
    if language not in _READ:
        return None
    spoken = _DIRECTIONS.sub(" ", text).strip() or text  # "(sighs) Fine." is played, not read
    if any(map(str.isupper, spoken)):
        spoken = _lowered(spoken) if is_shouted(spoken) else _CAPITALS.sub(_read, spoken)
    return None if spoken == text else spoken


def _lowered(text: str) -> str:
    """Return a shouted line in lower case, initials spelled, sentences begun with a capital."""
    words = _WORD.sub(lambda m: _spelled(m[0]) if _is_initials(m[0]) else _word(m[0]), text)
    return re.sub(r"(^|[.!?]\s+)([a-z])", lambda m: m[1] + m[2].upper(), words)


def _is_initials(word: str) -> bool:
    """Tell whether a word of a shouted line is initials; "US" and "IT" are words there."""
    return _table().get(word) == "letters" and word not in rules("letter_case")["shouted"]["words"]


def _word(word: str) -> str:
    if word.upper() in ("I", "I'M", "I'LL", "I'VE", "I'D", "I’M", "I’LL", "I’VE", "I’D"):
        return word[:1] + word[1:].lower()
    return word.capitalize() if _table().get(word) == "word" else word.lower()


def _read(match: re.Match[str]) -> str:
    letters, ending = match["letters"], match["ending"] or ""
    if reads_as_word(letters):
        return (letters.capitalize() if _table().get(letters) == "word" else letters.lower()) + ending
    return _spelled(letters) + (f"'{ending[-1]}" if ending else "")


def _spelled(letters: str) -> str:
    return " ".join(letters)


def reads_as_word(letters: str) -> bool:
    """Tell whether capitals are read as a word: a listed one, or one whose sounds English has."""
    listed = _table().get(letters)
    if listed is not None:
        return listed != "letters"
    vowels = sum(char in _VOWELS for char in letters)
    if not vowels or len(letters) < 3:
        return False
    starts, ends = rules("letter_case")["sounds"]["starts"], rules("letter_case")["sounds"]["ends"]
    groups = re.split(f"[{_VOWELS}]+", letters.lower().upper())
    first, last = groups[0].lower(), groups[-1].lower()
    inner = all(len(group) <= 3 for group in groups[1:-1])
    lone = re.fullmatch(f"[{_VOWELS}]{{3,}}", letters) is not None
    return first in starts and last in ends and inner and not lone


@functools.cache
def _table() -> Mapping[str, str]:
    table = rules("letter_case")
    listed = [("word", table["names"]), ("word", table["words"]), ("letters", table["letters"])]
    made = {word: how for how, section in listed for words in section.values() for word in words}
    return made | dict.fromkeys(table["words"]["stressed"], "stressed")
