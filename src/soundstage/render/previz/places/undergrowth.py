"""Grass and ferns that stand in the world, sway in the wind and are lit by sky, sun and every small lamp."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from soundstage.render.previz.kernels.plants import AIR_LENGTH, grow_strokes
from soundstage.render.previz.kernels.strokes import STROKE_COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.places.trunks import Air
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

GRASS = (0.150, 0.215, 0.085)
FERN = (0.105, 0.190, 0.075)
SNOW = (0.72, 0.74, 0.78)
#: a lamp of intensity 1 at 10 cm lights a white card with about 1e2 of these
LAMP_ROOT = 0.00018
LAMP_TIP = 0.00055
MOST_BLUR = 0.030  #: of the frame's height


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

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw the blades, each blurred by itself, or all together when `soft`."""
        count = len(self.blades.points)
        target, seen, blur_px = canvas, view, 0.0
        if self.soft:
            blur_px = float(view.coc_px(max(self.depth_m - view.eye_m[2], 0.05)))
            blur_px = min(blur_px, MOST_BLUR * view.height_px)
            # As small as the blur allows: the disc kernel's cost grows with its area.
            scale = 0.25 / canvas.scale
            while blur_px * scale > 3.5 and scale * canvas.scale > 0.07:
                scale /= 2
            target, seen = canvas.scratch(scale), view.scaled(scale)
            blur_px *= scale
        strokes = np.empty((count, STROKE_COLUMNS), np.float32)
        blades = self.blades
        grow_strokes(
            blades.points, blades.flex, blades.phase, blades.width, blades.albedo,
            seen.packed(), self.air, moment.lamps, np.float32(moment.t_s), np.float32(self.wind),
            np.float32(0.0 if self.soft else 0.5), strokes,
        )  # fmt: skip
        target.strokes(strokes)
        if self.soft:
            canvas.over_scratch(target, blur_px=blur_px, opacity=self.opacity)


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
    pairs = 34
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


def grow_undergrowth(context: SetContext, view: View, air: Air, *, closeness: float) -> list[Layer]:
    """Grow what stands around the subject: behind it, beside it, and out of focus in front of the lens.

    Args:
        context: of the shot.
        view: the camera at the start.
        air: the forest's light.
        closeness: 1 when an insect fills the frame: tall grass all across. 0: low growth, a clearing in the middle.
    """
    stage = context.camera.focus_m
    eye_z = view.eye_m[2]
    tall = 0.14 + 0.36 * closeness
    rng = context.rng("undergrowth")
    layers: list[Layer] = []
    # (name, range of depth in stages, blades, height, open middle in half widths, soft, canvas, light)
    bands: tuple[
        tuple[str, tuple[float, float], int, float, float, bool, Literal["back", "full"], float], ...
    ] = (
        ("behind", (1.5, 2.5), 560, 1.0, 0.0, True, "back", 1.25),
        ("beside", (0.9, 1.18), 470, 0.95, 0.55 * (1 - closeness), False, "full", 1.0),
        ("before", (0.40, 0.58), 30, 0.9, 0.75 * (1 - closeness) + 0.1, True, "full", 0.30),
    )
    for name, (near, far), count, high, gap, soft, focus, gain in bands:
        z = rng.uniform(near, far, count) * stage
        across = rng.uniform(-1.35, 1.35, count)
        across = np.where(
            np.abs(across) < gap, np.sign(across) * (gap + rng.random(count) * (1.35 - gap)), across
        )
        x = across * z * view.half_width_m(1.0) + view.eye_m[0]
        # In a close-up the ground rises into the frame's lower edge, so that the blades' dark feet are seen.
        root = np.maximum(view.eye_m[1] - (1.05 + 0.25 * rng.random(count)) * z * view.half_height_m(1.0), 0.0)
        parts = [
            grow_grass(
                rng, count, x_m=x, root_m=root * (closeness > 0.3), z_m=z + eye_z, height_m=(tall * high * 0.62, tall * high),
                lean=0.10, white=air.white,
            )
        ]  # fmt: skip
        if name == "beside":
            parts += _ferns(rng, view, stage, closeness, air.white)
        if name == "before" and closeness <= 0.3:
            parts += _foreground(rng, view, stage, air.white)
        layers.append(
            Thicket(
                depth_m=eye_z + stage * (near + far) / 2,
                blades=Blades.joined(parts),
                air=_plant_air(air, gain),
                wind=air.wind,
                focus=focus,
                soft=soft,
            )
        )
    return layers


def _ferns(rng: np.random.Generator, view: View, stage: float, closeness: float, white: float) -> list[Blades]:
    """Grow clumps of fern on both sides of the subject; in a close-up they reach up into the frame's lower edge."""
    near = closeness > 0.3
    parts: list[Blades] = []
    for side in (-1.0, 1.0):
        for clump in range(2 if near else 4):
            z = stage * float(rng.uniform(1.02, 1.22) if near else rng.uniform(0.72, 1.45))
            x = side * view.half_width_m(z) * float(rng.uniform(0.60 + 0.12 * clump, 1.15 + 0.12 * clump))
            foot = max(view.eye_m[1] - 0.24, 0.0) if near else -0.03
            length = float(rng.uniform(0.24, 0.36) if near else rng.uniform(0.35, 0.62))
            parts += _clump(rng, (x, foot, view.eye_m[2] + z), 2 if near else 5, length, white)
    return parts


def _foreground(rng: np.random.Generator, view: View, stage: float, white: float) -> list[Blades]:
    """Grow fern before the lens in both lower corners, so that a wide shot has a near, dark, soft edge."""
    parts: list[Blades] = []
    for side in (-1.0, 1.0):
        z = stage * float(rng.uniform(0.36, 0.48))
        foot = view.eye_m[1] - view.half_height_m(z) * 1.18
        x = side * view.half_width_m(z) * float(rng.uniform(0.82, 1.06))
        length = view.half_height_m(z) * float(rng.uniform(0.62, 0.95))
        parts += _clump(rng, (x, foot, view.eye_m[2] + z), 6, length, white)
    return parts


def _clump(
    rng: np.random.Generator, foot_m: tuple[float, float, float], count: int, length_m: float, white: float
) -> list[Blades]:
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


def _plant_air(air: Air, gain: float) -> NDArray[np.float32]:
    numbers = [
        *(air.ambient * gain), *(air.sun * 0.22 * gain), *air.fog, air.fog_per_m * 0.8,
        0.22, 0.05, LAMP_ROOT * min(gain, 1.0), LAMP_TIP * min(gain, 1.0),
    ]  # fmt: skip
    assert len(numbers) == AIR_LENGTH
    return np.array(numbers, np.float32)
