"""Who may come in, by the settings and the keys there are: safe unless somebody said otherwise."""

import logging

import pytest

from soundstage.api import UrlRule
from soundstage.api.auth import ANYBODY, Facts
from soundstage.api.doors import find_door
from soundstage.caller_errors import CallerForeign, KeyRefused
from soundstage.config import Settings
from soundstage.entrance import asks_for_keys, build_gate
from soundstage.errors import SettingsInvalid

EVERYWHERE = "0.0.0.0"  # noqa: S104 - what a container sets
STATUS = find_door("localhost", "/queue/a/b/requests/1/status")


class Keys:
    """The table of keys, as PostgreSQL gives it."""

    def __init__(self, *rows):
        self._rows = rows

    async def rows(self, name):
        assert name == "read_live_keys"
        return [{"key_id": "a", "secret_hash": bytes(32), "scope": "api"}] * len(self._rows)


async def gate(*rows, **settings):
    """The gate of a server with these settings and keys."""
    return await build_gate(Settings(**settings), UrlRule(), Keys(*rows))


@pytest.mark.parametrize(
    ("settings", "asks"),
    [
        ({}, False),
        ({"host": "localhost"}, False),
        ({"host": "::1"}, False),
        ({"require_keys": True}, True),
        ({"require_keys": False}, False),
        ({"host": EVERYWHERE}, True),
        ({"host": "192.168.1.5"}, True),
        ({"host": "::"}, True),
        ({"host": EVERYWHERE, "require_keys": True}, True),
        ({"host": EVERYWHERE, "open_to_all": True}, False),
        ({"open_to_all": True}, False),
    ],
)
def test_keys_are_asked_for_where_others_can_reach_the_port(settings, asks):
    """Off on loopback, on beyond, unless the settings say otherwise."""
    assert asks_for_keys(Settings(**settings)) is asks


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"host": EVERYWHERE, "require_keys": False}, "--open-to-all"),
        ({"open_to_all": True, "require_keys": True}, "contradict"),
    ],
)
def test_an_open_door_must_be_named(settings, words):
    """No other flag than the one that says what it means opens the machine to all."""
    with pytest.raises(SettingsInvalid, match=words):
        asks_for_keys(Settings(**settings))


async def test_beyond_loopback_without_a_key_is_no_start():
    """A server that others can reach and nobody may call does not start; the error names both ways out."""
    with pytest.raises(SettingsInvalid, match=r"no keys.*keys add.*--open-to-all"):
        await gate(host=EVERYWHERE)
    made, keys = await gate("key", host=EVERYWHERE)
    assert len(keys) == 1
    with pytest.raises(KeyRefused):
        made.admit(STATUS, "GET", Facts(host="localhost"))


async def test_on_loopback_a_key_can_come_later(caplog):
    """Where only this machine can call, a server without its first key starts, and says what is missing."""
    with caplog.at_level(logging.WARNING, logger="soundstage.entrance"):
        made, keys = await gate(require_keys=True)
    assert "keys add" in caplog.text
    assert keys.find("a") is None
    with pytest.raises(KeyRefused):
        made.admit(STATUS, "GET", Facts(host="localhost"))


async def test_a_keyless_server_keeps_strangers_pages_out():
    """Without keys the rule for web pages holds; --allowed-origins adds to it, --open-to-all lifts it."""
    evil, app = Facts(origin="https://evil.example"), Facts(origin="https://app.example")
    made, keys = await gate(allowed_origins=("https://app.example",))
    assert keys is None
    assert made.admit(STATUS, "GET", app) is ANYBODY
    with pytest.raises(CallerForeign):
        made.admit(STATUS, "GET", evil)
    made, _ = await gate(open_to_all=True)
    assert made.admit(STATUS, "GET", evil) is ANYBODY
