"""The request contract: a body in fal's fields in, an Order or every reason against it out. Knows no HTTP."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soundstage.api.contract.bare import read_bare_order
from soundstage.api.contract.family import Defaults, Endpoint, app_of, endpoints, find_endpoint
from soundstage.api.contract.limits import TERMINAL_LIMITS, WIRE_LIMITS, Limits

if TYPE_CHECKING:
    from soundstage.api.contract.reading import read_order

__all__ = [
    "TERMINAL_LIMITS",
    "WIRE_LIMITS",
    "Defaults",
    "Endpoint",
    "Limits",
    "app_of",
    "endpoints",
    "find_endpoint",
    "read_bare_order",
    "read_order",
]


def __getattr__(name: str) -> Any:
    # A plain prompt of the terminal must not wait for what reads every request to load.
    if name != "read_order":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from soundstage.api.contract.reading import read_order  # noqa: PLC0415 - see above

    return read_order
