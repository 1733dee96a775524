"""PostgreSQL for the other modules: a pool, named statements, errors of our own tree. Knows no orders."""

from __future__ import annotations

import re
from contextlib import AsyncExitStack, asynccontextmanager
from importlib import resources
from typing import TYPE_CHECKING, Any, Self

import psycopg
from psycopg.conninfo import conninfo_to_dict
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool, PoolClosed, PoolTimeout

from soundstage.errors import DatabaseError, DatabaseUnavailable, SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Mapping

Connection = psycopg.AsyncConnection[DictRow]

QUERY_FILES = ("queries.sql", "history.sql", "keeping.sql", "keys.sql", "deliveries.sql", "signing_keys.sql")
POOL_WAIT_S = 5.0  #: a request that waits longer for a connection is told that the database is away
#: It is told after this already when nobody else holds a connection: then none is busy, and none can be made.
AWAY_S = 1.0
#: The pool tries this long for a lost connection, then again when somebody asks: longer tries back off
#: so far that a database which is back would stay unused for a minute.
RECONNECT_S = 2.0


def load_queries(text: str | None = None) -> Mapping[str, bytes]:
    """Read the files of queries into a table of statements by name."""
    text = text if text is not None else "\n".join(read_sql(name) for name in QUERY_FILES)
    parts = re.split(r"^-- name: (\w+)$", text, flags=re.MULTILINE)[1:]
    statements = (re.sub(r"--.*$", "", body, flags=re.MULTILINE).strip() for body in parts[1::2])
    return {name: body.encode() for name, body in zip(parts[::2], statements, strict=True)}


def read_sql(name: str) -> str:
    """Return one of this package's SQL files."""
    return resources.files("soundstage.jobs").joinpath(name).read_text("utf-8")


def check_address(dsn: str) -> None:
    """Refuse what PostgreSQL's own parser does not read.

    Raises:
        SettingsInvalid: says why, in its words but for what they quote.
    """
    try:
        conninfo_to_dict(dsn)
    except psycopg.ProgrammingError as exc:
        # It quotes the address, or the password alone; as the cause it would be in every traceback.
        why = re.sub('".*"', '"..."', str(exc).strip(), flags=re.DOTALL)
        raise SettingsInvalid(f"--database does not read as a PostgreSQL URL: {why}") from None


@asynccontextmanager
async def mapped_errors() -> AsyncGenerator[None]:
    """Turn psycopg's errors into ours; those about the data itself pass, for whoever sent it to judge."""
    try:
        yield
    except (psycopg.OperationalError, psycopg.InterfaceError, PoolClosed) as exc:
        raise DatabaseUnavailable(
            f"PostgreSQL does not answer: {str(exc).strip() or type(exc).__name__}"
        ) from exc
    except (psycopg.DataError, psycopg.IntegrityError):
        raise
    except psycopg.Error as exc:
        raise DatabaseError(f"PostgreSQL refused a statement: {str(exc).strip()}") from exc


async def _check(connection: Connection) -> None:
    # Without this, the first request on each pooled connection after a restart of PostgreSQL would fail.
    await connection.execute(b"")


class Database:
    """A pool of connections and the named statements."""

    def __init__(self, dsn: str, *, connections: int = 8, wait_s: float = POOL_WAIT_S) -> None:
        self.dsn = dsn
        self._wait_s, self._lent = wait_s, 0
        self._statements = load_queries()
        self._pool: AsyncConnectionPool[Connection] = AsyncConnectionPool(
            dsn,
            connection_class=psycopg.AsyncConnection[DictRow],
            # No prepared statements: a plan made while the tables were empty reads all of them for ever.
            kwargs={"autocommit": True, "row_factory": dict_row, "prepare_threshold": None},
            min_size=1,
            max_size=connections,
            timeout=wait_s,
            reconnect_timeout=RECONNECT_S,
            check=_check,
            open=False,
        )

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def open(self) -> None:
        """Connect.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        await self._pool.open(wait=False)
        try:
            async with self._lend():
                pass
        except BaseException:
            await self._pool.close()
            raise

    async def close(self) -> None:
        """Close every connection; safe to call twice."""
        await self._pool.close()

    @asynccontextmanager
    async def transaction(self) -> AsyncGenerator[Connection]:
        """Give a connection in a transaction that commits with the block.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        async with self._lend() as connection, connection.transaction():
            yield connection

    async def rows(self, name: str, connection: Connection | None = None, **values: Any) -> list[DictRow]:
        """Run the statement called `name` and return its rows; without a connection it commits by itself.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        if connection is not None:
            async with mapped_errors():
                return await (await connection.execute(self._statements[name], values)).fetchall()
        async with self._lend() as own:
            return await (await own.execute(self._statements[name], values)).fetchall()

    async def row(self, name: str, connection: Connection | None = None, **values: Any) -> DictRow | None:
        """Run a statement that gives one row or none."""
        found = await self.rows(name, connection, **values)
        return found[0] if found else None

    @asynccontextmanager
    async def _lend(self) -> AsyncGenerator[Connection]:
        async with mapped_errors(), AsyncExitStack() as stack:
            first_s = min(AWAY_S, self._wait_s)
            try:
                connection = await stack.enter_async_context(self._pool.connection(first_s))
            except PoolTimeout:
                more_s = self._wait_s - first_s
                if not self._lent or more_s <= 0:
                    raise
                connection = await stack.enter_async_context(self._pool.connection(more_s))
            self._lent += 1
            try:
                yield connection
            finally:
                self._lent -= 1

    async def dedicated(self) -> Connection:
        """Open a connection beside the pool, for LISTEN.

        Raises:
            DatabaseUnavailable: PostgreSQL does not answer.
        """
        async with mapped_errors():
            return await psycopg.AsyncConnection[DictRow].connect(
                self.dsn, autocommit=True, row_factory=dict_row
            )
