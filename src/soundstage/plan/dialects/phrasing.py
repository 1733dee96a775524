"""English for the dialects: articles, numbers, verb forms, lists, sentences. Knows no shot and no dialect."""

from __future__ import annotations

import functools
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundstage.plan.inflection import plural_of, verb_forms
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.tables import read_table, rules

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

_ASCII_WORD = lazy_pattern(r"[A-Za-z]")


@functools.cache
def words() -> Mapping[str, Any]:
    """Return `words.toml`."""
    return read_table(Path(__file__).with_name("words.toml").read_text("utf-8"))


def word(section: str, name: str, default: str | None = None) -> str:
    """Return what a name is called; without an entry, its own words."""
    found = words()[section].get(name)
    if found is None:
        return name.replace("_", " ") if default is None else default
    return found


def listed(items: Iterable[str], last: str = "and") -> str:
    """Return "a, b and c"."""
    told = [item for item in items if item]
    return told[0] if len(told) == 1 else f"{', '.join(told[:-1])} {last} {told[-1]}" if told else ""


def sentence(text: str) -> str:
    """Return a text as a sentence: a capital first, a full stop last, single spaces."""
    text = re.sub(r"\s+", " ", text).strip().removesuffix(",")
    if not text:
        return ""
    text = text[0].upper() + text[1:]
    return text if re.search(r'[.!?…。！？]"?$|>$', text) else text + "."  # noqa: RUF001 - Chinese marks end a line, too


def paragraph(sentences: Iterable[str]) -> str:
    """Return sentences in a row, each with its capital and full stop."""
    return " ".join(told for told in (sentence(text) for text in sentences) if told)


def article(phrase: str) -> str:
    """Return a phrase with "a" or "an" before it."""
    first = re.split(r"[\s-]", phrase.lower(), maxsplit=1)[0]
    nouns = words()["nouns"]
    vowel = first in nouns["vowel_sound"] or (first[:1] in "aeiou" and first not in nouns["consonant_sound"])
    return f"{'an' if vowel else 'a'} {phrase}"


def is_plural(noun: str) -> bool:
    """Tell whether a noun as it was said is a plural: "fireflies", "children"."""
    last = noun.rpartition(" ")[2].lower()
    if last in _irregular_plurals():
        return True
    return last.endswith("s") and not last.endswith(("ss", "us", "is")) and len(last) > 3


def plural(noun: str) -> str:
    """Return a noun's plural; one that is a plural stays."""
    return noun if is_plural(noun) else plural_of(noun, rules("inflection")["plurals"])


def number(count: int) -> str:
    """Return a count as words: "three", "dozens of"."""
    small = words()["numbers"]["words"]
    if count < len(small):
        return small[count]
    return "over a dozen" if count < 25 else "dozens of" if count < 100 else "hundreds of"


def conjugate(verb: str, *, many: bool) -> str:
    """Return a verb in the present: "sits down" of one, "sit down" of many; "is" and "are" of "be"."""
    if verb == "be" or verb.startswith("be "):
        return ("are" if many else "is") + verb[2:]
    if many or not _ASCII_WORD.search(verb):
        return verb
    return next(form for form, kind in verb_forms(verb, {}) if kind == "s")


def in_english(said: str, otherwise: str | None) -> str:
    """Return the words of a prompt where they are of Latin letters, else the name their meaning has."""
    if _ASCII_WORD.search(said) or not otherwise:
        return said
    return otherwise.replace("_", " ")


@functools.cache
def _irregular_plurals() -> frozenset[str]:
    table: Mapping[str, str] = rules("inflection")["plurals"]
    return frozenset(form for stem, form in table.items() if form != stem)
