# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: a sentence as phrases and deeds. Knows no film.

No part-of-speech model: closed classes, the tables and word order decide. A noun phrase runs from its
article to its last noun; a verb ends it once it has a noun ("fireflies dancing"), and describes before that
("dancing fireflies").
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.phrases import Mark, NounPhrase, deed_of, head_of, names_several
from soundstage.plan.units import Role, Unit, units_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.phrases import Node
    from soundstage.plan.words import Word

_NOMINAL = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN, Role.SCENE, Role.ADJECTIVE})
_HEADS = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN})
#: Units of a noun phrase; a longer one is a list without commas.
_LONGEST_PHRASE = 16
_COMMAS = frozenset(",，、")
_GOVERNORS = frozenset({Role.PREPOSITION, Role.OF, Role.SIMILE})


def parse(sentence: Sequence[Word]) -> tuple[Node, ...]:
    """Return a sentence's phrases, deeds and other units in order; together they hold every unit once."""
    return tuple(_Parser(tuple(units_of(sentence))).run())


class _Parser:
    """One pass over a sentence's units."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self.units = units
        self.at = 0
        self.nodes: list[Node] = []
        self.governor: Unit | None = None
        self.negated = False
        self.verb_at = -1  #: where a phrase ended because its verb began

    def run(self) -> list[Node]:
        while self.at < len(self.units):
            unit = self.units[self.at]
            if self.at != self.verb_at and self._starts_phrase(unit):
                self.nodes.append(self._phrase())
                self.governor = None
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
        elif unit.role in _GOVERNORS:
            self.governor = unit
        elif self._is_deed(unit):
            return deed_of(unit)
        return Mark(unit, self.negated, governor)

    def _is_deed(self, unit: Unit) -> bool:
        return unit.role is Role.VERB or (
            unit.role in (Role.NOUN, Role.ADJECTIVE, Role.SCENE, Role.UNKNOWN, Role.NAME)
            and (unit.hit("verbs") is not None or unit.role is Role.UNKNOWN)
        )

    def _next(self, by: int = 1) -> Unit | None:
        return self.units[self.at + by] if self.at + by < len(self.units) else None

    def _starts_phrase(self, unit: Unit) -> bool:
        before = self.nodes[-1] if self.nodes else None
        if unit.role in (Role.DETERMINER, Role.NUMBER):
            return True
        follows_actor = (isinstance(before, NounPhrase) and self.governor is None) or (
            isinstance(before, Mark) and before.unit.role in (Role.PRONOUN, Role.AUXILIARY, Role.ADVERB)
        )
        verb = unit.hit("verbs")
        if unit.role is Role.VERB or (
            verb and follows_actor and unit.role in _NOMINAL and verb.form != "base"
        ):
            return verb is not None and verb.form in ("ing", "ed") and self._describes_next()
        if unit.role is Role.UNKNOWN and follows_actor and unit.lower.endswith(("ing", "s")):
            return False
        return unit.role in _NOMINAL

    def _describes_next(self) -> bool:
        following = self._next()
        before = self.nodes[-1] if self.nodes else None
        if isinstance(before, NounPhrase) and self.governor is None:
            return False
        return following is not None and following.role in _NOMINAL and following.hit("verbs") is None

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
            self.at += 1
        return NounPhrase(tuple(units), head_of(units), self.governor, self.negated)

    def _continues(self, unit: Unit, units: list[Unit], candidate: Unit | None) -> bool:
        if not units:
            return True
        if len(units) >= _LONGEST_PHRASE:
            return False
        if candidate is not None and self._is_verb_after(unit, units, candidate):
            self.verb_at = self.at
            return False
        following = self._next()
        nominal_next = following is not None and (following.role in _NOMINAL or following.role is Role.VERB)
        rules = {
            Role.DETERMINER: candidate is None and units[-1].role is Role.DETERMINER,
            Role.NUMBER: candidate is None,
            Role.CONJUNCTION: self._joins_adjectives(unit, units, candidate),
            Role.BREAK: unit.lower in _COMMAS and self._joins_adjectives(unit, units, candidate),
            Role.ADVERB: candidate is None and nominal_next,
            Role.VERB: candidate is None and self._verb_describes(unit, units),
        }
        return rules.get(unit.role, unit.role in _NOMINAL)

    def _verb_describes(self, unit: Unit, units: list[Unit]) -> bool:
        verb, following = unit.hit("verbs"), self._next()
        if verb is None or following is None:
            return False
        if verb.form in ("ing", "ed"):
            return following.role in _NOMINAL or following.role is Role.VERB
        # "the swing dance floor": a bare verb between an article and a noun is half of a compound.
        return verb.form == "base" and bool(units) and following.role in _HEADS

    def _joins_adjectives(self, unit: Unit, units: list[Unit], candidate: Unit | None) -> bool:
        following, later = self._next(), self._next(2)
        if following is None or candidate is not None:
            return False
        describing = (
            units[-1].role is Role.ADJECTIVE or units[-1].describes or units[-1].hit("verbs") is not None
        )
        if unit.role is Role.CONJUNCTION:
            return (
                unit.lower == "and" and describing and following.role is Role.ADJECTIVE and later is not None
            )
        article = units[0].role in (Role.DETERMINER, Role.NUMBER)
        return article and describing and (following.role in _NOMINAL or following.role is Role.VERB)

    def _is_verb_after(self, unit: Unit, units: list[Unit], candidate: Unit) -> bool:
        """Tell whether a unit behind a phrase's noun is its verb rather than more of its name."""
        verb, following = unit.hit("verbs"), self._next()
        nominal_next = following is not None and following.role in (
            Role.NOUN, Role.SCENE, Role.UNKNOWN, Role.ADJECTIVE,
        )  # fmt: skip
        if verb is None:
            return unit.role in (Role.UNKNOWN, Role.NAME) and self._is_unknown_verb(unit, units, candidate)
        if verb.form in ("ing", "ed"):
            # "sun drenched terrace", "forest glowing orbs": behind a place it still describes what follows.
            describes = candidate.role is Role.SCENE and nominal_next
            return not describes or (verb.form == "ing" and unit.role is not Role.SCENE)
        if unit.role is Role.VERB:
            return verb.form == "s" or names_several(candidate) or not nominal_next
        if candidate.role is Role.SCENE:
            return False
        if verb.form == "s":
            return not names_several(candidate) and (following is None or following.role is not Role.VERB)
        return self._joined() or (names_several(candidate) and not nominal_next)

    def _joined(self) -> bool:
        """Tell whether the phrase being read is the second of two actors: "a boy and his dog watch …"."""
        if len(self.nodes) < 2 or self.governor is not None:
            return False
        first, mark = self.nodes[-2:]
        return isinstance(first, NounPhrase) and isinstance(mark, Mark) and mark.unit.lower == "and"

    def _is_unknown_verb(self, unit: Unit, units: list[Unit], candidate: Unit) -> bool:
        following = self._next()
        word = unit.lower
        if word.endswith("ing") and len(word) > 5:
            return True
        if word.endswith("ed") and len(word) > 4:
            return following is None or following.role not in _NOMINAL
        single = units[0].lower in ("a", "an", "the", "one") or candidate.role is Role.NAME
        return (
            single and word.endswith("s") and not word.endswith(("ss", "us")) and not names_several(candidate)
        )
