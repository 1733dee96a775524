"""People: woman, man, child, old, couple, crowd, and all whom clothes make: knight, chef, wizard.

Each is a dressed body under hair that stands, walks or acts, with its shadow and its image on wet ground. A
lead that travels keeps its place in the frame: the camera goes with it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.light import read_script
from soundstage.render.previz.repertoire import read_people
from soundstage.render.previz.rig.skeleton import matrices
from soundstage.render.previz.subjects import humanoid_look as looks
from soundstage.render.previz.subjects.humanoid_actor import Actor, hidden_props, three_quarter
from soundstage.render.previz.subjects.humanoid_body import head_point
from soundstage.render.previz.subjects.humanoid_deeds import (
    deeds_of,
    feeling_in,
    identity_of,
    props_of,
    tracks_of,
    turns_to_speak,
    velocity_of,
)
from soundstage.render.previz.subjects.humanoid_draw import draw_actor, draw_traces
from soundstage.render.previz.subjects.humanoid_mount import seat_of, without_far_leg
from soundstage.render.previz.subjects.humanoid_pair import Pair, pair_of
from soundstage.render.previz.subjects.humanoid_pose import act, row_of
from soundstage.render.previz.subjects.humanoid_rig import make_rig
from soundstage.render.previz.subjects.humanoid_stride import read_poses

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.film import Subject
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.subjects.humanoid_look import Look
    from soundstage.render.previz.subjects.humanoid_mount import Seat
    from soundstage.render.previz.subjects.humanoid_pose import Acting
    from soundstage.render.previz.subjects.humanoid_rig import Colour, Rig
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
#: Deeds of the face alone, and the line of `[faces]` they mean.
FACES = {
    "smile": "smile", "frown": "angry", "laugh": "laugh", "cry": "cry", "look": "attend",
    "listen": "attend", "talk": "attend", "say": "attend", "sigh": "sad", "think": "attend",
}  # fmt: skip
_GETS_UP = (
    "stand", "walk", "run", "move", "leave", "dance", "jump", "spin", "fight", "kick", "throw", "climb",
    "push", "pull", "kneel", "crouch", "lie", "sleep", "arrive", "enter", "flee", "open", "rise", "cheer",
)  # fmt: skip
_SIGN_POWER = 42.0  #: of a sign a few metres off, against what all of them add to the air
_YAW = {"right": 0.0, "left": math.pi, "toward": -math.pi / 2, "away": math.pi / 2}


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
    chance = ctx.rng(f"humanoid {identity_of(subject, index, ctx)}")
    seat = seat_of(subject, ctx, ground)
    velocity = seat.velocity if seat else velocity_of(subject, ctx, index)
    speed = 0.0 if seat else math.hypot(velocity[0], velocity[2])
    deeds = [seat.pose] if seat else deeds_of(subject, entries[0], single, ctx)
    face = _FACES.get(ctx.shot.framing, 1.0) if count <= 2 else 1.0
    fine = 1.0 if count <= 2 else (1.25 if count <= 4 else 2.2)
    cast: list[tuple[str, Look]] = []
    pairs: list[Pair | None] = []
    for i, entry in enumerate(entries):
        pair = None if seat else pair_of(subject, i, count, ctx, read_people())
        pairs.append(pair)
        names = [pair.pose, *deeds[1:]] if pair and pair.pose else deeds
        props = props_of(subject, names, ctx) if not (pair and pair.pose) else []
        if i < _BODIES or count <= _BODIES:
            cast.append((entry, looks.dress(entry, words, chance, props=props, fine=fine, face=face)))
        else:
            base = cast[i % _BODIES]
            other = looks.dress(base[0], words, chance, props=props, fine=fine, face=face)
            cast.append((base[0], replace(base[1], colours=other.colours)))
    actors: list[Actor] = []
    for i, (_, look) in enumerate(cast):
        rig = make_rig(look)
        phase = float(chance.random())
        x, y, z = _spot(i, count, index, ctx, ground)
        pair = pairs[i]
        names = [pair.pose, *deeds[1:]] if pair and pair.pose else deeds
        acts = _acts(subject, names, rig, phase, speed, seat, ctx)
        moving = acts[0][1].stride is not None
        yaw = _yaw(subject, names[0], moving=moving) + float(chance.normal(0, 0.10)) * (count > 1)
        glance = 0.0
        if moving and (subject.heading or "right") in ("left", "right"):
            glance = 0.42 if subject.heading != "left" else -0.42
        elif seat:
            glance = 0.30 if math.cos(seat.at(0.0)[3]) > 0 else -0.30
        if pair is not None and not moving:
            yaw, glance = pair.yaw, pair.glance
            x = (-0.5 if pair.left else 0.5) * pair.apart_m if pair.touching else x
            z = ground.stage_m if pair.touching else z
        actor = Actor(
            rig=rig,
            acts=acts,
            start=(x, y, z),
            velocity=velocity if moving or seat or index == 0 else (0.0, 0.0, 0.0),
            yaw=yaw,
            phase=phase,
            light=ctx.light,
            wetness=max(ground.wetness, 0.0) if count <= 5 else 0.0,
            ground_m=ground.height_m,
            look=glance,
            speaks=turns_to_speak(subject, i, count, ctx)[0],
            heeds=turns_to_speak(subject, i, count, ctx)[1],
            lips=tracks_of(subject, ctx),
            fps=ctx.fps,
            asleep=subject.action == "sleep",
            holds_up="umbrella" in look.extras,
            seat=seat,
            hidden=hidden_props(rig, acts),
            signs=_signs(ctx),
            gaze=((-0.55 if pair.left else 0.55), 0.0) if pair is not None and not pair.touching else None,
        )
        if seat is not None and seat.animal is not None:
            near = seat.shows_left(ctx.start.eye_m)
            actor = replace(actor, rig=replace(rig, body=without_far_leg(rig.body, left_is_near=near)))
        actors.append(
            _framed(actor, look, ctx, paired=pair is not None) if count <= 2 and seat is None else actor
        )
    actors.sort(key=lambda a: -a.start[2])
    depth = seat.depth_m - 0.001 if seat else float(np.mean([a.start[2] for a in actors]))
    return (Party(tuple(actors), depth_m=depth),)


def _signs(ctx: SetContext) -> tuple[Colour, Colour] | None:
    """Return what signs of a street by night throw on people: the colours that neon adds to any light."""
    if ctx.shot.place != "neon_street" and "neon" not in ctx.shot.light:
        return None
    neon = read_script()["light"]["neon"]
    above, below = neon["ambient_up"]["add"], neon["ambient_down"]["add"]
    power = _SIGN_POWER * (0.4 + 0.6 * ctx.light.darkness)
    return (above[0] * power, above[1] * power, above[2] * power), (
        below[0] * power,
        below[1] * power,
        below[2] * power,
    )


def _eyes(actor: Actor, look: Look, t_s: float) -> NDArray[np.float64]:
    skeleton = actor.rig.body.skeleton
    placed = matrices(skeleton, actor.pose(t_s), actor.root(0.0))[skeleton.index("head")].astype(np.float64)
    return placed[:, :3] @ np.array(head_point(look.build, 0.05, 0.0)) + placed[:, 3]


def _framed(actor: Actor, look: Look, ctx: SetContext, *, paired: bool) -> Actor:
    """Return the actor placed for a close framing: the eyes where the camera looks, whatever it does."""
    framing = ctx.shot.framing
    if framing not in _CLOSE:
        return actor
    view = ctx.start
    eyes = _eyes(actor, look, 0.0)
    if framing == "medium":
        # Who gets up keeps the head in the frame.
        highest = max(float(_eyes(actor, look, since + 1.0)[1]) for since, _ in actor.acts)
        eyes[1] = max(float(eyes[1]), highest - 0.12)
    x, y, z = actor.start
    depth = max(float(eyes[2]) - view.eye_m[2], 0.1)
    aim_y = view.eye_m[1] + math.tan(view.pitch_rad) * depth
    # Small people fill the frame as large ones do.
    aim = _AIM[framing]
    if framing == "medium" and look.build.height_m < 1.4:
        aim = 0.4 * aim
    sink = float(eyes[1]) + aim - aim_y
    if actor.holds_up and framing == "medium":
        sink += 0.16  # room for what is over the head
    if framing == "medium" and sink < 0:
        sink = min(sink + 0.25, 0.0)
    if paired or len(ctx.shot.subjects) > 1 or abs(actor.start[0]) > 0.4 * view.half_width_m(depth) + 0.3:
        return replace(actor, sink_m=sink)
    side = -1.0 if math.cos(actor.yaw) >= 0 else 1.0
    goal = view.eye_m[0] + side * 0.12 * view.half_width_m(depth)
    return replace(actor, start=(x + goal - float(eyes[0]), y, z), sink_m=sink)


def _acts(
    subject: Subject,
    names: Sequence[str],
    rig: Rig,
    phase: float,
    speed: float,
    seat: Seat | None,
    ctx: SetContext,
) -> tuple[tuple[float, Acting], ...]:
    feeling = feeling_in([word for told in subject.attributes for word in told.lower().split()])
    actions = [subject.action, *(deed.action for deed in subject.then)]
    found: list[tuple[float, Acting]] = []
    begun, legs = 0.0, ""
    for n, (since, name) in enumerate(zip(_times(len(names), ctx.seconds), names, strict=True)):
        action = actions[n] if n < len(actions) else None
        own = FACES.get(action or "", "")
        before = found[-1][1] if found else None
        # Who smiles at an opened door does not let go of it, who looks up from a book goes on holding it.
        busy = before is not None and bool(row_of(before.name).get("props"))
        goes_on = before is not None and own != "" and (busy or name == "stand")
        begun = begun if goes_on else since
        done = before.name if before is not None and goes_on else name
        resting = before is not None and row_of(before.name, before.legs).get("rests_on") in ("seat", "body")
        stays = resting and action not in _GETS_UP and row_of(done).get("rests_on", "soles") == "soles"
        legs = (legs or (before.name if before else "")) if stays else ""
        acting = act(
            done,
            rig,
            phase,
            gait=_gait(subject, speed),
            speed_m_s=speed,
            stoop=rig.build.stoop * (0.4 if seat else 1.0),
            since_s=begun,
            feeling=own or feeling,
            pedals_hz=seat.turns_hz if seat else 0.0,
            legs=legs,
        )
        found.append((since, acting))
    return tuple(found)


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
        apart = min(0.44, 0.52 * ground.half_width_m)
        return mid + (-apart if i == 0 else apart), ground.height_m, ground.stage_m
    if count <= 5:
        gap = 0.62
        return mid + (i - (count - 1) / 2) * gap, ground.height_m, ground.stage_m + 0.35 * (i % 2)
    chance = ctx.rng(f"humanoid spot {index} {i}")
    row, column = divmod(i, 5)
    x = (column - 2 + 0.5 * (row % 2)) * 0.95 + float(chance.normal(0, 0.14))
    return mid + x, ground.height_m, ground.stage_m + 1.25 * row + float(chance.normal(0, 0.18))


def _gait(subject: Subject, speed: float) -> str | None:
    if speed < 0.05:
        return None
    return "run" if speed > 2.0 or subject.action in ("run", "flee") else "walk"


def _times(count: int, seconds: float) -> list[float]:
    return [seconds * i / count for i in range(count)]
