"""How much room a disk has, asked before it is needed."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

from soundstage.errors import StorageError, StorageFull

if TYPE_CHECKING:
    from pathlib import Path


def free_bytes(root: Path) -> int:
    """Return how many bytes may still be written where `root` is, or will be.

    Raises:
        StorageError: the disk does not answer.
    """
    place = root.absolute()
    while not place.exists():
        place = place.parent
    try:
        return shutil.disk_usage(place).free
    except OSError as exc:
        raise StorageError(f"{place} does not tell its free space: {exc.strerror}") from exc


def check_room(root: Path, need_bytes: int) -> None:
    """Return if `need_bytes` more can be written under `root`.

    Raises:
        StorageFull: they cannot; the message has both numbers.
    """
    free = free_bytes(root)
    if free < need_bytes:
        raise StorageFull(
            f"{need_bytes / 1e6:.0f} MB are needed under {root}, {free / 1e6:.0f} MB are free: make room"
        )
