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
import uuid
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import Generator

    from servers import Server

EP = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"
#: The smallest film there is; rendered flat, in some 0.2 s.
SMALL = {"engine": "rehearsal", "resolution": "360p", "duration": "3", "generate_audio": False, "seed": 5}
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
    told = os.environ.get("SOUNDSTAGE_CHROMIUM")
    found = told or next(filter(None, map(shutil.which, BROWSERS)), None)
    if found is None:
        lacking(f"no browser: none of {', '.join(BROWSERS)} is on PATH, and SOUNDSTAGE_CHROMIUM is not set")
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


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldFilm:
    """A prompt whose film is not finished while a file stands."""

    prompt: str
    file: str

    def let_go(self) -> None:
        """Let the film be finished; who did so before is no error."""
        Path(self.file).unlink(missing_ok=True)


@contextmanager
def held_film(server: Server) -> Generator[HeldFilm]:
    """Lend a prompt whose film is not finished before its file is removed, at the latest by this block."""
    folder = server.home / "cache" / "rehearsal"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"js-{uuid.uuid4().hex[:8]}"
    file.touch()
    film = HeldFilm(prompt=f"A lake [hold {file.name}]", file=str(file))
    try:
        yield film
    finally:
        film.let_go()


@contextmanager
def waiting_for(server: Server, film: HeldFilm) -> Generator[str]:
    """Keep the worker busy with a held film; yields its order's id once that is in progress."""
    with httpx.Client(base_url=server.http, timeout=60) as http:
        submitted = http.post(f"/queue/{EP}", json={"prompt": film.prompt, **SMALL}).raise_for_status().json()
        order_id = submitted["request_id"]
        stream = f"/queue/{APP}/requests/{order_id}/status/stream"
        with http.stream("GET", stream) as told:
            next(line for line in told.iter_lines() if '"IN_PROGRESS"' in line)
        try:
            yield order_id
        finally:
            film.let_go()
            with http.stream("GET", stream) as told:
                next(line for line in told.iter_lines() if '"COMPLETED"' in line)
