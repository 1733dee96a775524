"""The stage as its worker sees it: a process that is asked, cancelled, watched and killed."""

import asyncio
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from soundstage.errors import StageDied, StageError, StageSilent
from soundstage.jobs.stage import Stage


@pytest.fixture
async def start_stage(stage_argv):
    """Starts stages; ends them with the test."""
    started = []

    async def start(*argv: str, **options) -> Stage:
        stage = await Stage.start(argv or stage_argv, os.environ, **options)
        started.append(stage)
        return stage

    yield start
    for stage in started:
        await stage.stop()
        assert not stage.alive


async def test_reports_come_in_order_and_whole(start_stage):
    """Each report arrives once, in order, before the result; noise on stdout is not heard."""
    stage, heard = await start_stage(), []
    ending = await stage.make({"do": ["print:noise", "report:50"], "name": "x"}, heard.append)
    assert ending.outcome == "done"
    assert ending.result == {"made": "x", "pid": stage.pid}
    assert [report["done"] for report in heard] == [0, *range(1, 51)]


async def test_late_cancel_spares_the_next_order(start_stage):
    """A cancel that comes when its order has just ended does not hit the next one."""
    stage = await start_stage()
    await stage.make({}, lambda _: None)
    stage.cancel()
    assert (await stage.make({"do": ["report:3"]}, lambda _: None)).outcome == "done"


async def test_frozen_stage_is_killed(start_stage):
    """A child whose heartbeat stops is killed, and its order hears that it was silent."""
    stage = await start_stage(silent_s=2.5)
    with pytest.raises(StageSilent, match="did not answer"):
        await stage.make({"do": ["freeze"]}, lambda _: None)
    assert not stage.alive
    with pytest.raises(StageSilent):
        await stage.make({}, lambda _: None)


async def test_hung_work_is_killed(start_stage):
    """A child that lives and reports nothing for too long hangs in its work: it is killed, too."""
    stage = await start_stage(still_s=1.5)
    with pytest.raises(StageSilent, match="reported nothing"):
        await stage.make({"do": ["deaf"]}, lambda _: None)


async def test_idle_stage_is_not_taken_for_hung(start_stage):
    """A stage that has nothing to do may say nothing for as long as it likes."""
    stage = await start_stage(still_s=1.2)
    await stage.ready()
    heartbeats = asyncio.create_task(asyncio.sleep(2.5))
    await heartbeats
    assert (await stage.make({}, lambda _: None)).outcome == "done"


@pytest.mark.parametrize(
    ("line", "error"), [("print('no json', flush=True)", StageError), ("raise SystemExit(5)", StageDied)]
)
async def test_child_that_breaks_the_protocol(line, error, start_stage):
    """A child that says what cannot be read, or goes, is an error of its order and no more."""
    stage = await start_stage(sys.executable, "-c", f"input(); {line}")
    stage._send({"begin": True})
    with pytest.raises(error):
        await stage.make({}, lambda _: None)


async def test_line_over_the_limit_is_refused(start_stage):
    """A line of nine megabytes ends its stage, not its reader."""
    stage = await start_stage(sys.executable, "-c", "input(); print('x' * 9_000_000, flush=True); input()")
    stage._send({"begin": True})
    with pytest.raises(StageError, match="cannot be read"):
        await stage.make({}, lambda _: None)


async def test_command_that_is_not_there(start_stage):
    """A stage that cannot be started says so by name."""
    with pytest.raises(StageDied, match="/nonexistent"):
        await start_stage("/nonexistent/stage")


async def test_stop_is_polite_to_an_idle_stage(start_stage):
    """An idle stage ends by itself, its exit code is its own."""
    stage = await start_stage()
    await stage.ready()
    await stage.stop(grace_s=20)
    assert stage._process.returncode == 0


def test_stage_ends_with_its_parent_in_the_middle_of_work(stage_argv, tmp_path):
    """When the parent's pipe closes the stage ends at once, with what it has started, also while it works."""
    child = tmp_path / "child"
    with subprocess.Popen(
        stage_argv,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    ) as stage:
        stage.stdin.write(b'{"make": {"do": ["child:%s", "deaf"]}}\n' % bytes(child))
        stage.stdin.flush()
        while b"deaf" not in stage.stdout.readline():
            pass
        stage.stdin.close()
        assert stage.wait(10) != 0
    deadline = time.monotonic() + 10
    while _runs(int(child.read_text())):
        assert time.monotonic() < deadline
        time.sleep(0.02)


def _runs(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False)
    return bool(state.stdout.strip()) and not state.stdout.startswith("Z")


def test_stage_loads_no_database():
    """The warm process does not pay for the driver and the queue."""
    code = "import sys; import soundstage.jobs.stage; "
    code += "sys.exit(any(name in sys.modules for name in ('psycopg', 'procrastinate', 'pydantic', 'numpy')))"
    subprocess.run([sys.executable, "-c", code], check=True, cwd=Path(__file__).parent)
