"""Bodies of what flies: proportions, bones and flesh of birds, bats, dragons and winged insects.

The reference body faces +x with its left side towards +z and stands on y = 0; wings are not flesh, see
`winged_wing`. Knows no feathers, no scene.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.rig.sdf import Cone, Group, Point, distances
from soundstage.render.previz.rig.skeleton import Skeleton, assemble

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

PLUMAGE, BEAK, LEG = range(3)  #: matters of the flesh
MATTERS = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Proportions; lengths in metres of the reference body, whose trunk is 0.3 m long."""

    length_m: float = 0.30  #: of the real trunk: what scales everything
    girth: float = 1.0
    plump: float = 1.0  #: breast against rump
    upright: float = 0.45  #: radians the trunk is raised when it stands
    leg: float = 0.14
    leg_girth: float = 1.0
    neck: float = 0.07
    neck_rise: float = 0.9  #: radians the neck rises over the level when it stands
    neck_flying: float = 0.15  #: and when it flies
    neck_girth: float = 1.0
    curve: float = 0.0  #: how much a long neck bends to an S
    head: float = 1.0
    beak: float = 0.075
    beak_girth: float = 1.0
    hook: float = 0.0  #: how far the beak's tip turns down
    eye: float = 1.0
    eye_front: float = 0.0  #: 1: both look ahead, as an owl's
    tail: float = 0.0  #: a fleshy tail (dragons), metres
    ears: float = 0.0
    horns: float = 0.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a body is made from."""

    skeleton: Skeleton
    groups: tuple[Group, ...]
    centre: Point  #: of the trunk, where it turns in flight
    shoulder: Point  #: left one
    rump: Point
    head_at: Point
    eye: Point  #: left one
    eye_faces: Point
    eye_radius: float
    lean: float  #: radians the trunk is raised in the rest pose


def cone(
    bone: str,
    start: Point,
    end: Point,
    r0: float,
    r1: float,
    blend: float = 0.04,
    matter: int = PLUMAGE,
    breadth: float = 1.0,
) -> Cone:
    """Return a cone; a table of flesh with every field named would be unreadable."""
    return Cone(
        bone=bone,
        start=start,
        end=end,
        start_radius=r0,
        end_radius=r1,
        blend=blend,
        matter=matter,
        breadth=breadth,
    )


def plan(build: Build) -> Plan:
    """Return bones and flesh of a body in its standing pose."""
    a, g = build.upright, build.girth
    ux, uy = math.cos(a), math.sin(a)
    centre = (0.0, build.leg + 0.080 * g * ux + 0.165 * uy, 0.0)

    def along(x: float, y: float = 0.0, z: float = 0.0) -> Point:
        """Return a point of the trunk: x forward along it, y to its back."""
        return (centre[0] + x * ux - y * uy, centre[1] + x * uy + y * ux, z)

    neck_at = along(0.125, 0.03)
    n = a + build.neck_rise
    rise = (math.cos(n), math.sin(n))
    bend = 0.45 * build.curve * build.neck
    middle = (neck_at[0] + 0.5 * build.neck * rise[0] + bend, neck_at[1] + 0.45 * build.neck * rise[1], 0.0)
    head_at = (neck_at[0] + build.neck * rise[0], neck_at[1] + build.neck * rise[1], 0.0)
    h = 0.052 * build.head

    def head(x: float, y: float, z: float = 0.0) -> Point:
        return (head_at[0] + x * h, head_at[1] + y * h, z * h)

    hip = along(-0.03 - 0.10 * uy, -0.045 * g * ux)
    bones: dict[str, tuple[str | None, Point]] = {
        "body": (None, centre),
        "neck": ("body", neck_at),
        "neck2": ("neck", middle),
        "head": ("neck2", head_at),
    }
    rump = along(-0.20, 0.005)
    reach = build.tail / 4
    for i in range(4 if build.tail else 0):
        bones[f"tail{i}"] = (
            "body" if i == 0 else f"tail{i - 1}",
            (rump[0] - reach * i, rump[1] - 0.01 * i, 0.0),
        )
    for side, z in (("L", 1.0), ("R", -1.0)):
        bones["leg" + side] = ("body", (hip[0], hip[1], 0.042 * g * z))
        bones["shank" + side] = ("leg" + side, (hip[0] - 0.02, 0.55 * hip[1], 0.042 * g * z))
    p = build.plump
    trunk = [
        cone("body", along(-0.10), along(0.08, 0.005), 0.072 * g, 0.086 * g * p, 0.05),
        cone("body", along(0.05, -0.012), along(0.115, 0.018), 0.084 * g * p, 0.060 * g, 0.05),
        cone("body", along(-0.09, 0.005), rump, 0.066 * g, 0.022 * g, 0.05),
        cone("neck", neck_at, middle, 0.050 * build.neck_girth * g, 0.036 * build.neck_girth * g, 0.05),
        cone("neck2", middle, head_at, 0.036 * build.neck_girth * g, 0.034 * build.neck_girth * g, 0.04),
        cone("head", head_at, head(0.25, 0.05), h, 0.92 * h, 0.03),
        cone("head", head(0.3, -0.05), head(0.72, -0.12), 0.72 * h, 0.45 * h, 0.02),
    ]
    groups = [Group(cones=tuple(trunk), cell=0.0120 * min(g, 1.0) ** 0.6)]
    groups += _on_head(build, head, h)
    if build.tail:
        groups.append(_tail(build, rump, reach))
    if build.leg > 0.02:
        groups += [_leg(build, hip, side, z) for side, z in (("L", 1.0), ("R", -1.0))]
    front = build.eye_front
    faces = (0.35 + 0.60 * front, 0.10, 0.93 - 0.55 * front)
    return Plan(
        skeleton=assemble(bones),
        groups=tuple(groups),
        centre=centre,
        shoulder=along(0.075, 0.045 * g, 0.062 * g),
        rump=rump,
        head_at=head_at,
        eye=_on_skin(head(0.30 + 0.30 * front, 0.18, 0.50), faces, trunk),
        eye_faces=faces,
        eye_radius=0.26 * h * build.eye,
        lean=a,
    )


def _on_skin(start: Point, towards: Point, cones: Sequence[Cone]) -> Point:
    """Return where a line from inside leaves a skin."""
    at, step = np.array([start], np.float32), np.array(towards, np.float32)
    for _ in range(8):
        at = np.asarray(at - step * distances(cones, at)[:, None], np.float32)
    return float(at[0, 0]), float(at[0, 1]), float(at[0, 2])


def _leg(build: Build, hip: Point, side: str, z: float) -> Group:
    r, at = 0.0075 * build.leg_girth, 0.042 * build.girth * z
    knee, foot = (hip[0] - 0.02, 0.55 * hip[1], at), (hip[0] - 0.005, 0.010, at)
    cones = [
        cone("leg" + side, (hip[0], hip[1], at), knee, 2.8 * r, 1.2 * r, 0.015),
        cone("shank" + side, knee, foot, r, 0.9 * r, 0.01, LEG),
    ]
    for x, aside in ((0.045, 0.0), (0.038, 0.022), (0.038, -0.022), (-0.025, 0.0)):
        cones.append(
            cone("shank" + side, foot, (foot[0] + x, 0.006, at + aside), 0.9 * r, 0.6 * r, 0.006, LEG)
        )
    return Group(cones=tuple(cones), cell=0.0066)


def _on_head(build: Build, head: Callable[..., Point], h: float) -> list[Group]:
    """Return beak or snout, ears and horns."""
    groups: list[Group] = []
    b, w = build.beak, 0.30 * h * build.beak_girth
    root, mid = head(0.85, -0.12), head(0.85 + 0.65 * b / h, -0.14)
    tip = (root[0] + b, root[1] - 0.004 - build.hook * 0.024, 0.0)
    if b > 0:
        beak = (
            cone("head", root, mid, w, 0.72 * w, 0.01, BEAK),
            cone("head", mid, tip, 0.72 * w, 0.12 * w, 0.01, BEAK),
        )
        groups.append(Group(cones=beak, cell=0.0058))
    for z in (1.0, -1.0):
        if build.ears:
            ear = cone(
                "head",
                head(-0.1, 0.7, 0.5 * z),
                head(-0.15, 0.8 + build.ears, 0.75 * z),
                0.36 * h,
                0.05 * h,
                0.01,
            )
            groups.append(Group(cones=(ear,), cell=0.0075))
        if build.horns:
            k = build.horns
            horn = (
                cone(
                    "head",
                    head(-0.2, 0.7, 0.45 * z),
                    head(-0.9, 1.0 + 0.3 * k, 0.6 * z),
                    0.20 * h,
                    0.14 * h,
                    0.01,
                    BEAK,
                ),
                cone(
                    "head",
                    head(-0.9, 1.0 + 0.3 * k, 0.6 * z),
                    head(-1.5 - k, 1.2 + k, 0.7 * z),
                    0.14 * h,
                    0.03 * h,
                    0.01,
                    BEAK,
                ),
            )
            groups.append(Group(cones=horn, cell=0.0075))
    return groups


def _tail(build: Build, rump: Point, reach: float) -> Group:
    g = build.girth
    radii = [0.050 * g * (1 - 0.24 * i) + 0.002 for i in range(5)]
    cones = tuple(
        cone(
            f"tail{i}",
            (rump[0] - reach * (i - 0.35 * (i == 0)), rump[1] - 0.01 * i, 0.0),
            (rump[0] - reach * (i + 1), rump[1] - 0.01 * (i + 1), 0.0),
            radii[i],
            radii[i + 1],
        )
        for i in range(4)
    )
    return Group(cones=cones, cell=0.0120)
