"""Stage 1 of 5, part: where the reading of subjects stands in its sentence. Makes no subject."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.acting import Clause
from soundstage.plan.drafting import (
    is_a_verb_or_is,
)
from soundstage.plan.phrases import Deed, Mark, NounPhrase
from soundstage.plan.referring import Company
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.drafts import Draft
    from soundstage.plan.phrases import Node

#: Phrases and marks a verb may stand behind its noun.
_REACH = 16
_PASSED = frozenset({Role.RELATIVE, Role.ADVERB, Role.PREPOSITION, Role.OF, Role.SIMILE})
WORN = "clothing"
BODY = "body"
#: What these govern is what a thing is made of or lit by, not a thing beside it.
CONSISTS = frozenset({
    "made of", "made from", "made out of", "covered in", "covered with", "filled with", "full of", "lit by",
    "illuminated by", "bathed in", "dressed as",
})  # fmt: skip
WEARING = frozenset({"in", "with", "wearing", "dressed in", "clad in"})
COMMAS = frozenset({",", "\N{FULLWIDTH COMMA}", "\N{IDEOGRAPHIC COMMA}"})
AND = frozenset({"and", "&", "n"})


#: What each of several is called: "one throws a jab, the other ducks".
_ONE_OF_THEM = frozenset({
    "one", "the other", "another", "the others", "others", "some", "the first", "the second",
})  # fmt: skip


class Walk:
    """The state of reading one text: who acts, what was said last, what comes next."""

    def __init__(self, known: Sequence[Draft]) -> None:
        self.company = Company(known)
        self.clause = Clause()
        self.nodes: Sequence[Node] = ()
        self.at = 0
        self.last: Draft | None = None  #: the draft made from the node just before, if any
        self.recent: Draft | None = None  #: the draft made last since the last verb: whom "who" means
        self.before: Node | None = None
        self.listed: list[Draft] = []  #: subjects of one list: "a man, a woman and a child"
        self.rank = 0  #: of the phrase before, seen or not
        self.owners: list[NounPhrase] = []  #: who has something and is not seen: "a knight's sword"
        self.count: int | None = None  #: of "a small group" before "of tourists"

    def _ahead(self, by: int = 1) -> Node | None:
        return self.nodes[self.at + by] if self.at + by < len(self.nodes) else None

    def _rank(self, phrase: NounPhrase) -> int:
        """Return how a phrase stands: 0 free, 1 acted on, 2 somewhere, as in `Draft`."""
        clause = self.clause
        if phrase.governor is not None:
            acted_on = clause.deed is None and clause.doing is not None
            return 2 if phrase.governor.role is not Role.OF else self.rank or int(acted_on)
        if clause.filming or (clause.deed is not None and clause.deed.facts.get("depicts")):
            return 0
        return self._free_rank()

    def _free_rank(self) -> int:
        """Return the rank of a phrase without a preposition, by what stands before it."""
        deed, before = self.clause.deed, self.before
        if isinstance(before, Deed):
            return int(self._has_actors() or deed is None)
        if isinstance(before, NounPhrase):
            return int(deed is not None and self._has_actors())
        if before is None:
            return 0
        if before.unit.role in (Role.ADVERB, Role.HEADING, Role.PRONOUN) and deed is not None:
            return int(self._has_actors())
        shared = before.unit.lower in AND and self.last is not None and not self._acts()
        return self.last.rank if shared and self.last is not None else 0

    def _has_actors(self) -> bool:
        clause = self.clause
        return bool(clause.actors or clause.doers) or (clause.deed is not None and clause.deed.form != "s")

    def _acts(self) -> bool:
        """Tell whether a verb of its own stands behind the phrase being read."""
        for by in range(1, _REACH):
            node = self._ahead(by)
            if is_a_verb_or_is(node):
                return True
            passed = isinstance(node, Mark) and node.unit.role in _PASSED
            if not passed and not (isinstance(node, NounPhrase) and node.governor is not None):
                return False
        return False

    def _one_of_them(self, phrase: NounPhrase) -> Draft | None:
        """Return the several of whom "one" or "the other" acts."""
        compared = phrase.article == "the" and phrase.units[-1].lower == "one"  # "the older one"
        if not (compared or phrase.text.lower() in _ONE_OF_THEM) or not isinstance(self._ahead(), Deed):
            return None
        return next((d for d in reversed(self.company.drafts) if d.animate and d.plural), None)

    def _stands_alone(self) -> bool:
        """Tell whether nothing else stands in the phrase's part of the sentence."""
        before, following = self.before, self._ahead()
        opens = before is None and not self.company.drafts
        return opens and not isinstance(following, NounPhrase)

    def _is_past(self) -> bool:
        following = self._ahead()
        return isinstance(following, Deed) and following.form == "ed"

    def _is_somebody(self) -> bool:
        following = self._ahead()
        return isinstance(following, Mark) and following.unit.lower == "who"

    def _is_listed(self, rank: int) -> bool:
        before = self.before
        joined = isinstance(before, Mark) and before.unit.lower in (*AND, *COMMAS)
        return joined and bool(self.listed) and rank == 0
