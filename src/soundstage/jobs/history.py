"""What the order book knows of ended orders, and what is done to many orders at once. Part of `book.py`.

An ended order is remembered with its input and output for a while; then they are forgotten and the row
stays, so that the history still says that there was one.
"""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from soundstage.errors import OrderRunning, OrderUnknown, RequestInvalid, StartTimeout
from soundstage.jobs.lease import START_TIMEOUT_WORDS
from soundstage.jobs.rows import parse_id, read_state
from soundstage.jobs.submission import find_states

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from psycopg.rows import DictRow

    from soundstage.jobs.database import Database
    from soundstage.jobs.orders import OrderState

Outcome = Literal["success", "error", "user_error"]
SortKey = Literal["ended_at", "duration"]

MOST_AT_ONCE = 500  #: orders that one statement ends or forgets; more would hold their locks too long


END_MANY_TURN = 5_350_701_932  #: advisory lock of what ends many orders, any constant that is ours
MOST_MARK = 10**17  #: microseconds; beyond it a moment is none that PostgreSQL knows


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryPage:
    """Some ended orders, and how to ask for the next ones."""

    items: tuple[OrderState, ...]
    next_cursor: str | None  #: opaque; None: there are no more


class History:
    """The order book's memory. `OrderBook` is one."""

    def __init__(self, database: Database, *, per_caller_limit: int) -> None:
        assert per_caller_limit > 0, per_caller_limit
        self.database = database
        self._limit = per_caller_limit

    async def history(
        self,
        endpoint: str | None = None,
        *,
        start: datetime | None = None,
        end: datetime | None = None,
        status: Outcome | None = None,
        user_error_kinds: Sequence[str] = (),
        order_id: str | None = None,
        sort_by: SortKey = "ended_at",
        limit: int = 50,
        cursor: str | None = None,
        with_io: bool = False,
    ) -> HistoryPage:
        """Return a page of ended orders: the newest first, or those that took longest.

        Args:
            endpoint: only of this one.
            start: only those that ended at this moment or later.
            end: only those that ended before this moment.
            status: "success": done. "user_error": cancelled, or failed with one of `user_error_kinds`.
            user_error_kinds: which kinds of errors are the caller's own.
            order_id: only this one.
            sort_by: "duration" is the time from start to end; what never began took none.
            limit: orders on the page, at least 1.
            cursor: `next_cursor` of the page before, from the same question.
            with_io: with payload, input, result and error_detail, which are empty otherwise.

        Raises:
            OrderUnknown: `order_id` is no id.
            RequestInvalid: the cursor is none of ours.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        assert limit > 0, limit
        mark, mark_id = _read_cursor(cursor, sort_by)
        values: dict[str, Any] = {
            "endpoint": endpoint,
            "start": start,
            "end": end,
            "outcome": status,
            "user_error_kinds": list(user_error_kinds),
            "order_id": None if order_id is None else parse_id(order_id),
            "mark": mark,
            "mark_id": mark_id,
            "limit": limit + 1,  # one more tells whether there is a next page
            "with_io": with_io,
        }
        if sort_by == "ended_at":
            rows = await self.database.rows("history_by_end", **values)
        else:
            rows = await self.database.rows("history_by_duration", **values)
        more = len(rows) > limit
        return HistoryPage(
            items=tuple(_read_row(row) for row in rows[:limit]),
            next_cursor=_write_cursor(rows[limit - 1], sort_by) if more else None,
        )

    async def waiting(self, endpoint: str | None = None, *, caller: str | None = None) -> int:
        """Return how many orders wait: all, or those of an endpoint, of a caller.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        row = await self.database.row("count_waiting", endpoint=endpoint, caller=caller)
        return 0 if row is None else row["orders"]

    async def flush(self, endpoint: str | None = None, *, caller: str | None = None) -> int:
        """Withdraw every order that waits: all, or those of an endpoint, of a caller; return how many.

        What runs goes on.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        flushed = 0
        while True:
            ended = await self.database.rows(
                "flush_orders", endpoint=endpoint, caller=caller, most=MOST_AT_ONCE, turn=END_MANY_TURN
            )
            flushed += len(ended)
            if len(ended) < MOST_AT_ONCE:
                break
        if flushed:
            # Only now: what is admitted may be of those that are flushed next.
            await self.database.rows("admit_orders", callers=None, limit=self._limit)
        return flushed

    async def forget(self, order_id: str) -> OrderState:
        """Forget an ended order's input and output; return what it was before, so that its files can go too.

        Raises:
            OrderUnknown: there is no such order.
            OrderRunning: it has not ended; cancel it first.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        key = parse_id(order_id)
        before = (await find_states(self.database, [str(key)])).get(str(key))
        if before is None:
            raise OrderUnknown(f"there is no order {order_id}")
        if not before.is_final:
            raise OrderRunning(f"order {order_id} has not ended, it is {before.status}; cancel it first")
        await self.database.rows("forget_order", order_id=key)
        return before

    async def expire_late(self) -> int:
        """Fail the orders that nobody began in the time their callers gave; return how many.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        expired: list[DictRow] = []
        while True:
            ended = await self.database.rows(
                "expire_late",
                error_kind=StartTimeout.kind,
                error_message=START_TIMEOUT_WORDS,
                most=MOST_AT_ONCE,
                turn=END_MANY_TURN,
            )
            expired += ended
            if len(ended) < MOST_AT_ONCE:
                break
        if expired:
            callers = sorted({row["caller"] for row in expired})
            await self.database.rows("admit_orders", callers=callers, limit=self._limit)
        return len(expired)

    async def forget_old(self, *, payload_kept_s: float, unstored_result_s: float) -> int:
        """Forget input and output of what ended long ago; return of how many orders.

        Args:
            payload_kept_s: how long they are kept.
            unstored_result_s: how long for an order whose caller asked not to keep them.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        forgotten = 0
        for keeps_io, kept_s in ((True, payload_kept_s), (False, unstored_result_s)):
            gone = MOST_AT_ONCE
            while gone == MOST_AT_ONCE:
                rows = await self.database.rows(
                    "forget_old", keeps_io=keeps_io, kept_s=kept_s, most=MOST_AT_ONCE
                )
                gone = len(rows)
                forgotten += gone
        return forgotten


def _read_row(row: DictRow) -> OrderState:
    fields = {**row}
    del fields["mark"]
    return read_state(fields)


def _write_cursor(row: DictRow, sort_by: SortKey) -> str:
    text = json.dumps([sort_by, row["mark"], str(row["order_id"])])
    return base64.urlsafe_b64encode(text.encode()).decode()


def _read_cursor(cursor: str | None, sort_by: SortKey) -> tuple[int | None, uuid.UUID | None]:
    if cursor is None:
        return None, None
    try:
        sorted_by, mark, order_id = json.loads(base64.urlsafe_b64decode(cursor))
        key = uuid.UUID(order_id)
    except (ValueError, TypeError, AttributeError) as exc:
        raise _foreign(cursor) from exc
    if sorted_by != sort_by or type(mark) is not int or abs(mark) > MOST_MARK:
        raise _foreign(cursor)
    return mark, key


def _foreign(cursor: str) -> RequestInvalid:
    return RequestInvalid(
        f"the cursor {cursor[:80]!r} does not read: send the next_cursor of the page before, unchanged"
    )
