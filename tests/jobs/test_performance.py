"""The relay between stage and order book: whenever the stage ends, so does the writing."""

import asyncio
from types import SimpleNamespace

import pytest

from soundstage.jobs.performance import WRITE_GAP_S, _Relay


@pytest.mark.parametrize("steps", range(6))
async def test_a_cancel_that_meets_a_report_is_not_forgotten(steps):
    """A film's last report and its end come together: however they meet, the writing stops."""

    async def write(progress, remarks):
        return False

    relay = _Relay(SimpleNamespace(write=write), asyncio.Event(), ())
    writing = asyncio.create_task(relay.write_on())
    await asyncio.sleep(WRITE_GAP_S * 1.5)  # it waits for something to write
    relay.hear({"stage": "store", "done": 1})
    for _ in range(steps):
        await asyncio.sleep(0)
    writing.cancel()
    done, _ = await asyncio.wait({writing}, timeout=2)
    writing.cancel()
    assert done, "the cancel was forgotten"
    assert writing.cancelled()
