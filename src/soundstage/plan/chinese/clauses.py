"""Stage 1 of 5, part: a Chinese sentence as the phrases, deeds and marks of the English grammar.

Word order becomes English: adverbs and directions go behind their verb, what 把 brings forward goes back, a place
before its verb is a phrase with a preposition. Behind this module nobody asks which language it was.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.chinese import terms
from soundstage.plan.chinese.lookahead import Clause
from soundstage.plan.chinese.noun_phrases import PhraseReader
from soundstage.plan.chinese.segmentation import tokens_of
from soundstage.plan.chinese.verbs import Verb, is_existence, read_verb
from soundstage.plan.phrases import Deed, Mark, NounPhrase, deed_of
from soundstage.plan.units import Role, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.chinese.segmentation import Token
    from soundstage.plan.inflection import Form
    from soundstage.plan.phrases import Node
    from soundstage.plan.words import Word

_LATIN = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN, Role.SCENE, Role.ADJECTIVE})
_CAMERA = "camera"
#: What says no more than that something is there.
_THERE_IS = frozenset("有是")
#: A describing clause inside a describing clause, and no deeper.
_DEEPEST = 3


def parse(sentence: Sequence[Word]) -> tuple[Node, ...]:
    """Return a Chinese sentence as nodes in English order."""
    return tuple(_Reader(tokens_of(sentence)).run())


def goes_on(nodes: Sequence[Node]) -> bool:
    """Tell whether a sentence has no subject of its own: who did the last thing does this one too."""
    for node in nodes:
        if isinstance(node, NounPhrase):
            if node.governor is None and node.noun is not None:
                return False
        elif isinstance(node, Mark):
            if node.unit.role in (Role.PRONOUN, Role.CARRIER, Role.NEGATOR) or node.unit.hit("moves"):
                return False
        else:
            return True
    return False


class _Reader(Clause):
    """One pass over the tokens of a sentence, or of a clause inside a phrase."""

    def __init__(self, tokens: Sequence[Token], *, form: Form = "s", depth: int = 0) -> None:
        super().__init__(tokens)
        self.form: Form = form  #: of its first deed
        self.depth = depth
        self.at = 0
        self.nodes: list[Node] = []
        self.negated = False
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
        while self.at < len(self.tokens):
            at = self.at
            self._step(self.tokens[at])
            assert self.at > at, self.tokens[at]
        self._release()
        self.nodes += self.patient
        return self.nodes

    def _step(self, token: Token) -> None:
        if token.breaks:
            self._break(token)
            return
        if self._film(token) or self._phrase_with_clause():
            pass
        elif token.unit is not None:
            self._latin(token.unit)
        elif token.has("negators"):
            self._negate(token)
        elif token.has("pronouns") and not self._is_owner():
            self._pronoun(token)
        elif token.has("verbs") and token.has("prepositions") and self._acts_later():
            self._preposition(token)
        elif (is_existence(token) or token.has("auxiliaries")) and self._exists(token):
            pass
        elif self.is_verb(self.at):
            self._verb()
        elif (token.unknown and self._guess(token)) or (
            token.has("prepositions") and self._preposition(token)
        ):
            pass
        elif self._function(token):
            self.at += 1
        elif self.is_nominal(self.at) or token.has("determiners", "pronouns") or self.number_at(self.at):
            self._phrase()
        else:
            self.at += 1
        self.fresh = self.fresh and token.has("fillers", "conjunctions")

    # marks

    def _break(self, token: Token) -> None:
        self._release()
        listing = token.text == "、"
        if listing:
            self.nodes.append(Mark(Unit((replace(token.word, lower="and"),), Role.CONJUNCTION), self.negated))
        else:
            self.nodes += self.patient
            self.negated = False
            self.nodes.append(Mark(Unit((token.word,), Role.BREAK)))
            self.open_clause()
        self.at += 1
        self.fresh = not listing

    def _latin(self, unit: Unit) -> None:
        if unit.role in _LATIN:
            self._phrase()
            return
        self.nodes.append(Mark(unit, self.negated))
        self.at += 1

    def _negate(self, token: Token) -> None:
        self.at += 1
        behind = self.get(self.at)
        if behind is not None and token.senses["negators"] == "no":
            self.negated = True
            self.nodes.append(Mark(terms.closed(token, "negators", Role.NEGATOR)))
        while self.has(self.at, "fillers", "existence", "manner") or self.is_verb(self.at):
            self.at += 1  # what is not done is not seen

    def _pronoun(self, token: Token) -> None:
        self.nodes.append(Mark(terms.closed(token, "pronouns", Role.PRONOUN), self.negated, self.governor))
        self.acting = self.acting or self.governor is None
        self.governor = None
        self.at += 1

    def _is_owner(self) -> bool:
        behind = self.get(self.at + 1)
        return behind is not None and (
            self.is_of(self.at + 1) or terms.is_owned(behind) or behind.has("localizers")
        )

    def _function(self, token: Token) -> bool:
        """Take a word that only holds the sentence together."""
        if token.has("manner") or (token.has("degrees") and not token.has("nouns")):
            self._adverb(token)
        elif self._is_adverb(token):
            self.waiting.append(terms.adverb_of(token))
            self.at += 1
        elif token.has("headings"):
            self.waiting.append(terms.heading(token))
        elif token.has("particles"):
            self._particle(token)
        elif token.has("passive"):
            self._passive()
        elif token.has("conjunctions"):
            self.nodes.append(Mark(terms.closed(token, "conjunctions", Role.CONJUNCTION), self.negated))
        elif token.has("auxiliaries"):
            self.nodes.append(Mark(terms.closed(token, "auxiliaries", Role.AUXILIARY)))
        else:
            self.located = self.located or (self.fresh and token.has("localizers"))
            return token.has("fillers", "localizers", "directions")
        return True

    def _adverb(self, token: Token) -> None:
        behind = self.get(self.at + 1)
        if behind is not None and behind.senses.get("particles") == "how":
            self.at += 1
        self.waiting.append(terms.adverb(token))

    def _is_adverb(self, token: Token) -> bool:
        behind = self.get(self.at + 1)
        how = behind is not None and behind.senses.get("particles") == "how"
        return how and (token.unknown or self.is_adjective(self.at))

    def _particle(self, token: Token) -> None:
        kind = token.senses["particles"]
        if kind in ("object", "passive"):
            reader = self._reader(self.at + 1, None)
            if kind == "passive":
                reader.governor = terms.silent("by", Role.PREPOSITION, token.word.start)
            nodes = reader.read()
            self.at = max(self.at, reader.at - 1)
            if kind == "object":
                self.patient = nodes
            else:
                self.agent = nodes

    def _passive(self) -> None:
        self.agent = []

    def _release(self) -> None:
        later, self.later = self.later, []
        self.nodes += later
        for unit in self.waiting:
            self.nodes.append(Mark(unit, self.negated))
        self.waiting = []

    # the camera

    def _film(self, token: Token) -> bool:
        """Take the camera, and what it does."""
        if token.senses.get("film_words") == _CAMERA and not self.has(self.at + 1, "localizers"):
            self.nodes.append(Mark(Unit((replace(token.word, lower=_CAMERA),), Role.CARRIER)))
            self.filming = True
            self.at += 1
            return True
        held = self.head_after(self.at + 1) if token.has("moves") and token.has("verbs") else None
        if held is not None and held[1].has("nouns"):
            return False  # "女孩手持雨伞"
        end = self.at
        while self.has(end, "degrees", "headings", "manner", "fillers") and not self._moves(end):
            end += 1
        if not self._moves(end) or (end > self.at and not self.filming and not self.has(end, "moves")):
            return False
        said = [t for t in self.tokens[self.at : end + 1] if not t.has("fillers")]
        unit = terms.filming(said, "moves" if self.has(end, "moves") else "camera_moves")
        self.at = end + 1
        while (
            self.has(self.at, "directions", "particles")
            and not self.is_of(self.at)
            and not self.is_verb(self.at)
        ):
            self.at += 1
        self.nodes.append(deed_of(unit) if unit.role is Role.VERB else Mark(unit, self.negated))
        self.filming = False
        return True

    def _moves(self, at: int) -> bool:
        return self.has(at, "moves") or (self.filming and self.has(at, "camera_moves"))

    # phrases

    def _reader(self, at: int, governor: Unit | None) -> PhraseReader:
        return PhraseReader(self, at, governor, self._describe, negated=self.negated)

    def _describe(self, start: int, end: int) -> list[Node]:
        if self.depth >= _DEEPEST:
            return []
        return _Reader(self.tokens[start:end], form="ing", depth=self.depth + 1).run()

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

    def _preposition(self, token: Token) -> bool:
        """Take a preposition with what it governs; 在 before a verb only says that it goes on."""
        behind = self.get(self.at + 1)
        if behind is None:
            return False
        if token.text in ("在", "正在") and self.is_verb(self.at + 1):
            return False
        if token.senses["prepositions"] == "toward" and behind.senses.get("film_words") == _CAMERA:
            self.waiting.append(terms.heading(behind, "toward the camera"))
            self.at += 2
            return True
        role = Role.SIMILE if token.senses["prepositions"] == "like" else Role.PREPOSITION
        self.governor = terms.closed(token, "prepositions", role)
        self.at += 1
        if not self._names_at(self.at) or (self.has(self.at, "pronouns") and not self._is_owner()):
            return True
        subject = self.nodes[-1] if self.nodes else None
        start = len(self.nodes)
        self._phrase()
        if isinstance(subject, NounPhrase) and subject.noun is None and subject.governor is None:
            self.later, self.nodes[start:] = (
                [*self.later, *self.nodes[start:]],
                [],
            )  # "阳光透过窗户洒下": it is light that falls
        return True

    def _acts_later(self) -> bool:
        """Tell whether a verb follows whom "给" names: "给他倒茶" gives nothing."""
        found = self.head_after(self.at + 1)
        at = found[0] if found else self.at + 1
        return self.is_verb(at + 1)

    def _names_at(self, at: int) -> bool:
        """Tell whether a noun phrase may begin at a token."""
        named = self.is_nominal(at) or self.number_at(at) is not None
        return named or self.has(at, "determiners", "pronouns")

    # deeds

    def _exists(self, token: Token) -> bool:
        """Take "有" and, behind a place, "放着": what follows is there."""
        size = 1
        while self.has(self.at + size, "particles", "directions") and not self.is_of(self.at + size):
            size += 1
        behind = self.at + size
        if self.head_after(behind) is None and self.describes_until(behind, opened=True) is None:
            return False
        plain = token.text in _THERE_IS
        if plain and self.acting:
            if token.text != "有":
                return False
            self.governor = terms.silent("with", Role.PREPOSITION, token.word.start)
        elif not self.located and token.text != "有":
            return False
        elif not plain and size == 1 and token.text[-1] not in "着了过来起现":
            return False
        verb = read_verb(self, self.at) if self.is_verb(self.at) else None
        where, self.nodes[self.where :] = self.nodes[self.where :] if self.located else [], []
        start = len(self.nodes)
        self.at += size
        self._phrase()
        self._put_there(where, verb, start)
        self.acting = True
        return True

    def _put_there(self, where: list[Node], verb: Verb | None, start: int) -> None:
        """Say where it is behind what is there; rain outside a window is nowhere but in the weather."""
        if verb is not None and verb.unit.text not in _THERE_IS:
            self.nodes.append(self._deed(verb))
        there = self.nodes[start] if len(self.nodes) > start else None
        airy = isinstance(there, NounPhrase) and there.noun is None
        self.nodes += [
            node for node in where if not airy or (isinstance(node, NounPhrase) and node.noun is None)
        ]

    def _guess(self, token: Token) -> bool:
        """Take a word nothing knows for a deed, where a subject waits for one."""
        behind = self.get(self.at + 1)
        aspect = behind is not None and behind.senses.get("particles") == "aspect"
        ends = behind is None or aspect or self.is_verb(self.at + 1)
        told = bool(self.nodes) and isinstance(self.nodes[-1], Deed)
        if told or not ends or not (aspect or (self.acting and len(token.text) > 1)):
            return False
        self._verb()
        return True

    def _verb(self) -> None:
        verb = read_verb(self, self.at)
        self.at = verb.end
        if verb.gloss == "wear":
            self.governor = Unit(
                tuple(replace(word, lower="wearing") for word in verb.unit.words), Role.PREPOSITION
            )
            return
        before = self.nodes[-2] if self._after_phrase() and len(self.nodes) > 1 else None
        if isinstance(before, Deed) and before.form == "s":
            self.nodes.append(Mark(terms.silent("and", Role.CONJUNCTION, verb.unit.start)))
        self.nodes.append(self._deed(verb))
        self.pivots = verb.pivots
        self._release()
        self.nodes += self.patient
        if self.agent:
            self.nodes += self.agent
        self.patient, self.agent = [], None
        camera = self.get(self.at)
        if camera is not None and camera.senses.get("film_words") == _CAMERA:
            self.nodes.append(Mark(terms.heading(camera, "toward the camera")))
            self.at += 1
        elif verb.heading:
            self.nodes.append(Mark(verb.heading))
        self.governor = verb.governor
        self.acting = True

    def _deed(self, verb: Verb) -> Node:
        unit = verb.unit
        form: Form = (
            "ed" if self.agent is not None else "ing" if self.pivots and self._after_phrase() else self.form
        )
        self.form = "s" if self.depth == 0 else self.form
        hits = tuple(replace(hit, form=form) for hit in unit.hits)
        return deed_of(replace(unit, hits=hits))

    def _after_phrase(self) -> bool:
        return bool(self.nodes) and isinstance(self.nodes[-1], NounPhrase)
