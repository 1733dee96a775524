"""The contract of a store: files under names, read in pieces. A folder keeps it today, buckets will."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from soundstage.errors import RangeUnsatisfiable

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path

PIECE_BYTES = 256 * 1024  #: what one read hands over: large enough to be quick, small beside many readers


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What a store knows of a file."""

    name: str  #: its key, "3f…/output.mp4"; the part after the last slash is for people
    bytes: int
    content_type: str
    etag: str  #: strong and quoted, as HTTP has it: other bytes, other tag
    modified: datetime  #: aware, UTC

    @property
    def file_name(self) -> str:
        """Return what a browser may save it as."""
        return self.name.rpartition("/")[2]


class Store(ABC):
    """Keeps files. A file is seen under its name when it is whole and durable, and not before."""

    @abstractmethod
    async def put(self, path: Path, name: str, content_type: str) -> StoredFile:
        """Keep a copy of the file at `path` under `name`, in the place of what was there.

        Raises:
            StorageFull: there is no room; nothing of it stays.
            StorageError: the name is not one of ours, or the store does not take it.
        """

    @abstractmethod
    async def head(self, name: str) -> StoredFile:
        """Return what is known of a file.

        Raises:
            FileUnknown: no file has this name, or it is no name at all.
        """

    @abstractmethod
    async def read(self, name: str, start: int = 0, end: int | None = None) -> AsyncIterator[bytes]:
        """Return the bytes from `start` up to and without `end`, in pieces: `await` it, then iterate.

        An `end` beyond the file is the file's end; None is too.

        Raises:
            FileUnknown: no file has this name.
            RangeUnsatisfiable: no byte of the file lies in the range. Both are raised before the first byte.
            StorageError: the file went away or could not be read on; raised while iterating.
        """

    @abstractmethod
    async def delete(self, name: str) -> None:
        """Forget a file. Readers that have begun may finish.

        Raises:
            FileUnknown: no file has this name.
        """


def clamp_range(file: StoredFile, start: int, end: int | None) -> tuple[int, int]:
    """Return a range that lies inside the file, the second number excluded.

    Raises:
        RangeUnsatisfiable: no byte of the file lies in it.
    """
    if start == 0 and end is None:
        return 0, file.bytes  # the whole of it, which may be nothing
    stop = file.bytes if end is None else min(end, file.bytes)
    if not 0 <= start < stop:
        asked = f"{start} to {'the end' if end is None else end}"
        raise RangeUnsatisfiable(f"bytes {asked} lie outside {file.name!r}, which has {file.bytes}")
    return start, stop
