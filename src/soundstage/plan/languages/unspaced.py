"""Stage 1 of 5, part: Japanese and Korean text as pieces, each with its English. Knows no word order.

The longest known wording from each character on wins. What no glossary knows is parted where its script
changes, and told a deed by its ending.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.languages.glossary import glossary
from soundstage.plan.languages.piece import Piece, known, mark, unknown
from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soundstage.plan.languages.glossary import Gloss

_HANGUL = lazy_pattern(r"[\uac00-\ud7af]+")
_KANJI = lazy_pattern(r"[\u3400-\u9fff々]+")
_KATAKANA = lazy_pattern(r"[\u30a0-\u30ff]+")
#: A Japanese verb no glossary knows, by its ending.
_KANJI_VERB = lazy_pattern(
    r"[\u3400-\u9fff々]{1,3}[ぁ-ん]{0,4}?(?:ながら|ている|ていた|ていて|ています|っている|っていた|んで|って|った|んだ|いて|いた|した|して"
    r"|れる|れた|れて|せる|せた|える|えた|ける|けた|げる|げた|てる|めた|める|べる|べた|る|く|す|む|う|ぶ|つ|ぐ)(?=[^ぁ-ん]|$|と|を|、)"
)
_HIRAGANA = lazy_pattern(r"[\u3040-\u309f]+")
#: Kinds of Korean particles, which a word may carry several of.
_CLINGING = frozenset({"subject", "object", "genitive", "preposition", "conjunction", "quoting", "skip"})
_PARTICLES = frozenset({"subject", "object", "genitive", "quoting"})
#: Korean words that carry particles.
_NAMING = frozenset({"noun", "counter", "number", "pronoun"})
_LONGEST_CLINGING = 2
#: What a particle may stand behind.
_CARRIERS = frozenset({
    "noun", "unknown", "pronoun", "number", "quote", "counter", "phrase", "adjective", "preposition",
    "subject", "verb", "skip", "participle",
})  # fmt: skip
_LATIN = lazy_pattern(r"[^\W_]+(?:[.,:'\-][^\W_]+)*", re.ASCII)


def split_unspaced(
    text: str, first: int, last: int, language: str, before: Sequence[Piece]
) -> Iterator[Piece]:
    """Yield the pieces of a stretch of Japanese or Korean: the longest wording from each character on."""
    table, small = glossary(language), text.lower()
    previous = before[-1] if before else None
    at, opens = first, previous is None or previous.kind != "quote"
    while at < last:
        if text[at] in " \u3000":
            at, opens = at + 1, True
            continue
        piece = None
        for size in range(min(table.longest.get(small[at], 0), last - at), 0, -1):
            glosses = table.wordings.get(small[at : at + size], ())
            place = _Place(text=text, start=at, end=at + size, opens=opens, previous=previous)
            gloss = next((gloss for gloss in glosses if place.fits(gloss, language)), None)
            if gloss is not None:
                piece = known(gloss, at, at + size, capital=False)
                break
        piece = piece or _unknown_run(text, at, last, language)
        at, opens, previous = piece.end, False, piece
        if piece.kind != "skip":
            yield piece


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a wording stands.

    A particle stands behind a word; a Korean word stands behind a blank and, one syllable long, alone in it
    but for particles.
    """

    text: str
    start: int
    end: int
    opens: bool  #: a blank or a mark stands before it
    previous: Piece | None

    def fits(self, gloss: Gloss, language: str) -> bool:  # noqa: PLR0911 - a decision list
        """Tell whether a wording can mean this here."""
        short = self.end - self.start <= _LONGEST_CLINGING
        clings = gloss.kind in _PARTICLES or (gloss.kind in ("preposition", "conjunction") and short)
        behind = self.previous is not None and self.previous.kind in _CARRIERS
        if language == "ja":
            return behind or not clings
        rest = _HANGUL.match(self.text, self.end)
        tail = rest[0] if rest else ""
        if self.previous is not None and self.previous.kind == "number" and not self.opens:
            return True  # "4초"
        if clings:
            if self.opens:
                return gloss.kind in ("preposition", "conjunction")
            return self.end - self.start > 1 or (behind and (not tail or _is_tail(tail)))
        if gloss.kind in ("noun", "phrase") and self.end - self.start > 1:
            return True
        if gloss.kind == "skip" and not self.opens:
            return behind and not tail  # "침묵하다가": the verb says no more than its noun
        return self.opens and (not tail or (gloss.kind in _NAMING and _is_tail(tail)))


def _is_tail(tail: str) -> bool:
    """Tell whether what follows a Korean word in its blank is all particles."""
    wordings = glossary("ko").wordings
    for size in range(1, len(tail) + 1):
        if any(gloss.kind in _CLINGING for gloss in wordings.get(tail[:size], ())) and (
            size == len(tail) or _is_tail(tail[size:])
        ):
            return True
    return False


def _unknown_run(text: str, at: int, last: int, language: str) -> Piece:
    """Return what no wording starts with: a mark, a run of one script, a word of another language."""
    found = _HANGUL.match(text, at, last) if language == "ko" else None
    if found is not None:
        return _korean_word(found[0], at)
    deed = _KANJI_VERB.match(text, at, last)
    if deed is not None:
        return unknown(deed[0], at, "ending", "s")
    kana = _HIRAGANA.match(text, at, last)
    if kana is not None:
        return unknown(text[at : _next_known(text, at + 1, kana.end())], at, "ending")
    for script in (_KATAKANA, _KANJI, _LATIN):
        found = script.match(text, at, last)
        if found is not None:
            return unknown(found[0], at, "number" if found[0].isdigit() else "unknown")
    return mark(text[at], at)


def _next_known(text: str, at: int, end: int) -> int:
    """Return where the next wording stands in a run of kana: behind an unknown verb's ending."""
    table = glossary("ja")
    for start in range(at, end):
        for size in range(min(table.longest.get(text[start], 0), len(text) - start), 1, -1):
            if text[start : start + size] in table.wordings:
                return start
    return end


def _korean_word(word: str, at: int) -> Piece:
    """Return an unknown Korean word without its particle; a verb by its ending."""
    for size in range(min(3, len(word) - 1), 0, -1):
        if _is_tail(word[-size:]):
            bare = word[:-size]
            return unknown(bare, at)
    kind, form = "unknown", ""
    if word.endswith(("다", "요", "며", "고")) and len(word) > 1:
        kind, form = "ending", "s"
    elif word.endswith(("는", "은", "한", "된", "던")) and len(word) > 1:
        kind, form = "ending", "that"
    return unknown(word, at, kind, form)
