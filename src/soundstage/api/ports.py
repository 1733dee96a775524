"""What the door needs from the parts behind it, as shapes. The composition root hands in the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping, Sequence
    from datetime import datetime
    from pathlib import Path

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


class OrderBook(Protocol):
    """The durable book of orders."""

    async def submit(self, new: Any, /) -> OrderState:
        """Write a new order; it is on disk when this returns. Takes what has the fields of `NewOrder`."""
        ...

    async def find(self, order_id: str, /) -> OrderState:
        """Return an order.

        Raises:
            OrderUnknown: there is none; also for text that is no UUID.
        """
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

    async def ping(self) -> None:
        """Return if the book answers.

        Raises:
            DatabaseUnavailable: it does not.
        """
        ...


class StoredFile(Protocol):
    """What the store knows of a file."""

    @property
    def name(self) -> str:
        """Its key."""
        ...

    @property
    def bytes(self) -> int:
        """Its length."""
        ...

    @property
    def content_type(self) -> str:
        """What it is."""
        ...

    @property
    def etag(self) -> str:
        """Changes with its bytes."""
        ...

    @property
    def modified(self) -> datetime:
        """When it was put there."""
        ...


class FileStore(Protocol):
    """Where published files are read from."""

    async def head(self, name: str, /) -> StoredFile:
        """Return what is known of a file.

        Raises:
            FileUnknown: there is none of this name.
        """
        ...

    async def read(self, name: str, start: int, end: int, /) -> AsyncIterator[bytes]:
        """Return the bytes from `start` up to and without `end`, in pieces: `await` it, then iterate.

        Raises:
            FileUnknown: there is none of this name; before the first byte.
        """
        ...

    async def put(self, path: Path, name: str, content_type: str, /) -> StoredFile:
        """Keep a copy of a file.

        Raises:
            StorageError: it cannot be kept; the message says why.
        """
        ...

    async def delete(self, name: str, /) -> None:
        """Forget a file."""
        ...
