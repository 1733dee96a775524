"""Brings a database to the schema this version speaks: procrastinate's tables, then ours. Knows no orders.

Run by the owner of the database before anything else uses it; several at once take turns.
"""

from __future__ import annotations

import re
from importlib import metadata, resources

import psycopg
from procrastinate.schema import SchemaManager

from soundstage.errors import DatabaseUnfit
from soundstage.jobs.database import check_address, mapped_errors, read_sql

MIGRATIONS = ("schema.sql", "schema_2.sql")  #: ours, in order: version n is after the n-th
OLDEST_SERVER = 140000  #: PostgreSQL 14, the oldest that still gets fixes
TURN = 5_350_701_926  #: the advisory lock's number, any constant that is ours

NOTED = """CREATE TABLE IF NOT EXISTS soundstage_schema (
    single boolean PRIMARY KEY DEFAULT true CHECK (single),
    version integer NOT NULL,
    procrastinate text NOT NULL,
    migrated_at timestamptz NOT NULL DEFAULT now()
)"""


async def migrate(dsn: str) -> None:
    """Apply what is missing, in one transaction; nothing happens when the schema is up to date.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
        DatabaseUnfit: it is too old, or a newer version of this program has changed the schema.
        SettingsInvalid: `dsn` is no address.
    """
    check_address(dsn)
    async with mapped_errors(), await psycopg.AsyncConnection.connect(dsn) as connection:
        if connection.info.server_version < OLDEST_SERVER:
            raise DatabaseUnfit(
                f"PostgreSQL {connection.info.server_version // 10_000} is too old: use 14 or later"
            )
        await connection.execute("SELECT pg_advisory_xact_lock(%s)", (TURN,))
        await connection.execute(NOTED)
        found = await connection.execute("SELECT version, procrastinate FROM soundstage_schema")
        version, queue = await found.fetchone() or (0, None)
        if version > len(MIGRATIONS):
            raise DatabaseUnfit(
                f"the database has schema {version}, this program knows {len(MIGRATIONS)}: "
                "update the program, or name another --database"
            )
        installed = metadata.version("procrastinate")
        if version == len(MIGRATIONS) and queue == installed:
            return
        for script in _queue_scripts(queue) + [read_sql(name) for name in MIGRATIONS[version:]]:
            await connection.execute(script.encode())
        await connection.execute(
            """INSERT INTO soundstage_schema (version, procrastinate) VALUES (%s, %s)
               ON CONFLICT (single) DO UPDATE SET version = excluded.version,
                   procrastinate = excluded.procrastinate, migrated_at = now()""",
            (len(MIGRATIONS), installed),
        )


def _queue_scripts(noted: str | None) -> list[str]:
    """Return procrastinate's whole schema, or its migrations since the version that was noted."""
    if noted is None:
        return [SchemaManager.get_schema()]
    folder = resources.files("procrastinate.sql").joinpath("migrations")
    scripts = sorted((p for p in folder.iterdir() if p.name.endswith(".sql")), key=lambda p: p.name)
    return [p.read_text("utf-8") for p in scripts if _numbers(p.name.split("_", 1)[0]) > _numbers(noted)]


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(n) for n in re.findall(r"\d+", version)[:3])
