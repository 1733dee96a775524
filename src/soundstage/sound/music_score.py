"""A piece on paper: which tone sounds when, in a style, over bars that begin on the cuts. Makes no sound."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.sound.music_style import music_table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.random import Generator

    from soundstage.sound.music_style import Part, Style

_BEATS = 4  #: of a bar
_LAST_BEATS = 2  #: the last chord is held so long
_PADS, _COMPS, _BASSES, _LEADS = 55, 58, 38, 72  #: MIDI notes in whose middle a role lies
_QUICK = frozenset({"synth_pluck", "spiccato", "chip"})  #: they break chords in sixteenths
_LOOSE_S = 0.006  #: nobody plays on the very sample


@dataclass(frozen=True, slots=True)
class Tone:
    """One tone of one instrument."""

    sound: str
    start_s: float
    seconds: float
    note: float  #: MIDI
    gain_db: float
    pan: float


@dataclass(frozen=True, slots=True)
class Stroke:
    """One stroke of a drum."""

    drum: str
    start_s: float
    gain_db: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar; one that begins on a cut is `first`."""

    start_s: float
    beats: int
    beat_s: float
    first: bool
    last: bool = False  #: the last chord, held to the end


@dataclass(frozen=True, slots=True)
class Score:
    """A piece."""

    tones: tuple[Tone, ...]
    strokes: tuple[Stroke, ...]
    swells: tuple[float, ...]  #: when cymbals stop that grow until then, in seconds


def set_bars(seconds: float, cuts: Sequence[float], bpm: float) -> list[Bar]:
    """Return the bars of a piece of `seconds`; each cut is the first beat of a bar.

    The tempo gives way: among tempi 12 % to either side the one that needs the least stretch between any two
    cuts, then each stretch between cuts is filled with whole beats.
    """
    edges = [0.0, *(cut for cut in cuts if 0.3 < cut < seconds - 0.3), seconds]
    lengths = np.diff(edges)

    def strain(tempo: float) -> float:
        beats = np.maximum(np.round(lengths * tempo / 60.0), 1.0)
        return float(np.max(np.abs(np.log(beats * 60.0 / tempo / lengths)))) + 0.2 * abs(np.log(tempo / bpm))

    best = min((bpm * factor for factor in np.linspace(0.88, 1.12, 49)), key=strain)
    bars: list[Bar] = []
    for start_s, length_s in zip(edges[:-1], lengths, strict=True):
        beats = max(round(float(length_s) * best / 60.0), 1)
        beat_s = float(length_s) / beats
        bars += [
            Bar(float(start_s) + first * beat_s, min(_BEATS, beats - first), beat_s, first == 0)
            for first in range(0, beats, _BEATS)
        ]
    return _with_an_end(bars)


def write_score(style: Style, bars: Sequence[Bar], rng: Generator) -> Score:
    """Return the piece in these bars."""
    chords = _chords(style, bars)
    tones: list[Tone] = []
    for index, part in enumerate(style.parts):
        pan = 0.5 if part.role in {"bass", "walk", "pulse", "lead"} else (0.36, 0.64, 0.5)[index % 3]
        for bar, start, beats, note, louder_db in _play(part, style, bars, chords, rng):
            late_s = style.swing * bar.beat_s if start % 1.0 == 0.5 else 0.0
            start_s = bar.start_s + start * bar.beat_s + late_s
            if start > 0.0:  # what falls on a cut falls on it exactly
                start_s += float(rng.uniform(0.0, _LOOSE_S))
            accent_db = 2.0 if bar.first and start == 0.0 else 0.0
            gain_db = part.gain_db + louder_db + accent_db + float(rng.uniform(-1.2, 0.0))
            tones.append(Tone(part.sound, start_s, beats * bar.beat_s, note, gain_db, pan))
    cuts = [bar.start_s for bar in bars[1:] if bar.first]
    swells = (*cuts, bars[-1].start_s) if style.swell else ()
    return Score(tuple(tones), tuple(_drum(style, bars, rng)), swells)


def _with_an_end(bars: list[Bar]) -> list[Bar]:
    last = bars[-1]
    if len(bars) == 1 and last.beats <= _LAST_BEATS:
        return bars
    if last.beats <= _LAST_BEATS:
        return [*bars[:-1], Bar(last.start_s, last.beats, last.beat_s, last.first, last=True)]
    played = last.beats - _LAST_BEATS
    end_s = last.start_s + played * last.beat_s
    return [
        *bars[:-1],
        Bar(last.start_s, played, last.beat_s, last.first),
        Bar(end_s, _LAST_BEATS, last.beat_s, first=False, last=True),
    ]


def _chords(style: Style, bars: Sequence[Bar]) -> list[int]:
    """Return the chord of each bar: the row over and over, then home by way of the fifth."""
    chords = [style.chords[index % len(style.chords)] for index in range(len(bars))]
    if bars[-1].last:
        chords[-1] = 0
        if len(bars) > 2 and len(set(style.chords)) > 1:
            chords[-2] = 4
    return chords


def _note(scale: Sequence[int], root: int, step: int) -> int:
    return root + 12 * (step // len(scale)) + scale[step % len(scale)]


def _voiced(style: Style, chord: int, near: float, before: Sequence[int]) -> list[int]:
    """Return a chord whose tones lie as near as can be to `near`, and to the chord before it."""
    tones = [_note(style.scale, style.root, chord + 2 * k) for k in range(style.chord_size)]
    anchor = float(np.mean(before)) if before else near
    choices: list[list[int]] = []
    for turn in range(len(tones)):
        turned = sorted([*tones[turn:], *(tone + 12 for tone in tones[:turn])])
        choices += [[tone + 12 * octave for tone in turned] for octave in (-2, -1, 0, 1)]
    return min(choices, key=lambda c: abs(np.mean(c) - anchor) + 0.7 * abs(np.mean(c) - near))


def _near(note: int, middle: int) -> int:
    return note + 12 * round((middle - note) / 12.0)


_Played = tuple[Bar, float, float, float, float]  # bar, beat, beats, note, louder by dB


def _play(
    part: Part, style: Style, bars: Sequence[Bar], chords: Sequence[int], rng: Generator
) -> Iterator[_Played]:
    if part.role == "lead":
        yield from _sing(style, bars, chords, rng)
        return
    rows = music_table()["comps"][style.pace]
    comp = [0.5, 1.5, 2.5, 3.5] if part.role == "offbeat" else rows[int(rng.integers(len(rows)))]
    voiced: list[int] = []
    for index, (bar, chord) in enumerate(zip(bars, chords, strict=True)):
        deep = part.role in {"bass", "walk", "pulse"}
        low = _near(_note(style.scale, style.root, chord), _BASSES)
        voiced = _voiced(style, chord, _PADS if part.role == "pad" else _COMPS, voiced)
        if bar.last:
            yield from ((bar, 0.0, float(bar.beats), note, 0.0) for note in ([low] if deep else voiced))
        elif deep:
            onward = _near(_note(style.scale, style.root, chords[(index + 1) % len(chords)]), _BASSES)
            yield from _play_bass(part.role, style, bar, chord, onward, rng)
        elif part.role == "pad":
            yield from ((bar, 0.0, bar.beats + 0.1, note, 0.0) for note in voiced)
        elif part.role == "arp":
            step = 0.25 if part.sound in _QUICK else 0.5
            held = step * (0.9 if part.sound in _QUICK else 2.2)
            ladder = [*voiced, voiced[0] + 12, *voiced[:0:-1]]
            for k in range(round(bar.beats / step)):
                yield bar, k * step, held, ladder[k % len(ladder)], -1.5 * (k % 2)
        else:
            starts = [float(start) for start in comp if start < bar.beats]
            for start, end in zip(starts, [*starts[1:], float(bar.beats)], strict=True):
                held = (end - start) * (0.85 if part.role == "comp" else 0.35)
                yield from ((bar, start, held, note, -2.0 * (start > 0.0)) for note in voiced)


def _play_bass(
    role: str, style: Style, bar: Bar, chord: int, onward: int, rng: Generator
) -> Iterator[_Played]:
    """Yield a bar of bass: held tones, a walk towards the next chord, or a pulse."""
    low = _near(_note(style.scale, style.root, chord), _BASSES)
    fifth = _near(_note(style.scale, style.root, chord + 4), low + 6)
    if role == "walk":
        third = _near(_note(style.scale, style.root, chord + 2), low + 3)
        walk = [low, third, fifth, onward + (1 if rng.random() < 0.5 else -1)]  # by a half-tone, as they do
        yield from ((bar, float(k), 0.9, walk[k], 0.0) for k in range(bar.beats))
    elif role == "pulse":
        yield from ((bar, 0.5 * k, 0.4, low, -1.5 * (k % 2)) for k in range(2 * bar.beats))
    elif bar.beats > 2:
        yield bar, 0.0, 2.0, low, 0.0
        yield bar, 2.0, bar.beats - 2.0, fifth, -2.0
    else:
        yield bar, 0.0, float(bar.beats), low, 0.0


def _sing(style: Style, bars: Sequence[Bar], chords: Sequence[int], rng: Generator) -> Iterator[_Played]:
    """Yield a melody: a motif, the same again, another, the first; strong beats on tones of the chord."""
    rhythms = music_table()["rhythms"][style.pace]
    motifs = [
        (
            rhythms[int(rng.integers(len(rhythms)))],
            [int(step) for step in rng.choice((-2, -1, -1, 1, 1, 2), 8)],
        )
        for _ in range(2)
    ]
    alone = len(style.parts) == 1 and style.drums is None
    now = _LEADS
    scale = [_note(style.melody, style.root, step) for step in range(-14, 42)]
    for index, (bar, chord) in enumerate(zip(bars, chords, strict=True)):
        if index == 0 and len(bars) > 3 and not alone:
            continue  # the others begin
        tones = {_note(style.scale, style.root, chord + 2 * k) % 12 for k in range(3)}
        rhythm, steps = motifs[1 if index % 4 == 3 else 0]
        starts = [0.0] if bar.last else [float(start) for start in rhythm if start < bar.beats]
        for k, (start, end) in enumerate(zip(starts, [*starts[1:], float(bar.beats)], strict=True)):
            aim = now + 2 * steps[k % len(steps)]
            if abs(aim - _LEADS) > 9:
                aim = _LEADS + (aim - _LEADS) // 2
            strong = start in {0.0, 2.0}
            allowed = [n for n in scale if n % 12 in tones] if strong else scale
            now = min(allowed, key=lambda n: (abs(n - aim), n))
            yield bar, start, (end - start) * 0.95, now, 0.0 if strong else -1.5


def _drum(style: Style, bars: Sequence[Bar], rng: Generator) -> Iterator[Stroke]:
    if style.hit:
        yield from (Stroke("boom", bar.start_s, 0.0) for bar in bars[1:] if bar.first or bar.last)
    if style.drums is None:
        return
    kit = music_table()["drums"][style.drums]
    deepest = next((drum for drum in ("kick", "taiko", "low") if drum in kit), None)
    for bar in bars:
        if bar.last:
            if deepest:
                yield Stroke(deepest, bar.start_s, 1.0)
            yield Stroke("crash", bar.start_s, -4.0)
            continue
        if bar.first and bar.start_s > 0.0:
            yield Stroke("crash", bar.start_s, -3.0)
        for drum, pattern in kit.items():
            for k, mark in enumerate(pattern[: 4 * bar.beats]):
                if mark == ".":
                    continue
                late = style.swing if k % 4 == 2 else 0.0
                loose_s = float(rng.uniform(0.0, _LOOSE_S)) if k else 0.0
                start_s = bar.start_s + (k / 4.0 + late) * bar.beat_s + loose_s
                yield Stroke(drum, start_s, (0.0 if mark == "x" else -7.0) - float(rng.uniform(0.0, 1.5)))
