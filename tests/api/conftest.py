"""An honest small book of orders, and the door in front of it: in this process, or as a server of its own."""

import asyncio
import dataclasses
import os
import threading
import uuid
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvloop

from soundstage.api import ApiParts, UrlRule, build_app
from soundstage.api.contract import read_order
from soundstage.api.server import ApiServer, bind
from soundstage.api.tls import ensure_tls
from soundstage.errors import DatabaseUnavailable, OrderFinished, OrderUnknown
from soundstage.storage import LocalStore

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
FINAL = ("done", "failed", "cancelled")


@dataclasses.dataclass(frozen=True, kw_only=True)
class State:
    """An order, as the real book shows it."""

    order_id: str
    endpoint: str
    payload: dict
    status: str = "waiting"
    queue_position: int | None = 0
    result: dict | None = None
    error_kind: str | None = None
    error_message: str | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    step: int = 0  #: stands for progress that the wire does not show


@dataclasses.dataclass(frozen=True, kw_only=True)
class Line:
    """A log line, as the real book shows it."""

    seq: int
    at: datetime
    level: str
    message: str


@dataclasses.dataclass(frozen=True, kw_only=True)
class Glance:
    """An order as it is now, and perhaps not a moment later."""

    state: State

    def holds(self):
        return False


class Book:
    """Keeps orders in a dict, keeps the order book's promises, and can be away."""

    def __init__(self):
        self.orders, self.lines, self.taken, self.watchers = {}, {}, [], 0
        self.away = False
        self._news = asyncio.Event()

    def _answer(self):
        if self.away:
            raise DatabaseUnavailable("PostgreSQL does not answer; it is starting again")

    async def submit(self, new):
        self._answer()
        self.taken.append(new)
        state = State(order_id=new.order_id, endpoint=new.endpoint, payload=new.payload)
        self.orders[new.order_id], self.lines[new.order_id] = state, []
        return state

    async def find(self, order_id):
        self._answer()
        if order_id not in self.orders:
            raise OrderUnknown(f"there is no order {order_id}")
        return self.orders[order_id]

    async def glance(self, order_id):
        return Glance(state=await self.find(order_id))

    async def logs(self, order_id, *, after=0):
        self._answer()
        return [line for line in self.lines[order_id] if line.seq > after]

    async def cancel(self, order_id):
        state = await self.find(order_id)
        if state.status in FINAL:
            raise OrderFinished(f"order {order_id} has ended already: it is {state.status}")
        return self.move(order_id, status="cancelled", ended_at=NOON)

    async def watch(self, order_id):
        self.watchers += 1
        try:
            shown = None
            while True:
                news = self._news
                seen = (await self.find(order_id), len(self.lines[order_id]))
                if seen != shown:
                    shown = seen
                    yield seen[0]
                if seen[0].status in FINAL:
                    return
                await news.wait()
        finally:
            self.watchers -= 1

    async def ping(self):
        self._answer()

    def move(self, order_id, **changes):
        """Change an order and tell its watchers."""
        if changes.get("status", "waiting") != "waiting":
            changes.setdefault("queue_position", None)
        self.orders[order_id] = dataclasses.replace(self.orders[order_id], **changes)
        self._tell()
        return self.orders[order_id]

    def say(self, order_id, message, level="INFO"):
        """Add a log line."""
        lines = self.lines[order_id]
        at = NOON + timedelta(seconds=len(lines))
        lines.append(Line(seq=len(lines) + 1, at=at, level=level, message=message))
        self._tell()

    def finish(self, order_id):
        """Make the film."""
        film = film_json(self.orders[order_id].payload["seed"])
        ended = {"started_at": NOON, "ended_at": NOON + timedelta(seconds=2.5)}
        return self.move(order_id, status="done", result=film, **ended)

    def _tell(self):
        self._news.set()
        self._news = asyncio.Event()


def film_json(seed=7):
    """A Film as the pipeline returns it."""
    files = [
        ("video", "ab12/output.mp4", "video/mp4", 8062911),
        ("poster", "ab13/poster.jpg", "image/jpeg", 1000),
        ("captions_vtt", "ab14/captions.vtt", "text/vtt", 80),
        ("screenplay", "ab16/screenplay.json", "application/json", 900),
    ]
    facts = {
        "made_by": "procedural previz", "engine": "previz", "engine_version": "1", "seed": seed,
        "size": {"width": 1920, "height": 1080}, "fps": 24, "frame_count": 120, "seconds": 5.0,
        "has_audio": True, "loudness_lufs": -16.0, "spent_s": {}, "notes": [],
    }  # fmt: skip
    names = ("role", "name", "content_type", "bytes")
    return {"files": [{**dict(zip(names, f, strict=True)), "path": None} for f in files], "facts": facts}


def make_parts(book, store, **more):
    """The door's parts, with a seed that is always 7."""
    told = {
        "urls": UrlRule(),
        "heartbeat_s": 5.0,
        "reconnect_s": 0.01,
        "pick_seed": lambda: 7,
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


class ScriptedBook(Book):
    """A book with a worker of its own, who does what the prompt says."""

    def __init__(self):
        super().__init__()
        self._playing = set()

    async def submit(self, new):
        state = await super().submit(new)
        if "wait" not in (new.payload["prompt"] or ""):
            task = asyncio.create_task(self._play(new.order_id, new.payload["prompt"]))
            self._playing.add(task)
            task.add_done_callback(self._playing.discard)
        return state

    async def _play(self, order_id, prompt):
        await asyncio.sleep(0.15)  # a moment in the queue, long enough for a client to see it there
        if self.orders[order_id].status != "waiting":
            return
        self.move(order_id, status="running", started_at=NOON)
        self.say(order_id, "The screenplay is written")
        if "hold" in prompt:
            return
        await asyncio.sleep(0.15)
        if "outage" in prompt:
            self.away = True
            await asyncio.sleep(0.5)
            self.away = False
        self.say(order_id, "Shot 1 of 1 is rendered")
        if "fail" in prompt:
            told = {"error_kind": "engine_broke", "error_message": "previz gave 3 frames for 120"}
            self.move(order_id, status="failed", ended_at=NOON + timedelta(seconds=1), **told)
        else:
            self.finish(order_id)


class Running:
    """A server in a thread of its own, as a process would be."""

    def __init__(self, folder: Path, **more):
        self.store, self.ready, self.stop_s = LocalStore(folder / "files"), threading.Event(), None
        self.tls = ensure_tls(folder / "tls", environ={}, now=datetime.now(UTC))
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


@pytest.fixture
def start_server(tmp_path):
    """Make a server that the test starts and stops itself."""
    return lambda **more: Running(tmp_path, **more)


@pytest.fixture(scope="session")
def bare_environ():
    """An environment that names no proxy, no roots and nothing of fal's."""
    unwanted = ("FAL_", "SSL_", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
    return {k: v for k, v in os.environ.items() if not k.upper().startswith(unwanted)}
