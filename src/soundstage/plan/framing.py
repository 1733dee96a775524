"""Stage 1 of 5, part: how much a frame holds and from how high it looks, as a text says. Knows no move.

`data/framings.toml` and `data/angles.toml`: wordings count anywhere, `bare` words only where film is spoken
of.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from soundstage.plan.clauses import Actor
from soundstage.plan.lexicon import key_of, rules
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.plan.clauses import Token

_FILM = frozenset({
    "shot", "shots", "view", "angle", "frame", "framing", "perspective", "composition", "footage",
    "camera", "lens", "take", "tracking", "close", "closeup", "framed", "handheld", "drone", "photography",
    "cinematography", "pov", "vantage", "aerial", "position", "pan", "dolly", "static",
})  # fmt: skip
#: Before a bare word: "seen from above", "the camera over her shoulder".
_SEEING = frozenset({
    "shot", "seen", "viewed", "filmed", "view", "angle", "camera", "captured", "footage", "framed",
    "close", "perspective", "looking", "closeup", "pov", "observed", "drone", "up", "is", "stays",
    "remains", "placed", "positioned", "from",
})  # fmt: skip
_SHOWS = frozenset({"on", "of", "at", "behind", "from", "with", "toward", "as"})
#: Between a bare word and its word of film: "wide cinematic tracking shot".
_MOST_BETWEEN = 3
#: Framings read from one text.
_MOST_FRAMINGS = 12
#: Sections whose every word is about film.
_FILM_SECTIONS = frozenset({"camera", "framing", "lens"})
_DEAF = frozenset({"sound", "negative", "parameter", "text", "dialogue"})
#: What a low or high angle of is no camera's: "low-angle sun".
_SHINES = frozenset(
    {"sun", "sunlight", "light", "lighting", "rays", "sunshine", "sunbeams", "sunset", "sunrise", "winter"}
)


@dataclass(frozen=True, slots=True)
class Framed:
    """A framing or an angle met in a text."""

    name: str
    start: int
    end: int
    at: int  #: index of its first token
    size: int
    clause: int
    sentence: int
    bare: bool


def find_framings(tokens: Sequence[Token], table: str) -> list[Framed]:
    """Return what a text says of one table, "framings" or "angles", in the order of its words."""
    found: list[Framed] = []
    at, firsts = 0, _longest(table)
    while at < len(tokens) and len(found) < _MOST_FRAMINGS:
        if tokens[at].lower not in firsts:
            at += 1
            continue
        adjoins = bool(found) and found[-1].at + found[-1].size == at
        size, name, bare = _match(tokens, at, table, adjoins=adjoins)
        if not size:
            at += 1
            continue
        first, last = tokens[at], tokens[at + size - 1]
        framed = Framed(name, first.start, last.end, at, size, first.clause, first.sentence, bare)
        if found and found[-1].bare and found[-1].clause == framed.clause and (adjoins or not bare):
            found.pop()  # "wide aerial shot" is an aerial
        found.append(framed)
        at += size
    return found


@functools.cache
def _wordings(table: str) -> Mapping[tuple[str, ...], tuple[str, bool]]:
    made: dict[tuple[str, ...], tuple[str, bool]] = {}
    for name, entry in rules(table).items():
        for key, bare in (("bare", True), ("wordings", False)):
            made |= {key_of(wording): (name, bare) for wording in entry.get(key, ())}
    return MappingProxyType(made)


@functools.cache
def _longest(table: str) -> Mapping[str, int]:
    longest: dict[str, int] = {}
    for key in _wordings(table):
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return MappingProxyType(longest)


def _match(tokens: Sequence[Token], at: int, table: str, *, adjoins: bool) -> tuple[int, str, bool]:
    token = tokens[at]
    if token.negated or token.section in _DEAF:
        return 0, "", False
    for size in range(min(_longest(table).get(token.lower, 0), len(tokens) - at), 0, -1):
        known = _wordings(table).get(tuple(other.lower for other in tokens[at : at + size]))
        if known is None or tokens[at + size - 1].sentence != token.sentence:
            continue
        name, bare = known
        if _is_lit(tokens, at + size):
            return 0, "", False
        if bare and not _is_film_talk(tokens, at, size, adjoins=adjoins):
            continue
        return size, name, bare
    return 0, "", False


def _is_lit(tokens: Sequence[Token], at: int) -> bool:
    return at < len(tokens) and tokens[at].lower in _SHINES


def _is_film_talk(tokens: Sequence[Token], at: int, size: int, *, adjoins: bool) -> bool:
    token, end = tokens[at], at + size
    before = tokens[at - 1] if at and tokens[at - 1].sentence == token.sentence else None
    behind = tokens[end] if end < len(tokens) and tokens[end].sentence == token.sentence else None
    ends = behind is None or behind.unit.role is Role.BREAK
    opens = (
        before is None
        or adjoins
        or before.unit.role is Role.BREAK
        or before.lower in ("then", "starting", "start", "open", "opening")
    )
    if before is not None and before.lower in _SEEING and (size > 1 or ends or token.section == "camera"):
        return True
    if opens and token.actor is not Actor.OTHER and token.lower.endswith("ing"):
        return True
    if opens and (ends or (behind is not None and behind.lower in _SHOWS)):
        return True
    if ends and token.section in _FILM_SECTIONS:
        return True
    glued = size > 1 and _is_glued(tokens, at, size)
    return _film_word_follows(tokens, end) or (glued and opens)


def _is_glued(tokens: Sequence[Token], at: int, size: int) -> bool:
    return all(tokens[i + 1].start == tokens[i].end + 1 for i in range(at, at + size - 1))


def _film_word_follows(tokens: Sequence[Token], end: int) -> bool:
    for token in tokens[end : end + _MOST_BETWEEN]:
        if token.lower in _FILM or token.unit.hit("moves"):
            return True
        if token.unit.role not in (Role.ADJECTIVE, Role.SCENE, Role.ADVERB):
            return False
    return False
