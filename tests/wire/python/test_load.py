"""Case 30: many at once."""

import os
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

CALLERS = 20
GROWTH_MB = 16  #: what twenty connections, their TLS state and their answers may take


def test_parallel_subscribes(client, ep, small, holding, server, exchanges):
    """Case 30: 20 subscribes at once, each polling every 0.1 s: all finish, no 5xx, memory flat."""
    first = client.submit(ep, {**small, "prompt": holding})  # so that all of them poll for a while
    arguments = {**small, "prompt": "A lake"}
    sampled, over = [], threading.Event()

    def sample():
        while not over.wait(0.1):
            sampled.append(_memory_mb(server.process.pid))

    with ThreadPoolExecutor(CALLERS + 1) as pool:
        sampling = pool.submit(sample)
        asked = [pool.submit(client.subscribe, ep, arguments) for _ in range(CALLERS)]
        while len(exchanges.sent) < 15 * CALLERS:
            over.wait(0.05)
        first.cancel()
        outputs = [future.result(timeout=120) for future in asked]
        over.set()
        sampling.result()
    assert len({output["video"]["url"] for output in outputs}) == CALLERS
    assert {status for status in exchanges.statuses if status != 202} == {200}
    settled = sampled[len(sampled) // 5]
    assert max(sampled) - settled < GROWTH_MB, sampled


def _memory_mb(pid: int) -> float:
    """Return what a process holds in memory of its own (resident set)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text("ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6
