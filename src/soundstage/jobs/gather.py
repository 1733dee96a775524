"""The `submit_many` seam: orders that arrive within two milliseconds become one transaction. Knows no SQL.

Under load a batch is whatever came while those before it were written: the more come, the less each costs.

One bad order never fails its neighbours: when PostgreSQL refuses a batch for what is in it, each order
goes alone, and only the bad one hears of it.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import psycopg

from soundstage.errors import OrderRefused, Problem, QueueFull

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from soundstage.jobs.orders import NewOrder, OrderState
    from soundstage.jobs.submission import Outcome

GATHER_S = 0.002  #: shorter than one commit's fsync, long enough to catch a burst
#: Batches on their way. They wait for each other at their callers' rows: more would be smaller and no faster.
MOST_AT_ONCE = 2
LARGEST_BATCH = 200  #: rows of one statement; more would hold the callers' locks too long

Promise = asyncio.Future["OrderState"]
Batch = list[tuple["NewOrder", Promise]]


class Gatherer:
    """Collects orders and submits them in batches through `submit_many`."""

    def __init__(self, submit_many: Callable[[Sequence[NewOrder]], Awaitable[list[Outcome]]]) -> None:
        self._submit_many = submit_many
        self._arrived: Batch = []
        self._batches: set[asyncio.Task[None]] = set()

    async def submit(self, new: NewOrder) -> OrderState:
        """Hand in one order and return its state once it is durable.

        Raises:
            OrderRefused: PostgreSQL cannot keep what is in it.
            QueueFull: more orders wait than it would stand behind.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        loop = asyncio.get_running_loop()
        promise: Promise = loop.create_future()
        if not self._arrived:
            loop.call_later(GATHER_S, self._send)
        self._arrived.append((new, promise))
        if len(self._arrived) == LARGEST_BATCH:
            self._send()
        return await promise

    async def drain(self) -> None:
        """Wait until everything handed in has been answered."""
        self._send()
        while self._batches:
            await asyncio.wait(self._batches)

    def _send(self) -> None:
        while self._arrived and len(self._batches) < MOST_AT_ONCE:
            batch, self._arrived = self._arrived[:LARGEST_BATCH], self._arrived[LARGEST_BATCH:]
            task = asyncio.get_running_loop().create_task(self._answer(batch), name="submit orders")
            self._batches.add(task)
            task.add_done_callback(self._go_on)

    def _go_on(self, ended: asyncio.Task[None]) -> None:
        self._batches.discard(ended)
        self._send()

    async def _answer(self, batch: Batch) -> None:
        try:
            outcomes = await self._submit_many([new for new, _ in batch])
        except (psycopg.DataError, psycopg.IntegrityError) as exc:
            if len(batch) > 1:
                for one in batch:
                    await self._answer([one])
            else:
                _refuse(batch[0][1], exc)
        except Exception as exc:  # noqa: BLE001 - whoever waits must hear of it, whatever it is
            for _, promise in batch:
                if not promise.done():
                    promise.set_exception(exc)
        else:
            for (_, promise), outcome in zip(batch, outcomes, strict=True):
                _tell(promise, outcome)


def _tell(promise: Promise, outcome: Outcome) -> None:
    if promise.done():  # its caller may have gone
        return
    if isinstance(outcome, QueueFull):
        promise.set_exception(outcome)
    else:
        promise.set_result(outcome)


def _refuse(promise: Promise, exc: psycopg.Error) -> None:
    if promise.done():
        return
    said = str(exc).strip().split("\n", 1)[0]
    refusal = OrderRefused(
        (
            Problem(
                loc=("body",), msg=f"the order cannot be stored: {said}; send plain text", type="value_error"
            ),
        )
    )
    refusal.__cause__ = exc
    promise.set_exception(refusal)
