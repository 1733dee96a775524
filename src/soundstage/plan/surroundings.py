# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: what stands around a word of a sentence read from left to right. Decides nothing.

What is behind a word is looked at as it stands in the tables; what is before it, as it was meant.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.lexicon import Hit
from soundstage.plan.phrases import acts_on, is_animate, names_several, takes_plural
from soundstage.plan.units import Role, Unit
from soundstage.plan.verb_readings import UNKNOWN_VERB, forms_of

if TYPE_CHECKING:
    from collections.abc import Sequence

NOMINAL = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN, Role.SCENE, Role.ADJECTIVE})
_HEADS = NOMINAL - {Role.ADJECTIVE}
OPENS = frozenset({Role.DETERMINER, Role.NUMBER})
#: Behind a verb rather than behind a noun that describes another.
AFTER_VERBS = frozenset({
    Role.DETERMINER, Role.NUMBER, Role.PREPOSITION, Role.ADVERB, Role.PRONOUN, Role.HEADING, Role.ADVERBIAL,
    Role.BREAK, Role.CONJUNCTION, Role.SIMILE, Role.RELATIVE, Role.NEGATOR,
})  # fmt: skip
#: Conjunctions that open a clause with an actor of its own.
_CLAUSES = frozenset({
    "while", "as", "when", "whenever", "until", "because", "although", "though", "once", "whilst", "just as",
    "even as", "but", "so", "if", "before", "after", "yet", "since",
})  # fmt: skip
_COMMAS = frozenset(",，、—–")
#: Stands for a clause's verb where it is but "is".
_AUXILIARY = Hit(UNKNOWN_VERB, "s", "be")


class Surroundings:
    """The state of one pass over a sentence's units."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self.units = units
        self.at = 0
        self.before: Unit | None = None  #: the unit before, adverbs left out
        self.opened = ""  #: the article of the phrase being read
        self.in_phrase = False
        self.head: Unit | None = None  #: the noun of the phrase being read, if it has one
        self.governor: Unit | None = None
        self.subject: Unit | None = None
        self.joined = False  #: the subject is the second of two
        self.finite: Hit | None = None  #: the verb the clause has
        self.fresh = True  #: nothing stands between here and a comma but a phrase
        self.deed: Hit | None = None  #: the last verb at all

    def _waits(self) -> bool:
        """Tell whether the clause still has no verb."""
        return self.finite is None

    def _several_wait(self) -> bool:
        several = self.subject is not None and takes_plural(self.subject)
        return several and self.finite is None and self.governor is not None

    def _role_of(self, at: int) -> Role:
        return self.units[at].role if at < len(self.units) else Role.BREAK

    def _is_next(self, at: int, word: str) -> bool:
        return at + 1 < len(self.units) and self.units[at + 1].lower == word

    def _forms_at(self, at: int) -> tuple[str, ...]:
        return tuple(hit.form for hit in forms_of(self.units[at])) if at < len(self.units) else ()

    def _nominal_at(self, at: int) -> bool:
        """Tell whether a noun, or what describes one, stands at `at`."""
        if at >= len(self.units):
            return False
        unit = self.units[at]
        if unit.role is Role.ADVERB:
            return self._role_of(at + 1) is Role.ADJECTIVE and self._nominal_at(at + 2)
        if unit.role is Role.VERB:
            return unit.hits[0].form in ("ing", "ed") and self._nominal_at(at + 1) if unit.hits else False
        return unit.role in NOMINAL

    def _has_noun_behind(self, at: int) -> bool:
        return self._nominal_at(at + 1) or self._role_of(at + 1) in (Role.VERB, Role.NUMBER)

    def _opens_deeds(self, at: int) -> bool:
        """Tell whether the first of two verbs of somebody stands at `at`: "the man smiles and says"."""
        living = self.subject is not None and is_animate(self.subject) and not names_several(self.subject)
        joined = self._role_of(at + 1) is Role.CONJUNCTION and "s" in self._forms_at(at + 2)
        return living and joined and self.deed is None

    def _is_sensed(self, at: int) -> bool:
        """Tell whether a bare verb stands at `at` behind one that senses: "watches her go"."""
        senses = self.deed is not None and bool(self.deed.entry.facts.get("sense"))
        return senses and self._role_of(at) is Role.VERB and "base" in self._forms_at(at)

    def _follows_relative(self, at: int) -> bool:
        role = self._role_of(at + 1)
        forms = self._forms_at(at + 1)
        return role in (Role.VERB, Role.AUXILIARY, Role.PRONOUN, Role.ADVERB, Role.NEGATOR) or any(
            form in ("s", "ed") for form in forms
        )

    def _is_told_here(self, at: int) -> bool:
        """Tell whether a clause that waits for its verb gets none behind the word at `at`."""
        waits = self._waits() and self.subject is not None and self.governor is not None and not self.opened
        later = any(form in ("s", "ed") for form in self._forms_at(at + 1))
        return waits and not later and self._role_of(at + 1) is not Role.AUXILIARY

    def _ends_a_governed(self, at: int, *, many: bool) -> bool:
        """Tell whether a phrase behind a preposition is whole: "an alien with big eyes waves at us"."""
        waits = self._waits() and self.governor is not None and self.governor.role is not Role.OF
        single = self.subject is not None and is_animate(self.subject) and not names_several(self.subject)
        return waits and single and (many or bool(self.opened)) and self._role_of(at + 1) in AFTER_VERBS

    def _cannot_be_several(self, unit: Unit) -> bool:
        """Tell whether a plural cannot be what an article opened: "a cat in a chef hat cooks"."""
        noun, head = unit.hit("nouns"), self.head
        known = noun is not None and noun.form == "plural" and self.opened in ("a", "an", "another")
        return known and self._waits() and head is not None and head.hit("nouns") is not None

    def _is_listed_alone(self, at: int, hit: Hit) -> bool:
        """Tell whether a bare verb at `at`, behind a mark, is none: "she dances, dust in the air"."""
        if self.before is None or self.before.role is not Role.BREAK or hit.form != "base":
            return False
        if self.deed is None:
            return self._role_of(at + 1) is Role.BREAK
        single = self.subject is not None and self.subject.role in _HEADS and not takes_plural(self.subject)
        return single and self.deed.form != "base" and self._role_of(at + 1) is not Role.DETERMINER

    def _has_its_verb(self, at: int, *, follows: bool) -> bool:
        """Tell whether what could be a noun at `at` is what the phrase being read does."""
        waits = self.head is not None and is_animate(self.head) and self._waits() and self.governor is None
        if waits and self.units[at].role is Role.VERB:
            return True  # "an elderly couple slow dances"
        before = self.before.lower if self.before is not None else ""
        if before == "one" and at > 1 and self.units[at - 2].role is Role.ADJECTIVE and not follows:
            return True  # "the older one slides a photo across"
        other = self.opened == "the" and before == "other"
        # "One throws a jab, the other ducks"
        return other and not follows and any(unit.lower == "one" for unit in self.units[:at])

    # what is remembered

    def _note(self, unit: Unit) -> None:
        role = unit.role
        if role is Role.ADVERB:
            return
        if role in OPENS:
            if self.head is not None or not self.in_phrase:
                self.opened = unit.lower
            self.in_phrase, self.head = True, None
        elif role in NOMINAL:
            self._note_noun(unit)
        else:
            self._note_other(unit)
        self.before = unit

    def _note_noun(self, unit: Unit) -> None:
        if not self.in_phrase:
            self.opened = ""
        self.in_phrase = True
        if unit.role in _HEADS and not _is_lit_so(unit):
            self.head = unit
            acted_on = self.deed is not None and self.finite is not None and not self.joined
            if self.governor is None and (self.fresh or not acted_on):
                self.subject = unit
                self.finite = None if self.fresh else self.finite

    def _note_other(self, unit: Unit) -> None:
        role = unit.role
        phrase_before = self.head is not None
        if role is Role.RELATIVE:
            self.subject, self.finite = self.head or self.subject, None
        self.in_phrase, self.head, self.opened = False, None, ""
        self.fresh = role in (Role.BREAK, Role.CONJUNCTION)
        if role in (Role.PREPOSITION, Role.OF, Role.SIMILE):
            self.governor = unit
            return
        self.joined = (
            role is Role.CONJUNCTION and unit.lower in ("and", "&", "n") and phrase_before and self._waits()
        )
        governor, self.governor = self.governor, None
        if role is Role.VERB:
            self._note_verb(unit, governor)
        elif role is Role.AUXILIARY:
            self.finite = self.finite or _AUXILIARY
        elif role is Role.PRONOUN:
            self.subject, self.finite = unit, None
        elif role is Role.BREAK and unit.lower not in _COMMAS:
            self.subject, self.finite, self.deed = None, None, None
        elif role is Role.BREAK:
            self.finite = self.finite if self.subject is not None else None
        elif role is Role.CONJUNCTION and unit.lower in _CLAUSES:
            self.subject, self.finite, self.deed = None, None, None

    def _note_verb(self, unit: Unit, governor: Unit | None) -> None:
        hit = unit.hit("verbs")
        self.deed = hit
        form = hit.form if hit else "s"
        if (
            hit is not None
            and form == "ed"
            and (acts_on(hit) or not hit.name)
            and self._role_of(self.at + 1) is Role.PREPOSITION
        ):
            return  # "a donkey loaded with carpets" still waits for its verb
        if form == "s" or (form in ("base", "ed") and not (governor and governor.lower == "to")):
            self.finite = hit or _AUXILIARY


def _is_lit_so(unit: Unit) -> bool:
    """Tell whether a light describes what is behind it: "a dim forge", "rows of glowing plants"."""
    adjective = unit.words[-1].lower.endswith(("ing", "lit", "dim", "bright"))
    return unit.role is Role.SCENE and adjective and unit.hit("lights") is not None
