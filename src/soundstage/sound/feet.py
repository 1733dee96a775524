"""Whose feet an effect is about, and when they land in the picture. Makes no sound."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Effect, Footfall, Shot

FEET = frozenset({"footsteps", "hoofbeats"})  #: effects that feet make
_EARLY_S = 0.02  #: half a frame: a foot that lands so shortly before its effect begins belongs to it
_WIDTH = 0.35  #: how far off the middle a step at the edge of the frame is heard
_SIDE = 0.03  #: how far left and right feet are apart
_GAITS = frozenset({"walk", "run", "sprint", "jog", "tiptoe", "trudge", "shuffle", "march", "stomp", "slow"})


@dataclass(frozen=True, slots=True)
class Landings:
    """Feet as they land."""

    times_s: tuple[float, ...]  #: from the effect's start
    pans: tuple[float, ...]  #: where each is heard: 0 left, 1 right
    words: str  #: what the picture adds to the words of the effect: "run", "paws"


def find_landings(name: str, effect: Effect, shot: Shot, footfalls: Sequence[Footfall]) -> Landings | None:
    """Return the landings an effect is heard at; None where the picture shows no such feet."""
    if name not in FEET:
        return None
    first, last = float(effect.start) - _EARLY_S, float(effect.end)
    theirs = {subject.id for subject in shot.subjects}
    seen = [fall for fall in footfalls if fall.subject in theirs and first <= fall.time_s < last]
    feet = 4 if name == "hoofbeats" else min((fall.feet for fall in seen), default=2)
    seen = [fall for fall in seen if fall.feet == feet]
    if not seen:
        return None
    said = set(re.findall(r"\w+", f"{effect.name} {effect.said}".lower()))
    words = [] if said & _GAITS else [seen[0].gait]
    if name == "footsteps" and feet == 4:
        words.append("paws")
    return Landings(
        times_s=tuple(max(fall.time_s - float(effect.start), 0.0) for fall in seen),
        pans=tuple(0.5 + _WIDTH * fall.across + _SIDE * (1.0 if fall.foot % 2 else -1.0) for fall in seen),
        words=" ".join(words),
    )
