"""Which door a request came to: the queue, the direct run, or the site. One rule for prefix and host forms.

The same POST means "submit" at the queue and "make it while I wait" at the run door. fal tells them apart
by host (`queue.fal.run`, `fal.run`); one origin tells them apart by prefix (`/queue`, `/run`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from soundstage.api.hosts import is_site_host, read_name

DoorKind = Literal["queue", "run", "site"]

#: First segments that are never an endpoint's owner, on whichever host they are asked for.
SITE_ROOTS = frozenset(
    {".well-known", "api", "applications", "files", "health", "models", "storage", "tokens", "v1"}
)
_SLASHES = re.compile("//+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a request came in."""

    kind: DoorKind
    prefix: str  #: what stood before the endpoint: "/queue", "/run", or "" for the host forms
    path: str  #: the path our routes know, without a trailing slash
    asked: str  #: the path as it was sent

    @property
    def root(self) -> str:
        """The path's first segment: "queue", "run", "files"."""
        return self.path.removeprefix("/").partition("/")[0]  # HTTP knows a path without a slash: "*"


def find_door(host: str, path: str) -> Door:
    """Return the door for a Host header (or a proxied URL's host) and a decoded path.

    Host forms: `queue.` anything is the queue; fal's hosts of files and documents are the site. Elsewhere
    a bare endpoint is a direct run, and a bare `.../requests/...` is the queue, for nothing else has such
    paths. Slashes at the end, or doubled where a client's base had one too many, mean nothing.
    """
    clean = path.rstrip("/") or "/"
    if "//" in clean:
        clean = _SLASHES.sub("/", clean)
    segments = clean.split("/", 3)[1:]
    if len(segments) < 2 or segments[0] in SITE_ROOTS:
        return Door(kind="site", prefix="", path=clean, asked=path)
    for kind in ("queue", "run"):
        if segments[0] == kind:
            return Door(kind=kind, prefix=f"/{kind}", path=clean, asked=path)
    kind = _find_kind(read_name(host), clean)
    return Door(kind=kind, prefix="", path=clean if kind == "site" else f"/{kind}{clean}", asked=path)


def _find_kind(name: str, path: str) -> DoorKind:
    if name.startswith("queue."):
        return "queue"
    if is_site_host(name):
        return "site"
    return "queue" if "/requests/" in path else "run"
