"""Stage 1 of 5, part: references such as `@Element1` and `<<<element_1>>>` as one word. Knows no grammar.

They stand for a character or a picture handed in beside the prompt; here they are names. A voice's
(`<<<voice_1>>>`) is nobody's and falls out. "w/" is "with".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.words import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

#: Words a reference may be made of: "element", "1".
_LONGEST = 3
_MARKS = 3


def read_references(words: Sequence[Word]) -> Sequence[Word]:
    """Return words with each reference as one of them."""
    if not any(word.text in ("@", "<", "/") for word in words):
        return words
    made: list[Word] = []
    at = 0
    while at < len(words):
        size, word = _reference(words, at)
        if word is not None:
            made.append(word)
        elif not size:
            made.append(words[at])
        at += size or 1
    return made


def _reference(words: Sequence[Word], at: int) -> tuple[int, Word | None]:
    """Return how many words from `at` on are a reference, and it; None where it is only a voice."""
    word = words[at]
    if word.text == "@":
        parts = _adjacent(words, at + 1, word.end)
        return (1 + len(parts), _joined("@", parts, word.start)) if parts else (0, None)
    if [one.text for one in words[at : at + _MARKS]] == ["<"] * _MARKS:
        parts: list[Word] = []
        end = at + _MARKS
        while end < len(words) and words[end].text != ">" and len(parts) < _LONGEST:
            parts.append(words[end])
            end += 1
        if not parts or [one.text for one in words[end : end + _MARKS]] != [">"] * _MARKS:
            return 0, None
        size = end + _MARKS - at
        return size, None if parts[0].lower == "voice" else _joined(
            "@", parts, word.start, words[end + 2].end
        )
    if word.lower == "w" and at + 1 < len(words) and words[at + 1].text == "/":
        return 2, Word("with", "with", word.start, words[at + 1].end, glued=False)
    return 0, None


def _adjacent(words: Sequence[Word], at: int, end: int) -> list[Word]:
    """Return the words right behind an @; a number may stand one character off, behind an underline."""
    parts: list[Word] = []
    for word in words[at : at + _LONGEST]:
        near = word.start == end or (bool(parts) and word.text.isdigit() and word.start == end + 1)
        if not near or not word.text.isalnum():
            break
        parts.append(word)
        end = word.end
    return parts


def _joined(mark: str, parts: Sequence[Word], start: int, end: int | None = None) -> Word:
    text = mark + "".join(part.text[:1].upper() + part.text[1:] for part in parts)
    return Word(text, text.lower(), start, end or parts[-1].end, glued=False)
