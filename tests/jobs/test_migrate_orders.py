"""Orders written by the first release are kept, counted and made by this one."""

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from soundstage.jobs.book import OrderBook
from soundstage.jobs.lease import claim
from soundstage.jobs.migrate import migrate

FIRST = """
INSERT INTO callers VALUES ('ann', 3, 1);
INSERT INTO orders (
    order_id, endpoint, payload, caller, rank, status, admitted, lease, attempts, cancel_requested,
    result, error_kind, error_message, started_at, ended_at
)
SELECT ('00000000-0000-0000-0000-0000000000' || lpad(n::text, 2, '0'))::uuid, 'test', '{}', 'ann', rank,
       status, admitted, CASE status WHEN 'running' THEN gen_random_uuid() END, (status <> 'waiting')::int,
       status = 'cancelled', CASE status WHEN 'done' THEN '{"film": 1}'::jsonb END,
       CASE status WHEN 'failed' THEN 'storage_error' END, CASE status WHEN 'failed' THEN 'no room' END,
       CASE WHEN status <> 'waiting' THEN now() END,
       CASE WHEN status NOT IN ('waiting', 'running') THEN now() END
  FROM (VALUES (1, 1, 'waiting', true), (2, 0, 'waiting', true), (3, 0, 'running', true),
               (4, 0, 'done', true), (5, 0, 'failed', true),
               (6, 1, 'cancelled', false), (7, 0, 'waiting', false)
       ) AS o (n, rank, status, admitted);
INSERT INTO order_logs VALUES ('00000000-0000-0000-0000-000000000004', 1, now(), 'INFO', 'A line.', '{}');
SELECT procrastinate_defer_jobs_v1(array_agg(
           ROW('orders', 'make_order', -rank, NULL, order_id::text,
               jsonb_build_object('order_id', order_id), NULL)::procrastinate_job_to_defer_v1
       )) FROM orders WHERE admitted AND status IN ('waiting', 'running');
"""


def _id(n):
    return f"00000000-0000-0000-0000-0000000000{n:02}"


@pytest.fixture
async def first_release(postgres, monkeypatch):
    """A database as the first release leaves it, with orders in every state."""
    name = "first_release"
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        dsn = make_conninfo(postgres.dsn(), dbname=name)
        with monkeypatch.context() as first:
            first.setattr("soundstage.jobs.migrate.MIGRATIONS", ("schema.sql",))
            await migrate(dsn)
        with psycopg.connect(dsn) as filling:
            filling.execute(FIRST)
        yield dsn
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_orders_of_every_state_live_on(first_release):
    """What waited waits at its place, what ran is taken up, what ended is told, and no place is lost."""
    await migrate(first_release)
    async with OrderBook(first_release, per_caller_limit=3) as book:
        states = {n: await book.find(_id(n)) for n in range(1, 8)}
        assert [states[n].queue_position for n in (2, 7, 1)] == [0, 1, 2]
        assert [states[n].status for n in (3, 4, 5, 6)] == ["running", "done", "failed", "cancelled"]
        assert states[4].result == {"film": 1}
        assert [line.message for line in await book.logs(_id(4))] == ["A line."]
        assert len((await book.history("test")).items) == 3

        lost = await claim(book.database, _id(3), per_caller_limit=3)
        assert (lost.was_lost, lost.attempt) == (True, 2)
        await lost.finish({"film": 2})  # frees a place: number 7 is let in
        assert (await book.cancel(_id(2))).status == "cancelled"
        assert (await book.find(_id(7))).queue_position == 0
        assert await book.forget_old(payload_kept_s=0, unstored_result_s=0) == 5
        assert (await book.find(_id(4))).result is None
        assert await book.flush() == 2
    with psycopg.connect(first_release) as connection:
        assert connection.execute("SELECT admitted FROM callers").fetchone() == (0,)
        assert connection.execute("SELECT sum(waiting) FROM line_blocks").fetchone() == (0,)
        left = connection.execute("SELECT queueing_lock FROM procrastinate_jobs").fetchall()
        assert left == [(_id(3),)]  # of the worker that was lost


async def test_a_second_start_migrates_nothing(first_release):
    """Migrated twice, orders are counted once."""
    for _ in range(2):
        await migrate(first_release)
    with psycopg.connect(first_release) as connection:
        counted = connection.execute("SELECT rank, waiting FROM line_blocks ORDER BY rank").fetchall()
    assert counted == [(0, 2), (1, 1)]
