"""Errors -> wire bodies, by the table `problems.toml`. The only place where a kind meets a status."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any, Literal

from soundstage.api.replies import JsonReply
from soundstage.caller_errors import CallsTooMany
from soundstage.errors import OrderRefused, Problem, SoundstageError
from soundstage.file_errors import FileTooLarge

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

DOCS = "https://docs.fal.ai/errors/#"
CANCELLED_WORDS = "Request was cancelled"
STILL_RUNNING_WORDS = "Request is still in progress"
GONE_WORDS = "Client disconnected"
BILLABLE_UNITS = "x-fal-billable-units"  #: what a request cost: nothing, here


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What the wire says of one kind."""

    status: int
    shape: Literal["model", "request", "plain"]
    type: str
    word: str | None = None
    retry_after_s: int | None = None
    timeout_type: str | None = None  #: whose time limit it was


@cache
def problem_table() -> Mapping[str, Row]:
    """Return the table, kind -> row."""
    text = resources.files("soundstage.api").joinpath("problems.toml").read_text(encoding="utf-8")
    return {kind: Row(**row) for kind, row in tomllib.loads(text).items()}


@cache
def kinds() -> Mapping[str, type[SoundstageError]]:
    """Return every kind of error there is, with its class."""
    found: dict[str, type[SoundstageError]] = {}
    waiting = [SoundstageError]
    while waiting:
        cls = waiting.pop()
        found.setdefault(cls.kind, cls)
        waiting += cls.__subclasses__()
    return found


def find_row(kind: str | None) -> Row:
    """Return the row of a kind; a plug-in's own kinds count as an internal error."""
    table = problem_table()
    return table.get(kind or "", table[SoundstageError.kind])


def reply_to(error: SoundstageError, *, order_id: str | None = None) -> JsonReply:
    """Return the answer to a request that raised this."""
    if isinstance(error, OrderRefused):
        return refuse(error.problems)
    if isinstance(error, FileTooLarge):
        limit = {"max_size": error.max_bytes}
        return refuse((Problem(loc=("body",), msg=str(error), type=error.kind, ctx=limit),))
    reply = reply_with(error.kind, str(error), order_id=order_id)
    if isinstance(error, CallsTooMany):
        reply.headers["retry-after"] = str(error.retry_after_s)
    return reply


def reply_with(kind: str | None, message: str, *, order_id: str | None = None) -> JsonReply:
    """Return the answer for a kind and its sentence, as an order stored them."""
    row, cls = find_row(kind), kinds().get(kind or "", SoundstageError)
    headers = _retry_headers(retryable=cls.retryable)
    if row.retry_after_s is not None:
        headers["retry-after"] = str(row.retry_after_s)
    if row.timeout_type is not None:
        headers["x-fal-request-timeout-type"] = row.timeout_type
    body: dict[str, Any]
    if row.shape == "model":
        body = {"detail": [{"loc": ["body"], "msg": message, "type": row.type, "url": DOCS + row.type}]}
        headers["x-fal-error-type"] = (
            row.type
        )  # where fal_client finds an error's type when `detail` is a list
    elif row.shape == "request":
        body = {"detail": message, "error_type": row.type}
        headers["x-fal-error-type"] = row.type
    else:
        body = {"detail": message} if row.word is None else {"status": row.word, "detail": message}
    return JsonReply(body, row.status, headers, order_id=order_id)


def refuse(problems: Sequence[Problem], *, order_id: str | None = None) -> JsonReply:
    """Return a 422 with every problem, in fal's list."""
    body = {"detail": [_detail(p) for p in problems]}
    headers = _retry_headers(retryable=False)
    # One header for a list: clients that branch on it get the first reason, as `detail[0]` is read.
    headers["x-fal-error-type"] = problems[0].type
    return JsonReply(body, 422, headers, order_id=order_id)


def read_problems(stored: Iterable[Mapping[str, Any]]) -> list[Problem]:
    """Return the problems of an order that was refused after its submit, from their JSON."""
    return [
        Problem(
            loc=tuple(told["loc"]), msg=told["msg"], type=told["type"], ctx=told["ctx"], input=told["input"]
        )
        for told in stored
    ]


def _detail(problem: Problem) -> dict[str, Any]:
    told: dict[str, Any] = {
        "loc": list(problem.loc),
        "msg": problem.msg,
        "type": problem.type,
        "url": DOCS + problem.type,
        "input": problem.input,
    }
    return {**told, "ctx": problem.ctx} if problem.ctx else told


def _retry_headers(*, retryable: bool) -> dict[str, str]:
    # fal documents the first name on one page and the second on another.
    told = "true" if retryable else "false"
    return {"x-fal-retryable": told, "x-fal-needs-retry": told, BILLABLE_UNITS: "0"}
