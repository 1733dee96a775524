"""Raw requests, for answers held to stored ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

APP = "fal-ai/kling-video"
Ask = Callable[..., httpx.Response]


@pytest.fixture
def submit(http, ep, small) -> Ask:
    """Submits a small film; returns the answer."""

    def send(prompt: str = "A lake", **headers: str) -> httpx.Response:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return http.post(f"/queue/{ep}", json={**small, "prompt": prompt}, headers=named)

    return send


@pytest.fixture
def follow(http) -> Any:
    """Asks for an order's status until something holds of the body; by default until its end."""

    def until(order_id: str, holds: Callable[[dict], bool] | None = None) -> httpx.Response:
        holds = holds or (lambda body: body["status"] == "COMPLETED")
        while not holds((answer := http.get(url(order_id, "/status?logs=1"))).json()):
            pass  # pytest's own limit ends it
        return answer

    return until


def url(order_id: str, more: str = "") -> str:
    """Return an order's path at the queue."""
    return f"/queue/{APP}/requests/{order_id}{more}"


@pytest.fixture
def path() -> Callable[..., str]:
    """Returns an order's path at the queue."""
    return url


@pytest.fixture
def done(submit, follow) -> str:
    """The id of an order whose film is made."""
    order_id = submit().json()["request_id"]
    follow(order_id)
    return order_id
