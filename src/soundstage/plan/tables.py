"""Stage 1 of 5, part: one table of `data/` as it stands. Knows no wording and no prompt.

Tables are TOML. `tomllib` takes a tenth of a second for all of them, which every `soundstage plan` would wait
for; but nearly every line is `name = ["a", "b"]`, and that is JSON behind the equals sign. What is written
otherwise goes to `tomllib`: the line alone, else the whole file. A test holds both readings equal.
"""

from __future__ import annotations

import functools
import json
import tomllib
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from soundstage.plan.patterns import lazy_pattern

if TYPE_CHECKING:
    from collections.abc import Mapping

#: Where the tables stand. `importlib.resources` would take 10 ms to load.
DATA = Path(__file__).with_name("data")
_LINE = lazy_pattern(
    r"""[ \t]*(?:\#.*|\[([A-Za-z0-9_-]+)\][ \t]*(?:\#.*)?|([A-Za-z0-9_-]+)[ \t]*=[ \t]*(\S.*))?"""
)


@functools.cache
def rules(name: str) -> Mapping[str, Any]:
    """Return one table of `data/` as it stands, read-only."""
    return read_table((DATA / f"{name}.toml").read_text("utf-8"))


def read_table(text: str) -> Mapping[str, Any]:
    """Return what a TOML text says, read-only.

    Raises:
        tomllib.TOMLDecodeError: it is no TOML.
    """
    table: dict[str, Any] = {}
    section = table
    try:
        for line in text.splitlines():
            match = _LINE.fullmatch(line)
            if match is None or match[1] in table or (match[2] or "") in section:
                return _frozen(tomllib.loads(text))
            if match[1] is not None:
                section = table[match[1]] = {}
            elif match[2] is not None:
                section[match[2]] = _value(line, match[2], match[3])
    except tomllib.TOMLDecodeError:
        return _frozen(tomllib.loads(text))
    return _frozen(table)


def _value(line: str, key: str, written: str) -> Any:
    if written.startswith(("[", '"')):
        try:
            return json.loads(written)
        except ValueError:
            pass
    return tomllib.loads(line)[key]


def _frozen(value: Any) -> Any:
    if isinstance(value, dict):
        return MappingProxyType({key: _frozen(item) for key, item in value.items()})  # pyright: ignore[reportUnknownVariableType] - TOML is open
    if isinstance(value, list):
        if set(map(type, value)) <= {str}:  # pyright: ignore[reportUnknownArgumentType] - TOML is open
            return tuple(value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType] - as above
        return tuple(_frozen(item) for item in value)  # pyright: ignore[reportUnknownVariableType] - TOML is open
    return value
