"""Where the camera stands and how it moves: from a shot's words to a View for each moment. Knows no layer.

The camera starts over x = 0, z = 0 and the lead subject stands straight ahead at `focus_m`. Moves are lines
of `data/camera.toml`. A lead that travels is followed by every move, as an operator would.
"""

from __future__ import annotations

import math
import tomllib
import zlib
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.view import View

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.film import Camera, CameraChange, FrameSize, Shot

SENSOR_DIAGONAL_MM = 41.3  #: 36 mm wide at 16:9; keeping the diagonal serves tall and square frames alike
LOWEST_EYE_M = 0.05
MOST_BLUR = 0.040  #: of the frame's height: wider discs hide the place they are in
LEAST_BLUR = 0.0022  #: cinematic depth even for short lenses; a deep focus has none
PERSON_M = 1.7
FASTEST = 0.9  #: a move that is told to be faster than this is a whip or a crash zoom
WHIP = 4.0  #: how much faster those are
AIM_GAIN = 2.0  #: half way closer, a face is in the middle
RACK_BLUR = 0.013  #: of the frame's height: a rack focus that is not seen is none
FACTORS = frozenset({"zoom", "focus"})  #: channels that multiply; the others add


@cache
def read_moves() -> Mapping[str, Any]:
    """Return `data/camera.toml`."""
    text = files("soundstage.render.previz").joinpath("data/camera.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Leg:
    """One move of a shot; where it says "then" there are several, each from where the last one stopped."""

    begin: float = 0.0  #: progress of the shot
    end: float = 1.0
    channels: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    hold_size: bool = False  #: zoom against the dolly so that the lead keeps its size
    pace: float = 1.0  #: it is over after 1 / pace of its time
    wait: float = 0.0  #: share of its time before it starts: a whip is seen coming from rest

    def ease(self, progress: float) -> float:
        """Return how far it is, 0 to 1, with ease at both ends."""
        share = (progress - self.begin) / max(self.end - self.begin, 1e-6)
        u = min(max((share - self.wait) * self.pace, 0.0), 1.0)
        return u * u * (3 - 2 * u)


@dataclass(frozen=True, slots=True, kw_only=True)
class CameraPath:
    """The camera through one shot."""

    size: FrameSize
    eye_m: tuple[float, float, float]
    pitch_rad: float = 0.0
    roll_rad: float = 0.0
    focal_px: float
    focus_m: float  #: distance of the lead's plane; what is sharp may differ, see `sharp`
    aperture_px: float
    sharp: float = 1.0  #: focus distance as a share of `focus_m`
    legs: tuple[Leg, ...] = ()  #: the moves, one after another
    handheld: float = 0.0
    phases: tuple[float, ...] = (0.0,) * 9
    travel_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0)
    aim_m: float = 0.0  #: how far above what is framed lies what a camera that comes closer goes for: a face

    def view(self, progress: float, t_s: float, *, hand_s: float | None = None) -> View:
        """Return the camera in full-size pixels.

        Args:
            progress: 0..1 of the shot.
            t_s: what has passed in the scene since its start; the lead has gone on for so long.
            hand_s: what has passed for the operator, whose hands know no slow motion; None: the same.
        """

        def at(channel: str) -> float:
            return self._at(channel, progress)

        half_m = self.focus_m * self.size.width / (2 * self.focal_px)
        dolly_m = min(at("dolly"), 0.85) * self.focus_m
        arc = math.radians(at("arc"))
        x = at("truck") * half_m + self.focus_m * math.sin(arc)
        z = self.focus_m * (1 - math.cos(arc)) + dolly_m
        y = self.eye_m[1] + at("rise") * half_m
        zoom = at("zoom")
        if any(leg.hold_size for leg in self.legs):
            zoom *= (self.focus_m - dolly_m) / self.focus_m
        focal_px = self.focal_px * zoom
        sway = self._sway(t_s if hand_s is None else hand_s)
        half_x = self.size.width / (2 * focal_px)
        half_y = self.size.height / (2 * focal_px)
        distance_m = math.hypot(self.focus_m - z, x) if arc else self.focus_m - dolly_m
        closer = 1 - (self.focus_m - dolly_m) / (self.focus_m * max(at("zoom"), 1e-3))
        aim = math.atan(self.aim_m * min(max(AIM_GAIN * closer, 0.0), 1.0) / max(distance_m, 1e-3))
        return View(
            eye_m=(
                self.eye_m[0] + x + self.travel_m_s[0] * t_s,
                max(y + self.travel_m_s[1] * t_s, LOWEST_EYE_M),
                self.eye_m[2] + z + self.travel_m_s[2] * t_s,
            ),
            yaw_rad=math.atan(at("yaw") * half_x) - arc + sway[0] * half_x,
            pitch_rad=self.pitch_rad + aim + math.atan(at("pitch") * half_y) + sway[1] * half_y,
            roll_rad=self.roll_rad + math.radians(at("roll")) + sway[2],
            width_px=self.size.width,
            height_px=self.size.height,
            focal_px=focal_px,
            focus_m=max(distance_m * self.sharp * at("focus"), 0.05),
            aperture_px=self.aperture_px,
        )

    def distance_m(self, progress: float) -> float:
        """Return how far the lead's plane is."""
        return self.focus_m * (1 - min(self._at("dolly", progress), 0.85))

    def _at(self, channel: str, progress: float) -> float:
        factor = channel in FACTORS
        value = 1.0 if factor else 0.0
        for nth, leg in enumerate(self.legs):
            if channel not in leg.channels:
                continue
            start, end = leg.channels[channel]
            now = start + (end - start) * leg.ease(progress)
            if nth == 0:
                value = now
            elif factor:
                value *= now / start
            else:
                value += now - start
        return value

    def _sway(self, t_s: float) -> tuple[float, float, float]:
        if not self.handheld:
            return 0.0, 0.0, 0.0
        hand = read_moves()["handheld"]
        total = [
            sum(
                weight * math.sin(2 * math.pi * hertz * t_s * (1 + 0.07 * axis) + self.phases[axis * 3 + k])
                for k, (hertz, weight) in enumerate(zip(hand["hertz"], hand["weights"], strict=True))
            )
            for axis in range(3)
        ]
        k = self.handheld
        return (
            total[0] * hand["yaw"] * k,
            total[1] * hand["pitch"] * k,
            math.radians(total[2] * hand["roll_deg"] * k),
        )


def plan_path(
    shot: Shot,
    *,
    size: FrameSize,
    seed: int,
    extent_m: float = PERSON_M,
    centre_m: float = PERSON_M / 2,
    travel_m_s: tuple[float, float, float] = (0.0, 0.0, 0.0),
    shake: float = 0.0,
    aim_m: float = 0.0,
) -> CameraPath:
    """Stage the camera for a shot.

    Args:
        shot: framing, angle, lens and move are read.
        size: of the full-resolution frame.
        seed: of the film; unsteady hands depend on it.
        extent_m: height of the lead, or of what must be seen together.
        centre_m: height of its middle above the ground.
        travel_m_s: velocity of the lead.
        shake: how unsteady hands are at least, 0..1: some styles are never filmed from a tripod.
        aim_m: how far above `centre_m` lies what a camera that comes closer goes for.
    """
    table = read_moves()
    px_per_mm = math.hypot(size.width, size.height) / SENSOR_DIAGONAL_MM
    focal_px = shot.lens.focal_length_mm * px_per_mm
    # A tall frame holds a lead by its width: two thirds of the height count.
    held_px = min(size.height, size.width * 1.2)
    focus_m = max(extent_m * focal_px / (table["framing"][shot.framing] * held_px), 0.12)
    angle = table["angle"]["aerial" if shot.framing == "aerial" else shot.angle]
    above = math.radians(angle["above_deg"])
    eye_y = max(centre_m * angle["height"] + math.sin(above) * focus_m, LOWEST_EYE_M)
    pitch = -math.atan2(eye_y - centre_m, focus_m * math.cos(above))
    legs = _plan_legs(shot)
    rough = max(
        float(table["move"][change.move].get("handheld", 0.0)) for change in (shot.camera, *shot.camera.then)
    )
    phases = np.random.default_rng([seed, zlib.crc32(b"handheld")]).uniform(0, 2 * math.pi, 9)
    return CameraPath(
        size=size,
        eye_m=(0.0, eye_y, focus_m * (1 - math.cos(above))),
        pitch_rad=pitch,
        roll_rad=math.radians(angle.get("roll_deg", 0.0)),
        focal_px=focal_px,
        focus_m=focus_m * math.cos(above),
        aperture_px=max(
            _aperture_px(shot, focus_m, px_per_mm, size),
            RACK_BLUR * size.height if any("focus" in leg.channels for leg in legs) else 0.0,
        ),
        sharp={"subject": 1.0, "near": 0.6, "far": 2.5, "deep": 1.0}[shot.lens.focus],
        legs=legs,
        handheld=max(shot.camera.handheld, rough, shake),
        phases=tuple(float(p) for p in phases),
        travel_m_s=travel_m_s,
        aim_m=aim_m,
    )


def _plan_legs(shot: Shot) -> tuple[Leg, ...]:
    changes = shot.camera.then
    turns = [min(max((change.start - shot.start) / shot.seconds, 0.0), 1.0) for change in changes]
    edges = [*turns, 1.0]
    legs = [_leg(shot.camera, 0.0, edges[0], {})]
    framing = shot.framing
    for change, begin, end in zip(changes, turns, edges[1:], strict=True):
        reached: dict[str, tuple[float, float]] = {}
        if change.framing is not None and change.framing != framing:
            shares = read_moves()["framing"]
            # By walking, not by zooming; four times as far away is the most that a set is built for.
            reached["dolly"] = 0.0, max(1 - shares[framing] / shares[change.framing], -4.0)
            framing = change.framing
        legs.append(_leg(change, begin, end, reached))
    return tuple(legs)


def _leg(
    change: Camera | CameraChange, begin: float, end: float, reached: Mapping[str, tuple[float, float]]
) -> Leg:
    move = read_moves()["move"][change.move]
    mirrored = set(move.get("mirrored", ())) if change.heading in ("left", "down") else set[str]()
    back = set(move.get("reversed", ())) if change.heading in ("away", "down") else set[str]()
    whip = change.speed > FASTEST
    channels = {
        name: _channel(name, ends, 2 * change.amplitude, mirror=name in mirrored)
        for name, ends in move.items()
        if isinstance(ends, list) and name not in ("mirrored", "reversed")
    }
    for name, (start, stop) in channels.items():
        if name in back:
            channels[name] = stop, start
        if whip and name in ("yaw", "pitch") and len(channels) == 1:
            channels[name] = start - stop, 0.0  # it lands on the lead
    return Leg(
        begin=begin,
        end=end,
        channels={**channels, **reached},
        hold_size=bool(move.get("hold_size", False)),
        pace=2 * change.speed * (WHIP if whip else 1.0),
        wait=0.12 if whip else 0.0,
    )


def _channel(name: str, ends: list[float], gain: float, *, mirror: bool) -> tuple[float, float]:
    rest = 1.0 if name in FACTORS else 0.0
    start, end = (rest + (value - rest) * gain for value in ends)
    if name == "focus":
        start, end = max(start, 0.15), max(end, 0.15)
    return (-start, -end) if mirror else (start, end)


def _aperture_px(shot: Shot, focus_m: float, px_per_mm: float, size: FrameSize) -> float:
    """Return the blur radius at infinity: f^2 / (2 N (s - f)), kept in what reads as a film."""
    if shot.lens.focus == "deep":
        return 0.15e-3 * size.height
    f_mm = shot.lens.focal_length_mm
    on_sensor_mm = f_mm**2 / (2 * shot.lens.f_number * max(focus_m * 1000 - f_mm, f_mm))
    return min(max(on_sensor_mm * px_per_mm, LEAST_BLUR * size.height), MOST_BLUR * size.height)
