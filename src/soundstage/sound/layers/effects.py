"""Makers of single sounds. One that repeats takes its length in seconds; the others ring out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.sound.layers.weather import thunderclap
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


def splash(rng: Generator) -> NDArray[np.float32]:
    """Return something that falls into water: the slap, the crown that falls back, bubbles."""
    frames = frames_of(1.6)
    t = np.arange(frames) / RATE_HZ
    noise = shaped_noise(rng, frames, tilted(band(200.0, 9_000.0, 1), -0.4), width=0.8)
    body = sweep(noise, 500.0 + 5_500.0 * np.exp(-t / 0.18))
    out = as_sound(body * (np.minimum(t / 0.004, 1.0) * np.exp(-t / 0.22)))
    drops = 130
    hz = rng.uniform(500.0, 2_600.0, drops)
    add_grains(
        rng, out, (0.05 + rng.gamma(2.0, 0.18, drops)) * RATE_HZ,
        hz=hz, decay_s=5.0 / hz, gain=rng.uniform(0.03, 0.35, drops), pan=rng.uniform(0.2, 0.8, drops),
        chirp=0.8, noise=0.08,
    )  # fmt: skip
    return out


def glass_clink(rng: Generator) -> NDArray[np.float32]:
    """Return two glasses that touch: the partials of a thin bowl, twice, a hair apart."""
    out = silence(frames_of(1.4))
    for at_s, small in ((0.0, 1.0), (0.012, 1.07)):
        base = rng.uniform(1_900.0, 2_300.0) * small
        ratios = np.array([1.0, 2.32, 4.25, 6.63])  # of a wine glass, modes 2 to 5
        add_grains(
            rng, out, np.full(4, at_s * RATE_HZ),
            hz=base * ratios, decay_s=np.array([0.30, 0.19, 0.10, 0.05]),
            gain=np.array([0.8, 0.6, 0.4, 0.25]),
            pan=0.4 if at_s == 0.0 else 0.6,
        )  # fmt: skip
    add_grains(rng, out, 0.0, hz=5_000.0, decay_s=0.0015, gain=0.6, noise=0.9)
    return out


def bell(rng: Generator) -> NDArray[np.float32]:
    """Return one stroke of a church bell: hum, prime, tierce, quint, nominal and above."""
    out = silence(frames_of(5.0))
    nominal = rng.uniform(520.0, 640.0)
    ratios = np.array([0.5, 1.0, 1.2, 1.5, 2.0, 2.67, 3.0, 4.2])
    decays = np.array([1.3, 0.9, 0.75, 0.55, 0.5, 0.3, 0.22, 0.12])
    gains = np.array([0.35, 0.6, 0.5, 0.3, 0.7, 0.3, 0.25, 0.2])
    beat = rng.uniform(0.6, 1.4, ratios.size)  # a cast bell is never round: each partial is a pair that beats
    for cents, pan in ((0.0, 0.42), (1.0, 0.58)):
        start = np.zeros(ratios.size)
        add_grains(
            rng, out, start, hz=nominal / 2 * ratios + cents * beat, decay_s=decays, gain=gains, pan=pan
        )
    add_grains(rng, out, 0.0, hz=2_500.0, decay_s=0.004, gain=0.7, noise=0.8)
    return out


def door(rng: Generator) -> NDArray[np.float32]:
    """Return a wooden door that falls shut: a short creak, the thud of the leaf, the latch."""
    out = silence(frames_of(1.5))
    creak = 40
    add_calls(
        out, np.sort(rng.uniform(0.0, 0.42, creak)) * RATE_HZ,
        seconds=0.014, hz=(np.linspace(420.0, 610.0, creak), np.linspace(560.0, 820.0, creak), 500.0),
        gain=rng.uniform(0.03, 0.16, creak), pan=0.45, bright=0.6,
    )  # fmt: skip
    shut = 0.5 * RATE_HZ
    add_grains(
        rng, out, np.full(4, shut),
        hz=np.array([62.0, 118.0, 190.0, 340.0]), decay_s=np.array([0.075, 0.05, 0.03, 0.018]),
        gain=np.array([1.1, 0.8, 0.5, 0.4]), chirp=-0.15, noise=np.array([0.05, 0.1, 0.25, 0.5]),
    )  # fmt: skip
    add_grains(
        rng, out, shut + np.array([0.004, 0.055, 0.085]) * RATE_HZ,
        hz=np.array([2_100.0, 3_300.0, 2_700.0]), decay_s=np.array([0.004, 0.006, 0.005]),
        gain=np.array([0.45, 0.3, 0.22]), pan=0.5, noise=0.5,
    )  # fmt: skip
    return out


def knock(rng: Generator) -> NDArray[np.float32]:
    """Return three knocks on wood."""
    out = silence(frames_of(1.1))
    for k in range(3):
        add_grains(
            rng, out, np.full(3, (0.01 + 0.21 * k + rng.uniform(0.0, 0.015)) * RATE_HZ),
            hz=np.array([165.0, 340.0, 900.0]) * rng.uniform(0.97, 1.03),
            decay_s=np.array([0.035, 0.02, 0.006]), gain=np.array([1.0, 0.7, 0.4]) * rng.uniform(0.85, 1.0),
            noise=np.array([0.05, 0.1, 0.5]),
        )  # fmt: skip
    return out


def bark(rng: Generator, seconds: float) -> NDArray[np.float32]:
    """Return a dog that barks in ones and twos for as long as it lasts, at least once."""
    out = silence(frames_of(seconds + 0.5))
    pitch, at_s = rng.uniform(0.9, 1.15), 0.02
    while at_s < max(seconds - 0.2, 0.03):
        for _ in range(int(rng.integers(1, 3))):
            add_calls(
                out, at_s * RATE_HZ,
                seconds=rng.uniform(0.15, 0.2), hz=(430.0 * pitch, 640.0 * pitch, 330.0 * pitch),
                gain=0.8, bright=0.8, rough=0.45,
            )  # fmt: skip
            add_grains(rng, out, at_s * RATE_HZ + 1_200, hz=1_150.0, decay_s=0.028, gain=0.5, noise=0.85)
            at_s += rng.uniform(0.26, 0.34)
        at_s += rng.uniform(0.35, 0.9)
    return out


def whoosh(rng: Generator) -> NDArray[np.float32]:
    """Return something fast that passes from left to right."""
    frames = frames_of(0.9)
    u = np.linspace(0.0, 1.0, frames)
    swell = np.sin(np.pi * u) ** 3
    noise = shaped_noise(rng, frames, tilted(band(100.0, 9_000.0, 1), -0.3), width=0.0)
    sound = sweep(noise, 350.0 + 3_200.0 * swell, resonance=1.6, only_band=True) * swell
    return as_sound(sound * np.stack((np.sqrt(1.0 - u), np.sqrt(u))))


def thunder(rng: Generator) -> NDArray[np.float32]:
    """Return one near stroke of thunder."""
    return thunderclap(rng, frames_of(6.0), near=0.9)


def crack(rng: Generator) -> NDArray[np.float32]:
    """Return a twig that breaks: a few snaps within a tenth of a second."""
    out = silence(frames_of(0.5))
    snaps = 7
    add_grains(
        rng, out, np.concatenate(([0.0], np.sort(rng.uniform(0.004, 0.09, snaps - 1)))) * RATE_HZ,
        hz=rng.uniform(900.0, 4_200.0, snaps), decay_s=rng.uniform(0.0015, 0.006, snaps),
        gain=np.concatenate(([1.0], rng.uniform(0.1, 0.6, snaps - 1))), pan=0.5, noise=0.7,
    )  # fmt: skip
    return out


def impact(rng: Generator) -> NDArray[np.float32]:
    """Return something heavy that hits: a drop in pitch, a burst, rubble that settles."""
    frames = frames_of(2.2)
    t = np.arange(frames) / RATE_HZ
    burst = shaped_noise(rng, frames, tilted(band(60.0, 6_000.0, 1), -0.4), width=0.6)
    out = as_sound(
        sweep(burst, 250.0 + 5_000.0 * np.exp(-t / 0.09)) * np.exp(-t / 0.25) * np.minimum(t / 0.001, 1.0)
    )
    add_grains(rng, out, [0.0, 0.0], hz=[58.0, 92.0], decay_s=[0.20, 0.10], gain=[2.2, 1.4], chirp=-0.45)
    rubble = 60
    add_grains(
        rng, out, (0.08 + rng.exponential(0.35, rubble)) * RATE_HZ,
        hz=rng.uniform(400.0, 3_000.0, rubble), decay_s=rng.uniform(0.002, 0.008, rubble),
        gain=rng.exponential(0.18, rubble), pan=rng.random(rubble), noise=0.7,
    )  # fmt: skip
    return out


def applause(rng: Generator, seconds: float) -> NDArray[np.float32]:
    """Return people who clap: some thousand single claps that swell and thin out."""
    frames = frames_of(seconds + 0.6)
    out = as_sound(0.15 * shaped_noise(rng, frames, band(700.0, 3_000.0, 1), width=1.0))
    swell = np.minimum(np.arange(frames) / (0.4 * RATE_HZ), 1.0) * np.minimum(
        (frames - np.arange(frames)) / (0.6 * RATE_HZ), 1.0
    )
    claps = round(130 * (seconds + 0.3))
    add_grains(
        rng, out, np.sort(rng.uniform(0.0, seconds + 0.3, claps)) * RATE_HZ,
        hz=rng.uniform(700.0, 2_300.0, claps), decay_s=rng.uniform(0.003, 0.008, claps),
        gain=rng.uniform(0.15, 1.0, claps), pan=rng.random(claps), noise=0.8,
    )  # fmt: skip
    return as_sound(out * swell * (0.8 + 0.4 * slow_curve(rng, frames, 3.0)))
