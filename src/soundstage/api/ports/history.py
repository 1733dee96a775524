"""What ended, and the line of those that wait, as the door sees them. Part of the book of orders."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from soundstage.api.ports.orders import OrderState

Outcome = Literal["success", "error", "user_error"]
SortKey = Literal["ended_at", "duration"]


class HistoryPage(Protocol):
    """Some ended orders."""

    @property
    def items(self) -> Sequence[OrderState]:
        """The orders, in the order that was asked for."""
        ...

    @property
    def next_cursor(self) -> str | None:
        """How to ask for the next ones; None when there are no more."""
        ...


class OrderHistory(Protocol):
    """The book's memory, and what is done to many orders at once."""

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
        """Return a page of ended orders, newest end first, or those that took longest.

        `start` and `end` bound the moment of the end. Without `with_io`, input and result are empty.

        Raises:
            OrderUnknown: `order_id` is no id.
            RequestInvalid: the cursor is none of the book's.
        """
        ...

    async def waiting(self, endpoint: str | None = None, *, caller: str | None = None) -> int:
        """Return how many orders wait, of an endpoint, of a caller, or of all."""
        ...

    async def flush(self, endpoint: str | None = None, *, caller: str | None = None) -> int:
        """Withdraw every order that waits, and return how many; what runs goes on."""
        ...
