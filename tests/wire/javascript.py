"""Node and its packages for the tests of the wire: found, installed once, run.

Packages are the pinned, unmodified ones of `node/package-lock.json`. They go into `.run/clients/node/`, a
folder for each lock file, so that a change of a pin never meets an old package.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import pytest

NODE = Path(__file__).parent / "node"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
INSTALL_S = 300


def lacking(what: str) -> NoReturn:
    """Skip with the reason; in CI fail with it, for there a skipped client is an untested one."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}; in CI the JavaScript clients must be tested")
    pytest.skip(what)


def find_browser() -> str:
    """Return the path of a Chromium."""
    told = os.environ.get("CHROMIUM")  # not SOUNDSTAGE_...: those are settings, and a wrong one is an error
    found = told or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        lacking(f"no browser: none of {', '.join(BROWSERS)} is on PATH, and CHROMIUM names none")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """Node, and the folder whose `node_modules` holds the clients."""

    path: str
    clients: Path

    def run(self, program: Path, ask: Any, *, timeout_s: float = 60, **variables: str) -> Any:
        """Run a program that reads JSON from ASK and prints JSON as its last line; return that.

        Raises:
            AssertionError: it ended with an error, or printed no JSON.
        """
        told = subprocess.run(
            [self.path, str(program)],
            env=self.environ(ASK=json.dumps(ask), **variables),
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )
        assert told.returncode == 0, (
            f"{program.name} ended with {told.returncode}\n{told.stdout}{told.stderr}"
        )
        return json.loads(told.stdout.splitlines()[-1])

    def start(self, program: Path, ask: Any, **variables: str) -> subprocess.Popen[str]:
        """Begin a program whose lines the test reads while it runs."""
        return subprocess.Popen(
            [self.path, str(program)],
            env=self.environ(ASK=json.dumps(ask), **variables),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def environ(self, **variables: str) -> dict[str, str]:
        """Return a user's environment: no setting of ours, no key of fal's, and where the clients are."""
        clean = {k: v for k, v in os.environ.items() if not k.startswith(("SOUNDSTAGE_", "FAL_", "NODE_"))}
        return {**clean, "CLIENTS": str(self.clients), **variables}


def find_node(root: Path) -> Node:
    """Return node with the clients installed below `root`/.run."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        lacking("no node: node and npm must be on PATH (Debian: apt install nodejs npm)")
    lock = (NODE / "package-lock.json").read_bytes()
    clients = root / ".run" / "clients" / "node" / hashlib.sha256(lock).hexdigest()[:12]
    if not clients.is_dir():
        _install(npm, clients)
    return Node(path=node, clients=clients)


def _install(npm: str, clients: Path) -> None:
    """Install into a folder beside, then rename: another test run may be at it too."""
    clients.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=clients.parent, prefix="part-") as part:
        for name in ("package.json", "package-lock.json"):
            shutil.copy(NODE / name, part)
        told = subprocess.run(
            # No package's own script runs: none of these needs one.
            [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
            cwd=part,
            capture_output=True,
            text=True,
            timeout=INSTALL_S,
            check=False,
        )
        if told.returncode != 0:
            lacking(f"npm ci could not install the JavaScript clients: {told.stderr.strip()[-600:]}")
        if not clients.exists():
            installed = Path(part) / "installed"
            installed.mkdir()
            for name in ("package.json", "node_modules"):
                (Path(part) / name).rename(installed / name)
            try:
                installed.rename(clients)
            except OSError:
                if not clients.is_dir():  # not even another run's
                    raise
