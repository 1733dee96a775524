"""The keys that open the door, as a shape."""

from __future__ import annotations

from typing import Protocol


class LiveKey(Protocol):
    """A key that opens the door."""

    @property
    def secret_hash(self) -> bytes:
        """SHA-256 of the secret."""
        ...

    @property
    def is_admin(self) -> bool:
        """May read the history of all and flush the queue."""
        ...


class KeyTable(Protocol):
    """Keys in memory: asked on every request."""

    def find(self, key_id: str) -> LiveKey | None:
        """Return a key; None for an unknown or revoked one."""
        ...
