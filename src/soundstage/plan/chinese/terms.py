"""Stage 1 of 5, part: one Chinese word as a unit of the grammar. Knows no order of words.

A unit's text is what the prompt says; its lower case is the English the tables know it by, so that whoever
asks for "in", "she" or "slowly" finds it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.plan.chinese.glossary import family_of, hits_of, number_hit, table, verb_hit
from soundstage.plan.phrases import acts_on
from soundstage.plan.units import Role, Unit
from soundstage.plan.words import Word

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.chinese.segmentation import Token
    from soundstage.plan.lexicon import Hit

ADJECTIVES = ("attributes", "colours", "materials", "moods")
#: Sections whose words stand in a picture without being a subject.
SCENES = (
    "paces", "eras", "places", "times", "weathers", "seasons", "lights", "styles", "framings", "angles",
    "lenses", "film_words", "ambience", "effects", "music",
)  # fmt: skip
#: Of those, the ones that name how it is filmed: nothing is called after them.
FILMING = ("framings", "angles", "lenses", "moves", "film_words", "styles", "music")
_ANIMATE = frozenset({"people", "quadruped", "winged", "water_life"})
_OWNED = frozenset({"body", "clothing"})


def word(text: str, english: str, start: int, end: int) -> Word:
    """Return a word that reads as an English one."""
    return Word(text, english, start, end, glued=False)


def silent(english: str, role: Role, at: int) -> Unit:
    """Return a word English has and Chinese leaves out, at an offset."""
    return Unit((word("", english, at, at),), role)


def closed(token: Token, section: str, role: Role) -> Unit:
    """Return a word that holds a sentence together, as the English one it stands for."""
    english = token.senses[section]
    return Unit(
        (word(token.text, english, token.word.start, token.word.end),), role, hits_of("closed", english)
    )


def nominal(token: Token) -> Unit:
    """Return a word as it stands in a noun phrase."""
    if token.unit is not None:
        return token.unit
    if token.named:
        return Unit((token.word,), Role.NAME, _person(token.simple))
    sections = [name for name in ("nouns", *ADJECTIVES, *SCENES, "moves", "degrees") if name in token.senses]
    hits: dict[tuple[str, str], Hit] = {}
    for section in sections:
        for hit in hits_of(section, token.senses[section]):
            hits.setdefault((hit.table, hit.name), hit)
    if token.several:
        hits = {key: replace(hit, form="plural") for key, hit in hits.items()}
    english = token.senses[sections[0]] if sections else token.word.lower
    unit = word(token.text, english, token.word.start, token.word.end)
    return Unit((unit,), _role(sections), tuple(hits.values()))


def _role(sections: Sequence[str]) -> Role:
    if not sections:
        return Role.UNKNOWN
    if "nouns" in sections:
        return Role.NOUN
    return Role.ADJECTIVE if sections[0] in ADJECTIVES else Role.SCENE


def _person(name: str) -> tuple[Hit, ...]:
    """Return the kind a given name tells."""
    names = table("grammar")["names"]
    for key, kind in (("female", "woman"), ("male", "man")):
        if name[-1] in names[key].split():
            return hits_of("nouns", kind)
    return ()


def counted(tokens: Sequence[Token], number: int) -> Unit:
    """Return a number with its measure word; one is an article."""
    text = "".join(token.text for token in tokens)
    start, end = tokens[0].word.start, tokens[-1].word.end
    if number == 1:
        return Unit((word(text, "a", start, end),), Role.DETERMINER)
    return Unit((word(text, str(number), start, end),), Role.NUMBER, (number_hit(number),))


def determined(tokens: Sequence[Token], english: str) -> Unit:
    """Return "这位" or "她的" as a determiner."""
    text = "".join(token.text for token in tokens)
    return Unit((word(text, english, tokens[0].word.start, tokens[-1].word.end),), Role.DETERMINER)


def deed(tokens: Sequence[Token], said: str, gloss: str) -> Unit:
    """Return a verb with what belongs to it; without a gloss no table knows it."""
    hit = verb_hit(gloss, said) if gloss else None
    unit = word(said, gloss or said, tokens[0].word.start, tokens[-1].word.end)
    return Unit((unit,), Role.VERB, (hit,) if hit else ())


def filming(tokens: Sequence[Token], section: str) -> Unit:
    """Return a camera move with the words before it that say how: "缓缓向左摇"."""
    words: list[Word] = []
    for token in tokens[:-1]:
        english = token.senses.get("degrees") or token.senses.get("headings") or token.word.lower
        words.append(word(token.text, english, token.word.start, token.word.end))
    last = tokens[-1]
    name, *way = last.senses[section].split()
    words.append(word(last.text, name, last.word.start, last.word.end))
    words += [word("", english, last.word.end, last.word.end) for english in way]
    hits = tuple(hit for name in (section, "framings", "angles") if name in last.senses
                 for hit in hits_of(name, last.senses[name]))  # fmt: skip
    return Unit(tuple(words), Role.VERB if section == "camera_moves" else Role.SCENE, hits)


def heading(token: Token, english: str = "") -> Unit:
    """Return a direction."""
    english = english or token.senses["headings"]
    unit = word(token.text, english, token.word.start, token.word.end)
    return Unit((unit,), Role.HEADING, hits_of("headings", english))


def adverb(token: Token) -> Unit:
    """Return a word that says how, with the degree it gives a camera move."""
    english = token.senses.get("manner") or token.senses.get("degrees") or token.word.lower
    degrees = hits_of("degrees", token.senses["degrees"]) if "degrees" in token.senses else ()
    return Unit((word(token.text, english, token.word.start, token.word.end),), Role.ADVERB, degrees)


def adverb_of(token: Token) -> Unit:
    """Return an adjective before 地 as the adverb it is."""
    adjective = next((token.senses[name] for name in ADJECTIVES if name in token.senses), "")
    english = (
        adjective[:-1] + "ily" if adjective.endswith("y") else f"{adjective}ly" if adjective else token.text
    )
    return Unit((word(token.text, english, token.word.start, token.word.end),), Role.ADVERB)


def described(tokens: Sequence[Token]) -> Unit:
    """Return "切好" before 的 as a word that describes, as said."""
    text = "".join(token.text for token in tokens)
    return Unit((word(text, text, tokens[0].word.start, tokens[-1].word.end),), Role.ADJECTIVE)


def acts_on_things(token: Token) -> bool:
    """Tell whether a verb does something to a thing."""
    hit = next((hit for hit in hits_of("verbs", token.senses.get("verbs", "")) if hit.form == "base"), None)
    return hit is not None and acts_on(hit)


def is_animate(token: Token) -> bool:
    """Tell whether a word names somebody or an animal."""
    return token.named or token.has("pronouns") or family_of(token.senses.get("nouns", "")) in _ANIMATE


def is_owned(token: Token) -> bool:
    """Tell whether a word names a part of somebody, or what they wear."""
    return family_of(token.senses.get("nouns", "")) in _OWNED
