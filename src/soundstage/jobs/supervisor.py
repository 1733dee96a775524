"""Keeps child processes alive and stops them in order. Knows nothing of what they do.

A child that ends by itself is started again, after a gap that doubles while it keeps failing.
"""

from __future__ import annotations

import asyncio
import logging
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

log = logging.getLogger(__name__)

FIRST_GAP_S, LONGEST_GAP_S = 0.25, 30.0
HEALTHY_S = 30.0  #: a child that lived this long begins with the first gap again
STOP_S = 8.0  #: beyond what a worker needs to give its order back


@dataclass(frozen=True, slots=True, kw_only=True)
class Child:
    """A process to keep alive."""

    name: str  #: for the log
    argv: tuple[str, ...]
    environ: Mapping[str, str]


class Supervisor:
    """Runs its children until `stop`."""

    def __init__(
        self,
        children: Sequence[Child],
        *,
        first_gap_s: float = FIRST_GAP_S,
        longest_gap_s: float = LONGEST_GAP_S,
        stop_s: float = STOP_S,
    ) -> None:
        self._children = tuple(children)
        self._first_gap_s, self._longest_gap_s, self._stop_s = first_gap_s, longest_gap_s, stop_s
        self._running: dict[int, asyncio.subprocess.Process] = {}
        self._stopping = asyncio.Event()

    @property
    def pids(self) -> tuple[int, ...]:
        """The processes that run now, in the order of the children."""
        return tuple(process.pid for _, process in sorted(self._running.items()))

    async def run(self) -> None:
        """Keep every child alive; return once all are stopped. Cancelling stops them, too."""
        keeping = [asyncio.create_task(self._keep(i), name=c.name) for i, c in enumerate(self._children)]
        try:
            await asyncio.gather(*keeping)
        finally:
            self._stopping.set()
            await asyncio.gather(*keeping, return_exceptions=True)

    def stop(self) -> None:
        """Stop every child: SIGTERM, then SIGKILL for those that stay; `run` returns when all are gone."""
        self._stopping.set()

    def forward(self, number: signal.Signals) -> None:
        """Send a signal to every child."""
        for process in self._running.values():
            _send(process, number)

    async def _keep(self, index: int) -> None:
        child = self._children[index]
        loop, gap_s = asyncio.get_running_loop(), self._first_gap_s
        while not self._stopping.is_set():
            begun = loop.time()
            try:
                # A session of its own: Ctrl-C in a terminal is for us, who stop the children in order.
                process = await asyncio.create_subprocess_exec(
                    *child.argv,
                    env=dict(child.environ),
                    stdin=asyncio.subprocess.DEVNULL,
                    start_new_session=True,
                )
            except OSError as exc:
                log.error("%s cannot be started: %s", child.name, exc)  # noqa: TRY400 - the sentence says all
            else:
                self._running[index] = process
                await self._outlive(process)
                del self._running[index]
                if self._stopping.is_set():
                    return
                log.warning(
                    "%s ended with code %s; starting it again in %.2f s",
                    child.name,
                    process.returncode,
                    gap_s,
                )
            if loop.time() - begun > HEALTHY_S:
                gap_s = self._first_gap_s
            with suppress(TimeoutError):
                async with asyncio.timeout(gap_s):
                    await self._stopping.wait()
            gap_s = min(gap_s * 2, self._longest_gap_s)

    async def _outlive(self, process: asyncio.subprocess.Process) -> None:
        """Return when the process has ended; end it once we stop."""
        ended = asyncio.create_task(process.wait())
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            await asyncio.wait({ended, stopping}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            stopping.cancel()
            if not ended.done():
                _send(process, signal.SIGTERM)
                await asyncio.wait({ended}, timeout=self._stop_s)
            if not ended.done():
                log.warning("process %s does not stop; it is killed", process.pid)
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)
                await ended


def _send(process: asyncio.subprocess.Process, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        process.send_signal(number)
