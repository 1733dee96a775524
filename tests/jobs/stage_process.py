"""A stage whose payload says what it shall do, act by act; the result names what was made."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from soundstage.errors import StorageError, VoiceUnavailable
from soundstage.jobs.stage import serve_stage


def make(payload: dict, tell) -> dict:
    """Do what the payload says."""
    tell({"stage": "plan", "done": 0, "total": 1, "message": "begun", "facts": {"pid": os.getpid()}})
    for act in payload.get("do", []):
        word, _, rest = act.partition(":")
        ACTS[word](rest, tell)
    return {"made": payload.get("name", "film"), "pid": os.getpid()}


def _report(count: str, tell) -> None:
    for done in range(1, int(count) + 1):
        tell({"stage": "render", "done": done, "total": int(count), "message": f"frame {done}"})


def _until(path: str, tell) -> None:
    """Report until the file `path` is there: the test decides when."""
    done = 0
    while not Path(path).exists():
        done += 1
        tell({"stage": "render", "done": done, "total": 0})
        time.sleep(0.02)


def _deaf(_: str, tell) -> None:
    """Never report again, so that a cancel is not heard."""
    tell({"stage": "render", "done": 1, "total": 1, "message": "deaf"})
    while True:
        time.sleep(3600)


def _once(rest: str, tell) -> None:
    """Do the act after the path, the first time only."""
    path, _, act = rest.partition(",")
    if not Path(path).exists():
        Path(path).touch()
        word, _, more = act.partition(":")
        ACTS[word](more, tell)


def _fail(kind: str, _) -> None:
    raise {"storage": StorageError, "voice": VoiceUnavailable, "bug": ZeroDivisionError}[kind](
        f"{kind} failed"
    )


def _child(path: str, _) -> None:
    """Start a process that outlives its task, and write its pid."""
    pid = subprocess.Popen(["sleep", "3600"]).pid
    part = Path(f"{path}.part")
    part.write_text(str(pid))
    part.rename(path)


ACTS = {
    "report": _report,
    "until": _until,
    "deaf": _deaf,
    "once": _once,
    "fail": _fail,
    "child": _child,
    "crash": lambda code, _: os._exit(int(code)),
    "freeze": lambda _, __: os.kill(os.getpid(), signal.SIGSTOP),
    "print": lambda text, _: (sys.stdout.write(text), os.write(1, b"\x00noise without an end")),
    "say": lambda text, tell: tell({"stage": "render", "done": 1, "total": 1, "message": text}),
    "nul": lambda _, tell: tell({"stage": "render", "done": 1, "total": 1, "message": "a\0b"}),
    "huge": lambda size, tell: tell({"stage": "render", "done": 1, "total": 1, "message": "x" * int(size)}),
}


def _prepare() -> None:
    if "broken" in sys.argv:
        raise VoiceUnavailable("this stage is broken")


if __name__ == "__main__":
    serve_stage(make, _prepare)
