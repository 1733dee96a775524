"""Motes that float in the light, when a shot's words ask for them: glowing ones, dust in a beam, pollen.

Asked in every shot (`[extras]` in places.toml); most get nothing.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.view import View

GLOWING = ("bioluminescent", "particles", "magical", "mysterious")
DUSTY = ("god_rays", "dreamy", "nostalgic")
CYAN = (0.30, 1.00, 0.78)
GOLD = (1.00, 0.86, 0.52)
BANDS = ((0.55, 0.85), (0.85, 1.2), (1.2, 2.4), (2.4, 6.0))  #: depths, in stage distances


@dataclass(frozen=True, slots=True, kw_only=True)
class Motes:
    """Small drifting lights of one band of depths."""

    depth_m: float
    home_m: NDArray[np.float32]  #: (N, 3)
    box_m: NDArray[np.float32]  #: (3,) they drift through this box and come back in on the other side
    drift_m_s: NDArray[np.float32]  #: (3,)
    phase: NDArray[np.float32]  #: (N,)
    radius_m: NDArray[np.float32]  #: (N,)
    colour: NDArray[np.float32]  #: (N, 3)
    focus: Literal["back", "full"]

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add one disc for each mote."""
        t = np.float32(moment.t_s)
        swirl = np.stack(
            [
                np.sin(0.6 * t + self.phase),
                np.sin(0.5 * t + self.phase * 1.7),
                np.sin(0.4 * t + self.phase * 2.3),
            ],
            axis=1,
        )
        centre = np.array([view.eye_m[0], 0, view.eye_m[2]], np.float32)
        centre[1] = np.float32(self.home_m[:, 1].mean())
        place = self.home_m + self.drift_m_s * t + swirl * self.box_m * np.float32(0.03)
        # Keep them in a box that moves with the eye sideways only; depth stays where the band is.
        offset = place[:, 0] - centre[0]
        place[:, 0] = centre[0] + (offset + self.box_m[0]) % (2 * self.box_m[0]) - self.box_m[0]
        x, y, px_per_m = view.project(place)
        depth = view.focal_px / np.maximum(px_per_m, np.float32(1e-3))
        own = self.radius_m * px_per_m
        least = np.float32(0.9 / 1080 * view.height_px)
        blur = np.minimum(view.coc_px(depth) * np.float32(0.8), np.float32(0.012 * view.height_px))
        radius = np.maximum(own + blur, least)
        twinkle = 0.6 + 0.4 * np.sin(1.7 * t + self.phase * 5)
        energy = twinkle * np.minimum((np.maximum(own, least * 0.6) / radius) ** 2 + 0.03, 1.0)
        energy = np.where(px_per_m > 0, energy, 0)
        rim = np.full(len(x), 0.2, np.float32)
        canvas.bokeh(np.column_stack([x, y, radius, self.colour * energy[:, None], rim]))


def build(context: SetContext, ground: Ground) -> Sequence[Layer]:
    """Return the motes that the shot's words ask for, by band of depth."""
    glowing = context.wants(*GLOWING)
    dusty = context.wants(*DUSTY) or context.light.dust > 0
    if not glowing and not dusty:
        return ()
    rng = context.rng("motes")
    view = context.start
    stage = ground.stage_m - view.eye_m[2]
    layers: list[Layer] = []
    for near, far in BANDS:
        count = 70 if near < 2 else 110
        z = rng.uniform(near, far, count) * stage
        half_w = view.half_width_m(1.0) * z * 1.2
        half_h = view.half_height_m(1.0) * z
        x = view.eye_m[0] + rng.uniform(-1, 1, count) * half_w
        y = np.maximum(view.eye_m[1] + rng.uniform(-0.75, 1.05, count) * half_h, ground.height_m + 0.02)
        shade = rng.random((count, 1))
        if glowing:
            local = np.asarray(CYAN) * shade + np.asarray(GOLD) * (1 - shade)
            level = 0.10 + 0.45 * context.light.darkness
        else:
            local = np.asarray(context.light.sun_colour) * (0.5 + 0.5 * shade)
            level = 0.16
        bright = rng.uniform(0.25, 1.0, (count, 1)) ** 2 * level
        size = 0.0016 * stage * rng.uniform(0.5, 1.4, count)
        layers.append(
            Motes(
                depth_m=view.eye_m[2] + stage * (near + far) / 2,
                home_m=np.stack([x, y, z + view.eye_m[2]], axis=1).astype(np.float32),
                box_m=np.array([half_w.max(), half_h.max(), stage * 0.1], np.float32),
                drift_m_s=np.array([0.03 + 0.2 * context.light.wind, 0.012, 0.0], np.float32)
                * np.float32(0.4 * stage),
                phase=rng.uniform(0, math.tau, count).astype(np.float32),
                radius_m=size.astype(np.float32),
                colour=(local * bright).astype(np.float32),
                focus="full" if near < 1.2 else "back",
            )
        )
    return layers
