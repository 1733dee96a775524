"""The supervisor keeps processes alive, with growing gaps, and stops them in order."""

import asyncio
import itertools
import os
import signal
import sys
from pathlib import Path

import pytest

from soundstage.jobs.supervisor import Child, Supervisor

#: writes a line to the file at each start, and one for each signal it hears
FAITHFUL = """
import os, signal, sys, time
def note(*words):
    with open(sys.argv[1], "a") as notes: print(*words, file=notes, flush=True)
signal.signal(signal.SIGTERM, lambda *_: (note("stopped", sys.argv[2]), sys.exit(0)))
signal.signal(signal.SIGUSR1, lambda *_: note("heard", sys.argv[2]))
note("started", sys.argv[2], os.getpid())
while True: time.sleep(60)
"""
STUBBORN = FAITHFUL.replace("(note", "(None and note").replace("sys.exit(0)", "0")


@pytest.fixture
def notes(tmp_path):
    """Where children write down what happens to them."""
    return tmp_path / "notes"


@pytest.fixture
async def supervise(notes):
    """Runs a supervisor over programs; stops it with the test."""
    running = []

    async def run(*programs: str, **options) -> tuple[Supervisor, asyncio.Task]:
        children = [
            Child(name=f"c{i}", argv=(sys.executable, "-c", code, str(notes), f"c{i}"), environ=os.environ)
            for i, code in enumerate(programs)
        ]
        supervisor = Supervisor(children, **{"first_gap_s": 0.05, **options})
        running.append((supervisor, asyncio.create_task(supervisor.run())))
        return running[-1]

    yield run
    for supervisor, task in running:
        supervisor.stop()
        await asyncio.wait({task})


async def test_killed_child_is_started_again(supervise, notes):
    """A child that dies is replaced; the other one is left alone."""
    supervisor, _ = await supervise(FAITHFUL, FAITHFUL)
    await _lines(notes, 2)
    first, second = supervisor.pids
    os.kill(first, signal.SIGKILL)
    await _lines(notes, 3)
    assert supervisor.pids[0] != first
    assert supervisor.pids[1] == second


async def test_failing_child_gets_growing_gaps(supervise, notes):
    """A child that fails at once is not started in a tight loop: each gap is twice the one before."""
    starts = []
    code = "import sys; open(sys.argv[1], 'a').write('started\\n'); sys.exit(1)"
    await supervise(code, first_gap_s=0.1, longest_gap_s=10)
    loop = asyncio.get_running_loop()
    for n in range(1, 5):
        await _lines(notes, n)
        starts.append(loop.time())
    gaps = [after - before for before, after in itertools.pairwise(starts)]
    assert gaps[2] > 0.4, "0.1, 0.2, 0.4 s beside the time a process takes"


async def test_stop_ends_all_politely(supervise, notes):
    """Stopping sends SIGTERM once and starts nothing again."""
    supervisor, task = await supervise(FAITHFUL, FAITHFUL)
    await _lines(notes, 2)
    supervisor.stop()
    await task
    assert sorted(line.split()[:2] for line in notes.read_text().splitlines()[2:]) == [
        ["stopped", "c0"],
        ["stopped", "c1"],
    ]
    assert supervisor.pids == ()


async def test_stubborn_child_is_killed(supervise, notes):
    """A child that ignores SIGTERM does not hold up the end for ever."""
    supervisor, task = await supervise(STUBBORN, stop_s=0.3)
    await _lines(notes, 1)
    (pid,) = supervisor.pids
    supervisor.stop()
    await task
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_signals_are_passed_on(supervise, notes):
    """A forwarded signal reaches every child."""
    supervisor, _ = await supervise(FAITHFUL, FAITHFUL)
    await _lines(notes, 2)
    supervisor.forward(signal.SIGUSR1)
    await _lines(notes, 4)
    assert notes.read_text().count("heard") == 2


async def test_cancelled_supervisor_stops_its_children(supervise, notes):
    """When whoever runs the supervisor gives up, no child is left behind."""
    supervisor, task = await supervise(FAITHFUL)
    await _lines(notes, 1)
    (pid,) = supervisor.pids
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def _lines(path: Path, count: int) -> None:
    async with asyncio.timeout(20):
        while _count(path) < count:  # noqa: ASYNC110 - other processes write the file
            await asyncio.sleep(0.02)


def _count(path: Path) -> int:
    return len(path.read_text().splitlines()) if path.exists() else 0
