"""Sounds of a drawn-out pitch: voices of people and beasts, sirens, horns, whistles, buzzing, strings.

One maker: a rich tone follows a contour, with breath, through the formants of a throat (or of a horn).
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from soundstage.sound import filters
from soundstage.sound.primitives import RATE_HZ, as_sound, frames_of, silence, slow_curve

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

_TABLE = 16_384  #: points of one turn: read without interpolation it stays 80 dB clean
_TOP_HZ = 14_000.0


def cry(
    rng: Generator,
    seconds: float,
    *,
    contour: Sequence[float],
    lasts_s: float = 0.0,
    gap_s: float = -1.0,
    chord: Sequence[float] = (1.0,),
    slope: float = 1.0,
    vibrato_hz: float = 6.0,
    vibrato: float = 0.0,
    jitter: float = 0.01,
    rough: float = 0.0,
    rough_hz: float = 60.0,
    breath: float = 0.0,
    formants: Sequence[float] = (),
    width_hz: float = 180.0,
    attack_s: float = 0.03,
    release_s: float = 0.12,
    voices: float = 1.0,
    spread: float = 0.0,
) -> NDArray[np.float32]:
    """Return cries over `seconds`: one, or one after the other when `gap_s` is not negative.

    Args:
        rng: all chance.
        seconds: the slot they fill.
        contour: frequencies in Hz that each cry passes through, evenly spaced.
        lasts_s: of one cry; 0 fills the slot.
        gap_s: between cries; negative: there is one.
        chord: tones that sound together, as ratios.
        slope: harmonic k sounds at k ** -slope.
        vibrato_hz: its rate.
        vibrato: its depth, as a fraction of the pitch.
        jitter: unsteadiness of the pitch, as a fraction.
        rough: 0..1, how far the level flutters.
        rough_hz: how fast it does.
        breath: noise against the tone.
        formants: frequencies in Hz that resound; none: the tone is left as it is.
        width_hz: of each formant.
        attack_s: of each cry.
        release_s: of each cry.
        voices: how many cry.
        spread: how far their pitches lie apart, as a fraction.
    """
    frames = frames_of(max(seconds, lasts_s) + 0.3)
    out = silence(frames)
    for voice in range(round(voices)):
        pitch = 1.0 + (rng.uniform(-spread, spread) if voice else 0.0)
        pan = 0.5 if voices < 2.0 else rng.uniform(0.1, 0.9)
        at_s = 0.005 if voice == 0 else rng.uniform(0.0, 0.35)
        while at_s < max(seconds - 0.05, 0.01):
            length_s = lasts_s * rng.uniform(0.9, 1.1) if lasts_s else seconds - at_s
            hz = np.asarray(contour, np.float64) * pitch * rng.uniform(0.985, 1.015)
            first = frames_of(at_s)
            count = min(frames_of(length_s), frames - first)
            if count < 96:
                break
            tone = _pitched(rng, hz, count, chord, slope, vibrato_hz, vibrato, jitter)
            if breath:
                tone = tone + breath * rng.standard_normal(count, dtype=np.float32)
            if rough:
                tone *= 1.0 - rough * slow_curve(rng, count, rough_hz)
            tone *= _swell(count, attack_s, release_s)
            out[0, first : first + count] += as_sound(np.sqrt(1.0 - pan) * tone)
            out[1, first : first + count] += as_sound(np.sqrt(pan) * tone)
            if gap_s < 0.0:
                break
            at_s += length_s + gap_s * rng.uniform(0.85, 1.15)
    return _through_formants(out, formants, width_hz) if len(formants) else out


def _pitched(
    rng: Generator,
    contour: NDArray[np.float64],
    frames: int,
    chord: Sequence[float],
    slope: float,
    vibrato_hz: float,
    vibrato: float,
    jitter: float,
) -> NDArray[np.float32]:
    u = np.linspace(0.0, contour.size - 1.0, frames)
    left = np.minimum(u.astype(np.int64), max(contour.size - 2, 0))
    ease = (u - left) ** 2 * (3.0 - 2.0 * (u - left))
    right = np.minimum(left + 1, contour.size - 1)
    hz = contour[left] * (1.0 - ease) + contour[right] * ease
    if vibrato:
        hz = hz * (1.0 + vibrato * np.sin(2.0 * np.pi * vibrato_hz * np.arange(frames) / RATE_HZ))
    if jitter:
        hz = hz * (1.0 + jitter * (2.0 * slow_curve(rng, frames, 22.0) - 1.0))
    phase = np.cumsum(hz) / RATE_HZ
    tone = np.zeros(frames, np.float32)
    for ratio in chord:
        harmonics = max(min(int(_TOP_HZ / (float(hz.max()) * ratio)), 40), 1)
        turn = (phase * ratio + rng.random()) % 1.0
        tone += _wave(harmonics, slope)[(turn * _TABLE).astype(np.int64) % _TABLE]
    return tone


@cache
def _wave(harmonics: int, slope: float) -> NDArray[np.float32]:
    turn = 2.0 * np.pi * np.arange(_TABLE) / _TABLE
    wave = np.sum([np.sin(k * turn) / k**slope for k in range(1, harmonics + 1)], axis=0)
    return as_sound(wave / np.sqrt(np.mean(np.square(wave))))


def _swell(frames: int, attack_s: float, release_s: float) -> NDArray[np.float32]:
    rise = np.minimum(np.arange(frames) / max(frames_of(attack_s), 24), 1.0)
    fall = np.minimum((frames - np.arange(frames)) / max(frames_of(release_s), 24), 1.0)
    return as_sound((np.sin(np.pi / 2.0 * rise) * np.sin(np.pi / 2.0 * fall)) ** 2)


def _through_formants(
    sound: NDArray[np.float32], formants: Sequence[float], width_hz: float
) -> NDArray[np.float32]:
    size = filters.fast_frames(sound.shape[1] + 4_800)
    hz = np.arange(size // 2 + 1) * (RATE_HZ / size)
    gains = np.full(hz.size, 0.02)
    for k, formant in enumerate(formants):
        gains += 0.85**k / (1.0 + ((hz - formant) / (width_hz * (1.0 + 0.3 * k))) ** 2)
    return as_sound(np.fft.irfft(np.fft.rfft(sound, size) * gains, size)[:, : sound.shape[1]])
