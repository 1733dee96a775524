"""Draw a spectrogram of every layer, effect and genre of music: `draw_spectrograms.py FOLDER`.

One PNG each, 8 s, 0..16 kHz upward, 100 dB from black to white; the strip under it is the waveform.
"""

from __future__ import annotations

import sys
from pathlib import Path

import cv2
import numpy as np

from soundstage.film import Music
from soundstage.sound.ambience import seeded
from soundstage.sound.effects import effect_names, make_effect
from soundstage.sound.hearing import ambience_table
from soundstage.sound.layers import BUILDERS
from soundstage.sound.music_score import set_bars, write_score
from soundstage.sound.music_style import choose_style, music_table
from soundstage.sound.music_synth import play_strokes, play_tones

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


def main() -> None:
    """Write the pictures and one sheet of them all."""
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    tiles: list[np.ndarray] = []
    for name, sound in sounds().items():
        picture = spectrogram(sound)
        cv2.putText(picture, name, (40, 20), cv2.FONT_HERSHEY_SIMPLEX, 0.6, (255, 255, 255), 1)
        cv2.imwrite(str(folder / f"{name}.png"), picture)
        tiles.append(cv2.resize(picture, (400, 190), interpolation=cv2.INTER_AREA))
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % 4)
    rows = [np.concatenate(tiles[i : i + 4], axis=1) for i in range(0, len(tiles), 4)]
    cv2.imwrite(str(folder / "sheet.png"), np.concatenate(rows))
    print(f"{len(tiles)} spectrograms in {folder}")


if __name__ == "__main__":
    main()
