"""Interpreters with one client in them: fal_client on an older Python, or `fal`, which brings much with it.

Each is made once, by uv, in `.run/clients/python/`, and named by its version and the client's pin.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import NoReturn

import pytest

CLIENT = "fal-client==1.0.3"
VERSIONS = ("3.9", "3.10", "3.11", "3.12", "3.13")
RUNNING = f"{sys.version_info[0]}.{sys.version_info[1]}"
INSTALL_S = 300


def find_client(root: Path, version: str, *, client: str = CLIENT) -> Path:
    """Return a Python of this version (`3.9`) whose site-packages hold a client; makes it when absent.

    Where the interpreter is missing the test is skipped with the reason. Where only the network is, it is
    skipped as well, but fails in CI: there a skipped client is an untested one.
    """
    place = root / ".run" / "clients" / "python" / f"{version}-{client.replace('==', '-')}"
    python = place / "bin" / "python"
    if not python.exists():
        _make(place, _find_interpreter(version), client)
    return python


def _find_interpreter(version: str) -> str:
    if version == RUNNING:
        return sys.executable
    versions = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    kept = sorted(versions.glob(f"{version}.*/bin/python"), key=_release)
    if kept:
        return str(kept[-1])
    told = _uv("python", "find", "--no-python-downloads", "--no-project", version)
    if told.returncode != 0:
        pytest.skip(f"no Python {version} on this machine: {told.stderr.strip()}")
    return told.stdout.strip()


def _release(python: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", python.parents[1].name))


def _make(place: Path, interpreter: str, client: str) -> None:
    """Make it in a folder beside, then rename: another run may be at it too."""
    place.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=place.parent, prefix="part-") as part:
        fresh = Path(part) / "venv"
        made = _uv("venv", "--quiet", "--no-project", "--relocatable", "--python", interpreter, str(fresh))
        assert made.returncode == 0, made.stderr
        told = _uv("pip", "install", "--quiet", "--python", str(fresh / "bin" / "python"), client)
        if told.returncode != 0:
            _lacking(f"{client} could not be installed for {interpreter}: {told.stderr.strip()[-600:]}")
        try:
            fresh.rename(place)
        except OSError:
            if not place.is_dir():  # not even another run's
                raise


def _lacking(what: str) -> NoReturn:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}; in CI every client must be tested")
    pytest.skip(what)


def _uv(*words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "uv", *words],
        env={k: v for k, v in os.environ.items() if k != "VIRTUAL_ENV"},
        capture_output=True,
        text=True,
        timeout=INSTALL_S,
        check=False,
    )
