"""The door in front of a small book of orders: in this process, or as a server of its own."""

import asyncio
import os
import sys
import threading
import uuid
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
import uvloop

from soundstage.api import ApiParts, UrlRule, build_app
from soundstage.api.contract import read_order
from soundstage.api.server import ApiServer, bind
from soundstage.api.tls import ensure_tls
from soundstage.plan import write_screenplay
from soundstage.plan.dialects import speak
from soundstage.storage import LocalStore

sys.path.insert(0, str(Path(__file__).parent))
from memory_book import Book, ScriptedBook


class Planner:
    """The real planner, as the composition root hands it in."""

    write = staticmethod(write_screenplay)
    speak = staticmethod(speak)


PRO = "fal-ai/kling-video/v3/pro/text-to-video"


def make_parts(book, store, **more):
    """The door's parts, with a seed that is always 7."""
    told = {
        "urls": UrlRule(),
        "heartbeat_s": 5.0,
        "reconnect_s": 0.01,
        "pick_seed": lambda: 7,
        "planner": Planner(),
        "secret": bytes(32),
        **more,
    }
    return ApiParts(book=book, store=store, engines=("previz",), new_id=lambda: str(uuid.uuid4()), **told)


@pytest.fixture
def read():
    """Read a body for v3 pro; returns the order."""

    def read(body, **more):
        told = {"order_id": "id", "pick_seed": lambda: 7, "engines": ("previz",), **more}
        return read_order(told.pop("endpoint", PRO), body, **told)

    return read


@pytest.fixture
async def book():
    """An empty book."""
    return Book()


@pytest.fixture
def store(tmp_path):
    """A real store in a folder."""
    return LocalStore(tmp_path / "files")


@pytest.fixture
async def parts(book, store):
    """The door's parts around the book."""
    return make_parts(book, store)


def _client(parts):
    transport = httpx.ASGITransport(build_app(parts), client=("127.0.0.1", 5000))
    return httpx.AsyncClient(transport=transport, base_url="https://localhost:8443")


@pytest.fixture
async def client(parts):
    """A caller on this machine, without a socket."""
    async with _client(parts) as client:
        yield client


@pytest.fixture
def make_client(book, store):
    """Make a caller of a door whose parts are set otherwise."""
    return lambda **more: _client(make_parts(book, store, **more))


class Running:
    """A server in a thread of its own, as a process would be."""

    def __init__(self, folder: Path, *, for_tunnel: bool = False, **more):
        self.store_folder = folder
        self.store, self.ready, self.stop_s = LocalStore(folder / "files"), threading.Event(), None
        self.tls = ensure_tls(folder / "tls", environ={}, now=datetime.now(UTC), for_tunnel=for_tunnel)
        self.sockets = bind("127.0.0.1", port=0, tls_port=0)
        self.ports = self.sockets.ports
        self._more, self._thread = more, threading.Thread(target=self._main)

    def _main(self):
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(self._serve())

    async def _serve(self):
        self.loop, self.book = asyncio.get_running_loop(), ScriptedBook()
        parts = make_parts(self.book, self.store, **self._more)
        self.server = ApiServer(build_app(parts), self.sockets, self.tls, stopping=parts.stopping, grace_s=3)
        serving = asyncio.create_task(self.server.run())
        await self.server.listening()
        self.ready.set()
        await serving

    def call(self, function, *arguments):
        """Run something in the server's loop."""
        self.loop.call_soon_threadsafe(function, *arguments)

    def stop(self):
        """Stop, and wait until it has; safe to call twice."""
        if self._thread.is_alive():
            self.call(self.server.stop)
            self._thread.join(20)
        assert not self._thread.is_alive()

    def __enter__(self):
        self._thread.start()
        assert self.ready.wait(10)
        return self

    def __exit__(self, *_):
        self.stop()


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A server on free ports."""
    with Running(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="session")
def make_running():
    """Make a server in a folder, with parts set otherwise."""
    return Running


@pytest.fixture
def start_server(tmp_path):
    """Make a server that the test starts and stops itself."""
    return lambda **more: Running(tmp_path, **more)


@pytest.fixture(scope="session")
def bare_environ():
    """An environment that names no proxy, no roots and nothing of fal's."""
    unwanted = ("FAL_", "SSL_", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {k: v for k, v in os.environ.items() if not k.upper().startswith(unwanted)}
