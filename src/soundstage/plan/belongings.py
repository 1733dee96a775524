"""Stage 1 of 5, part: clothes, body parts and parts of things, which describe who has them. Knows no verb."""

from __future__ import annotations

from dataclasses import replace

from soundstage.plan.drafting import draft_of
from soundstage.plan.drafts import Draft, head_of
from soundstage.plan.phrases import ANIMATE, Deed, Mark, NounPhrase
from soundstage.plan.referring import owner_of
from soundstage.plan.scenery import acting_kind, action_on
from soundstage.plan.units import Role
from soundstage.plan.walking import BODY, CONSISTS, WEARING, WORN, Walk

#: What these govern is worn, be it known as clothing or not.
_CLOTHING = frozenset({"wearing", "dressed in", "clad in"})
#: Kinds of body parts whose deeds are their owner's.
_DOING_PARTS = frozenset({"hand", "eye", "face"})


class Belongings(Walk):
    """Attaches what somebody has to them."""

    def _is_had(self, phrase: NounPhrase) -> bool:
        """Tell whether a phrase is a part of somebody or their clothes, and keep it with them."""
        hit = head_of(phrase).hit("nouns")
        family = hit.entry.family if hit else ""
        governor = phrase.governor.lower if phrase.governor else ""
        if family in (WORN, BODY) and self._belongs(phrase, family):
            return True
        if family == BODY and self.company.drafts and governor != "of" and self._rank(phrase):
            return True
        if governor in _CLOTHING and self._wears(phrase, governor):
            return True
        if family in ANIMATE:
            return False  # "its mother"
        if phrase.article == "its" and not self._rank(phrase) and self._owner(phrase) is not None:
            self.clause.step_aside()  # "its screen lighting up": a part is nobody beside its whole
            return True
        return False

    def _mean(self, phrase: NounPhrase) -> None:
        """Let a verb mean what it does by what it acts on: "takes off her coat", "draws a dagger"."""
        doing = self.clause.doing
        if doing is not None and isinstance(self.before, Deed) and phrase.noun is not None:
            doing.action = action_on(doing.verb, phrase.noun) or doing.action

    def _acting_scene(self, phrase: NounPhrase) -> Draft | None:
        """Return weather or a place that does something of its own as a subject."""
        kind = acting_kind(phrase.units[-1])
        first, second = self._ahead(), self._ahead(2)
        deed = second if isinstance(first, Mark) and first.unit.role is Role.ADVERB else first
        acts = isinstance(deed, Deed) and not deed.state and not deed.passive
        if not kind or not acts or phrase.governor is not None or isinstance(self.before, Deed):
            return None
        named = replace(phrase, head=len(phrase.units) - 1)
        draft = draft_of(named, rank=0, order=self.company.number())
        draft.kind, draft.family = kind, "phenomenon"
        self.company.drafts.append(draft)
        return draft

    def _describe(self, phrase: NounPhrase, governor: str) -> None:
        """Keep "in white" and "made of marble" with whom they describe."""
        owner = self.last or (self.clause.actors[0] if self.clause.actors else None)
        coloured = governor in WEARING and phrase.units[-1].hit("colours") is not None
        worn = governor == "with" or (governor in WEARING and owner is not None and owner.family == "people")
        worn = (
            worn and phrase.units[-1].hit("places") is None and (self.last is not None or governor == "with")
        )
        if owner is not None and (coloured or worn or governor in CONSISTS):
            owner.attributes.append(f"{governor} {phrase.plain}")

    def _wears(self, phrase: NounPhrase, governor: str) -> bool:
        """Keep what somebody wears, be it known as clothing or not."""
        owner = self.last or (self.clause.actors[0] if self.clause.actors else None)
        if owner is None:
            return False
        owner.attributes.append(f"{governor} {phrase.plain}")
        return True

    def _belongs(self, phrase: NounPhrase, family: str) -> bool:
        """Attach clothes and body parts to who has them; False when nobody is there to have them."""
        owner = self._owner(phrase)
        hit = head_of(phrase).hit("nouns")
        new = (
            phrase.governor is None
            and phrase.article in ("a", "an")
            and hit is not None
            and hit.name == "hand"
        )
        if owner is None or (new and not isinstance(self.before, Deed)):
            return False  # "as a hand strokes its back" is somebody else's
        governor = phrase.governor.lower if phrase.governor else ""
        worn = family == WORN and isinstance(self.before, Deed)
        if governor in WEARING or worn:
            owner.attributes.append(f"{governor or 'wearing'} {phrase.plain}")
        elif governor == "" and not isinstance(self.before, Deed):
            noun = head_of(phrase).hit("nouns")
            if not self._acts():
                owner.attributes.append(phrase.plain)  # "a knight, rusted armor, kneeling"
            elif noun is not None and noun.name in _DOING_PARTS and not self._is_past():
                self.clause.act([owner], behind_comma=True)  # "her hand reaches": she does
            else:
                self.clause.step_aside()  # "her hair blows"
        return True

    def _owner(self, phrase: NounPhrase) -> Draft | None:
        if phrase.owner is not None:
            name = owner_of(phrase.owner).lower()
            return next((d for d in reversed(self.company.drafts) if d.noun.lower().endswith(name)), None)
        gender = {"her": "female", "his": "male", "their": "they", "its": "it"}.get(phrase.article)
        if gender is not None:
            pronoun = {"female": "she", "male": "he"}.get(gender, gender)
            found = self.company.meant(pronoun, gender, self.clause.actors or self.clause.lead, acting=True)
            if found:
                return found[0]
        near = [*self.clause.actors, *self.clause.outer, *reversed(self.company.drafts)]
        return next((draft for draft in near if draft.animate or phrase.governor is not None), None)
