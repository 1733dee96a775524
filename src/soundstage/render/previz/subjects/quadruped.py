"""Furred four-legged animals that run, trot, walk, stand or sit: dog, wolf, fox, cat.

Each is a mesh under strands of fur, with the shadow it throws, its mirror image on wet ground and what its
paws kick up. A lead that travels keeps its place in the frame: the camera goes with it (see
`SetContext.travel_m_s`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.repertoire import HEADINGS, MANNERS, kind_of
from soundstage.render.previz.subjects.quadruped_draw import Actor, draw_actor, draw_traces
from soundstage.render.previz.subjects.quadruped_kick import kick_up
from soundstage.render.previz.subjects.quadruped_rig import colour_word, entry_for, gait_for, make_rig

if TYPE_CHECKING:
    from soundstage.film import Subject
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.view import View

MOST = 4  #: animals of one subject; more would be a herd, which needs coarser bodies
_YOUNG = {
    "puppy", "pup", "kitten", "cub", "baby", "young", "newborn", "kit", "foal", "calf", "lamb", "fawn",
    "piglet", "hatchling", "bunny", "小狗", "小猫",
}  # fmt: skip
_SIZES = {"small": 0.7, "little": 0.7, "tiny": 0.5, "big": 1.2, "large": 1.2, "huge": 1.7, "giant": 2.2}
_YAW = {"right": 0.0, "left": math.pi, "toward": -math.pi / 2, "away": math.pi / 2}
_TURN_IN = 0.12  #: a profile is turned this far to the camera, so that it has a far side
_THREE_QUARTER = 0.42  #: off the straight line when it comes or goes, and when it only stands there
_HALF_LENGTH_M = 0.92  #: from the middle of the reference body to the tip of its tail
_LEAD_ROOM = 0.33  #: of the half frame: free space before a runner's nose


@dataclass(frozen=True, slots=True)
class Pack:
    """All animals of one subject, far ones first."""

    actors: tuple[Actor, ...]
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw shadows and mirror images of all, then bodies, far to near."""
        posed = [actor.at(moment, view) for actor in self.actors]
        for actor, pose in zip(self.actors, posed, strict=True):
            draw_traces(canvas, view, actor, pose)
        for actor, pose in zip(self.actors, posed, strict=True):
            draw_actor(canvas, view, actor, pose, moment)


def build(subject: Subject, index: int, ctx: SetContext, ground: Ground) -> tuple[Layer, ...]:
    """Build a subject of four legs; `ground` says where it stands and how wet that is."""
    words = (*subject.attributes, *subject.noun.lower().split())
    young = not _YOUNG.isdisjoint(words)
    size = 0.55 if young else 1.0
    for word in subject.attributes:
        size *= _SIZES.get(word, 1.0)
    entry = entry_for(subject.noun, subject.kind, subject.attributes)
    rig = make_rig(entry, colour_word(words), round(size, 3), ctx.seed, young=young)
    velocity = _velocity(subject, ctx, index)
    speed = math.hypot(velocity[0], velocity[2])
    gait = gait_for(subject.action, moving=speed > 0.05)
    if gait.sweep > 0:
        # The stride follows the ground it must cover, or paws would slide.
        hertz = speed * gait.duty / (gait.sweep * rig.scale * rig.stride)
        gait = replace(gait, sweep=gait.sweep * rig.stride, stride_hz=hertz)
    going = rig.going(gait)
    chance = ctx.rng(f"quadruped {index}")
    count = min(max(subject.count, 1), MOST)
    actors: list[Actor] = []
    for i in range(count):
        x, y, z = ground.spot(i, count) if count > 1 else ground.spot(index, max(len(ctx.shot.subjects), 1))
        heading = subject.heading if subject.heading in _YAW else "right"
        yaw = _yaw(heading, moving=speed > 0.05) + chance.normal(0, 0.03) * (count > 1)
        if count == 1 and len(ctx.shot.subjects) == 1:
            x = _composed_x(heading, ground, rig.scale)
        actor = Actor(
            rig=rig,
            going=going,
            start=(x, y, z + float(chance.normal(0, 0.12)) * (count > 1)),
            velocity=velocity,
            yaw=yaw,
            phase=float(chance.random()),
            light=ctx.light,
            wetness=max(ground.wetness, 0.0),
            fps=ctx.fps,
            sink_m=0.0,
        )
        actor = _framed(actor, ctx)
        actors.append(replace(actor, kicks=kick_up(actor, ground, ctx, chance)))
    actors.sort(key=lambda a: -a.start[2])
    return (Pack(tuple(actors), depth_m=float(np.mean([a.start[2] for a in actors]))),)


def _velocity(subject: Subject, ctx: SetContext, index: int) -> tuple[float, float, float]:
    if index == 0:
        return ctx.travel_m_s
    speed = kind_of(subject).speed_m_s.get(subject.action or "", 0.0)
    for word in subject.manner:
        speed *= MANNERS.get(word, 1.0)
    x, y, z = HEADINGS[subject.heading or "right"]
    return x * speed, y * speed, z * speed


def _yaw(heading: str, *, moving: bool) -> float:
    if heading == "right":
        return -(_TURN_IN if moving else 1.2 * _THREE_QUARTER)
    if heading == "left":
        return math.pi + (_TURN_IN if moving else 1.2 * _THREE_QUARTER)
    return _YAW[heading] + (_THREE_QUARTER if heading == "toward" else -_THREE_QUARTER)


def _composed_x(heading: str, ground: Ground, scale: float) -> float:
    """Return where a lone animal stands across the frame: behind the middle, its tail in sight."""
    away = {"right": -1.0, "left": 1.0}.get(heading, -0.3)
    room = min(_LEAD_ROOM * ground.half_width_m, ground.half_width_m - _HALF_LENGTH_M * scale)
    return away * max(room, 0.06 * ground.half_width_m)


def _framed(actor: Actor, ctx: SetContext) -> Actor:
    """Return the actor placed for the framing: a close-up holds the head, though the feet leave the frame."""
    if ctx.shot.framing not in ("close_up", "extreme_close_up"):
        return actor
    view = ctx.start
    _x, y, z = actor.start
    c, s = math.cos(actor.yaw), math.sin(actor.yaw)
    ahead = (actor.rig.head_at[0] + 0.09) * actor.rig.scale
    height = (actor.rig.head_at[1] - 0.03) * actor.rig.scale
    depth = max(z - view.eye_m[2], 0.1)
    half_x, half_y = view.half_width_m(depth), view.half_height_m(depth)
    looks_at_y = view.eye_m[1] + math.tan(view.pitch_rad) * depth
    # The head on the third behind the middle, the eyes a little above it.
    goal_x = view.eye_m[0] - 0.22 * half_x * (1.0 if c >= 0 else -1.0)
    return replace(
        actor, start=(goal_x - c * ahead, y, z - s * ahead), sink_m=height - looks_at_y - 0.10 * half_y
    )
