"""One frame of one animal: pose, light, mesh under fur, eyes, shadow, mirror image. Knows no shot."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.kernels.flesh import LIGHT_COLUMNS, light_skin
from soundstage.render.previz.rig import raster, skin, strands
from soundstage.render.previz.rig.decals import draw_decals
from soundstage.render.previz.rig.skeleton import Turn, matrices, placement
from soundstage.render.previz.subjects.quadruped_kick import NO_KICKS, draw_kicks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.rig.gait import Going
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.subjects.quadruped_rig import Rig
    from soundstage.render.previz.view import View

LAG_S = 1 / 24  #: fur trails by what its roots moved in this time, whatever the frame rate
_AIRFLOW = 0.30  #: share of the speed over ground that combs the fur back
_DRIFT_M = 0.07  #: how far a runner falls back and catches up within the frame
_FUR_MARGIN_M = 0.11
_SHADOW_MASK = 0.25  #: resolution against the canvas
_MIRROR = 0.25
_BLUR_PX = 1.2  #: circle of confusion from which the animal is blurred as a whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """An animal on the set. Immutable; drawn from several threads."""

    rig: Rig
    going: Going
    start: tuple[float, float, float]
    velocity: tuple[float, float, float]  #: m/s
    yaw: float
    phase: float  #: of its stride when the shot starts
    light: Light
    wetness: float
    fps: int
    sink_m: float  #: it stands this far below the ground, for a close-up
    kicks: NDArray[np.float32] = field(default_factory=lambda: NO_KICKS)

    def place(self, t_s: float) -> tuple[float, float, float]:
        """Return the point under its middle at a time."""
        x, y, z = (s + v * t_s for s, v in zip(self.start, self.velocity, strict=True))
        if self.going.gait.sweep > 0:
            drift = _DRIFT_M * (math.sin(0.83 * t_s + 6.28 * self.phase) - math.sin(6.28 * self.phase))
            x += drift * math.cos(self.yaw)
            z += drift * math.sin(self.yaw)
        return x, y - self.sink_m, z

    def stride(self, t_s: float) -> float:
        """Return the phase of its stride at a time."""
        return self.phase + self.going.gait.stride_hz * t_s

    def root(self, t_s: float) -> NDArray[np.float64]:
        """Return what takes the reference body to the world."""
        return placement(*self.place(t_s), self.yaw, self.rig.scale)

    def at(self, moment: Moment, view: View) -> Standing:
        """Pose and light it for a moment."""
        t = moment.t_s
        body = self.rig.body
        now = self._matrices(t, self.root(t))
        points, normals = skin.deform(body, now)
        back = self.root(t)
        back[:3, 3] -= np.array(self.velocity) * (_AIRFLOW * LAG_S)
        before, _ = skin.deform(body, self._matrices(t - LAG_S, back))
        light = light_row(self.light, view, moment, self.place(t))
        received = np.empty((len(points), 4), np.float32)
        colours = np.empty_like(points)
        light_skin(points, normals, self.rig.albedo, self.rig.gloss, body.openness, light, received, colours)
        return Standing(points, before, normals, now, received, colours, light)

    def _matrices(self, t_s: float, root: NDArray[np.float64]) -> NDArray[np.float32]:
        pose = self.going.pose(self.stride(t_s))
        # Slow glances, so that no two strides look alike.
        look = 0.10 * math.sin(0.9 * t_s + 9 * self.phase) + 0.06 * math.sin(2.3 * t_s + 4 * self.phase)
        calm = 2.2 if self.going.gait.sweep <= 0 else 1.0
        head = pose["head"]
        pose["head"] = Turn(head.x, head.y + look * calm, head.z + 0.4 * look)
        # What hangs from the head swings late, each part after the one above it.
        for i, name in enumerate(n for n in self.rig.body.skeleton.names if n.startswith("swing")):
            late = 1.7 * t_s - 0.55 * i + 6 * self.phase
            pose[name] = Turn(
                0.06 * math.sin(0.7 * late), 0.07 * math.sin(0.63 * late), 0.10 * math.sin(late)
            )
        return matrices(self.rig.body.skeleton, pose, root)


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


def light_row(
    light: Light, view: View, moment: Moment, place: tuple[float, float, float]
) -> NDArray[np.float32]:
    """Return the light on a body as kernels take it, see `kernels.flesh`."""
    sun = light.sun_direction
    key = np.array(light.sun_colour, np.float32)
    up = np.array(light.ambient_up, np.float32)
    down = np.array(light.ambient_down, np.float32)
    behind = float(np.clip(sun[2], 0, 1))
    # At night the eye would open up: the air is left dark, the hero gets a little more of what there is.
    seen = np.float32(1 + 0.9 * light.darkness)
    up, down = up * seen, down * seen
    # A hero against the light gets the fill any film crew would give it, or it is a cut-out.
    fill = np.float32(behind) * (0.65 * key + 0.35 * key.mean()).astype(np.float32)
    up = up * np.float32(1 + 0.9 * behind) + np.float32(0.105) * fill
    down = down * np.float32(1 + 0.6 * behind) + np.float32(0.045) * fill
    if len(moment.lamps):
        away = moment.lamps[:, :3] - np.array([place[0], place[1] + 0.4, place[2]], np.float32)
        near = moment.lamps[:, 6] / ((away * away).sum(axis=1) + np.float32(0.15))
        glow = np.minimum((moment.lamps[:, 3:6] * near[:, None]).sum(axis=0), np.float32(0.6))
        up, down = up + glow, down + glow
    row = np.empty(LIGHT_COLUMNS, np.float32)
    row[0:3] = sun
    # Low suns skim the ground: lift the light a little, so that backs and crowns catch it.
    row[1] = max(row[1], 0.22)
    row[0:3] /= np.linalg.norm(row[0:3])
    row[3:6], row[6:9], row[9:12] = key, up, down
    row[12:15] = view.eye_m
    row[15] = 0.55 + 0.75 * behind
    return row


def draw_traces(canvas: Canvas, view: View, actor: Actor, standing: Standing) -> None:
    """Draw the shadow on the ground and, where it is wet, the mirror image."""
    if actor.sink_m > 0.02:
        return
    _draw_shadow(canvas, view, actor, standing)
    if actor.wetness > 0.05:
        _draw_mirror(canvas, view, actor, standing)


def draw_actor(canvas: Canvas, view: View, actor: Actor, standing: Standing, moment: Moment) -> None:
    """Draw the body with its fur and eyes, then what its paws throw up."""
    row = raster.view_row(view)
    screen = raster.project(standing.points, row)
    rig = actor.rig
    extent = raster.extent_of(screen)
    if extent is not None and extent.depth_m > 0.1:
        px_per_m = view.focal_px / extent.depth_m * rig.scale
        margin = _FUR_MARGIN_M * px_per_m
        window = raster.window_around(extent, margin, canvas.width, canvas.height)
        if window is not None:
            samples = 2 if px_per_m < 260 else 1
            tile = raster.draw_mesh(rig.body.triangles, screen, standing.colours, window, samples=samples)
            posed = strands.Posed(
                standing.points, standing.before, standing.normals, standing.matrices,
                standing.received, rig.albedo, rig.scale,
            )  # fmt: skip
            (left, top), (right, bottom) = extent.low, extent.high
            whole = (right - left + 2 * margin) * (bottom - top + 2 * margin)
            in_view = min(window.shape[0] * window.shape[1] / whole, 1.0)
            strands.draw_coat(rig.coat, rig.body, posed, tile, standing.light, row, px_per_m, in_view)
            key, sky = standing.light[3:6].tolist(), standing.light[6:9].tolist()
            lit = (sky[0] + 0.25 * key[0], sky[1] + 0.25 * key[1], sky[2] + 0.25 * key[2])
            glint = (1.2 * sky[0] + 0.35 * key[0], 1.2 * sky[1] + 0.35 * key[1], 1.2 * sky[2] + 0.35 * key[2])
            draw_decals(
                rig.decals, tile, rig.body.skeleton, standing.matrices, row,
                lit, glint,
                eyes_open=_eyes_open(moment.t_s, actor.phase),
            )  # fmt: skip
            _put(canvas, view, actor, tile, extent.depth_m)
    draw_kicks(canvas, view, actor.kicks, moment.t_s)


def _eyes_open(t_s: float, phase: float) -> float:
    """Blink for a seventh of a second every three or so."""
    into = (t_s + 3.1 * phase + 1.0) % (2.7 + phase)
    return abs(into / 0.07 - 1) if into < 0.14 else 1.0


def _put(canvas: Canvas, view: View, actor: Actor, tile: raster.Tile, depth: float) -> None:
    image = tile.image
    blur = float(view.coc_px(depth))
    if blur > _BLUR_PX:
        image = cv2.GaussianBlur(image, (0, 0), 0.6 * blur, borderType=cv2.BORDER_REPLICATE)
    light = actor.light
    raster.put(
        np.asarray(image, np.float32), canvas, tile.window.left, tile.window.top,
        fog=float(light.fog_at(depth)), fog_colour=light.fog_colour,
    )  # fmt: skip


def _draw_shadow(canvas: Canvas, view: View, actor: Actor, standing: Standing) -> None:
    """Darken where the body stands between the sun and the ground, and softly under it."""
    sun = standing.light[0:3]
    level = np.float32(actor.start[1])
    points, triangles = standing.points, actor.rig.body.triangles
    above = np.maximum(points[:, 1] - level, 0)
    small = view.scaled(_SHADOW_MASK)
    row = raster.view_row(small)
    flat = np.empty_like(points)
    flat[:, 1] = level
    flat[:, 0] = points[:, 0] - above * (sun[0] / sun[1])
    flat[:, 2] = points[:, 2] - above * (sun[2] / sun[1])
    thrown = raster.project(flat, row)
    # Straight down: where feet and belly hide the sky.
    flat[:, 0], flat[:, 2] = points[:, 0], points[:, 2]
    under = raster.project(flat, row)
    both = np.concatenate([thrown, under])
    window = raster.window_of(both, 10.0, small.width_px, small.height_px)
    if window is None:
        return
    strength = min(0.80, 0.25 + 0.35 * float(max(actor.light.sun_colour))) * (1 - 0.45 * actor.wetness)
    mask = cv2.GaussianBlur(raster.cover(triangles, thrown, window), (0, 0), 1.6) * np.float32(strength)
    near = above < np.float32(0.30 * actor.rig.scale)
    contact = raster.cover(triangles[near[triangles[:, 0]]], under, window)
    spread = max(0.012 * small.focal_px / max(float(under[0, 2]), 0.2), 0.8)
    mask = np.maximum(mask, cv2.GaussianBlur(contact, (0, 0), spread) * np.float32(0.55))
    _darken(canvas, np.asarray(mask, np.float32), window)


def _darken(canvas: Canvas, mask: NDArray[np.float32], window: raster.Window) -> None:
    """Darken by a window of a reduced mask, and touch nothing else of the canvas."""
    k = round(1 / _SHADOW_MASK)
    left, top = window.left * k, window.top * k
    right, bottom = min(window.right * k, canvas.width), min(window.bottom * k, canvas.height)
    if right <= left or bottom <= top:
        return
    keep = cv2.resize(1 - mask, (mask.shape[1] * k, mask.shape[0] * k), interpolation=cv2.INTER_LINEAR)
    keep = keep[: bottom - top, : right - left]
    for plane in canvas.rgb:
        plane[top:bottom, left:right] *= keep


def _draw_mirror(canvas: Canvas, view: View, actor: Actor, standing: Standing) -> None:
    """Draw the body upside down into wet ground, drawn out downwards as ripples do."""
    small = view.scaled(_MIRROR)
    row = raster.view_row(small)
    points = standing.points.copy()
    points[:, 1] *= -1
    points[:, 1] += np.float32(2 * actor.start[1] - 0.004)
    screen = raster.project(points, row)
    extent = raster.extent_of(screen)
    if extent is None:
        return
    px_per_m = small.focal_px / max(extent.depth_m, 0.1) * actor.rig.scale
    window = raster.window_around(extent, 0.06 * px_per_m, small.width_px, small.height_px)
    if window is None:
        return
    tile = raster.draw_mesh(actor.rig.body.triangles, screen, standing.colours, window, mirrored=True)
    rows, columns = window.shape
    sigma = max(0.012 * px_per_m, 0.4)
    soft = cv2.GaussianBlur(tile.image, (0, 0), sigmaX=max(0.35 * sigma, 0.3), sigmaY=sigma)
    # What is high above the ground mirrors fainter: there the water is rougher than the image is small.
    fade = np.linspace(0.80, 0.12, rows, dtype=np.float32) * np.float32(actor.wetness)
    soft *= fade[:, None, None] * np.array([0.78, 0.74, 0.76, 1.0], np.float32)
    k = round(1 / _MIRROR)
    large = cv2.resize(soft, (columns * k, rows * k), interpolation=cv2.INTER_LINEAR)
    raster.put(np.asarray(large, np.float32), canvas, window.left * k, window.top * k)
