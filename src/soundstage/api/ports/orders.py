"""The durable book of orders, as the door sees it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from soundstage.api.ports.history import OrderHistory

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from datetime import datetime

    from soundstage.errors import Problem

OrderStatus = Literal["waiting", "running", "done", "failed", "cancelled"]
Priority = Literal["normal", "low"]
LogLevel = Literal["DEBUG", "INFO", "WARN", "ERROR"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewOrder:
    """An order as it is handed to the book."""

    order_id: str  #: a UUID
    endpoint: str
    payload: dict[str, Any]  #: a `film.Order` as JSON
    caller: str = "anonymous"
    priority: Priority = "normal"
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


class OrderState(Protocol):
    """What the book knows of an order. All times are aware, UTC."""

    @property
    def order_id(self) -> str:
        """The UUID; the wire calls it request_id."""
        ...

    @property
    def endpoint(self) -> str:
        """The endpoint it was sent to."""
        ...

    @property
    def status(self) -> OrderStatus:
        """Where it is in its life."""
        ...

    @property
    def queue_position(self) -> int | None:
        """How many orders are ahead; only while it waits."""
        ...

    @property
    def payload(self) -> Mapping[str, Any]:
        """A `film.Order` as JSON; empty once it is forgotten."""
        ...

    @property
    def progress(self) -> Mapping[str, Any] | None:
        """The last `film.Report` as JSON."""
        ...

    @property
    def result(self) -> Mapping[str, Any] | None:
        """A `film.Film` as JSON, once done."""
        ...

    @property
    def error_kind(self) -> str | None:
        """The kind of the error that ended it."""
        ...

    @property
    def error_message(self) -> str | None:
        """That error's sentence."""
        ...

    @property
    def error_detail(self) -> Sequence[Mapping[str, Any]] | None:
        """Every `Problem` of an order that was refused, as JSON."""
        ...

    @property
    def caller(self) -> str:
        """Whose it is."""
        ...

    @property
    def body_hash(self) -> bytes | None:
        """Of all that makes it what it is; None where its caller named no key."""
        ...

    @property
    def keeps_io(self) -> bool:
        """False: input and output are forgotten soon after its end."""
        ...

    @property
    def answer_base(self) -> str | None:
        """Base of the URLs in its webhook's body."""
        ...

    @property
    def webhook_url(self) -> str | None:
        """Who is told of its end."""
        ...

    @property
    def forgotten_at(self) -> datetime | None:
        """Since then its payload, input and result are gone."""
        ...

    @property
    def input(self) -> str | None:
        """The request's body as it was sent; only the history reads it."""
        ...

    @property
    def submitted_at(self) -> datetime:
        """When it was written into the book."""
        ...

    @property
    def started_at(self) -> datetime | None:
        """When a worker took it."""
        ...

    @property
    def ended_at(self) -> datetime | None:
        """When it ended."""
        ...


class LogLine(Protocol):
    """A line of an order's log."""

    @property
    def seq(self) -> int:
        """Its number, growing within the order."""
        ...

    @property
    def at(self) -> datetime:
        """When it was written."""
        ...

    @property
    def level(self) -> LogLevel:
        """How grave it is."""
        ...

    @property
    def message(self) -> str:
        """A sentence for a person."""
        ...


class Glance(Protocol):
    """An order as it was read a moment ago."""

    @property
    def state(self) -> OrderState:
        """The order."""
        ...

    def holds(self) -> bool:
        """Tell whether no news of it has come since."""
        ...


class OrderBook(OrderHistory, Protocol):
    """The durable book of orders; its memory is in `history.py`."""

    async def submit(self, new: Any, /) -> OrderState:
        """Write a new order; it is on disk when this returns. Takes what has the fields of `NewOrder`."""
        ...

    async def find(self, order_id: str, /) -> OrderState:
        """Return an order.

        Raises:
            OrderUnknown: there is none; also for text that is no UUID.
        """
        ...

    async def glance(self, order_id: str, /) -> Glance:
        """Return an order as it was read a moment ago; raises as `find` does."""
        ...

    async def logs(self, order_id: str, /, *, after: int = 0) -> Sequence[LogLine]:
        """Return the lines whose `seq` is over `after`, in order."""
        ...

    async def cancel(self, order_id: str, /) -> OrderState:
        """Withdraw an order.

        Raises:
            OrderUnknown: there is none.
            OrderFinished: it has ended.
        """
        ...

    def watch(self, order_id: str, /) -> AsyncIterator[OrderState]:
        """Yield the state at once and after each change of status, progress or log; end after a final one."""
        ...

    async def recent(
        self,
        limit: int,
        /,
        *,
        after: str | None,
        oldest_first: bool,
        caller: str | None,
        with_forgotten: bool,
    ) -> Sequence[OrderState]:
        """Return a page of orders, newest first, from the one before `after`; no caller means everybody's.

        Raises:
            OrderUnknown: there is no order `after`.
        """
        ...

    async def forget(self, order_id: str, /) -> OrderState:
        """Forget what an order that has ended was asked and came to; return it as it was before.

        Raises:
            OrderUnknown: there is none.
            OrderRunning: it has not ended.
        """
        ...

    async def ping(self) -> None:
        """Return if the book answers.

        Raises:
            DatabaseUnavailable: it does not.
        """
        ...
