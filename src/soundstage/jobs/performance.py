"""One claimed order on the stage: its reports go to the order book; a cancel or a closing worker end it.

Knows no queue. Whatever happens here, the stage is left idle or killed, never busy.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from soundstage.errors import SoundstageError, StageError
from soundstage.jobs.lease import remark
from soundstage.jobs.stage import Ending

if TYPE_CHECKING:
    from soundstage.jobs.lease import Lease, Remark
    from soundstage.jobs.stage import Stage

WRITE_GAP_S = 0.1  #: reports come with every frame; the order book hears of them this often
LOOK_S = 1.0  #: without reports: how often we look whether the lease is still ours and a cancel is asked
CANCEL_GRACE_S = 1.5  #: a cancelled stage that has not obeyed by then is killed, so that it ends within 2 s
LEVELS = {"DEBUG", "INFO", "WARN", "ERROR"}


async def perform(
    lease: Lease,
    stage: Stage,
    *,
    news: asyncio.Event,
    closing: asyncio.Event,
    opening: tuple[Remark, ...] = (),
) -> Ending | None:
    """Make the order on the stage and tell how it ended; None: the worker closes, the order was dropped.

    Args:
        lease: the order.
        stage: idle, or still getting ready.
        news: set whenever a cancel may have been asked.
        closing: set once the worker must let go of everything.
        opening: log lines to begin with.

    Raises:
        StageDied, StageSilent: the stage failed; it is no longer alive.
        LeaseLost: another worker has the order.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    relay = _Relay(lease, news, opening)
    making = asyncio.create_task(stage.make(lease.payload, relay.hear), name="making")
    writing = asyncio.create_task(relay.write_on(), name="writing")
    withdrawn = asyncio.create_task(relay.withdrawn.wait(), name="withdrawn")
    dropped = asyncio.create_task(closing.wait(), name="dropped")
    try:
        await asyncio.wait({making, writing, withdrawn, dropped}, return_when=asyncio.FIRST_COMPLETED)
        if making.done():
            return making.result()
        if withdrawn.done():
            stage.cancel()
            await asyncio.wait({making}, timeout=CANCEL_GRACE_S)
            return Ending(outcome="cancelled")
        if dropped.done():
            return None
        writing.result()  # raises why it ended
        return None
    finally:
        if not making.done():
            stage.kill()
        tasks = {making, writing, withdrawn, dropped}
        async with (
            relay.turn
        ):  # a write that is cut off in the middle would lose its lines, or say them twice
            for task in tasks - {making}:
                task.cancel()
        await asyncio.wait(tasks)
        failures = [task.exception() for task in tasks if not task.cancelled()]
        if not any(isinstance(f, SoundstageError) and not isinstance(f, StageError) for f in failures):
            await relay.write()  # the last lines; pointless once the order book itself has failed


class _Relay:
    """Collects reports and writes them to the order book in batches."""

    def __init__(self, lease: Lease, news: asyncio.Event, opening: tuple[Remark, ...]) -> None:
        self._lease = lease
        self._something = news  # one event for both reasons to write: a report came, a cancel may be asked
        self._progress: dict[str, Any] | None = None
        self._remarks: list[Remark] = list(opening)
        self.withdrawn = asyncio.Event()
        self.turn = asyncio.Lock()  #: held while writing

    def hear(self, report: dict[str, Any]) -> None:
        """Take one report; its `message`, when it has one, becomes a log line."""
        self._progress = report
        message = report.get("message")
        if isinstance(message, str):
            level, facts = report.get("level"), report.get("facts")
            self._remarks.append(
                remark(
                    level if level in LEVELS else "INFO",
                    message,
                    **(facts if isinstance(facts, dict) else {}),
                )
            )
        self._something.set()

    async def write(self) -> None:
        """Write what was collected, and look whether a cancel is asked."""
        async with self.turn:
            progress, self._progress = self._progress, None
            remarks, self._remarks = self._remarks, []
            if await self._lease.write(progress, remarks):
                self.withdrawn.set()

    async def write_on(self) -> None:
        """Write whenever there is something, and look now and then; ends only by an error."""
        while True:
            self._something.clear()
            await self.write()
            await asyncio.sleep(WRITE_GAP_S)
            with suppress(TimeoutError):
                # Not wait_for: before Python 3.12 it forgets a cancel that meets the event, and the order,
                # though made, would run for ever.
                async with asyncio.timeout(LOOK_S):
                    await self._something.wait()
