"""The doors as processes: the terminal, and a server with its printed exports."""

import json
import shlex
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SOUNDSTAGE = (sys.executable, "-m", "soundstage")


@dataclass(frozen=True)
class Terminal:
    """Runs `soundstage ...` as a user would, in a data folder of its own."""

    environ: dict[str, str]

    def run(
        self, *words: str, stdin: str | None = None, timeout_s: float = 240
    ) -> subprocess.CompletedProcess:
        return subprocess.run(
            [*SOUNDSTAGE, *words],
            env=self.environ,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    def film(self, *words: str, **more) -> dict:
        """Make a film and return what `--json` says of it."""
        told = self.run("film", "--json", *words, **more)
        assert told.returncode == 0, told.stdout + told.stderr
        return json.loads(told.stdout)


@dataclass
class Server:
    """One `soundstage serve` on ports of its own."""

    process: subprocess.Popen
    home: Path
    environ: dict[str, str]
    exports: dict[str, str]
    log: Path

    @property
    def http(self) -> str:
        ports = json.loads((self.home / "run" / "server.json").read_text())
        return f"http://127.0.0.1:{ports['port']}"

    def client(self, code: str, *, timeout_s: float = 240, **variables: str) -> subprocess.CompletedProcess:
        """Run a client's program with nothing but the printed exports."""
        return subprocess.run(
            [sys.executable, "-c", code],
            env={**self.environ, **self.exports, **variables},
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(30)


def start_server(home: Path, environ: dict[str, str], *flags: str) -> Server:
    """Start a server and wait until it is ready to make films."""
    environ = {**environ, "SOUNDSTAGE_HOME": str(home)}
    log = home.parent / f"{home.name}.log"
    with log.open("ab") as out:
        process = subprocess.Popen(
            [*SOUNDSTAGE, "serve", "--port", "0", "--tls-port", "0", *flags],
            env=environ,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
    deadline = time.monotonic() + 120
    while not (home / "run" / "server.json").exists():
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < deadline, log.read_text()
        time.sleep(0.05)
    told = subprocess.run(
        [*SOUNDSTAGE, "serve", "--print-env"], env=environ, capture_output=True, text=True, check=True
    )
    return Server(process, home, environ, read_exports(told.stdout), log)


def read_exports(text: str) -> dict[str, str]:
    """Read `export NAME=value` lines as sh would."""
    exports = {}
    for line in text.splitlines():
        word, assignment = shlex.split(line)
        assert word == "export", line
        name, _, value = assignment.partition("=")
        exports[name] = value
    return exports
