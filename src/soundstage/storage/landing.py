"""Where bytes land before they have a name: written beside the files, flushed, then renamed. Never served."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import secrets
import threading
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.errors import StorageError, StorageFull
from soundstage.file_errors import FileTooLarge
from soundstage.storage.room import free_bytes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator
    from pathlib import Path

#: A part untouched for so long was left by a process that died: copying a film takes seconds.
STALE_AFTER_S = 3600.0
#: Uploads leave so much free: the database lives on the same disk, and a full one stops it.
SPARE_BYTES = 100_000_000
#: Gathered before a thread writes it: a thread for every 64 kB of a socket would cost more than the disk.
BATCH_BYTES = 1 << 20
TAG_BYTES = 16

_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True, kw_only=True)
class Landed:
    """What came."""

    bytes: int
    tag: str  #: hex digits: other bytes, other tag; "" where none was asked for


class Landing:
    """The folder of files that are being written, on the same disk as the files."""

    def __init__(self, folder: Path, *, clock: Callable[[], float]) -> None:
        self.folder = folder
        self._clock = clock

    @contextmanager
    def part(self) -> Generator[Path]:
        """Lend a path that nobody is served; removed unless it was settled."""
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f"{secrets.token_hex(8)}.part"
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)

    async def write(
        self,
        part: Path,
        name: str,
        pieces: AsyncIterator[bytes],
        *,
        max_bytes: int,
        expected_bytes: int | None,
        tagged: bool = False,
    ) -> Landed:
        """Write what comes for the file `name` to `part`; what `pieces` raises is passed on.

        A tag costs as much as the writing: it is made where it is asked for.

        Raises:
            FileTooLarge: more than `max_bytes` came, or are expected.
            StorageFull: too little of the disk would be left.
            StorageError: the disk does not take it.
        """
        if expected_bytes is not None:
            _check_size(expected_bytes, max_bytes)
        self.check_room(expected_bytes or 0)
        with disk_errors(name, self.folder):
            writer = await asyncio.to_thread(_Writer, part, tagged=tagged)
        held, total = bytearray(), 0
        try:
            async for piece in pieces:
                total += len(piece)
                _check_size(total, max_bytes)
                held += piece
                if len(held) >= BATCH_BYTES:
                    self.check_room(len(held))
                    with disk_errors(name, self.folder):
                        await asyncio.to_thread(writer.write, bytes(held))
                    held.clear()
            with disk_errors(name, self.folder):
                await asyncio.to_thread(writer.write, bytes(held))
        finally:
            # On a thread: a write may still be under way there when this task is cancelled.
            await asyncio.to_thread(writer.close)
        return Landed(bytes=total, tag=writer.tag())

    def sweep(self) -> int:
        """Remove what dead processes left half-written, and return how many files that were."""
        swept = 0
        before = self._clock() - STALE_AFTER_S
        for part in self.folder.glob("*.part"):
            with suppress(FileNotFoundError):  # another process sweeps too, or the file got its name
                told = part.stat()
                # A shared file bears its draft's time of writing: when it was linked is in ctime alone.
                if max(told.st_mtime, told.st_ctime) < before:
                    part.unlink()
                    swept += 1
        return swept

    def check_room(self, need_bytes: int) -> None:
        """Return if so many bytes more leave enough of the disk free.

        Raises:
            StorageFull: they do not; the message has the numbers.
        """
        free = free_bytes(self.folder)
        if free < need_bytes + SPARE_BYTES:
            raise StorageFull(
                f"no room: {need_bytes / 1e6:.1f} MB more were to be kept, {free / 1e6:.1f} MB are free, "
                f"{SPARE_BYTES / 1e6:.0f} of them the database keeps; make room at {self.folder.parent}"
            )


@contextmanager
def disk_errors(name: str, root: Path) -> Generator[None]:
    """Turn the system's errors about the file `name` into ours."""
    try:
        yield
    except OSError as exc:
        if exc.errno in _NO_ROOM:
            free = free_bytes(root) / 1e6
            raise StorageFull(
                f"no room for {name!r} ({exc.strerror}): {free:.1f} MB are free under {root}"
            ) from exc
        place = exc.filename or root
        raise StorageError(f"the store cannot do its part for {name!r}: {place}: {exc.strerror}") from exc


def settle(part: Path, target: Path) -> None:
    """Give a part its name, so that a power cut leaves all of it or nothing."""
    # In this order, or a power cut could leave a name whose bytes never reached the disk.
    flush(part)
    target.parent.mkdir(parents=True, exist_ok=True)
    part.replace(target)
    flush(target.parent)


def flush(path: Path) -> None:
    """Have the disk keep what was written to a file or folder."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_size(size: int, max_bytes: int) -> None:
    if size > max_bytes:
        raise FileTooLarge(
            f"{size} bytes are over the {max_bytes} that a file may have here", max_bytes=max_bytes
        )


class _Writer:
    """An open part, written on threads, one write at a time."""

    def __init__(self, part: Path, *, tagged: bool) -> None:
        self._file = part.open("wb", buffering=0)
        self._hash = hashlib.blake2b(digest_size=TAG_BYTES) if tagged else None
        self._lock = threading.Lock()

    def write(self, batch: bytes) -> None:
        # Were the file closed meanwhile, its descriptor could be another file's by now.
        with self._lock:
            if self._file.closed:
                return
            if self._hash is not None:
                self._hash.update(batch)
            left = memoryview(batch)
            while left:
                left = left[self._file.write(left) :]

    def close(self) -> None:
        with self._lock:
            self._file.close()

    def tag(self) -> str:
        return "" if self._hash is None else self._hash.hexdigest()
