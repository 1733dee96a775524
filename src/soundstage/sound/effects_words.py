"""What the words of an effect mean: its entry in data/effects.toml, and how what was said changes it.

Makes no sound. A name that is unknown means its nearest by spelling, or the family of one of its words.
"""

from __future__ import annotations

import difflib
import re
import tomllib
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from soundstage.film import Effect, Shot

_STANDS_ON = frozenset({"footsteps", "hoofbeats"})
_WET = frozenset({"rain", "storm", "drizzle"})
_WHITE = frozenset({"snow", "blizzard"})


@cache
def effects_table() -> Mapping[str, Any]:
    """Return data/effects.toml."""
    return tomllib.loads((resources.files("soundstage.sound") / "data" / "effects.toml").read_text("utf-8"))


def effect_names() -> tuple[str, ...]:
    """Return the names of the effects there are."""
    return tuple(effects_table()["effects"])


def known_effect(name: str) -> str | None:
    """Return the effect a name means, or None when nothing is near."""
    table = effects_table()
    names, aliases = table["effects"], table["aliases"]
    key = _as_key(name)
    for word in (key, *reversed(key.split("_"))):
        for form in (word, word.removesuffix("s"), word.removesuffix("es")):
            if form in names:
                return form
            if form in aliases:
                return aliases[form]
    near = difflib.get_close_matches(key, sorted({*names, *aliases}), n=1, cutoff=0.8)
    return aliases.get(near[0], near[0]) if near else family_of(name)


def family_of(words: str) -> str | None:
    """Return the effect that stands for a kind of thing: "metal" clatters."""
    for word in reversed(_words(words)):  # the last word of a name is its noun
        for form in (word, word.removesuffix("s"), word.removesuffix("ing")):
            if form in _families():
                return _families()[form]
    return None


def is_called(name: str, effect: str) -> bool:
    """Tell whether a name is an effect's own, or one of its other names: then there is nothing to note."""
    key = _as_key(name)
    return key == effect or effects_table()["aliases"].get(key) == effect


def entry_of(name: str, said: str = "", shot: Shot | None = None) -> dict[str, Any]:
    """Return how an effect is made: its entry, changed by the words it was said with and by where it is."""
    entry: dict[str, Any] = dict(effects_table()["effects"][name])
    rows: Mapping[str, Mapping[str, Any]] = effects_table()["variants"].get(name, {})
    words = [word for word in _meanings(said) if word in rows]
    if shot is not None and name in _STANDS_ON:
        words = [*_underfoot(words, shot, rows), *words]
    said_rows = [rows[word] for word in sorted(dict.fromkeys(words), key=list(rows).index)]
    other = next(
        (row for row in said_rows if row.get("builder", entry.get("builder")) != entry.get("builder")), None
    )
    if other is not None:  # another maker, which knows none of the first one's parameters
        return {k: entry[k] for k in ("level_lufs", "lasts") if k in entry} | dict(other)
    for row in said_rows:
        entry |= row
    return entry


def told(effect: Effect) -> str:
    """Return all words an effect is known by."""
    return f"{effect.name} {effect.said}"


def _underfoot(words: list[str], shot: Shot, rows: Mapping[str, Any]) -> Iterator[str]:
    """Yield what lies under a foot where the words do not say it: by place, then what the sky left there."""
    table = effects_table()
    grounds = {*table["grounds"].values(), "water"}
    indoors = shot.place in table["indoors"]
    if grounds.isdisjoint(words):
        ground = "snow" if shot.weather in _WHITE and not indoors else table["grounds"].get(shot.place, "")
        if ground in rows:
            yield ground
    if shot.weather in _WET and not indoors and "wet" in rows:
        yield "wet"


def _meanings(said: str) -> Iterator[str]:
    forms: Mapping[str, str] = effects_table()["forms"]
    words = _words(said)
    for index, word in enumerate(words):
        yield "_".join(words[index : index + 2])
        for form in (word, word.removesuffix("s"), word.removesuffix("es"), word.removesuffix("ing")):
            yield forms.get(form, form)


def _words(said: str) -> list[str]:
    return re.findall(r"\w+", said.lower().replace("_", " "))


@cache
def _families() -> Mapping[str, str]:
    """Return the effect of each word; of two rows the first counts."""
    found: dict[str, str] = {}
    for effect, words in effects_table()["families"].items():
        for word in words:
            found.setdefault(word, effect)
    return MappingProxyType(found)


def _as_key(name: str) -> str:
    return re.sub(r"[\s_-]+", "_", name.strip().lower())
