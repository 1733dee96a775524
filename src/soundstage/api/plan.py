"""POST /v1/plan: what a request is understood as, before anything is filmed. Nothing is written down."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, get_args

from soundstage.api.auth import caller_of
from soundstage.api.contract import read_order
from soundstage.api.describe.screenplays import screenplay_schema
from soundstage.api.intake import read_body
from soundstage.api.parts import parts_of
from soundstage.api.ports.screenplays import Dialect
from soundstage.api.replies import JsonReply
from soundstage.errors import OrderRefused, Problem
from soundstage.plain import to_json

if TYPE_CHECKING:
    from starlette.requests import Request

    from soundstage.api.ports.screenplays import Planner
    from soundstage.film import Order

DEFAULT_ENDPOINT = "fal-ai/kling-video/v3/pro/text-to-video"
DIALECTS: tuple[Dialect, ...] = get_args(Dialect)


async def write_plan(request: Request) -> JsonReply:
    """Answer the screenplay of a request in the wire's fields, or what an engine would be told."""
    parts = parts_of(request)
    body = await read_body(request, parts.max_body_bytes)
    parts.plan_rate.take(caller_of(request).name)
    endpoint_id = request.query_params.get("endpoint_id", DEFAULT_ENDPOINT)
    dialect = _read_dialect(request)
    order = read_order(
        endpoint_id, body, order_id=parts.new_id(), pick_seed=parts.pick_seed, engines=parts.engines
    )
    # Some milliseconds, or as long as a language model takes: never in the loop, and never in every thread.
    async with parts.plan_slots:
        return JsonReply(await asyncio.to_thread(_plan, parts.planner, order, dialect))


async def plan_schema(request: Request) -> JsonReply:  # noqa: ARG001 - a route takes its request
    """GET /v1/plan/schema: the JSON Schema of a screenplay."""
    return JsonReply(screenplay_schema())


def _plan(planner: Planner, order: Order, dialect: Dialect | None) -> dict[str, Any]:
    screenplay = planner.write(order)
    if dialect is None:
        return to_json(screenplay)
    return {"dialect": dialect, "prompts": list(planner.speak(screenplay, dialect))}


def _read_dialect(request: Request) -> Dialect | None:
    sent = request.query_params.get("dialect")
    if sent is not None and sent not in DIALECTS:
        msg = f"'dialect' is {sent[:60]!r}: it must be one of {', '.join(DIALECTS)}; leave it out for JSON"
        ctx = {"expected": list(DIALECTS)}
        raise OrderRefused(
            (Problem(loc=("query", "dialect"), msg=msg, type="one_of", ctx=ctx, input=sent[:60]),)
        )
    return sent
