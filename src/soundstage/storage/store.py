"""The contract of a store: files under names, read in pieces. A folder keeps it today, buckets will."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from soundstage.errors import RangeUnsatisfiable
from soundstage.lifecycle import NO_NOTE, OPEN_TO_ALL, Acl, FileUse
from soundstage.storage.names import content_type_of, new_name, plain_name_of, shown_name_of, suffix_of

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from soundstage.lifecycle import FileNote

PIECE_BYTES = 256 * 1024  #: what one read hands over: large enough to be quick, small beside many readers
MAX_PARTS = 10_000  #: of an upload in parts; as S3 has it


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """What a store knows of a file."""

    name: str  #: its key, "3f…/output.mp4"; the part after the last slash is for people
    bytes: int
    content_type: str
    etag: str  #: strong and quoted, as HTTP has it: other bytes, other tag
    modified: datetime  #: aware, UTC
    use: FileUse = "output"
    shown_name: str | None = None  #: the name it came with, if that is another than the key's end
    expires_at: datetime | None = None  #: aware, UTC; from then on the file is unknown
    acl: Acl = OPEN_TO_ALL
    owner: str | None = None  #: the id of the key it came with

    @property
    def file_name(self) -> str:
        """Return what a browser may save it as."""
        return self.shown_name or self.name.rpartition("/")[2]


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredPart:
    """What a store knows of a part of an upload."""

    number: int  #: from 1
    etag: str  #: quoted: other bytes, other tag; the same bytes again, the same tag
    bytes: int


class FilePieces(Protocol):
    """A range of a file, to be iterated once. Whoever stops before its end closes it."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def __anext__(self) -> bytes: ...

    async def aclose(self) -> None:
        """Stop before the end."""
        ...


class Store(ABC):
    """Keeps files. A file is seen under its name when it is whole and durable, and not before."""

    def name_upload(self, told: str | None, content_type: str | None) -> tuple[str, str | None]:
        """Return an unguessable name for what a caller calls `told`, and the name to show if it differs."""
        shown = shown_name_of(told or "") or f"file{suffix_of(content_type)}"
        plain = plain_name_of(shown)
        return new_name(plain), None if plain == shown else shown

    def type_of(self, name: str) -> str:
        """Return the content type that a name's suffix stands for."""
        return content_type_of(name)

    @abstractmethod
    async def put(self, path: Path, name: str, content_type: str, *, note: FileNote = NO_NOTE) -> StoredFile:
        """Keep a copy of the file at `path` under `name`, in the place of what was there.

        Raises:
            StorageFull: there is no room; nothing of it stays.
            StorageError: the name is not one of ours, or the store does not take it.
        """

    @abstractmethod
    async def receive(
        self,
        name: str,
        content_type: str,
        pieces: AsyncIterator[bytes],
        *,
        max_bytes: int,
        expected_bytes: int | None = None,
        note: FileNote = NO_NOTE,
    ) -> StoredFile:
        """Keep what comes in `pieces` under `name`; memory holds some of them, never all.

        With `expected_bytes`, what cannot be taken is refused before the first piece is asked for.
        Whatever `pieces` raises is passed on, and nothing of the file stays.

        Raises:
            FileTooLarge: more than `max_bytes` came, or are expected; nothing of it stays.
            StorageFull: there is no room; nothing of it stays.
            StorageError: the name is not one of ours, or the store does not take it.
        """

    @abstractmethod
    async def begin_upload(self, name: str, content_type: str, *, note: FileNote = NO_NOTE) -> str:
        """Begin an upload in parts, and return its unguessable id: whoever knows it may send parts.

        Raises:
            StorageError: the name is not one of ours, or the store does not take it.
        """

    @abstractmethod
    async def receive_part(
        self,
        name: str,
        upload_id: str,
        number: int,
        pieces: AsyncIterator[bytes],
        *,
        max_bytes: int,
        expected_bytes: int | None = None,
    ) -> StoredPart:
        """Keep one part, 1 to 10,000, in any order and many at once; a part may be sent again.

        Raises:
            FileUnknown: no such upload is under way.
            UploadIncomplete: the part's number is none.
            FileTooLarge, StorageFull, StorageError: as `receive`; `max_bytes` is of the whole file.
        """

    @abstractmethod
    async def complete_upload(
        self, name: str, upload_id: str, parts: Sequence[tuple[int, str]], *, max_bytes: int
    ) -> StoredFile:
        """Join parts, given as number and etag in any order, into the file; safe to call again.

        Raises:
            FileUnknown: no such upload is under way.
            UploadIncomplete: a part is missing, is not the one that was sent, or was left out.
            FileTooLarge, StorageFull, StorageError: as `receive`.
        """

    @abstractmethod
    async def head(self, name: str) -> StoredFile:
        """Return what is known of a file.

        Raises:
            FileUnknown: no file has this name, or it has expired, or it is no name at all.
        """

    @abstractmethod
    async def read(self, name: str, start: int = 0, end: int | None = None) -> FilePieces:
        """Return the bytes from `start` up to and without `end`, in pieces: `await` it, then iterate.

        An `end` beyond the file is the file's end; None is too. Who stops before the end calls `aclose`.

        Raises:
            FileUnknown: no file has this name, or it has expired.
            RangeUnsatisfiable: no byte of the file lies in the range. Both are raised before the first byte.
            StorageError: the file went away or could not be read on; raised while iterating.
        """

    @abstractmethod
    async def delete(self, name: str) -> None:
        """Forget a file. Readers that have begun may finish.

        Raises:
            FileUnknown: no file has this name.
        """

    @abstractmethod
    async def set_acl(self, name: str, acl: Acl) -> StoredFile:
        """Change who may read a file.

        Raises:
            FileUnknown: no file has this name, or it has expired.
        """

    @abstractmethod
    async def tidy(self) -> int:
        """Remove expired files, uploads nobody went on with and what dead processes left; return how many."""


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
