"""The queue's worker as ours: whatever becomes of a job is written down, or the worker ends."""

import asyncio
from contextlib import asynccontextmanager

import procrastinate
import psycopg
import pytest
from procrastinate.exceptions import ConnectorException
from procrastinate.manager import JobManager

from soundstage.jobs import queue_worker
from soundstage.jobs.queue_worker import Again, AlwaysAgain, QueueWorker

MOVE = """
WITH other AS (INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id)
UPDATE procrastinate_jobs SET worker_id = other.id FROM other
"""


@asynccontextmanager
async def at_work(dsn, task):
    """A worker that runs `task` for the block, with one job of it."""
    queue = procrastinate.App(connector=procrastinate.PsycopgConnector(conninfo=dsn, min_size=1, max_size=2))
    deferred = queue.task(name="job", queue="tests", retry=AlwaysAgain())(task)
    async with queue.open_async():
        await deferred.defer_async()
        worker = QueueWorker(
            queue,
            queues=["tests"],
            fetch_job_polling_interval=0.05,
            delete_jobs="always",
            install_signal_handlers=False,
        )
        running = asyncio.create_task(worker.run())
        try:
            yield running
        finally:
            worker.stop()
            await running


def break_retries(monkeypatch, times):
    """Let the database refuse to take a job back, so often."""
    real, left = JobManager.retry_job, [None] * times

    async def retry_job(self, job, **how):
        if left:
            left.pop()
            raise ConnectorException from psycopg.OperationalError("no connection was free in time")
        await real(self, job, **how)

    monkeypatch.setattr(JobManager, "retry_job", retry_job)


async def test_a_job_that_could_not_be_given_back_is_given_back_later(dsn, monkeypatch):
    """A busy database loses no job: while the worker that has it lives, nobody else would take it up."""
    monkeypatch.setattr(queue_worker, "WRITE_GAPS_S", (0.01, 0.01))
    break_retries(monkeypatch, 2)
    calls, twice = [], asyncio.Event()

    async def task():
        calls.append(1)
        if len(calls) == 1:
            raise Again(0)
        twice.set()

    async with at_work(dsn, task):
        await asyncio.wait_for(twice.wait(), 10)


async def test_a_job_that_went_to_another_worker_is_left_to_it(dsn):
    """A worker that was taken for dead puts away nothing that is not its own any more."""
    moved = asyncio.Event()

    async def task():
        with psycopg.connect(dsn) as connection:
            connection.execute(MOVE)
        moved.set()

    async with at_work(dsn, task):
        await asyncio.wait_for(moved.wait(), 10)
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT status FROM procrastinate_jobs").fetchall() == [("doing",)]


async def test_a_worker_that_cannot_give_back_ends(dsn, monkeypatch):
    """When it stays so the worker ends: then its jobs are free for others."""
    monkeypatch.setattr(queue_worker, "WRITE_GAPS_S", (0.01, 0.01))
    break_retries(monkeypatch, 3)

    async def task():
        raise Again(0)

    async with at_work(dsn, task) as running:
        await asyncio.wait_for(running, 10)
    with psycopg.connect(dsn) as connection:
        left = connection.execute("SELECT status, worker_id FROM procrastinate_jobs").fetchall()
    assert left == [("doing", None)]  # what `_rescue` looks for


@pytest.fixture(autouse=True)
def _quiet(caplog):
    """The queue logs what went wrong, as it should."""
    caplog.set_level("CRITICAL", "procrastinate")
