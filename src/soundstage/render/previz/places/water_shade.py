"""How water looks at points of its surface: ripples, what they mirror, glitter, foam. Arrays in, arrays out.

Points are world metres (x, z), `foot` the metres of depth that one row covers. Knows no frame and no shore.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import cv2
import numpy as np

from soundstage.render.previz.places.water_noise import look_up

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from soundstage.render.previz.view import View

    Plane = NDArray[np.float32]
    Two = tuple[NDArray[np.float32], NDArray[np.float32]]

f32 = np.float32
BROAD_M, FINE_M, LACE_M = 11.0, 2.7, 7.0  #: lengths of the tiles in the world


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours and measures of the water in this light, linear."""

    deep: NDArray[np.float32]  #: (3,)
    crest: NDArray[np.float32]  #: (3,) light that comes through a thin crest
    foam: NDArray[np.float32]
    sun: NDArray[np.float32]  #: (3,) glitter
    haze: NDArray[np.float32]
    haze_per_m: float
    chop: float  #: root mean square slope of the ripples
    foam_share: float  #: of the surface where wind breaks it
    streaks: float  #: 0..1 foam that a current carries
    flow_m_s: tuple[float, float]
    glitter: float
    veil: float = 0.0  #: 0..1 how far the air over the horizon takes the haze's colour
    churn: tuple[float, float, float] | None = None  #: x, z and radius (m) of water beaten white
    scale: float = 1.0  #: lengths of ripples against a sea's


def ripples(
    look: Look, tile: Plane, at: Two, t_s: float, foot: Plane, slopes: Two | None
) -> tuple[Plane, Plane, Plane]:
    """Return slopes x and z, those of the swell with them, and the height of the broad ripples."""
    wx, wz = at
    fx, fz = look.flow_m_s
    broad_m, fine_m = BROAD_M * look.scale, FINE_M * look.scale
    pace = 0.9 * math.sqrt(look.scale)
    broad = look_up(tile, wx, wz, 1 / broad_m, -fx * t_s / broad_m, (1.15 * pace - fz) * t_s / broad_m)
    a = f32(look.chop * 0.75) / (1 + (foot * f32(0.55 / look.scale)) ** 2)
    b = f32(look.chop * 0.66) / (1 + (foot * f32(2.6 / look.scale)) ** 2)
    slope_x, slope_z = broad[..., 0] * a, broad[..., 1] * a
    if float(b.max()) > 0.02 * look.chop:
        # Two sheets that cross: one alone is seen to slide.
        u, v = wx - f32(0.35) * wz, wz + f32(0.35) * wx
        fine = look_up(tile, u, v, 1 / fine_m, (0.32 - fx) * t_s / fine_m, (0.62 * pace - fz) * t_s / fine_m)
        slope_x += fine[..., 0] * b
        slope_z += fine[..., 1] * b
    if slopes is not None:
        slope_x += slopes[0]
        slope_z += slopes[1]
    return np.asarray(slope_x, f32), np.asarray(slope_z, f32), broad[..., 2]


def mirrored(
    look: Look, picture: Plane, view: View, slopes: Two, foot: Plane, below: Plane, horizon: Plane
) -> Plane:
    """Return what each point mirrors, (h, w, 3): the picture of level water, moved by the slopes.

    Args:
        look: of the water.
        picture: (mh, mw, 3) under the whole view.
        view: of the surface's pixels.
        slopes: x and z.
        foot: (h, 1).
        below: (h, w) rows under the horizon.
        horizon: (1, w).
    """
    mh, mw = picture.shape[:2]
    focal = f32(view.focal_px)
    # Slopes too small for a pixel lift the whole image, far away most.
    hidden = f32(0.9 * look.chop) * (1 - 1 / (1 + foot * f32(0.9)))
    row = slopes[1] * (f32(1.6) * focal)
    row += np.abs(below) + hidden * focal
    np.abs(row, out=row)
    row += horizon
    row *= f32(mh / view.height_px)
    column = slopes[0] * (np.abs(below) * f32(-1.6) - f32(0.10) * focal)
    column += np.arange(view.width_px, dtype=f32)[None, :]
    column *= f32(mw / view.width_px)
    found = cv2.remap(picture, column, row, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(found, f32)


def fresnel(dn: Plane, most: float) -> Plane:
    """Return the share of light that is mirrored; `dn` is the cosine between ray and surface, below zero."""
    edge = 1 + np.maximum(dn, f32(-1))
    square = edge * edge
    return np.asarray(f32(0.02) + edge * square * square * f32(most), f32)


def glitter(
    look: Look, sun: Plane, ray: tuple[Plane, Plane, Plane], dn: Plane, slopes: Two, foot: Plane
) -> Plane:
    """Return how much of the sun's disc each point sends to the lens."""
    x, y, z = ray
    sx, sy, sz = f32(sun[0]), f32(sun[1]), f32(sun[2])
    twice = dn + dn
    ry = np.maximum(y - twice, f32(0.004))
    rx = x + twice * slopes[0]
    rz = z + twice * slopes[1]
    away = 1 - (rx * sx + ry * sy + rz * sz) / np.sqrt(rx * rx + ry * ry + rz * rz)
    tight = np.maximum(f32(1400) / (1 + foot * f32(5)), f32(110))
    lobe = 1 / (1 + np.maximum(away, f32(0)) * (2 * tight))
    return np.asarray(lobe * lobe * (f32(look.glitter) * tight * f32(1 / 1400)), f32)


def thin_crests(fold: Plane, lean: Plane, height: Plane) -> Plane:
    """Return how much light shines through: where a crest stands up against it."""
    up = np.clip(fold * f32(2.2) + f32(0.16), 0, 1)
    return np.asarray(up * np.clip(f32(0.35) + lean * f32(1.8) + height * f32(0.05), 0, 1), f32)


def foam(look: Look, lace: Plane, at: Two, t_s: float, foot: Plane, fold: Plane | None) -> Plane | None:
    """Return where foam lies: on breaking crests and behind them, in streaks on a current; None nowhere."""
    breaking = look.foam_share > 0 and fold is not None
    if not breaking and look.streaks <= 0 and look.churn is None:
        return None
    wx, wz = at
    fx, fz = look.flow_m_s
    lace_m = LACE_M * look.scale
    # A current draws foam out along itself.
    across, along = 1.0, 1.0
    if look.streaks > 0:
        across, along = (0.30, 1.0) if abs(fx) > abs(fz) else (1.0, 0.30)
    net = look_up(
        lace, wx * f32(across), wz * f32(along), 1 / lace_m,
        -fx * across * t_s / lace_m, (0.12 - fz * along) * t_s / lace_m,
    )  # fmt: skip
    lines, patches = net[..., 0], net[..., 1]
    if look.streaks > 0:
        # Streaks come in drifts far longer than the net, or they repeat like a print.
        u, v = wx * f32(0.83 * across) + wz * f32(0.31), wz * f32(0.83 * along) - wx * f32(0.31)
        drifts = look_up(
            lace, u, v, 0.17 / lace_m, -fx * across * 0.17 * t_s / lace_m, -fz * along * 0.17 * t_s / lace_m
        )
        patches = patches * f32(0.45) + drifts[..., 1] * f32(0.62)
    both = lines * patches
    out = np.zeros_like(wx)
    if look.streaks > 0:
        out = np.clip((both - f32(0.70 - 0.24 * look.streaks)) * f32(3.5), 0, 1) * f32(0.8)
    if look.foam_share > 0 and fold is not None:
        breaks = np.clip((fold - f32(0.46 - 0.22 * look.foam_share)) * f32(4.0), 0, 1)
        trail = np.clip((fold + f32(0.06)) * f32(1.7), 0, 1) * f32(look.foam_share)
        out = np.maximum(out, breaks * np.clip(lines * f32(2.4) - f32(0.75), 0, 1))
        out = np.maximum(out, trail * np.clip((both - f32(0.42)) * f32(3.0), 0, 1) * f32(0.75))
    out = out / (1 + foot * f32(0.25 / look.scale))
    if look.churn is not None:
        x0, z0, radius = look.churn
        near = ((wx - f32(x0)) ** 2 + ((wz - f32(z0)) * f32(1.3)) ** 2) / f32(radius * radius)
        out = np.maximum(
            out,
            np.clip(np.exp(-near) * f32(1.6) + (lines - f32(0.75)) * f32(1.3), 0, 1)
            * np.exp(-near * f32(0.3)),
        )
    return np.asarray(out, f32)


def lapping(shore: Plane, lap_m: float, foam_: Plane | None, height: Plane, foot: Plane) -> Plane | None:
    """Return foam with the line that laps at the shore."""
    if lap_m <= 0 or float(shore.min()) > 4 * lap_m + 2 * float(foot.max()):
        return foam_
    off = np.abs(shore - f32(lap_m) * (1 + f32(0.5) * height))
    line = np.clip(1 - off / (f32(0.55 * lap_m) + foot), 0, 1) * np.clip(f32(0.6) + f32(0.35) * height, 0, 1)
    line *= f32(0.55) / (1 + foot * f32(4))
    return np.asarray(line if foam_ is None else np.maximum(foam_, line), f32)
