"""Callers that are neither of fal's clients: OpenAI's package, curl, fal's app client, raw readers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

import openai
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    import httpx

DEADLINE_S = 60.0


@pytest.fixture
def videos(server) -> Generator[Any]:
    """`client.videos` of the real openai package, pointed at the shared server."""
    with openai.OpenAI(base_url=f"{server.http}/v1", api_key="any:thing") as client:
        yield client.videos


@pytest.fixture
def extra(small) -> dict[str, Any]:
    """What to send as `extra_body` for a film that costs next to nothing."""
    return {name: value for name, value in small.items() if name not in ("duration", "resolution")}


@pytest.fixture
def until() -> Callable[..., Any]:
    """Ask again until an answer will do; return it."""

    def until(ask: Callable[[], Any], fits: Callable[[Any], bool]) -> Any:
        deadline = time.monotonic() + DEADLINE_S
        while not fits(told := ask()):
            assert time.monotonic() < deadline, told
            time.sleep(0.05)
        return told

    return until


@pytest.fixture
def make_film(http, ep, small, until) -> Callable[..., httpx.Response]:
    """Order a film through the queue and return its result's answer, once it has ended."""

    def make_film(prompt: str = "A lake", headers: dict[str, str] | None = None, **fields: Any) -> Any:
        told = http.post(f"/queue/{ep}", json={"prompt": prompt, **small, **fields}, headers=headers)
        assert told.status_code == 200, told.text
        urls = told.json()
        until(lambda: http.get(urls["status_url"]).json(), lambda body: body["status"] == "COMPLETED")
        return http.get(urls["response_url"])

    return make_film
