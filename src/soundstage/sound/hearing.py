"""What is heard in a shot: its ambience, place and weather as a list of layers. Makes no sound.

The tables stand in data/ambience.toml. A name that is unknown becomes its nearest, or the air of the place,
and a note says so.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from soundstage.film import Screenplay, Shot

_NIGHT = frozenset({"night", "twilight"})
_SILENCE = "silence"
#: In a list of what must not be there, these forbid every sound that nobody makes on purpose.
_NO_AMBIENCE = frozenset(
    {"sound", "sounds", "audio", "noise", "ambience", "ambient sound", "background noise"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One layer as a shot hears it."""

    layer: str  #: its name in the table
    muffled: bool  #: through a wall
    level_db: float  #: against the layer's own level


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """All that a shot hears, and what had to be decided."""

    layers: tuple[Heard, ...]
    room: str  #: in rooms.toml: how the place answers a voice
    notes: tuple[str, ...]


@cache
def ambience_table() -> Mapping[str, Any]:
    """Return data/ambience.toml."""
    return tomllib.loads((resources.files("soundstage.sound") / "data" / "ambience.toml").read_text("utf-8"))


def hear(shot: Shot, screenplay: Screenplay) -> Hearing:
    """Return the layers a shot hears: what it names, or what its place sounds like, and its weather."""
    table = ambience_table()
    place: Mapping[str, Any] = table["places"].get(shot.place, table["places"]["open"])
    indoors = bool(place.get("indoors", False))
    if _wants_silence(shot, screenplay):
        return Hearing(layers=(), room=place["room"], notes=("silence, as asked",))

    notes: list[str] = []
    wanted: dict[str, float] = {}
    names = shot.ambience or tuple(place["night" if shot.time_of_day in _NIGHT else "day"])
    for name in names:
        known = _known_name(name)
        if known is None:
            notes.append(f"no ambience is called {name!r}: the air of the place stands in for it")
            continue
        if known != _as_key(name) and known != table["aliases"].get(_as_key(name)):
            notes.append(f"no ambience is called {name!r}: {known!r} stands in for it")
        _want(wanted, place.get("hears", {}).get(known, known))
    sealed = bool(place.get("sealed", False))
    for name in () if sealed else table["weather"].get(shot.weather, ()):
        _want(wanted, name)
    if indoors and not sealed:
        for name in [table["panes"][n] for n in wanted if n in table["panes"]]:
            _want(wanted, name)

    banned = _banned_layers(screenplay)
    layers = table["layers"]
    wanted = {n: db for n, db in wanted.items() if n not in banned}
    _keep_strongest(wanted)
    if not any(layers[n].get("continuous", True) for n in wanted):
        air = next(n for n in (*_airs(indoors=indoors), "room_tone") if n not in banned)
        _want(wanted, air)  # or there would be holes of silence between its calls
    near_db = float(table["framing_db"][shot.framing])
    heard = tuple(
        Heard(
            layer=name,
            muffled=indoors and bool(layers[name].get("outdoors", False)),
            level_db=level_db + near_db,
        )
        for name, level_db in sorted(wanted.items())
    )
    return Hearing(layers=heard, room=place["room"], notes=tuple(notes))


def _airs(*, indoors: bool) -> tuple[str, ...]:
    return ("room_tone",) if indoors else ("soft_wind",)


def _want(wanted: dict[str, float], name: str) -> None:
    """Add a layer, or the layers of a blend; of two levels for one layer the louder stays."""
    for layer, level_db in ambience_table()["blends"].get(name, {name: 0.0}).items():
        wanted[layer] = max(wanted.get(layer, -99.0), float(level_db))


def _keep_strongest(wanted: dict[str, float]) -> None:
    for kin in ambience_table()["kin"].values():
        for weaker in [n for n in kin if n in wanted][:-1]:
            del wanted[weaker]


def _known_name(name: str) -> str | None:
    """Return the layer or blend a name means, or None when nothing is near."""
    table = ambience_table()
    names = {*table["layers"], *table["blends"]}
    key = _as_key(name)
    if key in names:
        return key
    if key in table["aliases"]:
        return table["aliases"][key]
    words = [w for w in key.split("_") if w]
    for word in reversed(words):  # the last word of a name is its noun: "gentle forest stream"
        if word in names:
            return word
        if word in table["aliases"]:
            return table["aliases"][word]
    near = difflib.get_close_matches(key, sorted({*names, *table["aliases"]}), n=1, cutoff=0.8)
    return table["aliases"].get(near[0], near[0]) if near else None


def _as_key(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())


def _wants_silence(shot: Shot, screenplay: Screenplay) -> bool:
    asked = {_as_key(name) for name in shot.ambience}
    asked |= {ambience_table()["aliases"].get(key, key) for key in asked}
    return _SILENCE in asked or any(word in _NO_AMBIENCE for word in _excluded_words(screenplay))


def _banned_layers(screenplay: Screenplay) -> frozenset[str]:
    """Return the layers that must not be heard: those named outright, at any strength."""
    table = ambience_table()
    named = {_as_key(word) for word in _excluded_words(screenplay)}
    named |= {table["aliases"][word] for word in named if word in table["aliases"]}
    kin = {layer for row in table["kin"].values() if named & set(row) for layer in row}
    return frozenset((named | kin) & set(table["layers"]))


def _excluded_words(screenplay: Screenplay) -> Iterable[str]:
    """Yield what must not be there, without the "no" that a bare list may carry."""
    for thing in screenplay.excluded:
        yield re.sub(r"^(no|without|any)\s+", "", thing.strip().lower())
