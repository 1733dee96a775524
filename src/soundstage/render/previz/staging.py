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
from soundstage.render.previz.scene import Ground, Layer, Place, Scene, SetContext
from soundstage.render.previz.styles.style import style_of
from soundstage.render.previz.subjects.solid import framed_small
from soundstage.render.previz.understudy import at_home, framing_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.film import Pace, Shot, Subject
    from soundstage.render.engine import Brief


GREAT_M = 2.0  #: what is larger fills the plane that it stands in
SMALL_PART = 0.75  #: of the greater one's extent: another of less goes before it
CLEARANCE_M = 0.6  #: between two that stand one behind the other
NEAREST_PART = 0.4  #: of the lead's distance: nobody comes nearer to the camera

#: Seconds that pass in the scene in one second of film. Feet that are eight times as fast are still feet.
RATES: Mapping[Pace, float] = {"normal": 1.0, "slow_motion": 0.4, "time_lapse": 8.0, "freeze": 0.0}


def stage_context(shot: Shot, brief: Brief) -> SetContext:
    """Return what every builder of this shot is told."""
    shot = at_home(shot)
    near = framing_of(shot)
    shot = replace(shot, subjects=players(shot), **({"framing": near} if near else {}))
    travel = travel_of(shot)
    lead = kind_of(shot.subjects[0]) if shot.subjects else None
    extent_m, centre_m = (lead.extent_m, lead.centre_m) if lead else (PERSON_M, PERSON_M / 2)
    if lead and shot.framing in lead.framed:
        extent_m, centre_m = lead.framed[shot.framing]
    small = framed_small(shot.subjects[0], shot.framing) if shot.subjects else None
    if small is not None:
        extent_m, centre_m = small
        # It brings a table to stand on; a second one would stand behind it.
        shot = replace(shot, subjects=tuple(s for s in shot.subjects if s.kind != "table"))
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
    place: Place = builder_of(places.get(context.shot.place) or places[OPEN])(context)
    layers: list[Layer] = list(place.layers)
    for index, subject in enumerate(context.shot.subjects):
        ground = ground_of(subject, context, place.ground)
        layers += builder_of(kind_of(subject).builder)(subject, index, context, ground)
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


def ground_of(subject: Subject, context: SetContext, ground: Ground) -> Ground:
    """Return the ground as one subject is to use it: what is great stands behind, what is small before it.

    In one plane with a person a train would run over them, and they would be hidden by it.
    """
    own, leads = kind_of(subject).extent_m, kind_of(context.shot.subjects[0]).extent_m
    if max(own, leads) < GREAT_M or SMALL_PART < own / leads < 1 / SMALL_PART:
        return ground
    away_m = ground.stage_m - context.start.eye_m[2]
    if own > leads:
        there_m = away_m + own + CLEARANCE_M
    else:
        there_m = max(NEAREST_PART * away_m, away_m - SMALL_PART * leads - CLEARANCE_M)
    return replace(
        ground,
        stage_m=ground.stage_m + there_m - away_m,
        half_width_m=ground.half_width_m * there_m / away_m,
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
