"""Where a sound is heard from: how near the camera is, and how far left or right. Tables in data/rooms.toml.

Panning moves power between two channels and takes next to nothing from their sum, so that mono keeps it.
"""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

import numpy as np

from soundstage.sound import filters
from soundstage.sound.effects_words import effects_table
from soundstage.sound.primitives import as_sound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    from soundstage.film import Effect, Shot

_DISTANT = frozenset({"distant", "far", "faraway", "faint", "faintly", "afar", "远处", "遥远"})
_DISTANT_DB, _DISTANT_HZ = -8.0, 2_200.0
_VOICE_WIDTH = 0.45  #: of the frame's: dialogue stays near the middle
_EFFECT_WIDTH = 0.8
_PASSING = 0.75  #: how far off the middle somebody is heard who crosses the frame


@cache
def rooms_table() -> Mapping[str, Any]:
    """Return data/rooms.toml."""
    return tomllib.loads((resources.files("soundstage.sound") / "data" / "rooms.toml").read_text("utf-8"))


def panned(sound: NDArray[np.float32], across: NDArray[np.float64] | float) -> NDArray[np.float32]:
    """Return sound (2, N) moved across: -1 left, 0 as it is, 1 right; one value, or one a frame."""
    place = np.clip(across, -1.0, 1.0)
    gains = np.sqrt(np.stack(np.broadcast_arrays(1.0 - place, 1.0 + place)))
    return as_sound(sound * (gains if gains.ndim == 2 else gains[:, None]))


def voice_across(speaker: str, shot: Shot) -> float:
    """Return where a speaker is heard: by their place among those who are seen; alone, in the middle."""
    seen = [subject.member for subject in shot.subjects]
    return _VOICE_WIDTH * _spot(seen.index(speaker), len(seen)) if speaker in seen and len(seen) > 1 else 0.0


def set_back(sound: NDArray[np.float32], name: str, effect: Effect, shot: Shot) -> NDArray[np.float32]:
    """Return an effect (2, N) as the camera of its shot hears it: nearer or farther, and from its side."""
    row: Mapping[str, Any] = rooms_table()["distance"].get(shot.framing, {})
    level_db, cutoff_hz = float(row.get("level_db", 0.0)), float(row.get("cutoff_hz", 0.0))
    rows: Mapping[str, Any] = effects_table()["variants"].get(name, {})
    if is_distant(effect) and "distant" not in rows:
        level_db, cutoff_hz = level_db + _DISTANT_DB, min(cutoff_hz or _DISTANT_HZ, _DISTANT_HZ)
    if cutoff_hz:
        sound = filters.run(sound, filters.low_pass(cutoff_hz, 1))
    across = _effect_across(name, effect, shot, sound.shape[1])
    if np.any(across):
        sound = panned(sound, across)
    return as_sound(sound * 10.0 ** (level_db / 20.0))


def is_distant(effect: Effect) -> bool:
    """Tell whether an effect was asked for from afar."""
    return not _DISTANT.isdisjoint(re.findall(r"\w+", f"{effect.name} {effect.said}".lower()))


def _effect_across(name: str, effect: Effect, shot: Shot, frames: int) -> NDArray[np.float64] | float:
    """Return where who makes an effect is; one who crosses the frame beside the lead moves as they go."""
    makers = frozenset(effects_table()["makers"].get(name, ()))
    for index, subject in enumerate(shot.subjects):
        if makers.isdisjoint({subject.kind or "", *subject.noun.lower().split()}):
            continue
        if index and subject.heading in ("left", "right") and subject.action is not None:
            # The camera goes with the lead; whoever else moves goes through the frame.
            since = float(effect.start - shot.start) + np.arange(frames) / 48_000.0
            way = np.clip(2.0 * since / max(float(shot.seconds), 0.1) - 1.0, -1.0, 1.0) * _PASSING
            return way if subject.heading == "right" else -way
        return _EFFECT_WIDTH * _spot(index, len(shot.subjects)) if len(shot.subjects) > 1 else 0.0
    return 0.0


def _spot(index: int, count: int) -> float:
    """Return where one of several is across the frame: two on the thirds, more between them."""
    return -1.0 / 3.0 + (2.0 / 3.0) * index / max(count - 1, 1)
