"""The keeper: what any process does now and then, so that promises with a time in them are kept.

Several keepers on one database are fine: each statement passes over what another one holds.
"""

from __future__ import annotations

import asyncio
import logging
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.errors import DatabaseUnavailable, SoundstageError

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, Sequence

    from soundstage.jobs.book import OrderBook

log = logging.getLogger(__name__)

GAP_S = 1.0  #: a start limit is kept to about this
FORGET_GAP_S = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chore:
    """Something that is due again and again."""

    name: str  #: for the log: "remove expired files"
    call: Callable[[], Awaitable[object]]
    gap_s: float  #: between the end of one call and the next


class Keeper:
    """Does its chores, each when it is due, one after the other."""

    def __init__(self, chores: Sequence[Chore], *, clock: Callable[[], float] = time.monotonic) -> None:
        self._chores = list(chores)
        self._clock = clock
        self._due = [clock()] * len(self._chores)

    async def look(self) -> None:
        """Do what is due.

        Raises:
            SoundstageError: a chore could not be done and is due again after its gap. What was due behind it
                is done first: one that fails at every look must not keep the others from theirs.
        """
        failure: Exception | None = None
        for place, chore in enumerate(self._chores):
            if self._clock() < self._due[place]:
                continue
            try:
                await chore.call()
            except Exception as exc:  # noqa: BLE001 - raised below, whatever it is
                failure = failure or exc
            self._due[place] = self._clock() + chore.gap_s
        if failure is not None:
            raise failure

    async def run(self) -> None:
        """Look every second until cancelled, over whatever goes wrong."""
        away = False
        while True:
            try:
                await self.look()
                away = False
            except DatabaseUnavailable as exc:
                if not away:
                    log.warning("the keeper waits for the database: %s", exc)
                away = True
            except SoundstageError as exc:
                log.warning("a chore failed and is tried again: %s", exc)
            except Exception:
                # One broken chore must not end the others, which keep promises to callers.
                log.exception("a chore broke and is tried again")
            await asyncio.sleep(GAP_S)


def book_chores(book: OrderBook, *, payload_kept_s: float, unstored_result_s: float) -> tuple[Chore, ...]:
    """Return what the order book needs: start limits, and forgetting.

    Args:
        book: open whenever a chore is done.
        payload_kept_s: input and output are kept this long after an order's end.
        unstored_result_s: the same for an order whose caller asked not to keep them.
    """

    async def forget() -> None:
        await book.forget_old(payload_kept_s=payload_kept_s, unstored_result_s=unstored_result_s)

    return (
        Chore(name="start limits", call=book.expire_late, gap_s=GAP_S / 2),
        Chore(name="forgetting", call=forget, gap_s=min(FORGET_GAP_S, unstored_result_s, payload_kept_s)),
    )
