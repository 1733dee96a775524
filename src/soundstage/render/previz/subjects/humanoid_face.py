"""Eyes, brows and mouth of a storybook face, as decals on the head: they blink, look about and speak.

Knows no scene. A decal is found again by its part, since a moment changes eyes and mouth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.rig.decals import Decal
from soundstage.render.previz.rig.sdf import distances
from soundstage.render.previz.subjects.humanoid_body import SIDES, Build, head_point
from soundstage.render.previz.subjects.humanoid_head import face_flesh

if TYPE_CHECKING:
    from soundstage.render.previz.rig.sdf import Point

Colour = tuple[float, float, float]
_WHITE: Colour = (0.72, 0.70, 0.68)
_LINE: Colour = (0.016, 0.010, 0.008)
_PUPIL: Colour = (0.004, 0.004, 0.004)
_GLINT: Colour = (1.0, 0.97, 0.92)


@dataclass(frozen=True, slots=True)
class Feature:
    """A decal and what part it plays."""

    part: str  #: "white", "iris", "pupil", "glint", "lash", "brow", "mouth", "lip"
    side: int  #: 1 left, -1 right, 0 middle
    decal: Decal


@dataclass(frozen=True, slots=True, kw_only=True)
class Mien:
    """What a face does at a moment."""

    eyes_open: float = 1.0
    gaze: tuple[float, float] = (0.0, 0.0)  #: left and up, shares of an iris
    mouth: float = 0.0  #: 0 shut .. 1 wide open
    smile: float = 0.25  #: -1 .. 1


def features(
    build: Build, *, iris: Colour, brow: Colour, lip: Colour, lashes: float, glow: Colour | None
) -> tuple[Feature, ...]:
    """Return the features of a face; `glow` are a robot's eyes, which shine and have no whites."""
    k = build.head_scale
    cones = face_flesh(build)

    def on_skin(y: float, z: float, out: float) -> Point:
        at = np.array([head_point(build, 0.0, y, z)], np.float32)
        for _ in range(10):
            at[0, 0] -= float(distances(cones, at)[0]) * 0.9
        return (float(at[0, 0]) + out * k, float(at[0, 1]), float(at[0, 2]))

    found: list[Feature] = []

    def add(
        part: str, side: int, at: Point, normal: Point, along: Point, length: float, width: float,
        colour: Colour, softness: float = 0.25, *, shines: bool = False, lid: bool = False,
    ) -> None:  # fmt: skip
        decal = Decal(
            bone="head", at=at, normal=normal, along=along, half_length=length * k, half_width=width * k,
            colour=colour, shines=shines, softness=softness, lid=lid,
        )  # fmt: skip
        found.append(Feature(part, side, decal))

    e = build.eyes
    for _, z in SIDES:
        side = int(z)
        n = (0.93, 0.02, 0.37 * z)
        across = (-0.37, 0.05, 0.93 * z)
        eye = on_skin(0.002, 0.0335 * z, 0.0015)
        if glow is not None:
            add("glow", side, eye, n, across, 0.016, 0.010, glow, 0.9, shines=True)
            continue
        add("rim", side, eye, n, across, 0.0175 * e, 0.0118 * e, (0.10, 0.045, 0.035), 0.7, lid=True)
        add("white", side, eye, n, across, 0.0155 * e, 0.0098 * e, _WHITE, 0.3, lid=True)
        add("iris", side, _off(eye, 0.0004), n, across, 0.0088 * e, 0.0090 * e, iris, 0.25, lid=True)
        add("pupil", side, _off(eye, 0.0006), n, across, 0.0044 * e, 0.0046 * e, _PUPIL, 0.4, lid=True)
        glint = (eye[0] + 0.001, eye[1] + 0.0034 * k * e, eye[2] - 0.003 * k)
        add("glint", side, glint, n, across, 0.0019 * e, 0.0018 * e, _GLINT, 0.5, shines=True, lid=True)
        lash = (eye[0], eye[1] + 0.0088 * e * k, eye[2] + 0.001 * z * k)
        add("lash", side, lash, n, (-0.37, -0.03, 0.93 * z), 0.0172 * e, 0.0017 + 0.0014 * lashes, _LINE, 0.5)
        brow_at = on_skin(0.0265, 0.034 * z, 0.0015)
        add(
            "brow",
            side,
            brow_at,
            n,
            (-0.40, -0.10, 0.91 * z),
            0.0185,
            0.0030 + 0.0013 * build.brow,
            brow,
            0.7,
        )
    if glow is None:
        mouth = on_skin(-0.0597, 0.0, 0.001)
        ahead, wide = (0.98, 0.0, 0.0), (0.0, 0.0, 1.0)
        add("inside", 0, mouth, ahead, wide, 0.0150, 0.0016, (0.060, 0.010, 0.010), 0.35)
        add("mouth", 0, _off(mouth, 0.0004), ahead, wide, 0.0190, 0.0014, tuple_of(lip, 0.22), 0.7)
        for _, z in SIDES:
            corner = on_skin(-0.0590, 0.0185 * z, 0.001)
            add(
                "corner",
                int(z),
                corner,
                (0.9, 0, 0.4 * z),
                (-0.3, 0.45, 0.9 * z),
                0.0050,
                0.0012,
                tuple_of(lip, 0.3),
                0.8,
            )
        nostril = on_skin(-0.0385, 0.0, 0.0)
        for _, z in SIDES:
            at = (nostril[0], nostril[1], nostril[2] + 0.0065 * z * k)
            add(
                "nostril",
                int(z),
                at,
                (0.8, -0.5, 0.2 * z),
                (0.2, 0.1, 0.9 * z),
                0.0030,
                0.0017,
                (0.07, 0.025, 0.02),
                0.8,
            )
    return tuple(found)


def decals_of(found: tuple[Feature, ...], side: int, mien: Mien, scale: float) -> list[Decal]:
    """Return one side's decals (0: the middle's) as a moment moves them; `scale` is the head's."""
    moved = (_moved(one, mien, scale) for one in found if one.side == side)
    return [decal for decal in moved if decal is not None]


def _moved(feature: Feature, mien: Mien, scale: float) -> Decal | None:
    decal, part = feature.decal, feature.part
    x, y, z = decal.at
    left, up = mien.gaze
    open_mouth = mien.mouth >= 0.06
    if part in ("iris", "pupil"):
        at = (x - 0.0015 * abs(left), y + 0.003 * up * scale, z + 0.0050 * left * scale)
        return replace(decal, at=at)
    if (part == "glint" and mien.eyes_open < 0.4) or part == ("mouth" if open_mouth else "inside"):
        return None
    if part == "inside":
        return replace(
            decal,
            at=(x, y - 0.004 * mien.mouth * scale, z),
            half_length=decal.half_length * (1.05 - 0.25 * mien.mouth),
            half_width=(0.0012 + 0.0078 * mien.mouth) * scale,
        )
    rise = {
        "glint": 0.002 * up,
        "lash": -0.0100 * (1 - mien.eyes_open),
        "brow": 0.004 * mien.mouth,
        "corner": 0.004 * mien.smile,
    }.get(part, 0.0)
    return replace(decal, at=(x, y + rise * scale, z))


def eyes_open(t_s: float, phase: float) -> float:
    """Blink for a seventh of a second every three or so."""
    into = (t_s + 3.1 * phase + 1.0) % (2.7 + phase)
    return abs(into / 0.07 - 1) if into < 0.14 else 1.0


def gaze_at(t_s: float, phase: float) -> tuple[float, float]:
    """Return where the eyes look: held for a second or so, then a quick jump elsewhere."""
    step = (t_s + 5 * phase) / 1.3
    k = math.floor(step)
    share = min((step - k) / 0.06, 1.0)
    share = share * share * (3 - 2 * share)
    (a, b), (c, d) = _look(k - 1, phase), _look(k, phase)
    return a + (c - a) * share, b + (d - b) * share


def speech(t_s: float, phase: float) -> float:
    """Return how open a mouth is that speaks: syllables of uneven length, with pauses between phrases."""
    beat = 0.5 + 0.5 * math.sin(2 * math.pi * 4.1 * t_s + 2.0 * math.sin(2.3 * t_s + 6 * phase))
    stress = 0.55 + 0.45 * math.sin(2 * math.pi * 1.15 * t_s + 5 * phase)
    pause = 1.0 if (t_s + 1.7 * phase) % 2.6 > 0.35 else 0.0
    return beat**1.5 * stress * pause


def tuple_of(colour: Colour, share: float) -> Colour:
    """Return a colour made darker."""
    return colour[0] * share, colour[1] * share, colour[2] * share


def _look(k: int, phase: float) -> tuple[float, float]:
    s = math.sin(12.9898 * k + 78.233 * phase) * 43758.5453
    r = s - math.floor(s)
    return (0.8 * (r - 0.5) if r > 0.35 else 0.0), 0.4 * (((7 * r) % 1.0) - 0.5)


def _off(at: Point, out: float) -> Point:
    return at[0] + out, at[1], at[2]
