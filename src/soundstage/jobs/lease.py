"""The right of one worker to write and end one order. Knows no stage and no queue.

Every statement names the lease: a worker that was taken for dead and lives on changes nothing any more.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
from psycopg.types.json import Jsonb

from soundstage.errors import SoundstageError, StageDied, StageError, StartTimeout

if TYPE_CHECKING:
    from collections.abc import Sequence

    from soundstage.jobs.database import Database
    from soundstage.jobs.orders import Level, Status

#: An order that was taken up this often and never ended is not taken up again: it may be what kills workers.
MOST_TAKEN_UP = 5
WORN_WORDS = f"the order was taken up {MOST_TAKEN_UP} times and no worker lived to end it"
LOST_WORDS = "the worker that made this was lost, and X-Fal-No-Retry asked for no second attempt"
START_TIMEOUT_WORDS = "nobody began this request within the time that X-Fal-Request-Timeout gave"


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A log line that has no number yet."""

    at: datetime
    level: Level
    message: str
    facts: dict[str, Any]


def remark(level: Level, message: str, **facts: Any) -> Remark:
    """Return a log line of now."""
    return Remark(at=datetime.now(UTC), level=level, message=message, facts=facts)


class LeaseLost(SoundstageError):
    """Another worker has taken the order up, or it has ended: this worker must drop it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lease:
    """A claimed order."""

    database: Database
    order_id: str
    lease_id: uuid.UUID
    payload: dict[str, Any]
    attempt: int  #: 1 is the first
    retries: bool  #: False: the first failure ends it
    was_lost: bool  #: the worker before it vanished
    per_caller_limit: int

    async def write(self, progress: dict[str, Any] | None, remarks: Sequence[Remark]) -> bool:
        """Keep the last report (None: as it was) and append log lines; return whether a cancel is asked.

        Raises:
            LeaseLost: the order is no longer ours.
            StageError: PostgreSQL cannot store what was said (as the character NUL).
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        try:
            row = await self.database.row(
                "write_progress",
                order_id=self.order_id,
                lease=self.lease_id,
                progress=None if progress is None else Jsonb(progress),
                line_count=len(remarks),
                ats=[r.at for r in remarks],
                levels=[r.level for r in remarks],
                messages=[r.message for r in remarks],
                facts=[Jsonb(r.facts) for r in remarks],
            )
        except psycopg.DataError as exc:
            raise StageError(f"the stage reported what cannot be stored: {exc}") from exc
        if row is None:
            raise LeaseLost(f"order {self.order_id} is no longer ours")
        return row["cancel_requested"]

    async def finish(self, result: dict[str, Any]) -> Status:
        """End the order as done; return how it really ended (cancelled, when that was asked before).

        Raises:
            LeaseLost: the order is no longer ours.
            StageError: PostgreSQL cannot store the result (as the character NUL).
        """
        try:
            return await self._end(status="done", result=Jsonb(result), error_kind=None, error_message=None)
        except psycopg.DataError as exc:
            raise StageError(f"the stage made a result that cannot be stored: {exc}") from exc

    async def fail(self, kind: str, message: str) -> Status:
        """End the order as failed; return how it really ended.

        Raises:
            LeaseLost: the order is no longer ours.
        """
        return await self._end(status="failed", result=None, error_kind=kind, error_message=message)

    async def give_back(self, *, attempt_counts: bool) -> None:
        """Put the order back into the waiting line, at its old place; end it when a cancel is asked.

        Raises:
            LeaseLost: the order is no longer ours.
        """
        refund = 0 if attempt_counts else 1
        row = await self.database.row(
            "give_back_order", order_id=self.order_id, lease=self.lease_id, refund=refund
        )
        if row is None:
            await self.fail(
                "internal_server_error", "given back"
            )  # a cancel is asked, so it ends as cancelled

    async def _end(self, **how: Any) -> Status:
        async with self.database.transaction() as connection:
            row = await self.database.row(
                "end_order", connection, order_id=self.order_id, lease=self.lease_id, **how
            )
            if row is None:
                raise LeaseLost(f"order {self.order_id} is no longer ours")
            await self.database.rows(
                "admit_orders", connection, callers=[row["caller"]], limit=self.per_caller_limit
            )
        return row["status"]


async def claim(database: Database, order_id: str, *, per_caller_limit: int) -> Lease | None:
    """Take up an order; None when there is nothing to do: it has ended, or ends here because it must.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    lease_id = uuid.uuid4()
    row = await database.row("claim_order", order_id=order_id, lease=lease_id, most_attempts=MOST_TAKEN_UP)
    if row is not None:
        return Lease(
            database=database,
            order_id=order_id,
            lease_id=lease_id,
            payload=row["payload"],
            attempt=row["attempts"],
            retries=row["retries"],
            was_lost=row["was_lost"],
            per_caller_limit=per_caller_limit,
        )
    async with database.transaction() as connection:
        ended = await database.row(
            "end_unclaimable",
            connection,
            order_id=order_id,
            most_attempts=MOST_TAKEN_UP,
            died_kind=StageDied.kind,
            worn_words=WORN_WORDS,
            lost_words=LOST_WORDS,
            late_kind=StartTimeout.kind,
            late_words=START_TIMEOUT_WORDS,
        )
        if ended is not None:
            await database.rows("admit_orders", connection, callers=[ended["caller"]], limit=per_caller_limit)
    return None
