"""Waiting for what may never come: an order's end, a caller's hang-up, a database's return."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import TYPE_CHECKING, Any

from soundstage.api.answers import has_ended
from soundstage.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.types import Receive

    from soundstage.api.parts import ApiParts
    from soundstage.api.ports import LogLine, OrderState

log = logging.getLogger(__name__)


async def follow(parts: ApiParts, order_id: str) -> AsyncGenerator[OrderState, None]:
    """Yield an order's states until a final one, over as many absences of the database as come.

    A caller who holds a connection would take an error for the order's end and send it again.
    """
    while True:
        changes = parts.book.watch(order_id)
        try:
            async for state in changes:
                yield state
                if has_ended(state):
                    return
        except DatabaseUnavailable as exc:
            log.warning("database away while an order is watched", extra={"order": order_id, "why": str(exc)})
        finally:
            if isinstance(changes, AsyncGenerator):
                await changes.aclose()
        await asyncio.sleep(parts.reconnect_s)


async def follow_with_logs(
    parts: ApiParts, order_id: str
) -> AsyncGenerator[tuple[OrderState, Sequence[LogLine]], None]:
    """Yield states with the log lines that are new since the state before."""
    seen = 0
    async with aclosing(follow(parts, order_id)) as states:
        async for state in states:
            lines = await _logs(parts, order_id, seen)
            seen = lines[-1].seq if lines else seen
            yield state, lines


async def _logs(parts: ApiParts, order_id: str, after: int) -> Sequence[LogLine]:
    while True:
        try:
            return await parts.book.logs(order_id, after=after)
        except DatabaseUnavailable as exc:
            log.warning("database away while logs are read", extra={"order": order_id, "why": str(exc)})
        await asyncio.sleep(parts.reconnect_s)


@asynccontextmanager
async def listening_for_hangup(receive: Receive) -> AsyncGenerator[asyncio.Task[None]]:
    """Lend a task that is done once the caller has gone. The request's body must have been read."""
    task = asyncio.create_task(_until_hangup(receive))
    try:
        yield task
    finally:
        await end_tasks(task)


async def _until_hangup(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def end_tasks(*tasks: asyncio.Task[Any]) -> None:
    """Cancel tasks and wait until they have ended; what they raise on the way is of no more use."""
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
