"""Door 1: HTTP in fal's dialect. Knows no engine, no queue, no database: it is handed what it needs."""

from soundstage.api.parts import ApiParts
from soundstage.api.routes import build_app
from soundstage.api.urls import UrlRule

__all__ = ["ApiParts", "UrlRule", "build_app"]
