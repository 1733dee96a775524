"""Telling the caller: one signed POST, and the keys that prove it. Knows no order and no database."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soundstage.webhooks.schedule import Schedule
    from soundstage.webhooks.sending import Answer, Sender
    from soundstage.webhooks.signature import key_set, sign

__all__ = ["Answer", "Schedule", "Sender", "key_set", "sign"]

_HOMES = {
    "Answer": "sending",
    "Schedule": "schedule",
    "Sender": "sending",
    "key_set": "signature",
    "sign": "signature",
}


def __getattr__(name: str) -> Any:
    # Most workers never deliver: they must not load an HTTP client to read the schedule.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
