"""The order book while its database is away, or busy: who asks hears soon, and nothing is lost."""

import asyncio
import contextlib
import os
import signal
import uuid

import pytest

from soundstage.errors import DatabaseUnavailable
from soundstage.jobs.book import OrderBook
from soundstage.jobs.embedded import EmbeddedPostgres
from soundstage.jobs.migrate import migrate


async def test_database_away_and_back(open_folder, new_order):
    """Without its database the book says so; when that is back, the book and a watcher go on."""
    with EmbeddedPostgres(open_folder / f"home-{uuid.uuid4().hex[:8]}", environ=os.environ) as server:
        await migrate(server.dsn())
        async with OrderBook(server.dsn(), database_wait_s=0.5) as book:
            order = await book.submit(new_order())
            watch = aiter(book.watch(order.order_id))
            await anext(watch)
            os.kill(server.pid, signal.SIGKILL)
            async with asyncio.timeout(30):
                asks = (book.ping, lambda: book.find(order.order_id), lambda: book.submit(new_order()))
                for ask in asks:
                    with pytest.raises(DatabaseUnavailable):
                        await _ask_on(ask)
            keeping = asyncio.create_task(server.keep())
            async with asyncio.timeout(60):
                while True:
                    with contextlib.suppress(DatabaseUnavailable):
                        await book.ping()
                        break
                await book.cancel(order.order_id)
                assert (await anext(watch)).status == "cancelled"
            keeping.cancel()


async def test_a_submit_hears_at_once_that_the_database_is_gone(open_folder, new_order):
    """The first submit after PostgreSQL was killed is refused in about a second, not after the whole wait."""
    with EmbeddedPostgres(open_folder / f"home-{uuid.uuid4().hex[:8]}", environ=os.environ) as server:
        await migrate(server.dsn())
        async with OrderBook(server.dsn(), database_wait_s=600) as book:
            await book.submit(new_order())
            os.kill(server.pid, signal.SIGKILL)
            async with asyncio.timeout(60):  # a tenth of the wait
                with pytest.raises(DatabaseUnavailable):
                    await _ask_on(lambda: book.submit(new_order()))


async def _ask_on(ask):
    """Ask until that fails: a backend may outlive its postmaster for a moment, and still answer."""
    while True:
        await ask()


async def test_a_busy_database_is_waited_for(dsn, new_order, monkeypatch):
    """Whoever finds every connection in use waits for one: busy is not away."""
    monkeypatch.setattr("soundstage.jobs.database.AWAY_S", 0.05)
    async with OrderBook(dsn, connections=1, database_wait_s=60) as book:
        async with book.database.transaction():
            asked = asyncio.create_task(book.submit(new_order()))
            await asyncio.sleep(0.2)  # well beyond the time after which it would be taken for away
            assert not asked.done()
        assert (await asked).status == "waiting"


async def test_book_without_a_database():
    """Opening a book whose database is not there is a named error."""
    with pytest.raises(DatabaseUnavailable):
        await OrderBook("host=/nonexistent", database_wait_s=0.2).open()
