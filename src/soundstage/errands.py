"""What a command of a moment does with the order book's database. Belongs to the composition root.

Each errand opens the database (app.py: beside a running server or not), does one thing and leaves.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from soundstage import app
from soundstage.jobs import keys
from soundstage.jobs.book import OrderBook
from soundstage.jobs.database import Database

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from soundstage.config import Settings
    from soundstage.jobs.keys import Key
    from soundstage.jobs.orders import LogLine, OrderState

T = TypeVar("T")


def add_key(settings: Settings, *, label: str, is_admin: bool) -> str:
    """Make a key and return it as clients send it, `id:secret`; the secret cannot be had again."""

    async def add(database: Database) -> str:
        key, secret = await keys.add_key(
            database, label=" ".join(label.split()), scope="admin" if is_admin else "api"
        )
        return f"{key.key_id}:{secret}"

    return run_errand(settings, add)


def list_keys(settings: Settings) -> list[Key]:
    """Return every key there ever was, oldest first."""
    return run_errand(settings, keys.list_keys)


def revoke_key(settings: Settings, key_id: str) -> Key:
    """Make a key open nothing any more.

    Raises:
        KeyUnknown: there is none of this id.
    """
    return run_errand(settings, lambda database: keys.revoke_key(database, key_id))


def list_orders(settings: Settings, *, limit: int) -> tuple[list[OrderState], dict[str, int]]:
    """Return the newest orders, newest first, and how many there are of each status."""

    async def look(book: OrderBook) -> tuple[list[OrderState], dict[str, int]]:
        return await book.recent(limit), await book.counts()

    return _ask_book(settings, look)


def read_order(settings: Settings, order_id: str) -> tuple[OrderState, list[LogLine]]:
    """Return an order and its log.

    Raises:
        OrderUnknown: there is none of this id.
    """

    async def read(book: OrderBook) -> tuple[OrderState, list[LogLine]]:
        return await book.find(order_id), await book.logs(order_id)

    return _ask_book(settings, read)


def cancel_order(settings: Settings, order_id: str) -> OrderState:
    """Withdraw an order.

    Raises:
        OrderUnknown: there is none of this id.
        OrderFinished: it has ended already.
    """
    return _ask_book(settings, lambda book: book.cancel(order_id))


def _ask_book(settings: Settings, ask: Callable[[OrderBook], Awaitable[T]]) -> T:
    async def visit() -> T:
        async with (
            app.open_database(settings) as dsn,
            OrderBook(dsn, per_caller_limit=settings.caller_limit, connections=1) as book,
        ):
            return await ask(book)

    return asyncio.run(visit())


def run_errand(settings: Settings, errand: Callable[[Database], Awaitable[T]]) -> T:
    """Open the database, do the errand, leave.

    Raises:
        DatabaseUnavailable, DatabaseUnfit: it does not answer, or cannot run here.
    """

    async def visit() -> T:
        async with app.open_database(settings) as dsn, Database(dsn, connections=1) as database:
            return await errand(database)

    return asyncio.run(visit())
