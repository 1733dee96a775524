"""Stage 1 of 5, part: the camera moves a text orders, in their order. Knows no shot and no time.

Which words are moves is told by `orders`; here each becomes a wish with its heading, amplitude and speed.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from soundstage.plan.clauses import Actor
from soundstage.plan.lexicon import lexicon, rules
from soundstage.plan.orders import Form, degree_of, first_words, forms, is_camera_s
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from soundstage.film import Heading, Move
    from soundstage.plan.clauses import Token

#: Words of degree and direction are looked for this many words before and behind a move.
_BEFORE, _BEHIND = 3, 5
#: Words of a wording, with the adverbs that may stand in it ("pulls slowly back").
_LONGEST = 8
#: Moves read from one text; more is a shake.
_MOST_MOVES = 12
_WORDED = frozenset({"wordings", "orders", "after_camera", "bare", "never"})


@dataclass(frozen=True, slots=True, kw_only=True)
class MoveWish:
    """A move a text orders."""

    name: str  #: an entry of moves.toml
    move: Move
    heading: Heading | None
    amplitude: float
    speed: float
    start: int  #: offsets in the text that was read
    end: int
    clause: int
    sentence: int
    named: bool = True  #: by a noun; False by a verb
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def rig(self) -> bool:
        """True when it only says what carries the camera."""
        return bool(self.facts.get("rig"))


def find_moves(tokens: Sequence[Token]) -> list[MoveWish]:
    """Return the moves a text orders, in the order of its words."""
    found: list[MoveWish] = []
    at = 0
    while at < len(tokens) and len(found) < _MOST_MOVES:
        size, form = _match(tokens, at)
        if form is None:
            at += 1
            continue
        found.append(_wish(tokens, at, size, form))
        at += size
    return found


def _match(tokens: Sequence[Token], at: int) -> tuple[int, Form | None]:
    """Return how many tokens from `at` on order a move, and as which wording."""
    token = tokens[at]
    if token.negated and token.actor is Actor.CAMERA and _stem(token) in rules("moves")["static"]["never"]:
        return 1, Form("static", "deed", "s", "")
    if token.lower not in first_words():
        return 0, None
    reach = at + 1
    while reach < min(at + _LONGEST, len(tokens)) and tokens[reach].sentence == token.sentence:
        if tokens[reach].unit.role is Role.BREAK:
            break
        reach += 1
    words = [other.lower for other in tokens[at:reach]]
    plain = [index for index, word in enumerate(words) if not index or not word.endswith("ly")]
    candidates = [(size, tuple(words[:size]), False) for size in range(len(words), 0, -1)]
    if len(plain) < len(words):  # "pulls slowly back"
        sizes = range(len(plain), 1, -1)
        candidates += [(plain[n - 1] + 1, tuple(words[i] for i in plain[:n]), True) for n in sizes]
    for size, key, parted in candidates:
        for form in forms().get(key, ()):
            if not (parted and form.kind == "name") and is_camera_s(tokens, at, size, form):
                return size, form
    return 0, None


def _stem(token: Token) -> str:
    hit = token.unit.hit("verbs")
    return hit.stem if hit else token.lower


def _wish(tokens: Sequence[Token], at: int, size: int, form: Form) -> MoveWish:
    entry = rules("moves")[form.name]
    own = {key: value for key, value in entry.items() if key not in _WORDED}
    degree = _nearest_degree(tokens, at, size)
    told = degree or {}
    still = form.name == "static"
    return MoveWish(
        name=form.name,
        move=cast("Move", own.get("stands_for", form.name)),
        heading=_heading(tokens, at, size, own),
        amplitude=0.0 if still else float(own.get("amplitude", told.get("amplitude", 0.5))),
        speed=float(own.get("speed", told.get("speed", 0.5))),
        start=tokens[at].start,
        end=tokens[at + size - 1].end,
        clause=tokens[at].clause,
        sentence=tokens[at].sentence,
        named=form.kind in ("name", "bare"),
        facts=MappingProxyType(own),
    )


def _nearest_degree(tokens: Sequence[Token], at: int, size: int) -> Mapping[str, Any] | None:
    """Return how much and how fast: said in the move's name, before it, or as an adverb behind."""
    for token in _around(tokens, at, size):
        degree = degree_of(token)
        if degree is not None:
            return degree
    return None


def _around(tokens: Sequence[Token], at: int, size: int) -> Iterator[Token]:
    sentence = tokens[at].sentence
    yield from tokens[at : at + size]
    for token in reversed(tokens[max(0, at - _BEFORE) : at]):
        if token.sentence != sentence or token.unit.role is Role.BREAK:
            break
        yield token
    for token in tokens[at + size : at + size + _BEHIND]:
        if token.sentence != sentence or token.lower in (".", ";", "as", "while", "and"):
            break
        if token.lower.endswith("ly") or token.lower in ("fast", "slow", "hard"):
            yield token


def _heading(tokens: Sequence[Token], at: int, size: int, own: Mapping[str, Any]) -> Heading | None:
    wanted = own.get("headings", ())
    if wanted:
        end = at + size
        while end < min(len(tokens), at + size + _BEHIND + 1) and tokens[end].sentence == tokens[at].sentence:
            if tokens[end].unit.role is Role.BREAK or tokens[end].lower in ("and", "then", "as", "while"):
                break
            end += 1
        for first, last in ((at, end), (max(0, at - _BEFORE), at)):
            for here in range(first, last):
                name = _heading_at(tokens, here, last)
                if name in wanted:
                    return cast("Heading", name)
    return cast("Heading | None", own.get("heading"))


def _heading_at(tokens: Sequence[Token], at: int, end: int) -> str | None:
    for size in range(min(5, end - at), 0, -1):
        hits = lexicon().meanings(" ".join(token.lower for token in tokens[at : at + size]), "headings")
        if hits:
            named = at and tokens[at - 1].lower in ("the", "her", "his", "a")  # "the left wall"
            return None if named and size == 1 else hits[0].name
    return None
