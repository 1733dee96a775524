"""Stage 1 of 5, part: a Chinese verb with its aspect and its direction. Knows no subject."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.chinese import terms
from soundstage.plan.chinese.glossary import glossary, table, verb_hit
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.chinese.lookahead import Clause
    from soundstage.plan.chinese.segmentation import Token
    from soundstage.plan.units import Unit

#: Directions that govern what follows, whatever is done: "放进箱子".
_ALWAYS = frozenset({"into", "on", "to", "toward"})
#: Directions that turn who moves, unless they govern something.
_HEADS = frozenset({"up", "down"})
_LONGEST_DIRECTION = 3


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb as it stands in its clause."""

    unit: Unit
    gloss: str
    end: int  #: behind its last token
    governor: Unit | None  #: what its direction makes of the noun behind it
    heading: Unit | None
    pivots: bool  #: its object does the next deed


def read_verb(clause: Clause, at: int) -> Verb:
    """Return the verb at token `at`, with aspect and direction."""
    first = clause.tokens[at]
    gloss = first.senses.get("verbs", "")
    said, end = first.text[: len(bare(first.simple))], at + 1
    direction, token = _inside(first.simple), first
    while (behind := clause.get(end)) is not None and _belongs(clause, end, first):
        if behind.has("directions") and not (behind.simple == "在" and not _names_next(clause, end)):
            direction, token = behind.senses["directions"], behind
            said += behind.text
        elif behind.simple not in "着了过":
            said += "" if behind.text == first.text else behind.text
        end += 1
    unit = terms.deed(clause.tokens[at:end], said, gloss)
    governor, heading = _directed(clause, end, direction, token, gloss)
    return Verb(unit, gloss, end, governor, heading, first.has("pivots"))


def bare(text: str) -> str:
    """Return a known wording without its aspect: "看着" is "看"."""
    rest = text.rstrip("着了")
    senses = glossary().senses
    gloss = senses.get(rest, {}).get("verbs")
    return (
        rest if gloss and gloss == senses.get(text, {}).get("verbs", gloss) else text
    )  # "打伞" hits nothing


def is_existence(token: Token) -> bool:
    """Tell whether a verb may say that something is there: "有", "放着"."""
    return token.has("existence") or (
        token.has("verbs") and "existence" in glossary().senses.get(bare(token.simple), {})
    )


def _inside(text: str) -> str:
    """Return the direction a known wording ends in: "走进"."""
    senses = glossary().senses
    for size in range(min(_LONGEST_DIRECTION, len(text) - 1), 0, -1):
        direction = senses.get(text[-size:], {}).get("directions")
        if direction and "verbs" in senses.get(text[:-size], {}):
            return direction
    return ""


def _belongs(clause: Clause, at: int, verb: Token) -> bool:
    token = clause.get(at)
    assert token is not None
    if clause.is_of(at) or token.senses.get("particles") in ("object", "passive", "how", "degree"):
        return False
    if token.text == verb.text:
        return clause.tokens[at - 1].simple in "了一"
    if token.senses.get("particles") == "result":
        return len(verb.text) == 1
    if token.text == "在":
        return len(verb.text) < _LONGEST_DIRECTION and _names_next(clause, at)
    if (
        token.has("localizers")
        and clause.tokens[at - 1].has("nouns")
        and not clause.tokens[at - 1].has("verbs")
    ):
        return False
    return token.has("directions") or token.senses.get("particles") == "aspect"


def _names_next(clause: Clause, at: int) -> bool:
    """Tell whether 在 at `at` stands before a place rather than before a verb."""
    return (not clause.is_verb(at + 1) and clause.head_after(at + 1) is not None) or clause.has(
        at + 1, "pronouns"
    )


def _directed(
    clause: Clause, end: int, direction: str, token: Token, gloss: str
) -> tuple[Unit | None, Unit | None]:
    """Return what a direction governs with, or where it turns who moves."""
    if not direction:
        return None, None
    word = token.word
    names = clause.head_after(end) is not None or clause.has(end, "determiners", "pronouns")
    moves = _moves(gloss)
    if names and (direction in _ALWAYS or (moves and direction not in ("up", "back", "away", "here"))):
        return terms.silent(direction, Role.PREPOSITION, word.start), None
    if moves and direction in _HEADS and not names:
        return None, terms.heading(token, direction)
    return None, None


@functools.cache
def _moves(gloss: str) -> bool:
    hit = verb_hit(gloss, gloss)
    return hit is not None and hit.name in _motions()


@functools.cache
def _motions() -> Sequence[str]:
    return tuple(table("grammar")["motion"]["actions"].split())
