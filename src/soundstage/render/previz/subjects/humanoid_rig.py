"""A dressed person ready to be posed: skins, colours, hair, face, made once from a Look and kept.

A rig depends on the look alone, so the same character in a later shot costs nothing. Knows no scene.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.rig import skin
from soundstage.render.previz.rig.leg import Sole
from soundstage.render.previz.subjects import humanoid_clothes as clothes
from soundstage.render.previz.subjects.humanoid_body import (
    HEAD_AT,
    MATTER,
    MATTERS,
    REFERENCE_M,
    SIDES,
    Build,
    bones_of,
    head_point,
)
from soundstage.render.previz.subjects.humanoid_brows import Brows, brow_pieces
from soundstage.render.previz.subjects.humanoid_clothes import Outfit
from soundstage.render.previz.subjects.humanoid_eyes import eye_pieces
from soundstage.render.previz.subjects.humanoid_hair import grow_hair, scalp
from soundstage.render.previz.subjects.humanoid_head import beard_mass, hair_mass
from soundstage.render.previz.subjects.humanoid_mouth import mouth_pieces
from soundstage.render.previz.subjects.humanoid_paint import drape, paint, sculpt
from soundstage.render.previz.subjects.humanoid_pieces import Piece, Placed, join
from soundstage.render.previz.subjects.humanoid_props import prop_pieces

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.sdf import Cone
    from soundstage.render.previz.rig.skin import Body
    from soundstage.render.previz.rig.strands import Coat

Colour = tuple[float, float, float]
HAIRS = 8200
_KEPT = 14


@dataclass(frozen=True, slots=True)
class Look:
    """All that makes a person's appearance; equal looks share a rig."""

    build: Build = field(default_factory=Build)
    outfit: Outfit = field(default_factory=Outfit)
    hair: str = "long"
    beard: str = ""
    extras: tuple[str, ...] = ()  #: names in the table of hats and props
    colours: tuple[tuple[str, Colour], ...] = ()  #: by matter
    iris: Colour = (0.09, 0.045, 0.02)
    lashes: float = 0.0
    blush: float = 0.4
    stubble: float = 0.0
    shine: float = 0.0  #: of the top: leather, armour
    glow: Colour | None = None  #: eyes that shine
    fine: float = 1.0  #: size of the mesh's cells: 1 a hero, 1.8 one of a crowd
    face: float = 1.0  #: that of the head's against `fine`: less where the face is seen from near


@dataclass(frozen=True, slots=True)
class Rig:
    """Everything of a person that no moment changes. Shared between threads: never written to."""

    body: Body
    coat: Coat | None
    albedo: NDArray[np.float32]  #: (n, 3)
    strands: NDArray[np.float32]  #: (m, 3) albedo of hair, m vertices from the first
    gloss: NDArray[np.float32]  #: (n,)
    bare: NDArray[np.float32]  #: (n,) 1 where skin is seen: it glows where light goes in and comes out
    skin: NDArray[np.intp]  #: vertices of which `bare` is not 0
    pieces: tuple[Placed, ...]
    face: slice  #: vertices of eyes, brows and mouth
    brows: Brows | None  #: none has who has no face
    build: Build
    glow: Colour | None
    cheeks: tuple[NDArray[np.intp], NDArray[np.intp]]  #: skin around the left and the right eye
    soles: tuple[Sole, Sole]
    seatless: NDArray[np.intp]  #: vertices that may touch the ground
    scale: float  #: reference metres to the person's
    head_scale: float
    longest_m: float  #: strand of hair


@cache
def read_table() -> Mapping[str, Any]:
    """Return `data/humanoids.toml`."""
    text = files("soundstage.render.previz").joinpath("data/humanoids.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def scale_of(build: Build) -> float:
    """Return what takes the reference body's metres to the person's."""
    return build.height_m / head_point(build, 0.0, REFERENCE_M - HEAD_AT[1] + 0.01)[1]


def _locks(look: Look) -> list[Any]:
    table = read_table()
    return [lock for name in table["hair"][look.hair] for lock in table["locks"][name]]


def _masses(look: Look) -> list[Cone]:
    return [*hair_mass(look.build, _locks(look)), *beard_mass(look.build, look.beard)]


@lru_cache(maxsize=_KEPT)
def _flesh(look: Look) -> tuple[Body, tuple[str, ...]]:
    known = read_table()["extras"]
    extras: list[Any] = [known[name] for name in look.extras if name in known]
    named = clothes.groups_of(look.build, look.outfit, _locks(look), look.beard, extras, look.fine, look.face)
    body = skin.flesh_out(bones_of(look.build), [group for _, group in named], len(MATTERS))
    return body, tuple(name for name, _ in named)


@lru_cache(maxsize=_KEPT)
def make_rig(look: Look) -> Rig:
    """Build a person."""
    # Colours do not change the flesh: a crowd in many colours shares a few bodies.
    body, names = _flesh(replace(look, colours=(), iris=(0, 0, 0), blush=0.0, stubble=0.0, shine=0.0))
    hung = np.isin(body.group, [i for i, name in enumerate(names) if name == "skirt"]).astype(np.float32)
    body = drape(body, look.outfit, hung, plated=look.shine > 0.75)
    head = names.index("head")
    body = sculpt(body, look.build, body.group == head, np.isin(body.group, _named(names, "beard", "head")))
    # Measured at rest, where hands hang by the thighs: raised, they would stay as dark as there.
    free = np.where(np.isin(body.group, _named(names, "hand")), np.sqrt(body.openness), body.openness)
    body = replace(body, openness=free.astype(np.float32))
    albedo, gloss = paint(body, look, body.group == head)
    hair_groups = _named(names, "hair", "beard")
    beard = names.index("beard") if "beard" in names else -2
    coat = None
    if hair_groups and look.fine < 1.5:
        coat = grow_hair(body, look.build, look.hair, hair_groups, beard, HAIRS)
    palette = dict(look.colours)
    hair = palette.get("hair", (0.05, 0.03, 0.02))
    at = np.flatnonzero(body.group == head)
    covered = scalp(_masses(look), body.points[at])[:, None] * body.matter[at][:, [MATTER["skin"]]]
    albedo[at] += 0.72 * covered * (0.6 * np.array(hair, np.float32) - albedo[at])
    shown = albedo.copy()
    # Between strands it is dark.
    albedo[np.isin(body.group, hair_groups)] *= 0.55
    bare = np.where(np.isin(body.group, hair_groups), 0, body.matter[:, MATTER["skin"]] ** 4)
    k = look.build.head_scale
    pieces: list[Piece] = []
    brows: Brows | None = None
    if look.glow is None:
        pieces = eye_pieces(
            look.build, iris=look.iris, skin=palette["skin"], lashes=look.lashes, fine=look.fine
        )
        pieces += mouth_pieces(look.build, lip=palette.get("lip", (0.5, 0.2, 0.16)))
        grown, brows = brow_pieces(look.build, colour=(0.55 * hair[0], 0.55 * hair[1], 0.55 * hair[2]))
        pieces += grown
    faced = sum(p.grid[..., 0].size for p in pieces)
    pieces += prop_pieces(look.build, look.extras, palette)
    bodied = body
    body, albedo, gloss, placed = join(body, albedo, gloss, pieces)
    soft = [
        float(p.name.startswith(("lid", "lol", "upper", "lower")))
        for p in pieces
        for _ in range(p.grid[..., 0].size)
    ]
    bare = np.concatenate([bare, np.array(soft)]).astype(np.float32)
    cheeks: list[NDArray[np.intp]] = []
    for _, z in SIDES:
        eye = np.array(head_point(look.build, 0.07, 0.0, 0.034 * z), np.float32)
        away = np.linalg.norm(bodied.points - eye, axis=1)
        cheeks.append(np.flatnonzero((bodied.group == head) & (away < 0.034 * k)))
    soles: list[Sole] = []
    for side, _ in SIDES:
        at = body.vertices_of("ft" + side)
        soles.append(Sole(body.points[at], body.bones[at], body.weights[at]))
    free = np.flatnonzero(bodied.bones[:, 0] != body.skeleton.index("ground"))[::3]
    return Rig(
        body=body,
        coat=coat,
        albedo=albedo,
        strands=shown,
        gloss=gloss,
        bare=bare,
        skin=np.flatnonzero(bare > 0.02),
        pieces=placed,
        face=slice(len(bodied.points), len(bodied.points) + faced),
        brows=brows,
        build=look.build,
        glow=look.glow,
        cheeks=(cheeks[0], cheeks[1]),
        soles=(soles[0], soles[1]),
        seatless=free,
        scale=scale_of(look.build),
        head_scale=k,
        longest_m=0.16,
    )


def _named(names: tuple[str, ...], *wanted: str) -> list[int]:
    return [i for i, name in enumerate(names) if name in wanted]
