"""Animals at a distance: crickets, birds, gulls, an owl, frogs. All are calls over a breath of air."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.sound.primitives import (
    RATE_HZ,
    add_calls,
    as_sound,
    band,
    frames_of,
    scatter,
    shaped_noise,
    silence,
    slow_curve,
    tilted,
)

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import NDArray


def crickets(rng: Generator, frames: int, *, count: float = 9.0) -> NDArray[np.float32]:
    """Return field crickets, `count` near ones that chirp each in its own time, and a far meadow of them."""
    out = silence(frames)
    seconds = frames / RATE_HZ
    for k in range(round(count)):
        hz = rng.uniform(4_150.0, 5_050.0)
        period_s, pulse_hz = rng.uniform(0.42, 0.95), rng.uniform(27.0, 36.0)
        pulses = int(rng.integers(3, 6))
        chirps = np.arange(-rng.random() * period_s, seconds, period_s)
        chirps = chirps + rng.normal(0.0, 0.02, chirps.size)
        sings = (
            slow_curve(rng, frames, 0.12)[np.clip((chirps * RATE_HZ).astype(np.int64), 0, frames - 1)] > 0.22
        )
        chirps = chirps[sings]  # each rests now and then
        starts = (chirps[:, None] + np.arange(pulses)[None, :] / pulse_hz) * RATE_HZ
        loud = np.linspace(0.55, 1.0, pulses)[None, :] * rng.uniform(0.9, 1.1, chirps.size)[:, None]
        near = 0.9 ** float(k) * rng.uniform(0.5, 1.0)
        add_calls(
            out, starts.ravel(),
            seconds=0.55 / pulse_hz, hz=(hz * 1.012, hz, hz * 0.985),
            gain=(loud * near * 0.5).ravel(), pan=rng.uniform(0.05, 0.95),
        )  # fmt: skip
    far = shaped_noise(rng, frames, band(4_350.0, 4_850.0, 4), width=1.0)
    return as_sound(out + 0.035 * far * (0.6 + 0.8 * slow_curve(rng, frames, 6.0)))


def birds(rng: Generator, frames: int, *, rate_hz: float = 0.7) -> NDArray[np.float32]:
    """Return songbirds: each of five repeats a phrase of swept syllables, with small changes."""
    out = as_sound(0.012 * shaped_noise(rng, frames, tilted(band(200.0, 4_000.0, 1), -0.5)))
    for _ in range(5):
        syllables = int(rng.integers(2, 7))
        centre = rng.uniform(2_600.0, 5_200.0)
        shape = centre * rng.uniform(0.75, 1.3, (3, syllables))
        length = rng.uniform(0.035, 0.13, syllables)
        onset = np.concatenate(([0.0], np.cumsum(length + rng.uniform(0.02, 0.07, syllables))[:-1]))
        pan, near = rng.uniform(0.05, 0.95), rng.uniform(0.15, 1.0)
        for start in scatter(rng, frames, rate_hz / 5.0, lead_s=0.3):
            small = rng.uniform(0.97, 1.03)
            for echo in range(3):  # the wood answers: two late, soft copies
                add_calls(
                    out, start + (onset + 0.09 * echo * (1.0 + 0.4 * echo)) * RATE_HZ,
                    seconds=length, hz=(shape[0] * small, shape[1] * small, shape[2] * small),
                    gain=0.4 * near * 0.3**echo, pan=pan if echo == 0 else 1.0 - pan, bright=0.08,
                )  # fmt: skip
    return out


def gulls(rng: Generator, frames: int, *, rate_hz: float = 0.22) -> NDArray[np.float32]:
    """Return gulls: runs of falling cries, rough and bright, that drift overhead."""
    out = as_sound(0.01 * shaped_noise(rng, frames, tilted(band(200.0, 3_000.0, 1), -0.5)))
    starts = scatter(rng, frames, rate_hz, lead_s=1.0)
    for start in starts if starts.size else np.array([rng.uniform(0.05, 0.4) * frames]):
        cries = int(rng.integers(2, 7))
        pitch = rng.uniform(0.85, 1.2)
        gap_s = rng.uniform(0.42, 0.62)
        near = rng.uniform(0.3, 1.0)
        drift = np.clip(rng.uniform(0.1, 0.9) + rng.uniform(-0.05, 0.05) * np.arange(cries), 0.0, 1.0)
        fading = np.linspace(1.0, 0.55, cries)
        add_calls(
            out, start + np.arange(cries) * gap_s * RATE_HZ,
            seconds=gap_s * np.linspace(0.85, 0.6, cries),
            hz=(820.0 * pitch, 1_480.0 * pitch, 900.0 * pitch),
            gain=0.3 * near * fading, pan=drift, bright=0.62, rough=0.35,
        )  # fmt: skip
    return out


def owl(rng: Generator, frames: int, *, rate_hz: float = 0.12, first_s: float = -1.0) -> NDArray[np.float32]:
    """Return a far owl: one long hoot, a pause, then a wavering one."""
    out = as_sound(0.01 * shaped_noise(rng, frames, tilted(band(80.0, 900.0, 1), -0.5)))
    pitch, pan = rng.uniform(360.0, 430.0), rng.uniform(0.15, 0.85)
    for start in _starts(rng, frames, rate_hz, first_s):
        add_calls(
            out, start + np.array([0.0, 0.95, 1.25, 1.5]) * RATE_HZ,
            seconds=np.array([0.55, 0.22, 0.22, 0.85]), hz=(pitch * 0.97, pitch * 1.03, pitch * 0.95),
            gain=np.array([0.35, 0.2, 0.25, 0.35]), pan=pan, bright=0.12,
            rough=np.array([0.0, 0.0, 0.0, 0.3]),
        )  # fmt: skip
    return out


def frogs(rng: Generator, frames: int, *, count: float = 6.0) -> NDArray[np.float32]:
    """Return a pond at night: frogs that croak in bursts, some low, some high."""
    out = as_sound(0.02 * shaped_noise(rng, frames, tilted(band(100.0, 2_500.0, 1), -0.5)))
    for _ in range(round(count)):
        hz, pan = rng.uniform(380.0, 1_100.0), rng.uniform(0.05, 0.95)
        near, period_s = rng.uniform(0.2, 1.0), rng.uniform(0.7, 2.2)
        croaks = np.arange(-rng.random() * period_s, frames / RATE_HZ, period_s)
        croaks = croaks + rng.normal(0.0, 0.08, croaks.size)
        pulses = np.arange(int(rng.integers(5, 11))) * rng.uniform(0.014, 0.022)
        add_calls(
            out, ((croaks[:, None] + pulses[None, :]) * RATE_HZ).ravel(),
            seconds=0.018, hz=(hz * 0.9, hz * 1.1, hz), gain=0.25 * near, pan=pan, bright=0.45,
        )  # fmt: skip
    return out


def howl(rng: Generator, frames: int, *, rate_hz: float = 0.08, first_s: float = -1.0) -> NDArray[np.float32]:
    """Return wolves far off: long cries that rise, hold and fall."""
    out = as_sound(0.01 * shaped_noise(rng, frames, tilted(band(80.0, 900.0, 1), -0.5)))
    for start in _starts(rng, frames, rate_hz, first_s):
        pitch = rng.uniform(380.0, 520.0)
        add_calls(
            out, start, seconds=rng.uniform(2.0, 3.2), hz=(pitch * 0.7, pitch * 1.15, pitch * 0.75),
            gain=0.3, pan=rng.uniform(0.1, 0.9), bright=0.3,
        )  # fmt: skip
    return out


def _starts(rng: Generator, frames: int, rate_hz: float, first_s: float) -> NDArray[np.float64]:
    """Return where calls begin: at `first_s` alone when it is not negative, else at random, at least one."""
    if first_s >= 0.0:
        return np.array([float(frames_of(first_s))])
    starts = scatter(rng, frames, rate_hz)
    return starts if starts.size else np.array([rng.uniform(0.05, 0.4) * frames])
