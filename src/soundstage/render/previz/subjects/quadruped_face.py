"""The eyes and nostrils of a four-legged body, as decals on its head. Knows no scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.render.previz.rig.decals import Decal
from soundstage.render.previz.subjects.quadruped_plan import EYE_FACES

if TYPE_CHECKING:
    from soundstage.render.previz.rig.sdf import Point
    from soundstage.render.previz.subjects.quadruped_coat import CoatStyle
    from soundstage.render.previz.subjects.quadruped_plan import Plan

_RIM: Point = (0.020, 0.012, 0.009)
_PUPIL: Point = (0.004, 0.004, 0.004)
_GLINT: Point = (1.0, 0.95, 0.88)
_NOSTRIL: Point = (0.002, 0.002, 0.002)


def face(plan: Plan, style: CoatStyle) -> tuple[Decal, ...]:
    """Return both eyes (rim, iris, pupil, glint) and the nostrils."""
    return tuple(decal for side in (0, 1) for decal in (*_eye(plan, style, side), _nostril(plan, side)))


def _eye(plan: Plan, style: CoatStyle, side: int) -> list[Decal]:
    r, eye, z = plan.eye_radius, plan.eyes[side], 1.0 - 2.0 * side
    normal = (EYE_FACES[0], EYE_FACES[1], EYE_FACES[2] * z)
    rows = (  # colour, half length and width in radii, how far out, softness
        (_RIM, 1.26, 0.74, 0.06, 0.50),
        (style.iris, 0.88, 0.56, 0.10, 0.25),
        (_PUPIL, 0.56, 0.50, 0.12, 0.45),
        (_GLINT, 0.16, 0.14, 0.15, 0.60),
    )
    decals: list[Decal] = []
    for colour, length, width, out, softness in rows:
        glint = colour is _GLINT
        shift = 0.22 * r if glint else 0.0
        decals.append(
            Decal(
                bone="head",
                at=(
                    eye[0] + normal[0] * r * out + shift,
                    eye[1] + normal[1] * r * out + shift,
                    eye[2] + normal[2] * r * out,
                ),
                normal=normal,
                along=(0.74, -0.16, -0.66 * z),
                half_length=length * r,
                half_width=width * r,
                colour=colour,
                shines=glint,
                softness=softness,
                lid=not glint,
            )
        )
    return decals


def _nostril(plan: Plan, side: int) -> Decal:
    k, z = plan.head_scale, 1.0 - 2.0 * side
    return Decal(
        bone="head",
        at=(plan.nose[0] + 0.006 * k, plan.nose[1] - 0.002, 0.0105 * z * k),
        normal=(0.8, -0.1, 0.6 * z),
        along=(0.2, 0.9, 0.0),
        half_length=0.0042 * k,
        half_width=0.0030 * k,
        colour=_NOSTRIL,
        softness=0.5,
    )
