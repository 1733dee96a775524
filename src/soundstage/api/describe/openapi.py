"""OpenAPI documents: one of each endpoint in fal's form, one of the whole server.

They say 3.1, where fal's say 3.0.4: fal's form has `type: null` and `examples`, which 3.0 does not know.
"""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from soundstage.api.contract import endpoints, find_endpoint
from soundstage.api.describe.operations import DOORS, describe, operations
from soundstage.api.describe.schemas import REF, SHOT, input_schema, output_schema, shapes, shot_schema
from soundstage.api.describe.screenplays import screenplay_shapes
from soundstage.api.parts import parts_of
from soundstage.api.queue import links_of
from soundstage.api.replies import JsonReply
from soundstage.errors import OrderRefused, Problem

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from starlette.requests import Request

    from soundstage.api.contract import Endpoint
    from soundstage.api.describe.operations import Operation
    from soundstage.api.urls import Links

OPENAPI = "3.1.0"
CATEGORY = "text-to-video"
#: What an endpoint's own document needs beside its input and output.
_OF_ENDPOINTS = (
    "QueueStatus", "LogLine", "Cancellation", "File", "VideoFile", "HTTPValidationError", "ValidationError",
    "RequestError", "AnyError",
)  # fmt: skip


async def endpoint_openapi(request: Request) -> JsonReply:
    """GET /api/openapi/queue/openapi.json?endpoint_id=: the document of one endpoint."""
    asked = request.query_params.get("endpoint_id")
    if asked is None:
        served = ", ".join(endpoint.id for endpoint in endpoints())
        msg = f"'endpoint_id' is missing: name the endpoint to describe; served here: {served}"
        raise OrderRefused((Problem(loc=("query", "endpoint_id"), msg=msg, type="missing"),))
    document = endpoint_document(find_endpoint(asked), links_of(request), parts_of(request).engines)
    return JsonReply(document)


async def server_openapi(request: Request) -> JsonReply:
    """GET /openapi.json: the document of the whole server."""
    return JsonReply(server_document(links_of(request), parts_of(request).engines))


def endpoint_document(endpoint: Endpoint, links: Links, engines: Collection[str]) -> dict[str, Any]:
    """Return an endpoint's document, as fal shapes it."""
    names = {"Input": f"{endpoint.name}Input", "Output": f"{endpoint.name}Output"}
    rows = [row for row in operations() if row.door == "queue" and not row.hidden]
    paths: dict[str, Any] = {}
    for row in rows:
        path = row.path.replace("{target}", endpoint.id)
        paths.setdefault(path, {})[row.method] = describe(row, suffix="", names=names)
    told = shapes()
    schemas = {
        "QueueStatus": told["QueueStatus"],
        names["Input"]: input_schema(endpoint, engines),
        names["Output"]: output_schema(endpoint),
        SHOT: shot_schema(endpoint),
        **{name: told[name] for name in _OF_ENDPOINTS},
    }
    page = f"{links.base}/models/{endpoint.id}"
    return {
        "openapi": OPENAPI,
        "info": {
            "title": f"Queue OpenAPI for {endpoint.id}",
            "version": "1.0.0",
            "description": f"The OpenAPI schema for the {endpoint.id} queue.",
            "x-fal-metadata": {
                "endpointId": endpoint.id,
                "category": CATEGORY,
                "playgroundUrl": page,
                "documentationUrl": f"{page}/llms.txt",
            },
        },
        "components": {"securitySchemes": _SECURITY, "schemas": schemas},
        "paths": paths,
        "servers": [{"url": links.queue}],
        "security": [{"apiKeyAuth": []}, {}],
    }


def server_document(links: Links, engines: Collection[str]) -> dict[str, Any]:
    """Return the document of every route there is."""
    paths: dict[str, Any] = {}
    for row in operations():
        for path, suffix, names in _places(row):
            paths.setdefault(path, {})[row.method] = describe(row, suffix=suffix, names=names)
    schemas = shapes()
    for endpoint in endpoints():
        schemas[f"{endpoint.name}Input"] = input_schema(endpoint, engines)
    schemas[SHOT] = shot_schema(endpoints()[0])
    schemas["AnyInput"] = {
        "title": "AnyInput", "anyOf": [{"$ref": f"{REF}{endpoint.name}Input"} for endpoint in endpoints()],
    }  # fmt: skip
    schemas |= screenplay_shapes(REF)
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "Soundstage",
            "version": version("soundstage"),
            "description": "Turns a text prompt into a film with sound, behind fal's API.",
        },
        "components": {"securitySchemes": _SECURITY, "schemas": schemas},
        "paths": paths,
        "servers": [{"url": links.base}],
        "security": [{"apiKeyAuth": []}, {}],
    }


_SECURITY = {
    "apiKeyAuth": {
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": "`Key <id>:<secret>`, where this server checks keys.",
    }
}


def _places(row: Operation) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Yield every path of a row, what tells its operation's id apart, and what its schemas are called."""
    path = DOORS[row.door] + row.path
    if row.each == "endpoint":
        for endpoint in endpoints():
            yield path.replace("{target}", endpoint.id), endpoint.name, {"Input": f"{endpoint.name}Input"}
    elif row.each == "app":
        for app in sorted({endpoint.app for endpoint in endpoints()}):
            yield path.replace("{target}", app), "", {}
    else:
        yield path, "", {}
