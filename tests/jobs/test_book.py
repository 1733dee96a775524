"""The order book on a real PostgreSQL: submit, find, cancel, watch, admission; no worker takes part."""

import asyncio
import re
import uuid
from pathlib import Path

import psycopg
import pytest

from soundstage.errors import OrderFinished, OrderRefused, OrderUnknown
from soundstage.jobs import book as book_module
from soundstage.jobs.book import OrderBook
from soundstage.jobs.database import load_queries
from soundstage.jobs.orders import NewOrder

SRC = Path(book_module.__file__).parent


async def test_submitted_order_is_found_as_it_was_told(book, new_order):
    """What submit returns is what find returns, in every field."""
    new = new_order("report:1", caller="ann", priority="low")
    state = await book.submit(new)
    assert state == await book.find(new.order_id) == await book.find(new.order_id.upper())
    assert (state.status, state.queue_position, state.attempts, state.payload) == (
        "waiting",
        0,
        0,
        new.payload,
    )
    assert state.submitted_at.utcoffset().total_seconds() == 0


async def test_order_and_job_are_written_together(book, new_order, dsn):
    """Each waiting order has exactly one queue job, in the order of arrival."""
    news = [new_order() for _ in range(7)]
    for new in news:
        await book.submit(new)
    assert _jobs(dsn) == [new.order_id for new in news]


async def test_burst_is_few_transactions(book, new_order, dsn):
    """Fifty orders at once are written in at most three transactions; one after the other, in fifty."""
    states = await asyncio.gather(*(book.submit(new_order()) for _ in range(50)))
    assert len({state.submitted_at for state in states}) <= 3  # now() is the same within a transaction
    assert sorted(state.queue_position for state in states) == list(range(50))
    assert len(_jobs(dsn)) == 50


async def test_bad_neighbour_fails_alone(book, new_order, dsn):
    """An order that cannot be stored is refused with a reason; those it came with are not."""
    good = [new_order() for _ in range(3)]
    bad = NewOrder(order_id=str(uuid.uuid4()), endpoint="test", payload={"prompt": "a\0b"})
    first, refused, *rest = await asyncio.gather(
        *(book.submit(new) for new in (good[0], bad, *good[1:])), return_exceptions=True
    )
    assert isinstance(refused, OrderRefused)
    assert refused.problems[0].loc == ("body",)
    assert [first.status, *(state.status for state in rest)] == ["waiting"] * 3
    assert sorted(_jobs(dsn)) == sorted(new.order_id for new in good)


async def test_repeated_submit_changes_nothing(book, new_order, dsn):
    """The same order submitted twice, also at once, is one order with one job."""
    new = new_order()
    first, second = await asyncio.gather(book.submit(new), book.submit(new))
    third = await book.submit(new)
    assert first == second == third
    assert _jobs(dsn) == [new.order_id]


async def test_caller_who_leaves_does_not_hurt_the_batch(book, new_order):
    """A submit that is cancelled by its caller leaves its neighbours alone."""
    leaving = asyncio.create_task(book.submit(new_order()))
    staying = asyncio.create_task(book.submit(new_order()))
    await asyncio.sleep(0)
    leaving.cancel()
    assert (await staying).status == "waiting"


async def test_low_priority_waits_behind_all_normal(book, new_order, dsn):
    """A low order's place is behind every normal one, whenever they came; so is its job."""
    low = await book.submit(new_order(priority="low"))
    normal = [await book.submit(new_order()) for _ in range(2)]
    second_low = await book.submit(new_order(priority="low"))
    expected = [normal[0].order_id, normal[1].order_id, low.order_id, second_low.order_id]
    assert [(await book.find(order_id)).queue_position for order_id in expected] == [0, 1, 2, 3]
    assert second_low.queue_position == 3
    assert _jobs(dsn) == expected


async def test_cancelled_order_leaves_the_line(book, new_order, dsn):
    """Cancelling a waiting order ends it, takes its job, and moves those behind it up."""
    first, second = [await book.submit(new_order()) for _ in range(2)]
    state = await book.cancel(first.order_id)
    assert (state.status, state.queue_position, state.started_at) == ("cancelled", None, None)
    assert state.ended_at >= state.submitted_at
    assert (await book.find(second.order_id)).queue_position == 0
    assert _jobs(dsn) == [second.order_id]
    with pytest.raises(OrderFinished, match="cancelled"):
        await book.cancel(first.order_id)


@pytest.mark.parametrize("order_id", [str(uuid.UUID(int=7)), "", "no-uuid", "../../etc", "\0", "1" * 5000])
async def test_unknown_orders_are_unknown(order_id, book):
    """No such order is always the same error, also for text that is no id at all."""
    for ask in (book.find, book.logs, book.cancel):
        with pytest.raises(OrderUnknown):
            await ask(order_id)
    with pytest.raises(OrderUnknown):
        await anext(aiter(book.watch(order_id)))


async def test_order_without_words_has_an_empty_log(book, new_order):
    """An order nobody has worked on has a log, and it is empty."""
    assert await book.logs((await book.submit(new_order())).order_id) == []


async def test_recent_and_counts(book, new_order):
    """The newest orders come first; the counts are by status."""
    states = [await book.submit(new_order()) for _ in range(4)]
    await book.cancel(states[0].order_id)
    assert [state.order_id for state in await book.recent(3)] == [s.order_id for s in reversed(states[1:])]
    assert await book.counts() == {"waiting": 3, "cancelled": 1}


async def test_caller_over_the_limit_waits_outside(dsn, new_order):
    """Beyond its limit a caller's orders get no job; another caller's do; an end lets the next one in."""
    async with OrderBook(dsn, per_caller_limit=2) as book:
        mine = [await book.submit(new_order(caller="ann")) for _ in range(4)]
        low_first = await book.submit(new_order(caller="bob", priority="low"))
        await book.submit(new_order(caller="bob"))
        waiting_low = await book.submit(new_order(caller="bob", priority="low"))
        waiting_normal = await book.submit(new_order(caller="bob"))
        assert set(_jobs(dsn)) & {m.order_id for m in mine} == {m.order_id for m in mine[:2]}
        await book.cancel(mine[0].order_id)
        assert {m.order_id for m in mine[1:3]} < set(_jobs(dsn))
        assert mine[3].order_id not in _jobs(dsn)
        await book.cancel(low_first.order_id)
        assert waiting_normal.order_id in _jobs(dsn)
        assert waiting_low.order_id not in _jobs(dsn)


async def test_limit_holds_between_processes(dsn, new_order):
    """Two doors to one book never let more in than the limit, however they race; each end lets one in."""
    async with OrderBook(dsn, per_caller_limit=10) as one, OrderBook(dsn, per_caller_limit=10) as two:
        states = await asyncio.gather(*(door.submit(new_order()) for _ in range(30) for door in (one, two)))
        assert len(_jobs(dsn)) == 10
        queued = [state for state in states if state.order_id in set(_jobs(dsn))]
        await asyncio.gather(
            *(door.cancel(s.order_id) for s, door in zip(queued, (one, two) * 5, strict=True))
        )
        assert len(_jobs(dsn)) == 10
        with psycopg.connect(dsn) as connection:
            assert connection.execute("SELECT admitted FROM callers").fetchall() == [(10,)]


async def test_old_low_order_is_let_in(dsn, new_order):
    """A low order that has waited an hour outside the queue is let in by its arrival."""
    async with OrderBook(dsn, per_caller_limit=1) as book:
        running = await book.submit(new_order())
        low = await book.submit(new_order(priority="low"))
        await book.submit(new_order())
        with psycopg.connect(dsn) as connection:
            connection.execute("UPDATE orders SET submitted_at = now() - interval '61 min' WHERE rank = 1")
        await book.cancel(running.order_id)
        assert _jobs(dsn) == [low.order_id]


async def test_sweep_lets_in_what_a_crash_left(book, new_order, dsn):
    """Orders without a job get one: those never admitted, and those whose job was lost. Then nothing more."""
    outside, lost, whole = [await book.submit(new_order()) for _ in range(3)]
    with psycopg.connect(dsn) as connection:
        connection.execute(
            "DELETE FROM procrastinate_jobs WHERE queueing_lock = ANY(%s)",
            ([outside.order_id, lost.order_id],),
        )
        connection.execute("UPDATE orders SET admitted = false WHERE order_id = %s", (outside.order_id,))
        connection.execute("UPDATE callers SET admitted = 2")
    assert await book.sweep() == 2
    assert sorted(_jobs(dsn)) == sorted([outside.order_id, lost.order_id, whole.order_id])
    assert await book.sweep() == 0


@pytest.mark.parametrize(
    "change",
    [
        "status = 'running'",
        "status = 'done', ended_at = now()",
        "status = 'failed', ended_at = now(), error_message = 'x'",
        "status = 'cancelled', ended_at = now()",
        "ended_at = now()",
        "lease = gen_random_uuid()",
        "status = 'lost'",
        "rank = 2",
    ],
)
async def test_impossible_orders_cannot_be_written(change, book, new_order, dsn):
    """The table itself refuses states that make no sense, whoever writes them."""
    await book.submit(new_order())
    with psycopg.connect(dsn) as connection, pytest.raises(psycopg.errors.CheckViolation):
        connection.execute(f"UPDATE orders SET {change}")


async def test_watch_tells_every_change(book, new_order, dsn, monkeypatch):
    """A watcher is told of each change by news alone, and the watch ends with the order."""
    monkeypatch.setattr(book_module, "LOOK_AGAIN_S", {"waiting": 60.0, "running": 60.0})
    order = await book.submit(new_order())
    watch = aiter(book.watch(order.order_id))
    assert (await anext(watch)).status == "waiting"
    with psycopg.connect(dsn, autocommit=True) as connection:
        for change, holds in (
            (
                "status = 'running', lease = gen_random_uuid(), started_at = now()",
                lambda s: s.status == "running",
            ),
            ("progress = '{\"done\": 1}'", lambda s: s.progress == {"done": 1}),
            ("log_count = 1", lambda s: s.progress == {"done": 1}),
            ("status = 'done', lease = NULL, result = '{}', ended_at = now()", lambda s: s.status == "done"),
        ):
            connection.execute(f"UPDATE orders SET {change}")
            async with asyncio.timeout(10):
                assert holds(await anext(watch))
    with pytest.raises(StopAsyncIteration):
        await anext(watch)


async def test_watch_outlives_its_connection(book, new_order, dsn, monkeypatch):
    """When the connection that brings news is lost, it is made again and the watcher misses nothing."""
    monkeypatch.setattr(book_module, "LOOK_AGAIN_S", {"waiting": 60.0, "running": 60.0})
    order = await book.submit(new_order())
    watch = aiter(book.watch(order.order_id))
    await anext(watch)
    async with asyncio.timeout(10):
        await book._feed.listening.wait()
    with psycopg.connect(dsn, autocommit=True) as connection:
        (gone,) = connection.execute(
            "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        ).fetchone()
        assert gone == 1
        connection.execute("UPDATE orders SET log_count = 1")  # said while nobody listened
        async with asyncio.timeout(10):
            assert (await anext(watch)).order_id == order.order_id
        await book._feed.listening.wait()
    await book.cancel(order.order_id)
    async with asyncio.timeout(10):
        assert (await anext(watch)).status == "cancelled"


async def test_many_watchers_share_one_connection(book, new_order, dsn):
    """Twenty watchers need one connection for news, and each hears of its own order."""
    orders = [await book.submit(new_order()) for _ in range(20)]
    watches = [aiter(book.watch(order.order_id)) for order in orders]
    for watch in watches:
        await anext(watch)
    await book._feed.listening.wait()
    with psycopg.connect(dsn) as connection:
        listening = connection.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE query LIKE 'LISTEN%' AND datname = current_database()"
        )
        assert listening.fetchone() == (1,)
    await asyncio.gather(*(book.cancel(order.order_id) for order in orders))
    for watch in watches:
        async with asyncio.timeout(10):
            assert [state.status async for state in watch][-1] == "cancelled"


def test_every_statement_is_spoken():
    """No statement in queries.sql lies unused, and none that is spoken is missing."""
    code = "\n".join(path.read_text() for path in SRC.glob("*.py"))
    spoken = set(re.findall(r"\.rows?\(\s*\"(\w+)\"", code))
    assert spoken == set(load_queries())


def _jobs(dsn: str) -> list[str]:
    """Return the orders that have a queue job, in the order a worker would take them."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo' ORDER BY priority DESC, id"
        )
        return [row[0] for row in rows]


async def test_orders_are_read_page_by_page(book, new_order):
    """A page begins after the last order of the page before, either way; no such order is an error."""
    ids = [(await book.submit(new_order())).order_id for _ in range(3)]
    assert [s.order_id for s in await book.recent(2, after=ids[2])] == [ids[1], ids[0]]
    assert [s.order_id for s in await book.recent(2, after=ids[0], oldest_first=True)] == ids[1:]
    assert await book.recent(2, after=ids[0]) == []
    with pytest.raises(OrderUnknown):
        await book.recent(2, after="00000000-0000-0000-0000-000000000000")


async def test_recent_orders_of_one_caller(book, new_order):
    """Whoever asks for one caller's orders sees nobody else's."""
    mine = await book.submit(new_order(caller="ann"))
    await book.submit(new_order(caller="ben"))
    assert [s.order_id for s in await book.recent(caller="ann")] == [mine.order_id]
