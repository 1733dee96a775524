"""fal's platform API under /v1: its error shape, its queries and its lists. Knows no route of its own."""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, TypeVar

from starlette.routing import Route

from soundstage.api.parts import parts_of
from soundstage.api.problems import DOCS, find_row
from soundstage.api.replies import JsonReply
from soundstage.errors import DatabaseUnavailable, OrderRefused, Problem, SoundstageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Mapping, Sequence

    from starlette.requests import Request
    from starlette.responses import Response

    Handler = Callable[[Request], Awaitable[Response]]

Choice = TypeVar("Choice", bound=str)

MAX_IDS = 50  #: in one query, as at fal
MAX_LIMIT = 100
#: status -> what fal calls it
_TYPES = {400: "validation_error", 401: "authorization_error", 403: "authorization_error", 404: "not_found",
          405: "validation_error", 429: "rate_limited"}  # fmt: skip
ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def platform_route(path: str, handlers: Mapping[str, Handler]) -> Route:
    """Return a route whose errors have fal's platform shape; without `handlers`, a 404."""
    allowed = (*handlers, "HEAD") if "GET" in handlers else tuple(handlers)

    async def endpoint(request: Request) -> Response:
        handler = handlers.get("GET" if request.method == "HEAD" else request.method)
        if not handlers:
            return error_reply(request, f"Path {request.scope['door'].asked} not found", 404)
        if handler is None:
            words = f"{request.method} is not allowed here; it takes {', '.join(allowed)}"
            return error_reply(request, words, 405, {"allow": ", ".join((*allowed, "OPTIONS"))})
        try:
            return await handler(request)
        except SoundstageError as exc:
            return _reply_to(request, exc)

    return Route(path, endpoint, methods=ANY_METHOD)


def _reply_to(request: Request, error: SoundstageError) -> JsonReply:
    if isinstance(error, OrderRefused):
        return error_reply(request, "; ".join(problem.msg for problem in error.problems), 400)
    row = find_row(error.kind)
    headers = {} if row.retry_after_s is None else {"retry-after": str(row.retry_after_s)}
    if isinstance(error, DatabaseUnavailable):
        # fal_client and @fal-ai/client never call these routes, but whoever does repeats a 429.
        return error_reply(request, str(error), 429, headers)
    return error_reply(request, str(error), row.status, headers)


def error_reply(
    request: Request, message: str, status: int, headers: Mapping[str, str] | None = None
) -> JsonReply:
    """Return an error in fal's platform shape."""
    kind = _TYPES.get(status, "server_error" if status >= 500 else "validation_error")
    request_id = parts_of(request).new_id()
    told = {"type": kind, "message": message, "request_id": request_id, "docs_url": DOCS + kind}
    return JsonReply({"error": told}, status, headers, order_id=request_id)


def refuse_query(name: str, value: str, rule: str) -> OrderRefused:
    """Return the error of a query parameter that does not read."""
    msg = f"{name!r} is {value[:60]!r}: {rule}"
    return OrderRefused((Problem(loc=("query", name), msg=msg, type="value_error", input=value[:60]),))


def read_many(request: Request, name: str) -> list[str]:
    """Return a parameter's values, sent repeated or with commas between them.

    Raises:
        OrderRefused: over 50.
    """
    values = [
        part.strip()
        for text in request.query_params.getlist(name)
        for part in text.split(",")
        if part.strip()
    ]
    if len(values) > MAX_IDS:
        raise refuse_query(name, f"{len(values)} values", f"it takes at most {MAX_IDS}")
    return values


def read_choice(request: Request, name: str, choices: Sequence[Choice]) -> Choice | None:
    """Return a parameter that must be one of some words, None where it was not sent.

    Raises:
        OrderRefused: it is none of them.
    """
    sent = request.query_params.get(name)
    if sent is None:
        return None
    if sent not in choices:
        raise refuse_query(name, sent, f"it must be one of {', '.join(choices)}")
    return choices[choices.index(sent)]  # pyright: ignore[reportArgumentType] - it is one of them


def read_limit(request: Request, *, default: int) -> int:
    """Return how many items a page may have.

    Raises:
        OrderRefused: no number from 1 to 100.
    """
    sent = request.query_params.get("limit")
    if sent is None:
        return default
    # No int() of what may be endless, and none of what isdigit() takes beyond 0 to 9.
    if not (sent.isascii() and sent.isdigit() and len(sent) < 4 and 1 <= int(sent) <= MAX_LIMIT):
        raise refuse_query("limit", sent, f"it must be a whole number from 1 to {MAX_LIMIT}")
    return int(sent)


def read_time(request: Request, name: str) -> datetime | None:
    """Return a parameter that is a time in ISO 8601; without an offset it is UTC.

    Raises:
        OrderRefused: it does not read.
    """
    sent = request.query_params.get(name)
    if sent is None:
        return None
    try:
        # A plus that was not escaped arrives as a space.
        time = datetime.fromisoformat(sent.replace(" ", "+") if sent.count(":") > 1 else sent)
        return (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError) as exc:
        raise refuse_query(name, sent, "it must be a time, as 2026-11-22T12:00:00Z") from exc


def page_of(items: Sequence[Any], request: Request, *, limit: int) -> tuple[Sequence[Any], str | None]:
    """Return the page of a short list that the query asks for, and the next one's cursor.

    Raises:
        OrderRefused: the cursor is none of ours.
    """
    sent = request.query_params.get("cursor")
    start = 0
    if sent:
        try:
            text = base64.urlsafe_b64decode(sent.encode()).decode("ascii")
            start = int(text) if text.isdigit() and len(text) < 10 else -1
        except (binascii.Error, ValueError):
            start = -1
        if start < 0:
            raise refuse_query("cursor", sent, "it must be the next_cursor of the page before")
    end = start + limit
    following = base64.urlsafe_b64encode(str(end).encode()).decode() if end < len(items) else None
    return items[start:end], following
