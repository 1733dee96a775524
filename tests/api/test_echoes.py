"""Echoes: a poll that was answered before gets the same answer, and never one that is not true any more."""

import asyncio
import socket
from datetime import UTC, datetime

import pytest
import uvloop

from soundstage.api.echoes import GOOD_FOR_S, MOST, Echo, Echoes, repeat_while
from soundstage.api.server import ApiServer, bind
from soundstage.api.tls import ensure_tls

POLL = b"GET /a?logs=0 HTTP/1.1\r\nhost: localhost\r\nauthorization: Key a:b\r\n\r\n"


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


class App:
    """Answers each request with its number; allows repeats while `true`."""

    def __init__(self):
        self.calls, self.true = 0, True

    async def __call__(self, scope, _receive, send):
        self.calls += 1
        if scope["path"] == "/a":
            repeat_while(scope, lambda: self.true)
        body = f"{self.calls} {scope['path']}".encode()
        headers = [(b"content-length", str(len(body)).encode()), (b"x-own", b"1")]
        await send({"type": "http.response.start", "status": 202, "headers": headers})
        await send({"type": "http.response.body", "body": body})


async def _exchange(port, *requests):
    """Send requests on one connection, each after the answer to the one before; return the answers."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    told = []
    for request in requests:
        for piece in request if isinstance(request, tuple) else (request,):
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(0.02)
        head = await reader.readuntil(b"\r\n\r\n")
        length = int(head.split(b"content-length: ")[1].split(b"\r\n")[0])
        told.append((head, await reader.readexactly(length)))
    writer.close()
    return told


@pytest.fixture
def served(tmp_path):
    """Runs a coroutine function with an app and the port it is served on."""

    def run(talk):
        async def main():
            app = App()
            tls = ensure_tls(tmp_path / "tls", environ={}, now=datetime.now(UTC))
            server = ApiServer(app, bind("127.0.0.1", port=0, tls_port=0), tls, stopping=asyncio.Event())
            running = asyncio.create_task(server.run())
            await server.listening()
            try:
                await talk(app, server.ports.http)
            finally:
                server.stop()
                await running

        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(main())

    return run


def test_same_bytes_get_the_same_answer_with_the_date(served):
    """The second poll never reaches the app, and its answer is whole: status, date, headers, body."""

    async def talk(app, port):
        (first_head, first), (head, body) = await _exchange(port, POLL, POLL)
        assert (first, body) == (b"1 /a", b"1 /a")
        assert app.calls == 1
        assert head.startswith(b"HTTP/1.1 202 Accepted\r\ndate: ")
        assert head.count(b"\r\n") == first_head.count(b"\r\n")
        assert b"x-own: 1\r\n" in head

    served(talk)


def test_untrue_answers_are_not_told_again(served):
    """Once the route's condition is false the app is asked again."""

    async def talk(app, port):
        await _exchange(port, POLL)
        app.true = False
        assert [body for _, body in await _exchange(port, POLL, POLL)] == [b"2 /a", b"3 /a"]

    served(talk)


def test_what_differs_by_a_byte_is_another_poll(served):
    """Another key, another query, another host: each is asked for itself."""

    async def talk(app, port):
        others = [POLL.replace(b"Key a:b", b"Key a:c"), POLL.replace(b"logs=0", b"logs=1"), POLL]
        assert [body for _, body in await _exchange(port, POLL, *others)] == [
            b"1 /a", b"2 /a", b"3 /a", b"1 /a",
        ]  # fmt: skip

    served(talk)


def test_routes_that_allow_nothing_are_asked_each_time(served):
    """Without `repeat_while` nothing is kept."""

    async def talk(app, port):
        other = POLL.replace(b"/a", b"/b")
        assert [body for _, body in await _exchange(port, other, other)] == [b"1 /b", b"2 /b"]

    served(talk)


@pytest.mark.parametrize(
    "request_bytes",
    [
        pytest.param((POLL[:30], POLL[30:]), id="in two pieces"),
        pytest.param(POLL.replace(b"\r\n\r\n", b"\r\ncontent-length: 1\r\n\r\n") + b"x", id="with a body"),
        pytest.param(POLL.replace(b"\r\n\r\n", b"\r\nconnection: close\r\n\r\n"), id="closing"),
        pytest.param(POLL.replace(b"GET", b"POST"), id="post"),
    ],
)
def test_only_whole_plain_polls_are_kept(served, request_bytes):
    """What came in pieces, with a body, with a goodbye or by another method goes the long way."""

    async def talk(app, port):
        for call in (b"1 /a", b"2 /a"):
            assert (await _exchange(port, request_bytes))[0][1] == call

    served(talk)


def test_poll_inside_another_requests_body_is_a_body(served):
    """Bytes that look like a poll that is known, but belong to a body, answer nothing."""

    async def talk(app, port):
        await _exchange(port, POLL)
        head = b"POST /b HTTP/1.1\r\nhost: localhost\r\ncontent-length: %d\r\n\r\n" % len(POLL)
        assert [body for _, body in await _exchange(port, (head, POLL), POLL)] == [b"2 /b", b"1 /a"]

    served(talk)


def test_pipelined_polls_are_answered_in_order(served):
    """Requests sent without waiting get their answers in the order they were sent."""

    async def talk(app, port):
        await _exchange(port, POLL)
        slow = POLL.replace(b"/a", b"/b")
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for piece in (slow, POLL, slow, POLL):
            writer.write(piece)
        writer.get_extra_info("socket").setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        told = b""
        while told.count(b"HTTP/1.1") < 4 or not told.endswith(b"/a"):
            told += await reader.read(4096)
        paths = [part[-2:] for part in told.split(b"HTTP/1.1")[1:]]
        assert paths == [b"/b", b"/a", b"/b", b"/a"]
        writer.close()

    served(talk)


def test_an_answer_dies_of_age_and_memory_is_bounded():
    """Nothing is told again after its time, and the oldest exchange makes room for the newest."""
    clock = Clock()
    echoes = Echoes(clock)
    start = {"type": "http.response.start", "status": 200, "headers": []}
    for i in range(MOST + 1):
        echoes._keep(b"%d" % i, lambda: True, start, b"body")
    assert echoes.find(b"0") is None
    assert echoes.find(b"1") == (b"HTTP/1.1 200 OK\r\n", b"\r\nbody")
    clock.now = GOOD_FOR_S
    assert echoes.find(b"1") is None
    assert len(echoes._kept) == MOST - 1
    assert Echo(b"x").holds is None
