"""Cases 31 and 32: the client for async code."""

import asyncio
import re

import fal_client
import httpx
import pytest


@pytest.mark.parametrize("recipe", ["P1", "P2"], indirect=True)
async def test_every_call_of_the_async_client(async_client, ep, small, holding, exchanges):
    """Case 31: run, submit, events, status, result, subscribe with an async callback, cancel; never a 3xx."""
    arguments = {**small, "prompt": "A lake"}
    assert (await async_client.run(ep, arguments))["video"]["url"]

    handle = await async_client.submit(ep, arguments)
    kinds = [type(event) async for event in handle.iter_events(with_logs=True, interval=0.02)]
    assert kinds[-1] is fal_client.Completed
    assert await async_client.get_handle(ep, handle.request_id) == handle
    output = await handle.get()
    assert await async_client.result(ep, handle.request_id) == output
    assert (await async_client.status(ep, handle.request_id, with_logs=True)).logs

    ids, seen = [], []
    output = await async_client.subscribe(
        ep,
        {**small, "prompt": "A lake [slow 0.3]"},
        with_logs=True,
        on_enqueue=ids.append,
        on_queue_update=seen.append,
    )
    assert output["video"]["url"]
    assert isinstance(seen[-1], fal_client.Completed)
    assert len(ids) == 1

    held = await async_client.submit(ep, {**small, "prompt": holding})
    await async_client.cancel(ep, held.request_id)
    with pytest.raises(fal_client.FalClientHTTPError) as caught:
        await held.get()
    assert (caught.value.status_code, caught.value.error_type) == (499, "client_cancelled")
    with pytest.raises(fal_client.FalClientHTTPError) as caught:
        await held.cancel()
    assert caught.value.status_code == 400
    assert not [status for status in exchanges.statuses if 300 <= status < 400]


async def test_a_cancelled_task_stops_the_render(async_client, ep, small, holding, server):
    """Case 32: the task of `run_async` is cancelled: the server stops the film it had begun for it."""
    before = _orders(server, "order begun")
    running = asyncio.create_task(async_client.run(ep, {**small, "prompt": holding}))
    async with asyncio.timeout(30):
        while not (begun := _orders(server, "order begun") - before):  # noqa: ASYNC110 - a file is watched
            await asyncio.sleep(0.02)
    handle = await async_client.submit(ep, {**small, "prompt": "A lake"})
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    # The held film would never end by itself: what is behind it is made because it was dropped.
    assert (await handle.get())["video"]["url"]
    assert begun <= _orders(server, "order ended as cancelled")


async def test_a_run_that_times_out_leaves_nothing_behind(async_client, ep, small, holding):
    """Case 32: `timeout` with `start_timeout`, so that the client does not try again: the film is dropped."""
    with pytest.raises(httpx.ReadTimeout):
        await async_client.run(ep, {**small, "prompt": holding}, timeout=1.0, start_timeout=5)
    assert (await async_client.run(ep, {**small, "prompt": "A lake"}))["video"]["url"]


def _orders(server, said: str) -> set[str]:
    """Return the orders of which the worker said this in the server's log."""
    return set(re.findall(rf"{said} .*?order=(\S+)", server.log.read_text()))


async def test_a_limit_of_the_async_client(async_client, ep, small, holding):
    """Case 21: `client_timeout` of async code raises with the id, and its cancel arrives."""
    ids, arguments = [], {**small, "prompt": holding}
    with pytest.raises(fal_client.FalClientTimeoutError) as caught:
        await async_client.subscribe(ep, arguments, client_timeout=1.5, on_enqueue=ids.append)
    assert [caught.value.request_id] == ids
    handle = await async_client.get_handle(ep, ids[0])
    last = [event async for event in handle.iter_events(interval=0.05)][-1]
    assert last.error_type == "client_cancelled"
