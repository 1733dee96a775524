# ruff: noqa: RUF001 - prompts are typed with these marks
"""Stage 1 of 5, part: the subject of a verb that introduces a line. Knows no quote and no verb's meaning."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from soundstage.plan.naming import Named, is_bare, named_in, noun_kind
from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.phrases import Deed, Mark, NounPhrase
from soundstage.plan.units import Role

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.plan.phrases import Node

_OTHER = lazy_pattern(
    r"\b(?:the|an)\s?other(?:\s+one)?\s*$|\b(?:the\s+)?(?:first|second|third)(?:\s+one)?\s*$", re.IGNORECASE
)


def actor_of(nodes: Sequence[Node], text: str) -> Named | None:
    """Return the subject of the verb behind `nodes`.

    The nearest person whom nothing governs and no verb acts on; what an apposition adds ("Anna, a young
    doctor,") is the one before it. Without a person it is the nearest thing: teapots speak in films.
    """
    found: list[tuple[int, Named]] = []
    for at, node in enumerate(nodes):
        who = named_in(node, text, nodes[at + 1 : at + 3])
        if who is None or not who.free:
            continue
        acted_on = at > 0 and isinstance(nodes[at - 1], Deed) and not _acts(nodes, at)
        if not acted_on:
            found.append((at, who))
    tail = _OTHER.search(text[: _end_of(nodes)]) if nodes else None
    if tail and (not found or found[-1][1].end <= tail.start()):
        return Named(tail[0].strip().lower(), person=True)
    people = [(at, who) for at, who in found if who.person]
    told = [(at, who) for at, who in people if who.kind == "person" or _stands(nodes[at])]
    people = told or people
    if len(nodes) > 1 and _is_relative(nodes[-1]):
        return _antecedent(nodes[:-1], text) or (people[-1][1] if people else None)
    if not people:
        return found[-1][1] if found else None
    at, who = people[-1]
    if len(people) > 1 and _apposed(nodes, people[-2][0], at):
        return people[-2][1] if not _is_name(people[-1][1]) else people[-1][1]
    written = [w for i, w in found if w.written and i > at]
    return written[-1] if written and not _acts_between(nodes, at) else who


def _antecedent(nodes: Sequence[Node], text: str) -> Named | None:
    """Return what "that says" tells of: "a sign that", "a neon sign behind him that"."""
    nearest = named_in(nodes[-1], text, ())
    placed = not isinstance(nodes[-1], NounPhrase) or nodes[-1].governor is not None
    if nearest is not None and placed and not nearest.written:
        for node in reversed(nodes[:-1]):
            if isinstance(node, Deed) or (isinstance(node, Mark) and node.unit.role is Role.BREAK):
                break
            who = named_in(node, text, ())
            if who is not None and who.written:
                return who
    return nearest


def _end_of(nodes: Sequence[Node]) -> int:
    last = nodes[-1]
    return last.units[-1].end if isinstance(last, NounPhrase) else last.unit.end


def _is_relative(node: Node) -> bool:
    if isinstance(node, NounPhrase):
        return node.text.lower() == "that"
    return isinstance(node, Mark) and node.unit.role is Role.RELATIVE


def _apposed(nodes: Sequence[Node], first: int, second: int) -> bool:
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


def _acts_between(nodes: Sequence[Node], at: int) -> bool:
    return any(isinstance(node, Deed) for node in nodes[at + 1 :])


def _is_name(who: Named) -> bool:
    return who.name[:1].isupper()


def _acts(nodes: Sequence[Node], at: int) -> bool:
    """Tell whether a phrase has a verb of its own behind it: "when the doors open a stranger applauds"."""
    following = nodes[at + 1] if at + 1 < len(nodes) else None
    return isinstance(following, Deed) and following.form == "s"


def _stands(node: Node) -> bool:
    return not (isinstance(node, NounPhrase) and is_bare(node))
