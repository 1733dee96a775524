"""The database of a data folder for a command of a moment: the running server's, or one started for it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from soundstage.errors import HomeBusy
from soundstage.jobs.embedded import EmbeddedPostgres
from soundstage.locks import held

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path


@contextmanager
def visited(home: Path, *, environ: Mapping[str, str]) -> Generator[str]:
    """Give the address of the PostgreSQL of `home`, which runs for as long as the block does.

    Raises:
        DatabaseUnfit: it does not run, and cannot be started here.
    """
    with held(_turn(home)):
        postgres = EmbeddedPostgres(home, environ=environ)
        try:
            postgres.start()
        except HomeBusy:
            # The owner is a server: visitors take turns, and `start_between_visits` waits for them.
            yield postgres.dsn()
            return
        try:
            yield postgres.dsn()
        finally:
            postgres.stop()


def start_between_visits(postgres: EmbeddedPostgres, home: Path, *, on_wait: Callable[[], object]) -> None:
    """Start a server's PostgreSQL, once whoever visits the folder at this moment has left.

    Raises:
        HomeBusy, DatabaseUnfit: as `EmbeddedPostgres.start`.
    """
    with held(_turn(home), on_wait=on_wait):
        postgres.start()


def _turn(home: Path) -> Path:
    return home / "run" / "visit.lock"
