"""Stage 1 of 5, part: the ids of a screenplay's nouns: "shot-1.woman-2", "cast.anna". Knows no prompt.

The same input gives the same ids; one that a person gave is kept, as relations name each other by them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from soundstage.film import CastMember, Effect, Line, Shot, Subject

    Noun = TypeVar("Noun", Subject, Line, Effect, CastMember)


def slug(name: str) -> str:
    """Return a name as a part of an id: "Old Wizard" is "old-wizard"."""
    words = "".join(char if char.isalnum() else " " for char in name.lower()).split()
    return "-".join(words) or "thing"


def name_subjects(shot_id: str, subjects: Sequence[Subject]) -> tuple[Subject, ...]:
    """Return subjects with ids after their nouns, twins numbered, and relations that name each other by them.

    Ids they bring from another shot are renewed; an id of this shot is kept.
    """
    mine = [s if s.id.startswith(f"{shot_id}.") else replace(s, id="") for s in subjects]
    named = _with_ids(mine, lambda subject, _: f"{shot_id}.{slug(subject.noun)}")
    known = {subject.noun.lower(): subject.id for subject in reversed(named)}
    known |= {old.id: new.id for old, new in zip(subjects, named, strict=True) if old.id}
    return tuple(
        replace(
            subject,
            relations=tuple(
                replace(relation, target=known.get(relation.target, _noun_of(relation.target, known)))
                for relation in subject.relations
            ),
        )
        for subject in named
    )


def _noun_of(target: str, known: Mapping[str, str]) -> str:
    """Return the id of the subject a relation's words end in, "a red cup", else the words."""
    words = target.lower()
    return next((own for noun, own in known.items() if words == noun or words.endswith(f" {noun}")), target)


def name_events(shot_id: str, kind: str, events: Sequence[Noun]) -> tuple[Noun, ...]:
    """Return lines or effects with ids counted from 1: "shot-1.line-1"."""
    return _with_ids(events, lambda _, number: f"{shot_id}.{kind}-{number}")


def name_cast(members: Iterable[CastMember]) -> tuple[CastMember, ...]:
    """Return the cast with ids after their names."""
    return _with_ids(members, lambda member, _: f"cast.{slug(member.name)}")


def complete_ids(shot: Shot, index: int) -> Shot:
    """Return an edited shot in which everything has an id of its own."""
    shot_id = f"shot-{index + 1}"
    return replace(
        shot,
        id=shot_id,
        subjects=name_subjects(shot_id, shot.subjects),
        dialogue=name_events(shot_id, "line", _moved(shot.dialogue, shot.id, shot_id)),
        effects=name_events(shot_id, "effect", _moved(shot.effects, shot.id, shot_id)),
    )


def _moved(nouns: Iterable[Noun], old: str, new: str) -> list[Noun]:
    """Return nouns of a shot whose own id has changed; what is named after no shot loses its id."""
    moved: list[Noun] = []
    for noun in nouns:
        kept = noun.id if noun.id.startswith(f"{new}.") else ""
        named = f"{new}{noun.id.removeprefix(old)}" if old and noun.id.startswith(f"{old}.") else kept
        moved.append(replace(noun, id=named))
    return moved


def _with_ids(nouns: Iterable[Noun], wanted: Callable[[Noun, int], str]) -> tuple[Noun, ...]:
    taken: set[str] = set()
    named: list[Noun] = []
    for number, noun in enumerate(nouns, 1):
        first = noun.id if noun.id and noun.id not in taken else wanted(noun, number)
        chosen, count = first, 1
        while chosen in taken:
            count += 1
            chosen = f"{first}-{count}"
        taken.add(chosen)
        named.append(replace(noun, id=chosen))
    return tuple(named)
