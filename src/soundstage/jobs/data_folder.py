"""The data folder of an embedded PostgreSQL: made once, with a password of its own. Starts no server."""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from typing import TYPE_CHECKING

from soundstage.errors import DatabaseUnfit
from soundstage.jobs.binaries import INSTEAD

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from soundstage.jobs.binaries import Binaries
    from soundstage.jobs.place import Place

NAME = "soundstage"  #: of the role and of the database


def read_major(data: Path) -> int | None:
    """Return the major version that made `data`; None when it was not made yet.

    Raises:
        DatabaseUnfit: the folder is there and holds no database.
    """
    version = data / "PG_VERSION"
    try:
        return int(version.read_text())
    except FileNotFoundError:
        if not data.exists():
            return None
        raise DatabaseUnfit(
            f"{data} holds no database ({version} is missing): move it away, {INSTEAD}"
        ) from None
    except (OSError, ValueError) as exc:
        raise DatabaseUnfit(f"{version} does not read ({exc}): restore it, {INSTEAD}") from exc


def make_data_folder(place: Place, binaries: Binaries, *, passfile: Path, environ: Mapping[str, str]) -> None:
    """Run initdb beside the final name, so that a crash never leaves half a database under it.

    Raises:
        DatabaseUnfit: initdb refused; carries its words.
    """
    password = secrets.token_urlsafe(32)
    new = place.data.with_name("data.new")
    shutil.rmtree(new, ignore_errors=True)
    new.mkdir(mode=0o700)
    told = new.with_name("password.new")
    _write_secret(told, password)
    if place.account is not None:
        os.chown(new, place.account.uid, place.account.gid)
        os.chown(told, place.account.uid, place.account.gid)
    how = ["--auth=scram-sha-256", f"--pwfile={told}", "--encoding=UTF8", "--locale=C"]
    try:
        made = subprocess.run(
            [binaries.program("initdb"), "-D", new, "-U", NAME, *how],
            **place.popen_options(),
            cwd="/",
            env=dict(environ),
            capture_output=True,
            text=True,
            errors="replace",
            check=False,
        )
    finally:
        told.unlink()
    if made.returncode != 0:
        raise DatabaseUnfit(f"initdb failed in {new}: {made.stderr.strip()[-800:]}; {INSTEAD}")
    _write_secret(passfile, f"*:*:*:*:{password}\n")
    new.rename(place.data)  # last: from here on the folder is a database


def _write_secret(path: Path, text: str) -> None:
    part = path.with_name(f"{path.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as secret:
        secret.write(text)
    part.replace(path)
