"""The worker as a process, with its stage: every order ends once, whoever is killed on the way."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from soundstage.errors import OrderFinished
from soundstage.jobs.book import OrderBook
from soundstage.jobs.embedded import EmbeddedPostgres
from soundstage.jobs.migrate import migrate


async def test_order_is_made_and_told(worked_book, new_order, ended):
    """An order ends with its result, its last report and its log in order."""
    order = await worked_book.submit(new_order("report:5"))
    state = await ended(worked_book, order.order_id)
    assert (state.status, state.result["made"], state.attempts) == ("done", "film", 1)
    assert state.progress["done"] == 5
    assert state.submitted_at <= state.started_at <= state.ended_at
    lines = await worked_book.logs(order.order_id)
    assert [line.message for line in lines] == ["begun", *(f"frame {n}" for n in range(1, 6))]
    assert [line.seq for line in lines] == [1, 2, 3, 4, 5, 6]
    assert [line.at for line in lines] == sorted(line.at for line in lines)
    assert [line.seq for line in await worked_book.logs(order.order_id, after=4)] == [5, 6]


async def test_stage_stays_warm(worked_book, new_order, ended):
    """One process makes order after order; a stray print and a failed order do not end it."""
    orders = [await worked_book.submit(new_order(*acts)) for acts in ([], ["print:noise"], ["fail:bug"], [])]
    states = [await ended(worked_book, order.order_id) for order in orders]
    assert [state.status for state in states] == ["done", "done", "failed", "done"]
    assert len({state.result["pid"] for state in states if state.result}) == 1


async def test_watch_sees_every_status(book, new_order, start_worker, tmp_path):
    """A watcher sees waiting, running with each log line, done; then the watch ends."""
    gate = tmp_path / "gate"
    order = await book.submit(new_order(f"until:{gate}", "say:last words"))
    seen = []
    async for state in book.watch(order.order_id):
        if not seen:
            start_worker()
        seen.append(state.status)
        if state.status == "running" and state.progress:
            gate.touch()
    assert seen[0] == "waiting"
    assert "running" in seen
    assert seen[-1] == "done"
    assert [line.message for line in await book.logs(order.order_id)] == ["begun", "last words"]


async def test_running_order_is_cancelled(worked_book, new_order, until, ended, tmp_path):
    """A running order hears of its cancel at its next report, ends as cancelled, and the stage lives on."""
    order = await worked_book.submit(new_order(f"until:{tmp_path / 'never'}"))
    pid = (
        await until(worked_book, order.order_id, lambda s: s.progress),
        await worked_book.logs(order.order_id),
    )[1][0].facts["pid"]
    begun = time.monotonic()
    assert (await worked_book.cancel(order.order_id)).cancel_requested
    state = await ended(worked_book, order.order_id)
    assert state.status == "cancelled"
    assert state.result is None
    assert time.monotonic() - begun < 2
    with pytest.raises(OrderFinished):
        await worked_book.cancel(order.order_id)
    after = await worked_book.submit(new_order())
    assert (await ended(worked_book, after.order_id)).result["pid"] == pid


async def test_deaf_order_is_killed(worked_book, new_order, until, ended, tmp_path):
    """A stage that ignores a cancel is killed with all it started, and a new one makes the next order."""
    child = tmp_path / "child"
    order = await worked_book.submit(new_order(f"child:{child}", "deaf"))
    await until(worked_book, order.order_id, lambda s: s.progress and s.progress.get("message") == "deaf")
    begun = time.monotonic()
    await worked_book.cancel(order.order_id)
    assert (await ended(worked_book, order.order_id)).status == "cancelled"
    assert time.monotonic() - begun < 3
    assert not _lives(int(child.read_text()))
    after = await worked_book.submit(new_order())
    assert (await ended(worked_book, after.order_id)).status == "done"


async def test_killed_worker_loses_its_order(book, new_order, start_worker, until, ended, tmp_path):
    """An order whose worker was killed is taken up by another and ends once; the orphaned stage ends."""
    gate = tmp_path / "gate"
    order = await book.submit(new_order(f"until:{gate}"))
    first = start_worker()
    await until(book, order.order_id, lambda s: s.progress)
    stage = (await book.logs(order.order_id))[0].facts["pid"]
    first.kill()
    begun = time.monotonic()
    start_worker()
    await until(book, order.order_id, lambda s: s.attempts == 2 and s.progress)
    assert time.monotonic() - begun < 12  # 4 s of silence, a rescue each second, and a busy machine
    assert not _lives(stage)
    gate.touch()
    state = await ended(book, order.order_id)
    assert (state.status, state.attempts) == ("done", 2)
    messages = [line.message for line in await book.logs(order.order_id)]
    assert messages == ["begun", "The worker that made this was lost; it is made again.", "begun"]


async def test_frozen_worker_cannot_end_what_went_to_another(
    book, new_order, start_worker, until, ended, tmp_path
):
    """A worker taken for dead that wakes up again changes nothing: its lease is void."""
    gate = tmp_path / "gate"
    order = await book.submit(new_order(f"until:{gate}"))
    first = start_worker()
    await until(book, order.order_id, lambda s: s.progress)
    first.process.send_signal(signal.SIGSTOP)
    start_worker()
    await until(book, order.order_id, lambda s: s.attempts == 2 and s.progress)
    first.process.send_signal(signal.SIGCONT)
    lost_stage, stage = (
        line.facts["pid"] for line in await book.logs(order.order_id) if line.message == "begun"
    )
    await _true(lambda: not _lives(lost_stage))
    gate.touch()
    state = await ended(book, order.order_id)
    assert (state.status, state.attempts, state.result["pid"]) == ("done", 2, stage)


async def test_killed_stage_is_tried_again(worked_book, new_order, ended, tmp_path):
    """An order whose stage died is made again by a new one."""
    order = await worked_book.submit(new_order(f"once:{tmp_path / 'crashed'},crash:9"))
    state = await ended(worked_book, order.order_id)
    assert (state.status, state.attempts) == ("done", 2)
    assert "ended with code 9" in (await worked_book.logs(order.order_id))[1].message


async def test_stage_that_always_dies_fails_the_order(worked_book, new_order, ended):
    """After three attempts the order fails and says why; the worker goes on."""
    order = await worked_book.submit(new_order("crash:7"))
    after = await worked_book.submit(new_order())
    state = await ended(worked_book, order.order_id)
    assert (state.status, state.error_kind, state.attempts) == ("failed", "stage_died", 3)
    assert "ended with code 7" in state.error_message
    assert (await ended(worked_book, after.order_id)).status == "done"


@pytest.mark.parametrize(
    ("act", "kind", "attempts"),
    [
        ("fail:storage", "storage_error", 3),
        ("fail:voice", "voice_unavailable", 1),
        ("fail:bug", "internal_server_error", 1),
        ("huge:8000000", "internal_server_error", 1),
        ("nul", "stage_error", 3),
    ],
)
async def test_failures_keep_their_name(act, kind, attempts, worked_book, new_order, ended):
    """What `make` raises ends the order under its own kind, after three attempts where that may help."""
    order = await worked_book.submit(new_order(act))
    state = await ended(worked_book, order.order_id)
    assert (state.status, state.error_kind, state.attempts) == ("failed", kind, attempts)
    assert state.error_message


async def test_stopped_worker_gives_its_order_back(book, new_order, start_worker, until, ended, tmp_path):
    """SIGTERM ends a worker within 5 s; its order waits at its old place again and lost no attempt."""
    gate = tmp_path / "gate"
    order = await book.submit(new_order(f"until:{gate}"))
    behind = await book.submit(new_order())
    worker = start_worker()
    await until(book, order.order_id, lambda s: s.progress)
    begun = time.monotonic()
    assert worker.stop() == 0
    assert time.monotonic() - begun < 5
    state = await book.find(order.order_id)
    assert (state.status, state.queue_position, state.attempts) == ("waiting", 0, 0)
    assert (await book.find(behind.order_id)).queue_position == 1
    gate.touch()
    start_worker()
    assert (await ended(book, order.order_id)).attempts == 1


async def test_cancelled_order_of_a_lost_worker_ends(book, new_order, start_worker, until, ended, tmp_path):
    """A cancel asked while nobody works is honoured by whoever takes the order up."""
    order = await book.submit(new_order(f"until:{tmp_path / 'never'}"))
    worker = start_worker()
    await until(book, order.order_id, lambda s: s.progress)
    worker.kill()
    await book.cancel(order.order_id)
    start_worker()
    state = await ended(book, order.order_id)
    assert (state.status, state.attempts) == ("cancelled", 1)


async def test_stage_that_cannot_get_ready_fails_orders(book, new_order, start_worker, stage_argv, ended):
    """A stage that fails to prepare says why in the order, and the worker does not spin on it."""
    order = await book.submit(new_order())
    start_worker((*stage_argv, "broken"))
    state = await ended(book, order.order_id)
    assert state.error_kind == "stage_died"
    assert "this stage is broken" in state.error_message


async def test_orphaned_worker_stops(dsn, stage_argv, tmp_path):
    """A worker told to follow its parent ends when that is gone; its stage with it."""
    argv = [sys.executable, str(Path(__file__).parent / "worker_process.py"), dsn, json.dumps(stage_argv)]
    pid_file, log = tmp_path / "pid", tmp_path / "log"
    with subprocess.Popen(  # noqa: ASYNC220 - nothing else runs in this loop
        [
            "sh",
            "-c",
            f'"$@" 2>{log} & echo $! > {pid_file}; read _',
            "sh",
            *argv,
            '{"stop_when_orphaned": true}',
        ],
        stdin=subprocess.PIPE,
    ) as parent:
        await _true(lambda: log.exists() and "ready for orders" in log.read_text())
        parent.kill()
    await _true(lambda: not _lives(int(pid_file.read_text())))


async def test_worker_ends_when_the_database_goes(kept_server, start_worker, new_order, stage_argv):
    """A worker whose database went away ends with an error, so that whoever supervises it starts it again."""
    dsn = kept_server.dsn()
    await migrate(dsn)
    worker = start_worker(database=dsn)
    async with OrderBook(dsn) as book:
        order = await book.submit(new_order("deaf"))
        async for state in book.watch(order.order_id):
            if state.progress and state.progress.get("message") == "deaf":
                break
        stage = (await book.logs(order.order_id))[0].facts["pid"]
        kept_server.stop()
        assert await asyncio.to_thread(worker.process.wait, 30) == 3
        assert not _lives(stage)


@pytest.fixture
def kept_server(open_folder):
    """A server of the test's own."""
    with EmbeddedPostgres(open_folder / f"home-{uuid.uuid4().hex[:8]}", environ=os.environ) as server:
        yield server


async def _true(holds, within_s: float = 20.0) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline
        await asyncio.sleep(0.05)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:  # noqa: PTH123
        return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
