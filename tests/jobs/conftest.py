"""One real PostgreSQL for the whole run, a fresh database for each test, and workers as real processes."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import uuid
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from soundstage.jobs.book import OrderBook
from soundstage.jobs.embedded import EmbeddedPostgres
from soundstage.jobs.migrate import migrate
from soundstage.jobs.orders import NewOrder

HERE = Path(__file__).parent
STAGE = (sys.executable, str(HERE / "stage_process.py"))


@pytest.fixture(scope="session")
def postgres(open_folder):
    """The server that tests share."""
    with EmbeddedPostgres(open_folder / "shared-home", environ=os.environ) as server:
        yield server


def make_database(postgres, name: str) -> str:
    """Make a database with the schema and return its address."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    address = make_conninfo(postgres.dsn(), dbname=name)
    asyncio.run(migrate(address))
    return address


@pytest.fixture(scope="session")
def shared_dsn(postgres):
    """The database that tests take turns with."""
    return make_database(postgres, "test_turns")


@pytest.fixture
def dsn(shared_dsn):
    """A database with the schema and nothing in it."""
    yield shared_dsn
    with psycopg.connect(shared_dsn) as connection:
        for table in (
            "order_logs",
            "orders",
            "line_blocks",
            "callers",
            "procrastinate_jobs",
            "procrastinate_workers",
        ):
            connection.execute(f"DELETE FROM {table}")


@pytest.fixture
async def book(dsn):
    """The order book on a fresh database."""
    async with OrderBook(dsn) as opened:
        yield opened


@pytest.fixture(scope="session")
def worked_dsn(postgres, tmp_path_factory):
    """A database with a worker of its own; what is submitted there is made at once."""
    log = tmp_path_factory.mktemp("worker") / "worker.log"
    address = make_database(postgres, "test_worked")
    worker = WorkerProcess.start(log, address, STAGE, {})
    yield address
    assert worker.stop() == 0, log.read_text()


@pytest.fixture
async def worked_book(worked_dsn):
    """The order book of `worked_dsn`: what is submitted is made at once."""
    async with OrderBook(worked_dsn) as opened:
        yield opened


@pytest.fixture
def new_order():
    """Makes orders: `new_order("report:3", priority="low")` does these acts on the test stage."""

    def make(*acts: str, **more) -> NewOrder:
        return NewOrder(order_id=str(uuid.uuid4()), endpoint="test", payload={"do": list(acts)}, **more)

    return make


@pytest.fixture
def stage_argv():
    """The command of the test stage."""
    return STAGE


@dataclass
class WorkerProcess:
    """A worker that runs."""

    process: subprocess.Popen
    log: Path

    @classmethod
    def start(cls, log: Path, dsn: str, stage: tuple[str, ...], options: dict) -> "WorkerProcess":
        argv = [sys.executable, str(HERE / "worker_process.py"), dsn, json.dumps(stage), json.dumps(options)]
        with log.open("wb") as out:
            return cls(subprocess.Popen(argv, stdout=out, stderr=out, start_new_session=True), log)

    def kill(self) -> None:
        """End it as the system would: no goodbye."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


@pytest.fixture
def start_worker(dsn, stage_argv, tmp_path):
    """Starts workers on the test's database; whatever still runs at the end is stopped."""
    started = []

    def start(stage=stage_argv, database=dsn, **options) -> WorkerProcess:
        log = tmp_path / f"worker-{len(started)}.log"
        started.append(WorkerProcess.start(log, database, stage, options))
        return started[-1]

    yield start
    for worker in started:
        if worker.process.poll() is None:
            worker.stop()
        sys.stderr.write(worker.log.read_text())  # pytest shows it when the test failed


@pytest.fixture
def until():
    """Waits until a state of an order holds, as `lambda state: state.status == "done"`."""

    async def wait(book: OrderBook, order_id: str, holds, within_s: float = 30.0):
        async with asyncio.timeout(within_s):
            async for state in book.watch(order_id):
                if holds(state):
                    return state
        raise AssertionError(f"order ended as {state}")

    return wait


@pytest.fixture
def ended(until):
    """Waits for the end of an order."""

    async def wait(book: OrderBook, order_id: str, within_s: float = 30.0):
        return await until(book, order_id, lambda state: state.is_final, within_s)

    return wait
