"""The locks of the waiting line: those who join it and those who end many never wait in a circle."""

import asyncio

import psycopg
import pytest

#: As many as make PostgreSQL look the others up one by one, in the order in which they were chosen.
PAST = """
INSERT INTO orders (
    order_id, endpoint, payload, caller, rank, admitted, status, error_kind, error_message, ended_at
)
SELECT gen_random_uuid(), 'test', '{}', caller, 0, false, 'failed', 'internal_server_error', 'long ago', now()
  FROM callers, generate_series(1, 3000)
"""
JOIN = "UPDATE line_blocks SET waiting = waiting + %s WHERE rank = %s"


async def _until_somebody_waits(dsn):
    """Wait until a statement waits for another's lock."""
    async with asyncio.timeout(10), await psycopg.AsyncConnection.connect(dsn, autocommit=True) as eye:
        asked = "SELECT FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()"
        while not (await eye.execute(asked)).rowcount:  # noqa: ASYNC110 - a lock tells nobody that it is waited for
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("end", ["expire_late", "flush"])
@pytest.mark.parametrize("priorities", [("normal", "low"), ("low", "normal")])
async def test_many_that_leave_and_many_that_join_do_not_wait_in_a_circle(
    end, priorities, book, new_order, dsn
):
    """Orders that leave together hold their blocks in the order in which a batch that joins holds them."""
    for nth, priority in enumerate(priorities):
        await book.submit(new_order(priority=priority, start_within_s=nth + 1))
    async with await psycopg.AsyncConnection.connect(dsn) as joining:
        await joining.execute(PAST)
        await joining.execute("ANALYZE orders")
        if end == "expire_late":
            await joining.execute("UPDATE orders SET start_by = start_by - interval '1 hour'")
        await joining.commit()
        await joining.execute(JOIN, [1, 0])
        ending = asyncio.create_task(getattr(book, end)())
        await _until_somebody_waits(dsn)
        await joining.execute(JOIN, [1, 1])
        await joining.rollback()
    assert await ending == 2


async def test_the_sweep_waits_for_nobody_in_the_line(book, dsn):
    """Empty blocks that somebody holds are left for the next sweep."""
    async with await psycopg.AsyncConnection.connect(dsn) as joining:
        await joining.execute("INSERT INTO line_blocks VALUES (1, 1, 0), (0, 1, 0)")
        await joining.commit()
        await joining.execute(JOIN, [1, 0])
        async with asyncio.timeout(5):
            await book.sweep()
        assert (await joining.execute(JOIN, [1, 1])).rowcount == 0  # swept, for nobody held it
        await joining.rollback()
    assert await book.sweep() == 0
    assert await book.database.rows("sweep_line") == []
