"""A store in a local folder. Reads go through obstore; writes are our own: obstore does not flush its.

Layout: `<secret>/<file>`, and two kinds of dotted names that are never served: `.incoming/`, where files
are written before they get their name, and `<secret>/.<file>.type`, for a type that the suffix does not tell.
"""

from __future__ import annotations

import asyncio
import errno
import os
import secrets
import shutil
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import obstore
from obstore.exceptions import BaseError, PreconditionError
from obstore.store import LocalStore as ObstoreLocalStore

from soundstage.errors import FileUnknown, StorageError, StorageFull
from soundstage.storage.names import check_name, content_type_of
from soundstage.storage.room import free_bytes
from soundstage.storage.store import PIECE_BYTES, Store, StoredFile, clamp_range

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Generator
    from pathlib import Path

#: A part untouched for so long was left by a process that died: copying a film takes seconds.
STALE_AFTER_S = 3600.0

_INCOMING = ".incoming"
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
#: What a folder on another disk, or one without hard links, answers to `link`.
_NO_LINKS = frozenset({errno.EXDEV, errno.EPERM, errno.EACCES, errno.EMLINK, errno.ENOTSUP, errno.ENOSYS})


class LocalStore(Store):
    """Files under `root`, which is made when the first file comes. Safe for many processes at once."""

    def __init__(self, root: Path, *, clock: Callable[[], float] = time.time) -> None:
        self.root = root.absolute()
        self._clock = clock

    async def put(self, path: Path, name: str, content_type: str) -> StoredFile:
        """Keep a copy of the file at `path` under `name`; see `Store.put`."""
        return await asyncio.to_thread(self.keep, path, name, content_type)

    async def head(self, name: str) -> StoredFile:
        """Return what is known of a file; see `Store.head`."""
        return await asyncio.to_thread(self.look, name)

    async def read(self, name: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Return a range of a file in pieces of 256 kB; see `Store.read`."""
        while True:
            file = await self.head(name)
            begin, stop = clamp_range(file, start, end)
            if begin == stop:
                return _nothing()
            try:
                # The tag ties the range to the bytes it was checked against: they may be replaced in between.
                result = await obstore.get_async(
                    self._reader(), name, options={"range": (begin, stop), "if_match": file.etag}
                )
            except PreconditionError:
                continue
            except FileNotFoundError as exc:
                raise FileUnknown(f"{name!r} was deleted just now") from exc
            except (BaseError, OSError) as exc:
                raise StorageError(f"{name!r} cannot be read: {exc}") from exc
            return _pieces(name, result)

    async def delete(self, name: str) -> None:
        """Forget a file; see `Store.delete`."""
        await asyncio.to_thread(self.forget, name)

    def keep(self, path: Path, name: str, content_type: str, *, link: bool = False) -> StoredFile:
        """Keep the file at `path` under `name`, for callers that do not await.

        With `link` the file is shared, not copied, where the disk allows: nobody may write into `path` again.

        Raises:
            StorageFull: there is no room; nothing of it stays.
            StorageError: the name is not one of ours, or the folder cannot be written.
        """
        try:
            target = self.root / check_name(name)
        except FileUnknown as exc:
            raise StorageError(f"{name!r} cannot name a file; use letters, digits, '.', '_' and '-'") from exc
        note = _type_note(target)
        with self._ours(name):
            self.sweep()
            if content_type == content_type_of(name):
                note.unlink(missing_ok=True)
            else:  # first: whoever sees the file must see its type
                with self._incoming() as part:
                    part.write_text(content_type, encoding="utf-8")
                    _settle(part, note)
            with self._incoming() as part:
                copy = _share_or_copy if link else shutil.copyfile
                copy(path, part)
                _settle(part, target)
            _flush(self.root)  # the folder's own name
        return self.look(name)

    def look(self, name: str) -> StoredFile:
        """Return what is known of a file, for callers that do not await.

        Raises:
            FileUnknown: no file has this name.
        """
        path = self._path(name)
        try:
            known = obstore.head(self._reader(), name)
            note = _type_note(path)
            content_type = note.read_text(encoding="utf-8") if note.exists() else content_type_of(name)
        except FileNotFoundError as exc:
            raise FileUnknown(f"no file is called {name!r}") from exc
        except (BaseError, OSError) as exc:
            raise StorageError(f"{name!r} cannot be read: {exc}") from exc
        etag = known["e_tag"]
        assert etag is not None, "obstore tells inode, time and size of a local file"
        return StoredFile(
            name=name,
            bytes=known["size"],
            content_type=content_type,
            etag=etag,
            modified=known["last_modified"],
        )

    def forget(self, name: str) -> None:
        """Delete a file, for callers that do not await.

        Raises:
            FileUnknown: no file has this name.
        """
        path = self._path(name)
        with self._ours(name):
            try:
                path.unlink()
            except FileNotFoundError as exc:
                raise FileUnknown(f"{name!r} was deleted just now") from exc
            _type_note(path).unlink(missing_ok=True)
            with suppress(OSError):  # other files may live in the folder
                path.parent.rmdir()

    def sweep(self) -> int:
        """Remove what dead processes left half-written, and return how many files that were."""
        swept = 0
        before = self._clock() - STALE_AFTER_S
        for part in (self.root / _INCOMING).glob("*.part"):
            with suppress(FileNotFoundError):  # another process sweeps too, or the file got its name
                told = part.stat()
                # A shared file bears its draft's time of writing: when it was linked is in ctime alone.
                if max(told.st_mtime, told.st_ctime) < before:
                    part.unlink()
                    swept += 1
        return swept

    def _path(self, name: str) -> Path:
        path = self.root / check_name(name)
        # A link that somebody put here must not show the world what it points to.
        if path.resolve() != self.root.resolve() / name or not path.is_file():
            raise FileUnknown(f"no file is called {name!r}")
        return path

    def _reader(self) -> ObstoreLocalStore:
        return ObstoreLocalStore(self.root)

    @contextmanager
    def _incoming(self) -> Generator[Path]:
        """Lend a path on the same disk that nobody is served; removed unless it was settled."""
        folder = self.root / _INCOMING
        folder.mkdir(parents=True, exist_ok=True)
        part = folder / f"{secrets.token_hex(8)}.part"
        try:
            yield part
        finally:
            part.unlink(missing_ok=True)

    @contextmanager
    def _ours(self, name: str) -> Generator[None]:
        """Turn the system's errors into ours."""
        try:
            yield
        except OSError as exc:
            if exc.errno in _NO_ROOM:
                free = free_bytes(self.root) / 1e6
                raise StorageFull(
                    f"no room for {name!r} ({exc.strerror}): {free:.1f} MB are free under {self.root}"
                ) from exc
            place = exc.filename or self.root
            raise StorageError(f"the store cannot do its part for {name!r}: {place}: {exc.strerror}") from exc


def _type_note(path: Path) -> Path:
    return path.with_name(f".{path.name}.type")


def _share_or_copy(path: Path, part: Path) -> None:
    try:
        os.link(path, part)
    except OSError as exc:
        if exc.errno not in _NO_LINKS:
            raise
        shutil.copyfile(path, part)


def _settle(part: Path, target: Path) -> None:
    # In this order, or a power cut could leave a name whose bytes never reached the disk.
    _flush(part)
    target.parent.mkdir(parents=True, exist_ok=True)
    part.replace(target)
    _flush(target.parent)


def _flush(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


async def _nothing() -> AsyncIterator[bytes]:
    return
    yield b""


async def _pieces(name: str, result: obstore.GetResult) -> AsyncIterator[bytes]:
    try:
        async for piece in result.stream(min_chunk_size=PIECE_BYTES):
            yield piece
    except (BaseError, OSError) as exc:
        raise StorageError(f"{name!r} could not be read to its end: {exc}") from exc
