"""A furred animal ready to be posed: body, coat, colours, gaits, made from an entry of the table and kept.

A rig depends on the entry, the colour and the seed alone, so the same character in a later shot costs
nothing.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.rig import skin, strands
from soundstage.render.previz.rig.gait import Gait, fit
from soundstage.render.previz.rig.leg import Sole, spin
from soundstage.render.previz.subjects import quadruped_coat as coats
from soundstage.render.previz.subjects.quadruped_build import MATTERS, Build
from soundstage.render.previz.subjects.quadruped_face import face
from soundstage.render.previz.subjects.quadruped_plan import plan

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.decals import Decal
    from soundstage.render.previz.rig.gait import Going
    from soundstage.render.previz.rig.leg import Leg
    from soundstage.render.previz.rig.skin import Body

STRANDS = 64_000
_KEPT = 6  #: rigs kept in memory, about 8 MB each
_NIBBLE = -0.75  #: radians the face points down while it grazes, before the neck turns it
_SHUT = 0.075  #: radians from the jaw's rest pose to closed lips


@dataclass(frozen=True, slots=True)
class Rig:
    """Everything of an animal that no moment changes. Shared between threads: never written to."""

    body: Body
    coat: strands.Coat
    albedo: NDArray[np.float32]  #: (n, 3)
    gloss: NDArray[np.float32]  #: (n,)
    decals: tuple[Decal, ...]
    legs: tuple[Leg, ...]
    soles: Mapping[str, Sole]
    scale: float  #: reference metres to the animal's
    stride: float  #: of its gaits against the reference
    head_at: tuple[float, float, float]
    pant: float  #: share of a gait's open mouth
    carriage: tuple[float, float]  #: radians neck and head are carried off the rest pose
    legs_long: float  #: against the reference: what sinks a body that lies down
    mouth: tuple[float, float, float]  #: in the rest pose: what must reach the grass

    def going(self, gait: Gait) -> Going:
        """Return a gait fitted to this body."""
        neck, head = gait.neck + self.carriage[0], gait.head + self.carriage[1]
        if gait.name == "graze":
            neck, head = self._to_grass()
        gait = replace(
            gait,
            jaw=gait.jaw * self.pant - _SHUT * (1 - self.pant),
            neck=neck,
            head=head,
            height=gait.height * self.legs_long,
        )
        return fit(gait, self.body.skeleton, self.legs, self.soles)

    def _to_grass(self) -> tuple[float, float]:
        """Return the turns of neck and head that bring the mouth nearest to the ground before the feet."""
        skeleton = self.body.skeleton
        root, joint = skeleton.joint("neck")[:2], skeleton.joint("head")[:2]
        mouth = np.array(self.mouth[:2])

        def height(turn: float) -> float:
            at = root + spin(turn) @ (joint - root)
            return float((at + spin(turn + _NIBBLE - 0.35 * turn) @ (mouth - joint))[1])

        turns = np.linspace(0.0, -2.3, 60)
        neck = float(min(turns, key=lambda t: abs(height(float(t)) - 0.035)))
        return neck, _NIBBLE - 0.35 * neck


@cache
def read_table() -> Mapping[str, Any]:
    """Return `data/quadrupeds.toml`."""
    text = files("soundstage.render.previz").joinpath("data/quadrupeds.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    animals: dict[str, dict[str, Any]] = table["animals"]
    # An entry may be told as what differs from an earlier one.
    for name, entry in animals.items():
        if "like" in entry:
            animals[name] = _over(animals[entry["like"]], entry)
    return table


def _over(base: Mapping[str, Any], entry: Mapping[str, Any]) -> dict[str, Any]:
    told = {k: v for k, v in base.items() if k not in ("nouns", "like")}
    for key, value in entry.items():
        told[key] = {**told.get(key, {}), **value} if isinstance(value, dict) else value
    return told


def entry_for(noun: str, kind: str | None, attributes: tuple[str, ...] = ()) -> str:
    """Return the entry that a noun means: its own, one of its words', its kind's, else the dog.

    An attribute counts with the noun ("polar" "bear"), so that a breed may be said either way.
    """
    animals = read_table()["animals"]
    phrase = noun.lower()
    said = [phrase, *(f"{a.lower()} {phrase}" for a in attributes), *(a.lower() for a in attributes)]
    said += phrase.split()
    for word in said:
        for name, entry in animals.items():
            if word in entry.get("nouns", ()):
                return name
    for word in said:
        if word in animals:
            return word
    return kind if kind is not None and kind in animals else "dog"


def colour_word(words: tuple[str, ...]) -> str:
    """Return the first word that recolours a coat, or an empty one."""
    known = read_table()["colours"]
    return next((w.lower() for w in words if w.lower() in known), "")


def gait_for(action: str | None, *, moving: bool) -> Gait:
    """Return the gait of an action; one that covers ground gives way to standing when nothing moves."""
    gaits = read_table()["gaits"]
    name = next((n for n, g in gaits.items() if action in g["actions"]), "trot" if moving else "stand")
    if not moving and gaits[name]["sweep"] > 0:
        name = "stand"
    row = {k: v for k, v in gaits[name].items() if k != "actions"}
    row["offsets"] = tuple(row["offsets"])
    return Gait(name=name, **row)


@lru_cache(maxsize=_KEPT)
def make_rig(entry: str, colour: str, size: float, seed: int, *, young: bool = False) -> Rig:
    """Build an animal.

    Args:
        entry: its name in the table.
        colour: a word of the table's colours, or an empty one.
        size: against the entry's own.
        young: whether it has the proportions of a cub.
        seed: of where its hairs grow.
    """
    row = read_table()["animals"][entry]
    proportions = dict(row.get("build", {}))
    if young:  # large heads and paws, short muzzles and legs
        for name, factor in read_table()["young"].items():
            proportions[name] = proportions.get(name, 1.0) * factor
    build = Build(**proportions)
    grown = () if young and row.get("bare_young") else row.get("flesh", ())
    layout = plan(build, grown, [tuple(at) for at in row.get("swing", ())])
    body = skin.flesh_out(layout.skeleton, layout.groups, MATTERS)
    style = coats.style_of(row, read_table()["colours"].get(colour))
    parts = coats.chart(body, layout)
    albedo, gloss = coats.paint(body, parts, style)
    coat = strands.grow(body, coats.comb(body, parts, style), STRANDS, np.random.default_rng([seed, 0xF0]))
    return Rig(
        body=body,
        coat=coat,
        albedo=albedo,
        gloss=gloss,
        decals=face(layout, style),
        legs=layout.legs,
        soles={leg.name: _sole(body, leg.bones[3]) for leg in layout.legs},
        scale=layout.scale * size,
        stride=build.gait_scale,
        head_at=layout.head_at,
        pant=build.pant,
        carriage=(build.neck_tilt, build.head_tilt),
        legs_long=build.legs,
        mouth=layout.nose,
    )


def _sole(body: Body, paw: str) -> Sole:
    at = body.vertices_of(paw)
    return Sole(body.points[at], body.bones[at], body.weights[at])
