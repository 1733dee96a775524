"""One real PostgreSQL for the whole run, a fresh database for each test, and workers as real processes."""

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
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


@pytest.fixture(scope="session")
def open_folder():
    """A folder that root's unprivileged server can reach, unlike pytest's own 0700 ones."""
    folder = Path(tempfile.mkdtemp(prefix="soundstage-tests-", dir="/tmp"))  # noqa: S108
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(open_folder):
    """The server that tests share."""
    with EmbeddedPostgres(open_folder / "shared-home", environ=os.environ) as server:
        yield server


@pytest.fixture(scope="session")
def template(postgres):
    """A database with the schema, to be copied."""
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE template_book")
    asyncio.run(migrate(make_conninfo(postgres.dsn(), dbname="template_book")))
    return "template_book"


@pytest.fixture
def dsn(postgres, template):
    """A database with the schema and nothing in it."""
    name = f"test_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")
        yield make_conninfo(postgres.dsn(), dbname=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def book(dsn):
    """The order book on a fresh database."""
    async with OrderBook(dsn) as opened:
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
    return (sys.executable, str(HERE / "stage_process.py"))


@dataclass
class WorkerProcess:
    """A worker that runs."""

    process: subprocess.Popen
    log: Path

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
        argv = [
            sys.executable,
            str(HERE / "worker_process.py"),
            database,
            json.dumps(stage),
            json.dumps(options),
        ]
        with log.open("wb") as out:
            process = subprocess.Popen(argv, stdout=out, stderr=out, start_new_session=True)
        started.append(WorkerProcess(process, log))
        return started[-1]

    yield start
    for worker in started:
        if worker.process.poll() is None:
            worker.stop()
        sys.stderr.write(worker.log.read_text())  # pytest shows it when the test failed


@pytest.fixture
def until():
    """Waits for a state of an order: `await until(book, order_id, lambda state: state.status == "done")`."""

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
