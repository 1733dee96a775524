"""Rows of the order book -> states. Knows no statement."""

from __future__ import annotations

import uuid
from datetime import UTC
from typing import TYPE_CHECKING, Any

from soundstage.errors import OrderUnknown
from soundstage.jobs.orders import OrderState

if TYPE_CHECKING:
    from datetime import datetime

    from psycopg.rows import DictRow

TIMES = ("submitted_at", "started_at", "ended_at", "forgotten_at")


def read_state(row: DictRow) -> OrderState:
    """Return the state that a row of `find_orders` or of the history stands for."""
    fields: dict[str, Any] = {**row, "order_id": str(row["order_id"])}
    fields.pop("log_count", None)  # the watchers' business
    for name in TIMES:
        moment: datetime | None = fields[name]
        fields[name] = moment.astimezone(UTC) if moment else None
    return OrderState(**fields)


def parse_id(order_id: str) -> uuid.UUID:
    """Return an order's id.

    Raises:
        OrderUnknown: the text is no UUID, so no order has it.
    """
    try:
        return uuid.UUID(order_id)
    except ValueError as exc:
        raise OrderUnknown(f"there is no order {order_id!r}: an id looks like {uuid.UUID(int=0)}") from exc
