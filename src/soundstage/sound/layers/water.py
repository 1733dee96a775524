"""Water: surf on a shore, a stream over stones, drips in a hollow."""

from __future__ import annotations

from typing import TYPE_CHECKING

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


def surf(rng: Generator, frames: int, *, size: float = 0.5) -> NDArray[np.float32]:
    """Return waves on a beach: each heaps up, breaks, and hisses back over the sand; `size` 0..1."""
    t = np.arange(frames) / RATE_HZ
    swell, foam = np.zeros(frames), np.zeros(frames)
    at_s = rng.uniform(-2.5, 0.8)  # the first wave is under way when the film begins
    end_s = frames / RATE_HZ + 4.0
    while at_s < end_s:
        height = rng.uniform(0.55, 1.0)
        rise_s, fall_s = rng.uniform(1.1, 1.9), rng.uniform(1.0, 1.7)
        since = t - at_s
        swell += height * np.exp(-np.square(since / np.where(since < 0.0, rise_s, fall_s)))
        back = np.maximum(since + 0.5, 0.0) / 0.9  # it whitens as it breaks and is loudest on its way back
        foam += height * back**2 * np.exp(2.0 - back) / 4.0
        at_s += rng.uniform(3.0, 5.5) + 1.5 * size
    body_noise = shaped_noise(rng, frames, tilted(band(40.0, 9_000.0, 1), -0.55))
    grown = np.clip(swell, 0.0, 1.3)
    body = sweep(body_noise, (220.0 + 2_600.0 * grown**1.5).astype(np.float32), resonance=0.7)
    hiss = shaped_noise(rng, frames, tilted(band(2_200.0, 9_000.0, 1), -0.3), width=1.0)
    sparkle = 0.75 + 0.5 * slow_curve(rng, frames, 14.0)
    level = (0.16 + grown).astype(np.float32)
    return as_sound(body * level + 0.16 * hiss * (foam * sparkle + 0.05))


def stream(rng: Generator, frames: int, *, flow: float = 0.4) -> NDArray[np.float32]:
    """Return running water: bubbles that rise as they burst, over a rush that grows with `flow` 0..1."""
    rush = shaped_noise(rng, frames, tilted(band(250.0, 1_800.0 + 5_000.0 * flow, 1), -0.5), width=0.9)
    out = as_sound(rush * (0.12 + 0.7 * flow**2) * (0.85 + 0.3 * slow_curve(rng, frames, 1.5)))
    starts = scatter(rng, frames, 110.0 + 130.0 * flow, lead_s=0.05)
    count = starts.size
    hz = rng.uniform(380.0, 1_900.0, count)
    add_grains(
        rng, out, starts,
        hz=hz, decay_s=rng.uniform(3.0, 9.0, count) / hz,  # a small bubble is high and short
        gain=np.minimum(0.15 + 0.4 * rng.pareto(2.2, count), 2.2),
        pan=rng.uniform(0.05, 0.95, count), chirp=rng.uniform(0.2, 1.0, count), noise=0.02,
    )  # fmt: skip
    return out


def drips(rng: Generator, frames: int, *, rate_hz: float = 1.2) -> NDArray[np.float32]:
    """Return a hollow place: dark air, and drops that fall into pools and answer from the walls."""
    out = as_sound(0.25 * shaped_noise(rng, frames, tilted(band(40.0, 350.0, 1), -0.5)))
    starts = scatter(rng, frames, rate_hz, lead_s=0.5)
    count = starts.size
    hz, pan, gain = (
        rng.uniform(900.0, 2_400.0, count),
        rng.uniform(0.1, 0.9, count),
        rng.uniform(0.5, 1.8, count),
    )
    for k in range(7):
        delay = np.zeros(count) if k == 0 else rng.uniform(0.06, 0.5, count) * RATE_HZ
        add_grains(
            rng, out, starts + delay,
            hz=hz * (1.0 - 0.01 * k), decay_s=0.02 + 0.01 * k, gain=gain * 0.6**k,
            pan=np.clip(pan + rng.uniform(-0.4, 0.4, count) * (k > 0), 0.0, 1.0), chirp=0.6,
        )  # fmt: skip
    return out


def underwater(rng: Generator, frames: int, *, bubbles: float = 1.5) -> NDArray[np.float32]:
    """Return the sound under the surface: a dull pressure that heaves, and strings of bubbles that pass."""
    weight = shaped_noise(rng, frames, tilted(band(30.0, 260.0), -0.5), width=0.4)
    out = as_sound(weight * (0.6 + 0.8 * slow_curve(rng, frames, 0.4)))
    for start in scatter(rng, frames, bubbles, lead_s=0.5):
        count = int(rng.integers(2, 9))
        size = rng.uniform(280.0, 800.0)
        hz = size * rng.uniform(0.8, 1.3, count)
        add_grains(
            rng, out, start + np.cumsum(rng.uniform(0.02, 0.09, count)) * RATE_HZ,
            hz=hz, decay_s=8.0 / hz, gain=rng.uniform(0.2, 0.9) * rng.uniform(0.5, 1.0, count),
            pan=np.clip(rng.uniform(0.1, 0.9) + rng.uniform(-0.1, 0.1, count), 0.0, 1.0), chirp=0.7,
        )  # fmt: skip
    return out
