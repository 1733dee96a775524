"""GET .../status/stream: an order's life as server-sent events, closed by the server at its end.

Each event carries only log lines that are new: @fal-ai/client appends what comes.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING

from starlette.responses import Response

from soundstage.api.answers import has_ended, status_body
from soundstage.api.contract import app_of
from soundstage.api.parts import parts_of
from soundstage.api.queue import find_order, links_of, wants_logs
from soundstage.api.replies import REQUEST_ID, encode
from soundstage.api.waiting import end_tasks, follow_with_logs, listening_for_hangup

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Sequence

    from starlette.requests import Request
    from starlette.types import Receive, Scope, Send

    from soundstage.api.parts import ApiParts
    from soundstage.api.ports import LogLine, OrderState
    from soundstage.api.urls import Links

    Change = tuple[OrderState, Sequence[LogLine]]

HEARTBEAT = b": still here\n\n"


async def status_stream(request: Request) -> Response:
    """Answer with the stream; an unknown order is a plain 404."""
    state = await find_order(request)
    return EventStream(
        parts_of(request),
        state.order_id,
        links_of(request),
        app_of(state.endpoint),
        with_logs=wants_logs(request),
    )


class EventStream(Response):
    """The stream of one order. Ends with the order, the caller or the server."""

    media_type = "text/event-stream"

    def __init__(self, parts: ApiParts, order_id: str, links: Links, app: str, *, with_logs: bool) -> None:
        super().__init__(
            headers={REQUEST_ID: order_id, "cache-control": "no-store", "x-accel-buffering": "no"}
        )
        del self.headers["content-length"]  # the length is not known, and there may be none
        self._parts, self._order_id, self._links, self._app = parts, order_id, links, app
        self._with_logs = with_logs
        self._last: bytes = b""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        if scope["method"] != "HEAD":
            async with listening_for_hangup(receive) as hangup, aclosing(self._changes()) as changes:
                await self._send_events(changes, hangup, send)
        await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _changes(self) -> AsyncGenerator[Change, None]:
        return follow_with_logs(self._parts, self._order_id)

    async def _send_events(
        self, changes: AsyncGenerator[Change, None], hangup: asyncio.Task[None], send: Send
    ) -> None:
        stop = asyncio.create_task(self._parts.stopping.wait())
        change = asyncio.create_task(_next(changes))
        try:
            while True:
                await asyncio.wait(
                    {change, stop, hangup},
                    timeout=self._parts.heartbeat_s,
                    return_when=asyncio.FIRST_COMPLETED,
                )
                if hangup.done() or (stop.done() and not change.done()):
                    return
                if not change.done():
                    await send({"type": "http.response.body", "body": HEARTBEAT, "more_body": True})
                    continue
                told = change.result()
                if told is None:
                    return
                await self._send_event(told, send)
                if has_ended(told[0]) or stop.done():
                    return
                change = asyncio.create_task(_next(changes))
        finally:
            await end_tasks(stop, change)

    async def _send_event(self, told: Change, send: Send) -> None:
        state, lines = told
        body = encode(status_body(state, self._links, self._app, logs=lines if self._with_logs else None))
        if body == self._last:  # only progress moved, which the wire has no word for
            return
        self._last = body
        await send({"type": "http.response.body", "body": b"data: " + body + b"\n\n", "more_body": True})


async def _next(changes: AsyncGenerator[Change, None]) -> Change | None:
    return await anext(changes, None)
