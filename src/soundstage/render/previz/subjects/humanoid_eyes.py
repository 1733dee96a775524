"""Eyes as balls behind lids: they turn where one looks, and lids close over them. Knows no scene.

A lid is a strip of a shell around the ball between two half circles through the corners of the eye, so that
the opening is an almond from every side and closing is one turn about the line from corner to corner.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.subjects.humanoid_body import EYE_AT, SIDES, Build, head_point
from soundstage.render.previz.subjects.humanoid_pieces import Piece

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.rig.sdf import Point

Colour = tuple[float, float, float]
BALL_M = 0.0142
UPPER_RAD, LOWER_RAD = 0.47, 0.36  #: how far above and below its middle an open eye's lids stand
_SHELL = 1.09  #: radius of the lids against the ball's
_TILT = 0.06  #: the outer corner stands higher
_WHITE = (0.62, 0.59, 0.57)
_LINE = np.array((0.014, 0.010, 0.009), np.float32)


def ball_m(build: Build) -> float:
    """Return the radius of an eyeball on the body."""
    return BALL_M * build.eyes * build.head_scale


def eye_point(build: Build, side: float) -> Point:
    """Return the middle of an eyeball on the body."""
    x, y, z = EYE_AT
    return head_point(build, x, y, z * side)


def eye_pieces(build: Build, *, iris: Colour, skin: Colour, lashes: float, fine: float) -> list[Piece]:
    """Return balls, lids and lashes of both eyes; `fine` as in a Look, 1 is a hero."""
    steps = 1 if fine < 1.5 else 2
    found: list[Piece] = []
    for side, z in SIDES:
        centre = np.array(eye_point(build, z), np.float32)
        r = ball_m(build)
        found.append(_ball(side, centre, r, iris, build, steps))
        found += _lids(side, z, centre, r * _SHELL, skin, lashes, steps)
    return found


def _ball(side: str, centre: NDArray[np.float32], r: float, iris: Colour, build: Build, steps: int) -> Piece:
    # Rings crowd where the colours change: pupil, iris and its dark rim.
    wide = 0.50 + 0.05 * (build.eyes - 1)
    rings = np.array([0.0, 0.4, 0.47, 0.52, 0.75, 0.90, 0.97, 1.05, 1.3, 1.9, 2.7, 3.4], np.float32) * wide
    around = np.linspace(0, 2 * math.pi, 24 // steps + 1)
    a, b = np.meshgrid(rings, around, indexing="ij")
    grid = np.stack([np.cos(a), np.sin(a) * np.cos(b), np.sin(a) * np.sin(b)], axis=2)
    # The cornea stands off the ball, which makes profiles read.
    bulge = 1 + 0.05 * np.clip(1 - (a / (1.1 * wide)) ** 2, 0, 1)
    share = a / wide
    streaks = 1 + 0.22 * np.sin(11 * b) + 0.14 * np.sin(23 * b + 1)
    inner, outer = np.array(iris, np.float32), 0.35 * np.array(iris, np.float32)
    blend = np.clip((share - 0.5) / 0.45, 0, 1)[..., None]
    # Light gathers in the lower half of an iris, opposite the lamp.
    bowl = (1.25 - 0.75 * np.cos(b))[..., None]
    colour = (1.7 * inner * (1 - blend**2) + outer * blend**2) * streaks[..., None] * bowl
    colour[share < 0.50] = 0.003
    colour[(share > 0.93) & (share < 1.0)] = 0.012
    white = np.array(_WHITE, np.float32) * (1 - 0.30 * np.clip(share - 1.6, 0, 1)[..., None])
    white[..., 1:] *= 1 - 0.18 * np.clip(share - 1.9, 0, 1)[..., None]
    colour = np.where((share > 1.0)[..., None], white, colour)
    free = np.clip(
        0.95 - 0.62 * np.clip(grid[..., 1] + 0.05, 0, 1) ** 0.8 - 0.25 * np.abs(grid[..., 2]), 0.12, 1
    )
    return Piece(
        name="ball" + side, bone="eye" + side, grid=(centre + r * bulge[..., None] * grid).astype(np.float32),
        colour=colour.astype(np.float32), gloss=0.10, open=free.astype(np.float32), out=centre,
    )  # fmt: skip


def _lids(
    side: str, z: float, centre: NDArray[np.float32], r: float, skin: Colour, lashes: float, steps: int
) -> list[Piece]:
    along = np.linspace(-1.48, 1.48, 20 // steps + 1)
    tone = np.array(skin, np.float32)
    shadow = tone * np.array([0.80, 0.70, 0.66], np.float32)
    rim = 0.5 * shadow + 0.5 * _LINE if lashes > 0.3 else 0.8 * shadow + 0.2 * _LINE

    def strip(turns: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float32]:
        b, a = np.meshgrid(turns, along, indexing="ij")
        c = np.broadcast_to(radii[:, None], b.shape)
        ball = np.stack([np.cos(a) * np.cos(b), np.cos(a) * np.sin(b), np.sin(a)], axis=2)
        ball[..., 1] += _TILT * z * np.sin(a)
        return (centre + r * c[..., None] * ball).astype(np.float32)

    found: list[Piece] = []
    for name, sign, edge in (("lid", 1.0, UPPER_RAD), ("lol", -1.0, LOWER_RAD)):
        turns = sign * np.array(
            [edge + 0.10, edge, edge - 0.02, edge + 0.10, edge + 0.30, edge + 0.6, edge + 1.0, edge + 1.4]
        )
        radii = np.array([0.90, 0.92, 1.0, 1.02, 1.01, 0.99, 0.96, 0.9])
        tones = [rim, rim, rim, shadow, tone, shadow if sign > 0 else tone, tone, tone]
        grid = strip(turns, radii)
        colour = np.broadcast_to(np.stack(tones)[:, None], grid.shape).astype(np.float32)
        free = np.broadcast_to(np.array([0.4, 0.5, 0.9, 0.95, 0.95, 0.6, 0.5, 0.4])[:, None], grid.shape[:2])
        found.append(
            Piece(name=name + side, bone=name + side, grid=grid, colour=colour, gloss=0.12,
                  open=free.astype(np.float32), out=centre)
        )  # fmt: skip
    if lashes > 0.05:
        found += [_lashes(side, z, centre, r, lashes, steps, under=under) for under in (False, True)]
    return found


def _lashes(
    side: str, z: float, centre: NDArray[np.float32], r: float, lashes: float, steps: int, *, under: bool
) -> Piece:
    """A fringe of tapered tufts; drawn from both sides, since one looks at it from below or above."""
    a = np.linspace(-1.15, 1.38, 56 // steps + 1) * z
    outer = np.clip((a * z + 1.2) / 2.5, 0, 1)
    teeth = 0.35 + 0.65 * (np.arange(len(a)) % 2)
    length = (0.12 + 0.30 * outer**1.3) * teeth * (0.5 + 0.5 * lashes)
    root = np.stack([np.cos(a) * math.cos(UPPER_RAD), np.cos(a) * math.sin(UPPER_RAD), np.sin(a)], axis=1)
    root[:, 1] += _TILT * z * np.sin(a)
    away = np.stack([np.cos(a) * 0.85, np.full_like(a, 0.32), np.sin(a) * 0.8], axis=1)
    middle = root * 1.005 + 0.5 * length[:, None] * away
    tip = root + length[:, None] * (away + np.array([0, 0.38, 0]))
    rows = [root * 0.99, root * 1.01, middle, tip]
    grid = (centre + r * np.stack(rows)).astype(np.float32)
    if under:
        grid = np.ascontiguousarray(grid[::-1])
    return Piece(
        name=f"lash{side}{int(under)}", bone="lid" + side, grid=grid,
        colour=np.broadcast_to(_LINE, grid.shape).astype(np.float32), gloss=0.02, open=0.9,
    )  # fmt: skip
