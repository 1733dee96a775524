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
from soundstage.render.previz.rig.leg import Sole
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

    def going(self, gait: Gait) -> Going:
        """Return a gait fitted to this body."""
        gait = replace(gait, jaw=gait.jaw * self.pant - _SHUT * (1 - self.pant))
        return fit(gait, self.body.skeleton, self.legs, self.soles)


@cache
def read_table() -> Mapping[str, Any]:
    """Return `data/quadrupeds.toml`."""
    text = files("soundstage.render.previz").joinpath("data/quadrupeds.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def entry_for(noun: str, kind: str | None) -> str:
    """Return the name of the entry that a noun means: its own, else its kind's, else the dog."""
    animals = read_table()["animals"]
    word = noun.lower()
    for name, entry in animals.items():
        if word in entry.get("nouns", ()):
            return name
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
def make_rig(entry: str, colour: str, size: float, seed: int) -> Rig:
    """Build an animal.

    Args:
        entry: its name in the table.
        colour: a word of the table's colours, or an empty one.
        size: against the entry's own: 0.5 is a cub.
        seed: of where its hairs grow.
    """
    row = read_table()["animals"][entry]
    proportions = dict(row.get("build", {}))
    if size < 0.8:  # the young have large heads and paws, short muzzles and legs
        for name, factor in read_table()["young"].items():
            proportions[name] = proportions.get(name, 1.0) * factor
    build = Build(**proportions)
    layout = plan(build)
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
    )


def _sole(body: Body, paw: str) -> Sole:
    at = body.vertices_of(paw)
    return Sole(body.points[at], body.bones[at], body.weights[at])
