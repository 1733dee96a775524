"""One machine under one roof: database, API and worker, started in order and stopped in mirror order.

Belongs to the composition root. Knows no route, no query and no frame.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import signal
import sys
from contextlib import AsyncExitStack, suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from soundstage import app
from soundstage.errors import DatabaseError, SettingsInvalid
from soundstage.locks import is_owned, owned

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from soundstage.api.server import ApiServer, Ports
    from soundstage.config import Settings
    from soundstage.jobs.embedded import EmbeddedPostgres

PYTHON_LINER = (
    'python -c \'import fal_client; print(fal_client.subscribe("fal-ai/kling-video/v3/pro/text-to-video",'
    ' arguments={"prompt": "Fireflies in a dark forest"})["video"]["url"])\''
)
NODE_LINER = (
    'node -e \'const {{ fal }} = require("@fal-ai/client"); fal.config({{ requestMiddleware: async (r) =>'
    ' ({{ ...r, url: r.url.replace("https://queue.fal.run", "{http}/queue").replace("https://fal.run",'
    ' "{http}/run") }}) }}); fal.subscribe("fal-ai/kling-video/v3/pro/text-to-video", {{ input: {{ prompt:'
    ' "Fireflies in a dark forest" }} }}).then((r) => console.log(r.data.video.url))\''
)
CURL_LINER = (
    "curl -s {http}/run/fal-ai/kling-video/v3/pro/text-to-video -H 'Content-Type: application/json'"
    ' -d \'{{"prompt": "Fireflies in a dark forest"}}\''
)


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
        calls=delivering.build_calls(settings),
        stop_when_orphaned=True,
    )
    asyncio.run(worker.run())


def client_exports(settings: Settings, environ: Mapping[str, str]) -> str:
    """Return the exports that point fal's clients here, as sh code; makes the CA if it is absent."""
    from soundstage.api.env import client_exports, to_sh
    from soundstage.api.tls import ensure_tls

    tls = ensure_tls(settings.tls, environ=environ, now=datetime.now(UTC))
    return to_sh(client_exports(read_ports(settings), tls, environ))


def read_ports(settings: Settings) -> Ports:
    """Return the ports of the server that runs on this data folder, or else those that one would take."""
    from soundstage.api.server import Ports

    ports = Ports(http=settings.port, https=settings.tls_port)
    if not is_owned(settings.run / "serve.lock"):
        return ports  # what lies in server.json was left by a server that is gone
    try:
        told = json.loads((settings.run / "server.json").read_text("utf-8"))
        return Ports(http=told["port"], https=told["tls_port"])
    except (OSError, ValueError, KeyError, TypeError):
        return ports  # it is starting and has not told yet


async def _serve(settings: Settings, environ: Mapping[str, str], announce: Callable[[str], object]) -> None:
    from soundstage.api import build_app
    from soundstage.api.server import ApiServer, bind
    from soundstage.api.tls import ensure_tls
    from soundstage.api.urls import UrlRule
    from soundstage.jobs.book import OrderBook
    from soundstage.jobs.migrate import migrate
    from soundstage.jobs.supervisor import Child, Supervisor

    urls = UrlRule(
        public_url=settings.public_url,
        allowed_hosts=settings.allowed_hosts,
        trusted_proxies=settings.trusted_proxies,
    )
    _forbid_open_doors(settings)
    _check_database_url(settings)
    stop = _stop_signal()
    async with AsyncExitStack() as opened:
        sockets = bind(settings.host, port=settings.port, tls_port=settings.tls_port)
        opened.callback(sockets.close)
        tls = ensure_tls(settings.tls, environ=environ, now=datetime.now(UTC))
        dsn, postgres = settings.database, None
        if dsn is None:
            postgres = await _open_postgres(settings, environ, opened, announce, stop)
            if postgres is None:
                return  # told to stop before it was up
            dsn = postgres.dsn()
        await migrate(dsn)
        book = await opened.enter_async_context(OrderBook(dsn, per_caller_limit=settings.caller_limit))
        parts = await app.build_api_parts(settings, book, urls)
        server = ApiServer(build_app(parts), sockets, tls, stopping=parts.stopping)
        worker = Child(
            name="worker", argv=app.child_command("work"), environ=app.child_environ(settings, dsn=dsn)
        )
        supervisor = Supervisor([worker])
        async with asyncio.TaskGroup() as group:
            keeping = [] if postgres is None else [group.create_task(postgres.keep())]
            group.create_task(server.run())
            group.create_task(supervisor.run())
            await server.listening()
            _tell_ports(settings, server.ports)
            opened.callback((settings.run / "server.json").unlink, missing_ok=True)
            _announce(settings, environ, server, announce)
            await stop.wait()
            announce("Stopping")
            server.stop()
            supervisor.stop()
            for task in keeping:
                task.cancel()


async def _open_postgres(
    settings: Settings,
    environ: Mapping[str, str],
    opened: AsyncExitStack,
    announce: Callable[[str], object],
    stop: asyncio.Event,
) -> EmbeddedPostgres | None:
    """Start the embedded PostgreSQL, which stops with the server; None when `stop` came first."""
    from soundstage.jobs.embedded import EmbeddedPostgres

    announce(f"Starting PostgreSQL in {settings.home / 'postgres'}")
    postgres = EmbeddedPostgres(settings.home, environ=environ)
    # On a thread: a long recovery must not keep a signal from stopping us.
    starting = asyncio.create_task(asyncio.to_thread(postgres.start))
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


def _forbid_open_doors(settings: Settings) -> None:
    """Refuse to serve others before keys exist: whoever reaches the port could spend this machine."""
    if settings.host not in ("127.0.0.1", "localhost", "::1"):
        raise SettingsInvalid(
            f"--host {settings.host} would open the API to others, and this version checks no keys; "
            "listen on 127.0.0.1 and put a proxy that does in front"
        )


def _check_database_url(settings: Settings) -> None:
    """Refuse what PostgreSQL's own parser does not read."""
    import psycopg
    from psycopg.conninfo import conninfo_to_dict

    try:
        conninfo_to_dict(settings.database or "")
    except psycopg.ProgrammingError as exc:
        # Not the value itself: it may hold a password.
        raise SettingsInvalid(f"--database does not read as a PostgreSQL URL: {str(exc).strip()}") from exc


def _tell_ports(settings: Settings, ports: Ports) -> None:
    """Write down where we listen, for `--print-env` and for scripts."""
    target = settings.run / "server.json"
    part = target.with_suffix(".part")
    part.write_text(json.dumps({"pid": os.getpid(), "port": ports.http, "tls_port": ports.https}), "utf-8")
    part.replace(target)


def _announce(
    settings: Settings, environ: Mapping[str, str], server: ApiServer, announce: Callable[[str], object]
) -> None:
    http = f"http://127.0.0.1:{server.ports.http}"
    announce(
        f"Serving fal-ai/kling-video/v3/pro/text-to-video on {http} and https://localhost:{server.ports.https}\n"
        f"\nPoint the clients here, in the shell you run them in:\n"
        f"\n{client_exports(settings, environ)}"
        f"\nPython:  {PYTHON_LINER}\n"
        f"Node:    {NODE_LINER.format(http=http)}\n"
        f"curl:    {CURL_LINER.format(http=http)}\n"
        f"\nCtrl-C stops."
    )


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
