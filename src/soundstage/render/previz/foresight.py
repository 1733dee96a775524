"""What a shot will show that must be heard with it, told without a set: feet that land, lightning.

The same builders that put people and animals on the set are asked here, on plain ground: phase and stride
come out the same, and their bodies are kept for the drawing. Draws nothing.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from soundstage.film import Flash, Footfall, Seconds, Seen
from soundstage.render.previz.places.open import room_of
from soundstage.render.previz.repertoire import kind_of
from soundstage.render.previz.scene import Ground
from soundstage.render.previz.staging import RATES, builder_of, stage_context
from soundstage.render.previz.subjects.humanoid import Party
from soundstage.render.previz.subjects.quadruped import Pack
from soundstage.render.previz.weather import UNDER_WATER
from soundstage.render.previz.weather_storm import flashes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from soundstage.film import Shot, Subject
    from soundstage.render.engine import Brief
    from soundstage.render.previz.scene import SetContext
    from soundstage.render.previz.subjects.humanoid_draw import Actor as Person
    from soundstage.render.previz.subjects.quadruped_draw import Actor as Animal

    Landing = tuple[float, int, str]  #: scene time, foot, gait
    Place = Callable[[float], tuple[float, float, float]]

_BUILDERS = ("humanoid:build", "quadruped:build")
_MOST = 4  #: actors of one subject: more feet are a murmur, and nobody tells them apart


def foresee(shot: Shot, brief: Brief) -> Seen:
    """Return what must be heard with a shot, in seconds from its start on the film's clock."""
    rate = RATES[shot.pace]
    if rate <= 0.0:
        return Seen()
    ctx = stage_context(shot, brief)
    return Seen(footfalls=_footfalls(ctx, rate), flashes=_flashes(ctx, rate))


def _flashes(ctx: SetContext, rate: float) -> tuple[Flash, ...]:
    """Return the lightning that will be drawn; none indoors and under water."""
    if room_of(ctx) or ctx.shot.place in UNDER_WATER:
        return ()
    return tuple(
        Flash(time_s=Seconds(round(float(start) / rate, 4)), strength=round(float(strength), 3))
        for start, strength in flashes_of(ctx, ctx.rng("lightning"))
        if float(start) / rate < ctx.seconds
    )


def _footfalls(ctx: SetContext, rate: float) -> tuple[Footfall, ...]:
    found: list[Footfall] = []
    for index, subject in enumerate(ctx.shot.subjects):
        kind = kind_of(subject)
        if not kind.builder.endswith(_BUILDERS) or not kind.speed_m_s.get(subject.action or ""):
            continue
        for layer in builder_of(kind.builder)(subject, index, ctx, _plain(ctx)):
            if isinstance(layer, Party):
                for person in layer.actors[-_MOST:]:
                    landings = _steps(person, ctx, rate)
                    found += [_fall(landing, 2, subject, person.place, ctx, rate) for landing in landings]
            elif isinstance(layer, Pack):
                for animal in layer.actors[-_MOST:]:
                    landings = _paws(animal, ctx, rate)
                    found += [_fall(landing, 4, subject, animal.place, ctx, rate) for landing in landings]
    return tuple(sorted(found, key=lambda fall: (fall.time_s, fall.foot)))


def _plain(ctx: SetContext) -> Ground:
    away = ctx.camera.focus_m
    return Ground(stage_m=away, half_width_m=ctx.start.half_width_m(away))


def _steps(actor: Person, ctx: SetContext, rate: float) -> Iterator[Landing]:
    """Yield scene time, foot and gait of each landing of a person; the left foot lands at phase 0."""
    end_s = ctx.seconds * rate
    for index, (since_s, acting) in enumerate(actor.acts):
        until_s = actor.acts[index + 1][0] if index + 1 < len(actor.acts) else end_s
        stride = acting.stride
        if stride is None or stride.hertz <= 0.0:
            continue
        gait = "run" if math.hypot(actor.velocity[0], actor.velocity[2]) > 2.0 else "walk"
        first = math.ceil(2.0 * (acting.phase + stride.hertz * since_s))
        for half in range(first, math.floor(2.0 * (acting.phase + stride.hertz * until_s)) + 1):
            t_s = (half / 2.0 - acting.phase) / stride.hertz
            if since_s <= t_s < until_s:
                yield t_s, half % 2, gait


def _paws(actor: Animal, ctx: SetContext, rate: float) -> Iterator[Landing]:
    going = actor.going
    for phase, leg in going.contacts(actor.stride(0.0), actor.stride(ctx.seconds * rate)):
        yield (phase - actor.phase) / going.gait.stride_hz, leg, going.gait.name


def _fall(
    landing: Landing, feet: int, subject: Subject, place: Place, ctx: SetContext, rate: float
) -> Footfall:
    t_s, foot, gait = landing
    x, _, z = place(t_s)
    view = ctx.camera.view(min(t_s / rate / ctx.seconds, 1.0), t_s)
    half_m = view.half_width_m(max(z - view.eye_m[2], 0.5))
    return Footfall(
        time_s=Seconds(round(t_s / rate, 4)),
        subject=subject.id,
        gait=gait,
        foot=foot,
        feet=feet,
        across=round(min(max((x - view.eye_m[0]) / half_m, -1.0), 1.0), 3),
    )
