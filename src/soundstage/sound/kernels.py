"""Sample loops compiled by numba: filters, grains, calls, gain curves. Knows no layer and no file.

Every array is C-contiguous, float32 or float64 as named. Oscillator phase is float64: a float32 time base
puts sidebands around a 5 kHz tone after a few seconds. No fast-math, no threads: the same input gives the
same bits.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, TypeVar, cast

import numba
import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

Kernel = TypeVar("Kernel", bound="Callable[..., Any]")


def compiled(kernel: Kernel) -> Kernel:
    """Compile a kernel for the types it is first called with; keep the machine code on disk."""
    return cast("Kernel", numba.njit(cache=True, nogil=True, error_model="numpy")(kernel))


@compiled
def sweep_filter(
    sound: NDArray[np.float32], cutoff_hz: NDArray[np.float32], resonance: float, only_band: int
) -> NDArray[np.float32]:
    """Low-pass (or, with `only_band`, band-pass) sound (C, N) at a cutoff (N,) that may move.

    The topology-preserving state variable filter of V. Zavalishin, The Art of VA Filter Design, ch. 4:
    it stays stable and click-free while its cutoff moves, which a biquad does not.
    """
    channels, frames = sound.shape
    out = np.empty_like(sound)
    state = np.zeros((channels, 2))
    damping = 1.0 / resonance
    for i in range(frames):
        g = math.tan(math.pi * min(max(float(cutoff_hz[i]), 10.0), 20_000.0) / 48_000.0)
        a1 = 1.0 / (1.0 + g * (g + damping))
        a2 = g * a1
        a3 = g * a2
        for c in range(channels):
            v3 = sound[c, i] - state[c, 1]
            v1 = a1 * state[c, 0] + a2 * v3
            v2 = state[c, 1] + a2 * state[c, 0] + a3 * v3
            state[c, 0] = 2.0 * v1 - state[c, 0]
            state[c, 1] = 2.0 * v2 - state[c, 1]
            out[c, i] = v1 * damping if only_band else v2
    return out


@compiled
def run_sections(sound: NDArray[np.float32], sections: NDArray[np.float64]) -> NDArray[np.float32]:
    """Return sound (C, N) through biquads (S, 5: b0, b1, b2, a1, a2), in transposed direct form II."""
    channels, frames = sound.shape
    out = np.empty_like(sound)
    for c in range(channels):
        state = np.zeros((sections.shape[0], 2))
        for i in range(frames):
            value = float(sound[c, i])
            for s in range(sections.shape[0]):
                came = value
                value = sections[s, 0] * came + state[s, 0]
                state[s, 0] = sections[s, 1] * came - sections[s, 3] * value + state[s, 1]
                state[s, 1] = sections[s, 2] * came - sections[s, 4] * value
            out[c, i] = value
    return out


@compiled
def run_phases(
    padded: NDArray[np.float32], phases: NDArray[np.float32], down: int, frames: int
) -> NDArray[np.float32]:
    """Return `frames` samples of mono sound resampled by phases / `down`; `padded` has the margins."""
    up, taps = phases.shape
    out = np.empty(frames, np.float32)
    for n in range(frames):
        at = n * down
        first = at // up
        phase = at - first * up
        total = 0.0
        for k in range(taps):
            total += phases[phase, k] * padded[first + k]
        out[n] = total
    return out


@compiled
def find_crests(padded: NDArray[np.float32], phases: NDArray[np.float32], frames: int) -> NDArray[np.float32]:
    """Return the largest magnitude (N,) of any phase of any channel at each frame; `padded` has the margins.

    Block by block, tap by tap: the inner loop runs over neighbouring frames, so that it becomes vector code.
    """
    block = 1_024
    out = np.zeros(frames, np.float32)
    total = np.empty(block, np.float32)
    for first in range(0, frames, block):
        count = min(block, frames - first)
        for c in range(padded.shape[0]):
            for phase in range(phases.shape[0]):
                total[:] = 0.0
                for k in range(phases.shape[1]):
                    weight = phases[phase, k]
                    for i in range(count):
                        total[i] += weight * padded[c, first + i + k]
                for i in range(count):
                    out[first + i] = max(out[first + i], abs(total[i]))
    return out


@compiled
def smooth_walk(knots: NDArray[np.float64], frames: int, step: float, offset: float) -> NDArray[np.float32]:
    """Return a curve (N,) through `knots`, `step` knots a frame from knot `offset` on, flat at each knot."""
    out = np.empty(frames, np.float32)
    for i in range(frames):
        place = offset + i * step
        left = int(place)
        u = place - left
        u = u * u * (3.0 - 2.0 * u)
        out[i] = knots[left] * (1.0 - u) + knots[left + 1] * u
    return out


@compiled
def add_grains(out: NDArray[np.float32], grains: NDArray[np.float64], hiss: NDArray[np.float32]) -> None:
    """Add decaying grains to `out` (2, N): drops, crackles, gravel, bubbles, bells.

    `grains` is (G, 7): start frame, frequency Hz, decay s (to 1/e), gain, pan 0..1, chirp (change of
    frequency over the grain, as a fraction), noisiness 0..1. The noise is drawn from `hiss`.
    """
    frames = out.shape[1]
    for j in range(grains.shape[0]):
        start = int(grains[j, 0])
        decay = max(grains[j, 2], 1e-5) * 48_000.0
        length = min(int(decay * 7.0), frames - start)  # -61 dB: nothing to hear is cut off
        left = math.sqrt(1.0 - grains[j, 4]) * grains[j, 3]
        right = math.sqrt(grains[j, 4]) * grains[j, 3]
        step = 2.0 * math.pi * grains[j, 1] / 48_000.0
        fade = math.exp(-1.0 / decay)
        noisy = grains[j, 6]
        envelope = 1.0
        phase = 0.0
        at = (j * 7919) % hiss.size
        for i in range(max(length, 0)):
            if start + i >= 0:
                attack = min(
                    (i + 1) / 16.0, 1.0
                )  # a third of a ms: a bare edge is a click up to half the rate
                value = attack * envelope * ((1.0 - noisy) * math.sin(phase) + noisy * hiss[at])
                out[0, start + i] += left * value
                out[1, start + i] += right * value
            phase += step * (1.0 + grains[j, 5] * i / (decay * 7.0))
            envelope *= fade
            at += 1
            if at == hiss.size:
                at = 0


@compiled
def add_calls(out: NDArray[np.float32], calls: NDArray[np.float64]) -> None:
    """Add sung tones to `out` (2, N): cricket pulses, bird syllables, gulls, hoots, howls.

    `calls` is (K, 9): start frame, length s, frequency Hz at the start, in the middle, at the end, gain,
    pan 0..1, brightness 0..1 (how much of the harmonics 2..6 sounds), roughness 0..1 (a 28 Hz flutter).
    """
    frames = out.shape[1]
    for j in range(calls.shape[0]):
        start = int(calls[j, 0])
        length = int(calls[j, 1] * 48_000.0)
        left = math.sqrt(1.0 - calls[j, 6]) * calls[j, 5]
        right = math.sqrt(calls[j, 6]) * calls[j, 5]
        bright = calls[j, 7]
        phase = 0.0
        for i in range(min(length, frames - start)):
            u = i / length
            hz = (
                calls[j, 2] * (1.0 - u) * (1.0 - 2.0 * u)
                + calls[j, 3] * 4.0 * u * (1.0 - u)
                + calls[j, 4] * u * (2.0 * u - 1.0)
            )
            phase += 2.0 * math.pi * hz / 48_000.0
            if start + i < 0:
                continue
            window = math.sin(math.pi * u)
            value = math.sin(phase)
            level = bright
            for harmonic in range(2, 7):
                if bright <= 0.0 or hz * harmonic > 16_000.0:
                    break
                value += level * math.sin(harmonic * phase)
                level *= bright
            value *= window * window
            value *= 1.0 - calls[j, 8] * (0.5 + 0.5 * math.sin(2.0 * math.pi * 28.0 * i / 48_000.0))
            out[0, start + i] += left * value
            out[1, start + i] += right * value


@compiled
def glide(target_db: NDArray[np.float32], attack_s: float, release_s: float) -> NDArray[np.float32]:
    """Return `target_db` (N,) followed smoothly: down in `attack_s`, up in `release_s` (time constants)."""
    out = np.empty_like(target_db)
    down = 1.0 - math.exp(-1.0 / (attack_s * 48_000.0))
    up = 1.0 - math.exp(-1.0 / (release_s * 48_000.0))
    now = float(target_db[0])
    for i in range(target_db.size):
        goal = float(target_db[i])
        now += (goal - now) * (down if goal < now else up)
        out[i] = now
    return out


@compiled
def limiter_gain(
    peak: NDArray[np.float32], ceiling: float, look_frames: int, release_s: float
) -> NDArray[np.float32]:
    """Return the gain (N,) that keeps `peak` (N,) at or under `ceiling`, without a corner in it.

    The smallest gain needed in the next `look_frames` (a sliding minimum over a monotone queue), released
    slowly, then averaged over as many frames: every gain in that average is no larger than the one needed.
    """
    frames = peak.size
    need = np.ones(frames + look_frames)
    for i in range(frames):
        if peak[i] > ceiling:
            need[i] = ceiling / peak[i]
    queue = np.empty(frames + look_frames, np.int64)
    head = 0
    tail = 0
    held = np.empty(frames + look_frames)  # held[k] = min(need[k - look_frames .. k])
    up = 1.0 - math.exp(-1.0 / (release_s * 48_000.0))
    now = 1.0
    for k in range(frames + look_frames):
        while tail > head and need[queue[tail - 1]] >= need[k]:
            tail -= 1
        queue[tail] = k
        tail += 1
        while queue[head] < k - look_frames:
            head += 1
        goal = need[queue[head]]
        now = goal if goal < now else now + (goal - now) * up
        held[k] = now
    out = np.empty(frames, np.float32)
    total = 0.0
    for k in range(look_frames):
        total += held[k]
    for i in range(frames):
        total += held[i + look_frames]
        out[i] = total / (look_frames + 1)
        total -= held[i]
    return out


def compile_all() -> None:
    """Call every kernel once with the types it is used with."""
    sound = np.zeros((2, 64), np.float32)
    curve = np.full(64, 100.0, np.float32)
    sweep_filter(sound, curve, 0.7, 0)
    smooth_walk(np.zeros(4), 64, 0.01, 0.5)
    add_grains(sound, np.full((1, 7), 0.01), curve)
    add_calls(sound, np.full((1, 9), 0.01))
    glide(curve, 0.1, 0.1)
    limiter_gain(curve, 1.0, 4, 0.1)
    run_sections(sound, np.zeros((1, 5)))
    run_phases(curve, np.zeros((2, 4), np.float32), 1, 4)
    find_crests(sound, np.zeros((2, 4), np.float32), 32)
