"""Stage 1 of 5, part: which words are a move of the camera's. Knows wordings and actors; makes no move.

`data/moves.toml` tells names of moves, which count anywhere, from verbs, which count by who does them: "pan
left" is an order, "he pans for gold" a deed.
"""

from __future__ import annotations

import functools
from collections import defaultdict
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from soundstage.plan.clauses import Actor
from soundstage.plan.inflection import verb_forms
from soundstage.plan.lexicon import key_of, lexicon, rules
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.plan.clauses import Token

#: Verbs of film alone: in a list behind a subject they are still orders ("a woman waits, zooming in").
_FILM_ONLY = frozenset({
    "pan", "zoom", "dolly", "rack", "crane", "jib", "camera", "drone", "truck", "crash", "whip",
})  # fmt: skip
#: As the first verb of a sentence these are told to an actor rather than to the camera.
_NOT_ORDERED = frozenset({"static", "pan", "handheld", "crane_down", "whip_pan"})
_ACTORS = frozenset({Role.NOUN, Role.NAME, Role.UNKNOWN, Role.PRONOUN})
_ARTICLES = frozenset({"a", "an", "the", "one", "with", "this", "single"})
_POSSESSIVES = frozenset({"his", "her", "their", "my", "your", "its", "our"})
_NEGATIONS = frozenset({"no", "without", "zero"})
_DEAF = frozenset({"sound", "negative", "parameter", "text", "dialogue"})
_RIGS = frozenset({"drone", "gimbal"})
#: Behind "handheld" and the like: film, not a thing.
_FILM = frozenset({
    "shot", "footage", "camera", "iphone", "phone", "smartphone", "feel", "look", "vibe", "energy",
    "camcorder", "gopro", "realism", "intimacy", "aesthetic",
})  # fmt: skip
_FORMS = frozenset({"s", "base", "ing"})


@dataclass(frozen=True, slots=True)
class Form:
    """One wording of a move."""

    name: str  #: its entry
    kind: str  #: "name", "bare", "order" or "deed"
    form: str
    verb: str  #: its first word, in its base form


@functools.cache
def forms() -> Mapping[tuple[str, ...], tuple[Form, ...]]:
    """Return every wording of every move, in each of its forms."""
    made: dict[tuple[str, ...], list[Form]] = defaultdict(list)
    irregular = rules("inflection")["verbs"]
    spelt: dict[str, tuple[tuple[str, str], ...]] = {}
    for name, entry in rules("moves").items():
        for wording in entry["wordings"]:
            made[key_of(wording)].append(Form(name, "name", "base", ""))
        for wording in entry.get("bare", ()):
            made[key_of(wording)].append(Form(name, "bare", "base", ""))
        for key, kind in (("orders", "order"), ("after_camera", "deed")):
            for wording in entry.get(key, ()):
                verb, *rest = key_of(wording)
                if verb not in spelt:
                    spelt[verb] = tuple(verb_forms(verb, irregular))
                for made_of, form in spelt[verb]:
                    made[made_of, *rest].append(Form(name, kind, form, verb))
    return MappingProxyType({key: tuple(forms) for key, forms in made.items()})


@functools.cache
def first_words() -> frozenset[str]:
    """Return the words wordings start with."""
    return frozenset(key[0] for key in forms())


def is_camera_s(tokens: Sequence[Token], at: int, size: int, form: Form) -> bool:
    """Tell whether a wording of `size` words from `at` on is a move of the camera's here."""
    token = tokens[at]
    if token.section in _DEAF or (token.negated and token.lower not in _NEGATIONS) or _is_handled(tokens, at):
        return False
    before = tokens[at - 1] if at and tokens[at - 1].sentence == token.sentence else None
    owned = before is not None and (before.lower in _POSSESSIVES or before.lower.endswith("'s"))
    if form.kind == "name":
        return not owned and not _names_a_thing(tokens, at, size)
    if form.kind == "bare":
        return _is_alone(tokens, at, size)
    if _is_nominal(tokens, at, form):
        return form.kind == "order" and not owned
    if form.kind == "order":
        return _is_ordered(token, before, form, opens=_opens(tokens, at))
    return _is_done(tokens, at, size, form)


def _is_handled(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether somebody does something to it: "she slams a pan down"."""
    if tokens[at].actor is not Actor.OTHER or tokens[at].unit.role is not Role.NOUN:
        return False
    first = at - 1
    while first > 0 and tokens[first].unit.role is Role.ADJECTIVE:
        first -= 1
    return first > 0 and tokens[first].lower in _ARTICLES and tokens[first - 1].unit.role is Role.VERB


def _names_a_thing(tokens: Sequence[Token], at: int, size: int) -> bool:
    """Tell whether a name of a move is about a thing: "a handheld fan", "a security camera rotates"."""
    token = tokens[at]
    if token.lower == "camera" and token.actor is Actor.OTHER:
        return True
    if size > 1 or at + 1 == len(tokens) or token.unit.role not in (Role.SCENE, Role.ADJECTIVE):
        return False
    following = tokens[at + 1]
    moves = any(hit.table in ("moves", "camera_moves") for hit in following.unit.hits)
    return following.unit.role in (Role.NOUN, Role.UNKNOWN) and following.lower not in _FILM and not moves


def _is_alone(tokens: Sequence[Token], at: int, size: int) -> bool:
    behind = tokens[at + size] if at + size < len(tokens) else None
    ends = behind is None or behind.unit.role is Role.BREAK or behind.sentence != tokens[at].sentence
    return ends and _opens(tokens, at)


def _is_nominal(tokens: Sequence[Token], at: int, form: Form) -> bool:
    """Tell whether a verb stands as a noun: "a slow push in"."""
    if form.form != "base" or not at or tokens[at - 1].sentence != tokens[at].sentence:
        return False
    before = tokens[at - 1]
    return before.lower in _ARTICLES or (before.unit.role is Role.ADJECTIVE and degree_of(before) is not None)


def _is_ordered(token: Token, before: Token | None, form: Form, *, opens: bool) -> bool:
    if token.actor is Actor.CAMERA:
        return True
    if before is not None and before.lower == "to":
        return False
    if token.actor in (Actor.NOBODY, Actor.SHOWN):
        return form.form in _FORMS and (form.form != "s" or token.fresh)
    if not (token.fresh and opens):
        return False
    return form.form == "base" or (form.form == "ing" and form.verb in _FILM_ONLY)


def _is_done(tokens: Sequence[Token], at: int, size: int, form: Form) -> bool:
    """Tell whether the camera does a deed: "the camera follows her", "Follow her", "following her"."""
    token = tokens[at]
    following = tokens[at + size] if at + size < len(tokens) else None
    by_another = form.form == "ed" and following is not None and following.lower == "by"
    if by_another or token.unit.role is Role.ADJECTIVE or (following is not None and following.glued):
        return False  # "followed by", "with moving trains", "tilt-shift"
    if token.actor is Actor.CAMERA:
        before = tokens[at - 1] if at and form.form == "ing" else None
        # "Focuses on a dancer spinning": who stands right before it does it.
        return before is None or before.lower in _RIGS or not _acts(before)
    if token.actor is not Actor.NOBODY or not _opens(tokens, at):
        return False
    if form.form == "base":
        return size > 1 or form.name not in _NOT_ORDERED
    return form.form == "ing" and form.name not in _NOT_ORDERED and not _has_actor_later(tokens, at)


def _acts(token: Token) -> bool:
    """Tell whether a word may do what the participle behind it tells: "clouds racing"."""
    shown = any(token.unit.hit(table) for table in ("weathers", "places", "lights", "times"))
    return token.unit.role in _ACTORS or (token.unit.role is Role.SCENE and shown)


def _opens(tokens: Sequence[Token], at: int) -> bool:
    """Tell whether only words of manner stand between the clause's start and `at`."""
    token = tokens[at]
    for other in reversed(tokens[:at]):
        if other.sentence != token.sentence or other.unit.role is Role.BREAK:
            return True
        if other.clause != token.clause:
            return other.lower in ("then", "and", "finally", "before", "as")
        manner = (
            other.unit.role in (Role.ADVERB, Role.ADJECTIVE, Role.CONJUNCTION) or degree_of(other) is not None
        )
        if not manner and other.lower not in ("then", "finally", "before", "next", "after"):
            return False
    return True


def _has_actor_later(tokens: Sequence[Token], at: int) -> bool:
    return any(
        other.actor is Actor.OTHER and not other.inside and other.sentence == tokens[at].sentence
        for other in tokens[at + 1 : at + 60]
    )


def degree_of(token: Token) -> Mapping[str, Any] | None:
    """Return how much and how fast a word says; None when it says nothing of the kind."""
    hits = lexicon().meanings(token.lower, "degrees")
    return hits[0].entry.facts if hits else None
