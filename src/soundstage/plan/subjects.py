"""Stage 1 of 5, part: who and what is seen, and what they do. Knows no shot and no cast.

Walks a text's phrases and deeds in order. What stands free is a subject, what a verb or a preposition governs
comes after it; clothing and body parts describe who has them; film words are nobody.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.drafts import INTO_PLACES, Draft, draft_of, head_of, is_seen
from soundstage.plan.phrases import Deed, Mark, NounPhrase
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.phrases import Node
    from soundstage.plan.sentences import Sentence
    from soundstage.plan.units import Unit

#: Subjects a shot keeps; a picture with more is a crowd.
_MOST_SUBJECTS = 8
_WORN = "clothing"
_BODY = "body"
#: What these govern is what a thing is made of or lit by, not a thing beside it.
_CONSISTS = frozenset({
    "made of", "made from", "made out of", "covered in", "covered with", "filled with", "full of", "lit by",
    "illuminated by", "bathed in", "dressed as",
})  # fmt: skip


def read_subjects(sentences: Sequence[Sentence], known: Sequence[Draft] = ()) -> tuple[Draft, ...]:
    """Return the subjects of a text, the main one first; `known` are those of the shots before, for "she"."""
    reader = _Reader(known)
    for sentence in sentences:
        if sentence.seen:
            reader.read(sentence.nodes)
    first = [draft for draft in reader.drafts if draft.animate and not draft.rank]
    lead = first[0] if first else None

    def place_of(draft: Draft) -> tuple[int, int]:
        backdrop = draft.rank == 0 and lead is not None and draft.family in ("phenomenon", "plant", "built")
        return (1 if backdrop else draft.rank, draft.order)

    return tuple(sorted(reader.drafts, key=place_of)[:_MOST_SUBJECTS])


class _Reader:
    """The state of reading one text: who acts, and what was said last."""

    def __init__(self, known: Sequence[Draft]) -> None:
        self.known = known
        self.drafts: list[Draft] = []
        self.actors: list[Draft] = []  #: whose deed the next verb is
        self.last: Draft | None = None  #: the draft made from the node just before, if any
        self.before: Node | None = None
        self.acted: Deed | None = None
        self.pending: list[str] = []  #: adverbs before their verb
        self.filming = False  #: the verb ahead is the camera's

    def read(self, nodes: Sequence[Node]) -> None:
        self.actors, self.last, self.before, self.acted, self.pending = [], None, None, None, []
        self.filming = False
        for at, node in enumerate(nodes):
            following = nodes[at + 1] if at + 1 < len(nodes) else None
            if isinstance(node, NounPhrase):
                self._phrase(node, following)
            elif isinstance(node, Deed):
                self._deed(node)
            else:
                self._mark(node, following)
            self.before = node

    # phrases

    def _phrase(self, phrase: NounPhrase, following: Node | None) -> None:
        draft = None
        if phrase.negated or (phrase.governor and phrase.governor.role is Role.SIMILE):
            if self.actors and phrase.governor and not phrase.negated:
                self.actors[0].attributes.append(f"{phrase.governor.lower} {phrase.text}")
        elif phrase.noun is None:
            self._scene(phrase, following)
        else:
            draft = self._named(phrase, following)
        self.last = draft

    def _scene(self, phrase: NounPhrase, following: Node | None) -> None:
        # "The sky glows": the verb behind is the sky's, not the dog's of the clause before.
        if phrase.governor is None and not isinstance(self.before, Deed):
            self.actors = [] if following is not None else self.actors
        elif phrase.governor is not None:
            self._describe(phrase, phrase.governor.lower)

    def _describe(self, phrase: NounPhrase, governor: str) -> None:
        """Keep "in white" and "made of marble" with whom they describe."""
        owner = self.last or (self.actors[0] if self.actors else None)
        coloured = governor in ("in", "with", "wearing") and phrase.units[-1].hit("colours") is not None
        if owner is not None and (coloured or governor in _CONSISTS):
            owner.attributes.append(f"{governor} {phrase.text}")

    def _named(self, phrase: NounPhrase, following: Node | None) -> Draft | None:
        noun = head_of(phrase)
        hit = noun.hit("nouns")
        family = hit.entry.family if hit else ""
        if family in (_WORN, _BODY) and self._belongs(phrase, family):
            return None
        if self.last is not None and phrase.governor and phrase.governor.role is Role.OF:
            return self._of(phrase, self.last)
        rank = self._rank(phrase)
        opens = self.before is None and not self.drafts
        if not is_seen(phrase, following, rank=rank, opens=opens):
            return None
        known = self._same(phrase)
        if known is not None:
            known.attributes += [unit.text.lower() for unit in phrase.modifiers]
            known.extents.append((phrase.units[0].start, phrase.units[-1].end))
            if rank == 0:
                self._act(known, phrase)
            return known
        self._relate(phrase, rank)
        if phrase.governor and phrase.governor.lower in _CONSISTS:
            return None
        draft = self._keep(draft_of(phrase, rank=rank, order=len(self.drafts)), acts=rank == 0)
        if rank == 0 and isinstance(self.before, Deed) and not self.before.state and not self.filming:
            draft.action = self.before.action  # "On the table sits a cup"
        return draft

    def _of(self, phrase: NounPhrase, owner: Draft) -> Draft | None:
        """Read "the eye of a tiger" as the tiger, "a cup of coffee" as the cup."""
        if owner.family != _BODY:
            owner.attributes.append(f"of {phrase.text}")
            return None
        self.drafts.remove(owner)
        tiger = draft_of(phrase, rank=owner.rank, order=len(self.drafts), attributes=[owner.noun])
        return self._keep(tiger, acts=True)

    def _belongs(self, phrase: NounPhrase, family: str) -> bool:
        """Attach clothes and body parts to who has them; False when nobody is there to have them."""
        if not self.drafts:
            return False
        owner = self.actors[0] if self.actors else self.drafts[-1]
        governor = phrase.governor.lower if phrase.governor else ""
        worn = family == _WORN and isinstance(self.before, Deed)
        if governor in ("in", "with", "wearing", "dressed in", "clad in") or worn:
            owner.attributes.append(f"{governor or 'wearing'} {phrase.text}")
        return True

    def _rank(self, phrase: NounPhrase) -> int:
        if phrase.governor is None:
            acted_on = isinstance(self.before, Deed) and (bool(self.actors) or self.before.form != "s")
            return 1 if acted_on else 0
        if phrase.governor.role is Role.OF:
            return 0
        return 2

    def _same(self, phrase: NounPhrase) -> Draft | None:
        """Return the subject a definite phrase speaks of again."""
        noun = head_of(phrase)
        if phrase.article in ("a", "an", "another") or phrase.number is not None:
            return None
        hit = noun.hit("nouns")
        for draft in (*reversed(self.drafts), *reversed(self.known)):
            if draft.noun.lower() == noun.text.lower() or (
                phrase.article in ("the", "this", "that") and hit is not None and draft.kind == hit.name
            ):
                return self._recall(draft)
        return None

    def _recall(self, draft: Draft) -> Draft:
        if draft in self.drafts:
            return draft
        self.drafts.append(draft.again(len(self.drafts)))
        return self.drafts[-1]

    def _keep(self, draft: Draft, *, acts: bool) -> Draft:
        self.drafts.append(draft)
        if acts:
            self._act(draft, draft.phrase)
        return draft

    def _act(self, draft: Draft, phrase: NounPhrase) -> None:
        joined = isinstance(self.before, Mark) and self.before.unit.lower == "and" and self.acted is None
        self.actors = [*self.actors, draft] if joined and phrase.governor is None else [draft]
        self.acted = None

    def _relate(self, phrase: NounPhrase, rank: int) -> None:
        governor = phrase.governor.lower if phrase.governor else ""
        if rank == 2 and self.actors and governor not in INTO_PLACES:
            self.actors[0].attributes.append(f"{governor} {phrase.text}")

    # deeds

    def _deed(self, deed: Deed) -> None:
        close = self.last if deed.form == "ing" and isinstance(self.before, NounPhrase) else None
        actors = [close] if close is not None else self.actors
        if close is not None and close.rank == 0:
            actors = self.actors
        self.acted = deed
        if deed.state or not actors:
            self.pending = []
            return
        for actor in actors:
            if deed.facts.get('animate') and actor.family and not actor.animate:
                continue
            if actor.action is None:
                actor.action = "talk" if deed.action == "say" else deed.action or None
                actor.manner += self.pending
                if deed.stem != deed.action and not deed.speech and " " not in deed.stem:
                    actor.manner.append(deed.stem)
        self.actors = list(actors)
        self.pending = []

    def _mark(self, mark: Mark, following: Node | None) -> None:
        unit = mark.unit
        if unit.role is Role.PRONOUN and mark.governor is None and not isinstance(self.before, Deed):
            self._pronoun(unit)
        elif unit.role is Role.CARRIER:
            self.actors, self.filming = [], True
        elif unit.role is Role.BREAK:
            self.filming = False
        elif unit.hit("headings") and self.acted is not None:
            # "runs down" is a heading, "runs down an alley" is a path.
            if unit.role is Role.HEADING or len(unit.words) > 1 or not isinstance(following, NounPhrase):
                self._head(unit)
        elif unit.role is Role.ADVERB and unit.lower.endswith("ly"):
            self._say_how(unit)
        if unit.role is not Role.ADVERB:
            self.last = None if unit.role is not Role.OF else self.last

    def _pronoun(self, unit: Unit) -> None:
        gender = next((str(h.entry.facts.get("gender", "")) for h in unit.hits if h.table == "closed"), "")
        found = [d for d in (*self.known, *self.drafts) if d.stands_for(unit.lower, gender)]
        if found:
            self.actors, self.acted = [self._recall(found[-1])], None
            self.actors[0].extents.append((unit.start, unit.end))

    def _head(self, unit: Unit) -> None:
        hit = unit.hit("headings")
        for actor in self.actors:
            if hit and actor.action and actor.heading is None:
                actor.heading = hit.name

    def _say_how(self, unit: Unit) -> None:
        if isinstance(self.before, Deed | Mark) and self.acted is not None:
            for actor in self.actors:
                actor.manner.append(unit.lower)
        else:
            self.pending.append(unit.lower)
