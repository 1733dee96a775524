"""Sounds that happen at a time: steps, splashes, glass, doors, thunder. Knows no shot beyond their list.

Each maker returns (2, N) float32 of no set level; data/effects.toml sets the level and lists other names.
An effect that is unknown becomes its nearest, or is left out, and a note says so.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.sound.ambience import seeded
from soundstage.sound.layers import BUILDERS, effects, objects
from soundstage.sound.loudness import SILENT_LUFS, measure_burst_lufs
from soundstage.sound.primitives import as_sound, frames_of, silence

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.random import Generator
    from numpy.typing import NDArray

    from soundstage.film import Screenplay

_FADE_FRAMES = 2_400  #: 50 ms: what still rings at its end must not click
_SHORTEST_S = 0.3  #: a slot shorter than this is a moment, not a length


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """All effects of a film on its timeline."""

    sound: NDArray[np.float32]  #: (2, N)
    notes: tuple[str, ...]


def effect_names() -> tuple[str, ...]:
    """Return the names of the effects there are."""
    return tuple(_table()["effects"])


def make_effect(name: str, rng: Generator, seconds: float) -> NDArray[np.float32]:
    """Return one effect at its level, as long as it rings; one that repeats goes on for `seconds`."""
    entry = _table()["effects"][name]
    seconds = max(seconds, _SHORTEST_S)
    if "layer" in entry:
        parameters = {k: float(v) for k, v in entry.items() if k not in {"layer", "level_lufs"}}
        sound = BUILDERS[entry["layer"]](rng, frames_of(seconds), **parameters)
    else:
        maker = getattr(effects, entry["builder"], None) or getattr(objects, entry["builder"])
        sound = maker(rng, seconds) if entry.get("repeats") else maker(rng)
    loudness = measure_burst_lufs(sound)
    if loudness <= SILENT_LUFS:
        return sound
    sound = as_sound(sound * 10.0 ** ((float(entry["level_lufs"]) - loudness) / 20.0))
    if "layer" in entry:  # it is under way when it begins
        edge = min(_FADE_FRAMES, sound.shape[1])
        sound[:, :edge] *= as_sound(np.linspace(0.0, 1.0, edge))
    fade = min(_FADE_FRAMES, sound.shape[1])
    sound[:, sound.shape[1] - fade :] *= as_sound(np.linspace(1.0, 0.0, fade))
    return sound


def place_effects(screenplay: Screenplay, frames: int) -> Effects:
    """Return the effects of every shot at their times, over `frames`."""
    out = silence(frames)
    notes: list[str] = []
    for shot in screenplay.shots:
        for index, effect in enumerate(shot.effects):
            name = known_effect(effect.name)
            if name is None:
                notes.append(f"shot {shot.index + 1}: no effect is called {effect.name!r}; it is not heard")
                continue
            if name != _as_key(effect.name) and _as_key(effect.name) not in _table()["aliases"]:
                notes.append(
                    f"shot {shot.index + 1}: no effect is called {effect.name!r}; {name!r} stands for it"
                )
            start = frames_of(float(effect.start))
            if not 0 <= start < frames:
                notes.append(
                    f"shot {shot.index + 1}: {effect.name!r} at {effect.start:g} s is outside the film"
                )
                continue
            # Its own generator per place in the list: one effect more does not change its neighbours.
            rng = seeded(screenplay.seed, "effect", name, shot.index, index)
            sound = make_effect(name, rng, float(effect.seconds))
            length = min(sound.shape[1], frames - start)
            out[:, start : start + length] += sound[:, :length]
    return Effects(sound=out, notes=tuple(notes))


def known_effect(name: str) -> str | None:
    """Return the effect a name means, or None when nothing is near."""
    table = _table()
    names, aliases = table["effects"], table["aliases"]
    key = _as_key(name)
    for word in (key, *reversed(key.split("_"))):
        if word in names:
            return word
        if word in aliases:
            return aliases[word]
    near = difflib.get_close_matches(key, sorted({*names, *aliases}), n=1, cutoff=0.8)
    return aliases.get(near[0], near[0]) if near else None


def _as_key(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


@cache
def _table() -> Mapping[str, Any]:
    return tomllib.loads((resources.files("soundstage.sound") / "data" / "effects.toml").read_text("utf-8"))
