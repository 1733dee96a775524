"""The queue's routes: submit, status, result, cancel. The stream of statuses is in `stream.py`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.api.answers import has_ended, output_body, status_body, submitted_body
from soundstage.api.contract import app_of, find_endpoint
from soundstage.api.echoes import repeat_while
from soundstage.api.intake import take_order
from soundstage.api.parts import parts_of
from soundstage.api.problems import (
    BILLABLE_UNITS,
    CANCELLED_WORDS,
    STILL_RUNNING_WORDS,
    read_problems,
    refuse,
    reply_with,
)
from soundstage.api.replies import JsonReply
from soundstage.errors import Cancelled, OrderForgotten, OrderRunning, OrderUnknown

if TYPE_CHECKING:
    from starlette.requests import Request

    from soundstage.api.doors import Door
    from soundstage.api.ports import OrderState
    from soundstage.api.urls import Links

TRUE_WORDS = ("1", "true", "yes", "on")


async def submit(request: Request) -> JsonReply:
    """POST /queue/{endpoint}: take an order; 200 means that it is on disk."""
    parts = parts_of(request)
    endpoint = find_endpoint(request.path_params["target"])
    links = links_of(request)
    state = await take_order(request, parts, endpoint.id, answer_base=links.base)
    return JsonReply(submitted_body(state, links, endpoint.app), order_id=state.order_id)


async def status(request: Request) -> JsonReply:
    """GET .../requests/{id}/status: 202 while it waits or runs, 200 once it has ended."""
    glance = await parts_of(request).book.glance(request.path_params["order_id"])
    state = check_target(request, glance.state)
    repeat_while(request.scope, glance.holds)
    logs = await parts_of(request).book.logs(state.order_id) if wants_logs(request) else None
    body = status_body(state, links_of(request), app_of(state.endpoint), logs=logs)
    return JsonReply(body, 200 if has_ended(state) else 202, order_id=state.order_id)


async def result(request: Request) -> JsonReply:
    """GET .../requests/{id}: the output, or the error that ended the order; 400 before its end."""
    state = await find_order(request)
    return result_reply(state, links_of(request))


def result_reply(state: OrderState, links: Links) -> JsonReply:
    """Return what an order came to."""
    order_id = state.order_id
    if not has_ended(state):
        return reply_with(OrderRunning.kind, STILL_RUNNING_WORDS, order_id=order_id)
    if state.forgotten_at is not None:
        words = f"The output of request {order_id} is not kept any more: it was deleted, or its time was up"
        return reply_with(OrderForgotten.kind, words, order_id=order_id)
    if state.status == "cancelled":
        return reply_with(Cancelled.kind, CANCELLED_WORDS, order_id=order_id)
    if state.error_detail is not None:
        return refuse(read_problems(state.error_detail), order_id=order_id)
    if state.status == "failed":
        return reply_with(
            state.error_kind, state.error_message or "it failed for no known reason", order_id=order_id
        )
    assert state.result is not None, f"order {order_id} is done and has no film"
    headers = {BILLABLE_UNITS: "0"}
    return JsonReply(output_body(state.result, links), headers=headers, order_id=order_id)


async def cancel(request: Request) -> JsonReply:
    """PUT .../requests/{id}/cancel: 202 when it will stop, 400 when it has ended."""
    state = await find_order(request)
    await parts_of(request).book.cancel(state.order_id)
    return JsonReply({"status": "CANCELLATION_REQUESTED"}, 202, order_id=state.order_id)


async def find_order(request: Request) -> OrderState:
    """Return the order that the path names, by the app's or the endpoint's URL.

    Raises:
        OrderUnknown: there is none, or it belongs to another app.
    """
    return check_target(request, await parts_of(request).book.find(request.path_params["order_id"]))


def check_target(request: Request, state: OrderState) -> OrderState:
    """Return the order if it belongs to the app or endpoint in the path.

    Raises:
        OrderUnknown: it does not.
    """
    target = request.path_params["target"]
    if not f"{state.endpoint}/".startswith(f"{target}/"):
        raise OrderUnknown(
            f"Request {state.order_id} is none of {target[:200]}; it belongs to {app_of(state.endpoint)}"
        )
    return state


def wants_logs(request: Request) -> bool:
    """Tell whether logs were asked for: Python says true, JavaScript 1."""
    return request.query_params.get("logs", "").lower() in TRUE_WORDS


def links_of(request: Request) -> Links:
    """Return the URLs for this request's answer."""
    door: Door = request.scope["door"]
    return parts_of(request).urls.links(request.scope, door)
