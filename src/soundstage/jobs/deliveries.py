"""The ledger of webhooks: what is owed to whom, and what came of each attempt. Knows no HTTP and no queue.

A trigger of the schema writes a delivery in the transaction that ends its order (`schema_2.sql`).
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC
from typing import TYPE_CHECKING, Any, Literal
from urllib.parse import urlsplit

from soundstage.webhook_errors import DeliveryUnderWay, DeliveryUnknown

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg.rows import DictRow

    from soundstage.jobs.database import Database

DeliveryStatus = Literal["due", "delivered", "failed"]
SWEEP_TURN = 5_350_701_931  #: advisory lock of `requeue_lost`


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """A delivery as it stands. Times are aware, UTC."""

    delivery_id: str
    order_id: str
    url: str = field(repr=False)  #: may hold a secret of the receiver's: show `receiver`
    status: DeliveryStatus
    attempts: int
    last_code: int | None  #: what the receiver answered last, if it answered
    last_error: str | None  #: why the last attempt was no delivery
    created_at: datetime
    next_at: datetime | None  #: of the next attempt, while it is due
    ended_at: datetime | None

    @property
    def receiver(self) -> str:
        """The URL as it may be shown: without user, password and query."""
        parts = urlsplit(self.url)
        return f"{parts.scheme}://{host_of(self.url)}{parts.path}{'?...' if parts.query else ''}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A delivery that waits for its next attempt."""

    order_id: str
    url: str = field(repr=False)
    next_at: datetime  #: of that attempt, by the database's clock
    early_s: float  #: how far off that is


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One try, counted."""

    delivery_id: str
    order_id: str
    url: str = field(repr=False)
    number: int  #: 1 is the first
    body: bytes | None = field(repr=False)  #: what every attempt sends; None before the first


class Deliveries:
    """Every delivery there is."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find_due(self, delivery_id: str) -> Due | None:
        """Return a delivery that waits for its next attempt; None when it does not."""
        row = await self._database.row("find_delivery", delivery_id=delivery_id)
        if row is None:
            return None
        return Due(
            order_id=str(row["order_id"]), url=row["url"], next_at=row["next_at"], early_s=row["early_s"]
        )

    async def begin(self, delivery_id: str, *, most_attempts: int) -> Attempt | None:
        """Count an attempt and return it; None when nothing is due, or no attempt is left.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        row = await self._database.row("begin_delivery", delivery_id=delivery_id, most_attempts=most_attempts)
        if row is None:
            await self._database.row(
                "end_exhausted",
                delivery_id=delivery_id,
                most_attempts=most_attempts,
                error="the worker was lost in the last attempt; the receiver may have it",
            )
            return None
        return Attempt(
            delivery_id=delivery_id,
            order_id=str(row["order_id"]),
            url=row["url"],
            number=row["attempts"],
            body=row["body"],
        )

    async def keep_body(self, attempt: Attempt, body: bytes) -> bytes:
        """Keep what was made for the first attempt; return what all attempts send."""
        row = await self._database.row("keep_body", delivery_id=attempt.delivery_id, body=body)
        return body if row is None else bytes(row["body"])

    async def note(
        self,
        attempt: Attempt,
        status: DeliveryStatus,
        *,
        code: int | None,
        error: str | None,
        gap_s: float = 0.0,
    ) -> datetime | None:
        """Write down what came of an attempt, if it was the last one begun; return when the next one is due.

        Args:
            attempt: the one that was made.
            status: "due" when another follows.
            code: the receiver's status, if it gave one.
            error: why it was no delivery.
            gap_s: from now to the next attempt, where one follows.
        """
        row = await self._database.row(
            "note_attempt",
            delivery_id=attempt.delivery_id,
            attempt=attempt.number,
            status=status,
            code=code,
            error=error,
            gap_s=gap_s,
        )
        return None if row is None else row["next_at"]

    async def take_back(self, attempt: Attempt) -> None:
        """Undo the count of an attempt that we broke off ourselves."""
        await self._database.rows(
            "take_back_attempt", delivery_id=attempt.delivery_id, attempt=attempt.number
        )

    async def recent(self, limit: int, *, status: DeliveryStatus | None = None) -> list[Delivery]:
        """Return the newest deliveries, newest first."""
        rows = await self._database.rows("list_deliveries", status=status, limit=limit)
        return [_delivery(row) for row in rows]

    async def redeliver(self, delivery_id: str) -> None:
        """Send a delivery again now, whatever came of it, with all its attempts before it.

        Args:
            delivery_id: of a delivery, or of the order it tells of.

        Raises:
            DeliveryUnknown: there is none.
            DeliveryUnderWay: it is being sent at this moment.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        try:
            sought = uuid.UUID(delivery_id)
        except ValueError as exc:
            raise DeliveryUnknown(
                f"{delivery_id!r} is no id: give that of a delivery, or of its request"
            ) from exc
        async with self._database.transaction() as connection:
            row = await self._database.row("lock_delivery", connection, delivery_id=sought)
            if row is None:
                raise DeliveryUnknown(
                    f"no webhook is known by {sought}: its request had no fal_webhook, or has not ended yet"
                )
            if row["under_way"]:
                raise DeliveryUnderWay(f"the webhook {sought} is being sent at this moment: look again later")
            await self._database.rows("restart_delivery", connection, delivery_id=row["delivery_id"])
            await self._database.rows("nudge_workers", connection)

    async def requeue_lost(self) -> int:
        """Give a queue job to every due delivery that lost its own; return how many."""
        async with self._database.transaction() as connection:
            turn = await self._database.row("take_turn", connection, turn=SWEEP_TURN)
            if turn is None or not turn["ours"]:
                return 0
            row = await self._database.row("requeue_deliveries", connection)
        return 0 if row is None else len(row["job_ids"])


def host_of(url: str) -> str:
    """Return host and port of a URL: whom a delivery goes to."""
    return urlsplit(url).netloc.rpartition("@")[2].lower()


def _delivery(row: DictRow) -> Delivery:
    fields: dict[str, Any] = dict(row)
    for name in ("delivery_id", "order_id"):
        fields[name] = str(fields[name])
    for name in ("created_at", "next_at", "ended_at"):
        moment: datetime | None = fields[name]
        fields[name] = moment.astimezone(UTC) if moment else None
    return Delivery(**fields)
