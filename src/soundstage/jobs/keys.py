"""Keys to the API: made, listed, revoked, and kept in memory for the door. Knows no HTTP.

A secret is 256 random bits that exist once, on the screen of whoever made the key; the table has its
SHA-256. A slow hash would add nothing: there is nothing to guess.
"""

from __future__ import annotations

import asyncio
import hashlib
import logging
import secrets
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING, Literal

from soundstage.caller_errors import KeyUnknown
from soundstage.errors import DatabaseError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from psycopg.rows import DictRow

    from soundstage.jobs.database import Database

log = logging.getLogger(__name__)

Scope = Literal["api", "admin"]

SECRET_BYTES = 32
LOOK_AGAIN_S = 0.5  #: with the door's own second of memory, a revoked key opens nothing after two seconds
AWAY_S = 10.0  #: between two lines in the log while the database is away


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key as it is listed: without its secret, which nobody has but its owner."""

    key_id: str
    label: str
    scope: Scope
    created_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveKey:
    """What the door must know of a key that opens it."""

    secret_hash: bytes  #: SHA-256 of the secret
    is_admin: bool


async def add_key(database: Database, *, label: str, scope: Scope) -> tuple[Key, str]:
    """Make a key; return it and its secret, which cannot be had again.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    secret = secrets.token_hex(SECRET_BYTES)
    row = await database.row(
        "add_key",
        key_id=secrets.token_hex(8),
        secret_hash=hashlib.sha256(secret.encode()).digest(),
        label=label,
        scope=scope,
    )
    assert row is not None
    return _key(row), secret


async def list_keys(database: Database) -> list[Key]:
    """Return every key there ever was, oldest first.

    Raises:
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    return [_key(row) for row in await database.rows("list_keys")]


async def revoke_key(database: Database, key_id: str) -> Key:
    """Make a key open nothing any more, in every process within two seconds. Twice is as once.

    Raises:
        KeyUnknown: there is none of this id.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    row = await database.row("revoke_key", key_id=key_id)
    if row is None:
        raise KeyUnknown(f"there is no key {key_id!r}; `soundstage keys list` shows them")
    return _key(row)


class KeyTable:
    """The keys that open the door, in memory: a request never waits for the database to be let in."""

    def __init__(self, database: Database, *, look_again_s: float = LOOK_AGAIN_S) -> None:
        self._database = database
        self._look_again_s = look_again_s
        self._live: Mapping[str, LiveKey] = {}

    def __len__(self) -> int:
        return len(self._live)

    def find(self, key_id: str) -> LiveKey | None:
        """Return a key that opens the door; None for an unknown or revoked one."""
        return self._live.get(key_id)

    async def read(self) -> None:
        """Read the table now.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        rows = await self._database.rows("read_live_keys")
        self._live = {
            row["key_id"]: LiveKey(secret_hash=bytes(row["secret_hash"]), is_admin=row["scope"] == "admin")
            for row in rows
        }

    async def keep(self) -> None:
        """Read the table again and again, until cancelled. While the database is away the last one counts."""
        away_s = 0.0
        while True:
            await asyncio.sleep(self._look_again_s)
            try:
                await self.read()
                away_s = 0.0
            except DatabaseError as exc:
                if away_s % AWAY_S < self._look_again_s:
                    log.warning("the keys cannot be read; those known still count", extra={"why": str(exc)})
                away_s += self._look_again_s


def _key(row: DictRow) -> Key:
    revoked_at: datetime | None = row["revoked_at"]
    return Key(
        key_id=row["key_id"],
        label=row["label"],
        scope=row["scope"],
        created_at=row["created_at"].astimezone(UTC),
        revoked_at=revoked_at.astimezone(UTC) if revoked_at else None,
    )
