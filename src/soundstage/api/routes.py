"""The map of the door: every path, and the app that serves them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import ClientDisconnect
from starlette.routing import Route

from soundstage.api import direct, files, health, queue, stream
from soundstage.api.contract import find_endpoint
from soundstage.api.edge import Edge
from soundstage.api.problems import reply_to
from soundstage.api.replies import JsonReply
from soundstage.errors import SoundstageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from soundstage.api.parts import ApiParts

_ORDER_ID = re.compile(r"[0-9A-Fa-f-]{36}")
ORDER = "/queue/{target:path}/requests/{order_id}"
ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def build_app(parts: ApiParts) -> Starlette:
    """Return the ASGI app."""
    app = Starlette(
        routes=[
            Route(f"{ORDER}/status/stream", stream.status_stream, methods=["GET"]),
            Route(f"{ORDER}/status", queue.status, methods=["GET"]),
            Route(f"{ORDER}/cancel", queue.cancel, methods=["PUT"]),
            Route(f"{ORDER}/response", queue.result, methods=["GET"]),
            Route(ORDER, queue.result, methods=["GET"]),
            Route("/queue/{target:path}", _post_only(queue.submit), methods=ANY_METHOD),
            Route("/run/{target:path}", _post_only(direct.run), methods=ANY_METHOD),
            Route("/files/{name:path}", files.serve_file, methods=["GET"]),
            Route("/health/live", health.live, methods=["GET"]),
            Route("/health/ready", health.ready, methods=["GET"]),
            Route("/", health.greeting, methods=["GET"]),
        ],
        middleware=[Middleware(Edge, new_id=parts.new_id)],
        exception_handlers={
            SoundstageError: _answer_error,
            HTTPException: _answer_http_error,
            ClientDisconnect: _answer_nobody,
        },
    )
    app.router.redirect_slashes = False  # the async client follows no redirect; Edge cuts slashes instead
    app.state.parts = parts
    return app


def _post_only(handler: Callable[[Request], Awaitable[Response]]) -> Callable[[Request], Awaitable[Response]]:
    async def endpoint(request: Request) -> Response:
        if request.method != "POST":
            # What is not served is a 404 for every method, which says what is.
            find_endpoint(request.path_params["target"])
            raise HTTPException(405, headers={"allow": "POST, OPTIONS"})
        return await handler(request)

    return endpoint


async def _answer_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, SoundstageError), exc
    asked = str(request.path_params.get("order_id", ""))
    # Only what looks like an id of ours may stand in a header: anything can stand in a path.
    return reply_to(exc, order_id=asked if _ORDER_ID.fullmatch(asked) else None)


async def _answer_http_error(request: Request, exc: Exception) -> Response:
    assert isinstance(exc, HTTPException), exc
    asked = request.scope["door"].asked
    words = exc.detail
    if exc.status_code == 404:
        words = f"Path {asked} not found"
    elif exc.status_code == 405:
        allowed = (exc.headers or {}).get("allow") or (exc.headers or {}).get("Allow", "")
        words = f"{request.method} is not allowed on {asked}; it takes {allowed}"
    return JsonReply({"detail": words}, exc.status_code, exc.headers)


async def _answer_nobody(request: Request, exc: Exception) -> Response:  # noqa: ARG001 - Starlette's shape
    return JsonReply({"detail": "Client disconnected", "error_type": "client_disconnected"}, 499)
