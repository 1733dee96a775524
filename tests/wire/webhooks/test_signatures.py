"""Receivers believe our webhooks and nobody else's: fal's documented verifier, and Node's."""

import shutil
import time

import pytest
from listening import listening


@pytest.fixture
async def delivered(submit, calling):
    """A webhook that came, and the keys it is checked with."""
    async with listening() as receiver:
        await submit(receiver.url, "A lake")
        (call,) = await receiver.wait()
    return call, (await calling.get("/.well-known/jwks.json")).json()


async def test_python_verifier(delivered, verify):
    """Case 57: fal's documented Python verifier takes ours; an altered body, an old one, another user: no."""
    call, jwks = delivered
    assert verify(jwks, call.headers, call.body)
    assert not verify(jwks, call.headers, call.body + b" ")
    assert not verify(jwks, call.headers, call.body, now=time.time() + 301)
    stamp = call.headers["x-fal-webhook-timestamp"]
    for name, value in (("user-id", "someone"), ("request-id", "1"), ("timestamp", str(int(stamp) + 1))):
        assert not verify(jwks, {**call.headers, f"x-fal-webhook-{name}": value}, call.body)
    assert abs(time.time() - int(stamp)) < 60


@pytest.mark.skipif(shutil.which("node") is None, reason="there is no node on this machine")
async def test_node_verifiers(delivered, verify_in_node):
    """Case 57: Node's createPublicKey and WebCrypto take the padded key; an altered body or user: no."""
    call, jwks = delivered
    both = {"createPublicKey": True, "webcrypto": True}
    neither = dict.fromkeys(both, False)
    assert verify_in_node(jwks, call.headers, call.body) == both
    assert verify_in_node(jwks, call.headers, call.body + b" ") == neither
    assert verify_in_node(jwks, {**call.headers, "x-fal-webhook-user-id": "someone"}, call.body) == neither


@pytest.mark.parametrize("host", ["queue.fal.run", "fal.run", "rest.fal.ai", "localhost"])
async def test_keys_on_every_host(calling, host):
    """The key set is served on every host that leads here, to everybody, for five minutes of caching."""
    answer = await calling.get("/.well-known/jwks.json", headers={"host": host})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["cache-control"] == "public, max-age=300"
    assert answer.headers["access-control-allow-origin"] == "*"
    assert all(len(key["x"]) == 44 for key in answer.json()["keys"])
    assert "d" not in answer.json()["keys"][0]


async def test_rotation(delivered, submit, calling, terminal, verify):
    """Case 59: after a rotation old signatures verify until their key is withdrawn, and new ones do."""
    old, _ = delivered
    (line,) = terminal("webhooks", "keys").strip().splitlines()
    old_id = line.split()[0]
    assert "signs now" in line
    refused = terminal("webhooks", "withdraw", old_id, code=1)
    assert "rotate first" in refused
    terminal("webhooks", "rotate", "--now")
    async with listening() as receiver:
        await submit(receiver.url)
        (new,) = await receiver.wait()
    both = (await calling.get("/.well-known/jwks.json")).json()
    assert len(both["keys"]) == 2
    assert verify(both, old.headers, old.body)
    assert verify(both, new.headers, new.body)
    terminal("webhooks", "withdraw", old_id)
    left = (await calling.get("/.well-known/jwks.json")).json()
    assert [key["kid"] for key in left["keys"]] == [k["kid"] for k in both["keys"] if k["kid"] != old_id]
    assert not verify(left, old.headers, old.body)
    assert verify(left, new.headers, new.body)
