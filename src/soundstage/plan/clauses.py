# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: the words of a text, each with who does what its clause tells, for film talk.

"She circles the car" is a deed of hers, "the camera circles the car" a move. A clause's actor decides: it is
the camera, somebody else, or nobody, as in "pan left" and in lists between commas. Knows no move.
"""

from __future__ import annotations

import enum
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from soundstage.plan.phrases import Deed, NounPhrase
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soundstage.plan.phrases import Node
    from soundstage.plan.sentences import Sentence
    from soundstage.plan.units import Unit

#: Conjunctions that open a clause with an actor of its own, inside another.
_SUBORDINATE = frozenset({
    "as", "while", "when", "whenever", "until", "because", "although", "though", "once", "whilst",
    "just as", "even as", "if", "where", "that", "so that", "before", "after",
})  # fmt: skip
#: Words that go back to what the main clause told.
_GO_ON = frozenset(
    {"then", "and then", "finally", "next", "eventually", "afterwards", "before", "after", "until"}
)
#: What is shown, and may move for the camera: "the shot cranes up", "a drone shot circling the tower".
_FILMED = frozenset({
    "shot", "shots", "view", "frame", "framing", "footage", "close up", "closeup", "perspective", "image",
    "scene", "angle", "take", "movement", "move", "sequence", "video", "clip", "pov", "cinematography",
    "camerawork", "viewpoint", "vantage", "camera angle",
})  # fmt: skip
#: Before "camera": it is a thing somebody has or made, not the one that films.
_MAKES = frozenset({
    "security", "film", "video", "disposable", "vintage", "polaroid", "digital", "old", "broken",
    "antique", "toy", "web", "surveillance", "television", "tv", "speed", "dslr", "instant", "large",
    "wooden", "heavy", "retro",
})  # fmt: skip
_POSSESSIVES = frozenset({"his", "her", "their", "my", "your", "its", "our"})
_NOT_GOVERNED = frozenset({"with"})
_NEGATORS = frozenset(
    {"no", "not", "without", "never", "avoid", "zero", "don't", "doesn't", "won't", "nor", "without any"}
)
_COMMAS = frozenset(",，、;；")


class Actor(enum.Enum):
    """Who does what a clause tells."""

    NOBODY = enum.auto()
    CAMERA = enum.auto()
    SHOWN = enum.auto()  #: somebody in "a wide shot of somebody"
    OTHER = enum.auto()


@dataclass(frozen=True, slots=True)
class Token:
    """A word in its clause."""

    lower: str
    start: int
    end: int
    unit: Unit
    section: str
    clause: int  #: commas part clauses too
    sentence: int
    actor: Actor
    fresh: bool  #: nobody acted since the clause began, so that a verb here may be an order
    inside: bool  #: in a clause within another: "as she runs"
    negated: bool
    glued: bool  #: a hyphen joins it to the word before


def read_tokens(sentences: Sequence[Sentence]) -> tuple[Token, ...]:
    """Return the words of a text, each with the actor of its clause."""
    tokens: list[Token] = []
    clause = 0
    for at, sentence in enumerate(sentences):
        reader = _Reader(sentence.section, at, clause + 1)
        tokens += reader.read(sentence.nodes)
        clause = reader.clause
    return tuple(tokens)


class _Reader:
    """One pass over a sentence."""

    def __init__(self, section: str, sentence: int, clause: int) -> None:
        self.section = section
        self.sentence = sentence
        self.clause = clause
        self.main = Actor.CAMERA if section == "camera" else Actor.NOBODY
        self.actor = self.main
        self.inside = False  #: a clause within the main one
        self.fresh = True
        self.negated = False
        self.after_verb = False  #: what comes now is acted on
        self.before = ""
        self.shows = False  #: what comes now is what a shot shows
        self.thing = False  #: something was named since the camera was

    def read(self, nodes: Sequence[Node]) -> Iterator[Token]:
        for at, node in enumerate(nodes):
            if isinstance(node, NounPhrase):
                yield from self._phrase(node, nodes[at + 1] if at + 1 < len(nodes) else None)
            elif isinstance(node, Deed):
                yield from self._tokens(node.unit)
                self.after_verb = not self._is_shot(node.unit)
            else:
                yield from self._mark(node.unit, node.governor)

    def _is_shot(self, unit: Unit) -> bool:
        """Tell whether a verb is the shot itself, and make it the actor: "Shot tightens on the gun"."""
        if self.actor is not Actor.NOBODY or unit.lower != "shot":
            return False
        self._set(Actor.CAMERA)
        self.shows = True
        return True

    def _phrase(self, phrase: NounPhrase, following: Node | None) -> Iterator[Token]:
        units, governor = phrase.units, phrase.governor
        last, acts = units[-1].lower, isinstance(following, Deed)
        filmed = phrase.head is None and (
            last.rsplit(" ", 1)[-1] in _FILMED or any(u.hit("framings") or u.hit("moves") for u in units)
        )
        opens = governor is not None and acts and governor.lower in (*_GO_ON, *_NOT_GOVERNED)
        free = (governor is None or opens) and not self.after_verb
        alone = len(units) == 1 and _moves(units[0])  # "the camera starts low, swings around"
        moves = self.actor is Actor.CAMERA and (alone or units[0].hit("moves") is not None)
        acting = any(_moves(b) and a.lower in _FILMED for a, b in pairwise(units))  # "shot tightens on"
        aside = isinstance(following, Deed) and following.form == "ing" and self.main is Actor.CAMERA
        only_article = phrase.head is None and all(u.role in (Role.DETERMINER, Role.NUMBER) for u in units)
        if acting and not self.after_verb:
            self._set(Actor.CAMERA)
        elif free and phrase.head is not None and not moves:
            named = units[phrase.head]
            steers = named.lower in ("drone", "gimbal", "steadicam") and phrase.article in ("the", "")
            self.inside = self.inside or aside  # "the camera rises, her dress billowing, then turns"
            self._set(Actor.CAMERA if steers else Actor.OTHER)
        elif phrase.head is not None and self.shows:
            self._set(Actor.SHOWN)
        for unit in units:
            yield from self._tokens(unit)
        if free and any("camera" in unit.lower.split() and not unit.hit("nouns") for unit in units):
            self._set(Actor.CAMERA)  # "camera low", "a handheld camera"
        elif free and filmed and self.actor is not Actor.OTHER:
            self._set(Actor.CAMERA)
            self.shows = not any(_moves(unit) for unit in units)
        self.thing = self.thing or phrase.head is not None
        self.after_verb = _moves(units[-1]) or (self.after_verb and only_article)

    def _mark(self, unit: Unit, governor: Unit | None) -> Iterator[Token]:
        role, word = unit.role, unit.lower
        if role is Role.BREAK:
            yield from self._tokens(unit)
            self._part(word)
            return
        if role in (Role.CONJUNCTION, Role.RELATIVE) or word in _GO_ON:
            self._join(role, word)
        elif role is Role.CARRIER:
            governed = governor is not None and governor.lower not in _NOT_GOVERNED
            owned = self.before in _POSSESSIVES or self.before.endswith("'s") or self.before in _MAKES
            if not governed and not owned and not self.after_verb:
                self._set(Actor.CAMERA)
        elif role is Role.PRONOUN and not self.after_verb and (governor is None or governor.lower in _GO_ON):
            self._set(self._stands_for(word))
        elif role is Role.NEGATOR or word in _NEGATORS:
            self.negated = True
        elif self.actor is not Actor.OTHER and (unit.hit("framings") or unit.hit("moves")):
            self._set(Actor.CAMERA)
            self.shows = not _moves(unit)
        yield from self._tokens(unit)
        if role not in (Role.ADVERB, Role.DETERMINER, Role.HEADING):
            self.after_verb = _moves(unit)

    def _stands_for(self, word: str) -> Actor:
        if word in ("we", "us", "i", "you", "the viewer", "viewer"):
            return Actor.CAMERA if word == "we" else self.actor
        if word in ("it", "itself"):
            # "The camera follows a kite as it rises" is the kite's; "then it tilts" goes on with the camera.
            nearer = self.inside and self.thing
            return Actor.CAMERA if self.main is Actor.CAMERA and not nearer else Actor.OTHER
        return Actor.OTHER

    def _set(self, actor: Actor) -> None:
        self.actor, self.shows = actor, False
        self.thing = self.thing and actor is not Actor.CAMERA
        if not self.inside:
            self.main = actor
        elif actor is Actor.CAMERA and self.main is not Actor.CAMERA:
            self.main = actor  # "she runs as the camera circles, then rises"
        self.fresh = actor is not Actor.OTHER

    def _part(self, mark: str) -> None:
        self.clause += 1
        self.negated = self.after_verb = False
        self.inside = False
        self.actor = self.main if mark in _COMMAS or self.main is Actor.CAMERA else Actor.NOBODY
        self.main = self.actor
        self.fresh = True

    def _join(self, role: Role, word: str) -> None:
        self.after_verb = False
        if word in _GO_ON:
            self.clause += 1
            self.negated = self.inside = False
            self.actor = self.main
            self.fresh = self.fresh or self.main is not Actor.OTHER
        elif role is Role.RELATIVE or word in _SUBORDINATE:
            self.clause += 1
            self.negated = False
            self.inside = True
            self.actor = Actor.OTHER if role is Role.RELATIVE else Actor.NOBODY
            self.fresh = False
        elif word in ("and", "but", "&"):
            self.clause += 1
            self.negated = self.negated and word == "and"

    def _tokens(self, unit: Unit) -> Iterator[Token]:
        for word in unit.words:
            for lower in word.lower.split():  # a word of another language may stand for several of ours
                yield Token(
                    lower, word.start, word.end, unit, self.section, self.clause, self.sentence, self.actor,
                    self.fresh, self.inside, self.negated, word.glued,
                )  # fmt: skip
        self.before = unit.words[-1].lower


def _moves(unit: Unit) -> bool:
    return any(hit.table == "camera_moves" for hit in unit.hits)
