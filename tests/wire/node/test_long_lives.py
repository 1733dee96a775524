"""Cases 46 and 47: streams that end by themselves, and a server that restarts while clients poll."""

from __future__ import annotations

import json
import signal
import socket
from contextlib import ExitStack

import httpx
import pytest
from held_films import APP, SMALL, held_film, waiting_for

from soundstage.config import Settings


@pytest.fixture
def fixed_ports() -> tuple[str, ...]:
    """Flags for ports that a restarted server takes again."""
    with socket.socket() as first, socket.socket() as second:
        first.bind(("127.0.0.1", 0))
        second.bind(("127.0.0.1", 0))
        return ("--port", str(first.getsockname()[1]), "--tls-port", str(second.getsockname()[1]))


def test_streams_comment_and_end_and_polling_survives_a_restart(start_own_server, make_recipe, fixed_ports):
    """Cases 46 and 47, on one server of their own, since a start takes seconds.

    46: `streamStatus` ends by itself after COMPLETED, and comments keep a quiet stream alive.
    47: a server that stops and starts again during polling is a pause to `subscribe`, by each recipe.
    """
    server = start_own_server(*fixed_ports, SOUNDSTAGE_HEARTBEAT_S="0.1")
    _check_stream(server, make_recipe("J1", server))
    _check_stream(server, make_recipe("J2", server))
    with ExitStack() as ended_with_us, held_film(server) as film:
        options = {"input": {"prompt": film.prompt, **SMALL}, "pollInterval": 50}
        started = []
        for name, mode in (("J1", "polling"), ("J2", "polling"), ("J2", "streaming")):
            ask = {"options": {**options, "mode": mode}, "announce": True}
            started.append(ended_with_us.enter_context(make_recipe(name, server).start("subscribe", ask)))
            ended_with_us.callback(started[-1].kill)
        *polling, streaming = started
        orders = [program.stdout.readline().strip() for program in started]
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(30) == 0
        again = start_own_server(*fixed_ports, home=server.home)
        # As the docs warn: a stream's end is taken for the order's, and the result is asked for too soon.
        # (None: the start took longer than it repeats a connection that is refused.)
        assert _told(streaming)["error"].get("status") in (400, None)
        film.let_go()
        for program, order_id in zip(polling, orders, strict=False):
            value = _told(program)["value"]
            assert value["requestId"] == order_id
            assert httpx.get(value["data"]["video"]["url"]).status_code == 200
        assert again.http == server.http


def _told(program):
    """Wait for a program's end, and return what it told."""
    told, _ = program.communicate(timeout=90)
    assert program.returncode == 0, told
    return json.loads(told.splitlines()[-1])


def _check_stream(server, recipe):
    with held_film(server) as film, waiting_for(server, film) as order_id:
        ask = {"requestId": order_id, "app": APP, "comments": 3, "release": film.file}
        told = recipe.run("stream_status", ask)
    assert told["value"]["status"] == "COMPLETED"
    assert told["events"][-1] == told["value"]
    assert told["events"][0]["status"] == "IN_PROGRESS"
    assert told["type"].startswith("text/event-stream")
    lines = [line for line in told["text"].split("\n") if line]
    assert all(line.startswith(("data: {", ":")) for line in lines)
    assert json.loads(lines[-1].removeprefix("data: "))["status"] == "COMPLETED"


def test_a_comment_comes_in_time():
    """Case 46: whatever is set, a comment comes at least every 15 s."""
    assert Settings().heartbeat_s <= 15
    with pytest.raises(ValueError, match="heartbeat_s"):
        Settings(heartbeat_s=15.1)
