"""Webhooks in the ledger and with the courier: nothing owed is lost, nobody waits for the silent."""

import asyncio
import uuid
from contextlib import asynccontextmanager
from dataclasses import dataclass

import procrastinate
import psycopg
import pytest

from soundstage.jobs.courier import AT_ONCE_TO_ONE, Calls, Courier, find_user_id
from soundstage.jobs.deliveries import Deliveries
from soundstage.jobs.orders import NewOrder
from soundstage.webhook_errors import DeliveryUnderWay, DeliveryUnknown


@dataclass(frozen=True, kw_only=True)
class Said:
    """What the post office says of an attempt."""

    verdict: str = "delivered"
    code: int | None = 200
    error: str | None = None


AGAIN = Said(verdict="again", code=500, error="answered 500")


class Office:
    """Stands for the network: keeps what is sent, answers as told, can hang for one host."""

    def __init__(self):
        self.sent, self.said, self.silent = [], [], None
        self.came = asyncio.Condition()

    async def send(self, **attempt):
        self.sent.append(attempt)
        async with self.came:
            self.came.notify_all()
        if self.silent is not None and self.silent in attempt["url"]:
            await asyncio.Event().wait()
        answer = self.said.pop(0) if self.said else Said()
        if isinstance(answer, Exception):
            raise answer
        return answer

    async def wait(self, holds):
        async with asyncio.timeout(20), self.came:
            await self.came.wait_for(lambda: holds(self.sent))


@pytest.fixture
def office():
    """The network."""
    return Office()


@asynccontextmanager
async def courier_of(book, office, *, gaps_s=(0.1, 0.2)):
    """A courier at work for the block."""
    calls = Calls(send=office.send, make_body=lambda state: state.order_id.encode(), gaps_s=gaps_s)
    queue = procrastinate.App(
        connector=procrastinate.PsycopgConnector(conninfo=book.database.dsn, min_size=1, max_size=2)
    )
    courier = Courier(queue, book, calls)
    async with queue.open_async():
        working = asyncio.create_task(courier.run())
        try:
            yield courier
        finally:
            courier.stop()
            await working


@pytest.fixture
def ledger(book):
    """The ledger."""
    return Deliveries(book.database)


@pytest.fixture
def owe(book):
    """Makes orders that end at once and owe a webhook; returns their ids."""

    async def make(*urls: str) -> list[str]:
        news = [
            NewOrder(
                order_id=str(uuid.uuid4()),
                endpoint="test",
                payload={},
                webhook_url=url,
                answer_base="http://films.example",
            )
            for url in urls
        ]
        for state in [await book.submit(new) for new in news]:
            await book.cancel(state.order_id)
        return [new.order_id for new in news]

    return make


async def settled(ledger, count: int, status: str = "delivered"):
    """Wait until so many deliveries have this status; return them all."""
    async with asyncio.timeout(20):
        while True:
            found = await ledger.recent(1000)
            if sum(one.status == status for one in found) >= count:
                return found
            await asyncio.sleep(0.02)


async def test_delivery_is_owed_with_the_end(book, owe, ledger):
    """The transaction that ends an order owes its webhook, once; an order without one owes nothing."""
    (order_id,) = await owe("http://a.example/hook")
    plain = await book.submit(NewOrder(order_id=str(uuid.uuid4()), endpoint="test", payload={}))
    await book.cancel(plain.order_id)
    (delivery,) = await ledger.recent(10)
    assert (delivery.order_id, delivery.status, delivery.attempts) == (order_id, "due", 0)


async def test_delivery_is_made_once(book, owe, ledger, office):
    """A taken webhook is told once, with the order's id, the stored body and this installation's id."""
    (order_id,) = await owe("http://a.example/hook")
    async with courier_of(book, office):
        (delivery,) = await settled(ledger, 1)
    (attempt,) = office.sent
    assert attempt["request_id"] == order_id
    assert attempt["body"] == order_id.encode()
    assert attempt["user_id"] == await find_user_id(book)
    assert (attempt["attempt"], delivery.attempts, delivery.last_code) == (1, 1, 200)
    assert delivery.next_at is None
    assert delivery.ended_at >= delivery.created_at


async def test_retries_end(book, owe, ledger, office):
    """After as many retries as there are gaps the delivery has failed, and the last answer is kept."""
    office.said = [AGAIN] * 10
    await owe("http://a.example/hook")
    async with courier_of(book, office, gaps_s=(0.05, 0.1)):
        (delivery,) = await settled(ledger, 1, "failed")
    assert [attempt["attempt"] for attempt in office.sent] == [1, 2, 3]
    assert len({attempt["body"] for attempt in office.sent}) == 1
    assert (delivery.attempts, delivery.last_code, delivery.last_error) == (3, 500, "answered 500")


async def test_refusal_for_good_ends(book, owe, ledger, office):
    """What would never be taken is not sent again."""
    office.said = [Said(verdict="never", code=302, error="answered 302")]
    await owe("http://a.example/hook")
    async with courier_of(book, office):
        (delivery,) = await settled(ledger, 1, "failed")
    assert len(office.sent) == 1
    assert (delivery.last_code, delivery.next_at) == (302, None)


async def test_broken_attempt_is_one_of_many(book, owe, ledger, office):
    """An attempt that breaks down here is counted and tried again, and stops no other."""
    office.said = [RuntimeError("a bug")]
    await owe("http://a.example/hook")
    async with courier_of(book, office):
        (delivery,) = await settled(ledger, 1)
    assert (len(office.sent), delivery.attempts) == (2, 2)


async def test_silent_receiver_holds_up_nobody(book, owe, ledger, office):
    """With more deliveries to a silent receiver than it may have at once, another's is taken at once."""
    office.silent = "silent.example"
    await owe(*["http://silent.example/hook"] * (AT_ONCE_TO_ONE + 5))
    async with courier_of(book, office):
        await office.wait(lambda sent: len(sent) == AT_ONCE_TO_ONE)
        await owe("http://other.example/hook")
        found = await settled(ledger, 1)
    assert [one.receiver for one in found if one.status == "delivered"] == ["http://other.example/hook"]
    assert sum("silent" in attempt["url"] for attempt in office.sent) == AT_ONCE_TO_ONE
    # Broken off by the courier's own stop: it counts for none of them.
    assert {one.attempts for one in await ledger.recent(100) if one.status == "due"} == {0}


async def test_turned_away_come_back(book, owe, ledger, office, monkeypatch):
    """Deliveries that found their receiver busy are all made in the end."""
    monkeypatch.setattr("soundstage.jobs.courier.BUSY_S", 0.05)
    monkeypatch.setattr("soundstage.jobs.courier.AT_ONCE_TO_ONE", 1)
    await owe(*[f"http://one.example/{n}" for n in range(6)])
    async with courier_of(book, office):
        await settled(ledger, 6)
    assert sorted(attempt["url"][-1] for attempt in office.sent) == list("012345")


async def test_lost_queue_job_is_replaced(book, owe, ledger, office, dsn):
    """A due delivery whose queue job is gone gets a new one, once."""
    await owe("http://a.example/hook")
    with psycopg.connect(dsn) as connection:
        connection.execute("DELETE FROM procrastinate_jobs")
    assert await ledger.requeue_lost() == 1
    assert await ledger.requeue_lost() == 0
    async with courier_of(book, office):
        await settled(ledger, 1)


async def test_lost_last_attempt_ends(book, owe, ledger, office, dsn):
    """An attempt that killed its worker was counted: the last one is not made for ever."""
    await owe("http://a.example/hook")
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE deliveries SET attempts = 3")
    async with courier_of(book, office):
        (delivery,) = await settled(ledger, 1, "failed")
    assert office.sent == []
    assert "worker was lost" in delivery.last_error


async def test_noted_gap_is_kept(book, owe, ledger, office, dsn):
    """A queue job that comes before the noted time of its attempt waits for it."""
    await owe("http://a.example/hook")
    with psycopg.connect(dsn) as connection:
        connection.execute("UPDATE deliveries SET next_at = now() + interval '1 second'")
        (due,) = connection.execute("SELECT next_at FROM deliveries").fetchone()
    async with courier_of(book, office):
        (delivery,) = await settled(ledger, 1)
    assert delivery.ended_at >= due
    assert len(office.sent) == 1


async def test_redelivery_begins_anew(book, owe, ledger, office):
    """An operator has a webhook sent again by the order's id or its own: the same bytes, all its attempts."""
    office.said = [AGAIN] * 3
    (order_id,) = await owe("http://a.example/hook?token=secret")
    async with courier_of(book, office, gaps_s=(0.02, 0.04)):
        (failed,) = await settled(ledger, 1, "failed")
        await ledger.redeliver(order_id)
        await settled(ledger, 1)
        await ledger.redeliver(failed.delivery_id)
        await office.wait(lambda sent: len(sent) == 5)
    assert [attempt["attempt"] for attempt in office.sent] == [1, 2, 3, 1, 1]
    assert len({attempt["body"] for attempt in office.sent}) == 1
    assert failed.receiver == "http://a.example/hook?..."
    assert "secret" not in repr(failed)


async def test_redelivery_hurries_a_due_one(book, owe, ledger, office):
    """A delivery that waits for its next attempt is sent now, and has still one job."""
    office.said = [AGAIN]
    (order_id,) = await owe("http://a.example/hook")
    async with courier_of(book, office, gaps_s=(3600.0,)):
        await office.wait(lambda sent: len(sent) == 1)
        async with asyncio.timeout(10):
            while True:
                try:
                    await ledger.redeliver(order_id)
                except DeliveryUnderWay:
                    await asyncio.sleep(0.01)
                else:
                    break
        await settled(ledger, 1)
    assert len(office.sent) == 2


async def test_redelivery_of_what_is_under_way_or_unknown(book, owe, ledger, office):
    """What is being sent is not sent twice at once; an id that nobody knows is told so."""
    office.silent = "silent.example"
    (order_id,) = await owe("http://silent.example/")
    async with courier_of(book, office):
        await office.wait(lambda sent: len(sent) == 1)
        with pytest.raises(DeliveryUnderWay):
            await ledger.redeliver(order_id)
    for unknown in ("no-id", str(uuid.uuid4())):
        with pytest.raises(DeliveryUnknown, match=unknown):
            await ledger.redeliver(unknown)


async def test_forgotten_order_leaves_no_bytes(book, owe, ledger, office, dsn):
    """Forgetting an order forgets what its webhook said, at once or, while one is due, after its end."""
    office.said = [AGAIN]
    await owe("http://a.example/hook")

    def run(statement: str):
        with psycopg.connect(dsn) as connection:
            return connection.execute(statement)

    async with courier_of(book, office, gaps_s=(0.5,)):
        await office.wait(lambda sent: len(sent) == 1)
        run("UPDATE orders SET forgotten_at = now()")
        await settled(ledger, 1)
    assert len({attempt["body"] for attempt in office.sent}) == 1
    with psycopg.connect(dsn) as connection:
        assert connection.execute("SELECT body FROM deliveries").fetchall() == [(None,)]
