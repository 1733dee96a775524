"""The shapes of land: height in metres over points of the plane. A recipe's `relief` adds some of them up.

Every shape is 0..1 (a little more at times), a pure function of its noise; the recipe says how high, how
wide, and how far from the stage it begins, so that subjects stand on level ground. Knows no light.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.render.previz.places.land_noise import Noise, smooth

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[Any]  # float32 where it counts: what noise returns

Shape = Callable[[Noise, "Array", "Array", Mapping[str, Any]], "Array"]


def _hills(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    return noise.fractal(x, z, line["wide_m"], 5) ** np.float32(1.4)


def _plain(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    return noise.fractal(x, z, line["wide_m"], 3)


def _peaks(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    wide = line["wide_m"]
    # Bent by other noise, ridges wander; straight lattices would show.
    bend_x = (noise.fractal(x, z, wide * 0.9, 2, 20) - 0.5) * np.float32(wide * 0.55)
    bend_z = (noise.fractal(x, z, wide * 0.9, 2, 30) - 0.5) * np.float32(wide * 0.55)
    body = noise.ridged(x + bend_x, z + bend_z, wide, 8)
    mass = noise.at(x, z, wide * 2.3, 40)
    return body * (0.35 + 0.95 * mass)


def _dunes(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    """Crests across the wind: long on the windward side, steep on the lee, sharp on top."""
    wide = line["wide_m"]
    total = np.zeros_like(x)
    for k, (size, gain, angle) in enumerate(((1.0, 0.72, 0.55), (0.42, 0.24, 0.15), (2.7, 0.55, -0.3))):
        span = wide * size
        way = x * np.float32(math.sin(angle)) + z * np.float32(math.cos(angle))
        bent = way + (noise.fractal(x, z, span * 2.2, 3, 11 + 5 * k) - 0.5) * np.float32(span * 2.6)
        u = bent / np.float32(span)
        u -= np.floor(u)
        rise = np.where(u < 0.70, u / 0.70, (1 - u) / 0.30)
        body = rise**1.35 * (0.30 + 0.95 * noise.at(x, z, span * 2.9, 13 + 5 * k))
        total += np.float32(gain) * body
    return np.asarray(total, np.float32)


def _mesas(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    """Table mountains: terraces with steep walls over slopes of rubble."""
    wide = line["wide_m"]
    base = noise.fractal(x, z, wide, 3, 3)
    base += (noise.fractal(x, z, wide * 0.16, 4, 8) - 0.5) * 0.13
    return _stepped(smooth(0.47, 0.66, base), base)


def _stepped(body: Array, grain: Array) -> Array:
    walls = np.zeros_like(body)
    for low, share in ((0.08, 0.22), (0.36, 0.34), (0.66, 0.30)):
        walls += np.float32(share) * smooth(low, low + 0.10, body)
    return np.asarray(0.82 * walls + 0.16 * body + 0.05 * grain, np.float32)


def _canyon(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    """A winding floor between two stepped walls; `open_m` is half the floor's width."""
    wide, floor = line["wide_m"], line["open_m"]
    bend = (noise.fractal(np.zeros_like(z), z, wide * 1.6, 2, 5) - 0.5) * np.float32(wide * 0.75)
    # Level with the camera the way is free, however it winds beyond.
    bend *= smooth(10.0, wide * 0.8, np.abs(z))
    away = np.abs(x - bend)
    rough = (noise.fractal(x, z, wide * 0.30, 4, 9) - 0.5) * np.float32(wide * 0.42)
    rough += (noise.ridged(x, z, wide * 0.12, 4, 15) - 0.4) * np.float32(wide * 0.10)
    body = np.clip((away + rough - np.float32(floor)) / np.float32(wide * 0.55), 0, 1)
    return _stepped(np.asarray(body, np.float32), noise.at(x, z, wide * 0.5, 4)) * (
        0.75 + 0.5 * noise.at(x, z, wide * 1.3, 6)
    )


def _valley(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    """Slopes that rise to both sides and close behind; `open_m` is half the valley's width."""
    away = np.abs(x + (noise.fractal(x, z, line["wide_m"], 2, 2) - 0.5) * np.float32(line["wide_m"] * 0.5))
    side = smooth(line["open_m"], line["open_m"] + line["wide_m"], away)
    return side * (0.45 + 0.75 * noise.fractal(x, z, line["wide_m"] * 0.7, 5, 7))


def _cone(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    """A volcano at `at_m` with a crater on top, its flanks cut by gullies."""
    dx, dz = x - np.float32(line["at_m"][0]), z - np.float32(line["at_m"][1])
    away = np.hypot(dx, dz) / np.float32(line["wide_m"])
    angle = np.arctan2(dx, dz).astype(np.float32)
    gully = noise.ridged(
        np.asarray(angle * 900.0, np.float32), np.asarray(away * 220.0, np.float32), 260.0, 4, 6
    )
    away = away * (1 + 0.10 * (noise.fractal(x, z, line["wide_m"] * 0.4, 3, 9) - 0.5))
    body = np.clip(1 - away, 0, 1) ** 1.75
    rim = 0.70
    body = np.where(body > rim, rim - (body - rim) * 1.3, body)
    return np.asarray(body * (1 - 0.22 * gully * smooth(0.06, 0.25, away)), np.float32)


def _craters(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    """Bowls with raised rims of three sizes, one in each cell of a grid."""
    total = np.zeros_like(x)
    for k, (size, gain) in enumerate(((1.0, 1.0), (0.37, 0.45), (0.13, 0.2))):
        cell = line["wide_m"] * size
        u, v = x / np.float32(cell) + np.float32(3.3 * k), z / np.float32(cell) + np.float32(7.1 * k)
        i, j = np.floor(u), np.floor(v)
        key = (i.astype(np.int64) & 255), (j.astype(np.int64) & 255)
        a, b = noise.table[key], noise.table.T[key]
        size_of = 0.16 + 0.26 * noise.table[key[1], key[0] ^ 77]
        away = np.hypot(u - i - (0.42 + 0.16 * a), v - j - (0.42 + 0.16 * b)) / size_of
        bowl = np.where(away < 1, away**2.2 - 1.0, 0) + 0.35 * np.exp(-((away - 1.0) ** 2) / 0.05)
        bowl = np.where(away < 1, bowl + 0.0, 0.35 * np.exp(-((away - 1.0) ** 2) / 0.10))
        total += np.float32(gain) * np.asarray(bowl * size_of, np.float32)
    return total + np.float32(0.5) * noise.fractal(x, z, line["wide_m"] * 0.8, 5, 12)


def _floes(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    """Pressed ice: flat plates, and broken ridges where they meet."""
    seam = noise.ridged(x, z, line["wide_m"], 2, 4)
    shards = np.abs(noise.at(x, z, line["wide_m"] * 0.07, 9) - 0.5) * 2
    return smooth(0.62, 0.95, seam) * (0.25 + 0.95 * shards) + 0.06 * noise.fractal(
        x, z, line["wide_m"] * 0.5, 3, 6
    )


def _bergs(noise: Noise, x: Array, z: Array, line: Mapping[str, Any]) -> Array:
    """Blocks and needles of ice with flat sides."""
    wide = line["wide_m"]
    base = noise.fractal(x, z, wide, 2, 3)
    facets = np.abs(noise.at(x, z, wide * 0.33, 8) - 0.5) + np.abs(noise.at(x, z, wide * 0.14, 9) - 0.5) * 0.5
    return smooth(0.56, 0.66, base) * (0.30 + 1.1 * facets + 0.35 * noise.at(x, z, wide * 0.5, 10))


SHAPES: Mapping[str, Shape] = {
    "hills": _hills, "plain": _plain, "peaks": _peaks, "dunes": _dunes, "mesas": _mesas, "canyon": _canyon,
    "valley": _valley, "cone": _cone, "craters": _craters, "floes": _floes, "bergs": _bergs,
}  # fmt: skip


def height_of(
    lines: Sequence[Mapping[str, Any]],
    noise: Noise,
    x_m: Array,
    z_m: Array,
    *,
    box_m: tuple[float, float, float, float],
    level_m: float,
) -> Array:
    """Return the land's height at points.

    Args:
        lines: of a recipe's `relief`: shape, high_m, wide_m, from_m (level until there), ramp_m (to full
            height), and what the shape itself reads.
        noise: of the place.
        x_m: world x of points.
        z_m: world z.
        box_m: least and greatest x, then z, of where camera and subjects are; distances are from there.
        level_m: no line begins nearer than this.
    """
    x0, x1, z0, z1 = box_m
    away = np.hypot(x_m - np.clip(x_m, x0, x1), z_m - np.clip(z_m, z0, z1)).astype(np.float32)
    total = np.zeros_like(x_m)
    for line in lines:
        begin = max(float(line.get("from_m", 0.0)), level_m)
        rise = smooth(begin, begin + float(line["ramp_m"]), away)
        if line.get("everywhere"):
            rise = np.ones_like(away)
        body = SHAPES[line["shape"]](noise, x_m, z_m, line) - np.float32(line.get("sink", 0.0))
        total += np.float32(line["high_m"]) * rise * body
    return total
