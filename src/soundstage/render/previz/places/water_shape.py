"""Where the water of a place lies: a lake behind a shore, a river that winds, pools of a swamp, the open sea.

`Shape.water_at` returns metres into the water, below zero on land. Knows no light.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.places.water_noise import look_up

if TYPE_CHECKING:
    from numpy.typing import NDArray

f32 = np.float32
NEVER_M = 1e7


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The outline of the water."""

    kind: str  #: sea, lake, river, swamp
    near_z: float = -NEVER_M  #: shore on the camera's side
    far_z: float = NEVER_M
    middle_x: float = 0.0  #: of a river at the stage
    half_m: float = 5.0  #: half its width
    stage_z: float = 0.0
    bend_m: float = 0.0  #: how far a river swings to the sides
    bend_long_m: float = 60.0
    wander_m: float = 0.0  #: how far the shore strays from its line
    wander_long_m: float = 30.0
    lap_m: float = 0.0  #: where the line of foam lies before the shore; 0: none
    channel_m: float = 0.0  #: half the width of the open water of a swamp along the stage
    noise: NDArray[np.float32] | None = None  #: tile (n, n) of the wandering

    @property
    def has_land(self) -> bool:
        """Return whether there is any land."""
        return self.kind != "sea"

    def water_at(self, x: NDArray[np.float32], z: NDArray[np.float32]) -> NDArray[np.float32]:
        """Return metres into the water of points; below zero on land."""
        stray: NDArray[np.float32] | float = 0.0
        if self.noise is not None and self.wander_m > 0:
            stray = (look_up(self.noise, x, z, 1 / self.wander_long_m, 0.0, 0.0) - f32(0.5)) * f32(
                2 * self.wander_m
            )
        if self.kind == "sea":
            return np.full_like(x, f32(99))
        if self.kind == "lake":
            inside = np.minimum(z - f32(self.near_z), f32(self.far_z) - z)
            return np.asarray(inside + stray, f32)
        if self.kind == "river":
            swing = f32(self.bend_m) * np.sin((z - f32(self.stage_z)) * f32(math.tau / self.bend_long_m))
            inside = f32(self.half_m) - np.abs(x - f32(self.middle_x) - swing)
            return np.asarray(np.minimum(inside, f32(self.far_z) - z) + stray, f32)
        assert self.kind == "swamp", self.kind
        pools = stray + f32(self.half_m * 0.1)
        if self.channel_m > 0:  # a boat has water before and behind it
            pools = np.maximum(pools, f32(self.channel_m) - np.abs(z - f32(self.stage_z)))
        if self.near_z < -1e6:
            return np.asarray(np.minimum(pools, f32(self.far_z) - z), f32)
        return np.asarray(np.minimum(np.maximum(pools, f32(-2)), z - f32(self.near_z)), f32)
