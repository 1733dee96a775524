"""Submits that ask more than a film, at a real server: one key, one order; what is refused or forgotten."""

import json
import uuid
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

BURST = 16


@pytest.fixture
def own(start_own_server):
    """Raw requests to a server that queues what is wrong and forgets what is not stored within a second."""
    server = start_own_server(SOUNDSTAGE_ENQUEUE_INVALID="true", SOUNDSTAGE_UNSTORED_RESULT_S="1")
    with httpx.Client(base_url=server.http, timeout=60) as client:
        yield client


def test_a_burst_under_one_key_is_one_order(http, ep, small, until):
    """Equal submits under one `Idempotency-Key`, all at once, are one request; another body is a 422."""
    headers, body = {"Idempotency-Key": str(uuid.uuid4())}, {**small, "prompt": "A lake"}

    def submit(_=None, **changed):
        return http.post(f"/queue/{ep}", json={**body, **changed}, headers=headers)

    with ThreadPoolExecutor(BURST) as crowd:
        answers = list(crowd.map(submit, range(BURST)))
    assert {answer.status_code for answer in answers} == {200}
    (order_id,) = {answer.json()["request_id"] for answer in answers}
    url = answers[0].json()["status_url"]
    until(lambda: http.get(url), lambda answer: answer.status_code == 200)
    again = submit()
    assert (again.status_code, again.json()["request_id"], again.json()["status"]) == (
        200,
        order_id,
        "COMPLETED",
    )
    other = submit(prompt="A river")
    assert (other.status_code, other.json()["detail"][0]["loc"]) == (422, ["header", "idempotency-key"])


def test_a_run_under_a_key_outlives_a_hangup(http, server, ep, small, until):
    """A direct run under a key goes on when its caller hangs up; the next run under it gets that film."""
    headers = {"Idempotency-Key": str(uuid.uuid4())}
    body = {**small, "prompt": "A lake [slow 1]"}
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(f"{server.http}/run/{ep}", json=body, headers=headers, timeout=0.3)
    submitted = http.post(f"/queue/{ep}", json=body, headers=headers)
    assert submitted.json()["status"] in ("IN_QUEUE", "IN_PROGRESS")
    answer = http.post(f"/run/{ep}", json=body, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["x-fal-request-id"] == submitted.json()["request_id"]
    assert http.get(answer.json()["video"]["url"]).status_code == 200


def test_refusals_are_queued_and_results_forgotten(own, ep, small, until):
    """By settings, a bad body is COMPLETED and its result a 422; an unstored result becomes a 404."""
    told = own.post(f"/queue/{ep}", json={"prompt": "A lake", "duration": "2"}).json()
    assert told["status"] == "COMPLETED"
    answer = own.get(told["response_url"])
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["body", "duration"])

    body = {**small, "prompt": "A lake"}
    told = own.post(f"/queue/{ep}", json=body, headers={"X-Fal-Store-IO": "0"}).json()
    until(lambda: own.get(told["status_url"]), lambda answer: answer.status_code == 200)
    answer = until(lambda: own.get(told["response_url"]), lambda answer: answer.status_code != 200)
    assert (answer.status_code, answer.json()["status"]) == (404, "NOT_FOUND")
    assert own.get(told["status_url"]).json()["status"] == "COMPLETED"
    history = own.get("/v1/models/requests/by-endpoint", params={"endpoint_id": ep, "expand": "payloads"})
    items = {item["request_id"]: item for item in history.json()["items"]}
    assert "lake" not in json.dumps(items[told["request_id"]])


def test_a_start_limit_is_kept(http, ep, small, holding):
    """Behind a film in the making, an order that may wait half a second is over in a few, whoever asks."""
    held = http.post(f"/queue/{ep}", json={**small, "prompt": holding}).json()
    headers = {"X-Fal-Request-Timeout": "0.5"}
    # Without the limit this would wait for as long as the film is held: until the client gives up.
    answer = http.post(f"/run/{ep}", json={**small, "prompt": "A lake"}, headers=headers)
    assert (answer.status_code, answer.json()["error_type"]) == (504, "startup_timeout")
    assert answer.headers["x-fal-request-timeout-type"] == "user"
    assert http.put(held["cancel_url"]).status_code == 202
