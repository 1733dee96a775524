"""What a sculptor does to a head: hollows for eyes and mouth, folds, wrinkles, and the colours of skin.

Works on the finished mesh of a head in its rest pose; lengths in of the reference head.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.render.previz.subjects.humanoid_body import EYE_AT, SIDES, Build, head_point
from soundstage.render.previz.subjects.humanoid_eyes import BALL_M
from soundstage.render.previz.subjects.humanoid_mouth import SLIT

if TYPE_CHECKING:
    from numpy.typing import NDArray

F32 = np.float32
Colour = tuple[float, float, float]
_MOUTH_HOLLOW_M = 0.0095


def to_head(build: Build, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return body points (n, 3) in head axes: forward, up, left, metres of the reference head."""
    origin = np.array(head_point(build, 0.0, 0.0, 0.0), np.float32)
    return ((points - origin) / F32(build.head_scale)).astype(np.float32)


def carve(build: Build, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return where points of a head's skin go: sockets and mouth pushed in, along the head's forward axis."""
    p = to_head(build, points)
    x, y, z = p[:, 0], p[:, 1], p[:, 2]
    moved = points.copy()
    ahead = np.clip((x - 0.030) / 0.02, 0, 1)
    r = BALL_M * build.eyes
    push = np.zeros(len(p), np.float32)
    for _, side in SIDES:
        out = (z - EYE_AT[2] * side) * side
        dy, dz = (y - EYE_AT[1]) / (0.74 * r), out / (0.98 * r)
        inside = 1 / (1 + np.exp(np.clip(5.5 * (np.sqrt(dy * dy + dz * dz) - 0.92), -30, 30)))
        # Behind the lids, whatever the skin was; at the outer corner an eye is seen from the side.
        depth = EYE_AT[0] + (0.42 - 0.42 * np.clip(out / r, 0, 1)) * r
        push = np.maximum(push, inside * np.maximum(x - depth, 0))
    dy, dz = (y - SLIT[1] + 0.0008) / 0.0036, z / 0.0145
    inside = 1 / (1 + np.exp(np.clip(5 * (np.sqrt(dy * dy + dz * dz) - 1), -30, 30)))
    push = np.maximum(
        push, inside * np.maximum(x - (SLIT[0] - _MOUTH_HOLLOW_M - 0.0125 * (z / 0.0225) ** 2), 0)
    )
    push *= ahead
    moved[:, 0] -= F32(build.head_scale) * push
    return moved


def relief(build: Build, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far skin stands off the smooth head at rest points (n, 3), in metres: folds and wrinkles."""
    p = to_head(build, points)
    x, y, z = p[:, 0], p[:, 1], p[:, 2]
    side = np.abs(z)
    ahead = np.clip((x - 0.025) / 0.02, 0, 1)

    def spot(px: float, py: float, pz: float, sx: float, sy: float, sz: float) -> NDArray[np.float32]:
        return np.exp(-(((x - px) / sx) ** 2) - ((y - py) / sy) ** 2 - ((side - pz) / sz) ** 2)

    a = build.age
    up = 0.0 * x
    up += 0.0004 * spot(0.09, -0.049, 0.0045, 0.03, 0.007, 0.0022)  # ridges of the groove under the nose
    up -= 0.0006 * spot(0.09, -0.048, 0.0, 0.03, 0.007, 0.0028)
    up -= 0.0022 * spot(0.08, -0.0765, 0.0, 0.03, 0.0040, 0.016)  # between lip and chin
    up += 0.0016 * spot(0.08, -0.090, 0.0, 0.03, 0.008, 0.012)
    up -= (0.0006 + 0.0008 * a) * spot(0.085, -0.0600, 0.0265, 0.03, 0.006, 0.0035)  # corners of the mouth
    # From the wing of the nose past the corner of the mouth, from the lid's corner to the cheek.
    low = _ramp(y, -0.074, -0.050) * (1 - _ramp(y, -0.042, -0.030))
    fold = 0.0165 + 0.42 * (-0.036 - y) + 2.2 * (y + 0.036) ** 2
    up -= (0.0004 + 0.0019 * a) * np.exp(-(((side - fold) / 0.0032) ** 2)) * ahead * low
    up += (0.0003 + 0.0013 * a) * np.exp(-(((side - fold - 0.007) / 0.006) ** 2)) * ahead * low
    bag = EYE_AT[1] - 0.0165 + 6 * (side - 0.031) ** 2
    up += (
        (0.0001 + 0.0014 * a)
        * np.exp(-(((y - bag - 0.003) / 0.0035) ** 2))
        * ahead
        * _ramp(-np.abs(side - 0.031), -0.019, -0.011)
    )
    up -= (
        (0.0001 + 0.0010 * a)
        * np.exp(-(((y - bag + 0.0035) / 0.0026) ** 2))
        * ahead
        * _ramp(-np.abs(side - 0.030), -0.019, -0.011)
    )
    up -= 0.0030 * spot(-0.008, -0.004, 0.080, 0.006, 0.010, 0.010)  # bowl of the ear
    up -= (0.0006 + 0.002 * a) * spot(0.03, -0.048, 0.052, 0.02, 0.016, 0.02)  # hollow of the cheek
    if a:
        brow = _ramp(y, 0.036, 0.046) * (1 - _ramp(y, 0.082, 0.094)) * ahead
        bent = y + 0.0035 * np.cos(60 * z) + 0.002 * np.sin(33 * z + 1)
        up -= 0.0009 * a * brow * np.clip(np.sin(bent * 2 * np.pi / 0.0135), 0, 1) ** 3
        crow = spot(0.045, -0.002, 0.053, 0.03, 0.020, 0.008)
        fan = np.arctan2(y - EYE_AT[1], side - 0.042)
        up -= 0.0011 * a * crow * np.clip(np.sin(9.5 * fan), 0, 1) ** 2
        up -= 0.0013 * a * spot(0.085, 0.020, 0.0065, 0.03, 0.012, 0.0018)  # between the brows
        lip = spot(0.09, -0.052, 0.0, 0.03, 0.007, 0.022) + spot(0.09, -0.072, 0.0, 0.03, 0.006, 0.020)
        up -= 0.0005 * a * lip * (0.5 + 0.5 * np.sin(900 * z))
        neck = (1 - _ramp(y, -0.125, -0.105)) * _ramp(x, -0.03, 0.0)
        up -= 0.0014 * a * neck * np.clip(np.sin(y * 2 * np.pi / 0.017 + 8 * z), 0, 1) ** 2
        jowl = spot(0.045, -0.090, 0.036, 0.02, 0.010, 0.012)
        up += 0.0040 * a * jowl
    return (up * build.head_scale).astype(np.float32)


def tint(build: Build, points: NDArray[np.float32], *, blush: float, stubble: float) -> NDArray[np.float32]:
    """Return what skin's colour is multiplied by at rest points (n, 3): flush, shade, beard's shadow, age."""
    p = to_head(build, points)
    x, y, z = p[:, 0], p[:, 1], p[:, 2]
    side = np.abs(z)

    def spot(px: float, py: float, pz: float, size: float) -> NDArray[np.float32]:
        return np.exp(-((x - px) ** 2 + (y - py) ** 2 + (side - pz) ** 2) / size**2)

    tone = np.ones((len(p), 3), np.float32)
    red = spot(0.060, -0.030, 0.040, 0.024) + 0.8 * spot(0.108, -0.029, 0, 0.012)
    red = red + 0.9 * spot(-0.018, -0.004, 0.086, 0.02) + 0.25 * spot(0.08, -0.09, 0.0, 0.018)
    tone *= 1 - blush * red[:, None] * np.array([0.0, 0.42, 0.36], np.float32)
    # Forehead yellower, around the eyes bluer and darker, as blood and bone have it.
    pale = _ramp(y, 0.03, 0.06)[:, None] * np.array([-0.02, 0.0, 0.05], np.float32)
    tone *= 1 - pale
    sockets = spot(0.070, 0.010, 0.026, 0.016) + 0.8 * spot(0.066, -0.014, 0.030, 0.013)
    tone *= 1 - (0.75 + 0.5 * build.age) * sockets[:, None] * np.array([0.20, 0.28, 0.24], np.float32)
    nostril = np.exp(
        -(((x - 0.0925) / 0.0055) ** 2) - ((y + 0.0405) / 0.0026) ** 2 - ((side - 0.0068) / 0.0032) ** 2
    )
    tone *= 1 - 0.85 * nostril[:, None] * np.array([0.9, 1.0, 1.0], np.float32)
    under = np.exp(-(((y - SLIT[1] + 0.0135) / 0.0030) ** 2) - (side / 0.014) ** 2) * (x > 0.05)
    tone *= 1 - 0.16 * under[:, None]
    fold = relief(build, points) / build.head_scale
    tone *= 1 - np.clip(-fold * 210, 0, 0.5)[:, None] * np.array([0.75, 0.95, 1.0], np.float32)
    if build.age:
        spots = np.sin(170 * x + 3) * np.sin(190 * y + 1) * np.sin(210 * z + 2)
        tone *= 1 - build.age * 0.16 * np.clip(spots - 0.25, 0, 1)[:, None] * np.array(
            [0.8, 1.0, 1.0], np.float32
        )
    mottle = np.sin(95 * x + 2 * np.sin(70 * y)) * np.sin(88 * z + 1) * np.sin(80 * y + 2)
    tone *= 1 + 0.035 * mottle[:, None] * np.array([0.3, 1.0, 1.0], np.float32)
    if stubble:
        jaw = np.clip(1.4 * (spot(0.05, -0.075, 0.0, 0.050) + spot(0.02, -0.07, 0.045, 0.030)), 0, 1)
        jaw = np.clip(jaw, 0, 1) * (1 - spot(0.07, -0.030, 0.035, 0.022)) * _ramp(-y, 0.036, 0.046)
        tone *= 1 - 0.85 * stubble * jaw[:, None] * np.array([0.34, 0.30, 0.24], np.float32)
    return tone


def jaw_share(build: Build, points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how far each point (n, 3) goes with the jaw: the chin all the way, cheeks and neck a little."""
    p = to_head(build, points)
    x, y, z = p[:, 0], p[:, 1], p[:, 2]
    below = _ramp(-y - 0.35 * np.maximum(0.04 - x, 0), -SLIT[1] - 0.004, -SLIT[1] + 0.010)
    return (
        below
        * _ramp(x, 0.0, 0.035)
        * (1 - _ramp(-y, 0.108, 0.130))
        * (1 - 0.4 * _ramp(np.abs(z), 0.03, 0.06))
    ).astype(np.float32)


def _ramp(value: NDArray[np.floating], low: float, high: float) -> NDArray[np.float32]:
    share = np.clip((value - low) / (high - low), 0, 1)
    return (share * share * (3 - 2 * share)).astype(np.float32)
