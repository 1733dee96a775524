"""What the door needs from the parts behind it, as shapes. The composition root hands in the real ones."""

from soundstage.api.ports.files import FilePieces, FileStore, StoredFile
from soundstage.api.ports.orders import (
    Glance,
    LogLine,
    NewOrder,
    OrderBook,
    OrderState,
    OrderStatus,
    Priority,
)

__all__ = [
    "FilePieces",
    "FileStore",
    "Glance",
    "LogLine",
    "NewOrder",
    "OrderBook",
    "OrderState",
    "OrderStatus",
    "Priority",
    "StoredFile",
]
