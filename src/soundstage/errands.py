"""What a command of a moment does with the order book's database. Belongs to the composition root.

Each errand opens the database (app.py: beside a running server or not), does one thing and leaves.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, TypeVar

from soundstage import app
from soundstage.jobs import keys
from soundstage.jobs.database import Database

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from soundstage.config import Settings
    from soundstage.jobs.keys import Key

T = TypeVar("T")


def add_key(settings: Settings, *, label: str, is_admin: bool) -> str:
    """Make a key and return it as clients send it, `id:secret`; the secret cannot be had again."""

    async def add(database: Database) -> str:
        key, secret = await keys.add_key(database, label=label, scope="admin" if is_admin else "api")
        return f"{key.key_id}:{secret}"

    return run_errand(settings, add)


def list_keys(settings: Settings) -> list[Key]:
    """Return every key there ever was, oldest first."""
    return run_errand(settings, keys.list_keys)


def revoke_key(settings: Settings, key_id: str) -> Key:
    """Make a key open nothing any more.

    Raises:
        KeyUnknown: there is none of this id.
    """
    return run_errand(settings, lambda database: keys.revoke_key(database, key_id))


def run_errand(settings: Settings, errand: Callable[[Database], Awaitable[T]]) -> T:
    """Open the database, do the errand, leave.

    Raises:
        DatabaseUnavailable, DatabaseUnfit: it does not answer, or cannot run here.
    """

    async def visit() -> T:
        async with app.open_database(settings) as dsn, Database(dsn, connections=1) as database:
            return await errand(database)

    return asyncio.run(visit())
