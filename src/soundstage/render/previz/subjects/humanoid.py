"""People: woman, man, child, old, couple, crowd, and all whom clothes make: knight, chef, wizard.

Each is a dressed body under hair that stands, walks or acts, with its shadow and its image on wet ground. A
lead that travels keeps its place in the frame: the camera goes with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.repertoire import HEADINGS, MANNERS, kind_of
from soundstage.render.previz.rig.skeleton import matrices
from soundstage.render.previz.subjects import humanoid_look as looks
from soundstage.render.previz.subjects.humanoid_actor import Actor, three_quarter
from soundstage.render.previz.subjects.humanoid_body import head_point
from soundstage.render.previz.subjects.humanoid_draw import draw_actor, draw_traces
from soundstage.render.previz.subjects.humanoid_pose import act, pose_for, read_poses
from soundstage.render.previz.subjects.humanoid_rig import make_rig, read_table

if TYPE_CHECKING:
    from soundstage.film import LipTrack, Subject
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.subjects.humanoid_look import Look
    from soundstage.render.previz.view import View

MOST = 14  #: people of one subject
_BODIES = 4  #: different ones in a crowd; the others wear their clothes in other colours
_CLOSE = ("medium", "close_up", "extreme_close_up")
_AIM = {
    "medium": -0.34,
    "close_up": -0.065,
    "extreme_close_up": 0.0,
}  #: metres from the eyes to the frame's middle
_FACES = {"medium": 0.74, "close_up": 0.56, "extreme_close_up": 0.46}  #: cells of a head seen so near
_SPEAKING = ("talk", "say", "shout", "sing", "laugh", "perform", "sigh", "cry")
_YAW = {"right": 0.0, "left": math.pi, "toward": -math.pi / 2, "away": math.pi / 2}
_NO_TABLE = ("beach", "ocean", "desert", "meadow", "forest", "snow")
_ON_GROUND = ("ground", "floor", "sand", "grass", "beach", "snow", "blanket")


@dataclass(frozen=True, slots=True)
class Party:
    """All people of one subject, far ones first."""

    actors: tuple[Actor, ...]
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw shadows and mirror images of all, then bodies, far to near."""
        posed = [actor.at(moment, view) for actor in self.actors]
        for actor, pose in zip(self.actors, posed, strict=True):
            draw_traces(canvas, view, actor, pose)
        for actor, pose in zip(self.actors, posed, strict=True):
            draw_actor(canvas, view, actor, pose)


def build(subject: Subject, index: int, ctx: SetContext, ground: Ground) -> tuple[Layer, ...]:
    """Build a subject of people; `ground` says where they stand and how wet that is."""
    words = [w.lower() for w in (*subject.attributes, *subject.noun.split())]
    words += [f"{r.kind} {r.target.rpartition('.')[2]}".lower() for r in subject.relations]
    single = [token for word in words for token in word.split()]
    count = min(max(subject.count, looks.default_count(subject.kind), 1), MOST)
    entries = looks.entries_for(subject.noun, subject.kind, single, count)
    chance = ctx.rng(f"humanoid {subject.member or index}")
    velocity = _velocity(subject, ctx, index)
    speed = math.hypot(velocity[0], velocity[2])
    names = _poses(subject, entries[0], single, ctx)
    face = _FACES.get(ctx.shot.framing, 1.0) if count <= 2 else 1.0
    fine = 1.0 if count <= 2 else (1.25 if count <= 4 else 2.2)
    props = [p for name in names for p in read_poses()["poses"][name].get("props", ())]
    if any(read_poses()["poses"][n].get("rests_on") == "seat" for n in names):
        props.append("stool")
    if subject.kind == "surfer" and "surf" in names:
        props.append("surfboard")
    known = read_table()["extras"]
    props = [p for p in props if p in known and not (p == "table" and ctx.shot.place in _NO_TABLE)]
    cast: list[tuple[str, Look]] = []
    for i, entry in enumerate(entries):
        if i < _BODIES or count <= _BODIES:
            cast.append((entry, looks.dress(entry, words, chance, props=props, fine=fine, face=face)))
        else:
            base = cast[i % _BODIES]
            other = looks.dress(base[0], words, chance, props=props, fine=fine, face=face)
            cast.append((base[0], replace(base[1], colours=other.colours)))
    crowded = len(ctx.shot.subjects) > 1
    actors: list[Actor] = []
    for i, (_, look) in enumerate(cast):
        rig = make_rig(look)
        phase = float(chance.random())
        x, y, z = _spot(i, count, index, ctx, ground)
        acts = tuple(
            (
                since,
                act(name, rig, phase, gait=_gait(subject, speed), speed_m_s=speed, stoop=look.build.stoop),
            )
            for since, name in zip(_times(len(names), ctx.seconds), names, strict=True)
        )
        moving = acts[0][1].stride is not None
        yaw = _yaw(subject, names[0], moving=moving) + float(chance.normal(0, 0.10)) * (count > 1)
        glance = 0.0
        if moving and (subject.heading or "right") in ("left", "right"):
            glance = 0.42 if subject.heading != "left" else -0.42
        if (count == 2 or (crowded and len(ctx.shot.subjects) == 2 and count == 1)) and not moving:
            # Two turn to each other, both still seen.
            left = (i == 0) if count == 2 else index == 0
            yaw = -0.92 if left else math.pi + 0.92
            glance = -0.30 if left else 0.30
        actor = Actor(
            rig=rig,
            acts=acts,
            start=(x, y, z),
            velocity=velocity if moving or index == 0 else (0.0, 0.0, 0.0),
            yaw=yaw,
            phase=phase,
            light=ctx.light,
            wetness=max(ground.wetness, 0.0) if count <= 5 else 0.0,
            ground_m=ground.height_m,
            look=glance,
            speaks=_lines(subject, ctx),
            lips=_tracks(subject, ctx),
            fps=ctx.fps,
            asleep=subject.action == "sleep",
            holds_up="umbrella" in look.extras,
        )
        actors.append(_framed(actor, look, ctx) if count <= 2 else actor)
    actors.sort(key=lambda a: -a.start[2])
    return (Party(tuple(actors), depth_m=float(np.mean([a.start[2] for a in actors]))),)


def _velocity(subject: Subject, ctx: SetContext, index: int) -> tuple[float, float, float]:
    if index == 0:
        return ctx.travel_m_s
    speed = kind_of(subject).speed_m_s.get(subject.action or "", 0.0)
    for word in subject.manner:
        speed *= MANNERS.get(word, 1.0)
    x, y, z = HEADINGS[subject.heading or "right"]
    return x * speed, y * speed, z * speed


def _gait(subject: Subject, speed: float) -> str | None:
    if speed < 0.05:
        return None
    return "run" if speed > 2.0 or subject.action in ("run", "flee") else "walk"


def _poses(subject: Subject, entry: str, words: list[str], ctx: SetContext) -> list[str]:
    """Return what is done, in order: the action, then the deeds behind it."""
    actions = [subject.action, *(deed.action for deed in subject.then)][:3]
    names = [pose_for(action) for action in actions]
    if subject.action is None:
        names[0] = looks.pose_of(entry) or ("talk" if _lines(subject, ctx) else "stand")
    low = not set(_ON_GROUND).isdisjoint(words) or ctx.shot.place in ("beach", "meadow", "desert")
    names = ["sit_ground" if name == "sit" and low else name for name in names]
    if subject.kind == "surfer" and subject.action in (None, "ride", "sail"):
        names[0] = "surf"
    if subject.action in kind_of(subject).speed_m_s:
        names = names[:1]  # one who travels goes on to the end, since the camera goes along
        if names[0] not in ("walk", "run"):
            names = ["run" if subject.action in ("run", "flee") else "walk"]
    return names


def _times(count: int, seconds: float) -> list[float]:
    return [seconds * i / count for i in range(count)]


def _lines(subject: Subject, ctx: SetContext) -> tuple[tuple[float, float], ...]:
    """Return when this subject speaks, in seconds of the shot."""
    start = ctx.shot.start
    told = tuple(
        (line.start - start, line.end - start)
        for line in ctx.shot.dialogue
        if not line.off_screen and (line.speaker == subject.member or len(ctx.shot.subjects) == 1)
    )
    if not told and subject.action in _SPEAKING:
        return ((0.0, ctx.seconds),)
    return told


def _tracks(subject: Subject, ctx: SetContext) -> tuple[LipTrack, ...]:
    """Return how this subject's mouth moves where its voice is heard."""
    alone = len(ctx.shot.subjects) == 1
    return tuple(track for track in ctx.lips if track.speaker == subject.member or alone)


def _yaw(subject: Subject, pose: str, *, moving: bool) -> float:
    if moving:
        heading = subject.heading if subject.heading in _YAW else "right"
        return _YAW[heading]
    if subject.heading in ("left", "right", "away"):
        return three_quarter(subject.heading)
    turn = read_poses()["poses"][pose].get("turn_deg")
    return three_quarter("") if turn is None else -math.radians(float(turn))


def _spot(i: int, count: int, index: int, ctx: SetContext, ground: Ground) -> tuple[float, float, float]:
    others = len(ctx.shot.subjects)
    if count == 1:
        x, y, z = ground.spot(index, max(others, 1))
        if others == 1:
            heading = ctx.shot.subjects[0].heading or ("right" if any(ctx.travel_m_s) else "")
            x = {"right": -0.22, "left": 0.22}.get(heading, -0.16) * ground.half_width_m
        return x, y, z
    mid = ground.spot(index, others)[0] if others > 1 else 0.0
    if count == 2:
        return mid + (-0.44 if i == 0 else 0.44), ground.height_m, ground.stage_m
    if count <= 5:
        gap = 0.62
        return mid + (i - (count - 1) / 2) * gap, ground.height_m, ground.stage_m + 0.35 * (i % 2)
    chance = ctx.rng(f"humanoid spot {index} {i}")
    row, column = divmod(i, 5)
    x = (column - 2 + 0.5 * (row % 2)) * 0.95 + float(chance.normal(0, 0.14))
    return mid + x, ground.height_m, ground.stage_m + 1.25 * row + float(chance.normal(0, 0.18))


def _framed(actor: Actor, look: Look, ctx: SetContext) -> Actor:
    """Return the actor placed for a close framing: the eyes where the camera looks, whatever it does."""
    framing = ctx.shot.framing
    if framing not in _CLOSE:
        return actor
    view = ctx.start
    skeleton = actor.rig.body.skeleton
    placed = matrices(skeleton, actor.pose(0.0), actor.root(0.0))[skeleton.index("head")].astype(float)
    eyes = placed[:, :3] @ np.array(head_point(look.build, 0.05, 0.0)) + placed[:, 3]
    x, y, z = actor.start
    depth = max(float(eyes[2]) - view.eye_m[2], 0.1)
    aim_y = view.eye_m[1] + math.tan(view.pitch_rad) * depth
    # Small people fill the frame as large ones do.
    aim = _AIM[framing]
    if framing == "medium" and look.build.height_m < 1.4:
        aim = 0.4 * aim
    sink = float(eyes[1]) + aim - aim_y
    if framing == "medium" and sink < 0:
        sink = min(sink + 0.25, 0.0)
    if len(ctx.shot.subjects) > 1 or abs(actor.start[0]) > 0.4 * view.half_width_m(depth) + 0.3:
        return replace(actor, sink_m=sink)
    side = -1.0 if math.cos(actor.yaw) >= 0 else 1.0
    goal = view.eye_m[0] + side * 0.12 * view.half_width_m(depth)
    return replace(actor, start=(x + goal - float(eyes[0]), y, z), sink_m=sink)
