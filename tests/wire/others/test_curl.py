"""curl itself, and whoever reads the wire byte by byte."""

from __future__ import annotations

import json
import shutil
import subprocess

import pytest


@pytest.fixture(scope="module")
def curl(server):
    """Run curl against the shared server; return the status and the body."""
    program = shutil.which("curl")
    if program is None:
        pytest.skip("no curl on PATH")

    def curl(path, *words):
        told = subprocess.run(
            [program, "-sS", "--write-out", "\n%{http_code}", server.http + path, *words],
            capture_output=True, text=True, timeout=60, check=True,
        )  # fmt: skip
        body, _, code = told.stdout.rpartition("\n")
        return int(code), body

    return curl


@pytest.mark.parametrize(
    "header",
    [
        "Content-Type:",
        "Content-Type: application/x-www-form-urlencoded",
        "Content-Type: text/plain",
        "X-None: 1",
    ],
)
def test_json_is_taken_whatever_it_is_called(curl, http, ep, small, until, header):
    """Case 52: curl that names no content type, or a form's, has its JSON read all the same."""
    body = json.dumps({"prompt": "A lake", **small})
    code, told = curl(f"/queue/{ep}", "-H", header, "-d", body)
    assert code == 200, told
    status = json.loads(told)["status_url"]
    until(lambda: http.get(status).json()["status"], lambda word: word == "COMPLETED")


def test_form_is_refused_in_words(curl, ep):
    """Case 52: a form that is no JSON is a 422 that says what to send."""
    code, told = curl(f"/queue/{ep}", "-d", "prompt=A lake")
    assert code == 422
    assert json.loads(told)["detail"][0]["type"] == "json_invalid"
    assert '{"prompt": "..."}' in json.loads(told)["detail"][0]["msg"]


def test_every_form_of_an_orders_url_is_answered(curl, make_film, ep):
    """Case 53: the app's and the endpoint's URL, `/response`, and a slash at the end mean the same."""
    order_id = make_film().headers["x-fal-request-id"]
    results, statuses = set(), set()
    for target in ("fal-ai/kling-video", ep):
        url = f"/queue/{target}/requests/{order_id}"
        for end in ("", "/", "/response", "/response/"):
            results.add(curl(url + end))
        for end in ("/status?logs=1", "/status/?logs=1"):
            statuses.add(curl(url + end))
    assert [code for code, _ in results] == [200]
    assert [code for code, _ in statuses] == [200]
    assert json.loads(statuses.pop()[1])["logs"]


def test_status_codes_over_a_life(http, ep, small, holding, until):
    """Case 54: 202 while it waits, 202 while it runs, 200 once it has ended."""
    first = http.post(f"/queue/{ep}", json={"prompt": holding, **small}).json()
    second = http.post(f"/queue/{ep}", json={"prompt": "A lake", **small}).json()
    until(lambda: http.get(first["status_url"]).json()["status"], lambda word: word == "IN_PROGRESS")
    seen = {}
    for urls in (first, second):
        answer = http.get(urls["status_url"])
        seen[answer.json()["status"]] = answer.status_code
    http.put(first["cancel_url"])
    for urls in (first, second):
        answer = until(lambda url=urls["status_url"]: http.get(url), lambda told: told.status_code != 202)
        seen[answer.json()["status"]] = answer.status_code
    assert seen == {"IN_PROGRESS": 202, "IN_QUEUE": 202, "COMPLETED": 200}


def test_stream_is_data_lines_and_comments_only(http, ep, small, holding):
    """Case 54: every line of a status stream is one JSON status after `data: `, a comment, or blank."""
    urls = http.post(f"/queue/{ep}", json={"prompt": holding, **small}).json()
    statuses = []
    with http.stream("GET", f"{urls['status_url']}/stream?logs=1") as answer:
        assert answer.headers["content-type"].startswith("text/event-stream")
        for line in b"".join(_cancelled_once_seen(answer, http, urls)).decode().split("\n"):
            assert not line or line.startswith((":", "data: ")), line
            if line.startswith("data: "):
                statuses.append(json.loads(line.removeprefix("data: "))["status"])
    assert statuses[-1] == "COMPLETED"
    assert set(statuses) <= {"IN_QUEUE", "IN_PROGRESS", "COMPLETED"}


def _cancelled_once_seen(answer, http, urls):
    """Yield what a stream sends; the first that comes withdraws the order, so that the stream ends."""
    for place, piece in enumerate(answer.iter_raw()):
        if place == 0:
            http.put(urls["cancel_url"])
        yield piece
