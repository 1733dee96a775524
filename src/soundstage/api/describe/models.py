"""GET /v1/models and what hangs below: the endpoints for fal's clients and OpenAI's, prices, meta."""

from __future__ import annotations

from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from soundstage.api.contract import endpoints, find_endpoint
from soundstage.api.describe.openapi import CATEGORY, endpoint_document
from soundstage.api.intake import read_body
from soundstage.api.parts import parts_of
from soundstage.api.platform import MAX_IDS, page_of, read_choice, read_limit, read_many, refuse_query
from soundstage.api.queue import links_of
from soundstage.api.replies import JsonReply
from soundstage.errors import OrderRefused, Problem

if TYPE_CHECKING:
    from collections.abc import Iterable

    from starlette.requests import Request

    from soundstage.api.contract import Endpoint
    from soundstage.api.urls import Links

EXPANSION = "openapi-3.0"
PAGE = 50
OWNER = "soundstage"


async def list_models(request: Request) -> JsonReply:
    """GET /v1/models: every endpoint that fits the query, in both dialects at once."""
    expand = read_many(request, "expand")
    if unknown := [name for name in expand if name != EXPANSION]:
        raise refuse_query("expand", unknown[0], f"it must be {EXPANSION}")
    page, cursor = page_of(_find(request), request, limit=read_limit(request, default=PAGE))
    links, engines = links_of(request), parts_of(request).engines
    models = [_fal_model(endpoint, links) for endpoint in page]
    if expand:
        models = [
            {**model, "openapi": endpoint_document(endpoint, links, engines)}
            for model, endpoint in zip(models, page, strict=True)
        ]
    return JsonReply(
        {
            "models": models,
            "next_cursor": cursor,
            "has_more": cursor is not None,
            "object": "list",
            "data": [_openai_model(endpoint) for endpoint in page],
        }
    )


def _find(request: Request) -> list[Endpoint]:
    """Return the endpoints that fit the query."""
    ids = read_many(request, "endpoint_id")
    status = read_choice(request, "status", ("active", "deprecated"))
    category = request.query_params.get("category") or CATEGORY
    words = request.query_params.get("q", "").lower().split()
    if category != CATEGORY or status == "deprecated":
        return []
    return [
        endpoint
        for endpoint in endpoints()
        if (not ids or endpoint.id in ids) and all(word in _words_of(endpoint) for word in words)
    ]


def _words_of(endpoint: Endpoint) -> str:
    return " ".join((endpoint.id, endpoint.title, endpoint.description, *endpoint.tags)).lower()


def _fal_model(endpoint: Endpoint, links: Links) -> dict[str, Any]:
    since = datetime.combine(endpoint.since, time(), UTC).isoformat()
    return {
        "endpoint_id": endpoint.id,
        "metadata": {
            "display_name": endpoint.title,
            "category": CATEGORY,
            "description": endpoint.description,
            "status": "active",
            "tags": list(endpoint.tags),
            "updated_at": since,
            "is_favorited": None,
            "thumbnail_url": "",
            "model_url": f"{links.base}/models/{endpoint.id}",
            "license_type": "commercial",
            "date": since,
            "group": {"key": endpoint.app.rpartition("/")[2], "label": "Kling Video"},
            "kind": "inference",
            "highlighted": False,
            "pinned": False,
        },
    }


def _openai_model(endpoint: Endpoint) -> dict[str, Any]:
    created = int(datetime.combine(endpoint.since, time(), UTC).timestamp())
    return {"id": endpoint.id, "object": "model", "created": created, "owned_by": OWNER}


async def get_model(request: Request) -> JsonReply:
    """GET /v1/models/{id}: one endpoint, as OpenAI's clients retrieve a model."""
    return JsonReply(_openai_model(find_endpoint(request.path_params["model"])))


async def list_prices(request: Request) -> JsonReply:
    """GET /v1/models/pricing: nothing, for each endpoint. Films are made on the caller's own machine."""
    asked = _known(read_many(request, "endpoint_id")) or list(endpoints())
    page, cursor = page_of(asked, request, limit=read_limit(request, default=PAGE))
    prices = [
        {"endpoint_id": endpoint.id, "unit_price": 0.0, "unit": "second", "currency": "USD"}
        for endpoint in page
    ]
    return JsonReply({"prices": prices, "next_cursor": cursor, "has_more": cursor is not None})


def _known(ids: Iterable[str]) -> list[Endpoint]:
    """Return the endpoints of these names, each once.

    Raises:
        EndpointUnknown: one is not served.
    """
    return [find_endpoint(name) for name in dict.fromkeys(ids)]


class Volume(BaseModel):
    """How much is planned of one endpoint."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    call_quantity: Annotated[float, Field(ge=0)] | None = None
    unit_quantity: Annotated[float, Field(ge=0)] | None = None


class EstimateRequest(BaseModel):
    """What a cost is asked for."""

    model_config = ConfigDict(strict=True, allow_inf_nan=False)

    estimate_type: Literal["historical_api_price", "unit_price"]
    endpoints: Annotated[dict[str, Volume], Field(min_length=1, max_length=MAX_IDS)]


async def estimate_cost(request: Request) -> JsonReply:
    """POST /v1/models/pricing/estimate: nothing, for whatever volume of endpoints that are served."""
    body = await read_body(request, parts_of(request).max_body_bytes)
    try:
        asked = EstimateRequest.model_validate_json(body)
    except ValidationError as exc:
        problems = tuple(
            Problem(
                loc=("body", *error["loc"]),
                msg=f"'{'.'.join(map(str, error['loc'])) or 'the body'}': {error['msg']}",
                type=error["type"],
            )
            for error in exc.errors(include_url=False, include_context=False, include_input=False)
        )
        raise OrderRefused(problems) from exc
    _known(asked.endpoints)
    return JsonReply({"estimate_type": asked.estimate_type, "total_cost": 0.0, "currency": "USD"})


async def meta(request: Request) -> JsonReply:  # noqa: ARG001 - a route takes its request
    """GET /v1/meta. No range is named: which address a webhook leaves by, the network decides."""
    return JsonReply({"webhook_ip_ranges": []})
