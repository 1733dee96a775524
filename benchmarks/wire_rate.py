"""Goal: 3,000 durable submits/s at 50 connections, 12,000 polls/s, 500 files of 2 MB/s, and nothing lost.

Run: `python benchmarks/wire_rate.py [--rounds 3]`. Starts a real `soundstage serve` in a new folder, with an
engine that does nothing, and calls it from the same machine; the medians of the rounds count. Memory is PSS,
summed over all its processes. On two shared virtual CPUs submits fall short: about 1,400/s, each some 0.45 ms
of CPU in the API and 0.25 ms in PostgreSQL.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import httpx
import uvloop

from idle_server import pss_mb, tree

ROOT = Path(__file__).parents[1]
EP = "fal-ai/kling-video/v3/pro/text-to-video"
SUBMITS, POLLS, FILES = 15_000, 60_000, 1_600
CONNECTIONS, DOWNLOADS = 50, 16
FILE_BYTES = 2_000_000
LOOPS, LOOP_GAP_S, LOOPS_FOR_S = 200, 0.1, 15.0
SMALL = {"engine": "rehearsal", "resolution": "360p", "duration": "3", "generate_audio": False}


class Caller(asyncio.Protocol):
    """One connection that sends its requests one after another; `next_request` gives None at the end."""

    def __init__(self, next_request, on_answer, ended) -> None:
        self._next, self._tell, self._ended = next_request, on_answer, ended
        self._came = bytearray()

    def connection_made(self, transport) -> None:
        """Send the first request."""
        self._transport = transport
        self._send()

    def data_received(self, data) -> None:
        """Take an answer, and send the next request once it is whole."""
        self._came += data
        end = self._came.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self._came[:end])
        length = int(head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
        if len(self._came) >= end + 4 + length:
            self._tell(head, bytes(self._came[end + 4 : end + 4 + length]))
            del self._came[: end + 4 + length]
            self._send()

    def _send(self) -> None:
        request = self._next()
        if request is None:
            self._transport.close()
            self._ended()
        else:
            self._transport.write(request)

    def connection_lost(self, exc) -> None:
        """Fail if it was not us who ended it."""
        assert exc is None, exc


async def call(port: int, requests, connections: int) -> tuple[float, list[tuple[bytes, bytes]]]:
    """Send requests over connections; return the rate and the answers, each with its head."""
    loop, answers, done = asyncio.get_running_loop(), [], asyncio.Event()
    left, open_ones = iter(requests), connections

    def ended() -> None:
        nonlocal open_ones
        open_ones -= 1
        if not open_ones:
            done.set()

    begun = time.perf_counter()
    for _ in range(connections):
        await loop.create_connection(
            lambda: Caller(lambda: next(left, None), lambda *told: answers.append(told), ended),
            "127.0.0.1",
            port,
        )
    await done.wait()
    return len(answers) / (time.perf_counter() - begun), answers


def poll_rate(port: int, paths: list[str], folder: Path) -> float | None:
    """Return how many polls of these paths are answered a second, by wrk where there is one.

    A Python caller takes as much of the machine for a poll as the server does, and would measure itself.
    """
    wrk = shutil.which("wrk")
    if wrk is None:
        return None
    script = folder / "polls.lua"
    listed = ", ".join(f'"{path}"' for path in paths)
    script.write_text(
        f"local paths, made, n = {{{listed}}}, {{}}, 0\n"
        'function init() for i, p in ipairs(paths) do made[i] = wrk.format("GET", p) end end\n'
        "function request() n = n + 1; return made[n % #made + 1] end\n"
    )
    command = [wrk, "-t1", f"-c{CONNECTIONS}", "-d8s", "-s", str(script), f"http://127.0.0.1:{port}"]
    told = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Non-2xx" not in told, told
    assert "Socket errors" not in told, told
    return float(told.split("Requests/sec:")[1].split()[0])


def download(port: int, path: str, count: int) -> float:
    """Fetch a file again and again over connections, each a thread that reads in large pieces."""

    def fetch(times: int) -> None:
        buffer = memoryview(bytearray(1 << 20))
        asked = f"GET {path} HTTP/1.1\r\nhost: localhost\r\n\r\n".encode()
        with socket.create_connection(("127.0.0.1", port)) as line:
            for _ in range(times):
                line.sendall(asked)
                head, came = b"", 0
                while b"\r\n\r\n" not in head:
                    size = line.recv_into(buffer)
                    head, came = head + bytes(buffer[: min(size, 4096)]), came + size
                assert head.startswith(b"HTTP/1.1 200"), head
                came -= head.index(b"\r\n\r\n") + 4
                while came < FILE_BYTES:
                    came += line.recv_into(buffer)

    threads = [threading.Thread(target=fetch, args=(count // DOWNLOADS,)) for _ in range(DOWNLOADS)]
    begun = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return count / (time.perf_counter() - begun)


async def poll_in_loops(port: int, polls: list[bytes]) -> list[tuple[bytes, bytes]]:
    """Be 200 clients that wait for their films, each asking every 0.1 s; return all answers."""
    end, answers = time.monotonic() + LOOPS_FOR_S, []

    async def loop(number: int) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.sleep(LOOP_GAP_S * number / LOOPS)
        while time.monotonic() < end:
            writer.write(polls[number % len(polls)])
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
            answers.append((head, await reader.readexactly(length)))
            await asyncio.sleep(LOOP_GAP_S)
        writer.close()

    await asyncio.gather(*(loop(n) for n in range(LOOPS)))
    return answers


def post(port: int, body: dict) -> dict:
    return httpx.post(f"http://127.0.0.1:{port}/queue/{EP}", json=body, timeout=30).raise_for_status().json()


def get(path: str) -> bytes:
    return (
        f"GET {path} HTTP/1.1\r\nhost: localhost\r\nauthorization: Key a:b\r\nuser-agent: x\r\n\r\n".encode()
    )


def show(claim: str, rates: list[float], bound: str) -> None:
    each = ", ".join(f"{rate:,.0f}" for rate in rates)
    print(f"{claim:<44} median {statistics.median(rates):8,.0f} /s   ({each}; goal {bound})", flush=True)


def measure(port: int, folder: Path, server: int, told: argparse.Namespace) -> None:
    holding = folder / "cache" / "rehearsal" / "benchmark"
    holding.parent.mkdir(parents=True, exist_ok=True)
    holding.touch()
    held = post(port, {"prompt": "A lake [hold benchmark]", **SMALL})["request_id"]
    body = json.dumps({"prompt": "Fireflies in a dark forest at twilight [hold benchmark]", **SMALL}).encode()
    head = f"POST /queue/{EP} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n"
    submit = head.encode() + b"content-length: %d\r\n\r\n" % len(body) + body
    rates, ids = [], [held]
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        for _ in range(told.rounds):
            rate, answers = runner.run(call(port, [submit] * SUBMITS, CONNECTIONS))
            assert all(head.startswith(b"HTTP/1.1 200") for head, _ in answers), answers[-1]
            ids += [json.loads(body)["request_id"] for _, body in answers]
            rates.append(rate)
        show(f"durable submits, {CONNECTIONS} connections", rates, "3,000")
        assert len(set(ids)) == told.rounds * SUBMITS + 1
        path = "/queue/fal-ai/kling-video/requests/{}/status?logs=0"
        _, answers = runner.run(call(port, [get(path.format(i)) for i in ids], CONNECTIONS))
        lost = sum(not head.startswith(b"HTTP/1.1 202") for head, _ in answers)
        print(f"lost of {len(ids):,} orders: {lost}")
        assert not lost

        polls = [get(path.format(i)) for i in (ids[:1] + ids[-CONNECTIONS:])]
        paths = [path.format(i) for i in (ids[:1] + ids[-CONNECTIONS:])]
        rates = [rate for _ in range(told.rounds) if (rate := poll_rate(port, paths, folder)) is not None]
        if rates:
            show(f"status polls by wrk, {CONNECTIONS} connections", rates, "12,000")
        rates = []
        for _ in range(told.rounds):
            asked = [polls[n % len(polls)] for n in range(POLLS)]
            rate, answers = runner.run(call(port, asked, CONNECTIONS))
            assert all(head.startswith(b"HTTP/1.1 202") for head, _ in answers)
            rates.append(rate)
        show("status polls by a caller in Python", rates, "12,000")

        before = pss_mb(tree(folder, server))
        answers = runner.run(poll_in_loops(port, polls))
        bad = sum(not head.startswith(b"HTTP/1.1 202") for head, _ in answers)
        after = pss_mb(tree(folder, server))
        rate = len(answers) / LOOPS_FOR_S
        grown = f"{before:.0f} to {after:.0f} MB"
        print(f"{LOOPS} loops, each every {LOOP_GAP_S} s: {rate:,.0f} polls/s, {bad} errors, {grown}")

    film = folder / "files" / "0123456789abcdef0123456789abcdef" / "output.mp4"
    film.parent.mkdir(parents=True)
    film.write_bytes(os.urandom(FILE_BYTES))
    rates = [download(port, f"/files/{film.parent.name}/{film.name}", FILES) for _ in range(told.rounds)]
    show(f"files of 2 MB, {DOWNLOADS} connections", rates, "500")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=3)
    told = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soundstage-benchmark-", dir="/tmp"))
    folder.chmod(0o711)
    home = folder / "home"
    environ = {
        **os.environ,
        "PYTHONPATH": str(ROOT / "tests" / "wire" / "plugin"),
        "SOUNDSTAGE_HOME": str(home),
        "SOUNDSTAGE_WARM_ENGINES": "rehearsal",
        "SOUNDSTAGE_CALLER_LIMIT": "100",
    }
    command = [sys.executable, "-m", "soundstage", "serve", "--port", "0", "--tls-port", "0"]
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(command, env=environ, stdout=log, stderr=log)
    try:
        while not (home / "run" / "server.json").exists():
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        time.sleep(5)  # the stage is up
        measure(json.loads((home / "run" / "server.json").read_text())["port"], home, server.pid, told)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
