"""Stage 1 of 5, part: the nodes of a Chinese sentence as far as it is read, and its phrases. Knows no verb.

A phrase takes its place among the nodes; what it makes known of its clause (it has its subject, it began with
a place) is kept for whoever reads on.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.chinese import terms
from soundstage.plan.chinese.lookahead import Clause
from soundstage.plan.chinese.noun_phrases import PhraseReader
from soundstage.plan.phrases import Mark, NounPhrase
from soundstage.plan.units import Role, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.chinese.segmentation import Token
    from soundstage.plan.inflection import Form
    from soundstage.plan.phrases import Node

#: A describing clause inside a describing clause, and no deeper.
_DEEPEST = 3


class Phrasing(Clause):
    """The state of reading one sentence, or a clause inside a phrase."""

    def __init__(self, tokens: Sequence[Token], *, form: Form = "s", depth: int = 0) -> None:
        super().__init__(tokens)
        self.form: Form = form  #: of its first deed
        self.depth = depth
        self.at = 0
        self.nodes: list[Node] = []
        self.negated = False
        self.carried = False  #: the camera did the last thing
        self.open_clause()

    def open_clause(self) -> None:
        """Begin a new clause: what waited for a verb has none."""
        self.governor: Unit | None = None
        self.waiting: list[Unit] = []  #: adverbs and directions before their verb
        self.patient: list[Node] = []  #: what 把 brought forward
        self.agent: list[Node] | None = None  #: what 被 names; None outside a passive
        self.filming = False  #: the clause is the camera's
        self.acting = False  #: the clause has its subject
        self.located = False  #: it began with where something is
        self.where = len(self.nodes)  #: the node that says where
        self.later: list[Node] = []  #: what light and air go through, before their verb
        self.pivots = False  #: the object of the last verb does the next
        self.fresh = True  #: nothing of it was read

    def run(self) -> list[Node]:
        """Return the nodes of all tokens."""
        raise NotImplementedError

    def _release(self) -> None:
        later, self.later = self.later, []
        self.nodes += later
        for unit in self.waiting:
            self.nodes.append(Mark(unit, self.negated))
        self.waiting = []

    def _reader(self, at: int, governor: Unit | None) -> PhraseReader:
        return PhraseReader(self, at, governor, self._describe, negated=self.negated)

    def _describe(self, start: int, end: int) -> list[Node]:
        if self.depth >= _DEEPEST:
            return []
        return type(self)(self.tokens[start:end], form="ing", depth=self.depth + 1).run()

    def _phrase_with_clause(self) -> bool:
        """Take a phrase that opens with a describing clause, where a phrase may open."""
        after_deed = bool(self.nodes) and not isinstance(self.nodes[-1], NounPhrase | Mark)
        if not (self.fresh or after_deed or self.governor) or self.filming:
            return False
        if not self.may_describe(self.at) or self.describes_until(self.at, opened=False) is None:
            return False
        return self._phrase()

    def _phrase(self) -> bool:
        governor, self.governor = self.governor, None
        reader = self._reader(self.at, governor)
        nodes = reader.read()
        if reader.at == self.at:
            self.at += 1
            return True
        self.at = reader.at
        if nodes:
            self._keep(nodes, reader)
        return True

    def _keep(self, nodes: list[Node], reader: PhraseReader) -> None:
        first = nodes[0]
        if not isinstance(first, NounPhrase):
            self.nodes += nodes
            return
        if first.governor is None:
            if all(unit.role is Role.ADJECTIVE for unit in first.units) and self._describe_last(first):
                return
            last = self.nodes[-1] if self.located and self.nodes else None
            if first.noun is None and isinstance(last, NounPhrase) and last.noun is not None:
                del self.nodes[-1]  # "窗外细雨": rain outside a window is nowhere but in the weather
            if reader.head is not None:
                self.pivots = self.pivots and terms.is_animate(reader.head)
                self.acting = self.acting or first.noun is not None
        self.located = not self.acting and (reader.located or self._is_place(first))
        self.where = len(self.nodes)
        self.nodes += nodes
        if (
            first.units[-1].hit("framings")
            and self._names_at(self.at)
            and not self.has(self.at, *terms.FILMING)
        ):
            self.governor = terms.silent("of", Role.OF, first.units[-1].end)

    def _describe_last(self, phrase: NounPhrase) -> bool:
        """Give "女孩很美丽" and "女孩赤脚" to the girl."""
        at = len(self.nodes) - 1
        while at >= 0 and isinstance(node := self.nodes[at], NounPhrase):
            if node.governor is None and node.head is not None:
                units = (*node.units[: node.head], *phrase.units, *node.units[node.head :])
                self.nodes[at] = replace(node, units=units, head=node.head + len(phrase.units))
                return True
            at -= 1
        return False

    def _is_place(self, node: Node) -> bool:
        return isinstance(node, NounPhrase) and node.noun is None and node.units[-1].hit("places") is not None

    def _after_phrase(self) -> bool:
        return bool(self.nodes) and isinstance(self.nodes[-1], NounPhrase)

    def _is_owner(self) -> bool:
        behind = self.get(self.at + 1)
        return behind is not None and (
            self.is_of(self.at + 1) or terms.is_owned(behind) or behind.has("localizers")
        )

    def _names_at(self, at: int) -> bool:
        """Tell whether a noun phrase may begin at a token."""
        named = self.is_nominal(at) or self.number_at(at) is not None
        return named or self.has(at, "determiners", "pronouns")
