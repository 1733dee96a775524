"""The schema is applied once, by whoever comes first, and never downwards."""

import asyncio
import uuid
from importlib import metadata

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from soundstage.errors import DatabaseError, DatabaseUnfit
from soundstage.jobs.migrate import MIGRATIONS, _queue_scripts, migrate


@pytest.fixture
def empty(postgres):
    """A database with nothing in it."""
    name = f"empty_{uuid.uuid4().hex}"
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
        yield make_conninfo(postgres.dsn(), dbname=name)
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


async def test_several_at_once_take_turns(empty):
    """Processes that start together make one schema, and a later start changes nothing."""
    await asyncio.gather(*(migrate(empty) for _ in range(4)))
    with psycopg.connect(empty) as connection:
        first = connection.execute("SELECT * FROM soundstage_schema").fetchall()
    await migrate(empty)
    with psycopg.connect(empty) as connection:
        assert connection.execute("SELECT * FROM soundstage_schema").fetchall() == first
        noted = connection.execute("SELECT version, procrastinate FROM soundstage_schema").fetchone()
        assert noted == (len(MIGRATIONS), metadata.version("procrastinate"))
        assert connection.execute("SELECT count(*) FROM orders").fetchone() == (0,)


async def test_newer_schema_is_not_touched(empty):
    """A program older than its database says so instead of writing into what it does not know."""
    await migrate(empty)
    with psycopg.connect(empty) as connection:
        connection.execute("UPDATE soundstage_schema SET version = 99")
    with pytest.raises(DatabaseUnfit, match="schema 99"):
        await migrate(empty)


async def test_failed_migration_leaves_nothing(empty, monkeypatch):
    """A migration that breaks is undone as a whole."""
    monkeypatch.setattr("soundstage.jobs.migrate.MIGRATIONS", ("schema.sql", "queries.sql"))
    with pytest.raises(DatabaseError, match="syntax"):
        await migrate(empty)
    with psycopg.connect(empty) as connection:
        assert connection.execute(
            "SELECT to_regclass('orders'), to_regclass('procrastinate_jobs')"
        ).fetchone() == (
            None,
            None,
        )


def test_queue_is_migrated_from_its_noted_version():
    """A newer procrastinate brings exactly the migrations after the one the database has."""
    assert len(_queue_scripts(None)) == 1
    assert _queue_scripts(metadata.version("procrastinate")) == []
    since = _queue_scripts("3.2.0")
    assert len(since) == 3
    assert any("procrastinate_retry_job_v2" in script for script in since)
