"""Case 24: `stream` on an endpoint that streams nothing, and websockets."""

import fal_client
import pytest
from httpx_sse import SSEError
from websockets.exceptions import InvalidStatus


def test_stream_ends_at_once(client, ep, exchanges):
    """Case 24: `EP/stream` is a 404, as at fal; the client, which reads no status, ends with an SSEError."""
    with pytest.raises(SSEError):
        list(client.stream(ep, {"prompt": "A lake"}))
    assert exchanges.statuses == [404]


async def test_stream_ends_at_once_for_async_code(async_client, ep, exchanges):
    """Case 24: the same from async code."""
    with pytest.raises(SSEError):
        [event async for event in async_client.stream(ep, {"prompt": "A lake"})]
    assert exchanges.statuses == [404]


def test_realtime_is_refused(pointed, server, ep, monkeypatch):
    """Case 24: an upgrade to a websocket is a 404, not a hang."""
    host = server.http.removeprefix("http://")
    monkeypatch.setattr("fal_client.client.REALTIME_URL_FORMAT", f"ws://{host}/run/")
    client = fal_client.SyncClient(key="a:b")
    with pytest.raises(InvalidStatus) as caught, client.realtime(ep, use_jwt=False):
        pass
    assert caught.value.response.status_code == 404
