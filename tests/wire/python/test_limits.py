"""Cases 20 to 23: limits of time, what callers may ask in headers, and calls back."""

import subprocess
import sys
from contextlib import suppress

import fal_client
import pytest


@pytest.fixture
def busy(client, ep, small, holding):
    """The worker, held up by another film until the test is over."""
    handle = client.submit(ep, {**small, "prompt": holding})
    for event in handle.iter_events(interval=0.02):
        if isinstance(event, fal_client.InProgress):
            break
    yield handle
    with suppress(fal_client.FalClientHTTPError):  # the test itself may have cancelled it
        handle.cancel()


def test_a_direct_run_that_cannot_start_in_time(busy, client, ep, small, refusal, exchanges):
    """Case 20: `run(start_timeout=...)` behind a busy worker: 504 that says the user's limit, one POST."""
    exchanges.clear()
    error = refusal(lambda: client.run(ep, {**small, "prompt": "A lake"}, start_timeout=1.2))
    assert error.status_code == 504
    assert error.response_headers["x-fal-request-timeout-type"] == "user"
    assert exchanges.sent == ["POST"]


def test_a_queued_request_that_cannot_start_in_time(busy, client, ep, small, refusal, exchanges):
    """Case 20: in the queue it ends Completed with error_type; the result is that 504, asked once."""
    handle = client.submit(ep, {**small, "prompt": "A lake"}, start_timeout=1.2)
    *_, last = handle.iter_events(interval=0.05)
    assert isinstance(last, fal_client.Completed)
    assert last.error
    assert last.error_type in ("startup_timeout", "request_timeout")
    exchanges.clear()
    error = refusal(lambda: client.result(ep, handle.request_id))
    assert error.status_code == 504
    assert error.error_type == last.error_type
    assert error.response_headers["x-fal-request-timeout-type"] == "user"
    assert exchanges.statuses == [200, 504]


def test_a_start_limit_that_is_kept(client, ep, small):
    """Case 20: what begins in time is made, however long that takes."""
    arguments = {**small, "prompt": "A lake [slow 4.5]"}
    assert client.subscribe(ep, arguments, start_timeout=4)["video"]["url"]


def test_a_client_that_gives_up(server, ep, small, holding):
    """Case 21: `client_timeout` raises, its cancel arrives, and the interpreter ends by itself."""
    code = f"""
import json, threading, time
import fal_client
ids = []
try:
    fal_client.subscribe({ep!r}, arguments={ {**small, "prompt": holding}!r}, client_timeout=1.5,
                         on_enqueue=ids.append)
except fal_client.FalClientTimeoutError as error:
    assert error.request_id == ids[0]
    print(ids[0])
"""
    environ = {**server.environ, **server.exports}
    told = subprocess.run(
        [sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=30, check=False
    )
    assert told.returncode == 0, told.stderr
    request_id = told.stdout.strip()
    import httpx

    status = httpx.get(f"{server.http}/queue/fal-ai/kling-video/requests/{request_id}/status").json()
    assert status["status"] == "COMPLETED", "the interpreter could not have ended"
    assert status["error_type"] == "client_cancelled"


def test_what_callers_may_ask_beside_the_film(client, ep, small):
    """Case 23: hint, priority, lifecycle and headers are accepted, and the film is made."""
    headers = {
        "X-Fal-Store-IO": "0",
        "X-Fal-No-Retry": "true",
        "X-Fal-Object-Lifecycle-Preference": '{"expiration_duration_seconds": 3600}',
        "x-app-fal-disable-fallback": "1",
    }
    arguments = {**small, "prompt": "A lake"}
    output = client.subscribe(ep, arguments, hint="runner-7", priority="low", headers=headers)
    assert output["video"]["url"]


def test_low_waits_behind_normal(busy, client, ep, small):
    """Case 23: a `low` request is behind every `normal` one, those that came later too."""
    low = client.submit(ep, {**small, "prompt": "A lake"}, priority="low")
    normal = [client.submit(ep, {**small, "prompt": "A lake"}) for _ in range(2)]
    assert [handle.status().position for handle in (*normal, low)] == [0, 1, 2]
    busy.cancel()
    for event in low.iter_events(interval=0.02):
        if not isinstance(event, fal_client.Queued):
            break
    assert [type(handle.status()) for handle in normal] == [fal_client.Completed] * 2
    low.get()


def test_a_priority_that_is_none(client, ep, small, refusal):
    """Case 23: a priority that the server does not know is refused by name, not taken for another."""
    bad = {"X-Fal-Queue-Priority": "urgent"}
    error = refusal(lambda: client.submit(ep, {**small, "prompt": "A lake"}, headers=bad))
    assert error.status_code == 422
    assert error.message[0]["loc"] == ["header", "x-fal-queue-priority"]
