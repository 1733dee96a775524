"""The direct run: the film as the answer, and an order that ends with its caller's patience."""

import asyncio
import json

import pytest

from soundstage.api import build_app

PRO = "fal-ai/kling-video/v3/pro/text-to-video"


async def eventually(happened):
    """Let the loop turn until something has happened."""
    async with asyncio.timeout(5):
        while not happened():  # noqa: ASYNC110 - the fake book has no event for each thing
            await asyncio.sleep(0)


@pytest.mark.parametrize("url", [f"/run/{PRO}", f"/run/{PRO}/", f"/{PRO}", f"https://fal.run/{PRO}"])
async def test_run_answers_with_the_output(client, book, url):
    """The answer to a run is the output itself, with the request's id."""
    running = asyncio.create_task(client.post(url, json={"prompt": "a dog"}))
    await eventually(lambda: book.watchers)
    (order_id,) = book.orders
    book.move(order_id, status="running")
    book.finish(order_id)
    answer = await running
    assert answer.status_code == 200
    assert answer.json()["video"]["file_name"] == "output.mp4"
    assert answer.headers["x-fal-request-id"] == order_id
    assert book.watchers == 0


async def test_a_failed_run_is_its_error(client, book):
    """A run that fails answers with the error's code and words."""
    running = asyncio.create_task(client.post(f"/run/{PRO}", json={"prompt": "a dog"}))
    await eventually(lambda: book.watchers)
    (order_id,) = book.orders
    book.move(order_id, status="failed", error_kind="stage_died", error_message="the stage ended")
    answer = await running
    assert (answer.status_code, answer.json()["detail"]) == (500, "the stage ended")
    assert answer.headers["x-fal-error-type"] == "runner_server_error"


async def test_a_bad_run_is_refused(client, book):
    """The contract is the same at both doors."""
    answer = await client.post(f"/run/{PRO}", json={})
    assert answer.status_code == 422
    assert not book.taken


async def test_who_hangs_up_withdraws_the_order(book, parts):
    """Nobody waits for this film any more, so it is not made."""
    gone, body = asyncio.Event(), json.dumps({"prompt": "a dog"}).encode()
    asked = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive():
        if asked:
            return asked.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        pass

    scope = {
        "type": "http", "method": "POST", "path": f"/run/{PRO}", "raw_path": b"", "query_string": b"",
        "headers": [], "scheme": "http", "server": ("localhost", 80), "root_path": "",
    }  # fmt: skip
    serving = asyncio.create_task(build_app(parts)(scope, receive, send))
    await eventually(lambda: book.watchers)
    gone.set()
    await serving
    (state,) = book.orders.values()
    assert (state.status, book.watchers) == ("cancelled", 0)


async def test_a_stopping_server_withdraws_its_runs(client, book, parts):
    """A run cannot outlive its server: the order is withdrawn and the caller is told to send it again."""
    running = asyncio.create_task(client.post(f"/run/{PRO}", json={"prompt": "a dog"}))
    await eventually(lambda: book.watchers)
    parts.stopping.set()
    answer = await running
    assert (answer.status_code, answer.json()["error_type"]) == (503, "runner_disconnected")
    (state,) = book.orders.values()
    assert (state.status, book.watchers) == ("cancelled", 0)


async def test_a_run_survives_an_absence_of_the_database(client, book):
    """An error now would make the client send its order again: the run waits for the database instead."""
    running = asyncio.create_task(client.post(f"/run/{PRO}", json={"prompt": "a dog"}))
    await eventually(lambda: book.watchers)
    (order_id,) = book.orders
    book.away = True
    book.move(order_id, status="running")
    await eventually(lambda: not book.watchers)
    book.away = False
    book.finish(order_id)
    assert (await running).status_code == 200
    assert len(book.taken) == 1
