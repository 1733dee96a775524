"""How four legs carry a trunk: foot paths by phase, legs solved to reach them, a grounded root.

A foot on the ground moves back at exactly the speed at which the body moves on, so it never slides. In the
air it follows a smooth path. Trunk, neck, tail and ears are harmonics of the stride. Knows no flesh but paw
soles.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.rig.curve import through_knots
from soundstage.render.previz.rig.leg import LEGS, Leg, Sole, reach_for, spin
from soundstage.render.previz.rig.skeleton import Turn, matrices

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.rig.skeleton import Pose, Skeleton

_TABLE = 96  #: samples of a stride; at 2 strides a second and 60 frames there are 30 frames in one


@dataclass(frozen=True, slots=True, kw_only=True)
class Gait:
    """One way of going. Lengths in metres of the rest skeleton, angles in radians, phases in strides."""

    name: str
    stride_hz: float
    duty: float  #: share of the stride a foot is down
    offsets: tuple[float, float, float, float]  #: when FL, FR, HL, HR touch down
    sweep: float  #: how far a foot travels back under the body while it is down
    fore_at: float = 0.0  #: where the middle of the sweep lies before the rest position, fore legs
    hind_at: float = 0.0
    reach: float = 0.0  #: how far the fore leg swings beyond touch-down before it comes down
    trail: float = 0.0  #: how far the hind leg stays behind after lift-off
    lift: float = 0.10  #: height of the paw in mid swing
    stretch: float = 0.0  #: how high the fore leg is held where it reaches out, 0..1
    hop: float = 0.0  #: how much higher the body flies than it runs, metres
    flex: float = 1.0  #: how much wrist and hock fold
    height: float = 0.0  #: of the trunk against the rest pose
    bob: float = 0.0
    bob_phase: float = 0.0
    bobs: int = 1  #: of the trunk in one stride
    pitch: float = 0.0
    pitch_phase: float = 0.0
    gather: float = 0.0  #: how much the back bends and stretches
    gather_phase: float = 0.0
    sway: float = 0.0  #: side to side
    neck: float = 0.0  #: carriage against the rest pose; negative is low and stretched
    head: float = 0.0  #: against the neck
    nod: float = 0.0
    tail: float = 0.0  #: carriage; positive is up
    wag: float = 0.0
    ears: float = 0.0  #: how much they fly
    jaw: float = 0.0  #: how open
    crouch: float = 0.0  #: how far the haunches sink (sitting)

    @property
    def speed_m_s(self) -> float:
        """Return how fast the rest-size body travels."""
        return self.sweep * self.stride_hz / self.duty


@dataclass(frozen=True, slots=True)
class Track:
    """A leg's foot path over one stride: rows of x, y, shank angle, paw angle by phase."""

    table: NDArray[np.float64]  #: (_TABLE + 1, 4), first and last row the same

    def at(self, phase: float) -> NDArray[np.float64]:
        """Return the row at a phase in strides."""
        return _blend_rows(self.table, phase)


@dataclass(frozen=True, slots=True)
class Going:
    """A gait fitted to a body: call `pose` with a phase in strides."""

    gait: Gait
    skeleton: Skeleton
    legs: tuple[Leg, ...]
    tracks: tuple[Track, ...]
    rise: NDArray[np.float64]  #: (_TABLE + 1, 1) metres the root is raised so that the lowest paw touches

    def pose(self, phase: float) -> Pose:
        """Return the whole pose at a phase; 0 and 1 are the same."""
        return _pose(self, phase, float(_blend_rows(self.rise, phase)[0]))

    def contacts(self, start: float, end: float) -> list[tuple[float, int]]:
        """Return touch-downs with start <= phase < end as (phase, leg index), in order of time."""
        if self.gait.sweep <= 0:
            return []
        found = [
            (k + offset, leg)
            for leg, offset in enumerate(self.gait.offsets)
            for k in range(math.floor(start - offset), math.ceil(end - offset) + 1)
            if start <= k + offset < end
        ]
        return sorted(found)

    def down(self, leg: int, phase: float) -> bool:
        """Return whether a leg's foot is on the ground."""
        return (phase - self.gait.offsets[leg]) % 1.0 < self.gait.duty or self.gait.sweep <= 0


def fit(gait: Gait, skeleton: Skeleton, legs: Sequence[Leg], soles: Mapping[str, Sole]) -> Going:
    """Fit a gait to a body.

    Args:
        gait: how it goes.
        skeleton: the bones.
        legs: in the order of LEGS.
        soles: per leg, the skin of its paw.
    """
    tracks = tuple(_on_sole(_track(gait, leg), leg, soles[leg.name]) for leg in legs)
    level = np.zeros((_TABLE + 1, 1))
    going = Going(gait, skeleton, tuple(legs), tracks, level)
    lowest = np.empty(_TABLE)
    grounded = np.zeros(_TABLE, bool)
    for k in range(_TABLE):
        placed = matrices(skeleton, going.pose(k / _TABLE), np.eye(4))
        lowest[k] = min(soles[leg.name].lowest(placed) for leg in legs)
        grounded[k] = any(going.down(i, k / _TABLE) for i in range(len(legs)))
    known = np.flatnonzero(grounded)
    # In flight no paw tells the height: carry it across the gap, round the stride, but let none dig in.
    filled = np.interp(np.arange(_TABLE + 1), known, -lowest[known], period=_TABLE)
    filled = np.maximum(filled, -np.append(lowest, lowest[0]))
    filled += gait.hop * _flight(grounded)
    return Going(gait, skeleton, tuple(legs), tracks, filled[:, None])


def _flight(grounded: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Return how far up each phase lies in its flight: 0 on the ground, 1 in the middle of a gap (n + 1,)."""
    n = len(grounded)
    up = np.zeros(n)
    for k in np.flatnonzero(~grounded):
        before = next(i for i in range(1, n + 1) if grounded[(k - i) % n])
        after = next(i for i in range(1, n + 1) if grounded[(k + i) % n])
        up[k] = math.sin(math.pi * before / (before + after)) ** 2
    return np.append(up, up[0])


def _on_sole(track: Track, leg: Leg, sole: Sole) -> Track:
    """Lift a path by as much as the paw, turned about its sole's middle, would dig in."""
    flat = sole.points[:, :2] - np.array(leg.sole, np.float32)
    angles = track.table[:, 3:4]
    heights = np.sin(angles) * flat[:, 0] + np.cos(angles) * flat[:, 1]
    table = track.table.copy()
    table[:, 1] -= heights.min(axis=1)
    return Track(table)


def _blend_rows(table: NDArray[np.float64], phase: float) -> NDArray[np.float64]:
    at = (phase % 1.0) * _TABLE
    low = min(int(at), _TABLE - 1)
    share = at - low
    return table[low] * (1 - share) + table[low + 1] * share


def _track(gait: Gait, leg: Leg) -> Track:
    fore = leg.name[0] == "F"
    half = gait.sweep / 2
    middle = gait.fore_at if fore else gait.hind_at
    reach = gait.reach if fore else gait.reach * 0.55
    trail = gait.trail if not fore else gait.trail * 0.45
    duty = gait.duty
    flex = gait.flex
    if gait.sweep <= 0:
        return Track(np.tile(np.array([middle, 0.0, 0.0, 0.0]), (_TABLE + 1, 1)))
    swing = [duty + (1 - duty) * q for q in (0.14, 0.38, 0.62, 0.84)]
    down = [duty * u for u in (0.0, 0.25, 0.5, 0.75, 1.0)]
    xs = [half * (1 - 2 * u) for u in (0.0, 0.25, 0.5, 0.75, 1.0)]
    xs += [-half - trail, -half * 0.45, half * 0.62, half + reach]
    ys = [0.0] * 5 + ([0.45, 1.0, 0.95, 0.45 + 0.55 * gait.stretch] if fore else [0.50, 0.95, 0.80, 0.35])
    if fore:
        shank = [0.10, 0.04, 0.0, -0.16, -0.40, -0.95, -1.35, -0.75, 0.05]
        paw = [0.0, 0.0, 0.0, -0.05, -0.45, -1.25, -1.75, -0.90, 0.10]
    else:
        shank = [0.45, 0.26, 0.05, -0.22, -0.52, -0.72, -0.10, 0.42, 0.58]
        paw = [0.05, 0.0, 0.0, -0.08, -0.55, -1.25, -0.95, -0.20, 0.15]
    phases = np.array(down + swing)
    columns = np.array(
        [
            [x + middle for x in xs],
            [y * gait.lift for y in ys],
            [a * flex for a in shank],
            [a * flex for a in paw],
        ]
    ).T
    # Two strides around the wanted one make the interpolation periodic.
    knots = np.concatenate([phases - 1, phases, phases + 1])
    offset = gait.offsets[LEGS.index(leg.name)]
    wanted = (np.arange(_TABLE + 1) / _TABLE - offset) % 1.0
    return Track(through_knots(knots, np.concatenate([columns] * 3), wanted))


def _wave(phase: float, shift: float, times: int = 1) -> float:
    return math.cos(2 * math.pi * (phase * times - shift))


def _pose(going: Going, phase: float, rise: float) -> Pose:
    gait = going.gait
    bend = gait.gather * _wave(phase, gait.gather_phase)
    pitch = gait.pitch * _wave(phase, gait.pitch_phase)
    bob = gait.height + gait.bob * _wave(phase, gait.bob_phase, gait.bobs) + rise
    sway = gait.sway * _wave(phase, 0.25)
    pose: Pose = {
        # The trunk pitches about its middle, a quarter metre before the pelvis.
        "pelvis": Turn(
            sway * 0.6,
            sway,
            pitch + 1.2 * bend + gait.crouch * 0.62,
            (0.0, bob - 0.25 * (pitch + 0.35 * bend) - gait.crouch * 0.26, 0.0),
        ),
        "spine": Turn(-sway * 0.5, -sway, -1.15 * bend - gait.crouch * 0.02),
        "chest": Turn(-sway * 0.5, -sway * 0.8, -0.65 * bend - gait.crouch * 0.10),
        "neck": Turn(
            0.0, 0.0, gait.neck + gait.nod * _wave(phase, gait.pitch_phase + 0.35, gait.bobs) + 0.3 * bend
        ),
        "head": Turn(
            0.0,
            0.0,
            gait.head - 0.7 * gait.nod * _wave(phase, gait.pitch_phase + 0.27, gait.bobs) + 0.2 * bend,
        ),
        "jaw": Turn(0.0, 0.0, -gait.jaw * (1 + 0.18 * _wave(phase, 0.4))),
        "tongue": Turn(
            0.0, 0.0, -0.10 * gait.jaw + 0.35 * gait.ears * _wave(phase, gait.bob_phase + 0.3, gait.bobs)
        ),
    }
    for i in (1, 2, 3):
        lag = 0.11 * i
        pose[f"tail{i}"] = Turn(
            0.0,
            gait.wag * _wave(phase, lag),
            gait.tail * (1.0, 0.5, 0.35)[i - 1]
            + 0.5 * (gait.ears * 0.5 + abs(bend)) * _wave(phase, gait.bob_phase + lag + 0.2),
        )
    for side, z in (("L", 1.0), ("R", -1.0)):
        fly = gait.ears * (0.55 + 0.45 * _wave(phase, gait.bob_phase + 0.42, gait.bobs))
        pose["ear" + side] = Turn(-z * 0.40 * fly, 0.0, -0.80 * fly)
    _plant(going, pose, phase)
    return pose


def _plant(going: Going, pose: Pose, phase: float) -> None:
    """Add to a pose the four turns of each leg that put its sole where its track says."""
    skeleton = going.skeleton
    placed = matrices(skeleton, pose, np.eye(4)).astype(np.float64)
    for leg, track in zip(going.legs, going.tracks, strict=True):
        x, y, shank_angle, paw_angle = track.at(phase)
        carrier = placed[skeleton.index(leg.trunk)]
        tilt = math.atan2(carrier[1, 0], carrier[0, 0])
        upper, lower, shank, paw = (skeleton.joint(b)[:2] for b in leg.bones)
        sole = np.array(leg.sole)
        # Walk from the ground up: sole, paw joint, shank joint; the two long bones must reach the last.
        paw_at = np.array([leg.sole[0] + x, y]) - spin(paw_angle) @ (sole - paw)
        shank_at = paw_at - spin(shank_angle) @ (paw - shank)
        target = spin(-tilt) @ (shank_at - carrier[:2, 3]) if abs(tilt) > 1e-9 else shank_at - carrier[:2, 3]
        swing, fold = reach_for(upper, lower, shank, target)
        pose[leg.bones[0]] = Turn(z=swing)
        pose[leg.bones[1]] = Turn(z=fold)
        pose[leg.bones[2]] = Turn(z=shank_angle - tilt - swing - fold)
        pose[leg.bones[3]] = Turn(z=paw_angle - shank_angle)
