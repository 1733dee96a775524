"""Two people and what is between them: how far apart they stand, how they turn, what the other one does.

`apart_m` and `partner` of a pose in `data/poses.toml` say it. Knows no bodies and no light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.render.previz.subjects.humanoid_pose import pose_for
from soundstage.render.previz.subjects.humanoid_stride import read_poses

if TYPE_CHECKING:
    from soundstage.film import Subject
    from soundstage.render.previz.scene import SetContext

_TURN_IN = 0.30  #: radians: those who touch still show the camera a little of their faces
_OPEN = 0.74  #: those who talk
_APART_M = 0.95  #: of two who only stand together


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One of two."""

    left: bool
    apart_m: float
    touching: bool
    pose: str | None  #: what this one does because of the other; None: its own deed

    @property
    def yaw(self) -> float:
        """Return which way this one stands."""
        turned = _TURN_IN if self.touching else _OPEN
        return -turned if self.left else math.pi + turned

    @property
    def glance(self) -> float:
        """Return how far the head turns to the other."""
        share = 0.06 if self.touching else 0.34
        return -share if self.left else share


def pair_of(subject: Subject, i: int, count: int, ctx: SetContext, people: frozenset[str]) -> Pair | None:
    """Return how one stands to the other where just two people are on the set, standing."""
    cast = [one for one in ctx.shot.subjects if one.kind in people]
    if count == 2 and len(cast) == 1:
        return _pair(subject, None, left=i == 0)
    if count != 1 or len(cast) != 2 or any(one.count > 1 for one in cast):
        return None
    first, second = cast
    other = second if subject is first else first
    return _pair(subject, other, left=subject is first)


def pose_of(subject: Subject) -> str:
    """Return the pose of a subject's first deed."""
    return pose_for(subject.action, subject.verb, things_of(subject))


def things_of(subject: Subject) -> list[str]:
    """Return the words of what a subject has to do with."""
    told = (r.target.rpartition(".")[2].replace("-", " ").lower() for r in subject.relations)
    return [word for words in told for word in words.split()]


def _pair(subject: Subject, other: Subject | None, *, left: bool) -> Pair | None:
    poses = read_poses()["poses"]
    mine = poses[pose_of(subject)]
    theirs = poses[pose_of(other)] if other is not None else mine
    doer = mine if "apart_m" in mine else theirs
    pose = None
    if other is not None and doer is theirs and "apart_m" in theirs and subject.action in (None, "stand"):
        pose = str(theirs.get("partner", pose_of(other)))
    elif other is None and not left:
        pose = mine.get("partner")
    apart = doer.get("apart_m")
    if other is not None and apart is None and not _concerned(subject, other):
        return None
    return Pair(left=left, apart_m=float(apart or _APART_M), touching=apart is not None, pose=pose)


def _concerned(first: Subject, second: Subject) -> bool:
    """Return whether two have to do with each other: one names the other, or both talk."""
    ids = {first.id, second.id} - {""}
    named = any(r.target in ids for one in (first, second) for r in one.relations)
    talking = {"talk", "say", "meet", "listen", "laugh", "shout", None, "stand", "look", "smile"}
    return named or (first.action in talking and second.action in talking)
