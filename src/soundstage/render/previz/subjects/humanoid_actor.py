"""A person on the set at one moment: pose, face, light. Knows no shot; `humanoid_draw` draws it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.kernels.flesh import light_skin
from soundstage.render.previz.rig import skin
from soundstage.render.previz.rig.skeleton import Turn, matrices, placement
from soundstage.render.previz.subjects.humanoid_brows import put_brows
from soundstage.render.previz.subjects.humanoid_face import Mien, feeling_of, mien_of, speech, turns_of
from soundstage.render.previz.subjects.humanoid_lips import shape_of
from soundstage.render.previz.subjects.humanoid_mouth import Shape, put_mouth
from soundstage.render.previz.subjects.humanoid_pose import row_of
from soundstage.render.previz.subjects.quadruped_draw import light_row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from soundstage.film import LipTrack
    from soundstage.render.previz.light import Light
    from soundstage.render.previz.rig.skeleton import Pose
    from soundstage.render.previz.rig.skin import Body
    from soundstage.render.previz.scene import Moment
    from soundstage.render.previz.subjects.humanoid_mount import Seat
    from soundstage.render.previz.subjects.humanoid_pose import Acting
    from soundstage.render.previz.subjects.humanoid_rig import Colour, Rig
    from soundstage.render.previz.view import View

LAG_S = 1 / 24
_BLOOD = np.array([1.0, 0.34, 0.20], np.float32)
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
    lips: tuple[LipTrack, ...] = ()  #: how the mouth moves where a voice is heard
    fps: int = 24
    asleep: bool = False
    holds_up: bool = False  #: the right hand holds an umbrella
    heeds: tuple[tuple[float, float], ...] = ()  #: when another speaks: one looks there and nods
    seat: Seat | None = None  #: what one rides
    signs: tuple[Colour, Colour] | None = None  #: light of shop signs, from left and right
    hidden: tuple[tuple[slice, ...], ...] = ()  #: by act, vertices of things that only other acts bring along
    gaze: tuple[float, float] | None = None  #: where the eyes look, left and up; None: about

    def place(self, t_s: float) -> tuple[float, float, float]:
        """Return the point under the middle at a time."""
        if self.seat is not None:
            return self.seat.root(t_s, self.rig.scale)[:3]
        x, y, z = (s + v * t_s for s, v in zip(self.start, self.velocity, strict=True))
        return x, y - self.sink_m, z

    def root(self, t_s: float) -> NDArray[np.float64]:
        """Return what takes the reference body to the world."""
        if self.seat is not None:
            return placement(*self.seat.root(t_s, self.rig.scale), self.rig.scale)
        return placement(*self.place(t_s), self.yaw, self.rig.scale)

    def _current(self, t_s: float, ahead_s: float = 0.0) -> int:
        return max(i for i, (since, _) in enumerate(self.acts) if i == 0 or t_s >= since - ahead_s)

    def pose(self, t_s: float) -> Pose:
        """Return the pose at a time, one act melting into the next."""
        current = self._current(t_s, 0.5 * _CHANGE_S)
        since, acting = self.acts[current]
        pose = acting.pose(t_s)
        share = (t_s - since) / _CHANGE_S + 0.5
        if current and share < 1:
            pose = _melt(self.acts[current - 1][1].pose(t_s), pose, share * share * (3 - 2 * share))
        if self.holds_up:
            pose["uaR"], pose["laR"], pose["haR"] = Turn(0.08, 0.0, 0.50), Turn(0.0, 0.0, 1.75), Turn()
        head, neck = pose["head"], pose["neck"]
        nod = self._nod(t_s)
        pose["head"] = Turn(head.x, head.y + 0.65 * self.look, head.z - nod)
        pose["neck"] = Turn(neck.x, neck.y + 0.35 * self.look, neck.z)
        return pose

    def _nod(self, t_s: float) -> float:
        """Return how far the head is bowed by one who listens: now and then, twice."""
        bow = 0.0
        for start, end in self.heeds:
            into = t_s - start - 0.35 - 0.3 * self.phase
            if 0 < into < end - start + 0.5:
                beat = into % (1.7 + 0.8 * self.phase)
                bow += (
                    0.10 * math.sin(math.pi * beat / 0.42) ** 2 * math.exp(-1.2 * beat)
                    if beat < 0.84
                    else 0.0
                )
        return bow

    def at(self, moment: Moment, view: View) -> Standing:
        """Pose and light it for a moment."""
        t, rig = moment.t_s, self.rig
        mien = self.mien(t, moment.index / self.fps)
        body = _faced(rig, mien, self.hidden[self._current(t)] if self.hidden else ())
        now = matrices(body.skeleton, self.pose(t) | turns_of(mien), self.root(t))
        points, normals = skin.deform(body, now)
        back = self.root(t)
        back[:3, 3] -= np.array(self.velocity) * (0.25 * LAG_S)
        before = points
        if rig.coat is not None:
            before, _ = skin.deform(body, matrices(body.skeleton, self.pose(t - LAG_S), back))
        light = light_row(self.light, view, moment, self.place(t))
        received = np.empty((len(points), 4), np.float32)
        colours = np.empty_like(points)
        light_skin(points, normals, rig.albedo, rig.gloss, body.openness, light, received, colours)
        colours += _film_light(points, normals, rig, light, self.light.darkness)
        if self.signs is not None:
            colours += _sign_light(points, normals, rig, light, self.signs)
        return Standing(points, before, normals, now, received, colours, light, mien)

    def mien(self, t_s: float, film_s: float) -> Mien:
        """Return what the face does at a time; voices keep the film's clock, whatever the scene's does."""
        current, began = self.acts[0][1], self.acts[0][0]
        for since, acting in self.acts:
            if t_s >= since:
                current, began = acting, since
        feeling = feeling_of(current.face, t_s - began + (1.0 if began <= 0 else 0.0))
        if self.asleep:
            return Mien(eyes_open=0.0, mouth=Shape(opened=0.04 + 0.03 * math.sin(1.3 * t_s)))
        return mien_of(t_s, self.phase, feeling, self.spoken(t_s, film_s), self.gaze)

    def spoken(self, t_s: float, film_s: float) -> Shape | None:
        """Return the mouth of one who speaks: as the voice is heard, else by a rule of thumb."""
        for track in self.lips:
            if track.start_s <= film_s < track.end_s:
                return shape_of(track, film_s)
        if not self.lips and any(a <= film_s <= b for a, b in self.speaks):
            return speech(t_s, self.phase)
        return None


def hidden_props(rig: Rig, acts: Sequence[tuple[float, Acting]]) -> tuple[tuple[slice, ...], ...]:
    """Return by act the vertices of props that belong to other acts alone."""
    brought = [set(row_of(acting.name).get("props", ())) for _, acting in acts]
    every = set[str]().union(*brought)
    return tuple(
        tuple(
            slice(piece.first, piece.first + piece.rows * piece.columns)
            for piece in rig.pieces
            if piece.name.partition(":")[2] in every - own
        )
        for own in brought
    )


def _faced(rig: Rig, mien: Mien, hidden: tuple[slice, ...]) -> Body:
    """Return the body with the mouth and the brows of a moment."""
    if not rig.pieces:
        return rig.body
    points, normals = rig.body.points.copy(), rig.body.normals.copy()
    put_mouth(points, normals, rig.pieces, rig.build, mien.mouth)
    if rig.brows is not None:
        put_brows(points, rig.pieces, rig.brows, mien.brow_in, mien.brow_out)
    for span in hidden:
        points[span] = points[span.start]
    return replace(rig.body, points=points, normals=normals)


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
    mien: Mien


def _film_light(
    points: NDArray[np.float32],
    normals: NDArray[np.float32],
    rig: Rig,
    light: NDArray[np.float32],
    darkness: float,
) -> NDArray[np.float32]:
    """Return what a film crew adds: a soft lamp beside the camera, a rim from behind; blood under skin."""
    albedo, openness = rig.albedo, rig.body.openness
    to_eye = light[12:15] - points.mean(axis=0)
    to_eye /= np.linalg.norm(to_eye)
    across = np.array([-to_eye[2], 0.0, to_eye[0]], np.float32)
    side = np.float32(-1.0 if float(across @ light[0:3]) > 0 else 1.0)
    soft = to_eye + np.float32(0.75 + 0.5 * darkness) * side * across + np.array([0, 0.55, 0], np.float32)
    soft /= np.linalg.norm(soft)
    lamp = ((1 + 0.9 * darkness) * (0.55 * light[6:9] + 0.13 * light[3:6])).astype(np.float32)
    lit = normals @ soft.astype(np.float32)
    facing = np.clip(lit, 0, 1) * openness
    edge = 1 - np.abs(normals @ to_eye.astype(np.float32))
    back = -to_eye + np.array([0, 0.6, 0], np.float32) - np.float32(0.9) * side * across
    back /= np.linalg.norm(back)
    rim = edge**3 * np.clip(normals @ back.astype(np.float32) + np.float32(0.25), 0, 1) * openness
    kick = (1 + 3.0 * darkness) * (0.42 * light[3:6] + 0.30 * light[6:9]).astype(np.float32)
    kick = np.asarray(kick, np.float32)
    seen = albedo * (facing[:, None] * lamp) + rim[:, None] * kick * (
        np.float32(0.10) + np.float32(0.9) * albedo
    )
    # Light that enters skin comes out red where the surface turns away from it.
    at = rig.skin
    blood, shown = rig.bare[at] * openness[at], normals[at]
    turn = blood * (np.exp(-(((lit[at] + np.float32(0.05)) / np.float32(0.32)) ** 2)) * np.float32(0.26))
    away = ((shown @ light[0:3]) + np.float32(0.10)) / np.float32(0.30)
    turned = blood * (np.exp(-(away**2)) * np.float32(0.20))
    under = (turn[:, None] * lamp + turned[:, None] * light[3:6]) * _BLOOD
    half = soft + to_eye
    half /= np.linalg.norm(half)
    sheen = blood * np.clip(shown @ half.astype(np.float32), 0, 1) ** 18 * np.float32(0.055)
    seen[at] += albedo[at] * under + sheen[:, None] * lamp
    return seen


def _sign_light(
    points: NDArray[np.float32],
    normals: NDArray[np.float32],
    rig: Rig,
    light: NDArray[np.float32],
    signs: tuple[Colour, Colour],
) -> NDArray[np.float32]:
    """Return what shop signs add: one colour on the left edge of a person, another on the right."""
    to_eye = light[12:15] - points.mean(axis=0)
    to_eye /= np.linalg.norm(to_eye)
    right = np.array([-to_eye[2], 0.0, to_eye[0]], np.float32)
    right /= np.linalg.norm(right)
    aside = normals @ right
    edge = (1 - np.abs(normals @ to_eye.astype(np.float32))) * rig.body.openness
    left_lit = np.clip(-aside, 0, 1) * edge**2
    right_lit = np.clip(aside, 0, 1) * edge**2
    glow = left_lit[:, None] * np.array(signs[0], np.float32) + right_lit[:, None] * np.array(
        signs[1], np.float32
    )
    return glow * (np.float32(0.12) + np.float32(0.88) * rig.albedo)


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


def three_quarter(heading: str) -> float:
    """Return the yaw of one who stands: never quite from the side, never straight at the camera."""
    turned = {"left": math.pi + 0.75, "right": -0.75, "away": math.pi / 2 - 0.45}
    return turned.get(heading, -math.pi / 2 + 0.48)
