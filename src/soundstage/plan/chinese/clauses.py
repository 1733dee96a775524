"""Stage 1 of 5, part: a Chinese sentence as the phrases, deeds and marks of the English grammar.

Word order becomes English: adverbs and directions go behind their verb, what 把 brings forward goes back, a
place before its verb is a phrase with a preposition. Behind this module nobody asks which language it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.plan.chinese import terms
from soundstage.plan.chinese.deeds import CAMERA, Doing
from soundstage.plan.chinese.segmentation import tokens_of
from soundstage.plan.chinese.verbs import is_existence
from soundstage.plan.phrases import Mark, NounPhrase, deed_of
from soundstage.plan.units import Role, Unit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.chinese.segmentation import Token
    from soundstage.plan.phrases import Node
    from soundstage.plan.words import Word

_LATIN = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN, Role.SCENE, Role.ADJECTIVE})


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


class _Reader(Doing):
    """One pass over the tokens of a sentence, or of a clause inside a phrase."""

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
        if not (self._film(token) or self._phrase_with_clause() or self._mark(token) or self._does(token)):
            if self._function(token):
                self.at += 1
            elif self._names_at(self.at):
                self._phrase()
            else:
                self.at += 1
        self.fresh = self.fresh and token.has("fillers", "conjunctions")

    def _mark(self, token: Token) -> bool:
        """Take Latin letters, a negation or a pronoun."""
        if token.unit is not None:
            self._latin(token.unit)
        elif token.has("negators"):
            self._negate(token)
        elif token.has("pronouns") and not self._is_owner():
            self._pronoun(token)
        else:
            return False
        return True

    def _does(self, token: Token) -> bool:
        """Take a verb, or a preposition with what it governs."""
        governs = token.has("prepositions")
        if governs and token.has("verbs") and self._acts_later():
            return self._preposition(token)
        if (is_existence(token) or token.has("auxiliaries")) and self._exists(token):
            return True
        if self.is_verb(self.at):
            if not self._has_part():
                self._verb()
            return True
        return (token.unknown and self._guess(token)) or (governs and self._preposition(token))

    def _break(self, token: Token) -> None:
        self._release()
        listing = token.text == "、"
        if listing:
            self.nodes.append(Mark(Unit((token.word._replace(lower="and"),), Role.CONJUNCTION), self.negated))
        else:
            self.nodes += self.patient
            self.negated = False
            self.nodes.append(Mark(Unit((token.word,), Role.BREAK)))
            self.carried = self.carried and not self.acting
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
        if self._lacks():
            return
        behind = self.get(self.at)
        if behind is not None and token.senses["negators"] == "no":
            self.negated = True
            self.nodes.append(Mark(terms.closed(token, "negators", Role.NEGATOR)))
        while self.has(self.at, "fillers", "existence", "manner") or self.is_verb(self.at):
            self.at += 1  # what is not done is not seen

    def _lacks(self) -> bool:
        """Take "没有人的街道" for a street: what it lacks describes it."""
        end = self.at + 1
        named = self.has(self.at, "nouns") and self.is_of(end) and self.head_after(end + 1) is not None
        if named:
            self.at = end + 1
        return named

    def _pronoun(self, token: Token) -> None:
        self.nodes.append(Mark(terms.closed(token, "pronouns", Role.PRONOUN), self.negated, self.governor))
        self.acting = self.acting or self.governor is None
        self.governor = None
        self.at += 1

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
            self.agent = []
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

    def _film(self, token: Token) -> bool:
        """Take the camera, and what it does."""
        if token.senses.get("film_words") == CAMERA and not self.has(self.at + 1, "localizers"):
            self.nodes.append(Mark(Unit((token.word._replace(lower=CAMERA),), Role.CARRIER)))
            self.filming = self.carried = True
            self.at += 1
            return True
        if self.carried and self.fresh and not self.filming and self.is_verb(self.at):
            # "镜头穿过门缝" and then "进入房间": the camera goes on.
            self.nodes.append(Mark(terms.silent(CAMERA, Role.CARRIER, token.word.start)))
            self.filming = True
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
