"""A CONNECT proxy for fal's own host names: whoever connects to one is put through to our HTTPS port.

So a client with all its default hosts, uploads included, speaks to this server. A pipe of bytes: TLS ends
in the server behind it. It goes to no other place, and listens on loopback only.
"""

from __future__ import annotations

import asyncio
import logging
import re
from contextlib import suppress
from typing import TYPE_CHECKING

from soundstage.api.hosts import FAL_HOSTS
from soundstage.api.replies import encode

if TYPE_CHECKING:
    import socket

log = logging.getLogger(__name__)

LONGEST_HEAD_BYTES = 16_384
HEAD_S = 10.0  #: who sends no whole head in this time is no client
PIECE_BYTES = 65_536
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - where to reach whoever listens on all
_CONNECT = re.compile(rb"CONNECT ([A-Za-z0-9.-]{1,253}):(\d{1,5}) HTTP/1\.[01]\r\n")


class Tunnel:
    """Serves one listening socket until it is cancelled."""

    def __init__(self, listening: socket.socket, *, https: socket.socket) -> None:
        """Prepare.

        Args:
            listening: bound and listening; closed at the end.
            https: where our own server listens, and ends TLS.
        """
        self._listening = listening
        self._https_host, self._https_port = _reach(https)
        self.port: int = listening.getsockname()[1]

    async def run(self) -> None:
        """Serve until cancelled, then drop what is open."""
        open_ends: set[asyncio.Task[None]] = set()

        async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            open_ends.add(task)
            try:
                await self._serve(reader, writer)
            finally:
                open_ends.discard(task)
                writer.close()

        server = await asyncio.start_server(serve, sock=self._listening, limit=LONGEST_HEAD_BYTES)
        try:
            await server.serve_forever()
        finally:
            server.close()
            for task in open_ends:
                task.cancel()
            await asyncio.gather(*open_ends, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            async with asyncio.timeout(HEAD_S):
                head = await reader.readuntil(b"\r\n\r\n")
        except (TimeoutError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, OSError):
            return
        asked = _CONNECT.match(head)
        if asked is None:
            _refuse(writer, b"405 Method Not Allowed", "this port takes CONNECT only; the API is on another")
            return
        host, port = asked[1].decode().lower(), int(asked[2])
        if host not in FAL_HOSTS or port != 443:
            words = f"{host}:{port} is not put through: only port 443 of {', '.join(sorted(FAL_HOSTS))}"
            _refuse(writer, b"403 Forbidden", words)
            return
        try:
            far_reader, far_writer = await asyncio.open_connection(self._https_host, self._https_port)
        except OSError as exc:
            log.warning("the tunnel does not reach its own server", extra={"why": str(exc)})
            _refuse(writer, b"502 Bad Gateway", "the server behind this tunnel does not answer")
            return
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        try:
            await asyncio.gather(_pour(reader, far_writer), _pour(far_reader, writer))
        finally:
            far_writer.close()


def _reach(listening: socket.socket) -> tuple[str, int]:
    host: str = listening.getsockname()[0]
    port: int = listening.getsockname()[1]
    return EVERYWHERE.get(host, host), port


async def _pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Pass on what comes until one side ends; the pause of a slow side reaches the fast one."""
    with suppress(OSError):
        while piece := await reader.read(PIECE_BYTES):
            writer.write(piece)
            await writer.drain()
    with suppress(OSError):
        if writer.can_write_eof():
            writer.write_eof()


def _refuse(writer: asyncio.StreamWriter, status: bytes, words: str) -> None:
    body = encode({"detail": words})
    writer.write(
        b"HTTP/1.1 " + status + b"\r\ncontent-type: application/json\r\nconnection: close\r\n"
        b"content-length: " + str(len(body)).encode("ascii") + b"\r\n\r\n" + body
    )
