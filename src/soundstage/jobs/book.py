"""The order book: the door through which orders are submitted, found, watched and withdrawn. Knows no HTTP.

Any number of processes may have it open on one database.
"""

from __future__ import annotations

import asyncio
import secrets
import time
import uuid
from contextlib import suppress
from datetime import UTC
from typing import TYPE_CHECKING, Any, Self

from soundstage.errors import DatabaseUnavailable, OrderFinished, OrderUnknown
from soundstage.jobs.database import POOL_WAIT_S, Database
from soundstage.jobs.feed import Feed
from soundstage.jobs.gather import Gatherer
from soundstage.jobs.glances import CHANNEL, Glances
from soundstage.jobs.history import History
from soundstage.jobs.orders import LogLine, NewOrder, OrderState
from soundstage.jobs.rows import parse_id, read_state
from soundstage.jobs.submission import find_states, write_orders

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence

    from soundstage.jobs.glances import Glance
    from soundstage.jobs.submission import Outcome

SECRET_BYTES = 32
#: A watcher looks by itself this often: its place in the line moves without news of it, and news can be lost.
LOOK_AGAIN_S = {"waiting": 2.0, "running": 10.0}
SWEEP_TURN = 5_350_701_928  #: advisory lock of `sweep`, any constant that is ours
PATIENCE_S = 30.0  #: a watcher sits out a database that is away for this long


class OrderBook(History):
    """Every order there is. Open it with `async with`, or `open` and `close`."""

    def __init__(
        self,
        dsn: str,
        *,
        per_caller_limit: int = 1000,
        connections: int = 8,
        database_wait_s: float = POOL_WAIT_S,
    ) -> None:
        database = Database(dsn, connections=connections, wait_s=database_wait_s)
        super().__init__(database, per_caller_limit=per_caller_limit)
        self._gatherer = Gatherer(self.submit_many)
        self._feed = Feed(self.database, [CHANNEL])
        self._glances = Glances(self._feed, self._find)

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        await self.database.open()

    async def close(self) -> None:
        """Answer what was submitted, then disconnect; safe to call twice."""
        await self._gatherer.drain()
        await self._feed.close()
        await self.database.close()

    async def ping(self) -> None:
        """Return when the order book can be read.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        await self.database.rows("ping")

    async def secret(self, name: str) -> bytes:
        """Return the 32 secret bytes that every process on this database knows by this name; made once.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        row = await self.database.row("read_secret", called=name)
        if row is None:
            await self.database.rows("make_secret", called=name, secret=secrets.token_bytes(SECRET_BYTES))
            row = await self.database.row("read_secret", called=name)
        assert row is not None, name
        return bytes(row["secret"])

    async def submit(self, new: NewOrder) -> OrderState:
        """Write an order and its queue job; both are durable on return. Repeating a submit changes nothing.

        Raises:
            OrderRefused: PostgreSQL cannot keep what is in it (as the character NUL).
            QueueFull: more orders wait than `max_waiting`.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        uuid.UUID(new.order_id)  # ours to get right: a ValueError here is a bug of the caller
        return await self._gatherer.submit(new)

    async def submit_many(self, news: Sequence[NewOrder]) -> list[Outcome]:
        """Write orders and their queue jobs in one transaction; return what became of each.

        Raises:
            psycopg.DataError: one of them cannot be kept, so none was.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        return await write_orders(self.database, news, per_caller_limit=self._limit)

    async def find(self, order_id: str) -> OrderState:
        """Return an order.

        Raises:
            OrderUnknown: there is none of this id; text that is no UUID included.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        return (await self._find(order_id))[0]

    async def glance(self, order_id: str) -> Glance:
        """Return an order as it was read a moment ago, for those who ask again and again.

        No news of it has come since; its place in the line may be a quarter of a second old.

        Raises:
            OrderUnknown: as `find` does.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        self._feed.start()
        return await self._glances.look(str(parse_id(order_id)))

    async def logs(self, order_id: str, *, after: int = 0) -> list[LogLine]:
        """Return the log lines of an order whose `seq` is over `after`, in order.

        Raises:
            OrderUnknown: there is no such order.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        rows = await self.database.rows("read_logs", order_id=parse_id(order_id), after=after)
        if not rows:
            await self.find(order_id)  # nothing said yet, or no such order
        return [LogLine(**{**row, "at": row["at"].astimezone(UTC)}) for row in rows]

    async def cancel(self, order_id: str) -> OrderState:
        """Withdraw an order: a waiting one never starts after this, a running one is told to stop.

        Raises:
            OrderUnknown: there is no such order.
            OrderFinished: it has ended already.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        async with self.database.transaction() as connection:
            asked = await self.database.row("cancel_order", connection, order_id=parse_id(order_id))
            if asked is not None and asked["status"] == "cancelled":
                await self.database.rows(
                    "admit_orders", connection, callers=[asked["caller"]], limit=self._limit
                )
        state = await self.find(order_id)
        self._glances.drop(state.order_id)  # here at once; other processes hear of it
        if asked is None:
            raise OrderFinished(f"order {order_id} has ended already: it is {state.status}")
        return state

    async def watch(self, order_id: str) -> AsyncIterator[OrderState]:
        """Yield an order at once, then whenever its status, progress, place or log changed.

        Ends after a final state. Sits out a database that is away for up to 30 s.

        Raises:
            OrderUnknown: there is no such order.
            DatabaseUnavailable: PostgreSQL has been away too long.
        """
        shown: OrderState | None = None
        shown_lines, answered = 0, time.monotonic()
        with self._feed.news(CHANNEL, str(parse_id(order_id))) as news:
            while True:
                news.clear()
                try:
                    seen, lines = await self._find(order_id)
                    answered = time.monotonic()
                except DatabaseUnavailable:
                    if shown is None or time.monotonic() - answered > PATIENCE_S:
                        raise
                    seen, lines = shown, shown_lines
                if (seen, lines) != (shown, shown_lines):
                    shown, shown_lines = seen, lines
                    yield seen
                if seen.is_final:
                    return
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_AGAIN_S[seen.status]):  # wait_for may forget a cancel
                        await news.wait()

    async def recent(
        self,
        limit: int = 20,
        *,
        after: str | None = None,
        oldest_first: bool = False,
        caller: str | None = None,
        with_forgotten: bool = True,
    ) -> list[OrderState]:
        """Return the newest orders, newest first, or the oldest; `after` is the last one of the page before.

        Raises:
            OrderUnknown: there is no order `after`.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        values: dict[str, Any] = {
            "after": None if after is None else parse_id(after),
            "caller": caller,
            "with_forgotten": with_forgotten,
            "limit": limit,
        }
        if oldest_first:
            rows = await self.database.rows("oldest_orders", **values)
        else:
            rows = await self.database.rows("newest_orders", **values)
        if after is not None and not rows:
            await self.find(after)  # the last page, or no such order
        states = await find_states(self.database, [str(row["order_id"]) for row in rows])
        return [states[key] for key in (str(row["order_id"]) for row in rows) if key in states]

    async def counts(self) -> dict[str, int]:
        """Return how many orders there are of each status."""
        rows = await self.database.rows("count_orders")
        return {row["status"]: row["orders"] for row in rows}

    async def sweep(self) -> int:
        """Admit what a crash left outside the queue, and requeue what lost its job; return how many."""
        async with self.database.transaction() as connection:
            # In turns: two sweeps at once would queue one lost order twice, which the queue refuses.
            turn = await self.database.row("take_turn", connection, turn=SWEEP_TURN)
            if turn is None or not turn["ours"]:
                return 0
            admitted = await self.database.row("admit_orders", connection, callers=None, limit=self._limit)
            lost = await self.database.row("requeue_lost", connection)
            await self.database.rows("sweep_line", connection)
        return sum(len(row["job_ids"]) for row in (admitted, lost) if row is not None)

    async def _find(self, order_id: str) -> tuple[OrderState, int]:
        row = await self.database.row("find_orders", order_ids=[parse_id(order_id)])
        if row is None:
            raise OrderUnknown(f"there is no order {order_id}")
        return read_state(row), row["log_count"]
