"""Worlds: planets, moons, suns, rings, eclipses. A globe is shaded by the pixel, its map turned in light."""

from __future__ import annotations

import math

import cv2
import numpy as np

from soundstage.render.previz.subjects.phenomenon_vision import (
    F32,
    NOISE_PX,
    Air,
    Paint,
    cloud_noise,
    grid,
    sample,
    smooth,
)

f32 = np.float32
DISC = 0.70  #: radius of a bare globe on its card
DISC_RINGED = 0.42


def _mapped(kind: str, air: Air) -> F32:
    """Return a world's colours as a map (256, 512, 3), linear."""
    v, u = np.mgrid[0:1:256j, 0:1:512j].astype(f32)
    big = sample(cloud_noise(20, 2.1), u * 2, v)
    small = sample(cloud_noise(21, 1.6), u * 4, v * 2)
    n = 0.7 * big + 0.3 * small

    def blend(stops: list[tuple[float, tuple[float, float, float]]], at: F32) -> F32:
        xs = [s for s, _ in stops]
        return np.stack([np.interp(at, xs, [c[k] for _, c in stops]) for k in range(3)], -1).astype(f32)

    pole = np.abs(v - 0.5) * 2
    if kind == "earth":
        land = smooth(0.52, 0.56, n)
        dry = smooth(0.35, 0.65, sample(cloud_noise(22), u * 2 + 0.3, v * 1.5))[..., None]
        ground = np.array([0.06, 0.13, 0.03], f32) * (1 - dry) + np.array([0.32, 0.22, 0.10], f32) * dry
        sea = np.array([0.008, 0.045, 0.14], f32)
        out = sea + (ground - sea) * land[..., None]
        ice = smooth(0.78, 0.90, pole + (n - 0.5) * 0.3)[..., None]
        return out + (np.array([0.75, 0.80, 0.85], f32) - out) * ice
    if kind == "moon":
        out = blend([(0.0, (0.10, 0.10, 0.105)), (0.45, (0.30, 0.29, 0.28)), (1.0, (0.62, 0.60, 0.57))], n)
        rng = np.random.default_rng(9)
        for _ in range(90):
            x, y, r = rng.uniform(0, 512), rng.uniform(30, 226), rng.gamma(1.6, 3.0) + 1.5
            spot = np.zeros((256, 512), f32)
            cv2.circle(spot, (int(x), int(y)), int(r) + 1, 1.0, -1, cv2.LINE_AA)
            lip = cv2.GaussianBlur(spot, (0, 0), max(r * 0.25, 0.6))
            out += (lip - spot * 0.9)[..., None] * f32(0.30) * (0.4 + out)
        return np.clip(out, 0.02, 1)
    if kind in ("gas", "ringed", "ice"):
        wave = v * (9 if kind != "ice" else 5) + (n - 0.5) * (0.9 if kind != "ice" else 0.35)
        band = 0.5 + 0.5 * np.sin(2 * np.pi * wave) * (0.7 + 0.3 * np.sin(5 * v * np.pi))
        if kind == "gas":
            stops = [(0.0, (0.30, 0.13, 0.06)), (0.5, (0.62, 0.44, 0.28)), (1.0, (0.80, 0.72, 0.58))]
        elif kind == "ringed":
            stops = [(0.0, (0.50, 0.38, 0.20)), (0.5, (0.66, 0.54, 0.32)), (1.0, (0.80, 0.70, 0.48))]
        else:
            stops = [(0.0, (0.06, 0.20, 0.55)), (1.0, (0.14, 0.38, 0.72))]
        out = blend(stops, band + (small - 0.5) * 0.35)
        if kind == "gas":
            storm = np.exp(-(((u - 0.62) / 0.045) ** 2) - ((v - 0.64) / 0.035) ** 2)[..., None]
            out = out + (np.array([0.62, 0.16, 0.06], f32) - out) * storm
        return _tinted(out, air)
    stops = [(0.0, (0.10, 0.035, 0.015)), (0.5, (0.42, 0.16, 0.065)), (1.0, (0.70, 0.42, 0.24))]
    out = blend(stops, n)
    return _tinted(out + (0.8 - out) * smooth(0.90, 0.96, pole + (n - 0.5) * 0.1)[..., None], air)


def _tinted(colours: F32, air: Air) -> F32:
    """Return a map in the colour that was said, if one was."""
    if not air.colours:
        return colours
    grey = colours @ np.array([0.3, 0.5, 0.2], f32)
    hue = np.array(air.colours[0], f32)
    return np.asarray(grey[..., None] * (hue / max(float(hue.max()), 0.05)) * 1.25, f32)


def world(air: Air) -> Paint:  # noqa: PLR0915 - one globe, from map to rings
    """A globe with its night side, its air, and rings where it has them."""
    kind = str(air.told.get("world", "desert"))
    ringed = kind == "ringed"
    size = 320
    x, y = grid(size, int(size * (1.9 if ringed else 1.0)))
    x = x * (1.9 if ringed else 1.0)
    y = y * 2 - 1
    disc = DISC_RINGED if ringed else DISC
    nx, ny = x / disc, y / disc
    r2 = nx * nx + ny * ny
    nz = np.sqrt(np.clip(1 - r2, 0, 1))
    tilt = 0.35
    ty = ny * math.cos(tilt) - nx * math.sin(tilt)
    tx = nx * math.cos(tilt) + ny * math.sin(tilt)
    lat = 0.5 - np.arcsin(np.clip(ty, -1, 1)) / np.pi
    lon = np.arctan2(tx, nz) / (2 * np.pi)
    chart = _mapped(kind, air)
    crescent = bool(air.told.get("crescent", False))
    sun = np.array((-0.80, 0.32, 0.50) if not crescent else (-0.90, 0.20, -0.38))
    if kind == "moon" and not crescent:
        sun = np.array((-0.50, 0.25, 0.83))
    sun = sun / np.linalg.norm(sun)
    facing = nx * sun[0] + ny * sun[1] + nz * sun[2]
    day = smooth(-0.06, 0.30, facing) * np.clip(facing * 0.9 + 0.22, 0.05, 1)
    inside = smooth(1.0, 1.0 - 5.0 / (size * disc), np.sqrt(r2))
    rim = smooth(0.55, 1.0, np.sqrt(np.clip(r2, 0, 1))) * smooth(-0.25, 0.5, facing)
    out_r = np.sqrt(r2)
    airy = kind in ("earth", "ice", "gas", "desert")
    hue = np.array(
        {"earth": (0.22, 0.48, 1.0), "ice": (0.30, 0.60, 1.0), "gas": (0.8, 0.62, 0.42)}.get(
            kind, (0.9, 0.50, 0.30)
        ),
        f32,
    )
    halo = (
        np.exp(-np.clip(out_r - 1, 0, 4) * 13)
        * (out_r >= 1)
        * smooth(-0.45, 0.6, (nx * sun[0] + ny * sun[1]) / np.maximum(out_r, 1e-3))
        if airy
        else np.zeros_like(x)
    )
    key = f32(1.35 * air.white)
    if air.told.get("tint"):
        chart = chart * np.array(air.told["tint"], f32)
    ring = _ring(x, y, disc, tilt, sun) if ringed else None
    spin = float(air.told.get("spin_hz", 0.010))
    clouds = cloud_noise(23, 1.7)

    def paint(t: float) -> F32:
        u = ((lon + f32(spin * t)) % 1.0) * 511
        colour = np.asarray(
            cv2.remap(
                chart, u.astype(f32), (lat * 255).astype(f32), cv2.INTER_LINEAR, borderMode=cv2.BORDER_WRAP
            ),
            f32,
        )
        if kind == "earth":
            wisp = sample(clouds, lon * 2 + f32(spin * 2.6 * t), lat * 1.3)
            cover = smooth(0.50, 0.74, wisp + 0.12 * sample(clouds, lon * 5 + f32(spin * 5 * t), lat * 3))[
                ..., None
            ]
            colour = colour + (0.85 - colour) * cover
        out = np.zeros((*x.shape, 4), f32)
        light = (
            colour * (day * key)[..., None] + hue * (rim * day * 0.35 * key if airy else 0 * rim)[..., None]
        )
        out[..., :3] = light * inside[..., None] + hue * (halo * 0.40 * key)[..., None]
        out[..., 3] = inside
        if ring is not None:
            front, back = ring
            behind = back * (1 - inside)[..., None]
            out = out + behind * key
            out = out * (1 - front[..., 3:]) + front * np.array([key, key, key, 1], f32)
        return out

    return paint


def _ring(x: F32, y: F32, disc: float, tilt: float, sun: np.ndarray) -> tuple[F32, F32]:
    """Return the half of the rings before the globe and the half behind it, premultiplied (h, w, 4)."""
    c, s = math.cos(tilt * 0.8), math.sin(tilt * 0.8)
    rx, ry = (x * c + y * s) / disc, (-x * s + y * c) / disc
    far = np.hypot(rx, ry / 0.26)
    line = np.interp(
        far,
        [1.20, 1.28, 1.50, 1.52, 1.95, 1.98, 2.03, 2.30, 2.36],
        [0, 0.35, 0.55, 0.85, 0.80, 0.08, 0.55, 0.45, 0],
    )
    grain = 0.72 + 0.28 * np.sin(far * 95) * np.sin(far * 41)
    alpha = (line * grain).astype(f32)
    shade = np.where((rx > 0.2) & (np.abs(ry) < 0.9) & (ry > 0), smooth(0.9, 2.0, rx), 1.0) * (
        0.75 + 0.1 * float(sun[2])
    )
    card = np.dstack([alpha * 0.72 * shade, alpha * 0.62 * shade, alpha * 0.46 * shade, alpha]).astype(f32)
    near = (ry < 0)[..., None]
    return card * near, card * ~near


def star(air: Air) -> Paint:
    """A sun from near: granules that boil, arcs at its edge, a corona."""
    x, y = grid(320, 320)
    y = y * 2 - 1
    r = np.hypot(x, y)
    angle = (np.arctan2(y, x) / (2 * np.pi)).astype(f32)
    disc = 0.52
    nz = np.sqrt(np.clip(1 - (r / disc) ** 2, 0, 1))
    lon, lat = np.arctan2(x / disc, nz) / (2 * np.pi), np.arcsin(np.clip(y / disc, -1, 1)) / np.pi
    big, small = cloud_noise(24, 1.6), cloud_noise(25, 1.3)
    hue = air.colour(0, (1.0, 0.42, 0.08))
    dark = bool(air.told.get("eclipsed", False))
    inside = smooth(disc, disc - 0.012, r)

    def paint(t: float) -> F32:
        n = 0.55 * sample(big, lon * 1.6 + f32(0.006 * t), lat * 1.6) + 0.45 * sample(
            small, lon * 4 - f32(0.010 * t), lat * 4 + f32(0.012 * t)
        )
        surface = (
            hue * (0.55 + 1.5 * n * n)[..., None] * (0.55 + 0.6 * nz)[..., None]
            + np.array([0.5, 0.22, 0.03], f32) * (n**3)[..., None]
        )
        wisp = sample(big, angle * 2 + f32(0.004 * t), np.log(np.maximum(r, 0.05)) * 0.5 - f32(0.03 * t))
        corona = (
            np.exp(-np.clip(r - disc, 0, 2) * (6.5 - 3.5 * wisp)) * (0.35 + 0.9 * wisp) * smooth(1.0, 0.72, r)
        )
        prominence = np.exp(-np.clip(r - disc, 0, 2) * 34) * smooth(0.50, 0.8, wisp) * 1.6
        shine = (corona + prominence) * (r > disc - 0.01)
        out = np.zeros((*x.shape, 4), f32)
        tone = np.array([1.0, 0.92, 0.82], f32) if dark else hue * 0.8 + 0.15
        out[..., :3] = tone * (shine * (1.2 if dark else 0.9))[..., None] * f32(air.white)
        face = np.zeros(3, f32) if dark else surface * f32(1.9 * air.white)
        out[..., :3] = out[..., :3] * (1 - inside[..., None]) + face * inside[..., None]
        out[..., 3] = inside
        return out

    return paint


assert NOISE_PX == 256, "maps are cut for noise of this size"
