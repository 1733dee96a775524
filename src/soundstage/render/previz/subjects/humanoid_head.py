"""A storybook head: skull and face planes, hair as a mass to grow strands on, beard. Knows no scene.

Points are told in head axes: forward, up, left, metres of the reference head, from between the eyes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soundstage.render.previz.subjects.humanoid_body import SIDES, Build, cone, head_point

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    j, n, a = build.jaw, build.nose, build.age
    thick = build.limbs
    flesh = [
        cone("neck", (-0.026, 1.40, 0), (-0.010, 1.50, 0), 0.055 * thick, 0.050 * thick, 0.03),
        # skull, then the block of the face
        at((-0.026, 0.026, 0), (0.002, 0.029, 0), 0.0880, 0.0810, 0.03, 0.89),
        at((0.020, -0.004, 0), (0.026, -0.054, 0), 0.0610, 0.0480, 0.040, 0.96),
        # the teeth's curve, and the chin
        at((0.0600, -0.052, -0.012), (0.0600, -0.052, 0.012), 0.0250, 0.0250, 0.028, 1.0),
        at((0.0600, -0.0850, -0.007 * j), (0.0600, -0.0850, 0.007 * j), 0.0225, 0.0225, 0.024, 0.95),
        # nose: bridge, tip, the bar between the nostrils
        at((0.0770, 0.004, 0), (0.0975, -0.024, 0), 0.0062 * n, 0.0088 * n, 0.015),
        at((0.0985, -0.0275, 0), (0.0975, -0.0300, 0), 0.0112 * n, 0.0105 * n, 0.009),
        at((0.0960, -0.0360, 0), (0.0880, -0.0400, 0), 0.0048, 0.0050, 0.008),
    ]
    for _, z in SIDES:
        flesh += [
            # cheekbone, cheek, the line of the jaw
            at((0.0430, -0.0180, 0.040 * z), (0.0140, -0.0130, 0.0600 * z), 0.0250, 0.0180, 0.030),
            at((0.0440, -0.0440, 0.0290 * z), (0.0260, -0.0480, 0.0420 * z), 0.0270, 0.0240, 0.032),
            at(
                (-0.006, -0.0500, 0.0500 * z * j),
                (0.0460, -0.0880, 0.0170 * z * j),
                0.0190 * j,
                0.0185,
                0.026,
            ),
            at(
                (0.0890, -0.0345, 0.0115 * z * n),
                (0.0820, -0.0335, 0.0135 * z * n),
                0.0078 * n,
                0.0060 * n,
                0.007,
            ),
            at(
                (0.0700, 0.0235, 0.0150 * z),
                (0.0520, 0.0240, 0.0500 * z),
                0.0125 + 0.0035 * build.brow,
                0.0105,
                0.020,
            ),
            # ear: rim, lobe and bowl
            at((-0.004, -0.004, 0.0730 * z), (-0.012, 0.0170, 0.0835 * z), 0.0042, 0.0046, 0.005, 0.8),
            at((-0.012, 0.0170, 0.0835 * z), (-0.026, 0.0100, 0.0880 * z), 0.0046, 0.0044, 0.005, 0.8),
            at((-0.026, 0.0100, 0.0880 * z), (-0.022, -0.0150, 0.0850 * z), 0.0044, 0.0042, 0.005, 0.8),
            at(
                (-0.022, -0.0150, 0.0850 * z),
                (-0.007, -0.0310, 0.0760 * z),
                0.0042,
                0.0056 + 0.002 * a,
                0.005,
                0.8,
            ),
            at((-0.011, 0.0040, 0.0760 * z), (-0.011, -0.0170, 0.0755 * z), 0.0100, 0.0085, 0.008, 0.55),
            # the cords of the neck
            cone(
                "neck",
                (-0.004, 1.492, 0.036 * z),
                (0.036, 1.412, 0.014 * z),
                0.013 * thick,
                0.012 * thick,
                0.034,
            ),
        ]
    return flesh


def hair_mass(build: Build, locks: Sequence[Sequence[Any]]) -> list[Cone]:
    """Return hair as a mass over the skull from rows of `data/humanoids.toml`; one may be paired."""
    at = HeadCones(build)
    mass: list[Cone] = []
    for x0, y0, z0, x1, y1, z1, r0, r1, blend, breadth, bone, paired in locks:
        for side in (1.0, -1.0) if paired else (1.0,):
            start, end = (x0, y0, side * z0), (x1, y1, side * z1)
            mass.append(at(start, end, r0, r1, blend, breadth, "hair", bone))
    return mass


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
