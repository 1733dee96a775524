"""What every layer and effect is built from: shaped noise, slow motion, moving filters, grains and calls.

All sound here is (2, N) float32 at 48 kHz, of about unit RMS unless said otherwise. All chance comes from the
generator that is passed in: the same generator state gives the same samples.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.film import Waveform
from soundstage.sound import filters, kernels

if TYPE_CHECKING:
    from numpy.random import Generator
    from numpy.typing import ArrayLike, NDArray

RATE_HZ = Waveform.RATE_HZ
_HISS_FRAMES = 65_536  #: 1.4 s: longer than any noisy grain, so none hears its own noise twice

Curve = Callable[["NDArray[np.float64]"], "NDArray[np.float64]"]  #: frequencies in Hz -> gains


def frames_of(seconds: float) -> int:
    """Return seconds as a whole number of frames."""
    return round(seconds * RATE_HZ)


def as_sound(values: NDArray[Any]) -> NDArray[np.float32]:
    """Return values as contiguous float32, as the kernels take them."""
    return np.ascontiguousarray(values, np.float32)


def silence(frames: int) -> NDArray[np.float32]:
    """Return (2, N) zeros."""
    return np.zeros((2, frames), np.float32)


def band(low_hz: float, high_hz: float, order: int = 2) -> Curve:
    """Return a band-pass curve with Butterworth slopes of `order` on both sides."""

    def gains(hz: NDArray[np.float64]) -> NDArray[np.float64]:
        return 1.0 / np.sqrt((1.0 + (low_hz / hz) ** (2 * order)) * (1.0 + (hz / high_hz) ** (2 * order)))

    return gains


def tilted(curve: Curve, exponent: float) -> Curve:
    """Return `curve` times frequency to `exponent`: -0.5 turns white into pink."""
    return lambda hz: curve(hz) * hz**exponent


def shaped_noise(rng: Generator, frames: int, curve: Curve, *, width: float = 0.7) -> NDArray[np.float32]:
    """Return noise (2, N) of unit RMS whose spectrum follows `curve`.

    A `width` of 0 is mono, of 1 two unrelated channels; under 1 the sum to mono keeps its lows.
    """
    # The transform is circular: a longer one than asked, so that the end never rhymes with the start.
    size = filters.fast_frames(frames + RATE_HZ // 4)
    white = rng.standard_normal((2, size), dtype=np.float32)
    hz = np.arange(size // 2 + 1, dtype=np.float64) * (RATE_HZ / size)
    hz[0] = hz[1]
    gains = curve(hz)
    gains[0] = 0.0
    spectrum = np.fft.rfft(white) * gains.astype(np.float32)
    noise = as_sound(np.fft.irfft(spectrum, size))[:, :frames]
    middle, side = noise[0], noise[1] * np.float32(width)
    stereo = np.stack((middle + side, middle - side))
    return stereo * np.float32(1.0 / (float(np.sqrt(np.mean(np.square(stereo)))) + 1e-12))


def slow_curve(rng: Generator, frames: int, rate_hz: float) -> NDArray[np.float32]:
    """Return a smooth random curve (N,) in 0..1 that finds a new value `rate_hz` times a second."""
    knots = rng.random(int(frames / RATE_HZ * rate_hz) + 3)
    return kernels.smooth_walk(knots, frames, rate_hz / RATE_HZ, float(rng.random()))


def sweep(
    sound: NDArray[Any],
    cutoff_hz: NDArray[Any],
    *,
    resonance: float = 0.7,
    only_band: bool = False,
) -> NDArray[np.float32]:
    """Low-pass (or band-pass) sound at a cutoff (N,) that moves with time."""
    return kernels.sweep_filter(
        as_sound(sound),
        as_sound(cutoff_hz),
        resonance,
        int(only_band),
    )


def scatter(rng: Generator, frames: int, rate_hz: float, *, lead_s: float = 0.0) -> NDArray[np.float64]:
    """Return sorted random start frames, `rate_hz` a second on average, from `lead_s` before the start on."""
    lead = frames_of(lead_s)
    count = int(rng.poisson(rate_hz * (frames + lead) / RATE_HZ))
    return np.sort(rng.integers(-lead, max(frames, 1), count)).astype(np.float64)


def add_grains(
    rng: Generator,
    out: NDArray[np.float32],
    starts: ArrayLike,
    *,
    hz: ArrayLike,
    decay_s: ArrayLike,
    gain: ArrayLike,
    pan: ArrayLike = 0.5,
    chirp: ArrayLike = 0.0,
    noise: ArrayLike = 0.0,
) -> None:
    """Add decaying grains to `out` (2, N) at `starts` (frames); other values: one for all, or one each."""
    table = _table(starts, hz, decay_s, gain, pan, chirp, noise)
    hiss = rng.standard_normal(_HISS_FRAMES, dtype=np.float32)
    kernels.add_grains(out, table, hiss)


def add_calls(
    out: NDArray[np.float32],
    starts: ArrayLike,
    *,
    seconds: ArrayLike,
    hz: tuple[ArrayLike, ArrayLike, ArrayLike],
    gain: ArrayLike,
    pan: ArrayLike = 0.5,
    bright: ArrayLike = 0.0,
    rough: ArrayLike = 0.0,
) -> None:
    """Add sung tones to `out` (2, N); `hz` is at the start, in the middle and at the end of each."""
    kernels.add_calls(out, _table(starts, seconds, *hz, gain, pan, bright, rough))


def _table(*columns: ArrayLike) -> NDArray[np.float64]:
    rows = np.broadcast_arrays(*(np.atleast_1d(np.asarray(c, np.float64)) for c in columns))
    return np.ascontiguousarray(np.stack(rows, axis=1))
