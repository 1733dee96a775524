"""Liquids in the air: crowns, drops, jets, bubbles. Blobs that melt together, lit as glass is."""

from __future__ import annotations

import math

import cv2
import numpy as np

from soundstage.render.previz.subjects.phenomenon_vision import (
    F32,
    Air,
    Paint,
    cloud_noise,
    grid,
    sample,
    smooth,
)

f32 = np.float32
H, W = 320, 420


def _body(air: Air) -> tuple[F32, float, float]:
    """Return a liquid's colour, how much it hides, how metallic it is."""
    said = air.colour(0, tuple(air.told.get("colour", (0.55, 0.72, 0.80))))
    return said, float(air.told.get("opaque", 0.22)), float(air.told.get("metal", 0.0))


def _shade(field: F32, air: Air) -> F32:
    """Return a liquid (h, w, 4) whose thickness is given: bright and dark edges, mirrored sky, hot points."""
    colour, opaque, metal = _body(air)
    alpha = smooth(0.42, 0.56, field)
    thick = np.clip((field - 0.42) * 1.6, 0, 1)
    gx, gy = cv2.Sobel(field, cv2.CV_32F, 1, 0, ksize=3), cv2.Sobel(field, cv2.CV_32F, 0, 1, ksize=3)
    nx, ny = -gx * 3.2, gy * 3.2
    nz = 1 / np.sqrt(1 + nx * nx + ny * ny)
    nx, ny = nx * nz, ny * nz
    white = f32(air.white)
    sky = (0.30 + 0.55 * np.clip(ny * 0.5 + 0.5, 0, 1))[..., None] * (air.lit * 0.9 + 0.10 * white)
    rim = np.clip(1 - nz, 0, 1)[..., None]
    side = -1.0 if air.light.sun_direction[0] < 0 else 1.0
    hot = np.clip(nx * 0.50 * side + ny * 0.62 + nz * 0.60, 0, 1)
    glint = (hot**46)[..., None] * 2.6 * white + (hot**8)[..., None] * 0.22 * white
    back = (
        np.clip(-nx * 0.6 * side - ny * 0.5 + 0.1, 0, 1)[..., None]
        * rim
        * np.array(air.light.rim_colour, f32)
        * 0.9
    )
    body = colour * (air.shaded + (air.lit - air.shaded) * np.clip(ny * 0.5 + 0.55, 0, 1)[..., None])
    clear = 1 - opaque
    light = (
        body * (opaque + 0.25)
        + (sky * (0.15 + 0.85 * rim) * (0.4 + 0.6 * colour)) * (clear + metal)
        + glint
        + back
    )
    cover = np.clip(opaque + rim[..., 0] * 0.75 * clear + 0.10 + thick * 0.15, 0, 1) * alpha
    out = np.empty((*field.shape, 4), f32)
    out[..., :3] = light * alpha[..., None] * (0.35 + 0.65 * cover[..., None])
    out[..., 3] = cover
    return out


def splash(air: Air) -> Paint:  # noqa: PLR0915 - one drawing, from crown to rings
    """A crown that leaps where something fell, breaks into drops, and falls back; again and again."""
    rng = air.rng
    spikes = 19
    around = np.linspace(0, 2 * math.pi, spikes, endpoint=False) + rng.uniform(-0.1, 0.1, spikes)
    tall = rng.uniform(0.7, 1.25, spikes)
    drops = 90
    way = rng.uniform(0, 2 * math.pi, drops)
    speed, lift = rng.uniform(0.35, 1.1, drops), rng.uniform(0.7, 1.55, drops)
    size = rng.gamma(2.0, 1.6, drops) + 1.4
    delay = rng.uniform(0, 0.22, drops)
    period = float(air.told.get("period_s", 1.45))
    floor = 0.86 * H
    colour, _, _ = _body(air)
    ripple_light = (air.lit * (0.4 + 0.6 * colour) * 0.55).astype(f32)
    y, x = np.mgrid[0:H, 0:W].astype(f32)
    slope = np.hypot((x - W / 2) / (W * 0.5), (y - floor) / (H * 0.13))

    def paint(t: float) -> F32:
        u = (t * 0.7 + 0.12) % period
        field = np.zeros((H, W), f32)
        # The crown: a wall that leans out, its lip in spikes.
        rise = max(1.75 * u - 1.65 * u * u, 0.0)
        ring = (0.16 + 0.34 * (1 - math.exp(-3.0 * u))) * W * 0.46
        if rise > 0.01:
            thick = max(int(11 * (1 - u) + 4), 3)
            for k in range(spikes):
                for v in range(2):
                    a = around[k] + v * math.pi / spikes
                    ca, sa = math.cos(a), math.sin(a)
                    foot = (W / 2 + ca * ring * 0.82, floor + sa * ring * 0.20)
                    high = rise * H * 0.95 * (tall[k] if v == 0 else 0.62)
                    top = (W / 2 + ca * ring * (1.08 + 0.25 * rise), floor + sa * ring * 0.24 - high)
                    level = 1.0 if v == 0 else 0.85
                    cv2.line(
                        field,
                        (int(foot[0] * 8), int(foot[1] * 8)),
                        (int(top[0] * 8), int(top[1] * 8)),
                        level,
                        thick if v == 0 else thick + 2,
                        cv2.LINE_AA,
                        3,
                    )
                    if v == 0:
                        cv2.circle(
                            field,
                            (int(top[0] * 8), int(top[1] * 8)),
                            int((thick * 0.75 + 1) * 8),
                            1.0,
                            -1,
                            cv2.LINE_AA,
                            3,
                        )
        # A column springs back from the middle.
        w = u - 0.62
        if 0 < w < 1.3:
            jet = max(2.0 * w - 1.75 * w * w, 0) * H * 0.62
            cv2.line(
                field,
                (W // 2, int(floor)),
                (W // 2, int(floor - jet)),
                1.0,
                max(int(13 - 5 * w), 5),
                cv2.LINE_AA,
            )
            cv2.circle(field, (W // 2, int(floor - jet * 1.14)), 13, 1.0, -1, cv2.LINE_AA)
        for k in range(drops):
            at = u - delay[k]
            if not 0.05 < at < 1.9:
                continue
            px = W / 2 + math.cos(way[k]) * (ring * 0.6 + speed[k] * at * W * 0.26)
            py = floor + math.sin(way[k]) * ring * 0.2 - (lift[k] * at - 0.98 * at * at) * H * 0.92
            if py > floor + 10:
                continue
            cv2.circle(field, (int(px * 8), int(py * 8)), int(size[k] * 8), 1.0, -1, cv2.LINE_AA, 3)
        cv2.ellipse(
            field,
            (W // 2, int(floor)),
            (int(ring), int(ring * 0.22)),
            0,
            0,
            360,
            0.9,
            max(int(9 * (1 - u * 0.4)), 3),
            cv2.LINE_AA,
        )
        field = cv2.GaussianBlur(field, (0, 0), 2.6)
        out = _shade(np.asarray(field, f32), air)
        # Rings run out over the surface.
        wave = np.cos((slope - 0.9 * u) * 26) * np.exp(-np.abs(slope - 0.9 * u) * 5) * smooth(1.0, 0.6, slope)
        light = np.clip(wave, 0, 1)[..., None] * ripple_light * (0.8 * math.exp(-0.7 * u))
        bare = (1 - out[..., 3])[..., None]
        out[..., :3] += light * bare
        out[..., 3] += (np.abs(wave) * 0.30 * math.exp(-0.7 * u)) * bare[..., 0]
        return out

    return paint


def drop(air: Air) -> Paint:
    """A drop that swells, hangs, lets go and falls; and the next one."""
    period = float(air.told.get("period_s", 2.2))

    def paint(t: float) -> F32:
        field = np.zeros((H, W), f32)
        u = (t + 0.9) % period
        grow = min(u / 1.3, 1.0)
        neck = 0.10 * H
        fall = max(u - 1.3, 0.0)
        cy = neck + 22 + 46 * grow + fall * fall * H * 1.5
        radius = 16 + 26 * grow
        cv2.rectangle(field, (W // 2 - 70, 0), (W // 2 + 70, int(neck * 0.7)), 1.0, -1)
        cv2.circle(field, (W // 2, int(cy)), int(radius), 1.0, -1, cv2.LINE_AA)
        tip = max(cy - radius * (1.5 if fall else 2.2), neck * 0.5)
        shape = np.array(
            [
                [W // 2 - radius * 0.8, cy - radius * 0.4],
                [W // 2 + radius * 0.8, cy - radius * 0.4],
                [W // 2 + 4, tip],
                [W // 2 - 4, tip],
            ]
        )
        cv2.fillPoly(field, [shape.astype(np.int32)], 1.0, cv2.LINE_AA)
        if not fall:
            cv2.line(field, (W // 2, 0), (W // 2, int(cy)), 1.0, int(12 + 6 * (1 - grow)), cv2.LINE_AA)
        return _shade(np.asarray(cv2.GaussianBlur(field, (0, 0), 6), f32), air)

    return paint


def bubbles(air: Air) -> Paint:
    """Soap bubbles that drift up, thin as light, with the colours of their skin."""
    x, y = grid(H, W)
    count = 11
    rng = air.rng
    px, phase = rng.uniform(-0.85, 0.85, count), rng.uniform(0, 1, count)
    size, pace = rng.uniform(0.07, 0.24, count), rng.uniform(0.05, 0.10, count)
    noise = cloud_noise(40, 1.8)

    def paint(t: float) -> F32:
        out = np.zeros((H, W, 4), f32)
        for k in np.argsort(size):
            cy = (phase[k] + pace[k] * t) % 1.3 - 0.15
            cx = px[k] + 0.06 * math.sin(0.9 * t + 9 * phase[k])
            # Only the square it fills.
            half = int(size[k] * H) + 2
            row, column = int((1 - cy) * (H - 1)), int((cx + 1) / 2 * (W - 1))
            box = (
                slice(max(row - half, 0), max(row + half, 0)),
                slice(max(column - half, 0), max(column + half, 0)),
            )
            if not x[box].size:
                continue
            dx, dy = (x[box] - f32(cx)) * f32(W / H / 2 / size[k]), (y[box] - f32(cy)) / f32(size[k])
            r = np.hypot(dx, dy)
            inside = smooth(1.0, 0.985, r)
            rim = inside * np.clip(r, 0, 1) ** 7
            film = sample(noise, dx * 0.25 + f32(0.05 * t + k * 0.1), dy * 0.25 - f32(0.03 * t)) * 9 + dy * 2
            skin = 0.5 + 0.5 * np.cos(film[..., None] + np.array([0.0, 2.1, 4.2], f32))
            spot = np.exp(-(((dx + 0.42) / 0.13) ** 2) - ((dy - 0.52) / 0.20) ** 2)
            spot += 0.4 * np.exp(-(((dx - 0.45) / 0.10) ** 2) - ((dy + 0.55) / 0.10) ** 2)
            light = skin * (rim * 0.9 + inside * 0.05)[..., None] * air.lit * 1.3
            light = light + spot[..., None] * f32(1.1 * air.white)
            cover = rim * 0.35 + inside * 0.03
            part = out[box]
            part *= (1 - cover)[..., None]
            part[..., :3] += light
            part[..., 3] += cover
        return out

    return paint
