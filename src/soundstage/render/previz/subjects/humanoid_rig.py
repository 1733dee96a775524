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

from soundstage.render.previz.rig import skin, strands
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
from soundstage.render.previz.subjects.humanoid_clothes import Outfit
from soundstage.render.previz.subjects.humanoid_face import Feature, features

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.skin import Body
    from soundstage.render.previz.rig.strands import Coat

Colour = tuple[float, float, float]
HAIRS = 5200
_KEPT = 14
_GLOSS = {
    "shoe": 0.25,
    "metal": 0.85,
    "glass": 1.0,
    "lip": 0.25,
    "skin": 0.10,
    "prop": 0.35,
    "hat": 0.06,
    "accent": 0.05,
}


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


@dataclass(frozen=True, slots=True)
class Rig:
    """Everything of a person that no moment changes. Shared between threads: never written to."""

    body: Body
    coat: Coat | None
    albedo: NDArray[np.float32]  #: (n, 3)
    gloss: NDArray[np.float32]  #: (n,)
    features: tuple[Feature, ...]
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


@lru_cache(maxsize=_KEPT)
def _flesh(look: Look) -> tuple[Body, tuple[str, ...]]:
    extras: list[Any] = [read_table()["extras"][name] for name in look.extras]
    table = read_table()
    locks = [lock for name in table["hair"][look.hair] for lock in table["locks"][name]]
    named = clothes.groups_of(look.build, look.outfit, locks, look.beard, extras, look.fine)
    body = skin.flesh_out(bones_of(look.build), [group for _, group in named], len(MATTERS))
    return body, tuple(name for name, _ in named)


@lru_cache(maxsize=_KEPT)
def make_rig(look: Look) -> Rig:
    """Build a person."""
    # Colours do not change the flesh: a crowd in many colours shares a few bodies.
    body, names = _flesh(replace(look, colours=(), iris=(0, 0, 0), blush=0.0, stubble=0.0, shine=0.0))
    hung = np.isin(body.group, [i for i, name in enumerate(names) if name == "skirt"]).astype(np.float32)
    body = _draped(body, look.outfit, hung, plated=look.shine > 0.75)
    albedo, gloss = _painted(body, look)
    hair_groups = [i for i, name in enumerate(names) if name == "hair"]
    coat = _grown(body, look, hair_groups) if hair_groups and look.fine < 1.5 else None
    head = names.index("head")
    palette = dict(look.colours)
    brow = tuple(0.6 * c for c in palette.get("hair", (0.05, 0.03, 0.02)))
    lip = palette.get("lip", (0.5, 0.2, 0.16))
    k = look.build.head_scale
    cheeks: list[NDArray[np.intp]] = []
    for _, z in SIDES:
        eye = np.array(head_point(look.build, 0.07, 0.0, 0.034 * z), np.float32)
        away = np.linalg.norm(body.points - eye, axis=1)
        cheeks.append(np.flatnonzero((body.group == head) & (away < 0.030 * k)))
    soles: list[Sole] = []
    for side, _ in SIDES:
        at = body.vertices_of("ft" + side)
        soles.append(Sole(body.points[at], body.bones[at], body.weights[at]))
    free = np.flatnonzero(body.bones[:, 0] != body.skeleton.index("ground"))[::3]
    return Rig(
        body=body,
        coat=coat,
        albedo=albedo,
        gloss=gloss,
        features=features(
            look.build,
            iris=look.iris,
            brow=(brow[0], brow[1], brow[2]),
            lip=lip,
            lashes=look.lashes,
            glow=look.glow,
        ),
        cheeks=(cheeks[0], cheeks[1]),
        soles=(soles[0], soles[1]),
        seatless=free,
        scale=scale_of(look.build),
        head_scale=k,
        longest_m=0.16,
    )


def _draped(body: Body, outfit: Outfit, hung: NDArray[np.float32], *, plated: bool) -> Body:
    """Return the body with folds in its cloth: moved along the normals, which are turned to match."""
    cloth = clothes.cloth_share(body.matter)
    hem = min(clothes.hem_of(outfit), 0.9)

    def height(points: NDArray[np.float32]) -> NDArray[np.float32]:
        return clothes.plates(points, cloth) if plated else clothes.folds(points, cloth, hung, hem)

    step = np.float32(0.002)
    here = height(body.points)
    slope = (
        np.stack(
            [height((body.points + step * axis).astype(np.float32)) - here for axis in np.eye(3)], axis=1
        )
        / step
    )
    slope -= (slope * body.normals).sum(axis=1, keepdims=True) * body.normals
    normals = body.normals - slope
    normals /= np.maximum(np.linalg.norm(normals, axis=1, keepdims=True), 1e-6)
    points = body.points + here[:, None] * body.normals
    if outfit.hem_m:
        # The field ends in balls: a hem is cut straight, a little wavy.
        level = outfit.hem_m + 0.012 * np.sin(9 * np.arctan2(points[:, 2], points[:, 0] + 0.02))
        cut = (hung > 0) & (points[:, 1] < level) & (body.matter[:, MATTER["accent"]] < 0.5)
        points[cut, 1] = level[cut]
        normals[cut] = 0.5 * normals[cut] + np.array([0, -0.4, 0], np.float32)
        normals[cut] /= np.maximum(np.linalg.norm(normals[cut], axis=1, keepdims=True), 1e-6)
    valley = np.clip(1 + 45 * np.minimum(here, 0), 0.55, 1)
    return replace(
        body, points=points.astype(np.float32), normals=normals.astype(np.float32),
        openness=(body.openness * valley).astype(np.float32),
    )  # fmt: skip


def _painted(body: Body, look: Look) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    told = dict(look.colours)
    palette = np.array([told.get(name, (0.3, 0.3, 0.3)) for name in MATTERS], np.float32)
    # Where two cloths meet there is a seam, not a gradient.
    share = body.matter**8
    share /= share.sum(axis=1, keepdims=True)
    albedo = share @ palette
    gloss = share @ np.array([_GLOSS.get(name, 0.02) for name in MATTERS], np.float32)
    gloss += look.shine * share[:, MATTER["top"]]
    p = body.points
    x, y, z = p[:, 0], p[:, 1], p[:, 2]
    weave = 1 + 0.06 * np.sin(310 * y + 3 * np.sin(90 * z)) * np.sin(290 * z + 2 * np.sin(120 * x))
    worn = 1 + 0.10 * np.sin(5 * y + 7 * z + 2) * np.sin(6 * x - 4 * y)
    cloth = clothes.cloth_share(body.matter)
    albedo *= (1 + cloth * (weave * worn - 1))[:, None]
    k = look.build.head_scale
    bare = share[:, MATTER["skin"]]

    def patch(px: float, py: float, pz: float, size: float) -> NDArray[np.float32]:
        at = np.array(head_point(look.build, px, py, pz), np.float32)
        near = np.linalg.norm(p - at, axis=1) / (size * k)
        return (bare * np.exp(-near * near)).astype(np.float32)

    red = sum((patch(0.060, -0.034, 0.044 * s, 0.022) for s in (1, -1)), patch(0.10, -0.028, 0, 0.014) * 0.7)
    red = red + sum((patch(-0.012, -0.015, 0.085 * s, 0.02) for s in (1, -1)), np.zeros_like(red)) * 0.6
    albedo *= 1 - look.blush * red[:, None] * np.array([0.0, 0.45, 0.40], np.float32)
    sockets = sum((patch(0.076, 0.012, 0.032 * s, 0.019) for s in (1, -1)), np.zeros_like(red))
    albedo *= 1 - sockets[:, None] * np.array([0.16, 0.26, 0.26], np.float32)
    mouth = np.array(head_point(look.build, 0.078, -0.0597), np.float32)
    lips = bare * np.exp(
        -(((y - mouth[1]) / (0.0078 * k)) ** 2)
        - (z / (0.0170 * k)) ** 4
        - (np.maximum(mouth[0] - x, 0) / (0.016 * k)) ** 2
    )
    albedo += (0.62 * lips)[:, None] * (np.array(told.get("lip", (0.5, 0.2, 0.16)), np.float32) - albedo)
    if look.stubble:
        chin = np.clip(patch(0.06, -0.075, 0, 0.055) * 1.3, 0, 1) * look.stubble
        albedo *= 1 - chin[:, None] * np.array([0.35, 0.30, 0.26], np.float32)
    return np.clip(albedo, 0, 0.95).astype(np.float32), np.clip(gloss, 0, 1).astype(np.float32)


def _grown(body: Body, look: Look, groups: list[int]) -> Coat:
    hairy = np.isin(body.group, groups).astype(np.float32)
    p = body.points
    crown = np.array(head_point(look.build, -0.035, 0.135), np.float32)
    k = look.build.head_scale
    away = p - crown
    # From the crown outward, then down; the fringe is swept aside.
    flow = away.copy()
    flow[:, 1] = -0.35 * k - 4.0 * np.linalg.norm(away[:, [0, 2]], axis=1)
    flow[:, 0] *= 1.2
    front = np.clip((p[:, 0] - head_point(look.build, 0.02, 0)[0]) / (0.06 * k), 0, 1)
    flow[:, 2] += front * np.where(p[:, 2] > -0.01, 0.14, -0.14) * k
    if look.hair in ("bun", "ponytail"):
        flow = np.array(head_point(look.build, -0.12, 0.04), np.float32) - p
    flow /= np.maximum(np.linalg.norm(flow, axis=1, keepdims=True), 1e-6)
    long = {
        "short": 0.040,
        "receding": 0.030,
        "afro": 0.020,
        "bun": 0.036,
        "bob": 0.085,
        "ponytail": 0.050,
        "pigtails": 0.060,
    }.get(look.hair, 0.085)
    length = hairy * long * k * (1 - 0.55 * front)
    if look.beard:
        chin = np.array(head_point(look.build, 0.05, -0.08), np.float32)
        length = np.where(
            (np.linalg.norm(p - chin, axis=1) < 0.075 * k) & (p[:, 0] > chin[0] - 0.04), hairy * 0.030, length
        )
    lift = np.full(len(p), 0.75 if look.hair == "afro" else 0.025, np.float32)
    growth = strands.Growth(
        length=length.astype(np.float32), flow=flow.astype(np.float32), lift=lift, density=hairy
    )
    return strands.grow(body, growth, HAIRS, np.random.default_rng([7, len(p)]))
