"""POST /run/{endpoint}: make the film while the caller waits. Whoever hangs up withdraws the order.

Under an `Idempotency-Key` others may wait for the same order, or come for it later: then it is never
withdrawn by a hang-up, and goes on as one of the queue's does.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import aclosing
from typing import TYPE_CHECKING

from soundstage.api.contract import find_endpoint
from soundstage.api.intake import take_order
from soundstage.api.parts import parts_of
from soundstage.api.problems import GONE_WORDS, reply_with
from soundstage.api.queue import links_of, result_reply
from soundstage.api.waiting import end_tasks, follow, listening_for_hangup
from soundstage.errors import CallerGone, OrderFinished, ServerStopping, SoundstageError

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

    from soundstage.api.parts import ApiParts
    from soundstage.api.ports import OrderState

log = logging.getLogger(__name__)


async def run(request: Request) -> Response:
    """Take an order and answer with its output."""
    parts = parts_of(request)
    endpoint = find_endpoint(request.path_params["target"])
    taken = await take_order(request, parts, endpoint.id)
    order_id, state = taken.order_id, None
    shared = taken.body_hash is not None
    try:
        state = await _wait(request, parts, order_id)
    finally:
        if state is None and not shared:
            await _withdraw(parts, order_id)
    if state is not None:
        return result_reply(state, links_of(request))
    if parts.stopping.is_set():
        done = "goes on with this order later" if shared else "withdrew this order"
        words = f"The server is stopping and {done}; send it again, or use the queue"
        return reply_with(ServerStopping.kind, words, order_id=order_id)
    return reply_with(CallerGone.kind, GONE_WORDS, order_id=order_id)


async def _wait(request: Request, parts: ApiParts, order_id: str) -> OrderState | None:
    """Return the final state; None when the caller hung up or the server stops before that."""
    end = asyncio.create_task(_last(parts, order_id))
    stop = asyncio.create_task(parts.stopping.wait())
    async with listening_for_hangup(request.receive) as hangup:
        try:
            await asyncio.wait({end, stop, hangup}, return_when=asyncio.FIRST_COMPLETED)
            return end.result() if end.done() else None
        finally:
            await end_tasks(end, stop)


async def _last(parts: ApiParts, order_id: str) -> OrderState:
    last: OrderState | None = None
    async with aclosing(follow(parts, order_id)) as states:
        async for state in states:
            last = state
    assert last is not None, f"the book watched {order_id} and said nothing"
    return last


async def _withdraw(parts: ApiParts, order_id: str) -> None:
    try:
        await parts.book.cancel(order_id)
    except OrderFinished:
        log.info("the caller hung up as the film was done", extra={"order": order_id})
    except SoundstageError as exc:
        log.warning("order could not be withdrawn", extra={"order": order_id, "why": str(exc)})
