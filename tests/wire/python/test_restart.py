"""Case 47 for Python: the server is stopped under a client that polls, and started again."""

import json
import threading

import fal_client
import fal_client.client as fal_module
import pytest


@pytest.mark.full
def test_subscribe_outlives_a_restart(start_own_server, ep, small, monkeypatch, exchanges):
    """Case 47: `subscribe` goes on over a restart on the same ports, and gets the film of its one order."""
    first = start_own_server()
    ports = json.loads((first.home / "run" / "server.json").read_text())
    monkeypatch.setattr(fal_module, "QUEUE_URL_FORMAT", f"{first.http}/queue/")
    monkeypatch.setenv("NO_PROXY", first.exports["NO_PROXY"])
    client = fal_client.SyncClient(key="a:b")
    told, ids = {}, []

    def subscribe():
        arguments = {**small, "prompt": "A lake [slow 4]"}
        told["output"] = client.subscribe(ep, arguments, on_enqueue=ids.append)

    asking = threading.Thread(target=subscribe)
    asking.start()
    while not exchanges.statuses.count(202):
        pass  # until it polls
    assert first.stop() == 0
    flags = ("--port", str(ports["port"]), "--tls-port", str(ports["tls_port"]))
    start_own_server(*flags, home=first.home)
    asking.join(100)
    assert told["output"]["video"]["url"]
    assert len(ids) == 1
    assert exchanges.sent.count("POST") == 1
    assert {status for status in exchanges.statuses if status >= 400} <= {503}
    client._client.close()
