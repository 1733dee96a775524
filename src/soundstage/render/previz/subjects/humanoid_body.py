"""Bones and bare flesh of a person from proportions: trunk, limbs, hands, feet. Knows no clothes, no scene.

The reference body is 1.70 m tall, seven and a half heads; it faces +x, its left towards +z, arms hanging.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.render.previz.rig.sdf import Cone
from soundstage.render.previz.rig.skeleton import Skeleton, assemble

if TYPE_CHECKING:
    from soundstage.render.previz.rig.sdf import Point

MATTERS = (
    "skin", "top", "bottom", "shoe", "hair", "accent", "metal", "hat", "lip", "dark", "wood", "prop", "glass",
)  # fmt: skip
MATTER = {name: index for index, name in enumerate(MATTERS)}
SIDES = (("L", 1.0), ("R", -1.0))
REFERENCE_M = 1.70
HEAD_AT: Point = (0.022, 1.595, 0.0)  #: origin of the head's own axes on the reference body
JAW_AT: Point = (-0.006, -0.022, 0.0)  #: where the jaw turns, head axes
EYE_AT: Point = (0.0632, 0.001, 0.0325)  #: middle of the left eyeball, head axes
NECK_AT: Point = (-0.005, 1.475, 0.0)  #: about which a larger head grows


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Proportions against the reference body."""

    height_m: float = 1.70
    heads: float = 7.5  #: heads in the height
    shoulders: float = 1.0
    hips: float = 1.0
    waist: float = 1.0
    girth: float = 1.0
    limbs: float = 1.0  #: how stout arms and legs are
    bust: float = 0.0
    belly: float = 0.0
    jaw: float = 1.0  #: width of the jaw
    brow: float = 0.0
    nose: float = 1.0
    eyes: float = 1.0
    stoop: float = 0.0  #: radians the back is bent
    lips: float = 1.0  #: how full
    age: float = 0.0  #: 0 smooth .. 1 wrinkled

    @property
    def head_scale(self) -> float:
        """Return how large the head is against the reference body's."""
        return 7.5 / self.heads


def cone(
    bone: str,
    start: Point,
    end: Point,
    r0: float,
    r1: float,
    blend: float = 0.04,
    breadth: float = 1.0,
    matter: str = "skin",
) -> Cone:
    """Return a cone; the tables of flesh would be unreadable with every field named."""
    return Cone(
        bone=bone,
        start=start,
        end=end,
        start_radius=r0,
        end_radius=r1,
        blend=blend,
        breadth=breadth,
        matter=MATTER[matter],
    )


def head_point(build: Build, x: float, y: float, z: float = 0.0) -> Point:
    """Return a point told in head axes (forward, up, left; metres of the reference head) on the body."""
    k = build.head_scale
    return (
        NECK_AT[0] + (HEAD_AT[0] + x - NECK_AT[0]) * k,
        NECK_AT[1] + (HEAD_AT[1] + y - NECK_AT[1]) * k,
        z * k,
    )


def bones_of(build: Build) -> Skeleton:
    """Return the bones of a body."""
    w, h = build.shoulders, build.hips
    bones: dict[str, tuple[str | None, Point]] = {
        "pelvis": (None, (0.0, 0.93, 0.0)),
        "spine": ("pelvis", (0.0, 1.04, 0.0)),
        "chest": ("spine", (-0.005, 1.20, 0.0)),
        "neck": ("chest", (-0.012, 1.425, 0.0)),
        "head": ("neck", (0.0, 1.50, 0.0)),
        "tail": ("head", head_point(build, -0.085, 0.02)),
        "jaw": ("head", head_point(build, *JAW_AT)),
        "ground": (None, (0.0, 0.0, 0.0)),
        "door": (None, (0.62, 0.0, 0.45)),  # its hinge, before whoever opens it
    }
    for side, z in SIDES:
        bones["ua" + side] = ("chest", (-0.012, 1.378, 0.165 * w * z))
        bones["la" + side] = ("ua" + side, (-0.022, 1.105, 0.192 * w * z))
        bones["ha" + side] = ("la" + side, (0.004, 0.865, 0.200 * w * z))
        bones["th" + side] = ("pelvis", (0.0, 0.90, 0.086 * h * z))
        bones["sh" + side] = ("th" + side, (0.010, 0.490, 0.088 * h * z))
        eye = head_point(build, EYE_AT[0], EYE_AT[1], EYE_AT[2] * z)
        bones |= {name + side: ("head", eye) for name in ("eye", "lid", "lol")}
        bones["ft" + side] = ("sh" + side, (-0.012, 0.080, 0.088 * h * z))
    return assemble(bones)


def trunk(build: Build, top: str, bottom: str, loose: float = 0.0) -> list[Cone]:
    """Return chest, waist and hips; `loose` is how far cloth stands off, in metres."""
    g, w, h, s = build.girth, build.waist * build.girth, build.hips, build.shoulders
    flesh = [
        cone("chest", (-0.014, 1.345, -0.118 * s), (-0.014, 1.345, 0.118 * s), 0.060, 0.060, 0.05, 1.0, top),
        cone("chest", (0.000, 1.310, 0), (0.000, 1.170, 0), 0.108 * g, 0.098 * w, 0.06, 1.22 * s, top),
        cone("spine", (0.000, 1.140, 0), (0.0, 1.030, 0), 0.094 * w, 0.104 * w, 0.06, 1.24, top),
        cone("pelvis", (0.000, 0.985, 0), (-0.004, 0.910, 0), 0.108 * g, 0.112 * g, 0.06, 1.34 * h, bottom),
    ]
    flesh += [
        cone(
            "chest", (-0.018, 1.425, 0.020 * z), (-0.014, 1.368, 0.130 * s * z), 0.042, 0.046, 0.05, 1.0, top
        )
        for _, z in SIDES
    ]
    if bottom != "none":
        flesh += [
            cone(
                "pelvis",
                (-0.040, 0.905, 0.06 * z),
                (-0.035, 0.88, 0.065 * z),
                0.082 * g,
                0.08,
                0.05,
                1.0,
                bottom,
            )
            for _, z in SIDES
        ]
    if build.bust > 0:
        flesh += [
            cone(
                "chest", (0.060, 1.262, 0.060 * z), (0.078, 1.250, 0.064 * z),
                0.056 * build.bust, 0.050 * build.bust, 0.05, 1.0, top,
            )
            for _, z in SIDES
        ]  # fmt: skip
    if build.belly > 0:
        flesh.append(
            cone(
                "spine",
                (0.03, 1.09, 0),
                (0.045, 1.00, 0),
                0.10 * build.belly,
                0.105 * build.belly,
                0.06,
                1.2,
                top,
            )
        )
    if loose:
        flesh = [_loosened(one, loose) for one in flesh]
    return flesh


def arm(build: Build, side: str, z: float, upper: str, lower: str, loose: float = 0.0) -> list[Cone]:
    """Return an arm from shoulder to wrist; cloth ends in a cuff."""
    k, w = build.limbs, build.shoulders
    shoulder, elbow, wrist = (
        (-0.012, 1.350, 0.160 * w * z),
        (-0.022, 1.105, 0.192 * w * z),
        (0.002, 0.880, 0.200 * w * z),
    )
    first = 0.0 if upper == "skin" else loose
    second = 0.0 if lower == "skin" else loose
    cuff = 0.028 * k if lower == "skin" else 0.034 * k + 1.2 * second
    return [
        cone("ua" + side, shoulder, elbow, 0.050 * k + 0.8 * first, 0.042 * k + first, 0.04, 1.0, upper),
        cone(
            "la" + side,
            elbow,
            _between(elbow, wrist, 0.35),
            0.042 * k + second,
            0.041 * k + second,
            0.03,
            1.0,
            lower,
        ),
        cone("la" + side, _between(elbow, wrist, 0.35), wrist, 0.041 * k + second, cuff, 0.02, 1.0, lower),
    ]


def hand(build: Build, side: str, z: float, matter: str = "skin") -> list[Cone]:
    """Return a hand, half closed: palm, thumb and four fingers."""
    w, k = build.shoulders, 0.5 + 0.5 * build.limbs
    x, y, at = 0.006, 0.865, 0.200 * w * z
    palm, tip = (x + 0.010, y - 0.058, at), (x + 0.046, y - 0.062, at - 0.014 * z)
    thumb = (x + 0.025, y - 0.015, at - 0.006 * z)
    flesh = [
        cone("ha" + side, (x, y + 0.01, at), palm, 0.030 * k, 0.036 * k, 0.02, 0.55, matter),
        cone("ha" + side, thumb, tip, 0.0145 * k, 0.0105 * k, 0.015, 1.0, matter),
    ]
    for i, reach in enumerate((0.072, 0.082, 0.078, 0.064)):
        fx = x + 0.036 - 0.018 * i
        flesh.append(
            cone("ha" + side, (fx, y - 0.060, at), (fx + 0.006, y - 0.060 - reach, at - 0.020 * z),
                 0.0115 * k, 0.0085 * k, 0.006, 1.0, matter)
        )  # fmt: skip
    return flesh


def leg(build: Build, side: str, z: float, upper: str, lower: str, loose: float = 0.0) -> list[Cone]:
    """Return a leg from hip to ankle; trousers hang straighter than flesh."""
    k, h = build.limbs, build.hips
    hip, knee, ankle = (
        (0.0, 0.90, 0.078 * h * z),
        (0.010, 0.490, 0.088 * h * z),
        (-0.012, 0.100, 0.088 * h * z),
    )
    first = 0.0 if upper == "skin" else loose
    second = 0.0 if lower == "skin" else loose
    calf = _between(knee, ankle, 0.28)
    calf = (calf[0] - 0.012, calf[1], calf[2])
    hem = 0.036 * k if lower == "skin" else 0.040 * k + 2.0 * second
    return [
        cone("th" + side, hip, knee, 0.088 * k + first, 0.054 * k + first, 0.04, 1.0, upper),
        cone("sh" + side, knee, calf, 0.052 * k + second, 0.054 * k + second, 0.03, 1.0, lower),
        cone("sh" + side, calf, ankle, 0.054 * k + second, hem, 0.03, 1.0, lower),
    ]


def foot(build: Build, side: str, z: float, matter: str = "shoe", shaft_m: float = 0.0) -> list[Cone]:
    """Return a shoe, or a boot whose shaft is so high; `matter` skin is a bare foot."""
    at = 0.088 * build.hips * z
    flesh = [
        cone("ft" + side, (-0.020, 0.095, at), (-0.030, 0.050, at), 0.040, 0.042, 0.02, 1.0, matter),
        cone(
            "ft" + side, (-0.040, 0.034, at), (0.110, 0.030, at + 0.010 * z), 0.036, 0.030, 0.03, 1.12, matter
        ),
        cone(
            "ft" + side, (0.030, 0.055, at), (0.095, 0.036, at + 0.006 * z), 0.034, 0.028, 0.02, 1.1, matter
        ),
    ]
    if shaft_m:
        top = (-0.006, 0.10 + shaft_m, at)
        wide = 0.062 * build.limbs
        flesh.append(cone("sh" + side, (-0.012, 0.10, at), top, 0.050, wide, 0.02, 1.0, matter))
    return flesh


def _between(a: Point, b: Point, t: float) -> Point:
    return (a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t, a[2] + (b[2] - a[2]) * t)


def _loosened(one: Cone, loose: float) -> Cone:
    return Cone(
        bone=one.bone, start=one.start, end=one.end, start_radius=one.start_radius + loose,
        end_radius=one.end_radius + loose, blend=one.blend, breadth=one.breadth, matter=one.matter,
    )  # fmt: skip
