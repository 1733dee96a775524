"""Tones and strokes made audible: a wavetable synthesiser and drums of grains. Knows no film."""

from __future__ import annotations

import math
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.sound import filters
from soundstage.sound.kernels import compiled
from soundstage.sound.music_style import music_table
from soundstage.sound.primitives import RATE_HZ, add_grains, as_sound, band, frames_of, shaped_noise, silence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from soundstage.sound.music_score import Stroke, Tone

_TABLE = 2_048  #: points of one turn; read with interpolation
_TOP_HZ = 13_000.0
_HARMONICS = 40
_SWELL_S = 1.4


@compiled
def add_tones(
    out: NDArray[np.float32],
    tones: NDArray[np.float64],
    waves: NDArray[np.float32],
    hiss: NDArray[np.float32],
) -> None:
    """Add tones to `out` (2, N).

    `tones` is (K, 15): start frame, frames held, Hz, gain, pan 0..1, attack s, decay s (0 holds), release s,
    highs at first and later as multiples of Hz, how soon they fall (s), half the distance of the two voices
    (fraction), vibrato (fraction), breath, row of `waves` (T, 2049: one turn and its first point again).
    """
    frames = out.shape[1]
    size = waves.shape[1] - 1
    for j in range(tones.shape[0]):
        start = int(tones[j, 0])
        held = int(tones[j, 1])
        hz = tones[j, 2]
        left = math.sqrt(1.0 - tones[j, 4]) * tones[j, 3]
        right = math.sqrt(tones[j, 4]) * tones[j, 3]
        attack = max(tones[j, 5] * 48_000.0, 16.0)
        release = max(tones[j, 7] * 48_000.0, 64.0)
        fade = 1.0 if tones[j, 6] <= 0.0 else math.exp(-1.0 / (tones[j, 6] * 48_000.0))
        row = int(tones[j, 14])
        a = (j * 0.37) % 1.0
        b = (j * 0.61 + 0.5) % 1.0
        low_a = 0.0
        low_b = 0.0
        level = 1.0
        k = 1.0
        bend = 1.0
        length = min(held + int(release), frames - start)
        for i in range(length):
            if i % 32 == 0:
                t = i / 48_000.0
                over = tones[j, 9] + (tones[j, 8] - tones[j, 9]) * math.exp(-t / tones[j, 10])
                k = 1.0 - math.exp(-2.0 * math.pi * min(hz * over, 18_000.0) / 48_000.0)
                bend = 1.0 + tones[j, 12] * min(t / 0.35, 1.0) * math.sin(2.0 * math.pi * 5.3 * t)
            step = hz * bend / 48_000.0
            a += step * (1.0 - tones[j, 11])
            b += step * (1.0 + tones[j, 11])
            a -= math.floor(a)
            b -= math.floor(b)
            at = a * size
            n = int(at)
            va = waves[row, n] + (at - n) * (waves[row, n + 1] - waves[row, n])
            at = b * size
            n = int(at)
            vb = waves[row, n] + (at - n) * (waves[row, n + 1] - waves[row, n])
            air = 0.4 * tones[j, 13] * hiss[(i + j * 7919) % hiss.size]
            low_a += k * (va + air - low_a)
            low_b += k * (vb + air - low_b)
            envelope = level * min(i / attack, 1.0)
            if i > held:
                rest = 1.0 - (i - held) / release
                envelope *= rest * rest
            level *= fade
            if start + i >= 0:
                out[0, start + i] += left * envelope * (0.7 * low_a + 0.3 * low_b)
                out[1, start + i] += right * envelope * (0.3 * low_a + 0.7 * low_b)


def warm_synth() -> None:
    """Compile the synthesiser, or load it from the disk."""
    add_tones(
        silence(64), np.full((1, 15), 0.01), np.zeros((1, _TABLE + 1), np.float32), np.zeros(64, np.float32)
    )


def play_tones(tones: Sequence[Tone], rng: Generator, frames: int) -> NDArray[np.float32]:
    """Return tones (2, N)."""
    out = silence(frames)
    if not tones:
        return out
    waves: dict[tuple[str, int], int] = {}
    rows: list[list[float]] = []
    for tone in tones:
        sound: Mapping[str, Any] = music_table()["sounds"][tone.sound]
        hz = 440.0 * 2.0 ** ((tone.note + 12.0 * sound.get("octave", 0) - 69.0) / 12.0)
        harmonics = max(min(int(_TOP_HZ / hz), _HARMONICS), 1)
        # A few lengths do for all: else there is a table for every tone.
        harmonics = next(h for h in (40, 28, 20, 14, 10, 7, 5, 3, 2, 1) if h <= harmonics)
        row = waves.setdefault((tone.sound, harmonics), len(waves))
        rows.append([
            frames_of(tone.start_s), frames_of(tone.seconds), hz, 10.0 ** (tone.gain_db / 20.0), tone.pan,
            sound["attack_s"], sound.get("decay_s", 0.0), sound["release_s"], sound["bright"],
            sound["bright_end"], sound.get("dull_s", 1.0), sound.get("cents", 0.0) / 2_400.0 * math.log(2.0),
            sound.get("vibrato", 0.0), sound.get("breath", 0.0), row,
        ])  # fmt: skip
    table = np.stack([_wave(name, harmonics) for name, harmonics in waves])
    hiss = rng.standard_normal(RATE_HZ, dtype=np.float32)
    add_tones(out, np.array(rows, np.float64), np.ascontiguousarray(table), hiss)
    return out


def play_strokes(strokes: Sequence[Stroke], rng: Generator, frames: int) -> NDArray[np.float32]:
    """Return strokes (2, N)."""
    dull: list[list[float]] = []
    bright: list[list[float]] = []
    for stroke in strokes:
        gain = 10.0 ** (stroke.gain_db / 20.0)
        for grain in music_table()["strokes"][stroke.drum]:
            row = [stroke.start_s * RATE_HZ, grain["hz"], grain["decay_s"], gain * grain["gain"]]
            row += [grain.get("chirp", 0.0), grain.get("noise", 0.0)]
            (bright if grain.get("bright") else dull).append(row)
    out = silence(frames)
    for rows, pan, high in ((bright, 0.58, True), (dull, 0.5, False)):
        if not rows:
            continue
        bus = silence(frames)
        start, hz, decay_s, gain, chirp, noise = np.array(rows).T
        add_grains(rng, bus, start, hz=hz, decay_s=decay_s, gain=gain, pan=pan, chirp=chirp, noise=noise)
        out += filters.run(bus, filters.high_pass(6_000.0)) if high else bus
    return out


def play_swells(ends_s: Sequence[float], level: float, rng: Generator, frames: int) -> NDArray[np.float32]:
    """Return cymbals (2, N) that grow until each time and stop there."""
    out = silence(frames)
    for end_s in ends_s:
        end = min(frames_of(end_s), frames)
        count = min(frames_of(_SWELL_S), end)
        if count < RATE_HZ // 4:
            continue
        noise = shaped_noise(rng, count, band(2_500.0, 12_000.0, 1), width=0.9)
        rise = np.exp(np.linspace(-5.0, 0.0, count)) * np.minimum((count - np.arange(count)) / 960.0, 1.0)
        out[:, end - count : end] += as_sound(0.12 * level * noise * rise)
    return out


@cache
def _wave(name: str, harmonics: int) -> NDArray[np.float32]:
    sound: Mapping[str, Any] = music_table()["sounds"][name]
    levels = sound.get("harmonics") or [k ** -float(sound["slope"]) for k in range(1, harmonics + 1)]
    turn = 2.0 * np.pi * np.arange(_TABLE + 1) / _TABLE
    wave = np.sum([g * np.sin(k * turn) for k, g in enumerate(levels[:harmonics], 1)], axis=0)
    return as_sound(0.3 * wave / np.sqrt(np.mean(np.square(wave))))
