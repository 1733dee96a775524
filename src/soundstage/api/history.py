"""The history of requests, and the line of those that wait: fal's platform API for who runs the server.

Everything here takes an admin: one key's requests are no other key's business.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from soundstage.api.answers import has_ended
from soundstage.api.auth import require_admin
from soundstage.api.contract import endpoints, find_endpoint
from soundstage.api.parts import parts_of
from soundstage.api.platform import read_choice, read_limit, read_many, read_time, refuse_query
from soundstage.api.problems import problem_table
from soundstage.api.queue import links_of, result_reply
from soundstage.api.replies import JsonReply
from soundstage.errors import EndpointUnknown, FileUnknown, OrderRefused, OrderRunning, Problem, StorageError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from starlette.requests import Request

    from soundstage.api.contract import Endpoint
    from soundstage.api.ports import OrderState
    from soundstage.api.ports.history import Outcome, SortKey
    from soundstage.api.urls import Links

PAGE = 50
EXPANSION = "payloads"
OUTCOMES: tuple[Outcome, ...] = ("success", "error", "user_error")
SORT_KEYS: tuple[SortKey, ...] = ("ended_at", "duration")


async def list_requests(request: Request) -> JsonReply:
    """GET /v1/models/requests/by-endpoint: the requests that have ended, a page at a time."""
    require_admin(request, "read the history")
    asked = read_many(request, "endpoint_id")
    if len(asked) != 1:
        msg = f"'endpoint_id' names {len(asked)} endpoints: it must name one"
        raise OrderRefused((Problem(loc=("query", "endpoint_id"), msg=msg, type="missing"),))
    expand = read_many(request, "expand")
    if unknown := [name for name in expand if name != EXPANSION]:
        raise refuse_query("expand", unknown[0], f"it must be {EXPANSION}")
    endpoint = find_endpoint(asked[0])
    start, end = read_time(request, "start"), read_time(request, "end")
    status = read_choice(request, "status", OUTCOMES)
    sort_by = read_choice(request, "sort_by", SORT_KEYS) or SORT_KEYS[0]
    limit = read_limit(request, default=PAGE)
    page = await parts_of(request).book.history(
        endpoint.id,
        start=start,
        end=end,
        status=status,
        user_error_kinds=[kind for kind, row in problem_table().items() if row.status < 500],
        order_id=request.query_params.get("request_id"),
        sort_by=sort_by,
        limit=limit,
        cursor=request.query_params.get("cursor") or None,
        with_io=bool(expand),
    )
    links = links_of(request)
    items = [_item(state, links, with_payloads=bool(expand)) for state in page.items]
    return JsonReply(
        {"items": items, "next_cursor": page.next_cursor, "has_more": page.next_cursor is not None}
    )


def _item(state: OrderState, links: Links, *, with_payloads: bool) -> dict[str, Any]:
    told: dict[str, Any] = {
        "request_id": state.order_id,
        "endpoint_id": state.endpoint,
        "sent_at": state.submitted_at.isoformat(),
        "started_at": state.started_at and state.started_at.isoformat(),
        "ended_at": state.ended_at and state.ended_at.isoformat(),
        "status_code": _status_code(state),
        "duration": _duration_s(state),
    }
    if not with_payloads or state.forgotten_at is not None or not state.keeps_io:
        return told
    if state.input is not None:
        told["json_input"] = json.loads(state.input, parse_float=_number, parse_constant=str)
    return {**told, "json_output": json.loads(bytes(result_reply(state, links).body))}


def _number(text: str) -> float | str:
    """Return what was sent as a number; one beyond all of them (1e999) as its text: JSON has no infinity."""
    value = float(text)
    return value if math.isfinite(value) else text


def _status_code(state: OrderState) -> int:
    if state.status == "done":
        return 200
    if state.status == "cancelled":
        return problem_table()["client_cancelled"].status
    table = problem_table()
    return table.get(state.error_kind or "", table["internal_server_error"]).status


def _duration_s(state: OrderState) -> float:
    if state.started_at is None or state.ended_at is None:
        return 0.0
    return (state.ended_at - state.started_at).total_seconds()


async def delete_payloads(request: Request) -> JsonReply:
    """DELETE /v1/models/requests/{id}/payloads: what went in, what came out, and the output's files.

    Files that the caller sent stay. A repeated call finds nothing left, and says so: 200, no links.
    """
    require_admin(request, "delete payloads")
    parts = parts_of(request)
    state = await parts.book.find(request.path_params["request_id"])
    if not has_ended(state):
        raise OrderRunning(f"Request {state.order_id} is {state.status}: it has no payloads to delete yet")
    files: list[Mapping[str, Any]] = (state.result or {}).get("files", [])
    # Files first: were the result forgotten first and we stopped here, nobody would know their names.
    results = [await _delete_file(request, file) for file in files]
    if not any(told["exception"] for told in results):
        await parts.book.forget(state.order_id)
    return JsonReply({"cdn_delete_results": results}, order_id=state.order_id)


async def _delete_file(request: Request, file: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {"link": links_of(request).file(file["name"]), "exception": None}
    try:
        await parts_of(request).store.delete(file["name"])
    except FileUnknown:
        return told
    except StorageError as exc:
        return {**told, "exception": str(exc)}
    return told


async def queue_size(request: Request) -> JsonReply:
    """GET .../{owner}/{app}/queue: how many requests wait, of all callers or of one."""
    require_admin(request, "see the queue of all")
    caller = request.query_params.get("caller_user_id")
    book = parts_of(request).book
    waiting = [await book.waiting(endpoint.id, caller=caller) for endpoint in _endpoints_of(request)]
    return JsonReply({"size": sum(waiting), "queue_size": sum(waiting)})


async def flush_queue(request: Request) -> JsonReply:
    """DELETE .../{owner}/{app}/queue: cancel every request that waits, of all callers or of one."""
    require_admin(request, "flush the queue")
    caller = request.query_params.get("caller_user_id")
    book = parts_of(request).book
    flushed = [await book.flush(endpoint.id, caller=caller) for endpoint in _endpoints_of(request)]
    return JsonReply({"flushed": sum(flushed)})


def _endpoints_of(request: Request) -> list[Endpoint]:
    app = f"{request.path_params['owner']}/{request.path_params['app']}"
    found = [endpoint for endpoint in endpoints() if endpoint.app == app]
    if not found:
        served = ", ".join(sorted({endpoint.app for endpoint in endpoints()}))
        raise EndpointUnknown(f"No app is called {app[:200]!r}; served here: {served}")
    return found
