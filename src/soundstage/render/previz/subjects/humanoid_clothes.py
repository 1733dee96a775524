"""What a person wears, as skins of its own over the bare body: one group each, so that no arm webs to a coat.

An outfit is a line of `data/humanoids.toml`; so are hats and props, told as cones. Knows no scene.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.rig.sdf import Group
from soundstage.render.previz.subjects.humanoid_body import (
    MATTERS,
    SIDES,
    Build,
    arm,
    cone,
    foot,
    hand,
    head_point,
    leg,
    trunk,
)
from soundstage.render.previz.subjects.humanoid_head import beard_mass, face_flesh, hair_mass

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.sdf import Cone


@dataclass(frozen=True, slots=True, kw_only=True)
class Outfit:
    """Clothes by parts; lengths in metres of the reference body."""

    sleeves: str = "long"  #: "long", "short", "none"
    legs: str = "trousers"  #: "trousers", "shorts", "bare"
    hem_m: float = 0.0  #: height of a skirt's or coat's hem; 0 has none
    flare: float = 0.2  #: how much wider the hem is, as a share
    loose_m: float = 0.010  #: how far the top stands off
    legs_loose_m: float = 0.010
    skirt: str = "top"  #: its matter: a dress is "top", a skirt "bottom"
    collar: float = 0.0  #: height of a collar or scarf
    collar_matter: str = "top"
    belt: bool = False
    boots_m: float = 0.0  #: height of a boot's shaft
    gloves: bool = False
    cape: bool = False
    feet: str = "shoe"
    front: str = ""  #: "buttons", "zip", "wrap", "suit", "bib": what is seen down the chest
    sash: bool = False  #: a cloth over the left shoulder


def groups_of(
    build: Build,
    outfit: Outfit,
    hair: Sequence[Sequence[Any]],
    beard: str,
    extras: Sequence[Mapping[str, Any]],
    fine: float,
    face: float = 1.0,
) -> tuple[tuple[str, Group], ...]:
    """Return the skins of a dressed person by name; `fine` scales cells, `face` the head's."""
    legs_matter = {"trousers": "bottom"}.get(outfit.legs, "skin")
    hips = outfit.skirt if outfit.hem_m else ("skin" if outfit.legs == "bare" else "bottom")
    torso = trunk(build, "top", hips, outfit.loose_m)
    if outfit.belt:
        r = 0.108 * build.waist * build.girth + outfit.loose_m
        torso.append(cone("spine", (0.0, 1.032, 0), (0.0, 1.020, 0), r, r, 0.004, 1.26, "accent"))
    if outfit.collar:
        top = (-0.010, 1.415 + outfit.collar, 0)
        m = outfit.collar_matter
        torso.append(cone("neck", (-0.016, 1.40, 0), top, 0.080, 0.064, 0.015, 1.05, m))
    # Where a face fills the frame nobody sees legs.
    below = (2.0 if face < 0.6 else 1.0) * fine
    trunk_m = 0.0100 if face < 0.9 else 0.0125
    found: list[tuple[str, Group]] = [("torso", _skin(tuple(torso), trunk_m * fine))]
    upper, lower = {"long": ("top", "top"), "short": ("top", "skin")}.get(outfit.sleeves, ("skin", "skin"))
    thigh = "bottom" if outfit.legs == "shorts" else legs_matter
    for side, z in SIDES:
        found += [
            ("arm", _skin(tuple(arm(build, side, z, upper, lower, outfit.loose_m)), 0.0105 * fine)),
            ("hand", _skin(tuple(hand(build, side, z, "shoe" if outfit.gloves else "skin")), 0.0068 * fine)),
            (
                "leg",
                _skin(tuple(leg(build, side, z, thigh, legs_matter, outfit.legs_loose_m)), 0.0115 * below),
            ),
            ("foot", _skin(tuple(foot(build, side, z, outfit.feet, outfit.boots_m)), 0.0098 * below)),
        ]
    if outfit.hem_m:
        found.append(("skirt", _skin(tuple(_skirt(build, outfit)), 0.0125 * fine)))
    if outfit.cape:
        found.append(("skirt", _skin(tuple(_cape()), 0.014 * fine)))
    head = 0.0056 * build.head_scale * fine
    found.append(("head", _skin(tuple(face_flesh(build)), head * face)))
    for name, mass in (("hair", hair_mass(build, hair)), ("beard", beard_mass(build, beard))):
        if mass:
            found.append((name, _skin(tuple(mass), 1.45 * head)))
    found += [("extra", group) for extra in extras for group in _extra(build, extra, fine)]
    return tuple(found)


def _skin(cones: tuple[Cone, ...], cell: float) -> Group:
    return Group(cones=cones, cell=cell)


def _skirt(build: Build, outfit: Outfit) -> list[Cone]:
    """A skirt rides on pelvis and thighs, so that a stride opens it."""
    g, h = build.girth, build.hips
    top_y, hem = 1.00, outfit.hem_m
    wide = 0.115 * g * h + outfit.loose_m
    end = wide * (1 + outfit.flare)
    m = outfit.skirt
    cones = [
        cone(
            "pelvis",
            (0, top_y, 0),
            (0, 0.90, 0),
            0.100 * g * build.waist + outfit.loose_m,
            wide,
            0.05,
            1.22,
            m,
        ),
        cone("pelvis", (-0.02, 0.90, 0), (0, max(hem, 0.62), 0), wide, wide * 1.05, 0.06, 1.30, m),
    ]
    for side, z in SIDES:
        low = max(hem, 0.50)
        mid = wide + (end - wide) * (0.90 - low) / max(0.90 - hem, 0.1)
        cones.append(
            cone(
                "th" + side,
                (0.0, 0.88, 0.050 * z),
                (0.006, low, 0.075 * h * z),
                0.9 * wide,
                0.86 * mid,
                0.09,
                1.0,
                m,
            )
        )
        if hem < 0.45:
            cones.append(cone("sh" + side, (0.006, 0.49, 0.075 * h * z), (-0.03, hem, 0.085 * h * z),
                              0.86 * mid, 0.86 * end, 0.09, 1.0, m))  # fmt: skip
    return cones


def _cape() -> list[Cone]:
    return [
        cone("chest", (-0.105, 1.385, 0), (-0.150, 1.15, 0), 0.030, 0.034, 0.05, 5.2, "accent"),
        cone("spine", (-0.150, 1.15, 0), (-0.215, 0.80, 0), 0.034, 0.036, 0.06, 6.0, "accent"),
        cone("pelvis", (-0.215, 0.80, 0), (-0.330, 0.28, 0), 0.036, 0.036, 0.06, 7.2, "accent"),
        *(
            cone("chest", (-0.02, 1.40, 0.11 * z), (-0.09, 1.36, 0.10 * z), 0.05, 0.04, 0.03, 1.2, "accent")
            for _, z in SIDES
        ),
    ]  # fmt: skip


def _extra(build: Build, extra: Mapping[str, Any], fine: float) -> list[Group]:
    """Return a hat or a prop: rows of start xyz, end xyz, two radii, breadth, matter, maybe a bone."""
    home = str(extra.get("bone", "head"))
    blend = float(extra.get("blend_m", 0.010))
    parts: dict[str, list[Cone]] = {}
    for row in extra["cones"]:
        bone = str(row[10]) if len(row) > 10 else home
        a, b = (row[0], row[1], row[2]), (row[3], row[4], row[5])
        k = 1.0
        if home == "head":
            a, b, k = head_point(build, *a), head_point(build, *b), build.head_scale
        elif bone.startswith(("ha", "la", "ua")):
            shift = 0.2 * (build.shoulders - 1) * (1 if bone.endswith("L") else -1)
            a, b = (a[0], a[1], a[2] + shift), (b[0], b[1], b[2] + shift)
        parts.setdefault(bone, []).append(
            cone(bone, a, b, row[6] * k, row[7] * k, blend, row[8], str(row[9]))
        )
    cell = float(extra.get("cell_m", 0.0085))
    return [
        _skin(tuple(cones), cell * (build.head_scale if home == "head" else 1.0) * fine)
        for cones in parts.values()
    ]


def folds(
    points: NDArray[np.float32], cloth: NDArray[np.float32], hung: NDArray[np.float32], hem_m: float
) -> NDArray[np.float32]:
    """Return how far cloth stands off its smooth skin at rest points (n, 3), in metres.

    Args:
        points: rest pose.
        cloth: (n,) share of cloth, 0 elsewhere.
        hung: (n,) 1 on skirts and capes, whose folds fall straight.
        hem_m: height of the hem, where folds are deepest.
    """
    x, y, z = points[:, 0], points[:, 1], points[:, 2]
    creases = 0.55 * np.sin(46 * y + 7 * np.sin(9 * x + 2) + 15 * np.abs(z)) + 0.45 * np.sin(
        71 * y - 23 * x + 6 * np.sin(17 * z + 3 * y)
    )
    # Cloth gathers where limbs bend and over the shoes.
    gather = sum(
        (
            np.exp(-(((y - at) / wide) ** 2))
            for at, wide in ((1.10, 0.07), (0.50, 0.08), (0.16, 0.06), (0.90, 0.06))
        ),
        np.zeros_like(y),
    )
    around = np.arctan2(z, x + 0.02)
    falls = np.sin(13 * around + 1.3 * np.sin(5 * y)) + 0.5 * np.sin(22 * around + 2 * np.sin(4 * y) + 1)
    depth = np.clip((1.02 - y) / max(1.02 - hem_m, 0.15), 0, 1)
    smooth = (0.0016 + 0.0026 * gather) * creases
    return (cloth * ((1 - hung) * smooth + hung * (0.0015 + 0.0085 * depth) * falls)).astype(np.float32)


def plates(points: NDArray[np.float32], armour: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far plates that lap over one another stand off, in metres: `folds` of a hard shell."""
    step = (11 * points[:, 1] + 0.5 * np.abs(points[:, 2])) % 1.0
    return (armour * 0.0045 * (1 - step) * np.clip(step / 0.12, 0, 1)).astype(np.float32)


def cloth_share(matter: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much of each vertex is cloth (n,)."""
    return matter[:, [MATTERS.index("top"), MATTERS.index("bottom"), MATTERS.index("accent")]].sum(axis=1)


def hem_of(outfit: Outfit) -> float:
    """Return the height of an outfit's lowest hem."""
    return outfit.hem_m or (0.28 if outfit.cape else math.inf)
