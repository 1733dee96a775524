"""An honest small book of orders in memory: what the real one promises, without a database.

Orders move only when a test says so, or, in `ScriptedBook`, as their prompt says.
"""

import asyncio
import dataclasses
from datetime import UTC, datetime, timedelta

from soundstage.errors import (
    DatabaseUnavailable,
    OrderFinished,
    OrderRefused,
    OrderRunning,
    OrderUnknown,
    QueueFull,
)
from soundstage.plain import to_json

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
    error_detail: list | None = None
    submitted_at: datetime = NOON
    started_at: datetime | None = None
    ended_at: datetime | None = None
    forgotten_at: datetime | None = None
    caller: str = "anonymous"
    body_hash: bytes | None = None
    keeps_io: bool = True
    answer_base: str | None = None
    webhook_url: str | None = None
    input: str | None = None
    progress: dict | None = None
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
        if new.order_id in self.orders:
            return self.orders[new.order_id]
        if new.refused is None and new.max_waiting is not None and await self.waiting() > new.max_waiting:
            raise QueueFull(f"{await self.waiting()} requests wait already")
        self.taken.append(new)
        same = (
            "endpoint",
            "payload",
            "caller",
            "body_hash",
            "keeps_io",
            "answer_base",
            "webhook_url",
            "input",
        )
        state = State(order_id=new.order_id, **{name: getattr(new, name) for name in same})
        if new.refused is not None:
            refusal = OrderRefused(new.refused)
            told = {"error_kind": refusal.kind, "error_message": str(refusal), "ended_at": NOON}
            detail = [to_json(problem) for problem in new.refused]
            state = dataclasses.replace(
                state, status="failed", queue_position=None, error_detail=detail, **told
            )
        self.orders[new.order_id], self.lines[new.order_id] = state, []
        self._tell()
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
        self._tell()
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
            self._tell()

    async def waiting(self, endpoint=None, *, caller=None):
        self._answer()
        asked = {"endpoint": endpoint, "caller": caller}
        asked = {name: value for name, value in asked.items() if value is not None}
        waits = [state for state in self.orders.values() if state.status == "waiting"]
        return sum(all(getattr(state, name) == value for name, value in asked.items()) for state in waits)

    async def forget(self, order_id):
        before = await self.find(order_id)
        if before.status not in FINAL:
            raise OrderRunning(f"order {order_id} has not ended, it is {before.status}")
        self.move(order_id, payload={}, input=None, result=None, error_detail=None, forgotten_at=NOON)
        return before

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

    async def until(self, holds):
        """Wait until something holds of this book, as `lambda book: book.taken`."""
        while not holds(self):
            await self._news.wait()

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
