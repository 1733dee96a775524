"""Stage 1 of 5, part: who and what is seen, and what they do. Knows no shot and no cast.

Walks a text's phrases and deeds in order. What stands free is a subject, what a verb or a preposition governs
comes after it; clothing and body parts describe who has them; film words are nobody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.drafting import INTO_PLACES, draft_of, is_a_verb_or_is, is_seen, is_view
from soundstage.plan.drafts import Draft, head_of, participle_of
from soundstage.plan.lexicon import lexicon, rules
from soundstage.plan.phrases import Deed, Mark, NounPhrase, deed_of, deed_of_stem, is_plural
from soundstage.plan.referring import owner_phrase
from soundstage.plan.standing_for import StandingFor
from soundstage.plan.units import Role
from soundstage.plan.walking import AND, BODY, COMMAS, CONSISTS, WORN

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.phrases import Node
    from soundstage.plan.sentences import Sentence
    from soundstage.plan.units import Unit

#: Subjects a shot keeps; a picture with more is a crowd. And drafts a text keeps while it is read.
_MOST_SUBJECTS = 8
_MOST_DRAFTS = 48
#: Adverbs without -ly that tell how.
_HOW = frozenset({
    "fast", "hard", "together", "alone", "apart", "backwards", "sideways", "side by side", "in unison",
})  # fmt: skip
#: Words behind which the noun before still counts.
_KEEPING = AND | {"named", "called", "nicknamed"}
#: Conjunctions that open a clause.
_CLAUSES = frozenset({
    "while", "as", "when", "whenever", "until", "because", "although", "though", "once", "whilst", "just as",
    "even as", "but", "so", "if", "yet",
})  # fmt: skip


def read_subjects(sentences: Sequence[Sentence], known: Sequence[Draft] = ()) -> tuple[Draft, ...]:
    """Return the subjects of a text, the main one first; `known` are those of the shots before, for "she"."""
    reader = _Reader(known)
    for sentence in sentences:
        if sentence.seen:
            reader.read(sentence.nodes)
    drafts = reader.company.drafts
    lead = next((draft for draft in drafts if draft.animate and not draft.rank), None)

    def place_of(draft: Draft) -> tuple[int, int]:
        backdrop = draft.rank == 0 and lead is not None and draft.family in ("phenomenon", "plant", "built")
        return (1 if backdrop and not draft.doings else draft.rank, draft.order)

    return tuple(sorted(drafts, key=place_of)[:_MOST_SUBJECTS])


class _Reader(StandingFor):
    """Reads one text's sentences in order."""

    def read(self, nodes: Sequence[Node]) -> None:
        self.nodes, self.last, self.before, self.listed, self.count = nodes, None, None, [], None
        self.recent = None
        self.clause.begin()
        for at, node in enumerate(nodes):
            self.at = at
            if isinstance(node, NounPhrase):
                self._phrase(node)
            elif isinstance(node, Deed):
                self.clause.read(node, self.before, self.last, self._ahead())
                self.last, self.recent, self.listed = None, None, []
            else:
                self._mark(node)
            self.before = node
        self.clause.end()

    # phrases

    def _phrase(self, phrase: NounPhrase) -> None:
        draft = None
        phrase = self._shared(phrase)
        self._mean(phrase)
        if phrase.negated or (phrase.governor and phrase.governor.role is Role.SIMILE):
            if self.clause.actors and phrase.governor and not phrase.negated:
                self.clause.actors[0].attributes.append(f"{phrase.governor.lower} {phrase.plain}")
        elif self._is_deed(phrase):
            pass
        elif is_view(phrase.units[-1]) and len(phrase.units) == 1 and isinstance(self._ahead(), Deed):
            self.clause.film()  # "drone follows a biker"
        elif several := self._one_of_them(phrase):
            self.clause.act([several])
        elif phrase.noun is None:
            self._scene(phrase)
        else:
            draft = self._named(phrase)
        self.last = draft
        self.recent = draft or self.recent

    def _shared(self, phrase: NounPhrase) -> NounPhrase:
        """Return a phrase under the preposition it shares: "with purple hair and a raincoat"."""
        before, first = self.before, self.nodes[self.at - 2] if self.at > 1 else None
        if phrase.governor is not None or phrase.noun is None or not isinstance(first, NounPhrase):
            return phrase
        if first.governor is None or not (isinstance(before, Mark) and before.unit.lower in AND):
            return phrase
        hit = phrase.noun.hit("nouns")
        belongs = hit is not None and hit.entry.family in (WORN, BODY)
        return replace(phrase, governor=first.governor) if belongs or not self._acts() else phrase

    def _is_deed(self, phrase: NounPhrase) -> bool:
        """Read "takes a sip", "in full gallop", "breaks into a run" as what is done."""
        unit = phrase.units[-1]
        stem = rules("inflection")["nominal"].get(unit.lower)
        hit = next(iter(lexicon().meanings(stem, "verbs")), None) if stem else unit.hit("verbs")
        if hit is None or (unit.hit("nouns") and not stem) or unit.hit("places"):
            return False
        verb = deed_of(unit) if stem is None else deed_of_stem(unit, hit.stem)
        governor = phrase.governor.lower if phrase.governor else ""
        deed = self.clause.deed
        if (
            deed is not None
            and deed.stem in rules("inflection")["light"]["verbs"]
            and governor in ("", "into", "for")
        ):
            self.clause.become(verb)
            return True
        if governor == "in" and not phrase.article and (stem or phrase.units[0].lower in ("full", "mid")):
            self.clause.read(verb, Mark(unit), None, None)
            return True
        return False

    def _scene(self, phrase: NounPhrase) -> None:
        # "The sky glows": the verb behind is the sky's, not the dog's of the clause before.
        if isinstance(self._ahead(), Deed) and is_view(phrase.units[-1]):
            self.clause.film()  # "a drone shot following a boy"
        elif draft := self._acting_scene(phrase):
            self._act(draft, phrase, acts=True)
        elif phrase.governor is None and not isinstance(self.before, Deed):
            if is_a_verb_or_is(self._ahead()):
                self.clause.step_aside()
        elif phrase.governor is not None:
            self._describe(phrase, phrase.governor.lower)

    def _named(self, phrase: NounPhrase) -> Draft | None:
        """Return the draft a phrase with a noun makes or means, or None when it is nobody of its own."""
        if self._counts(phrase) or self._is_had(phrase):
            return None
        if self.last is not None and phrase.governor and phrase.governor.role is Role.OF:
            return self._of(phrase, self.last)
        return self._names_again(phrase) or self._draft(phrase)

    def _draft(self, phrase: NounPhrase) -> Draft | None:
        rank, acts = self._rank(phrase), self._acts()
        self.rank = rank
        draft = self.company.same(phrase)
        named = head_of(phrase).role is Role.NAME
        opens = self._stands_alone() or (named and self._is_listed(rank))
        sure = (named and draft is not None) or self._is_somebody()
        if not sure and not is_seen(phrase, rank=rank, opens=opens, acts=acts):
            self._unseen(phrase, rank, acts=acts)
            return None
        if draft is not None:
            draft.attributes += [unit.plain for unit in phrase.modifiers]
            draft.extents.append((phrase.units[0].start, phrase.units[-1].end))
        elif phrase.governor is not None and phrase.governor.lower in CONSISTS:
            self._relate(phrase, rank, None)
        elif len(self.company.drafts) < _MOST_DRAFTS:
            draft = self._new(phrase, rank)
        if draft is not None:
            self._place(draft, phrase, rank, acts=acts)
        return draft

    def _new(self, phrase: NounPhrase, rank: int) -> Draft:
        draft = draft_of(phrase, rank=rank, order=self.company.number())
        if phrase.owner is not None:
            owner = owner_phrase(phrase)
            self.owners += [owner] if owner is not None else []
            draft.attributes.append(f"{phrase.owner.text}")
        if self.count is not None and draft.plural and phrase.number is None:
            draft.count, self.count = self.count, None
        self.company.drafts.append(draft)
        return draft

    def _place(self, draft: Draft, phrase: NounPhrase, rank: int, *, acts: bool) -> None:
        """Put a subject among those who act, or beside them."""
        clause = self.clause
        if rank == 0:
            self._act(draft, phrase, acts=acts)
        elif clause.passive and phrase.governor is not None and phrase.governor.lower == "by":
            draft.rank = 0
            clause.done_by(draft)
        else:
            self._relate(phrase, rank, draft)

    def _unseen(self, phrase: NounPhrase, rank: int, *, acts: bool) -> None:
        if rank == 0 and acts:
            self.clause.step_aside()
        elif rank == 2:
            self._describe(phrase, phrase.governor.lower if phrase.governor else "")

    def _counts(self, phrase: NounPhrase) -> bool:
        """Read "a small group" of "a small group of tourists" as how many."""
        following, then = self._ahead(), self._ahead(2)
        if not (
            isinstance(following, Mark) and following.unit.role is Role.OF and isinstance(then, NounPhrase)
        ):
            return False
        hits = lexicon().meanings(f"{head_of(phrase).lower} of", "numbers")
        if not hits or then.noun is None or not is_plural(then):
            return False
        self.count = int(hits[0].name)
        return True

    def _of(self, phrase: NounPhrase, owner: Draft) -> Draft | None:
        """Read "the eye of a tiger" as the tiger, "a cup of coffee" as the cup."""
        if owner.family != BODY:
            owner.attributes.append(f"of {phrase.plain}")
            return owner
        self.company.drafts.remove(owner)
        tiger = draft_of(phrase, rank=owner.rank, order=owner.order, attributes=[owner.noun])
        self.company.drafts.append(tiger)
        self._act(tiger, phrase, acts=True)
        return tiger

    def _act(self, draft: Draft, phrase: NounPhrase, *, acts: bool) -> None:
        clause, before = self.clause, self.before
        mark = before.unit.lower if isinstance(before, Mark) else ""
        comma, listing = mark in COMMAS, mark in AND or mark in COMMAS
        if clause.deed is not None and not clause.actors and isinstance(before, Deed) and clause.waiting:
            clause.act([draft])  # "On the table sits a cup"
            self.listed = [draft]
        elif listing and self.listed and phrase.governor is None:
            self.listed.append(draft)
            clause.act(self.listed if mark in AND else [draft], behind_comma=comma and acts)
        elif acts or not any(one.animate for one in clause.outer) or draft.animate:
            clause.act([draft], behind_comma=comma and acts and not draft.rank)
            self.listed = [draft]

    def _relate(self, phrase: NounPhrase, rank: int, draft: Draft | None) -> None:
        clause = self.clause
        governor = phrase.governor.lower if phrase.governor else ""
        if rank == 1 and draft is not None:
            if clause.deed is not None:
                for doer in clause.doers or clause.actors:
                    doer.relate(participle_of(clause.deed.stem), draft)
        elif rank == 2:
            stands = self.last or (clause.actors[0] if clause.actors else None)
            if stands is not None and draft is not None and governor:
                stands.relate(governor, draft)
            if clause.actors and governor not in INTO_PLACES:
                clause.actors[0].attributes.append(f"{governor} {phrase.plain}")

    # other words

    def _mark(self, mark: Mark) -> None:
        unit, clause = mark.unit, self.clause
        if unit.role is Role.PRONOUN:
            self._pronoun(mark)
            return
        if (unit.role is Role.CARRIER and clause.deed is None) or (
            is_view(unit) and isinstance(self._ahead(), Deed)
        ):
            clause.film()
        elif unit.role is Role.BREAK:
            clause.stop()
        elif unit.role is Role.RELATIVE and unit.lower not in ("how", "why", "what"):
            clause.relate(self._antecedent(unit))
        elif unit.role is Role.CONJUNCTION and unit.lower in _CLAUSES:
            clause.part()
        elif unit.hit("headings") and clause.doing is not None and clause.deed is not None:
            # "runs down" is a heading, "runs down an alley" is a path.
            if unit.role is Role.HEADING or len(unit.words) > 1 or not isinstance(self._ahead(), NounPhrase):
                self._head(unit)
        elif unit.role is Role.ADVERB and (unit.lower.endswith("ly") or unit.lower in _HOW):
            self._say_how(unit)
        keeps = unit.role in (Role.ADVERB, Role.OF) or unit.lower in _KEEPING
        keeps = keeps or (unit.role is Role.PREPOSITION and isinstance(self.before, NounPhrase))
        self.last = self.last if keeps else None

    def _head(self, unit: Unit) -> None:
        hit = unit.hit("headings")
        if hit and self.clause.doing is not None and self.clause.doing.heading is None:
            self.clause.doing.heading = hit.name

    def _say_how(self, unit: Unit) -> None:
        if self.clause.filming:
            return
        ahead = not isinstance(self.before, Deed) and isinstance(self._ahead(), Deed)
        if not ahead and isinstance(self.before, Deed | Mark) and self.clause.doing is not None:
            self.clause.doing.manner.append(unit.lower)
        else:
            self.clause.pending.append(unit.lower)
