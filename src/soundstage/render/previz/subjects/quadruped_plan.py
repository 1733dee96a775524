"""A four-legged body from proportions: bones, flesh in groups, legs. Knows no fur, no scene."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.rig.leg import LEGS, Leg
from soundstage.render.previz.rig.sdf import Group, Point, distances
from soundstage.render.previz.rig.skeleton import Skeleton, assemble
from soundstage.render.previz.subjects.quadruped_build import (
    Build,
    HeadAxes,
    fore_joints,
    hind_joints,
)
from soundstage.render.previz.subjects.quadruped_flesh import leg_group, tail_group, tail_joint, trunk_group
from soundstage.render.previz.subjects.quadruped_grown import grow_flesh
from soundstage.render.previz.subjects.quadruped_head import ear_root, head_groups, nose_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


EYE_FACES: Point = (0.64, 0.14, 0.755)  #: where a left eye looks
_SKULL = 2  #: the skull's group, after trunk and tail


@dataclass(frozen=True, slots=True)
class Plan:
    """What a body is made from."""

    skeleton: Skeleton
    groups: tuple[Group, ...]
    legs: tuple[Leg, ...]
    eyes: tuple[Point, Point]  #: centres, left and right
    eye_radius: float
    nose: Point
    scale: float  #: from the reference body's metres to the animal's
    head_at: Point  #: where the head's own axes begin
    head_scale: float


def plan(build: Build, grown: Sequence[Mapping[str, Any]] = (), swung: Sequence[Point] = ()) -> Plan:
    """Return bones, flesh and legs of a body.

    Args:
        build: its proportions.
        grown: what else grows on it, see `quadruped_grown`: horns, a hump, a trunk.
        swung: joints in head axes of bones that hang from the head and swing, root first.
    """
    lift = 0.33 * (build.legs - 1)
    long = build.length

    def trunk(x: float, y: float, z: float = 0.0) -> Point:
        return (x * long, y + lift, z)

    neck_at = trunk(0.265, 0.575)
    head_at = (
        neck_at[0] + 0.150 * build.neck * build.neck_reach,
        neck_at[1] + (0.165 * build.neck) + build.neck_rise,
        0.0,
    )
    head = HeadAxes(head_at, build.head)
    bones: dict[str, tuple[str | None, Point]] = {
        "pelvis": (None, trunk(-0.30, 0.52)),
        "spine": ("pelvis", trunk(-0.08, 0.545)),
        "chest": ("spine", trunk(0.13, 0.535)),
        "neck": ("chest", neck_at),
        "head": ("neck", head_at),
        "jaw": ("head", head(0.050, -0.026)),
        "tongue": ("jaw", head(0.150, -0.040)),
    }
    tail_from = trunk(-0.385, 0.572)
    reach = 0.135 * build.tail
    for i in (1, 2, 3):
        joint = tail_joint(tail_from, reach, build.tail_drop, i - 1)
        bones[f"tail{i}"] = ("pelvis" if i == 1 else f"tail{i - 1}", joint)
    for i, at in enumerate(swung, 1):
        bones[f"swing{i}"] = ("head" if i == 1 else f"swing{i - 1}", head(*at))
    w = build.stance
    for side, z in (("L", 1.0), ("R", -1.0)):
        bones["ear" + side] = ("head", ear_root(build, head, z))
        fore = fore_joints(long, lift, build.legs, z * w)
        hind = hind_joints(long, lift, build.legs, z * w)
        for letter, carrier, joints in (("f", "chest", fore), ("h", "pelvis", hind)):
            above: str = carrier
            for part, joint in zip(("upper", "lower", "shank", "paw"), joints[:4], strict=True):
                bones[f"{letter}{part}{side}"] = (above, joint)
                above = f"{letter}{part}{side}"
    skeleton = assemble(bones)
    outgrowths = grow_flesh(grown, trunk, head)
    groups = [
        trunk_group(build, trunk, neck_at, head, outgrowths.pop("trunk", ())),
        tail_group(build, tail_from, reach),
    ]
    groups += head_groups(build, head)
    groups += [Group(cones=cones, cell=0.0078) for cones in outgrowths.values()]
    legs: list[Leg] = []
    for name in LEGS:
        z = 1.0 if name[1] == "L" else -1.0
        letter = "f" if name[0] == "F" else "h"
        joints = (fore_joints if letter == "f" else hind_joints)(long, lift, build.legs, z * w)
        names = tuple(f"{letter}{part}{name[1]}" for part in ("upper", "lower", "shank", "paw"))
        groups.append(leg_group(build, names, joints, fore=letter == "f"))
        sole = (joints[4][0] - 0.018, 0.0)
        legs.append(
            Leg(name, "chest" if letter == "f" else "pelvis", (names[0], names[1], names[2], names[3]), sole)
        )
    eye = _on_skin(head(0.098, 0.034, 0.036 * build.skull_width), EYE_FACES, groups[_SKULL])
    return Plan(
        skeleton=skeleton,
        groups=tuple(groups),
        legs=tuple(legs),
        eyes=(eye, (eye[0], eye[1], -eye[2])),
        eye_radius=0.0150 * build.head * build.eye_size,
        nose=head(*nose_of(build)),
        scale=build.height_m / (0.60 + lift),
        head_at=head_at,
        head_scale=build.head,
    )


def _on_skin(start: Point, towards: Point, group: Group) -> Point:
    """Return where a line from inside leaves a skin; an eye that lies deeper vanishes from a grazing view."""
    at = np.array([start], np.float32)
    step = np.array(towards, np.float32)
    for _ in range(8):
        at = np.asarray(at - step * distances(group.cones, at)[:, None], np.float32)
    return float(at[0, 0]), float(at[0, 1]), float(at[0, 2])
