"""Stage 1 of 5, part: who and what is seen, and what they do. Knows no shot and no cast.

Walks a text's phrases and deeds in order. What stands free is a subject, what a verb or a preposition governs
comes after it; clothing and body parts describe who has them; film words are nobody.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.acting import Clause
from soundstage.plan.drafts import (
    ANIMATE, INTO_PLACES, Draft, draft_of, draft_of_pronoun, head_of, is_a_verb_or_is, is_seen, participle_of,
)  # fmt: skip
from soundstage.plan.lexicon import lexicon, rules
from soundstage.plan.phrases import Deed, Mark, NounPhrase, deed_of, is_plural
from soundstage.plan.referring import Company, owner_of, owner_phrase
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.phrases import Node
    from soundstage.plan.sentences import Sentence
    from soundstage.plan.units import Unit

#: Subjects a shot keeps; a picture with more is a crowd. And drafts a text keeps while it is read.
_MOST_SUBJECTS = 8
_MOST_DRAFTS = 48
_WORN = "clothing"
_BODY = "body"
#: What these govern is what a thing is made of or lit by, not a thing beside it.
_CONSISTS = frozenset({
    "made of", "made from", "made out of", "covered in", "covered with", "filled with", "full of", "lit by",
    "illuminated by", "bathed in", "dressed as",
})  # fmt: skip
_WEARING = frozenset({"in", "with", "wearing", "dressed in", "clad in"})
_COMMAS = frozenset(",，、")
_AND = frozenset({"and", "&", "n"})
#: Kinds of body parts whose deeds are their owner's.
_DOING_PARTS = frozenset({"hand", "eye", "face"})
#: Adverbs without -ly that tell how.
_HOW = frozenset(
    {"fast", "hard", "together", "alone", "apart", "backwards", "sideways", "side by side", "in unison"}
)
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


class _Reader:
    """The state of reading one text: who acts, and what was said last."""

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

    def _ahead(self, by: int = 1) -> Node | None:
        return self.nodes[self.at + by] if self.at + by < len(self.nodes) else None

    # phrases

    def _phrase(self, phrase: NounPhrase) -> None:
        draft = None
        phrase = self._shared(phrase)
        if phrase.negated or (phrase.governor and phrase.governor.role is Role.SIMILE):
            if self.clause.actors and phrase.governor and not phrase.negated:
                self.clause.actors[0].attributes.append(f"{phrase.governor.lower} {phrase.plain}")
        elif self._is_deed(phrase):
            pass
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
        if first.governor is None or not (isinstance(before, Mark) and before.unit.lower in _AND):
            return phrase
        hit = phrase.noun.hit("nouns")
        belongs = hit is not None and hit.entry.family in (_WORN, _BODY)
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
        if isinstance(self._ahead(), Deed) and _is_view(phrase.units[-1]):
            self.clause.film()  # "a drone shot following a boy"
        elif phrase.governor is None and not isinstance(self.before, Deed):
            if is_a_verb_or_is(self._ahead()):
                self.clause.step_aside()
        elif phrase.governor is not None:
            self._describe(phrase, phrase.governor.lower)

    def _describe(self, phrase: NounPhrase, governor: str) -> None:
        """Keep "in white" and "made of marble" with whom they describe."""
        owner = self.last or (self.clause.actors[0] if self.clause.actors else None)
        coloured = governor in _WEARING and phrase.units[-1].hit("colours") is not None
        worn = governor == "with" or (governor in _WEARING and owner is not None and owner.family == "people")
        worn = (
            worn and phrase.units[-1].hit("places") is None and (self.last is not None or governor == "with")
        )
        if owner is not None and (coloured or worn or governor in _CONSISTS):
            owner.attributes.append(f"{governor} {phrase.plain}")

    def _named(self, phrase: NounPhrase) -> Draft | None:
        noun = head_of(phrase)
        hit = noun.hit("nouns")
        family = hit.entry.family if hit else ""
        governor = phrase.governor.lower if phrase.governor else ""
        if self._counts(phrase):
            return None
        if family in (_WORN, _BODY) and self._belongs(phrase, family):
            return None
        if family == _BODY and self._rank(phrase) and self.company.drafts and governor != "of":
            return None
        if self.last is not None and phrase.governor and phrase.governor.role is Role.OF:
            return self._of(phrase, self.last)
        again = self._names_again(phrase)
        if again is not None:
            return again
        rank = self.rank = self._rank(phrase)
        acts = self._acts()
        if rank == 0 and phrase.article == "its" and self._owner(phrase) is not None:
            self.clause.step_aside()  # "its screen lighting up": a part is nobody beside its whole
            return None
        if governor in ("wearing", "dressed in", "clad in") and self._wears(phrase, governor):
            return None
        draft = self.company.same(phrase)
        known = draft is not None and noun.role is Role.NAME
        listed = bool(self.listed) and isinstance(self.before, Mark) and rank == 0
        listed = listed and self.before.unit.lower in (*_AND, *_COMMAS)  # pyright: ignore[reportOptionalMemberAccess] - told above
        opens = self._stands_alone() or (listed and noun.role is Role.NAME)
        if not known and not is_seen(phrase, rank=rank, opens=opens, acts=acts):
            return self._unseen(phrase, rank, acts=acts)
        if draft is not None:
            draft.attributes += [unit.plain for unit in phrase.modifiers]
            draft.extents.append((phrase.units[0].start, phrase.units[-1].end))
        elif governor in _CONSISTS:
            self._relate(phrase, rank, None)
            return None
        elif len(self.company.drafts) < _MOST_DRAFTS:
            draft = self._new(phrase, rank)
        else:
            return None
        self._place(draft, phrase, rank, acts=acts)
        return draft

    def _wears(self, phrase: NounPhrase, governor: str) -> bool:
        """Keep what somebody wears, be it known as clothing or not."""
        owner = self.last or (self.clause.actors[0] if self.clause.actors else None)
        if owner is None:
            return False
        owner.attributes.append(f"{governor} {phrase.plain}")
        return True

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
        elif rank == 2:  # noqa: PLR2004 - as in `Draft.rank`
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
        if told and named and before.unit.lower in _COMMAS and not last.doings:
            last.describe(phrase)
            return last
        return None

    def _of(self, phrase: NounPhrase, owner: Draft) -> Draft | None:
        """Read "the eye of a tiger" as the tiger, "a cup of coffee" as the cup."""
        if owner.family != _BODY:
            owner.attributes.append(f"of {phrase.plain}")
            return owner
        self.company.drafts.remove(owner)
        tiger = draft_of(phrase, rank=owner.rank, order=owner.order, attributes=[owner.noun])
        self.company.drafts.append(tiger)
        self._act(tiger, phrase, acts=True)
        return tiger

    def _belongs(self, phrase: NounPhrase, family: str) -> bool:
        """Attach clothes and body parts to who has them; False when nobody is there to have them."""
        owner = self._owner(phrase)
        if owner is None:
            return False
        governor = phrase.governor.lower if phrase.governor else ""
        worn = family == _WORN and isinstance(self.before, Deed)
        if governor in _WEARING or worn:
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
            return found[0] if found else None
        near = [*self.clause.actors, *self.clause.outer, *reversed(self.company.drafts)]
        return next((draft for draft in near if draft.animate or phrase.governor is not None), None)

    def _rank(self, phrase: NounPhrase) -> int:
        clause, before = self.clause, self.before
        if phrase.governor is not None:
            if phrase.governor.role is not Role.OF:
                return 2
            return self.rank or (1 if clause.deed is None and clause.doing is not None else 0)
        if clause.filming or (clause.deed is not None and clause.deed.facts.get("depicts")):
            return 0
        if isinstance(before, Deed) or (isinstance(before, NounPhrase) and clause.deed is not None):
            return 1 if self._has_actors() or clause.deed is None else 0
        if isinstance(before, Mark):
            if before.unit.role in (Role.ADVERB, Role.HEADING, Role.PRONOUN) and clause.deed is not None:
                return 1 if self._has_actors() else 0
            if before.unit.lower in _AND and self.last is not None and self.last.rank and not self._acts():
                return self.last.rank
        return 0

    def _has_actors(self) -> bool:
        clause = self.clause
        return bool(clause.actors or clause.doers) or (clause.deed is not None and clause.deed.form != "s")

    def _acts(self) -> bool:
        """Tell whether a verb of its own stands behind the phrase being read."""
        by = 1
        while True:
            node = self._ahead(by)
            if is_a_verb_or_is(node):
                return True
            relative = isinstance(node, Mark) and node.unit.role in (Role.RELATIVE, Role.ADVERB)
            if relative or (isinstance(node, NounPhrase) and node.governor is not None):
                by += 1
            elif isinstance(node, Mark) and node.unit.role in (Role.PREPOSITION, Role.OF, Role.SIMILE):
                by += 1
            else:
                return False

    def _is_past(self) -> bool:
        following = self._ahead()
        return isinstance(following, Deed) and following.form == "ed"

    def _stands_alone(self) -> bool:
        """Tell whether nothing else stands in the phrase's part of the sentence."""
        before, following = self.before, self._ahead()
        opens = before is None and not self.company.drafts
        return opens and not isinstance(following, NounPhrase)

    def _act(self, draft: Draft, phrase: NounPhrase, *, acts: bool) -> None:
        clause, before = self.clause, self.before
        comma = isinstance(before, Mark) and before.unit.lower in _COMMAS
        listing = isinstance(before, Mark) and (before.unit.lower in _AND or before.unit.lower in _COMMAS)
        if clause.deed is not None and not clause.actors and isinstance(before, Deed) and clause.waiting:
            clause.act([draft])  # "On the table sits a cup"
            self.listed = [draft]
        elif listing and self.listed and phrase.governor is None:
            self.listed.append(draft)
            joint = self.listed if before.unit.lower in _AND else [draft]
            clause.act(joint, behind_comma=comma and acts)  # pyright: ignore[reportOptionalMemberAccess] - listing
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
        elif rank == 2:  # noqa: PLR2004 - as in `Draft.rank`
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
        if unit.role is Role.CARRIER or (_is_view(unit) and isinstance(self._ahead(), Deed)):
            clause.film()
        elif unit.role is Role.BREAK:
            clause.stop()
        elif unit.role is Role.RELATIVE and unit.lower not in ("how", "why", "what"):
            clause.relate(self._antecedent(unit))
        elif unit.role is Role.CONJUNCTION and unit.lower in _CLAUSES:
            clause.part()
        elif unit.hit("headings") and clause.doing is not None:
            # "runs down" is a heading, "runs down an alley" is a path.
            if unit.role is Role.HEADING or len(unit.words) > 1 or not isinstance(self._ahead(), NounPhrase):
                self._head(unit)
        elif unit.role is Role.ADVERB and (unit.lower.endswith("ly") or unit.lower in _HOW):
            self._say_how(unit)
        elif unit.role is Role.BREAK or (unit.role is Role.CONJUNCTION and unit.lower not in _AND):
            self.listed = []
        keeps = (
            unit.role in (Role.ADVERB, Role.OF, Role.PREPOSITION)
            or unit.lower in _AND
            or unit.lower in ("named", "called")
        )
        self.last = self.last if keeps else None

    def _antecedent(self, unit: Unit) -> Draft | None:
        """Return whom "who" or "which" means: the last named, for "who" the last who is somebody."""
        actors = self.clause.actors
        if unit.lower in ("who", "whom") and (self.recent is None or not self.recent.animate):
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
        if not found and (gender in ("female", "male") or unit.lower in ("they", "someone", "somebody")):
            found = [self._somebody(unit, gender)]
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

    def _head(self, unit: Unit) -> None:
        hit = unit.hit("headings")
        if hit and self.clause.doing is not None and self.clause.doing.heading is None:
            self.clause.doing.heading = hit.name

    def _say_how(self, unit: Unit) -> None:
        if self.clause.filming:
            return
        if isinstance(self.before, Deed | Mark) and self.clause.doing is not None:
            self.clause.doing.manner.append(unit.lower)
        else:
            self.clause.pending.append(unit.lower)


def _is_view(unit: Unit) -> bool:
    """Tell whether a unit is the picture rather than anything in it: "a low-angle shot", "POV"."""
    return any(hit.table in ("framings", "moves", "angles") for hit in unit.hits) or (
        unit.words[-1].lower in ("shot", "view", "footage", "pov", "perspective")
    )


def deed_of_stem(unit: Unit, stem: str) -> Deed:
    """Return a noun as the deed it names: "flight" is "fly"."""
    hit = next(iter(lexicon().meanings(stem, "verbs")))
    return Deed(unit, hit.stem, hit.name, "ing", facts=hit.entry.facts)
