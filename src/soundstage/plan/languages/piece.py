"""Stage 1 of 5, part: a stretch of another language and the English that stands for it. Knows no text."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from soundstage.plan.lexicon import lexicon
from soundstage.plan.words import split_words

if TYPE_CHECKING:
    from soundstage.plan.languages.glossary import Gloss

#: Kinds that name things or describe them, and what may open such a phrase.
NOMINAL = frozenset({"noun", "adjective", "unknown", "determiner", "number"})
_MARKS = {
    "\u3002": ".", "\u3001": ",", "\uff0c": ",", "\uff1a": ":", "\uff01": "!", "\uff1f": "?", "\u30fb": ",",
    "\uff08": "(", "\uff09": ")", "\uff1b": ";", "\u3010": "[", "\u3011": "]",
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of the text and its English."""

    text: str
    kind: str  #: of its gloss, else "mark", "newline", "quote", "unknown"
    start: int  #: offsets in the text that is glossed
    end: int
    form: str = ""
    base: str = ""  #: the English entry
    lemma: str = ""  #: the entry in its own language

    @property
    def parts(self) -> bool:
        """True for what ends a clause."""
        return self.kind in ("mark", "newline", "quote")


def mark(char: str, start: int) -> Piece:
    """Return a mark as the English reader knows it."""
    kind = "newline" if char == "\n" else "mark"
    return Piece(text=_MARKS.get(char, char), kind=kind, start=start, end=start + 1)


def unknown(word: str, start: int, kind: str = "unknown", form: str = "") -> Piece:
    """Return what no glossary knows, as it stands."""
    return Piece(text=word, kind=kind, start=start, end=start + len(word), form=form, base=word, lemma=word)


def known(gloss: Gloss, start: int, end: int, *, capital: bool) -> Piece:
    """Return a wording as its gloss, with a capital letter where the prompt has one."""
    english = gloss.english[:1].upper() + gloss.english[1:] if capital else gloss.english
    return Piece(
        text=english, kind=gloss.kind, start=start, end=end, form=gloss.form, base=gloss.base,
        lemma=gloss.lemma,
    )  # fmt: skip


def is_in(english: str, tables: frozenset[str]) -> bool:
    """Tell whether one of these tables knows an English wording."""
    key = tuple(word.lower for word in split_words(english))
    return any(hit.table in tables for hit in lexicon().phrases.get(key, ()))


def moved(piece: Piece, text: str) -> Piece:
    """Return a piece with other English."""
    return replace(piece, text=text)
