"""The eyes of a four-legged body, as decals on its head. Knows no scene."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.render.previz.rig.decals import Decal

if TYPE_CHECKING:
    from soundstage.render.previz.rig.sdf import Point
    from soundstage.render.previz.subjects.quadruped_coat import CoatStyle
    from soundstage.render.previz.subjects.quadruped_plan import Plan

_RIM: Point = (0.020, 0.012, 0.009)
_PUPIL: Point = (0.004, 0.004, 0.004)


def face(plan: Plan, style: CoatStyle) -> tuple[Decal, ...]:
    """Return both eyes: rim, iris, pupil, glint, and the nostrils."""
    r = plan.eye_radius
    decals: list[Decal] = []
    for z, eye in zip((1.0, -1.0), plan.eyes, strict=True):
        normal = (0.52, 0.16, 0.84 * z)
        along = (0.86, -0.10, -0.50 * z)

        def put(
            colour: Point, length: float, width: float, out: float, *, at: Point = (0, 0, 0), shines: bool = False,
            softness: float = 0.25, lid: bool = True, eye: Point = eye, normal: Point = normal, along: Point = along,
        ) -> None:  # fmt: skip
            place = tuple(e + n * r * out + a for e, n, a in zip(eye, normal, at, strict=True))
            decals.append(
                Decal(
                    bone="head", at=(place[0], place[1], place[2]), normal=normal, along=along,
                    half_length=length * r, half_width=width * r, colour=colour, shines=shines,
                    softness=softness, lid=lid,
                )
            )  # fmt: skip

        put(_RIM, 1.35, 0.98, 0.30, softness=0.55)
        put(style.iris, 0.92, 0.84, 0.36)
        put(_PUPIL, 0.56, 0.56, 0.38)
        put((1.0, 0.95, 0.88), 0.20, 0.20, 0.45, at=(0.22 * r, 0.34 * r, 0.0), shines=True, softness=0.6, lid=False)
        nostril = (plan.nose[0] + 0.006 * plan.head_scale, plan.nose[1] - 0.002, 0.0105 * z * plan.head_scale)
        decals.append(
            Decal(
                bone="head", at=nostril, normal=(0.8, -0.1, 0.6 * z), along=(0.2, 0.9, 0.0),
                half_length=0.0042 * plan.head_scale, half_width=0.0030 * plan.head_scale, colour=(0.002, 0.002, 0.002),
                softness=0.5,
            )
        )  # fmt: skip
    return tuple(decals)
