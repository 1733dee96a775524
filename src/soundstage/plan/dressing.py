"""Stage 1 of 5, part: what a planner left free adds to a shot: set dressing, a beat more. Knows no prompt.

`cfg_scale` says how free. From 0.5 on nothing is added; below, the more the lower it is; at 0 three things
and one deed a shot, and a camera of the planner's choice. The same seed and place give the same things, so
that shots of one place match. Everything added is marked `invented`, with a note.
"""

from __future__ import annotations

import zlib
from dataclasses import replace
from typing import TYPE_CHECKING

from soundstage.film import Deed, Note, Subject
from soundstage.plan.drafts import family_of
from soundstage.plan.lexicon import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.film import Shot
    from soundstage.plan.exclusion import Exclusions

#: From here on, and so by default, nothing is added.
_INVENTS_BELOW = 0.5
#: Set dressing of one shot at full freedom.
_MOST_THINGS = 3
#: Below this the main subject may do something of its own, in a shot long enough for it.
_ACTS_BELOW = 0.25
_LEAST_BEAT_S = 3.0
#: Close shots show their subject alone.
_CLOSE = frozenset({"extreme_close_up", "close_up"})


def freedom(adherence: float) -> float:
    """Return how much a planner may add, 0..1."""
    return max(0.0, (_INVENTS_BELOW - adherence) / _INVENTS_BELOW)


def pick(seed: int, about: str, count: int) -> int:
    """Return a number below `count`, the same for the same seed and words."""
    return zlib.crc32(f"{seed}:{about}".encode()) % count


def dress(shot: Shot, adherence: float, seed: int, exclusions: Exclusions) -> tuple[Shot, list[Note]]:
    """Return a shot with what the planner adds to it, and a note for each thing."""
    things = _things(shot, adherence, seed, exclusions)
    notes = [_note(shot, f"set dressing: {thing.noun}") for thing in things]
    subjects = shot.subjects
    beat = _beat(shot, adherence, seed)
    if beat is not None:
        main = subjects[0]
        subjects = (replace(main, then=(*main.then, beat)), *subjects[1:])
        notes.append(_note(shot, f"a beat more: {main.noun} may {beat.verb}"))
    return replace(shot, subjects=(*subjects, *things)), notes


def _note(shot: Shot, text: str) -> Note:
    return Note(kind="invented", text=f"invented, nobody said it: {text}", shot=shot.id)


def _things(shot: Shot, adherence: float, seed: int, exclusions: Exclusions) -> list[Subject]:
    count = round(_MOST_THINGS * freedom(adherence))
    if not count or shot.framing in _CLOSE:
        return []
    there = {subject.kind for subject in shot.subjects}
    taken = {subject.id for subject in shot.subjects}
    offers: Sequence[str] = rules("dressing")["places"].get(shot.place, ())
    first = pick(seed, shot.place, len(offers)) if offers else 0
    made: list[Subject] = []
    for offer in (*offers[first:], *offers[:first]):
        noun, _, kind = offer.partition(":")
        name = noun.replace(" ", "-")
        thing = Subject(id=f"{shot.id}.{name}", noun=noun, kind=kind, invented=True)
        if len(made) == count or kind in there or thing.id in taken or exclusions.bars_subject(thing):
            continue
        made.append(thing)
    return made


def _beat(shot: Shot, adherence: float, seed: int) -> Deed | None:
    """Return what the main subject may do besides, in a shot with room for it and nobody talking."""
    if adherence >= _ACTS_BELOW or not shot.subjects or shot.dialogue or shot.seconds < _LEAST_BEAT_S:
        return None
    main = shot.subjects[0]
    offers: Sequence[str] = rules("dressing")["beats"].get(family_of(main.kind), ())
    if main.then or not offers:
        return None
    verb, _, action = offers[pick(seed, f"{shot.id}.{main.noun}", len(offers))].partition(":")
    return None if action == main.action else Deed(action=action, verb=verb)
