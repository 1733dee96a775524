"""From a shot to a scene: who builds what, in which order, seen from where. Draws nothing."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from typing import TYPE_CHECKING, Any

from soundstage.errors import EngineBroke
from soundstage.render.previz.bearing import framed_together
from soundstage.render.previz.camera import PERSON_M, plan_path
from soundstage.render.previz.light import light_shot
from soundstage.render.previz.repertoire import (
    OPEN,
    kind_of,
    players,
    read_extras,
    read_places,
    stand_ins,
    travel_of,
)
from soundstage.render.previz.scene import Layer, Place, Scene, SetContext
from soundstage.render.previz.styles.style import style_of
from soundstage.render.previz.understudy import framing_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.film import Pace, Shot
    from soundstage.render.engine import Brief


#: Seconds that pass in the scene in one second of film. Feet that are eight times as fast are still feet.
RATES: Mapping[Pace, float] = {"normal": 1.0, "slow_motion": 0.4, "time_lapse": 8.0, "freeze": 0.0}


def stage_context(shot: Shot, brief: Brief) -> SetContext:
    """Return what every builder of this shot is told."""
    near = framing_of(shot)
    shot = replace(shot, subjects=players(shot), **({"framing": near} if near else {}))
    travel = travel_of(shot)
    lead = kind_of(shot.subjects[0]) if shot.subjects else None
    extent_m, centre_m = (lead.extent_m, lead.centre_m) if lead else (PERSON_M, PERSON_M / 2)
    if lead and shot.framing in lead.framed:
        extent_m, centre_m = lead.framed[shot.framing]
    face_m = lead.framed["close_up"][1] if lead and "close_up" in lead.framed else centre_m
    extent_m, centre_m = framed_together(shot.subjects, shot.framing) or (extent_m, centre_m)
    return SetContext(
        shot=shot,
        size=brief.size,
        fps=brief.fps,
        frame_count=brief.frame_count,
        seed=brief.seed,
        light=light_shot(shot, style=brief.style, palette=brief.palette),
        camera=plan_path(
            shot,
            size=brief.size,
            seed=brief.seed,
            extent_m=extent_m,
            centre_m=centre_m,
            travel_m_s=travel,
            aim_m=max(face_m - centre_m, 0.0),
            shake=0.0 if "move" in shot.sources else style_of(brief.style).handheld,
        ),
        style=brief.style,
        palette=brief.palette,
        excluded=brief.excluded,
        travel_m_s=travel,
        lips=brief.lips,
    )


def stage_shot(shot: Shot, brief: Brief) -> Scene:
    """Build a shot's scene: place, subjects, then what is everywhere.

    Raises:
        EngineBroke: a table names a builder that is not there.
    """
    context = stage_context(shot, brief)
    places = read_places()
    place: Place = builder_of(places.get(shot.place) or places[OPEN])(context)
    layers: list[Layer] = list(place.layers)
    for index, subject in enumerate(context.shot.subjects):
        layers += builder_of(kind_of(subject).builder)(subject, index, context, place.ground)
    for name in read_extras().values():
        layers += builder_of(name)(context, place.ground)
    layers.sort(key=lambda layer: (layer.focus == "full", -layer.depth_m))
    return Scene(
        layers=tuple(layers),
        light=context.light,
        camera=context.camera,
        rate=RATES[shot.pace],
        notes=stand_ins(shot),
    )


def builder_of(name: str) -> Any:
    """Return the builder that a table names as "module:function".

    Raises:
        EngineBroke: it does not load.
    """
    module, _, function = name.partition(":")
    try:
        return getattr(import_module(module), function)
    except (ImportError, AttributeError) as exc:
        raise EngineBroke(f"the tables of previz name {name!r}, which does not load: {exc}") from exc
