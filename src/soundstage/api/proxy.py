"""The proxy protocol of fal's JavaScript client: one URL of ours, and the real one in a header.

Nothing is fetched. The header's host says which of our own doors is meant, and the request goes on there;
any other host is refused, so no one can have this server call theirs.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from soundstage.api.hosts import FAL_HOSTS, read_name
from soundstage.errors import RequestInvalid

if TYPE_CHECKING:
    from collections.abc import Callable

PATH = "/api/fal/proxy"
HEADER = "x-fal-target-url"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """What a proxied request asks for."""

    host: str
    path: str  #: decoded, as ASGI has it
    raw_path: bytes
    query: bytes


def read_target(url: str | None, *, is_ours: Callable[[str], bool]) -> Target:
    """Return what the header of a proxied request names.

    Args:
        url: the header's value.
        is_ours: tells whether a Host, with its port, may be this server.

    Raises:
        RequestInvalid: the header is missing, does not read, or names a host that is neither fal's nor ours.
    """
    if not url:
        raise RequestInvalid(f"{PATH} needs the header {HEADER}: the URL on fal.run that is meant")
    try:
        parts = urlsplit(url)
        name, _ = parts.hostname, parts.port  # a port that is no number raises here
    except ValueError as exc:
        raise RequestInvalid(f"{HEADER} {url[:200]!r} does not read as a URL: {exc}") from exc
    if parts.scheme not in ("http", "https") or not name or "@" in parts.netloc:
        raise RequestInvalid(
            f"{HEADER} {url[:200]!r} is no http(s) URL; send one such as https://fal.run/..."
        )
    if read_name(name) not in FAL_HOSTS and not is_ours(parts.netloc):
        raise RequestInvalid(
            f"{HEADER} names the host {name[:200]!r}; only fal's hosts ({', '.join(sorted(FAL_HOSTS))}) and"
            " this server's own are routed, and nothing is fetched"
        )
    return Target(
        host=name,
        path=unquote(parts.path) or "/",
        raw_path=parts.path.encode("latin-1", "replace"),
        query=parts.query.encode("latin-1", "replace"),
    )
