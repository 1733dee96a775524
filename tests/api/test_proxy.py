"""The proxy protocol of fal's JavaScript client: routed by the target's host, and never fetched."""

import json
import socket
import uuid

import pytest

from soundstage.api import UrlRule
from soundstage.api.proxy import read_target
from soundstage.errors import RequestInvalid

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"
PROXY = "/api/fal/proxy"


def to(url):
    """Return the headers that name a target."""
    return {"x-fal-target-url": url}


@pytest.fixture
def no_way_out(monkeypatch):
    """Catch every attempt of this process to reach another host; returns the list of them."""
    caught = []

    def refuse(*where, **_):
        caught.append(where)
        raise AssertionError(f"something leaves: {where}")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    return caught


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD"])
@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "https://evil.example/x",
        f"https://evil.example/{PRO}",
        "https://fal.run.evil.example/x",
        "https://evil-fal.run/x",
        "https://fal.run@evil.example/x",
        "https://user:pass@fal.run/x",
        "http://169.254.169.254/latest/meta-data",
        "http://10.0.0.1/x",
        "http://[fd00::1]/x",
        "file:///etc/passwd",
        "gopher://fal.run/x",
        "//fal.run/x",
        "/queue/a/b",
        "fal.run/x",
        "https://fal.run:notaport/x",
        "https://[fal.run/x",
        "https:///x",
        "http://0.0.0.0:8000/x",
    ],
)
async def test_a_foreign_target_is_refused_and_nothing_leaves(client, no_way_out, method, url):
    """Case 60: any host but fal's and ours is a readable 400; no socket opens, no name is asked."""
    answer = await client.request(method, PROXY, headers=to(url) if url is not None else {})
    assert answer.status_code == 400
    assert answer.headers["access-control-allow-origin"] == "*"
    assert uuid.UUID(answer.headers["x-fal-request-id"])
    if method != "HEAD":
        assert "x-fal-target-url" in answer.json()["detail"]
        assert answer.json()["error_type"] == "bad_request"
    assert not no_way_out


async def test_the_life_of_an_order_through_the_proxy(client, book, no_way_out):
    """Submit, status, stream, result and cancel go by the target's host; URLs are of our own queue."""
    told = (
        await client.post(PROXY, json={"prompt": "a dog"}, headers=to(f"https://queue.fal.run/{PRO}"))
    ).json()
    order_id = told["request_id"]
    assert told["status_url"] == f"https://localhost:8443/queue/{APP}/requests/{order_id}/status"
    at = f"https://queue.fal.run/{APP}/requests/{order_id}"
    status = await client.get(PROXY, headers=to(f"{at}/status?logs=1"))
    assert (status.status_code, status.json()["logs"]) == (202, [])
    assert (await client.get(PROXY, headers=to(f"{at}/status?logs=0"))).json()["logs"] is None
    assert (await client.get(PROXY, headers=to(at))).status_code == 400
    book.finish(order_id)
    assert (
        (await client.get(PROXY, headers=to(at)))
        .json()["video"]["url"]
        .startswith("https://localhost:8443/files/")
    )
    # @fal-ai/server-proxy passes on `Accept: application/json` even where a stream is asked for.
    plain = {**to(f"{at}/status/stream?logs=1"), "accept": "application/json", "x-fal-client-proxy": "x"}
    stream = await client.get(PROXY, headers=plain)
    assert stream.headers["content-type"].startswith("text/event-stream")
    assert json.loads(stream.text.split("data: ")[-1].splitlines()[0])["status"] == "COMPLETED"
    late = await client.put(PROXY, headers=to(f"{at}/cancel"))
    assert (late.status_code, late.json()["status"]) == (400, "ALREADY_COMPLETED")
    assert not no_way_out


async def test_a_query_beside_the_proxy_does_not_count(client, book):
    """The query is the target's: whatever stands on the proxy's own URL changes nothing."""
    told = (await client.post(f"/queue/{PRO}", json={"prompt": "a dog"})).json()
    at = f"https://queue.fal.run/{APP}/requests/{told['request_id']}/status"
    assert (await client.get(f"{PROXY}?logs=1", headers=to(at))).json()["logs"] is None


async def test_refusals_come_through_the_proxy_as_they_are(client):
    """A 422 and a 404 of the door behind keep status, body and the path that was meant."""
    bad = await client.post(
        PROXY, json={"prompt": "x", "duration": "2"}, headers=to(f"https://queue.fal.run/{PRO}")
    )
    assert bad.status_code == 422
    unknown = await client.post(PROXY, json={}, headers=to("https://queue.fal.run/a/b"))
    assert unknown.status_code == 404
    assert unknown.json()["detail"].startswith("Path /a/b not found")
    again = await client.get(PROXY, headers=to(f"http://localhost:8000{PROXY}"))
    assert again.status_code == 404


@pytest.mark.parametrize("path", [PROXY, f"{PROXY}/", f"https://localhost:8443/{PROXY}"])
async def test_our_own_urls_are_targets_too(client, path):
    """An `upload_url` of ours that comes through the middleware finds its route, with any slashes."""
    answer = await client.get(path, headers=to("http://127.0.0.1:8000/health/live"))
    assert answer.json() == {"status": "live"}


def test_a_target_is_read_whole():
    """Path and query arrive decoded as ASGI has them; a host that was allowed is ours."""
    ours = UrlRule(allowed_hosts=("films.example",)).may_name
    target = read_target("https://films.example:8443/queue/a%20b/c?x=%20y&z=1", is_ours=ours)
    assert (target.host, target.path, target.query) == ("films.example", "/queue/a b/c", b"x=%20y&z=1")
    assert read_target("https://FAL.run", is_ours=ours).path == "/"
    with pytest.raises(RequestInvalid, match=r"other\.example"):
        read_target("https://other.example/x", is_ours=ours)
