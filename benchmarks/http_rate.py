"""Claim: the door costs under 0.5 ms of CPU a validated submit, 0.3 ms a status poll, 3 ms a 2 MB file.

Run: python benchmarks/http_rate.py [--requests 4000] [--connections 16]
The order book is a dict: what is measured is HTTP, contract and JSON, not PostgreSQL. CPU seconds of the
server's process count, the load generator's do not; the rate is what one process answered while both ran.
The polls here go all the way each time: a poll that is told again costs a tenth (wire_rate.py).
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import tempfile
import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
FILM_BYTES = 2_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """An order that waits for ever."""

    order_id: str
    endpoint: str = PRO
    status: str = "waiting"
    caller: str = "anonymous"
    body_hash: None = None
    forgotten_at: None = None
    error_detail: None = None
    queue_position: int = 0
    result: None = None
    error_kind: None = None
    error_message: None = None
    started_at: None = None
    ended_at: None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Glance:
    """An order as it is now."""

    state: Waiting

    def holds(self):
        """Tell that it must be asked again."""
        return False


class DictBook:
    """Takes orders and forgets nothing but durability."""

    def __init__(self):
        self.orders = {}

    async def submit(self, new):
        """Take an order."""
        state = self.orders[new.order_id] = Waiting(order_id=new.order_id)
        return state

    async def find(self, order_id):
        """Return an order."""
        return self.orders[order_id]

    async def glance(self, order_id):
        """Return an order that is never told again: each poll goes all the way."""
        return Glance(state=self.orders[order_id])


def serve(pipe, folder):
    """Serve until told to stop; answers each question with the CPU seconds spent so far."""
    import uvloop

    from soundstage.api import ApiParts, UrlRule, build_app
    from soundstage.api.server import ApiServer, bind
    from soundstage.api.tls import ensure_tls
    from soundstage.storage import LocalStore

    async def run():
        film = folder / "film"
        film.write_bytes(bytes(FILM_BYTES))
        store = LocalStore(folder / "files")
        store.keep(film, "ab/output.mp4", "video/mp4")
        parts = ApiParts(
            book=DictBook(),
            store=store,
            engines=("previz",),
            urls=UrlRule(),
            planner=None,
            pick_seed=lambda: 7,
            new_id=lambda: str(uuid.uuid4()),
            secret=bytes(32),
        )
        tls = ensure_tls(folder / "tls", environ={}, now=datetime.now(UTC))
        server = ApiServer(
            build_app(parts), bind("127.0.0.1", port=0, tls_port=0), tls, stopping=parts.stopping
        )
        running = asyncio.create_task(server.run())
        await server.listening()
        pipe.send(server.ports.http)

        def answer():
            if pipe.recv() == "stop":
                server.stop()
            else:
                pipe.send(time.process_time())

        asyncio.get_running_loop().add_reader(pipe.fileno(), answer)
        await running

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


async def load(port, request, count, connections):
    """Send one request again and again over some connections; returns the last body."""
    left = count
    last = b""

    async def one():
        nonlocal left, last
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=4_000_000)
        while left > 0:
            left -= 1
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0])
            last = await reader.readexactly(length)
            assert head.startswith(b"HTTP/1.1 2"), head
        writer.close()

    await asyncio.gather(*(one() for _ in range(connections)))
    return last


def main():
    """Measure each kind of request and print a row for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--connections", type=int, default=16)
    told = parser.parse_args()
    pipe, theirs = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = multiprocessing.get_context("spawn").Process(target=serve, args=(theirs, Path(folder)))
        process.start()
        theirs.close()  # so that a server which cannot start ends our wait for its port
        port = pipe.recv()
        order_id = ""

        def measure(name, request, count):
            pipe.send("cpu")
            cpu_s, began = pipe.recv(), time.perf_counter()
            last = asyncio.run(load(port, request, count, told.connections))
            wall_s = time.perf_counter() - began
            pipe.send("cpu")
            cpu_s = pipe.recv() - cpu_s
            print(f"{name:16} {1000 * cpu_s / count:7.3f} ms CPU   {count / wall_s:8.0f} /s")
            return last

        def get(path):
            return f"GET {path} HTTP/1.1\r\nhost: localhost:{port}\r\n\r\n".encode()

        body = json.dumps({"prompt": "Fireflies in a dark forest at twilight", "duration": "5"})
        head = f"POST /queue/{PRO} HTTP/1.1\r\nhost: localhost:{port}\r\ncontent-length: {len(body)}\r\n\r\n"
        order_id = json.loads(measure("submit", (head + body).encode(), told.requests))["request_id"]
        path = f"/queue/fal-ai/kling-video/requests/{order_id}/status?logs=0"
        measure("status", get(path), told.requests)
        measure("health/live", get("/health/live"), told.requests)
        measure("2 MB file", get("/files/ab/output.mp4"), told.requests // 10)
        pipe.send("stop")
        process.join(20)


if __name__ == "__main__":
    main()
