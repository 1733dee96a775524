"""The bed of a film: every layer laid over the shots that hear it, joined at the cuts.

A layer that goes on over a cut goes on unbroken (surf does not start again because the camera moved); only
its level moves. One that ends or begins at a cut is faded with equal power.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from soundstage.film import Waveform
from soundstage.sound.hearing import ambience_table, hear
from soundstage.sound.layers import BUILDERS
from soundstage.sound.loudness import SILENT_LUFS, measure_lufs
from soundstage.sound.primitives import as_sound, silence, sweep

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from soundstage.film import Screenplay
    from soundstage.sound.hearing import Heard

_JOIN_S = 0.08  #: a fade at a cut: short enough to belong to it, long enough not to click


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
    steps: list[tuple[int, float]]


def lay_bed(screenplay: Screenplay, frames: int) -> Bed:
    """Return the bed of a film, `frames` long."""
    hearings = [hear(shot, screenplay) for shot in screenplay.shots]
    bounds = shot_bounds(screenplay, frames)
    bed = silence(frames)
    for run in _runs([h.layers for h in hearings], bounds):
        _lay(bed, run, screenplay.seed)
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


def seeded(seed: int, *names: object) -> Generator:
    """Return the random generator of one part of a film: its own, whatever else the film is made of."""
    digest = hashlib.sha256("/".join(map(str, (seed, *names))).encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:16], "big"))


def _runs(layers: Sequence[Sequence[Heard]], bounds: Sequence[tuple[int, int]]) -> Iterator[_Run]:
    running: dict[tuple[str, bool], _Run] = {}
    for index, (heard, (start, end)) in enumerate(zip(layers, bounds, strict=True)):
        now = {(h.layer, h.muffled): h.level_db for h in heard}
        for key in [k for k in running if k not in now]:
            yield running.pop(key)
        for key, level_db in now.items():
            run = running.setdefault(key, _Run(*key, shot_index=index, start=start, steps=[]))
            run.steps.append((end, level_db))
    yield from running.values()


def _lay(bed: NDArray[np.float32], run: _Run, seed: int) -> None:
    """Make the layer of a run and add it to the bed."""
    half = round(_JOIN_S * Waveform.RATE_HZ / 2)
    end = run.steps[-1][0]
    first, last = max(run.start - half, 0), min(end + half, bed.shape[1])
    if last <= first:
        return
    entry = dict(ambience_table()["layers"][run.layer])
    wall = ambience_table()["wall"]
    level_lufs = float(entry.pop("level_lufs")) + (float(wall["loss_db"]) if run.muffled else 0.0)
    builder = BUILDERS[entry.pop("builder")]
    parameters = {k: float(v) for k, v in entry.items() if k not in {"continuous", "outdoors"}}
    sound = builder(seeded(seed, run.layer, run.shot_index), last - first, **parameters)
    if run.muffled:
        sound = sweep(sound, np.full(last - first, float(wall["cutoff_hz"]), np.float32))
    loudness = measure_lufs(sound)
    if loudness <= SILENT_LUFS:
        return
    gain = 10.0 ** ((level_lufs - loudness + _levels_db(run, first, last, half)) / 20.0)
    if run.start > 0:
        gain[: 2 * half] *= np.sin(np.linspace(0.0, np.pi / 2.0, gain[: 2 * half].size))
    if end < bed.shape[1]:
        gain[-2 * half :] *= np.cos(np.linspace(0.0, np.pi / 2.0, gain[-2 * half :].size))
    bed[:, first:last] += as_sound(sound * gain)


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
