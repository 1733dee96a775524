"""Scalar noise: the same everywhere, smooth, in range."""

import numpy as np

from soundstage.render.previz.kernels.noise import (
    exp_minus,
    fractal_noise,
    hash_bits,
    smooth_step,
    value_noise,
)

f32 = np.float32


def reference_hash(x, y):
    """The hash in plain Python integers, wrapped to 32 bits at each step."""
    mask = 0xFFFFFFFF
    h = ((x & mask) * 0x9E3779B1 + (y & mask) * 0x85EBCA77) & mask
    h ^= h >> 15
    h = (h * 0x2C1B3C6D) & mask
    h ^= h >> 12
    h = (h * 0x297A2D39) & mask
    return h ^ (h >> 15)


def test_hash_stays_in_32_bits():
    """The hash is the 32-bit one bit for bit: widened, it gives another picture and is 20 times slower."""
    rng = np.random.default_rng(1)
    for x, y in rng.integers(-(2**31), 2**31, (500, 2)):
        assert int(hash_bits(np.int32(x), np.int32(y))) == reference_hash(int(x), int(y))


def test_value_noise_is_smooth_and_in_range():
    """Noise lies in 0..1, meets its lattice values and never jumps."""
    xs = np.linspace(-5, 5, 2001, dtype=np.float32)
    values = np.array([value_noise(x, f32(0.37)) for x in xs])
    assert values.min() >= 0
    assert values.max() <= 1
    assert np.abs(np.diff(values)).max() < 0.02
    assert values.std() > 0.1
    corner = (reference_hash(3, -2) & 0xFFFFFF) / 2**24
    assert abs(value_noise(f32(3), f32(-2)) - corner) < 1e-6


def test_fractal_noise_is_finer_than_value_noise():
    """Octaves add detail and stay in range."""
    xs = np.linspace(0, 20, 4001, dtype=np.float32)
    coarse = np.array([value_noise(x, f32(0.5)) for x in xs])
    fine = np.array([fractal_noise(x, f32(0.5)) for x in xs])
    assert 0 <= fine.min() < fine.max() <= 0.9376
    turns = [np.count_nonzero(np.diff(np.sign(np.diff(v)))) for v in (coarse, fine)]
    assert turns[1] > 2 * turns[0]


def test_curves_follow_their_formulas():
    """exp_minus stays near exp(-x); smooth_step works both ways round."""
    for x in np.linspace(0, 15, 50, dtype=np.float32):
        assert abs(exp_minus(x) - np.exp(-x)) < 0.018
    assert smooth_step(f32(0), f32(1), f32(0.5)) == 0.5
    assert smooth_step(f32(1), f32(0), f32(0.25)) > 0.5
    assert smooth_step(f32(0), f32(1), f32(7)) == 1
