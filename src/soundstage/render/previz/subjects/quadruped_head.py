"""Flesh of the head: skull, muzzle, jaw, tongue, nose, ears. The part that makes an animal readable.

Points are in head axes: forward, up, left of the joint between neck and skull, metres of the reference head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.render.previz.rig.sdf import Group
from soundstage.render.previz.subjects.quadruped_build import NOSE, TONGUE, HeadAxes, cone

if TYPE_CHECKING:
    from soundstage.render.previz.rig.sdf import Cone, Point
    from soundstage.render.previz.subjects.quadruped_build import Build


def nose_of(build: Build) -> Point:
    """Return the tip of the nose in head axes."""
    return (
        0.1255 + 0.085 * build.muzzle + 0.0165 * build.muzzle_girth,
        0.004 + 0.010 * (1 - build.stop),
        0.0,
    )


def ear_root(build: Build, head: HeadAxes, z: float) -> Point:
    """Return where an ear turns; `z` is 1 for the left one, -1 for the right."""
    w = build.skull_width
    return (
        head(0.010, 0.062, 0.066 * z * w)
        if build.ear in ("drop", "fan", "side")
        else head(0.000, 0.072, 0.046 * z * w)
    )


def head_groups(build: Build, head: HeadAxes) -> list[Group]:
    """Return skull, jaw, tongue, nose and two ears, a skin each."""
    s, w, m = build.head, build.skull_width, build.muzzle_girth
    far = 0.115 + 0.085 * build.muzzle  # where the muzzle ends, under the nose
    skull = [
        cone("head", head(0.0, 0.024), head(0.06, 0.03), 0.08 * s, 0.068 * s, 0.05, w),
        cone("head", head(0.06, 0.03), head(0.085, 0.03), 0.06 * s, 0.052 * s, 0.05, w * 1.05),
        # Muzzle: a straight bridge above, lips hanging a little below it.
        cone(
            "head",
            head(0.095, 0.012 + 0.012 * (1 - build.stop)),
            head(far + 0.01, 0.002),
            0.036 * m * s,
            0.0235 * m * s,
            0.035,
            0.92,
        ),
        cone(
            "head",
            head(0.095, 0.022 + 0.016 * (1 - build.stop)),
            head(far + 0.014, 0.01),
            0.024 * m * s,
            0.0165 * m * s,
            0.02,
        ),
    ]
    for z in (1.0, -1.0):
        skull += [
            cone(
                "head",
                head(0.078, 0.053, 0.026 * z * w),
                head(0.092, 0.05, 0.03 * z * w),
                0.022 * s,
                0.018 * s,
                0.022,
            ),
            cone(
                "head",
                head(0.045, -0.014, 0.036 * z * w),
                head(0.085, -0.01, 0.032 * z * w),
                0.04 * build.cheeks * s,
                0.03 * build.cheeks * s,
                0.03,
            ),
            cone(
                "head",
                head(0.105, -0.014, 0.017 * z),
                head(far, -0.019, 0.012 * z),
                0.026 * m * s,
                0.0185 * m * s,
                0.02,
            ),
        ]
    jaw = (
        cone("jaw", head(0.045, -0.03), head(far - 0.02, -0.037), 0.024 * m * s, 0.0165 * m * s, 0.02, 1.12),
    )
    tip = far - 0.004
    tongue = (
        cone(
            "jaw", head(0.075, -0.028), head(tip - 0.012, -0.0235), 0.0095 * s, 0.008 * s, 0.01, 1.9, TONGUE
        ),
        cone(
            "tongue",
            head(tip - 0.012, -0.0235),
            head(tip + 0.004, -0.034),
            0.008 * s,
            0.0075 * s,
            0.01,
            1.9,
            TONGUE,
        ),
        cone(
            "tongue",
            head(tip + 0.004, -0.034),
            head(tip + 0.008, -0.062),
            0.0075 * s,
            0.0055 * s,
            0.01,
            2.1,
            TONGUE,
        ),
    )
    nose = head(*nose_of(build))
    noses = (
        cone(
            "head",
            (nose[0] - 0.01 * s, nose[1], 0.0),
            (nose[0], nose[1] - 0.001, 0.0),
            0.0165 * m * s,
            0.015 * m * s,
            0.01,
            1.22,
            NOSE,
        ),
        cone(
            "head",
            (nose[0] - 0.004 * s, nose[1] - 0.014 * s, 0.0),
            (nose[0] - 0.006 * s, nose[1] - 0.022 * s, 0.0),
            0.006 * s,
            0.004 * s,
            0.008,
            1.0,
            NOSE,
        ),
    )
    groups = [
        Group(cones=tuple(skull), cell=0.0088 * s),
        Group(cones=jaw, cell=0.0070 * s),
        Group(cones=noses, cell=0.0060 * s),
    ]
    if build.pant > 0:
        groups.append(Group(cones=tongue, cell=0.0042 * s))
    for side, z in (("L", 1.0), ("R", -1.0)):
        groups.append(Group(cones=_ear(build, head, side, z), cell=0.0088 * s))
    return groups


def _ear(build: Build, head: HeadAxes, side: str, z: float) -> tuple[Cone, ...]:
    w, e, s = build.skull_width, build.ear_size, build.head
    bone = "ear" + side
    if build.ear == "drop":
        top = head(0.014, 0.060, 0.066 * z * w)
        fold = head(0.016, 0.058 - 0.050 * e, 0.086 * z * w)
        tip = head(0.034, 0.058 - 0.102 * e, 0.084 * z * w)
        return (
            cone(bone, top, fold, 0.027 * e * s, 0.037 * e * s, 0.02, 0.38),
            cone(bone, fold, tip, 0.037 * e * s, 0.018 * e * s, 0.02, 0.38),
        )
    if build.ear == "round":
        root = head(-0.004, 0.070, 0.056 * z * w)
        return (
            cone(
                bone, root, head(-0.004, 0.084 + 0.016 * e, 0.066 * z * w), 0.030 * e * s, 0.026 * e * s, 0.02
            ),
        )
    if build.ear == "side":
        root, middle = head(-0.004, 0.052, 0.055 * z * w), head(-0.012, 0.052, (0.055 + 0.055 * e) * z * w)
        tip = head(-0.020, 0.040, (0.055 + 0.105 * e) * z * w)
        return (
            cone(bone, root, middle, 0.016 * s, 0.026 * e * s, 0.02),
            cone(bone, middle, tip, 0.026 * e * s, 0.007 * s, 0.02),
        )
    if build.ear == "long":
        root, middle = head(-0.006, 0.070, 0.034 * z * w), head(-0.030, 0.070 + 0.080 * e, 0.050 * z * w)
        tip = head(-0.060, 0.070 + 0.150 * e, 0.062 * z * w)
        return (
            cone(bone, root, middle, 0.018 * s, 0.028 * s, 0.02, 0.8),
            cone(bone, middle, tip, 0.028 * s, 0.008 * s, 0.02, 0.8),
        )
    if build.ear == "fan":
        # A sail that hangs from the temple, folded back along the neck.
        root, middle = head(-0.010, 0.050, 0.080 * z * w), head(-0.070, 0.030, 0.120 * z * w)
        tip = head(-0.075, -0.085 * e, 0.125 * z * w)
        return (
            cone(bone, root, middle, 0.040 * e * s, 0.085 * e * s, 0.04, 0.16),
            cone(bone, middle, tip, 0.085 * e * s, 0.034 * e * s, 0.04, 0.16),
        )
    root = head(0.000, 0.058, 0.046 * z * w)
    tip = head(-0.004, 0.064 + 0.082 * e, 0.064 * z * w)
    return (cone(bone, root, tip, 0.040 * e * s, 0.006 * s, 0.02, 0.80),)
