"""Animals with tentacles: jellyfish that glow through, octopuses, squids. One generator, rows of data.

They swim by the pulse of their body and their arms come after; on a seabed an octopus walks on its arms.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from soundstage.render.previz.scene import LAMP_COLUMNS, NO_LAMPS
from soundstage.render.previz.subjects.tentacled_draw import draw_animal
from soundstage.render.previz.subjects.tentacled_shape import entry_for, pulse_at, read_table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.film import Subject
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
MOST = 9
UNDER = ("reef", "deep_sea", "space")
CRAWLS = frozenset(
    {"walk", "crawl", "sit", "stand", "rest", "explore", "hide", "sleep", "work", "hold", "play"}
)
SIZES = {
    "tiny": 0.45,
    "small": 0.7,
    "little": 0.7,
    "baby": 0.5,
    "big": 1.3,
    "large": 1.3,
    "huge": 1.7,
    "giant": 2.1,
    "massive": 1.9,
    "colossal": 2.2,
}
HEADS = {"left": -1.0, "right": 1.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Animal:
    """One of them on the set."""

    row: Mapping[str, Any]
    scale: float
    start: tuple[float, float, float]
    velocity: tuple[float, float, float]
    way: str  #: "drift", "jet", "crawl" or "surface"
    heads: float  #: 1 to the right, -1 to the left
    phase: float
    seed: int
    light: Light
    ground_m: float
    roam_m: float

    def place(self, t_s: float) -> tuple[float, float, float]:
        """Return where its body's middle is: it gains way with each beat and loses it between."""
        x, y, z = (s + v * t_s for s, v in zip(self.start, self.velocity, strict=True))
        p = math.tau * self.phase
        if self.way == "crawl":
            return x + 0.15 * self.roam_m * math.sin(0.5 * t_s + p), y, z
        beat = pulse_at(self.row, t_s - 0.22, self.phase)
        y += 0.16 * self.scale * (beat - 0.5) + self.roam_m * 0.5 * (math.sin(0.35 * t_s + p) - math.sin(p))
        x += self.roam_m * (math.sin(0.27 * t_s + 1.3 * p) - math.sin(1.3 * p))
        if self.way == "surface":
            y = self.ground_m + 0.04 * self.scale * math.sin(1.3 * t_s + p)
        return x, y, z

    def turn(self, t_s: float) -> NDArray[np.float64]:
        """Return the rotation (3, 3), for columns, of its axis: jets lie along their way, jellies tilt."""
        p = math.tau * self.phase
        tilt = 0.16 * math.sin(0.4 * t_s + p)
        if self.way == "jet":
            tilt = -self.heads * (1.15 + 0.12 * math.sin(0.7 * t_s + p))
        elif self.way == "drift":
            tilt += -0.30 * self.heads
        elif self.way == "crawl":
            tilt = 0.06 * math.sin(0.9 * t_s + p)
        nod = 0.10 * math.sin(0.31 * t_s + 2 * p)
        c, s, cn, sn = math.cos(tilt), math.sin(tilt), math.cos(nod), math.sin(nod)
        yaw = 0.35 * math.sin(0.21 * t_s + p) + (0.0 if self.heads > 0 else math.pi)
        cy, sy = math.cos(yaw), math.sin(yaw)
        about = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
        return (
            np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
            @ np.array([[1, 0, 0], [0, cn, -sn], [0, sn, cn]])
            @ about
        )


@dataclass(frozen=True, slots=True)
class Swarm:
    """All animals of one subject, far ones first."""

    animals: tuple[Animal, ...]
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw them far to near."""
        for animal in self.animals:
            draw_animal(canvas, view, animal, moment)

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the light of those that glow."""
        lit = [animal for animal in self.animals if animal.row.get("glow", 0) and animal.light.darkness > 0.2]
        if not lit:
            return NO_LAMPS
        out = np.zeros((len(lit), LAMP_COLUMNS), f32)
        for row, animal in zip(out, lit, strict=True):
            row[0:3] = animal.place(moment.t_s)
            row[3:6] = animal.row["rim"]
            row[6] = (
                2.4
                * animal.scale
                * animal.light.darkness
                * (0.7 + 0.3 * pulse_at(animal.row, moment.t_s, animal.phase))
            )
        return out


def build(subject: Subject, index: int, ctx: SetContext, ground: Ground) -> tuple[Layer, ...]:
    """Build a subject with tentacles."""
    words = (*subject.attributes, *subject.noun.lower().split())
    name = entry_for(subject.noun, subject.kind)
    row: dict[str, Any] = dict(read_table()["animals"][name])
    colours = read_table()["colours"]
    dye = next((colours[word] for word in subject.attributes if word in colours), None)
    if dye is not None:
        row.update(
            body=dye,
            rim=[min(1.0, v * 1.3 + 0.08) for v in dye],
            under=[0.5 * v + 0.3 for v in dye],
            organs=dye,
        )
    if {"glowing", "bioluminescent", "luminous", "neon"} & set(words):
        row["glow"] = 1.8
    scale = float(row["size_m"]) * math.prod(SIZES.get(word, 1.0) for word in words)
    under = ctx.shot.place in UNDER
    crawls = name == "octopus" and (subject.action in CRAWLS or not under)
    way = "crawl" if crawls else "drift" if row.get("ribs") else "jet" if under else "surface"
    if (
        way == "drift"
        and not under
        and ctx.shot.place in ("ocean", "lake", "river", "harbour", "swamp", "cliff_coast")
    ):
        way = "surface"
    chance, view = ctx.rng(f"tentacled {index}"), ctx.start
    count = max(subject.count, 1)
    if {"swarm", "school", "bloom", "smack"} & set(words):
        count = max(count, 7)
    count = min(count, MOST)
    heads = HEADS.get(subject.heading or "", 1.0)
    animals: list[Animal] = []
    for i in range(count):
        x, _, z = ground.spot(index, max(len(ctx.shot.subjects), 1))
        ring, turn = math.sqrt(i), 2.4 * i + 0.7
        z += (0.16 * ring + 0.10 * ring * math.sin(1.7 * i)) * ground.stage_m
        depth = max(z - view.eye_m[2], 0.1)
        x += 0.30 * ring * math.cos(turn) * view.half_width_m(depth)
        size = scale * (1.0 if i == 0 else float(chance.uniform(0.55, 0.95)))
        if way == "crawl":
            y = ground.height_m + 0.36 * size
        elif way == "surface":
            y = ground.height_m
        else:
            aim = view.eye_m[1] + math.tan(view.pitch_rad) * depth
            # What hangs below the body belongs to the picture too.
            y = (
                aim
                + (0.26 if way == "drift" else 0.06) * view.half_height_m(depth)
                + 0.28 * ring * math.sin(turn) * view.half_height_m(depth)
            )
            y = max(y, ground.height_m + 0.9 * size)
        animals.append(
            Animal(
                row=row, scale=size, start=(x, y, z), velocity=ctx.travel_m_s if index == 0 else (0.0, 0.0,
                0.0), way=way, heads=heads,
                phase=float(chance.random()), seed=int(chance.integers(1 << 30)), light=ctx.light,
                ground_m=ground.height_m,
                roam_m=0.05 * ground.half_width_m,
            )
        )  # fmt: skip
    animals.sort(key=lambda a: -a.start[2])
    return (Swarm(tuple(animals), depth_m=float(np.mean([a.start[2] for a in animals]))),)
