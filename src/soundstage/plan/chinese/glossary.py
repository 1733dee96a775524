"""Stage 1 of 5, part: what Chinese words mean, by the English wording of our tables. Knows no sentence.

`data/chinese/*.toml`: a section is a table, a line an English wording with its Chinese ones. A Chinese word
thus means exactly what the English one means, "also" and all, and a word is added without touching code. The
words of `grammar.toml` hold sentences together.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from soundstage.plan.hypernyms import nearest_of
from soundstage.plan.inflection import verb_forms
from soundstage.plan.lexicon import Entry, Hit, key_of, lexicon
from soundstage.plan.tables import DATA, read_table, rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from soundstage.plan.inflection import Form

#: Files of words whose sections are tables of `data/`.
_TABLES = ("nouns", "verbs", "looks", "world", "film")
#: Meanings an English wording brings along from another table than the one its Chinese word stands in.
_COMPANIONS = frozenset({
    "times", "lights", "weathers", "seasons", "ambience", "effects", "styles", "framings", "moves", "lenses",
    "angles", "paces",
})  # fmt: skip
#: Sections of grammar.toml that list no words of sentences.
_LISTS = frozenset({"names", "endings", "motion"})


#: Tables whose Chinese wordings the English grammar would read whole: here measure words and verbs are words.
_GRAMMATICAL = frozenset({"closed", "numbers", "verbs", "moves", "camera_moves"})


@dataclass(frozen=True, slots=True)
class Glossary:
    """Every Chinese word, immutable: by section, the English word it stands for."""

    senses: Mapping[str, Mapping[str, str]]
    beginnings: frozenset[str]  #: every word, and what words begin with
    simplified: Mapping[int, str]  #: traditional characters, for `str.translate`


@functools.cache
def glossary() -> Glossary:
    """Return all Chinese tables as one glossary; the first call reads the files."""
    senses: dict[str, dict[str, str]] = {}
    for name in _TABLES:
        for section, gloss, word in _lines(table(name)):
            senses.setdefault(word, {}).setdefault(section, gloss)
    grammar = {name: lines for name, lines in table("grammar").items() if name not in _LISTS}
    for section, gloss, word in _lines(grammar):
        senses.setdefault(word, {}).setdefault(section, gloss)
    for words in (lexicon().phrases, lexicon().heard):
        # Chinese wordings that stand in the tables themselves.
        for key, hits in words.starting(lambda first: first > "\u33ff"):
            own = {hit.table: hit.name for hit in hits if hit.table not in _GRAMMATICAL}
            if own:
                senses.setdefault("".join(key), own)
    pairs = table("traditional")["characters"]["pairs"].split()
    return Glossary(
        senses=MappingProxyType(senses),
        beginnings=frozenset(word[:size] for word in senses for size in range(1, len(word) + 1)),
        simplified=MappingProxyType({ord(pair[0]): pair[1] for pair in pairs}),
    )


@functools.cache
def table(name: str) -> Mapping[str, Any]:
    """Return one table of `data/chinese/` as it stands, read-only."""
    return read_table((DATA / "chinese" / f"{name}.toml").read_text("utf-8"))


def _lines(sections: Mapping[str, Mapping[str, str]]) -> Iterator[tuple[str, str, str]]:
    for section, lines in sections.items():
        for gloss, words in lines.items():
            english = gloss.replace("_", " ")
            for word in words.split():
                yield section, english, word.lower()


@functools.cache
def hits_of(section: str, gloss: str) -> tuple[Hit, ...]:
    """Return what an English wording means in its table, with what it brings along from others."""
    if not gloss:
        return ()
    key = key_of(gloss)
    known = (*lexicon().phrases.get(key, ()), *lexicon().heard.get(key, ()))
    own = tuple(hit for hit in known if hit.table == section)
    if not own:
        # The camera's moves go by the names of their entries: as English verbs they are bent and inflected.
        entry = lexicon().entry(section, gloss.replace(" ", "_")) or lexicon().entry(
            section, gloss.split(maxsplit=1)[0]
        )
        own = (Hit(entry),) if entry else nearest_of(gloss) if section == "nouns" else ()
    return (*own, *(hit for hit in known if hit.table != section and hit.table in _COMPANIONS)) if own else ()


@functools.cache
def verb_hit(gloss: str, said: str) -> Hit | None:
    """Return the deed an English base form names, said as `said`."""
    hit = next((hit for hit in hits_of("verbs", gloss) if hit.form == "base"), None)
    return Hit(hit.entry, "s", said) if hit else None


def simplify(text: str) -> str:
    """Return a text with its traditional characters as the simplified ones they are read as."""
    return text.translate(glossary().simplified)


@functools.cache
def verb_in_english(said: str) -> str:
    """Return the English base form of a Chinese verb, its direction left out; as said when none knows it."""
    senses = glossary().senses
    read = simplify(said)
    known = (read[:size] for size in range(len(read), 0, -1) if "verbs" in senses.get(read[:size], {}))
    return next((senses[verb]["verbs"] for verb in known), said)


@functools.cache
def family_of(gloss: str) -> str:
    """Return the family of the noun an English wording names, "quadruped" for "puppy"."""
    return next((hit.entry.family for hit in hits_of("nouns", gloss) if hit.table == "nouns"), "")


@functools.cache
def inflected(gloss: str, form: Form) -> str:
    """Return an English base form in another; as it stands when it is no English."""
    forms = verb_forms(gloss, rules("inflection")["verbs"]) if gloss.isascii() else ()
    return next((made for made, kind in forms if kind == form), gloss)


def number_hit(number: int) -> Hit:
    """Return a number as the tables would hold it."""
    return Hit(Entry("numbers", str(number), "", MappingProxyType({})))


@functools.cache
@functools.lru_cache(maxsize=4096)
def nearest_kind(word: str) -> str:
    """Return the English wording of the kind a noun no table knows is nearest to; empty when none is near."""
    return next((gloss for gloss, endings in _endings() if word.endswith(endings)), "")


@functools.cache
def _endings() -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((gloss, tuple(endings.split())) for gloss, endings in table("grammar")["endings"].items())


def meanings(wording: str) -> tuple[Hit, ...]:
    """Return everything one Chinese word means, as `Lexicon.phrases` does for English."""
    senses = glossary().senses.get(simplify(wording.lower()), {})
    return tuple(hit for section, gloss in senses.items() for hit in hits_of(section, gloss))
