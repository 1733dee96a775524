"""Tables of animals in `data/`, entries told as differences filled in. Knows no animal."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping


@cache
def read_animals(family: str) -> Mapping[str, Any]:
    """Return `data/<family>.toml`; an animal `like` another takes over what it does not say itself."""
    text = files("soundstage.render.previz").joinpath(f"data/{family}.toml").read_text(encoding="utf-8")
    table = tomllib.loads(text)
    animals: dict[str, dict[str, Any]] = table["animals"]
    for name, entry in animals.items():
        if "like" in entry:
            base = {k: v for k, v in animals[entry["like"]].items() if k not in ("nouns", "like")}
            for key, value in entry.items():
                base[key] = {**base.get(key, {}), **value} if isinstance(value, dict) else value
            animals[name] = base
    return table
