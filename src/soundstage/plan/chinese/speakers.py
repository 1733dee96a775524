# ruff: noqa: RUF001, RUF002 - prompts are typed with these marks
"""Stage 1 of 5, part: who says a quote in Chinese prose. Knows no English.

`X温柔地说：“…”`, `X转过身，低声说：“…”` and `“…”，X低声说`: the verb stands at the quote, manner words
before it, and who speaks is whoever acts in that sentence. Words stand in `data/chinese/speech.toml`.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.chinese import clauses, terms
from soundstage.plan.chinese.glossary import simplify, table
from soundstage.plan.chinese.lookahead import Clause
from soundstage.plan.chinese.segmentation import tokens_of
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.phrases import Deed, Mark, NounPhrase
from soundstage.plan.units import Role
from soundstage.plan.words import is_han, split_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from soundstage.plan.phrases import Node

#: Longest speaker's name with its describing words, in characters.
_LONGEST_NAME = 14
#: Characters before and behind a quote that may tell who says it.
_LEAD, _FOLLOW = 120, 40
_SENTENCE_ENDS = lazy_pattern(r"[。．！？!?；;\n”」』\"]")
_CLAUSE_ENDS = lazy_pattern(r"[，,、\s]")
_COUNTED = lazy_pattern(r"^(?:[一二两三四五六七八九十]+[个位只名]|这[个位]|那[个位]|另一[个位])")
_VOICE_OVER = lazy_pattern(r"(?:[男女童]声)?(?:旁白|画外音|解说)$")
_HEARD = lazy_pattern(
    r"(?P<where>[^，,、。]{1,8}?)(?:里面?|中|内|外|上|那头|那边|另一端)?(?:传来|传出|响起)了?"
    r"(?:(?P<whose>[^，,、。]{1,10}?)的)?[^，,、。的]{0,4}(?:声音|人声|声|话音|回答|回应|呼叫)$"
)
_REFERENCE = lazy_pattern(r"<<<[^>]*>>>|@\w+\s*|[（(][^）)]*[）)]")
_PRONOUNS: Mapping[str, str] = {"她": "she", "他": "he", "它": "it", "他们": "they", "她们": "they"}
#: Whom one speaks to stands between manner and verb: "笑着对孩子说".
_SPOKEN_TO = lazy_pattern(r"(?:对着|对|向|朝着|朝|冲着|冲|跟)[^，,、对向朝冲跟]{1,8}$")
#: Manner words in a row: "然后笑着大声" is three.
_MOST_MANNERS = 5
_NOBODY = (
    "film_words",
    "framings",
    "moves",
    "angles",
    "places",
    "times",
    "music",
    "effects",
    "ambience",
    "styles",
)


@dataclass(frozen=True, slots=True)
class ChineseSpeaker:
    """Whom a Chinese phrase names, and how they speak."""

    name: str
    manner: tuple[str, ...]


def speaker_before(lead: str) -> ChineseSpeaker | None:
    """Return who speaks by the sentence right before a quote, or None when it tells of no speech."""
    sentence = _SENTENCE_ENDS.split(_REFERENCE.sub("", lead[-_LEAD:]))[-1]
    phrase = sentence.rstrip().rstrip("：:,，—").rstrip()
    if not is_han(phrase[-3:]):
        return None
    heard = _HEARD.search(phrase)
    if heard is not None:  # a voice comes over the radio
        return ChineseSpeaker(f"{clean_name(heard['whose'] or heard['where'])}的声音", ())
    told = _VOICE_OVER.search(phrase)
    if told is not None and sentence.rstrip().endswith(("：", ":")):
        return ChineseSpeaker(told[0], ())
    said = _read(phrase)
    if said is not None or not sentence.rstrip().endswith(("：", ":")):
        return said
    name, acts = _actor(phrase)
    manner: list[str] = []
    _strip_manners(_CLAUSE_ENDS.split(phrase)[-1], manner)
    told = acts or manner or _CLAUSE_ENDS.search(phrase)
    return ChineseSpeaker(name, tuple(dict.fromkeys(manner))) if name and told else None


def speaker_after(follow: str) -> ChineseSpeaker | None:
    """Return who speaks by the words right behind a quote, or None when they are no such words."""
    head = follow[:_FOLLOW].lstrip("，, 　")
    if not is_han(head[:1]):
        return None
    sentence = _SENTENCE_ENDS.split(re.split(r"[“「『]", head)[0])[0]
    if sentence.rstrip().endswith(("：", ":")):
        return None  # it introduces the next one
    for end in (*(found.start() for found in _CLAUSE_ENDS.finditer(sentence)), len(sentence)):
        said = _read(_REFERENCE.sub("", sentence[:end]))
        if said is not None:
            return said
    return None


def could_speak(label: str) -> bool:
    """Tell whether a label before a colon names somebody: "小明", no "切到近景"."""
    tokens = tokens_of(split_words(_REFERENCE.sub("", label)))
    if not tokens or any(token.has(*_NOBODY) and not token.has("nouns") for token in tokens):
        return False
    clause = Clause(tokens)
    if any(clause.is_verb(at) for at in range(len(tokens))):
        return False
    return terms.is_animate(tokens[-1]) or tokens[-1].unknown or tokens[-1].unit is not None


def gender_and_age(name: str) -> tuple[str, str]:
    """Return the gender and age a Chinese name or pronoun tells, "unknown" where it tells none."""
    return _told("gender", name), _told("age", name)


def clean_name(name: str) -> str:
    """Return a speaker's name without counting words, or the English pronoun for a Chinese one."""
    name = name.strip(" ，,。：:的")
    if name in _PRONOUNS:
        return _PRONOUNS[name]
    return _COUNTED.sub("", name)[:_LONGEST_NAME]


def plain_manner(words: str) -> str:
    """Return how a label says a line is said, "（温柔地）", in the word a Line carries, else as said."""
    manner: list[str] = []
    _strip_manners(words, manner)
    return manner[0] if manner else words


def _told(section: str, name: str) -> str:
    simple = simplify(name)
    marks = table("speech")[section]
    told = next(
        (sense for sense, words in marks.items() if any(word in simple for word in words.split())), ""
    )
    if told or section == "age" or not _is_given(name):
        return told or "unknown"
    names = table("grammar")["names"]
    return next((gender for gender in ("female", "male") if name[-1] in names[gender].split()), "unknown")


def _is_given(name: str) -> bool:
    tokens = tokens_of(split_words(name))
    return len(tokens) == 1 and tokens[0].named


def _read(phrase: str) -> ChineseSpeaker | None:
    """Read words that end in a verb of speech."""
    simple = simplify(phrase)
    verb = next((verb for verb in _verbs() if simple.endswith(verb)), None)
    if verb is None:
        return None
    manner: list[str] = [_manners()[verb]] if verb in _manners() else []
    rest = _strip_manners(phrase[: -len(verb)], manner)
    rest = _strip_manners(_SPOKEN_TO.sub("", rest), manner)
    name, _ = _actor(rest)
    return ChineseSpeaker(name, tuple(dict.fromkeys(manner)))


def _strip_manners(words: str, manner: list[str]) -> str:
    """Return words without those at their end that say how; these are put into `manner`."""
    for _ in range(_MOST_MANNERS):
        words = words.rstrip(" ，,")
        simple = simplify(words)
        told = next((word for word in _manners() if simple.endswith(word)), "")
        if told:
            manner.append(_manners()[told])
        cut = told or next((word for word in _lead_ins() if simple.endswith(word)), "")
        if not cut or len(cut) == len(words):
            return "" if cut else words
        words = words[: -len(cut)]
    return words


def _actor(words: str) -> tuple[str, bool]:
    """Return who acts last in a sentence, and whether it tells a deed of theirs; an empty name for nobody."""
    if not words:
        return "", False
    nodes = clauses.parse(split_words(words))
    name, acts = "", False
    for at, node in enumerate(nodes):
        if isinstance(node, Mark) and node.unit.role is Role.PRONOUN and node.governor is None:
            if not _is_acted_on(nodes, at):
                name, acts = clean_name(node.unit.text), False
        elif isinstance(node, NounPhrase):
            known = _is_somebody(node)
            if node.governor is None and (known or not name) and not _is_acted_on(nodes, at):
                name, acts = name_of(node) if known or node.noun is not None else "", False
        elif isinstance(node, Deed):
            acts = True
    return name or _bare(nodes, words), acts


def _is_acted_on(nodes: Sequence[Node], at: int) -> bool:
    return at > 0 and isinstance(nodes[at - 1], Deed)


def _is_somebody(phrase: NounPhrase) -> bool:
    noun = phrase.noun
    if noun is None:
        return False
    hit = noun.hit("nouns")
    family = hit.entry.family if hit else ""
    return noun.role is Role.NAME or family in ("people", "quadruped", "winged", "water_life")


def name_of(phrase: NounPhrase) -> str:
    """Return whom a phrase names, with the words that describe them: "红衣女子"."""
    skipped = (Role.DETERMINER, Role.NUMBER)
    units = phrase.units[: (phrase.head or 0) + 1]
    return clean_name("".join(unit.text for unit in units if unit.role not in skipped))


def _bare(nodes: Sequence[Node], words: str) -> str:
    """Return words that are nothing but a name no table knows."""
    alone = len(nodes) == 1 and isinstance(nodes[0], NounPhrase) and nodes[0].governor is None
    return clean_name(words) if alone and len(words) <= _LONGEST_NAME else ""


def _sorted(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(words, key=lambda word: (-len(word), word)))


@functools.cache
def _verbs() -> tuple[str, ...]:
    return _sorted(table("speech")["verbs"]["words"].split())


@functools.cache
def _lead_ins() -> tuple[str, ...]:
    return _sorted(table("speech")["lead_ins"]["words"].split())


@functools.cache
def _manners() -> Mapping[str, str]:
    found = {word: sense for sense, words in table("speech")["manner"].items() for word in words.split()}
    return {word: found[word] for word in _sorted(found)}
