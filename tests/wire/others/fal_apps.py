"""A program for an environment with the package `fal` in it: orders, watches, cancels; prints JSON.

Reads `ASK`: the endpoint, the body of a film that is held, and of one that is made at once.
"""

import json
import os
import sys
import time

import httpx
from fal import apps

ask = json.loads(os.environ["ASK"])
exchanges = []
apps._get_http_client().event_hooks["response"] = [
    lambda answer: exchanges.append([answer.request.method, answer.request.url.path, answer.status_code])
]


def until(handle, kind):
    while not isinstance(status := handle.status(logs=True), kind):
        assert not isinstance(status, apps.Completed), status
        time.sleep(0.05)
    return status


held = apps.submit(ask["endpoint"], arguments=ask["held"])
running = until(held, apps.InProgress)
behind = apps.submit(ask["endpoint"], arguments=ask["film"])
queued = behind.status()
held.cancel()
ended = until(held, apps.Completed)
try:
    held.fetch_result()
    refused = None
except httpx.HTTPStatusError as exc:
    refused = exc.response.status_code
result = behind.get()
last = behind.status(logs=True)
told = {
    "running_logs": running.logs,
    "position": queued.position,
    "ended": [ended.error, ended.error_type],
    "refused": refused,
    "result": result,
    "last": type(last).__name__,
    "last_logs": last.logs,
    "exchanges": exchanges,
}
sys.stdout.write(json.dumps(told) + "\n")
