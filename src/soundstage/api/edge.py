"""The outermost layer: doors, CORS, `x-fal-request-id`, and a JSON answer to whatever went wrong.

Wraps everything, so that errors, streams and files carry the same headers as plain answers.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from starlette.datastructures import Headers, MutableHeaders

from soundstage.api.auth import ANYBODY
from soundstage.api.doors import find_door
from soundstage.api.problems import reply_with
from soundstage.api.replies import REQUEST_ID
from soundstage.errors import SoundstageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

log = logging.getLogger(__name__)

METHODS = "GET, HEAD, POST, PUT, DELETE, OPTIONS"
#: What a preflight names when it asks for nothing in particular; `*` would not cover Authorization.
REQUEST_HEADERS = (
    "authorization, content-type, range, x-fal-queue-priority, x-fal-request-timeout, x-fal-runner-hint, "
    "x-fal-object-lifecycle, x-fal-object-lifecycle-preference, x-fal-store-io, x-fal-no-retry, "
    "x-fal-target-url"
)
EXPOSED_HEADERS = (
    "x-fal-request-id, x-fal-error-type, x-fal-retryable, x-fal-needs-retry, x-fal-request-timeout-type, "
    "retry-after, content-length, content-range, accept-ranges, etag, content-disposition"
)
PREFLIGHT_AGE_S = 86_400


class Edge:
    """ASGI middleware around all routes."""

    def __init__(self, app: ASGIApp, new_id: Callable[[], str]) -> None:
        self._app = app
        self._new_id = new_id

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request in and dress its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        door = find_door(headers.get("host", ""), scope["path"])
        # The door's path replaces the one that was sent, so that one set of routes serves every form.
        inner = {**scope, "door": door, "path": door.path, "caller": ANYBODY}
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                self._dress(MutableHeaders(scope=message))
            elif scope["method"] == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        if scope["method"] == "OPTIONS":
            await _answer_preflight(headers, dressed)
            return
        try:
            await self._app(inner, receive, dressed)
        except Exception:
            if started:  # half an answer cannot be taken back: the connection must break
                raise
            request_id = self._new_id()
            log.exception("request failed", extra={"request": request_id, "path": door.asked})
            words = f"Something went wrong in the server; its log tells more under {request_id}"
            await reply_with(SoundstageError.kind, words, order_id=request_id)(inner, receive, dressed)

    def _dress(self, headers: MutableHeaders) -> None:
        if REQUEST_ID not in headers:
            headers[REQUEST_ID] = self._new_id()
        headers.append("access-control-allow-origin", "*")
        headers.append("access-control-expose-headers", EXPOSED_HEADERS)


async def _answer_preflight(headers: Headers, send: Send) -> None:
    asked = headers.get("access-control-request-headers")
    told = {
        "access-control-allow-methods": METHODS,
        "access-control-allow-headers": asked or REQUEST_HEADERS,
        "access-control-max-age": str(PREFLIGHT_AGE_S),
        "allow": METHODS,
        "vary": "access-control-request-headers",
    }
    raw = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in told.items()]
    await send({"type": "http.response.start", "status": 204, "headers": raw})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
