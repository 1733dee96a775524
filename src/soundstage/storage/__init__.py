"""Stage 5 of 5. Bytes kept and served, each file whole or absent. Knows no order and no picture."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soundstage.storage.local import LocalStore
    from soundstage.storage.publication import publish
    from soundstage.storage.room import check_room, free_bytes
    from soundstage.storage.store import Store, StoredFile

__all__ = ["LocalStore", "Store", "StoredFile", "check_room", "free_bytes", "publish"]

_HOMES = {
    "LocalStore": "local",
    "Store": "store",
    "StoredFile": "store",
    "check_room": "room",
    "free_bytes": "room",
    "publish": "publication",
}


def __getattr__(name: str) -> Any:
    # The terminal puts films beside each other without a store: it must not wait for one to load.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
