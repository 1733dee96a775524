"""Which door a request came to: the queue, the direct run, or the site. One rule for prefix and host forms.

The same POST means "submit" at the queue and "make it while I wait" at the run door. fal tells them apart
by host (`queue.fal.run`, `fal.run`); one origin tells them apart by prefix (`/queue`, `/run`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

DoorKind = Literal["queue", "run", "site"]

#: First segments that are never an endpoint's owner.
SITE_ROOTS = frozenset({"files", "health"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """Where a request came in."""

    kind: DoorKind
    prefix: str  #: what stood before the endpoint: "/queue", "/run", or "" for the host forms
    path: str  #: the path our routes know, without a trailing slash
    asked: str  #: the path as it was sent


def find_door(host: str, path: str) -> Door:
    """Return the door for a Host header (or a proxied URL's host) and a decoded path.

    Host forms: `queue.` anything is the queue. Elsewhere a bare endpoint is a direct run, and a bare
    `.../requests/...` is the queue, for nothing else has such paths.
    """
    clean = path.rstrip("/") or "/"
    segments = clean.split("/")[1:]
    first = segments[0]
    if first == "queue" and len(segments) > 1:
        return Door(kind="queue", prefix="/queue", path=clean, asked=path)
    if first == "run" and len(segments) > 1:
        return Door(kind="run", prefix="/run", path=clean, asked=path)
    if first in SITE_ROOTS or len(segments) < 2:
        return Door(kind="site", prefix="", path=clean, asked=path)
    if host.lower().startswith("queue.") or "requests" in segments[2:]:
        return Door(kind="queue", prefix="", path=f"/queue{clean}", asked=path)
    return Door(kind="run", prefix="", path=f"/run{clean}", asked=path)
