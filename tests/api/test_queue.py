"""The queue's routes, over the life of an order: submit, status, result, cancel."""

import json
import uuid

import pytest

UNKNOWN = "0d7e9c52-6f0b-4c3a-9a41-2f8b1c5d6e70"
PRO = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"
BODY = {"prompt": "a dog runs"}


async def submit(client, path=f"/queue/{PRO}", **more):
    """Send an order; returns the answer's body."""
    answer = await client.post(path, json=BODY, **more)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_submit_answers_with_absolute_urls_of_the_app(client, book):
    """A submit answers 200 with everything a client follows, in the form both clients build themselves."""
    answer = await client.post(f"/queue/{PRO}", json={**BODY, "seed": 5})
    told = answer.json()
    base = f"https://localhost:8443/queue/{APP}/requests/{told['request_id']}"
    assert told == {
        "status": "IN_QUEUE", "request_id": told["request_id"], "response_url": base,
        "status_url": f"{base}/status", "cancel_url": f"{base}/cancel",
        "logs": None, "metrics": {}, "queue_position": 0,
    }  # fmt: skip
    assert uuid.UUID(told["request_id"])
    assert answer.headers["x-fal-request-id"] == told["request_id"]
    assert answer.headers["content-type"] == "application/json"
    (new,) = book.taken
    assert (new.order_id, new.endpoint, new.priority) == (told["request_id"], PRO, "normal")
    assert (new.payload["prompt"], new.payload["seed"], new.payload["fps"]) == ("a dog runs", 5, 24)
    json.dumps(new.payload)


@pytest.mark.parametrize("body", [b"", b"{}", b"{", b"[]", b'{"prompt": "a", "duration": 5}', b"\xff"])
async def test_bad_bodies_are_422_and_nothing_is_queued(client, book, body):
    """Whatever is wrong with a body, the answer is a 422 in fal's shape and the book stays empty."""
    answer = await client.post(f"/queue/{PRO}", content=body)
    assert answer.status_code == 422
    for problem in answer.json()["detail"]:
        assert {"loc", "msg", "type", "url", "input"} <= set(problem)
        assert problem["url"] == f"https://docs.fal.ai/errors/#{problem['type']}"
    assert (answer.headers["x-fal-retryable"], answer.headers["x-fal-needs-retry"]) == ("false", "false")
    assert uuid.UUID(answer.headers["x-fal-request-id"])
    assert not book.taken


async def test_too_large_a_body_is_refused_in_words(client, book):
    """A body over a megabyte is a 422 that says so, whether or not its length was announced."""

    async def pieces():
        for _ in range(20):
            yield b"x" * 100_000

    for content in (b"x" * 1_000_001, pieces()):
        answer = await client.post(f"/queue/{PRO}", content=content)
        assert answer.status_code == 422
        (problem,) = answer.json()["detail"]
        assert (problem["type"], problem["ctx"]) == ("file_too_large", {"max_size": 1_000_000})
    assert not book.taken


async def test_content_type_does_not_matter(client):
    """Curl sends JSON as a form or as nothing in particular; it is taken for what it is."""
    for headers in ({}, {"content-type": "application/x-www-form-urlencoded"}):
        answer = await client.post(f"/queue/{PRO}", content=json.dumps(BODY), headers=headers)
        assert answer.status_code == 200


async def test_priority_reaches_the_book(client, book):
    """The priority header is the order's priority; a word nobody knows is refused."""
    await submit(client, headers={"X-Fal-Queue-Priority": "low"})
    await submit(client, headers={"X-Fal-Queue-Priority": "normal"})
    assert [new.priority for new in book.taken] == ["low", "normal"]
    answer = await client.post(f"/queue/{PRO}", json=BODY, headers={"X-Fal-Queue-Priority": "high"})
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (
        422,
        ["header", "x-fal-queue-priority"],
    )


async def test_status_codes_over_a_life(client, book):
    """202 while it waits or runs, 200 once it has ended; only fal's three words, logs only when asked for."""
    told = await submit(client)
    order_id, url = told["request_id"], told["status_url"]
    book.move(order_id, queue_position=3)
    answer = await client.get(url)
    assert (answer.status_code, answer.json()["status"], answer.json()["queue_position"]) == (
        202,
        "IN_QUEUE",
        3,
    )
    assert answer.json()["logs"] is None

    book.move(order_id, status="running")
    book.say(order_id, "The screenplay is written")
    answer = await client.get(url, params={"logs": "true"})
    assert (answer.status_code, answer.json()["status"]) == (202, "IN_PROGRESS")
    assert "queue_position" not in answer.json()
    assert answer.json()["logs"] == [
        {
            "message": "The screenplay is written",
            "level": "INFO",
            "source": "USER",
            "timestamp": "2026-11-22T12:00:00+00:00",
        }
    ]

    book.finish(order_id)
    answer = await client.get(url, params={"logs": "1"})
    assert (answer.status_code, answer.json()["status"]) == (200, "COMPLETED")
    assert answer.json()["metrics"] == {"inference_time": 2.5}
    assert len(answer.json()["logs"]) == 1
    assert "error" not in answer.json()
    assert answer.headers["x-fal-request-id"] == order_id
    for words in ("false", "0", ""):
        assert (await client.get(url, params={"logs": words})).json()["logs"] is None


async def test_logs_are_a_list_as_soon_as_they_are_asked_for(client):
    """The sample on fal's page loops over the logs of every update: no line yet is an empty list."""
    told = await submit(client)
    assert (await client.get(told["status_url"], params={"logs": "1"})).json()["logs"] == []


async def test_result_is_400_before_the_end(client, book):
    """A result that is not there yet is no success in any client's eyes."""
    told = await submit(client)
    for status in ("waiting", "running"):
        book.move(told["request_id"], status=status)
        answer = await client.get(told["response_url"])
        assert (answer.status_code, answer.json()) == (400, {"detail": "Request is still in progress"})


async def test_result_is_the_output(client, book):
    """A finished order gives fal's output with our additions; what the film lacks is null."""
    told = await submit(client)
    book.finish(told["request_id"])
    answer = await client.get(told["response_url"])
    assert answer.status_code == 200
    assert answer.json() == {
        "video": {
            "url": "https://localhost:8443/files/ab12/output.mp4", "content_type": "video/mp4",
            "file_name": "output.mp4", "file_size": 8062911,
            "width": 1920, "height": 1080, "fps": 24, "duration": 5.0, "num_frames": 120,
        },
        "seed": 7,
        "captions": {
            "url": "https://localhost:8443/files/ab14/captions.vtt", "content_type": "text/vtt",
            "file_name": "captions.vtt", "file_size": 80,
        },
        "captions_srt": None,
        "peaks": None,
        "poster": {
            "url": "https://localhost:8443/files/ab13/poster.jpg", "content_type": "image/jpeg",
            "file_name": "poster.jpg", "file_size": 1000,
        },
        "screenplay": {
            "url": "https://localhost:8443/files/ab16/screenplay.json", "content_type": "application/json",
            "file_name": "screenplay.json", "file_size": 900,
        },
    }  # fmt: skip
    assert answer.headers["x-fal-request-id"] == told["request_id"]


async def test_a_failed_order_is_completed_and_its_result_is_the_error(client, book):
    """Failure is told by the result's status; the status page adds the error's words."""
    told = await submit(client)
    book.move(
        told["request_id"], status="failed", error_kind="engine_broke", error_message="3 frames for 120"
    )
    status = await client.get(told["status_url"])
    assert (status.status_code, status.json()["status"]) == (200, "COMPLETED")
    assert (status.json()["error"], status.json()["error_type"]) == (
        "3 frames for 120",
        "internal_server_error",
    )
    answer = await client.get(told["response_url"])
    assert answer.status_code == 500
    assert answer.json()["detail"][0]["msg"] == "3 frames for 120"
    assert answer.headers["x-fal-request-id"] == told["request_id"]


async def test_a_failure_of_a_kind_nobody_knows_is_a_500(client, book):
    """A plug-in's own kind of error is an internal error, with its message."""
    told = await submit(client)
    book.move(told["request_id"], status="failed", error_kind="gpu_on_fire", error_message="the card burns")
    answer = await client.get(told["response_url"])
    assert (answer.status_code, answer.json()["detail"][0]["msg"]) == (500, "the card burns")


async def test_cancel_over_a_life(client, book):
    """202 while something can be stopped, then COMPLETED with 499 as its result; 400 for a second try."""
    told = await submit(client)
    answer = await client.put(told["cancel_url"])
    assert (answer.status_code, answer.json()) == (202, {"status": "CANCELLATION_REQUESTED"})
    status = (await client.get(told["status_url"])).json()
    assert (status["status"], status["error_type"], status["metrics"]) == (
        "COMPLETED",
        "client_cancelled",
        {},
    )
    answer = await client.get(told["response_url"])
    assert answer.status_code == 499
    assert answer.json() == {"detail": "Request was cancelled", "error_type": "client_cancelled"}
    assert answer.headers["x-fal-error-type"] == "client_cancelled"
    answer = await client.put(told["cancel_url"])
    assert (answer.status_code, answer.json()["status"]) == (400, "ALREADY_COMPLETED")


@pytest.mark.parametrize(
    ("method", "tail"), [("GET", "/status"), ("GET", ""), ("PUT", "/cancel"), ("GET", "/status/stream")]
)
@pytest.mark.parametrize("order_id", [UNKNOWN, "5", "%0d%0aset-cookie:a", "ÄÖ", "a" * 500])
async def test_unknown_ids_are_404_in_words(client, method, tail, order_id):
    """An unknown id, however odd, is a 404 that a person can read."""
    answer = await client.request(method, f"/queue/{APP}/requests/{order_id}{tail}")
    assert (answer.status_code, answer.json()["status"]) == (404, "NOT_FOUND")
    assert "no order" in answer.json()["detail"]
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("target", [APP, PRO])
@pytest.mark.parametrize("slash", ["", "/"])
async def test_both_url_forms_with_and_without_slash(client, book, target, slash):
    """The app's and the endpoint's URLs lead to the order, trailing slashes or not, without a redirect."""
    told = await submit(client, f"/queue/{PRO}{slash}")
    base = f"/queue/{target}/requests/{told['request_id']}"
    assert (await client.get(f"{base}/status{slash}")).status_code == 202
    assert (await client.get(f"{base}{slash}")).status_code == 400
    assert (await client.put(f"{base}/cancel{slash}")).status_code == 202
    assert (await client.get(f"{base}/response{slash}")).status_code == 499
    assert (await client.get(f"{base}/status/stream{slash}")).status_code == 200


async def test_an_order_is_not_found_under_another_app(client, book):
    """An order belongs to its app: another's URL does not show it."""
    told = await submit(client)
    for target in ("fal-ai/other", "fal-ai/kling-video/v3/standard/text-to-video", "fal-ai/kling"):
        answer = await client.get(f"/queue/{target}/requests/{told['request_id']}/status")
        assert answer.status_code == 404


async def test_host_forms_need_no_prefix(client, book):
    """On a host named queue.* a bare endpoint is a submit, and its URLs lead back the same way."""
    told = await submit(client, f"https://queue.localhost:8443/{PRO}")
    base = f"https://queue.localhost:8443/{APP}/requests/{told['request_id']}"
    assert told["status_url"] == f"{base}/status"
    assert (await client.get(told["status_url"])).status_code == 202
    book.finish(told["request_id"])
    video = (await client.get(told["response_url"])).json()["video"]
    assert video["url"] == "https://queue.localhost:8443/files/ab12/output.mp4"


async def test_unknown_endpoints_list_what_is_served(client):
    """A misspelt endpoint is a 404 that names the right ones, whatever the method."""
    for path in (
        "/queue/fal-ai/sora",
        f"/queue/{PRO}/stream",
        f"/run/{PRO}/stream",
        "/fal-ai/sora",
        "/queue/x",
    ):
        for method in ("POST", "GET"):
            answer = await client.request(method, path, json=BODY if method == "POST" else None)
            assert answer.status_code == 404
            assert answer.json()["detail"].startswith(f"Path {path} not found. ")
            assert PRO in answer.json()["detail"].replace(path, "")


async def test_while_the_database_is_away_clients_are_told_to_come_again(client, book):
    """429 is the code both clients repeat by themselves; with it come Retry-After and a request id."""
    told = await submit(client)
    book.away = True
    calls = [
        ("POST", f"/queue/{PRO}"),
        ("POST", f"/run/{PRO}"),
        ("GET", told["status_url"]),
        ("GET", told["status_url"] + "/stream"),
        ("GET", told["response_url"]),
        ("PUT", told["cancel_url"]),
    ]
    for method, url in calls:
        answer = await client.request(method, url, json=BODY if method == "POST" else None)
        assert (answer.status_code, answer.headers["retry-after"]) == (429, "1"), url
        assert uuid.UUID(answer.headers["x-fal-request-id"])
        assert answer.headers["x-fal-retryable"] == "true"
    book.away = False
    assert (await client.get(told["status_url"])).status_code == 202
