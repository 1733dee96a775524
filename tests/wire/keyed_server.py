"""A server that asks for keys, as its operator and its callers see it."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
from servers import SOUNDSTAGE

if TYPE_CHECKING:
    from servers import Server


@dataclass(frozen=True, slots=True, kw_only=True)
class Keyed:
    """A server that asks for keys."""

    server: Server
    key: str
    admin: str
    tunnel_exports: str  #: what `serve --print-env --connect` prints

    @property
    def where(self) -> dict[str, Any]:
        """What the server wrote down about itself."""
        return json.loads((self.server.home / "run" / "server.json").read_text())

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run `soundstage ...` beside the server, as its operator would."""
        return command(self.server.environ, *words)

    def caller(self, key: str | None) -> httpx.Client:
        """Return a caller by plain HTTP with a key or without."""
        headers = {"authorization": f"Key {key}"} if key else {}
        return httpx.Client(base_url=self.server.http, headers=headers, timeout=60)

    def tunnel_environ(self, key: str) -> dict[str, str]:
        """Return the environment of a shell after `eval` of the tunnel's exports."""
        lines = [shlex.split(line) for line in self.tunnel_exports.splitlines()]
        exports = dict(words[1].split("=", 1) for words in lines if words[0] == "export")
        unset = {words[1] for words in lines if words[0] == "unset"}
        assert not unset & exports.keys()
        clean = {k: v for k, v in self.server.environ.items() if not k.startswith(("SOUNDSTAGE_", "FAL_"))}
        return {**clean, **exports, "FAL_KEY": key}

    def python(self, code: str, environ: dict[str, str]) -> subprocess.CompletedProcess[str]:
        """Run a user's program. It is given far less time than a client takes that goes on trying."""
        return subprocess.run(
            [sys.executable, "-c", code], env=environ, capture_output=True, text=True, timeout=40, check=False
        )


def command(environ: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run `soundstage ...` on the data folder that `environ` names."""
    return subprocess.run(
        [*SOUNDSTAGE, *words], env=environ, capture_output=True, text=True, timeout=60, check=False
    )


def wait_for(caller: httpx.Client, status: int) -> None:
    """Ask for what is not there until the gate says yes (404) or no (401); a test's own limit ends it."""
    while caller.get("/nowhere").status_code != status:
        pass
