"""What music a wish asks for: tempo, mode, chords, who plays what. Makes no sound."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.random import Generator

    from soundstage.film import Music

_TEMPO = {"slow": 0.78, "medium": 1.0, "fast": 1.25}
_SLOWEST_BPM, _FASTEST_BPM = 50.0, 172.0
_PLAIN_GENRE = "cinematic"  #: music of which nothing is known but that it is there
_ALONE = frozenset({"lead", "bass"})  #: roles that one instrument has at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """One instrument and what it plays."""

    role: str  #: "pad", "comp", "arp", "bass", "walk", "pulse", "offbeat", "lead"
    sound: str
    gain_db: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """How a piece goes."""

    bpm: float
    root: int  #: MIDI note of its home, in the third octave
    scale: tuple[int, ...]
    melody: tuple[int, ...]  #: the scale of its lead
    chords: tuple[int, ...]  #: one a bar, as steps of the scale
    chord_size: int
    parts: tuple[Part, ...]
    drums: str | None
    pace: str  #: row of rhythms and comps: "slow", "medium", "fast"
    swing: float  #: of a beat
    swell: float  #: 0..1, cymbals into the cuts
    hit: bool  #: a blow on the cuts
    low_pass_hz: float | None
    crackle: float
    wet_db: float


@cache
def music_table() -> Mapping[str, Any]:
    """Return data/music.toml."""
    return tomllib.loads((resources.files("soundstage.sound") / "data" / "music.toml").read_text("utf-8"))


def choose_style(music: Music, shot_moods: Sequence[str], rng: Generator) -> Style:
    """Return how the music that was wished for goes; what was not said follows the mood, then chance."""
    table = music_table()
    mood = _mood(music, shot_moods)
    feeling: Mapping[str, Any] = table["moods"].get(mood, {})
    known = music.genre in table["genres"]
    genre = music.genre if known and music.genre else feeling.get("genre", _PLAIN_GENRE)
    row: Mapping[str, Any] = table["genres"][genre]
    mode = str(feeling.get("mode", row["mode"]) if music.mood or not known else row["mode"])
    rows = row["progression"] if known else feeling.get("progression", row["progression"])
    bpm = (float(row["bpm"]) + float(feeling.get("bpm", row["bpm"]))) / 2.0 * rng.uniform(0.96, 1.04)
    bpm = min(max(bpm * _TEMPO[music.tempo or "medium"], _SLOWEST_BPM), _FASTEST_BPM)
    rows_of_chords = table["progressions"][rows]
    named = [name for name in music.instruments if name in table["instruments"]]
    drums = row.get("drums") if known or not named else None
    if "drums" in named:
        drums = drums or table["drums_for"].get(genre, table["drums_for"]["default"])
    return Style(
        bpm=bpm,
        root=int(rng.integers(43, 55)),
        scale=tuple(table["modes"][mode]),
        melody=tuple(table["modes"][row.get("melody", mode)]),
        chords=tuple(rows_of_chords[int(rng.integers(len(rows_of_chords)))]),
        chord_size=int(row["chord"]),
        parts=tuple(_parts(row["parts"], named, keep=known)),
        drums=drums,
        pace="slow" if bpm < 76.0 else "medium" if bpm < 112.0 else "fast",
        swing=float(row.get("swing", 0.0)),
        swell=float(row.get("swell", 0.0)) if known or not named else 0.0,
        hit="hit" in row and (known or not named),
        low_pass_hz=row.get("low_pass_hz"),
        crackle=float(row.get("crackle", 0.0)),
        wet_db=float(row["wet_db"]),
    )


def _mood(music: Music, shot_moods: Sequence[str]) -> str:
    table = music_table()
    for mood in music.mood:
        if mood in table["moods"]:
            return mood
    if music.genre is None:
        for mood in shot_moods:
            known = table["shot_moods"].get(mood, mood)
            if known in table["moods"]:
                return known
    return ""


def _parts(rows: Sequence[Sequence[Any]], named: Sequence[str], *, keep: bool) -> list[Part]:
    """Return who plays: the instruments named, and in the other roles those of a genre that was named."""
    genre = [Part(role=row[0], sound=row[1], gain_db=float(row[2])) for row in rows]
    usual = {"lead": -5.0, "bass": -6.0, "pad": -5.0, "arp": -6.0, "comp": -5.0}
    wanted: list[Part] = []
    for name in named:
        for role, sound in music_table()["instruments"][name]:
            if role in _ALONE and any(part.role == role for part in wanted):
                continue
            wanted.append(Part(role=role, sound=sound, gain_db=usual[role]))
    if not named:
        return genre
    if not keep:
        return wanted
    taken = {part.role for part in wanted}
    if "bass" in taken:
        taken |= {"walk", "pulse"}
    return [*wanted, *(part for part in genre if part.role not in taken)]
