"""Stage 1 of 5, part: everybody a text names, mention by mention, and the names they get. Knows no quote."""

from __future__ import annotations

import functools
import re
from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise
from operator import attrgetter
from typing import TYPE_CHECKING

from soundstage.plan.chinese import clauses
from soundstage.plan.grammar import parse
from soundstage.plan.naming import Named, is_bare, named_in, noun_kind
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.phrases import Deed, NounPhrase
from soundstage.plan.speech_words import sentences_in, without_stops
from soundstage.plan.words import is_mostly_han, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.phrases import Node
    from soundstage.plan.words import Word

_NAMED = lazy_pattern(
    r",?\s*(?:named|called|known as|whose name is|is named|is called|by the name of)?\s*,?\s*"
)
_INDEFINITE = lazy_pattern(r"(?:an?|the|his|her|their)\b", re.IGNORECASE)
_PARENTHESES = lazy_pattern(r"\([^()\n]{0,120}\)")
#: Words of a text in which people are looked for; 2,500 characters of prose have 450.
_MOST_WORDS = 500
#: Characters between two phrases that are one person: ", also known as ".
_REACH = 24
_start = attrgetter("start")
#: What anybody may be called behind their name or office.
_GENERAL = (["woman"], ["man"], ["girl"], ["boy"], ["lady"], ["person"], ["guy"], ["figure"])
_IN_COMMAS = lazy_pattern(r",\s(?:an?\s)?")


@functools.lru_cache(maxsize=64)
def people_in(text: str) -> tuple[Named, ...]:
    """Return everybody a text names, in order, each mention by itself."""
    found: list[Named] = []
    left = _MOST_WORDS
    told = _PARENTHESES.sub(lambda m: " " * len(m[0]), without_stops(text))
    words_of_all = split_words(told)
    after = 0
    for at, (start, end) in enumerate(sentences_in(text)):
        first = bisect_left(words_of_all, start, lo=after, key=_start)
        after = bisect_left(words_of_all, end, lo=first, key=_start)
        words = words_of_all[first:after]
        left -= len(words)
        if left < 0:
            break
        nodes = clauses.parse(words) if is_mostly_han(words) else _with_end(words_of_all, first, after)
        for index, node in enumerate(nodes):
            who = named_in(node, told, nodes[index + 1 : index + 3])
            if (
                who is None
                or not who.name
                or (isinstance(node, NounPhrase) and noun_kind(node) in ("", "written"))
            ):
                continue
            acted_on = index > 0 and isinstance(nodes[index - 1], Deed)
            if isinstance(node, NounPhrase) and not who.several and is_bare(node):
                continue  # "slow and patient" names no patient
            found.append(
                replace(who, sentence=at, free=who.free and not acted_on),
            )
    return tuple(found)


def _with_end(words: Sequence[Word], first: int, after: int) -> Sequence[Node]:
    """Return a sentence's nodes; the mark that ends it goes along, so that the grammar reads it but once."""
    ends = after < len(words) and words[after].ends
    return parse(words[first : after + 1 if ends else after])


def apposed(text: str, people: Sequence[Named], at: int) -> Named:
    """Return somebody by the name they were met under: "the captain, a woman in a parka," is the captain."""
    who, before = people[at], people[at - 1] if at else None
    if before is None or before.several or who.several or not before.free:
        return who
    general = who.name.lower().split()[-1:] in _GENERAL and before.kind == "person"
    one = _IN_COMMAS.fullmatch(text[before.end : who.start]) is not None
    return replace(who, name=before.name) if general and one else who


def aliases_in(text: str, people: Sequence[Named]) -> tuple[tuple[str, str], ...]:
    """Return (other name, name) of people a text gives a name: "a baker named Tom", "Tom, an old baker"."""
    found: list[tuple[str, str]] = []
    for first, second in pairwise(people):
        near = second.start - first.end <= _REACH and not first.several and not second.several
        if near and first.person and second.person:
            found += _told_together(first, second, text)
    for who in people:
        found += _named_inside(who.name)
    heads = [who.name.split()[-1] for who in people if not who.several]
    for alias, name in list(found):
        head = alias.split()[-1]
        shared = {other for other, _ in found if other.split()[-1] == head}
        if head not in shared and (heads.count(head) < 2 or len(shared) < 2):
            found.append((head, name))  # of two men with names, "man" is neither
    return tuple(found)


def _told_together(first: Named, second: Named, text: str) -> list[tuple[str, str]]:
    """Return the alias two mentions side by side tell."""
    between = text[first.end : second.start]
    if "@" in text[max(0, first.start - 1) : first.start + 1]:  # "@Element1, a knight"
        told = between.strip(" ,:=(") in ("", "is") and "@" not in text[second.start - 1 : second.start + 1]
        return [(first.name.lstrip("@"), second.name)] if told else []
    common = first.name[:1].islower()
    if common and second.name[:1].isupper() and _NAMED.fullmatch(between):
        return [(first.name, second.name)]
    added = between.strip() == "," and _INDEFINITE.match(text, second.start)
    return [(second.name, first.name)] if _is_proper(first) and second.name[:1].islower() and added else []


def _named_inside(name: str) -> list[tuple[str, str]]:
    """Return that the grandson of "grandson Luca" is Luca."""
    words = name.split()
    at = next((index for index, word in enumerate(words) if word[:1].isupper()), 0)
    if not at or not all(word[:1].isupper() for word in words[at:]):
        return []
    proper = " ".join(words[at:])
    return [(name, proper), (" ".join(words[:at]), proper)]


def _is_proper(who: Named) -> bool:
    return who.kind == "person" and all(word[:1].isupper() and "-" not in word for word in who.name.split())
