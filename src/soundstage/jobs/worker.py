"""The worker: takes orders from the queue, one at a time, and has them made by its stage. Knows no video.

Runs in a process of its own on procrastinate. When PostgreSQL goes away the process ends, and whoever
supervises it starts it again: a worker without its lease has nothing to do.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import procrastinate
from procrastinate.exceptions import ConnectorException

from soundstage.errors import DatabaseUnavailable, StageError
from soundstage.jobs.book import OrderBook
from soundstage.jobs.courier import Courier
from soundstage.jobs.database import mapped_errors
from soundstage.jobs.deliveries import Deliveries
from soundstage.jobs.feed import Feed
from soundstage.jobs.keeper import Keeper, book_chores
from soundstage.jobs.lease import Lease, LeaseLost, claim, remark
from soundstage.jobs.performance import perform
from soundstage.jobs.queue_worker import (
    HEARTBEAT_S,
    STALLED_S,
    Again,
    AlwaysAgain,
    QueueWorker,
    take_up_again,
)
from soundstage.jobs.stage import Ending, Stage

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from soundstage.jobs.courier import Calls

log = logging.getLogger(__name__)

POLL_S = 1.0  #: new orders come by NOTIFY; this finds those that came back and those whose news was lost
SWEEP_EVERY = 5  #: rescues, one a second, between two sweeps of the order book
MOST_ATTEMPTS = 3
CLOSE_S = 4.0  #: how long an order may take to be given back when the worker closes
DATABASE_WAIT_S = 2.0  #: a worker waits this long for a connection; then the database is away
RESCUE_TURN = 5_350_701_927  #: advisory lock: two workers must not rescue the same order


class Worker:
    """One worker with one stage."""

    def __init__(
        self,
        *,
        dsn: str,
        stage_argv: Sequence[str],
        stage_environ: Mapping[str, str],
        per_caller_limit: int = 1000,
        idle_stage_s: float = 600.0,
        payload_kept_s: float = 30 * 86_400.0,
        unstored_result_s: float = 3600.0,
        calls: Calls | None = None,
        stop_when_orphaned: bool = False,
    ) -> None:
        self._dsn = dsn
        self._stage_argv, self._stage_environ = tuple(stage_argv), dict(stage_environ)
        self._limit = per_caller_limit
        self._calls = calls  # None: another process delivers webhooks
        self._idle_stage_s = idle_stage_s
        self._parent = os.getppid() if stop_when_orphaned else None
        self._book = OrderBook(
            dsn, per_caller_limit=per_caller_limit, connections=3, database_wait_s=DATABASE_WAIT_S
        )
        self._keeper = Keeper(
            book_chores(self._book, payload_kept_s=payload_kept_s, unstored_result_s=unstored_result_s)
        )
        self._feed = Feed(self._book.database, ["soundstage_cancels"])
        self._closing = asyncio.Event()
        self._stage: Stage | None = None
        self._stage_turn = asyncio.Lock()
        self._warming: asyncio.Task[None] | None = None

    def stop(self) -> None:
        """Begin nothing new, give the running order back and let `run` return; within five seconds."""
        self._closing.set()

    async def run(self) -> None:
        """Work until `stop`, SIGTERM or SIGINT.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer, or went away: start the process again.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, self.stop)
        connector = procrastinate.PsycopgConnector(
            conninfo=self._dsn,
            min_size=1,
            max_size=3,
            timeout=DATABASE_WAIT_S,
            reconnect_timeout=DATABASE_WAIT_S,
        )
        queue = procrastinate.App(connector=connector)
        queue.task(name="make_order", queue="orders", retry=AlwaysAgain())(self._make_order)
        try:
            async with mapped_errors(), self._book, queue.open_async():
                await self._work(queue)
        except ConnectorException as exc:
            raise DatabaseUnavailable(f"the queue's database went away: {exc}") from exc
        finally:
            await self._feed.close()
            if self._warming is not None:
                await asyncio.wait({self._warming}, timeout=1.0)  # or its stage would be nobody's to stop
            if self._stage is not None:
                await self._stage.stop()
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.remove_signal_handler(number)

    async def _work(self, queue: procrastinate.App) -> None:
        worker = QueueWorker(
            queue,
            queues=["orders"],
            fetch_job_polling_interval=POLL_S,
            shutdown_graceful_timeout=CLOSE_S,
            delete_jobs="always",  # the order row is the record
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_S,
        )
        workers: list[QueueWorker | Courier] = [worker]
        if self._calls is not None:
            workers.append(Courier(queue, self._book, self._calls))
        working = {asyncio.create_task(one.run(), name="queue") for one in workers}
        caring = asyncio.create_task(self._care(queue, workers), name="care")
        closing = asyncio.create_task(self._closing.wait(), name="closing")
        log.info("worker ready for orders", extra={"pid": os.getpid()})
        try:
            await asyncio.wait({*working, caring, closing}, return_when=asyncio.FIRST_COMPLETED)
            asked = self._closing.is_set()
            self._closing.set()  # whatever ends us, the order in the making must be let go
            for one in workers:
                one.stop()
            if caring.done() and caring.exception() is not None:
                # Nothing can be written any more; with its pools open every step of the good-bye would wait.
                await queue.close_async()
                await self._book.close()
            await asyncio.wait(working, timeout=CLOSE_S + 1.0)
            for task in (caring, *working):
                if task.done():
                    task.result()
            if not asked:
                raise DatabaseUnavailable(
                    "the queue stopped by itself: its connection to PostgreSQL was lost"
                )
        finally:
            tasks: list[asyncio.Task[Any]] = [*working, caring, closing]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _care(self, queue: procrastinate.App, workers: Sequence[QueueWorker | Courier]) -> None:
        """Once a second: rescue jobs of dead workers, keep the stage fresh; now and then sweep the book."""
        # Beside the rounds: an order that is begun at once keeps the stage to itself until it ends.
        self._warming = asyncio.create_task(self._warm_stage())
        rounds = 0
        while True:
            await asyncio.sleep(HEARTBEAT_S)
            if self._parent is not None and os.getppid() != self._parent:
                log.warning("whoever started this worker is gone; stopping")
                self.stop()
                return
            await self._rescue(queue, {one.worker_id for one in workers})
            if rounds % SWEEP_EVERY == 0:
                await self._book.sweep()
                await Deliveries(self._book.database).requeue_lost()
            rounds += 1
            await self._keeper.look()
            await self._refresh_stage()

    async def _rescue(self, queue: procrastinate.App, ours: set[int | None]) -> None:
        async with self._book.database.transaction() as connection:
            turn = await self._book.database.row("take_turn", connection, turn=RESCUE_TURN)
            if turn is None or not turn["ours"]:
                return
            stalled = await queue.job_manager.get_stalled_jobs(seconds_since_heartbeat=STALLED_S)
            # After the machine slept, our own heartbeat is old too: what we do ourselves is not stalled.
            lost = [job for job in stalled if job.worker_id not in ours]
            for job in lost:
                log.warning("a worker is gone; its job is taken up again", extra={"job": job.task_kwargs})
                await take_up_again(queue, job)
            if lost:
                await self._book.database.rows("nudge_workers", connection)

    async def _make_order(self, order_id: str) -> None:
        """Make one order: the task that the queue calls."""
        lease = await claim(self._book.database, order_id, per_caller_limit=self._limit)
        if lease is None:
            return
        log.info("order begun", extra={"order": order_id, "attempt": lease.attempt})
        opening = ()
        if lease.was_lost:
            opening = (remark("WARN", "The worker that made this was lost; it is made again."),)
        try:
            with self._feed.news("soundstage_cancels", order_id) as news:
                async with self._stage_turn:
                    stage = await self._fresh_stage()
                    ending = await perform(lease, stage, news=news, closing=self._closing, opening=opening)
        except LeaseLost:
            log.warning("the order went to another worker", extra={"order": order_id})
            return
        except StageError as exc:
            log.warning("the stage failed: %s", exc, extra={"order": order_id})
            ending = Ending(
                outcome="failed", error_kind=exc.kind, error_message=str(exc), retryable=exc.retryable
            )
        finally:
            self._warming = asyncio.create_task(self._warm_stage())  # a killed stage is replaced meanwhile
        with suppress(LeaseLost):
            try:
                await self._end(lease, ending)
            except StageError as exc:
                await lease.fail(exc.kind, str(exc))

    async def _end(self, lease: Lease, ending: Ending | None) -> None:
        extra: dict[str, Any] = {"order": lease.order_id, "attempt": lease.attempt}
        if ending is None:
            await lease.give_back(attempt_counts=False)
            log.info("order given back", extra=extra)
            raise Again(0)
        if ending.outcome == "done":
            assert ending.result is not None
            status = await lease.finish(ending.result)
        elif ending.outcome == "cancelled":
            status = await lease.fail("client_cancelled", "the order was withdrawn")
        elif ending.retryable and lease.retries and lease.attempt < MOST_ATTEMPTS:
            told = f"Attempt {lease.attempt} of {MOST_ATTEMPTS} failed: {ending.error_message}; trying again."
            await lease.write(None, [remark("WARN", told, kind=ending.error_kind)])
            await lease.give_back(attempt_counts=True)
            log.warning("order failed, to be tried again: %s", ending.error_message, extra=extra)
            raise Again(
                2 * (lease.attempt - 1)
            )  # at once, then later: a shelf or a network may need a moment
        else:
            await lease.write(None, [remark("ERROR", ending.error_message, kind=ending.error_kind)])
            status = await lease.fail(ending.error_kind, ending.error_message)
        log.info("order ended as %s", status, extra=extra)

    async def _fresh_stage(self) -> Stage:
        if self._stage is None or not self._stage.alive:
            self._stage = await Stage.start(self._stage_argv, self._stage_environ)
        return self._stage

    async def _warm_stage(self) -> None:
        """Have a stage standing by. One that cannot start is the next order's to report."""
        async with self._stage_turn:
            if not self._closing.is_set():
                try:
                    await self._fresh_stage()
                except StageError as exc:
                    log.error("no stage: %s", exc)  # noqa: TRY400 - the sentence says all

    async def _refresh_stage(self) -> None:
        """Replace a stage that has worked and been idle for long: its memory returns to the machine."""
        stage, now = self._stage, asyncio.get_running_loop().time()
        if stage is None or not stage.made or self._stage_turn.locked():
            return
        if now - stage.idle_since > self._idle_stage_s:
            async with self._stage_turn:
                await stage.stop()
                self._stage = None
            await self._warm_stage()
