"""Stage 1 of 5, part: the music a text wishes for: words, genre, mood, instruments, who hears it. Makes none.

"An old piano stands in the hall" is furniture: an instrument sounds when it plays, when a word of music
stands beside it, or where a section tells what is heard. The words stand in `data/music.toml` and
`data/instruments.toml`.
"""

from __future__ import annotations

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal, cast

from soundstage.film import Music, Span
from soundstage.plan.lexicon import HEARD, key_of, rules
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.phrases import ANIMATE
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from soundstage.plan.clauses import Token

#: How far from its word of music a mood, an instrument or a source still belongs to it, in words.
_REACH = 14
#: Words of music, and wishes, weighed of one text; more would say nothing new.
_MOST_WORDS, _MOST_WISHES = 60, 8
#: How far apart an instrument and the verb that sounds it stand.
_PLAYING = 6
_NAMES = frozenset({Role.ADJECTIVE, Role.NOUN, Role.UNKNOWN, Role.SCENE, Role.NAME})
_DEAF = frozenset({"negative", "parameter", "text", "dialogue"})
_ARTICLES = lazy_pattern(r"^(?:(?:the|an?|some)\s+)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Found:
    """A word of music at its place among the tokens."""

    kind: str  #: "music", "weak", "genre", "instrument", "mood", "tempo", "plays", "sources"
    name: str
    at: int
    end: int


def read_music(text: str, tokens: Sequence[Token]) -> Music | None:
    """Return the music a text wishes for, or None."""
    found = list(islice(_find(tokens), _MOST_WORDS))
    anchors = [word for word in found if _sounds(word, tokens, found)][:_MOST_WISHES]
    if not anchors:
        return None
    near = [word for word in found if any(_is_near(word, anchor, tokens) for anchor in anchors)]
    extents = [_extent(tokens, anchor, found) for anchor in anchors]
    start, end = extents[0]
    return Music(
        said=_ARTICLES.sub("", " ".join(text[start:end].split())).lower(),
        genre=next((word.name for word in near if word.kind == "genre"), None),
        mood=tuple(dict.fromkeys(word.name for word in near if word.kind == "mood")),
        instruments=tuple(dict.fromkeys(word.name for word in near if word.kind == "instrument")),
        tempo=cast(
            'Literal["slow", "medium", "fast"] | None',
            next((word.name for word in near if word.kind == "tempo"), None),
        ),
        in_scene=any(word.kind == "sources" for word in near) or _is_played(tokens, near),
        spans=tuple(Span(start=first, end=last) for first, last in dict.fromkeys(extents)),
    )


def refuses_music(tokens: Sequence[Token]) -> bool:
    """Tell whether a text says that there is no music: "no songs or background music"."""
    return any(tokens[word.at].negated for word in _find(tokens) if word.kind == "music")


@functools.cache
def _wordings() -> Mapping[tuple[str, ...], tuple[tuple[str, str], ...]]:
    made: dict[tuple[str, ...], list[tuple[str, str]]] = defaultdict(list)
    for wording in rules("music")["music"]:
        made[key_of(wording)].append(("music", "music"))
    for kind in ("genre", "instrument", "tempo", "mood"):
        for name, wordings in rules("instruments")[kind].items():
            for wording in wordings:
                made[key_of(wording)].append((kind, name))
    for kind in ("weak", "plays", "sources"):
        for wording in rules("instruments")["word"][kind]:
            made[key_of(wording)].append((kind, wording))
    return MappingProxyType({key: tuple(meanings) for key, meanings in made.items()})


@functools.cache
def _longest() -> Mapping[str, int]:
    longest: dict[str, int] = {}
    for key in _wordings():
        longest[key[0]] = max(longest.get(key[0], 0), len(key))
    return MappingProxyType(longest)


def _find(tokens: Sequence[Token]) -> Iterator[_Found]:
    at, longest = 0, _longest()
    while at < len(tokens):
        token = tokens[at]
        if token.lower not in longest:
            at += 1
            continue
        size = min(longest[token.lower], len(tokens) - at)
        while size and (
            tuple(other.lower for other in tokens[at : at + size]) not in _wordings()
            or tokens[at + size - 1].sentence != token.sentence
        ):
            size -= 1
        if size and token.section not in _DEAF:
            for kind, name in _wordings()[tuple(other.lower for other in tokens[at : at + size])]:
                yield _Found(kind, name, at, at + size)
        at += size or 1


def _sounds(word: _Found, tokens: Sequence[Token], found: Sequence[_Found]) -> bool:
    """Tell whether a word of music is heard rather than something seen."""
    token = tokens[word.at]
    behind = tokens[word.end].lower if word.end < len(tokens) else ""
    if word.kind == "sources":
        return _is_on_the_air(tokens, word)
    if token.negated or behind in rules("instruments")["word"]["not_before"]:
        return False
    kinds = {other.kind for other in found if other is not word and _shares_clause(other, word, tokens)}
    told = token.section == "sound" or "music" in kinds
    rules_by_kind: Mapping[str, Callable[[], bool]] = {
        "music": lambda: token.unit.role is not Role.VERB,
        "weak": lambda: not kinds.isdisjoint({"genre", "instrument", "music"}) or (told and "mood" in kinds),
        "genre": lambda: (
            told
            or _names_music(tokens, word)
            or not kinds.isdisjoint({"plays", "weak"})
            or _is_listed(tokens, word)
        ),
        "instrument": lambda: told or _is_sounded(tokens, word, found),
    }
    return rules_by_kind.get(word.kind, lambda: False)()


def _names_music(tokens: Sequence[Token], word: _Found) -> bool:
    """Tell whether a genre's wording ends in a word of music: "cinematic music"."""
    return word.end - word.at > 1 and tokens[word.end - 1].lower in (
        "music",
        "song",
        "score",
        "beats",
        "melody",
    )


def _is_on_the_air(tokens: Sequence[Token], word: _Found) -> bool:
    """Tell whether something plays that only its source names: "a tune nobody knows plays on the radio"."""
    moved = rules("instruments")["word"]["moved"]
    sentence = [
        t for t in tokens[max(0, word.at - _REACH) : word.at] if t.sentence == tokens[word.at].sentence
    ]
    through = any(t.lower in ("from", "on", "over", "through") for t in sentence[-3:])
    return through and any(t.lower in moved for t in sentence)


def _shares_clause(other: _Found, word: _Found, tokens: Sequence[Token]) -> bool:
    same = tokens[other.at].clause == tokens[word.at].clause
    return same and not tokens[other.at].negated and abs(other.at - word.at) <= _REACH


def _is_listed(tokens: Sequence[Token], word: _Found) -> bool:
    """Tell whether a genre stands between marks with only words that describe it: "upbeat synthwave"."""
    clause = tokens[word.at].clause
    others = [t for t in tokens[max(0, word.at - 8) : word.end + 8] if t.clause == clause]
    return all(
        t.unit.role in (Role.ADJECTIVE, Role.BREAK, Role.SCENE, Role.ADVERB, Role.UNKNOWN, Role.DETERMINER)
        or t.unit.role in (Role.CONJUNCTION, Role.NOUN)
        for t in others
    ) and not any(t.unit.role in (Role.VERB, Role.PREPOSITION, Role.OF) for t in others)


def _is_sounded(tokens: Sequence[Token], word: _Found, found: Sequence[_Found]) -> bool:
    before = tokens[word.at - 1].lower if word.at else ""
    described = any(other.kind in ("mood", "tempo") and other.end == word.at for other in found)
    weak = any(other.kind in ("weak", "music") and other.at == word.end for other in found)
    if described or weak:
        return True
    if before in rules("instruments")["word"]["things"]:
        return False
    if _is_listed(tokens, word) and (_is_among_sounds(tokens, word) or _stands_bare(tokens, word)):
        return True
    return any(
        other.kind == "plays" and abs(other.at - word.at) <= _PLAYING and _shares_clause(other, word, tokens)
        for other in found
    )


def _stands_bare(tokens: Sequence[Token], word: _Found) -> bool:
    """Tell whether nothing else is in its part of a list: "venetian blinds, saxophone"."""
    around = [tokens[at] for at in (word.at - 1, word.end) if 0 <= at < len(tokens)]
    apart = all(t.unit.role is Role.BREAK or t.sentence != tokens[word.at].sentence for t in around)
    alone = all(t.sentence == tokens[word.at].sentence for t in tokens) and len(tokens) <= _REACH // 2
    return apart and word.at > 0 and not alone


def _is_among_sounds(tokens: Sequence[Token], word: _Found) -> bool:
    sentence = tokens[word.at].sentence
    return any(
        hit.table in HEARD
        for token in tokens[max(0, word.at - _REACH) : word.end + _REACH]
        if token.sentence == sentence
        for hit in token.unit.hits
    )


def _is_near(word: _Found, anchor: _Found, tokens: Sequence[Token]) -> bool:
    same = tokens[word.at].sentence == tokens[anchor.at].sentence and not tokens[word.at].negated
    if not same or abs(word.at - anchor.at) > _REACH:
        return False
    if word.kind in ("mood", "tempo"):
        # "Sad piano as she smiles happily": only what stands in its clause says how it sounds.
        return tokens[word.at].clause == tokens[anchor.at].clause and abs(word.at - anchor.at) <= _PLAYING
    if word.kind == "sources":
        return tokens[word.at].clause == tokens[anchor.at].clause
    return True


def _is_played(tokens: Sequence[Token], near: Sequence[_Found]) -> bool:
    """Tell whether somebody in the picture plays it: "a boy plays violin"."""
    sounding = {at for word in near if word.kind == "instrument" for at in range(word.at, word.end)}
    for word in near:
        if word.kind != "plays" or not any(other.kind == "instrument" for other in near):
            continue
        for at in range(word.at - 1, max(0, word.at - _PLAYING) - 1, -1):
            token = tokens[at]
            if at in sounding:
                continue  # a choir is no one who plays
            if token.sentence != tokens[word.at].sentence or token.unit.role is Role.BREAK:
                break
            hit = token.unit.hit("nouns")
            living = hit is not None and hit.entry.family in ANIMATE
            if living or token.unit.role in (Role.PRONOUN, Role.NAME):
                return True
    return False


def _extent(tokens: Sequence[Token], anchor: _Found, found: Sequence[_Found]) -> tuple[int, int]:
    """Return the words around a word of music that belong to its name: "a soft lo-fi beat from the radio"."""
    first, last = anchor.at, anchor.end - 1
    sentence = tokens[anchor.at].sentence
    while first and tokens[first - 1].unit.role in _NAMES and tokens[first - 1].sentence == sentence:
        first -= 1
    while last + 1 < len(tokens) and tokens[last + 1].unit.role in _NAMES:
        if tokens[last + 1].sentence != sentence or tokens[last + 1].unit.role is Role.VERB:
            break
        last += 1
    for word in found:
        clause = tokens[word.at].clause == tokens[anchor.at].clause
        if (
            word.kind == "sources"
            and clause
            and last < word.at <= last + 4
            and tokens[last + 1].lower in ("from", "on", "over")
        ):
            last = word.end - 1
    return tokens[first].start, tokens[last].end
