"""Dialogue over effects, ambience and music: ducked, summed, brought to level, limited. Knows no words.

The film is brought to -16 LUFS, its true peak under -2 dBTP: so it stays under -1 once AAC has rounded it.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.film import Lane, Waveform
from soundstage.sound import filters, kernels
from soundstage.sound.loudness import SILENT_LUFS, measure_lufs
from soundstage.sound.primitives import as_sound, frames_of, silence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.film import LaneName

TARGET_LUFS = -16.0
TOLERANCE_LU = 0.1
CEILING_DB = -2.0  #: AAC at 192 kbit/s adds up to 0.7 dB to sharp sounds (fire, measured)
SPEECH_OVER_BED_DB = 9.0  #: the promise is 8: one is kept for the limiter and the codec
AMBIENCE_DUCK_DB = -10.0
EFFECTS_DUCK_DB = -6.0
MUSIC_DUCK_DB = -11.0
_DEEPEST_DB = -24.0  #: beyond this the bed would seem to stop
_AHEAD_S, _ATTACK_S, _RELEASE_S = 0.150, 0.060, 0.350
_BRIDGE_S = 0.5  #: a pause shorter than this keeps the bed down: it would pump
_FADE_S = 0.020  #: at both ends of the film, or it clicks
_LOOK_S, _LIMITER_RELEASE_S = 0.004, 0.080
_PASSES = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Stems:
    """What is mixed; every array is (2, N)."""

    voices: NDArray[np.float32]
    rooms: NDArray[np.float32]  #: what the places answer to the voices
    effects: NDArray[np.float32]
    ambience: NDArray[np.float32]
    music: NDArray[np.float32] | None = None
    cues: tuple[tuple[float, float], ...]  #: start and end of each line, in seconds


@dataclass(frozen=True, slots=True, kw_only=True)
class Mix:
    """The finished sound, and the bed within it as it was ducked (for whoever measures it)."""

    sound: NDArray[np.float32]  #: (2, N)
    bed: NDArray[np.float32]  #: (2, N), at the level it has in `sound`
    loudness_lufs: float
    notes: tuple[str, ...]
    lanes: tuple[Lane, ...] = ()


def mix_down(stems: Stems) -> Mix:
    """Return the film's sound at its loudness."""
    beds, notes = duck_beds(stems)
    bed = as_sound(np.sum(list(beds.values()), axis=0))
    sound = filters.run(
        bed + stems.voices + stems.rooms, filters.high_pass(22.0)
    )  # nobody hears what is under
    fade = min(frames_of(_FADE_S), sound.shape[1] // 2)
    ramp = as_sound(np.sin(np.linspace(0.0, np.pi / 2.0, fade)) ** 2)
    sound[:, :fade] *= ramp
    sound[:, sound.shape[1] - fade :] *= ramp[::-1]
    loudness = measure_lufs(sound)
    if loudness <= SILENT_LUFS:
        return Mix(
            sound=sound,
            bed=bed,
            loudness_lufs=SILENT_LUFS,
            notes=notes,
            lanes=_lanes(stems, beds, 1.0),
        )
    sound, gain_db, loudness = _to_loudness(sound, loudness)
    if abs(loudness - TARGET_LUFS) > 5 * TOLERANCE_LU:
        notes = (*notes, f"the sound is at {loudness:.1f} LUFS, not {TARGET_LUFS:g}: its peaks leave no room")
    gain = 10.0 ** (gain_db / 20.0)
    return Mix(
        sound=sound,
        bed=bed * np.float32(gain),
        loudness_lufs=loudness,
        notes=notes,
        lanes=_lanes(stems, beds, gain),
    )


def _lanes(stems: Stems, beds: Mapping[LaneName, NDArray[np.float32]], gain: float) -> tuple[Lane, ...]:
    """Return the peaks of each lane as it was mixed, before the limiter."""
    sounds: dict[LaneName, NDArray[np.float32]] = {"voices": stems.voices + stems.rooms, **beds}
    return tuple(Lane(name=name, peaks=_peaks(sound, gain)) for name, sound in sounds.items())


def _peaks(sound: NDArray[np.float32], gain: float) -> tuple[float, ...]:
    step = Waveform.RATE_HZ // Lane.POINTS_PER_S
    level = np.abs(sound).max(axis=0, initial=0.0)
    level = np.pad(level, (0, -level.size % step)).reshape(-1, step).max(axis=1, initial=0.0)
    return tuple(np.round(np.minimum(level.astype(np.float64) * gain, 1.0), 3).tolist())


def duck_beds(stems: Stems) -> tuple[dict[LaneName, NDArray[np.float32]], tuple[str, ...]]:
    """Return effects, ambience and music, lowered under each line until speech stands clear of them."""
    frames = stems.ambience.shape[1]
    beds: dict[LaneName, tuple[NDArray[np.float32], float]] = {
        "effects": (stems.effects, EFFECTS_DUCK_DB),
        "ambience": (stems.ambience, AMBIENCE_DUCK_DB),
        "music": (silence(frames) if stems.music is None else stems.music, MUSIC_DUCK_DB),
    }
    ducked: dict[LaneName, NDArray[np.float32]] = {name: sound for name, (sound, _) in beds.items()}
    if not stems.cues:
        return ducked, ()
    spans = [(max(frames_of(a), 0), min(frames_of(b), frames)) for a, b in stems.cues]
    spans = [(a, b) for a, b in spans if b > a]
    extra_db = np.zeros(len(spans))
    missing_db = np.zeros(len(spans))
    for _ in range(4):
        ducked = {
            name: as_sound(sound * _duck_gain(spans, depth_db, extra_db, frames)) if sound.any() else sound
            for name, (sound, depth_db) in beds.items()
        }
        bed = as_sound(np.sum(list(ducked.values()), axis=0))
        missing_db = np.array([
            SPEECH_OVER_BED_DB - _over_db(stems.voices[:, a:b], bed[:, a:b]) for a, b in spans
        ])  # fmt: skip
        if (missing_db <= 0.0).all():
            break
        extra_db -= np.maximum(missing_db, 0.0) * 1.1
    notes = tuple(
        f"speech is only {SPEECH_OVER_BED_DB - m:.0f} dB over the bed at {a / Waveform.RATE_HZ:.1f} s"
        for (a, _), m in zip(spans, missing_db, strict=True)
        if m > 1.0
    )
    return ducked, notes


def _duck_gain(
    spans: Sequence[tuple[int, int]], depth_db: float, extra_db: NDArray[np.float64], frames: int
) -> NDArray[np.float32]:
    target = np.zeros(frames, np.float32)
    ahead, bridge = frames_of(_AHEAD_S), frames_of(_BRIDGE_S)
    for (start, end), more_db in zip(spans, extra_db, strict=True):
        level = np.float32(max(depth_db + float(more_db), _DEEPEST_DB))
        part = target[max(start - ahead, 0) : end]
        np.minimum(part, level, out=part)
    ordered = sorted(spans)
    for (_, end), (start, _) in itertools.pairwise(ordered):
        if 0 < start - end < bridge:
            np.minimum(target[end:start], np.float32(depth_db), out=target[end:start])
    if target[0] < 0.0:  # a line that begins with the film finds the bed down already
        glided = kernels.glide(np.concatenate((np.full(bridge, target[0]), target)), _ATTACK_S, _RELEASE_S)[
            bridge:
        ]
    else:
        glided = kernels.glide(target, _ATTACK_S, _RELEASE_S)
    return as_sound(10.0 ** (glided / 20.0))


def _over_db(speech: NDArray[np.float32], bed: NDArray[np.float32]) -> float:
    """Return how far speech stands over the bed, RMS against RMS."""
    powers = [float(np.mean(np.square(x, dtype=np.float64))) for x in (speech, bed)]
    return 10.0 * float(np.log10((powers[0] + 1e-14) / (powers[1] + 1e-14)))


def _to_loudness(sound: NDArray[np.float32], loudness: float) -> tuple[NDArray[np.float32], float, float]:
    """Return the sound at the target under the ceiling, the gain it took in dB, and where it came to lie.

    What the limiter takes away is given back as gain, pass by pass.
    """
    gain_db = TARGET_LUFS - loudness
    out = sound
    for _ in range(_PASSES):
        out = limit(as_sound(sound * 10.0 ** (gain_db / 20.0)))
        loudness = measure_lufs(out)
        if abs(loudness - TARGET_LUFS) <= TOLERANCE_LU:
            break
        gain_db += TARGET_LUFS - loudness
    return out, gain_db, loudness


def limit(sound: NDArray[np.float32], ceiling_db: float = CEILING_DB) -> NDArray[np.float32]:
    """Return sound (2, N) with its true peak at or under the ceiling, by a gain that sees 4 ms ahead."""
    ceiling = 10.0 ** (ceiling_db / 20.0)
    peak = filters.crests(sound)
    if float(peak.max(initial=0.0)) <= ceiling:
        return sound
    gain = kernels.limiter_gain(peak, ceiling, frames_of(_LOOK_S), _LIMITER_RELEASE_S)
    return as_sound(sound * gain)
