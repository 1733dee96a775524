"""Where people live: rooms, streets, crowds, fires, engines."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.sound.primitives import (
    RATE_HZ,
    add_grains,
    as_sound,
    band,
    scatter,
    shaped_noise,
    slow_curve,
    sweep,
    tilted,
)

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray


def room_tone(rng: Generator, frames: int, *, hum: float = 0.15) -> NDArray[np.float32]:
    """Return the air of a quiet room: dark noise, a trace of mains hum."""
    air = shaped_noise(rng, frames, tilted(band(35.0, 900.0, 1), -0.8), width=0.5)
    high = shaped_noise(rng, frames, band(600.0, 6_000.0, 1), width=0.9)
    out = air * (0.93 + 0.14 * slow_curve(rng, frames, 0.4)) + 0.03 * high
    t = np.arange(frames) / RATE_HZ
    tone = sum(a * np.sin(2.0 * np.pi * hz * t) for hz, a in ((100.0, 1.0), (200.0, 0.45), (300.0, 0.2)))
    return as_sound(out + hum * tone)


def city(rng: Generator, frames: int, *, traffic: float = 0.35) -> NDArray[np.float32]:
    """Return a street: a far drone, and cars that pass from side to side, `traffic` of them a second."""
    out = shaped_noise(rng, frames, tilted(band(35.0, 450.0, 1), -0.4)) * (
        0.85 + 0.3 * slow_curve(rng, frames, 0.3)
    )
    hiss = shaped_noise(rng, frames, tilted(band(400.0, 3_500.0, 1), -0.3), width=1.0)
    out = as_sound(out + 0.1 * hiss)
    t = np.arange(frames) / RATE_HZ
    passing = scatter(rng, frames, traffic, lead_s=1.0) / RATE_HZ
    for at_s in passing if passing.size else [rng.uniform(0.2, 0.8) * frames / RATE_HZ]:
        width_s, side, near = rng.uniform(0.8, 1.8), rng.choice((-1.0, 1.0)), rng.uniform(0.4, 1.0)
        first = max(int((at_s - 3.0 * width_s) * RATE_HZ), 0)
        last = min(int((at_s + 3.0 * width_s) * RATE_HZ), frames)
        if last <= first:
            continue
        since = (t[first:last] - at_s) / width_s
        swell = np.exp(-np.square(since))
        tyres = sweep(
            shaped_noise(rng, last - first, tilted(band(60.0, 7_000.0, 1), -0.5), width=0.0),
            (450.0 + 2_300.0 * swell).astype(np.float32),
        )
        pan = 1.0 / (1.0 + np.exp(-2.2 * since * side))
        sides = np.stack((np.sqrt(1.0 - pan), np.sqrt(pan)))
        out[:, first:last] += as_sound(near * 1.4 * tyres * swell * sides)
    return out


def crowd(rng: Generator, frames: int, *, voices: float = 7.0) -> NDArray[np.float32]:
    """Return a murmur: people who talk past each other, their words not to be made out."""
    murmur = shaped_noise(rng, frames, tilted(band(150.0, 1_600.0, 1), -0.4))
    out = as_sound(murmur * (0.06 + 0.05 * slow_curve(rng, frames, 2.2)))
    for _ in range(round(voices)):
        base_hz = rng.choice((112.0, 125.0, 190.0, 215.0)) * rng.uniform(0.9, 1.1)
        pitch = base_hz * (0.85 + 0.3 * slow_curve(rng, frames, 2.5))
        phase = np.cumsum(pitch / RATE_HZ)
        buzz = (2.0 * (phase % 1.0) - 1.0)[None, :]
        syllable = np.clip(slow_curve(rng, frames, 4.5) - 0.3, 0.0, None)
        syllable = np.where(slow_curve(rng, frames, 0.5) > 0.3, syllable, 0.0)
        throat = sweep(buzz, 350.0 + 500.0 * slow_curve(rng, frames, 4.0), resonance=4.0, only_band=True)
        mouth = sweep(buzz, 1_000.0 + 1_300.0 * slow_curve(rng, frames, 4.0), resonance=5.0, only_band=True)
        # The gate of a sentence would click: let it open and close in about 60 ms.
        voice = (throat[0] + 0.6 * mouth[0]) * _softened(syllable, 2_880)
        pan = rng.uniform(0.05, 0.95)
        near = rng.uniform(0.35, 1.0)
        sides = np.sqrt(np.array([[1.0 - pan], [pan]]))
        out += as_sound(4.0 * near * sides * voice)
    return out


def fire(rng: Generator, frames: int, *, size: float = 0.4) -> NDArray[np.float32]:
    """Return flames: a low flutter, a breath of hiss, crackles and the odd snap; `size` 0..1."""
    flutter = shaped_noise(rng, frames, tilted(band(45.0, 260.0, 1), -0.3))
    breath = shaped_noise(rng, frames, band(500.0, 4_500.0, 1))
    flames = flutter * (0.3 + 0.7 * slow_curve(rng, frames, 4.0))
    flames = flames + 0.22 * breath * (0.2 + 0.8 * slow_curve(rng, frames, 6.0) ** 2)
    out = as_sound(flames * (0.5 + 0.8 * size))
    starts = scatter(rng, frames, 14.0 + 22.0 * size)
    count = starts.size
    add_grains(
        rng, out, starts,
        hz=rng.uniform(900.0, 5_500.0, count), decay_s=0.0006 + rng.exponential(0.002, count),
        gain=np.minimum(0.6 + 1.6 * rng.pareto(1.9, count), 7.0), pan=rng.uniform(0.2, 0.8, count),
        chirp=-0.3, noise=0.75,
    )  # fmt: skip
    return out


def machine(rng: Generator, frames: int, *, hz: float = 62.0, roughness: float = 0.4) -> NDArray[np.float32]:
    """Return an engine that runs: a hum with harmonics, a trace unsteady, and the noise of its parts."""
    wander = hz * (1.0 + 0.012 * (slow_curve(rng, frames, 0.7) - 0.5))
    phase = 2.0 * np.pi * np.cumsum(wander / RATE_HZ)
    tone = np.zeros(frames)
    for harmonic in range(1, 9):
        tone += np.sin(harmonic * phase + rng.uniform(0.0, 6.28)) / harmonic**1.1
    parts = shaped_noise(rng, frames, tilted(band(150.0, 3_500.0, 1), -0.4))
    beat = 0.6 + 0.4 * np.sin(0.5 * phase)
    return as_sound(tone + roughness * parts * beat)


def _softened(curve: NDArray[Any], frames: int) -> NDArray[np.float32]:
    total = np.cumsum(np.concatenate((np.zeros(frames), curve.astype(np.float64))))
    return as_sound((total[frames:] - total[:-frames]) / frames)
