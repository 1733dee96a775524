"""One attempt, to real receivers: what counts as taken, what is tried again, what never is."""

import asyncio
import socket
import ssl

import pytest
from listening import listening

from soundstage.api.tls import ensure_tls


@pytest.mark.parametrize(
    ("code", "verdict"),
    [
        (200, "delivered"),
        (204, "delivered"),
        (302, "never"),
        (308, "never"),
        (304, "never"),
        (400, "again"),
        (404, "again"),
        (410, "again"),
        (429, "again"),
        (500, "again"),
        (503, "again"),
    ],
)
async def test_status_decides(make_sender, attempt, code, verdict):
    """2xx takes it, 3xx is final, 4xx and 5xx are tried again."""
    async with listening(code, extra="Location: /elsewhere\r\n") as receiver:
        answer = await make_sender().send(url=receiver.url, **attempt)
    assert (answer.verdict, answer.code) == (verdict, code)
    assert (answer.error is None) == (verdict == "delivered")
    assert [call.target for call in receiver.calls] == ["/hook"]


async def test_what_is_sent(make_sender, attempt):
    """A POST of the very bytes, as JSON, signed with the clock's time, with our name as user agent."""
    async with listening() as receiver:
        url = receiver.url.replace("//", "//user:pa%20ss@") + "?a=1&next=https%3A%2F%2Fx.example%2F%3Fb%3D2"
        await make_sender(clock=lambda: 1_700_000_000.9).send(url=url, **attempt)
    (call,) = receiver.calls
    assert (call.method, call.body) == ("POST", attempt["body"])
    assert call.target == "/hook?a=1&next=https%3A%2F%2Fx.example%2F%3Fb%3D2"
    assert call.headers["content-type"] == "application/json"
    assert call.headers["host"] == f"127.0.0.1:{receiver.port}"
    assert call.headers["user-agent"].startswith("soundstage/")
    assert call.headers["x-fal-webhook-timestamp"] == "1700000000"
    assert call.headers["authorization"] == "Basic dXNlcjpwYSBzcw=="


async def test_silent_receiver_has_its_time(make_sender, attempt):
    """Who does not answer in the attempt's time is called again later; a retry has its own time."""
    sender = make_sender(first_timeout_s=0.1, retry_timeout_s=0.3)
    async with listening("silence") as receiver:
        first = await sender.send(url=receiver.url, **attempt)
        second = await sender.send(url=receiver.url, **{**attempt, "attempt": 2})
    assert (first.verdict, first.code, first.error) == ("again", None, "no answer within 0.1 s")
    assert second.error == "no answer within 0.3 s"


async def test_receiver_that_is_not_there(make_sender, attempt):
    """A closed port and an unknown name are tried again: the receiver may be starting."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        closed = await make_sender().send(url=f"http://127.0.0.1:{taken.getsockname()[1]}/", **attempt)
    unknown = await make_sender().send(url="http://nobody.invalid/", **attempt)
    assert (closed.verdict, unknown.verdict) == ("again", "again")
    assert "no address" in unknown.error


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "http://" + "a" * 300 + ".example/"])
async def test_what_cannot_be_called_never_is(make_sender, attempt, url):
    """A URL that no client can call ends the delivery, and nothing is raised."""
    answer = await make_sender().send(url=url, **attempt)
    assert answer.verdict == "never"


async def test_private_receiver_is_not_called(make_sender, attempt, monkeypatch):
    """A name is checked by what it resolves to, and nothing of a private address sees a connection."""
    asked = []

    def resolve(host, port, **_):
        asked.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    async with listening() as receiver:
        url = f"http://hooks.example.org:{receiver.port}/hook"
        refused = await make_sender(private=False).send(url=url, **attempt)
        assert receiver.calls == []
        allowed = await make_sender(private=True).send(url=url, **attempt)
        await receiver.wait()
    assert (refused.verdict, allowed.verdict) == ("never", "delivered")
    assert "webhook_private" in refused.error
    assert receiver.calls[0].headers["host"] == f"hooks.example.org:{receiver.port}"
    # Asked once for each attempt: what was checked is what was called, whatever the name says a moment later.
    assert asked == ["hooks.example.org"] * 2


async def test_only_checked_addresses_are_called(make_sender, attempt, monkeypatch):
    """Of a name with a public and a private address the public one alone is tried."""
    called = []

    async def connect(self, request):
        called.append(request.url.host)
        raise ConnectionRefusedError("not in a test")

    both = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, 80)) for ip in ("10.0.0.1", "8.8.8.8")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: both)
    monkeypatch.setattr("httpx.AsyncHTTPTransport.handle_async_request", connect)
    answer = await make_sender(private=False).send(url="http://hooks.example.org/", **attempt)
    assert called == ["8.8.8.8"]
    assert answer.verdict == "again"


async def test_second_address_is_tried(make_sender, attempt, monkeypatch):
    """A name whose first address does not answer is called at its next."""
    async with listening() as receiver:
        found = [
            (socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, receiver.port))
            for ip in ("127.0.0.2", "127.0.0.1")
        ]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
        answer = await make_sender().send(url=f"http://hooks.example.org:{receiver.port}/", **attempt)
    assert answer.verdict == "delivered"


async def test_certificates_are_checked(make_sender, attempt, tmp_path, clean_environ, monkeypatch):
    """HTTPS is spoken with those only whose certificate a trusted root vouches for, by the URL's own name."""
    from datetime import UTC, datetime

    tls = ensure_tls(tmp_path, environ=clean_environ, now=datetime.now(UTC))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tls.leaf, tls.key)
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    async with listening(tls=context) as receiver:
        stranger = await make_sender().send(url=receiver.url, **attempt)
        monkeypatch.setenv("SSL_CERT_FILE", str(tls.bundle))
        known = await make_sender().send(url=receiver.url.replace("127.0.0.1", "localhost"), **attempt)
        pretender = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", receiver.port))]
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: pretender)
        other = await make_sender().send(url=f"https://hooks.example.org:{receiver.port}/", **attempt)
    assert (stranger.verdict, known.verdict, other.verdict) == ("again", "delivered", "again")
    assert "CERTIFICATE_VERIFY_FAILED" in stranger.error
    assert "CERTIFICATE_VERIFY_FAILED" in other.error
    assert len(receiver.calls) == 1


async def test_endless_answer_ends(make_sender, attempt):
    """A receiver that answers 200 and never stops talking has taken the webhook; it is not listened to."""

    async def talk(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 65_536)
                await writer.drain()
        except ConnectionError:
            ended.set()
        finally:
            writer.close()

    ended = asyncio.Event()
    server = await asyncio.start_server(talk, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    answer = await make_sender().send(url=url, **attempt)
    assert answer.verdict == "delivered"
    async with asyncio.timeout(10):
        await ended.wait()
    server.close()


async def test_garbage_is_tried_again(make_sender, attempt):
    """A receiver that speaks no HTTP, or hangs up, has not taken the webhook."""

    async def babble(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"hello\r\n\r\n")
        writer.close()

    server = await asyncio.start_server(babble, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
    answer = await make_sender().send(url=url, **attempt)
    assert (answer.verdict, answer.code) == ("again", None)
    server.close()
