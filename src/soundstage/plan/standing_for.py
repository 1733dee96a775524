"""Stage 1 of 5, part: pronouns, "who" and second names, read as those they stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.belongings import Belongings
from soundstage.plan.drafting import (
    describe,
    draft_of,
    draft_of_pronoun,
)
from soundstage.plan.drafts import Draft, head_of, participle_of
from soundstage.plan.phrases import ANIMATE, Deed, Mark, NounPhrase
from soundstage.plan.units import Role
from soundstage.plan.walking import COMMAS

if TYPE_CHECKING:
    from soundstage.plan.units import Unit


#: Pronouns that are somebody though nobody was named.
_UNTOLD = frozenset({"they", "someone", "somebody", "everyone", "everybody"})
#: Articles of somebody already known, of whom an apposition may tell more.
_KNOWN_BY = frozenset({"the", "his", "her", "their", "its"})


class StandingFor(Belongings):
    """Reads words that mean somebody spoken of."""

    def _names_again(self, phrase: NounPhrase) -> Draft | None:
        """Return the one whom "Anna, a young woman" and "an old man named Tom" tell more of."""
        last, before, noun = self.last or self.recent, self.before, head_of(phrase)
        if last is None or phrase.governor is not None or not isinstance(before, Mark):
            return None
        called = before.unit.lower in ("named", "called", "nicknamed")
        if noun.role is Role.NAME and called:
            last.aliases.add(noun.text)
            return last
        hit = noun.hit("nouns")
        told = hit is not None and hit.entry.family in ANIMATE and phrase.article in ("a", "an")
        named = last.named or (last.kind is None and last.noun[:1].isupper() and not last.phrase.article)
        named = named or (
            last.phrase.article in _KNOWN_BY and last.family == "people" and self._goes_on_to_act()
        )
        near = self.at > 1 and self.nodes[self.at - 2] is last.phrase
        if told and named and near and before.unit.lower in COMMAS and not last.doings:
            describe(last, phrase)
            return last
        return None

    def _goes_on_to_act(self) -> bool:
        """Tell whether a comma and a verb stand behind the phrase: "the patient, an old man, smiles"."""
        for by in range(1, 8):
            node = self._ahead(by)
            if isinstance(node, Mark) and node.unit.lower in COMMAS:
                return isinstance(self._ahead(by + 1), Deed)
            placed = isinstance(node, NounPhrase) and node.governor is not None
            if not placed and not (isinstance(node, Mark) and node.unit.role is Role.PREPOSITION):
                return False
        return False

    def _antecedent(self, unit: Unit) -> Draft | None:
        """Return whom "who" or "which" means: the last named, for "who" the last who is somebody."""
        actors = self.clause.actors
        thing = self.recent is None or (not self.recent.animate and self.recent.family != "")
        if unit.lower in ("who", "whom") and thing:
            since = self.recent.order if self.recent is not None else 0
            near = [d for d in self.company.drafts if d.animate and d.order <= since]
            return near[-1] if near else (actors[0] if actors else None)
        return self.recent or (actors[0] if actors else None)

    def _pronoun(self, mark: Mark) -> None:
        unit, clause = mark.unit, self.clause
        gender = next((str(h.entry.facts.get("gender", "")) for h in unit.hits if h.table == "closed"), "")
        gender = "female" if unit.lower == "her" else gender
        of = mark.governor is not None and mark.governor.role is Role.OF
        acted_on = (mark.governor is not None and not of) or isinstance(self.before, Deed)
        self.last = None
        following = self._ahead()
        if unit.lower == "it" and isinstance(following, Deed) and following.action == "rain":
            clause.step_aside()  # "while it rains"
            return
        if acted_on:
            found = self.company.meant(unit.lower, gender, clause.doers or clause.actors, acting=False)
            if found and found[0] not in clause.doers:
                self._meet(mark, found[0])
            return
        found = self.company.meant(unit.lower, gender, clause.actors or clause.lead, acting=True)
        if not found and (gender in ("female", "male") or unit.lower in _UNTOLD):
            found = [self._somebody(unit, gender)]
        if len(found) == 1 and gender in ("female", "male") and found[0].family == "people":
            found[0].gender = gender  # "he grins": a magician whom "she" does not mean from now on
        for draft in found:
            draft.extents.append((unit.start, unit.end))
        if found:
            clause.act(found)
        elif unit.lower in ("i", "we", "you"):
            clause.step_aside()

    def _somebody(self, pronoun: Unit, gender: str) -> Draft:
        """Return a new draft for "she": whose sword was spoken of, else somebody without a name."""
        for phrase in reversed(self.owners):
            draft = draft_of(phrase, rank=0, order=self.company.number())
            if draft.stands_for(pronoun.lower, gender):
                self.owners.remove(phrase)
                self.company.drafts.append(draft)
                return draft
        draft = draft_of_pronoun(pronoun, gender, self.company.number())
        self.company.drafts.append(draft)
        return draft

    def _meet(self, mark: Mark, draft: Draft) -> None:
        clause = self.clause
        draft.extents.append((mark.unit.start, mark.unit.end))
        kind = mark.governor.lower if mark.governor else ""
        if not kind and clause.deed is not None:
            kind = participle_of(clause.deed.stem)
        for doer in clause.doers or clause.actors:
            doer.relate(kind, draft)
        self.last = draft
