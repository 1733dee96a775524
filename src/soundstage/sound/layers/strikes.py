"""Sounds of things that strike and of feet: metal, shots, clicks, chimes; steps and hooves by ground."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from soundstage.sound.primitives import RATE_HZ, add_grains, frames_of, silence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.random import Generator
    from numpy.typing import ArrayLike, NDArray


def strike(
    rng: Generator,
    seconds: float,
    *,
    hz: Sequence[float],
    ratios: Sequence[float] = (1.0,),
    decay_s: float = 0.1,
    noise: float = 0.0,
    chirp: float = 0.0,
    count: float = 1.0,
    over_s: float = 0.0,
    every_s: float = 0.0,
    fading: float = 1.0,
    rising: bool = False,
    spread: float = 0.1,
) -> NDArray[np.float32]:
    """Return things that are struck.

    Args:
        rng: all chance.
        seconds: the slot they fill, when `every_s` is set.
        hz: the lowest and the highest pitch a thing has.
        ratios: the partials of each, as ratios; a higher one is softer and shorter.
        decay_s: of the lowest partial, to 1/e.
        noise: 0..1, how noisy the stroke is.
        chirp: change of its pitch while it rings.
        count: how many strokes make a run.
        over_s: how long a run takes.
        every_s: a run begins anew so often; 0: there is one.
        fading: level of the last stroke of a run against its first.
        rising: the strokes of a run go up in pitch from the lowest to the highest.
        spread: how far to the sides the strokes lie, 0..0.5.
    """
    strokes, partials = max(round(count), 1), np.asarray(ratios, np.float64)
    length_s = (seconds if every_s else 0.0) + over_s + 6.0 * decay_s + 0.1
    out = silence(frames_of(length_s))
    for run_s in np.arange(0.002, seconds, every_s) if every_s else np.array([0.002]):
        late_s = (
            np.sort(rng.uniform(0.0, over_s, strokes)) if not rising else np.linspace(0.0, over_s, strokes)
        )
        late_s -= late_s[0]
        low, high = float(hz[0]), float(hz[-1])
        base = np.linspace(low, high, strokes) if rising else rng.uniform(low, high, strokes)
        loud = np.linspace(1.0, fading, strokes) * (rng.uniform(0.5, 1.0, strokes) if strokes > 2 else 1.0)
        pan = 0.5 + rng.uniform(-spread, spread, strokes)
        softer = partials / partials[0]
        add_grains(
            rng, out, np.repeat((run_s + late_s) * RATE_HZ, partials.size),
            hz=np.minimum(np.outer(base, partials).ravel(), 19_000.0),
            decay_s=np.tile(decay_s / softer**0.8, strokes),
            gain=np.outer(loud, softer**-0.6).ravel(), pan=np.repeat(pan, partials.size),
            chirp=chirp, noise=noise,
        )  # fmt: skip
    return out


def step(
    rng: Generator,
    seconds: float,
    *,
    period_s: float = 0.54,
    beats: Sequence[float] = (0.0,),
    thump_hz: float = 75.0,
    thump: float = 1.0,
    heel: float = 0.0,
    heel_hz: float = 1_900.0,
    grit: float = 60.0,
    grit_hz: Sequence[float] = (1_100.0, 6_500.0),
    grit_s: float = 0.0018,
    grit_gain: float = 0.11,
    grit_noise: float = 0.9,
    spread_s: float = 0.035,
    ring_hz: Sequence[float] = (),
    ring_s: float = 0.03,
    ring: float = 0.3,
    wet: float = 0.0,
    falls_s: Sequence[float] = (),
    falls_pan: Sequence[float] = (),
) -> NDArray[np.float32]:
    """Return feet that fall for `seconds`: heel, sole, what lies between sole and ground, and its answer.

    Args:
        rng: all chance.
        seconds: the slot.
        period_s: of one step, or of one stride of a gait with several beats.
        beats: where in a period feet fall, 0..1: a gallop has three or four.
        thump_hz: pitch of the ground under the weight.
        thump: its level.
        heel: level of a hard heel or hoof.
        heel_hz: its pitch.
        grit: grains a step: gravel, leaves, snow.
        grit_hz: their lowest and highest pitch.
        grit_s: their decay.
        grit_gain: their level.
        grit_noise: 0 drops, 1 dust.
        spread_s: how long a step takes to press them.
        ring_hz: partials of a floor that rings: boards, metal.
        ring_s: their decay.
        ring: their level.
        wet: 0..1, water that is thrown up.
        falls_s: when feet land, exactly; stands instead of the period and its beats.
        falls_pan: where each of them is heard, 0 left .. 1 right.
    """
    out = silence(frames_of(seconds + 0.5))
    rows: list[NDArray[np.float64]] = []  # of all feet: one call to the kernel
    ringing = np.asarray(ring_hz, np.float64)
    for at_s, pan in (
        zip(falls_s, falls_pan, strict=True) if falls_s else _paces(rng, seconds, period_s, beats)
    ):
        hard, pitch = rng.uniform(0.8, 1.0), rng.uniform(0.93, 1.07)
        sole_s = at_s + rng.uniform(0.05, 0.09)
        rows.append(_rows([at_s, sole_s], [thump_hz * pitch, 1.45 * thump_hz * pitch], [0.022, 0.014],
                          hard * thump * np.array([1.0, 0.45]), pan, -0.35, 0.12))  # fmt: skip
        if heel:
            rows.append(_rows(at_s, [heel_hz * pitch, 1.7 * heel_hz * pitch], [0.006, 0.003],
                              hard * heel * np.array([1.0, 0.6]), pan, 0.0, 0.45))  # fmt: skip
        if ringing.size:
            rows.append(_rows(at_s, ringing * pitch, ring_s, hard * ring, pan, 0.0, 0.05))
        count = round(grit)
        late_s = np.abs(rng.normal(spread_s * 0.6, spread_s, count))
        rows.append(_rows(at_s + late_s, rng.uniform(float(grit_hz[0]), float(grit_hz[-1]), count),
                          grit_s * rng.uniform(0.35, 1.7, count), rng.exponential(grit_gain, count),
                          pan + rng.uniform(-0.15, 0.15, count), 0.0, grit_noise))  # fmt: skip
        drops = round(60 * wet)
        splash_hz = rng.uniform(500.0, 2_600.0, drops)
        rows.append(_rows(at_s + rng.gamma(2.0, 0.022, drops), splash_hz, 4.0 / splash_hz,
                          wet * rng.uniform(0.04, 0.3, drops), pan + rng.uniform(-0.2, 0.2, drops),
                          0.7, 0.25))  # fmt: skip
    if rows:
        start, pitch_hz, decay, gain, pans, chirp, noise = np.concatenate(rows, axis=1)
        add_grains(
            rng, out, start * RATE_HZ, hz=pitch_hz, decay_s=decay, gain=gain,
            pan=np.clip(pans, 0.0, 1.0), chirp=chirp, noise=noise,
        )  # fmt: skip
    return out


def _paces(
    rng: Generator, seconds: float, period_s: float, beats: Sequence[float]
) -> Iterator[tuple[float, float]]:
    """Yield when and where feet land that nobody sees: at an even pace, a little unsteady, left and right."""
    side = 0
    for stride_s in np.arange(0.02, max(seconds, 0.03), period_s):
        for beat in beats:
            at_s = stride_s + float(beat) * period_s + abs(rng.normal(0.0, 0.009))
            if at_s < seconds:
                side = 1 - side
                yield at_s, 0.45 + 0.1 * side


def _rows(*columns: ArrayLike) -> NDArray[np.float64]:
    """Return columns, one value or many, as (7, G)."""
    return np.stack(np.broadcast_arrays(*(np.atleast_1d(np.asarray(c, np.float64)) for c in columns)))
