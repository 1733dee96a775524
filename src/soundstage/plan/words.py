# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: text to words and sentences. Knows no grammar and no table.

Hyphens part words ("close-up" is two), so that every spelling of a compound meets the same table entry.
Each Chinese character is a word of its own: the same longest match then reads both scripts.
"""

from __future__ import annotations

import functools
import re
import unicodedata
import zlib
from typing import TYPE_CHECKING, NamedTuple

from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Sequence

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_WORD = lazy_pattern(
    rf"\b[apAP]\.[mM]\b\.?|[fF]/\d+(?:\.\d+)?|[{_HAN}]|\d+(?:[.:]\d+)*[^\W\d_{_HAN}]*"
    rf"|[^\W\d_{_HAN}]+(?:['’][^\W\d_{_HAN}]+)*|\n|[^\w\s]",
    # No IGNORECASE: it would look up the cases of 28,000 Chinese characters at each start.
)
#: The same for text without any of them: it compiles in a tenth of the time.
_ASCII_WORD = lazy_pattern(
    r"\b[apAP]\.[mM]\b\.?|[fF]/\d+(?:\.\d+)?|\d+(?:[.:]\d+)*[^\W\d_]*|[^\W\d_]+(?:'[^\W\d_]+)*|\n|[^\w\s]"
)
_KANA = lazy_pattern(r"[\u3040-\u30ff]")
#: A token of up to 100 characters, a dozen times and more: so often that nobody means it.
_REPEATED = lazy_pattern(r"(.{1,100}?)\1{11,}", re.DOTALL)
#: How often it is kept, and how long the whole must be: a scream of forty letters stays as it is.
_REPEATS = 4
_LEAST_REPEATED = 200
#: Letters and marks that are kept as they are, one blank between them, or one character to look at.
_RUN = lazy_pattern(r"[!-~]+(?: [!-~]+)*|.", re.DOTALL)
_ENDS = frozenset(".!?;…\n。！？；")
_BREAKS = _ENDS | frozenset(",:，：、—–|()[]{}（）【】/")
#: A full stop after one of these ends no sentence.
_ABBREVIATIONS = frozenset({"mr", "mrs", "ms", "dr", "st", "vs", "prof", "jr", "int", "ext"})


class Word(NamedTuple):
    """A word or a mark of the prompt; a tuple, for a prompt makes thousands of them."""

    text: str
    lower: str  #: lower case, straight apostrophe
    start: int  #: offset of its first character
    end: int  #: offset behind its last one
    glued: bool  #: a hyphen joins it to the word before

    @property
    def breaks(self) -> bool:
        """True for punctuation that ends a phrase."""
        return self.lower in _BREAKS

    @property
    def ends(self) -> bool:
        """True for punctuation that ends a sentence."""
        return self.lower in _ENDS


def tidy(text: str, *, whole: bool = False) -> str:
    """Return a prompt without what cannot be seen; `whole` keeps what it repeats without end."""
    return _seen(text)[0] if whole else tidy_with_offsets(text)[0]


def tidy_with_offsets(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a tidied prompt, and for each of its characters the offset it had."""
    return _without_repeats(*_seen(text))


def _seen(text: str) -> tuple[str, tuple[int, ...]]:
    """Return a text without what cannot be seen (control and direction marks, runs of blanks), and offsets.

    Runs of blanks must go: readers look for "blanks, then a word", and 2,500 blanks are 2,500 starts.
    """
    kept: list[str] = []
    offsets: list[int] = []
    for found in _RUN.finditer(text):
        at, char = found.start(), found[0]
        if len(char) > 1 or "!" <= char <= "~":
            kept += char
            offsets += range(at, found.end())
            continue
        seen = _visible(char)
        if not seen or (seen == " " and (not kept or kept[-1] in " \n")):
            continue
        if seen == "\n":
            if kept and kept[-1] == " ":
                kept.pop()
                offsets.pop()
            if not kept or kept[-2:] == ["\n", "\n"]:
                continue
        kept.append(seen)
        offsets.append(at)
    while kept and kept[-1] in " \n":
        kept.pop()
        offsets.pop()
    return "".join(kept), tuple(offsets)


def _without_repeats(text: str, offsets: tuple[int, ...]) -> tuple[str, tuple[int, ...]]:
    """Return a text without what is only said again and again: the hundredth "dog" tells nothing new.

    So the longest prompt of one token costs no more than a short one. What packs badly repeats nothing.
    """
    packed = zlib.compress(text.encode("utf-8", "replace"), 1)
    if len(text) < _LEAST_REPEATED or 4 * len(packed) > len(text):
        return text, offsets
    kept: list[str] = []
    kept_offsets: list[int] = []
    at = 0
    for found in _REPEATED.finditer(text):
        if len(found[0]) >= _LEAST_REPEATED:
            end = found.start() + len(found[1]) * _REPEATS
            kept.append(text[at:end])
            kept_offsets += offsets[at:end]
            at = found.end()
    return "".join([*kept, text[at:]]), (*kept_offsets, *offsets[at:])


def _visible(char: str) -> str:
    if char.isprintable() or char == "\n":
        return char
    return "" if unicodedata.category(char) in ("Cf", "Cs", "Cn", "Co") else " "


@functools.lru_cache(maxsize=64)  # several readers ask for the words of a prompt
def split_words(text: str) -> tuple[Word, ...]:
    """Return the words and marks of `text`, in order, with their offsets."""
    words: list[Word] = []
    glued = False
    for match in (_ASCII_WORD if text.isascii() else _WORD).finditer(text):
        found = match[0]
        # A hyphen between letters joins; one between spaces is a dash and breaks.
        if (
            found in "-‐‑"
            and words
            and words[-1].end == match.start()
            and text[match.end() : match.end() + 1].strip()
        ):
            glued = True
            continue
        lower = found.lower().replace("’", "'")
        words.append(Word(found, "—" if found == "-" else lower, *match.span(), glued))
        glued = False
    return tuple(words)


def split_sentences(words: tuple[Word, ...]) -> tuple[tuple[Word, ...], ...]:
    """Return the words cut behind each sentence's end; the end mark stays with its sentence."""
    sentences: list[tuple[Word, ...]] = []
    first = 0
    for at, word in enumerate(words):
        if not word.ends or (word.lower == "." and at and words[at - 1].lower in _ABBREVIATIONS):
            continue
        if at > first:
            sentences.append(words[first : at + 1])
        first = at + 1
    if first < len(words):
        sentences.append(words[first:])
    return tuple(sentences)


def is_han(text: str) -> bool:
    """True when `text` holds a Chinese character."""
    return not text.isascii() and any(map(_is_han_character, text))


@functools.lru_cache(maxsize=8192)
def _is_han_character(char: str) -> bool:
    return "\u4e00" <= char <= "\u9fff" or "\u3400" <= char <= "\u4dbf" or "\uf900" <= char <= "\ufaff"


def is_mostly_han(words: Sequence[Word]) -> bool:
    """True when a sentence is Chinese: a Latin word says as much as two characters, kana says no."""
    if all(word.text.isascii() for word in words):
        return False
    if any(_KANA.match(word.text) for word in words):
        return False
    characters = sum(is_han(word.text) for word in words)
    others = sum(word.text[:1].isalpha() for word in words) - characters
    return characters > 0 and characters >= 2 * others
