"""Nouns to plain JSON values and back. Knows no noun by name."""

from __future__ import annotations

from dataclasses import fields
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

Noun = TypeVar("Noun")


def to_json(noun: Any) -> dict[str, Any]:
    """Return a noun, a dataclass, as plain JSON values (tuples as lists, paths as text)."""
    # Not `asdict`, which copies every leaf deeply and takes eight times as long: each submit passes here.
    return {name: _plain(getattr(noun, name)) for name in _field_names(type(noun))}


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float | None):
        return value
    if isinstance(value, tuple | list):
        return [_plain(v) for v in value]  # pyright: ignore[reportUnknownVariableType] - JSON is open
    if isinstance(value, dict):
        return {k: _plain(v) for k, v in value.items()}  # pyright: ignore[reportUnknownVariableType] - same
    return str(value) if isinstance(value, Path) else to_json(value)


@cache
def _field_names(kind: type) -> tuple[str, ...]:
    return tuple(field.name for field in fields(kind))


def from_json(kind: type[Noun], data: Any) -> Noun:
    """Build a noun from plain JSON values.

    Raises:
        pydantic.ValidationError: a field is missing, unknown or of the wrong type.
    """
    from pydantic import TypeAdapter  # noqa: PLC0415 - the terminal's help must not wait for it

    return TypeAdapter(kind).validate_python(data)
