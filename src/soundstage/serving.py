"""One machine under one roof: database, API and worker, started in order and stopped in mirror order.

Belongs to the composition root. Knows no route, no query and no frame.
"""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from contextlib import AsyncExitStack, suppress
from functools import partial
from typing import TYPE_CHECKING

from soundstage import app
from soundstage.errors import DatabaseError
from soundstage.locks import owned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from soundstage.api.server import Sockets
    from soundstage.api.tunnel import Tunnel
    from soundstage.config import Settings
    from soundstage.jobs.embedded import EmbeddedPostgres


def run(settings: Settings, environ: Mapping[str, str], *, announce: Callable[[str], object]) -> None:
    """Serve until SIGINT or SIGTERM.

    Raises:
        HomeBusy: another server owns the data folder.
        SettingsInvalid: a port is in use, or the address is not of this machine.
        DatabaseUnfit, DatabaseUnavailable: PostgreSQL cannot run here, or does not answer.
    """
    import uvloop

    _log_to_stderr()
    folder = f"the data folder {settings.home}"
    loop = asyncio.Runner(loop_factory=uvloop.new_event_loop)
    with owned(settings.run / "serve.lock", folder), loop as runner:
        try:
            runner.run(_serve(settings, environ, announce))
        except BaseExceptionGroup as group:
            # Parts run side by side; what ended the server is the first thing that went wrong in one of them.
            raise group.exceptions[0] from group


def run_worker(settings: Settings) -> None:
    """Make films for the orders in a database until SIGTERM; ends with an error when the database is away."""
    from soundstage import delivering
    from soundstage.jobs.worker import Worker

    _log_to_stderr()
    assert settings.database is not None
    _check_database_url(settings)
    worker = Worker(
        dsn=settings.database,
        stage_argv=app.child_command("stage"),
        stage_environ=app.child_environ(settings),
        per_caller_limit=settings.caller_limit,
        idle_stage_s=settings.idle_stage_s,
        payload_kept_s=settings.payload_kept_s,
        unstored_result_s=settings.unstored_result_s,
        calls=delivering.build_calls(settings),
        stop_when_orphaned=True,
    )
    asyncio.run(worker.run())


async def _serve(settings: Settings, environ: Mapping[str, str], announce: Callable[[str], object]) -> None:
    from soundstage import whereabouts
    from soundstage.api import build_app
    from soundstage.api.server import ApiServer, bind
    from soundstage.api.urls import UrlRule
    from soundstage.entrance import asks_for_keys, build_gate
    from soundstage.jobs.book import OrderBook
    from soundstage.jobs.migrate import migrate
    from soundstage.jobs.supervisor import Child, Supervisor
    from soundstage.upkeep import build_keeper

    urls = UrlRule(
        public_url=settings.public_url,
        allowed_hosts=settings.allowed_hosts,
        trusted_proxies=settings.trusted_proxies,
        tunnelled=settings.connect_port is not None,
    )
    asks = asks_for_keys(settings)
    _check_database_url(settings)
    stop = _stop_signal()
    async with AsyncExitStack() as opened:
        sockets = bind(settings.host, port=settings.port, tls_port=settings.tls_port)
        opened.callback(sockets.close)
        tunnel = _open_tunnel(settings, sockets, opened)
        ensure = partial(whereabouts.build_tls, settings, environ, for_tunnel=tunnel is not None)
        tls = ensure()
        dsn, postgres = settings.database, None
        if dsn is None:
            postgres = await _open_postgres(settings, environ, opened, announce, stop)
            if postgres is None:
                return  # told to stop before it was up
            dsn = postgres.dsn()
        await migrate(dsn)
        book = await opened.enter_async_context(OrderBook(dsn, per_caller_limit=settings.caller_limit))
        gate, keys = await build_gate(settings, urls, book.database)
        parts = await app.build_api_parts(settings, book, urls, gate)
        server = ApiServer(build_app(parts), sockets, tls, stopping=parts.stopping)
        worker = Child(
            name="worker", argv=app.child_command("work"), environ=app.child_environ(settings, dsn=dsn)
        )
        supervisor = Supervisor([worker])
        async with asyncio.TaskGroup() as group:
            kept = [
                server.keep_certificate(ensure),
                build_keeper(settings, book).run(),
                *(part.keep() for part in (postgres, keys) if part is not None),
            ]
            keeping = [group.create_task(upkeep) for upkeep in kept]
            serving = group.create_task(server.run())
            group.create_task(supervisor.run())
            await server.listening()
            tunnelling = group.create_task(tunnel.run()) if tunnel is not None else None
            where = whereabouts.Whereabouts(
                ports=server.ports,
                connect_port=tunnel.port if tunnel is not None else None,
                asks_for_keys=asks,
            )
            whereabouts.tell(settings, where)
            opened.callback((settings.run / "server.json").unlink, missing_ok=True)
            announce(whereabouts.announcement(settings, environ, where))
            await stop.wait()
            announce("Stopping")
            server.stop()
            supervisor.stop()
            for task in keeping:
                task.cancel()
            await serving  # what came by the tunnel ends with the rest
            if tunnelling is not None:
                tunnelling.cancel()


def _open_tunnel(settings: Settings, sockets: Sockets, opened: AsyncExitStack) -> Tunnel | None:
    """Take the tunnel's port, if one is wanted."""
    from soundstage.api.server import bind_one
    from soundstage.api.tunnel import Tunnel

    if settings.connect_port is None:
        return None
    # On loopback, whatever --host says: what comes out of it seems to come from this machine.
    listening = bind_one("127.0.0.1", settings.connect_port, "--connect-port")
    opened.callback(listening.close)
    return Tunnel(listening, https=sockets.https)


async def _open_postgres(
    settings: Settings,
    environ: Mapping[str, str],
    opened: AsyncExitStack,
    announce: Callable[[str], object],
    stop: asyncio.Event,
) -> EmbeddedPostgres | None:
    """Start the embedded PostgreSQL, which stops with the server; None when `stop` came first."""
    from soundstage.jobs.embedded import EmbeddedPostgres
    from soundstage.jobs.visit import start_between_visits

    announce(f"Starting PostgreSQL in {settings.home / 'postgres'}")
    postgres = EmbeddedPostgres(settings.home, environ=environ)
    # On a thread: a long recovery must not keep a signal from stopping us.
    starting = asyncio.create_task(
        asyncio.to_thread(
            start_between_visits,
            postgres,
            settings.home,
            on_wait=lambda: announce("Waiting for another command that uses the database"),
        )
    )
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({starting, stopping}, return_when=asyncio.FIRST_COMPLETED)
    if not starting.done():
        announce("Stopping before PostgreSQL was up")
        await asyncio.to_thread(postgres.abort)
        with suppress(DatabaseError):
            await starting
            postgres.stop()
        return None
    stopping.cancel()
    await starting
    opened.callback(postgres.stop)
    return postgres


def _stop_signal() -> asyncio.Event:
    """Return an event that SIGINT and SIGTERM set."""
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    return stop


def _check_database_url(settings: Settings) -> None:
    """Refuse what PostgreSQL's own parser does not read, before anything is started."""
    from soundstage.jobs.database import check_address

    check_address(settings.database or "")


class _Lines(logging.Formatter):
    """A sentence for a person, then the fields for a machine: `order begun order=3f2c attempt=1`."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s: %(message)s")
        self._known = set(logging.makeLogRecord({}).__dict__) | {"message", "asctime"}

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's own name
        """Return the line, with what `extra` brought."""
        fields = [f"{name}={value}" for name, value in record.__dict__.items() if name not in self._known]
        return " ".join([super().formatMessage(record), *fields])


def _log_to_stderr() -> None:
    """Show what matters to an operator; libraries only when something is wrong."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Lines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler])
    logging.getLogger("soundstage").setLevel(logging.INFO)
