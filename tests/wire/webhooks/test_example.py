"""The example receiver, run as a user runs it, against a real server."""

import asyncio
import importlib.util
import sys
import time

import pytest
from listening import listening


@pytest.fixture
def example(root):
    """The example's file."""
    return root / "examples" / "webhook_receiver" / "receiver.py"


async def test_example_receives(example, hooked, submit):
    """The example prints where a film is, and why another is not."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(example), hooked.http, "--port", "0", stdout=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(60):
            where = (await process.stdout.readline()).decode().split()[-1]
            made = await submit(where)
            line = (await process.stdout.readline()).decode()
            assert line.startswith(f"{made} is ready: {hooked.http}/files/"), line
            broken = await submit(where, "A lake [break]")
            line = (await process.stdout.readline()).decode()
            assert line.startswith(f"{broken} is not: Invalid status code: 500"), line
    finally:
        process.kill()
        await process.wait()


async def test_example_refuses_forgeries(example, hooked, submit):
    """The example believes no altered body, no old signature and no other sender."""
    spec = importlib.util.spec_from_file_location("webhook_receiver_example", example)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    async with listening() as receiver:
        await submit(receiver.url)
        (call,) = await receiver.wait()
    keys = module.KeySet(f"{hooked.http}/.well-known/jwks.json")
    headers = {f"X-Fal-Webhook-{name}": call.headers[f"x-fal-webhook-{name}"] for name in module.NAMES}
    now = time.time()

    def check(body: bytes = call.body, at: float = now, **other: str) -> bool:
        return module.is_signed({**headers, **other}, body, keys, now=at)

    assert await asyncio.to_thread(check)
    assert not await asyncio.to_thread(check, call.body + b" ")
    assert not await asyncio.to_thread(check, at=now + 400)
    assert not await asyncio.to_thread(check, **{"X-Fal-Webhook-User-id": "x", "X-Fal-Webhook-user-id": "x"})
    assert not await asyncio.to_thread(check, **{"X-Fal-Webhook-signature": "zz"})
