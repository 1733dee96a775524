"""Where files are kept, as the door sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Sequence
    from datetime import datetime
    from pathlib import Path

    from soundstage.lifecycle import Acl, FileNote, FileUse


class StoredFile(Protocol):
    """What the store knows of a file."""

    @property
    def name(self) -> str:
        """Its key."""
        ...

    @property
    def bytes(self) -> int:
        """Its length."""
        ...

    @property
    def content_type(self) -> str:
        """What it is."""
        ...

    @property
    def etag(self) -> str:
        """Changes with its bytes."""
        ...

    @property
    def modified(self) -> datetime:
        """When it was put there."""
        ...

    @property
    def file_name(self) -> str:
        """What a browser may save it as; may hold any character."""
        ...

    @property
    def use(self) -> FileUse:
        """Whether it was made here, or brought."""
        ...

    @property
    def expires_at(self) -> datetime | None:
        """When it will be unknown."""
        ...

    @property
    def acl(self) -> Acl:
        """Who may read it."""
        ...

    @property
    def owner(self) -> str | None:
        """The id of the key it came with."""
        ...


class StoredPart(Protocol):
    """What the store knows of a part of an upload."""

    @property
    def number(self) -> int:
        """Its place, from 1."""
        ...

    @property
    def etag(self) -> str:
        """Changes with its bytes."""
        ...


class FilePieces(Protocol):
    """A range of a file, to be iterated once. Whoever stops before its end closes it."""

    def __aiter__(self) -> AsyncIterator[bytes]: ...

    async def __anext__(self) -> bytes: ...

    async def aclose(self) -> None:
        """Stop before the end."""
        ...


class FileStore(Protocol):
    """Where files are kept and read from."""

    def name_upload(self, told: str | None, content_type: str | None, /) -> tuple[str, str | None]:
        """Return an unguessable name for a file that is brought, and the name to show if that differs."""
        ...

    def type_of(self, name: str, /) -> str:
        """Return the content type that a name's suffix stands for."""
        ...

    async def head(self, name: str, /) -> StoredFile:
        """Return what is known of a file.

        Raises:
            FileUnknown: there is none of this name.
        """
        ...

    async def read(self, name: str, start: int, end: int, /) -> FilePieces:
        """Return the bytes from `start` up to and without `end`, in pieces: `await` it, then iterate.

        Raises:
            FileUnknown: there is none of this name; before the first byte.
        """
        ...

    async def put(self, path: Path, name: str, content_type: str, /) -> StoredFile:
        """Keep a copy of a file.

        Raises:
            StorageError: it cannot be kept; the message says why.
        """
        ...

    async def receive(
        self,
        name: str,
        content_type: str,
        pieces: AsyncIterator[bytes],
        *,
        max_bytes: int,
        expected_bytes: int | None,
        note: FileNote,
    ) -> StoredFile:
        """Keep what comes, holding little of it in memory; what `pieces` raises is passed on.

        Raises:
            FileTooLarge: it is over `max_bytes`, or is expected to be; nothing of it stays.
            StorageError: it cannot be kept; the message says why.
        """
        ...

    async def begin_upload(self, name: str, content_type: str, /, *, note: FileNote) -> str:
        """Begin an upload in parts, and return its unguessable id."""
        ...

    async def receive_part(
        self,
        name: str,
        upload_id: str,
        number: int,
        pieces: AsyncIterator[bytes],
        *,
        max_bytes: int,
        expected_bytes: int | None,
    ) -> StoredPart:
        """Keep one part, in any order, as often as it comes.

        Raises:
            FileUnknown: no such upload is under way.
            UploadIncomplete: the number is none that a part can have.
            FileTooLarge, StorageError: as `receive`; `max_bytes` is of the whole file.
        """
        ...

    async def complete_upload(
        self, name: str, upload_id: str, parts: Sequence[tuple[int, str]], *, max_bytes: int
    ) -> StoredFile:
        """Join parts, given as number and tag in any order; safe to call again.

        Raises:
            FileUnknown: no such upload is under way.
            UploadIncomplete: a part is missing, is another one, or was left out.
            FileTooLarge, StorageError: as `receive`.
        """
        ...

    async def set_acl(self, name: str, acl: Acl, /) -> StoredFile:
        """Change who may read a file."""
        ...

    async def delete(self, name: str, /) -> None:
        """Forget a file."""
        ...
