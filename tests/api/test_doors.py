"""Where a request is led, by its host and its path: every form in which fal's clients and users call."""

import uuid

import pytest

from soundstage.api.doors import find_door
from soundstage.api.hosts import FAL_HOSTS, is_loopback, read_name

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
APP = "fal-ai/kling-video"
HERE = "localhost:8443"


@pytest.mark.parametrize(
    ("host", "path", "kind", "inner"),
    [
        (HERE, f"/queue/{PRO}", "queue", f"/queue/{PRO}"),
        (HERE, f"/run/{PRO}", "run", f"/run/{PRO}"),
        (HERE, f"/{PRO}", "run", f"/run/{PRO}"),
        (HERE, f"/{APP}/requests/1/status", "queue", f"/queue/{APP}/requests/1/status"),
        ("fal.run", f"/{PRO}", "run", f"/run/{PRO}"),
        ("FAL.RUN:443", f"/{PRO}", "run", f"/run/{PRO}"),
        ("fal.run.", f"/{PRO}/stream", "run", f"/run/{PRO}/stream"),
        ("falrun.com", f"/{PRO}", "run", f"/run/{PRO}"),
        ("queue.fal.run", f"/{PRO}", "queue", f"/queue/{PRO}"),
        ("queue.falrun.com", f"/{PRO}", "queue", f"/queue/{PRO}"),
        ("queue.localhost:8443", f"/{PRO}", "queue", f"/queue/{PRO}"),
        ("queue.fal.run", f"/{APP}/requests/1", "queue", f"/queue/{APP}/requests/1"),
        ("rest.fal.ai", "/storage/auth/token", "site", "/storage/auth/token"),
        ("rest.alpha.fal.ai", "/tokens/", "site", "/tokens"),
        ("rest.fal.ai", "/.well-known/jwks.json", "site", "/.well-known/jwks.json"),
        ("rest.fal.ai", f"/applications/{APP}/queue", "site", f"/applications/{APP}/queue"),
        ("v3.fal.media", "/files/upload", "site", "/files/upload"),
        ("api.fal.ai", "/v1/models", "site", "/v1/models"),
        ("fal.ai", f"/models/{PRO}/llms.txt", "site", f"/models/{PRO}/llms.txt"),
        ("fal.ai", "/api/openapi/queue/openapi.json", "site", "/api/openapi/queue/openapi.json"),
        ("fal.ai", f"/{PRO}", "site", f"/{PRO}"),
        (HERE, "/files/ab/output.mp4", "site", "/files/ab/output.mp4"),
        (HERE, "/storage/upload/initiate", "site", "/storage/upload/initiate"),
        (HERE, "/health/live", "site", "/health/live"),
        (HERE, "/", "site", "/"),
        (HERE, "/queue", "site", "/queue"),
        ("queue.fal.run", "/health/live", "site", "/health/live"),
    ],
)
def test_host_and_prefix_lead_to_one_set_of_routes(host, path, kind, inner):
    """Hosts of fal's, our prefixes and bare paths come out as the same inner paths."""
    door = find_door(host, path)
    assert (door.kind, door.path, door.asked) == (kind, inner, path)
    assert door.prefix == (f"/{kind}" if path.startswith(f"/{kind}/") else "")


@pytest.mark.parametrize(
    "asked", ["/queue/{}/", "/queue//{}", "//queue/{}", "/queue/{}///", "///queue//{}//"]
)
def test_slashes_at_the_end_or_doubled_mean_nothing(asked):
    """A base with one slash too many still leads to the route, without a redirect."""
    assert find_door(HERE, asked.format(PRO)).path == f"/queue/{PRO}"
    assert find_door("queue.fal.run", f"//{PRO}/").path == f"/queue/{PRO}"


@pytest.mark.parametrize(
    "path", ["/files/../queue/a/b", "/health/../run/a/b", "/queue/../files/x", "/run/./a/b"]
)
def test_dots_lead_nowhere_else(path):
    """A path with dots stays with its first segment: what is open to all opens nothing more."""
    assert find_door(HERE, path).path == path
    assert find_door(HERE, path).root == path.split("/")[1]


async def test_a_path_without_a_slash_is_nothing(client):
    """HTTP knows the path "*"; here nothing has it."""
    transport = client._transport  # httpx itself sends no such path
    told = []

    async def send(message):
        told.append(message)

    scope = {
        "type": "http", "method": "GET", "path": "*", "raw_path": b"*", "query_string": b"",
        "headers": [(b"host", b"localhost")], "scheme": "http", "server": ("127.0.0.1", 1), "client": None,
    }  # fmt: skip
    await transport.app(scope, None, send)
    assert told[0]["status"] == 404


async def test_full_and_short_urls_answer_without_a_redirect(client, book):
    """Request URLs work with the app alone and with the whole endpoint, on each host, with any slashes."""
    told = (await client.post(f"/queue/{PRO}", json={"prompt": "a dog"})).json()
    order_id = told["request_id"]
    forms = [
        f"/queue/{APP}/requests/{order_id}/status",
        f"/queue/{PRO}/requests/{order_id}/status/",
        f"https://localhost:8443//queue/{APP}//requests/{order_id}/status",
        f"/{APP}/requests/{order_id}/status",
        f"/queue%2F{APP}/requests/{order_id}/status",
    ]
    for form in forms:
        answer = await client.get(form)
        assert (answer.status_code, answer.json()["request_id"]) == (202, order_id), form
    answer = await client.get(f"/{APP}/requests/{order_id}/status/", headers={"host": "queue.fal.run"})
    assert answer.status_code == 202


async def test_a_bare_post_is_a_submit_or_a_run_by_its_host(client, book):
    """`queue.` hosts take a bare POST as a submit; other site hosts have no endpoints at all."""
    submitted = await client.post(f"/{PRO}", json={"prompt": "a dog"}, headers={"host": "queue.fal.run"})
    assert uuid.UUID(submitted.json()["request_id"])
    nowhere = await client.post(f"/{PRO}", json={"prompt": "a dog"}, headers={"host": "api.fal.ai"})
    assert nowhere.status_code == 404
    assert len(book.taken) == 1


@pytest.mark.parametrize(
    ("host", "name"),
    [("Fal.Run:443", "fal.run"), ("fal.run.", "fal.run"), ("[::1]:8443", "[::1]"), ("", ""), ("a:b:c", "a")],
)
def test_a_host_is_read_without_port_and_case(host, name):
    """Port, case and a last dot are not part of a name."""
    assert read_name(host) == name


def test_loopback_is_told_by_name_or_address():
    """Only names and addresses that always mean this machine count."""
    assert all(map(is_loopback, ("localhost", "a.localhost", "127.0.0.1", "127.9.9.9", "::1", "[::1]")))
    assert not any(map(is_loopback, ("", "localhost.evil", "127.0.0.1.evil", "10.0.0.1", *FAL_HOSTS)))
