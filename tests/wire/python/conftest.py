"""The real fal_client in this process, pointed at the shared server by a recipe; every exchange is counted.

P1 sets the client's URL constants to plain HTTP. P2 is what the printed exports do: the hosts are read when
fal_client is imported, so here the constants made of them are set, and the rest comes from the environment.
Programs in processes of their own, with nothing but the exports, are in `test_versions.py`.
"""

from __future__ import annotations

import ast
import logging
import re
import ssl
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import fal_client
import fal_client.client as fal_module
import httpx
import pytest

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator, Generator

    from servers import Server

KEY = "anybody:anything"
_SENT = re.compile(r"send_request_headers\.started request=<Request \[b'([A-Z]+)'\]>")
_CAME = "receive_response_headers.complete return_value="


@dataclass
class Exchanges(logging.Handler):
    """What went over the wire, heard from httpcore itself: below every retry of the client."""

    sent: list[str] = field(default_factory=list)  #: methods, in order
    came: list[tuple[int, dict[str, str]]] = field(default_factory=list)  #: status and headers

    def __post_init__(self) -> None:
        super().__init__(logging.DEBUG)

    __hash__ = object.__hash__

    def emit(self, record: logging.LogRecord) -> None:
        """Hear one line of httpcore's."""
        text = record.getMessage()
        if found := _SENT.match(text):
            self.sent.append(found[1])
        elif text.startswith(_CAME):
            _, status, _, headers = ast.literal_eval(text.removeprefix(_CAME))
            self.came.append((status, {k.decode().lower(): v.decode("latin-1") for k, v in headers}))

    @property
    def statuses(self) -> list[int]:
        """The statuses that came, in order."""
        return [status for status, _ in self.came]

    def clear(self) -> None:
        """Forget what was heard."""
        self.sent.clear()
        self.came.clear()


@pytest.fixture
def exchanges() -> Generator[Exchanges]:
    """What this test's client exchanges with the server."""
    heard, logger = Exchanges(), logging.getLogger("httpcore.http11")
    level, logger.propagate = logger.level, False  # pytest would print every line of it
    logger.setLevel(logging.DEBUG)
    logger.addHandler(heard)
    yield heard
    logger.removeHandler(heard)
    logger.setLevel(level)
    logger.propagate = True
    assert not [s for s in heard.statuses if 300 <= s < 400 or s == 409], "a redirect, or a code for retries"


@pytest.fixture
def recipe(request) -> str:
    """How the client is pointed here; tests name another by `parametrize(..., indirect=True)`."""
    return getattr(request, "param", "P2")


@pytest.fixture
def pointed(recipe, server, monkeypatch) -> str:
    """Point fal_client at the shared server, and return the recipe."""
    point(recipe, server, monkeypatch)
    return recipe


def point(recipe: str, running: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Point fal_client at a server."""
    if recipe == "P1":
        monkeypatch.setattr(fal_module, "RUN_URL_FORMAT", f"{running.http}/run/")
        monkeypatch.setattr(fal_module, "QUEUE_URL_FORMAT", f"{running.http}/queue/")
        monkeypatch.setattr(fal_module, "REST_URL", running.http)
        monkeypatch.setattr(fal_module, "CDN_URL", running.http)
        monkeypatch.setenv("NO_PROXY", running.exports["NO_PROXY"])
    else:
        for name, value in running.exports.items():
            monkeypatch.setenv(name, value)
        run, queue = running.exports["FAL_RUN_HOST"], running.exports["FAL_QUEUE_RUN_HOST"]
        monkeypatch.setattr(fal_module, "RUN_URL_FORMAT", f"https://{run}/")
        monkeypatch.setattr(fal_module, "QUEUE_URL_FORMAT", f"https://{queue}/")


@contextmanager
def sync_client(key: str = KEY) -> Generator[fal_client.SyncClient]:
    """Lend a client of its own, with no credentials left from another test."""
    client = fal_client.SyncClient(key=key)
    yield client
    client._client.close()


@pytest.fixture
def client(pointed, exchanges) -> Generator[fal_client.SyncClient]:
    """The client for sync code."""
    with sync_client() as opened:
        yield opened


@pytest.fixture
async def async_client(pointed, exchanges) -> AsyncGenerator[fal_client.AsyncClient]:
    """The client for async code."""
    opened = fal_client.AsyncClient(key=KEY)
    yield opened
    await (await opened._client).aclose()


@pytest.fixture
def download(server) -> Any:
    """Fetches a URL as a viewer would: without a key."""

    def fetch(url: str) -> httpx.Response:
        context = ssl.create_default_context(cafile=server.exports["SSL_CERT_FILE"])
        with httpx.Client(verify=context, trust_env=False) as viewer:
            return viewer.get(url)

    return fetch


@pytest.fixture
def refusal() -> Any:
    """Calls what must be refused and returns the client's error."""

    def call(action: Any) -> fal_client.FalClientHTTPError:
        with pytest.raises(fal_client.FalClientHTTPError) as caught:
            action()
        return caught.value

    return call
