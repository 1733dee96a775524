"""Sounds that happen at a time: steps, splashes, glass, doors, thunder. Knows no shot beyond their list.

Each maker returns (2, N) float32 of no set level; data/effects.toml sets the level and lists other names.
An effect that is unknown becomes its nearest, or is left out, and a note says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.film import Effect, Seconds
from soundstage.sound.ambience import seeded
from soundstage.sound.effects_words import effect_names, entry_of, family_of, is_called, known_effect, told
from soundstage.sound.feet import find_landings
from soundstage.sound.layers import BUILDERS, breaths, cries, effects, objects, strikes
from soundstage.sound.loudness import SILENT_LUFS, measure_burst_lufs
from soundstage.sound.perspective import is_distant, set_back
from soundstage.sound.primitives import as_sound, frames_of, silence
from soundstage.sound.room import answer_all, wet_db

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from numpy.random import Generator
    from numpy.typing import NDArray

    from soundstage.film import Footfall, Screenplay, Shot
    from soundstage.sound.feet import Landings
    from soundstage.sound.ports import Understudy

__all__ = ["Effects", "effect_names", "known_effect", "make_effect", "place_effects"]

_FADE_FRAMES = 2_400  #: 50 ms: what still rings at its end must not click
_SHORTEST_S = 0.3  #: a slot shorter than this is a moment, not a length
_WHIP_SPEED = 0.9  #: of a camera: 0.5 takes the whole shot
_FAR_WET_DB = 6.0  #: what is far is heard more by its answer
#: What an entry says about itself, and not to its maker.
_OWN = frozenset({"builder", "layer", "parts", "level_lufs", "repeats", "lasts", "gain_db", "at_s"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """All effects of a film on its timeline."""

    sound: NDArray[np.float32]  #: (2, N)
    notes: tuple[str, ...]


def make_effect(
    name: str,
    rng: Generator,
    seconds: float,
    *,
    said: str = "",
    shot: Shot | None = None,
    landings: Landings | None = None,
    made: NDArray[np.float32] | None = None,
) -> NDArray[np.float32]:
    """Return one effect at its level, as long as it rings; one that repeats goes on for `seconds`.

    Args:
        name: an entry of effects.toml.
        rng: all chance.
        seconds: its slot.
        said: the words it was asked for with, which may change it: "footsteps on wet gravel".
        shot: where it is heard.
        landings: of the feet that are seen, where it is feet that are heard.
        made: the sound, where somebody else made it; only its level is set.
    """
    entry = entry_of(name, f"{said} {landings.words}" if landings else said, shot)
    if landings is not None:
        entry |= {"falls_s": landings.times_s, "falls_pan": landings.pans}
    sound = _build(entry, rng, max(seconds, _SHORTEST_S)) if made is None else made
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


def place_effects(
    screenplay: Screenplay,
    frames: int,
    footfalls: Sequence[Footfall] = (),
    rooms: Sequence[str] = (),
    understudy: Understudy | None = None,
) -> Effects:
    """Return the effects of every shot at their times, over `frames`, as its camera hears them.

    Args:
        screenplay: the film on paper.
        frames: how long the film is.
        footfalls: when feet are seen to land: steps are heard then.
        rooms: one entry of rooms.toml a shot, which answers its effects; dry without them.
        understudy: a model that may make effects in our place; steps that are seen stay ours, to be on time.
    """
    out = silence(frames)
    sends: dict[tuple[str, float], NDArray[np.float32]] = {}
    notes: list[str] = []
    for shot in screenplay.shots:
        for index, effect in enumerate((*shot.effects, *_of_the_camera(shot))):
            name, note = _named(effect)
            if note:
                notes.append(f"shot {shot.index + 1}: {note}")
            start = frames_of(float(effect.start))
            if name is None:
                continue
            if not 0 <= start < frames:
                notes.append(
                    f"shot {shot.index + 1}: {effect.name!r} at {effect.start:g} s is outside the film"
                )
                continue
            # Its own generator per place in the list: one effect more does not change its neighbours.
            rng = seeded(screenplay.seed, "effect", name, shot.index, index)
            landings = find_landings(name, effect, shot, footfalls)
            made = None
            if understudy is not None and landings is None:
                made = understudy.sound(
                    told(effect), frames_of(float(effect.seconds)), screenplay.seed + index
                )
            sound = make_effect(
                name,
                rng,
                float(effect.seconds),
                said=told(effect),
                shot=shot,
                landings=landings,
                made=made,
            )
            sound = set_back(sound, name, effect, shot)
            length = min(sound.shape[1], frames - start)
            out[:, start : start + length] += sound[:, :length]
            if rooms:
                key = (rooms[shot.index], wet_db(rooms[shot.index], shot) + _FAR_WET_DB * is_distant(effect))
                send = sends.setdefault(key, np.zeros(frames, np.float32))
                send[start : start + length] += sound[:, :length].mean(axis=0)
    out += answer_all(sends, screenplay.seed, frames)
    return Effects(sound=out, notes=tuple(notes))


def _of_the_camera(shot: Shot) -> Iterator[Effect]:
    """Yield the rush of air that a whip pan is known by, where the prompt names no such sound itself."""
    if any(known_effect(effect.name) == "whoosh" for effect in shot.effects):
        return
    moves = [(shot.camera.move, shot.camera.speed, shot.start)]
    moves += [(change.move, change.speed, change.start) for change in shot.camera.then]
    for move, speed, start in moves:
        if move in ("pan", "tilt") and speed >= _WHIP_SPEED:
            yield Effect(name="whoosh", start=start, end=Seconds(start + 0.9), implied=True)


def _named(effect: Effect) -> tuple[str | None, str | None]:
    """Return the effect that is meant, and what there is to say about it."""
    name = known_effect(effect.name)
    if name is None:
        name = family_of(effect.said)
    if name is None:
        return None, f"no effect is called {effect.name!r}; it is not heard"
    if is_called(effect.name, name):
        return name, None
    return name, f"no effect is called {effect.name!r}; {name!r} stands for it"


def _build(entry: Mapping[str, Any], rng: Generator, seconds: float) -> NDArray[np.float32]:
    """Return what an entry describes, at no set level."""
    if "parts" in entry:
        return _together(entry["parts"], rng, seconds)
    parameters = {k: v for k, v in entry.items() if k not in _OWN}
    if "layer" in entry:
        return BUILDERS[entry["layer"]](
            rng, frames_of(seconds), **{k: float(v) for k, v in parameters.items()}
        )
    maker = _makers()[entry["builder"]]
    if entry.get("repeats"):
        return maker(rng, seconds, **parameters)
    if parameters:
        return maker(rng, float(entry.get("lasts", _SHORTEST_S)), **parameters)
    return maker(rng)


def _together(parts: list[Mapping[str, Any]], rng: Generator, seconds: float) -> NDArray[np.float32]:
    made = [_build(part, rng, seconds) for part in parts]
    starts = [frames_of(float(part.get("at_s", 0.0))) for part in parts]
    out = silence(max(start + sound.shape[1] for start, sound in zip(starts, made, strict=True)))
    for part, start, sound in zip(parts, starts, made, strict=True):
        level_db = float(part["gain_db"]) - 20.0 - measure_burst_lufs(sound)
        out[:, start : start + sound.shape[1]] += sound * np.float32(10.0 ** (level_db / 20.0))
    return out


@cache
def _makers() -> Mapping[str, Callable[..., NDArray[np.float32]]]:
    found: dict[str, Callable[..., NDArray[np.float32]]] = {
        name: getattr(module, name)
        for module in (effects, objects)
        for name in vars(module)
        if getattr(getattr(module, name), "__module__", "") == module.__name__
    }
    found |= {"cry": cries.cry, "breath": breaths.breath, "strike": strikes.strike, "step": strikes.step}
    return MappingProxyType(found)
