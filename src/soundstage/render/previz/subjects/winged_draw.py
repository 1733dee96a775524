"""One frame of one winged animal: beat, pose, light, mesh, plumage, eyes, shadow. Knows no shot."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import cv2
import numpy as np

from soundstage.render.previz.kernels.flesh import light_skin
from soundstage.render.previz.rig import raster, skin, strands
from soundstage.render.previz.rig.decals import draw_decals
from soundstage.render.previz.rig.skeleton import Turn, matrices, placement
from soundstage.render.previz.subjects.quadruped_draw import light_row
from soundstage.render.previz.subjects.winged_wing import Beat, spread

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.canvas import Canvas
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.rig.skeleton import Pose
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.subjects.winged_rig import Rig
    from soundstage.render.previz.view import View

_COAT_FROM = 70.0  #: px per metre of the reference body below which plumage is not told from its colour
_SHADOW_MASK = 0.25
_DOWN = 0.40  #: share of a beat that drives down; the way up is slower


@dataclass(frozen=True, slots=True, kw_only=True)
class Actor:
    """A winged animal on the set. Immutable; drawn from several threads."""

    rig: Rig
    way: str  #: "fly", "stand" or "walk"
    start: tuple[float, float, float]
    velocity: tuple[float, float, float]
    yaw: float
    phase: float
    light: Light
    ground_m: float
    roam_m: float  #: how far it strays from its way

    def place(self, t_s: float) -> tuple[float, float, float]:
        """Return the point under (standing) or in (flying) its middle at a time."""
        x, y, z = (s + v * t_s for s, v in zip(self.start, self.velocity, strict=True))
        if self.way == "fly":
            p, roam, pace = 6.283 * self.phase, self.roam_m, float(self.rig.ways.get("pace", 0.7))
            x += roam * (math.sin(pace * t_s + p) - math.sin(p))
            y += 0.55 * roam * (math.sin(1.31 * pace * t_s + 1.7 * p) - math.sin(1.7 * p))
            y += 0.25 * roam * float(self.rig.ways.get("flutter", 0.0)) * math.sin(5.3 * pace * t_s + p)
            z += 0.6 * roam * math.sin(0.77 * pace * t_s + 2.3 * p)
            beat, _ = self._stroke(t_s)
            y -= 0.020 * self.rig.scale * beat * float(self.rig.ways.get("heave", 1.0))
        return x, y, z

    def bank(self, t_s: float) -> float:
        """Return how far it leans into its curve, radians."""
        pace = float(self.rig.ways.get("pace", 0.7))
        show = -float(self.rig.ways.get("show", 0.16)) * math.cos(self.yaw)  # its back a little to the camera
        return show + float(self.rig.ways.get("bank", 0.22)) * math.cos(
            0.77 * pace * t_s + 2.3 * 6.283 * self.phase
        )

    def _stroke(self, t_s: float, delay: float = 0.0) -> tuple[float, float]:
        """Return where the wing is, 1 top to -1 bottom, and how much of the beat it is on the way up."""
        ways = self.rig.ways
        at = (float(ways.get("beat_hz", 3.0)) * t_s + self.phase - delay) % 1.0
        vigour = 1.0
        if ways.get("glide", 0.0):
            cycle = 0.5 + 0.5 * math.sin(float(ways.get("glide_hz", 1.9)) * t_s + 6.283 * self.phase)
            low = float(ways["glide"])
            vigour = 0.10 + 0.90 * min(max((cycle - low) / 0.25, 0.0), 1.0)
        if at < _DOWN:
            return vigour * math.cos(math.pi * at / _DOWN), 0.0
        u = (at - _DOWN) / (1 - _DOWN)
        return -vigour * math.cos(math.pi * u), vigour * math.sin(math.pi * u)

    def beat(self, t_s: float, delay: float, amplitude: float) -> Beat:
        """Return how the wings are held at a time."""
        ways = self.rig.ways
        if self.way != "fly":
            fold = float(ways.get("fold", 1.0))
            still = float(ways.get("raised", 0.0)) + 0.10 * math.sin(1.3 * t_s + 6.283 * self.phase) * (
                1 - fold
            )
            return Beat(still, still, 0.0, fold, float(ways.get("hang", 0.0)))
        inner, up = self._stroke(t_s, delay)
        outer, _ = self._stroke(t_s, delay + 0.10)
        reach = float(ways.get("amplitude", 0.6)) * amplitude
        mean, whip = float(ways.get("dihedral", 0.12)), float(ways.get("whip", 1.35))
        tuck = 0.55 * up * float(ways.get("tuck", 1.0))
        return Beat(
            mean + reach * inner, mean * 0.6 + reach * whip * outer, tuck, 0.0, 0.25 * reach * (up - 0.3)
        )

    def root(self, t_s: float) -> NDArray[np.float64]:
        """Return what takes the reference body to the world."""
        rig = self.rig
        cx, cy, _ = rig.plan.centre
        flying = self.way == "fly"
        roll = self.bank(t_s) if flying else 0.0
        pitch = -rig.plan.lean * 0.9 + 0.05 * math.sin(1.1 * t_s + self.phase) if flying else 0.0
        pitch += float(rig.ways.get("pitch", 0.0)) if flying else 0.0
        if self.way == "walk":
            roll = float(rig.ways.get("waddle", 0.06)) * math.sin(self.step(t_s))
        x, y, z = self.place(t_s)
        about = np.eye(4)
        c, s = math.cos(pitch), math.sin(pitch)
        cr, sr = math.cos(roll), math.sin(roll)
        turn = np.array([[1, 0, 0], [0, cr, -sr], [0, sr, cr]]) @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]])
        middle = np.array([cx, cy if flying else 0.0, 0.0])
        about[:3, :3] = turn
        about[:3, 3] = (0 if flying else middle) - turn @ middle
        return placement(x, y, z, self.yaw, rig.scale) @ about

    def step(self, t_s: float) -> float:
        """Return the phase of its walk, radians: the legs cover the ground it travels."""
        speed = math.hypot(self.velocity[0], self.velocity[2])
        leg = max(self.rig.plan.centre[1] * self.rig.scale, 0.01)
        return 6.283 * self.phase + 2 * math.pi * t_s * speed / (2.2 * leg)

    def pose(self, t_s: float) -> Pose:
        """Return the turns of its bones at a time."""
        plan, ways, p = self.rig.plan, self.rig.ways, 6.283 * self.phase
        look = 0.35 * math.tanh(3 * math.sin(0.8 * t_s + p)) * float(ways.get("glance", 1.0))
        pose: Pose = {}
        if self.way == "fly":
            lower = float(ways.get("neck_flies", -0.5))
            pose["neck"] = Turn(z=lower)
            pose["head"] = Turn(y=0.3 * look, z=0.9 * plan.lean - lower)
            for side in "LR":
                pose["leg" + side] = Turn(z=float(ways.get("legs_fly", -1.5)) + 0.5 * plan.lean)
        else:
            nod = 0.06 * math.sin(1.7 * t_s + p)
            dip = 0.0
            if self.way == "walk":
                nod = 0.16 * math.sin(2 * self.step(t_s))
                for side, shift in (("L", 0.0), ("R", math.pi)):
                    swing = 0.42 * math.sin(self.step(t_s) + shift)
                    lift = max(math.cos(self.step(t_s) + shift), 0.0)
                    pose["leg" + side] = Turn(z=swing)
                    pose["shank" + side] = Turn(z=-0.55 * lift)
            if self.way == "feed":
                dip = -1.15 + 0.25 * math.sin(3.1 * t_s + p)
            pose["neck"] = Turn(0.0, 0.2 * look, nod + 0.9 * dip)
            pose["head"] = Turn(0.0, look, -nod + 0.2 * dip)
        for i in range(4):
            wave = math.sin(1.9 * t_s + p - 0.7 * i)
            pose[f"tail{i}"] = Turn(0.0, 0.16 * wave, 0.10 * math.sin(1.4 * t_s - 0.8 * i))
        return pose

    def at(self, moment: Moment, view: View) -> Standing:
        """Pose and light it for a moment."""
        t, rig = moment.t_s, self.rig
        now = matrices(rig.body.skeleton, self.pose(t), self.root(t))
        points, normals = skin.deform(rig.body, now)
        carry = now[rig.body.skeleton.index("body")]
        turn, shift = carry[:, :3], carry[:, 3]
        all_points, all_normals = [points], [normals]
        if len(rig.fan.points):
            all_points.append(rig.fan.points @ turn.T + shift)
            all_normals.append(rig.fan.normals @ turn.T)
        for wing in rig.wings:
            beat = self.beat(t, wing.delay, wing.amplitude)
            for side in (1.0, -1.0):
                p, n = spread(wing, rig.plan.shoulder, beat, side, rig.plan.lean)
                p, n = p @ turn.T + shift, n @ turn.T
                all_points += [p, p]
                all_normals += [n, -n]
        where = np.ascontiguousarray(np.concatenate(all_points), np.float32)
        facing = np.concatenate(all_normals)
        facing /= np.maximum(np.linalg.norm(facing, axis=1, keepdims=True), 1e-9)
        light = light_row(self.light, view, moment, self.place(t))
        received = np.empty((len(where), 4), np.float32)
        colours = np.empty_like(where)
        facing = np.ascontiguousarray(facing, np.float32)
        light_skin(where, facing, rig.all_albedo, rig.all_gloss, rig.all_open, light, received, colours)
        # Thin wings let the sun through.
        thin = len(rig.body.points)
        through = np.clip(-(facing[thin:] @ light[0:3]), 0, 1)[:, None] * light[3:6] * np.float32(0.30)
        colours[thin:] += rig.all_albedo[thin:] * through
        return Standing(where, facing, now, received, colours, light)


@dataclass(frozen=True, slots=True)
class Standing:
    """An actor at one moment; vertices of body, fan and wings."""

    points: NDArray[np.float32]
    normals: NDArray[np.float32]
    matrices: NDArray[np.float32]
    received: NDArray[np.float32]
    colours: NDArray[np.float32]
    light: NDArray[np.float32]


def draw_actor(canvas: Canvas, view: View, actor: Actor, standing: Standing) -> None:
    """Draw body, wings, plumage and eyes."""
    row: Any = raster.view_row(view)
    rig = actor.rig
    screen = raster.project(standing.points, row)
    extent = raster.extent_of(screen)
    if extent is None or extent.depth_m < 0.05:
        return
    px_per_m = view.focal_px / extent.depth_m * rig.scale
    window = raster.window_around(extent, 3 + 0.03 * px_per_m, canvas.width, canvas.height)
    if window is None:
        return
    tile = raster.draw_mesh(
        rig.triangles, screen, standing.colours, window, samples=2 if px_per_m < 900 else 1
    )
    n = len(rig.body.points)
    if px_per_m > _COAT_FROM and rig.ways.get("plumage", True):
        posed = strands.Posed(
            standing.points[:n], standing.points[:n], standing.normals[:n], standing.matrices,
            standing.received[:n], rig.albedo, rig.scale,
        )  # fmt: skip
        strands.draw_coat(rig.coat, rig.body, posed, tile, standing.light, row, px_per_m * 0.5)
    key, sky = standing.light[3:6].tolist(), standing.light[6:9].tolist()
    lit = (sky[0] + 0.25 * key[0], sky[1] + 0.25 * key[1], sky[2] + 0.25 * key[2])
    draw_decals(rig.decals, tile, rig.body.skeleton, standing.matrices, row, lit, lit)
    image = tile.image
    blur = float(view.coc_px(extent.depth_m))
    if blur > 1.2:
        image = cv2.GaussianBlur(image, (0, 0), 0.6 * blur, borderType=cv2.BORDER_REPLICATE)
    light = actor.light
    raster.put(
        np.asarray(image, np.float32), canvas, window.left, window.top,
        fog=float(light.fog_at(extent.depth_m)), fog_colour=light.fog_colour,
    )  # fmt: skip


def draw_shadow(canvas: Canvas, view: View, actor: Actor, standing: Standing) -> None:
    """Darken the ground where the animal stands between it and the sun, fainter the higher it flies."""
    sun, small = standing.light[0:3], view.scaled(_SHADOW_MASK)
    level = np.float32(actor.ground_m)
    flat = standing.points.copy()
    above = np.maximum(flat[:, 1] - level, 0)
    height = float(above.mean()) / actor.rig.scale
    flat[:, 0] -= above * (sun[0] / sun[1])
    flat[:, 2] -= above * (sun[2] / sun[1])
    flat[:, 1] = level
    thrown = raster.project(flat, raster.view_row(small))
    window = raster.window_of(thrown, 8.0, small.width_px, small.height_px)
    if window is None or height > 12:
        return
    strength = min(0.7, 0.25 + 0.35 * float(max(actor.light.sun_colour))) / (1 + 0.35 * height)
    spread_px = 1.2 + 1.1 * min(height, 4.0)
    mask = cv2.GaussianBlur(raster.cover(actor.rig.triangles, thrown, window), (0, 0), spread_px) * strength
    k = round(1 / _SHADOW_MASK)
    left, top = window.left * k, window.top * k
    right, bottom = min(window.right * k, canvas.width), min(window.bottom * k, canvas.height)
    if right > left and bottom > top:
        keep = cv2.resize(1 - mask, (mask.shape[1] * k, mask.shape[0] * k))[: bottom - top, : right - left]
        for plane in canvas.rgb:
            plane[top:bottom, left:right] *= keep
