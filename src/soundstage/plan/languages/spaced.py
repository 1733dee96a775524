"""Stage 1 of 5, part: the words of European languages as pieces, each with its English. Knows no word order.

The longest known wording wins; what no glossary knows stays as it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.languages.glossary import WORD, glossary, key_of
from soundstage.plan.languages.piece import Piece, is_in, known, mark, unknown
from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soundstage.plan.languages.glossary import Gloss, Glossary

_TOKEN = lazy_pattern(rf"{WORD.pattern}|\n")
#: Tables whose words a German compound keeps beside its last part: "Regennacht" is a rain night.
_KEPT = frozenset({"places", "times", "weathers", "seasons", "colours", "materials", "lights"})
_LEAST_PART = 3


def split_spaced(text: str, first: int, last: int, language: str, before: Sequence[Piece]) -> Iterator[Piece]:
    """Yield the pieces of a stretch whose words are parted by blanks."""
    table = glossary(language)
    found = list(_TOKEN.finditer(text[first:last].replace("\u2019", "'")))
    keys = [key_of(m[0], language) if m[0] != "\n" else "\n" for m in found]
    at, previous = 0, before[-1] if before else None
    while at < len(found):
        start = first + found[at].start()
        size, glosses = _longest(table, keys, at)
        end = first + found[at + size - 1].end()
        if glosses:
            following = table.wordings.get(keys[at + size], ()) if at + size < len(keys) else ()
            if language == "de":
                glosses = _by_capital(glosses, text[start], opens=previous is None or previous.parts)
            gloss = _choose(glosses, previous, following)
            piece = known(gloss, start, end, capital=_has_capital(text, start, language, previous))
        else:
            piece = _unknown(text, start, end, language, previous)
        at += size
        if piece.kind != "skip":
            yield piece
            previous = piece


def _longest(table: Glossary, keys: Sequence[str], at: int) -> tuple[int, Sequence[Gloss]]:
    for size in range(min(table.longest.get(keys[at], 0), len(keys) - at), 0, -1):
        glosses = table.wordings.get(" ".join(keys[at : at + size]))
        if glosses:
            return size, glosses
    return 1, ()


def _by_capital(glosses: Sequence[Gloss], letter: str, *, opens: bool) -> Sequence[Gloss]:
    """Keep what a German word can be by its first letter: nouns have a capital one."""
    fitting = [gloss for gloss in glosses if (gloss.kind == "noun") == letter.isupper()]
    return fitting if fitting and not (opens and letter.isupper()) else glosses


def _choose(  # noqa: PLR0911 - a decision list, in the order in which a reader would decide
    glosses: Sequence[Gloss], previous: Piece | None, following: Sequence[Gloss]
) -> Gloss:
    """Return what a word means here: a noun behind an article, a deed behind a noun."""
    if len(glosses) == 1:
        return glosses[0]
    kinds = {gloss.kind: gloss for gloss in reversed(glosses)}
    before = previous.kind if previous else ""
    noun_next = any(gloss.kind == "noun" for gloss in following)
    goes_on = any(gloss.kind in ("preposition", "determiner", "phrase") for gloss in following)
    if "determiner" in kinds and any(gloss.kind in ("noun", "adjective") for gloss in following):
        return kinds["determiner"]
    if "verb" in kinds and "adjective" in kinds and before == "noun" and goes_on:
        return kinds["verb"]  # "un homme court dans la rue"
    opened = before in ("determiner", "adjective", "number", "preposition")
    if "adjective" in kinds and (before == "noun" or (noun_next and (opened or "verb" not in kinds))):
        return kinds["adjective"]
    if "participle" in kinds and (before in ("noun", "unknown") or "noun" not in kinds):
        return kinds["participle"]
    if "verb" in kinds and not opened and before in ("noun", "unknown", "pronoun", "relative", "participle"):
        return kinds["verb"]
    if "noun" in kinds and (opened or "phrase" not in kinds):
        return kinds["noun"]
    return glosses[0]


def _has_capital(text: str, start: int, language: str, previous: Piece | None) -> bool:
    opens = previous is None or previous.parts
    return text[start].isupper() and (opens or language != "de")


def _unknown(text: str, start: int, end: int, language: str, previous: Piece | None) -> Piece:
    word = text[start:end]
    if not any(map(str.isalnum, word)):
        return mark(word, start)
    if any(map(str.isdigit, word)):
        return unknown(word, start, "number" if word.isdigit() else "phrase")
    if language == "de":
        found = _compound(text, start, end)
        if found is not None:
            return found
        if previous is not None and previous.kind in ("determiner", "adjective", "preposition", "number"):
            word = word.lower()  # a noun; with a capital letter the English reader takes it for a name
    return unknown(word, start)


def _compound(text: str, start: int, end: int) -> Piece | None:
    """Return a German compound as what its last part names: "Backsteinhaus" is a house."""
    word, wordings = text[start:end].lower(), glossary("de").wordings
    for at in range(_LEAST_PART, len(word) - _LEAST_PART + 1):
        last = next((gloss for gloss in wordings.get(word[at:], ()) if gloss.kind == "noun"), None)
        if last is None:
            continue
        for first in (word[:at], word[: at - 1], word[: at - 2]):
            for gloss in wordings.get(first, ()):
                if is_in(gloss.base, _KEPT):
                    return _of_compound(f"{gloss.base} {last.english}", last, start, end)
        return _of_compound(last.english, last, start, end)
    return None


def _of_compound(english: str, last: Gloss, start: int, end: int) -> Piece:
    return Piece(
        text=english, kind="noun", start=start, end=end, form=last.form, base=last.base, lemma=last.lemma
    )
