"""Draws a posed solid: its shadow, its mirror image, itself, its lamps, its steam. Builds nothing."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import cv2
import numpy as np

from soundstage.render.previz.kernels.letters import light_solid
from soundstage.render.previz.rig.raster import cover, draw_mesh, project, put, view_row, window_of
from soundstage.render.previz.scene import LAMP_COLUMNS, NO_LAMPS
from soundstage.render.previz.subjects.solid_matter import LUMA, light_room
from soundstage.render.previz.subjects.solid_motion import place

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.scene import Ground, Moment
    from soundstage.render.previz.subjects.solid_build import Model
    from soundstage.render.previz.subjects.solid_motion import Course, Pose
    from soundstage.render.previz.view import View

f32 = np.float32
LOWEST_SUN = 0.34  #: sine; a lower sun would throw the shadow out of the picture
SHADOW_SCALE = 0.25
MIRROR_SCALE = 0.5
PUFFS = 16
MOST_FOG = 0.16  #: optical depth of the air before a solid


@dataclass(frozen=True, slots=True, kw_only=True)
class Solid:
    """One thing of a shot."""

    model: Model
    course: Course
    rows: Mapping[str, NDArray[np.float32]]  #: kernel rows of matter, by name
    light: Light
    ground: Ground  #: what it stands on: a table top is ground too
    depth_m: float
    shadow: bool = True
    focus: Literal["back", "full"] = "full"

    def draw(self, canvas: Canvas, view: View, moment: Moment) -> None:
        """Draw one frame."""
        pose = self.course.pose(moment.t_s)
        points, normals = place(self.model, pose)
        if self.course.habitat == "water":
            # What lies under water is not seen: the hull is cut where it goes in.
            np.maximum(points[:, 1], f32(self.ground.height_m), out=points[:, 1])
        colours = self._lit(points, normals, view, moment)
        if self.shadow:
            self._shade_ground(canvas, view, points)
        if self.ground.wetness > 0.03:
            self._mirror(canvas, view, points, colours)
        screen = project(points, view_row(view))
        window = window_of(screen, 2, canvas.width, canvas.height)
        if window is not None:
            tile = draw_mesh(self.model.triangles, screen, colours, window, samples=2 if self.shadow else 1)
            put(tile.image, canvas, window.left, window.top)
        self._shine(canvas, view, pose)
        self._steam(canvas, view, pose)

    def _lit(
        self, points: NDArray[np.float32], normals: NDArray[np.float32], view: View, moment: Moment
    ) -> NDArray[np.float32]:
        colours = np.empty_like(points)
        room = light_room(self.light, self.ground, view)
        tall = f32(0.5 * self.course.size_m)
        for name, first, last in self.model.matters:
            light_solid(
                points[first:last], normals[first:last], f32(self.ground.height_m), tall, room,
                self.rows[name], moment.lamps, colours[first:last],
            )  # fmt: skip
        colours *= self.model.shade
        # What the film is about stays readable in the thickest air.
        away = math.dist(view.eye_m, tuple(points.mean(axis=0).tolist()))
        clear = MOST_FOG / max(self.light.fog_density_per_m, 1e-6)
        return self.light.in_air(colours, min(away, clear))

    def lamps(self, moment: Moment) -> NDArray[np.float32]:
        """Return the lights it carries, for what stands around it."""
        rows = self._lamp_rows(self.course.pose(moment.t_s))
        if not len(rows) or self.light.darkness < 0.15:
            return NO_LAMPS
        out = np.zeros((len(rows), LAMP_COLUMNS), f32)
        out[:, 0:3], out[:, 3:6] = rows[:, 0:3], rows[:, 4:7]
        out[:, 6] = 0.10 * (rows[:, 3] * 8) ** 2 * self.light.darkness / max(self.light.grade.exposure, 0.3)
        return out

    def _lamp_rows(self, pose: Pose) -> NDArray[np.float32]:
        """Return x, y, z, radius in the world, r, g, b, and the world x, y, z it points to, of each lamp."""
        told: list[Any] = self.model.facts.get("lamps", [])
        rows = np.array(told, f32).reshape(-1, 8)
        ways = np.zeros((len(rows), 3), f32)
        ways[:, 0] = rows[:, 7]
        at = rows[:, 0:3] @ pose.matrix + pose.at_m
        return np.concatenate([at, rows[:, 3:4] * self.course.scale, rows[:, 4:7], ways @ pose.matrix], 1)

    def _shine(self, canvas: Canvas, view: View, pose: Pose) -> None:
        """Add the glow around each lamp that points to the camera."""
        rows = self._lamp_rows(pose)
        if not len(rows):
            return
        x, y, px_per_m = view.project(rows[:, 0:3])
        to_eye = np.array(view.eye_m, f32) - rows[:, 0:3]
        to_eye /= np.linalg.norm(to_eye, axis=1, keepdims=True)
        way = rows[:, 7:10]
        length = np.linalg.norm(way, axis=1)
        facing = np.where(length > 0, (way * to_eye).sum(axis=1) / np.maximum(length, 1e-6), 1.0)
        level = (0.10 + 0.90 * self.light.darkness) / max(self.light.grade.exposure, 0.3)
        energy = np.clip(facing * 1.3 + 0.1, 0, 1) * level * (px_per_m > 0)
        sigma = np.minimum(rows[:, 3] * px_per_m, 0.10 * view.height_px)
        wide = np.column_stack([x, y, sigma * 2.6, rows[:, 4:7] * (0.16 * energy)[:, None]])
        core = np.column_stack([x, y, sigma * 0.7, rows[:, 4:7] * (0.9 * energy)[:, None]])
        canvas.glows(np.concatenate([wide, core]))

    def _steam(self, canvas: Canvas, view: View, pose: Pose) -> None:
        """Let soft puffs rise from where the model says: x, y, z, radius, height, strength."""
        told: list[float] | None = self.model.facts.get("steam")
        if told is None:
            return
        x, y, z, radius, height, strength = told
        scale = self.course.scale
        foot = np.array([x, y, z], f32) @ pose.matrix + pose.at_m
        nth = np.arange(PUFFS)
        age = (pose.t_s * 0.16 + nth / PUFFS) % 1.0
        curl = np.sin(5.1 * age + nth * 2.4 + 0.8 * pose.t_s)
        spots = np.tile(foot, (PUFFS, 1))
        spots[:, 0] += scale * (radius * (0.5 * curl * (0.3 + age)) + height * 0.18 * age**2)
        spots[:, 1] += scale * height * age
        if self.course.habitat in ("rail", "water"):
            spots -= np.array(self.course.travel_m_s, f32) * (age * 1.6)[:, None].astype(f32)
        px, py, per_m = view.project(spots)
        light = np.array(self.light.ambient_up) * 0.6 + 0.20 * np.array(self.light.sun_colour)
        light = light + LUMA * 0.02 / self.light.grade.exposure
        fade = np.sin(math.pi * age) ** 1.2 * strength * (0.6 + 0.4 * np.cos(nth * 1.7))
        sigma = scale * radius * (0.35 + 1.1 * age) * per_m
        canvas.glows(np.column_stack([px, py, sigma, light * (0.30 * fade)[:, None]]))

    def _shade_ground(self, canvas: Canvas, view: View, points: NDArray[np.float32]) -> None:
        """Darken the ground where the solid keeps the sun away, and close under it the sky too."""
        floor = f32(self.ground.height_m)
        above = points[:, 1:2] - floor
        sun = self.light.sun_direction.astype(np.float64)
        sun[1] = max(float(sun[1]), LOWEST_SUN)
        level = float(np.array(self.light.sun_colour) @ LUMA)
        fill = float(np.array(self.light.ambient_up) @ LUMA)
        hard = math.exp(-14 * self.light.fog_density_per_m)  # fog and cloud leave no edge to a shadow
        share = 0.9 * hard * level / (level + 2.2 * fill + 1e-4) * (1 - 0.6 * self.ground.wetness)
        lift = max(float(above.min()), 0.0)
        near = 1 / (1 + 3 * lift / max(self.course.size_m, 1e-3))
        low = view.scaled(SHADOW_SCALE)
        fallen = np.asarray(points - above * (sun / sun[1]).astype(f32), f32)
        self._cast(canvas, low, fallen, 0.006, share * near)
        # Ambient occlusion: the part close to the ground, pressed flat.
        squat = np.minimum(above, f32(0.10 * self.course.size_m + lift))
        pressed = np.asarray(points - above, f32)
        pressed[:, 1] += squat[:, 0] * f32(0.02)
        self._cast(canvas, low, pressed, 0.016, 0.66 * near)

    def _cast(self, canvas: Canvas, low: View, flat: NDArray[np.float32], soft: float, share: float) -> None:
        screen = project(np.ascontiguousarray(flat, f32), view_row(low))
        window = window_of(screen, 14, low.width_px, low.height_px)
        if window is None or share < 0.02:
            return
        mask = cover(self.model.triangles, screen, window)
        mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(soft * low.height_px, 0.5)), f32) * f32(share)
        grow = round(1 / SHADOW_SCALE)
        full = cv2.resize(mask, (mask.shape[1] * grow, mask.shape[0] * grow), interpolation=cv2.INTER_LINEAR)
        y, x = window.top * grow, window.left * grow
        part = canvas.planes[:, y : y + full.shape[0], x : x + full.shape[1]]
        part *= 1 - full[: part.shape[1], : part.shape[2]]

    def _mirror(
        self, canvas: Canvas, view: View, points: NDArray[np.float32], colours: NDArray[np.float32]
    ) -> None:
        """Put the mirror image on wet or polished ground, drawn out as ripples do."""
        half = view.scaled(MIRROR_SCALE)
        flipped = points * np.array([1, -1, 1], f32)
        flipped[:, 1] += f32(2 * self.ground.height_m)
        screen = project(flipped, view_row(half))
        window = window_of(screen, 10, half.width_px, half.height_px)
        if window is None:
            return
        tile = draw_mesh(self.model.triangles, screen, colours, window, mirrored=True)
        rough = 1.6 - self.ground.wetness
        sigma = 0.004 * half.height_px * rough
        image = cv2.GaussianBlur(tile.image, (0, 0), max(0.4 * sigma, 0.3), sigmaY=max(1.5 * sigma, 0.3))
        fade = np.linspace(1.0, 0.10, image.shape[0], dtype=f32) * f32(0.62 * self.ground.wetness)
        image *= fade[:, None, None]
        rows, columns = window.shape
        large = cv2.resize(image, (columns * 2, rows * 2), interpolation=cv2.INTER_LINEAR)
        put(np.asarray(large, f32), canvas, window.left * 2, window.top * 2)
