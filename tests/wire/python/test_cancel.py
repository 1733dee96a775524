"""Cases 12 to 15: cancel, and ids that nobody knows."""

import fal_client
import pytest

NOBODY = "8a0cf7d3-0c0b-4b7a-9b0e-000000000000"


def test_cancel_while_queued(client, ep, small, holding, refusal):
    """Case 12: it never runs; its status is Completed with an error, its result 499 client_cancelled."""
    ahead = client.submit(ep, {**small, "prompt": holding})
    handle = client.submit(ep, {**small, "prompt": "A lake"})
    assert isinstance(handle.status(), fal_client.Queued)
    handle.cancel()
    done = handle.status(with_logs=True)
    assert isinstance(done, fal_client.Completed), "a client that waits for it would wait for others"
    assert done.error
    assert done.error_type == "client_cancelled"
    ahead.cancel()
    assert client.run(ep, {**small, "prompt": "A lake"})["video"], "the worker went on"
    assert handle.status(with_logs=True).logs == done.logs == [], "it ran"
    error = refusal(handle.get)
    assert (error.status_code, error.error_type) == (499, "client_cancelled")
    assert error.response_headers["x-fal-request-id"] == handle.request_id


def test_cancel_while_running(client, ep, small, holding, refusal):
    """Case 13: the work stops although it would go on by itself; the status is Completed."""
    handle = client.submit(ep, {**small, "prompt": holding})
    for event in handle.iter_events(interval=0.02):
        if isinstance(event, fal_client.InProgress):
            break
    handle.cancel()
    *_, last = handle.iter_events(interval=0.02)
    assert last.error_type == "client_cancelled"
    assert client.run(ep, {**small, "prompt": "A lake"})["video"], "the worker still holds the other film"
    assert refusal(handle.get).status_code == 499


def test_second_cancel(client, ep, small, holding, refusal, exchanges):
    """Case 14: 400 ALREADY_COMPLETED at once; the client does not repeat it."""
    handle = client.submit(ep, {**small, "prompt": holding})
    handle.cancel()
    for _ in handle.iter_events(interval=0.02):
        pass
    exchanges.clear()
    error = refusal(handle.cancel)
    assert error.status_code == 400
    assert exchanges.sent == ["PUT"]
    assert error.response.json()["status"] == "ALREADY_COMPLETED"


@pytest.mark.parametrize("act", ["status", "result", "cancel"])
def test_an_unknown_id(client, ep, act, refusal, exchanges):
    """Case 15: 404 at once with a sentence that names the id; the client does not repeat it."""
    error = refusal(lambda: getattr(client, act)(ep, NOBODY))
    assert error.status_code == 404
    assert isinstance(error.message, str)
    assert NOBODY in error.message
    assert len(exchanges.sent) == 1
    assert error.response_headers["content-type"] == "application/json"
    assert error.response_headers["x-fal-request-id"] == NOBODY


def test_an_id_that_is_none(client, ep, refusal, exchanges):
    """Case 15: what is no id at all is a 404 too, not a failure of the database."""
    for asked in ("x", "%00", "a b", "é", "1" * 300, NOBODY.replace("-", "")):
        error = refusal(lambda asked=asked: client.status(ep, asked))
        assert error.status_code == 404, asked
    assert set(exchanges.sent) == {"GET"}
    assert len(exchanges.sent) == 6


def test_another_apps_id(client, ep, small, refusal):
    """Case 15: a request is known under its own app alone."""
    handle = client.submit(ep, {**small, "prompt": "A lake"})
    error = refusal(lambda: client.status("fal-ai/other/v1", handle.request_id))
    assert error.status_code == 404
    handle.get()
