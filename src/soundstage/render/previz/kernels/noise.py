"""Scalar noise and curves that the other kernels call. Integer hashes: every machine sees one picture."""

from __future__ import annotations

import numpy as np

from soundstage.render.previz.kernels.compile import kernel

f32 = np.float32

GOLDEN = np.uint32(0x9E3779B1)
SPREAD = np.uint32(0x85EBCA77)
MIX_A = np.uint32(0x2C1B3C6D)
MIX_B = np.uint32(0x297A2D39)
LOW_24 = np.uint32(0xFFFFFF)
SHIFT_15 = np.uint32(15)
SHIFT_12 = np.uint32(12)
PER_24_BIT = f32(1.0 / 16777216.0)


@kernel
def hash_bits(x: np.int32, y: np.int32) -> np.uint32:
    """Return 32 well-mixed bits for a lattice point."""
    h = np.uint32(np.uint32(np.uint32(x) * GOLDEN) + np.uint32(np.uint32(y) * SPREAD))
    h = np.uint32(h ^ np.uint32(h >> SHIFT_15))
    h = np.uint32(h * MIX_A)
    h = np.uint32(h ^ np.uint32(h >> SHIFT_12))
    h = np.uint32(h * MIX_B)
    return np.uint32(h ^ np.uint32(h >> SHIFT_15))


@kernel
def hash_unit(x: np.int32, y: np.int32) -> np.float32:
    """Return a number in [0, 1) for a lattice point."""
    return f32(np.int32(hash_bits(x, y) & LOW_24)) * PER_24_BIT


@kernel
def floor_of(x: np.float32) -> np.float32:
    """Return the greatest whole number not over x, for |x| under 2^31.

    `math.floor` goes through a 64-bit integer, which becomes a float again one lane at a time.
    """
    whole = f32(np.int32(x))
    return whole - f32(1) if whole > x else whole


@kernel
def value_noise(x: np.float32, y: np.float32) -> np.float32:
    """Return smooth noise in [0, 1] with features one unit wide; |x|, |y| under 2^23."""
    floor_x = floor_of(x)
    floor_y = floor_of(y)
    ix = np.int32(floor_x)
    iy = np.int32(floor_y)
    u = x - floor_x
    v = y - floor_y
    u = u * u * (f32(3) - f32(2) * u)
    v = v * v * (f32(3) - f32(2) * v)
    a = hash_unit(ix, iy)
    b = hash_unit(np.int32(ix + 1), iy)
    c = hash_unit(ix, np.int32(iy + 1))
    d = hash_unit(np.int32(ix + 1), np.int32(iy + 1))
    return a + (b - a) * u + (c - a) * v + (a - b - c + d) * u * v


@kernel
def fractal_noise(x: np.float32, y: np.float32) -> np.float32:
    """Return four octaves of value noise, in [0, 0.9375]."""
    return (
        value_noise(x, y) * f32(0.5)
        + value_noise(x * f32(2.03) + f32(7.1), y * f32(2.03) + f32(1.7)) * f32(0.25)
        + value_noise(x * f32(4.1) + f32(3.7), y * f32(4.1) + f32(9.2)) * f32(0.125)
        + value_noise(x * f32(8.3), y * f32(8.3)) * f32(0.0625)
    )


@kernel
def smooth_step(low: np.float32, high: np.float32, x: np.float32) -> np.float32:
    """Return 0 at `low`, 1 at `high` (which may be the smaller), a cubic between."""
    t = min(max((x - low) / (high - low), f32(0)), f32(1))
    return t * t * (f32(3) - f32(2) * t)


@kernel
def exp_minus(x: np.float32) -> np.float32:
    """Return about exp(-x) for x >= 0 as (1 - x/16)^8 squared: unlike `math.exp`, it vectorises."""
    t = max(f32(1) - x * f32(1 / 16.0), f32(0))
    t *= t
    t *= t
    t *= t
    return t * t
