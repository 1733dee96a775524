"""A POST -> an order in the book. The queue's submit and the direct run both begin here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from soundstage.api.contract import read_order
from soundstage.api.ports import NewOrder
from soundstage.errors import OrderRefused, Problem
from soundstage.plain import to_json

if TYPE_CHECKING:
    from starlette.requests import Request

    from soundstage.api.parts import ApiParts
    from soundstage.api.ports import OrderState, Priority

PRIORITIES = ("normal", "low")


async def take_order(
    request: Request, parts: ApiParts, endpoint_id: str, *, body: bytes | None = None
) -> OrderState:
    """Read a request and write its order into the book.

    Args:
        request: its headers say how the order is to be treated.
        parts: of the app.
        endpoint_id: whose contract counts.
        body: JSON in fal's fields, from a door that has read the request's own body; None reads it here.

    Raises:
        EndpointUnknown: no such endpoint.
        OrderRefused: the request breaks the contract; nothing was written.
        DatabaseUnavailable: the book does not answer.
    """
    priority = _read_priority(request)
    if body is None:
        body = await read_body(request, parts.max_body_bytes)
    order = read_order(
        endpoint_id, body, order_id=parts.new_id(), pick_seed=parts.pick_seed, engines=parts.engines
    )
    new = NewOrder(
        order_id=order.order_id, endpoint=order.endpoint, payload=to_json(order), priority=priority
    )
    return await parts.book.submit(new)


async def read_body(request: Request, limit: int) -> bytes:
    """Return a request's body.

    Raises:
        OrderRefused: it is longer than `limit` bytes.
    """
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            # The rest is thrown away unread by the server: closing now would look like a network
            # failure, which the clients answer by sending it all again, ten times.
            msg = f"the body is over {limit} bytes: a request takes at most {limit}; send files by their URL"
            ctx = {"max_size": limit}
            raise OrderRefused((Problem(loc=("body",), msg=msg, type="file_too_large", ctx=ctx),))
    return bytes(body)


def _read_priority(request: Request) -> Priority:
    sent = request.headers.get("x-fal-queue-priority", PRIORITIES[0]).strip().lower()
    if sent not in PRIORITIES:
        name = "x-fal-queue-priority"
        msg = f"{name!r} is {sent[:60]!r}: it must be 'normal' or 'low'; absent means 'normal'"
        ctx = {"expected": list(PRIORITIES)}
        raise OrderRefused((Problem(loc=("header", name), msg=msg, type="one_of", ctx=ctx, input=sent[:60]),))
    return sent
