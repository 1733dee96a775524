"""The server process of a data folder: find it, tell it from a stranger, stop it. Starts nothing.

A pid file alone proves nothing: its process may be gone, and its number may belong to a stranger by now.
"""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundstage.errors import DatabaseUnfit
from soundstage.jobs.binaries import INSTEAD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

log = logging.getLogger(__name__)

#: fast shutdown rolls back and writes a checkpoint; immediate recovers at the next start; killed likewise
STOPPING = ((signal.SIGINT, 15.0), (signal.SIGQUIT, 5.0), (signal.SIGKILL, 5.0))
POLL_S = 0.02


def find_leftover(data: Path) -> int | None:
    """Return the pid of a server that runs on `data` though its owner is gone; None when there is none."""
    pid = _read_pid(data)
    return pid if pid is not None and is_postmaster(pid, data) else None


def is_postmaster(pid: int, data: Path) -> bool:
    """Tell whether process `pid` is the server of `data`, by its own command line."""
    return f"postgres -D {data} " in _command_line(pid)


def disown_stranger(data: Path) -> None:
    """Make a stale pid file harmless whose number now belongs to a stranger.

    PostgreSQL would refuse to start. We put our own pid there: it reads the pid of its parent as stale, and
    still checks the shared memory named in the file, so orphans of the old server cannot be overlooked.
    """
    path = data / "postmaster.pid"
    pid = _read_pid(data)
    if pid is None or pid == os.getpid():
        return
    lines = path.read_text().splitlines(keepends=True)
    facts = path.stat()
    part = data / "postmaster.pid.part"
    part.write_text("".join([f"{os.getpid()}\n", *lines[1:]]))
    part.chmod(0o600)
    os.chown(part, facts.st_uid, facts.st_gid)
    part.replace(path)


def watch_owner(pid: int, options: Mapping[str, Any]) -> subprocess.Popen[bytes]:
    """Start a watchman who stops server `pid` when we end in a way that lets us do nothing, as by kill -9.

    He waits at a pipe that closes with us. `options` make him run as the server's user. Kill him before
    the server is stopped in good order.
    """
    return subprocess.Popen[bytes](
        ["/bin/sh", "-c", 'read -r _; kill -INT "$1"', "soundstage-watchman", str(pid)],
        **options,
        cwd="/",
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,  # whoever kills our whole group must not kill him
    )


def stop_leftover(pid: int, data: Path) -> None:
    """Stop a server that is not our child.

    Raises:
        DatabaseUnfit: it outlived every signal.
    """

    def wait(limit_s: float) -> bool:
        deadline = time.monotonic() + limit_s
        while is_postmaster(pid, data) and time.monotonic() < deadline:
            time.sleep(POLL_S)
        return not is_postmaster(pid, data)

    stop_by(lambda number: os.kill(pid, number), wait, pid)


def stop_by(send: Callable[[int], None], wait: Callable[[float], bool], pid: int) -> None:
    """Stop a server: fast, then immediately, then by force; `wait(limit_s)` tells whether it is gone."""
    for number, limit_s in STOPPING:
        try:
            send(number)
        except ProcessLookupError:
            return
        if wait(limit_s):
            return
        log.warning(
            "the database server has not stopped in %g s", limit_s, extra={"pid": pid, "signal": number}
        )
    raise DatabaseUnfit(f"PostgreSQL (process {pid}) cannot be stopped: end it by hand, {INSTEAD}")


def _read_pid(data: Path) -> int | None:
    try:
        return int((data / "postmaster.pid").read_text().split("\n", 1)[0])
    except (FileNotFoundError, ValueError):
        return None  # no file, or one cut short by a crash: PostgreSQL judges the latter itself


def _command_line(pid: int) -> str:
    if Path("/proc/self/cmdline").exists():
        try:
            return os.fsdecode(Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" "))
        except OSError:
            return ""
    try:
        asked = subprocess.run(
            ["/bin/ps", "-ww", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False
        )
    except FileNotFoundError:
        return ""
    return asked.stdout
