"""Stage 1 of 5, part: what is done in a Chinese sentence, and where. Knows no mark and no camera.

English order: the verb, how and which way, whom 把 or 被 names, where. What exists somewhere ("桌上放着茶")
comes before its verb.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.chinese import terms
from soundstage.plan.chinese.glossary import inflected
from soundstage.plan.chinese.phrasing import Phrasing
from soundstage.plan.chinese.verbs import Verb, read_verb
from soundstage.plan.phrases import Deed, Mark, NounPhrase, deed_of
from soundstage.plan.units import Role, Unit

if TYPE_CHECKING:
    from soundstage.plan.chinese.segmentation import Token
    from soundstage.plan.inflection import Form
    from soundstage.plan.phrases import Node

CAMERA = "camera"
#: What says no more than that something is there.
_THERE_IS = frozenset("有是")


class Doing(Phrasing):
    """Reading on, with verbs and what stands before them."""

    def _preposition(self, token: Token) -> bool:
        """Take a preposition with what it governs; 在 before a verb only says that it goes on."""
        behind = self.get(self.at + 1)
        if behind is None:
            return False
        if token.simple in ("在", "正在") and self.is_verb(self.at + 1):
            return False
        if token.senses["prepositions"] == "toward" and behind.senses.get("film_words") == CAMERA:
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
        if not plain and size == 1 and token.simple[-1] not in "着了过来起现":
            return False
        verb = read_verb(self, self.at) if self.is_verb(self.at) else None
        where: list[Node] = []
        if self.located:
            where, self.nodes[self.where :] = self.nodes[self.where :], []
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
        elif where and len(self.nodes) > start:
            self.nodes.append(Mark(terms.silent("is", Role.AUXILIARY, self.tokens[self.at - 1].word.end)))
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

    def _has_part(self) -> bool:
        """Take "布满皱纹的脸" behind whose face it is: the face describes them, nothing is done."""
        end = self.describes_until(self.at, opened=True) if self._after_phrase() else None
        head = self.head_after(end + 1) if end is not None else None
        if end is None or head is None or terms.is_animate(self.tokens[end - 1]):
            return False  # "看着女孩的眼睛": her eyes are looked at
        if not terms.is_owned(head[1]) or self.get(head[0] + 1) is not None:
            return False
        self.governor = terms.silent("with", Role.PREPOSITION, self.tokens[end].word.end)
        self.at = end + 1
        return True

    def _verb(self) -> None:
        verb = read_verb(self, self.at)
        self.at = verb.end
        if verb.gloss == "wear":
            self.governor = Unit(
                tuple(word._replace(lower="wearing") for word in verb.unit.words), Role.PREPOSITION
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
        if camera is not None and camera.senses.get("film_words") == CAMERA:
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
        # In its base form an English verb is an order, which is the camera's.
        words = tuple(word._replace(lower=inflected(word.lower, form)) for word in unit.words)
        return deed_of(replace(unit, words=words, hits=hits))
