"""What can be called, read from `operations.toml`, as OpenAPI's operations. Knows no request."""

from __future__ import annotations

import tomllib
from copy import deepcopy
from dataclasses import dataclass
from functools import cache
from http import HTTPStatus
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from soundstage.api.contract import endpoints
from soundstage.api.describe.schemas import REF

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

DOORS = {"queue": "/queue", "run": "/run", "site": ""}
EVENTS = "text/event-stream"
SEEN_ON_ALL = "x-fal-request-id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """A row: one method on one path, or on one path of each endpoint or app."""

    path: str  #: below its door; {target} stands for an endpoint or app
    method: str
    id: str
    tag: str
    summary: str
    answers: Mapping[str, str]  #: status -> shape or media type
    each: Literal["endpoint", "app"] | None = None
    door: Literal["queue", "run", "site"] = "site"
    hidden: bool = False  #: an alias, which an endpoint's own document leaves out
    body: str | None = None
    parameters: Sequence[str] = ()
    also: Sequence[str] = ()  #: sets of answers that many operations have


@cache
def _table() -> Mapping[str, Any]:
    text = resources.files("soundstage.api.describe").joinpath("operations.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


@cache
def operations() -> tuple[Operation, ...]:
    """Return every row, in the table's order."""
    return tuple(Operation(**row) for row in _table()["operation"])


def describe(operation: Operation, *, suffix: str, names: Mapping[str, str]) -> dict[str, Any]:
    """Return an operation as OpenAPI has it.

    Args:
        operation: the row.
        suffix: what tells its id from its sisters', "" where there are none.
        names: what "Input" and "Output" are called in this document.
    """
    told: dict[str, Any] = {
        "operationId": operation.id + suffix,
        "summary": operation.summary,
        "tags": [operation.tag],
        "parameters": [_parameter(name) for name in operation.parameters],
        "responses": _responses(operation, names),
    }
    if operation.body is not None:
        media = operation.body if "/" in operation.body else "application/json"
        schema = {} if "/" in operation.body else _reference(operation.body, names)
        told["requestBody"] = {"required": True, "content": {media: {"schema": schema}}}
    return told


def _parameter(name: str) -> dict[str, Any]:
    told: dict[str, Any] = {"name": name, **deepcopy(_table()["parameter"][name])}
    if name in ("endpoint_id", "model", "planned_endpoint"):
        told["schema"]["enum"] = [endpoint.id for endpoint in endpoints()]
    return told


def _responses(operation: Operation, names: Mapping[str, str]) -> dict[str, Any]:
    answers = dict(operation.answers)
    for name in operation.also:
        answers |= _table()["answers"][name]
    return {code: _response(int(code), shape, names) for code, shape in sorted(answers.items())}


def _response(code: int, shape: str, names: Mapping[str, str]) -> dict[str, Any]:
    described = "Client Closed Request" if code == 499 else HTTPStatus(code).phrase
    told: dict[str, Any] = {
        "description": described,
        "headers": {SEEN_ON_ALL: {"schema": {"type": "string"}, "description": "The request's id."}},
    }
    if "/" in shape:
        # An event of a stream is no string to a validator, and 3.1 has no word for what it is.
        told["content"] = {shape: {} if shape == EVENTS else {"schema": {"type": "string"}}}
    elif shape:
        told["content"] = {"application/json": {"schema": _reference(shape, names)}}
    return told


def _reference(shape: str, names: Mapping[str, str]) -> dict[str, str]:
    return {"$ref": REF + names.get(shape, shape)}
