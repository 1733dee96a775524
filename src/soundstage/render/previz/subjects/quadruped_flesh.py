"""Flesh of a four-legged body but its head: trunk, tail and legs as cones. Knows no fur, no scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.render.previz.rig.sdf import Group
from soundstage.render.previz.subjects.quadruped_build import cone

if TYPE_CHECKING:
    from collections.abc import Callable

    from soundstage.render.previz.rig.sdf import Point
    from soundstage.render.previz.subjects.quadruped_build import Build, HeadAxes


def trunk_group(build: Build, at: Callable[..., Point], neck_at: Point, head: HeadAxes) -> Group:
    """Return chest, loin, croup and neck; `at` places a point of the trunk."""
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
    return Group(cones=cones, cell=0.0155)


def tail_group(build: Build, root: Point, reach: float) -> Group:
    """Return a tail of three bones, each `reach` metres."""
    r = build.tail_girth
    radii = (0.044 * r, 0.034 * r, 0.026 * r, 0.010 * r)
    cones = tuple(
        cone(
            f"tail{i + 1}",
            (root[0] - reach * i, root[1] + 0.004 * i**2, 0.0),
            (root[0] - reach * (i + 1), root[1] + 0.004 * (i + 1) ** 2, 0.0),
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
    paws = [cone(names[3], paw, toe, 0.034 * p, 0.026 * p, 0.02, 1.12)]
    for aside in (-0.017, 0.017):  # toes give the paw a front that is not a ball
        end = (toe[0] + 0.012, toe[1] - 0.003, toe[2] + aside * z)
        paws.append(cone(names[3], (toe[0] - 0.02, toe[1], end[2]), end, 0.021 * p, 0.018 * p, 0.01))
    return Group(cones=(*cones, *paws), cell=0.0132)
