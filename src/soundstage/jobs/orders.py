"""What the order book takes and gives: orders as its callers see them. Knows no SQL and no queue."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from datetime import datetime

    from soundstage.errors import Problem

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
    body_hash: bytes | None = (
        None  #: of all that makes this order what it is; a repeated submit is compared by it
    )
    input: str | None = None  #: the request's body as it was sent, JSON, for the history
    start_within_s: float | None = None  #: still waiting after this long: it fails with `start_timeout`
    retries: bool = True  #: False: the first failure ends it
    keeps_io: bool = True  #: False: input and output are forgotten soon after its end
    answer_base: str | None = None  #: base of the URLs in the webhook's body; set wherever `webhook_url` is
    webhook_url: str | None = None
    max_waiting: int | None = None  #: more orders of all callers wait already: the submit is refused
    #: why the request was refused; the order is then born failed, with an empty payload
    refused: tuple[Problem, ...] | None = None


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
    caller: str
    body_hash: bytes | None
    keeps_io: bool
    answer_base: str | None
    webhook_url: str | None
    error_detail: list[dict[str, Any]] | None  #: every `Problem` of an order that was refused, as JSON
    forgotten_at: datetime | None  #: since then its payload, input and result are gone
    input: str | None = None  #: only the history reads it

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
