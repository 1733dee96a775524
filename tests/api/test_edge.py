"""What every answer carries, whatever was asked: CORS, a request id, JSON, a status a client can read."""

import logging
import uuid

import pytest

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
UNKNOWN = "0d7e9c52-6f0b-4c3a-9a41-2f8b1c5d6e70"
CALLS = [
    ("GET", "/", 200),
    ("GET", "/health/live", 200),
    ("POST", f"/queue/{PRO}", 422),
    ("GET", f"/queue/{PRO}", 405),
    ("GET", f"/queue/fal-ai/kling-video/requests/{UNKNOWN}/status", 404),
    ("GET", f"/queue/fal-ai/kling-video/requests/{UNKNOWN}/status/stream", 404),
    ("DELETE", f"/queue/fal-ai/kling-video/requests/{UNKNOWN}", 405),
    ("POST", "/queue/a/b", 404),
    ("GET", "/files/none.mp4", 404),
    ("GET", "/nowhere", 404),
    ("GET", "/%00%0a", 404),
    ("POST", "/health/live", 405),
]


@pytest.mark.parametrize(("method", "path", "status"), CALLS)
async def test_every_answer_is_dressed(client, method, path, status):
    """Errors, too, carry CORS, a request id and JSON; a wrong method names the right one."""
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "x-fal-request-id" in answer.headers["access-control-expose-headers"]
    assert uuid.UUID(answer.headers["x-fal-request-id"])
    assert answer.headers["content-type"] == "application/json"
    assert status < 400 or answer.json()["detail"]
    assert status != 405 or answer.headers["allow"]


async def test_an_unknown_path_is_named(client):
    """The path of a 404 is the one that was sent."""
    assert (await client.get("/nowhere/")).json() == {"detail": "Path /nowhere/ not found"}
    assert (await client.get("/queue")).json() == {"detail": "Path /queue not found"}


@pytest.mark.parametrize(
    "path", [f"/queue/{PRO}", f"/run/{PRO}", "/files/a.mp4", "/nowhere", "/api/fal/proxy"]
)
async def test_a_preflight_is_allowed_everywhere(client, path):
    """A browser may call every route with the headers that fal's client sends."""
    asked = "authorization,content-type,idempotency-key,x-fal-queue-priority,x-fal-target-url"
    headers = {"origin": "https://app.example", "access-control-request-method": "PUT"}
    answer = await client.options(path, headers={**headers, "access-control-request-headers": asked})
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "*"
    assert answer.headers["access-control-allow-headers"] == asked
    assert {"GET", "POST", "PUT", "DELETE", "PATCH"} <= set(
        answer.headers["access-control-allow-methods"].split(", ")
    )
    told = (await client.options(path)).headers["access-control-allow-headers"]
    assert all(name in told for name in asked.split(","))


async def test_a_preflight_asks_no_door(client):
    """Whatever was mistyped, and wherever: the answer to come is readable by the page that asked."""
    for path in ("/%2e%2e/x", "//", "/queue", "/api/fal/proxy?x=1"):
        answer = await client.options(
            f"https://localhost:8443{path}", headers={"origin": "https://evil.example"}
        )
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-private-network" not in answer.headers


async def test_head_is_get_without_a_body(client):
    """HEAD tells the length and sends nothing."""
    for path in ("/", "/health/live", "/nowhere"):
        got, head = await client.get(path), await client.head(path)
        assert (head.status_code, head.content) == (got.status_code, b"")
        assert head.headers["content-length"] == got.headers["content-length"]


async def test_a_bug_is_a_500_in_json_and_in_the_log(client, book, caplog):
    """What nobody expected is a 500 with an id; the log has the reason under that id, the caller has not."""

    async def broken(new):
        raise ZeroDivisionError("secret detail")

    book.submit = broken
    with caplog.at_level(logging.ERROR, logger="soundstage.api.edge"):
        answer = await client.post(f"/queue/{PRO}", json={"prompt": "a dog"})
    assert answer.status_code == 500
    (problem,) = answer.json()["detail"]
    assert problem["type"] == "internal_server_error"
    assert answer.headers["x-fal-request-id"] in problem["msg"]
    assert "secret" not in answer.text
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "secret detail" in caplog.text
    assert caplog.records[0].request == answer.headers["x-fal-request-id"]


async def test_a_caller_who_goes_away_while_sending_is_no_error(client, book, caplog):
    """Half a body and then nothing is the caller's business; the log stays quiet."""
    asked = [{"type": "http.disconnect"}, {"type": "http.request", "body": b'{"pro', "more_body": True}]
    heard = []

    async def receive():
        return asked.pop()

    async def send(message):
        heard.append(message)

    scope = {
        "type": "http", "method": "POST", "path": f"/queue/{PRO}", "raw_path": b"", "query_string": b"",
        "headers": [], "scheme": "http", "server": ("localhost", 80), "root_path": "",
    }  # fmt: skip
    await client._transport.app(scope, receive, send)
    assert heard[0]["status"] == 499
    assert not book.taken
    assert not caplog.records
