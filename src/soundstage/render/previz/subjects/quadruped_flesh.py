"""Flesh of a four-legged body but its head: trunk, tail and legs as cones. Knows no fur, no scene."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from soundstage.render.previz.rig.sdf import Group
from soundstage.render.previz.subjects.quadruped_build import HORN, cone

if TYPE_CHECKING:
    from collections.abc import Callable

    from soundstage.render.previz.rig.sdf import Cone, Point
    from soundstage.render.previz.subjects.quadruped_build import Build, HeadAxes


def trunk_group(
    build: Build, at: Callable[..., Point], neck_at: Point, head: HeadAxes, grown: tuple[Cone, ...]
) -> Group:
    """Return chest, loin, croup and neck; `at` places its points, `grown` are humps and the like."""
    g = build.girth
    up = 0.030 * build.tuck
    n = build.neck_girth
    cones = (
        cone("chest", at(0.19, 0.485), at(0.05, 0.49), 0.142 * g, 0.14 * g, 0.05, 0.8),
        cone("chest", at(0.255, 0.505), at(0.225, 0.43), 0.105 * g, 0.1 * g, 0.06, 0.85),
        cone("chest", at(0.16, 0.575), at(0.02, 0.57), 0.07 * g, 0.075 * g, 0.06, 0.9),
        cone(
            "spine",
            at(0.05, 0.505 + 0.3 * up),
            at(-0.15, 0.53 + up),
            0.13 * g,
            (0.108 - 0.02 * build.tuck) * g,
            0.06,
            0.84,
        ),
        cone(
            "pelvis",
            at(-0.15, 0.535 + 0.5 * up),
            at(-0.3, 0.525),
            (0.108 - 0.01 * build.tuck) * g,
            0.112 * g,
            0.07,
            0.88,
        ),
        cone(
            "neck",
            (neck_at[0] - 0.015, neck_at[1] - 0.015, 0.0),
            head(0.005, -0.012),
            0.116 * n,
            0.078 * n,
            0.09,
            0.84,
        ),
        cone(
            "neck",
            (neck_at[0] - 0.075, neck_at[1] + 0.02, 0.0),
            head(-0.015, 0.01),
            0.075 * n,
            0.066 * n,
            0.08,
            0.9,
        ),
    )
    if build.haunch > 0:
        cones = (*cones, *_haunches(build, at))
    return Group(cones=(*cones, *grown), cell=0.0155 * max(1.0, build.girth) ** 0.7)


def _haunches(build: Build, at: Callable[..., Point]) -> tuple[Cone, ...]:
    g, w, low = build.girth, build.stance, 0.11 * build.haunch
    rows: list[Cone] = []
    for z in (w, -w):
        rows.append(
            cone(
                "pelvis",
                at(-0.285, 0.50, 0.060 * z),
                at(-0.225, 0.50 - low, 0.078 * z),
                0.112 * g,
                0.090 * g,
                0.07,
                0.66,
            )
        )
        rows.append(
            cone(
                "chest",
                at(0.195, 0.49, 0.062 * z),
                at(0.165, 0.49 - low, 0.080 * z),
                0.095 * g,
                0.068 * g,
                0.07,
                0.70,
            )
        )
    return tuple(rows)


def tail_joint(root: Point, reach: float, drop: float, i: int) -> Point:
    """Return where bone `i` of a tail starts; it hangs by `drop` radians and lifts a little to its tip."""
    return (root[0] - reach * i * math.cos(drop), root[1] - reach * i * math.sin(drop) + 0.004 * i**2, 0.0)


def tail_group(build: Build, root: Point, reach: float) -> Group:
    """Return a tail of three bones, each `reach` metres."""
    r = build.tail_girth
    radii = (0.044 * r, 0.034 * r, 0.026 * r, 0.010 * r)
    cones = tuple(
        cone(
            f"tail{i + 1}",
            tail_joint(root, reach, build.tail_drop, i),
            tail_joint(root, reach, build.tail_drop, i + 1),
            radii[i],
            radii[i + 1],
            0.03,
        )
        for i in range(3)
    )
    return Group(cones=cones, cell=0.0140)


def leg_group(build: Build, names: tuple[str, ...], joints: tuple[Point, ...], *, fore: bool) -> Group:
    """Return one leg from hip or shoulder to toes."""
    top, middle, shank, paw, toe = joints
    r, p = build.bone, build.paw
    z = 1.0 if top[2] > 0 else -1.0
    if fore:
        cones = (
            cone(names[0], top, middle, 0.088 * build.girth, 0.05 * r, 0.06, 0.72),
            cone(names[1], middle, shank, 0.047 * r, 0.027 * r, 0.04),
            cone(names[2], shank, paw, 0.028 * r, 0.029 * r, 0.02),
        )
    else:
        cones = (
            cone(names[0], top, middle, 0.112 * build.girth, 0.07 * r, 0.07, 0.66),
            cone(names[1], middle, shank, 0.064 * r, 0.03 * r, 0.05, 0.85),
            cone(names[2], shank, paw, 0.028 * r, 0.026 * r, 0.02),
        )
    if build.foot != "paw":
        return Group(
            cones=(*cones, *_hoof(build, names[3], paw, toe)), cell=0.0125 * max(1.0, build.bone) ** 0.7
        )
    paws = [cone(names[3], paw, toe, 0.034 * p, 0.026 * p, 0.02, 1.12)]
    for aside in (-0.017, 0.017):  # toes give the paw a front that is not a ball
        end = (toe[0] + 0.012, toe[1] - 0.003, toe[2] + aside * z)
        paws.append(cone(names[3], (toe[0] - 0.02, toe[1], end[2]), end, 0.021 * p, 0.018 * p, 0.01))
    return Group(cones=(*cones, *paws), cell=0.0132 * max(1.0, build.bone) ** 0.7)


def _hoof(build: Build, bone: str, paw: Point, toe: Point) -> tuple[Cone, ...]:
    p = build.paw
    if build.foot == "pad":
        low = (paw[0] + 0.012, 0.020, paw[2])
        return (cone(bone, paw, low, 0.040 * p, 0.044 * p, 0.02, 1.05),)
    joint = (toe[0] - 0.040, 0.034, toe[2])
    low = (toe[0] - 0.022, 0.020, toe[2])
    return (
        cone(bone, paw, joint, 0.027 * p, 0.026 * p, 0.015),
        cone(bone, joint, low, 0.028 * p, 0.031 * p, 0.008, 1.0, HORN),
    )
