"""Which database would be used on this machine, for a person to read. Starts and changes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import psycopg

from soundstage.errors import DatabaseUnavailable
from soundstage.jobs.binaries import find_binaries
from soundstage.jobs.data_folder import read_major
from soundstage.jobs.database import check_address
from soundstage.jobs.place import choose_account, read_place

if TYPE_CHECKING:
    from pathlib import Path


def check_database(home: Path, database: str | None) -> str:
    """Say in one sentence which database would be used; starts and changes nothing.

    Raises:
        DatabaseUnavailable: the one named by `database` does not answer.
        DatabaseUnfit: the embedded one cannot run here; says why.
        SettingsInvalid: `database` is no address.
    """
    record = home.absolute() / "postgres" / "server.json"
    place = read_place(record)
    if database is None:
        binaries = find_binaries(read_major(place.data) if place else None)
        account = place.account if place else choose_account()
        how = f"run as user {account.name!r}" if account else "run as you"
        return f"PostgreSQL {binaries.major}, embedded in {record.parent}, {how}"
    check_address(database)
    try:
        with psycopg.connect(database, connect_timeout=5) as connection:
            version = connection.info.parameter_status("server_version")
            return f"PostgreSQL {version}, at {connection.info.host}:{connection.info.port}"
    except psycopg.Error as exc:
        raise DatabaseUnavailable(f"the database you named does not answer: {str(exc).strip()}") from exc
