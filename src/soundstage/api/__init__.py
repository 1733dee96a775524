"""Door 1: HTTP in fal's dialect. Knows no engine, no queue, no database: it is handed what it needs."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from soundstage.api.parts import ApiParts
    from soundstage.api.routes import build_app
    from soundstage.api.urls import UrlRule

__all__ = ["ApiParts", "UrlRule", "build_app"]

_HOMES = {"ApiParts": "parts", "UrlRule": "urls", "build_app": "routes"}


def __getattr__(name: str) -> Any:
    # The terminal reads requests through `api.contract`: it must not wait for a web framework to load.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
