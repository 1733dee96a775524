"""Kernels compiled once for this machine, by one process at a time.

numba compiles a kernel at its first call and keeps it in `NUMBA_CACHE_DIR`. Two processes that fill that
folder at once do the work twice, so the first takes a lock and the rest wait. What is compiled is noted as
stamps beside the kernels: `all`, or one for each thing that a film needed ("place:forest", "kind:dog").
"""

from __future__ import annotations

import hashlib
import os
import platform
import subprocess
import sys
import time
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

from soundstage.film import FrameSize
from soundstage.locks import held

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence

    from soundstage.config import Settings
    from soundstage.film import Screenplay
    from soundstage.render.engine import Brief, Engine

#: folders whose compiled code is in the cache; a change in any of them makes it cold
_KERNEL_FOLDERS = ("render/previz", "sound")
_ALL = "all"
_TINY = FrameSize(width=128, height=72)
_WAITING = "Another process is compiling kernels for this machine: waiting for it"


def is_warm(settings: Settings) -> bool:
    """Tell whether every kernel was compiled for this code on this machine."""
    return (_stamps(settings) / _ALL).exists()


def warm_kernels(settings: Settings, *, say: Callable[[str], object], again: bool = False) -> float | None:
    """Compile every kernel unless that was done for this code on this machine.

    Returns:
        The seconds it took; None when the cache was warm.
    """
    if is_warm(settings) and not again:
        return None
    with held(_cache(settings) / ".lock", on_wait=lambda: say(_WAITING)):
        if is_warm(settings) and not again:
            return None
        say("Compiling kernels for this processor, once")
        started = time.perf_counter()
        with _sound_compiling(say):
            _warm_previz(settings)
        _stamp(settings, {_ALL})
        return time.perf_counter() - started


def warm_for(
    screenplay: Screenplay,
    settings: Settings,
    engine: Engine,
    briefs: Sequence[Brief],
    *,
    say: Callable[[str], object],
) -> None:
    """Compile what one film needs, by drawing a tiny frame of each shot, unless that was done before.

    A first film pays for the kernels that it draws with, not for all there are.
    """
    needs = _needs(screenplay)
    if is_warm(settings) or not _missing(settings, needs):
        return
    with held(_cache(settings) / ".lock", on_wait=lambda: say(_WAITING)):
        if is_warm(settings) or not (missing := _missing(settings, needs)):
            return
        say("First film of its kind on this machine: compiling its kernels, once (10 to 40 s)")
        with _sound_compiling(say) if "sound" in missing else nullcontext():
            for shot, brief in zip(screenplay.shots, briefs, strict=True):
                for _ in engine.render(shot, replace(brief, size=_TINY, frame_count=1)):
                    pass
        _stamp(settings, needs)


def _needs(screenplay: Screenplay) -> set[str]:
    """Name what the film is drawn and heard with; nouns that stand as letters all need the same."""
    from soundstage.render.previz.repertoire import kind_of  # noqa: PLC0415 - its tables load on use

    needs = {"sound"} if screenplay.sound else set[str]()
    for shot in screenplay.shots:
        needs |= {f"place:{shot.place}", f"weather:{shot.weather}", f"time:{shot.time_of_day}"}
        needs |= {f"kind:{kind_of(subject).name}" for subject in shot.subjects}
    return needs


def _missing(settings: Settings, needs: set[str]) -> set[str]:
    return {need for need in needs if not (_stamps(settings) / _name(need)).exists()}


def _name(need: str) -> str:
    """Return a file's name for a need: an edited screenplay may hold any text, of any length."""
    return need if need == _ALL else hashlib.sha256(need.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _stamp(settings: Settings, needs: set[str]) -> None:
    stamps = _stamps(settings)
    stamps.mkdir(parents=True, exist_ok=True)
    for need in needs:
        (stamps / _name(need)).touch()


def _cache(settings: Settings) -> Path:
    """Return where numba keeps what it compiled; the variable wins, as it does for numba."""
    named = os.environ.get("NUMBA_CACHE_DIR")
    return Path(named) if named else name_cache(settings.kernel_cache)


def _stamps(settings: Settings) -> Path:
    return _cache(settings) / "warm" / _fingerprint()


@contextmanager
def _sound_compiling(say: Callable[[str], object]) -> Generator[None]:
    """Compile the kernels of sound in a second process meanwhile: compiling holds the interpreter's lock."""
    code = "from soundstage.sound import warm; warm()"
    with subprocess.Popen([sys.executable, "-c", code]) as sound:
        yield
    if sound.returncode != 0:
        say("The kernels of sound did not compile ahead; they will when they are first needed")


def _warm_previz(settings: Settings) -> None:
    from soundstage.render.engine import Workplace  # noqa: PLC0415 - needed only when cold
    from soundstage.render.previz.engine import PrevizEngine  # noqa: PLC0415 - same

    engine = PrevizEngine(Workplace(cache_dir=settings.cache, workers=settings.threads))
    engine.warm(lambda _: None)
    engine.close()


def name_cache(folder: Path) -> Path:
    """Return where in `folder` this code's kernels are kept.

    A name of their own for each state of the sources: numba looks at the file of a kernel alone, and would go
    on using one whose inlined parts have changed.
    """
    return folder / _fingerprint()


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
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return f"{platform.machine()} {platform.processor()}"
    return next((line for line in lines if line.startswith("model name")), platform.machine())
