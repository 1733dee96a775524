"""What is known of ended orders, page by page; what is forgotten; the line as a whole. No worker runs."""

import asyncio
from datetime import UTC, datetime, timedelta

import psycopg
import pytest

from soundstage.errors import OrderFinished, OrderRunning, OrderUnknown, RequestInvalid
from soundstage.jobs.keeper import Keeper, book_chores

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
RESULT = '{"files": []}'


def end(dsn, order_id, minute, *, status="done", kind=None, seconds=10):
    """End an order `minute` minutes after noon, as a worker would have."""
    ended = NOON + timedelta(minutes=minute)
    with psycopg.connect(dsn) as connection:
        connection.execute(
            """UPDATE orders SET status = %s, ended_at = %s, started_at = %s, result = %s, error_kind = %s,
                      error_message = %s, cancel_requested = %s WHERE order_id = %s""",
            (
                status, ended, ended - timedelta(seconds=seconds), RESULT if status == "done" else None,
                kind, kind and "why", status == "cancelled", order_id,
            ),
        )  # fmt: skip


@pytest.fixture
async def past(book, new_order, dsn):
    """Four ended orders, one a minute, and one that waits."""
    ids = [
        (await book.submit(new_order(input='{"prompt": "a dog"}', caller=f"c{n}"))).order_id for n in range(5)
    ]
    end(dsn, ids[0], 0, seconds=40)
    end(dsn, ids[1], 1, status="failed", kind="order_refused", seconds=10)
    end(dsn, ids[2], 2, status="failed", kind="stage_died", seconds=30)
    end(dsn, ids[3], 3, status="cancelled", seconds=20)
    return ids


async def ids_of(book, **asked):
    """The ids on one page."""
    return [state.order_id for state in (await book.history(**asked)).items]


async def test_history_is_newest_first_and_bounded(book, past):
    """Only what has ended, newest end first; times bound the end, from `start` up to and without `end`."""
    assert await ids_of(book) == past[3::-1]
    assert await ids_of(book, endpoint="test") == past[3::-1]
    assert await ids_of(book, endpoint="other") == []
    minute = timedelta(minutes=1)
    assert await ids_of(book, start=NOON + minute, end=NOON + 3 * minute) == [past[2], past[1]]
    assert await ids_of(book, order_id=past[1]) == [past[1]]
    assert await ids_of(book, order_id=past[4]) == []
    with pytest.raises(OrderUnknown):
        await book.history(order_id="no id")


async def test_history_by_outcome(book, past):
    """A withdrawal and an error of the caller's own are theirs; every other failure is ours."""
    kinds = {"user_error_kinds": ("order_refused",)}
    assert await ids_of(book, status="success", **kinds) == [past[0]]
    assert await ids_of(book, status="user_error", **kinds) == [past[3], past[1]]
    assert await ids_of(book, status="error", **kinds) == [past[2]]


async def test_history_by_duration(book, past):
    """The longest in the making first."""
    assert await ids_of(book, sort_by="duration") == [past[0], past[2], past[3], past[1]]


@pytest.mark.parametrize("sort_by", ["ended_at", "duration"])
async def test_pages_meet_without_gap_or_overlap(book, past, dsn, sort_by):
    """Page after page gives each order once, also where two have the same mark, and then there is no next."""
    end(dsn, past[3], 2, status="cancelled", seconds=30)  # as past[2] in both marks
    whole = await ids_of(book, sort_by=sort_by)
    read, cursor = [], None
    while True:
        page = await book.history(sort_by=sort_by, limit=1, cursor=cursor)
        read += [state.order_id for state in page.items]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert read == whole
    assert len(set(read)) == 4


@pytest.mark.parametrize(
    "cursor", ["", "x", "bnVsbA==", "WzEsMiwzXQ==", "\0", "WyJlbmRlZF9hdCIsIDFlOTksICJ4Il0="]
)
async def test_a_foreign_cursor_is_refused(book, cursor):
    """A cursor that is none of ours is an error that says what to send."""
    with pytest.raises(RequestInvalid, match="next_cursor"):
        await book.history(cursor=cursor)


async def test_a_cursor_belongs_to_its_list(book, past):
    """A cursor of one order of the list is no place in the other."""
    page = await book.history(limit=1)
    with pytest.raises(RequestInvalid):
        await book.history(limit=1, sort_by="duration", cursor=page.next_cursor)


async def test_payloads_come_only_when_asked_for(book, past):
    """Input and output are big and private: a list has none unless it asks."""
    (without,) = (await book.history(order_id=past[0])).items
    (with_io,) = (await book.history(order_id=past[0], with_io=True)).items
    assert (without.payload, without.input, without.result) == ({}, None, None)
    assert (with_io.payload, with_io.input, with_io.result) == (
        {"do": []},
        '{"prompt": "a dog"}',
        {"files": []},
    )


async def test_forgetting_takes_payloads_and_leaves_the_row(book, past):
    """What goes in and out is gone, what happened is not; the state before is told, for its files."""
    before = await book.forget(past[0])
    assert (before.result, before.forgotten_at) == ({"files": []}, None)
    state = await book.find(past[0])
    assert (state.status, state.result, state.payload) == ("done", None, {})
    assert state.forgotten_at is not None
    assert (await book.forget(past[0])) == state
    (row,) = (await book.history(order_id=past[0], with_io=True)).items
    assert (row.input, row.result, row.started_at) == (None, None, before.started_at)


async def test_what_has_not_ended_is_not_forgotten(book, past):
    """A waiting order is refused: its worker needs what it was asked."""
    with pytest.raises(OrderRunning, match="cancel it first"):
        await book.forget(past[4])
    with pytest.raises(OrderUnknown):
        await book.forget("00000000-0000-0000-0000-000000000000")


async def test_forgetting_follows_the_promise(book, new_order, dsn):
    """Kept ones go after the long time, others after the short one; one whose webhook is due waits for it."""
    long_ago, told = timedelta(days=30, minutes=1), {"answer_base": "https://a.example"}
    news = {
        "old": new_order(),
        "new": new_order(),
        "old and unkept": new_order(keeps_io=False),
        "new and unkept": new_order(keeps_io=False),
        "owed": new_order(keeps_io=False, webhook_url="https://b.example", **told),
    }
    ages = {"old": long_ago, "new": timedelta(days=29), "new and unkept": timedelta(minutes=59)}
    for name, new in news.items():
        await book.submit(new)
        age = ages.get(name, timedelta(minutes=61))
        minute = (datetime.now(UTC) - age - NOON) / timedelta(minutes=1)
        end(dsn, new.order_id, minute)
    keeper = Keeper(book_chores(book, payload_kept_s=30 * 86_400, unstored_result_s=3600))
    await keeper.look()
    gone = {name for name, new in news.items() if (await book.find(new.order_id)).forgotten_at}
    assert gone == {"old", "old and unkept"}
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE deliveries SET status = 'delivered', next_at = NULL, ended_at = now()")
    assert await book.forget_old(payload_kept_s=30 * 86_400, unstored_result_s=3600) == 1
    assert (await book.find(news["owed"].order_id)).forgotten_at is not None


async def test_the_line_is_counted_and_flushed(book, new_order, dsn, past):
    """Waiting orders are counted and withdrawn by endpoint or caller; what runs and what ended stays."""
    for _ in range(3):
        await book.submit(new_order(caller="ann"))
    assert (await book.waiting(), await book.waiting("test"), await book.waiting("other")) == (4, 4, 0)
    assert (await book.waiting(caller="ann"), await book.waiting("test", caller="c4")) == (3, 1)
    assert await book.flush("other") == 0
    assert await book.flush(caller="ann") == 3
    assert (await book.waiting(), await book.flush(), await book.waiting()) == (1, 1, 0)
    assert await book.counts() == {"done": 1, "failed": 2, "cancelled": 5}
    with psycopg.connect(dsn) as connection:
        assert (
            connection.execute("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'").fetchone()[0]
            == 4
        )
        assert connection.execute("SELECT admitted FROM callers WHERE caller = 'ann'").fetchone() == (0,)
    with pytest.raises(OrderFinished):
        await book.cancel(past[4])


async def test_flushing_and_submitting_at_once(book, new_order, dsn):
    """Flushes beside submits and cancels lose no place: in the end nothing waits and nobody holds one."""
    orders = [await book.submit(new_order(caller=f"c{n % 3}")) for n in range(30)]
    more = [book.submit(new_order(caller=f"c{n % 3}")) for n in range(30)]
    cancels = [book.cancel(order.order_id) for order in orders[::2]]
    done = await asyncio.gather(book.flush(), book.flush(), *more, *cancels, return_exceptions=True)
    assert all(not isinstance(one, Exception) or isinstance(one, OrderFinished) for one in done), done
    await book.flush()
    assert await book.counts() == {"cancelled": 60}
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT sum(admitted) FROM callers").fetchone() == (0,)
        assert connection.execute("SELECT count(*) FROM procrastinate_jobs").fetchone() == (0,)


async def test_many_are_ended_and_forgotten_batch_by_batch(book, new_order, dsn, monkeypatch):
    """More than one batch's worth is flushed, expired and forgotten in one call."""
    monkeypatch.setattr("soundstage.jobs.history.MOST_AT_ONCE", 2)
    for _ in range(5):
        await book.submit(new_order(start_within_s=3600))
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE orders SET start_by = now()")
    assert await book.expire_late() == 5
    for _ in range(5):
        await book.submit(new_order())
    assert await book.flush() == 5
    assert await book.forget_old(payload_kept_s=0, unstored_result_s=0) == 10
