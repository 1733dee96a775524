"""procrastinate's worker as our processes use it: what it misses, how a job comes back. Knows no orders."""

from __future__ import annotations

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import psycopg
from procrastinate.exceptions import ConnectorException, UniqueViolation
from procrastinate.jobs import Status
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from procrastinate.worker import Worker

if TYPE_CHECKING:
    import procrastinate
    from procrastinate.jobs import Job, Notification

log = logging.getLogger(__name__)

HEARTBEAT_S = 1.0
STALLED_S = 4.0  #: a worker without heartbeat for this long is taken for dead, and its jobs taken up again
LOOK_AGAIN_S = 0.05  #: beyond a fetch, the moment in which the queue's worker forgets news
WRITE_GAPS_S = (0.2, 1.0, 3.0)  #: between tries to write down what became of a job
OURS = "SELECT id FROM procrastinate_jobs WHERE id = %(job_id)s AND worker_id = %(worker_id)s"
AWAY = (psycopg.OperationalError, psycopg.InterfaceError)  #: causes of the queue's errors that pass


class Again(Exception):
    """The job comes back into the queue after `gap_s`, or when the database's clock says `at`."""

    def __init__(self, gap_s: float, *, at: datetime | None = None) -> None:
        self.at = at or datetime.now(UTC) + timedelta(seconds=gap_s)
        super().__init__(f"again in {gap_s:g} s")


class AlwaysAgain(BaseRetryStrategy):
    """Whatever ends a job but a plain return brings it back: our own table decides what becomes of it."""

    def get_retry_decision(self, *, exception: BaseException, job: Job) -> RetryDecision:  # noqa: ARG002
        """Return when the job comes back."""
        again = exception if isinstance(exception, Again) else Again(1.0)
        return RetryDecision(retry_at=again.at)


async def take_up_again(queue: procrastinate.App, job: Job) -> None:
    """Put the job of a lost worker back into the queue, unless somebody has seen to it meanwhile.

    Raises:
        ConnectorException: the queue's database is away.
    """
    try:
        try:
            await queue.job_manager.retry_job(job)
        except UniqueViolation:
            # Another job waits for the same order or webhook: with both, two would work at it at once.
            await queue.job_manager.finish_job(job, status=Status.ABORTED, delete_job=True)
    except ConnectorException as exc:
        if isinstance(exc.__cause__, AWAY):
            raise
        log.info("the job of a lost worker is in other hands: %s", exc.__cause__)


class QueueWorker(Worker):
    """procrastinate's worker, with four gaps closed.

    It stops when a side task ends, but looks only once: without periodic tasks the deferrer ends at once, and
    a lost listener or heartbeat would go unseen from then on. And it forgets news that comes while it
    fetches, so that an order submitted just when another ends would wait for the next poll. And it tries once
    to write down what became of a job: one that it could not give back would be its own, undone, for as long
    as it lives. And it puts away what went to another worker while it was taken for dead.
    """

    def look_after(self, gap_s: float) -> None:
        """Look for jobs once more after `gap_s`: the queue tells of new ones only."""
        asyncio.get_running_loop().call_later(gap_s + LOOK_AGAIN_S, self._new_job_event.set)

    async def _periodic_deferrer(self) -> None:
        await asyncio.Event().wait()

    async def _handle_notification(self, *, channel: str, notification: Notification) -> None:
        await super()._handle_notification(channel=channel, notification=notification)
        self.look_after(0.0)

    async def _persist_job_status(self, job: Job, *args: Any, **kwargs: Any) -> None:
        for gap_s in WRITE_GAPS_S:
            try:
                return await self._put_away(job, *args, **kwargs)
            except ConnectorException as exc:
                # Anything else is no trouble of a moment: another worker has the job, or ended it.
                if not isinstance(exc.__cause__, AWAY) or self._stop_event.is_set():
                    raise
                log.warning("a job could not be put away; trying again: %s", exc.__cause__)
            await asyncio.sleep(gap_s)
        try:
            return await self._put_away(job, *args, **kwargs)
        except ConnectorException:
            self.stop()  # whoever comes after us finds the job
            raise

    async def _put_away(self, job: Job, *args: Any, **kwargs: Any) -> None:
        ours = await self.app.connector.execute_query_all_async(OURS, job_id=job.id, worker_id=job.worker_id)
        if ours:
            await super()._persist_job_status(job, *args, **kwargs)
        else:
            log.warning("a job went to another worker meanwhile, and is left there")
