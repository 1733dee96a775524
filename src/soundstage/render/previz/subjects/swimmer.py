"""Animals of the water: fish, sharks, dolphins, whales, turtles. A wave runs down the spine.

Under water they swim in the frame; at the surface what is below it is hidden, and who leaps flies an arc.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.rig.skeleton import Turn, placement
from soundstage.render.previz.subjects.swimmer_rig import SPINE, entry_for, make_rig, read_table
from soundstage.render.previz.subjects.swimmer_splash import draw_splash
from soundstage.render.previz.subjects.winged_draw import Actor, draw_actor

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.film import Subject
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.rig.skeleton import Pose
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.subjects.winged_draw import Standing
    from soundstage.render.previz.view import View

MOST = 14  #: animals of one school
_UNDER = ("under", "reef", "deep", "aquarium", "coral", "seabed")
_LEAPS = {"jump", "fly", "rise", "emerge", "play", "dance"}
_SIZES = {
    "small": 0.7,
    "little": 0.7,
    "tiny": 0.5,
    "big": 1.25,
    "large": 1.25,
    "huge": 1.6,
    "giant": 2.0,
    "baby": 0.55,
}
_YAW = {"right": -0.22, "left": math.pi + 0.22, "toward": -math.pi / 2 + 0.5, "away": math.pi / 2 - 0.5}


@dataclass(frozen=True, slots=True, kw_only=True)
class Swimmer(Actor):
    """A swimming animal on the set; `way` is "swim" under water, "surface" or "leap" at its surface."""

    def place(self, t_s: float) -> tuple[float, float, float]:
        """Return the point in its middle at a time."""
        x, y, z = (s + v * t_s for s, v in zip(self.start, self.velocity, strict=True))
        p = 6.283 * self.phase
        x += self.roam_m * (math.sin(0.6 * t_s + p) - math.sin(p))
        if self.way == "leap":
            return x, self.ground_m + self._arc(t_s), z
        if self.way == "surface":
            return (
                x,
                self.ground_m
                + 0.012 * self.rig.scale
                + 0.03 * self.rig.scale * math.sin(self._heave * t_s + p),
                z,
            )
        y += 0.6 * self.roam_m * (math.sin(0.8 * t_s + 1.7 * p) - math.sin(1.7 * p))
        return x, y, z + 0.5 * self.roam_m * math.sin(0.5 * t_s + 2.3 * p)

    @property
    def _heave(self) -> float:
        """Return how fast it rises and dips at the surface, rad/s: large ones are slow."""
        return 1.1 / math.sqrt(max(self.rig.scale / 4, 1.0))

    @property
    def leap_s(self) -> float:
        """Return how long a leap takes from the lowest point to the lowest."""
        return 1.1 + 0.75 * math.sqrt(0.6 * self.rig.scale)

    def _arc(self, t_s: float) -> float:
        u = 2 * ((t_s / self.leap_s + self.phase) % 1.0) - 1
        return 0.6 * self.rig.scale * (0.62 - 1.15 * u * u)

    def root(self, t_s: float) -> NDArray[np.float64]:
        """Return what takes the reference body to the world; it points along its way."""
        x, y, z = self.place(t_s)
        _, ahead, _ = self.place(t_s + 0.05)
        speed = max(math.hypot(self.velocity[0], self.velocity[2]), 0.9 * self.rig.scale)
        pitch = math.atan2((ahead - y) / 0.05, speed) * (0.8 if self.way == "leap" else 0.35)
        roll = 0.10 * math.sin(0.7 * t_s + 6.283 * self.phase)
        c, s, cr, sr = math.cos(pitch), math.sin(pitch), math.cos(roll), math.sin(roll)
        about = np.eye(4)
        about[:3, :3] = np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]) @ np.array(
            [[1, 0, 0], [0, cr, -sr], [0, sr, cr]]
        )
        return placement(x, y, z, self.yaw, self.rig.scale) @ about

    def pose(self, t_s: float) -> Pose:
        """Return the turns of its bones: a wave that grows towards the tail."""
        ways = self.rig.ways
        at = 6.283 * (float(ways.get("beat_hz", 1.6)) * t_s + self.phase)
        reach = float(ways.get("amplitude", 0.16))
        pose: Pose = {}
        for i in range(SPINE):
            bend = reach * (0.35 + 0.65 * i / SPINE) * math.sin(at - 0.75 * i)
            pose[f"spine{i}"] = Turn(z=bend) if ways.get("upright") else Turn(y=bend)
        sway = -0.30 * reach * math.sin(at + 0.6)
        pose["head"] = Turn(z=sway) if ways.get("upright") else Turn(y=sway)
        row = float(ways.get("rows", 0.12))
        for side, z in (("L", 1.0), ("R", -1.0)):
            stroke = row * math.sin(0.5 * at) + 0.15 * row
            pose["fin" + side] = Turn(-z * stroke, z * 0.5 * row * math.cos(0.5 * at), 0.0)
        return pose

    def at(self, moment: Moment, view: View) -> Standing:
        """Pose and light it; at the surface, what is under water is laid flat on it and so hidden."""
        # slots=True makes a new class, which a bare super() would not find.
        standing = Actor.at(self, moment, view)
        if self.way == "swim":
            return standing
        points = standing.points.copy()
        np.maximum(points[:, 1], np.float32(self.ground_m), out=points[:, 1])
        return replace(standing, points=points)


@dataclass(frozen=True, slots=True)
class School:
    """All animals of one subject, far ones first."""

    actors: tuple[Swimmer, ...]
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw them far to near."""
        for actor in self.actors:
            draw_actor(canvas, view, actor, actor.at(moment, view))
            if actor.way != "swim":
                draw_splash(canvas, view, actor, moment.t_s)


def build(subject: Subject, index: int, ctx: SetContext, ground: Ground) -> tuple[Layer, ...]:
    """Build a swimming subject."""
    words = (*subject.attributes, *subject.noun.lower().split())
    size = math.prod(_SIZES.get(word, 1.0) for word in words)
    colour = next((w for w in subject.attributes if w in read_table()["colours"]), "")
    rig = make_rig(entry_for(subject.noun, subject.kind), colour, round(size, 3), ctx.seed)
    under = any(word in ctx.shot.place for word in _UNDER)
    way = "swim" if under or rig.scale < 0.9 else "leap" if subject.action in _LEAPS else "surface"
    chance = ctx.rng(f"swimmer {index}")
    count = max(subject.count, 1)
    if "school" in words or "shoal" in words:
        count = max(count, 12)
    count = min(count, MOST)
    heading = subject.heading if subject.heading in _YAW else "right"
    view = ctx.start
    # Who is filmed from afar must not drown in the air or the water between.
    clear = (0.6 if under else 0.2) / max(ground.stage_m - view.eye_m[2], 0.5)
    light = replace(ctx.light, fog_density_per_m=min(ctx.light.fog_density_per_m, clear))
    actors: list[Swimmer] = []
    for i in range(count):
        x, y, z = ground.spot(index, max(len(ctx.shot.subjects), 1))
        ring, turn = math.sqrt(i), 2.4 * i
        z += (0.10 * ring * math.sin(1.7 * i) + 0.10 * ring) * ground.stage_m
        depth = max(z - view.eye_m[2], 0.1)
        x += 0.27 * ring * math.cos(turn) * view.half_width_m(depth)
        if way == "swim":
            aim = view.eye_m[1] + math.tan(view.pitch_rad) * depth
            y = aim + (0.10 + 0.21 * ring * math.sin(turn)) * view.half_height_m(depth)
            y = max(y, ground.height_m + 0.1 * rig.scale)
        actors.append(
            Swimmer(
                rig=rig, way=way, start=(x, y, z), velocity=ctx.travel_m_s if index == 0 else (0.0, 0.0, 0.0),
                yaw=_YAW[heading] + float(chance.normal(0, 0.12)) * (count > 1), phase=float(chance.random()),
                light=light, ground_m=ground.height_m, roam_m=0.05 * ground.half_width_m,
            )
        )  # fmt: skip
    actors.sort(key=lambda a: -a.start[2])
    return (School(tuple(actors), depth_m=float(np.mean([a.start[2] for a in actors]))),)
