"""One real server that all tests of the wire share, with an engine that does what a prompt says.

Tests leave nothing waiting and nothing running behind: positions in the queue count everybody's orders.
"""

from __future__ import annotations

import os
import sys
import uuid
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))  # tests are a tree, not a package: `golden` and the like are found here

from servers import start_server  # noqa: E402 - from tests/acceptance, which pytest put on the path

if TYPE_CHECKING:
    from collections.abc import Generator

    from servers import Server

EP = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"
#: The smallest film there is; rendered flat, in some 0.2 s.
SMALL = {"engine": "rehearsal", "resolution": "360p", "duration": "3", "generate_audio": False, "seed": 5}


@pytest.fixture(scope="session")
def wire_environ(clean_environ) -> dict[str, str]:
    """The environment of a server that finds the engine `rehearsal` and compiles no kernel at its start."""
    path = os.pathsep.join(filter(None, (str(HERE / "plugin"), clean_environ.get("PYTHONPATH"))))
    return {**clean_environ, "PYTHONPATH": path, "SOUNDSTAGE_WARM_ENGINES": "rehearsal"}


@pytest.fixture(scope="session")
def server(open_folder, wire_environ) -> Generator[Server]:
    """The server that tests share; what they do to it must not hurt the next."""
    home = open_folder / "wire" / "home"
    home.parent.mkdir()
    running = start_server(home, wire_environ)
    yield running
    assert running.stop() == 0, running.log.read_text()[-4000:]


@pytest.fixture
def start_own_server(open_folder, wire_environ) -> Generator[Any]:
    """Starts servers of the test's own: `start_own_server("--flag", "x", SOUNDSTAGE_KEYS="1")`."""
    started: list[Server] = []

    def start(*flags: str, home: Path | None = None, **variables: str) -> Server:
        home = home or open_folder / f"wire-{uuid.uuid4().hex[:8]}" / "home"
        home.parent.mkdir(exist_ok=True)
        started.append(start_server(home, {**wire_environ, **variables}, *flags))
        return started[-1]

    yield start
    for running in started:
        if running.process.poll() is None:
            assert running.stop() == 0, running.log.read_text()[-4000:]


@pytest.fixture(scope="session")
def ep() -> str:
    """The endpoint that tests call."""
    return EP


@pytest.fixture(scope="session")
def small() -> dict[str, Any]:
    """What to send beside a prompt for a film that costs next to nothing."""
    return dict(SMALL)


@pytest.fixture
def http(server) -> Generator[httpx.Client]:
    """Raw requests to the shared server, by plain HTTP."""
    with httpx.Client(base_url=server.http, timeout=60) as client:
        yield client


@contextmanager
def held(running: Server) -> Generator[str]:
    """Lend a prompt whose film is not finished before the block ends."""
    folder = running.home / "cache" / "rehearsal"
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / uuid.uuid4().hex[:8]
    file.touch()
    try:
        yield f"A lake [hold {file.name}]"
    finally:
        file.unlink()


@pytest.fixture
def holding(server) -> Generator[str]:
    """A prompt whose film on the shared server is not finished before the test is."""
    with held(server) as prompt:
        yield prompt
