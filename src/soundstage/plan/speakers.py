# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: who says a quote, by the English words and labels around it. Knows no time.

Labels first (`Anna (angrily): "…"`, `[Bob] "…"`), then a speech verb before the quote, then one behind it.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.plan.grammar import parse
from soundstage.plan.inflection import verb_forms
from soundstage.plan.lexicon import rules
from soundstage.plan.phrases import Deed, Mark, NounPhrase
from soundstage.plan.units import Role
from soundstage.plan.words import split_words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.plan.phrases import Node

_LABEL = re.compile(
    r"(?:^|[\n.!?;。！？；”\"」』’'，,、])[\s\-•*]*"
    r"(?:\[(?P<square>[^\[\]\n]{1,120})\]|【(?P<thick>[^】\n]{1,60})】|(?P<plain>@?[^\W\d_][^\n.!?:;：；。！？\[\]【】()（）“”\"]{0,60}?))"
    r"\**\s*(?:[(（](?P<before>[^)）\n]{1,60})[)）])?\s*(?P<voice>@[\w ]{1,30}|<<<\w+>>>)?\s*"
    r"(?P<colon>[:：])?\**\s*(?:[(（](?P<behind>[^)）\n]{1,60})[)）])?\s*$"
)
_SENTENCE_END = re.compile(r"(?<![A-Z][a-z])[.!?。！？\n]\s*")
_TAIL = 240
#: Words between a speech verb and its quote ("says to the old man behind her: …").
_REACH_NODES = 7
#: Speech verbs that say nothing of how.
_NEUTRAL = frozenset({
    "say", "speak", "tell", "reply", "answer", "respond", "ask", "add", "begin", "continue", "narrate",
    "state", "call", "explain",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who says a quote, as its surroundings tell."""

    name: str  #: cleaned; a pronoun as such; empty when the words name nobody
    manner: tuple[str, ...] = ()
    description: str = ""  #: what a label tells besides the name
    by_label: bool = False
    start: int = 0  #: where its words begin, counted back from the quote for labels


def by_label(before: str) -> Attribution | None:
    """Return the speaker a label right before a quote names, or None."""
    found = _LABEL.search(before[-_TAIL:])
    if found is None:
        return None
    bracketed = found["square"] or found["thick"]
    if not bracketed and not found["colon"]:
        return None
    return read_label(
        bracketed or found["plain"], [found["before"] or "", found["behind"] or ""], bracketed=bool(bracketed)
    )


def read_label(label: str, notes: Sequence[str], *, bracketed: bool = False) -> Attribution | None:
    """Return the speaker a label names: "Character A: Tired Cook, hoarse voice" is the tired cook."""
    if bracketed and re.search(r"[:：]", label):
        label = re.split(r"[:：]", label)[-1]
    name, *traits = [part.strip() for part in re.split(r"[,，]", label)]
    name = re.sub(r"^[@\s*\-•]+|\s*\(?S\d\)?\s*$|[*\s]+$", "", name)
    if not name or len(name.split()) > 5 or section_of(name):
        return None
    if any(
        isinstance(node, Deed) and node.speech and node.form != "base" for node in parse(split_words(name))
    ):
        return None
    traits += [part.strip() for note in notes for part in re.split(r"[,，;]", note)]
    manner = tuple(_plain_manner(trait) for trait in traits if trait)
    return Attribution(clean_name(name), manner, ", ".join(t for t in traits if t), by_label=True)


def section_of(label: str) -> str:
    """Return the section of a prompt a label opens ("camera"), empty when it opens none."""
    return _section_labels().get(label.strip().lower(), "")


def by_verb_before(lead: str) -> Attribution | None:
    """Return who the last speech verb before a quote belongs to, or None when there is none near."""
    nodes = parse(split_words(_SENTENCE_END.split(lead[-_TAIL:])[-1]))
    at = next((i for i in range(len(nodes) - 1, -1, -1) if _speaks(nodes[i])), None)
    if at is None or len(nodes) - at > _REACH_NODES:
        return None
    behind = nodes[at + 1 :]
    if any(isinstance(node, Deed) and node.form == "s" for node in behind):
        return None  # another verb has taken over: "He says goodbye and opens a box with …"
    return Attribution(_actor(nodes[:at]), _manner(nodes, at))


def by_verb_after(follow: str) -> Attribution | None:
    """Return who a speech verb right behind a quote belongs to ("…", whispers Anna), or None."""
    nodes = parse(split_words(_SENTENCE_END.split(follow.lstrip(" ,，")[:_TAIL])[0]))
    nodes = tuple(node for node in nodes if not _is_adverb(node))[:3]
    for at, node in enumerate(nodes[:2]):
        if not _speaks(node):
            continue
        actor = nodes[at - 1] if at else nodes[1] if len(nodes) > 1 else None
        name = _name_of(actor) if actor is not None else ""
        if name:
            full = parse(split_words(_SENTENCE_END.split(follow[:_TAIL])[0]))
            index = next(i for i, n in enumerate(full) if _speaks(n))
            return Attribution(name, _manner(full, index))
    return None


def _speaks(node: Node) -> bool:
    return isinstance(node, Deed) and node.speech


def _is_adverb(node: Node) -> bool:
    return isinstance(node, Mark) and node.unit.role in (Role.ADVERB, Role.BREAK)


def _actor(nodes: Sequence[Node]) -> str:
    """Return the subject of the verb behind `nodes`: the nearest that nothing governs and no verb acts on."""
    if len(nodes) > 1 and _is_relative(nodes[-1]):
        return _name_of(nodes[-2])  # "a sign that says"
    for at in range(len(nodes) - 1, -1, -1):
        node = nodes[at]
        if isinstance(node, Deed):
            continue
        acted_on = at > 0 and isinstance(nodes[at - 1], Deed)
        if isinstance(node, NounPhrase) and (node.governor is not None or acted_on):
            continue
        if isinstance(node, Mark) and node.governor is not None:
            continue
        name = _name_of(node)
        if name:
            return name
    return ""


def _is_relative(node: Node) -> bool:
    if isinstance(node, NounPhrase):
        return node.text.lower() == "that"
    return isinstance(node, Mark) and node.unit.role is Role.RELATIVE


def _name_of(node: Node) -> str:
    if isinstance(node, NounPhrase):
        heard = any(unit.lower.startswith(("voice", "narrat")) for unit in node.units)
        return clean_name(node.text) if node.noun is not None or heard else ""
    if isinstance(node, Mark) and node.unit.role is Role.PRONOUN:
        return node.unit.lower
    return ""


def _manner(nodes: Sequence[Node], at: int) -> tuple[str, ...]:
    deed = nodes[at]
    assert isinstance(deed, Deed), deed
    manner: list[str] = []
    if deed.stem not in _NEUTRAL:
        manner.append(_third_person(deed.stem))
    near = (*nodes[max(0, at - 2) : at], *nodes[at + 1 : at + 3])
    adverbs = (node.unit.lower for node in near if isinstance(node, Mark) and node.unit.role is Role.ADVERB)
    manner += [_plain_manner(adverb) for adverb in adverbs if adverb.endswith("ly")]
    return tuple(dict.fromkeys(manner))


def _third_person(stem: str) -> str:
    return next(form for form, kind in verb_forms(stem, rules("inflection")["verbs"]) if kind == "s")


def _plain_manner(words: str) -> str:
    words = words.strip().lower()
    for manner, wordings in rules("speech")["manner"].items():
        if words in wordings:
            return str(manner)
    return words


def clean_name(name: str) -> str:
    """Return a speaker's name without article and lead-in words: "then the old cook" is "old cook"."""
    name = re.sub(r"<<<[^>]*>>>|\(S\d\)", "", name).strip(" ,:;*—-")
    name = re.sub(
        r"^(?:(?:then|and|while|as|suddenly|finally|meanwhile|now)\s+)+", "", name, flags=re.IGNORECASE
    )
    return re.sub(r"^(?:the|an?|one|this|that)\s+", "", name, flags=re.IGNORECASE).strip()


@functools.cache
def _section_labels() -> Mapping[str, str]:
    return {label: section for section, labels in rules("speech")["sections"].items() for label in labels}
