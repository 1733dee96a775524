"""Proportions of a four-legged body and where its joints lie. Knows no flesh, no fur, no scene.

The reference body is a retriever of 0.6 m at the withers that faces +x, its left side towards +z.
Proportions are factors of it, so that an entry of `data/quadrupeds.toml` says only how another animal
differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.render.previz.rig.sdf import Cone

if TYPE_CHECKING:
    from soundstage.render.previz.rig.sdf import Point

FUR, NOSE, MOUTH, TONGUE, EYE, HORN, IVORY = range(7)  #: matters of the flesh
MATTERS = 7


@dataclass(frozen=True, slots=True, kw_only=True)
class Build:
    """Proportions against the reference body; 1 is a retriever's."""

    height_m: float = 0.60  #: at the withers
    length: float = 1.0  #: of the trunk
    girth: float = 1.0
    tuck: float = 0.0  #: how much the belly rises to the loin, 0..1
    legs: float = 1.0
    bone: float = 1.0  #: how stout the legs are
    paw: float = 1.0
    neck: float = 1.0
    neck_girth: float = 1.0
    neck_rise: float = 0.0  #: metres the head is carried higher
    head: float = 1.0
    skull_width: float = 1.0
    muzzle: float = 1.0  #: length
    muzzle_girth: float = 1.0
    stop: float = 1.0  #: step between forehead and muzzle
    cheeks: float = 1.0
    neck_reach: float = 1.0  #: how far forward the neck leads, against how far up
    ear: str = "drop"  #: "drop" hangs, "prick" stands, "round", "side" (cattle), "long" (hares), "fan"
    ear_size: float = 1.0
    eye_size: float = 1.0
    tail: float = 1.0  #: length
    tail_girth: float = 1.0
    tail_drop: float = 0.0  #: radians it hangs below the level in the rest pose
    foot: str = "paw"  #: "paw" with toes, "hoof", "pad" (a pillar's end)
    haunch: float = 0.0  #: how far the trunk's skin comes down over the legs; short coats show the seam
    stance: float = 1.0  #: how far left and right feet stand apart
    head_tilt: float = 0.0  #: radians the face points down (negative) against the retriever's
    neck_tilt: float = 0.0
    pant: float = 1.0  #: how much of a gait's open mouth it shows; 0 keeps it shut, without a tongue
    gait_scale: float = 1.0  #: stride length against the reference


class HeadAxes:
    """Places points told in head axes (forward, up, left; metres of the reference head)."""

    def __init__(self, at: Point, size: float) -> None:
        self.at = at
        self.size = size

    def __call__(self, x: float, y: float, z: float = 0.0) -> Point:
        """Return a head point in the axes of the body."""
        return (self.at[0] + x * self.size, self.at[1] + y * self.size, self.at[2] + z * self.size)


def cone(
    bone: str,
    start: Point,
    end: Point,
    r0: float,
    r1: float,
    blend: float,
    breadth: float = 1.0,
    matter: int = FUR,
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
        matter=matter,
    )


def fore_joints(long: float, lift: float, legs: float, z: float) -> tuple[Point, ...]:
    """Shoulder, elbow, wrist, paw joint and toe of a fore leg."""
    x = 0.20 * long
    return (
        (x, 0.485 + lift, 0.078 * z),
        (x - 0.050, 0.325 * legs, 0.086 * z),
        (x - 0.028, 0.130 * legs, 0.080 * z),
        (x - 0.012, 0.038, 0.080 * z),
        (x + 0.045, 0.024, 0.080 * z),
    )


def hind_joints(long: float, lift: float, legs: float, z: float) -> tuple[Point, ...]:
    """Hip, knee, hock, paw joint and toe of a hind leg."""
    x = -0.29 * long
    return (
        (x, 0.495 + lift, 0.072 * z),
        (x + 0.072, 0.320 * legs, 0.090 * z),
        (x - 0.085, 0.168 * legs, 0.084 * z),
        (x - 0.060, 0.038, 0.084 * z),
        (x - 0.002, 0.024, 0.084 * z),
    )
