"""The room around the voices: how a place answers. Voices in, voices in their places out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.film import Waveform
from soundstage.sound import filters
from soundstage.sound.ambience import seeded
from soundstage.sound.perspective import panned, rooms_table, voice_across
from soundstage.sound.primitives import as_sound, frames_of, silence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from soundstage.film import Line, Screenplay, Shot
    from soundstage.sound.dialogue import SpokenLine

_NARRATES = ("narrat", "voiceover", "voice over", "voice-over", "旁白", "解说")
_OFF_SCREEN = "studio"  #: who is not in the picture speaks close to the microphone


def stage_voices(
    lines: Sequence[SpokenLine], rooms: Sequence[str], screenplay: Screenplay, frames: int
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return the voices (2, N) of a film, dry, and the answers of their rooms (2, N)."""
    shots = {shot.index: shot for shot in screenplay.shots}
    places = {shot.index: room for shot, room in zip(screenplay.shots, rooms, strict=True)}
    dry = silence(frames)
    sends: dict[tuple[str, float], NDArray[np.float32]] = {}
    for said in lines:
        shot = shots[said.shot_index]
        medium = medium_of(said.line, shot)
        room = _OFF_SCREEN if said.line.off_screen else places[said.shot_index]
        if medium:
            room = str(rooms_table()["media"][medium]["room"])
        start = frames_of(said.start_s)
        sound = through(medium, said.sound)[: max(frames - start, 0)]
        across = 0.0 if said.line.off_screen else voice_across(said.line.speaker, shot)
        dry[:, start : start + sound.size] += panned(np.stack((sound, sound)), across) if across else sound
        send = sends.setdefault((room, wet_db(room, shot)), np.zeros(frames, np.float32))
        send[start : start + sound.size] += sound
    return dry, answer_all(sends, screenplay.seed, frames)


def medium_of(line: Line, shot: Shot | None = None) -> str:
    """Return what a line is heard through, a row of `media`; "" for the air of the place.

    A manner or the speaker's name tells it; so does the telephone or radio that is seen while somebody who is
    not speaks, unless they narrate.
    """
    told = " ".join((*line.manner, line.speaker)).lower()
    if shot is not None and line.off_screen and not any(word in told for word in _NARRATES):
        told += " " + " ".join(subject.noun.lower() for subject in shot.subjects)
    media: Mapping[str, Mapping[str, Any]] = rooms_table()["media"]
    return next((name for name, row in media.items() if any(word in told for word in row["words"])), "")


def through(medium: str, sound: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return a voice (N,) as a medium passes it on, as loud as it was."""
    if not medium or not sound.size:
        return sound
    row = rooms_table()["media"][medium]
    low, high = filters.high_pass(float(row["low_hz"])), filters.low_pass(float(row["high_hz"]))
    heard = filters.run(sound[None], low, low, high, high)[0]
    drive = float(row["drive"])
    if drive:
        full = float(np.abs(heard).max()) + 1e-9
        driven = np.tanh(heard / full * (1.0 + 4.0 * drive)) * full
        heard = filters.run(as_sound(driven)[None], low, high)[0]
    loudness = [float(np.sqrt(np.mean(np.square(x, dtype=np.float64)))) for x in (sound, heard)]
    return as_sound(heard * (loudness[0] / (loudness[1] + 1e-9)))


def wet_db(room: str, shot: Shot) -> float:
    """Return how loud a room answers a sound in a shot, against the sound."""
    table = rooms_table()
    return float(table["rooms"][room]["wet_db"]) + float(table["framing_db"][shot.framing])


def answer_all(
    sends: Mapping[tuple[str, float], NDArray[np.float32]], seed: int, frames: int
) -> NDArray[np.float32]:
    """Return what rooms send back (2, N) for mono sounds, by room and level in dB."""
    wet = silence(frames)
    for (room, level_db), send in sends.items():
        wet += _answer(send, room, seed) * np.float32(10.0 ** (level_db / 20.0))
    return wet


def _answer(send: NDArray[np.float32], room: str, seed: int) -> NDArray[np.float32]:
    """Return what a room sends back (2, N) for a mono sound, at the power of that sound."""
    response = impulse_response(room, seed)
    heard = np.flatnonzero(send)
    if not heard.size:
        return silence(send.size)
    first = int(heard[0])
    last = min(int(heard[-1]) + response.shape[1], send.size)
    out = silence(send.size)
    out[:, first:last] = filters.convolve(send[first:last], response)[:, : last - first]
    return out


def impulse_response(room: str, seed: int) -> NDArray[np.float32]:
    """Return a room's answer to a click (2, M): noise that dies, its highs first; of unit power."""
    entry = rooms_table()["rooms"][room]
    reverb_s, cutoff_hz = float(entry["reverb_s"]), float(entry["cutoff_hz"])
    rng = seeded(seed, "room", room)
    frames = frames_of(reverb_s * 1.1)
    t = np.arange(frames) / Waveform.RATE_HZ
    noise = rng.standard_normal((2, frames), dtype=np.float32)
    bright = filters.run(noise, filters.low_pass(cutoff_hz)) * 10.0 ** (-3.0 * t / (0.6 * reverb_s))
    dull = filters.run(noise, filters.low_pass(cutoff_hz / 5.0)) * 10.0 ** (-3.0 * t / reverb_s)
    tail = filters.run(as_sound(bright + 0.8 * dull), filters.high_pass(120.0, 1))
    tail = np.pad(tail, ((0, 0), (frames_of(float(entry["delay_s"])), 0)))
    return as_sound(tail / np.sqrt(np.square(tail).sum(axis=1, keepdims=True)))
