"""Whom webhooks may call, by the settings of a server and of a worker."""

import pytest

from soundstage.config import Settings
from soundstage.delivering import build_calls, may_call_private, worker_environ


@pytest.mark.parametrize(
    ("settings", "allowed"),
    [
        ({}, True),
        ({"host": "::1"}, True),
        ({"host": "localhost"}, True),
        ({"public_url": "http://localhost:8000"}, True),
        ({"host": "0.0.0.0"}, False),  # noqa: S104 - a setting, nothing is bound
        ({"host": "192.168.1.5"}, False),
        ({"public_url": "https://films.example.org"}, False),
        ({"allowed_hosts": ("films.example.org:8443",)}, False),
        ({"allowed_hosts": ("queue.localhost",)}, True),
        ({"trusted_proxies": ("10.0.0.0/8",)}, False),
        ({"host": "192.168.1.5", "webhook_private": True}, True),
        ({"webhook_private": False}, False),
    ],
)
def test_private_receivers_by_default(tmp_path, settings, allowed):
    """They are called where only this machine can submit; the setting decides wherever it is set."""
    told = Settings(home=tmp_path, **settings)
    assert may_call_private(told) is allowed
    assert worker_environ(told)["SOUNDSTAGE_WEBHOOK_PRIVATE"] == str(allowed).lower()


def test_worker_reads_what_the_server_tells(tmp_path):
    """A worker's settings, read from the variables it is given, are the server's."""
    told = Settings(home=tmp_path, webhook_gaps_s=(0.5, 1.0), webhook_timeout_s=3.0, webhook_private=True)
    read = Settings.load({"SOUNDSTAGE_HOME": str(tmp_path), **worker_environ(told)})
    assert read == told
    bare = Settings(home=tmp_path)
    read = Settings.load({"SOUNDSTAGE_HOME": str(tmp_path), **worker_environ(bare)})
    assert build_calls(read).gaps_s == build_calls(bare).gaps_s
    assert len(build_calls(read).gaps_s) == 10


async def test_worker_alone_calls_nothing_private(tmp_path):
    """A worker that no server started does not know who can submit, and calls no private receiver."""
    calls = build_calls(Settings(home=tmp_path))
    answer = await calls.send(
        url="http://127.0.0.1:9/", body=b"", request_id="r", user_id="u", private_key=bytes(32), attempt=1
    )
    assert answer.verdict == "never"
