"""The unmodified @fal-ai/client in a page of headless Chromium, whose origin is not the server's."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx
import pytest
from held_films import held_film
from javascript import find_browser, find_node

if TYPE_CHECKING:
    from collections.abc import Generator

DRIVER = Path(__file__).parent / "driver.mjs"
QUIT_S = 20


class Browser:
    """Pages at home (an origin on loopback) and of a stranger; each does what `page.mjs` can do."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self._process = process
        self.hello = self._read()
        self.seen: list[dict[str, Any]] = []  #: requests and complaints of the last call

    def call(self, name: str, *, origin: str = "home", **ask: Any) -> Any:
        """Call one of the page's functions and return what it returns."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps({"name": name, "ask": ask, "from": origin}) + "\n")
        self._process.stdin.flush()
        answer = self._read()
        self.seen = answer["seen"]
        assert "failure" not in answer, answer
        return answer["value"]

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            assert self._process.stderr is not None
            pytest.fail(f"the browser's driver ended: {self._process.stderr.read()[-4000:]}")
        return json.loads(line)


@pytest.fixture(scope="session")
def browser(root) -> Generator[Browser]:
    """The browser that tests share."""
    node, executable = find_node(root), find_browser()
    process = subprocess.Popen(
        [node.path, str(DRIVER)],
        env=node.environ(BROWSER=executable),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    with process:  # closing its stdin ends it
        try:
            yield Browser(process)
            process.stdin.close()
            assert process.wait(QUIT_S) == 0
        finally:
            process.kill()


@pytest.fixture(params=["J2", "J2 with a key", "J4"])
def door(request, server) -> dict[str, str | None]:
    """The shared server: by rewritten URLs, without and with a key, and by the proxy's URL."""
    recipe, _, key = request.param.partition(" with a ")
    return {"recipe": recipe, "server": server.http, "key": "id:secret" if key else None}


@pytest.fixture(scope="session")
def http(server) -> Generator[httpx.Client]:
    """Raw requests to the shared server; one client, for each reads all roots anew."""
    with httpx.Client(base_url=server.http, timeout=60) as client:
        yield client


@pytest.fixture
def held(server):
    """A film on the shared server that is not finished before the test lets go."""
    with held_film(server) as film:
        yield film
