"""A storybook head: skull and face planes, hair as a mass to grow strands on, beard. Knows no scene.

Points are told in head axes: forward, up, left, metres of the reference head, from between the eyes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.render.previz.subjects.humanoid_body import SIDES, Build, cone, head_point

if TYPE_CHECKING:
    from soundstage.render.previz.rig.sdf import Cone


class HeadCones:
    """Makes cones told in head axes."""

    def __init__(self, build: Build) -> None:
        self.build = build

    def __call__(
        self,
        start: tuple[float, float, float],
        end: tuple[float, float, float],
        r0: float,
        r1: float,
        blend: float = 0.03,
        breadth: float = 1.0,
        matter: str = "skin",
        bone: str = "head",
    ) -> Cone:
        """Return a cone of the head."""
        k = self.build.head_scale
        return cone(
            bone, head_point(self.build, *start), head_point(self.build, *end),
            r0 * k, r1 * k, blend * k, breadth, matter,
        )  # fmt: skip


def face_flesh(build: Build) -> list[Cone]:
    """Return skull, face, ears and neck."""
    at = HeadCones(build)
    j, n = build.jaw, build.nose
    flesh = [
        cone("neck", (-0.020, 1.40, 0), (-0.004, 1.50, 0), 0.054 * build.limbs, 0.048 * build.limbs, 0.03),
        at((-0.024, 0.022, 0), (0.006, 0.026, 0), 0.090, 0.085, 0.03, 0.90),
        at((0.020, -0.006, 0), (0.028, -0.056, 0), 0.066, 0.046 * (0.6 + 0.4 * j), 0.040, 0.98),
        at(
            (0.044, -0.080, -0.006 * j),
            (0.044, -0.080, 0.006 * j),
            0.0245,
            0.0245,
            0.030,
            0.9 + 0.35 * (j - 1),
        ),
        # nose: a fine bridge and a small round tip
        at((0.079, 0.000, 0), (0.095, -0.026, 0), 0.0060 * n, 0.0092 * n, 0.016),
        at((0.094, -0.028, 0), (0.089, -0.033, 0), 0.0098 * n, 0.0080 * n, 0.010),
        # lips: soft cushions that carry the painted mouth
        at((0.0745, -0.0545, -0.012), (0.0745, -0.0545, 0.012), 0.0072, 0.0072, 0.012, 1.0, "lip"),
        at((0.0725, -0.0645, -0.009), (0.0725, -0.0645, 0.009), 0.0082, 0.0082, 0.012, 1.0, "lip"),
    ]
    for _, z in SIDES:
        flesh += [
            at((0.038, -0.026, 0.036 * z), (0.030, -0.044, 0.040 * z), 0.032, 0.026, 0.035),
            at((0.004, -0.058, 0.040 * z * j), (0.036, -0.080, 0.018 * z * j), 0.022 * j, 0.020, 0.03),
            at((-0.010, 0.000, 0.079 * z), (-0.014, -0.032, 0.076 * z), 0.0150, 0.0100, 0.008, 0.55),
            at((0.086, -0.034, 0.010 * z), (0.082, -0.033, 0.013 * z), 0.0072 * n, 0.0062 * n, 0.008),
            at(
                (0.071, 0.027, 0.018 * z), (0.058, 0.028, 0.048 * z), 0.011 + 0.005 * build.brow, 0.010, 0.022
            ),
        ]
    return flesh


def hair_mass(build: Build, style: str) -> list[Cone]:
    """Return the hair of a style as a mass over the skull; none when bald."""
    at = HeadCones(build)
    if style == "bald":
        return []

    def lock(
        start: tuple[float, float, float], end: tuple[float, float, float], r0: float, r1: float,
        blend: float = 0.03, breadth: float = 1.0, bone: str = "head",
    ) -> Cone:  # fmt: skip
        return at(start, end, r0, r1, blend, breadth, "hair", bone)

    cap = [
        lock((-0.034, 0.036, 0), (-0.010, 0.050, 0), 0.092, 0.080, 0.02, 0.95),
        lock((-0.050, 0.010, 0), (-0.056, -0.030, 0), 0.072, 0.056, 0.03, 1.02),
    ]
    fringe = [lock((0.050, 0.082, 0.030), (0.060, 0.062, -0.040), 0.026, 0.020, 0.03)]
    if style == "short":
        sides = [
            lock((0.000, 0.035, 0.070 * z), (-0.012, 0.000, 0.074 * z), 0.022, 0.013, 0.02, 0.8)
            for _, z in SIDES
        ]
        return [*cap, *sides, *fringe, lock((0.030, 0.100, -0.02), (-0.03, 0.118, 0.01), 0.026, 0.03)]
    if style == "receding":
        return [
            lock((-0.048, 0.020, 0), (-0.052, -0.030, 0), 0.084, 0.062, 0.03, 1.03),
            *(lock((-0.010, 0.020, 0.074 * z), (-0.014, -0.005, 0.076 * z), 0.020, 0.014, 0.02, 0.8) for _, z in SIDES),
        ]  # fmt: skip
    if style == "afro":
        return [
            lock((-0.030, 0.060, 0), (-0.020, 0.070, 0), 0.130, 0.125, 0.02),
            lock((-0.045, 0.010, 0), (-0.055, -0.02, 0), 0.110, 0.09, 0.03, 1.1),
        ]
    curtain = [
        part
        for _, z in SIDES
        for part in (
            lock((0.030, 0.070, 0.045 * z), (0.008, -0.010, 0.076 * z), 0.030, 0.024, 0.03, 0.85),
            lock((-0.020, 0.020, 0.066 * z), (-0.032, -0.060, 0.068 * z), 0.036, 0.030, 0.03, 0.85),
        )
    ]
    if style == "bob":
        ends = [
            lock((-0.028, -0.04, 0.066 * z), (-0.022, -0.100, 0.062 * z), 0.032, 0.024, 0.03)
            for _, z in SIDES
        ]
        return [
            *cap,
            *curtain,
            *fringe,
            *ends,
            lock((-0.055, -0.02, 0), (-0.055, -0.10, 0), 0.066, 0.052, 0.03, 1.2),
        ]
    if style == "bun":
        swept = [
            lock((0.000, 0.035, 0.068 * z), (-0.030, -0.005, 0.068 * z), 0.024, 0.018, 0.02, 0.8)
            for _, z in SIDES
        ]
        return [*cap, *swept, *fringe, lock((-0.105, 0.055, 0), (-0.112, 0.050, 0), 0.044, 0.042, 0.015)]
    if style in ("ponytail", "pigtails"):
        swept = [
            lock((0.000, 0.035, 0.068 * z), (-0.030, 0.0, 0.068 * z), 0.024, 0.018, 0.02, 0.8)
            for _, z in SIDES
        ]
        if style == "ponytail":
            tails = [
                lock((-0.110, 0.045, 0), (-0.150, 0.000, 0), 0.026, 0.040, 0.02, 0.9, "tail"),
                lock((-0.150, 0.000, 0), (-0.140, -0.190, 0), 0.040, 0.014, 0.03, 0.9, "tail"),
            ]
        else:
            tails = [
                part
                for _, z in SIDES
                for part in (
                    lock(
                        (-0.040, 0.020, 0.090 * z),
                        (-0.045, -0.02, 0.120 * z),
                        0.022,
                        0.034,
                        0.02,
                        1.0,
                        "tail",
                    ),
                    lock(
                        (-0.045, -0.02, 0.120 * z),
                        (-0.045, -0.14, 0.118 * z),
                        0.034,
                        0.012,
                        0.03,
                        1.0,
                        "tail",
                    ),
                )
            ]
        return [*cap, *swept, *fringe, *tails]
    # long: over the shoulders and down the back
    falls = [
        part
        for _, z in SIDES
        for part in (
            lock((-0.030, -0.05, 0.066 * z), (-0.040, -0.170, 0.076 * z), 0.034, 0.032, 0.04),
            lock((-0.040, -0.170, 0.076 * z), (-0.045, -0.245, 0.070 * z), 0.032, 0.014, 0.03, 1.0, "neck"),
        )
    ]
    back = [
        lock((-0.058, -0.02, 0), (-0.078, -0.150, 0), 0.068, 0.060, 0.04, 1.2),
        lock((-0.078, -0.150, 0), (-0.098, -0.290, 0), 0.060, 0.026, 0.04, 1.4, "neck"),
    ]
    return [*cap, *curtain, *fringe, *falls, *back]


def beard_mass(build: Build, style: str) -> list[Cone]:
    """Return a beard: "short" follows the jaw, "long" falls on the chest."""
    at = HeadCones(build)
    if not style:
        return []
    jaw = [
        at((0.010, -0.050, 0.058 * z), (0.046, -0.090, 0.016 * z), 0.022, 0.022, 0.03, 1.0, "hair")
        for _, z in SIDES
    ]
    lip = [
        at((0.083, -0.045, 0.004 * z), (0.072, -0.054, 0.028 * z), 0.0075, 0.006, 0.008, 1.0, "hair")
        for _, z in SIDES
    ]
    chin = [at((0.056, -0.088, 0), (0.056, -0.100, 0), 0.026, 0.024, 0.03, 1.1, "hair")]
    if style == "moustache":
        return lip
    if style == "long":
        chin.append(at((0.058, -0.10, 0), (0.050, -0.250, 0), 0.040, 0.014, 0.04, 1.2, "hair"))
    return [*jaw, *lip, *chin]
