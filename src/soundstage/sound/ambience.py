"""The bed of a film: every layer laid over the shots that hear it, joined at the cuts.

A layer that goes on over a cut goes on unbroken (surf does not start again because the camera moved); only
its level moves. One that ends or begins at a cut is faded with equal power.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.film import Waveform
from soundstage.sound.hearing import ambience_table, hear
from soundstage.sound.layers import BUILDERS
from soundstage.sound.layers.weather import thunder
from soundstage.sound.loudness import SILENT_LUFS, measure_lufs
from soundstage.sound.primitives import as_sound, silence, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from soundstage.film import Flash, Screenplay
    from soundstage.sound.hearing import Heard
    from soundstage.sound.ports import Understudy

SOUND_M_S = 343.0  #: at 20 degrees
_JOIN_S = 0.08  #: a fade at a cut: short enough to belong to it, long enough not to click
_SOFT_JOIN_S = 0.7  #: where one picture melts into the next
_SOFT = frozenset({"dissolve", "fade", "match_cut"})
_LONGEST_LAP_S = 0.9  #: a bed waits so long for a line that runs over the cut, and comes so much before it
_SHORTEST_LAP_S = 0.12  #: a line that laps over by less is heard as a cut


@dataclass(frozen=True, slots=True, kw_only=True)
class Bed:
    """The ambience of a whole film."""

    sound: NDArray[np.float32]  #: (2, N)
    rooms: tuple[str, ...]  #: one a shot, in rooms.toml
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Run:
    """A layer over neighbouring shots: first frame, then the frame and level (dB) where each shot ends."""

    layer: str
    muffled: bool
    shot_index: int
    start: int
    join_s: float  #: how long it takes to come in
    steps: list[tuple[int, float]]
    leave_s: float = _JOIN_S


def lay_bed(
    screenplay: Screenplay,
    frames: int,
    flashes: Sequence[Flash] = (),
    lines: Sequence[tuple[int, float, float]] = (),
    understudy: Understudy | None = None,
) -> Bed:
    """Return the bed of a film, `frames` long.

    Args:
        screenplay: the film on paper.
        frames: how long it is.
        flashes: lightning that is seen: its thunder follows, the later the farther.
        lines: shot, start and end of each line in seconds. Where one runs over a cut, the bed changes with
            the line and not with the picture: an L cut; where one comes before its picture, a J cut.
        understudy: a model that may make layers in our place.
    """
    hearings = [hear(shot, screenplay) for shot in screenplay.shots]
    bounds = bed_bounds(screenplay, frames, lines)
    joins_s = [_SOFT_JOIN_S if shot.entrance in _SOFT else _JOIN_S for shot in screenplay.shots]
    bed = silence(frames)
    for run in _runs([h.layers for h in hearings], bounds, joins_s):
        _lay(bed, run, screenplay.seed, flashes, understudy)
    notes = [
        f"shot {shot.index + 1}: {note}"
        for shot, hearing in zip(screenplay.shots, hearings, strict=True)
        for note in hearing.notes
    ]
    return Bed(sound=bed, rooms=tuple(h.room for h in hearings), notes=tuple(notes))


def shot_bounds(screenplay: Screenplay, frames: int) -> list[tuple[int, int]]:
    """Return the first frame and the end of each shot; the last one ends with the film."""
    starts = [round(shot.start * Waveform.RATE_HZ) for shot in screenplay.shots]
    starts = [0, *(min(max(s, 0), frames) for s in starts[1:])]
    return list(zip(starts, [*starts[1:], frames], strict=True))


def bed_bounds(
    screenplay: Screenplay, frames: int, lines: Sequence[tuple[int, float, float]]
) -> list[tuple[int, int]]:
    """Return the bounds of each shot's bed: its own, moved to the end or start of a line that laps over."""
    bounds = shot_bounds(screenplay, frames)
    cuts = [start for start, _ in bounds[1:]]
    for number, cut in enumerate(cuts):
        cut_s = cut / Waveform.RATE_HZ
        late_s = [
            end_s - cut_s for shot, start_s, end_s in lines if shot == number and start_s < cut_s < end_s
        ]
        early_s = [
            start_s - cut_s
            for shot, start_s, end_s in lines
            if shot == number + 1 and start_s < cut_s < end_s
        ]
        lap_s = max(late_s, default=0.0) or min(early_s, default=0.0)
        if abs(lap_s) >= _SHORTEST_LAP_S:
            moved = cut + round(min(max(lap_s, -_LONGEST_LAP_S), _LONGEST_LAP_S) * Waveform.RATE_HZ)
            cuts[number] = min(max(moved, cuts[number - 1] if number else 0), bounds[number + 1][1])
    return list(zip([0, *cuts], [*cuts, frames], strict=True))


def seeded(seed: int, *names: object) -> Generator:
    """Return the random generator of one part of a film: its own, whatever else the film is made of."""
    digest = hashlib.sha256("/".join(map(str, (seed, *names))).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _runs(
    layers: Sequence[Sequence[Heard]], bounds: Sequence[tuple[int, int]], joins_s: Sequence[float]
) -> Iterator[_Run]:
    running: dict[tuple[str, bool], _Run] = {}
    for index, (heard, (start, end)) in enumerate(zip(layers, bounds, strict=True)):
        now = {(h.layer, h.muffled): h.level_db for h in heard}
        for key in [k for k in running if k not in now]:
            run = running.pop(key)
            run.leave_s = joins_s[index]
            yield run
        for key, level_db in now.items():
            run = running.setdefault(
                key, _Run(*key, shot_index=index, start=start, join_s=joins_s[index], steps=[])
            )
            run.steps.append((end, level_db))
    yield from running.values()


def _lay(
    bed: NDArray[np.float32], run: _Run, seed: int, flashes: Sequence[Flash], understudy: Understudy | None
) -> None:
    """Make the layer of a run and add it to the bed."""
    half = round(_JOIN_S * Waveform.RATE_HZ / 2)
    half_in, half_out = (round(s * Waveform.RATE_HZ / 2) for s in (run.join_s, run.leave_s))
    end = run.steps[-1][0]
    first, last = max(run.start - half_in, 0), min(end + half_out, bed.shape[1])
    if last <= first:
        return
    entry = dict(ambience_table()["layers"][run.layer])
    wall = ambience_table()["wall"]
    level_lufs = float(entry.pop("level_lufs")) + (float(wall["loss_db"]) if run.muffled else 0.0)
    builder = BUILDERS[entry.pop("builder")]
    parameters: dict[str, Any] = {
        k: float(v) for k, v in entry.items() if k not in {"continuous", "outdoors"}
    }
    if builder is thunder and flashes:
        parameters["strokes"] = thunder_times(flashes, first)
    sound = understudy.sound(run.layer.replace("_", " "), last - first, seed) if understudy else None
    if sound is None:
        sound = builder(seeded(seed, run.layer, run.shot_index), last - first, **parameters)
    if run.muffled:
        sound = sweep(sound, np.full(last - first, float(wall["cutoff_hz"]), np.float32))
    loudness = measure_lufs(sound)
    if loudness <= SILENT_LUFS:
        return
    gain = 10.0 ** ((level_lufs - loudness + _levels_db(run, first, last, half)) / 20.0)
    if run.start > 0:
        gain[: 2 * half_in] *= np.sin(np.linspace(0.0, np.pi / 2.0, gain[: 2 * half_in].size))
    if end < bed.shape[1]:
        gain[-2 * half_out :] *= np.cos(np.linspace(0.0, np.pi / 2.0, gain[-2 * half_out :].size))
    bed[:, first:last] += as_sound(sound * gain)


def thunder_times(flashes: Sequence[Flash], first: int) -> list[tuple[int, float]]:
    """Return when the thunder of each flash is heard, in frames from `first`, and how near it is, 0..1.

    A flash at full strength is 200 m away, a faint one 1.2 km: sound takes its time.
    """
    strokes: list[tuple[int, float]] = []
    for flash in flashes:
        away_m = 200.0 + 1_800.0 * (1.0 - flash.strength)
        heard_s = float(flash.time_s) + away_m / SOUND_M_S
        strokes.append((round(heard_s * Waveform.RATE_HZ) - first, flash.strength))
    return strokes


def _levels_db(run: _Run, first: int, last: int, half: int) -> NDArray[np.float64]:
    """Return the level of each frame: flat in a shot, a short ramp around each cut within the run."""
    frames: list[float] = []
    levels: list[float] = []
    start = first
    for end, level_db in run.steps:
        frames += [start + half, max(end - half, start + half)]
        levels += [level_db, level_db]
        start = end
    return np.interp(np.arange(first, last), frames, levels)
