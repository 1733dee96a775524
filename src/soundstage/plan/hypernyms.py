"""Stage 1 of 5, part: what is near a word that no table knows. Knows no sentence.

`data/hypernyms.tsv` and `data/verb_hypernyms.tsv` are made from WordNet by scripts/make_hypernyms.py
(licence: data/hypernyms.LICENSE). They are read when the first unknown word is met, and never asked about a
word that a table knows.
"""

from __future__ import annotations

import functools
from bisect import bisect_left
from typing import TYPE_CHECKING

from soundstage.plan.inflection import plural_stems, verb_stems
from soundstage.plan.lexicon import Hit, lexicon
from soundstage.plan.tables import DATA, rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.inflection import Form
    from soundstage.plan.words import Word

#: Words in the longest name the list has: "black widow spider".
LONGEST_NAME = 3


def nearest(words: Sequence[Word], at: int, size: int) -> tuple[int, tuple[Hit, ...]]:
    """Return how many words from `at` on make the longest name known here, and what stands nearest to it.

    Args:
        words: of the sentence.
        at: where the name starts.
        size: how many words the tables know there; what they know is not looked up.
    """
    ahead = words[at : at + LONGEST_NAME]
    if all(map(_is_settled, [word.lower for word in ahead])):
        return 0, ()
    if _opens_name(ahead[0].text):
        for wide in range(len(ahead), max(size, 1), -1):
            hits = _of_name(" ".join(word.text for word in ahead[:wide]))
            if hits:
                return wide, hits
    if size:
        return 0, ()
    word = ahead[0]
    # A capital inside a sentence makes a name of it, unless all is shouted or an article stands before.
    named = at > 0 and word.text[:1].isupper() and not word.text.isupper() and not _has_article(words, at)
    hits = _of_place(word.text) if named else nearest_of(word.lower) or _of_place(word.text)
    return (1, hits) if hits else (0, ())


@functools.lru_cache(maxsize=4096)
def _is_settled(word: str) -> bool:
    """Tell whether a word in lower case needs no looking up here: the tables know it, or it is a mark."""
    return bool(lexicon().phrases.get((word,))) or not word.isalpha()


@functools.lru_cache(maxsize=4096)
def _opens_name(word: str) -> bool:
    """Tell whether some name of several words starts with this one."""
    lines = _lines("hypernyms")
    starts = {f"{word.lower()} ", f"{word} ", f"{word.title()} "}
    return any(
        at < len(lines) and lines[at].startswith(start)
        for start, at in ((start, bisect_left(lines, start)) for start in starts)
    )


@functools.lru_cache(maxsize=4096)
def nearest_of(word: str) -> tuple[Hit, ...]:
    """Return what stands nearest to one word in any of its forms: kinds, places, actions."""
    if len(word) < 3 or not word.isascii():
        return ()
    return (*_of_noun(word), *_of_verb(word))


def nearest_of_name(words: Sequence[Word]) -> tuple[Hit, ...]:
    """Return what stands nearest to a name the tables know only as a sign of some place, "pew"."""
    name = " ".join(word.lower for word in words)
    last = lexicon().phrases.get((words[-1].lower,), ()) if len(words) > 1 else ()
    return _of_noun(name) or tuple(hit for hit in last if hit.table == "nouns") or _of_noun(words[-1].lower)


def _has_article(words: Sequence[Word], at: int) -> bool:
    return any(hit.name == "determiner" for hit in lexicon().phrases.get((words[at - 1].lower,), ()))


def _of_name(name: str) -> tuple[Hit, ...]:
    return _of_noun(name.lower()) or _of_place(name)


def _of_place(name: str) -> tuple[Hit, ...]:
    """Return what kind of place a name of the world's places means: "Kyoto" is a city."""
    return _hits(name.title() if name.isupper() else name, "base") if name[:1].isupper() else ()


def _of_noun(name: str) -> tuple[Hit, ...]:
    hits = _hits(name, "base")
    return hits or next(filter(None, (_hits(stem, "plural") for stem in plural_stems(name, _plurals()))), ())


def _of_verb(word: str) -> tuple[Hit, ...]:
    for stem, form in verb_stems(word):
        entry = lexicon().entry("verbs", _find("verb_hypernyms", stem))
        if entry:
            return (Hit(entry, form, stem, near=True),)
    return ()


def _hits(name: str, form: Form) -> tuple[Hit, ...]:
    found = (reference.partition(":") for reference in _find("hypernyms", name).split())
    entries = (lexicon().entry(table, entry) for table, _, entry in found)
    return tuple(Hit(entry, form, near=True) for entry in entries if entry)


def _find(name: str, word: str) -> str:
    lines = _lines(name)
    at = bisect_left(lines, word + "\t")
    found, _, meaning = lines[at].partition("\t") if at < len(lines) else ("", "", "")
    return meaning if found == word else ""


@functools.cache
def _lines(name: str) -> tuple[str, ...]:
    return tuple((DATA / f"{name}.tsv").read_text("utf-8").splitlines())


@functools.cache
def _plurals() -> dict[str, str]:
    return {plural: noun for noun, plural in rules("inflection")["plurals"].items()}
