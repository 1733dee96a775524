"""What grows around the subject: layers of grass and fern, lit by sky, sun and every small lamp."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.kernels.plants import AIR_LENGTH, grow_strokes
from soundstage.render.previz.kernels.strokes import STROKE_COLUMNS
from soundstage.render.previz.places.plants import Blades, grow_clump, grow_grass

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.foliage import Air
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

#: light of a lamp of intensity 1 at 1 m on a white card, at the foot and at the tip of a blade
LAMP_ROOT = 0.00018
LAMP_TIP = 0.00055
MOST_BLUR = 0.030  #: of the frame's height
LEAST_BLUR = 0.010  #: of a soft band: its canvas is too small to be seen sharp
WIDTH = 1.35  #: half frames that growth reaches to each side


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """A strip of growth across the frame."""

    near: float  #: in stage distances
    far: float
    blades: int
    height: float  #: as a share of the tallest
    gap: float  #: half widths left open in the middle of a wide shot
    soft: bool
    focus: Literal["back", "full"]
    light: float  #: share of the light that reaches it


BEHIND = Band(near=1.5, far=2.5, blades=560, height=1.0, gap=0.0, soft=True, focus="back", light=1.25)
BESIDE = Band(near=0.9, far=1.18, blades=470, height=0.95, gap=0.55, soft=False, focus="full", light=1.0)
BEFORE = Band(near=0.40, far=0.58, blades=30, height=0.9, gap=0.85, soft=True, focus="full", light=0.30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Thicket:
    """A layer of blades."""

    depth_m: float
    blades: Blades
    air: NDArray[np.float32]  #: (AIR_LENGTH,) as `kernels.plants.AIR`
    wind: float
    focus: Literal["back", "full"] = "full"
    soft: bool = (
        False  #: painted at a quarter of the frame and blurred as a whole, for what is far out of focus
    )
    opacity: float = 1.0
    period_m: float = (
        0.0  #: blades repeat sideways at this distance, so that a travelling camera finds more; 0: once
    )

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw the blades, each blurred by itself, or all together when `soft`."""
        count = len(self.blades.points)
        target, seen, blur_px = canvas, view, 0.0
        if self.soft:
            blur_px = float(view.coc_px(max(self.depth_m - view.eye_m[2], 0.05)))
            blur_px = min(max(blur_px, LEAST_BLUR * view.height_px), MOST_BLUR * view.height_px)
            # As small as the blur allows: the disc kernel's cost grows with its area.
            scale = 0.25 / canvas.scale
            while blur_px * scale > 3.5 and scale * canvas.scale > 0.07:
                scale /= 2
            target, seen = canvas.scratch(scale), view.scaled(scale)
            blur_px *= scale
        strokes = np.empty((count, STROKE_COLUMNS), np.float32)
        blades = self.blades
        grow_strokes(
            self._around(view.eye_m[0]), blades.flex, blades.phase, blades.width, blades.albedo,
            seen.packed(), self.air, moment.lamps, np.float32(moment.t_s), np.float32(self.wind),
            np.float32(0.0 if self.soft else 0.5), strokes,
        )  # fmt: skip
        target.strokes(strokes)
        if self.soft:
            canvas.over_scratch(target, blur_px=blur_px, opacity=self.opacity)

    def _around(self, eye_x_m: float) -> NDArray[np.float32]:
        """Return the blades' points, each moved by whole periods to where it is nearest to the eye."""
        points = self.blades.points
        if not self.period_m:
            return points
        shift = self.period_m * np.round((eye_x_m - points[:, 0]) / self.period_m)
        if not shift.any():
            return points
        moved = points.copy()
        moved[:, ::3] += shift[:, None].astype(np.float32)
        return moved


def grow_undergrowth(context: SetContext, view: View, air: Air, *, closeness: float) -> list[Layer]:
    """Grow what stands around the subject: behind it, beside it, and out of focus in front of the lens.

    Args:
        context: of the shot.
        view: the camera at the start.
        air: the forest's light.
        closeness: 1 when an insect fills the frame: tall grass all across. 0: low growth, a clearing.
    """
    stage = context.camera.focus_m
    tall_m = 0.26 + 0.24 * closeness
    rng = context.rng("undergrowth")
    layers: list[Layer] = []
    for band in (BEHIND, BESIDE, BEFORE):
        parts = [_grass_band(rng, view, band, stage, closeness, tall_m, air.white)]
        if band is BESIDE:
            parts += _ferns(rng, view, stage, closeness, air.white)
        if band is BEFORE and closeness <= 0.3:
            parts += _foreground(rng, view, stage, air.white)
        layers.append(
            Thicket(
                depth_m=view.eye_m[2] + stage * (band.near + band.far) / 2,
                blades=Blades.joined(parts),
                air=_plant_air(air, band.light),
                wind=air.wind,
                period_m=2.4 * WIDTH * view.half_width_m(stage * band.far),
                focus=band.focus,
                soft=band.soft,
            )
        )
    return layers


def _grass_band(
    rng: np.random.Generator,
    view: View,
    band: Band,
    stage: float,
    closeness: float,
    tall_m: float,
    white: float,
) -> Blades:
    count = band.blades
    z = rng.uniform(band.near, band.far, count) * stage
    across = rng.uniform(-WIDTH, WIDTH, count)
    gap = band.gap * (1 - closeness)
    aside = np.sign(across) * (gap + rng.random(count) * (WIDTH - gap))
    x = np.where(np.abs(across) < gap, aside, across) * z * view.half_width_m(1.0) + view.eye_m[0]
    # In a close-up the ground rises into the frame's lower edge, so that the blades' dark feet are seen.
    rise = (1.05 + 0.25 * rng.random(count)) * z * view.half_height_m(1.0)
    root = np.maximum(view.eye_m[1] - rise, 0.0) * (closeness > 0.3)
    return grow_grass(
        rng,
        count,
        x_m=x,
        root_m=root,
        z_m=z + view.eye_m[2],
        height_m=(tall_m * band.height * 0.62, tall_m * band.height),
        lean=0.10,
        white=white,
    )


def _ferns(
    rng: np.random.Generator, view: View, stage: float, closeness: float, white: float
) -> list[Blades]:
    """Grow clumps of fern on both sides of the subject; in a close-up they reach up into the frame."""
    near = closeness > 0.3
    parts: list[Blades] = []
    for side in (-1.0, 1.0):
        for clump in range(2 if near else 4):
            z = stage * float(rng.uniform(1.02, 1.22) if near else rng.uniform(0.72, 1.45))
            x = side * view.half_width_m(z) * float(rng.uniform(0.60 + 0.12 * clump, 1.15 + 0.12 * clump))
            foot = max(view.eye_m[1] - 0.24, 0.0) if near else -0.03
            length = float(rng.uniform(0.24, 0.36) if near else rng.uniform(0.35, 0.62))
            parts += grow_clump(rng, (x, foot, view.eye_m[2] + z), 2 if near else 5, length, white)
    return parts


def _foreground(rng: np.random.Generator, view: View, stage: float, white: float) -> list[Blades]:
    """Grow fern before the lens in both lower corners, so that a wide shot has a near, dark, soft edge."""
    parts: list[Blades] = []
    for side in (-1.0, 1.0):
        z = stage * float(rng.uniform(0.36, 0.48))
        foot = view.eye_m[1] - view.half_height_m(z) * 1.18
        x = side * view.half_width_m(z) * float(rng.uniform(0.82, 1.06))
        length = view.half_height_m(z) * float(rng.uniform(0.62, 0.95))
        parts += grow_clump(rng, (x, foot, view.eye_m[2] + z), 6, length, white)
    return parts


def _plant_air(air: Air, gain: float) -> NDArray[np.float32]:
    numbers = [
        *(air.ambient * gain), *(air.sun * 0.22 * gain), *air.fog, air.fog_per_m * 0.8,
        0.22, 0.05, LAMP_ROOT * min(gain, 1.0), LAMP_TIP * min(gain, 1.0),
    ]  # fmt: skip
    assert len(numbers) == AIR_LENGTH
    return np.array(numbers, np.float32)
