"""A swimming animal: a spine of bones under one skin, fins as rows of the table. Knows no scene."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.rig import skin, strands
from soundstage.render.previz.rig.decals import Decal
from soundstage.render.previz.rig.sdf import Group, Point, distances
from soundstage.render.previz.rig.skeleton import assemble
from soundstage.render.previz.subjects.bestiary import read_animals
from soundstage.render.previz.subjects.quadruped_build import HeadAxes, cone
from soundstage.render.previz.subjects.quadruped_grown import grow_flesh
from soundstage.render.previz.subjects.winged_build import Plan
from soundstage.render.previz.subjects.winged_rig import Fan, Rig

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.skin import Body

LENGTH_M = 0.60  #: of the reference body, nose at +x
SPINE = 6  #: bones behind the first
STRANDS = 9_000


def read_table() -> Mapping[str, Any]:
    """Return the table of this family."""
    return read_animals("swimmers")


def entry_for(noun: str, kind: str | None) -> str:
    """Return the entry that a noun means: its own, one of its words', its kind's, else the fish."""
    animals = read_table()["animals"]
    for word in (noun.lower(), *noun.lower().split()):
        for name, entry in animals.items():
            if word == name or word in entry.get("nouns", ()):
                return name
    return kind if kind is not None and kind in animals else "fish"


@lru_cache(maxsize=6)
def make_rig(entry: str, colour: str, size: float, seed: int) -> Rig:
    """Build an animal; `colour` is a word of the table's colours or empty, `size` against the entry's own."""
    row = read_table()["animals"][entry]
    ways: Mapping[str, Any] = {"plumage": False, **row.get("ways", {})}  # wet skin is smooth
    radii, wide = row["radii"], row.get("wide", 0.75)
    xs = np.linspace(0.5, -0.42, len(radii)) * LENGTH_M
    bones: dict[str, tuple[str | None, Point]] = {
        "body": (None, (0.08, 0.0, 0.0)),
        "head": ("body", (0.12, 0.0, 0.0)),
    }
    for i in range(SPINE):
        bones[f"spine{i}"] = ("body" if i == 0 else f"spine{i - 1}", (0.04 - 0.058 * i, 0.0, 0.0))
    for side, z in (("L", 1.0), ("R", -1.0)):
        bones["fin" + side] = ("body", (0.13, -0.02, 0.05 * z))
    bend = row.get("arch", [0.0] * len(radii))

    trunk = [
        cone(
            _bone_at((xs[i] + xs[i + 1]) / 2),
            (xs[i], bend[i], 0.0),
            (xs[i + 1], bend[i + 1], 0.0),
            radii[i],
            radii[i + 1],
            0.03,
            wide,
        )
        for i in range(len(radii) - 1)
    ]
    grown = grow_flesh(row.get("fins", ()), _as_told, HeadAxes((0.0, 0.0, 0.0), 1.0))
    groups = [Group(cones=(*trunk, *grown.pop("trunk", ())), cell=0.0098)]
    groups += [Group(cones=cones, cell=0.0072) for cones in grown.values()]
    body = skin.flesh_out(assemble(bones), groups, 7)
    eye_from = np.array([[row.get("eye_x", 0.22), row.get("eye_y", 0.01), 0.01]], np.float32)
    for _ in range(8):
        eye_from[:, 2] -= distances(trunk, eye_from)
    eye: Point = (float(eye_from[0, 0]), float(eye_from[0, 1]), float(eye_from[0, 2]))
    albedo = _paint(body, row, read_table()["colours"].get(colour))
    count = len(body.points)
    none = np.zeros((0, 3), np.float32)
    gloss = np.full(count, ways.get("sheen", 0.35), np.float32)
    growth = strands.Growth(
        np.full(count, max(row.get("scales", 0.004), 0.0012), np.float32),
        np.tile(np.array([-1, 0, 0], np.float32), (count, 1)),
        np.full(count, 0.02, np.float32),
        np.ones(count, np.float32),
    )
    layout = Plan(
        skeleton=body.skeleton,
        groups=tuple(groups),
        centre=(0.0, 0.0, 0.0),
        shoulder=(0.1, 0.0, 0.05),
        rump=(-0.25, 0.0, 0.0),
        head_at=(0.2, 0.0, 0.0),
        eye=eye,
        eye_faces=(0.3, 0.1, 0.95),
        eye_radius=row.get("eye_radius", 0.012),
        lean=0.0,
    )
    return Rig(
        plan=layout, body=body, coat=strands.grow(body, growth, STRANDS, np.random.default_rng([seed, 0xF1])),
        albedo=albedo, gloss=gloss, wings=(), fan=Fan(none, none, np.zeros((0, 3), np.int32), none),
        triangles=body.triangles, all_albedo=albedo, all_gloss=gloss, all_open=body.openness,
        decals=_eyes(eye, row.get("eye_radius", 0.012)), scale=row["length_m"] / LENGTH_M * size, ways=ways,
    )  # fmt: skip


def _paint(body: Body, row: Mapping[str, Any], dye: Mapping[str, Any] | None) -> NDArray[np.float32]:
    colours = {k: np.array(v, np.float32) for k, v in row["colours"].items()}
    if dye is not None:
        colours["back"] = np.array(dye["base"], np.float32)
        colours["side"] = np.array(dye["base"], np.float32) * np.float32(1.05)
    p, up = body.points, body.normals[:, 1:2]
    side = colours.get("side", colours["back"])
    top = np.clip((up - 0.05) / 0.5, 0, 1)
    low = np.clip((-up - row.get("belly_from", 0.05)) / 0.4, 0, 1)
    albedo = side + top * (colours["back"] - side)
    albedo = albedo + low * (colours["belly"] - albedo)
    rng = np.random.default_rng(8)
    if "mark" in colours:
        kind = row.get("marks", "bands")
        if kind == "bands":
            share = np.clip((np.sin(p[:, 0:1] * row.get("band_pitch", 26.0) + 0.6) - 0.55) / 0.2, 0, 1)
        else:  # blotches
            field = np.sin(p[:, 0:1] * 23 + 2 * np.sin(p[:, 1:2] * 31 + 1)) + np.sin(
                p[:, 2:3] * 37 + 1.7 + p[:, 0:1] * 9
            )
            share = np.clip((field - row.get("blotch_from", 0.6)) / 0.25, 0, 1) * (1 - 0.7 * low)
        albedo = albedo + share * (colours["mark"] - albedo)
    return np.asarray(albedo * (1 + 0.07 * rng.standard_normal((len(p), 1))).clip(0.75, 1.25), np.float32)


def _eyes(at: Point, radius: float) -> tuple[Decal, ...]:
    rows = (
        ((0.10, 0.09, 0.07), 1.0, False),
        ((0.004, 0.004, 0.004), 0.68, False),
        ((1.0, 0.97, 0.92), 0.2, True),
    )
    x, y, out = at[0], at[1], at[2] + 0.2 * radius
    decals: list[Decal] = []
    for z in (1.0, -1.0):
        for colour, share, shines in rows:
            aside = 0.3 * radius if shines else 0.0
            decals.append(
                Decal(
                    bone="head",
                    at=(x + aside, y + aside, out * z),
                    normal=(0.3, 0.1, 0.95 * z),
                    along=(1.0, 0.0, 0.0),
                    half_length=share * radius,
                    half_width=share * radius,
                    colour=colour,
                    shines=shines,
                    lid=not shines,
                )
            )
    return tuple(decals)


def _bone_at(x: float) -> str:
    if x > 0.03:
        return "head" if x > 0.15 else "body"
    return f"spine{min(max(int((0.04 - x) / 0.058), 0), SPINE - 1)}"


def _as_told(x: float, y: float, z: float = 0.0) -> Point:
    return (x, y, z)
