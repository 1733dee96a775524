"""Glances: what was read is told again until there is news of it, whoever caused the news."""

import asyncio
import uuid

import pytest

from soundstage.errors import OrderUnknown
from soundstage.jobs.book import OrderBook


async def _look(book, order_id):
    """Look once the feed listens: from then on a glance may hold."""
    await book.glance(order_id)
    async with asyncio.timeout(10):
        await book._feed.listening.wait()
    return await book.glance(order_id)


async def _until_forgotten(book, order_id):
    """Wait until news of an order has arrived."""
    async with asyncio.timeout(5):
        while order_id in book._glances._readings:  # noqa: ASYNC110 - news is heard by a callback, and this is how it shows
            await asyncio.sleep(0.01)


async def test_an_order_nobody_changes_is_read_once(book, new_order):
    """Two looks at an order that has ended give the very same object."""
    new = new_order()
    await book.submit(new)
    await book.cancel(new.order_id)
    first = await _look(book, new.order_id)
    assert first.holds()
    assert await book.glance(new.order_id.upper()) is first
    assert first.state == await book.find(new.order_id)


async def test_news_from_another_process_makes_a_glance_old(book, new_order, dsn):
    """What another book changes is seen here as soon as PostgreSQL tells of it."""
    new = new_order()
    await book.submit(new)
    async with OrderBook(dsn) as other:
        await _look(other, new.order_id)
        await book.cancel(new.order_id)
        await _until_forgotten(other, new.order_id)
        assert (await other.glance(new.order_id)).state.status == "cancelled"


async def test_own_change_is_seen_at_once(book, new_order):
    """Whoever cancels here and asks here is never told of the time before."""
    new = new_order()
    await book.submit(new)
    seen = await _look(book, new.order_id)
    await book.cancel(new.order_id)
    assert not seen.holds()
    assert (await book.glance(new.order_id)).state.status == "cancelled"


async def test_news_during_the_read_is_not_lost(book, new_order):
    """A change that is committed while the row is on its way makes the glance old before it is used."""
    new = new_order()
    await book.submit(new)
    await _look(book, new.order_id)
    glances, read = book._glances, book._glances._read
    glances.drop(new.order_id)

    async def slow(order_id):
        row = await read(order_id)
        async with OrderBook(book.database.dsn) as other:
            await other.cancel(new.order_id)
        await _until_forgotten(book, new.order_id)
        return row

    glances._read = slow
    glance = await book.glance(new.order_id)
    glances._read = read
    assert glance.state.status == "waiting"
    assert not glance.holds()
    assert (await book.glance(new.order_id)).state.status == "cancelled"


async def test_unknown_orders_are_not_remembered(book):
    """Guessed ids fill no memory."""
    for _ in range(3):
        with pytest.raises(OrderUnknown):
            await book.glance(str(uuid.uuid4()))
    assert not book._glances._readings


async def test_a_crowd_shares_one_read(book, new_order):
    """Fifty who look at the same moment cause one read, and what it brings holds for all of them."""
    new = new_order()
    await book.submit(new)
    await _look(book, new.order_id)
    glances, read, reads = book._glances, book._glances._read, []
    glances.drop(new.order_id)

    async def counted(order_id):
        reads.append(order_id)
        return await read(order_id)

    glances._read = counted
    seen = await asyncio.gather(*(book.glance(new.order_id) for _ in range(50)))
    assert reads == [new.order_id]
    assert all(glance is seen[0] for glance in seen)
    assert seen[0].holds()


async def test_whoever_goes_away_spoils_nothing_for_the_others(book, new_order):
    """One of two who wait for a read is cancelled; the other gets it."""
    new = new_order()
    await book.submit(new)
    gone, stays = (asyncio.create_task(book.glance(new.order_id)) for _ in range(2))
    await asyncio.sleep(0)
    gone.cancel()
    assert (await stays).state.order_id == new.order_id
    with pytest.raises(asyncio.CancelledError):
        await gone


async def test_what_is_looked_at_no_more_is_not_kept(book, new_order):
    """A glance that is no longer good is forgotten by itself: a day's orders would fill the memory."""
    new = new_order()
    await book.submit(new)
    assert (await _look(book, new.order_id)).holds()
    await _until_forgotten(book, new.order_id)
