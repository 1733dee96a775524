"""Backgrounds: a seamless wall and floor under a pool of light; ridges of far land."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from soundstage.render.previz.kernels.compile import kernel
from soundstage.render.previz.kernels.inline import exp_minus, inline, line_noise, smooth_step, value_noise

f32 = np.float32
F32 = NDArray[np.float32]
Num = np.float32

#: Places in `room`: wall RGB, floor RGB, light of the pool RGB, fill RGB, window light RGB, z of the wall,
#: x and z of the pool, its radius, floor gloss, width of the bend, time.
ROOM = {
    "wall": 0, "floor": 3, "pool": 6, "fill": 9, "window": 12, "wall_z": 15, "pool_x": 16, "pool_z": 17,
    "radius": 18, "gloss": 19, "bend": 20, "time": 21,
}  # fmt: skip
ROOM_SIZE = 22


@inline
def wall_light(
    x: Num, y: Num, radius: Num, px: Num,
) -> tuple[Num, Num]:  # fmt: skip
    """Return (pool, window) light on the wall: a soft disc behind the subject, a window's slanted bars."""
    dx = (x - px) / radius
    dy = (y - radius * f32(0.42)) / (radius * f32(0.82))
    pool = exp_minus((dx * dx + dy * dy) * f32(1.15))
    u = (x - px + y * f32(0.55)) / radius + f32(0.35)
    v = y / radius
    soft = f32(0.10)
    pane = u * f32(1.9)
    frame = abs(pane - f32(int(pane + f32(64)) - 64) - f32(0.5))
    bars = smooth_step(f32(0.47), f32(0.47) - soft, frame)
    sash = smooth_step(f32(0.02), f32(0.06), abs(v - f32(0.62)))
    span = smooth_step(f32(-1.05), f32(-0.95), u) * smooth_step(f32(1.10), f32(1.0), u)
    tall = smooth_step(f32(0.16), f32(0.30), v) * smooth_step(f32(1.35), f32(1.05), v)
    return pool, bars * sash * span * tall


@kernel
def room_row(R: F32, G: F32, B: F32, row: F32, step: F32, eye: F32, room: F32) -> None:
    """Paint one row of wall and floor. `row` is the ray of column 0, `step` its change per column."""
    ax, ay, az = row[0], row[1], row[2]
    bx, by, bz = step[0], step[1], step[2]
    ex, ey, ez = eye[0], eye[1], eye[2]
    w0, w1, w2, f0, f1, f2 = room[0], room[1], room[2], room[3], room[4], room[5]
    p0, p1, p2, a0, a1, a2 = room[6], room[7], room[8], room[9], room[10], room[11]
    s0, s1, s2, wall_z, pool_x, pool_z = room[12], room[13], room[14], room[15], room[16], room[17]
    radius, gloss, bend, time = room[18], room[19], room[20], room[21]
    for i in range(R.shape[0]):
        x = ax + bx * f32(np.int32(i))
        y = ay + by * f32(np.int32(i))
        z = max(az + bz * f32(np.int32(i)), f32(0.02))
        tw = (wall_z - ez) / z
        wx = ex + x * tw
        wy = ey + y * tw
        tf = ey / max(-y, f32(1e-3))
        fx = ex + x * tf
        fz = ez + z * tf
        on_floor = smooth_step(bend, -bend, fz - wall_z) if y < f32(-1e-3) else f32(0)
        pool, window = wall_light(wx, abs(wy), radius, pool_x)
        drift = line_noise(wx * f32(0.8) + time * f32(0.05), 11) * f32(0.06) + f32(0.97)
        r = w0 * (a0 + p0 * pool + s0 * window) * drift
        g = w1 * (a1 + p1 * pool + s1 * window) * drift
        b = w2 * (a2 + p2 * pool + s2 * window) * drift
        dx = (fx - pool_x) / (radius * f32(1.15))
        dz = (fz - pool_z) / (radius * f32(0.95))
        spot = exp_minus((dx * dx + dz * dz) * f32(0.9)) * f32(0.85)
        grain = f32(0.93) + f32(0.14) * value_noise(fx * f32(1.3), fz * f32(5.0))
        e = f32(1) - min(-y / z * f32(0.9), f32(1))
        share = gloss * (f32(0.10) + f32(0.55) * e * e * e)
        q = f0 * (a0 * f32(0.8) + p0 * spot) * grain
        q += (r - q) * share
        u = f1 * (a1 * f32(0.8) + p1 * spot) * grain
        u += (g - u) * share
        v = f2 * (a2 * f32(0.8) + p2 * spot) * grain
        v += (b - v) * share
        R[i] = r + (q - r) * on_floor
        G[i] = g + (u - g) * on_floor
        B[i] = b + (v - b) * on_floor


@kernel
def paint_room(R: F32, G: F32, B: F32, rays: F32, eye: F32, room: F32) -> None:
    """Paint every row. `rays` (3, 3): direction of pixel (0, 0), change per column, change per row."""
    row = np.empty(3, np.float32)
    for j in range(R.shape[0]):
        for k in range(3):
            row[k] = rays[0, k] + rays[2, k] * f32(j)
        room_row(R[j], G[j], B[j], row, rays[1], eye, room)


@kernel
def ridge_row(
    R: F32, G: F32, B: F32, j: np.float32, top: F32, base: F32, soft: np.float32, crown: F32, foot: F32
) -> None:
    """Fill one row of a ridge between `top` and below, from `crown` colour to `foot` colour at `base`."""
    c0, c1, c2 = crown[0], crown[1], crown[2]
    f0, f1, f2 = foot[0], foot[1], foot[2]
    for i in range(R.shape[0]):
        a = min(max((j - top[i]) * soft + f32(0.5), f32(0)), f32(1))
        t = min(max((j - top[i]) / max(base[i] - top[i], f32(1)), f32(0)), f32(1))
        R[i] += (c0 + (f0 - c0) * t - R[i]) * a
        G[i] += (c1 + (f1 - c1) * t - G[i]) * a
        B[i] += (c2 + (f2 - c2) * t - B[i]) * a


@kernel
def paint_ridge(R: F32, G: F32, B: F32, top: F32, base: F32, soft: np.float32, crown: F32, foot: F32) -> None:
    """Fill a ridge down to two rows under its base; `soft` is 1 for a sharp edge, less for a blurred one."""
    high = f32(R.shape[0])
    low = f32(0)
    for i in range(top.shape[0]):
        high = min(high, top[i])
        low = max(low, base[i])
    for j in range(max(0, int(high - f32(1) / soft)), min(R.shape[0], int(low) + 3)):
        ridge_row(R[j], G[j], B[j], f32(j), top, base, soft, crown, foot)
