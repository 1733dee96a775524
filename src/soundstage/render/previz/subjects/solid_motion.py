"""How a solid stands and moves: where it is, how it is turned, how far it has rolled. Knows no light."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.subjects.solid_build import Model, Mover

f32 = np.float32
TURNTABLE_HZ = 0.11
SPINNING = frozenset({"spin", "rotate", "turn"})
TAKING_OFF = frozenset({"rise", "launch", "emerge"})
LANDING = frozenset({"fall", "sink", "land"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pose:
    """One moment of a solid."""

    at_m: NDArray[np.float32]  #: (3,)
    matrix: NDArray[np.float32]  #: (3, 3), for rows
    rolled_m: float
    t_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """What one solid does in a shot."""

    spot_m: tuple[float, float, float]
    lift_m: float  #: of its origin above the ground
    travel_m_s: tuple[float, float, float]
    action: str | None
    habitat: str  #: road, rail, water, air, land, table
    yaw_deg: float  #: positive turns its front to the camera
    scale: float
    size_m: float  #: its greatest extent, scaled
    phase: float
    seconds: float
    tilt_deg: float = 0.0  #: its top turned to the camera, for what is flat
    foot_m: float = 0.0  #: radius of what it then stands on the edge of

    def pose(self, t_s: float) -> Pose:
        """Return where and how it is at a time."""
        at = np.array(self.spot_m) + np.array(self.travel_m_s) * t_s
        at[1] += self.lift_m
        speed = math.hypot(self.travel_m_s[0], self.travel_m_s[2])
        yaw, pitch, roll = math.radians(self.yaw_deg), 0.0, 0.0
        wave = 2 * math.pi * t_s
        if self.habitat == "water":
            slow = 0.22 / max(self.size_m / 8, 0.5) ** 0.5
            at[1] += 0.012 * self.size_m * math.sin(wave * slow + self.phase)
            pitch = 0.030 * math.sin(wave * slow * 0.83 + 1 + self.phase) + (0.02 if speed else 0)
            roll = 0.040 * math.sin(wave * slow * 0.71 + self.phase)
        elif self.habitat == "air":
            at[1] += 0.030 * self.size_m * math.sin(wave * 0.13 + self.phase)
            at[0] += 0.020 * self.size_m * math.sin(wave * 0.09 + 2 * self.phase)
            roll = 0.075 * math.sin(wave * 0.10 + self.phase)
            pitch = 0.035 * math.sin(wave * 0.14 + self.phase)
            yaw += 0.06 * math.sin(wave * 0.07 + self.phase)
        elif self.habitat in ("road", "rail") and speed:
            pitch = 0.006 * math.sin(wave * 1.7) + 0.004 * math.sin(wave * 4.1)
            at[1] += 0.004 * self.size_m * abs(math.sin(wave * 2.3)) * (0.3 if self.habitat == "rail" else 1)
        elif self.habitat == "table":
            yaw += 0.16 * math.sin(wave * 0.07 + self.phase)
        yaw, pitch = self._act(at, yaw, pitch, t_s)
        turned = _about(roll, 0) @ _about(pitch, 2) @ _about(yaw, 1)
        if self.tilt_deg:
            turned = turned @ _about(-math.radians(self.tilt_deg), 0)
            at[1] += self.foot_m * math.sin(math.radians(self.tilt_deg))
        return Pose(
            at_m=at.astype(f32),
            matrix=(turned * self.scale).astype(f32),
            rolled_m=speed * t_s / self.scale,
            t_s=t_s,
        )

    def _act(self, at: NDArray[np.float64], yaw: float, pitch: float, t_s: float) -> tuple[float, float]:
        share = min(t_s / max(self.seconds, 0.1), 1.0)
        if self.action in SPINNING:
            yaw += 2 * math.pi * TURNTABLE_HZ * t_s
        elif self.action in ("float", "fly", "hover") and self.habitat in ("table", "land"):
            at[1] += self.size_m * (0.22 + 0.05 * math.sin(2 * math.pi * 0.3 * t_s + self.phase))
            yaw += 0.35 * t_s
        elif self.action in TAKING_OFF and self.habitat != "table":
            at[1] += self.size_m * 1.1 * share**2
        elif self.action in LANDING:
            drop = 1 - min(share / 0.55, 1.0) ** 2
            bounce = (
                0.06 * abs(math.sin(9 * (share - 0.55))) * math.exp(-9 * (share - 0.55))
                if share > 0.55
                else 0
            )
            at[1] += self.size_m * (1.2 * drop + bounce)
            pitch += 0.9 * drop * (1 if self.habitat in ("table", "land") else 0.25)
        elif self.action in ("shake", "tremble"):
            yaw += 0.02 * math.sin(60 * t_s)
        elif self.action in ("dance", "sway", "swing"):
            pitch += 0.10 * math.sin(2 * math.pi * 0.8 * t_s)
            yaw += 0.30 * math.sin(2 * math.pi * 0.4 * t_s)
        return yaw, pitch


def _about(angle: float, axis: int) -> NDArray[np.float64]:
    step = np.eye(3)
    u, v = (axis + 1) % 3, (axis + 2) % 3
    c, s = math.cos(angle), math.sin(angle)
    step[u, u], step[u, v], step[v, u], step[v, v] = c, s, -s, c
    return step


def place(model: Model, pose: Pose) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return a model's points and unit normals in the world."""
    points, normals = model.points, model.normals
    if model.movers:
        points, normals = points.copy(), normals.copy()
        for mover in model.movers:
            matrix = _about(_turned(mover, pose), mover.axis).astype(f32)
            part = slice(mover.first, mover.last)
            pivot = np.array(mover.pivot, f32)
            points[part] = (points[part] - pivot) @ matrix + pivot
            normals[part] = normals[part] @ matrix
    scale = f32(np.linalg.norm(pose.matrix[0]))
    return (points @ pose.matrix + pose.at_m).astype(f32), (normals @ (pose.matrix / scale)).astype(f32)


def _turned(mover: Mover, pose: Pose) -> float:
    if mover.turns_hz:
        return 2 * math.pi * mover.turns_hz * pose.t_s
    return -pose.rolled_m / max(mover.radius_m, 0.05)
