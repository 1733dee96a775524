"""The map of the door: every path, and the app that serves them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.routing import Route

from soundstage.api import direct, files, health, jwks, plan, queue, stream, upload_parts, uploads
from soundstage.api.access import ACCESS_ROUTES
from soundstage.api.contract import find_endpoint
from soundstage.api.describe.routes import DESCRIPTION_ROUTES, PLATFORM_ROUTES
from soundstage.api.dispatch import Dispatcher
from soundstage.api.edge import Edge
from soundstage.api.videos import VIDEO_ROUTES

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from starlette.requests import Request
    from starlette.responses import Response

    from soundstage.api.parts import ApiParts

    Handler = Callable[[Request], Awaitable[Response]]

ORDER = "/queue/{target:path}/requests/{order_id}"
PARTS = "/files/{name:path}/multipart/{upload_id}"
ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]


def build_app(parts: ApiParts) -> Edge:
    """Return the ASGI app."""
    dispatcher = Dispatcher(all_routes(), parts)
    return Edge(dispatcher, new_id=parts.new_id, gate=parts.gate, is_ours=parts.urls.may_name)


def all_routes() -> tuple[Route, ...]:
    """Return every path there is, with who serves it; of several that fit, the first is taken."""
    return (
        _route(f"{ORDER}/status/stream", "GET", stream.status_stream),
        _route(f"{ORDER}/status", "GET", queue.status),
        _route(f"{ORDER}/cancel", "PUT", queue.cancel),
        _route(f"{ORDER}/response", "GET", queue.result),
        _route(ORDER, "GET", queue.result),
        _route("/queue/{target:path}", "POST", queue.submit, named=True),
        _route("/run/{target:path}", "POST", direct.run, named=True),
        _route("/files/upload/multipart", "POST", upload_parts.begin),
        _route("/files/upload", "POST", uploads.upload),
        _route(f"{PARTS}/complete", "POST", upload_parts.complete),
        _route(f"{PARTS}/{{number:int}}", "PUT", upload_parts.put_part),
        _route("/files/{name:path}", "GET", files.serve_file),
        _route("/storage/auth/token", "POST", uploads.give_token),
        _route("/storage/upload/initiate", "POST", uploads.initiate),
        _route("/storage/upload/initiate-multipart", "POST", upload_parts.initiate),
        _route("/storage/upload/signed/{name:path}", "PUT", uploads.put_signed),
        _route("/tokens", "POST", uploads.give_no_realtime_token),
        _route("/health/live", "GET", health.live),
        _route("/health/ready", "GET", health.ready),
        *(Route(path, handler, methods=ANY_METHOD) for path, handler in VIDEO_ROUTES),
        _route("/v1/plan", "POST", plan.write_plan),
        _route("/v1/plan/schema", "GET", plan.plan_schema),
        *(_route(path, "GET", handler) for path, handler in DESCRIPTION_ROUTES),
        *ACCESS_ROUTES,
        *PLATFORM_ROUTES,
        _route("/.well-known/jwks.json", "GET", jwks.jwks),
        _route("/", "GET", health.greeting),
    )


def _route(path: str, method: str, handler: Handler, *, named: bool = False) -> Route:
    """Return a route that takes one method, and answers 405 to all others itself.

    Left to the router, a wrong method would fall through to the next pattern that fits the path.
    `named` says that the path names an endpoint: one that is not served is a 404 for every method.
    """
    allowed = ("GET", "HEAD") if method == "GET" else (method,)

    async def endpoint(request: Request) -> Response:
        if named:
            find_endpoint(request.path_params["target"])
        if request.method not in allowed:
            raise HTTPException(405, headers={"allow": ", ".join((*allowed, "OPTIONS"))})
        return await handler(request)

    return Route(path, endpoint, methods=ANY_METHOD)
