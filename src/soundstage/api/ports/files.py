"""Where files are kept, as the door sees it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from datetime import datetime
    from pathlib import Path


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


class FileStore(Protocol):
    """Where published files are read from."""

    async def head(self, name: str, /) -> StoredFile:
        """Return what is known of a file.

        Raises:
            FileUnknown: there is none of this name.
        """
        ...

    async def read(self, name: str, start: int, end: int, /) -> AsyncIterator[bytes]:
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

    async def delete(self, name: str, /) -> None:
        """Forget a file."""
        ...
