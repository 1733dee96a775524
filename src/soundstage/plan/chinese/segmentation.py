"""Stage 1 of 5, part: a Chinese sentence cut into words. Knows no order of words.

The cheapest cut wins: few words, none unknown, one character alone is dear. So "机器人行走" is a robot that
walks and holds no pedestrian. Of two cuts that cost the same, the later word is the longer.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from soundstage.plan.chinese.glossary import family_of, glossary, nearest_kind, simplify, table
from soundstage.plan.chinese.numerals import NUMERALS
from soundstage.plan.units import units_of
from soundstage.plan.words import Word, is_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from soundstage.plan.units import Unit

_NOTHING: Mapping[str, str] = MappingProxyType({})
#: What a word costs by how it was found; a known word of several characters costs 1.
_FUNCTION, _ALONE, _NAME, _NUMERAL, _UNKNOWN = 0.95, 1.25, 1.7, 1.1, 2.3
#: Classes of words that are at home in one character.
_SHORT = frozenset({
    "particles", "prepositions", "localizers", "pronouns", "measures", "numbers", "conjunctions",
    "determiners", "negators",
})  # fmt: skip
_LONGEST_NAME = 3
LONGEST_WORD = 12  #: characters of a word or a numeral
#: Sections whose words of one character are seldom half a name.
_NAMES_THINGS = frozenset(
    {"nouns", "places", "weathers", "colours", "attributes", "materials", "seasons", "times", "verbs"}
)
#: Unknown characters in a row that still make one name for something.
_LONGEST_UNKNOWN = 4
#: Before a noun for somebody: "女科学家". And what makes a look of an unknown word: "工业风".
_GENDERS, _STYLES = "男女", "风感系派"


@dataclass(frozen=True, slots=True)
class Token:
    """A word of a Chinese sentence."""

    word: Word  #: `lower` is the English word it stands for; as said when no table knows it
    senses: Mapping[str, str] = field(
        default_factory=lambda: _NOTHING
    )  #: by section of `data/chinese/`, the English word
    unit: Unit | None = None  #: a word in Latin letters, as the English tables know it
    named: bool = False  #: a given name
    numeral: bool = False
    several: bool = False  #: 们 stands behind it
    breaks: bool = False  #: punctuation

    def has(self, *sections: str) -> bool:
        """Tell whether it may be a word of one of these sections."""
        senses = self.senses
        for section in sections:  # noqa: SIM110 - asked thousands of times a prompt
            if section in senses:
                return True
        return False

    @property
    def text(self) -> str:
        """As said."""
        return self.word.text

    @property
    def simple(self) -> str:
        """As said, in simplified characters."""
        return simplify(self.word.text)

    @property
    def unknown(self) -> bool:
        """True when nothing knows it."""
        return (
            not self.senses and self.unit is None and not self.named and not self.numeral and not self.breaks
        )


def tokens_of(sentence: Sequence[Word]) -> tuple[Token, ...]:
    """Return a sentence's words, in order; unknown characters in a row are one word."""
    tokens: list[Token] = []
    for token in _cut(sentence):
        last = tokens[-1] if tokens else None
        if (
            last is not None
            and last.simple in _GENDERS
            and family_of(token.senses.get("nouns", "")) == "people"
        ):
            tokens[-1] = _joined(last, token, token.senses)
        elif last is not None and last.unknown and token.simple in _STYLES and not _spaced(last, token):
            tokens[-1] = _joined(last, token, {"film_words": "style"})
        elif last is not None and last.has("nouns") and token.senses.get("particles") == "plural":
            tokens[-1] = replace(_joined(last, token, last.senses), several=True)
        elif last is not None and last.unknown and not _spaced(last, token) and _names_more(last, token):
            gloss = nearest_kind(last.simple + token.simple) or token.senses.get("nouns", "")
            tokens[-1] = _joined(last, token, {"nouns": gloss} if gloss else _NOTHING)
        else:
            tokens.append(token)
    return tuple(_settled(token) for token in tokens)


def _spaced(first: Token, second: Token) -> bool:
    return first.word.end != second.word.start


def _names_more(last: Token, token: Token) -> bool:
    """Tell whether a word goes on with the unknown one before it: "吉" and "娃", "柯基" and "犬"."""
    if token.unknown:
        return len(last.text) < _LONGEST_UNKNOWN
    return token.has("nouns") and len(token.text) == 1


def _joined(first: Token, second: Token, senses: Mapping[str, str]) -> Token:
    text = first.text + second.text
    word = Word(text, senses.get("nouns", text), first.word.start, second.word.end, glued=False)
    return Token(word, senses)


def _settled(token: Token) -> Token:
    """Give an unknown word of several characters the kind its ending tells."""
    gloss = nearest_kind(token.simple) if token.unknown and len(token.text) > 1 else ""
    if not gloss:
        return token
    return Token(Word(token.text, gloss, token.word.start, token.word.end, glued=False), {"nouns": gloss})


def _cut(sentence: Sequence[Word]) -> Iterator[Token]:
    texts = [simplify(word.lower) for word in sentence]
    count = len(sentence)
    best: list[tuple[float, int]] = [(0.0, 0)] * (count + 1)
    for at in range(count - 1, -1, -1):
        best[at] = min((cost + best[at + size][0], size) for cost, size in _choices(sentence, texts, at))
    at = 0
    while at < count:
        size = best[at][1]
        yield _token(sentence[at : at + size], "".join(texts[at : at + size]))
        at += size


def _choices(sentence: Sequence[Word], texts: Sequence[str], at: int) -> list[tuple[float, int]]:
    """Return what each word that may begin here costs, and how many characters it has."""
    known = glossary()
    choices = [(_UNKNOWN if is_han(texts[at]) else 1.0, 1)]
    if sentence[at].breaks:
        return choices
    text, numeral, end, last = "", True, sentence[at].start, at + LONGEST_WORD
    for size, (word, char) in enumerate(zip(sentence[at:last], texts[at:last], strict=True), 1):
        text += char
        numeral = numeral and char in NUMERALS
        begins = text in known.beginnings
        if word.start != end or not (begins or numeral or size <= _LONGEST_NAME) or word.breaks:
            break
        end = word.end
        senses = known.senses.get(text) if begins else None
        if senses is not None:
            cost = 1.0 if size > 1 else _FUNCTION if not _SHORT.isdisjoint(senses) else _ALONE
            choices.append((cost, size))
        elif numeral:
            choices.append((_NUMERAL, size))
        elif 1 < size <= _LONGEST_NAME and _is_name(text):
            choices.append((_NAME + 0.2 * (size - 2), size))
    return choices


def _token(words: Sequence[Word], text: str) -> Token:
    said = "".join(word.text for word in words)
    start, end = words[0].start, words[-1].end
    senses = glossary().senses.get(text)
    if senses is not None:
        return Token(Word(said, next(iter(senses.values())), start, end, glued=False), senses)
    if len(words) == 1 and (words[0].breaks or not any(map(str.isalnum, text))):
        return Token(words[0], breaks=True)
    if len(words) == 1 and not is_han(text):
        number = text.isdecimal()
        return Token(words[0], unit=None if number else next(iter(units_of(words)), None), numeral=number)
    if all(char in NUMERALS for char in text):
        return Token(Word(said, text, start, end, glued=False), numeral=True)
    return Token(Word(said, said, start, end, glued=False), named=len(words) > 1)


def _is_name(text: str) -> bool:
    surnames, prefixes, given = _names()
    if text[0] in surnames and all(char in given for char in text[1:]):
        # "白花" is a white flower: of two characters with meanings one must have none.
        return not all(_NAMES_THINGS & glossary().senses.get(char, _NOTHING).keys() for char in text)
    if len(text) == 2 and text[0] in prefixes:
        things = _NAMES_THINGS & glossary().senses.get(text[1], _NOTHING).keys()
        return (text[1] in given or text[1] in surnames) and things <= {"colours", "attributes"}
    return False


@functools.cache
def _names() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    names = table("grammar")["names"]
    surnames, prefixes, given = (frozenset(names[key].split()) for key in ("surnames", "prefixes", "given"))
    return surnames, prefixes, given
