"""Claim: an idle server takes under 3 % of a core; its memory: 400 MB, 700 after a film, 400 again later.

Run: `python benchmarks/idle_server.py [--idle-s 30]`. Starts a real `soundstage serve` as users do, with its
engines warm, makes one film of 5 s at 1080p, and waits until the idle stage was replaced (here after 15 s
instead of 10 minutes). Memory is PSS, and CPU that of all processes: API, worker, stage, PostgreSQL.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

import httpx

EP = "fal-ai/kling-video/v3/pro/text-to-video"
IDLE_STAGE_S = 15.0


def processes(root: int) -> list[int]:
    """Return a process and all below it."""
    below = subprocess.run(
        ["/bin/ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True
    ).stdout.split()
    parents = {int(pid): int(ppid) for pid, ppid in zip(below[::2], below[1::2], strict=True)}
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def tree(folder: Path, server: int) -> list[int]:
    """Return the server's processes: PostgreSQL is none of its children."""
    told = next(folder.rglob("postmaster.pid"), None)
    return processes(server) + (processes(int(told.read_text().split()[0])) if told else [])


def pss_mb(pids: list[int]) -> float:
    """Return what these processes keep in memory, shared pages divided among those who share them."""
    total = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):  # PostgreSQL's helpers come and go
            for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
    return total / 1e3


def cpu_s(pids: list[int]) -> float:
    """Return the CPU seconds these processes have spent."""
    spent = 0
    for pid in pids:
        with suppress(FileNotFoundError, ProcessLookupError):
            fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
            spent += int(fields[11]) + int(fields[12])
    return spent / os.sysconf("SC_CLK_TCK")


def measure(base: str, home: Path, server: int, idle_s: float) -> None:
    """Watch an idle server, then one that has made a film."""
    pids = tree(home, server)
    print(f"before any film   {pss_mb(pids):4.0f} MB in {len(pids)} processes (claim 400)")
    before, begun = cpu_s(pids), time.monotonic()
    time.sleep(idle_s)
    spent = 100 * (cpu_s(pids) - before) / (time.monotonic() - begun)
    print(f"idle              {spent:4.1f} % of a core (claim 3)", flush=True)
    body = {"prompt": "Close-up of glowing fireflies dancing in a dark forest at twilight", "duration": "5"}
    httpx.post(f"{base}/run/{EP}", json=body, timeout=300).raise_for_status()
    print(f"after a film      {pss_mb(tree(home, server)):4.0f} MB (claim 700)", flush=True)
    time.sleep(IDLE_STAGE_S + 15)
    print(f"stage replaced    {pss_mb(tree(home, server)):4.0f} MB (claim 400)")


def main() -> None:
    """Start a server in a new folder and watch it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--idle-s", type=float, default=30.0)
    told = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="soundstage-benchmark-", dir="/tmp"))
    folder.chmod(0o711)
    home = folder / "home"
    environ = {**os.environ, "SOUNDSTAGE_HOME": str(home), "SOUNDSTAGE_IDLE_STAGE_S": str(IDLE_STAGE_S)}
    command = [sys.executable, "-m", "soundstage"]
    subprocess.run([*command, "warm"], env=environ, check=True)
    with (folder / "log").open("wb") as log:
        server = subprocess.Popen(
            [*command, "serve", "--port", "0", "--tls-port", "0"], env=environ, stdout=log, stderr=log
        )
    try:
        while not (home / "run" / "server.json").exists():
            assert server.poll() is None, (folder / "log").read_text()
            time.sleep(0.1)
        time.sleep(15)  # the stage is up and warm
        port = json.loads((home / "run" / "server.json").read_text())["port"]
        measure(f"http://127.0.0.1:{port}", home, server.pid, told.idle_s)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)
        shutil.rmtree(folder)


if __name__ == "__main__":
    main()
