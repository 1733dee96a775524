"""The URL rule and the doors: whose names may stand in an answer, and where a path leads."""

import pytest

from soundstage.api import UrlRule
from soundstage.api.doors import find_door
from soundstage.errors import SettingsInvalid

PRO = "fal-ai/kling-video/v3/pro/text-to-video"
TAIL = "fal-ai/kling-video/requests/1"


def told(rule, *, host=b"localhost:8443", path="/queue/x/y", client="127.0.0.1", scheme="https", **forwarded):
    """Return the request and file URLs that the rule gives for a request."""
    headers = [(b"host", host)] if host else []
    headers += [(f"x-forwarded-{k}".encode(), v.encode()) for k, v in forwarded.items()]
    scope = {"scheme": scheme, "headers": headers, "client": (client, 1), "server": ("10.1.2.3", 8000)}
    links = rule.links(scope, find_door(host.decode("latin-1"), path))
    return links.request("fal-ai/kling-video", "1"), links.file("ab/out put.mp4")


@pytest.mark.parametrize(
    ("host", "scheme"),
    [
        (b"localhost:8443", "https"),
        (b"127.0.0.1:8000", "http"),
        (b"127.8.9.1", "http"),
        (b"[::1]:8443", "https"),
        (b"queue.localhost", "https"),
    ],
)
def test_loopback_hosts_are_answered_in_kind(host, scheme):
    """A caller on this machine gets back the scheme, host and port that it used."""
    base = f"{scheme}://{host.decode()}"
    assert told(UrlRule(), host=host, scheme=scheme) == (
        f"{base}/queue/{TAIL}",
        f"{base}/files/ab/out%20put.mp4",
    )


@pytest.mark.parametrize(
    "host",
    [b"evil.example", b"localhost.evil.example", b"evil.example:8443", b"a b", b"localhost:8443/x", b"",
     b"\xff", b"127.0.0.1.evil",
     b"localhost@evil.example", b"8.8.8.8"],
)  # fmt: skip
def test_a_foreign_host_never_reaches_an_answer(host):
    """Whatever a Host header claims, the answer names the address the connection came in on."""
    request, file = told(UrlRule(), host=host)
    assert request == f"https://10.1.2.3:8000/queue/{TAIL}"
    assert file.startswith("https://10.1.2.3:8000/files/")


def test_allowed_hosts_are_answered_in_kind():
    """A host that was allowed is used, with any port, or with its port alone when one was named."""
    rule = UrlRule(allowed_hosts=("Films.example", "other.example:81"))
    assert told(rule, host=b"Films.example:9999")[0] == f"https://Films.example:9999/queue/{TAIL}"
    assert told(rule, host=b"other.example:81")[0] == f"https://other.example:81/queue/{TAIL}"
    assert told(rule, host=b"other.example:82")[0] == f"https://10.1.2.3:8000/queue/{TAIL}"


def test_a_public_url_stands_before_all():
    """The public URL is the base of every URL, whatever the request says."""
    rule = UrlRule(public_url="https://films.example/studio/", trusted_proxies=("127.0.0.1",))
    for more in ({}, {"host": b"evil.example"}, {"proto": "http", "client": "127.0.0.1"}):
        request, file = told(rule, **more)
        assert request == f"https://films.example/studio/queue/{TAIL}"
        assert file == "https://films.example/studio/files/ab/out%20put.mp4"


def test_forwarded_headers_count_from_trusted_proxies_alone():
    """Scheme, host and mount of a trusted proxy are used; a stranger's and foreign hosts are not."""
    rule = UrlRule(allowed_hosts=("films.example",), trusted_proxies=("10.0.0.0/8", "::1"))
    forwarded = {"proto": "https", "host": "films.example", "prefix": "/studio"}

    def url(client, **forwarded):
        headers = [(f"x-forwarded-{k}".encode(), v.encode()) for k, v in forwarded.items()]
        scope = {"scheme": "http", "headers": [(b"host", b"localhost:8000"), *headers],
                 "client": (client, 1), "server": ("10.1.2.3", 8000)}  # fmt: skip
        return rule.links(scope, find_door("localhost", "/queue/x/y")).request("a/b", "1")

    assert url("10.9.9.9", **forwarded) == "https://films.example/studio/queue/a/b/requests/1"
    assert url("127.0.0.1", **forwarded) == "http://localhost:8000/queue/a/b/requests/1"
    assert (
        url("10.9.9.9", **{**forwarded, "host": "evil.example"})
        == "http://10.1.2.3:8000/queue/a/b/requests/1"
    )
    assert url("10.9.9.9", proto="javascript") == "http://localhost:8000/queue/a/b/requests/1"
    assert url("10.9.9.9", prefix="/a/../b?c") == "http://localhost:8000/queue/a/b/requests/1"


@pytest.mark.parametrize(
    "settings",
    [{"public_url": "films.example"}, {"public_url": "ftp://a"}, {"public_url": "https://a/?b"},
     {"trusted_proxies": ("all",)}],
)  # fmt: skip
def test_wrong_settings_are_told(settings):
    """A base that is no URL and a proxy that is no address are refused at start, by name."""
    with pytest.raises(SettingsInvalid, match="--" + next(iter(settings)).replace("_", "-")):
        UrlRule(**settings)


def test_through_the_tunnel_the_queue_keeps_fals_name():
    """Clients compare an order's URL with the one they build: by the tunnel it is fal's; files are ours."""
    rule = UrlRule(tunnelled=True)
    request, file = told(rule, host=b"queue.fal.run", path="/x/y")
    assert request == f"https://queue.fal.run/{TAIL}"
    assert file.startswith("https://10.1.2.3:8000/files/")
    assert told(rule, host=b"evil.example")[0].startswith("https://10.1.2.3:8000/queue/")
    assert told(UrlRule(), host=b"queue.fal.run", path="/x/y")[0].startswith("https://10.1.2.3:8000/queue/")


def test_a_public_urls_host_is_ours():
    """What the server calls itself in answers is a name that it may be called by."""
    rule = UrlRule(public_url="https://Films.example:444/studio", allowed_hosts=("a.example",))
    assert rule.may_name("films.example:444")
    assert rule.may_name("A.example:1")
    assert not rule.may_name("films.example.evil")
