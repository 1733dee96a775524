"""How webhooks are delivered: again and again until one is taken, whoever is killed on the way."""

import asyncio
import os
import signal
from pathlib import Path

import httpx
from listening import listening


async def test_two_failures_then_taken(submit, verify, calling, settled):
    """Case 58: 500, 500, 200: three attempts at growing gaps, equal bytes, fresh signatures; then no more."""
    # Gaps count from an attempt's beginning; a process's first one loads its client before it is heard.
    async with listening(200) as receiver:
        await settled(await submit(receiver.url), "delivered")
    async with listening(500, 500, 200) as receiver:
        request_id = await submit(receiver.url)
        calls = await receiver.wait(3)
        await settled(request_id, "delivered")
    assert len(receiver.calls) == 3
    assert len({call.body for call in calls}) == 1
    first, second, third = calls
    assert third.at - second.at > second.at - first.at > 0.4
    jwks = (await calling.get("/.well-known/jwks.json")).json()
    assert all(verify(jwks, call.headers, call.body) for call in calls)
    stamps = [(c.headers["x-fal-webhook-timestamp"], c.headers["x-fal-webhook-signature"]) for c in calls]
    assert stamps[0] != stamps[2]


async def test_redirect_ends_it(submit, terminal, settled):
    """Case 58: a 302 is a final no: nothing follows it, and no further attempt is made."""
    async with listening(302, extra="Location: /elsewhere\r\n") as receiver:
        request_id = await submit(f"{receiver.url}?token=secret")
        await receiver.wait()
        await settled(request_id, "failed")
    listed = await asyncio.to_thread(terminal, "webhooks", "--status", "failed")
    (line,) = [line for line in listed.splitlines() if line.startswith(request_id)]
    assert [call.target for call in receiver.calls] == ["/hook?token=secret"]
    assert "answered 302" in line
    assert "/hook?..." in line
    assert "secret" not in line


async def test_silent_receiver_is_called_again(submit):
    """A receiver that says nothing is called again after its time, with the same bytes."""
    async with listening("silence", 200) as receiver:
        await submit(receiver.url)
        first, second = await receiver.wait(2)
    assert first.body == second.body
    assert second.at - first.at >= 2.0  # its time; the gap of 0.5 s is over by then


async def test_killed_worker_delivers_later(submit, hooked):
    """A worker that is killed in the middle of an attempt is replaced, and the webhook is delivered."""
    async with listening("silence", 200) as receiver:
        await submit(receiver.url)
        await receiver.wait()
        os.kill(worker_pid(hooked), signal.SIGKILL)
        first, second = await receiver.wait(2)
    assert first.body == second.body


async def test_restarted_server_delivers_later(submit, hooked):
    """A retry that is planned outlives the worker that planned it."""
    async with listening(500, 200) as receiver:
        await submit(receiver.url)
        await receiver.wait()
        os.kill(worker_pid(hooked), signal.SIGKILL)
        first, second = await receiver.wait(2)
    assert first.body == second.body


async def test_redelivery_from_the_terminal(submit, terminal, settled):
    """`soundstage webhooks redeliver` sends the same bytes again, beside a running server."""
    async with listening() as receiver:
        request_id = await submit(receiver.url)
        await receiver.wait()
        await settled(request_id, "delivered")
        await asyncio.to_thread(terminal, "webhooks", "redeliver", request_id)
        first, second = await receiver.wait(2)
    assert first.body == second.body
    told = await asyncio.to_thread(terminal, "webhooks", "redeliver", "no-id", code=1)
    assert "no-id" in told


def test_private_receivers_are_refused_when_told_so(start_own_server, ep, small):
    """A server told not to call its own machine says so at submit, whatever the address is spelled like."""
    running = start_own_server(SOUNDSTAGE_WEBHOOK_PRIVATE="false")
    for host in ("127.0.0.1", "localhost", "[::1]", "2130706433"):
        answer = httpx.post(
            f"{running.http}/queue/{ep}",
            params={"fal_webhook": f"http://{host}:9/"},
            json={**small, "prompt": "A lake"},
        )
        assert answer.status_code == 422, answer.text
        assert "webhook_private" in answer.json()["detail"][0]["msg"]


def worker_pid(server) -> int:
    """Return the process of the server's worker."""
    own = server.process.pid
    pids = [int(word) for word in Path(f"/proc/{own}/task/{own}/children").read_text().split()]
    for pid in pids:
        if Path(f"/proc/{pid}/cmdline").read_bytes().rstrip(b"\0").endswith(b"\0work"):
            return pid
    raise AssertionError(f"no worker among {pids}")
