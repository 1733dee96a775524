"""The waiting line: a place in it is what counting everybody ahead would give, whatever came and went."""

import asyncio
import random

import psycopg

from soundstage.jobs.lease import claim

COUNTED = """
SELECT o.order_id::text, (SELECT count(*) FROM orders AS a
    WHERE a.status = 'waiting' AND (a.rank, a.arrival) < (o.rank, o.arrival))
  FROM orders AS o WHERE o.status = 'waiting'
"""


async def test_places_are_exact_after_any_coming_and_going(book, new_order, dsn):
    """After joins, claims, returns, cancels, removals and a sweep, each place is the count of those ahead."""
    dice = random.Random(20)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("ALTER TABLE orders ALTER COLUMN arrival RESTART WITH 480")  # near a block's end
    waiting = []
    for _ in range(6):
        news = [new_order(priority=dice.choice(("normal", "low"))) for _ in range(15)]
        places = [s.queue_position for s in await asyncio.gather(*(book.submit(new) for new in news))]
        assert len(set(places)) == len(places)
        waiting += [new.order_id for new in news]
        for order_id in dice.sample(waiting, 8):
            lease = await claim(book.database, order_id, per_caller_limit=1000)
            if dice.random() < 0.5:
                await lease.give_back(attempt_counts=False)
            else:
                waiting.remove(order_id)
        for order_id in dice.sample(waiting, 4):
            waiting.remove(order_id)
            await book.cancel(order_id)
        await book.sweep()
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("DELETE FROM orders WHERE order_id = %s", [waiting.pop(3)])
        counted = dict(connection.execute(COUNTED).fetchall())
        blocks = connection.execute("SELECT sum(waiting), count(*) FROM line_blocks").fetchone()
    assert counted.keys() == set(waiting)
    assert {i: (await book.find(i)).queue_position for i in waiting} == counted
    assert blocks[0] == len(waiting)
    assert blocks[1] > 2
