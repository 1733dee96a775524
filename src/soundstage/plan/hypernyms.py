"""Stage 1 of 5, part: what is near a word that no table knows. Knows no sentence.

`data/hypernyms.tsv` and `data/verb_hypernyms.tsv` are made from WordNet by scripts/make_hypernyms.py (licence:
data/hypernyms.LICENSE). They are read when the first unknown word is met, and never asked about a word that a
table knows.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from importlib.resources import files
from typing import TYPE_CHECKING

from soundstage.plan.inflection import plural_stems, verb_stems
from soundstage.plan.lexicon import Hit, lexicon
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.inflection import Form
    from soundstage.plan.words import Word

#: Words in the longest name the list has: "black widow spider".
LONGEST_NAME = 3


def nearest(words: Sequence[Word], at: int) -> tuple[int, tuple[Hit, ...]]:
    """Return how many words from `at` on make the longest name known here, and what stands nearest."""
    for size in range(min(LONGEST_NAME, len(words) - at), 1, -1):
        if not any(word.breaks for word in words[at : at + size]):
            hits = _nouns(" ".join(word.lower for word in words[at : at + size]))
            if hits:
                return size, hits
    hits = nearest_of(words[at].lower)
    return (1, hits) if hits else (0, ())


@functools.lru_cache(maxsize=4096)
def nearest_of(word: str) -> tuple[Hit, ...]:
    """Return what stands nearest to one word in any of its forms: kinds, places, actions."""
    if len(word) < 3 or not word.isascii():
        return ()
    return (*_nouns(word), *_verbs(word))


def _nouns(name: str) -> tuple[Hit, ...]:
    forms: list[tuple[str, Form]] = [
        (name, "base"),
        *((stem, "plural") for stem in plural_stems(name, _plurals())),
    ]
    for stem, form in forms:
        meaning = _find("hypernyms", stem)
        if meaning:
            return tuple(
                Hit(lexicon().entries[table, entry], form)
                for table, _, entry in (reference.partition(":") for reference in meaning.split())
                if (table, entry) in lexicon().entries
            )
    return ()


def _verbs(word: str) -> tuple[Hit, ...]:
    for stem, form in verb_stems(word):
        action = _find("verb_hypernyms", stem)
        if action and ("verbs", action) in lexicon().entries:
            return (Hit(lexicon().entries["verbs", action], form, stem),)
    return ()


def _find(name: str, word: str) -> str:
    lines = _lines(name)
    at = bisect_left(lines, word + "\t")
    found, _, meaning = lines[at].partition("\t") if at < len(lines) else ("", "", "")
    return meaning if found == word else ""


@functools.cache
def _lines(name: str) -> tuple[str, ...]:
    return tuple(files("soundstage.plan").joinpath("data", f"{name}.tsv").read_text("utf-8").splitlines())


@functools.cache
def _plurals() -> dict[str, str]:
    return {plural: noun for noun, plural in rules("inflection")["plurals"].items()}
