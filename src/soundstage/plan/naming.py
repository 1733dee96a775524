# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: whom a phrase names, as a speaker is called. Knows no quote.

"The old cook" is "old cook", "her mother" is "mother", "Tom's voice" is Tom unseen, "one of the soldiers" a
soldier; a sign is something letters stand on.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.chinese import name_of
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.phrases import Mark, NounPhrase, names_several
from soundstage.plan.tables import rules
from soundstage.plan.units import Role
from soundstage.plan.words import is_han

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.units import Unit

#: Families of nouns.toml that act of themselves.
_ALIVE = frozenset({"people", "quadruped", "winged", "water_life"})
_PARTS = frozenset({"clothing", "body"})
_PRONOUNS = {
    "she": "she", "she's": "she", "herself": "she", "her": "she", "hers": "she", "he": "he", "he's": "he",
    "him": "he", "himself": "he", "his": "he", "they": "they", "they're": "they", "them": "they",
    "themselves": "they", "their": "they", "it": "it", "itself": "it", "i": "i", "we": "we", "you": "you",
    "me": "i", "my": "i",
}  # fmt: skip
#: Words for people that are no nouns.
_ANYONE = frozenset({
    "everyone", "everybody", "someone", "somebody", "all", "both", "one", "another", "others", "anyone",
})  # fmt: skip
_VOICE = lazy_pattern(
    r"\b(?:voice|voices|voiceover|voice-over|narrator|narration|announcer|monologue)\b", re.IGNORECASE
)
_LEAD_IN = lazy_pattern(
    r"^(?:(?:then|and|but|while|as|when|suddenly|finally|meanwhile|now|so|until|before|after|only|just|even|"
    r"off[- ]?screen|offscreen|off[- ]camera|in the background|close[- ]?up (?:of|on))[\s,]+)+",
    re.IGNORECASE,
)
_ARTICLE = lazy_pattern(
    r"^(?:the|an?|one|this|that|another|his|her|their|its|my|your|our|some|two|three|these|those|all|both)\s+",
    re.IGNORECASE,
)
#: A verb that was read as a noun: "one spits", "the other smiles".
_ONE_ACTS = lazy_pattern(r"(one|(?:the )?other)(?: of them)? \w+s$")


@dataclass(frozen=True, slots=True)
class Named:
    """Whom or what a phrase names."""

    name: str
    person: bool  #: somebody who may speak, known or not
    free: bool = True  #: nothing governs it and no verb acts on it
    several: bool = False
    unseen: bool = False  #: a voice alone
    written: bool = False  #: letters stand on it
    start: int = 0
    end: int = 0
    kind: str = "person"  #: "person", "unknown", "thing"
    gender: str = "unknown"
    single: str = ""  #: of several, what one of them is: "man" of "two men"
    sentence: int = 0  #: which sentence of its text


@functools.lru_cache(maxsize=1024)
def clean_name(name: str) -> str:
    """Return a speaker's name without article and lead-in words: "then the old cook" is "old cook"."""
    name = re.sub(r"<<<[^>]*>>>|\(S\d\)|@(?=\w)", "", name).strip(" ,:;*—–-\"'“”‘’[]().")
    name = _LEAD_IN.sub("", " ".join(name.split()))
    bare = _ARTICLE.sub("", name).strip()
    return bare or name


def tells_voice(text: str) -> bool:
    """Tell whether words speak of a voice."""
    return _VOICE.search(text) is not None


def noun_kind(phrase: NounPhrase) -> str:  # noqa: PLR0911 - cases in the order in which they win
    """Return what a phrase names: "person", "unknown", "voice", "written", "part", "thing", else empty."""
    if _VOICE.search(phrase.text):
        return "voice"
    noun = phrase.noun
    if noun is None:
        last = phrase.units[-1]
        if _is_writing(last.lower):
            return "written"
        if {hit.table for hit in last.hits} == {"hints"}:
            return "unknown"  # a busker tells of a street, and is one who may speak
        # "a cute alien": a word that elsewhere describes.
        plain = phrase.article in ("a", "an", "the") and 1 < len(phrase.units) < 4
        described = last.role is Role.ADJECTIVE and all(unit.role is not Role.SCENE for unit in phrase.units)
        return "unknown" if plain and described and last.hit("verbs") is None else ""
    hit = noun.hit("nouns")
    if hit is not None and hit.entry.family in _ALIVE:
        return "person"
    if _is_writing(noun.lower):
        return "written"
    if noun.role is Role.NAME or (_is_capital(phrase) and (hit is None or hit.near)):
        return "person"
    if hit is None:
        return "part" if any(_is_part(unit) for unit in phrase.units) else "unknown"
    return "part" if hit.entry.family in _PARTS else "thing"


def _is_capital(phrase: NounPhrase) -> bool:
    """Tell whether a phrase without an article is written as a name."""
    bare = not phrase.article and phrase.number is None and len(phrase.units) <= 3
    return bare and all(unit.text[:1].isupper() and not unit.text.isdigit() for unit in phrase.units)


def _is_part(unit: Unit) -> bool:
    hit = unit.hit("nouns")
    return hit is not None and hit.entry.family in _PARTS


def named_in(node: object, text: str, rest: Sequence[object]) -> Named | None:
    """Return whom a node names, or None; `rest` is what stands behind it, for "one of the soldiers"."""
    if isinstance(node, NounPhrase):
        return _named_phrase(node, text, rest)
    if isinstance(node, Mark):
        word = node.unit.lower
        if node.unit.role is Role.PRONOUN and word in _PRONOUNS:
            return Named(
                _PRONOUNS[word],
                person=True,
                free=node.governor is None and word not in ("him", "them", "me", "her"),
                several=word in ("they", "they're", "them"),
                start=node.unit.start,
                end=node.unit.end,
            )
        if word in _ANYONE:
            return Named(word, person=True, start=node.unit.start, end=node.unit.end)
    return None


def _named_phrase(phrase: NounPhrase, text: str, rest: Sequence[object]) -> Named | None:
    start, end = phrase.units[0].start, phrase.units[-1].end
    said = " ".join(text[start:end].split())
    kind = noun_kind(phrase)
    if phrase.negated or any(hit.table in ("moves", "framings") for hit in phrase.units[-1].hits):
        return None  # "whip pan to a man" names the man
    if kind == "voice":
        return _named_voice(said, phrase, rest, text)
    if kind == "part" or (kind == "" and phrase.article in ("her", "his", "their")):
        word = _owner(said)  # "Her hands shake": she does
    else:
        word = _for_anyone(said, kind, rest)
    if word:
        return Named(word, person=True, free=phrase.governor is None, start=start, end=end)
    bare = _without_verb(phrase, text)
    name = name_of(phrase) if is_han(said) else clean_name(bare or said)
    if kind == "part" or not name or (kind == "" and not _could_be_name(said)):
        return None
    several = not bare and phrase.noun is not None and _is_several(phrase, phrase.noun)
    return Named(
        name,
        person=kind in ("person", "unknown"),
        free=phrase.governor is None,
        several=several,
        written=kind == "written",
        start=start,
        end=end,
        kind=kind if kind in ("person", "unknown") else "thing",
        gender=_gender(phrase),
        single=_single(phrase) if several else "",
    )


def _for_anyone(said: str, kind: str, rest: Sequence[object]) -> str:
    """Return what a phrase that names nobody stands for: "one", "the other", "her" read as an object."""
    lower = said.lower()
    one = _ONE_ACTS.match(lower)
    if one and kind != "person":
        return one[1]
    if lower in _ANYONE or lower in ("the other", "the other one"):
        return _of_several(said, rest) or lower
    return _PRONOUNS[lower] if lower in ("her", "him", "them") else ""


def _is_several(phrase: NounPhrase, noun: Unit) -> bool:
    return names_several(noun) or (phrase.number or 1) > 1 or _is_group(noun)


def _without_verb(phrase: NounPhrase, text: str) -> str:
    """Return the name of "Jake tips" and "the older one points": a verb was read as their last word."""
    if len(phrase.units) < 2:
        return ""
    first, before, last = phrase.units[0], phrase.units[-2], phrase.units[-1]
    hit = last.hit("verbs")
    verb = (last.role is Role.UNKNOWN and last.lower.endswith("s")) or (hit is not None and hit.form == "s")
    named = len(phrase.units) == 2 and before.text[:1].isupper() and not phrase.article
    compared = before.lower == "one" or (before.role is Role.ADJECTIVE and before.lower.endswith("er"))
    if not verb or not last.text.islower() or not (named or (compared and phrase.article)):
        return ""
    return text[first.start : before.end]


def _gender(phrase: NounPhrase) -> str:
    """Return the gender a phrase tells by its noun, a name, a title or a word such as "female"."""
    noun = phrase.noun
    hit = noun.hit("nouns") if noun else None
    told = str(hit.entry.facts.get("gender", "unknown")) if hit else "unknown"
    listed = rules("names")
    for unit in phrase.units:
        if told != "unknown" or unit.role is Role.DETERMINER:
            continue
        for gender in ("female", "male"):
            if unit.lower in rules("speech")["gender"][gender] or (
                unit.role is Role.NAME and unit.lower in listed[gender]
            ):
                told = gender
    return told


def _single(phrase: NounPhrase) -> str:
    noun = phrase.noun
    if noun is None:
        return ""
    hit = noun.hit("nouns")
    return hit.stem if hit and hit.stem else noun.lower.removesuffix("s")


def is_bare(phrase: NounPhrase) -> bool:
    """Tell whether a phrase is one unknown word alone: "slow and patient" names no patient."""
    named = any(unit.role is Role.NAME for unit in phrase.units)
    hit = phrase.noun.hit("nouns") if phrase.noun else None
    known = hit is not None and not hit.near and hit.entry.family in _ALIVE
    return (
        not known
        and not named
        and not phrase.article
        and phrase.number is None
        and not phrase.text[:1].isupper()
    )


def _is_group(noun: Unit) -> bool:
    hit = noun.hit("nouns")
    return hit is not None and int(hit.entry.facts.get("count", 1)) == 2


def _could_be_name(said: str) -> bool:
    return said[:1].isupper() and said.replace(" ", "").replace(".", "").isalpha() and len(said.split()) < 4


def _of_several(said: str, rest: Sequence[object]) -> str:
    """Return "soldier" for "one of the soldiers"."""
    phrase = next((node for node in rest if isinstance(node, NounPhrase)), None)
    if said.lower() != "one" or phrase is None or phrase.noun is None or phrase.governor is None:
        return ""
    hit = phrase.noun.hit("nouns")
    return hit.stem if hit and hit.stem else phrase.noun.lower.removesuffix("s")


def _named_voice(said: str, phrase: NounPhrase, rest: Sequence[object], text: str) -> Named:
    start, end = phrase.units[0].start, phrase.units[-1].end
    owner = _owner(said)
    if not owner:
        behind = next((node for node in rest if isinstance(node, NounPhrase)), None)
        if behind is not None and behind.governor is not None and behind.governor.role is Role.OF:
            inner = _named_phrase(behind, text, ())
            owner = inner.name if inner else ""
    return Named(owner or clean_name(said), person=True, unseen=True, start=start, end=end)


def _owner(said: str) -> str:
    """Return whose something is: "Tom" of "Tom's voice", "she" of "her hands"; empty for nobody's."""
    first = said.split(" ", 1)[0].lower()
    if first in ("her", "his", "their", "its", "my"):
        return {"her": "she", "his": "he", "their": "they", "its": "it", "my": "i"}[first]
    found = re.match(r"(.{1,40}?)(?:['’]s|(?<=s)['’])\s", said)
    return clean_name(found[1]) if found else ""


@functools.cache
def _writing_nouns() -> frozenset[str]:
    return frozenset(rules("speech")["writing"]["words"])


def _is_writing(word: str) -> bool:
    return word in _writing_nouns() or word.rsplit(" ", maxsplit=1)[-1] in _writing_nouns()
