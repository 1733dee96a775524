"""Fixed filters: Butterworth sections of first and second order, resampling, and convolution by FFT.

Written out here because importing scipy.signal for them costs more CPU than composing a film.
"""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from soundstage.film import Waveform
from soundstage.sound import kernels

if TYPE_CHECKING:
    from numpy.typing import NDArray

Section = tuple[float, float, float, float, float]  #: b0, b1, b2, a1, a2 of a biquad at 48 kHz, with a0 = 1

_TAPS = 32  #: of a resampling phase: 80 dB of stop band
_PEAK_TAPS = 24  #: of a true-peak phase; BS.1770-4 Annex 2 asks for 12
_KAISER_BETA = 8.0


def low_pass(cutoff_hz: float, order: int = 2) -> Section:
    """Return a Butterworth low-pass of order 1 or 2, by the bilinear transform."""
    k = math.tan(math.pi * cutoff_hz / Waveform.RATE_HZ)
    if order == 1:
        return k / (1.0 + k), k / (1.0 + k), 0.0, (k - 1.0) / (k + 1.0), 0.0
    norm = 1.0 + math.sqrt(2.0) * k + k * k
    b0 = k * k / norm
    return b0, 2.0 * b0, b0, 2.0 * (k * k - 1.0) / norm, (1.0 - math.sqrt(2.0) * k + k * k) / norm


def high_pass(cutoff_hz: float, order: int = 2) -> Section:
    """Return a Butterworth high-pass of order 1 or 2, by the bilinear transform."""
    k = math.tan(math.pi * cutoff_hz / Waveform.RATE_HZ)
    if order == 1:
        return 1.0 / (1.0 + k), -1.0 / (1.0 + k), 0.0, (k - 1.0) / (k + 1.0), 0.0
    norm = 1.0 + math.sqrt(2.0) * k + k * k
    b0 = 1.0 / norm
    return b0, -2.0 * b0, b0, 2.0 * (k * k - 1.0) / norm, (1.0 - math.sqrt(2.0) * k + k * k) / norm


def run(sound: NDArray[np.float32], *sections: Section) -> NDArray[np.float32]:
    """Return sound (C, N) through sections one after the other."""
    return kernels.run_sections(np.ascontiguousarray(sound, np.float32), np.array(sections, np.float64))


def resample(sound: NDArray[np.float32], rate_hz: int) -> NDArray[np.float32]:
    """Return mono sound (N,) of a rate at or under 48 kHz at 48 kHz, by windowed sincs."""
    common = math.gcd(rate_hz, Waveform.RATE_HZ)
    up, down = Waveform.RATE_HZ // common, rate_hz // common
    if up == down:
        return sound
    frames = -(-sound.size * up // down)
    padded = np.pad(sound, (_TAPS // 2 - 1, _TAPS // 2 + 1)).astype(np.float32)
    return kernels.run_phases(padded, _phases(up, _TAPS), down, frames)


def crests(sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return, per frame of sound (C, N), the largest magnitude from it to the next, oversampled by four."""
    padded = np.pad(sound, ((0, 0), (_PEAK_TAPS // 2 - 1, _PEAK_TAPS // 2 + 1))).astype(np.float32)
    return kernels.find_crests(padded, _phases(4, _PEAK_TAPS), sound.shape[1])


def convolve(sound: NDArray[np.float32], response: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return mono sound (N,) through the response (C, M): (C, N + M - 1)."""
    frames = sound.size + response.shape[1] - 1
    size = fast_frames(frames)
    spectrum = np.fft.rfft(sound, size) * np.fft.rfft(response, size)
    return np.ascontiguousarray(np.fft.irfft(spectrum, size)[:, :frames], np.float32)


@cache
def fast_frames(frames: int) -> int:
    """Return an even number at or over `frames` with no factor but 2, 3 and 5: real FFTs of it are fast."""
    half = max(-(-frames // 2), 1)
    best = 1 << (half - 1).bit_length()
    five = 1
    while five < best:
        odd = five
        while odd < best:
            best = min(best, odd << (-(-half // odd) - 1).bit_length())
            odd *= 3
        five *= 5
    return 2 * best


@cache
def _phases(up: int, taps: int) -> NDArray[np.float32]:
    """Return the phases (up, taps) of a windowed sinc: phase p sits p / up frames after a frame."""
    away = np.arange(taps)[None, :] - (taps // 2 - 1) - np.arange(up)[:, None] / up
    window = np.i0(_KAISER_BETA * np.sqrt(np.clip(1.0 - np.square(away / (taps / 2)), 0.0, None)))
    phases = np.sinc(away) * window / np.i0(_KAISER_BETA)
    return np.ascontiguousarray(phases / phases.sum(axis=1, keepdims=True), np.float32)
