"""Keys in a real database: made once, listed without secrets, revoked everywhere."""

import asyncio
import hashlib
import logging

import psycopg
import pytest

from soundstage.caller_errors import KeyUnknown
from soundstage.jobs.database import Database
from soundstage.jobs.keys import KeyTable, add_key, list_keys, revoke_key


@pytest.fixture
async def database(dsn):
    """A database without keys."""
    async with Database(dsn, connections=2, wait_s=0.5) as opened:
        yield opened
    with psycopg.connect(dsn) as connection:
        connection.execute("DELETE FROM keys")


async def test_only_a_hash_of_the_secret_is_kept(database, dsn):
    """Whoever reads the whole table cannot call: what opens the door is nowhere in it."""
    key, secret = await add_key(database, label="laptop", scope="api")
    assert len(bytes.fromhex(secret)) == 32
    with psycopg.connect(dsn) as connection:
        (row,) = connection.execute("SELECT * FROM keys").fetchall()
    assert secret not in str(row)
    assert hashlib.sha256(secret.encode()).digest() in row
    assert (key.label, key.scope, key.revoked_at) == ("laptop", "api", None)
    assert not hasattr(key, "secret")


async def test_two_keys_have_nothing_in_common(database):
    """Every key has an id and a secret of its own."""
    made = [await add_key(database, label="", scope="admin") for _ in range(3)]
    assert len({key.key_id for key, _ in made}) == len({secret for _, secret in made}) == 3
    assert [key.key_id for key in await list_keys(database)] == [key.key_id for key, _ in made]


async def test_a_revoked_key_stays_listed_and_opens_nothing(database):
    """Revoking is for ever and can be repeated; the first time is kept."""
    key, _ = await add_key(database, label="old", scope="api")
    table = KeyTable(database)
    await table.read()
    assert table.find(key.key_id) is not None
    first = await revoke_key(database, key.key_id)
    assert (await revoke_key(database, key.key_id)).revoked_at == first.revoked_at
    await table.read()
    assert table.find(key.key_id) is None
    assert [k.revoked_at for k in await list_keys(database)] == [first.revoked_at]


async def test_an_unknown_key_is_named(database):
    """A typo is told, with the command that shows what there is."""
    with pytest.raises(KeyUnknown, match=r"'nobody'.*keys list"):
        await revoke_key(database, "nobody")


async def _until(holds):
    async with asyncio.timeout(5):
        while not holds():  # noqa: ASYNC110 - the table tells nobody when it has read
            await asyncio.sleep(0.005)


async def test_a_kept_table_follows_the_database(database):
    """What another process adds and revokes is known here soon, without a request that asks for it."""
    table = KeyTable(database, look_again_s=0.02)
    keeping = asyncio.create_task(table.keep())
    key, secret = await add_key(database, label="", scope="admin")
    await _until(lambda: len(table) == 1)
    live = table.find(key.key_id)
    assert live.is_admin
    assert live.secret_hash == hashlib.sha256(secret.encode()).digest()
    await revoke_key(database, key.key_id)
    await _until(lambda: len(table) == 0)
    keeping.cancel()


async def test_while_the_database_is_away_the_last_table_counts(database, dsn, caplog):
    """A database that is away locks nobody out, and the log says so once, not twice a second."""
    key, _ = await add_key(database, label="", scope="api")
    table = KeyTable(database, look_again_s=0.02)
    await table.read()
    with psycopg.connect(dsn, autocommit=True) as other:
        other.execute("ALTER TABLE keys RENAME TO hidden")
        try:
            with caplog.at_level(logging.WARNING, logger="soundstage.jobs.keys"):
                keeping = asyncio.create_task(table.keep())
                await _until(lambda: caplog.records)
                await asyncio.sleep(0.2)
        finally:
            other.execute("ALTER TABLE hidden RENAME TO keys")
    assert table.find(key.key_id) is not None
    assert len(caplog.records) == 1
    await revoke_key(database, key.key_id)
    await _until(lambda: len(table) == 0)
    keeping.cancel()
