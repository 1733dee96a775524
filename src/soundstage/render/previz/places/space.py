"""Space: stars all round, clouds of gas, a world that hangs in it; or the ground of one.

The void has no horizon: its sky reaches below. What may be seen is `data/space.toml`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels import sky as kernels
from soundstage.render.previz.kernels.composite import draw_over
from soundstage.render.previz.places import land
from soundstage.render.previz.places.land_noise import Noise, smooth
from soundstage.render.previz.places.land_sky import read_space, said_in, void_light, world_of
from soundstage.render.previz.scene import Ground, Place
from soundstage.render.previz.sky import SKY_DEPTH_M, CloudCard, pixel_rays

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.scene import Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
STARS = 5200
GAS_PX = 560
DUST = 170


@dataclass(frozen=True, slots=True, kw_only=True)
class Void:
    """Darkness, gas and stars in every direction."""

    gas: CloudCard
    directions: NDArray[np.float32]  #: (N, 3)
    light: NDArray[np.float32]  #: (N, 3)
    radius: NDArray[np.float32]  #: (N,) of a thousandth of the frame's height
    dark: NDArray[np.float32]  #: (3,)
    depth_m: float = SKY_DEPTH_M
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Fill the frame."""
        for plane, dark in zip(canvas.planes, self.dark, strict=True):
            plane[:] = dark
        small = view.scaled(0.25)
        card = self.gas.warped(pixel_rays(small), small.width_px, small.height_px, moment.t_s)
        full = cv2.resize(card, (canvas.width, canvas.height), interpolation=cv2.INTER_LINEAR)
        draw_over(*canvas.rgb, np.asarray(full, np.float32).reshape(canvas.height, -1), f32(1))
        x, y, scale = view.project(np.asarray(view.eye_m, np.float32) + self.directions * f32(1000))
        size = np.maximum(self.radius * f32(view.height_px / 1000), f32(0.6))
        table = np.column_stack([x, y, size, self.light])[scale > 0]
        kernels.stamp_stars(*canvas.rgb, np.ascontiguousarray(table, np.float32))


@dataclass(frozen=True, slots=True, kw_only=True)
class Motes:
    """Specks of ice and dust that drift past the lens, near ones out of focus: what makes the void deep."""

    home: NDArray[np.float32]  #: (N, 3) 0..1
    colour: NDArray[np.float32]
    stage_m: float
    depth_m: float = 0.3
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Add every speck."""
        depth = self.stage_m * (0.2 + 2.6 * self.home[:, 2])
        half = depth * f32(view.width_px / (2 * view.focal_px)) * 1.3 + 0.2
        t = moment.t_s

        def wrapped(free: NDArray[np.floating], eye: float) -> NDArray[np.floating]:
            return (free - eye + half) % (2 * half) - half + eye

        x = wrapped(self.home[:, 0] * 2 * half + 0.03 * self.stage_m * t, view.eye_m[0])
        y = wrapped(self.home[:, 1] * 2 * half - 0.012 * self.stage_m * t, view.eye_m[1])
        px, py, scale = view.project(np.stack([x, y, depth + view.eye_m[2]], 1))
        radius = np.clip(
            view.coc_px(depth) * 0.8 + 0.0012 * self.stage_m * scale, 0.7, 0.014 * view.height_px
        )
        power = (0.3 + 0.7 * self.home[:, 0]) / (1 + 0.5 * radius**1.6)
        discs = np.column_stack([px, py, radius, self.colour * power[:, None], np.full_like(px, 0.2)])
        canvas.bokeh(discs[scale > 0])


def _gas(ctx: SetContext) -> CloudCard:
    """Paint clouds of gas over the directions ahead, brightest along one slanting band."""
    table = read_space()["gas"]
    strong = any(word in said_in(ctx) for word in table["words"])
    gain = (2.4 if strong else 2.4 * float(table["faint"])) / max(ctx.light.grade.exposure, 0.6)
    noise = Noise.of(ctx.rng("gas"))
    yy, xx = np.mgrid[1.6 : -1.6 : GAS_PX * 1j, -1.6 : 1.6 : GAS_PX * 1j].astype(np.float32)
    bend = noise.fractal(xx, yy, 0.9, 3, 3) - 0.5
    band = np.exp(-(((yy * 0.86 + xx * 0.50 + 0.7 * bend - 0.1) / 0.42) ** 2))
    light = np.zeros((*xx.shape, 3), np.float32)
    for k, colour in enumerate(table["colours"]):
        cloud = noise.fractal(xx + 0.5 * bend, yy - 0.4 * bend, 0.8, 7, 11 + 9 * k)
        light += (smooth(0.42, 0.78, cloud) * (0.25 + band))[..., None] * np.array(colour, np.float32)
    veil = smooth(0.50, 0.72, noise.fractal(xx, yy + bend, 0.5, 6, 51))  # dust before the light
    light *= (1 - 0.75 * veil * band)[..., None] * f32(gain)
    image = np.dstack([light, np.zeros_like(band)])
    yaw = sum(ctx.camera.view(u, u * ctx.seconds).yaw_rad for u in (0.0, 0.5, 1.0)) / 3
    step = 3.2 / (GAS_PX - 1)
    return CloudCard(
        image=np.ascontiguousarray(image, np.float32), yaw_rad=yaw, x0=-1.6, y0=1.6, dx=step, dy=-step,
        drift_per_s=0.0015,
    )  # fmt: skip


def build(ctx: SetContext) -> Place:
    """Build the void, or the ground of a world."""
    said = f"{ctx.shot.setting} {ctx.shot.text}".lower()
    surface = read_space()["surface"]
    if any(word in said for word in surface["words"]) and not any(w in said for w in surface["aloft"]):
        return land.build(ctx)
    ctx = void_light(ctx)
    rng = ctx.rng("void")
    way = rng.normal(0, 1, (STARS, 3))
    way /= np.linalg.norm(way, axis=1, keepdims=True)
    power = np.minimum(rng.pareto(1.4, STARS) * 0.06 + 0.03, 1.3)
    warm = rng.uniform(-1, 1, (STARS, 1))
    tint = np.array([0.94, 0.95, 1.0]) + warm * np.array([0.14, 0.0, -0.18])
    stage = ctx.camera.focus_m
    layers: list[Layer] = [
        Void(
            gas=_gas(ctx),
            directions=way.astype(np.float32),
            light=(power[:, None] * tint).astype(np.float32),
            radius=(0.7 + 1.0 * np.minimum(power, 0.7)).astype(np.float32),
            dark=np.array(ctx.light.sky_zenith, np.float32),
        ),
        Motes(
            home=rng.random((DUST, 3)).astype(np.float32),
            colour=np.array(ctx.light.sun_colour, np.float32) * f32(0.10),
            stage_m=stage,
        ),
    ]
    world = world_of(ctx)
    if world:
        layers.append(world)
    return Place(
        layers=tuple(layers),
        ground=Ground(
            albedo=(0.01, 0.01, 0.013), stage_m=ctx.camera.eye_m[2] + stage,
            half_width_m=ctx.start.half_width_m(stage),
        ),
    )  # fmt: skip
