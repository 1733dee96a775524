"""Kernels compiled once for this machine, by one process, before any other needs them.

numba compiles a kernel at its first call and keeps it in `NUMBA_CACHE_DIR`. Two processes that fill that
folder at once do the work twice, so the first takes a lock and the rest wait for it.
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import time
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from soundstage.locks import held

if TYPE_CHECKING:
    from collections.abc import Callable

    from soundstage.config import Settings

#: folders whose compiled code is in the cache; a change in any of them makes it cold
_KERNEL_FOLDERS = ("render/previz", "sound")


def warm_kernels(settings: Settings, *, say: Callable[[str], object], again: bool = False) -> float | None:
    """Compile every kernel unless that was done for this code on this machine.

    Returns:
        The seconds it took; None when the cache was warm.
    """
    stamp = _stamp(settings)
    if stamp.exists() and not again:
        return None
    cache = stamp.parent
    with held(cache / ".lock"):
        if stamp.exists() and not again:
            return None
        say("First run on this machine: compiling kernels, once (about 20 s)")
        started = time.perf_counter()
        # Half of the work in a second process: compiling holds the interpreter lock.
        code = "from soundstage.sound import warm; warm()"
        with subprocess.Popen([sys.executable, "-c", code]) as sound:
            _warm_previz(settings)
        if sound.returncode != 0:
            say("Sound kernels did not compile ahead; they will when they are first needed")
        for old in cache.glob("*.warm"):
            old.unlink(missing_ok=True)
        stamp.touch()
        return time.perf_counter() - started


def is_warm(settings: Settings) -> bool:
    """Tell whether every kernel was compiled for this code on this machine."""
    return _stamp(settings).exists()


def _stamp(settings: Settings) -> Path:
    """Return the file that says so; the variable wins, as it does for numba."""
    return Path(os.environ.get("NUMBA_CACHE_DIR", settings.kernel_cache)) / f"{_fingerprint()}.warm"


def _warm_previz(settings: Settings) -> None:
    from soundstage.render.engine import Workplace  # noqa: PLC0415 - needed only when cold
    from soundstage.render.previz.engine import PrevizEngine  # noqa: PLC0415

    engine = PrevizEngine(Workplace(cache_dir=settings.cache, workers=settings.threads))
    engine.open()
    engine.warm(lambda _: None)
    engine.close()


def _fingerprint() -> str:
    """Return a hash of the kernels' sources, numba's version and the processor."""
    told = hashlib.sha256()
    told.update(f"{version('numba')} {platform.python_version()} {_processor()}".encode())
    root = Path(str(files("soundstage")))
    for folder in _KERNEL_FOLDERS:
        where = root / folder
        for path in sorted(where.rglob("*.py")):
            told.update(f"{path.relative_to(where)} {path.stat().st_size} {path.stat().st_mtime_ns}".encode())
    return told.hexdigest()[:16]


def _processor() -> str:
    """Name the processor; numba's cache is keyed by it."""
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as cpuinfo:  # noqa: PTH123 - Linux only, read once
            return next((line for line in cpuinfo if line.startswith("model name")), platform.machine())
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
