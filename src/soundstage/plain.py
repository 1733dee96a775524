"""Nouns to plain JSON values and back. Knows no noun by name."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeVar

Noun = TypeVar("Noun")


def to_json(noun: Any) -> dict[str, Any]:
    """Return a noun as plain JSON values (tuples as lists, paths as text)."""

    def plain(items: list[tuple[str, Any]]) -> dict[str, Any]:
        return {k: _plain(v) for k, v in items}

    return asdict(noun, dict_factory=plain)


def _plain(value: Any) -> Any:
    if isinstance(value, Path):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]  # pyright: ignore[reportUnknownVariableType] - JSON is open
    return value


def from_json(kind: type[Noun], data: Any) -> Noun:
    """Build a noun from plain JSON values.

    Raises:
        pydantic.ValidationError: a field is missing, unknown or of the wrong type.
    """
    from pydantic import TypeAdapter  # noqa: PLC0415 - the terminal's help must not wait for it

    return TypeAdapter(kind).validate_python(data)
