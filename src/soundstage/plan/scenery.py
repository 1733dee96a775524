"""Stage 1 of 5, part: what words come to by what stands beside them. Knows no sentence and no word itself.

Weather that does something is a subject: "clouds race across the sky". And what a verb means hangs on what it
acts on: who takes off a coat does not fly.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING

from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.plan.units import Unit


def acting_kind(unit: Unit) -> str:
    """Return the kind a word for weather or a place has once it acts; empty when it stays what it is."""
    return _acting().get(unit.words[-1].lower, "")


def action_on(verb: str, unit: Unit) -> str:
    """Return what a verb, by its base form, means when it acts on something; empty when it means no other."""
    hit = unit.hit("nouns")
    if hit is None:
        return ""
    return _meanings().get((verb, hit.name)) or _meanings().get((verb, hit.entry.family), "")


@functools.cache
def _acting() -> Mapping[str, str]:
    return {word: kind for kind, words in rules("acting").items() for word in words}


@functools.cache
def _meanings() -> Mapping[tuple[str, str], str]:
    said = ((action, line.partition(": ")) for action, lines in rules("meanings").items() for line in lines)
    return {(verb, thing): action for action, (verb, _, thing) in said}
