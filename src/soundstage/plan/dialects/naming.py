"""What subjects are called as a text goes on: in full at first, "the woman" afterwards."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from soundstage.plan.dialects.phrasing import (
    article,
    in_english,
    is_plural,
    listed,
    number,
    plural,
    words,
)
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.film import Subject


_TOLD = (
    "a",
    "an",
    "the",
    "his",
    "her",
    "their",
    "its",
    "no",
    "some",
    "only",
    "nothing",
    "it",
    "him",
    "them",
    "himself",
    "herself",
    "itself",
    "each",
)


@dataclass(slots=True, kw_only=True)
class Naming:
    """The names within one text."""

    marks: Mapping[str, str] = field(default_factory=dict[str, str])  #: member of the cast -> "(S1)"
    fixed: Mapping[str, str] = field(default_factory=dict[str, str])  #: key -> what it is called in full
    met: set[str] = field(default_factory=set[str])  #: keys of those that were named

    def name(self, subject: Subject) -> str:
        """Return what a subject is called now."""
        key, mark = subject_key(subject), self.marks.get(subject.member or "", "")
        if key in self.met:
            return f"{short_name(subject)} {mark}".strip()
        self.met.add(key)
        return f"{self.fixed.get(key) or noun_phrase(subject)} {mark}".strip()

    def knows(self, subject: Subject) -> bool:
        """Tell whether it was named."""
        return subject_key(subject) in self.met


def subject_key(subject: Subject) -> str:
    """Return what makes two subjects of different shots the same: the cast's name, else kind and noun."""
    return subject.member or f"{subject.kind}/{subject.noun.lower()}"


def noun_phrase(subject: Subject) -> str:
    """Return a subject in full: "an old woman in a red coat"."""
    noun = in_english(subject.noun, subject.kind)
    after = words()["nouns"]["after"]
    before = [a for a in subject.attributes if a.partition(" ")[0] not in after]
    behind = [_worn(a) for a in subject.attributes if a.partition(" ")[0] in after]
    behind += [_worn(f"wearing {r.target}") for r in subject.relations if r.kind == "wearing"]
    tail = f" {listed(behind)}" if behind else ""
    if _is_name(subject):
        return noun + (f", {article(listed(before))} one" if before and not tail else "") + tail
    if noun[:1].isupper() and noun[1:].islower():
        noun = noun[:1].lower() + noun[1:]
    if subject.count > 1 and not _is_collective(noun):
        noun = plural(noun)
    told = " ".join([*before, noun])
    if is_many(subject):
        swarm = rules("kinds").get(subject.kind or "", {}).get("swarm", 0)
        plain = subject.count in (1, swarm)
        return (told if plain else f"{number(subject.count)} {told}") + tail
    is_mass = noun.rpartition(" ")[2] in words()["nouns"]["mass"]
    return (told if is_mass else article(told)) + tail


def short_name(subject: Subject) -> str:
    """Return how a subject is called once it was described: "the woman", "Anna"."""
    noun = in_english(subject.noun, subject.kind)
    if _is_name(subject):
        return noun
    return f"the {plural(noun) if is_many(subject) else noun}"


def is_many(subject: Subject) -> bool:
    """Tell whether a verb after a subject is in the plural."""
    return not _is_collective(subject.noun) and (subject.count > 1 or is_plural(subject.noun))


def _worn(behind: str) -> str:
    """Return "wearing a red dress" for "wearing red dress"."""
    kind, _, worn = behind.partition(" ")
    return f"wearing {with_article(worn)}" if kind == "wearing" else behind


def with_article(noun: str) -> str:
    """Return a noun as it was said with an article where it needs one: "a bar", "two cups", "Anna"."""
    last, bare = noun.rpartition(" ")[2].lower(), noun.isascii() and noun[:1].islower()
    is_told = noun.partition(" ")[0].lower() in (*_TOLD, *words()["numbers"]["words"])
    if not bare or is_told or is_plural(noun) or last in words()["nouns"]["mass"]:
        return noun
    return article(noun)


def _is_collective(noun: str) -> bool:
    return noun.rpartition(" ")[2].lower() in words()["nouns"]["collective"]


def _is_name(subject: Subject) -> bool:
    noun = subject.noun
    return noun[:1].isupper() and not noun.isupper() and (subject.kind is None or subject.member == noun)
