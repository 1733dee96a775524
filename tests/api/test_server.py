"""The server as a whole: two ports, one app, a stop that comes to an end."""

import asyncio
import contextlib
import http.client
import json
import re
import socket
import ssl
import threading
import time
from datetime import UTC, datetime, timedelta

import httpx
import pytest
from cryptography import x509

from soundstage.api.problems import problem_table
from soundstage.api.server import bind
from soundstage.api.tls import ensure_tls
from soundstage.errors import SettingsInvalid

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"


@pytest.fixture
def secured(running):
    """A caller over TLS who trusts the bundle."""
    context = ssl.create_default_context(cafile=str(running.tls.bundle))
    with httpx.Client(base_url=f"https://localhost:{running.ports.https}", verify=context) as client:
        yield client


@pytest.fixture
def plain(running):
    """A caller over plain HTTP."""
    with httpx.Client(base_url=f"http://127.0.0.1:{running.ports.http}") as client:
        yield client


def wait_until(happened):
    """Wait for what another thread does."""
    deadline = time.monotonic() + 10
    while not happened():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_one_app_on_both_ports(running, secured, plain):
    """An order sent over TLS is found over HTTP, and each answer has URLs of the way it was asked."""
    told = secured.post(f"/queue/{PRO}", json={"prompt": "wait"}).json()
    assert told["status_url"].startswith(f"https://localhost:{running.ports.https}/queue/{APP}/requests/")
    answer = plain.get(f"/queue/{APP}/requests/{told['request_id']}/status")
    assert answer.status_code == 202
    assert answer.json()["status_url"].startswith(f"http://127.0.0.1:{running.ports.http}/queue/")
    assert "server" not in answer.headers
    assert answer.http_version == "HTTP/1.1"


def test_499_has_a_reason_phrase(running):
    """Every status has its phrase, the unregistered one too: JavaScript shows it as the message."""
    connection = http.client.HTTPConnection("127.0.0.1", running.ports.http)
    with contextlib.closing(connection):

        def ask(method, path, body=None):
            connection.request(method, path, body)
            answer = connection.getresponse()
            return answer.status, answer.reason, json.loads(answer.read())

        _, _, told = ask("POST", f"/queue/{PRO}", json.dumps({"prompt": "wait"}))
        path = f"/queue/{APP}/requests/{told['request_id']}"
        assert ask("GET", path)[:2] == (400, "Bad Request")
        assert ask("PUT", f"{path}/cancel")[:2] == (202, "Accepted")
        assert ask("GET", path)[:2] == (499, "Client Closed Request")
        assert ask("POST", f"/queue/{PRO}", "{")[1].startswith("Unprocessable")


def test_an_upgrade_is_the_404_of_its_path(running, caplog):
    """Nothing is realtime here: a websocket is refused as any unknown path, and the log advises nothing."""
    head = (
        b"GET /fal-ai/kling-video/realtime HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade\r\n"
        b"upgrade: websocket\r\nsec-websocket-key: eA==\r\nsec-websocket-version: 13\r\n\r\n"
    )
    with socket.create_connection(("127.0.0.1", running.ports.http), timeout=10) as connection:
        connection.sendall(head)
        assert connection.recv(4096).startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert not caplog.records


@pytest.mark.parametrize("pieces", [1, 2, 3])
def test_an_offer_of_http2_is_ignored_and_the_body_read(running, pieces):
    """Java's client offers HTTP/2 with each plain POST: it is answered by HTTP/1.1, and its body counts."""
    body = b'{"prompt": "wait\\r\\nupgrade: me"}'
    head = (
        b"POST /queue/%b HTTP/1.1\r\nhost: localhost\r\nconnection: Upgrade, HTTP2-Settings\r\n"
        b"Upgrade: h2c\r\nhttp2-settings: AAMAAABk\r\ncontent-length: %d\r\n\r\n" % (PRO.encode(), len(body))
    )
    sent = [head + body] if pieces == 1 else [head, body] if pieces == 2 else [head[:90], head[90:], body]
    with socket.create_connection(("127.0.0.1", running.ports.http), timeout=10) as connection:
        for _ in range(2):  # the connection goes on after it
            for piece in sent:
                connection.sendall(piece)
                time.sleep(0.02)  # or the pieces would arrive as one
            answer = connection.recv(8192)
            assert answer.startswith(b"HTTP/1.1 200 OK\r\n")
            order_id = json.loads(answer.partition(b"\r\n\r\n")[2])["request_id"]
            assert running.book.orders[order_id].payload["prompt"] == "wait\r\nupgrade: me"


def test_what_is_no_http_is_answered_in_json(running):
    """Bytes that are no HTTP get a 400 that a program can read."""
    with socket.create_connection(("127.0.0.1", running.ports.http)) as connection:
        connection.sendall(b"\x16\x03\x01 hello\r\n\r\n")
        answer = b"".join(iter(lambda: connection.recv(4096), b""))
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert re.search(rb"\r\nx-fal-request-id: [0-9a-f-]{36}\r\n", answer)
    assert b'{"detail":' in answer
    assert b"access-control-allow-origin: *" in answer


def test_a_websocket_is_refused_like_any_path(plain):
    """There is no realtime door: the upgrade is a 404."""
    headers = {
        "connection": "upgrade",
        "upgrade": "websocket",
        "sec-websocket-key": "x",
        "sec-websocket-version": "13",
    }
    answer = plain.get(f"/run/{PRO}/realtime", headers=headers)
    assert answer.status_code == 404
    assert answer.json()["detail"]


def test_a_film_can_be_sought_in_over_tls(running, secured, tmp_path):
    """Range and HEAD work through the real server, byte for byte."""
    content = bytes(range(256)) * 8192
    (tmp_path / "film").write_bytes(content)
    running.store.keep(tmp_path / "film", "cd34/output.mp4", "video/mp4")
    url = "/files/cd34/output.mp4"
    assert secured.get(url).content == content
    part = secured.get(url, headers={"range": "bytes=262000-262300"})
    assert (part.status_code, part.content) == (206, content[262000:262301])
    head = secured.head(url)
    assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(content)), b"")


def test_the_stream_is_live(running, plain):
    """Events arrive while the film is made, not at its end."""
    told = plain.post(f"/queue/{PRO}", json={"prompt": "hold"}).json()
    with plain.stream("GET", told["status_url"] + "/stream?logs=1") as stream:
        lines = (line for line in stream.iter_lines() if line.startswith("data: "))
        seen = [json.loads(next(lines)[6:])["status"]]
        while seen[-1] != "IN_PROGRESS":
            seen.append(json.loads(next(lines)[6:])["status"])
        running.call(running.book.finish, told["request_id"])
        seen += [json.loads(line[6:])["status"] for line in lines]
    assert (seen[0], seen[-1]) == ("IN_QUEUE", "COMPLETED")


def test_who_hangs_up_on_a_run_withdraws_it(running):
    """A closed connection stops the work, through the real server too."""
    count = len(running.book.taken)
    body = json.dumps({"prompt": "hold"}).encode()
    with socket.create_connection(("127.0.0.1", running.ports.http)) as connection:
        head = f"POST /run/{PRO} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {len(body)}\r\n\r\n"
        connection.sendall(head.encode() + body)
        wait_until(lambda: len(running.book.taken) > count)
        order_id = running.book.taken[-1].order_id
        wait_until(lambda: running.book.orders[order_id].status == "running")
    wait_until(lambda: running.book.orders[order_id].status == "cancelled")


@pytest.mark.parametrize("flag", ["--port", "--tls-port"])
def test_a_port_in_use_is_named(flag):
    """A port that is taken is an error with port and flag; the other port is given back."""
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as other:
        port, free = taken.getsockname()[1], other.getsockname()[1]
        other.close()
        ports = {"port": port, "tls_port": free} if flag == "--port" else {"port": free, "tls_port": port}
        with pytest.raises(SettingsInvalid, match=rf"port {port} on 127\.0\.0\.1 is in use.* {flag} "):
            bind("127.0.0.1", **ports)
        socket.create_server(("127.0.0.1", free)).close()


def test_bound_ports_are_ours_before_anything_serves():
    """Two servers that start together cannot both take a port."""
    sockets = bind("127.0.0.1", port=0, tls_port=0)
    with contextlib.closing(sockets), pytest.raises(SettingsInvalid):
        bind("127.0.0.1", port=sockets.ports.http, tls_port=0)


def test_an_address_of_another_machine_is_refused():
    """A host that is none of ours is told with its flag."""
    with pytest.raises(SettingsInvalid, match="--host"):
        bind("no.such.host.invalid", port=0, tls_port=0)
    with pytest.raises(SettingsInvalid, match=r"192\.0\.2\.1"):
        bind("192.0.2.1", port=0, tls_port=0)


def test_a_stop_ends_streams_runs_and_idle_connections(start_server):
    """A stop lets answers out, withdraws direct runs and waits for nobody who is silent."""
    server = start_server()
    context = ssl.create_default_context(cafile=str(server.tls.bundle))
    base, told = f"https://localhost:{server.ports.https}", {}

    def ask(name, method, url, **more):
        with httpx.Client(verify=context, timeout=30) as client:
            answer = client.request(method, url, **more)
            told[name] = (answer.status_code, answer.text)

    with server, httpx.Client(verify=context) as idle:
        order = idle.post(f"{base}/queue/{PRO}", json={"prompt": "hold"}).json()
        stream = {"args": ("stream", "GET", order["status_url"] + "/stream")}
        run = {"args": ("run", "POST", f"{base}/run/{PRO}"), "kwargs": {"json": {"prompt": "hold"}}}
        asking = [threading.Thread(target=ask, **stream), threading.Thread(target=ask, **run)]
        for thread in asking:
            thread.start()
        wait_until(lambda: server.book.watchers == 2)
        wait_until(lambda: all(state.status == "running" for state in server.book.orders.values()))
        began = time.monotonic()
        server.stop()
        took_s = time.monotonic() - began
        for thread in asking:
            thread.join(10)
    assert told["stream"][0] == 200
    assert told["run"][0] == 503
    statuses = sorted(state.status for state in server.book.orders.values())
    assert statuses == ["cancelled", "running"], "the queue's order goes on, the direct run's does not"
    assert took_s < 3, "the grace period is for those who are being answered"
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", server.ports.http))


def test_every_status_has_its_phrase(running):
    """Whatever the table of problems answers has a reason phrase: JavaScript shows it as the message."""
    from uvicorn.protocols.http.httptools_impl import STATUS_LINE

    statuses = {row.status for row in problem_table().values()} | {
        202,
        204,
        206,
        304,
        401,
        403,
        404,
        405,
        413,
    }
    for status in statuses:
        assert STATUS_LINE[status].removeprefix(b"HTTP/1.1 %d " % status).strip(), status


def _presented(running):
    """Return the serial number of the certificate that the HTTPS port presents."""
    context = ssl.create_default_context(cafile=str(running.tls.bundle))
    with (
        socket.create_connection(("127.0.0.1", running.ports.https)) as plain,
        context.wrap_socket(plain, server_hostname="localhost") as secured,
    ):
        return secured.getpeercert()["serialNumber"]


def test_a_worn_out_certificate_is_renewed_while_it_serves(start_server, tmp_path):
    """A server that runs for a year presents a fresh leaf to new callers, and open connections go on."""
    now, looks = [datetime.now(UTC)], []

    def ensure():
        looks.append(now[0])
        if len(looks) == 2:
            raise SettingsInvalid("the disk is full for a moment")
        return ensure_tls(tmp_path / "tls", environ={}, now=now[0])

    with start_server() as running:
        first = _presented(running)
        context = ssl.create_default_context(cafile=str(running.tls.bundle))
        with httpx.Client(base_url=f"https://localhost:{running.ports.https}", verify=context) as caller:
            assert caller.get("/health/live").status_code == 200
            keeping = asyncio.run_coroutine_threadsafe(
                running.server.keep_certificate(ensure, every_s=0.01), running.loop
            )
            wait_until(lambda: len(looks) > 3)
            assert _presented(running) == first
            now[0] += timedelta(days=370)
            wait_until(lambda: looks[-3:].count(now[0]) == 3)
            keeping.cancel()
            assert caller.get("/health/live").status_code == 200
        assert certificate_serial(tmp_path / "tls" / "leaf.pem") != int(first, 16)
        assert _presented_unverified(running) == certificate_serial(tmp_path / "tls" / "leaf.pem")


def _presented_unverified(running):
    # The new leaf is of the future: this clock would not take it yet.
    told = ssl.get_server_certificate(("127.0.0.1", running.ports.https))
    return x509.load_pem_x509_certificate(told.encode()).serial_number


def certificate_serial(path):
    """The serial number of the certificate in a file."""
    return x509.load_pem_x509_certificate(path.read_bytes()).serial_number
