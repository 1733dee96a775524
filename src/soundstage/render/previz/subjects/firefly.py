"""Fireflies: a few seen as insects in the plane of focus, many as discs of light before and behind it.

They are lamps too: whatever grows near them is lit (`scene.LampSource`), and the air around them glows.
Where the flies live is decided here; `firefly_flight` moves and draws them.
"""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.subjects.firefly_flight import Flock, Haze, Insects, Lamps, Swarm

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.film import Subject
    from soundstage.render.previz.scene import Ground, Layer, SetContext
    from soundstage.render.previz.view import View

AMBER = (1.00, 0.80, 0.20)
GREEN = (0.70, 1.00, 0.26)
SWARM = 205  #: flies of a shot that asks for many
MANY = 10  #: from this count on they are a swarm; fewer are counted out
HEROES = 4  #: how many of them are near enough to be insects
SLOTS = (0.34, 0.55, 0.90, 1.22, 1.9, 3.2, 5.4, 8.4, 12.6, 20.0)  #: depth slots, in stage distances
LIGHTS_UP_TO = 1.9  #: stage distances; farther flies light nothing that is seen


def build(subject: Subject, index: int, context: SetContext, ground: Ground) -> Sequence[Layer]:
    """Build the flies of a subject: one swarm layer per depth slot, one for the glow, one for the insects."""
    rng = context.rng(f"firefly {index}")
    view = context.start
    stage = ground.stage_m - view.eye_m[2]
    heroes = _flock(rng, context, _hero_homes(rng, view, stage, min(subject.count, HEROES), ground), 0.62)
    others = SWARM if subject.count >= MANY else max(subject.count - HEROES, 0)
    swarm = _flock(rng, context, _swarm_homes(rng, view, stage, others, ground), 0.0)
    gain = 0.35 + 0.65 * context.light.darkness
    layers: list[Layer] = []
    depth = (swarm.home_m[:, 2] - view.eye_m[2]) / stage
    for near, far in pairwise(SLOTS):
        mask = (depth >= near) & (depth < far)
        if mask.any():
            middle = view.eye_m[2] + stage * math.sqrt(near * far)
            focus: Literal["back", "full"] = "full" if near < 1.2 else "back"
            layers.append(
                Swarm(depth_m=middle, flock=swarm.part(mask), gain=gain, stage_m=stage, focus=focus)
            )
    everyone = heroes.joined(swarm)
    lit = everyone.home_m[:, 2] - view.eye_m[2] < LIGHTS_UP_TO * stage
    layers.append(Haze(depth_m=view.eye_m[2] + stage * 1.21, flock=everyone, gain=gain, stage_m=stage))
    layers.append(Lamps(flock=everyone.part(lit), gain=gain))
    layers.append(Insects(depth_m=view.eye_m[2] + stage * 0.88, flock=heroes, gain=gain))
    return layers


def _hero_homes(
    rng: np.random.Generator, view: View, stage: float, count: int, ground: Ground
) -> NDArray[np.float32]:
    """Place the insects on a loose curve through the frame's thirds, in shares of frame and depth."""
    spots = np.array([[-0.27, 0.22, 1.0], [0.36, -0.16, 1.02], [0.52, 0.34, 1.10], [-0.60, -0.30, 1.13]])[
        :count
    ]
    spots = spots + rng.normal(0, 1, spots.shape) * np.array([0.06, 0.06, 0.015])
    z = spots[:, 2] * stage
    return _within_frame(spots[:, 0], spots[:, 1], z, view, ground)


def _swarm_homes(
    rng: np.random.Generator, view: View, stage: float, count: int, ground: Ground
) -> NDArray[np.float32]:
    """Scatter flies evenly over the picture: most are far, a few stand before the plane of focus."""
    near, middle = round(count * 0.035), round(count * 0.06)
    z = np.concatenate(
        [
            np.exp(rng.uniform(math.log(0.46), math.log(0.66), near)),
            np.exp(rng.uniform(math.log(0.92), math.log(1.6), middle)),
            np.exp(rng.uniform(math.log(1.9), math.log(18.0), max(count - near - middle, 0))),
        ]
    )
    x = rng.uniform(-1.15, 1.15, len(z))
    y = rng.uniform(-0.55, 0.80, len(z))
    return _within_frame(x, y, z * stage, view, ground)


def _within_frame(
    x: NDArray[np.floating], y: NDArray[np.floating], z_m: NDArray[np.floating], view: View, ground: Ground
) -> NDArray[np.float32]:
    """Return world points (N, 3) from shares of the half frame; none lies under the ground."""
    across = view.eye_m[0] + x * z_m * view.half_width_m(1.0)
    up = view.eye_m[1] + z_m * (y * view.half_height_m(1.0) + math.tan(view.pitch_rad))
    up = np.maximum(up, ground.height_m + 0.04 + 0.2 * np.abs(y))
    return np.stack([across, up, view.eye_m[2] + z_m], axis=1).astype(np.float32)


def _flock(rng: np.random.Generator, context: SetContext, homes: NDArray[np.float32], steady: float) -> Flock:
    n = len(homes)
    shade = rng.random((n, 1))
    distance = np.maximum(homes[:, 2] - context.start.eye_m[2], 0.05)
    slow = 0.62 if {"peaceful", "dreamy", "magical", "romantic"} & set(context.shot.mood) else 0.85
    return Flock(
        home_m=homes,
        roam_m=(0.05 * np.minimum(distance / 0.62, 4.0) ** 0.8).astype(np.float32),
        pace=(rng.uniform(0.4, 1.0, n) * slow).astype(np.float32),
        phase=rng.uniform(0, math.tau, (n, 2)).astype(np.float32),
        colour=(np.asarray(AMBER) * shade + np.asarray(GREEN) * (1 - shade)).astype(np.float32),
        steady=np.full(n, steady, np.float32),
        travel_m_s=context.travel_m_s,
    )
