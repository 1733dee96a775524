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
        at((0.0745, -0.0545, -0.012), (0.0745, -0.0545, 0.012), 0.0072, 0.0072, 0.012),
        at((0.0725, -0.0645, -0.009), (0.0725, -0.0645, 0.009), 0.0082, 0.0082, 0.012),
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
