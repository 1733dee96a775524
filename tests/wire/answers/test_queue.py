"""The queue's answers and the direct run's, held to stored ones."""

from golden import check_golden

NOBODY = "8a0cf7d3-0c0b-4b7a-9b0e-000000000000"


def test_a_life_that_is_cancelled(http, submit, follow, path, holding):
    """Submit, waiting, running, early result, cancel, late cancel, and what is left of it."""
    submitted = submit(holding)
    check_golden("queue/submit", submitted)
    running = submitted.json()["request_id"]
    follow(running, lambda body: len(body["logs"]) >= 2)
    check_golden("queue/status_running", http.get(path(running, "/status")))
    told = http.get(path(running, "/status?logs=1"))
    body = told.json()
    assert told.status_code == 202
    check_golden("queue/status_running_logs", {**body, "logs": body["logs"][:2]})
    check_golden("queue/result_early", http.get(path(running)))

    waiting = submit().json()["request_id"]
    check_golden("queue/status_waiting", http.get(path(waiting, "/status")))
    check_golden("queue/status_waiting_logs", http.get(path(waiting, "/status?logs=1")))
    check_golden("queue/cancel_waiting", http.put(path(waiting, "/cancel")))
    check_golden("queue/status_cancelled", http.get(path(waiting, "/status")))

    check_golden("queue/cancel_running", http.put(path(running, "/cancel")))
    follow(running)
    check_golden("queue/status_cancelled_running", http.get(path(running, "/status")))
    check_golden("queue/result_cancelled", http.get(path(running)))
    check_golden("queue/cancel_late", http.put(path(running, "/cancel")))


def test_a_film(http, done, path):
    """Status with and without logs, the result by both paths, and the stream of one that has ended."""
    check_golden("queue/status_done", http.get(path(done, "/status")))
    check_golden("queue/status_done_logs", http.get(path(done, "/status?logs=1")))
    result = http.get(path(done))
    check_golden("queue/result_done", result)
    assert http.get(path(done, "/response")).json() == result.json()
    check_golden("queue/stream_done", http.get(path(done, "/status/stream?logs=1")))
    check_golden("queue/cancel_done", http.put(path(done, "/cancel")))


def test_a_failure(http, submit, follow, path):
    """A render that breaks: three attempts in its logs, an error in its status, a 500 as its result."""
    order_id = submit("A lake [break]").json()["request_id"]
    check_golden("queue/status_failed_logs", follow(order_id))
    check_golden("queue/status_failed", http.get(path(order_id, "/status")))
    check_golden("queue/result_failed", http.get(path(order_id)))


def test_a_stage_that_dies(http, submit, follow, path):
    """A render that takes its process down, sent with X-Fal-No-Retry."""
    order_id = submit("A lake [crash]", x_fal_no_retry="1").json()["request_id"]
    follow(order_id)
    check_golden("queue/status_crashed", http.get(path(order_id, "/status?logs=1")))
    check_golden("queue/result_crashed", http.get(path(order_id)))


def test_an_id_that_nobody_knows(http, path):
    """The four doors of an order that is not there."""
    check_golden("queue/status_unknown", http.get(path(NOBODY, "/status")))
    check_golden("queue/result_unknown", http.get(path(NOBODY)))
    check_golden("queue/cancel_unknown", http.put(path(NOBODY, "/cancel")))
    check_golden("queue/stream_unknown", http.get(path(NOBODY, "/status/stream")))


def test_an_order_of_another_app(http, done):
    """An id is known under its own app alone."""
    check_golden("queue/status_other_app", http.get(f"/queue/fal-ai/other/requests/{done}/status"))


def test_limits_that_are_passed(http, submit, follow, path, ep, small, holding):
    """A start limit, at the queue and at the run door, and a queue that is too long."""
    ahead = submit(holding).json()["request_id"]
    follow(ahead, lambda body: body["status"] == "IN_PROGRESS")
    late = submit(x_fal_request_timeout="0.2").json()["request_id"]
    follow(late)
    check_golden("queue/status_start_timeout", http.get(path(late, "/status")))
    check_golden("queue/result_start_timeout", http.get(path(late)))
    body = {**small, "prompt": "A lake"}
    direct = http.post(f"/run/{ep}", json=body, headers={"X-Fal-Request-Timeout": "0.2"})
    check_golden("run/start_timeout", direct)
    waiting = submit().json()["request_id"]
    check_golden("queue/too_long", http.post(f"/queue/{ep}?fal_max_queue_length=0", json=body))
    for order_id in (waiting, ahead):
        http.put(path(order_id, "/cancel"))
    follow(ahead)


def test_a_repeated_submit(http, submit, follow, path, small, ep):
    """One key and one body are one order; another body with the key is refused."""
    first = submit(idempotency_key="a-golden-key")
    again = submit(idempotency_key="a-golden-key")
    assert again.json()["request_id"] == first.json()["request_id"]
    check_golden("queue/submit_other_body", submit("A hill", idempotency_key="a-golden-key"))
    follow(first.json()["request_id"])


def test_a_direct_run(http, ep, small):
    """The film itself, one that breaks, and one that is refused."""
    check_golden("run/done", http.post(f"/run/{ep}", json={**small, "prompt": "A lake"}))
    broken = {**small, "prompt": "A lake [bug]"}
    check_golden("run/failed", http.post(f"/run/{ep}", json=broken, headers={"X-Fal-No-Retry": "1"}))
    check_golden("run/refused", http.post(f"/run/{ep}", json={}))
