"""PostgreSQL on this machine, owned by one process: made, started, watched and stopped here. Knows no orders.

Everything lies in `<home>/postgres` (place.py tells the exception for root): `owner.lock` held by the owner,
`server.json` (where data and socket are), `pgpass` (the password, 0600), `log`, `data`. The server listens
on a unix socket in a 0700 folder only, and asks everybody for the password.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING, Self

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

from soundstage.errors import DatabaseUnavailable, DatabaseUnfit
from soundstage.jobs.binaries import INSTEAD, Binaries, find_binaries
from soundstage.jobs.data_folder import NAME, make_data_folder, read_major
from soundstage.jobs.place import (
    SHARED_ROOT,
    Place,
    choose_place,
    reachable_binaries,
    read_place,
)
from soundstage.jobs.postmaster import disown_stranger, find_leftover, stop_by, stop_leftover, watch_owner
from soundstage.locks import owned

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

log = logging.getLogger(__name__)

NO_PROGRESS_S = 60.0  #: recovery logs every second; a server silent for this long hangs
ORPHANS_S = 15.0  #: how long processes of a killed server may hold its shared memory
LOG_LIMIT_BYTES = 4_000_000  #: a longer log is set aside at the next start, replacing the one before
STILL_HELD = ("is still in use", "already exists")  #: PostgreSQL's words for memory or lock of an old server
SETTINGS = {
    "listen_addresses": "",  # the socket alone: no port for others to find
    "unix_socket_permissions": "0700",
    "shared_buffers": "32MB",  # our whole working set; the film needs the memory
    "max_connections": "60",
    "superuser_reserved_connections": "3",
    "wal_level": "minimal",  # nobody replicates from here
    "max_wal_senders": "0",
    "max_wal_size": "256MB",
    "max_parallel_workers_per_gather": "0",
    "io_method": "sync",  # three fewer processes; our reads come from memory
    "jit": "off",  # compiling costs more than our queries
    "huge_pages": "off",
    "log_startup_progress_interval": "1s",  # start() tells a long recovery from a hang by it
    "log_timezone": "UTC",
    "timezone": "UTC",
}


class EmbeddedPostgres:
    """The PostgreSQL of one data folder. One owner at a time: `start` until `stop`, or a `with` block."""

    def __init__(self, home: Path, *, environ: Mapping[str, str], shared_root: Path = SHARED_ROOT) -> None:
        self.folder = home.absolute() / "postgres"
        self._environ = environ
        self._shared_root = shared_root
        self._lock = ExitStack()
        self._gate = threading.Lock()  # `keep` starts the server again on a thread; `stop` must not miss it
        self._server: subprocess.Popen[bytes] | None = None
        self._watchman: subprocess.Popen[bytes] | None = None
        self._place: Place | None = None

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def pid(self) -> int | None:
        """The server's process; None unless this object owns a running one."""
        return self._server.pid if self._server and self._server.poll() is None else None

    def dsn(self) -> str:
        """Return how to connect, for the owner and for any other process of the same user.

        The password stays in its file: the text may stand in a command line or a log.

        Raises:
            DatabaseUnavailable: no server was ever started here.
        """
        place = self._place or read_place(self.folder / "server.json")
        if place is None:
            raise DatabaseUnavailable(f"no database was started in {self.folder} yet: run `soundstage serve`")
        return self._dsn(place, NAME)

    def start(self) -> None:
        """Take ownership and return once the server answers; about half a second on a folder in use.

        Ends what a killed owner left and recovers its data, however long that takes while it advances.

        Raises:
            HomeBusy: another process owns this folder; names its pid.
            DatabaseUnfit: PostgreSQL cannot run here; says why.
        """
        assert self._server is None, "started twice"
        self.folder.parent.mkdir(parents=True, exist_ok=True)
        if not self.folder.exists():
            # Root's server runs as another user, who must pass through here to its data and can list nothing.
            self.folder.mkdir(mode=0o711 if os.geteuid() == 0 else 0o700)
        with ExitStack() as undo:
            undo.enter_context(owned(self.folder / "owner.lock", f"the database in {self.folder}"))
            record = self.folder / "server.json"
            known = read_place(record)
            place = choose_place(self.folder, self._environ, known=known, shared_root=self._shared_root)
            self._place = place
            undo.callback(self._end_server)
            major = read_major(place.data)
            binaries = reachable_binaries(find_binaries(major), place.account, self._shared_root)
            leftover = find_leftover(place.data)
            if leftover is not None:
                log.warning("stopping a database server whose owner is gone", extra={"pid": leftover})
                stop_leftover(leftover, place.data)
            place.write(record)
            if major is None:
                passfile = self.folder / "pgpass"
                make_data_folder(place, binaries, passfile=passfile, environ=self._server_environ())
            self._start_server(place, binaries)
            self._make_database(place)
            self._lock = undo.pop_all()

    def abort(self) -> None:
        """End a `start` under way on another thread; it raises DatabaseUnfit, unless it was just done."""
        if self._server is not None:
            self._server.send_signal(signal.SIGINT)

    def stop(self) -> None:
        """Stop the server and give up ownership; nothing happens when it is stopped already."""
        self._lock.close()

    async def keep(self) -> None:
        """Start the server again whenever it ends by itself; runs until cancelled, while we own it.

        Raises:
            DatabaseUnfit: it does not come up any more.
        """
        while True:
            await asyncio.sleep(0.5)
            if self._server is not None and self._server.poll() is not None:
                await asyncio.to_thread(self._start_again)

    def _dsn(self, place: Place, database: str) -> str:
        return make_conninfo(
            host=str(place.sockets),
            user=NAME,
            dbname=database,
            passfile=str(self.folder / "pgpass"),
            require_auth="scram-sha-256",  # a false server cannot ask for the password in clear
            connect_timeout=10,
        )

    def _start_again(self) -> None:
        with self._gate:
            if self._place is None:
                return  # stopped meanwhile
            log.error("the database server ended by itself; starting it again: %s", self._last_words())
            binaries = find_binaries(read_major(self._place.data))
            binaries = reachable_binaries(binaries, self._place.account, self._shared_root)
            self._start_server(self._place, binaries)

    def _start_server(self, place: Place, binaries: Binaries) -> None:
        deadline = time.monotonic() + ORPHANS_S
        while True:
            disown_stranger(place.data)
            begin = self._launch(place, binaries)
            if self._await_answer(place, begin):
                return
            words = self._last_words(begin)
            if not any(w in words for w in STILL_HELD) or time.monotonic() > deadline:
                raise DatabaseUnfit(
                    f"PostgreSQL ended at its start: {words}; see {self.folder / 'log'}, {INSTEAD}"
                )
            time.sleep(0.2)

    def _launch(self, place: Place, binaries: Binaries) -> int:
        """Start the server and return where its words begin in the log, in bytes."""
        path = self.folder / "log"
        if path.exists() and path.stat().st_size > LOG_LIMIT_BYTES:
            path.replace(path.with_name("log.1"))
        argv = [binaries.program("postgres"), "-D", str(place.data), "-k", str(place.sockets)]
        known = {k: v for k, v in SETTINGS.items() if k != "io_method" or binaries.major >= 18}
        for name, value in known.items():
            argv += ["-c", f"{name}={value}"]
        with path.open("ab") as words:
            path.chmod(0o600)
            begin = words.seek(0, os.SEEK_END)
            # A session of its own: Ctrl-C is for the owner, who stops the workers first.
            self._server = subprocess.Popen[bytes](
                argv,
                **place.popen_options(),
                cwd="/",
                env=self._server_environ(),
                stdin=subprocess.DEVNULL,
                stdout=words,
                stderr=words,
                start_new_session=True,
            )
        self._dismiss_watchman()
        self._watchman = watch_owner(self._server.pid, place.popen_options())
        return begin

    def _await_answer(self, place: Place, begin: int) -> bool:
        """Wait until the server answers; False when it ended instead."""
        assert self._server is not None
        size, moved = begin, time.monotonic()
        while self._server.poll() is None:
            try:
                psycopg.connect(self._dsn(place, "postgres")).close()
            except psycopg.OperationalError as exc:
                if "password authentication failed" in str(exc) or "fe_sendauth" in str(exc):
                    raise DatabaseUnfit(
                        f"{self.folder / 'pgpass'} does not open the database in {place.data}: "
                        "restore it, or move the data away to begin anew"
                    ) from exc
            else:
                return True
            now = (self.folder / "log").stat().st_size
            if now != size:
                size, moved = now, time.monotonic()
            if time.monotonic() - moved > NO_PROGRESS_S:
                raise DatabaseUnfit(
                    f"PostgreSQL has not moved for {NO_PROGRESS_S:g} s: {self._last_words(begin)}; {INSTEAD}"
                )
            time.sleep(0.02)
        return False

    def _make_database(self, place: Place) -> None:
        with psycopg.connect(self._dsn(place, "postgres"), autocommit=True) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (NAME,)).fetchone()
            if found is None:
                connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(NAME)))

    def _end_server(self) -> None:
        with self._gate:
            place, self._place = self._place, None
            server, self._server = self._server, None
            self._dismiss_watchman()
            if server is not None:

                def wait(limit_s: float) -> bool:
                    with suppress(subprocess.TimeoutExpired):
                        server.wait(limit_s)
                    return server.poll() is not None

                stop_by(server.send_signal, wait, server.pid)
            if place is not None:
                shutil.rmtree(place.sockets, ignore_errors=True)  # a new one is made at each start

    def _dismiss_watchman(self) -> None:
        if self._watchman is not None:
            self._watchman.kill()
            self._watchman.communicate()
            self._watchman = None

    def _last_words(self, begin: int = 0) -> str:
        with (self.folder / "log").open("rb") as words:
            words.seek(max(begin, words.seek(0, os.SEEK_END) - 2000))
            lines = words.read().decode(errors="replace").splitlines()
        told = [line for line in lines if "FATAL" in line or "PANIC" in line or "HINT" in line]
        return " ".join((told or lines)[-3:]) or "it said nothing"

    def _server_environ(self) -> dict[str, str]:
        # LC_ALL: without it macOS starts a thread in the server, which then refuses to run.
        return {"PATH": self._environ.get("PATH", os.defpath), "LC_ALL": "C"}
