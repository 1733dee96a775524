"""Stage 1 of 5, part: a language's scene words and the English ones that stand for them. Knows no sentence.

A glossary (`data/glossaries/`) loads when the first prompt of its language comes, and costs others nothing.
"""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple

from soundstage.plan.inflection import plural_of, verb_forms
from soundstage.plan.languages.inflecting import adjective_forms, noun_forms, verb_forms_of
from soundstage.plan.languages.joined import verb_forms_joined
from soundstage.plan.lexicon import lexicon
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import DATA, rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

#: A word, with the apostrophe that joins it to the next: "l'" and "homme" are two.
WORD = lazy_pattern(r"[^\W\d_]+(?:-[^\W\d_]+)*'?|\d+(?:[.,:]\d+)*\w*|[^\w\s]")
#: Languages with a glossary of their own.
GLOSSED = ("de", "es", "fr", "it", "ja", "ko", "pt", "ru")
#: Of those, the ones whose words are not parted, or whose particles cling to them.
JOINED = ("ja", "ko")
#: Adjectives that behave like the verbs they come from: they stay behind their noun.
_PARTICIPLES = frozenset({"sitting", "lying", "standing", "dressed", "covered"})


class Gloss(NamedTuple):
    """What one wording stands for."""

    english: str  #: in the form that fits: "walks", "women"
    kind: str  #: noun, adjective, verb, phrase, or a section of `words`: determiner, preposition, ...
    form: str  #: of a verb: s, ing, ed, base, te, that; of a noun: one, many
    base: str  #: the English entry: "walk", "woman"
    lemma: str  #: the entry in its own language: "caminar"


@dataclass(frozen=True, slots=True)
class Glossary:
    """All wordings of a language, in all their forms."""

    language: str
    wordings: Mapping[str, tuple[Gloss, ...]]  #: lower case, words parted by one blank
    longest: Mapping[str, int]  #: of the wordings that start with this word (letter, if joined): their length


@functools.cache
def glossary(language: str) -> Glossary:
    """Return the glossary of one of `GLOSSED`; the first call reads its file."""
    table = _read(language)
    wordings: dict[str, dict[Gloss, None]] = {}
    for wording, gloss in _entries(table, language):
        wordings.setdefault(key_of(wording, language), {})[gloss] = None
    joined = language in JOINED
    longest: dict[str, int] = {}
    for wording in wordings:
        first = wording[0] if joined else wording.partition(" ")[0]
        size = len(wording) if joined else wording.count(" ") + 1
        longest[first] = max(longest.get(first, 0), size)
    return Glossary(
        language,
        # A word's own entry goes before another's form that looks like it.
        MappingProxyType(
            {
                wording: tuple(sorted(glosses, key=lambda gloss: gloss.lemma.lower() != wording))
                for wording, glosses in wordings.items()
            }
        ),
        MappingProxyType(longest),
    )


def key_of(wording: str, language: str) -> str:
    """Return a wording as it is looked up: small letters, one blank between words, no dots on a Russian ё."""
    small = wording.lower().replace("\u2019", "'")
    if language in JOINED:
        return small
    small = small.replace("\u0451", "\u0435") if language == "ru" else small
    return " ".join(WORD.findall(small))


def _read(language: str) -> dict[str, Any]:
    path = DATA / "glossaries" / f"{language}.toml"
    return tomllib.loads(path.read_text("utf-8"))


def _entries(table: Mapping[str, Any], language: str) -> Iterator[tuple[str, Gloss]]:
    grammar = table.get("grammar", {})
    for kind, entries in table["words"].items():
        for english, wording in _wordings(entries):
            yield wording, Gloss(english, kind, "", english, wording)
    for english, wording in _wordings(table["phrases"]):
        yield wording, Gloss(english, "phrase", "", english, wording)
    for english, wording in _wordings(table["nouns"]):
        many = _plural(english)
        lemma = wording.partition("/")[0].partition("~")[0]
        for form, number in noun_forms(wording, grammar, language):
            yield form, Gloss(many if number == "many" else english, "noun", number, english, lemma)
    for english, wording in _wordings(table["adjectives"]):
        kind = "participle" if english in _PARTICIPLES else "adjective"
        for form in adjective_forms(wording, grammar):
            yield form, Gloss(english, kind, "", english, wording)
    conjugate = verb_forms_joined if language in JOINED else verb_forms_of
    for english, wording in _wordings(table["verbs"]):
        made = _verb(english)
        lemma = wording.partition("(")[0].partition("/")[0].rstrip("*")
        for form, kind in conjugate(wording, grammar):
            yield form, Gloss(made.get(kind, made["s"]), "verb", kind, english, lemma)


def _wordings(entries: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for english, wordings in entries.items():
        for wording in wordings.split(", "):
            yield english, wording


@functools.cache
def _plural(english: str) -> str:
    if english.endswith("s") or english in rules("languages")["uncountable"]["nouns"]:
        return english
    return plural_of(english, rules("inflection")["plurals"])


@functools.cache
def _verb(english: str) -> Mapping[str, str]:
    made: dict[str, str] = {}
    for form, kind in verb_forms(english, rules("inflection")["verbs"]):
        made.setdefault(kind, form)
    # "A man in a coat smokes": what may be a plural there is a deed beyond doubt as "is smoking".
    if lexicon().meanings(made["s"], "nouns") and not lexicon().meanings(made["ing"], "nouns"):
        made["s"] = f"is {made['ing']}"
    return made


def english_form(base: str, form: str) -> str:
    """Return an English verb in a form: s, ing, ed; as it is where it has none."""
    return _verb(base).get(form, base)
