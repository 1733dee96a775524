"""From a path to its handler, and from what the handler raises to an answer. Knows no path by name.

Starlette's routes and requests, without its application: three layers of that exist to catch what `Edge`
catches again, and every request would pay for them.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request

from soundstage.api.auth import STRANGER, STRANGER_WORDS, caller_of
from soundstage.api.problems import GONE_WORDS, find_row, reply_to, reply_with
from soundstage.api.replies import JsonReply
from soundstage.errors import CallerGone, DatabaseUnavailable, EndpointUnknown, SoundstageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.responses import Response
    from starlette.routing import Route
    from starlette.types import Message, Receive, Scope, Send

    from soundstage.api.parts import ApiParts

_ORDER_ID = re.compile(r"[0-9A-Fa-f-]{36}")


class Dispatcher:
    """An ASGI app of routes. The first that fits a path takes it; each judges the method itself."""

    def __init__(self, routes: Sequence[Route], parts: ApiParts) -> None:
        self.routes = tuple(routes)
        self._parts = parts
        self._by_root: dict[str, list[Route]] = defaultdict(list)
        for route in routes:
            root = _root(route.path)
            assert "{" not in root, f"{route.path} begins with a parameter"
            self._by_root[root].append(route)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return  # no lifespan and no websocket here: the server opens neither
        scope["parts"] = self._parts
        request = Request(scope, receive)
        started = False

        async def noting(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            response = await self._run(request)
            await response(scope, receive, noting)
        except (SoundstageError, HTTPException, ClientDisconnect) as exc:
            if started:
                raise
            await _answer(request, exc)(scope, receive, send)

    async def _run(self, request: Request) -> Response:
        path: str = request.scope["path"]
        for route in self._by_root.get(_root(path), ()):
            found = route.path_regex.match(path)
            if found is None:
                continue
            request.scope["path_params"] = _read_params(route, found)
            if request.method not in (route.methods or ()):
                raise HTTPException(405, headers={"allow": ", ".join(sorted(route.methods or ()))})
            return await route.endpoint(request)
        raise HTTPException(404)


def _tells_of_us(exc: SoundstageError) -> bool:
    """Tell whether the error's words may have folders and addresses of this machine in them."""
    return isinstance(exc, DatabaseUnavailable) or find_row(exc.kind).status >= 500


def _read_params(route: Route, found: re.Match[str]) -> dict[str, Any]:
    converters = route.param_convertors
    try:
        return {name: converters[name].convert(text) for name, text in found.groupdict().items()}
    except ValueError as exc:  # more digits than Python makes a number of
        raise HTTPException(404) from exc


def _root(path: str) -> str:
    return path[1:].partition("/")[0]


def _answer(request: Request, exc: SoundstageError | HTTPException | ClientDisconnect) -> Response:
    if isinstance(exc, ClientDisconnect):
        return reply_with(CallerGone.kind, GONE_WORDS)
    asked: str = request.scope["door"].asked
    if isinstance(exc, HTTPException):
        words = exc.detail
        if exc.status_code == 404:
            words = f"Path {asked} not found"
        elif exc.status_code == 405:
            allowed = (exc.headers or {}).get("allow", "")
            words = f"{request.method} is not allowed on {asked}; it takes {allowed}"
        return JsonReply({"detail": words}, exc.status_code, exc.headers)
    if isinstance(exc, EndpointUnknown):
        exc = EndpointUnknown(f"Path {asked} not found. {exc}")
    elif caller_of(request) == STRANGER and _tells_of_us(exc):
        return reply_with(exc.kind, STRANGER_WORDS)
    order_id = str(request.path_params.get("order_id", ""))
    # Only what looks like an id of ours may stand in a header: anything can stand in a path.
    return reply_to(exc, order_id=order_id if _ORDER_ID.fullmatch(order_id) else None)
