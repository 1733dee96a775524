"""How a person stands, moves and travels at a time: poses from `data/poses.toml`, feet that never slide.

Knows no scene and no clothes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.rig.leg import reach_for
from soundstage.render.previz.rig.skeleton import Turn, matrices
from soundstage.render.previz.subjects.humanoid_stride import HIP_Y, Stride, read_poses, stride_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.skeleton import Pose
    from soundstage.render.previz.subjects.humanoid_rig import Rig

_KNEE = (0.010, 0.490)
_ANKLE = (-0.012, 0.080)
_LOOKS_UP_RAD = 0.30  #: who turns from work to the world
_CRANK = (0.17, 0.27)  #: the middle of the pedals' circle, for ankles, from under the saddle
_SIDED = ("ua", "la", "ha", "th", "sh", "ft")


def pose_for(action: str | None, verb: str | None = None, things: Sequence[str] = ()) -> str:
    """Return the name of the pose that a deed means; standing when it has none.

    What is held counts more than the wording, and that more than the action alone: who plays a violin does
    not strum, who draws a sword does not sketch, and who talks on a phone holds it to the ear.
    """
    held = set(things)

    def score(row: Mapping[str, Any]) -> int:
        said = verb is not None and verb in row.get("verbs", ())
        meant = action in row["actions"]
        if not said and not meant:
            return 0
        if "things" in row:
            return (4 if meant or said else 0) + said if not held.isdisjoint(row["things"]) else 2 * said
        return 3 * said + meant

    poses = read_poses()["poses"]
    best = max(poses, key=lambda name: score(poses[name]))
    return best if score(poses[best]) else "stand"


@cache
def row_of(name: str, legs: str = "") -> Mapping[str, Any]:
    """Return a pose's line; `legs` names another that gives pelvis and legs, for one who stays seated."""
    poses = read_poses()["poses"]
    row = poses[name]
    if not legs:
        return row
    base = poses[legs]
    kept = {
        k: v
        for k, v in row.items()
        if k not in ("bend", "step", "bounce", "hop", "spread", "whirl", "lift_m")
    }
    below = ("pelvis", "th", "sh", "ft")
    hold = {k: v for k, v in row.get("hold", {}).items() if not k.startswith(below)}
    hold |= {k: v for k, v in base.get("hold", {}).items() if k.startswith(below)}
    swing = [one for one in row.get("swing", ()) if not one[0].startswith(below)]
    ease = [one for one in row.get("ease", ()) if not one[0].startswith(below)]
    return {**kept, "hold": hold, "swing": swing, "ease": ease, "rests_on": base.get("rests_on", "soles")}


@dataclass(frozen=True, slots=True)
class Acting:
    """What a person does for a stretch of a shot; call `pose` with a time."""

    name: str
    rig: Rig
    phase: float  #: 0..1, so that two people never move alike
    stride: Stride | None
    stoop: float
    base_m: float  #: rise of the root where it is the same all the time
    since_s: float = 0.0  #: when it begins
    pedals_hz: float = 0.0
    legs: str = ""  #: a pose that pelvis and legs are taken from
    feeling: str = ""  #: a line of `[faces]` that counts instead of the pose's own

    @property
    def face(self) -> Mapping[str, float]:
        """Return what is felt, a line of `[faces]`."""
        table = read_poses()
        return table["faces"].get(self.feeling or table["poses"][self.name].get("face", ""), {})

    def pose(self, t_s: float) -> Pose:
        """Return the pose, feet on the ground."""
        row = row_of(self.name, self.legs)
        angles = _angles(row, t_s, self.phase, t_s - self.since_s)
        angles["spine"][2] -= 0.55 * self.stoop
        angles["chest"][2] -= 0.45 * self.stoop
        angles["neck"][2] += 0.5 * self.stoop
        if self.feeling == "attend" and row.get("props"):
            angles["head"][2] += _LOOKS_UP_RAD
        rise = self.base_m
        if self.stride is not None:
            rise = self._go(angles, self.stride, t_s)
        elif "pedals" in row:
            self._pedal(angles, row["pedals"], t_s)
        pose = {name: Turn(float(a[0]), float(a[1]), float(a[2])) for name, a in angles.items()}
        if self.stride is None and row.get("rests_on", "soles") in ("soles", "seat"):
            placed = matrices(self.rig.body.skeleton, pose, np.eye(4))
            rise = -min(sole.lowest(placed) for sole in self.rig.soles) + _hop(row, t_s, self.phase)
        elif "drift" in row:
            metres, hertz = row["drift"]
            rise += metres * math.sin(2 * math.pi * (hertz * t_s + self.phase))
        hips = pose["pelvis"]
        pose["pelvis"] = Turn(hips.x, hips.y, hips.z, (0.0, rise, 0.0))
        return pose

    def _pedal(self, angles: dict[str, NDArray[np.float64]], radius_m: float, t_s: float) -> None:
        """Put each foot on its pedal, half a turn apart; lengths of the reference body."""
        lean = angles["pelvis"][2]
        for side, offset in (("L", 0.0), ("R", math.pi)):
            turn = offset - 2 * math.pi * self.pedals_hz * t_s
            target = np.array(_CRANK) + radius_m * np.array([math.cos(turn), math.sin(turn)])
            thigh, shin = reach_for(np.array([0.0, HIP_Y]), np.array(_KNEE), np.array(_ANKLE), target)
            angles["th" + side][:] = (angles["th" + side][0], 0.0, thigh - lean)
            angles["sh" + side][:] = (0.0, 0.0, shin)
            angles["ft" + side][:] = (0.0, 0.0, -thigh - shin - 0.12 * (1 + math.sin(turn)))

    def _go(self, angles: dict[str, NDArray[np.float64]], stride: Stride, t_s: float) -> float:
        phase = self.phase + stride.hertz * t_s
        rise = stride.hip(phase)
        swing: dict[str, float] = {}
        for side, offset in (("L", 0.0), ("R", 0.5)):
            x, y, turn = stride.foot(phase + offset)
            thigh, shin = reach_for(
                np.array([0.0, HIP_Y + rise]), np.array([_KNEE[0], _KNEE[1] + rise]),
                np.array([_ANKLE[0], _ANKLE[1] + rise]), np.array([x, y]),
            )  # fmt: skip
            angles["th" + side][:] = (0.0, 0.0, thigh)
            angles["sh" + side][:] = (0.0, 0.0, shin)
            angles["ft" + side][:] = (0.0, 0.0, turn - thigh - shin)
            swing[side] = math.cos(2 * math.pi * (phase + offset - 0.04))
        for side, other in (("L", "R"), ("R", "L")):
            angles["ua" + side][2] += stride.arms * swing[other]
            angles["la" + side][2] += stride.elbows * (swing[other] + 0.3)
        angles["spine"][1] += 0.10 * swing["L"]
        angles["chest"][1] += 0.09 * swing["L"]
        angles["neck"][1] -= 0.10 * swing["L"]
        angles["head"][1] -= 0.09 * swing["L"]
        angles["spine"][0] += 0.03 * math.sin(2 * math.pi * phase)
        angles["tail"][2] += 0.14 * math.sin(4 * math.pi * phase) + 0.12
        angles["tail"][0] += 0.22 * math.sin(2 * math.pi * phase)
        return rise


def act(
    name: str,
    rig: Rig,
    phase: float,
    *,
    gait: str | None,
    speed_m_s: float,
    stoop: float,
    since_s: float = 0.0,
    feeling: str = "",
    pedals_hz: float = 0.0,
    legs: str = "",
) -> Acting:
    """Return a pose fitted to a body; `gait` for one that travels."""
    row = row_of(name, legs)
    stride = stride_of(gait, round(speed_m_s, 4), round(rig.scale, 4)) if gait and speed_m_s > 0.05 else None
    rests_on = row.get("rests_on", "soles")
    base = float(row.get("lift_m", 0.0))
    if stride is None and rests_on in ("body", "air"):
        pose = Acting(name, rig, phase, None, stoop, 0.0, legs=legs).pose(0.0)
        placed = matrices(rig.body.skeleton, pose, np.eye(4)).astype(np.float64)
        at = rig.seatless
        rows = placed[rig.body.bones[at], 1]
        heights = (
            (rows[..., :3] * rig.body.points[at][:, None]).sum(axis=2) + rows[..., 3]
        ) * rig.body.weights[at]
        base -= float(heights.sum(axis=1).min()) + 0.006
    return Acting(name, rig, phase, stride, stoop, base, since_s, pedals_hz, legs, feeling)


def _eased(row: list[Any], into_s: float) -> float:
    """Return how much of a single motion is done: 0 .. 1, back to 0 where it says when."""

    def ramp(a: float, b: float) -> float:
        share = min(max((into_s - a) / (b - a), 0.0), 1.0)
        return share * share * share * (share * (6 * share - 15) + 10)

    done = ramp(row[3], row[4])
    return done - ramp(row[5], row[6]) if len(row) > 5 else done


def _once(row: Mapping[str, Any], into_s: float) -> Iterator[tuple[str, int, float]]:
    """Yield bone, axis and degrees of the single motions of a pose."""
    if "every" in row:
        into_s %= row["every"]
    for one in row.get("ease", ()):
        yield one[0], one[1], one[2] * _eased(one, into_s)


def _angles(
    row: Mapping[str, Any], t_s: float, phase: float, into_s: float
) -> dict[str, NDArray[np.float64]]:
    """Return radians by bone, mirrored for the right side: outward is away from the middle."""
    told: dict[str, NDArray[np.float64]] = {
        name: np.zeros(3)
        for name in (
            "pelvis",
            "spine",
            "chest",
            "neck",
            "head",
            "tail",
            "door",
            *(b + s for b in _SIDED for s in "LR"),
        )
    }

    def bones(name: str) -> tuple[str, ...]:
        return (name + "L", name + "R") if name in _SIDED else (name,)

    for name, (x, y, z) in row.get("hold", {}).items():
        for bone in bones(name):
            told[bone] += (x, y, z)
    for name, axis, degrees, hertz, shift in row.get("swing", ()):
        value = degrees * math.sin(2 * math.pi * (hertz * t_s + shift + phase))
        for bone in bones(name):
            told[bone][axis] += value
    for name, axis, value in _once(row, into_s):
        for bone in bones(name):
            told[bone][axis] += value
    if "whirl" in row:
        told["pelvis"][1] += 360 * row["whirl"] * t_s
    _stand_on(told, row, t_s, phase)
    told["tail"][0] += 5 * math.sin(1.7 * t_s + 6 * phase)
    return {name: np.radians(angles) for name, angles in told.items()}


def _stand_on(told: dict[str, NDArray[np.float64]], row: Mapping[str, Any], t_s: float, phase: float) -> None:
    """Bend knees and mirror the right side."""
    spread = row.get("spread", 0)
    knees = _knees(row, t_s, phase)
    if "hop" in row:
        told["spine"][2] -= 14 * _leap(row["hop"], t_s, phase)[0]
    for side in "LR":
        told["th" + side] += (spread, 0, knees[side])
        told["sh" + side] += (0, 0, -2 * knees[side])
        told["ft" + side] += (-spread, 0, knees[side])
        for bone in _SIDED:
            # Left is +z: a limb goes outward by a negative turn about x.
            mirror = -1.0 if side == "L" else 1.0
            told[bone + side][0] *= mirror
            told[bone + side][1] *= -mirror


def _knees(row: Mapping[str, Any], t_s: float, phase: float) -> dict[str, float]:
    """Return how far each knee is bent with the foot under the hip, in degrees."""
    both = float(row.get("bend", 0))
    if "bounce" in row:
        degrees, hertz = row["bounce"]
        both += degrees * (0.5 - 0.5 * math.cos(2 * math.pi * (hertz * t_s + phase)))
    if "hop" in row:
        both += 52 * _leap(row["hop"], t_s, phase)[0]
    lifted, hertz = row.get("step", (0.0, 0.0))
    beat = math.sin(2 * math.pi * (hertz * t_s + phase))
    return {"L": both + lifted * max(beat, 0.0) ** 1.5, "R": both + lifted * max(-beat, 0.0) ** 1.5}


def _leap(told: list[float], t_s: float, phase: float) -> tuple[float, float]:
    """Return how deep a jumper crouches (0..1) and how far up the flight is (0..1)."""
    u = (told[1] * t_s + phase) % 1.0
    if u < 0.38:
        return math.sin(math.pi * u / 0.38) ** 2, 0.0
    if u < 0.80:
        v = (u - 0.38) / 0.42
        return 0.25 * math.sin(math.pi * v) ** 2, 4 * v * (1 - v)
    return 0.8 * math.sin(math.pi * (u - 0.80) / 0.20) ** 2, 0.0


def _hop(row: Mapping[str, Any], t_s: float, phase: float) -> float:
    return row["hop"][0] * _leap(row["hop"], t_s, phase)[1] if "hop" in row else 0.0
