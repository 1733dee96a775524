"""The warm process's own end: it makes one order after another, as the worker says. Knows no queue.

The protocol has its own file descriptors: a stray print goes to stderr and harms nothing. When the worker
goes away, even by kill -9, its end of our stdin closes and we end at once, in the middle of a film too.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any, NoReturn

from soundstage.errors import Cancelled, SoundstageError

LONGEST_LINE_BYTES = 8_000_000  #: neither end says or reads more at once
HEARTBEAT_S = 1.0

Report = dict[str, Any]
Make = Callable[[dict[str, Any], Callable[[Report], None]], dict[str, Any]]


def serve_stage(make: Make, prepare: Callable[[], None] | None = None) -> None:
    """Make orders until the worker says stop; returns then. Call it from the main thread of a process.

    Args:
        make: takes a payload and a `tell`, returns the result. `tell` raises `Cancelled` once the caller
            has withdrawn the order. What `make` raises ends the order, never the process.
        prepare: whatever is slow and can be done before the first order; what it raises ends the process.
    """
    door = _Door()
    try:
        if prepare is not None:
            prepare()
    except Exception as exc:
        traceback.print_exc()
        door.say("failed", _describe(exc))
        raise SystemExit(1) from exc
    door.say("ready", {"pid": os.getpid()})
    while (payload := door.orders.get()) is not None:
        try:
            door.say("done", make(payload, door.tell))
        except Cancelled:
            door.say("cancelled", True)  # noqa: FBT003 - a JSON value
        except Exception as exc:  # noqa: BLE001 - an order that fails must not end the warm process
            traceback.print_exc()
            door.say("failed", _describe(exc))


class _Door:
    """The two pipes to the worker, the thread that hears and the thread that shows life."""

    def __init__(self) -> None:
        self._in, self._out = os.dup(0), os.dup(1)  # duplicates are not inherited by what we start
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - only its descriptor is wanted
            os.dup2(nothing.fileno(), 0)
        os.dup2(2, 1)
        self._turn = threading.Lock()
        self._withdrawn = threading.Event()
        self.orders: queue.SimpleQueue[dict[str, Any] | None] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="stage door", daemon=True).start()
        threading.Thread(target=self._show_life, name="stage heartbeat", daemon=True).start()

    def tell(self, report: Report) -> None:
        """Pass a report on.

        Raises:
            Cancelled: the caller has withdrawn the order.
        """
        if self._withdrawn.is_set():
            raise Cancelled("the caller withdrew the order")
        self.say("tell", report)

    def say(self, kind: str, body: Any) -> None:
        """Say one thing to the worker.

        Raises:
            SoundstageError: it is longer than the worker reads.
        """
        line = json.dumps({kind: body}).encode() + b"\n"
        if len(line) > LONGEST_LINE_BYTES:
            raise SoundstageError(
                f"{kind} is {len(line)} bytes of JSON, over {LONGEST_LINE_BYTES}: put it in a file"
            )
        with self._turn:
            try:
                while line:
                    line = line[os.write(self._out, line) :]
            except BrokenPipeError:
                _leave()

    def _listen(self) -> None:
        # No file object: a daemon thread that holds its lock at exit would abort the interpreter.
        unfinished = b""
        while heard := os.read(self._in, 65_536):
            *lines, unfinished = (unfinished + heard).split(b"\n")
            for line in lines:
                message = json.loads(line)
                if "make" in message:
                    self._withdrawn.clear()  # in order of arrival: a late cancel was for the order before
                    self.orders.put(message["make"])
                elif "cancel" in message:
                    self._withdrawn.set()
                else:
                    self.orders.put(None)
        _leave()

    def _show_life(self) -> None:
        while True:
            self.say("alive", True)  # noqa: FBT003 - a JSON value
            time.sleep(HEARTBEAT_S)


def _describe(exc: Exception) -> dict[str, Any]:
    if isinstance(exc, SoundstageError):
        return {"kind": exc.kind, "message": str(exc), "retryable": exc.retryable}
    message = f"{type(exc).__name__}: {exc}"
    return {"kind": SoundstageError.kind, "message": message, "retryable": False}


def _leave() -> NoReturn:
    """End this process and all it started, whatever the main thread is doing."""
    sys.stderr.flush()
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)
    os._exit(1)
