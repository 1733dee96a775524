"""One frame of one person: pose, light, mesh, face, hair, traces on the ground. Knows no shot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.kernels.flesh import light_skin
from soundstage.render.previz.rig import raster, skin, strands
from soundstage.render.previz.rig.decals import draw_decals
from soundstage.render.previz.rig.hair import draw_hair
from soundstage.render.previz.rig.skeleton import Turn, matrices, placement
from soundstage.render.previz.rig.traces import Caster, draw_mirror, draw_shadow
from soundstage.render.previz.subjects.humanoid_face import Mien, decals_of, eyes_open, gaze_at, speech
from soundstage.render.previz.subjects.quadruped_draw import light_row

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.rig.skeleton import Pose
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.subjects.humanoid_pose import Acting
    from soundstage.render.previz.subjects.humanoid_rig import Rig
    from soundstage.render.previz.view import View

LAG_S = 1 / 24
_HAIR_MARGIN_M = 0.12
_BLUR_PX = 1.2  #: circle of confusion from which a person is blurred as a whole
_FACE_PX_PER_M = 90.0  #: smaller than this, eyes are not drawn
_CHANGE_S = 0.7  #: how long one pose takes to become the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A person on the set. Immutable; drawn from several threads."""

    rig: Rig
    acts: tuple[tuple[float, Acting], ...]  #: from which second, what; in order of time
    start: tuple[float, float, float]
    velocity: tuple[float, float, float]
    yaw: float
    phase: float
    light: Light
    wetness: float
    ground_m: float
    sink_m: float = 0.0  #: lowered this far, for a close framing
    look: float = 0.0  #: radians the head is turned to its right
    speaks: tuple[tuple[float, float], ...] = ()  #: from, to in seconds of the shot
    asleep: bool = False
    holds_up: bool = False  #: the right hand holds an umbrella

    def place(self, t_s: float) -> tuple[float, float, float]:
        """Return the point under the middle at a time."""
        x, y, z = (s + v * t_s for s, v in zip(self.start, self.velocity, strict=True))
        return x, y - self.sink_m, z

    def root(self, t_s: float) -> NDArray[np.float64]:
        """Return what takes the reference body to the world."""
        return placement(*self.place(t_s), self.yaw, self.rig.scale)

    def pose(self, t_s: float) -> Pose:
        """Return the pose at a time, one act melting into the next."""
        current = 0
        for i, (since, _) in enumerate(self.acts):
            if t_s >= since - 0.5 * _CHANGE_S:
                current = i
        since, acting = self.acts[current]
        pose = acting.pose(t_s)
        share = (t_s - since) / _CHANGE_S + 0.5
        if current and share < 1:
            pose = _melt(self.acts[current - 1][1].pose(t_s), pose, share * share * (3 - 2 * share))
        if self.holds_up:
            pose["uaR"], pose["laR"], pose["haR"] = Turn(0.08, 0.0, 0.50), Turn(0.0, 0.0, 1.75), Turn()
        head, neck = pose["head"], pose["neck"]
        pose["head"] = Turn(head.x, head.y + 0.65 * self.look, head.z)
        pose["neck"] = Turn(neck.x, neck.y + 0.35 * self.look, neck.z)
        return pose

    def at(self, moment: Moment, view: View) -> Standing:
        """Pose and light it for a moment."""
        t, body = moment.t_s, self.rig.body
        now = matrices(body.skeleton, self.pose(t), self.root(t))
        points, normals = skin.deform(body, now)
        back = self.root(t)
        back[:3, 3] -= np.array(self.velocity) * (0.25 * LAG_S)
        before = points
        if self.rig.coat is not None:
            before, _ = skin.deform(body, matrices(body.skeleton, self.pose(t - LAG_S), back))
        light = light_row(self.light, view, moment, self.place(t))
        received = np.empty((len(points), 4), np.float32)
        colours = np.empty_like(points)
        light_skin(points, normals, self.rig.albedo, self.rig.gloss, body.openness, light, received, colours)
        colours += _film_light(points, normals, self.rig.albedo, body.openness, light, self.light.darkness)
        return Standing(points, before, normals, now, received, colours, light)

    def mien(self, t_s: float) -> Mien:
        """Return what the face does at a time."""
        if self.asleep:
            return Mien(eyes_open=0.0)
        speaking = any(a <= t_s <= b for a, b in self.speaks)
        return Mien(
            eyes_open=eyes_open(t_s, self.phase),
            gaze=gaze_at(t_s, self.phase),
            mouth=speech(t_s, self.phase) if speaking else 0.0,
        )


@dataclass(frozen=True, slots=True)
class Standing:
    """An actor at one moment; arrays as in `rig.strands.Posed`."""

    points: NDArray[np.float32]
    before: NDArray[np.float32]
    normals: NDArray[np.float32]
    matrices: NDArray[np.float32]
    received: NDArray[np.float32]
    colours: NDArray[np.float32]
    light: NDArray[np.float32]


def _film_light(
    points: NDArray[np.float32],
    normals: NDArray[np.float32],
    albedo: NDArray[np.float32],
    openness: NDArray[np.float32],
    light: NDArray[np.float32],
    darkness: float,
) -> NDArray[np.float32]:
    """Return what a film crew would add: a soft lamp beside the camera, and a rim from behind."""
    to_eye = light[12:15] - points.mean(axis=0)
    to_eye /= np.linalg.norm(to_eye)
    across = np.array([-to_eye[2], 0.0, to_eye[0]], np.float32)
    side = np.float32(-1.0 if float(across @ light[0:3]) > 0 else 1.0)
    soft = to_eye + np.float32(0.75) * side * across + np.array([0, 0.55, 0], np.float32)
    soft /= np.linalg.norm(soft)
    lamp = ((1 + 3.0 * darkness) * (0.55 * light[6:9] + 0.13 * light[3:6])).astype(np.float32)
    facing = np.clip(normals @ soft.astype(np.float32), 0, 1) * openness
    edge = 1 - np.abs(normals @ to_eye.astype(np.float32))
    back = -to_eye + np.array([0, 0.6, 0], np.float32) - np.float32(0.9) * side * across
    back /= np.linalg.norm(back)
    rim = edge**3 * np.clip(normals @ back.astype(np.float32) + np.float32(0.25), 0, 1) * openness
    kick = (1 + 3.0 * darkness) * (0.42 * light[3:6] + 0.30 * light[6:9]).astype(np.float32)
    kick = np.asarray(kick, np.float32)
    return albedo * (facing[:, None] * lamp) + rim[:, None] * kick * (
        np.float32(0.10) + np.float32(0.9) * albedo
    )


def _melt(first: Pose, second: Pose, share: float) -> Pose:
    def mix(a: float, b: float) -> float:
        return a + (b - a) * share

    return {
        name: Turn(
            mix(a.x, b.x), mix(a.y, b.y), mix(a.z, b.z),
            (mix(a.shift[0], b.shift[0]), mix(a.shift[1], b.shift[1]), mix(a.shift[2], b.shift[2])),
        )
        for name, a in first.items() for b in (second[name],)
    }  # fmt: skip


def draw_traces(canvas: Canvas, view: View, actor: Actor, standing: Standing) -> None:
    """Draw the shadow on the ground and, where it is wet, the mirror image."""
    if abs(actor.sink_m) > 0.02:
        return
    body = actor.rig.body
    caster = Caster(
        triangles=body.triangles, points=standing.points, colours=standing.colours,
        ground_m=actor.ground_m, near_m=0.22 * actor.rig.scale,
    )  # fmt: skip
    strength = min(0.80, 0.30 + 0.35 * float(max(actor.light.sun_colour))) * (1 - 0.45 * actor.wetness)
    draw_shadow(canvas, view, caster, standing.light[0:3], strength)
    if actor.wetness > 0.05:
        depth = max(float(view.to_camera(np.array([actor.start]))[0, 2]), 0.3)
        draw_mirror(canvas, view, caster, actor.wetness, view.focal_px / depth * actor.rig.scale)


def draw_actor(canvas: Canvas, view: View, actor: Actor, standing: Standing, moment: Moment) -> None:
    """Draw body, face and hair."""
    row = raster.view_row(view)
    screen = raster.project(standing.points, row)
    rig = actor.rig
    extent = raster.extent_of(screen)
    if extent is None or extent.depth_m < 0.1:
        return
    px_per_m = view.focal_px / extent.depth_m * rig.scale
    window = raster.window_around(extent, _HAIR_MARGIN_M * px_per_m, canvas.width, canvas.height)
    if window is None:
        return
    samples = 2 if px_per_m < 700 else 1
    tile = raster.draw_mesh(rig.body.triangles, screen, standing.colours, window, samples=samples)
    if samples == 1:
        tile = raster.Tile(tile.window, _smoothed(tile.image), tile.depth)
    if px_per_m > _FACE_PX_PER_M:
        _draw_face(actor, standing, tile, row, moment.t_s)
    if rig.coat is not None:
        posed = strands.Posed(
            standing.points, standing.before, standing.normals, standing.matrices,
            standing.received, rig.albedo, rig.scale,
        )  # fmt: skip
        draw_hair(rig.coat, rig.body, posed, tile, standing.light, row, px_per_m, rig.longest_m)
    image = tile.image
    blur = float(view.coc_px(extent.depth_m))
    if blur > _BLUR_PX:
        image = cv2.GaussianBlur(image, (0, 0), 0.6 * blur, borderType=cv2.BORDER_REPLICATE)
    raster.put(
        np.asarray(image, np.float32), canvas, window.left, window.top,
        fog=float(actor.light.fog_at(extent.depth_m)), fog_colour=actor.light.fog_colour,
    )  # fmt: skip


def _smoothed(image: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a large tile with its outline softened by a pixel, since nothing covers the edge of skin."""
    covered = (image[..., 3] > np.float32(0.5)).astype(np.uint8)
    cross = np.ones((3, 3), np.uint8)
    edge = cv2.dilate(covered, cross) - cv2.erode(covered, cross)
    soft = cv2.blur(image, (3, 3))
    return np.asarray(cv2.copyTo(soft, edge, image.copy()), np.float32)


def _draw_face(
    actor: Actor, standing: Standing, tile: raster.Tile, row: NDArray[np.float32], t_s: float
) -> None:
    rig = actor.rig
    mien = actor.mien(t_s)
    key = standing.light[3:6]
    # What the skin around an eye sends back, freed from its own colour, is the light on that eye.
    light = [
        standing.colours[near].mean(axis=0) / np.maximum(rig.albedo[near].mean(axis=0), 0.02)
        for near in rig.cheeks
    ]
    both = (light[0] + light[1]) / 2
    for side, lit in ((0, both), (1, light[0]), (-1, light[1])):
        glint = np.ones(3, np.float32) if rig.features[0].part == "glow" else 0.7 * lit + 0.35 * key
        draw_decals(
            decals_of(rig.features, side, mien, rig.head_scale),
            tile,
            rig.body.skeleton,
            standing.matrices,
            row,
            _rgb(lit),
            _rgb(glint),
            eyes_open=mien.eyes_open,
        )


def _rgb(light: NDArray[np.floating]) -> tuple[float, float, float]:
    return float(light[0]), float(light[1]), float(light[2])


def three_quarter(heading: str) -> float:
    """Return the yaw of one who stands: never quite from the side, never straight at the camera."""
    turned = {"left": math.pi + 0.75, "right": -0.75, "away": math.pi / 2 - 0.45}
    return turned.get(heading, -math.pi / 2 + 0.48)
