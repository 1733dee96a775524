"""Animals with wings: birds, bats, dragons, insects. They fly, perch, walk or feed, alone or in a flock.

A lead that flies keeps its place in the frame: the camera goes with it (see `SetContext.travel_m_s`).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.repertoire import HEADINGS, MANNERS, kind_of
from soundstage.render.previz.subjects.winged_draw import Actor, draw_actor, draw_shadow
from soundstage.render.previz.subjects.winged_rig import entry_for, make_rig, read_table

if TYPE_CHECKING:
    from soundstage.film import Subject
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.view import View

MOST = 9  #: animals of one flock
_FLY = {
    "fly", "rise", "circle", "float", "chase", "flee", "play", "dance", "move", "run", "land", "fall", "jump",
    "gallop", "explore", "spin", "fight", "arrive", "leave", "emerge",
}  # fmt: skip
_STAND = {
    "sit", "stand", "look", "rest", "sleep", "sing", "turn", "lie", "hold", "think", "crouch",
}  # fmt: skip
_FEED = {"eat", "drink", "search"}
_SIZES = {
    "small": 0.7, "little": 0.7, "tiny": 0.5, "big": 1.25, "large": 1.25, "huge": 1.7, "giant": 2.2,
    "baby": 0.55,
}  # fmt: skip
_TURN_IN = 0.30  #: a profile is turned this far to the camera, so that both wings are seen
_YAW = {
    "right": -_TURN_IN,
    "left": math.pi + _TURN_IN,
    "toward": -math.pi / 2 + 0.45,
    "away": math.pi / 2 - 0.5,
}


@dataclass(frozen=True, slots=True)
class Flock:
    """All animals of one subject, far ones first."""

    actors: tuple[Actor, ...]
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw shadows of all, then bodies, far to near."""
        posed = [actor.at(moment, view) for actor in self.actors]
        for actor, pose in zip(self.actors, posed, strict=True):
            draw_shadow(canvas, view, actor, pose)
        for actor, pose in zip(self.actors, posed, strict=True):
            draw_actor(canvas, view, actor, pose)


def build(subject: Subject, index: int, ctx: SetContext, ground: Ground) -> tuple[Layer, ...]:
    """Build a winged subject."""
    words = (*subject.attributes, *subject.noun.lower().split())
    size = math.prod(_SIZES.get(word, 1.0) for word in words)
    entry = entry_for(subject.noun, subject.kind, subject.attributes)
    known = read_table()["colours"]
    colour = next((w for w in subject.attributes if w in known), "")
    rig = make_rig(entry, colour, round(size, 3), ctx.seed)
    velocity = _velocity(subject, ctx, index)
    way = _way(subject, rig.ways.get("default", "fly"), moving=math.hypot(velocity[0], velocity[2]) > 0.05)
    heading = subject.heading if subject.heading in _YAW else "right"
    if subject.heading is None and way == "stand":
        heading = rig.ways.get("faces", heading)
    yaw = _YAW[heading]
    chance = ctx.rng(f"winged {index}")
    count = min(max(subject.count, 1), MOST)
    roam = {"fly": 0.10 * float(rig.ways.get("roam", 1.0))}.get(way, 0.0)
    actors: list[Actor] = []
    for i in range(count):
        x, y, z = _spot(i, count, index, ctx, ground, way, chance)
        away = (z - ctx.start.eye_m[2]) / max(ground.stage_m - ctx.start.eye_m[2], 0.1)
        actors.append(
            Actor(
                rig=rig,
                way=way,
                start=(x, y, z),
                velocity=velocity,
                yaw=yaw + float(chance.normal(0, 0.10)) * (count > 1),
                phase=float(chance.random()),
                light=ctx.light,
                ground_m=ground.height_m,
                roam_m=roam * ground.half_width_m * away,
            )
        )
    actors.sort(key=lambda a: -a.start[2])
    return (Flock(tuple(actors), depth_m=float(np.mean([a.start[2] for a in actors]))),)


def _way(subject: Subject, default: str, *, moving: bool) -> str:
    action = subject.action or ""
    if action in _FEED:
        return "feed"
    if action in _STAND or default == "stand":
        return "walk" if moving and action not in _STAND else "stand"
    if default == "perch":
        return "fly" if action in _FLY else ("walk" if moving else "stand")
    return "walk" if action == "walk" and moving else "fly"


def _velocity(subject: Subject, ctx: SetContext, index: int) -> tuple[float, float, float]:
    if index == 0:
        return ctx.travel_m_s
    speed = kind_of(subject).speed_m_s.get(subject.action or "", 0.0)
    for word in subject.manner:
        speed *= MANNERS.get(word, 1.0)
    x, y, z = HEADINGS[subject.heading or "right"]
    return x * speed, y * speed, z * speed


def _spot(
    i: int, count: int, index: int, ctx: SetContext, ground: Ground, way: str, chance: np.random.Generator
) -> tuple[float, float, float]:
    """Return where animal `i` is when the shot starts: on the ground, or in the air the frame sees."""
    x, y, z = ground.spot(i, count) if count > 1 else ground.spot(index, max(len(ctx.shot.subjects), 1))
    if way != "fly":
        return x, y, z
    view = ctx.start
    # A loose wedge: the first leads, the others trail behind, aside and farther off.
    rank, side = (i + 1) // 2, 1.0 if i % 2 else -1.0
    z += (0.34 * rank + 0.25 * float(chance.random())) * ground.stage_m * 0.55 * (count > 1)
    depth = max(z - view.eye_m[2], 0.1)
    across = (0.22 if count > 1 else -0.10) - 0.20 * rank + 0.10 * float(chance.normal()) * (count > 1)
    up = 0.16 + 0.19 * rank * side * 0.8 + 0.05 * float(chance.normal()) * (count > 1)
    aim = view.eye_m[1] + math.tan(view.pitch_rad) * depth
    x = view.eye_m[0] + across * view.half_width_m(depth)
    y = aim + min(max(up, -0.25), 0.72) * view.half_height_m(depth)
    return x, max(y, ground.height_m + 0.12 * ground.half_width_m), z
