"""The unmodified fal_client over TLS, told where to go by our exports alone. Each script is a process."""

import json
import subprocess
import sys

import pytest

from soundstage.api.env import client_exports

HEAD = """
import asyncio, faulthandler, json, time, urllib.request
faulthandler.dump_traceback_later(90, exit=True)  # a hang tells where
import fal_client
EP, told = "fal-ai/kling-video/v3/pro/text-to-video", {}

def tell(error):
    request_id = error.response_headers.get("x-fal-request-id")
    return [error.status_code, error.message, error.error_type, request_id]
"""

SYNC = """
updates, lines, ids = [], [], []
def on_update(update):
    updates.append(type(update).__name__)
    if isinstance(update, fal_client.Queued):
        assert isinstance(update.position, int)
    else:
        lines.append([log["message"] for log in update.logs])

told["result"] = fal_client.subscribe(
    EP, arguments={"prompt": "a dog", "seed": 5}, with_logs=True,
    on_queue_update=on_update, on_enqueue=ids.append,
)
told["updates"], told["lines"] = updates, lines
told["same"] = fal_client.result(EP, ids[0]) == told["result"]
told["bytes"] = urllib.request.urlopen(told["result"]["video"]["url"]).read().decode()

more = {"priority": "low", "hint": "x", "headers": {"X-Fal-Store-IO": "0"}}
handle = fal_client.submit(EP, arguments={"prompt": "a dog"}, **more)
told["equal"] = fal_client.sync_client.get_handle(EP, handle.request_id) == handle
told["url"] = handle.response_url.split("/requests/")[0]
told["events"] = [type(event).__name__ for event in handle.iter_events(interval=0.02)]
done = handle.status()
told["quiet"], told["metrics"] = done.logs, done.metrics
told["got"] = sorted(handle.get())

told["run"] = fal_client.run(EP, arguments={"prompt": "a dog"})["video"]["file_name"]
"""

TROUBLE = """
def caught(action):
    began = time.monotonic()
    try:
        action()
    except fal_client.FalClientHTTPError as error:
        assert time.monotonic() - began < 5, "it was retried"
        return tell(error)

told["nothing"] = caught(lambda: fal_client.subscribe(EP, arguments={}))
told["integer"] = caught(lambda: fal_client.run(EP, arguments={"prompt": "a", "duration": 5}))
told["unknown"] = caught(lambda: fal_client.status(EP, "8a0cf7d3-0c0b-4b7a-9b0e-000000000000"))
told["endpoint"] = caught(lambda: fal_client.submit("fal-ai/sora", arguments={}))
failing = fal_client.submit(EP, arguments={"prompt": "fail"})
told["failed"] = caught(failing.get)
told["failed_status"] = failing.status().error_type
told["failed_id"] = failing.request_id

held = fal_client.submit(EP, arguments={"prompt": "hold"})
while not isinstance(held.status(with_logs=True), fal_client.InProgress):
    time.sleep(0.01)
held.cancel()
told["cancelled_status"] = held.status().error_type
told["cancelled"] = caught(held.get)
told["again"] = caught(held.cancel)

told["outage"] = fal_client.subscribe(EP, arguments={"prompt": "outage"})["video"]["file_name"]
try:
    fal_client.subscribe(EP, arguments={"prompt": "wait"}, client_timeout=1.5)
except fal_client.FalClientTimeoutError:
    told["timeout"] = True
"""

ASYNC = """
async def main():
    told["result"] = await fal_client.subscribe_async(EP, arguments={"prompt": "a dog"}, with_logs=True)
    handle = await fal_client.submit_async(EP, arguments={"prompt": "a dog"})
    events = handle.iter_events(with_logs=True, interval=0.02)
    told["events"] = [type(event).__name__ async for event in events]
    told["got"] = (await handle.get())["seed"]
    told["run"] = (await fal_client.run_async(EP, arguments={"prompt": "a dog"}))["video"]["file_name"]

    waiting = await fal_client.submit_async(EP, arguments={"prompt": "wait"})
    await fal_client.cancel_async(EP, waiting.request_id)
    try:
        await waiting.get()
    except fal_client.FalClientHTTPError as error:
        told["cancelled"] = tell(error)

    many = [fal_client.subscribe_async(EP, arguments={"prompt": "a dog"}) for _ in range(20)]
    told["many"] = len(await asyncio.gather(*many))

    task = asyncio.create_task(fal_client.run_async(EP, arguments={"prompt": "hold run"}))
    await asyncio.sleep(0.5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def call(running, bare_environ):
    """Run a script with the exports; returns what it told."""
    exports = client_exports(running.ports, running.tls, bare_environ)

    def call(script):
        code = HEAD + script + "\nprint(json.dumps(told))"
        told = subprocess.run(
            [sys.executable, "-c", code], env={**bare_environ, **exports}, capture_output=True, text=True,
            timeout=120, check=False,
        )  # fmt: skip
        assert told.returncode == 0, told.stderr
        return json.loads(told.stdout)

    return call


def test_the_sync_client_makes_films(running, call, tmp_path):
    """Subscribe, submit, iterate, get and run work as on fal's page, with logs and a URL that downloads."""
    (tmp_path / "film").write_text("moving pictures")
    running.store.keep(tmp_path / "film", "ab12/output.mp4", "video/mp4")
    told = call(SYNC)
    assert told["result"]["video"]["content_type"] == "video/mp4"
    assert told["result"]["seed"] == 5
    assert set(told["updates"]) <= {"Queued", "InProgress", "Completed"}
    assert (told["updates"][0], told["updates"][-1]) == ("Queued", "Completed")
    assert told["lines"][-1] == ["The screenplay is written", "Shot 1 of 1 is rendered"]
    assert told["same"]
    assert told["bytes"] == "moving pictures"
    assert told["equal"], "a handle made from the id is the handle that submit gave"
    assert told["url"] == f"https://localhost:{running.ports.https}/queue/fal-ai/kling-video"
    assert told["events"][-1] == "Completed"
    assert told["events"] == sorted(told["events"], key=["Queued", "InProgress", "Completed"].index)
    assert told["quiet"] is None
    assert told["metrics"] == {"inference_time": 2.5}
    assert {"video", "seed", "captions", "poster", "screenplay"} <= set(told["got"])
    assert told["run"] == "output.mp4"
    assert running.book.taken[1].priority == "low"


def test_the_sync_client_is_told_what_is_wrong(call, running):
    """Mistakes, failures and cancels are told once, at once, in words; an outage is ridden out."""
    told = call(TROUBLE)
    status, message, _, request_id = told["nothing"]
    assert (status, [p["loc"][-1] for p in message], bool(request_id)) == (
        422,
        ["prompt", "multi_prompt"],
        True,
    )
    assert (told["integer"][0], told["integer"][1][0]["type"]) == (422, "literal_error")
    assert told["unknown"][0] == 404
    assert "no order" in told["unknown"][1]
    assert told["endpoint"][0] == 404
    assert "text-to-video" in told["endpoint"][1]
    status, message, _, request_id = told["failed"]
    assert (status, message[0]["type"]) == (500, "internal_server_error")
    assert (told["failed_status"], request_id) == ("internal_server_error", told["failed_id"])
    assert told["cancelled_status"] == "client_cancelled"
    assert told["cancelled"][:3] == [499, "Request was cancelled", "client_cancelled"]
    assert told["again"][0] == 400
    assert told["outage"] == "output.mp4"
    assert told["timeout"]
    waiting = [s for s in running.book.orders.values() if s.payload["prompt"] == "wait"]
    assert [s.status for s in waiting] == ["cancelled"]


def test_the_async_client_makes_films(call, running):
    """The async client, which follows no redirect, does the same; who drops a run withdraws it."""
    told = call(ASYNC)
    assert told["result"]["video"]["file_name"] == "output.mp4"
    assert told["events"][-1] == "Completed"
    assert (told["got"], told["run"], told["many"]) == (7, "output.mp4", 20)
    assert told["cancelled"][:3] == [499, "Request was cancelled", "client_cancelled"]
    (held,) = [s for s in running.book.orders.values() if s.payload["prompt"] == "hold run"]
    assert held.status == "cancelled"
