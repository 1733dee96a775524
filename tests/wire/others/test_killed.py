"""A server that is killed in the middle of a film, and started again."""

from __future__ import annotations

import os
import signal

import httpx
import pytest


@pytest.mark.parametrize(
    "kill",
    [pytest.param(os.kill, id="alone"), pytest.param(os.killpg, id="with_all", marks=pytest.mark.full)],
)
def test_order_survives_a_killed_server(start_own_server, ep, small, until, kill):
    """Case 65: after kill -9 mid-render and a new start the film is made; the request is never stuck."""
    first = start_own_server()
    folder = first.home / "cache" / "rehearsal"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "held").touch()
    with httpx.Client(timeout=60) as http:
        body = {"prompt": "A lake [hold held]", **small}
        order_id = http.post(f"{first.http}/queue/{ep}", json=body).json()["request_id"]
        status = f"/queue/{ep}/requests/{order_id}/status?logs=1"
        until(lambda: http.get(first.http + status).json()["status"], lambda word: word == "IN_PROGRESS")
        kill(first.process.pid, signal.SIGKILL)
        first.process.wait(10)
        (folder / "held").unlink()
        (first.home / "run" / "server.json").unlink()  # else the ports of the dead server are read
        second = start_own_server(home=first.home)
        ended = until(lambda: http.get(second.http + status), lambda told: told.status_code == 200).json()
        assert ended["status"] == "COMPLETED"
        assert "error" not in ended
        told = http.get(f"{second.http}/queue/{ep}/requests/{order_id}")
        assert told.status_code == 200
        assert http.get(told.json()["video"]["url"]).status_code == 200
