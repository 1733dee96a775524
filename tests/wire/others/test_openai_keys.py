"""Keys at `/v1/videos`: OpenAI's package sends `Bearer`, and reads refusals in its own shape."""

from __future__ import annotations

import subprocess
import sys

import openai
import pytest


@pytest.fixture
def client_of(start_own_server):
    """Make a client of a server that asks for keys; without a key it sends one that nobody made."""
    running = start_own_server("--require-keys")
    clients = []

    def client_of(*flags, key=None):
        if key is None:
            told = subprocess.run(
                [sys.executable, "-m", "soundstage", "keys", "add", *flags],
                env=running.environ, capture_output=True, text=True, timeout=60, check=True,
            )  # fmt: skip
            key = told.stdout.strip().splitlines()[-1]
        clients.append(openai.OpenAI(base_url=f"{running.http}/v1", api_key=key, max_retries=0))
        return clients[-1].videos

    yield client_of
    for client in clients:
        client.close()


def test_videos_belong_to_keys(client_of, extra, until):
    """A key lists and deletes its own videos; an admin's sees and deletes all; no key is told so."""
    mine, yours, boss = client_of(), client_of(), client_of("--admin")
    until(lambda: _may_list(boss), bool)  # the door hears of a new key within seconds
    video = mine.create(prompt="A lake", seconds="3", size="640x360", extra_body=extra)
    assert mine.poll(video.id, poll_interval_ms=50).status == "completed"
    assert yours.retrieve(video.id).status == "completed"
    listed = {
        name: [v.id for v in who.list().data]
        for name, who in [("mine", mine), ("yours", yours), ("boss", boss)]
    }
    assert listed == {"mine": [video.id], "yours": [], "boss": [video.id]}
    with pytest.raises(openai.PermissionDeniedError, match="another key"):
        yours.delete(video.id)
    assert boss.delete(video.id).deleted
    with pytest.raises(openai.AuthenticationError) as caught:
        client_of(key="nobody:nothing").list()
    assert (caught.value.code, caught.value.type) == ("invalid_api_key", "invalid_request_error")
    with pytest.raises(openai.AuthenticationError):
        client_of(key="sk-openai").create(prompt="A lake")


def _may_list(videos):
    try:
        videos.list()
    except openai.AuthenticationError:
        return False
    return True
