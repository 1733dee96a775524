"""The reading side of a local store: what is known of a file, and its bytes. Writes nothing."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from soundstage.errors import FileUnknown, StorageError
from soundstage.storage.names import check_name, content_type_of
from soundstage.storage.notes import read_note
from soundstage.storage.pieces import Pieces
from soundstage.storage.store import StoredFile, clamp_range

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

_NO_FILE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENAMETOOLONG})
#: A link that somebody put here must not show the world what it points to, nor a pipe hold us up.
_READ_FLAGS = os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK


class Shelf:
    """The files under `root`. Paths are text here: these calls stand on the way of every download."""

    def __init__(self, root: Path, *, clock: Callable[[], float]) -> None:
        self._prefix = f"{root}/"
        self._clock = clock

    def look(self, name: str) -> StoredFile:
        """Return what is known of a file.

        Raises:
            FileUnknown: no file has this name, or it has expired.
        """
        file = self.recall(name)
        if file.expires_at is not None and file.expires_at.timestamp() <= self._clock():
            raise FileUnknown(f"the file {name!r} has expired")
        return file

    def recall(self, name: str) -> StoredFile:
        """Return what is known of a file, expired or not.

        Raises:
            FileUnknown: no file has this name.
        """
        told = self.stat(name)
        folder, _, file_name = name.rpartition("/")
        note = read_note(self._prefix + folder, file_name)
        expires_at = None if note.expires_at_s is None else datetime.fromtimestamp(note.expires_at_s, UTC)
        return StoredFile(
            name=name,
            bytes=told.st_size,
            content_type=note.content_type or content_type_of(name),
            etag=f'"{told.st_ino:x}-{told.st_mtime_ns:x}-{told.st_size:x}"',
            modified=datetime.fromtimestamp(told.st_mtime, UTC),
            use=note.use,
            shown_name=note.shown_name,
            expires_at=expires_at,
            acl=note.acl,
            owner=note.owner,
        )

    def open(self, name: str, start: int, end: int | None) -> Pieces:
        """Return a range of a file, in pieces.

        Raises:
            FileUnknown: no file has this name, or it has expired.
            RangeUnsatisfiable: no byte of the file lies in the range.
            StorageError: it cannot be read.
        """
        known = self.look(name)
        try:
            descriptor = os.open(self._prefix + name, _READ_FLAGS)
        except FileNotFoundError as exc:
            raise FileUnknown(f"{name!r} was deleted just now") from exc
        except OSError as exc:
            raise StorageError(f"{name!r} cannot be read: {exc.strerror}") from exc
        try:
            # Of the file that was opened: another may have been put in its place since we looked.
            start, stop = clamp_range(replace(known, bytes=os.fstat(descriptor).st_size), start, end)
        except BaseException:
            os.close(descriptor)
            raise
        return Pieces(name, descriptor, start, stop)

    def stat(self, name: str) -> os.stat_result:
        """Return what the system knows of a file, expired or not.

        Raises:
            FileUnknown: no file has this name; a link is none.
        """
        folders = check_name(name).split("/")[:-1]
        path = self._prefix
        try:
            for folder in folders:
                path += f"{folder}/"
                if not stat.S_ISDIR(os.lstat(path[:-1]).st_mode):
                    raise FileUnknown(f"no file is called {name!r}")
            told = os.lstat(self._prefix + name)
        except OSError as exc:
            if exc.errno in _NO_FILE:
                raise FileUnknown(f"no file is called {name!r}") from exc
            raise StorageError(f"{name!r} cannot be read: {exc.strerror}") from exc
        if not stat.S_ISREG(told.st_mode):
            raise FileUnknown(f"no file is called {name!r}")
        return told
