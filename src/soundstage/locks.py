"""A lock between processes: held by one, freed by the system when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from soundstage.errors import HomeBusy, SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from pathlib import Path


@contextmanager
def held(path: Path, *, on_wait: Callable[[], object] | None = None) -> Generator[None]:
    """Hold the lock file `path` for the block; wait while another process holds it, and tell so.

    Raises:
        SettingsInvalid: the file cannot be made.
    """
    descriptor = _open(path)
    try:
        if not _take(descriptor):
            if on_wait is not None:
                on_wait()
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def owned(path: Path, what: str) -> Generator[None]:
    """Hold the lock file `path` for the block, or say who does.

    Raises:
        HomeBusy: another process holds it; the message names its pid and `what` it owns.
        SettingsInvalid: the file cannot be made.
    """
    descriptor = _open(path)
    try:
        if not _take(descriptor):
            pid = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
            raise HomeBusy(f"{what} belongs to process {pid}; stop it, or choose another --home")
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, str(os.getpid()).encode(), 0)
        yield
    finally:
        os.close(descriptor)


def is_owned(path: Path) -> bool:
    """Tell whether a living process holds the lock file `path`; a pid in it proves nothing."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except OSError:
        return False
    try:
        return not _take(descriptor)
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _open(path: Path) -> int:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as exc:
        raise SettingsInvalid(
            f"{path} cannot be made: {exc.strerror}; choose another SOUNDSTAGE_HOME"
        ) from exc
