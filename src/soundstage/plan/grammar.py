# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: a sentence as phrases and deeds. Knows no film.

No part-of-speech model: closed classes, the tables and word order decide. `tagging` has told verbs from
nouns; here a noun phrase runs from its article to its last noun.
"""

from __future__ import annotations

import functools
from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.elements import read_references
from soundstage.plan.lexicon import lexicon
from soundstage.plan.phrases import Deed, Mark, NounPhrase, acts_on, deed_of, has_owner, head_of
from soundstage.plan.scenery import acting_kind
from soundstage.plan.surroundings import NOMINAL
from soundstage.plan.tagging import tag
from soundstage.plan.units import Role, Unit, units_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soundstage.plan.phrases import Node
    from soundstage.plan.words import Word

_HEADS = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN})
#: Units of a noun phrase; a longer one is a list without commas.
_LONGEST_PHRASE = 16
_COMMAS = frozenset(",，、")
_GOVERNORS = frozenset({Role.PREPOSITION, Role.OF, Role.SIMILE})
#: Prepositions that belong to a verb of handling before them: "takes out", "sets down", "pulls off".
_PARTICLES = frozenset({"out", "up", "down", "off"})
_HANDLING = frozenset(
    {
        "hold",
        "carry",
        "pick",
        "catch",
        "throw",
        "give",
        "put",
        "pull",
        "push",
        "open",
        "close",
        "lift",
        "cut",
        "hand",
    }
)
#: Verbs that make a past form behind them passive, besides "is" and its like.
_PASSIVE_VERBS = frozenset({"get", "be"})


def parse(sentence: Sequence[Word]) -> tuple[Node, ...]:
    """Return a sentence's phrases, deeds and other units in order; together they hold every unit once."""
    return _parse(tuple(sentence))


@functools.lru_cache(maxsize=256)  # several readers ask for the sentences of a prompt
def _parse(sentence: tuple[Word, ...]) -> tuple[Node, ...]:
    return tuple(_Parser(tag(tuple(_parted(sentence)))).run())


def _parted(sentence: Sequence[Word]) -> Iterator[Unit]:
    """Yield a sentence's units; what a camera's move is called is parted where somebody else moves.

    "The camera drifts through" is one wording; in "a boat drifts through the fog" it is a verb and more.
    """
    mover: Unit | None = None
    before: Unit | None = None
    filming = False
    for unit in units_of(read_references(sentence)):
        several = len(unit.words) > 1
        filming = filming or unit.role is Role.CARRIER or any(h.table == "framings" for h in unit.hits)
        moves = several and mover is not None and not filming and _is_move(unit)
        acts = several and unit.role is Role.NOUN and before is not None and before.role is Role.NOUN
        tells = several and unit.role is Role.SCENE and _is_telling(unit)
        if moves or tells or (acts and _is_deed(unit)):
            yield from units_of(unit.words[:1])
            yield from units_of(unit.words[1:])
        else:
            yield unit
        if unit.role in (Role.NOUN, Role.NAME, Role.PRONOUN, Role.UNKNOWN):
            mover = unit
        elif unit.role is Role.BREAK:
            mover = None
        before = unit


def _is_move(unit: Unit) -> bool:
    return any(hit.table in ("moves", "camera_moves") for hit in unit.hits)


def _is_deed(unit: Unit) -> bool:
    """Tell whether a name may be a deed: "playing cards" behind "they sit at a table"."""
    hits = lexicon().phrases.get((unit.words[0].lower,), ())
    return any(hit.table == "verbs" and hit.form == "ing" and acts_on(hit) for hit in hits)


def _is_telling(unit: Unit) -> bool:
    """Tell whether a wording of the weather is a sentence of its own: "clouds drift", "fog rolling in"."""
    known, first = lexicon().phrases, unit.words[0]
    acts = any(hit.table == "verbs" for hit in known.get((unit.words[1].lower,), ()))
    weather = {hit.entry.name for hit in known.get((first.lower,), ()) if hit.table == "weathers"}
    same = any(hit.table == "weathers" and hit.entry.name in weather for hit in unit.hits)
    return acts and same and bool(acting_kind(Unit((first,), Role.SCENE)))


class _Parser:
    """One pass over a sentence's units."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.at = 0
        self.nodes: list[Node] = []
        self.governor: Unit | None = None
        self.negated = False

    def run(self) -> list[Node]:
        while self.at < len(self.units):
            unit = self.units[self.at]
            if unit.role in (Role.DETERMINER, Role.NUMBER) or unit.role in NOMINAL:
                self.nodes.append(self._phrase())
                self.governor = None
                self.negated = self.negated and self._goes_on()
            else:
                self.nodes.append(self._single(unit))
                self.at += 1
        return self.nodes

    def _single(self, unit: Unit) -> Node:
        governor, self.governor = self.governor, None
        if unit.role is Role.BREAK or unit.lower == "but":
            self.negated = False
        elif unit.role is Role.NEGATOR:
            self.negated = True
        elif self._is_particle(unit):
            return Mark(replace(unit, role=Role.ADVERB))
        elif unit.role in _GOVERNORS:
            self.governor = unit
        elif unit.role is Role.VERB and self._is_denied():
            self.negated = False
            return Mark(unit, negated=True)  # "without looking"
        elif unit.role is Role.VERB:
            infinitive = governor is not None and governor.lower == "to"
            return deed_of(unit, passive=self._is_passive(), infinitive=infinitive)
        return Mark(unit, self.negated, governor)

    def _is_particle(self, unit: Unit) -> bool:
        """Tell whether a preposition is its verb's and governs nothing: "pulls out a compass"."""
        before, following = self.nodes[-1] if self.nodes else None, self._next()
        handles = isinstance(before, Deed) and before.action in _HANDLING and unit.lower in _PARTICLES
        return handles and following is not None and following.role in (Role.DETERMINER, Role.NUMBER)

    def _goes_on(self) -> bool:
        """Tell whether "no" reaches over what follows: "no people or cars", "no sign of life"."""
        following = self._next(0)
        return following is not None and (
            following.role is Role.OF or following.lower in ("or", "and", "nor")
        )

    def _is_denied(self) -> bool:
        """Tell whether a verb says what is not done: "without looking", "does not move"."""
        before = self.nodes[-1] if self.nodes else None
        if not isinstance(before, Mark):
            return False
        unit = before.unit
        denies = unit.role is Role.AUXILIARY and unit.lower.endswith("n't")
        return unit.role is Role.NEGATOR or denies or unit.lower in ("not", "never", "cannot")

    def _is_passive(self) -> bool:
        for node in reversed(self.nodes[-3:]):
            if isinstance(node, Mark) and node.unit.role in (Role.ADVERB, Role.NEGATOR):
                continue
            if isinstance(node, Deed):
                return node.stem in _PASSIVE_VERBS
            return isinstance(node, Mark) and node.unit.role is Role.AUXILIARY
        return False

    def _next(self, by: int = 1) -> Unit | None:
        return self.units[self.at + by] if self.at + by < len(self.units) else None

    def _phrase(self) -> NounPhrase:
        units: list[Unit] = []
        candidate: Unit | None = None
        while self.at < len(self.units):
            unit = self.units[self.at]
            if not self._continues(unit, units, candidate):
                break
            units.append(unit)
            if unit.role in _HEADS or unit.role is Role.SCENE:
                candidate = unit
            elif unit.role is Role.DETERMINER:
                candidate = None
            self.at += 1
        return NounPhrase(tuple(units), head_of(units), self.governor, self.negated)

    def _continues(self, unit: Unit, units: list[Unit], candidate: Unit | None) -> bool:
        if not units:
            return True
        if len(units) >= _LONGEST_PHRASE:
            return False
        following = self._next()
        nominal_next = following is not None and following.role in NOMINAL
        rules = {
            Role.DETERMINER: candidate is None and (units[-1].role is Role.DETERMINER or has_owner(unit)),
            Role.NUMBER: candidate is None,
            Role.CONJUNCTION: self._joins_adjectives(unit, units, candidate),
            Role.BREAK: unit.lower in _COMMAS and self._joins_adjectives(unit, units, candidate),
            Role.ADVERB: candidate is None and nominal_next,
        }
        return rules.get(unit.role, unit.role in NOMINAL)

    def _joins_adjectives(self, unit: Unit, units: list[Unit], candidate: Unit | None) -> bool:
        following, later = self._next(), self._next(2)
        if following is None or candidate is not None:
            return False
        describing = units[-1].role is Role.ADJECTIVE or units[-1].describes
        if unit.role is Role.CONJUNCTION:
            return (
                unit.lower in ("and", "&", "n")
                and describing
                and following.role is Role.ADJECTIVE
                and later is not None
            )
        article = units[0].role in (Role.DETERMINER, Role.NUMBER)
        return article and describing and following.role in NOMINAL
