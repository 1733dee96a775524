"""Promises with a time in them, and attempts that are not wanted: start limits, no retry, the keeper."""

import asyncio
from datetime import timedelta

import psycopg
import pytest

from soundstage.errors import DatabaseUnavailable
from soundstage.jobs.book import OrderBook
from soundstage.jobs.keeper import Chore, Keeper, book_chores
from soundstage.jobs.lease import claim


def age(dsn, order_id, by=timedelta(hours=1)):
    """Let time pass for one order."""
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE orders SET start_by = start_by - %s WHERE order_id = %s", (by, order_id))


def keeper_of(book):
    """A keeper as the server has one."""
    return Keeper(book_chores(book, payload_kept_s=3600, unstored_result_s=3600))


async def test_an_order_nobody_began_in_time_fails(dsn, new_order):
    """The keeper ends it with a readable reason, takes its job, and lets in who waited outside."""
    async with OrderBook(dsn, per_caller_limit=1) as book:
        late = await book.submit(new_order(start_within_s=30))
        outside = await book.submit(new_order())
        early = await book.submit(new_order(start_within_s=3600 * 2, caller="ben"))
        await keeper_of(book).look()
        assert (await book.find(late.order_id)).status == "waiting"
        age(dsn, late.order_id)
        age(dsn, early.order_id)
        await keeper_of(book).look()
        state = await book.find(late.order_id)
        assert (state.status, state.error_kind, state.attempts) == ("failed", "start_timeout", 0)
        assert "X-Fal-Request-Timeout" in state.error_message
        assert (await book.find(early.order_id)).status == "waiting"
        assert _jobs(dsn) == {outside.order_id, early.order_id}


async def test_many_keepers_end_an_order_once(dsn, new_order):
    """Keepers of several processes at once count each late order once, and free its place once."""
    async with OrderBook(dsn) as one, OrderBook(dsn) as other:
        for n in range(40):
            order = await one.submit(new_order(start_within_s=30, caller=f"c{n % 5}"))
            age(dsn, order.order_id)
        counts = await asyncio.gather(*(book.expire_late() for book in (one, other) for _ in range(4)))
        assert sum(counts) == 40
        with psycopg.connect(dsn) as connection:
            assert connection.execute("SELECT sum(admitted) FROM callers").fetchone() == (0,)
        assert _jobs(dsn) == set()


async def test_a_late_order_is_not_begun(book, new_order, dsn):
    """A worker that comes before the keeper does not begin it either: it ends there and then."""
    order = await book.submit(new_order(start_within_s=30))
    age(dsn, order.order_id)
    assert await claim(book.database, order.order_id, per_caller_limit=10) is None
    assert (await book.find(order.order_id)).error_kind == "start_timeout"


async def test_an_order_begun_in_time_may_take_its_time(book, new_order, dsn):
    """The limit is on the start: a running order is not late, nor one whose worker had to close."""
    order = await book.submit(new_order(start_within_s=30))
    lease = await claim(book.database, order.order_id, per_caller_limit=10)
    age(dsn, order.order_id)
    assert await book.expire_late() == 0
    await lease.give_back(attempt_counts=False)
    assert await book.expire_late() == 0
    assert (await book.find(order.order_id)).status == "waiting"


async def test_a_failed_attempt_does_not_stop_the_clock(book, new_order, dsn):
    """Between two attempts an order waits to start, as fal counts it: it can be late then."""
    order = await book.submit(new_order(start_within_s=30))
    lease = await claim(book.database, order.order_id, per_caller_limit=10)
    await lease.give_back(attempt_counts=True)
    age(dsn, order.order_id)
    assert await book.expire_late() == 1


async def test_a_failure_without_retries_is_final(worked_book, new_order, ended):
    """With `retries` false the first failure ends an order that would be tried three times."""
    order = await worked_book.submit(new_order("fail:storage", retries=False))
    state = await ended(worked_book, order.order_id)
    assert (state.status, state.error_kind, state.attempts) == ("failed", "storage_error", 1)


async def test_a_lost_worker_without_retries_is_final(book, new_order):
    """With `retries` false an order whose worker was lost fails, and says why; with retries it goes on."""
    once, again = [await book.submit(new_order(retries=retries)) for retries in (False, True)]
    for order in (once, again):
        assert (await claim(book.database, order.order_id, per_caller_limit=10)).attempt == 1
    assert await claim(book.database, once.order_id, per_caller_limit=10) is None
    state = await book.find(once.order_id)
    assert (state.status, state.error_kind, state.attempts) == ("failed", "stage_died", 1)
    assert "X-Fal-No-Retry" in state.error_message
    assert (await claim(book.database, again.order_id, per_caller_limit=10)).attempt == 2


async def test_a_chore_is_done_when_it_is_due():
    """Each chore has its own gap; one that fails is due again after its gap, like one that does not."""
    now, done = [0.0], []

    async def often():
        done.append("often")

    async def seldom():
        done.append("seldom")
        raise DatabaseUnavailable("away")

    keeper = Keeper(
        [Chore(name="often", call=often, gap_s=1.0), Chore(name="seldom", call=seldom, gap_s=10.0)],
        clock=lambda: now[0],
    )
    with pytest.raises(DatabaseUnavailable):
        await keeper.look()
    await keeper.look()
    now[0] = 1.0
    await keeper.look()
    assert done == ["often", "seldom", "often"]


async def test_a_chore_that_always_fails_holds_up_no_other():
    """Those behind a chore that fails each time it is due are done when they are due, and it is told."""
    now, done = [0.0], []

    async def broken():
        raise ZeroDivisionError("a bug")

    async def behind():
        done.append(now[0])

    keeper = Keeper(
        [Chore(name="broken", call=broken, gap_s=0.5), Chore(name="behind", call=behind, gap_s=2.0)],
        clock=lambda: now[0],
    )
    for now[0] in (0.0, 1.0, 2.0):
        with pytest.raises(ZeroDivisionError):
            await keeper.look()
    assert done == [0.0, 2.0]


async def test_the_keeper_goes_on_over_failures(caplog, monkeypatch):
    """A database that is away, or a chore that breaks, is told in the log and tried again."""
    monkeypatch.setattr("soundstage.jobs.keeper.GAP_S", 0.001)
    failures = [DatabaseUnavailable("away"), DatabaseUnavailable("away"), ZeroDivisionError("a bug")]
    done = asyncio.Event()

    async def call():
        if failures:
            raise failures.pop(0)
        done.set()

    keeping = asyncio.create_task(Keeper([Chore(name="one", call=call, gap_s=0)]).run())
    await asyncio.wait_for(done.wait(), 30)
    keeping.cancel()
    told = [record.getMessage() for record in caplog.records]
    assert told == ["the keeper waits for the database: away", "a chore broke and is tried again"]


async def test_the_worker_keeps_start_limits(book, new_order, start_worker, until, ended, tmp_path):
    """Behind a busy worker, with no server beside it, an order that waits too long fails in time."""
    gate = tmp_path / "gate"
    busy = await book.submit(new_order(f"until:{gate}"))
    start_worker()
    await until(book, busy.order_id, lambda s: s.progress)
    late = await book.submit(new_order(start_within_s=0.2))
    state = await ended(book, late.order_id)
    assert (state.status, state.error_kind, state.started_at) == ("failed", "start_timeout", None)
    gate.touch()
    assert (await ended(book, busy.order_id)).status == "done"


def _jobs(dsn) -> set[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT queueing_lock FROM procrastinate_jobs WHERE status = 'todo'")
        return {row[0] for row in rows}
