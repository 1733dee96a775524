"""Stage 1 of 5, part: the forms of English nouns and verbs. Knows no prompt.

Regular forms by rule, irregular ones from `data/inflection.toml`. Forms are made when tables load, so that
reading a prompt only looks words up; `stem_of` serves words no table holds.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

Form = Literal["base", "plural", "s", "ing", "ed", "implied"]

_VOWELS = "aeiou"
_HISSES = ("s", "x", "z", "ch", "sh")
#: One vowel between consonants in a single beat: the last letter doubles ("run", "running"), never w, x or y.
_SHORT = lazy_pattern(r"^[^aeiou]*(?:qu)?[aeiou][^aeiouwxy]$")


def plural_of(noun: str, irregular: Mapping[str, str]) -> str:
    """Return the plural of a noun, given as one word or as a phrase whose last word is inflected."""
    head, _, last = noun.rpartition(" ")
    if last in irregular:
        made = irregular[last]
    elif last.endswith(_HISSES):
        made = last + "es"
    elif last.endswith("y") and last[-2:-1] not in _VOWELS:
        made = last[:-1] + "ies"
    else:
        made = last + "s"
    return f"{head} {made}" if head else made


def verb_forms(phrase: str, irregular: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Form]]:
    """Yield every form of a verb, given as one word or as a phrase whose first word is inflected."""
    verb, space, rest = phrase.partition(" ")
    tail = space + rest
    yield phrase, "base"
    yield _third_person(verb) + tail, "s"
    known = irregular.get(verb, ())
    yield (known[2] if len(known) > 2 else _stretch(verb, "ing")) + tail, "ing"
    for past in dict.fromkeys(known[:2] or (_stretch(verb, "ed"),)):
        if past != verb:
            yield past + tail, "ed"


def _third_person(verb: str) -> str:
    if verb == "have":
        return "has"
    if verb.endswith((*_HISSES, "o")):
        return verb + "es"
    if verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ies"
    return verb + "s"


def _stretch(verb: str, ending: Literal["ing", "ed"]) -> str:
    if ending == "ed" and verb.endswith("e"):
        return verb + "d"
    if ending == "ed" and verb.endswith("y") and verb[-2:-1] not in _VOWELS:
        return verb[:-1] + "ied"
    if ending == "ing" and verb.endswith("ie"):
        return verb[:-2] + "ying"
    if ending == "ing" and verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + ending
    if _SHORT.match(verb):
        return verb + verb[-1] + ending
    return verb + ending


def stem_of(word: str) -> str:
    """Return the likely stem of a verb no table knows: "florping", "florps" and "florped" give "florp"."""
    for ending in ("ing", "ed"):
        if word.endswith(ending) and len(word) > len(ending) + 2:
            stem = word[: -len(ending)]
            doubled = len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz"
            return stem[:-1] if doubled else stem
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith("es") and word[:-2].endswith(_HISSES):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") else word


def plural_stems(noun: str, irregular: Mapping[str, str]) -> Iterator[str]:
    """Yield what a noun may be the plural of; `irregular` gives the singulars no rule makes."""
    head, _, last = noun.rpartition(" ")
    start = f"{head} " if head else ""
    if last in irregular:
        yield start + irregular[last]
    if last.endswith("men") and len(last) > 4:
        yield f"{start}{last[:-3]}man"
    if last.endswith("ies") and len(last) > 4:
        yield f"{start}{last[:-3]}y"
    if last.endswith("ves") and len(last) > 4:
        yield f"{start}{last[:-3]}f"
    if last.endswith("es") and last[:-2].endswith((*_HISSES, "o")):
        yield start + last[:-2]
    if last.endswith("s") and not last.endswith("ss") and len(last) > 3:
        yield start + last[:-1]


def verb_stems(word: str) -> Iterator[tuple[str, Form]]:
    """Yield what a regular verb's form may come from, with the form it then is."""
    yield word, "base"
    endings: tuple[tuple[str, Form], ...] = (("ing", "ing"), ("ed", "ed"), ("es", "s"), ("s", "s"))
    for ending, form in endings:
        stem = word.removesuffix(ending)
        if stem == word or len(stem) < 3:
            continue
        yield stem, form
        if ending != "s":
            yield stem + "e", form
        if stem[-1] == stem[-2] and ending in ("ing", "ed"):
            yield stem[:-1], form
        if stem[-1] == "i" and ending in ("ed", "es"):
            yield stem[:-1] + "y", form
