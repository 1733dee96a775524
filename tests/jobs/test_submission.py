"""What an order may carry, and what keeps it out of the book: the line's limit, refusals, repeats."""

import asyncio
import dataclasses
import uuid

import psycopg

from soundstage.errors import Problem, QueueFull
from soundstage.jobs.book import OrderBook

WRONG = Problem(loc=("body", "duration"), msg="too short", type="one_of", ctx={"expected": ["3"]}, input="2")


async def test_an_order_keeps_what_came_with_it(book, new_order):
    """Caller, hash, webhook and what is to be kept are found as they were told."""
    told = {"caller": "ann", "body_hash": b"\0\xff", "keeps_io": False, "answer_base": "https://a.example"}
    new = new_order(webhook_url="https://b.example/?c=d", input='{"prompt": "x"}', retries=False, **told)
    state = await book.submit(new)
    assert state == await book.find(new.order_id)
    assert {name: getattr(state, name) for name in told} == told
    assert (state.webhook_url, state.input) == ("https://b.example/?c=d", None)


async def test_a_secret_is_made_once(dsn):
    """All who open one database know the same secret by a name, and another one by another name."""
    async with OrderBook(dsn) as one, OrderBook(dsn) as other:
        told = await asyncio.gather(*(book.secret("test") for book in (one, other) for _ in range(5)))
        assert len(set(told)) == 1
        assert len(told[0]) == 32
        assert await one.secret("test 2") != told[0]


async def test_the_line_is_never_longer_than_asked(dsn, new_order):
    """With `max_waiting` 3, four stand in the line at most: three and the one behind them.

    However many processes take part in a burst; those refused leave nothing behind.
    """
    async with OrderBook(dsn) as one, OrderBook(dsn) as other:
        burst = [book.submit(new_order(max_waiting=3)) for book in (one, other) for _ in range(20)]
        outcomes = await asyncio.gather(*burst, return_exceptions=True)
        full = [outcome for outcome in outcomes if isinstance(outcome, QueueFull)]
        assert len(full) == 36
        assert "fal_max_queue_length" in str(full[0])
        assert await one.counts() == {"waiting": 4}
        positions = {outcome.queue_position for outcome in outcomes if outcome not in full}
        assert positions == {0, 1, 2, 3}


async def test_a_limit_binds_only_who_asked(book, new_order):
    """Orders without a limit count and are not counted out; a repeat of one that waits is no new one."""
    crowd = [new_order() for _ in range(3)]
    limited = new_order(max_waiting=2)
    kept = new_order(max_waiting=3)
    outcomes = await asyncio.gather(
        *(book.submit(new) for new in (*crowd, limited, kept)), return_exceptions=True
    )
    assert [type(outcome) is QueueFull for outcome in outcomes] == [False, False, False, True, False]
    again = new_order(max_waiting=0)
    again = dataclasses.replace(again, order_id=kept.order_id)
    assert (await book.submit(again)).queue_position == 3


async def test_a_refused_order_is_born_failed(book, new_order, dsn):
    """It has ended at once with every reason, takes no place in the line and no queue job."""
    first = new_order()
    refused = new_order(refused=(WRONG, WRONG), caller="ben")
    second = new_order()
    states = await asyncio.gather(*(book.submit(new) for new in (first, refused, second)))
    assert [state.queue_position for state in states] == [0, None, 1]
    state = states[1]
    assert state == await book.find(refused.order_id)
    assert (state.status, state.error_kind, state.attempts) == ("failed", "order_refused", 0)
    assert state.ended_at == state.submitted_at
    assert [problem["loc"] for problem in state.error_detail] == [["body", "duration"]] * 2
    assert "too short" in state.error_message
    with psycopg.connect(dsn) as connection:
        jobs = connection.execute("SELECT queueing_lock FROM procrastinate_jobs").fetchall()
        admitted = connection.execute("SELECT sum(admitted) FROM callers").fetchone()
    assert sorted(job for (job,) in jobs) == sorted([first.order_id, second.order_id])
    assert admitted == (2,)


async def test_one_id_in_a_race_of_processes_is_one_order(dsn, new_order):
    """However many processes submit the same orders at once, each is written once and all hear the same."""
    books = [OrderBook(dsn) for _ in range(4)]
    try:
        for book in books:
            await book.open()
        for size in (1,) * 15 + (10,) * 3:
            news = [new_order(body_hash=bytes([n])) for n in range(size)]
            states = await asyncio.gather(*(book.submit(new) for new in news for book in books))
            for n in range(size):
                told = {(state.order_id, state.body_hash) for state in states[4 * n : 4 * n + 4]}
                assert told == {(news[n].order_id, bytes([n]))}
        assert await books[0].counts() == {"waiting": 45}
        with psycopg.connect(dsn) as connection:
            assert connection.execute("SELECT sum(admitted) FROM callers").fetchone() == (45,)
    finally:
        for book in books:
            await book.close()


async def test_the_first_of_two_with_one_id_is_told_to_both(book, new_order):
    """Two submits with one id and other bodies, in one batch: both hear of the first, so it shows."""
    order_id = str(uuid.uuid4())
    one, other = new_order(body_hash=b"one"), new_order(body_hash=b"other")
    named = [dataclasses.replace(new, order_id=order_id) for new in (one, other)]
    states = await asyncio.gather(*(book.submit(new) for new in named))
    assert [state.body_hash for state in states] == [b"one", b"one"]


async def test_a_refused_order_owes_its_webhook(book, new_order, dsn):
    """A refusal that is queued is told like any other end: the delivery is due in the same transaction."""
    told = {"answer_base": "https://a.example", "webhook_url": "https://b.example/hook"}
    refused = await book.submit(new_order(refused=(WRONG,), **told))
    await book.submit(new_order(**told))
    with psycopg.connect(dsn) as connection:
        owed = connection.execute("SELECT order_id::text, url, status FROM deliveries").fetchall()
    assert owed == [(refused.order_id, told["webhook_url"], "due")]
