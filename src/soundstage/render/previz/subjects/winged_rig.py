"""A winged animal ready to be posed: body, plumage, wings, tail fan, from an entry of the table, and kept.

A rig depends on the entry, the colour and the seed alone. Knows no scene.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.rig import skin, strands
from soundstage.render.previz.rig.decals import Decal
from soundstage.render.previz.subjects.bestiary import read_animals
from soundstage.render.previz.subjects.winged_build import BEAK, LEG, MATTERS, Build, plan
from soundstage.render.previz.subjects.winged_wing import Beat, Wing, make_wing, spread

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.skin import Body
    from soundstage.render.previz.subjects.winged_build import Plan

Colour = tuple[float, float, float]
STRANDS = 22_000
_KEPT = 6


@dataclass(frozen=True, slots=True)
class Fan:
    """The tail's feathers at rest, both sides."""

    points: NDArray[np.float32]
    normals: NDArray[np.float32]
    triangles: NDArray[np.int32]
    albedo: NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Rig:
    """Everything of a winged animal that no moment changes. Shared between threads: never written to."""

    plan: Plan
    body: Body
    coat: strands.Coat
    albedo: NDArray[np.float32]  #: of the body (n, 3)
    gloss: NDArray[np.float32]
    wings: tuple[Wing, ...]  #: left ones
    fan: Fan
    triangles: NDArray[np.int32]  #: of body, fan and wings, in the order `winged_draw` joins them
    all_albedo: NDArray[np.float32]
    all_gloss: NDArray[np.float32]
    all_open: NDArray[np.float32]
    decals: tuple[Decal, ...]
    scale: float
    ways: Mapping[str, Any]  #: how it flies and walks


def read_table() -> Mapping[str, Any]:
    """Return the table of this family."""
    return read_animals("winged")


def entry_for(noun: str, kind: str | None, attributes: tuple[str, ...] = ()) -> str:
    """Return the entry that a noun means: its own, one of its words', its kind's, else the songbird."""
    animals = read_table()["animals"]
    phrase = noun.lower()
    said = [phrase, *(f"{a.lower()} {phrase}" for a in attributes), *phrase.split()]
    for word in said:
        for name, entry in animals.items():
            if word in entry.get("nouns", ()) or word == name:
                return name
    return kind if kind is not None and kind in animals else "songbird"


@lru_cache(maxsize=_KEPT)
def make_rig(entry: str, colour: str, size: float, seed: int) -> Rig:
    """Build an animal; `colour` is a word of the table's colours or empty, `size` against the entry's own."""
    row = read_table()["animals"][entry]
    build = Build(**row.get("build", {}))
    layout = plan(build)
    body = skin.flesh_out(layout.skeleton, layout.groups, MATTERS)
    colours = _colours(row, read_table()["colours"].get(colour))
    albedo, gloss = _paint(body, layout, colours, row.get("ways", {}).get("rings", 0))
    coat = strands.grow(body, _comb(body, row), STRANDS, np.random.default_rng([seed, 0xB1]))
    wings = tuple(make_wing(w, _wing_colours(colours, w)) for w in row.get("wings", ()))
    fan = _fan(row.get("fan", {}), layout, colours)
    triangles, more_albedo = _join(body, fan, wings, layout)
    extra = len(more_albedo)
    return Rig(
        plan=layout,
        body=body,
        coat=coat,
        albedo=albedo,
        gloss=gloss,
        wings=wings,
        fan=fan,
        triangles=triangles,
        all_albedo=np.concatenate([albedo, more_albedo]).astype(np.float32),
        all_gloss=np.concatenate([gloss, np.full(extra, row.get("ways", {}).get("sheen", 0.0))]).astype(
            np.float32
        ),
        all_open=np.concatenate([body.openness, np.ones(extra)]).astype(np.float32),
        decals=_eyes(layout, colours),
        scale=build.length_m / 0.30 * size,
        ways=row.get("ways", {}),
    )


def _colours(row: Mapping[str, Any], dye: Mapping[str, Any] | None) -> dict[str, Colour]:
    told: dict[str, Colour] = {k: tuple(v) for k, v in row["colours"].items()}
    if dye is None:
        return told
    wanted, lightness = dye["base"], max(sum(told["base"]), 1e-3)
    for name in ("base", "back", "belly", "head", "throat", "cap", "covert", "flight", "tail"):
        if name in told:
            share = min(max(sum(told[name]) / lightness, 0.55), 1.25)
            told[name] = (
                min(wanted[0] * share, 0.85),
                min(wanted[1] * share, 0.85),
                min(wanted[2] * share, 0.85),
            )
    return told


def _wing_colours(colours: Mapping[str, Colour], row: Mapping[str, Any]) -> dict[str, Colour]:
    base = colours["base"]
    found = {"covert": colours.get("covert", base), "flight": colours.get("flight", base)}
    found["tip"] = colours.get("tip", found["flight"])
    if "mark" in colours and row.get("kind") == "sheet":
        found["mark"] = colours["mark"]
    return found


def _ramp(low: float, high: float, value: NDArray[np.floating]) -> NDArray[np.float32]:
    t = np.clip((value - low) / (high - low), 0, 1)
    return (t * t * (3 - 2 * t)).astype(np.float32)


def _paint(
    body: Body, layout: Plan, colours: Mapping[str, Colour], rings: float
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    names, n, p = body.skeleton.names, body.normals, body.points
    pull = {b: (body.weights * (body.bones == i)).sum(axis=1) for i, b in enumerate(names)}
    head, neck = pull["head"], pull["neck"] + pull["neck2"]
    trunk = 1 - np.clip(head + neck, 0, 1)
    lean = layout.lean
    raised = n[:, 1] * np.cos(lean) - n[:, 0] * np.sin(lean)  # 1 on the back, whatever the carriage
    masks = {
        "back": np.clip(trunk + neck, 0, 1) * _ramp(0.1, 0.6, raised),
        "belly": np.clip(trunk + 0.4 * neck, 0, 1) * _ramp(0.0, -0.45, raised),
        "throat": np.clip(neck + 0.5 * head, 0, 1) * _ramp(0.1, -0.4, raised),
        "head": np.clip(1.7 * head + 0.6 * pull["neck2"], 0, 1),
        "cap": head * _ramp(0.15, 0.7, n[:, 1]),
        "face": head * _ramp(0.2, 0.75, n[:, 0]),
    }
    albedo = np.tile(np.array(colours["base"], np.float32), (len(p), 1))

    def tint(mask: NDArray[np.floating], colour: Colour) -> None:
        albedo[:] += mask[:, None].astype(np.float32) * (np.array(colour, np.float32) - albedo)

    for name, mask in masks.items():
        if name in colours:
            tint(mask, colours[name])
    if rings:
        tint(_ramp(-0.1, 0.25, np.sin(p[:, 0] * rings)) * (1 - head), colours["tip"])
    rng = np.random.default_rng(5)
    albedo *= (1 + 0.10 * rng.standard_normal((len(p), 1))).clip(0.7, 1.3).astype(np.float32)
    tint(body.matter[:, BEAK], colours.get("beak", (0.35, 0.25, 0.10)))
    tint(body.matter[:, LEG], colours.get("legs", (0.30, 0.20, 0.10)))
    gloss = 0.4 * body.matter[:, BEAK] + 0.2 * body.matter[:, LEG]
    return albedo, gloss.astype(np.float32)


def _comb(body: Body, row: Mapping[str, Any]) -> strands.Growth:
    n = len(body.points)
    feather = float(row.get("coat", {}).get("length", 0.015))
    length = np.full(n, feather, np.float32)
    at_head = (body.weights * (body.bones == body.skeleton.index("head"))).sum(axis=1)
    length *= (1 - 0.55 * at_head).astype(np.float32)
    length[body.matter[:, BEAK] + body.matter[:, LEG] > 0.3] = 0
    flow = np.tile(np.array([-1.0, -0.45, 0.0], np.float32), (n, 1))
    lift = np.full(n, float(row.get("coat", {}).get("lift", 0.06)), np.float32)
    return strands.Growth(length, flow, lift, (1 + 2 * at_head).astype(np.float32))


def _fan(row: Mapping[str, Any], layout: Plan, colours: Mapping[str, Colour]) -> Fan:
    """Make the tail's feathers: a fan behind the rump, or a peacock's wheel where it is raised."""
    count, length, angle = int(row.get("quills", 0)), row.get("length", 0.2), row.get("spread", 0.35)
    up, wide = row.get("raised", 0.0) + layout.lean * row.get("follows", 0.6), row.get("wide", 0.020)
    base, tip = (
        colours.get("tail", colours["base"]),
        colours.get("tail_tip", colours.get("tail", colours["base"])),
    )
    points, normals, albedo, faces = [], [], [], []
    r = np.linspace(0, 1, 9)
    vane = np.array([0.5, 0.75, 0.9, 1.0, 1.0, 1.0, 0.95, 0.75, 0.2])
    back = np.array([-np.cos(up), -np.sin(up), 0.0])
    normal = np.array([-np.sin(up), np.cos(up), 0.0])
    for i in range(count):
        a = angle * (2 * (i + 0.5) / count - 1)
        along = np.cos(a) * back + np.array([0, 0, np.sin(a)])
        across = -np.sin(a) * back + np.array([0, 0, np.cos(a)])
        reach = length * (1 - row.get("fork", 0.0) * np.cos(a / max(angle, 1e-3) * np.pi / 2))
        for side in (-1.0, 1.0):
            points.append(
                np.array(layout.rump) + along * (r * reach)[:, None] + across * (vane * wide * side)[:, None]
                + normal * (0.004 * (i % 2) - 0.0015 * side)
            )  # fmt: skip
            normals.append(np.tile(normal + 0.2 * side * across, (9, 1)))
            mix = _ramp(0.80, 0.90, r)[:, None]
            colour = np.array(base) * (1 - mix) + np.array(tip) * mix
            if "eye_spot" in colours:
                spot = _ramp(0.16, 0.06, np.abs(r - 0.84))[:, None]
                colour = colour * (1 - spot) + np.array(colours["eye_spot"]) * spot
            albedo.append(colour * (0.85 if side < 0 else 1.05))
        k = 18 * i
        for j in range(8):
            faces += [(k + j, k + 9 + j, k + 10 + j), (k + j, k + 10 + j, k + 1 + j)]
    if not count:
        none = np.zeros((0, 3), np.float32)
        return Fan(none, none, np.zeros((0, 3), np.int32), none)
    p, n, c = (np.concatenate(x).astype(np.float32) for x in (points, normals, albedo))
    t = _wound(p, n, np.array(faces, np.int32))
    m = len(p)
    return Fan(
        np.concatenate([p, p]),
        np.concatenate([n, -n]),
        np.concatenate([t, t[:, ::-1] + np.int32(m)]),
        np.concatenate([c, 0.8 * c]).astype(np.float32),
    )


def _wound(p: NDArray[np.float32], n: NDArray[np.float32], t: NDArray[np.int32]) -> NDArray[np.int32]:
    normal = np.cross(p[t[:, 1]] - p[t[:, 0]], p[t[:, 2]] - p[t[:, 0]])
    wrong = (normal * n[t[:, 0]]).sum(axis=1) < 0
    return np.where(wrong[:, None], t[:, ::-1], t).astype(np.int32)


def _join(
    body: Body, fan: Fan, wings: tuple[Wing, ...], layout: Plan
) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
    triangles, albedo = [body.triangles, fan.triangles + np.int32(len(body.points))], [fan.albedo]
    base = len(body.points) + len(fan.points)
    for wing in wings:
        p, n = spread(wing, layout.shoulder, Beat(0.1, 0.1), 1.0)
        left = _wound(p, n, wing.triangles)
        for top in (
            left,
            left[:, ::-1],
        ):  # left wing, then its mirror image, each with an upper and a lower side
            for faces, shade in ((top, 1.0), (top[:, ::-1], 0.78)):
                triangles.append(faces + np.int32(base))
                albedo.append(wing.albedo * np.float32(shade))
                base += len(p)
    return np.ascontiguousarray(np.concatenate(triangles), np.int32), np.concatenate(albedo)


def _eyes(layout: Plan, colours: Mapping[str, Colour]) -> tuple[Decal, ...]:
    r, found = layout.eye_radius, []
    iris = colours.get("iris", (0.02, 0.015, 0.012))
    for z in (1.0, -1.0):
        x, y, w = layout.eye
        fx, fy, fz = layout.eye_faces
        for colour, size, out, shines in (
            (iris, 1.0, 0.3, False),
            ((0.004, 0.004, 0.004), 0.62, 0.34, False),
            ((1.0, 0.96, 0.9), 0.18, 0.4, True),
        ):
            shift = 0.28 * r if shines else 0.0
            at = (x + fx * r * out + shift, y + fy * r * out + shift, (w + fz * r * out) * z)
            found.append(
                Decal(
                    bone="head",
                    at=at,
                    normal=(fx, fy, fz * z),
                    along=(0.9, 0.0, -0.4 * z),
                    half_length=size * r,
                    half_width=size * r,
                    colour=colour,
                    shines=shines,
                    lid=not shines,
                )
            )
    return tuple(found)
