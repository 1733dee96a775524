"""Who holds what and who sits on what: things in hands leave the set, riders follow what carries them.

`data/bearing.toml` names the relations and the things. A bearer gets a relation "bearing" to each prop it
holds and "mounted" to what it rides, which then leads: the camera goes along with a bicycle. Draws nothing.
"""

from __future__ import annotations

import tomllib
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from soundstage.film import Relation, Subject

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

BEARING, MOUNTED = "bearing", "mounted"
_RIDING = ("riding", "on", "cycling", "driving", "mounting", "pedaling", "racing", "steering", "galloping")
_SEATED = (
    None,
    "ride",
    "gallop",
    "walk",
    "run",
    "move",
    "sit",
    "drive",
    "flee",
    "explore",
    "leave",
    "arrive",
    "jump",
    "stand",
    "wave",
)
_HELD = Relation(kind="holding", target="")
_GENTLE = {"slowly", "gently", "lazily"}
_SLOW = {"walk", "stroll", "amble", "trot"}


@cache
def read_bearing() -> Mapping[str, Any]:
    """Return `data/bearing.toml`."""
    text = files("soundstage.render.previz").joinpath("data/bearing.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def settle(subjects: Sequence[Subject], people: frozenset[str], *, near: bool = False) -> tuple[Subject, ...]:
    """Return the subjects that stand on the set by themselves.

    Args:
        subjects: of the shot.
        people: the kinds that have hands.
        near: a face fills the frame; what is ridden is out of it.
    """
    left = list(subjects)
    for subject in subjects:
        done = any(relation.kind == MOUNTED for relation in subject.relations)
        if subject.kind not in people or subject not in left or done:
            continue
        at = left.index(subject)
        bearer, gone, mount = _settled(subject, left)
        left[at] = bearer
        left = [one for one in left if one not in gone]
        if mount is not None and near:
            left = [one for one in left if one.id != mount.id]
            left[left.index(bearer)] = replace(subject, action=None)
        elif mount is not None:
            if any(one.id == mount.id for one in left):
                left = [one for one in left if one.id != mount.id]
            left.insert(left.index(bearer), mount)
    return tuple(left)


def mount_of(subject: Subject, subjects: Sequence[Subject]) -> Subject | None:
    """Return what a subject rides."""
    ids = {relation.target for relation in subject.relations if relation.kind == MOUNTED}
    return next((one for one in subjects if one.id in ids), None)


def framed_together(subjects: Sequence[Subject], framing: str) -> tuple[float, float] | None:
    """Return extent and middle, metres, of a lead with its rider; None when nobody rides the lead."""
    for subject in subjects[1:2]:
        mount = mount_of(subject, subjects[:1])
        if mount is not None:
            extent, middle = read_bearing()["mounts"][mount.kind]["framed_m"]
            # Near framings hold the rider.
            share, below = {"medium": (0.66, 0.36), "close_up": (0.34, 0.18)}.get(framing, (1.0, 0.0))
            return float(extent) * share, float(extent * (1 - below)) if below else float(middle)
    return None


def _settled(subject: Subject, others: Sequence[Subject]) -> tuple[Subject, list[Subject], Subject | None]:
    table = read_bearing()
    found: list[Relation] = []
    gone: list[Subject] = []
    mount: Subject | None = None
    for relation in subject.relations:
        thing = next((one for one in others if one.id and one.id == relation.target), None)
        if thing is None or thing is subject:
            continue
        if thing.kind in table["mounts"] and relation.kind in _RIDING and subject.action in _SEATED:
            mount = _going(thing, subject)
            continue
        name = _borne(relation, thing)
        if name is None:
            continue
        gone.append(thing)
        found.append(Relation(kind=BEARING, target=name or thing.noun.split()[-1]))
        # A cup that tea is poured into comes along with the tea.
        gone += [
            one
            for one in others
            for r in thing.relations
            if r.target == one.id and _borne(Relation(kind="holding", target=one.id), one) is not None
        ]
    always = table["always"]
    if mount is None and not gone:
        words = (subject.noun.lower().split() or [""])[-1], subject.kind or ""
        name = next((always[word] for word in words if word in always), None)
        if name is not None and subject.action in _SEATED and subject.action not in ("sit", "stand", "walk"):
            mount = _going(Subject(noun=name, kind=name, id=f"{subject.id}.{name}"), subject)
    if mount is not None:
        found.append(Relation(kind=MOUNTED, target=mount.id))
    if found:
        subject = replace(subject, relations=(*subject.relations, *found))
    return subject, gone, mount


def _going(mount: Subject, rider: Subject) -> Subject:
    facts = read_bearing()["mounts"][mount.kind]
    action = facts["action"]
    if rider.action in ("sit", "stand") or (rider.verb or "") in ("sit", "rest"):
        action = None
    elif action == "gallop" and (
        rider.verb in _SLOW or not {"slowly", "gently", "lazily"}.isdisjoint(rider.manner)
    ):
        action = "walk"
    return replace(
        mount, action=action, heading=mount.heading or rider.heading, manner=mount.manner or rider.manner
    )


def _borne(relation: Relation, thing: Subject) -> str | None:
    """Return the prop that a thing is in its bearer's hands, "" for none; None when it is not borne."""
    table = read_bearing()
    rules = table["bearing"]
    if relation.kind not in rules["relations"]:
        return None
    words = [word.lower() for word in thing.noun.split()]
    name = next((table["nouns"][word] for word in reversed(words) if word in table["nouns"]), None)
    if name is None:
        name = table["kinds"].get(thing.kind or "")
    if name is None:
        return None
    if (
        relation.kind in rules["loose"]
        and thing.kind not in rules["borne_loosely"]
        and name not in rules["borne_loosely"]
    ):
        return None
    return str(name)
