"""Stage 1 of 5, part: a prompt written as JSON, read as the labelled prose it stands for. Knows no scene.

`{"camera": {"movement": "orbit"}, "shots": [{"duration": 3, "action": "…"}]}` becomes lines "Movement: orbit"
and "Shot 1 (3s):". Every value keeps its offsets; what is put in between has none.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

from soundstage.plan.patterns import lazy_pattern
from soundstage.plan.sources import Source, join
from soundstage.plan.speakers import section_of
from soundstage.plan.tables import rules

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from soundstage.plan.sources import Extent

_TOKEN = lazy_pattern(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_ESCAPE = lazy_pattern(r'\\(?:u[0-9a-fA-F]{4}|["\\/bfnrt])')
_FENCE = lazy_pattern(r"^\s*```(?:json)?\s*(.*?)\s*```\s*$", re.DOTALL)
_DEEPEST = 8
#: Values that wish a thing away: {"music": "none"}.
_NONE = frozenset({"none", "no", "false", "off", "n/a"})

#: A value with the keys that lead to it, list places as numbers.
_Leaf = tuple[tuple[str | int, ...], "Extent"]


def read_structured(source: Source) -> Source:
    """Return a JSON prompt as labelled prose; any other as it is."""
    fence = _FENCE.match(source.text)
    inner = source.cut(*fence.span(1)) if fence else source
    if inner.text[:1] not in ("{", "["):
        return source
    try:
        if not isinstance(json.loads(inner.text, strict=False), dict | list):
            return source
    except (ValueError, RecursionError):
        return source
    leaves = list(_leaves(inner.text))
    if not leaves or any(len(path) > _DEEPEST for path, _ in leaves):
        return source
    return join(_lines(inner, leaves))


def _leaves(text: str) -> Iterator[_Leaf]:
    """Yield the values of a JSON text, with their paths, in order."""
    path: list[str | int] = []
    kinds: list[str] = []
    key_next = False
    tokens = list(_TOKEN.finditer(text))
    for at, token in enumerate(tokens):
        mark = token[0]
        if mark in ("{", "["):
            kinds.append(mark)
            path.append("" if mark == "{" else 0)
            key_next = mark == "{"
        elif mark in ("}", "]"):
            kinds.pop()
            path.pop()
        elif mark == ",":
            key_next = kinds[-1] == "{"
            if not key_next:
                path[-1] = int(path[-1]) + 1
        elif mark == ":":
            key_next = False
        elif key_next and at + 1 < len(tokens) and tokens[at + 1][0] == ":":
            path[-1] = json.loads(mark, strict=False).replace("_", " ").strip().lower()
        else:
            quoted = mark.startswith('"')
            yield tuple(path), (token.start() + quoted, token.end() - quoted)


def _lines(source: Source, leaves: Sequence[_Leaf]) -> Iterator[Source]:
    table = rules("shots")["structured"]
    shown: tuple[str | int, ...] = ()
    skipped: set[tuple[str | int, ...]] = set()
    for at, (path, extent) in enumerate(leaves):
        if path in skipped:
            continue
        value = _value(source, extent)
        shot = _shot_of(path)
        if shot and shot != shown:
            shown = shot
            yield _made(f"Shot {int(shot[-1]) + 1}{_timing(source, leaves, shot)}:")
        key = str(path[-1]) if isinstance(path[-1], str) else str(path[-2]) if len(path) > 1 else ""
        if shot and path[:-1] == shot and key in _own_keys():
            continue
        speaker = _partner(leaves, at, table["speakers"]) if key in table["lines"] else None
        if speaker is not None:
            skipped.add(speaker[0])
            yield join([_value(source, speaker[1]), _made(': "'), value, _made('"')], "")
            continue
        if key in table["speakers"] and _partner(leaves, at, table["lines"]) is not None:
            continue
        if value.text.lower() in ("null", ""):
            continue
        if value.text.lower() in _NONE:
            yield _made(f"No {key}.")
            continue
        label = _label(path)
        yield join([_made(f"{label}:"), value], " ") if label else value


def _shot_of(path: Sequence[str | int]) -> tuple[str | int, ...]:
    """Return the path of the shot a value belongs to: an element of "shots", or of a list of objects."""
    shots = rules("shots")["structured"]["shots"]
    for at, key in enumerate(path[:-1]):
        if isinstance(key, int) and at + 1 < len(path) and (at == 0 or path[at - 1] in shots):
            return tuple(path[: at + 1])
    return ()


def _label(path: Sequence[str | int]) -> str:
    """Return the nearest key that opens a section: "movement" of {"camera": {"movement": …}}."""
    keys = [key for key in path if isinstance(key, str)]
    for key in reversed(keys):
        if section_of(key):
            return key.capitalize()
        if key in rules("shots")["structured"]["said_alone"]:
            return ""
    return ""


def _own_keys() -> tuple[str, ...]:
    """Return the keys of a shot that its label tells."""
    table = rules("shots")["structured"]
    return (*table["durations"], *table["numbers"], *table["starts"], *table["ends"])


def _timing(source: Source, leaves: Sequence[_Leaf], shot: Sequence[str | int]) -> str:
    """Return a shot's times as a label has them: " (3s)", " (0s-4s)"."""
    table = rules("shots")["structured"]
    said: dict[str, str] = {}
    for path, (start, end) in leaves:
        if len(path) == len(shot) + 1 and path[:-1] == tuple(shot):
            value = source.text[start:end].strip()
            said[str(path[-1])] = f"{value}s" if re.fullmatch(r"[\d.]+", value) else value
    start_s, end_s, length = (
        next((said[key] for key in table[name] if said.get(key)), "")
        for name in ("starts", "ends", "durations")
    )
    told = f"{start_s}-{end_s}" if start_s and end_s else length or (f"at {start_s}" if start_s else "")
    return f" ({told})" if told else ""


def _partner(leaves: Sequence[_Leaf], at: int, keys: Sequence[str]) -> _Leaf | None:
    """Return the leaf of the same object under one of some keys: who says a line."""
    parent = leaves[at][0][:-1]
    others = (leaf for leaf in leaves if len(leaf[0]) == len(parent) + 1 and leaf[0][:-1] == parent)
    return next((leaf for leaf in others if leaf[0][-1] in keys), None)


def _value(source: Source, extent: Extent) -> Source:
    """Return a value's words, escapes undone."""
    value = source.cut(*extent)
    if "\\" not in value.text:
        return value
    text: list[str] = []
    offsets: list[int] = []
    at = 0
    for escape in _ESCAPE.finditer(value.text):
        text += value.text[at : escape.start()]
        offsets += value.offsets[at : escape.start()]
        text.append(json.loads(f'"{escape[0]}"'))
        offsets.append(value.offsets[escape.start()])
        at = escape.end()
    text += value.text[at:]
    offsets += value.offsets[at:]
    return Source("".join(text), tuple(offsets), value.prompt)


def _made(text: str) -> Source:
    return Source(text, (-1,) * len(text))
