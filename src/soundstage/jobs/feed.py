"""News of the database by LISTEN/NOTIFY: one connection for every listener of a process. Knows no orders.

News only says that something may have changed. Whoever is woken reads the state again, so a lost
piece of news costs time (until their safety poll), never truth.
"""

from __future__ import annotations

import asyncio
import logging
from collections import defaultdict
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql

from soundstage.errors import DatabaseUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from soundstage.jobs.database import Connection, Database

log = logging.getLogger(__name__)

QUIET_S = 15.0  #: after this long without news the connection is asked whether it still lives
ANSWER_S = 5.0
FIRST_GAP_S, LONGEST_GAP_S = 0.1, 2.0  #: between attempts to connect again


class Feed:
    """Wakes those who wait for a key on a channel; wakes all after it was away, since news was lost then."""

    def __init__(self, database: Database, channels: Sequence[str]) -> None:
        self._database = database
        self._channels = tuple(channels)
        self._waiting: dict[tuple[str, str], set[asyncio.Event]] = defaultdict(set)
        self._listeners: list[tuple[str, Callable[[str | None], None]]] = []
        self._task: asyncio.Task[None] | None = None
        self.listening = asyncio.Event()  #: set while news arrives

    async def close(self) -> None:
        """Stop listening."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

    def listen(self, channel: str, hear: Callable[[str | None], None]) -> None:
        """Call `hear` with the key of each piece of news, and with None whenever news may have been lost.

        It hears nothing before `start`.
        """
        assert channel in self._channels, channel
        self._listeners.append((channel, hear))

    def start(self) -> None:
        """Begin to listen, in the loop that runs; safe to call twice."""
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._listen(), name="news")

    @contextmanager
    def news(self, channel: str, key: str) -> Generator[asyncio.Event]:
        """Give an event that is set whenever something may have changed; clear it before you read."""
        assert channel in self._channels, channel
        self.start()
        event = asyncio.Event()
        self._waiting[channel, key].add(event)
        try:
            yield event
        finally:
            self._waiting[channel, key].discard(event)
            if not self._waiting[channel, key]:
                del self._waiting[channel, key]

    async def _listen(self) -> None:
        gap_s = FIRST_GAP_S
        while True:
            try:
                async with await self._database.dedicated() as connection:
                    for channel in self._channels:
                        await connection.execute(sql.SQL("LISTEN {}").format(sql.Identifier(channel)))
                    self.listening.set()
                    gap_s = FIRST_GAP_S
                    for event in (e for events in self._waiting.values() for e in events):
                        event.set()
                    await self._pass_on(connection)
            except (DatabaseUnavailable, psycopg.OperationalError, TimeoutError) as exc:
                first = gap_s == FIRST_GAP_S
                log.log(logging.WARNING if first else logging.DEBUG, "no news from the database: %s", exc)
            finally:
                self.listening.clear()
                for _, hear in self._listeners:
                    hear(None)
            await asyncio.sleep(gap_s)
            gap_s = min(gap_s * 2, LONGEST_GAP_S)

    async def _pass_on(self, connection: Connection) -> None:
        while True:
            async for news in connection.notifies(timeout=QUIET_S):
                for event in self._waiting.get((news.channel, news.payload), ()):
                    event.set()
                for channel, hear in self._listeners:
                    if channel == news.channel:
                        hear(news.payload)
            # A connection that a router dropped in silence looks like one without news.
            async with asyncio.timeout(ANSWER_S):
                await connection.execute("SELECT 1")
