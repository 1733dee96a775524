"""The courier: delivers webhooks from the queue, many at once. Lives beside the orders in a worker's process.

Knows no HTTP: it is handed what makes a body and what sends it. A receiver that never answers holds up its
own deliveries and nobody else's.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol

from soundstage.errors import DatabaseError
from soundstage.jobs.deliveries import Deliveries, host_of
from soundstage.jobs.queue_worker import HEARTBEAT_S, STALLED_S, Again, AlwaysAgain, QueueWorker
from soundstage.jobs.signing_keys import SigningKeys

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import procrastinate

    from soundstage.jobs.book import OrderBook
    from soundstage.jobs.deliveries import Attempt, DeliveryStatus
    from soundstage.jobs.orders import OrderState

log = logging.getLogger(__name__)

AT_ONCE = 100  #: attempts under way: each is a socket and a few kB
AT_ONCE_TO_ONE = 10  #: of them to one receiver, so that ten silent ones do not stop the others
BUSY_S = 2.0  #: a delivery whose receiver has enough comes back after this, and later the more there are
COMING_BACK_A_SECOND = 10  #: of such deliveries, so that thousands of them do not keep the database busy
EARLY_S = 0.5  #: a job this much before its time is as good as on time
POLL_S = 2.0  #: finds retries that another process planned; our own are woken in time
CLOSE_S = 2.0  #: an attempt that takes longer while the worker closes is broken off and made again
USER_SECRET = "webhook_user"  # noqa: S105 - a name
BROKEN_WORDS = "it was not sent: {}; the worker's log tells more"


class Answer(Protocol):
    """What came of an attempt."""

    @property
    def verdict(self) -> Literal["delivered", "again", "never"]:
        """Whether another attempt is worth it."""
        ...

    @property
    def code(self) -> int | None:
        """The receiver's status, if it gave one."""
        ...

    @property
    def error(self) -> str | None:
        """Why it was no delivery."""
        ...


class Send(Protocol):
    """Makes one attempt."""

    async def __call__(
        self, *, url: str, body: bytes, request_id: str, user_id: str, private_key: bytes, attempt: int
    ) -> Answer:
        """Return what came of it, whatever happens."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What a courier is handed."""

    send: Send
    make_body: Callable[[OrderState], bytes]
    gaps_s: tuple[float, ...]  #: from the beginning of an attempt to that of the next


class Courier:
    """Delivers what is due."""

    def __init__(self, queue: procrastinate.App, book: OrderBook, calls: Calls) -> None:
        """Register the task; `run` works."""
        self._book, self._calls = book, calls
        self._deliveries = Deliveries(book.database)
        self._keys = SigningKeys(book.database)
        self._user_id: str | None = None
        self._under_way: dict[str, int] = {}
        self._turned_away: dict[str, set[str]] = {}
        queue.task(name="deliver_webhook", queue="webhooks", retry=AlwaysAgain())(self._deliver)
        self._worker = QueueWorker(
            queue,
            queues=["webhooks"],
            name="courier",
            concurrency=AT_ONCE,
            fetch_job_polling_interval=POLL_S,
            shutdown_graceful_timeout=CLOSE_S,
            delete_jobs="always",  # the delivery's row is the record
            install_signal_handlers=False,
            update_heartbeat_interval=HEARTBEAT_S,
            stalled_worker_timeout=STALLED_S,
        )

    @property
    def worker_id(self) -> int | None:
        """The queue's name for us, while we work."""
        return self._worker.worker_id

    async def run(self) -> None:
        """Work until `stop`; ends by itself when the database went away."""
        await self._worker.run()

    def stop(self) -> None:
        """Begin nothing new and let `run` return, within two seconds."""
        self._worker.stop()

    async def _deliver(self, delivery_id: str) -> None:
        """Make one attempt: the task that the queue calls."""
        due = await self._deliveries.find_due(delivery_id)
        if due is None:
            return
        if due.early_s > EARLY_S:
            # Its worker was killed when it had noted the next attempt and not yet planned it.
            self._worker.look_after(due.early_s)
            raise Again(due.early_s, at=due.next_at)
        receiver = host_of(due.url)
        with self._place_at(receiver, delivery_id):
            attempt = await self._deliveries.begin(delivery_id, most_attempts=len(self._calls.gaps_s) + 1)
            if attempt is None:
                log.warning("webhook given up", extra={"order": due.order_id, "receiver": receiver})
                return
            await self._attempt(attempt, receiver)

    async def _attempt(self, attempt: Attempt, receiver: str) -> None:
        """Send once and write down what came of it.

        Raises:
            Again: another attempt follows.
        """
        begun = asyncio.get_running_loop().time()
        code: int | None = None
        try:
            answer = await self._send(attempt)
            verdict, code, error = answer.verdict, answer.code, answer.error
        except asyncio.CancelledError:
            await self._deliveries.take_back(attempt)
            raise
        except DatabaseError:
            raise
        except Exception as exc:
            # Counted and planned like any other failure: what is wrong with one delivery stops no other.
            log.exception("an attempt broke down", extra={"order": attempt.order_id})
            verdict, error = "again", BROKEN_WORDS.format(type(exc).__name__)
        gap_s = None
        status: DeliveryStatus = "delivered" if verdict == "delivered" else "failed"
        if verdict == "again" and attempt.number <= len(self._calls.gaps_s):
            took_s = asyncio.get_running_loop().time() - begun
            gap_s, status = max(self._calls.gaps_s[attempt.number - 1] - took_s, 0.0), "due"
        next_at = await self._deliveries.note(attempt, status, code=code, error=error, gap_s=gap_s or 0.0)
        extra = {"order": attempt.order_id, "receiver": receiver, "attempt": attempt.number, "code": code}
        if status == "delivered":
            log.info("webhook delivered", extra=extra)
        else:
            log.warning(
                "webhook %s: %s", "to be tried again" if gap_s is not None else "failed", error, extra=extra
            )
        if next_at is not None and gap_s is not None:
            self._worker.look_after(gap_s)
            raise Again(gap_s, at=next_at)

    async def _send(self, attempt: Attempt) -> Answer:
        body = attempt.body
        if body is None:
            state = await self._book.find(attempt.order_id)
            body = await self._deliveries.keep_body(attempt, self._calls.make_body(state))
        if self._user_id is None:
            self._user_id = await find_user_id(self._book)
        key = await self._keys.signing()
        return await self._calls.send(
            url=attempt.url,
            body=body,
            request_id=attempt.order_id,
            user_id=self._user_id,
            private_key=key.private_key,
            attempt=attempt.number,
        )

    @contextmanager
    def _place_at(self, receiver: str, delivery_id: str) -> Generator[None]:
        """Hold one of the receiver's places.

        Raises:
            Again: all are taken.
        """
        waiting = self._turned_away.setdefault(receiver, set())
        if self._under_way.get(receiver, 0) >= AT_ONCE_TO_ONE:
            waiting.add(delivery_id)
            gap_s = BUSY_S + len(waiting) / COMING_BACK_A_SECOND
            self._worker.look_after(gap_s)
            raise Again(gap_s)
        waiting.discard(delivery_id)
        self._under_way[receiver] = self._under_way.get(receiver, 0) + 1
        try:
            yield
        finally:
            self._under_way[receiver] -= 1
            if not self._under_way[receiver]:
                del self._under_way[receiver]
                self._turned_away.pop(receiver, None)  # another process may have made them


async def find_user_id(book: OrderBook) -> str:
    """Return this installation's id as a sender: the same in all its processes, for as long as its database.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    return f"soundstage_{(await book.secret(USER_SECRET)).hex()[:24]}"
