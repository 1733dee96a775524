"""A call that must end in time, whatever it does. Knows nothing of what is called."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, TypeVar

from soundstage.plan.ports import ModelFailed

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")


def within(seconds: float, call: Callable[[], Answer]) -> Answer:
    """Return what `call` returns, if it does so in time.

    It runs in a thread of its own: name look-ups and native code heed no time-out. One that hangs is left
    behind, and ends with the process at the latest.

    Raises:
        ModelFailed: it took longer than `seconds`; or what `call` raises.
    """
    answers: list[Answer] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            answers.append(call())
        except BaseException as exc:  # noqa: BLE001 - it is raised again by who waits
            failures.append(exc)

    thread = threading.Thread(target=run, daemon=True, name="asked model")
    thread.start()
    thread.join(seconds)
    if failures:
        raise failures[0]
    if not answers:
        raise ModelFailed(f"no answer in {seconds:g} s")
    return answers[0]
