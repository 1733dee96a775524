"""Host names: fal's own, which clients have built in, and this machine's. Knows no request."""

from __future__ import annotations

import ipaddress
from functools import lru_cache

QUEUE_HOST = "queue.fal.run"
#: Every name that fal's clients have built in, older and newer ones; all of them mean this server here.
FAL_HOSTS = frozenset(
    {
        "fal.run",
        QUEUE_HOST,
        "ws.fal.run",
        "falrun.com",  # where fal_client turns when fal.run does not answer
        "queue.falrun.com",
        "rest.fal.ai",
        "rest.alpha.fal.ai",
        "gateway.alpha.fal.ai",
        "api.fal.ai",
        "fal.ai",
        "fal.media",
        "v2.fal.media",
        "v3.fal.media",
        "v3b.fal.media",
    }
)
#: What all of these are below.
FAL_DOMAINS = ("fal.ai", "fal.media", "fal.run", "falrun.com")
#: fal's hosts where a bare path names an endpoint.
RUN_HOSTS = frozenset({"fal.run", "falrun.com"})


def read_name(host: str) -> str:
    """Return the name in a Host header or a URL's authority, in lower case, without port and last dot."""
    if host.startswith("["):
        return host.partition("]")[0].lower() + "]"
    return host.partition(":")[0].lower().rstrip(".")


def is_site_host(name: str) -> bool:
    """Tell whether a name is one of fal's that serves no endpoint by a bare path."""
    return name in FAL_HOSTS and name not in RUN_HOSTS and not name.startswith("queue.")


@lru_cache(maxsize=256)  # asked for every request, of few names
def is_loopback(name: str) -> bool:
    """Tell whether a host name, in lower case and without a port, always means this machine."""
    if name == "localhost" or name.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(name.strip("[]")).is_loopback
    except ValueError:
        return False
