"""What the order book takes and gives: orders as its callers see them. Knows no SQL and no queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import datetime

Status = Literal["waiting", "running", "done", "failed", "cancelled"]
Priority = Literal["normal", "low"]
Level = Literal["DEBUG", "INFO", "WARN", "ERROR"]

FINAL: frozenset[Status] = frozenset({"done", "failed", "cancelled"})


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order to be written into the book."""

    order_id: str  #: a UUID
    endpoint: str
    payload: dict[str, Any]  #: whatever the stage's `make` takes, as JSON
    caller: str = "anonymous"
    priority: Priority = "normal"  #: "low" runs behind all normal ones


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderState:
    """An order as it stands. Times are aware, UTC."""

    order_id: str
    endpoint: str
    status: Status
    queue_position: int | None  #: how many waiting orders are ahead; None unless it waits
    payload: dict[str, Any]
    result: dict[str, Any] | None  #: set exactly when done
    error_kind: str | None  #: set exactly when failed
    error_message: str | None
    cancel_requested: bool
    attempts: int  #: how often a worker has taken it up
    submitted_at: datetime
    started_at: datetime | None  #: of the attempt that runs or ended it
    ended_at: datetime | None
    progress: dict[str, Any] | None  #: the last report

    @property
    def is_final(self) -> bool:
        """True once nothing about this order can change any more."""
        return self.status in FINAL


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One thing that was said about an order."""

    seq: int  #: 1, 2, 3 ... within the order
    at: datetime
    level: Level
    message: str
    facts: dict[str, Any] = field(default_factory=dict[str, Any])
