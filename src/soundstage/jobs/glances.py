"""Orders as they were last read, each good until there is news of it. Knows no SQL.

Callers poll far more often than orders change. A glance saves the read; what must be exact (a result, a
cancel) reads the database.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from soundstage.jobs.feed import Feed
    from soundstage.jobs.orders import OrderState, Status

CHANNEL = "soundstage_orders"
MOST = 20_000  #: orders kept; one takes some 4 kB
#: A glance is good for so long without news: a place in the line moves without any, and news can be lost.
GOOD_FOR_S: dict[Status, float] = {
    "waiting": 0.25, "running": 2.0, "done": 10.0, "failed": 10.0, "cancelled": 10.0,
}  # fmt: skip


@dataclass(slots=True, kw_only=True)
class Glance:
    """One order as it was read. Ask `holds` before you say it again."""

    state: OrderState
    line_count: int  #: how many log lines it has
    _good_until: float
    _is_news: Callable[[], bool] = field(repr=False)
    _clock: Callable[[], float] = field(repr=False)

    def holds(self) -> bool:
        """Tell whether this is still what the database says, as far as anybody has told us."""
        return not self._is_news() and self._clock() < self._good_until


@dataclass(slots=True)
class _Reading:
    """A read that has begun: news that comes before it ends makes it old at once."""

    old: bool
    task: asyncio.Task[Glance] | None = None

    def is_good(self) -> bool:
        """Tell whether whoever comes now may have what this read brings, or has brought."""
        assert self.task is not None
        return not self.old and (not self.task.done() or self.task.result().holds())


class Glances:
    """Remembers orders as they were read, and forgets each when the feed has news of it."""

    def __init__(
        self,
        feed: Feed,
        read: Callable[[str], Awaitable[tuple[OrderState, int]]],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Take what glances are made of.

        Args:
            feed: brings news of orders.
            read: returns an order and its count of log lines from the database.
            clock: seconds, never backwards.
        """
        self._feed, self._read, self._clock = feed, read, clock
        self._readings: dict[str, _Reading] = {}
        feed.listen(CHANNEL, self._hear)

    async def look(self, order_id: str) -> Glance:
        """Return an order, from memory if that is still good.

        Raises:
            OrderUnknown: there is none.
            DatabaseUnavailable: it must be read, and PostgreSQL does not answer.
        """
        reading = self._readings.get(order_id)
        if reading is None or not reading.is_good():
            self.drop(order_id)
            # Entered before the read begins: whatever is committed after that read's snapshot finds it here.
            reading = _Reading(old=not self._feed.listening.is_set())
            self._make_room()
            self._readings[order_id] = reading
            reading.task = asyncio.create_task(self._fill(order_id, reading), name="glance")
        assert reading.task is not None
        # Shared by all who came while it ran; one of them going away must not end it for the others.
        return await asyncio.shield(reading.task)

    async def _fill(self, order_id: str, reading: _Reading) -> Glance:
        try:
            state, line_count = await self._read(order_id)
        except BaseException:
            self._let_go(order_id, reading)
            raise
        good_for_s = GOOD_FOR_S[state.status]
        asyncio.get_running_loop().call_later(good_for_s, self._let_go, order_id, reading)
        return Glance(
            state=state,
            line_count=line_count,
            _good_until=self._clock() + good_for_s,
            _is_news=lambda: reading.old,
            _clock=self._clock,
        )

    def _let_go(self, order_id: str, reading: _Reading) -> None:
        """Keep a reading no longer than it is good: nobody may ask for it again."""
        if self._readings.get(order_id) is reading:
            self.drop(order_id)

    def drop(self, order_id: str) -> None:
        """Forget an order: this process has just changed it."""
        reading = self._readings.pop(order_id, None)
        if reading is not None:
            reading.old = True

    def _hear(self, order_id: str | None) -> None:
        """Forget what there is news of; None: news may have been lost, so everything."""
        if order_id is not None:
            self.drop(order_id)
            return
        for reading in self._readings.values():
            reading.old = True
        self._readings.clear()

    def _make_room(self) -> None:
        while len(self._readings) >= MOST:
            self.drop(next(iter(self._readings)))
