"""Nouns to plain JSON values and back. Knows no noun by name."""

from __future__ import annotations

from typing import Any, TypeVar

Noun = TypeVar("Noun")


def to_json(noun: Any) -> dict[str, Any]:
    """Return a noun, a dataclass, as plain JSON values (tuples as lists, paths as text)."""
    from pydantic_core import to_jsonable_python  # noqa: PLC0415 - the terminal's help must not wait for it

    return to_jsonable_python(noun)


def from_json(kind: type[Noun], data: Any) -> Noun:
    """Build a noun from plain JSON values.

    Raises:
        pydantic.ValidationError: a field is missing, unknown or of the wrong type.
    """
    from pydantic import TypeAdapter  # noqa: PLC0415 - the terminal's help must not wait for it

    return TypeAdapter(kind).validate_python(data)
