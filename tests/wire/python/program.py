"""What a user's program does, on any Python that fal_client runs on. EP, SMALL and HOLD are variables.

Knows nothing of this server: where it goes is told by the exports alone. Prints JSON as its last line.
"""

import asyncio
import json
import os
import ssl
import urllib.request

import fal_client

EP = os.environ["EP"]
SMALL = json.loads(os.environ["SMALL"])
told = {}


def on_queue_update(update):
    """As on fal's page."""
    if isinstance(update, fal_client.InProgress):
        for log in update.logs:
            told.setdefault("lines", []).append(log["message"])


def submit_and_follow():
    """Submit, follow, fetch, compare."""
    handle = fal_client.submit(
        EP, arguments={**SMALL, "prompt": "A lake [slow 0.3]"}, hint="x", priority="low"
    )
    told["kinds"] = sorted({type(event).__name__ for event in handle.iter_events(with_logs=True)})
    told["equal"] = fal_client.sync_client.get_handle(EP, handle.request_id) == handle
    told["same"] = fal_client.result(EP, handle.request_id) == handle.get()
    told["done"] = type(fal_client.status(EP, handle.request_id)).__name__


def refused():
    """What is refused, and a cancel that comes too late."""
    try:
        fal_client.run(EP, arguments={"prompt": "A lake", "duration": "2"})
    except fal_client.client.FalClientHTTPError as error:
        told["refused"] = [error.status_code, error.message[0]["loc"]]
    held = fal_client.submit(EP, arguments={**SMALL, "prompt": os.environ["HOLD"]})
    held.cancel()
    try:
        held.get()
    except fal_client.client.FalClientHTTPError as error:
        told["cancelled"] = [error.status_code, error.error_type]


async def asynchronous():
    """The same from async code."""
    arguments = {**SMALL, "prompt": "A lake"}
    told["run_async"] = sorted(await fal_client.run_async(EP, arguments=arguments))
    handle = await fal_client.submit_async(EP, arguments=arguments)
    async for event in handle.iter_events():
        last = event
    told["async_last"] = type(last).__name__
    told["subscribe_async"] = sorted(await fal_client.subscribe_async(EP, arguments=arguments))


output = fal_client.subscribe(
    EP, arguments={**SMALL, "prompt": "A lake [slow 0.3]"}, with_logs=True, on_queue_update=on_queue_update
)
told["url"] = output["video"]["url"]
context = ssl.create_default_context(cafile=os.environ["SSL_CERT_FILE"])
with urllib.request.urlopen(told["url"], context=context) as answer:
    told["bytes"] = len(answer.read())
told["file_size"] = output["video"]["file_size"]
submit_and_follow()
refused()
asyncio.run(asynchronous())
if os.environ.get("UPLOAD"):
    url = fal_client.upload(b"hello", "text/plain")
    told["upload"] = url
print(json.dumps(told))  # noqa: T201 - the test reads it
