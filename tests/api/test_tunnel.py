"""The tunnel for fal's own names: to our server and nowhere else, as a client's HTTPS proxy sees it."""

import asyncio
import contextlib
import socket
import ssl
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from soundstage.api import UrlRule
from soundstage.api.hosts import FAL_HOSTS
from soundstage.api.server import bind_one
from soundstage.api.tunnel import Tunnel
from soundstage.errors import SettingsInvalid

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"


@pytest.fixture(scope="module")
def tunnelled(tmp_path_factory, make_running):
    """A server with a tunnel; returns it and the tunnel's port."""
    folder = tmp_path_factory.mktemp("tunnelled")
    with make_running(folder, for_tunnel=True, urls=UrlRule(tunnelled=True)) as running:
        tunnel = Tunnel(bind_one("127.0.0.1", 0, "--connect-port"), https=running.sockets.https)
        task = asyncio.run_coroutine_threadsafe(tunnel.run(), running.loop)
        yield running, tunnel.port
        task.cancel()


@pytest.fixture
def by_tunnel(tunnelled):
    """A caller who has fal's default hosts and our tunnel as its proxy."""
    running, port = tunnelled
    context = ssl.create_default_context(cafile=str(running.tls.tunnel.bundle))
    with httpx.Client(proxy=f"http://127.0.0.1:{port}", verify=context) as client:
        yield client


def test_fals_default_urls_work_through_the_tunnel(by_tunnel, tunnelled):
    """A submit to queue.fal.run comes to us, and its URLs are the ones that clients build themselves."""
    told = by_tunnel.post(f"https://queue.fal.run/{PRO}", json={"prompt": "wait"}).json()
    at = f"https://queue.fal.run/{APP}/requests/{told['request_id']}"
    assert told["status_url"] == f"{at}/status"
    assert by_tunnel.get(f"{at}/status").status_code == 202
    running, _ = tunnelled
    # Files are this machine's: a browser that knows no tunnel can open them.
    running.call(running.book.finish, told["request_id"])
    while by_tunnel.get(f"{at}/status").status_code == 202:
        pass
    url = by_tunnel.get(at).json()["video"]["url"]
    assert url.startswith(f"https://127.0.0.1:{running.ports.https}/files/")


@pytest.mark.parametrize("host", sorted(FAL_HOSTS))
def test_every_name_of_fals_is_vouched_for(by_tunnel, host):
    """The certificate holds for each name that clients have built in."""
    assert by_tunnel.get(f"https://{host}/health/live").json() == {"status": "live"}


def _ask(port, head):
    with socket.create_connection(("127.0.0.1", port), timeout=10) as connection:
        connection.sendall(head)
        return b"".join(iter(lambda: connection.recv(4096), b""))


@pytest.mark.parametrize(
    ("head", "status"),
    [
        (b"CONNECT evil.example:443 HTTP/1.1\r\n\r\n", b"403"),
        (b"CONNECT 169.254.169.254:443 HTTP/1.1\r\n\r\n", b"403"),
        (b"CONNECT localhost:443 HTTP/1.1\r\n\r\n", b"403"),
        (b"CONNECT fal.run:22 HTTP/1.1\r\n\r\n", b"403"),
        (b"CONNECT fal.run.evil.example:443 HTTP/1.1\r\n\r\n", b"403"),
        (b"CONNECT docs.fal.ai:443 HTTP/1.1\r\n\r\n", b"403"),
        (b"CONNECT fal.run HTTP/1.1\r\n\r\n", b"405"),
        (b"CONNECT [::1]:443 HTTP/1.1\r\n\r\n", b"405"),
        (b"GET http://fal.run/ HTTP/1.1\r\n\r\n", b"405"),
        (b"POST / HTTP/1.1\r\nhost: x\r\norigin: https://evil.example\r\n\r\n", b"405"),
        (b"\x16\x03\x01\x02\r\n\r\n", b"405"),
    ],
)
def test_nothing_else_is_put_through(tunnelled, head, status):
    """Only port 443 of fal's names: everything else is refused readably and closed."""
    answer = _ask(tunnelled[1], head)
    assert answer.startswith(b"HTTP/1.1 " + status)
    assert b'{"detail":' in answer


def test_a_head_without_end_is_dropped(tunnelled):
    """Who sends more than any client would is cut off, without an answer."""
    with contextlib.suppress(ConnectionError):
        assert _ask(tunnelled[1], b"CONNECT fal.run:443 HTTP/1.1\r\nx: " + b"a" * 40_000) == b""


def test_much_goes_through_both_ways_at_once(tunnelled, by_tunnel):
    """Large bodies pass whole, and many callers at once do not wait for each other."""
    running, _ = tunnelled
    film = bytes(range(256)) * 8192
    (running.store_folder / "film").write_bytes(film)
    running.store.keep(running.store_folder / "film", "big/output.mp4", "video/mp4")
    with ThreadPoolExecutor(8) as pool:
        got = list(
            pool.map(lambda _: by_tunnel.get("https://v3.fal.media/files/big/output.mp4").content, range(8))
        )
    assert all(one == film for one in got)
    refused = by_tunnel.post(f"https://fal.run/{PRO}", content=b" " * 3_000_000)
    assert refused.status_code in (413, 422)


def test_the_usual_certificate_is_for_this_machine_alone(tunnelled):
    """Who asks for localhost gets the usual leaf, and the usual bundle does not trust the tunnel's."""
    running, port = tunnelled
    usual = ssl.create_default_context(cafile=str(running.tls.bundle))
    with httpx.Client(verify=usual) as client:
        assert client.get(f"https://localhost:{running.ports.https}/health/live").status_code == 200
    with (
        httpx.Client(verify=usual, proxy=f"http://127.0.0.1:{port}") as client,
        pytest.raises(httpx.ConnectError),
    ):
        client.get("https://fal.run/health/live")


def test_the_ports_owner_is_told(tunnelled):
    """A port in use is named with its flag."""
    with pytest.raises(SettingsInvalid, match="--connect-port"):
        bind_one("127.0.0.1", tunnelled[1], "--connect-port")


def test_a_server_that_is_away_is_told():
    """A tunnel whose server does not answer says so, instead of hanging."""

    async def ask():
        gone = bind_one("127.0.0.1", 0, "--tls-port")
        tunnel = Tunnel(bind_one("127.0.0.1", 0, "--connect-port"), https=gone)
        gone.close()
        serving = asyncio.create_task(tunnel.run())
        told = await asyncio.to_thread(_ask, tunnel.port, b"CONNECT fal.run:443 HTTP/1.1\r\n\r\n")
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        return told

    assert asyncio.run(ask()).startswith(b"HTTP/1.1 502 Bad Gateway")


def test_open_tunnels_end_with_it():
    """A tunnel that is closed drops its callers: none of them waits for ever."""

    async def hold():
        behind = bind_one("127.0.0.1", 0, "--tls-port")
        tunnel = Tunnel(bind_one("127.0.0.1", 0, "--connect-port"), https=behind)
        serving = asyncio.create_task(tunnel.run())
        reader, writer = await asyncio.open_connection("127.0.0.1", tunnel.port)
        writer.write(b"CONNECT fal.run:443 HTTP/1.1\r\n\r\n")
        assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200")
        serving.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await serving
        async with asyncio.timeout(10):
            assert await reader.read() == b""
        writer.close()
        behind.close()

    asyncio.run(hold())
