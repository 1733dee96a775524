"""Makers of the sounds of things and beasts: glass that breaks, clocks, telephones, keys, wings."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.sound.primitives import (
    RATE_HZ,
    add_calls,
    add_grains,
    as_sound,
    band,
    frames_of,
    shaped_noise,
    silence,
    slow_curve,
    sweep,
    tilted,
)

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray


def glass_break(rng: Generator) -> NDArray[np.float32]:
    """Return a pane that shatters: the blow, then shards that ring as they fall, fewer and fewer."""
    out = silence(frames_of(1.8))
    add_grains(
        rng, out, [0.0, 0.0], hz=[240.0, 3_200.0], decay_s=[0.02, 0.03], gain=[0.7, 1.2], noise=[0.3, 0.9]
    )
    shards = 150
    hz = rng.uniform(2_200.0, 9_500.0, shards)
    add_grains(
        rng, out, (0.005 + rng.exponential(0.22, shards)) * RATE_HZ,
        hz=hz, decay_s=rng.uniform(20.0, 220.0, shards) / hz, gain=rng.exponential(0.22, shards),
        pan=rng.random(shards), noise=0.1,
    )  # fmt: skip
    return out


def heartbeat(rng: Generator, seconds: float) -> NDArray[np.float32]:
    """Return a heart, 68 beats a minute: two thuds a beat."""
    out = silence(frames_of(seconds + 0.4))
    beats_s = np.arange(0.02, seconds, 60.0 / 68.0)
    for late_s, hz, gain in ((0.0, 52.0, 1.0), (0.29, 64.0, 0.6)):
        add_grains(
            rng, out, (beats_s + late_s) * RATE_HZ,
            hz=hz, decay_s=0.045, gain=gain, chirp=-0.3, noise=0.03,
        )  # fmt: skip
    return out


def clock_tick(rng: Generator, seconds: float) -> NDArray[np.float32]:
    """Return a clock that ticks twice a second, tick and tock a little apart in pitch."""
    out = silence(frames_of(seconds + 0.2))
    for k, at_s in enumerate(np.arange(0.01, seconds, 0.5)):
        base = 2_600.0 if k % 2 else 2_150.0
        add_grains(
            rng, out, np.full(3, at_s * RATE_HZ),
            hz=base * np.array([1.0, 1.93, 0.31]), decay_s=np.array([0.007, 0.004, 0.012]),
            gain=np.array([0.7, 0.4, 0.35]), noise=0.25,
        )  # fmt: skip
    return out


def phone_ring(rng: Generator, seconds: float) -> NDArray[np.float32]:
    """Return a telephone with two bells under one hammer: a second of ringing, a second of pause."""
    out = silence(frames_of(seconds + 0.5))
    strikes = np.arange(0.0, seconds, 1.0 / 22.0)
    strikes = strikes[strikes % 2.0 < 1.1]
    for hz, late_s in ((1_420.0, 0.0), (1_760.0, 0.5 / 22.0)):
        for ratio, gain in ((1.0, 0.5), (2.76, 0.25), (5.4, 0.1)):
            add_grains(
                rng, out, (strikes + late_s + 0.001) * RATE_HZ, hz=hz * ratio, decay_s=0.09 / ratio, gain=gain
            )
    return out


def keyboard(rng: Generator, seconds: float) -> NDArray[np.float32]:
    """Return someone who types: bursts of keys, each down and up."""
    out = silence(frames_of(seconds + 0.2))
    keys_s = np.cumsum(rng.gamma(2.2, 0.06, max(round(seconds * 8), 1)))
    keys_s = np.concatenate(([0.01], keys_s[keys_s < seconds]))
    for late_s, gain in ((0.0, 0.7), (0.075, 0.3)):
        count = keys_s.size
        add_grains(
            rng, out, (keys_s + late_s) * RATE_HZ,
            hz=rng.uniform(1_500.0, 3_600.0, count), decay_s=rng.uniform(0.002, 0.005, count),
            gain=gain * rng.uniform(0.6, 1.0, count), pan=rng.uniform(0.4, 0.6, count), noise=0.6,
        )  # fmt: skip
    return out


def camera_click(rng: Generator) -> NDArray[np.float32]:
    """Return a shutter: mirror up, curtain, mirror down."""
    out = silence(frames_of(0.4))
    add_grains(
        rng, out, np.array([0.0, 0.03, 0.095]) * RATE_HZ,
        hz=np.array([1_800.0, 3_400.0, 1_300.0]), decay_s=np.array([0.006, 0.004, 0.009]),
        gain=np.array([0.7, 0.9, 0.8]), noise=0.7,
    )  # fmt: skip
    return out


def wings(rng: Generator, seconds: float) -> NDArray[np.float32]:
    """Return large wings that beat seven times a second."""
    frames = frames_of(seconds + 0.1)
    t = np.arange(frames) / RATE_HZ
    beat = np.clip(np.sin(2.0 * np.pi * 7.0 * t), 0.0, None) ** 2 * (0.7 + 0.5 * slow_curve(rng, frames, 3.0))
    air = shaped_noise(rng, frames, tilted(band(120.0, 4_500.0, 1), -0.5), width=0.5)
    return as_sound(sweep(air, 300.0 + 1_900.0 * beat) * beat)


def sizzle(rng: Generator, seconds: float) -> NDArray[np.float32]:
    """Return something that fries: a hiss of many small bursts."""
    frames = frames_of(seconds + 0.1)
    out = as_sound(0.5 * shaped_noise(rng, frames, band(3_000.0, 12_000.0, 1)))
    bursts = round(220 * seconds)
    add_grains(
        rng, out, rng.uniform(0.0, seconds, bursts) * RATE_HZ,
        hz=rng.uniform(2_500.0, 9_000.0, bursts), decay_s=rng.uniform(0.0008, 0.004, bursts),
        gain=np.minimum(0.4 + rng.pareto(2.0, bursts), 5.0), pan=rng.uniform(0.3, 0.7, bursts), noise=0.85,
    )  # fmt: skip
    return out


def meow(rng: Generator) -> NDArray[np.float32]:
    """Return one cry of a cat."""
    out = silence(frames_of(1.0))
    pitch = rng.uniform(0.9, 1.15)
    add_calls(
        out, 100.0, seconds=0.75, hz=(430.0 * pitch, 760.0 * pitch, 400.0 * pitch), gain=0.6, bright=0.72
    )
    return out


def roar(rng: Generator) -> NDArray[np.float32]:
    """Return a large beast: a rough low voice with its breath."""
    frames = frames_of(2.2)
    out = silence(frames)
    pitch = rng.uniform(0.85, 1.15)
    for detune in (1.0, 1.017, 0.5):
        hz = (95.0 * pitch * detune, 140.0 * pitch * detune, 70.0 * pitch * detune)
        add_calls(out, 50.0, seconds=2.1, hz=hz, gain=0.4, bright=0.88, rough=0.6)
    swell = np.sin(np.pi * np.arange(frames) / frames) ** 2
    breath = shaped_noise(rng, frames, tilted(band(120.0, 2_200.0, 1), -0.3), width=0.5)
    return as_sound(out + 0.5 * breath * swell)
