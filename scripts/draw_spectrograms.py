"""Draw a spectrogram of every layer, effect, voice, genre and of a film: `draw_spectrograms.py FOLDER`.

One PNG each, 8 s (the film 12), 0..16 kHz upward, 100 dB from black to white; under it is the waveform.
Of the film: its sound, its lanes as peaks, and how far its mouths open under the voices.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from soundstage.film import (
    CastMember,
    Effect,
    Flash,
    Footfall,
    FrameSize,
    Line,
    Music,
    Screenplay,
    Seconds,
    Seen,
    Shot,
)
from soundstage.sound import compose, speak
from soundstage.sound.ambience import seeded
from soundstage.sound.dialogue import speak_dialogue
from soundstage.sound.effects import effect_names, make_effect
from soundstage.sound.hearing import ambience_table
from soundstage.sound.layers import BUILDERS
from soundstage.sound.music_score import set_bars, write_score
from soundstage.sound.music_style import choose_style, music_table
from soundstage.sound.music_synth import play_strokes, play_tones
from soundstage.sound.room import stage_voices
from soundstage.sound.voice_shelf import VoiceShelf

RATE_HZ = 48_000
WINDOW = 2_048
TOP_HZ = 16_000


def spectrogram(sound: np.ndarray, width: int = 800, height: int = 320) -> np.ndarray:
    """Return a picture (height + 60, width, 3) uint8 of sound (2, N): spectrogram, then waveform."""
    mono = sound.mean(axis=0).astype(np.float64)
    mono = np.pad(mono, (0, max(0, WINDOW - mono.size)))
    starts = np.linspace(0, mono.size - WINDOW, width).astype(int)
    slices = np.stack([mono[s : s + WINDOW] for s in starts]) * np.hanning(WINDOW)
    power = np.abs(np.fft.rfft(slices, axis=1)) ** 2
    level_db = 10.0 * np.log10(power + 1e-20)
    level_db -= level_db.max()
    rows = level_db[:, : TOP_HZ * WINDOW // RATE_HZ].T[::-1]
    shade = np.clip((rows + 100.0) / 100.0 * 255.0, 0, 255).astype(np.uint8)
    picture = cv2.applyColorMap(cv2.resize(shade, (width, height)), cv2.COLORMAP_INFERNO)
    for khz in range(2, 16, 2):
        y = round(height * (1.0 - khz * 1_000 / TOP_HZ))
        cv2.putText(picture, f"{khz}k", (2, y + 4), cv2.FONT_HERSHEY_SIMPLEX, 0.35, (255, 255, 255), 1)
        cv2.line(picture, (22, y), (28, y), (255, 255, 255), 1)
    wave = np.zeros((60, width, 3), np.uint8)
    peak = max(float(np.abs(mono).max()), 1e-9)
    for x, part in enumerate(np.array_split(mono / peak, width)):
        top, low = round(30 - 28 * part.max()), round(30 - 28 * part.min())
        cv2.line(wave, (x, top), (x, low), (180, 220, 120), 1)
    return np.concatenate((picture, wave))


def sounds() -> dict[str, np.ndarray]:
    """Return every layer of the table (8 s), effect and genre of music, by name."""
    made: dict[str, np.ndarray] = {}
    for name, entry in ambience_table()["layers"].items():
        parameters = {
            k: v for k, v in entry.items() if isinstance(v, float | int) and not isinstance(v, bool)
        }
        parameters.pop("level_lufs")
        made[f"layer_{name}"] = BUILDERS[entry["builder"]](seeded(1, name), 8 * RATE_HZ, **parameters)
    for name in effect_names():
        made[f"effect_{name}"] = make_effect(name, seeded(1, name), 3.0)
    for name in music_table()["genres"]:
        style = choose_style(Music(said=name, genre=name), (), seeded(1, name))
        score = write_score(style, set_bars(8.0, (), style.bpm), seeded(1, name))
        tones = play_tones(score.tones, seeded(1, name), 8 * RATE_HZ)
        made[f"music_{name}"] = tones + play_strokes(score.strokes, seeded(1, name), 8 * RATE_HZ)
    return made


VOICES = {
    "woman": ("female", "adult", "en", "The storm came in the night.", ()),
    "man": ("male", "adult", "en", "The storm came in the night.", ()),
    "child": ("female", "child", "en", "The storm came in the night.", ()),
    "old": ("male", "old", "en", "The storm came in the night.", ()),
    "whisper": ("female", "adult", "en", "The storm came in the night.", ("whispers",)),
    "shout": ("male", "adult", "en", "The storm came in the night.", ("shouts",)),
    "mandarin": ("female", "adult", "zh", "船长，暴风雨来了！", ()),  # noqa: RUF001 - Chinese has its own signs
    "telephone": ("female", "adult", "en", "The storm came in the night.", ("over the phone",)),
}


def voices() -> dict[str, np.ndarray]:
    """Return each kind of voice in a room, by name."""
    made: dict[str, np.ndarray] = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, (gender, age, language, text, manner) in VOICES.items():
            line = Line(
                speaker="Ann",
                text=text,
                language=language,
                manner=manner,
                start=Seconds(0.3),
                end=Seconds(5.0),
            )
            shot = Shot(index=0, start=Seconds(0.0), seconds=Seconds(5.0), place="room", dialogue=(line,))
            cast = (CastMember(name="Ann", gender=gender, age=age),)
            film = screenplay(5.0, (shot,), cast)
            said = speak_dialogue(film, VoiceShelf(folder=Path(folder))).lines
            made[f"voice_{name}"] = np.sum(stage_voices(said, ("room",), film, 5 * RATE_HZ), axis=0)
    return made


def screenplay(seconds: float, shots: tuple[Shot, ...], cast: tuple[CastMember, ...]) -> Screenplay:
    """Return a screenplay of these shots."""
    size = FrameSize(width=640, height=360)
    return Screenplay(
        title="sheet", seconds=Seconds(seconds), size=size, fps=24, seed=1, sound=True, shots=shots, cast=cast
    )


def whole_film() -> np.ndarray:
    """Return a picture of a film's sound: spectrogram, lanes, and mouths."""
    shots = (
        Shot(
            index=0, start=Seconds(0), seconds=Seconds(6), place="forest", weather="storm",
            dialogue=(line_of("Anna", "Did you hear that? Something is out there.", 0.8),),
            effects=(Effect(name="footsteps", start=Seconds(0.2), end=Seconds(3)),),
        ),
        Shot(
            index=1, start=Seconds(6), seconds=Seconds(6), place="room", weather="storm",
            music=Music(said="soft piano", instruments=("piano",)),
            dialogue=(line_of("Ben", "It is only the storm. Sit down by the fire.", 7.0),),
            effects=(Effect(name="door", start=Seconds(6.2), end=Seconds(7)),),
        ),
    )  # fmt: skip
    seen = Seen(
        footfalls=tuple(
            Footfall(time_s=Seconds(0.3 + 0.52 * k), subject="", gait="walk", foot=k % 2, feet=2)
            for k in range(5)
        ),
        flashes=(Flash(time_s=Seconds(3.6), strength=0.9),),
    )
    film = screenplay(12.0, shots, (CastMember(name="Anna", gender="female"),))
    with tempfile.TemporaryDirectory() as folder:
        made = compose(film, cache_dir=Path(folder), seen=seen)
        lips = speak(film, cache_dir=Path(folder))
    rows = [spectrogram(made.waveform.samples, width=1_200)]
    rows += [strip(lane.name, np.array(lane.peaks)) for lane in made.lanes]
    mouths = [max(track.openness_at(k / 100) for track in lips) for k in range(1_200)]
    return np.concatenate([*rows, strip("mouths", np.array(mouths))])


def line_of(speaker: str, text: str, start_s: float) -> Line:
    """Return a line with four seconds to be said in."""
    return Line(speaker=speaker, text=text, language="en", start=Seconds(start_s), end=Seconds(start_s + 4.0))


def strip(name: str, points: np.ndarray) -> np.ndarray:
    """Return a curve of 0..1 as a picture (50, 1200, 3)."""
    picture = np.zeros((50, 1_200, 3), np.uint8)
    for x, part in enumerate(np.array_split(points / max(float(points.max()), 1e-9), 1_200)):
        cv2.line(picture, (x, 48), (x, 48 - round(44 * float(part.max(initial=0.0)))), (120, 200, 240), 1)
    cv2.putText(picture, name, (6, 14), cv2.FONT_HERSHEY_SIMPLEX, 0.45, (255, 255, 255), 1)
    return picture


def main() -> None:
    """Write the pictures and one sheet of them all."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    cv2.imwrite(str(folder / "film.png"), whole_film())
    tiles: list[np.ndarray] = []
    for name, sound in {**voices(), **sounds()}.items():
        picture = spectrogram(sound)
        cv2.putText(picture, name, (40, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1)
        cv2.imwrite(str(folder / f"{name}.png"), picture)
        tiles.append(cv2.resize(picture, (400, 190), interpolation=cv2.INTER_AREA))
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % 4)
    rows = [np.concatenate(tiles[i : i + 4], axis=1) for i in range(0, len(tiles), 4)]
    cv2.imwrite(str(folder / "spectrograms.png"), np.concatenate(rows))
    print(f"{len(tiles)} spectrograms in {folder}")


if __name__ == "__main__":
    main()
