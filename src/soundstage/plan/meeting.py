"""Stage 1 of 5, part: everybody a text names, mention by mention, and the names they get. Knows no quote."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING

from soundstage.plan.chinese import clauses
from soundstage.plan.grammar import parse
from soundstage.plan.naming import Named, is_bare, named_in, noun_kind
from soundstage.plan.phrases import Deed, NounPhrase
from soundstage.plan.speech_words import sentences_in, without_stops
from soundstage.plan.words import is_mostly_han, split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

_NAMED = re.compile(
    r",?\s*(?:named|called|known as|whose name is|is named|is called|by the name of)?\s*,?\s*"
)
_INDEFINITE = re.compile(r"(?:an?|the|his|her|their)\b", re.IGNORECASE)
_PARENTHESES = re.compile(r"\([^()\n]{0,120}\)")
#: Characters between two phrases that are one person: ", also known as ".
_REACH = 24


def people_in(text: str) -> tuple[Named, ...]:
    """Return everybody a text names, in order, each mention by itself."""
    found: list[Named] = []
    for at, (start, end) in enumerate(sentences_in(text)):
        clause = _PARENTHESES.sub(lambda m: " " * len(m[0]), without_stops(text[start:end]))
        words = split_words(clause)
        nodes = clauses.parse(words) if is_mostly_han(words) else parse(words)
        for index, node in enumerate(nodes):
            who = named_in(node, clause, nodes[index + 1 : index + 3])
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
                replace(
                    who,
                    start=who.start + start,
                    end=who.end + start,
                    sentence=at,
                    free=who.free and not acted_on,
                )
            )
    return tuple(found)


def aliases_in(text: str, people: Sequence[Named]) -> tuple[tuple[str, str], ...]:
    """Return (other name, name) of people a text gives a name: "a baker named Tom", "Tom, an old baker"."""
    found: list[tuple[str, str]] = []
    for first, second in pairwise(people):
        between = text[first.end : second.start]
        if len(between) > _REACH or first.several or second.several or not (first.person and second.person):
            continue
        if "@" in text[max(0, first.start - 1) : first.start + 1]:
            if between.strip(" ,:=(") in ("", "is"):
                found.append((first.name.lstrip("@"), second.name))  # "@Element1, a knight"
            continue
        proper = second.name[:1].isupper() and first.name[:1].islower()
        if proper and _NAMED.fullmatch(between):
            found.append((first.name, second.name))
        elif (
            _is_proper(first)
            and second.name[:1].islower()
            and between.strip() == ","
            and _INDEFINITE.match(text, second.start)
        ):
            found.append((second.name, first.name))
    for who in people:
        words = who.name.split()
        first_name = next((at for at, word in enumerate(words) if word[:1].isupper()), 0)
        if first_name > 0 and all(word[:1].isupper() for word in words[first_name:]):  # "her grandson Luca"
            proper_name = " ".join(words[first_name:])
            found += [(who.name, proper_name), (" ".join(words[:first_name]), proper_name)]
    heads = [who.name.split()[-1] for who in people if not who.several]
    for alias, name in list(found):
        if (
            heads.count(alias.split()[-1]) > 1
            and len({a for a, _ in found if a.split()[-1] == alias.split()[-1]}) > 1
        ):
            continue  # two men with names: "man" is neither
        head = alias.split()[-1]
        if head != alias and not any(head == other for other, _ in found):
            found.append((head, name))
    return tuple(found)


def _is_proper(who: Named) -> bool:
    return who.kind == "person" and all(word[:1].isupper() and "-" not in word for word in who.name.split())
