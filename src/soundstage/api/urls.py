"""Which URLs stand in answers. A foreign Host header never reaches one.

`--public-url` when it is set; otherwise scheme and host of the request, if that host is loopback or in
`--allowed-hosts`; otherwise the address the connection came in on. `X-Forwarded-*` counts only from
`--trusted-proxies`.
"""

from __future__ import annotations

import ipaddress
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from soundstage.api.hosts import FAL_HOSTS, QUEUE_HOST, is_loopback, read_name
from soundstage.errors import SettingsInvalid

if TYPE_CHECKING:
    from starlette.types import Scope

    from soundstage.api.doors import Door

_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(:(?P<port>\d{1,5}))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Links:
    """The URLs of one answer."""

    base: str  #: "https://localhost:8443"
    queue: str  #: where the queue's paths begin: "https://localhost:8443/queue"

    def request(self, app: str, order_id: str) -> str:
        """Return the URL of an order; both clients build the same one themselves."""
        return f"{self.queue}/{app}/requests/{order_id}"

    def file(self, name: str) -> str:
        """Return the URL of a file in the store."""
        return f"{self.base}/files/{quote(name)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class UrlRule:
    """Decides the scheme and host of the URLs in an answer."""

    public_url: str | None = None
    allowed_hosts: tuple[str, ...] = ()  #: "films.example.org", with a port only if that port is meant
    trusted_proxies: tuple[str, ...] = ()  #: addresses or networks: "10.0.0.0/8"
    tunnelled: bool = False  #: callers come to fal's own names, through the CONNECT port
    _networks: tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...] = field(init=False, repr=False)
    _own: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.public_url is not None:
            parts = urlsplit(self.public_url)
            if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
                raise SettingsInvalid(
                    f"--public-url is {self.public_url!r}; it must be a base such as https://films.example.org"
                )
        try:
            networks = tuple(ipaddress.ip_network(text, strict=False) for text in self.trusted_proxies)
        except ValueError as exc:
            raise SettingsInvalid(f"--trusted-proxies: {exc}; name addresses or networks") from exc
        object.__setattr__(self, "_networks", networks)
        own = {host.lower() for host in self.allowed_hosts}
        if self.public_url is not None:
            own.add(urlsplit(self.public_url).netloc.rpartition("@")[2].lower())
        object.__setattr__(self, "_own", frozenset(own))

    def links(self, scope: Scope, door: Door) -> Links:
        """Return the URLs for the answer to this request."""
        if self.public_url is not None:
            base = self.public_url.rstrip("/")
            return Links(base=base, queue=f"{base}/queue")
        scheme, host, mount = self._asked(scope)
        if host is None or not self.may_name(host):
            base = f"{scope['scheme']}://{_bound_address(scope)}"
            if host is not None and self.tunnelled and read_name(host) in FAL_HOSTS:
                # Through the tunnel fal's names are ours, and clients compare this URL with what they build.
                return Links(base=base, queue=f"https://{QUEUE_HOST}")
            return Links(base=base, queue=f"{base}/queue")
        base = f"{scheme}://{host}{mount}"
        # A client that came by the host `queue.*` has no prefix, and must be sent back the way it came.
        prefix = door.prefix if door.kind == "queue" else "/queue"
        return Links(base=base, queue=base + prefix)

    def _asked(self, scope: Scope) -> tuple[str, str | None, str]:
        """Return scheme, host and mount path as the caller sees them."""
        scheme, host, mount = str(scope["scheme"]), _find_host(scope), ""
        if self._is_trusted(scope):
            headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
            scheme = _first(headers.get(b"x-forwarded-proto")) or scheme
            host = _first(headers.get(b"x-forwarded-host")) or host
            mount = (_first(headers.get(b"x-forwarded-prefix")) or "").rstrip("/")
        if not mount and scheme == scope["scheme"]:
            return scheme, host, ""
        safe_mount = mount if re.fullmatch(r"(/[A-Za-z0-9._~-]+)*", mount) else ""
        return (scheme if scheme in ("http", "https") else str(scope["scheme"])), host, safe_mount

    def _is_trusted(self, scope: Scope) -> bool:
        client = scope.get("client")
        if not client or not self._networks:
            return False
        try:
            address = ipaddress.ip_address(client[0])
        except ValueError:
            return False
        return any(address in network for network in self._networks)

    def may_name(self, host: str) -> bool:
        """Tell whether a Host header, with its port, is this server: loopback, or one that was allowed."""
        found = _HOST.fullmatch(host)
        if found is None:
            return False
        name = found["name"].lower()
        return is_loopback(name) or name in self._own or host.lower() in self._own


def _find_host(scope: Scope) -> str | None:
    for name, value in scope["headers"]:
        if name == b"host":
            return value.decode("latin-1")
    return None


def _first(text: str | None) -> str | None:
    """Return what the nearest proxy wrote first."""
    return text.split(",")[0].strip() if text else None


def _bound_address(scope: Scope) -> str:
    host, port = scope.get("server") or ("localhost", None)
    named = f"[{host}]" if ":" in host else host
    return named if port is None else f"{named}:{port}"
