"""The warm process ("the stage") that does the work, seen from the worker: start, make, cancel, kill.

One JSON object a line, over the child's stdin and stdout. Knows no queue and no database; stage_door.py is
the child's end. The child leads a process group of its own, so that killing it ends whatever it started.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from soundstage.errors import StageDied, StageError, StageSilent
from soundstage.jobs.stage_door import LONGEST_LINE_BYTES, serve_stage

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["Ending", "Stage", "serve_stage"]

log = logging.getLogger(__name__)

SILENT_S = 30.0  #: a child whose heartbeat thread says nothing for this long is stopped or hangs in C code
STILL_S = 600.0  #: one that lives but reports nothing new for this long hangs in its own work


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How an order ended on the stage."""

    outcome: Literal["done", "failed", "cancelled"]
    result: dict[str, Any] | None = None  #: when done
    error_kind: str = "internal_server_error"  #: this and the next two: when failed
    error_message: str = ""
    retryable: bool = False


class Stage:
    """A running child. It makes one order at a time; once `alive` is False it makes nothing any more."""

    def __init__(self, process: asyncio.subprocess.Process, *, silent_s: float, still_s: float) -> None:
        loop = asyncio.get_running_loop()
        self._process = process
        self._silent_s, self._still_s = silent_s, still_s
        self._ready: asyncio.Future[None] = loop.create_future()
        self._ending: asyncio.Future[Ending] | None = None
        self._on_tell: Callable[[dict[str, Any]], None] | None = None
        self._lost: StageError | None = None
        self._told_at = loop.time()
        self.idle_since = loop.time()  #: on the loop's clock
        self.made = 0  #: orders it has ended, however
        self._pump = loop.create_task(self._listen(), name="stage")

    @classmethod
    async def start(
        cls,
        argv: Sequence[str],
        environ: Mapping[str, str],
        *,
        silent_s: float = SILENT_S,
        still_s: float = STILL_S,
    ) -> Stage:
        """Start a child; its stderr is ours. It gets ready by itself: `make` waits for that.

        Raises:
            StageDied: it cannot be started.
        """
        try:
            process = await asyncio.create_subprocess_exec(
                *argv,
                env=dict(environ),
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=LONGEST_LINE_BYTES,
                start_new_session=True,
            )
        except OSError as exc:
            raise StageDied(f"the stage {argv[0]!r} cannot be started: {exc}") from exc
        return cls(process, silent_s=silent_s, still_s=still_s)

    @property
    def pid(self) -> int:
        """The child's process, and its process group."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """True while the child can be given work."""
        return self._lost is None

    async def ready(self) -> None:
        """Return once the child can begin.

        Raises:
            StageDied: it could not get ready; says why.
            StageSilent: it stopped answering.
        """
        await asyncio.shield(self._ready)

    async def make(self, payload: dict[str, Any], on_tell: Callable[[dict[str, Any]], None]) -> Ending:
        """Have the child make `payload`; each report goes to `on_tell` as it comes.

        Raises:
            StageDied: the child ended before the order did.
            StageSilent: it stopped answering, or reported nothing for too long, and was killed.
        """
        assert self._ending is None, "the stage makes one order at a time"
        await self.ready()
        if self._lost is not None:
            raise self._lost
        loop = asyncio.get_running_loop()
        self._ending, self._on_tell, self._told_at = loop.create_future(), on_tell, loop.time()
        try:
            self._send({"make": payload})
            return await self._ending
        finally:
            self._ending = self._on_tell = None
            self.idle_since = loop.time()
            self.made += 1

    def cancel(self) -> None:
        """Ask the child to drop the order; it obeys at its next report, or has to be killed."""
        self._send({"cancel": True})

    def kill(self) -> None:
        """End the child and all it started, at once."""
        with suppress(ProcessLookupError, PermissionError):  # macOS says "not permitted" of one just gone
            os.killpg(self._process.pid, signal.SIGKILL)

    async def stop(self, grace_s: float = 2.0) -> None:
        """End the child: politely when it is idle, by force when it does not go within `grace_s`."""
        if self._ending is None and self.alive:
            self._send({"stop": True})
            with suppress(TimeoutError):
                async with asyncio.timeout(grace_s):
                    await asyncio.shield(self._pump)
        self.kill()
        await self._pump

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None
        if self.alive and not self._process.stdin.is_closing():
            self._process.stdin.write(json.dumps(message).encode() + b"\n")

    async def _listen(self) -> None:
        """Hear the child until it ends, then tell whoever waits for it."""
        loop = asyncio.get_running_loop()
        assert self._process.stdout is not None
        try:
            while True:
                async with asyncio.timeout(self._silent_s):
                    line = await self._process.stdout.readline()
                if not line:
                    break
                self._hear(json.loads(line))
                busy = self._ending is not None or not self._ready.done()
                if busy and loop.time() - self._told_at > self._still_s:
                    self._lost = StageSilent(
                        f"the stage reported nothing for {self._still_s:g} s and was killed"
                    )
                    break
        except TimeoutError:
            self._lost = StageSilent(f"the stage did not answer for {self._silent_s:g} s and was killed")
        except (ValueError, KeyError, TypeError) as exc:  # a line over the limit is a ValueError, too
            self._lost = StageError(f"the stage said what cannot be read ({exc}) and was killed")
        finally:
            if self._lost is None:
                # It closed its end; give it the moment to end by itself, for its true exit code.
                with suppress(TimeoutError):
                    async with asyncio.timeout(0.5):
                        await self._process.wait()
            self.kill()  # what it started ends with it
            code = await self._process.wait()
            self._lost = self._lost or StageDied(f"the stage {_how_it_ended(code)} before the order was made")
            for future in (self._ready, self._ending):
                if future is not None and not future.done():
                    future.set_exception(self._lost)
                    future.exception()  # nobody may be waiting

    def _hear(self, message: dict[str, Any]) -> None:
        ((kind, body),) = message.items()
        if kind == "alive":
            return
        self._told_at = asyncio.get_running_loop().time()
        if kind == "ready":
            self._ready.set_result(None)
        elif not self._ready.done():
            self._lost = StageDied(f"the stage could not get ready: {body['message']}")
            self._ready.set_exception(self._lost)
            self._ready.exception()
        elif self._ending is None or self._ending.done():
            log.warning("the stage said %r though it makes nothing", kind)
        elif kind == "tell":
            assert self._on_tell is not None
            self._on_tell(body)
        elif kind == "done":
            self._ending.set_result(Ending(outcome="done", result=body))
        elif kind == "cancelled":
            self._ending.set_result(Ending(outcome="cancelled"))
        else:
            failed = message["failed"]
            self._ending.set_result(
                Ending(
                    outcome="failed",
                    error_kind=failed["kind"],
                    error_message=failed["message"],
                    retryable=failed["retryable"],
                )
            )


def _how_it_ended(code: int) -> str:
    if code < 0:
        return f"was ended by {signal.Signals(-code).name}"
    return f"ended with code {code}"
