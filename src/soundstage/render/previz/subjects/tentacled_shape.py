"""The body of an animal with tentacles at one moment: a bell or mantle that pulses, arms that follow.

In the animal's own measures: its axis is y, arms leave at y = 0 downwards. Knows no light and no scene.
"""

from __future__ import annotations

import math
import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Grid = NDArray[np.float64]

AROUND = 36
RINGS = 26
STEPS = 22  #: of an arm
TUBE = 9  #: corners of an arm's section


@cache
def read_table() -> Mapping[str, Any]:
    """Return `data/tentacled.toml`."""
    text = files("soundstage.render.previz").joinpath("data/tentacled.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def entry_for(noun: str, kind: str | None) -> str:
    """Return the entry that a noun means: its own, one of its words', its kind's, else the octopus."""
    animals = read_table()["animals"]
    for word in (noun.lower(), *noun.lower().split()):
        for name, entry in animals.items():
            if word == name or word in entry.get("nouns", ()):
                return name
    return kind if kind is not None and kind in animals else "octopus"


def pulse_at(row: Mapping[str, Any], t_s: float, phase: float) -> float:
    """Return how contracted the bell is, 0 open .. 1 shut: shut fast, opened slowly."""
    u = (float(row["pulse_hz"]) * t_s + phase) % 1.0
    return (
        0.5 - 0.5 * math.cos(math.pi * u / 0.34)
        if u < 0.34
        else 0.5 + 0.5 * math.cos(math.pi * (u - 0.34) / 0.66)
    )


def bell(row: Mapping[str, Any], squeeze: float) -> tuple[Grid, Grid, Grid]:
    """Return points and normals (RINGS, AROUND, 3) of the turned body and the height share of each ring."""
    told = np.array(row["profile"], float)
    along = np.concatenate([[0], np.cumsum(np.hypot(*np.diff(told, axis=0).T))])
    at = np.linspace(0, along[-1], RINGS)
    radius, high = np.interp(at, along, told[:, 0]), np.interp(at, along, told[:, 1])
    radius, high = _smooth(radius), _smooth(high)
    share = 1 - (high - high.min()) / max(float(np.ptp(high)), 1e-6)  # 0 at the crown, 1 at the rim
    amount = float(row["pulse"]) * squeeze
    radius = radius * (1 - amount * share**1.3)
    high = high + amount * 0.35 * (1 - share)
    a = np.linspace(0, math.tau, AROUND, endpoint=False)
    ribs = int(row.get("ribs", 0))
    # The rim hangs in lobes.
    lobe = 1 + 0.045 * np.cos(a * ribs)[None, :] * share[:, None] ** 3 if ribs else np.ones((1, AROUND))
    wide = 1.0
    points = np.stack(
        [
            radius[:, None] * np.cos(a) * lobe,
            np.repeat(high[:, None], AROUND, 1),
            radius[:, None] * np.sin(a) * lobe * wide,
        ],
        2,
    )
    lean = math.radians(float(row.get("lean", 0.0)))
    if lean:  # the sack of an octopus hangs back from its head
        over = np.clip(points[..., 1] - 0.28, 0, None)
        points[..., 0] -= over * math.sin(lean) * 1.25
        points[..., 1] -= over * (1 - math.cos(lean))
    return points, grid_normals(points), share


def _smooth(values: Grid) -> Grid:
    padded = np.concatenate([[values[0]], values, [values[-1]]])
    out = (padded[:-2] + 2 * padded[1:-1] + padded[2:]) / 4
    out[0], out[-1] = values[0], values[-1]
    return out


def grid_normals(points: Grid) -> Grid:
    """Return outward unit normals of a grid (rings, around, 3) that closes sideways."""
    down = np.gradient(points, axis=0)
    side = np.roll(points, -1, axis=1) - np.roll(points, 1, axis=1)
    normals = np.cross(down, side)
    middle = points.mean(axis=1, keepdims=True)
    outward = ((points - middle) * normals).sum(axis=(1, 2))
    normals[outward < 0] *= -1
    length = np.linalg.norm(normals, axis=2, keepdims=True)
    flat = (length < 1e-9)[..., 0]
    normals = normals / np.maximum(length, 1e-9)
    normals[flat] = (0.0, 1.0, 0.0)
    return normals


def arm_paths(
    arm: Mapping[str, Any],
    t_s: float,
    phase: float,
    squeeze: float,
    *,
    drag: tuple[float, float, float],
    floor: float | None,
    seed: int,
) -> Grid:
    """Return the middle lines (count, STEPS, 3) of a row of arms.

    Args:
        arm: of the table.
        t_s: time.
        phase: of this animal.
        squeeze: as `pulse_at`, of a moment ago: arms follow the bell.
        drag: where the water pushes them, in the animal's axes.
        floor: height they lie on; None in open water.
        seed: of their differences.
    """
    chance = np.random.default_rng(seed)
    count, length = int(arm["count"]), float(arm["length"])
    a = np.linspace(0, math.tau, count, endpoint=False) + chance.normal(0, 0.12, count) + 0.3
    u = np.linspace(0, 1, STEPS)[None, :]
    own = chance.uniform(0, math.tau, (count, 1))
    long = length * chance.uniform(0.85, 1.1, (count, 1))
    wave, curl = float(arm.get("wave", 0.4)), float(arm.get("curl", 0.0))
    pace = math.tau * (t_s * 0.33 + phase)
    # A wave runs down each arm and grows towards its tip; the bell's beat arrives there late.
    sway = wave * u**0.8 * np.sin(pace * 1.0 - 5.0 * u + own) + 0.35 * wave * u * np.sin(
        pace * 2.3 - 8.0 * u + 2 * own
    )
    side = wave * u**0.9 * np.sin(pace * 0.8 - 4.2 * u + 1.7 * own)
    spread = math.radians(float(arm["spread"])) * (1 - 0.55 * squeeze)
    bend = curl * chance.uniform(0.5, 1.2, (count, 1)) * np.sin(pace * 0.4 + own * 3) ** 2 * u**1.6
    lean = spread * (1 - 0.25 * u) + sway + bend
    out = np.stack([np.cos(a), np.zeros(count), np.sin(a)], 1)[:, None, :]
    across = np.stack([-np.sin(a), np.zeros(count), np.cos(a)], 1)[:, None, :]
    step = long / (STEPS - 1)
    way = (
        np.cos(lean)[..., None] * np.array([0.0, -1.0, 0.0])
        + np.sin(lean)[..., None] * out
        + 0.6 * np.sin(side)[..., None] * across
    )
    way = way + np.array(drag) * (0.15 + u[..., None] * 0.95)
    way /= np.linalg.norm(way, axis=2, keepdims=True)
    root = float(arm["root"]) * (1 - 0.22 * squeeze)
    points = (
        np.concatenate([np.zeros((count, 1, 3)), np.cumsum(way[:, :-1] * step[..., None], axis=1)], 1)
        + root * out
    )
    if floor is not None:
        rest = floor + float(arm["radius"]) * 0.55 * (1 - 0.8 * u)
        lift = 0.10 * length * np.clip(np.sin(pace * 0.7 + own), 0, 1) * np.sin(math.pi * u) ** 2 * u
        points[..., 1] = np.maximum(points[..., 1], rest + lift)
        # Lying arms keep their length: what cannot go down goes outwards.
        flat = np.concatenate(
            [np.zeros((count, 1)), np.cumsum(np.linalg.norm(np.diff(points, axis=1), axis=2), 1)], 1
        )
        slack = (np.linspace(0, 1, STEPS)[None, :] * long - flat)[..., None]
        points = points + out * np.clip(slack, 0, None) * 0.8
    return points


def tubes(paths: Grid, radius: float, club: float) -> tuple[Grid, Grid]:
    """Return points and normals (count, STEPS, TUBE, 3) of arms; `club` widens their ends."""
    u = np.linspace(0, 1, STEPS)
    wide = radius * (1 - u) ** 0.75 * 0.96 + radius * 0.05
    if club:
        wide = wide * 0.5 + radius * 0.4 + radius * club * np.exp(-(((u - 0.88) / 0.09) ** 2)) * 0.6
        wide[-1] *= 0.2
    way = np.gradient(paths, axis=1)
    way /= np.maximum(np.linalg.norm(way, axis=2, keepdims=True), 1e-9)
    guide = np.array([0.31, 0.21, 0.93])
    one = np.cross(way, guide)
    one /= np.maximum(np.linalg.norm(one, axis=2, keepdims=True), 1e-9)
    two = np.cross(way, one)
    a = np.linspace(0, math.tau, TUBE, endpoint=False)
    normals = one[:, :, None] * np.cos(a)[:, None] + two[:, :, None] * np.sin(a)[:, None]
    return paths[:, :, None] + normals * wide[:, None, None], normals


def net(rings: int, around: int, first: int) -> NDArray[np.int32]:
    """Return triangles of a closed grid whose first vertex is `first`."""
    at = np.arange(rings * around).reshape(rings, around) + first
    right = np.roll(at, -1, axis=1)
    return np.concatenate([
        np.stack([at[:-1], at[1:], right[:-1]], 2).reshape(-1, 3), np.stack([right[:-1], at[1:], right[1:]],
        2).reshape(-1, 3),
    ]).astype(np.int32)  # fmt: skip
