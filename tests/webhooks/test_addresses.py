"""Which addresses a stranger must not reach through us."""

import ipaddress

import pytest

from soundstage.addresses import is_public, read_address
from soundstage.api.webhook_url import MOST_CHARACTERS, check_webhook_url
from soundstage.errors import OrderRefused

PRIVATE = [
    "127.0.0.1",
    "127.9.9.9",
    "10.0.0.1",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",
    "100.64.0.1",
    "224.0.0.1",
    "239.255.255.250",
    "0.0.0.0",  # noqa: S104 - an address like any other here
    "255.255.255.255",
    "240.0.0.1",
    "::",
    "::1",
    "fe80::1",
    "fc00::1",
    "fec0::1",
    "ff02::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "64:ff9b::7f00:1",
    "2002:7f00:1::1",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_private_addresses_are_known(text):
    """Loopback, private, link-local, shared, multicast and reserved ones, however they are wrapped."""
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize(
    "text", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
)
def test_public_addresses_are_known(text):
    """The open internet may be called."""
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "::1"])
def test_spellings_of_loopback_are_read(text):
    """What any C library reads as 127.0.0.1 or ::1 is read so here."""
    assert read_address(text).is_loopback


@pytest.mark.parametrize("text", ["example.org", "localhost", "1.2.3.4.5", ""])
def test_names_are_no_addresses(text):
    """A name is left to whoever resolves it."""
    assert read_address(text) is None


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/hook",
        "http://example.org:8080/a?next=https%3A%2F%2Fexample.com%2F%3Fa%3D1&b=2",
        "https://user:secret@example.org/",
        "https://8.8.8.8/hook",
        "https://bücher.example/hook",
    ],
)
def test_urls_of_receivers_pass(url):
    """Names, public addresses, ports, nested queries and credentials are fine without a look-up."""
    check_webhook_url(url, private=False)


@pytest.mark.parametrize(
    ("url", "kind", "says"),
    [
        ("ftp://example.org/", "url_scheme", "https://"),
        ("example.org/hook", "url_scheme", "https://"),
        ("", "url_scheme", "https://"),
        ("https:///hook", "url_parsing", "no host"),
        ("https://example.org/a b", "url_parsing", "space"),
        ("https://example.org/a\r\nX: y", "url_parsing", "control"),
        ("https://example.org:99999/", "url_parsing", "no URL"),
        ("https://[::1/", "url_parsing", "no URL"),
        ("https://example.org/" + "a" * MOST_CHARACTERS, "string_too_long", str(MOST_CHARACTERS)),
    ],
)
def test_bad_urls_are_refused_at_submit(url, kind, says):
    """What can never be called is a 422 that names the parameter, the value and the rule."""
    with pytest.raises(OrderRefused) as caught:
        check_webhook_url(url, private=True)
    (problem,) = caught.value.problems
    assert (problem.loc, problem.type) == (("query", "fal_webhook"), kind)
    assert says in problem.msg


@pytest.mark.parametrize(
    "host", ["localhost", "api.localhost.", "127.0.0.1", "127.1", "[::1]", "10.0.0.8", "[::ffff:10.0.0.8]"]
)
def test_literal_private_hosts_are_refused_at_submit(host):
    """Where private receivers are not called, one that is named outright is told so, with the setting."""
    check_webhook_url(f"http://{host}/hook", private=True)
    with pytest.raises(OrderRefused, match="webhook_private"):
        check_webhook_url(f"http://{host}/hook", private=False)
