"""Stage 1 of 5, part: the camera moves a text orders, in their order. Knows no shot and no time.

`data/moves.toml` tells names of moves, which count anywhere, from verbs, which count by who does them.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, cast

from soundstage.plan.clauses import Actor
from soundstage.plan.inflection import verb_forms
from soundstage.plan.lexicon import key_of, lexicon, rules
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from soundstage.film import Heading, Move
    from soundstage.plan.clauses import Token

#: Words of degree and direction are looked for this many words before and behind a move.
_BEFORE, _BEHIND = 3, 5
#: Words of a wording, with the adverbs that may stand in it ("pulls slowly back").
_LONGEST = 8
#: Verbs of film alone: in a list behind a subject they are still orders ("a woman waits, zooming in").
_FILM_ONLY = frozenset(
    {"pan", "zoom", "dolly", "rack", "crane", "jib", "camera", "drone", "truck", "crash", "whip"}
)
#: As the first verb of a sentence these are told to an actor rather than to the camera.
_NOT_ORDERED = frozenset({"static", "pan", "handheld", "crane_down", "whip_pan"})
_ACTORS = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN, Role.PRONOUN})
_ARTICLES = frozenset({"a", "an", "the", "one", "with", "this", "single"})
_POSSESSIVES = frozenset({"his", "her", "their", "my", "your", "its", "our"})
_WORDED = frozenset({"wordings", "orders", "after_camera", "bare", "never"})
#: Behind "handheld" and the like: film, not a thing.
_FILMED_THINGS = frozenset(
    {
        "shot",
        "footage",
        "camera",
        "iphone",
        "phone",
        "smartphone",
        "feel",
        "look",
        "vibe",
        "energy",
        "camcorder",
        "gopro",
        "realism",
        "intimacy",
        "aesthetic",
    }
)
_BY_FORM = {"s", "base", "ing"}


@dataclass(frozen=True, slots=True)
class _Form:
    """One wording of a move."""

    name: str  #: its entry
    kind: str  #: "name", "bare", "order" or "deed"
    form: str
    verb: str  #: its first word, in its base form


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
    facts: Mapping[str, Any] = field(default_factory=lambda: MappingProxyType({}))

    @property
    def rig(self) -> bool:
        """True when it only says what carries the camera."""
        return bool(self.facts.get("rig"))


def find_moves(tokens: Sequence[Token]) -> list[MoveWish]:
    """Return the moves a text orders, in the order of its words."""
    found: list[MoveWish] = []
    at = 0
    while at < len(tokens):
        size, form = _match(tokens, at)
        if form is None:
            at += 1
            continue
        found.append(_wish(tokens, at, size, form))
        at += size
    return found


@functools.cache
def _forms() -> Mapping[tuple[str, ...], tuple[_Form, ...]]:
    made: dict[tuple[str, ...], list[_Form]] = defaultdict(list)
    irregular = rules("inflection")["verbs"]
    for name, entry in rules("moves").items():
        for wording in entry["wordings"]:
            made[key_of(wording)].append(_Form(name, "name", "base", ""))
        for wording in entry.get("bare", ()):
            made[key_of(wording)].append(_Form(name, "bare", "base", ""))
        for key, kind in (("orders", "order"), ("after_camera", "deed")):
            for wording in entry.get(key, ()):
                for spelt, form in verb_forms(wording, irregular):
                    made[key_of(spelt)].append(_Form(name, kind, form, wording.split()[0]))
    return MappingProxyType({key: tuple(forms) for key, forms in made.items()})


@functools.cache
def _starts() -> frozenset[str]:
    return frozenset(key[0] for key in _forms())


def _match(tokens: Sequence[Token], at: int) -> tuple[int, _Form | None]:
    """Return how many tokens from `at` on order a move, and as which wording."""
    token = tokens[at]
    if token.negated and token.actor is Actor.CAMERA and _stem(token) in rules("moves")["static"]["never"]:
        return 1, _Form("static", "deed", "s", "")
    if token.lower not in _starts():
        return 0, None
    words = [token.lower]
    bare = [(1, token.lower)]
    for reach in range(1, min(_LONGEST, len(tokens) - at)):
        following = tokens[at + reach]
        if following.unit.role is Role.BREAK or following.sentence != token.sentence:
            break
        words.append(following.lower)
        if not following.lower.endswith("ly"):
            bare.append((reach + 1, following.lower))
    known = _forms()
    for size in range(len(words), 0, -1):
        for form in known.get(tuple(words[:size]), ()):
            if _counts(tokens, at, size, form):
                return size, form
    for size in range(len(bare), 1, -1):
        for form in known.get(tuple(word for _, word in bare[:size]), ()):
            if form.kind != "name" and _counts(tokens, at, bare[size - 1][0], form):
                return bare[size - 1][0], form
    return 0, None


def _stem(token: Token) -> str:
    hit = token.unit.hit("verbs")
    return hit.stem if hit else token.lower


def _counts(tokens: Sequence[Token], at: int, size: int, form: _Form) -> bool:
    """Tell whether a wording is the camera's here."""
    token = tokens[at]
    before = tokens[at - 1] if at and tokens[at - 1].sentence == token.sentence else None
    if token.section in ("sound", "negative", "parameter", "text", "dialogue"):
        return False
    if token.negated and not _begins_with_negation(token):
        return False
    owned = before is not None and (before.lower in _POSSESSIVES or before.lower.endswith("'s"))
    if form.kind == "name":
        following = tokens[at + size] if at + size < len(tokens) else None
        names_a_thing = (
            size == 1
            and following is not None
            and token.unit.role in (Role.SCENE, Role.ADJECTIVE)
            and following.unit.role in (Role.NOUN, Role.UNKNOWN)
            and following.lower not in _FILMED_THINGS
            and not any(hit.table in ("moves", "camera_moves") for hit in following.unit.hits)
        )
        if token.lower == "camera" and token.actor is Actor.OTHER:
            return False  # "a security camera rotates"
        return not owned and not names_a_thing  # "a handheld fan"
    if form.kind == "bare":
        return _is_alone(tokens, at, size)
    if _is_nominal(tokens, at, form):
        return form.kind == "order" and not owned
    if before is not None and before.lower == "to" and token.actor is not Actor.CAMERA:
        return False
    if form.kind == "order":
        return _is_ordered(token, form, opens=_opens(tokens, at))
    return _is_done(tokens, at, size, form)


def _is_alone(tokens: Sequence[Token], at: int, size: int) -> bool:
    behind = tokens[at + size] if at + size < len(tokens) else None
    ends = behind is None or behind.unit.role is Role.BREAK or behind.sentence != tokens[at].sentence
    return ends and _opens(tokens, at)


def _begins_with_negation(token: Token) -> bool:
    return token.lower in ("no", "without", "zero")


def _is_nominal(tokens: Sequence[Token], at: int, form: _Form) -> bool:
    """Tell whether a verb stands as a noun: "a slow push in"."""
    if form.form != "base" or not at or tokens[at - 1].sentence != tokens[at].sentence:
        return False
    before = tokens[at - 1]
    return before.lower in _ARTICLES or (before.unit.role is Role.ADJECTIVE and _degree(before) is not None)


def _is_ordered(token: Token, form: _Form, *, opens: bool) -> bool:
    if token.actor is Actor.CAMERA:
        return True
    if token.actor in (Actor.NOBODY, Actor.SHOWN):
        return form.form in _BY_FORM and (form.form != "s" or token.fresh)
    if not (token.fresh and opens):
        return False
    return form.form == "base" or (form.form == "ing" and form.verb in _FILM_ONLY)


def _is_done(tokens: Sequence[Token], at: int, size: int, form: _Form) -> bool:
    token = tokens[at]
    following = tokens[at + size] if at + size < len(tokens) else None
    if form.form == "ed" and following is not None and following.lower == "by":
        return False
    if token.unit.role is Role.ADJECTIVE or (following is not None and following.glued):
        return False  # "with moving trains", "tilt-shift"
    if token.actor is Actor.CAMERA:
        if form.form != "ing" or not at:
            return True
        before = tokens[at - 1]
        # "focuses on a dancer spinning": who stands right before it does it.
        return before.unit.role not in _ACTORS or before.lower in ("drone", "gimbal")
    if token.actor is not Actor.NOBODY or not _opens(tokens, at):
        return False
    if form.form == "base":
        return size > 1 or form.name not in _NOT_ORDERED
    return form.form == "ing" and form.name not in _NOT_ORDERED and not _has_actor_later(tokens, at)


def _opens(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether only words of manner stand between the clause's start and `at`."""
    token = tokens[at]
    for other in reversed(tokens[:at]):
        if other.sentence != token.sentence or other.unit.role is Role.BREAK:
            return True
        if other.clause != token.clause:
            return other.lower in ("then", "and", "finally", "before", "as")
        manner = (
            other.unit.role in (Role.ADVERB, Role.ADJECTIVE, Role.CONJUNCTION) or _degree(other) is not None
        )
        if not manner and other.lower not in ("then", "finally", "before", "next", "after"):
            return False
    return True


def _has_actor_later(tokens: Sequence[Token], at: int) -> bool:
    return any(
        other.actor is Actor.OTHER and not other.inside and other.sentence == tokens[at].sentence
        for other in tokens[at + 1 : at + 60]
    )


def _wish(tokens: Sequence[Token], at: int, size: int, form: _Form) -> MoveWish:
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
        facts=MappingProxyType(own),
    )


def _degree(token: Token) -> Mapping[str, Any] | None:
    hits = lexicon().meanings(token.lower, "degrees")
    return hits[0].entry.facts if hits else None


def _nearest_degree(tokens: Sequence[Token], at: int, size: int) -> Mapping[str, Any] | None:
    """Return how much and how fast: said in the move's name, before it, or as an adverb behind."""
    for token in _around(tokens, at, size):
        degree = _degree(token)
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
