"""Jobs of dead workers: each is taken up again, unless others have it by now; no rescue ends the rescuer."""

import asyncio
import uuid

import procrastinate
import psycopg

from soundstage.jobs.queue_worker import take_up_again

#: A job whose worker is gone, and another one for the same order, as after a repeat at the wrong moment.
TWICE = """
INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status, scheduled_at)
SELECT 'orders', 'make_order', %(order)s, jsonb_build_object('order_id', %(order)s::text),
       status::procrastinate_job_status, at
  FROM (VALUES ('doing', NULL), ('todo', now() + interval '1 hour')) AS j (status, at)
"""


async def test_a_job_that_has_a_successor_is_put_away(book, new_order, start_worker, ended, dsn):
    """Where another job stands for the same order the lost one goes, and the worker works on."""
    lost, other = new_order(), new_order()
    await book.submit(lost)
    with psycopg.connect(dsn) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
        connection.execute(TWICE, {"order": lost.order_id})
    worker = start_worker()
    async with asyncio.timeout(20):
        while _statuses(dsn) != ["todo"]:  # noqa: ASYNC110 - of a queue's own table there is no news
            await asyncio.sleep(0.05)
    await book.submit(other)
    assert (await ended(book, other.order_id)).status == "done"
    assert worker.process.poll() is None


def _statuses(dsn):
    with psycopg.connect(dsn) as connection:
        return [row[0] for row in connection.execute("SELECT status FROM procrastinate_jobs")]


async def test_a_job_that_is_in_other_hands_is_left_there(dsn):
    """A job that was ended or taken up since it was looked at changes nothing and ends nobody."""
    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn, min_size=1, max_size=2))
    async with queue.open_async():
        with psycopg.connect(dsn) as connection:
            connection.execute(TWICE, {"order": str(uuid.uuid4())})
        (job,) = await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=4)
        for _ in range(2):
            await take_up_again(queue, job)
        assert _statuses(dsn) == ["todo"]
