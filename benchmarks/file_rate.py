"""Claim: a 2 MB file costs under 2 ms of CPU to send, and under 20 ms to keep; memory stays flat.

Run: python benchmarks/file_rate.py [--requests 1000] [--connections 16]
A real store, server and sockets; CPU seconds of the server's process count, the load generator's do not. The
rate is what one process answered while both ran. What the server's memory grew by is its peak resident size.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import resource
import socket
import tempfile
import time
import uuid
from datetime import UTC, datetime
from pathlib import Path

FILM_BYTES = 2_000_000


def serve(pipe, folder):
    """Serve until told to stop; answers each question with CPU seconds and peak memory in MB."""
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
            book=None,
            store=store,
            engines=(),
            urls=UrlRule(),
            planner=None,
            pick_seed=lambda: 7,
            new_id=lambda: str(uuid.uuid4()),
            secret=bytes(32),
        )
        tls = ensure_tls(folder / "tls", environ={}, now=datetime.now(UTC))
        sockets = bind("127.0.0.1", port=0, tls_port=0)
        server = ApiServer(build_app(parts), sockets, tls, stopping=parts.stopping)
        running = asyncio.create_task(server.run())
        await server.listening()
        pipe.send(server.ports.http)

        def answer():
            if pipe.recv() == "stop":
                server.stop()
            else:
                peak_mb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
                pipe.send((time.process_time(), peak_mb))

        asyncio.get_running_loop().add_reader(pipe.fileno(), answer)
        await running

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(run())


async def load(port, request, count, connections):
    """Send one request again and again over some connections, and drop what comes."""
    left, scratch = count, memoryview(bytearray(1 << 20))
    loop = asyncio.get_running_loop()

    async def one():
        nonlocal left
        with socket.create_connection(("127.0.0.1", port)) as channel:
            channel.setblocking(False)  # noqa: FBT003 - the standard library's own
            while left > 0:
                left -= 1
                await loop.sock_sendall(channel, request)
                head = b""
                while b"\r\n\r\n" not in head:
                    head += await loop.sock_recv(channel, 65_536)
                head, _, body = head.partition(b"\r\n\r\n")
                assert head.startswith(b"HTTP/1.1 2"), head
                missing = int(head.lower().split(b"content-length: ")[1].split(b"\r\n")[0]) - len(body)
                while missing > 0:
                    got = await loop.sock_recv_into(channel, scratch)
                    assert got, "the server hung up"
                    missing -= got

    await asyncio.gather(*(one() for _ in range(connections)))


def main():
    """Measure each kind of request and print a row for it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--requests", type=int, default=1000)
    parser.add_argument("--connections", type=int, default=16)
    told = parser.parse_args()
    pipe, theirs = multiprocessing.Pipe()
    with tempfile.TemporaryDirectory() as folder:
        process = multiprocessing.get_context("spawn").Process(
            target=serve, args=(theirs, Path(folder)), daemon=True
        )
        process.start()
        port = pipe.recv()

        def measure(name, request, count):
            pipe.send("cpu")
            (cpu_s, peak_mb), began = pipe.recv(), time.perf_counter()
            asyncio.run(load(port, request, count, told.connections))
            wall_s = time.perf_counter() - began
            pipe.send("cpu")
            after_s, after_mb = pipe.recv()
            each_ms, rate = 1000 * (after_s - cpu_s) / count, count / wall_s
            print(f"{name:16} {each_ms:7.3f} ms CPU {rate:7.0f} /s   memory +{after_mb - peak_mb:.1f} MB")

        host = f"HTTP/1.1\r\nhost: localhost:{port}\r\n"
        get, upload = f"GET /files/ab/output.mp4 {host}", f"POST /files/upload {host}"
        measure("range of 1 kB", f"{get}range: bytes=1000-1999\r\n\r\n".encode(), told.requests)
        measure("2 MB down", f"{get}\r\n".encode(), told.requests)
        body = f"{upload}content-length: {FILM_BYTES}\r\n\r\n".encode() + bytes(FILM_BYTES)
        measure("2 MB up", body, max(16, told.requests // 10))
        pipe.send("stop")
        process.join(20)


if __name__ == "__main__":
    main()
