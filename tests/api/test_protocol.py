"""Bytes that clients seldom send, or never: heads without end, offers in odd places, trailers."""

import json
import socket
import time

import pytest

from soundstage.api import protocol

PRO = b"fal-ai/kling-video/v3/pro/text-to-video"
BODY = b'{"prompt": "wait"}'
LIVE = b"GET /health/live HTTP/1.1\r\nhost: localhost\r\n\r\n"
POST = b"POST /queue/%b HTTP/1.1\r\nhost: localhost\r\n" % PRO
CHUNKED = POST + b"transfer-encoding: chunked\r\n\r\n%x\r\n%b\r\n" % (len(BODY), BODY)


def offer(name=b"Upgrade", value=b"h2c", body=BODY):
    """Return a submit that offers another protocol."""
    return b"%bconnection: %b\r\n%b: %b\r\ncontent-length: %d\r\n\r\n%b" % (
        POST, name, name, value, len(body), body,
    )  # fmt: skip


def ask(running, *pieces):
    """Send pieces apart, and return what is answered to all of them until nothing more comes."""
    with socket.create_connection(("127.0.0.1", running.ports.http), timeout=0.3) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.01)  # or they would arrive as one
        told = b""
        try:
            while piece := connection.recv(65_536):
                told += piece
        except TimeoutError:
            pass
    return told


def id_of(answer):
    """Return the id of the order that an answer tells of."""
    assert answer.startswith(b"HTTP/1.1 200 OK\r\n"), answer
    return json.loads(answer.partition(b"\r\n\r\n")[2])["request_id"]


@pytest.mark.parametrize("cut", range(1, len(b"Upgrade: h2c")))
def test_an_offer_in_two_pieces_is_ignored_all_the_same(running, cut):
    """Wherever the network cuts the head, the offer is overlooked and the body counts."""
    whole = offer()
    at = whole.index(b"\r\nUpgrade:") + 2 + cut
    order_id = id_of(ask(running, whole[:at], whole[at:]))
    assert running.book.orders[order_id].payload["prompt"] == "wait"


@pytest.mark.parametrize("name", [b"upgrade", b"UPGRADE"])
def test_an_offer_is_ignored_in_every_case(running, name):
    """Names of headers have no case."""
    assert id_of(ask(running, offer(name)))


def test_a_request_comes_byte_by_byte(running):
    """A piece may be as small as a byte, also where it could begin the name of an offer."""
    whole = POST + b"u: u\r\nupgrad: u\r\ncontent-length: %d\r\n\r\n%b" % (len(BODY) + 2, BODY + b"\n ")
    assert id_of(ask(running, *(bytes([byte]) for byte in whole)))
    assert id_of(ask(running, whole[:-2] + b"\n", b" "))


@pytest.mark.parametrize("pieces", [(LIVE + offer(body=LIVE),), (offer(b"uPGRADe"), LIVE)])
def test_a_body_is_never_taken_for_a_request(running, pieces):
    """An offer that cannot be overlooked is a 400 that closes: what follows it could be a body."""
    told = ask(running, *pieces)
    assert b"HTTP/1.1 400 Bad Request\r\n" in told
    assert told.count(b'{"status":"live"}') <= 1


@pytest.mark.parametrize(
    "begun",
    [b"GET / HTTP/1.1\r\nhost: localhost\r\nx: ", b"GET /", CHUNKED + b"0\r\nx: ", CHUNKED + b"1;x="],
)
def test_a_head_without_end_is_cut_off(running, begun):
    """What has no end is not kept: neither a header, a path, a trailer nor a chunk's extension."""
    with socket.create_connection(("127.0.0.1", running.ports.http), timeout=5) as connection:
        connection.sendall(begun)
        with pytest.raises(OSError):  # noqa: PT011 - reset or broken pipe, as it comes
            connection.sendall(b"a" * 20_000_000)


def test_a_long_head_is_told_why(running):
    """The answer names the limit."""
    told = ask(running, b"GET / HTTP/1.1\r\nx: " + b"a" * 60_000, b"a" * 6000)
    assert told.startswith(b"HTTP/1.1 431 Request Header Fields Too Large\r\n")
    assert b"65536 bytes" in told
    assert (
        ask(running, b"GET / HTTP/1.1\r\nhost: localhost\r\nx: %b\r\n\r\n" % (b"a" * 60_000))[9:12] == b"200"
    )


def test_a_trailer_is_no_header(running):
    """What follows the body does not change how the request is treated: it may have gone past a proxy."""
    told = [id_of(ask(running, CHUNKED, b"0\r\nidempotency-key: trailer\r\n\r\n")) for _ in range(2)]
    assert told[0] != told[1]


@pytest.mark.parametrize(
    "pieces", [(b"",), (b"\r\n",), (b"GET / HTTP/1.1\r\nx",), (LIVE, b"\r\n"), (LIVE, b"GET /")]
)
def test_who_sends_no_whole_head_is_hung_up_on(running, monkeypatch, pieces):
    """A connection is for requests: one that brings none, or never the end of one, is closed."""
    monkeypatch.setattr(protocol, "HEAD_S", 0.2)
    with socket.create_connection(("127.0.0.1", running.ports.http), timeout=5) as connection:
        for piece in pieces:
            connection.sendall(piece)
            time.sleep(0.05)  # the answer to what was whole is on its way
        while connection.recv(65_536):
            pass  # until the end, or this times out


def test_who_takes_his_time_over_a_body_is_not(running, monkeypatch):
    """Bodies may come slowly, for uploads do; and a connection may be quiet between two requests."""
    monkeypatch.setattr(protocol, "HEAD_S", 0.2)
    whole = POST + b"content-length: %d\r\n\r\n%b" % (len(BODY), BODY)
    with socket.create_connection(("127.0.0.1", running.ports.http), timeout=5) as connection:
        for _ in range(2):
            connection.sendall(whole[:-3])
            time.sleep(0.4)
            connection.sendall(whole[-3:])
            assert id_of(connection.recv(65_536))
            time.sleep(0.4)


def test_who_stops_in_a_body_is_hung_up_on(running, monkeypatch):
    """A body that moves may take its time; one that stands still would hold its connection for ever."""
    monkeypatch.setattr(protocol, "BODY_PIECE_S", 0.3)
    head = POST + b"content-length: %d\r\n\r\n" % len(BODY)
    with socket.create_connection(("127.0.0.1", running.ports.http), timeout=5) as connection:
        connection.sendall(head)
        for at in range(6):
            time.sleep(0.15)
            connection.sendall(BODY[at : at + 1])  # slower than the bound in all, never between two pieces
        connection.sendall(BODY[6:])
        assert id_of(connection.recv(65_536))
        connection.sendall(head + BODY[:-1])
        assert connection.recv(65_536) == b""
