"""Music over a film: where the screenplay has it, or a mood clearly wants it; begun and ended on the cuts.

Shots in a row that wish for the same music hear one piece, whose bars begin on the cuts between them. Music
of the scene comes through the loudspeaker it is heard from, and from the room.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from soundstage.film import Music, Waveform
from soundstage.sound import filters
from soundstage.sound.ambience import seeded, shot_bounds
from soundstage.sound.loudness import SILENT_LUFS, measure_lufs
from soundstage.sound.music_score import set_bars, write_score
from soundstage.sound.music_style import choose_style, music_table
from soundstage.sound.music_synth import play_strokes, play_swells, play_tones
from soundstage.sound.primitives import add_grains, as_sound, frames_of, scatter, silence
from soundstage.sound.room import impulse_response

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from soundstage.film import Screenplay
    from soundstage.sound.music_style import Style

_SCORE_LUFS, _SCENE_LUFS, _UNASKED_LUFS = -25.0, -29.0, -28.0  #: against speech at -18; the mix ducks it too
_RING_S = 0.7  #: what still rings after the cut that ends a piece
_LEAVE_S = 0.06  #: music of the scene leaves with the scene
_LAST_FADE_S = 0.9  #: into the end of the film
#: In a list of what must not be there, these forbid music, said or not.
_NO_MUSIC = frozenset({
    "music", "background music", "soundtrack", "score", "bgm", "song", "songs", "sound", "sounds", "audio",
})  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Accompaniment:
    """The music of a whole film."""

    sound: NDArray[np.float32]  #: (2, N)
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """Music over shots in a row, in frames; `cuts` are those within it."""

    music: Music
    shot_index: int
    start: int
    end: int
    cuts: tuple[int, ...]


def lay_music(screenplay: Screenplay, rooms: Sequence[str], frames: int) -> Accompaniment:
    """Return the music of a film, `frames` long; `rooms` has one entry of rooms.toml a shot."""
    out = silence(frames)
    notes: list[str] = []
    if forbids_music(screenplay):
        asked = any(shot.music is not None for shot in screenplay.shots)
        return Accompaniment(sound=out, notes=("music is excluded: none is heard",) if asked else ())
    mood = _bringing(screenplay)
    if mood is not None:
        brought = Music(said="", mood=(mood,))
        screenplay = replace(screenplay, shots=tuple(replace(s, music=brought) for s in screenplay.shots))
        notes.append(f'nobody asked for music: the mood {mood!r} brings it ("no music" keeps it away)')
    pieces = _pieces(screenplay, frames)
    for piece in pieces:
        sound = _perform(piece, screenplay, rooms[piece.shot_index], last=piece.end >= frames)
        length = min(sound.shape[1], frames - piece.start)
        out[:, piece.start : piece.start + length] += sound[:, :length]
    return Accompaniment(sound=out, notes=tuple(notes))


def forbids_music(screenplay: Screenplay) -> bool:
    """Tell whether a film must not have music, whatever its shots say."""
    return any(
        re.sub(r"^(no|without|any)\s+", "", thing.strip().lower()) in _NO_MUSIC
        for thing in screenplay.excluded
    )


def _bringing(screenplay: Screenplay) -> str | None:
    """Return the mood that brings music of itself to the whole film; None where there is a say about sound.

    Who names ambience, effects or music has told what is to be heard, and a film of one mood has to be meant
    so: every shot must have it.
    """
    shots = screenplay.shots
    if any(
        shot.music is not None or "ambience" in shot.sources or any(not e.implied for e in shot.effects)
        for shot in shots
    ):
        return None
    moods = [mood for mood in music_table()["bringing"]["moods"] if all(mood in shot.mood for shot in shots)]
    return moods[0] if moods else None


def _pieces(screenplay: Screenplay, frames: int) -> list[_Piece]:
    pieces: list[_Piece] = []
    for shot, (start, end) in zip(screenplay.shots, shot_bounds(screenplay, frames), strict=True):
        if shot.music is None or end <= start:
            continue
        before = pieces[-1] if pieces else None
        if before is not None and before.end == start and _same(before.music, shot.music):
            pieces[-1] = _Piece(before.music, before.shot_index, before.start, end, (*before.cuts, start))
        else:
            pieces.append(_Piece(shot.music, shot.index, start, end, ()))
    return pieces


def _same(one: Music, other: Music) -> bool:
    return (one.genre, one.mood, one.instruments, one.tempo, one.in_scene) == (
        other.genre, other.mood, other.instruments, other.tempo, other.in_scene,
    )  # fmt: skip


def _perform(piece: _Piece, screenplay: Screenplay, room: str, *, last: bool) -> NDArray[np.float32]:
    """Return a piece at its level, with what rings on after it."""
    rng = seeded(screenplay.seed, "music", piece.shot_index)
    shot = screenplay.shots[piece.shot_index]
    style = choose_style(piece.music, shot.mood, rng)
    seconds = (piece.end - piece.start) / Waveform.RATE_HZ
    cuts_s = [(cut - piece.start) / Waveform.RATE_HZ for cut in piece.cuts]
    score = write_score(style, set_bars(seconds, cuts_s, style.bpm), rng)
    leave_s = 0.0 if last else _LEAVE_S if piece.music.in_scene else _RING_S
    frames = piece.end - piece.start + frames_of(leave_s)
    dry = play_tones(score.tones, rng, frames)
    drums = play_strokes(score.strokes, rng, frames)
    sound = as_sound(dry + drums + play_swells(score.swells, style.swell, rng, frames))
    sound = _finish(sound, dry, style, screenplay.seed, rng)
    if piece.music.in_scene:
        sound = _from_the_scene(sound, piece.music, room, screenplay.seed)
    loudness = measure_lufs(sound)
    if loudness <= SILENT_LUFS:
        return sound
    level_lufs = _SCENE_LUFS if piece.music.in_scene else _SCORE_LUFS if piece.music.said else _UNASKED_LUFS
    sound = as_sound(sound * 10.0 ** ((level_lufs - loudness) / 20.0))
    fade = min(frames_of(_LAST_FADE_S if last else leave_s), frames)
    sound[:, frames - fade :] *= as_sound(np.cos(np.linspace(0.0, np.pi / 2.0, fade)))
    return sound


def _finish(
    sound: NDArray[np.float32], dry: NDArray[np.float32], style: Style, seed: int, rng: Generator
) -> NDArray[np.float32]:
    """Return a piece in its hall, as its medium keeps it."""
    frames = sound.shape[1]
    send = as_sound(dry.mean(axis=0) + 0.4 * (sound - dry).mean(axis=0))
    hall = filters.convolve(send, impulse_response("hall", seed))[:, :frames]
    sound = as_sound(sound + hall * 10.0 ** ((style.wet_db + 6.0) / 20.0))
    if style.low_pass_hz:
        sound = filters.run(sound, filters.low_pass(style.low_pass_hz), filters.high_pass(70.0))
    if style.crackle:
        starts = scatter(rng, frames, 16.0)
        count = starts.size
        add_grains(
            rng, sound, starts,
            hz=rng.uniform(1_500.0, 6_000.0, count), decay_s=rng.uniform(0.0003, 0.0012, count),
            gain=0.05 * style.crackle * np.minimum(0.3 + rng.pareto(2.0, count), 3.0),
            pan=rng.uniform(0.3, 0.7, count), noise=0.8,
        )  # fmt: skip
    return sound


def _from_the_scene(sound: NDArray[np.float32], music: Music, room: str, seed: int) -> NDArray[np.float32]:
    """Return a piece as it comes out of what plays it, and back from the room: narrow, and at one place."""
    table = music_table()
    words = [table["forms"].get(word, word) for word in re.findall(r"\w+", music.said.lower())]
    source = next((word for word in words if word in table["sources"]), "default")
    low_hz, high_hz = (float(table["sources"][source][key]) for key in ("low_hz", "high_hz"))
    mono = sound.mean(axis=0, keepdims=True)
    heard = filters.run(
        mono, filters.high_pass(low_hz), filters.high_pass(low_hz, 1), filters.low_pass(high_hz),
        filters.low_pass(high_hz),
    )[0]  # fmt: skip
    pan = float(seeded(seed, "source", music.said).uniform(0.3, 0.7))
    placed = np.stack((np.sqrt(1.0 - pan) * heard, np.sqrt(pan) * heard))
    answer = filters.convolve(heard, impulse_response(room, seed))[:, : heard.size]
    return as_sound(placed + 0.35 * answer)
