# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: a sentence as phrases and deeds. Knows no film.

No part-of-speech model: closed classes, the tables and word order decide. A noun phrase runs from its
article to its last noun; a verb ends it once it has a noun ("fireflies dancing"), and describes before that
("dancing fireflies").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.inflection import stem_of
from soundstage.plan.lexicon import lexicon
from soundstage.plan.units import Role, Unit, gap_between, units_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.words import Word

_NOMINAL = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN, Role.SCENE, Role.ADJECTIVE})
_STARTS = _NOMINAL | {Role.DETERMINER, Role.NUMBER}
_HEADS = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN})
#: Units of a noun phrase; a longer one is a list without commas.
_LONGEST_PHRASE = 16
_COMMAS = frozenset(",，、")
_GOVERNORS = frozenset({Role.PREPOSITION, Role.OF, Role.SIMILE})


@dataclass(frozen=True, slots=True)
class NounPhrase:
    """Something named, with what is said of it."""

    units: tuple[Unit, ...]
    head: (
        int | None
    )  #: index of its head among the units; None when it ends in a place, a time or a film word
    governor: Unit | None  #: the preposition before it
    negated: bool

    @property
    def noun(self) -> Unit | None:
        """The unit that names it."""
        return None if self.head is None else self.units[self.head]

    @property
    def article(self) -> str:
        """Its determiner in lower case; empty when it has none."""
        return next((unit.lower for unit in self.units if unit.role is Role.DETERMINER), "")

    @property
    def number(self) -> int | None:
        """How many, where the prompt says so."""
        hits = (unit.hit("numbers") for unit in self.units if unit.role is Role.NUMBER)
        return next((int(hit.name) for hit in hits if hit), None)

    @property
    def modifiers(self) -> tuple[Unit, ...]:
        """The describing units before the head."""
        skipped = (Role.DETERMINER, Role.NUMBER, Role.CONJUNCTION, Role.BREAK)
        return (
            tuple(unit for unit in self.units[: self.head] if unit.role not in skipped) if self.head else ()
        )

    @property
    def text(self) -> str:
        """As the prompt has it."""
        made = self.units[0].text
        for unit in self.units[1:]:
            made += gap_between(made, unit.text) + unit.text
        return made


@dataclass(frozen=True, slots=True)
class Deed:
    """A verb in one of its forms; `stem` is its base."""

    unit: Unit
    stem: str
    action: str  #: the entry's name; the stem when no table knows the verb
    form: str
    state: bool = False  #: it describes and moves nothing
    speech: bool = False
    animate: bool = False  #: only people and animals do it


@dataclass(frozen=True, slots=True)
class Mark:
    """Any other unit, in its place."""

    unit: Unit
    negated: bool = False
    governor: Unit | None = None


Node = NounPhrase | Deed | Mark


def parse(sentence: Sequence[Word]) -> tuple[Node, ...]:
    """Return a sentence's phrases, deeds and other units in order; together they hold every unit once."""
    return tuple(_Parser(tuple(units_of(sentence))).run())


def deed_of(unit: Unit) -> Deed:
    """Return the verb a unit stands for; a word no table knows gets a guessed stem."""
    hit = unit.hit("verbs")
    first = unit.words[0].lower
    if hit is None:
        # "drifts through" is known as a camera's move; said of anything else it is its first word's deed.
        hit = next(iter(lexicon().meanings(first, "verbs")), None)
    if hit is None:
        return Deed(unit, stem_of(first), stem_of(first), "s", state=unit.hit("camera_moves") is not None)
    facts = hit.entry.facts
    return Deed(
        unit,
        hit.stem,
        hit.name,
        hit.form,
        state=bool(facts.get("state")),
        speech=bool(facts.get("speech")),
        animate=bool(facts.get("animate")),
    )


class _Parser:
    """One pass over a sentence's units."""

    def __init__(self, units: tuple[Unit, ...]) -> None:
        self.units = units
        self.at = 0
        self.nodes: list[Node] = []
        self.governor: Unit | None = None
        self.negated = False

    def run(self) -> list[Node]:
        while self.at < len(self.units):
            unit = self.units[self.at]
            if self._starts_phrase(unit):
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
        return NounPhrase(tuple(units), _head_of(units), self.governor, self.negated)

    def _continues(self, unit: Unit, units: list[Unit], candidate: Unit | None) -> bool:
        if not units:
            return True
        if len(units) >= _LONGEST_PHRASE:
            return False
        if candidate is not None and self._is_verb_after(unit, units, candidate):
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
            return verb.form == "s" or _is_plural(candidate) or not nominal_next
        if candidate.role is Role.SCENE:
            return False
        if verb.form == "s":
            return not _is_plural(candidate) and (following is None or following.role is not Role.VERB)
        return _is_plural(candidate) and not nominal_next

    def _is_unknown_verb(self, unit: Unit, units: list[Unit], candidate: Unit) -> bool:
        following = self._next()
        word = unit.lower
        if word.endswith("ing") and len(word) > 5:
            return True
        if word.endswith("ed") and len(word) > 4:
            return following is None or following.role not in _NOMINAL
        single = units[0].lower in ("a", "an", "the", "one") or candidate.role is Role.NAME
        return single and word.endswith("s") and not word.endswith(("ss", "us")) and not _is_plural(candidate)


def _head_of(units: Sequence[Unit]) -> int | None:
    for at in range(len(units) - 1, -1, -1):
        unit = units[at]
        if unit.role is Role.SCENE:
            return None
        if unit.role in (Role.NOUN, Role.NAME):
            return at
        if unit.role is Role.UNKNOWN:
            bare = not any(other.role in (Role.DETERMINER, Role.NUMBER) for other in units[:at])
            if unit.describes and (bare or at < len(units) - 1):
                continue
            return at
    return None


def _is_plural(unit: Unit) -> bool:
    hit = unit.hit("nouns") or unit.hit("places")
    if hit is not None:
        return hit.form == "plural"
    word = unit.lower
    return unit.role is Role.UNKNOWN and word.endswith("s") and not word.endswith(("ss", "us", "is"))


def is_plural(phrase: NounPhrase) -> bool:
    """Tell whether a phrase means several without saying how many."""
    if phrase.noun is None or phrase.article in ("a", "an", "this", "that", "another", "each", "every"):
        return False
    return _is_plural(phrase.noun)
