"""Who plays on a water place, and on what: afloat in it, on its bank, or on a raft where there is no bank."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from soundstage.render.previz.repertoire import kind_of
from soundstage.render.previz.subjects.solid_build import build_model, choose_model

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.film import Subject
    from soundstage.render.previz.scene import Layer, SetContext

SWIMS = frozenset({"swim", "dive", "float", "drown", "surf", "sail", "row", "paddle"})
IN_WATER = ("swimmer", "tentacled")
WATER_BIRDS = frozenset({"duck", "swan", "goose"})
SWIMMER_M = -0.42  #: people who swim lie so far over their ground
RAFT_M = 0.24  #: height of a raft's deck over the water


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    """Where the lead plays."""

    stage_m: float  #: world z
    spot_x_m: float
    scale: float  #: lengths of the place against its recipe: a ship needs a wider harbour than a boat
    afloat: bool  #: the lead is in the water or over it
    height_m: float  #: of what it stands on
    wetness: float
    calm_m: float  #: radius round the lead within which the swell lies down
    layers: tuple[Layer, ...] = ()


def is_aquatic(subject: Subject) -> bool:
    """Return whether a subject belongs in the water."""
    kind = kind_of(subject)
    if any(word in kind.builder for word in IN_WATER) or subject.noun.lower() in WATER_BIRDS:
        return True
    if subject.action in SWIMS and "humanoid" not in kind.builder and "solid" not in kind.builder:
        return True
    if "solid" in kind.builder:
        facts = build_model(choose_model(kind.name, subject.noun, subject.attributes)).facts
        return facts.get("habitat") == "water"
    return "humanoid" in kind.builder and subject.action in SWIMS - {"float", "sail"}


def stage_lead(ctx: SetContext, recipe: Mapping[str, Any]) -> Staged:
    """Decide what the lead needs under it."""
    subjects = ctx.shot.subjects
    stage = ctx.camera.eye_m[2] + ctx.camera.focus_m
    lead = subjects[0] if subjects else None
    half = ctx.start.half_width_m(ctx.camera.focus_m)
    extent = kind_of(lead).extent_m if lead else 1.7
    open_water = recipe["shape"]["kind"] == "sea"
    # Nobody is told to stand on water: without a lead the camera looks over it from the bank.
    afloat = open_water or (is_aquatic(lead) if lead else False)
    scale = max(1.0, ctx.camera.focus_m / float(recipe.get("stage_reach_m", 9.0))) ** 0.8
    spot_x = -0.10 * half if len(subjects) == 1 else 0.0
    staged = Staged(
        stage_m=stage, spot_x_m=spot_x, scale=scale, afloat=afloat, height_m=0.0,
        wetness=float(recipe.get("wetness", 0.72)),
        calm_m=max(0.75 * extent, 2.2),
    )  # fmt: skip
    if afloat and lead is not None and "humanoid" in kind_of(lead).builder and lead.action in SWIMS:
        return replace(staged, height_m=SWIMMER_M, wetness=0.0)
    if open_water and lead is not None and _needs_deck(lead):
        from soundstage.render.previz.places.water_raft import raft_layers  # noqa: PLC0415 - only then

        deck = raft_layers(ctx, stage, half, extent)
        return replace(staged, height_m=RAFT_M, wetness=0.12, layers=deck)
    return staged


def _needs_deck(lead: Subject) -> bool:
    kind = kind_of(lead)
    if is_aquatic(lead) or math.isinf(kind.extent_m):
        return False
    if any(name in kind.builder for name in ("winged", "firefly", "letters")):
        return False
    if "solid" in kind.builder:
        facts = build_model(choose_model(kind.name, lead.noun, lead.attributes)).facts
        return facts.get("habitat") not in ("water", "air", "table")
    return True
