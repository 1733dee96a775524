"""Stage 1 of 5, part: words and phrases with the roles they may play. Knows no sentence structure.

A unit is the longest wording some table knows, or one word none knows. Its role is what the grammar goes by;
its hits are what the readers go by.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.hypernyms import nearest, nearest_of_name
from soundstage.plan.lexicon import Hit, lexicon, rules
from soundstage.plan.roles import Role, role_of
from soundstage.plan.words import Word, is_han

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


#: Tables whose longer wordings may say something of these besides: a "cyberpunk city" is a city and a style.
_SCENIC = frozenset({"places", "times", "weathers", "seasons", "eras", "lights"})
_TELLING = frozenset({"times", "weathers", "seasons", "eras", "styles", "lights", "moods"})
#: Behind these a building is where we are, not what we see.
_WITHIN = frozenset({
    "in", "inside", "into", "inside of", "interior of", "within", "at", "through", "throughout", "int .",
    "int", "aboard",
})  # fmt: skip
_NAMING = frozenset({Role.ADJECTIVE, Role.NOUN, Role.NAME, Role.UNKNOWN, Role.SCENE})
_AFTER_ACTORS = frozenset({Role.VERB, Role.AUXILIARY, Role.CONJUNCTION})
_LONGEST_COMPOUND = 5  #: words hyphens may join; more is a drawn line
#: A word no table knows that ends so describes, unless an article is before it and nothing behind.
_ADJECTIVE_ENDS = (
    "ous", "ful", "less", "ive", "ish", "able", "ible", "ic", "esque", "like", "ant", "ical", "ular",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Unit:
    """A known wording or an unknown word of a sentence."""

    words: tuple[Word, ...]
    role: Role
    hits: tuple[Hit, ...] = ()

    @property
    def text(self) -> str:
        """As the prompt has it, single spaces, hyphens restored."""
        made = self.words[0].text
        for word in self.words[1:]:
            made += ("-" if word.glued else gap_between(made, word.text)) + word.text
        return made

    @property
    def lower(self) -> str:
        """Its words in lower case, one space between."""
        words = self.words
        return words[0].lower if len(words) == 1 else " ".join(word.lower for word in words)

    @property
    def plain(self) -> str:
        """As attributes hold it: as said, in lower case; a Chinese word in English where a table knows it."""
        return self.lower if is_han(self.text) else self.text.lower()

    @property
    def start(self) -> int:
        """Offset of its first character in the prompt."""
        return self.words[0].start

    @property
    def end(self) -> int:
        """Offset behind its last character."""
        return self.words[-1].end

    def hit(self, table: str) -> Hit | None:
        """Return what it means in one table, or None."""
        for hit in self.hits:
            if hit.entry.table == table and hit.form != "implied":
                return hit
        return None

    @property
    def describes(self) -> bool:
        """True for an unknown word that looks like an adjective."""
        return self.role is Role.UNKNOWN and (
            self.lower.endswith(_ADJECTIVE_ENDS) or (len(self.lower) > 4 and self.lower.endswith("ed"))
        )


def gap_between(text: str, following: str) -> str:
    """Return what stands between two words: a space, nothing between Chinese characters."""
    return "" if not text or (text[-1:] > "\u33ff" and is_han(text[-1:]) and is_han(following[:1])) else " "


def units_of(sentence: Sequence[Word]) -> tuple[Unit, ...]:
    """Return a sentence's units in order."""
    units = tuple(_match(sentence))
    return tuple(_settled(units, at) for at in range(len(units)))


def _match(sentence: Sequence[Word]) -> Iterator[Unit]:
    at, heard_until, known = 0, 0, lexicon()
    while at < len(sentence):
        sounds: tuple[Hit, ...] = ()
        if at >= heard_until:
            size, sounds = known.match_heard(sentence, at)
            heard_until = at + size
        size, hits = known.match(sentence, at)
        # The tables are asked first: only a longer name, or a word they do not know, is looked up elsewhere.
        wide, near = nearest(sentence, at, size)
        size = max(size, wide)
        chain = _chain(sentence, at) if at + 1 < len(sentence) and sentence[at + 1].glued else 1
        if chain > max(size, 1):
            yield _compound(tuple(sentence[at : at + chain]))
            at += chain
        elif size <= 1 and _is_listed_name(sentence[at]):
            yield Unit((sentence[at],), Role.NAME, sounds)
            at += 1
        elif size:
            words = tuple(sentence[at : at + size])
            role, hits = _told(words, near) if near else _of_wording(tuple([word.lower for word in words]))
            yield Unit(words, role, (*hits, *sounds) if sounds else hits)
            at += size
        else:
            # What only a sound is called by ("footsteps") is heard, not seen.
            yield Unit((sentence[at],), Role.SCENE, sounds) if sounds else _unknown(sentence, at)
            at += 1


@functools.lru_cache(maxsize=4096)
def _of_wording(key: tuple[str, ...]) -> tuple[Role, tuple[Hit, ...]]:
    """Return the role and the meanings of a wording that the tables have."""
    return _told(tuple([Word(lower, lower, 0, 0, glued=False) for lower in key]), lexicon().phrases[key])


def _told(words: Sequence[Word], hits: tuple[Hit, ...]) -> tuple[Role, tuple[Hit, ...]]:
    if all(hit.table == "hints" for hit in hits):
        hits = (*nearest_of_name(words), *hits)
    return role_of(words, hits), (*hits, *_inside(words, hits))


def _inside(words: Sequence[Word], hits: Sequence[Hit]) -> Iterator[Hit]:
    """Yield what the words of a longer wording say by themselves: a "misty lake" is a lake in the mist."""
    tables = {hit.table for hit in hits}
    if len(words) > 1 and tables & _SCENIC and "nouns" not in tables:
        at, most = 0, len(words) - 1
        while at < len(words):
            size, inner = lexicon().match(words[at : at + most], 0)  # "snow-capped" is one, and no snow
            yield from (Hit(hit.entry, "implied") for hit in inner if hit.table in _TELLING - tables)
            at += max(size, 1)


def _settled(units: Sequence[Unit], at: int) -> Unit:
    """Return a unit as what stands before it wants: a castle is seen, "in a castle" is where we are."""
    unit = units[at]
    place = unit.hit("places") if unit.role in (Role.NOUN, Role.SCENE) else None
    if place is None:
        return unit
    if unit.role is Role.NOUN:
        if not _is_within(units, at, place.entry.facts.get("within", ())):
            return unit
        return Unit(unit.words, Role.SCENE, tuple(hit for hit in unit.hits if hit.table != "nouns"))
    # "Jackson walks in" is a man, "in Jackson" a town.
    following = units[at + 1] if at + 1 < len(units) else None
    acts = following and (following.role in _AFTER_ACTORS or following.hit("verbs"))
    named = place.near and unit.text[:1].isupper() and _governor(units, at) is None
    return Unit(unit.words, Role.NAME) if named and acts else unit


def _is_within(units: Sequence[Unit], at: int, also: Sequence[str]) -> bool:
    governor = _governor(units, at)
    if governor is None or governor.role is Role.OF:
        before = units[: units.index(governor)] if governor else ()
        return bool(before) and before[-1].hit("places") is not None  # "the interior of a church"
    verb = governor.hit("verbs")
    return governor.lower in _WITHIN or governor.lower in also or (verb is not None and verb.stem == "enter")


def _governor(units: Sequence[Unit], at: int) -> Unit | None:
    """Return the preposition or verb a noun at `at` belongs to; None when it stands free."""
    while at and (units[at - 1].role in _NAMING or units[at - 1].lower.endswith("ing")):  # "a creaking cabin"
        at -= 1
    while at and units[at - 1].role in (Role.DETERMINER, Role.NUMBER):
        at -= 1
    before = units[at - 1] if at else None
    return before if before and before.role in (Role.PREPOSITION, Role.OF, Role.VERB) else None


def _chain(sentence: Sequence[Word], at: int) -> int:
    """Return how many words hyphens join from `at` on."""
    end = at + 1
    while end < len(sentence) and sentence[end].glued and end - at < _LONGEST_COMPOUND:
        end += 1
    return end - at


def _compound(words: tuple[Word, ...]) -> Unit:
    """Return a compound no table knows: "rain-soaked" describes and means rain, "robot-dog" is a dog."""
    hits = [hit for word in words for hit in lexicon().phrases.get((word.lower,), ())]
    last = [hit for hit in lexicon().phrases.get((words[-1].lower,), ()) if hit.table == "nouns"]
    if last:
        return Unit(words, Role.NOUN, tuple(last))
    telling = ("colours", "lights", "materials", "moods", "weathers", "times")
    return Unit(words, Role.ADJECTIVE, tuple(hit for hit in hits if hit.table in telling))


def _unknown(sentence: Sequence[Word], at: int) -> Unit:
    word = sentence[at]
    return Unit((word,), _role_of_unknown(word.text, word.lower, glued=word.glued, first=at == 0))


@functools.lru_cache(maxsize=4096)
def _role_of_unknown(text: str, lower: str, *, glued: bool, first: bool) -> Role:
    word = Word(text, lower, 0, 0, glued)
    # The grammar is English: a Chinese character no table knows only parts those it knows.
    if word.breaks or is_han(word.text) or not any(map(str.isalnum, word.text)):
        return Role.BREAK
    if word.lower.endswith(("'s", "s'")):
        return Role.DETERMINER
    if word.text.startswith("@"):
        return Role.NAME
    if any(map(str.isdigit, word.text)):
        return Role.SCENE
    if word.lower.endswith("ly") and len(word.lower) > 4:
        return Role.ADVERB
    return Role.NAME if _is_name(word, first=first) else Role.UNKNOWN


def _is_name(word: Word, *, first: bool) -> bool:
    return _is_listed_name(word) or (word.text[:1].isupper() and not first and not word.glued)


def _is_listed_name(word: Word) -> bool:
    return word.text[:1].isupper() and word.lower in _listed_names()


@functools.cache
def _listed_names() -> frozenset[str]:
    return frozenset((*rules("names")["female"], *rules("names")["male"]))
