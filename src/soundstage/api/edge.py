"""The outermost layer: doors, callers, CORS, `x-fal-request-id`, and a JSON answer to whatever went wrong.

Wraps everything, so that errors, streams and files carry the same headers as plain answers.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from soundstage.api.auth import ANYBODY, Facts
from soundstage.api.doors import find_door
from soundstage.api.problems import reply_to, reply_with
from soundstage.api.proxy import HEADER as TARGET
from soundstage.api.proxy import PATH as PROXY
from soundstage.api.proxy import read_target
from soundstage.api.videos.problems import VIDEOS
from soundstage.api.videos.problems import reply_to as video_reply_to
from soundstage.caller_errors import KeyRefused
from soundstage.errors import SoundstageError

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

    from soundstage.api.auth import Gate
    from soundstage.api.doors import Door

log = logging.getLogger(__name__)

METHODS = "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
#: What a preflight names when it asks for nothing in particular; `*` would not cover Authorization.
REQUEST_HEADERS = (
    "authorization, content-type, range, idempotency-key, x-fal-queue-priority, x-fal-request-timeout, "
    "x-fal-runner-hint, x-fal-object-lifecycle, x-fal-object-lifecycle-preference, x-fal-file-name, "
    "x-fal-store-io, x-fal-no-retry, x-fal-target-url, x-app-fal-disable-fallback"
)
EXPOSED_HEADERS = (
    "x-fal-request-id, x-fal-error-type, x-fal-retryable, x-fal-needs-retry, x-fal-request-timeout-type, "
    "x-fal-billable-units, retry-after, www-authenticate, content-length, content-range, accept-ranges, "
    "etag, content-disposition, x-request-id, openai-poll-after-ms"
)
PREFLIGHT_AGE_S = 86_400
_REQUEST_ID = b"x-fal-request-id"
_TARGET = TARGET.encode()
_CORS = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", EXPOSED_HEADERS.encode()),
]


class Edge:
    """ASGI middleware around all routes."""

    def __init__(
        self, app: ASGIApp, new_id: Callable[[], str], gate: Gate, is_ours: Callable[[str], bool]
    ) -> None:
        """Wrap an app.

        Args:
            app: the routes.
            new_id: gives an id for an answer that has none.
            gate: says who calls.
            is_ours: tells whether a Host, with its port, may be this server.
        """
        self._app = app
        self._new_id = new_id
        self._gate = gate
        self._is_ours = is_ours

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass one request in and dress its answer."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        method = scope["method"]
        started = False

        async def dressed(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = message["headers"] = [*message.get("headers", ()), *_CORS]
                if not any(name == _REQUEST_ID for name, _ in headers):
                    headers.append((_REQUEST_ID, self._new_id().encode("latin-1")))
            elif method == "HEAD":
                message = {**message, "body": b""}
            await send(message)

        if method == "OPTIONS":
            await _answer_preflight(scope, dressed, self._gate)
            return
        facts = _read_facts(scope)
        inner: dict[str, Any] = {**scope, "caller": ANYBODY}
        try:
            try:
                door = self._find_door(inner, facts)
                inner["caller"] = self._gate.admit(door, method, facts)
            except SoundstageError as exc:
                await _refuse(exc, inner["door"])(inner, receive, dressed)
                return
            await self._app(inner, receive, dressed)
        except Exception:
            if started:  # half an answer cannot be taken back: the connection must break
                raise
            request_id = self._new_id()
            log.exception("request failed", extra={"request": request_id, "path": scope["path"]})
            words = f"Something went wrong in the server; its log tells more under {request_id}"
            await reply_with(SoundstageError.kind, words, order_id=request_id)(inner, receive, dressed)

    def _find_door(self, inner: dict[str, Any], facts: Facts) -> Door:
        """Put the door and its path into the scope, so that one set of routes serves every form."""
        host = facts.host or ""
        door = find_door(host, inner["path"])
        inner["door"] = door  # also for the answer to a target that is refused
        if door.path == PROXY:
            target = read_target(facts.target, is_ours=self._is_ours)
            # Whoever came by the proxy has one origin to speak to: ours, where the queue has its prefix.
            door = replace(find_door(target.host, target.path), prefix="/queue")
            inner["raw_path"], inner["query_string"] = target.raw_path, target.query
        inner["door"], inner["path"] = door, door.path
        return door


def _read_facts(scope: Scope) -> Facts:
    server, client = scope.get("server"), scope.get("client")
    facts = Facts(bound=server[0] if server else None, client=client[0] if client else None)
    for name, value in scope["headers"]:
        if name == b"host":
            facts.host = value.decode("latin-1")
        elif name == b"authorization":
            facts.authorization = value
        elif name == b"origin":
            facts.origin = value.decode("latin-1")
        elif name == _TARGET:
            facts.target = value.decode("latin-1")
    return facts


def _refuse(exc: SoundstageError, door: Door) -> ASGIApp:
    reply = (video_reply_to if door.path.startswith(VIDEOS) else reply_to)(exc)
    if isinstance(exc, KeyRefused):
        reply.headers["www-authenticate"] = "Key"
    return reply


async def _answer_preflight(scope: Scope, send: Send, gate: Gate) -> None:
    headers: dict[bytes, bytes] = dict(scope["headers"])
    told = {
        b"access-control-allow-methods": METHODS.encode(),
        b"access-control-allow-headers": headers.get(b"access-control-request-headers")
        or REQUEST_HEADERS.encode(),
        b"access-control-max-age": str(PREFLIGHT_AGE_S).encode(),
        b"vary": b"access-control-request-headers",
    }
    # A public page that reaches into a private network: browsers ask first, and only some pages may.
    if headers.get(b"access-control-request-private-network") == b"true":
        if gate.welcomes(headers.get(b"origin", b"").decode("latin-1")):
            told[b"access-control-allow-private-network"] = b"true"
        told[b"vary"] += b", origin"
    await send({"type": "http.response.start", "status": 204, "headers": list(told.items())})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
