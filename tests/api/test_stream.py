"""The status stream: an order's life as events, each log line once, ended by the server."""

import asyncio
import json

import httpx

from soundstage.api import build_app

PRO = "fal-ai/kling-video/v3/pro/text-to-video"


async def begin(client, book):
    """Send an order; returns its id and the URL of its stream."""
    told = (await client.post(f"/queue/{PRO}", json={"prompt": "a dog"})).json()
    return told["request_id"], told["status_url"] + "/stream"


def read_events(text):
    """Return the JSON of each event; anything but events and comments fails."""
    blocks = [block for block in text.split("\n\n") if block]
    assert all(block.startswith(("data: ", ":")) and "\n" not in block for block in blocks), text
    return [json.loads(block.removeprefix("data: ")) for block in blocks if block.startswith("data: ")]


async def eventually(happened):
    """Let the loop turn until something has happened."""
    async with asyncio.timeout(5):
        while not happened():  # noqa: ASYNC110 - the fake book has no event for each thing
            await asyncio.sleep(0)


async def test_each_log_line_comes_once_and_the_server_ends_the_stream(client, book):
    """Events carry only new lines, for the JavaScript client adds them up, and COMPLETED is the last."""
    order_id, url = await begin(client, book)
    reading = asyncio.create_task(client.get(url, params={"logs": "1"}))
    await eventually(lambda: book.watchers)
    for step in range(3):
        book.move(order_id, status="running")
        book.say(order_id, f"line {step}")
        await asyncio.sleep(0.01)
    book.finish(order_id)
    answer = await reading
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-fal-request-id"] == order_id
    assert "content-length" not in answer.headers
    events = read_events(answer.text)
    assert events[0]["status"] == "IN_QUEUE"
    assert [e["status"] for e in events].count("COMPLETED") == 1
    assert events[-1]["status"] == "COMPLETED"
    assert [line["message"] for e in events for line in e["logs"]] == ["line 0", "line 1", "line 2"]
    assert book.watchers == 0


async def test_what_the_wire_has_no_word_for_makes_no_event(client, book):
    """Without logs an event means that the status changed; progress alone is silence."""
    order_id, url = await begin(client, book)
    reading = asyncio.create_task(client.get(url))
    await eventually(lambda: book.watchers)
    book.move(order_id, status="running")
    for step in range(1, 5):
        await asyncio.sleep(0.01)
        book.move(order_id, step=step)
        book.say(order_id, "a line")
    book.finish(order_id)
    events = read_events((await reading).text)
    assert [e["status"] for e in events] == ["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]
    assert all(e["logs"] is None for e in events)


async def test_a_finished_order_is_one_event(client, book):
    """The state is told at once on connect."""
    order_id, url = await begin(client, book)
    book.say(order_id, "done")
    book.finish(order_id)
    (event,) = read_events((await client.get(url, params={"logs": "true"})).text)
    assert (event["status"], len(event["logs"])) == ("COMPLETED", 1)


async def test_a_quiet_stream_has_comments(book, parts, make_client):
    """A comment comes at least every 15 s, so that no proxy takes the stream for dead."""
    assert parts.heartbeat_s <= 15
    async with make_client(heartbeat_s=0.02) as client:
        order_id, url = await begin(client, book)
        reading = asyncio.create_task(client.get(url))
        await eventually(lambda: book.watchers)
        await asyncio.sleep(0.1)
        book.finish(order_id)
        text = (await reading).text
    assert ": still here\n\n" in text
    assert [e["status"] for e in read_events(text)] == ["IN_QUEUE", "COMPLETED"]


async def test_the_stream_survives_an_absence_of_the_database(client, book):
    """A database that goes away for a moment delays events; it ends no stream."""
    order_id, url = await begin(client, book)
    reading = asyncio.create_task(client.get(url, params={"logs": "1"}))
    await eventually(lambda: book.watchers)
    book.away = True
    book.say(order_id, "said while away")  # wakes the watcher, who finds nobody
    await eventually(lambda: not book.watchers)
    book.away = False
    book.finish(order_id)
    events = read_events((await reading).text)
    assert events[-1]["status"] == "COMPLETED"
    assert [line["message"] for e in events for line in e["logs"]] == ["said while away"]


async def test_the_stream_ends_when_the_server_stops(client, book, parts):
    """A stop of the server ends streams by itself, at once."""
    _, url = await begin(client, book)
    reading = asyncio.create_task(client.get(url))
    await eventually(lambda: book.watchers)
    parts.stopping.set()
    assert "COMPLETED" not in (await reading).text
    assert book.watchers == 0


async def test_nobody_is_watched_for_after_a_hangup(client, book, parts):
    """When the caller goes away the watching ends too."""
    _, url = await begin(client, book)
    path = httpx.URL(url).path
    heard, gone = [], asyncio.Event()
    asked = [{"type": "http.request", "body": b"", "more_body": False}]

    async def receive():
        if asked:
            return asked.pop()
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message):
        heard.append(message)

    scope = {
        "type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"",
        "headers": [(b"host", b"localhost")], "scheme": "http", "server": ("localhost", 80), "root_path": "",
    }  # fmt: skip
    serving = asyncio.create_task(build_app(parts)(scope, receive, send))
    await eventually(lambda: len(heard) == 2)
    assert book.watchers == 1
    gone.set()
    await serving
    assert book.watchers == 0


async def test_head_has_headers_only(client, book):
    """HEAD on a stream answers at once."""
    _, url = await begin(client, book)
    answer = await client.head(url)
    assert (answer.status_code, answer.text) == (200, "")
