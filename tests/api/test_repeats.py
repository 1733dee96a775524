"""`Idempotency-Key`: the same request from the same caller is the same order."""

import asyncio

import pytest

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
STANDARD = "fal-ai/kling-video/v3/standard/text-to-video"
BODY = {"prompt": "a dog runs", "duration": "5"}


async def submit(client, key, content=None, path=f"/queue/{PRO}", **headers):
    """Send an order under a key."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    told = {"content": content} if content is not None else {"json": BODY}
    return await client.post(path, headers={"Idempotency-Key": key, **named}, **told)


async def test_the_same_request_is_the_same_order(client, book):
    """A repeat is answered 200 with the order there is, as it stands now; JSON in other words is the same."""
    first = await submit(client, "k1")
    book.finish(first.json()["request_id"])
    for content in (None, b'{ "duration": "5",\n "prompt": "a dog runs" }'):
        again = await submit(client, "k1", content)
        assert (again.status_code, again.json()["status"]) == (200, "COMPLETED")
        assert again.json()["request_id"] == first.json()["request_id"]
    assert len(book.taken) == 1


@pytest.mark.parametrize(
    "other",
    [
        {"content": b'{"prompt": "a cat runs", "duration": "5"}'},
        {"path": f"/queue/{STANDARD}"},
        {"x_fal_queue_priority": "low"},
        {"x_fal_request_timeout": "30"},
        {"x_fal_no_retry": "1"},
        {"x_fal_store_io": "0"},
        {"x_fal_object_lifecycle_preference": '{"expiration_duration_seconds": 60}'},
        {"path": f"/queue/{PRO}?fal_webhook=https://example.org/hook"},
    ],
)
async def test_another_request_under_a_used_key_is_422(client, book, other):
    """A key names one request: another body, endpoint or header is refused, and the rule is named."""
    first = await submit(client, "k1")
    answer = await submit(client, "k1", **other)
    assert answer.status_code == 422
    (problem,) = answer.json()["detail"]
    assert problem["loc"] == ["header", "idempotency-key"]
    assert first.json()["request_id"] in problem["msg"]
    assert "new key" in problem["msg"]
    assert len(book.taken) == 1


async def test_other_keys_are_other_orders(client, book):
    """Two keys, or none, are two orders; an id cannot be guessed from its key without the server's secret."""
    ids = {(await submit(client, key)).json()["request_id"] for key in ("k1", "k2", "K1")}
    ids.add((await client.post(f"/queue/{PRO}", json=BODY)).json()["request_id"])
    assert len(ids) == len(book.taken) == 4


async def test_another_server_secret_is_another_id(client, make_client, book):
    """Only those who know the secret make the same id of a key."""
    first = await submit(client, "k1")
    async with make_client(secret=b"\1" * 32) as other:
        second = await submit(other, "k1")
    assert first.json()["request_id"] != second.json()["request_id"]


@pytest.mark.parametrize("key", ["", "x" * 256, "a\tb", b"\xc3\xa9"])
async def test_a_key_that_does_not_read_is_422(client, book, key):
    """A key has 1 to 255 printable characters."""
    answer = await submit(client, key)
    assert (answer.status_code, answer.json()["detail"][0]["loc"]) == (422, ["header", "idempotency-key"])
    assert not book.taken


async def test_direct_runs_under_a_key_share_the_order(client, book):
    """Two runs with a key wait for one film; a hang-up of one, or of both, withdraws nothing."""
    path = f"/run/{PRO}"
    leaving = asyncio.create_task(submit(client, "k1", path=path))
    staying = asyncio.create_task(submit(client, "k1", path=path))
    await book.until(lambda book: book.watchers == 2)
    leaving.cancel()
    await book.until(lambda book: book.watchers == 1)
    (new,) = book.taken
    assert book.orders[new.order_id].status == "waiting"
    book.finish(new.order_id)
    answer = await staying
    assert (answer.status_code, answer.headers["x-fal-request-id"]) == (200, new.order_id)
    again = await submit(client, "k1", path=path)
    assert again.json() == answer.json()
    assert len(book.taken) == 1


async def test_a_refused_request_takes_no_key(client, book):
    """A 422 leaves the key free: the mended request may use it."""
    assert (await submit(client, "k1", b'{"prompt": ""}')).status_code == 422
    assert (await submit(client, "k1")).status_code == 200
    assert len(book.taken) == 1


async def test_a_stopping_server_keeps_what_has_a_key(client, book, parts):
    """A run under a key is not withdrawn when the server stops: the same key finds it at the next one."""
    running = asyncio.create_task(submit(client, "k1", path=f"/run/{PRO}"))
    await book.until(lambda book: book.watchers)
    parts.stopping.set()
    answer = await running
    assert (answer.status_code, answer.json()["error_type"]) == (503, "runner_disconnected")
    assert answer.headers["x-fal-retryable"] == "true"
    assert "goes on" in answer.json()["detail"]
    assert [state.status for state in book.orders.values()] == ["waiting"]
