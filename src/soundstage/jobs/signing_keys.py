"""The keys that sign webhooks: made at first use, rotated, withdrawn. Knows no signature.

Receivers may keep the published set for a day. So a new key is published at once and signs a day later,
and the one before it stays published until an operator withdraws it.
"""

from __future__ import annotations

import secrets
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from soundstage.webhook_errors import SigningKeyInUse, SigningKeyUnknown

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from datetime import datetime

    from psycopg.rows import DictRow

    from soundstage.jobs.database import Connection, Database

TURN = 5_350_701_930  #: advisory lock: two processes must not both make the first key
SEED_BYTES = 32  #: of Ed25519
LEAD_S = 24 * 3600.0  #: as long as fal lets receivers keep the published set


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningKey:
    """A published key."""

    key_id: str
    private_key: bytes  #: an Ed25519 seed
    signs: bool  #: this is the one that signs now
    created_at: datetime
    signs_from: datetime

    def __repr__(self) -> str:
        return f"SigningKey({self.key_id!r}, signs={self.signs})"  # never the key itself


class SigningKeys:
    """The keys of all processes on one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def published(self) -> list[SigningKey]:
        """Return the keys that signatures may be checked with, newest first; makes the first one.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        rows = await self._database.rows("published_keys")
        if not any(row["begun"] for row in rows):
            async with self._turn() as connection:
                rows = await self._database.rows("published_keys", connection)
                if not any(row["begun"] for row in rows):
                    await self._add(connection, after_s=0.0)
                    rows = await self._database.rows("published_keys", connection)
        return _keys(rows)

    async def signing(self) -> SigningKey:
        """Return the key that signs now.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        return next(key for key in await self.published() if key.signs)

    async def rotate(self, *, after_s: float = LEAD_S) -> SigningKey:
        """Make a key that is published now and signs from `after_s` on; the others stay published.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        await self.published()  # the first key signs until then
        async with self._turn() as connection:
            key_id = await self._add(connection, after_s=after_s)
            rows = await self._database.rows("published_keys", connection)
        return next(key for key in _keys(rows) if key.key_id == key_id)

    async def withdraw(self, key_id: str) -> None:
        """Publish a key no more: what it signed is not believed any longer.

        Raises:
            SigningKeyUnknown: no published key has this id.
            SigningKeyInUse: it is the one that signs.
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        async with self._turn() as connection:
            keys = _keys(await self._database.rows("published_keys", connection))
            found = next((key for key in keys if key.key_id == key_id), None)
            if found is None:
                known = ", ".join(key.key_id for key in keys) or "none"
                raise SigningKeyUnknown(f"no published key is called {key_id!r}; published: {known}")
            if found.signs:
                raise SigningKeyInUse(
                    f"{key_id} signs now, and without it no webhook could be believed: rotate first, "
                    "with --now if it has leaked"
                )
            await self._database.rows("withdraw_signing_key", connection, key_id=key_id)

    async def _add(self, connection: Connection, *, after_s: float) -> str:
        key_id = secrets.token_hex(8)
        await self._database.rows(
            "add_signing_key",
            connection,
            key_id=key_id,
            private_key=secrets.token_bytes(SEED_BYTES),
            after_s=after_s,
        )
        return key_id

    @asynccontextmanager
    async def _turn(self) -> AsyncGenerator[Connection]:
        async with self._database.transaction() as connection:
            await self._database.rows("await_turn", connection, turn=TURN)
            yield connection


def _keys(rows: list[DictRow]) -> list[SigningKey]:
    signing = next((row["key_id"] for row in rows if row["begun"]), None)
    return [
        SigningKey(
            key_id=row["key_id"],
            private_key=row["private_key"],
            signs=row["key_id"] == signing,
            created_at=row["created_at"].astimezone(UTC),
            signs_from=row["signs_from"].astimezone(UTC),
        )
        for row in rows
    ]
