"""Errors in OpenAI's shape: {"error": {"message", "type", "param", "code"}}; kinds are the common table's."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException

from soundstage.api.problems import find_row
from soundstage.api.replies import JsonReply
from soundstage.caller_errors import KeyRefused
from soundstage.errors import EndpointUnknown, OrderRefused, SoundstageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping

    from starlette.requests import Request
    from starlette.responses import Response

    from soundstage.errors import Problem

    Handler = Callable[[Request], Awaitable[Response]]

VIDEOS = "/v1/videos"  #: where this shape is spoken
INVALID = "invalid_request_error"
_CODES = {EndpointUnknown.kind: "model_not_found", KeyRefused.kind: "invalid_api_key"}


class Refusal(HTTPException):
    """A request that this door cannot answer with what was asked."""

    def __init__(self, message: str, *, code: str, param: str | None = None, status: int = 404) -> None:
        super().__init__(status, message)
        self.code, self.param = code, param


def in_their_shape(handler: Handler) -> Handler:
    """Return a handler whose errors are answered in OpenAI's shape."""

    @wraps(handler)
    async def answered(request: Request) -> Response:
        try:
            return await handler(request)
        except SoundstageError as exc:
            return reply_to(exc)
        except Refusal as exc:
            return error_reply(exc.detail, exc.status_code, code=exc.code, param=exc.param)
        except HTTPException as exc:
            return error_reply(exc.detail, exc.status_code, headers=exc.headers)

    return answered


def reply_to(error: SoundstageError, sent_as: Mapping[str, str] | None = None) -> JsonReply:
    """Return the answer for an error; `sent_as` has the names that fields were sent under."""
    if isinstance(error, OrderRefused):
        return _refuse(error.problems, sent_as or {})
    row = find_row(error.kind)
    headers = {} if row.retry_after_s is None else {"retry-after": str(row.retry_after_s)}
    status = 400 if row.status == 422 else row.status
    return error_reply(str(error), status, code=_CODES.get(error.kind, row.type), headers=headers)


def _refuse(problems: tuple[Problem, ...], sent_as: Mapping[str, str]) -> JsonReply:
    told: list[str] = []
    for problem in problems:
        words, name = problem.msg, _field(problem)
        if name is not None and name in sent_as:
            words = words.replace(f"'{name}'", f"'{sent_as[name]}'")
        told.append(words)
    first = _field(problems[0])
    param = sent_as.get(first or "", first)
    return error_reply("; ".join(told), 400, code=problems[0].type, param=param)


def _field(problem: Problem) -> str | None:
    return str(problem.loc[1]) if len(problem.loc) > 1 else None


def error_reply(
    message: str,
    status: int,
    *,
    code: str | None = None,
    param: str | None = None,
    headers: Mapping[str, str] | None = None,
) -> JsonReply:
    """Return an error."""
    kind = INVALID if status < 500 and status != 429 else "server_error"
    body: dict[str, Any] = {"error": {"message": message, "type": kind, "param": param, "code": code}}
    return JsonReply(body, status, headers)
