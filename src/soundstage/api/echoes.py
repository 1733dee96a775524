"""Polls answered again: the same bytes get the same answer for as long as that is still true.

A client that waits for a film sends one request, equal to the last byte, many times. Its answer depends on
those bytes, on the connection's two ends and on the order, and on nothing else. So the whole exchange is
kept, and the next one is answered before anything is parsed. A route allows it by `repeat_while`.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from uvicorn.protocols.http.httptools_impl import STATUS_LINE

if TYPE_CHECKING:
    from collections.abc import Callable

    from starlette.types import ASGIApp, Message, Receive, Scope, Send

MOST = 4096  #: exchanges kept
LARGEST_BYTES = 16_384  #: of an answer; MOST of them are 64 MB at the very worst
#: An answer is told again for so long, whatever its route says: a revoked key must die soon.
GOOD_FOR_S = 1.0


class Echo:
    """Travels in the scope of a request that may be answered again: `scope["echo"]`, where there is one."""

    __slots__ = ("asked", "holds")

    def __init__(self, asked: bytes) -> None:
        self.asked = asked  #: who asked, and the request's bytes
        self.holds: Callable[[], bool] | None = None

    def repeat_while(self, holds: Callable[[], bool]) -> None:
        """Allow that the answer is told again, until `holds` is false."""
        self.holds = holds


def repeat_while(scope: Scope, holds: Callable[[], bool]) -> None:
    """Allow that this request's answer is told again until `holds` is false, where the server can do that."""
    echo: Echo | None = scope.get("echo")
    if echo is not None:
        echo.repeat_while(holds)


class Echoes:
    """The exchanges of one server."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._kept: dict[bytes, tuple[float, Callable[[], bool], bytes, bytes]] = {}

    def find(self, asked: bytes) -> tuple[bytes, bytes] | None:
        """Return the answer to these bytes as status line and rest, if it still holds.

        The server puts its own headers between the two: the date is of the moment.
        """
        kept = self._kept.get(asked)
        if kept is None:
            return None
        good_until, holds, status_line, rest = kept
        if self._clock() < good_until and holds():
            return status_line, rest
        del self._kept[asked]
        return None

    def overhear(self, app: ASGIApp) -> ASGIApp:
        """Return the app, listened to: what it answers to a request with an `Echo` is kept where allowed."""

        async def overheard(scope: Scope, receive: Receive, send: Send) -> None:
            echo: Echo | None = scope.get("echo")
            if echo is None:
                await app(scope, receive, send)
                return
            start: Message | None = None

            async def listening(message: Message) -> None:
                nonlocal start
                if message["type"] == "http.response.start":
                    start = message
                elif start is not None:
                    if echo.holds is not None and not message.get("more_body", False):
                        self._keep(echo.asked, echo.holds, start, message.get("body", b""))
                    start = None  # a second piece: no answer that is kept has one
                await send(message)

            await app(scope, receive, listening)

        return overheard

    def _keep(self, asked: bytes, holds: Callable[[], bool], start: Message, body: bytes) -> None:
        if len(body) > LARGEST_BYTES:
            return
        while len(self._kept) >= MOST:
            del self._kept[next(iter(self._kept))]
        headers = b"".join(b"%b: %b\r\n" % (name, value) for name, value in start["headers"])
        self._kept[asked] = (
            self._clock() + GOOD_FOR_S,
            holds,
            STATUS_LINE[start["status"]],
            headers + b"\r\n" + body,
        )
