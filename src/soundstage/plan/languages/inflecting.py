"""Stage 1 of 5, part: the forms of words of languages that part their words. Knows no English.

Endings stand in each glossary's `[grammar]`; irregular forms stand with their word. Too many forms are no
harm, as nobody writes those that do not exist; a form that is missing is a word that is not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

#: A form given in brackets that ends so goes on: "durmiendo", "souriant", "идущий", "улыбаясь".
_GOES_ON = ("ndo", "ant", "щий", "щая", "щие", "ясь", "end")
_NO_ENDING = "_"
_SHORTEST_STEM = 2
_CASES = 13  #: forms of a Russian adjective; what other rules make of it is no form of it


def noun_forms(wording: str, grammar: Mapping[str, Any], language: str) -> Iterator[tuple[str, str]]:
    """Yield each form of a noun, "lemma~other cases/plurals", with its number: "one" or "many"."""
    singulars, stroke, plurals = wording.partition("/")
    lemma, _, others = singulars.partition("~")
    yield lemma, "one"
    for other in others.split():
        yield other, "one"
    listed = plurals.split() if " " not in lemma else [plurals]
    for plural in listed:
        if plural and plural != lemma:
            yield plural, "many"
    if language == "ru":
        yield from _declined(lemma, others.split(), grammar, plurals=not stroke)
        return
    for ending in grammar.get("singulars", ()):
        yield lemma + ending, "one"
    if stroke or " " in lemma:
        return
    for rule in grammar.get("plurals", ()):
        many, _, one = rule.partition(" ")
        if lemma.endswith(one):
            yield lemma[: len(lemma) - len(one)] + many, "many"


def _declined(
    lemma: str, oblique: Sequence[str], grammar: Mapping[str, Any], *, plurals: bool
) -> Iterator[tuple[str, str]]:
    """Yield the cases of a Russian noun; oblique forms beside it tell where the stem changes."""
    first, blank, noun = lemma.rpartition(" ")
    if " " in first:
        return
    described = list(dict.fromkeys(adjective_forms(first, grammar)))[:_CASES] if blank else [""]
    endings: Mapping[str, str] = grammar["nouns"]
    ending = next(e for e in sorted(endings, key=len, reverse=True) if noun.endswith(e))
    stems = [(noun[: len(noun) - len(ending)], ending), *((form[:-1], "") for form in oblique)]
    for stem, kind in stems:
        for number, made in _groups(endings[kind]):
            for case in made if number == "one" or plurals else ():
                form = stem + case.replace(_NO_ENDING, "")
                for word in described:
                    yield word + blank + form, number


def adjective_forms(wording: str, grammar: Mapping[str, Any]) -> Iterator[str]:
    """Yield each form of an adjective; each rule whose first ending fits makes some."""
    yield wording
    if " " in wording or wording.endswith("-"):
        return
    for rule in grammar.get("adjectives", ()):
        first, *others = rule.split(" ")
        if wording.endswith(first):
            stem = wording[: len(wording) - len(first)]
            for other in others:
                yield stem + other


def verb_forms_of(wording: str, grammar: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield each form of a verb, given as "dormir(duerme durmiendo)", with what it is: base, s, ing, ed."""
    lemma, _, listed = wording.rstrip(")").partition("(")
    for prefix in ("se ", "s'"):
        lemma = lemma.removeprefix(prefix)
    verb, blank, tail = lemma.partition(" ")
    yield lemma, "base"
    irregular = [listed] if blank and " " in listed else listed.split()
    for form in irregular:
        yield form, "ing" if form.endswith(_GOES_ON) else "s"
    rules: Mapping[str, str] = grammar.get("verbs", {})
    ending = next((e for e in sorted(rules, key=len, reverse=True) if verb.endswith(e)), None)
    if ending is None:
        return
    stem = verb[: len(verb) - len(ending)]
    if len(stem) < _SHORTEST_STEM:
        return  # "ir": all its forms are listed
    for kind, endings in _groups(rules[ending]):
        for made in endings:
            yield stem + made + blank + tail, kind


def _groups(text: str) -> Iterator[tuple[str, list[str]]]:
    """Yield "s: a an; ing: ando" as ("s", ["a", "an"]), ("ing", ["ando"])."""
    for group in text.split(";"):
        name, _, endings = group.partition(":")
        yield name.strip(), endings.split()
