"""Stage 1 of 5, part: the clauses of European languages in English word order. Knows no wording.

Adjectives go before their noun; a verb that stands before its subject, or at the end of a German clause, goes
behind the subject; a Russian noun that belongs to the one before it gets its "of".
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from soundstage.plan.languages.piece import NOMINAL, moved
from soundstage.plan.lexicon import lexicon
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soundstage.plan.languages.piece import Piece

_ROMANCE = frozenset({"es", "fr", "it", "pt"})
#: Languages that leave out "he" and "she": "Lleva un abrigo" has no subject to be found behind the verb.
_PRONOUN_DROPPING = frozenset({"es", "it", "pt", "ru"})
_ARTICLES = ("the", "a", "an")
_TO = {"to": "", "to the": "the"}
_NEARING = {
    "to": "toward",
    "of": "toward",
    "to the": "toward the",
    "of the": "toward the",
    "at the": "toward the",
}
_HAVING = frozenset({"of", "at the", "to the"})
_BORNE = {"clothing": "in", "body": "with"}
_HEADS = frozenset({"noun", "unknown"})


@dataclass(frozen=True, slots=True)
class _Phrase:
    """A noun phrase of a clause, by the places of its pieces."""

    first: int
    last: int
    governed: bool  #: a preposition stands before it


def reorder(pieces: Sequence[Piece], language: str) -> list[Piece]:
    """Return the pieces of a text, clause by clause, in English order."""
    made: list[Piece] = []
    for clause in _clauses(pieces):
        ordered = clause
        if language in _ROMANCE:
            met = _met(clause) if language == "es" else clause
            ordered = _adjectives_first(_worn(_without_objects(_with_verb(_toward(met)))))
        elif language == "ru":
            ordered = _with_of(clause)
        elif language == "de":
            ordered = _verb_second(_relative(clause, made))
        made += _subject_first(ordered, language)
    return made


def _clauses(pieces: Sequence[Piece]) -> Iterator[list[Piece]]:
    clause: list[Piece] = []
    for piece in pieces:
        if piece.parts:
            yield clause
            yield [piece]
            clause = []
        elif piece.kind == "conjunction" and any(other.kind == "verb" for other in clause):
            yield clause
            clause = [piece]
        else:
            clause.append(piece)
    yield clause


def _without_objects(clause: list[Piece]) -> list[Piece]:
    """Drop "la" of "la sigue": what looks like an article before a verb is "her"."""
    return [
        piece for at, piece in enumerate(clause)
        if not (
            piece.kind == "determiner" and piece.text.lower() == "the"
            and at + 1 < len(clause) and clause[at + 1].kind == "verb" and clause[at + 1].form == "s"
        )
    ]  # fmt: skip


def _met(clause: list[Piece]) -> list[Piece]:
    """Drop the "a" of Spanish before whom something is done to: "abraza a su perro"."""
    made: list[Piece] = []
    for piece in clause:
        before = made[-1] if made else None
        done_to = before is not None and before.kind == "verb" and before.base not in _moving()
        if done_to and piece.kind == "preposition" and piece.text in _TO:
            if _TO[piece.text]:
                made.append(replace(piece, text=_TO[piece.text], kind="determiner"))
            continue
        made.append(piece)
    return made


def _with_verb(clause: list[Piece]) -> list[Piece]:
    """Read a word nobody knows as a verb where a clause has no other: "el marinero zarandea la red"."""
    if any(piece.kind == "verb" and piece.form == "s" for piece in clause):
        return clause
    for at in range(1, len(clause) - 1):
        before, piece, behind = clause[at - 1 : at + 2]
        between = before.kind in ("noun", "adjective") and behind.kind == "determiner"
        if between and piece.kind == "unknown" and piece.text.islower():
            return [*clause[:at], replace(piece, text="has", kind="verb", form="s"), *clause[at + 1 :]]
    return clause


def _toward(clause: list[Piece]) -> list[Piece]:
    """Read "la cámara se acerca a" and "se aproxima de" as "toward"."""
    made = list(clause)
    for at, piece in enumerate(clause[1:], 1):
        filmed = clause[at - 1].kind == "phrase" and clause[at - 1].base.endswith((" in", "closely"))
        if filmed and piece.kind == "preposition" and piece.text in _NEARING:
            made[at] = moved(piece, _NEARING[piece.text])
    return made


def _moving() -> Sequence[str]:
    return rules("languages")["moving"]["verbs"]


def _worn(clause: list[Piece]) -> list[Piece]:
    """Read "de vestido vermelho" as "in a red dress", "aux cheveux longs" as "with long hair"."""
    made = list(clause)
    for at, piece in enumerate(clause):
        if piece.text not in _HAVING or not at or clause[at - 1].kind not in ("noun", "unknown", "adjective"):
            continue
        named = next((p for p in clause[at + 1 : at + 4] if p.kind in _HEADS), None)
        family = _family(named.base) if named is not None else ""
        if family in _BORNE:
            made[at] = moved(piece, _BORNE[family])
    return made


def _family(noun: str) -> str:
    """Return the family of an English noun, "clothing" for "dress"."""
    hits = lexicon().meanings(noun, "nouns")
    return hits[0].entry.family if hits else ""


def _adjectives_first(clause: list[Piece]) -> list[Piece]:
    made: list[Piece] = []
    at = 0
    while at < len(clause):
        piece = clause[at]
        at += 1
        if piece.kind not in _HEADS:
            made.append(piece)
            continue
        described: list[Piece] = []
        while at < len(clause):
            joined = clause[at].kind == "conjunction" and clause[at].text == "and"
            size = 2 if joined and described else 1
            following = clause[at + size].kind if at + size < len(clause) else ""
            if at + size > len(clause) or not _describes(clause[at + size - 1], piece, size, following):
                break
            if size == 2 and following in _HEADS:
                break
            described.append(clause[at + size - 1])
            at += size
        made += [*described, piece]
    return made


def _describes(piece: Piece, noun: Piece, size: int, following: str) -> bool:
    """Tell whether what stands behind a noun describes it; a word nobody knows there does, too."""
    foreign = piece.kind == "unknown" and noun.kind == "noun" and size == 1 and piece.text.islower()
    return piece.kind == "adjective" or (foreign and following != "verb")


def _with_of(clause: list[Piece]) -> list[Piece]:
    """Put "of" between two Russian nouns of which the second is no longer in its first form."""
    made: list[Piece] = []
    for piece in clause:
        before = made[-1] if made else None
        follows = before is not None and before.kind == "noun" and piece.kind == "noun"
        if before is not None and follows and piece.form and not _is_first_form(piece):
            text = piece.base if piece.form == "many" and piece.lemma[-1:] in "аяь" else piece.text
            made.append(moved(piece, f"of {text}"))
        else:
            made.append(piece)
    return made


def _is_first_form(piece: Piece) -> bool:
    return piece.end - piece.start == len(piece.lemma) and piece.form == "one"


def _relative(clause: list[Piece], before: Sequence[Piece]) -> list[Piece]:
    """Read "…, die einen Hut trägt" as "who wears a hat"."""
    behind_comma = bool(before) and before[-1].kind == "mark" and before[-1].text == ","
    if not behind_comma or len(clause) <= 2 or clause[0].text not in _ARTICLES or clause[-1].kind != "verb":
        return clause
    if clause[1].kind in ("determiner", "preposition", "adjective", "number", "pronoun"):
        return [replace(clause[0], text="who", kind="relative"), *clause[1:]]
    return clause


def _verb_second(clause: list[Piece]) -> list[Piece]:
    """Move the verb at a German clause's end behind the clause's subject."""
    if len(clause) < 3 or clause[-1].kind != "verb" or any(p.kind == "verb" for p in clause[:-1]):
        return clause
    if clause[0].kind == "relative":
        return [clause[0], clause[-1], *clause[1:-1]]
    free = [phrase for phrase in _phrases(clause) if not phrase.governed]
    if not free or free[0].last == len(clause) - 2:
        return clause
    at = free[0].last + 1
    return [*clause[:at], clause[-1], *clause[at:-1]]


def _subject_first(clause: list[Piece], language: str) -> list[Piece]:
    """Move a verb that stands before its subject behind it: "duerme un gato" is "a cat sleeps"."""
    at = next((i for i, piece in enumerate(clause) if piece.kind == "verb" and piece.form == "s"), None)
    if at is None or any(piece.kind in ("pronoun", "relative") for piece in clause[:at]):
        return clause
    if at == 1 and clause[0].text == "and":
        return clause  # "und nimmt ihre Hand": who does it stands in the clause before
    if at + 1 < len(clause) and clause[at + 1].kind == "pronoun":
        return [*clause[:at], clause[at + 1], clause[at], *clause[at + 2 :]]
    return _behind_subject(clause, at, language)


def _behind_subject(clause: list[Piece], at: int, language: str) -> list[Piece]:
    phrases = _phrases(clause)
    if any(phrase.last < at and not phrase.governed for phrase in phrases):
        return clause
    behind = next((phrase for phrase in phrases if phrase.first > at), None)
    if (
        behind is None
        or behind.governed
        or any(p.kind == "preposition" for p in clause[at + 1 : behind.first])
    ):
        return clause
    # German puts the verb second; the others put it first where something appears, sleeps, falls or shines.
    if language in _PRONOUN_DROPPING and clause[at].base not in rules("languages")["intransitive"]["verbs"]:
        return clause
    verb = clause[at]
    return [*clause[:at], *clause[at + 1 : behind.last + 1], verb, *clause[behind.last + 1 :]]


def _phrases(clause: Sequence[Piece]) -> list[_Phrase]:
    found: list[_Phrase] = []
    at = 0
    while at < len(clause):
        if clause[at].kind not in NOMINAL:
            at += 1
            continue
        first = at
        headed = False
        while at < len(clause) and clause[at].kind in NOMINAL:
            if headed and clause[at].kind == "determiner":
                break
            headed = headed or clause[at].kind in _HEADS
            at += 1
        if headed:
            governed = first > 0 and clause[first - 1].kind == "preposition"
            found.append(_Phrase(first, at - 1, governed))
    return found
