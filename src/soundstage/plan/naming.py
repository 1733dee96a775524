"""Stage 1 of 5, part: whom a phrase names, as a speaker is called. Knows no quote.

"The old cook" is "old cook", "her mother" is "mother", "Tom's voice" is Tom unseen, "one of the soldiers" a
soldier; a sign is something letters stand on.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from soundstage.plan.chinese import clauses, name_of
from soundstage.plan.grammar import parse
from soundstage.plan.phrases import Deed, Mark, NounPhrase, names_several
from soundstage.plan.speech_words import sentences_in, without_stops
from soundstage.plan.tables import rules
from soundstage.plan.units import Role
from soundstage.plan.words import is_han, is_mostly_han, split_words

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
_OTHER = re.compile(
    r"\b(?:the|an)\s?other(?:\s+one)?\s*$|\b(?:the\s+)?(?:first|second|third)(?:\s+one)?\s*$", re.IGNORECASE
)
_VOICE = re.compile(r"\b(?:voice|voices|voiceover|voice-over|narrator|narration|announcer|monologue)\b", re.IGNORECASE)
_INNER = re.compile(
    r"\b(?:inner|internal|voiceover|voice-over|voice over|monologue|off-?screen|narration)\b", re.IGNORECASE
)
_LEAD_IN = re.compile(
    r"^(?:(?:then|and|but|while|as|when|suddenly|finally|meanwhile|now|so|until|before|after|only|just|even|"
    r"off[- ]?screen|offscreen|off[- ]camera|in the background|close[- ]?up (?:of|on))[\s,]+)+",
    re.IGNORECASE,
)
_ARTICLE = re.compile(
    r"^(?:the|an?|one|this|that|another|his|her|their|its|my|your|our|some|two|three|these|those|all|both)\s+",
    re.IGNORECASE,
)
#: A verb that was read as a noun: "one spits", "the other smiles".
_ONE_ACTS = re.compile(r"(one|(?:the )?other)(?: of them)? \w+s$")
_NAMED = re.compile(
    r",?\s*(?:named|called|known as|whose name is|is named|is called|by the name of)?\s*,?\s*"
)
_INDEFINITE = re.compile(r"(?:an?|the|his|her|their)\b", re.IGNORECASE)
_PARENTHESES = re.compile(r"\([^()\n]{0,120}\)")


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


def clean_name(name: str) -> str:
    """Return a speaker's name without article and lead-in words: "then the old cook" is "old cook"."""
    name = re.sub(r"<<<[^>]*>>>|\(S\d\)|@(?=\w)", "", name).strip(" ,:;*—–-\"'“”‘’[]().")
    name = _LEAD_IN.sub("", " ".join(name.split()))
    bare = _ARTICLE.sub("", name).strip()
    return bare or name


def noun_kind(phrase: NounPhrase) -> str:
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
    if _is_writing(noun.lower):
        return "written"
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
    free = phrase.governor is None
    if phrase.negated:
        return None
    if kind == "voice":
        return _named_voice(said, phrase, rest, text)
    if kind == "part" or (kind == "" and phrase.article in ("her", "his", "their")):
        owner = _owner(said)  # "Her hands shake": she does
        return Named(owner, person=True, free=free, start=start, end=end) if owner else None
    if said.lower() in ("her", "him", "them"):
        return Named(_PRONOUNS[said.lower()], person=True, free=False, start=start, end=end)
    one = _ONE_ACTS.match(said.lower())
    if one and kind != "person":
        return Named(one[1], person=True, free=free, start=start, end=end)
    if said.lower() in _ANYONE or said.lower() in ("the other", "the other one"):
        inner = _of_several(said, rest)
        return Named(inner or said.lower(), person=True, free=free, start=start, end=end)
    if kind == "" and not _could_be_name(said):
        return None
    name = name_of(phrase) if is_han(said) else clean_name(said)
    several = phrase.noun is not None and (
        names_several(phrase.noun) or (phrase.number or 1) > 1 or _is_group(phrase.noun)
    )
    return (
        Named(
            name,
            person=kind in ("person", "unknown"),
            free=free,
            several=several,
            written=kind == "written",
            start=start,
            end=end,
            kind=kind if kind in ("person", "unknown") else "thing",
            gender=_gender(phrase),
            single=_single(phrase) if several else "",
        )
        if name
        else None
    )


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


def people_in(text: str) -> tuple[Named, ...]:
    """Return everybody a text names, in order, each mention by itself."""
    found: list[Named] = []
    for at, (start, end) in enumerate(sentences_in(text)):
        clause = _PARENTHESES.sub(lambda m: " " * len(m[0]), without_stops(text[start:end]))
        words = split_words(clause)
        nodes = clauses.parse(words) if is_mostly_han(words) else parse(words)
        for index, node in enumerate(nodes):
            who = named_in(node, clause, nodes[index + 1 : index + 3])
            if (
                who is None
                or not who.name
                or (isinstance(node, NounPhrase) and noun_kind(node) in ("", "written"))
            ):
                continue
            acted_on = index > 0 and isinstance(nodes[index - 1], Deed)
            if isinstance(node, NounPhrase) and not who.several and _is_bare(node):
                continue  # "slow and patient" names no patient
            found.append(
                replace(
                    who,
                    start=who.start + start,
                    end=who.end + start,
                    sentence=at,
                    free=who.free and not acted_on,
                )
            )
    return tuple(found)


def _is_proper(who: Named) -> bool:
    return who.kind == "person" and all(word[:1].isupper() and "-" not in word for word in who.name.split())


def _is_bare_node(node: object) -> bool:
    return isinstance(node, NounPhrase) and _is_bare(node)


def _is_bare(phrase: NounPhrase) -> bool:
    named = any(unit.role is Role.NAME for unit in phrase.units)
    hit = phrase.noun.hit("nouns") if phrase.noun else None
    known = hit is not None and not hit.near and hit.entry.family in _ALIVE
    return not known and not named and not phrase.article and phrase.number is None and not phrase.text[:1].isupper()


def aliases_in(text: str, people: Sequence[Named]) -> tuple[tuple[str, str], ...]:
    """Return (other name, name) of people a text gives a name: "a baker named Tom", "Tom, an old baker"."""
    found: list[tuple[str, str]] = []
    for first, second in pairwise(people):
        between = text[first.end : second.start]
        if len(between) > 24 or first.several or second.several or not (first.person and second.person):
            continue
        if "@" in text[max(0, first.start - 1) : first.start + 1]:
            if between.strip(" ,:=(") in ("", "is"):
                found.append((first.name.lstrip("@"), second.name))  # "@Element1, a knight"
            continue
        proper = second.name[:1].isupper() and first.name[:1].islower()
        if proper and _NAMED.fullmatch(between):
            found.append((first.name, second.name))
        elif (
            _is_proper(first)
            and second.name[:1].islower()
            and between.strip() == ","
            and _INDEFINITE.match(text, second.start)
        ):
            found.append((second.name, first.name))
    for who in people:
        words = who.name.split()
        first_name = next((at for at, word in enumerate(words) if word[:1].isupper()), 0)
        if first_name > 0 and all(word[:1].isupper() for word in words[first_name:]):  # "her grandson Luca"
            proper_name = " ".join(words[first_name:])
            found += [(who.name, proper_name), (" ".join(words[:first_name]), proper_name)]
    heads = [who.name.split()[-1] for who in people if not who.several]
    for alias, name in list(found):
        if heads.count(alias.split()[-1]) > 1 and len({a for a, _ in found if a.split()[-1] == alias.split()[-1]}) > 1:
            continue  # two men with names: "man" is neither
        head = alias.split()[-1]
        if head != alias and not any(head == other for other, _ in found):
            found.append((head, name))
    return tuple(found)


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
    stem = hit.stem if hit and hit.stem else phrase.noun.lower.removesuffix("s")
    return stem


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


def actor_of(nodes: Sequence[object], text: str) -> Named | None:
    """Return the subject of the verb behind `nodes`.

    The nearest person whom nothing governs and no verb acts on; what an apposition adds ("Anna, a young doctor,")
    is the one before it. Without a person it is the nearest thing: teapots speak in films.
    """
    found: list[tuple[int, Named]] = []
    for at, node in enumerate(nodes):
        who = named_in(node, text, nodes[at + 1 : at + 3])
        if who is None or not who.free:
            continue
        acted_on = at > 0 and isinstance(nodes[at - 1], Deed)
        if not acted_on:
            found.append((at, who))
    tail = _OTHER.search(text[: _end_of(nodes)]) if nodes else None
    if tail and (not found or found[-1][1].end <= tail.start()):
        return Named(tail[0].strip().lower(), person=True)
    people = [(at, who) for at, who in found if who.person]
    told = [(at, who) for at, who in people if who.kind == "person" or not _is_bare_node(nodes[at])]
    people = told or people
    if len(nodes) > 1 and _is_relative(nodes[-1]):
        return named_in(nodes[-2], text, ()) or (people[-1][1] if people else None)  # "a sign that says"
    if not people:
        return found[-1][1] if found else None
    at, who = people[-1]
    if len(people) > 1 and _apposed(nodes, people[-2][0], at):
        return people[-2][1] if not _is_name(people[-1][1]) else people[-1][1]
    written = [w for i, w in found if w.written and i > at]
    return written[-1] if written and not _acts_between(nodes, at) else who


def _end_of(nodes: Sequence[object]) -> int:
    last = nodes[-1]
    return last.units[-1].end if isinstance(last, NounPhrase) else getattr(last, "unit").end  # noqa: B009 - a Mark or a Deed


def _is_relative(node: object) -> bool:
    if isinstance(node, NounPhrase):
        return node.text.lower() == "that"
    return isinstance(node, Mark) and node.unit.role is Role.RELATIVE


def _apposed(nodes: Sequence[object], first: int, second: int) -> bool:
    """Tell whether two phrases are one, parted by a comma: "Anna, a young doctor"."""
    between = nodes[first + 1 : second]
    phrase = nodes[second]
    comma = len(between) == 1 and isinstance(between[0], Mark) and between[0].unit.text in ",，"
    one = nodes[first]
    return (
        comma
        and isinstance(phrase, NounPhrase)
        and isinstance(one, NounPhrase)
        and noun_kind(one) == "person"
    )


def _acts_between(nodes: Sequence[object], at: int) -> bool:
    return any(isinstance(node, Deed) for node in nodes[at + 1 :])


def _is_name(who: Named) -> bool:
    return who.name[:1].isupper()


@functools.cache
def _writing_nouns() -> frozenset[str]:
    return frozenset(rules("speech")["writing"]["words"])


def _is_writing(word: str) -> bool:
    return word in _writing_nouns() or word.rsplit(" ", maxsplit=1)[-1] in _writing_nouns()
