"""Where an embedded PostgreSQL lives: its data, its socket, the user it runs as. Starts nothing.

As an ordinary user everything lies in `<home>/postgres` and runs as that user. PostgreSQL refuses to run as
root, so root's server runs as an unprivileged user that exists already, and its data lies where that user
can go: in `<home>/postgres/data` if every folder above lets it pass, else in a folder of its own under
/var/lib/soundstage (macOS: /var/db/soundstage). No permission of a folder we did not make is ever changed.
"""

from __future__ import annotations

import json
import os
import pwd
import stat
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from soundstage.errors import DatabaseUnfit
from soundstage.jobs.binaries import INSTEAD

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.jobs.binaries import Binaries

ACCOUNTS = ("postgres", "_postgres", "nobody")  #: whom root lets run the server; the first that exists
SHARED_ROOT = Path("/var/db/soundstage" if sys.platform == "darwin" else "/var/lib/soundstage")
SOCKET_NAME = "/.s.PGSQL.5432.lock"  #: the longest name PostgreSQL makes in its socket folder
LONGEST_SOCKET_PATH = 103  #: bytes; macOS allows 103, Linux 107


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A user of the operating system."""

    name: str
    uid: int
    gid: int

    def popen_options(self) -> dict[str, Any]:
        """Return what makes a subprocess run as this user and nobody more."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def may_enter(self, folder: Path) -> bool:
        """Tell whether this user can pass through `folder`, asked of the system itself (ACLs count too)."""
        asked = subprocess.run(
            ["/bin/sh", "-c", 'cd "$1"', "sh", folder],
            **self.popen_options(),
            cwd="/",
            stderr=subprocess.DEVNULL,
            check=False,
        )
        return asked.returncode == 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where one server lives."""

    data: Path
    sockets: Path  #: a 0700 folder of the server's user, with a short path
    account: Account | None  #: whom it runs as; None: as we do

    def popen_options(self) -> dict[str, Any]:
        """Return what makes a subprocess run as the server's user."""
        return self.account.popen_options() if self.account else {}

    def write(self, record: Path) -> None:
        """Keep this place in a file, so that later owners and clients find the same."""
        told = {"data": str(self.data), "sockets": str(self.sockets)}
        part = record.with_suffix(".part")
        part.write_text(json.dumps({**told, "account": self.account.name if self.account else None}))
        part.replace(record)


def read_place(record: Path) -> Place | None:
    """Return the place kept in `record`; None when none was."""
    try:
        told = json.loads(record.read_text())
        account = find_account(told["account"]) if told["account"] else None
        return Place(data=Path(told["data"]), sockets=Path(told["sockets"]), account=account)
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as exc:
        raise DatabaseUnfit(f"{record} does not read ({exc}): restore it, {INSTEAD}") from exc


def choose_place(
    folder: Path, environ: Mapping[str, str], *, known: Place | None, shared_root: Path = SHARED_ROOT
) -> Place:
    """Choose where the server of `folder` lives; a place that is `known` keeps its data there.

    Raises:
        DatabaseUnfit: root has no user to run it as, or there is no folder for data or socket.
    """
    account = choose_account()
    if known and known.account:
        account = known.account
    try:
        data = known.data if known else _choose_data(folder, account, shared_root)
        keep = known is not None and is_private(known.sockets, account.uid if account else os.geteuid())
        sockets = known.sockets if known and keep else _make_socket_folder(environ, account)
    except OSError as exc:
        raise DatabaseUnfit(
            f"PostgreSQL has nowhere to live ({exc}): choose another --home, {INSTEAD}"
        ) from exc
    return Place(data=data, sockets=sockets, account=account)


def choose_account() -> Account | None:
    """Return whom the server must run as; None: as we do, who are not root.

    Raises:
        DatabaseUnfit: we are root and there is nobody to run it as.
    """
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall() if entry.pw_uid != 0}
    name = next((n for n in ACCOUNTS if n in names), None)
    if name is None:
        raise DatabaseUnfit(
            f"PostgreSQL does not run as root and none of the users {', '.join(ACCOUNTS)} exists: "
            f"run as an ordinary user, {INSTEAD}"
        )
    return find_account(name)


def find_account(name: str) -> Account:
    """Return the user called `name`.

    Raises:
        DatabaseUnfit: there is none.
    """
    try:
        entry = pwd.getpwnam(name)
    except KeyError as exc:
        raise DatabaseUnfit(
            f"the database belongs to user {name!r}, who is gone: add them, {INSTEAD}"
        ) from exc
    return Account(name=name, uid=entry.pw_uid, gid=entry.pw_gid)


def is_private(folder: Path, uid: int) -> bool:
    """Tell whether `folder` is a real folder of user `uid` that nobody else can enter."""
    try:
        facts = folder.lstat()
    except OSError:
        return False
    return stat.S_ISDIR(facts.st_mode) and facts.st_uid == uid and not facts.st_mode & 0o077


def reachable_binaries(binaries: Binaries, account: Account | None, shared_root: Path) -> Binaries:
    """Return binaries that `account` can run: these, or a copy where everybody can go."""
    if account is None or account.may_enter(binaries.folder / "bin"):
        return binaries
    shared_root.mkdir(mode=0o755, parents=True, exist_ok=True)
    stamp = int((binaries.folder / "bin" / "postgres").stat().st_mtime)
    copied = binaries.copy_to(shared_root / f"postgresql-{binaries.major}-{stamp}")
    if not account.may_enter(copied.folder / "bin"):
        raise DatabaseUnfit(
            f"user {account.name!r} can run neither {binaries.folder} nor {copied.folder}: "
            f"install the program where every user can read it, {INSTEAD}"
        )
    return copied


def _choose_data(folder: Path, account: Account | None, shared_root: Path) -> Path:
    if account is None or account.may_enter(folder):
        return folder / "data"
    shared_root.mkdir(mode=0o755, parents=True, exist_ok=True)
    # A random name, not one from the home's path: a home that was wiped must begin with an empty database.
    own = Path(tempfile.mkdtemp(prefix="postgres-", dir=shared_root))
    own.chmod(0o711)
    if not account.may_enter(own):
        own.rmdir()
        raise DatabaseUnfit(f"user {account.name!r} can enter neither {folder} nor {shared_root}: {INSTEAD}")
    return own / "data"


def _make_socket_folder(environ: Mapping[str, str], account: Account | None) -> Path:
    base = Path("/tmp")  # noqa: S108 - mkdtemp makes a new 0700 folder or fails; TMPDIR is too long on macOS
    runtime = Path(environ.get("XDG_RUNTIME_DIR") or "/nonexistent")
    if account is None and is_private(runtime, os.geteuid()) and _fits(runtime / "soundstage-12345678"):
        base = runtime
    # Made under a new random name, never taken over: whoever made a folder in /tmp can swap what is in it.
    made = Path(tempfile.mkdtemp(prefix="soundstage-", dir=base))
    if account is not None:
        os.chown(made, account.uid, account.gid)
    return made


def _fits(folder: Path) -> bool:
    return len(os.fsencode(str(folder) + SOCKET_NAME)) <= LONGEST_SOCKET_PATH
