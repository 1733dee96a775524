"""The database of a data folder, for a command of a moment, beside a server or without one."""

import asyncio
import uuid
from contextlib import contextmanager

import psycopg
import pytest

from soundstage.jobs.embedded import EmbeddedPostgres
from soundstage.jobs.visit import start_between_visits, visited


@pytest.fixture
def home(open_folder):
    """A data folder that nobody used yet."""
    return open_folder / f"visit-{uuid.uuid4().hex[:8]}"


@contextmanager
def server_stopped(server):
    """Stop a server after the block."""
    try:
        yield
    finally:
        server.stop()


def test_a_visitor_finds_the_servers_database_or_starts_it(home, clean_environ):
    """A command works beside a running server and without one, and leaves things as they were."""
    with visited(home, environ=clean_environ) as alone, psycopg.connect(alone) as connection:
        connection.execute("CREATE TABLE kept (n int)")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(alone)
    server = EmbeddedPostgres(home, environ=clean_environ)
    start_between_visits(server, home, on_wait=lambda: pytest.fail("nobody is here"))
    with server_stopped(server), visited(home, environ=clean_environ) as beside:
        assert beside == server.dsn()
        with psycopg.connect(beside) as connection:
            assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)
        assert server.pid is not None


async def test_a_server_waits_for_a_visitor(home, clean_environ):
    """A server that starts while a command uses the database comes after it, instead of failing."""
    waits = asyncio.Event()
    loop = asyncio.get_running_loop()
    server = EmbeddedPostgres(home, environ=clean_environ)
    with visited(home, environ=clean_environ) as dsn:
        starting = asyncio.create_task(
            asyncio.to_thread(
                start_between_visits, server, home, on_wait=lambda: loop.call_soon_threadsafe(waits.set)
            )
        )
        await asyncio.wait_for(waits.wait(), 20)
        psycopg.connect(dsn).close()
        assert not starting.done()
    await starting
    with server_stopped(server):
        psycopg.connect(server.dsn()).close()
