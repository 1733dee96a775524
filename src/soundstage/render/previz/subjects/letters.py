"""What has no model yet stands in the scene as its name, in lit extruded letters.

The word is set once per shot and turned, lit, mirrored and shadowed per frame.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels.letters import MATTER, MATTER_SIZE, ROOM, ROOM_SIZE, light_solid
from soundstage.render.previz.rig.raster import cover, draw_mesh, project, put, view_row, window_of
from soundstage.render.previz.subjects.letters_mesh import THICK, Solid, extrude
from soundstage.render.previz.subjects.letters_stance import Motion, Stance, read_motion, stand
from soundstage.render.previz.subjects.letters_type import break_lines, read_letters, set_type

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.film import Subject
    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import Ground, Layer, Moment, SetContext
    from soundstage.render.previz.view import View

f32 = np.float32
MOST_COPIES = 3
LOWEST_SUN = 0.34  #: sine; a lower sun would throw the shadow out of the picture
SHADOW_SCALE = 0.25
MIRROR_SCALE = 0.5
LEAST_KEY = 0.34  #: of the soft key, as the film sees it


@dataclass(frozen=True, slots=True, kw_only=True)
class Letters:
    """One word, standing."""

    solid: Solid
    stance: Stance
    motion: Motion
    matter: NDArray[np.float32]  #: (MATTER_SIZE,)
    light: Light
    ground: Ground
    depth_m: float
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw shadow, mirror image and letters of one frame."""
        points, normals = self.stance.place(self.solid, self.motion, moment.t_s)
        colours = np.empty_like(points)
        light_solid(
            points, normals, f32(self.ground.height_m), f32(0.9 * self.stance.cap_m),
            self._room(view), self.matter, moment.lamps, colours,
        )  # fmt: skip
        colours = self.light.in_air(colours, math.dist(view.eye_m, self.stance.spot_m))
        self._shade_ground(canvas, view, points)
        if self.ground.wetness > 0.03:
            self._mirror(canvas, view, points, colours)
        screen = project(points, view_row(view))
        window = window_of(screen, 2, canvas.width, canvas.height)
        if window is None:
            return
        tile = draw_mesh(self.solid.triangles, screen, colours, window, samples=2)
        put(tile.image, canvas, window.left, window.top)

    def _room(self, view: View) -> NDArray[np.float32]:
        light = self.light
        sun, fill = np.array(light.sun_colour), np.array(light.ambient_up)
        level = float(sun @ (0.2126, 0.7152, 0.0722))
        # A soft key from the camera's side, as a film crew would set it: backlit letters must still be read.
        key = fill * 0.9 + 0.30 * (0.6 * sun + 0.4 * level) * (
            0.35 + 0.65 * max(float(light.sun_direction[2]), 0)
        )
        # By night it burns higher: what stands for the asked thing must be read.
        seen = max(float(key @ (0.2126, 0.7152, 0.0722)), 1e-4)
        key = key * max(LEAST_KEY / light.grade.exposure / seen, 1.0)
        key_to = np.array([-0.52, 0.58, -0.63])
        room = np.zeros(ROOM_SIZE, np.float32)
        for name, value in (
            ("sun_to", light.sun_direction), ("sun", sun), ("key_to", key_to), ("key", key),
            ("sky", np.array(light.sky_zenith) + 0.5 * fill), ("horizon",
            np.array(light.sky_horizon) + fill * 0.4),
            ("ground", np.array(light.ambient_down) + 0.25 * np.array(self.ground.albedo) * fill),
            ("rim", light.rim_colour), ("eye", view.eye_m),
        ):  # fmt: skip
            room[ROOM[name] : ROOM[name] + 3] = value
        return room

    def _shade_ground(self, canvas: Canvas, view: View, points: NDArray[np.float32]) -> None:
        """Darken the ground under the letters, and where they keep the sun away."""
        low = view.scaled(SHADOW_SCALE)
        sun = self.light.sun_direction.astype(np.float64)
        sun[1] = max(float(sun[1]), LOWEST_SUN)
        above = points[:, 1:2] - f32(self.ground.height_m)
        cast = points - above * (sun / sun[1]).astype(np.float32)
        screen = project(np.ascontiguousarray(cast, np.float32), view_row(low))
        window = window_of(screen, 12, low.width_px, low.height_px)
        if window is not None:
            mask = cover(self.solid.triangles, screen, window)
            mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.006 * low.height_px, 0.5)), np.float32)
            level = float(np.array(self.light.sun_colour) @ (0.2126, 0.7152, 0.0722))
            fill = float(np.array(self.light.ambient_up) @ (0.2126, 0.7152, 0.0722))
            hard = math.exp(-14 * self.light.fog_density_per_m)  # fog and cloud leave no edge to a shadow
            share = 0.9 * hard * level / (level + 2.2 * fill + 1e-4) * (1 - 0.6 * self.ground.wetness)
            _darken(canvas, mask * f32(share), window.left, window.top)
        corners = self.stance.footprint(self.solid, self.motion)
        foot = project(corners, view_row(low))
        window = window_of(foot, 16, low.width_px, low.height_px)
        if window is not None and (foot[:, 2] > 0.1).all():
            mask = np.zeros(window.shape, np.float32)
            shape = np.round((foot[:, :2] - (window.left, window.top)) * 16).astype(np.int32)
            cv2.fillConvexPoly(mask, shape, 1.0, cv2.LINE_AA, 4)
            soft = 0.012 + 0.03 * self.stance.lift
            mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), soft * low.height_px), np.float32)
            _darken(canvas, mask * f32(0.62 / (1 + 4 * self.stance.lift)), window.left, window.top)

    def _mirror(
        self, canvas: Canvas, view: View, points: NDArray[np.float32], colours: NDArray[np.float32]
    ) -> None:
        """Put the letters' mirror image on wet or polished ground."""
        half = view.scaled(MIRROR_SCALE)
        flipped = points * np.array([1, -1, 1], np.float32)
        flipped[:, 1] += f32(2 * self.ground.height_m)
        screen = project(flipped, view_row(half))
        window = window_of(screen, 10, half.width_px, half.height_px)
        if window is None:
            return
        tile = draw_mesh(self.solid.triangles, screen, colours, window, mirrored=True)
        rough = 1.6 - self.ground.wetness
        sigma = 0.004 * half.height_px * rough
        image = cv2.GaussianBlur(tile.image, (0, 0), max(0.4 * sigma, 0.3), sigmaY=max(1.5 * sigma, 0.3))
        fade = np.linspace(1.0, 0.10, image.shape[0], dtype=np.float32) * f32(0.62 * self.ground.wetness)
        image *= fade[:, None, None]
        rows, columns = window.shape
        large = cv2.resize(image, (columns * 2, rows * 2), interpolation=cv2.INTER_LINEAR)
        put(np.asarray(large, np.float32), canvas, window.left * 2, window.top * 2)


def _darken(canvas: Canvas, mask: NDArray[np.float32], left: int, top: int) -> None:
    """Multiply a part of the canvas by 1 - mask, whose corner is at (left, top), all at SHADOW_SCALE."""
    grow = round(1 / SHADOW_SCALE)
    full = cv2.resize(mask, (mask.shape[1] * grow, mask.shape[0] * grow), interpolation=cv2.INTER_LINEAR)
    y, x = top * grow, left * grow
    part = canvas.planes[:, y : y + full.shape[0], x : x + full.shape[1]]
    part *= 1 - full[: part.shape[1], : part.shape[2]]


def mix_matter(attributes: Sequence[str], light: Light) -> NDArray[np.float32]:
    """Return what the letters are made of, by the words said of the subject."""
    table = read_letters()
    mixed = dict(table["default"])
    for word, change in table["matter"].items():
        if word in attributes:
            mixed.update(change)
    matter = np.zeros(MATTER_SIZE, np.float32)
    matter[MATTER["albedo"] : MATTER["albedo"] + 3] = mixed["albedo"]
    matter[MATTER["gloss"]] = mixed["gloss"]
    matter[MATTER["metal"]] = mixed["metal"]
    # A lamp is bright against its surroundings, not in itself: at noon the same letter hardly glows.
    level = (0.35 + 0.65 * light.darkness) / max(light.grade.exposure, 0.3)
    matter[MATTER["glow"] : MATTER["glow"] + 3] = np.array(mixed["glow"]) * level
    return matter


def build(subject: Subject, index: int, ctx: SetContext, ground: Ground) -> Sequence[Layer]:
    """Build a subject that no other builder knows, as letters."""
    lines = break_lines(subject.noun, min(subject.count, MOST_COPIES))
    solid = extrude(set_type(lines))
    motion = read_motion(subject.action, ctx.rng(f"letters {index}"))
    stance = stand(solid, index, ctx, ground, motion)
    return (
        Letters(
            solid=solid if motion.spin else solid.front(),
            stance=stance,
            motion=motion,
            matter=mix_matter(subject.attributes, ctx.light),
            light=ctx.light,
            ground=ground,
            depth_m=max(stance.spot_m[2] - ctx.start.eye_m[2] - THICK * stance.cap_m, 0.1),
        ),
    )
