"""Grass and fern as arrays of blades in the world. Knows no light, no camera and no layout."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

GRASS = (0.150, 0.215, 0.085)  #: local colours
FERN = (0.105, 0.190, 0.075)
SNOW = (0.72, 0.74, 0.78)
PAIRS = 34  #: leaflets on each side of a frond


@dataclass(frozen=True, slots=True, kw_only=True)
class Blades:
    """Blades, leaflets and stems as arrays; see `kernels.plants.grow_strokes` for their columns."""

    points: NDArray[np.float32]  #: (N, 9)
    flex: NDArray[np.float32]  #: (N, 3)
    phase: NDArray[np.float32]  #: (N,)
    width: NDArray[np.float32]  #: (N, 2)
    albedo: NDArray[np.float32]  #: (N, 6)

    @classmethod
    def joined(cls, parts: list[Blades]) -> Blades:
        """Return all parts as one, far blades first."""
        whole = [
            np.concatenate([getattr(part, name) for part in parts]).astype(np.float32)
            for name in ("points", "flex", "phase", "width", "albedo")
        ]
        order = np.argsort(-whole[0][:, 2], kind="stable")
        points, flex, phase, width, albedo = (np.ascontiguousarray(column[order]) for column in whole)
        return cls(points=points, flex=flex, phase=phase, width=width, albedo=albedo)


def grow_grass(
    rng: np.random.Generator,
    count: int,
    *,
    x_m: NDArray[np.floating],
    root_m: NDArray[np.floating],
    z_m: NDArray[np.floating],
    height_m: tuple[float, float],
    lean: float,
    white: float,
) -> Blades:
    """Grow `count` blades rooted at (x, root, z), each (count,), whose tips reach `height_m` above y = 0."""
    height = np.maximum(rng.uniform(*height_m, count) - root_m, 0.04)
    bend = rng.normal(lean, 0.17, count) * (1 + 1.8 * (rng.random(count) < 0.18)) * height
    tilt = rng.normal(0, 0.06, count) * height
    dry = rng.random(count)
    points = np.stack(
        [
            x_m, root_m, z_m,
            x_m + bend * 0.28, root_m + height * 0.62, z_m + tilt * 0.4,
            x_m + bend, root_m + height - 0.25 * np.abs(bend), z_m + tilt,
        ],
        axis=1,
    )  # fmt: skip
    flex = np.stack([np.zeros(count), height * 0.03, height * 0.10], axis=1)
    width = rng.uniform(0.0019, 0.0044, count) * (0.85 + height)
    local = np.asarray(GRASS) * (0.55 + 0.75 * dry[:, None]) + np.array([0.06, 0.02, 0.0]) * dry[:, None] ** 3
    tip = local * (1 - 0.8 * white) + np.asarray(SNOW) * 0.8 * white
    return Blades(
        points=points.astype(np.float32),
        flex=flex.astype(np.float32),
        phase=rng.uniform(0, math.tau, count).astype(np.float32),
        width=np.stack([width, width * 0.14], axis=1).astype(np.float32),
        albedo=np.concatenate([local * 0.8, tip], axis=1).astype(np.float32),
    )


def grow_frond(
    rng: np.random.Generator,
    *,
    root_m: tuple[float, float, float],
    angle_rad: float,
    length_m: float,
    curl_rad: float,
    white: float,
) -> Blades:
    """Grow one fern frond: a curved stem with pairs of leaflets that shorten towards the tip."""
    pairs = PAIRS
    step = length_m / pairs
    turn = curl_rad * (0.35 + 1.3 * np.arange(pairs) / pairs) / pairs
    angle = angle_rad + np.concatenate([[0.0], np.cumsum(turn)])
    x = root_m[0] + np.concatenate([[0.0], np.cumsum(np.cos(angle[1:]) * step)])
    y = root_m[1] + np.concatenate([[0.0], np.cumsum(np.sin(angle[1:]) * step)])
    along = np.arange(2, pairs) / pairs
    at = np.arange(2, pairs)
    reach = length_m * 0.34 * np.sin(np.pi * np.minimum(1, along * 0.92 + 0.10)) ** 0.8 * (1 - along * 0.5)
    rows: list[NDArray[np.floating]] = []
    sway: list[NDArray[np.floating]] = []
    give = length_m * 0.10
    for side in (1.0, -1.0):
        heading = angle[at] + side * (1.12 - 0.35 * along)
        tip_x = x[at] + np.cos(heading) * reach
        tip_y = y[at] + np.sin(heading) * reach - 0.12 * reach
        mid_x, mid_y = (x[at] + tip_x) / 2, (y[at] + tip_y) / 2 + 0.10 * reach
        z = np.full(len(at), root_m[2]) + side * 0.02 * length_m
        rows.append(np.stack([x[at], y[at], z, mid_x, mid_y, z, tip_x, tip_y, z], axis=1))
        sway.append(np.stack([along**2, along**2 + 0.02, along**2 + 0.06], axis=1) * give)
    z = np.full(pairs, root_m[2])
    stem = np.stack(
        [x[:-1], y[:-1], z, (x[:-1] + x[1:]) / 2, (y[:-1] + y[1:]) / 2, z, x[1:], y[1:], z], axis=1
    )
    part = np.arange(pairs) / pairs
    sway.append(np.stack([part**2, (part + 0.5 / pairs) ** 2, (part + 1 / pairs) ** 2], axis=1) * give)
    points = np.concatenate([*rows, stem])
    leaf_width = np.tile(reach * 0.125, 2)
    width = np.concatenate(
        [
            np.stack([leaf_width, leaf_width * 0.15], axis=1),
            np.stack([np.linspace(0.011, 0.003, pairs)] * 2, axis=1) * length_m,
        ]
    )
    tone = float(rng.uniform(0.75, 1.2))
    local = np.tile(np.asarray(FERN) * tone, (len(points), 1)) * rng.uniform(0.85, 1.15, (len(points), 1))
    tip = local * (1 - 0.7 * white) + np.asarray(SNOW) * 0.7 * white
    return Blades(
        points=points.astype(np.float32),
        flex=np.concatenate(sway).astype(np.float32),
        phase=np.full(len(points), rng.uniform(0, math.tau), np.float32),
        width=width.astype(np.float32),
        albedo=np.concatenate([local * 2.2, tip], axis=1).astype(np.float32),
    )


def grow_clump(
    rng: np.random.Generator, foot_m: tuple[float, float, float], count: int, length_m: float, white: float
) -> list[Blades]:
    """Grow fronds that spread from one foot, drooping outwards."""
    fronds: list[Blades] = []
    for number in range(count):
        spread = (number + 0.5) / count - 0.5
        tilt = spread * 1.5 + float(rng.normal(0, 0.20)) if count > 2 else float(rng.normal(0, 0.42))
        shift = rng.normal(0, 0.05, 2) * length_m
        fronds.append(
            grow_frond(
                rng,
                root_m=(foot_m[0] + float(shift[0]), foot_m[1], foot_m[2] + float(shift[1])),
                angle_rad=math.pi / 2 + tilt,
                length_m=length_m * float(rng.uniform(0.75, 1.2)),
                curl_rad=math.copysign(float(rng.uniform(0.7, 1.3)), tilt),
                white=white,
            )
        )
    return fronds
