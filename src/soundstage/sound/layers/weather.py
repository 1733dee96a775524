"""Weather as it is heard: wind, wind in leaves, rain, thunder."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.sound.primitives import (
    RATE_HZ,
    add_grains,
    as_sound,
    band,
    frames_of,
    scatter,
    shaped_noise,
    silence,
    slow_curve,
    sweep,
    tilted,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray


def wind(rng: Generator, frames: int, *, strength: float = 0.4, whistle: float = 0.3) -> NDArray[np.float32]:
    """Return moving air: gusts open a low-pass over dark noise; `strength` 0..1 raises and hastens them."""
    gust = 0.7 * slow_curve(rng, frames, 0.25 + 0.3 * strength) + 0.3 * slow_curve(rng, frames, 1.3)
    air = shaped_noise(rng, frames, tilted(band(35.0, 9_000.0, 1), -0.6))
    body = sweep(air, 140.0 + (250.0 + 900.0 * strength) * gust**2, resonance=0.6)
    edge = sweep(
        air, 380.0 + 900.0 * slow_curve(rng, frames, 0.5), resonance=7.0, only_band=True
    )  # what sings at corners and wires
    # A floor of a quarter: between gusts the air is soft, never gone.
    return as_sound((body + whistle * (0.3 + strength) * edge * gust) * (0.25 + 0.9 * gust**2))


def leaves(rng: Generator, frames: int, *, strength: float = 0.4) -> NDArray[np.float32]:
    """Return wind in foliage: a broad rustle that swells with each gust, and single leaves that tick."""
    gust = 0.75 * slow_curve(rng, frames, 0.3) + 0.25 * slow_curve(rng, frames, 1.7)
    rustle = shaped_noise(rng, frames, tilted(band(900.0, 7_500.0, 1), -0.35), width=0.9)
    dark = shaped_noise(rng, frames, tilted(band(90.0, 700.0, 1), -0.5))
    flutter = 0.8 + 0.4 * slow_curve(rng, frames, 9.0)
    out = as_sound(rustle * (0.12 + gust**2) * flutter + 0.5 * dark * (0.2 + 0.8 * gust))
    starts = scatter(rng, frames, 25.0 + 60.0 * strength)
    count = starts.size
    near = gust[np.clip(starts.astype(np.int64), 0, frames - 1)]
    add_grains(
        rng, out, starts,
        hz=rng.uniform(1_800.0, 6_000.0, count), decay_s=rng.uniform(0.002, 0.012, count),
        gain=rng.exponential(0.8, count) * near**2, pan=rng.random(count), noise=0.95,
    )  # fmt: skip
    return out


def rain(rng: Generator, frames: int, *, density: float = 0.6, surface: float = 0.5) -> NDArray[np.float32]:
    """Return rain: a far hiss and near drops; `surface` 0 is soft ground, 1 is stone and tin."""
    hiss = shaped_noise(rng, frames, tilted(band(650.0 + 500.0 * surface, 11_000.0, 1), -0.15), width=1.0)
    body = shaped_noise(rng, frames, tilted(band(90.0, 600.0), -0.3))
    heave = 0.82 + 0.36 * slow_curve(rng, frames, 0.35)
    out = as_sound((0.35 + 0.65 * density) * heave * (0.9 * hiss + 0.35 * body))
    starts = scatter(rng, frames, 60.0 + 420.0 * density)
    count = starts.size
    add_grains(
        rng, out, starts,
        hz=rng.uniform(1_300.0, 4_000.0 + 3_500.0 * surface, count),
        decay_s=rng.uniform(0.0008, 0.0045, count),
        gain=np.minimum(0.8 + 1.8 * rng.pareto(2.0, count), 8.0),  # few fall near, most fall far
        pan=rng.random(count), chirp=0.35, noise=0.35,
    )  # fmt: skip
    drips = scatter(rng, frames, 1.5 + 2.5 * density)
    count = drips.size
    add_grains(
        rng, out, drips,
        hz=rng.uniform(500.0, 1_400.0, count), decay_s=rng.uniform(0.008, 0.02, count),
        gain=rng.uniform(0.6, 1.8, count), pan=rng.uniform(0.15, 0.85, count), chirp=0.9, noise=0.05,
    )  # fmt: skip
    return out


def thunderclap(rng: Generator, frames: int, *, near: float = 0.5) -> NDArray[np.float32]:
    """Return one stroke from the first frame on: a crack when `near`, then rumbles that lose their highs."""
    t = np.arange(frames) / RATE_HZ
    envelope = np.zeros(frames)
    for k in range(16):
        at_s = 0.05 if k == 0 else float(rng.gamma(2.0, 0.9))
        since = np.maximum(t - at_s, 0.0)
        fade_s = rng.uniform(0.25, 1.2)
        envelope += (
            rng.uniform(0.25, 1.0) * (t > at_s) * (1.0 - np.exp(-since / 0.035)) * np.exp(-since / fade_s)
        )
    rumble = shaped_noise(rng, frames, tilted(band(24.0, 2_500.0, 1), -0.8), width=0.5)
    cutoff = (90.0 + (500.0 + 2_200.0 * near) * np.exp(-t / 0.8)).astype(np.float32)
    out = sweep(rumble, cutoff, resonance=0.6) * as_sound(envelope * np.exp(-t / 4.0))
    crack = min(frames, frames_of(0.7))
    tear = shaped_noise(rng, crack, band(250.0, 7_000.0, 1))
    ragged = slow_curve(rng, crack, 55.0) ** 2 * np.exp(-t[:crack] / 0.11).astype(np.float32)
    rise = np.minimum(t[:crack] / 0.002, 1.0).astype(np.float32)
    out[:, :crack] += np.float32(3.0 * near) * tear * ragged * rise
    return out


def thunder(
    rng: Generator,
    frames: int,
    *,
    rate_hz: float = 0.12,
    near: float = 0.25,
    strokes: Sequence[tuple[int, float]] | None = None,
) -> NDArray[np.float32]:
    """Return a storm some way off: strokes at random, at least one, 1 / `rate_hz` s apart on average.

    With `strokes` (frame, nearness 0..1) they are heard then; those that lie outside are not.
    """
    out = silence(frames)
    if strokes is None:
        starts = scatter(rng, frames, rate_hz)
        if not starts.size:
            starts = np.array([rng.uniform(0.1, 0.5) * frames])
        strokes = [(int(start), near * float(rng.uniform(0.3, 1.6))) for start in starts]
    for start, nearness in strokes:
        loud = np.float32(rng.uniform(0.4, 1.0))
        if 0 <= start < frames:
            length = min(frames - start, frames_of(8.0))
            out[:, start : start + length] += thunderclap(rng, length, near=nearness) * loud
    return out


def rain_on_glass(rng: Generator, frames: int, *, density: float = 0.5) -> NDArray[np.float32]:
    """Return rain as a room hears it: drops that tap a pane, trickles, and little of the hiss outside."""
    hush = shaped_noise(rng, frames, tilted(band(180.0, 1_400.0, 1), -0.4), width=0.8)
    out = as_sound(0.25 * hush * (0.8 + 0.4 * slow_curve(rng, frames, 0.5)))
    starts = scatter(rng, frames, 12.0 + 50.0 * density)
    count = starts.size
    add_grains(
        rng, out, starts,
        hz=rng.uniform(650.0, 2_400.0, count), decay_s=rng.uniform(0.002, 0.009, count),
        gain=np.minimum(0.3 + 0.8 * rng.pareto(2.3, count), 4.0), pan=rng.uniform(0.1, 0.9, count),
        chirp=-0.1, noise=0.3,
    )  # fmt: skip
    return out
