"""The request contract: a body in fal's fields in, an Order or every reason against it out. Knows no HTTP."""

from soundstage.api.contract.family import Defaults, Endpoint, app_of, endpoints, find_endpoint
from soundstage.api.contract.limits import TERMINAL_LIMITS, WIRE_LIMITS, Limits
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
    "read_order",
]
