"""Sounds made of moving air or of rubbing: hiss, breath, cloth, paper, scraping, rumble."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.sound.primitives import (
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


def breath(
    rng: Generator,
    seconds: float,
    *,
    low_hz: float,
    high_hz: float,
    tilt: float = -0.3,
    order: float = 1.0,
    lasts_s: float = 0.0,
    gap_s: float = -1.0,
    attack_s: float = 0.03,
    release_s: float = 0.15,
    flutter: float = 0.0,
    flutter_hz: float = 12.0,
    resonance_hz: Sequence[float] = (),
    resonance: float = 4.0,
    crackle_hz: float = 0.0,
    crackle_s: float = 0.002,
    width: float = 0.6,
) -> NDArray[np.float32]:
    """Return bursts of shaped noise over `seconds`: one, or one after the other.

    Args:
        rng: all chance.
        seconds: the slot they fill.
        low_hz: where the noise begins.
        high_hz: where it ends.
        tilt: its slope, as a power of the frequency.
        order: how steep its edges are.
        lasts_s: of one burst; 0 fills the slot.
        gap_s: between bursts; negative: there is one.
        attack_s: of each burst.
        release_s: of each burst.
        flutter: 0..1, how far its level moves.
        flutter_hz: how fast it does.
        resonance_hz: a band that sounds out of it, from this frequency to that within each burst.
        resonance: how narrow that band is.
        crackle_hz: grains a second beside the noise.
        crackle_s: their decay.
        width: 0 mono, 1 two unrelated sides.
    """
    frames = frames_of(max(seconds, lasts_s) + 0.1)
    noise = shaped_noise(rng, frames, tilted(band(low_hz, high_hz, round(order)), tilt), width=width)
    level = np.zeros(frames)
    ring = np.full(frames, float(resonance_hz[0]) if len(resonance_hz) else 100.0)
    at_s = 0.0
    while at_s < max(seconds - 0.05, 0.01):
        length_s = lasts_s * rng.uniform(0.85, 1.15) if lasts_s else seconds - at_s
        first = frames_of(at_s)
        count = min(frames_of(length_s), frames - first)
        if count < 48:
            break
        rise = np.minimum(np.arange(count) / max(frames_of(attack_s), 24), 1.0)
        fall = np.minimum((count - np.arange(count)) / max(frames_of(release_s), 24), 1.0)
        level[first : first + count] = rise * fall**2 * rng.uniform(0.75, 1.0)
        if len(resonance_hz):
            ring[first : first + count] = np.interp(
                np.linspace(0.0, len(resonance_hz) - 1.0, count), np.arange(len(resonance_hz)), resonance_hz
            )
        if gap_s < 0.0:
            break
        at_s += length_s + gap_s * rng.uniform(0.7, 1.3)
    if flutter:
        level = level * (1.0 - flutter + flutter * 2.0 * slow_curve(rng, frames, flutter_hz) ** 2)
    if len(resonance_hz):
        noise = as_sound(0.15 * noise + sweep(noise, ring, resonance=resonance, only_band=True))
    out = noise
    if crackle_hz:
        grains = silence(frames)
        starts = scatter(rng, frames, crackle_hz)
        count = starts.size
        add_grains(
            rng, grains, starts,
            hz=rng.uniform(low_hz, high_hz, count), decay_s=crackle_s * rng.uniform(0.4, 2.0, count),
            gain=np.minimum(0.6 + rng.pareto(2.0, count), 6.0), pan=rng.uniform(0.3, 0.7, count), noise=0.7,
        )  # fmt: skip
        out = out + 1.5 * grains
    return as_sound(out * level)
