"""Cases 46 and 47, and the JavaScript side of 29: streams that end, servers that restart, keys that are wrong.

On a server of their own, with a short heartbeat.
"""

from __future__ import annotations

import json
import signal

import httpx
import pytest
from javascript import APP, EP, SMALL, held_film, waiting_for
from servers import free_port

from soundstage.config import Settings

LONGEST_SILENCE_S = 15


@pytest.mark.parametrize("name", ["J1", "J2"])
def test_status_stream_comments_and_ends_by_itself(start_own_server, make_recipe, name):
    """Case 46: `streamStatus` ends after COMPLETED, and while nothing happens comments keep it alive."""
    assert Settings().heartbeat_s < LONGEST_SILENCE_S
    server = start_own_server(SOUNDSTAGE_HEARTBEAT_S="0.1")
    with held_film(server) as film, waiting_for(server, film) as order_id:
        ask = {"requestId": order_id, "app": APP, "comments": 3, "release": film.file}
        told = make_recipe(name, server).run("stream_status", ask)
    assert told["value"]["status"] == "COMPLETED"
    assert told["events"][-1] == told["value"]
    assert {event["status"] for event in told["events"]} == {"IN_PROGRESS", "COMPLETED"}
    assert told["type"].startswith("text/event-stream")
    lines = [line for line in told["text"].split("\n") if line]
    assert all(line.startswith(("data: {", ":")) for line in lines)
    assert json.loads(lines[-1].removeprefix("data: "))["status"] == "COMPLETED"
