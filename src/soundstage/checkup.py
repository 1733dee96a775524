"""What this machine can do, and why: the findings of `soundstage doctor`. Builds parts, changes nothing."""

from __future__ import annotations

import os
import platform
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage import app, planning
from soundstage.errors import SoundstageError
from soundstage.warmth import is_warm

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from soundstage.config import Settings

#: instruction sets that change how fast a kernel is, best first
_SIMD = ("avx512f", "avx2", "asimd", "neon", "sse4.2")

#: a minute of 4K film with its clips, and the database's log beside it
_DISK_NEEDED_MB = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One line of the doctor."""

    part: str
    well: bool
    sentence: str  #: what, and why
    needed: bool = True  #: False: films are made without it


def examine(settings: Settings) -> tuple[Finding, ...]:
    """Look at every part that a film or a server needs."""
    from soundstage.jobs.survey import check_database
    from soundstage.sound import check_voice
    from soundstage.stitch import check_encoder

    return (
        Finding(
            part="cores", well=True, sentence=f"{os.cpu_count()} cores, {settings.threads} frames in flight"
        ),
        Finding(part="simd", well=True, sentence=_simd()),
        Finding(part="kernels", well=True, sentence=_kernels(settings)),
        *_engines(settings),
        _checked("encoder", check_encoder),
        _checked("voices", lambda: check_voice(settings.voices_dir)),
        _checked("planner", lambda: planning.check_planner(settings), needed=False),
        _checked("translator", lambda: planning.check_translator(settings), needed=False),
        _checked("database", lambda: check_database(settings.home, settings.database), needed=False),
        _storage(settings),
        _disk(settings),
    )


def _checked(part: str, check: Callable[[], str], *, needed: bool = True) -> Finding:
    try:
        return Finding(part=part, well=True, sentence=check(), needed=needed)
    except SoundstageError as exc:
        return Finding(part=part, well=False, sentence=str(exc), needed=needed)


def _simd() -> str:
    from llvmlite import binding

    features = binding.get_host_cpu_features()
    best = next((name for name in _SIMD if features.get(name)), "none known")
    return f"{platform.machine()}, {binding.get_host_cpu_name()}, best vector instructions: {best}"


def _kernels(settings: Settings) -> str:
    if is_warm(settings):
        return "compiled for this processor"
    return "not compiled yet: the first film of a kind takes 10 to 40 s longer; `soundstage warm` does it now"


def _engines(settings: Settings) -> list[Finding]:
    findings: list[Finding] = []
    for engine in app.build_catalog(settings).survey():
        made_by = engine.spec.made_by if engine.spec is not None else "?"
        sentence = f"{engine.name}: {engine.reason or f'ready ({made_by})'}"
        needed = engine.name == "previz"
        findings.append(Finding(part="engine", well=engine.reason is None, sentence=sentence, needed=needed))
    return findings


def _storage(settings: Settings) -> Finding:
    place = _existing(settings.home)
    well = os.access(place, os.W_OK | os.X_OK)
    state = "can be written" if well else f"cannot be written ({place}); choose another SOUNDSTAGE_HOME"
    return Finding(part="storage", well=well, sentence=f"{settings.home} {state}")


def _disk(settings: Settings) -> Finding:
    free_mb = shutil.disk_usage(_existing(settings.home)).free // 1_000_000
    well = free_mb >= _DISK_NEEDED_MB
    wish = "" if well else f"; films need {_DISK_NEEDED_MB:,} MB to be safe"
    return Finding(part="disk", well=well, sentence=f"{free_mb:,} MB free{wish}", needed=False)


def _existing(path: Path) -> Path:
    """Return the nearest folder above that is there."""
    return next(p for p in (path, *path.parents) if p.exists())
