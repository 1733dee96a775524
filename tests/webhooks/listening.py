"""A receiver of webhooks that keeps what came and answers as its test says. Real sockets, no framework."""

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

WORDS = {200: "OK", 204: "No Content", 302: "Found", 404: "Not Found", 500: "Internal Server Error"}


@dataclass(frozen=True)
class Call:
    """One request, as it came."""

    method: str
    target: str
    headers: dict[str, str]  #: names in lower case
    body: bytes
    at: float  #: monotonic


@dataclass
class Listener:
    """Where webhooks arrive."""

    port: int = 0
    scheme: str = "http"
    #: how to answer, one after the other, the last for all that follow: a status, or "silence"
    answers: list = field(default_factory=lambda: [200])
    extra: str = ""  #: header lines of every answer, each with its CRLF
    calls: list[Call] = field(default_factory=list)
    came: asyncio.Condition = field(default_factory=asyncio.Condition)

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}/hook"

    async def wait(self, count: int = 1, within_s: float = 30.0) -> list[Call]:
        """Return the first `count` calls, once they have come."""
        async with asyncio.timeout(within_s), self.came:
            await self.came.wait_for(lambda: len(self.calls) >= count)
        return self.calls[:count]

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            first, *lines = head.strip().split("\r\n")
            method, target, _ = first.split(" ")
            headers = {k.strip().lower(): v.strip() for k, _, v in (line.partition(":") for line in lines)}
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
            self.calls.append(Call(method, target, headers, body, time.monotonic()))
            async with self.came:
                self.came.notify_all()
            if answer == "silence":
                await reader.read()  # until the sender gives up
                return
            words = f"HTTP/1.1 {answer} {WORDS.get(answer, 'Other')}\r\n{self.extra}"
            writer.write(f"{words}Content-Length: 2\r\n\r\nok".encode())
            await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass  # the sender went away, or never spoke
        finally:
            writer.close()


@asynccontextmanager
async def listening(*answers, tls=None, extra: str = ""):
    """Listen on a free port for the block."""
    listener = Listener(answers=list(answers) or [200], scheme="https" if tls else "http", extra=extra)
    server = await asyncio.start_server(listener.take, "127.0.0.1", 0, ssl=tls)
    listener.port = server.sockets[0].getsockname()[1]
    try:
        yield listener
    finally:
        server.close()
