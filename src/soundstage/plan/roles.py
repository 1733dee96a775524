"""Stage 1 of 5, part: the roles words may play, by the tables that know them. Knows no sentence."""

from __future__ import annotations

import enum
from typing import TYPE_CHECKING

from soundstage.plan.lexicon import lexicon

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.lexicon import Hit
    from soundstage.plan.words import Word


class Role(enum.Enum):
    """What a unit can be in a sentence."""

    # Each is one object: its own name's hash, which `Enum` takes, costs a tenth of all reading.
    __hash__ = object.__hash__

    BREAK = enum.auto()
    DETERMINER = enum.auto()
    NUMBER = enum.auto()
    PREPOSITION = enum.auto()
    OF = enum.auto()
    SIMILE = enum.auto()
    NEGATOR = enum.auto()
    CONJUNCTION = enum.auto()
    AUXILIARY = enum.auto()
    RELATIVE = enum.auto()
    PRONOUN = enum.auto()
    ADVERB = enum.auto()
    HEADING = enum.auto()
    HEAR = enum.auto()
    ADVERBIAL = enum.auto()  #: a known wording that brings its preposition along: "at night", "in the rain"
    CARRIER = enum.auto()  #: the camera, which acts without being seen
    ADJECTIVE = enum.auto()
    SCENE = enum.auto()  #: place, time, light, lens, film word: stands in noun phrases, is no subject
    NOUN = enum.auto()
    NAME = enum.auto()
    VERB = enum.auto()
    UNKNOWN = enum.auto()


_CLOSED = {
    "determiner": Role.DETERMINER, "possessive": Role.DETERMINER, "preposition": Role.PREPOSITION,
    "of": Role.OF, "simile": Role.SIMILE, "negator": Role.NEGATOR, "conjunction": Role.CONJUNCTION,
    "auxiliary": Role.AUXILIARY, "relative": Role.RELATIVE, "adverb": Role.ADVERB, "hear": Role.HEAR,
    "she": Role.PRONOUN, "he": Role.PRONOUN, "they": Role.PRONOUN, "it": Role.PRONOUN,
    "someone": Role.PRONOUN, "other_pronoun": Role.PRONOUN,
}  # fmt: skip
_OPEN = {
    "nouns": Role.NOUN, "numbers": Role.NUMBER, "headings": Role.HEADING, "attributes": Role.ADJECTIVE,
    "colours": Role.ADJECTIVE, "eras": Role.ADJECTIVE, "materials": Role.ADJECTIVE, "moods": Role.ADJECTIVE,
    "verbs": Role.VERB,
}  # fmt: skip
#: Open roles in the order in which they win when a wording has several.
_ORDER = (Role.NUMBER, Role.HEADING, Role.NOUN, Role.SCENE, Role.ADJECTIVE, Role.VERB)


def role_of(words: Sequence[Word], hits: Sequence[Hit]) -> Role:
    """Return what a known wording is before anything is known of its sentence."""
    closed = next((hit for hit in hits if hit.table == "closed"), None)
    if any(hit.table == "film_words" and hit.name == "carrier" for hit in hits):
        return Role.CARRIER
    if closed:
        # "up", "away" and the like are headings that also govern ("up the hill"); the grammar sees which.
        return _CLOSED[closed.name]
    plain = [hit for hit in hits if hit.form != "implied"]
    roles = {
        _OPEN.get(hit.table, Role.SCENE) for hit in plain if hit.table not in ("camera_moves", "degrees")
    }
    if roles == {Role.SCENE} and all(hit.table == "hints" for hit in plain):
        return Role.UNKNOWN
    if not roles:
        return _role_of_degree(words, plain)
    if Role.SCENE in roles and len(words) > 1 and _governs(words[0]):
        return Role.ADVERBIAL
    return next(role for role in _ORDER if role in roles)


def _role_of_degree(words: Sequence[Word], hits: Sequence[Hit]) -> Role:
    if any(hit.table == "camera_moves" for hit in hits):
        return Role.VERB
    return Role.ADVERB if words[-1].lower.endswith("ly") else Role.ADJECTIVE


def _governs(word: Word) -> bool:
    return any(
        hit.table == "closed" and hit.name == "preposition"
        for hit in lexicon().phrases.get((word.lower,), ())
    )
