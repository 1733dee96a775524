"""Stage 1 of 5, part: whose deed a verb is. Knows no noun's looks.

A finite verb ("walks") is the clause's subject's, a participle right behind a noun is that noun's where the
noun could do it, one behind a comma is the subject's again. A passive is done by whom "by" names.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.drafts import Doing, Draft, doing_of, participle_of
from soundstage.plan.phrases import Deed, Mark, NounPhrase
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.phrases import Node

_FINITE = frozenset({"s", "base", "ed"})


class Clause:
    """Who acts in the sentence being read."""

    def __init__(self) -> None:
        self.actors: list[Draft] = []  #: whose deed the next verb is
        self.outer: list[Draft] = []  #: of the sentence around a relative clause
        self.main: list[Draft] = []  #: who the sentence began with
        self.absolute = False  #: the actors came behind a comma and have told no verb but a participle
        self.told = False  #: the actors have their verb
        self.inner_told: bool | None = None  #: None outside a relative clause
        self.lead: list[Draft] = []  #: who acted in the sentence before
        self.waiting: list[Doing] = []  #: deeds told before who does them: "Running, a wolf …"
        self.doing: Doing | None = None  #: the last deed
        self.doers: list[Draft] = []  #: whose it is
        self.deed: Deed | None = None  #: its verb, while something may follow it that it acts on
        self.phase: Deed | None = None  #: "begins", until it is known what
        self.passive = False  #: the last deed waits for "by"
        self.pending: list[str] = []  #: adverbs before their verb
        self.filming = False  #: the verb ahead is the camera's
        self.shot = False  #: the camera began this sentence, and nobody has done anything yet
        self.filmed = False  #: the last verb was the camera's
        self.began_filming = False  #: the sentence began with the camera
        self.aside = False  #: the verb ahead is nobody's: "her hair blows"

    def begin(self) -> None:
        """Start a sentence."""
        self.lead = self.outer or self.actors or self.lead
        self.actors, self.outer, self.told, self.inner_told = [], [], False, None
        self.main, self.absolute, self.aside, self.shot = [], False, False, False
        self.waiting, self.doing, self.doers, self.deed = [], None, [], None
        self.phase, self.passive, self.pending, self.filming, self.filmed = None, False, [], False, False
        self.began_filming = False

    def end(self) -> None:
        """Give away what still waits at the end of a sentence."""
        self.settle()
        if self.waiting and not self.outer:
            self.give(self.waiting, self.actors or self.lead)
        self.waiting = []

    def act(self, drafts: Sequence[Draft], *, behind_comma: bool = False) -> None:
        """Make somebody the actors; what was told before waits for them."""
        self.settle()
        self.absolute = behind_comma and bool(self.main)
        if not self.absolute:
            self.main = list(drafts)
        self.actors, self.told, self.inner_told = list(drafts), False, None
        self.outer = self.actors
        self.doing, self.deed, self.passive, self.filming, self.aside = None, None, False, False, False
        self.filmed = False
        if self.waiting:
            self.give(self.waiting, self.actors)
            self.waiting = []

    def film(self) -> None:
        """Let the next verb be the camera's."""
        self.act([])
        self.filming, self.shot, self.pending, self.began_filming = True, True, [], True

    def step_aside(self) -> None:
        """Let the next verb be nobody's: "her hair blowing, she runs"; a comma brings the actors back."""
        self.settle()
        self.outer = self.outer or self.actors
        self.actors, self.doing, self.deed, self.passive, self.aside = [], None, None, False, True

    def relate(self, antecedent: Draft | None) -> None:
        """Enter a relative clause: "who", "that", "which"."""
        self.settle()
        if antecedent is not None:
            self.actors, self.filmed = [antecedent], False
        self.inner_told, self.deed, self.passive = False, None, False

    def part(self) -> None:
        """Enter another clause of the sentence: "while", "as"."""
        self.settle()
        self.told, self.inner_told, self.deed, self.passive, self.filming = False, None, None, False, False
        self.main, self.absolute, self.aside, self.doing = [], False, False, None
        self.actors = self.actors or self.outer

    def stop(self) -> None:
        """Meet a comma."""
        self.settle()
        self.deed, self.passive, self.filming, self.aside = None, False, False, False
        self.actors = self.actors or self.outer

    def settle(self) -> None:
        """Let "begins" stand for itself when nothing was begun."""
        phase, self.phase = self.phase, None
        if phase is not None and (self.actors or self.lead):
            doing = doing_of(phase)
            if phase.facts.get("speech"):
                doing.action = "start"
            self._take(phase, doing, self.actors or self.lead)

    def read(self, deed: Deed, before: Node | None, last: Draft | None, following: Node | None) -> None:
        """Read a verb.

        Args:
            deed: the verb.
            before: what stands before it.
            last: the draft made from that, if any.
            following: what stands behind it.
        """
        if deed.facts.get("depicts") and self._shows(deed, before):
            return
        if deed.infinitive or deed.form == "ing":
            self.phase = None  # "begins to dance"
        self.settle()
        doers = self._doers(deed, before, last, following)
        self.deed, self.passive = deed, deed.passive or self._is_passive(deed, before, following)
        if deed.facts.get("phase"):
            self.phase = deed
            return
        self._tell(deed, doers, following)
        self.pending = []

    def _shows(self, deed: Deed, before: Node | None) -> bool:
        """Tell whether nobody does it: "We see a man", "the video features", "a woman is seen"."""
        seen = deed.passive or (deed.form == "ed" and isinstance(before, NounPhrase))
        if not seen and any(draft.animate or not draft.family for draft in self.actors):
            return False
        if not seen:
            self.actors, self.outer = [], []
            self.deed = deed
        return True

    def _tell(self, deed: Deed, doers: list[Draft], following: Node | None) -> None:
        suffered = self._suffers(deed, following)
        reads = deed.facts.get("animate") and doers and not any(d.animate or not d.family for d in doers)
        if deed.state or suffered:
            self.doers = doers
            for draft in doers if suffered else []:
                draft.attributes.append(deed.unit.text.lower())  # "draped in velvet"
        elif reads:
            pass  # "a sign reading"
        elif doers:
            self._take(deed, doing_of(deed), doers)
        elif not self.filming and not self.aside and self._may_wait(deed, following):
            self.doing = doing_of(deed)
            self.doing.manner = self.pending
            self.waiting.append(self.doing)

    def done_by(self, agent: Draft) -> None:
        """Give the last deed, a passive, to who did it."""
        if self.doing is None:
            return
        for draft in self.doers:
            # It has it done to itself: the verb stays, for whoever asks, the action does not.
            suffered = replace(self.doing, action=None)
            draft.doings = [suffered if one is self.doing else one for one in draft.doings]
            agent.relate(participle_of(self.doing.verb), draft)
        agent.do(self.doing)
        self.passive = False

    def become(self, verb: Deed) -> None:
        """Let the last deed be what it acts on: "takes a sip"."""
        if self.doing is not None:
            meant = doing_of(verb)
            self.doing.action, self.doing.verb = meant.action, meant.verb
        self.deed = None

    def give(self, doings: Sequence[Doing], drafts: Sequence[Draft]) -> None:
        """Add deeds to whom they belong."""
        for doing in doings:
            for draft in drafts:
                draft.do(doing)

    # whose

    def _take(self, deed: Deed, doing: Doing, doers: Sequence[Draft]) -> None:
        doing.manner = [*self.pending]
        self.pending = []
        self.give([doing], doers)
        self.shot = False
        self.doing, self.doers = doing, list(doers)
        if deed.form in _FINITE and not deed.infinitive:
            self.told = True

    def _doers(
        self, deed: Deed, before: Node | None, last: Draft | None, following: Node | None
    ) -> list[Draft]:
        pronoun = isinstance(before, Mark) and before.unit.role is Role.PRONOUN
        pronoun = pronoun and self.deed is not None and bool(self.deed.facts.get("sense"))
        beside = deed.form == "ing" and (pronoun or isinstance(before, NounPhrase)) and last is not None
        again = isinstance(before, Mark) and before.unit.lower in ("before", "then") and self.began_filming
        self.filmed = self.filmed or (again and deed.form == "ing")
        if self.filming or ((self.aside or self.filmed) and not beside):
            return []  # "the camera glides past a man reading before tilting up to reveal a tower"
        if beside and last is not None:
            return self._beside(deed, last)
        if deed.infinitive and self.doers and self.doing is not None:
            return self.doers
        if deed.form in _FINITE and not deed.infinitive:
            return self._finite(deed, before, last, following)
        living = [draft for draft in self.actors if draft.animate]
        if living or not self.outer or self.inner_told is not None:
            return self.actors
        return self.outer if any(draft.animate for draft in self.outer) else self.actors

    def _beside(self, deed: Deed, last: Draft) -> list[Draft]:
        """Return whose a participle is right behind a noun: the noun's, if it could do it."""
        if any(last is draft for draft in self.actors):
            return self.actors
        governs = self.deed is not None and bool(
            self.deed.facts.get("sense") or self.deed.facts.get("depicts")
        )
        acting = any(draft.animate for draft in self.actors)
        if not self.actors:
            self.actors = self.outer = self.main = [last]  # "a shot of a fox trotting, then bolting"
        if governs or last.animate or not acting or deed.facts.get("thing"):
            return [last]
        return self.actors

    def _finite(
        self, deed: Deed, before: Node | None, last: Draft | None, following: Node | None
    ) -> list[Draft]:
        if self.inner_told is False:
            self.inner_told = True
            return self.actors
        joined = isinstance(before, Mark) and before.unit.role is Role.CONJUNCTION
        if self.inner_told and not joined and self.outer and not self.told:
            self.actors, self.inner_told = self.outer, None
        sensed = self.deed is not None and self.deed.facts.get("sense") and deed.form == "base"
        pronoun = isinstance(before, Mark) and before.unit.role is Role.PRONOUN
        if sensed and last is not None and (pronoun or isinstance(before, NounPhrase)):
            return [last]
        if self.shot and isinstance(before, Mark) and before.unit.role in (Role.BREAK, Role.CONJUNCTION):
            self.filmed = True
            return []  # "the camera pans across a shelf and stops"
        if self.absolute and isinstance(before, Mark) and before.unit.role in (Role.BREAK, Role.CONJUNCTION):
            self.actors, self.absolute = self.main, False  # "they cross, the calf holding a tail, and drink"
        self.absolute = False
        new = isinstance(following, NounPhrase) and following.governor is None
        if not self.actors and deed.form == "s" and self.lead and (deed.facts.get("object") or not new):
            self.actors = self.outer = self.main = self.lead  # "Opens the letter."
        return self.actors

    def _is_passive(self, deed: Deed, before: Node | None, following: Node | None) -> bool:
        """Tell a past form right behind its noun from a past tense: "a letter written by hand"."""
        by = isinstance(following, Mark) and following.unit.lower == "by"
        return deed.form == "ed" and by and not isinstance(before, Deed)

    def _suffers(self, deed: Deed, following: Node | None) -> bool:
        """Tell whether a past form only tells how somebody looks, as nothing is acted on and nobody acts."""
        if (
            deed.form != "ed"
            or deed.passive
            or self.passive
            or (deed.action and not deed.facts.get("object"))
        ):
            return False
        return isinstance(following, Mark) and following.unit.role is Role.PREPOSITION

    def _may_wait(self, deed: Deed, following: Node | None) -> bool:
        if deed.form == "ing":
            return True
        new = isinstance(following, NounPhrase) and following.governor is None
        return deed.form in ("s", "ed") and not (new and deed.facts.get("object"))
