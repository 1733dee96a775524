"""Connections to addresses that were checked: a name is resolved once, and what was checked is called.

Checking a name and then letting the client resolve it again would leave a moment in which the name can be
pointed at a private address.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from typing import TYPE_CHECKING

import httpx

from soundstage.addresses import is_public

if TYPE_CHECKING:
    import ssl
    from concurrent.futures import ThreadPoolExecutor

CONNECT_S = 5.0  #: for one address; a name may have several, and all of them share the attempt's time
MOST_ADDRESSES = 4
#: Name servers may be silent for half a minute, and a thread that waits for one cannot be called back.
RESOLVERS = 32


class AddressForbidden(Exception):
    """The host is of this machine or of a private network, and those are not called."""


class PinnedTransport(httpx.AsyncBaseTransport):
    """Resolves, checks, then connects to what it checked; Host header and certificate stay the name's."""

    def __init__(self, *, private: bool, tls: ssl.SSLContext, threads: ThreadPoolExecutor) -> None:
        self._private = private
        self._threads = threads
        self._wire = httpx.AsyncHTTPTransport(
            verify=tls, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
        )

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request.

        Raises:
            AddressForbidden: no address of the host may be called.
            OSError: the host has no address.
            httpx.TransportError: no address answered as HTTP does.
        """
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or (443 if request.url.scheme == "https" else 80)
        addresses = await self._resolve(host, port)
        extensions = {**request.extensions, "sni_hostname": host}  # the certificate must be the name's
        failure: httpx.TransportError | None = None
        for address in addresses[:MOST_ADDRESSES]:
            pinned = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions=extensions,
            )
            try:
                return await self._wire.handle_async_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout) as exc:
                failure = exc  # nothing was sent yet: the next address may do better
        assert failure is not None
        raise failure

    async def aclose(self) -> None:
        """Close the connection."""
        await self._wire.aclose()

    async def _resolve(self, host: str, port: int) -> list[str]:
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(
            self._threads, lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        )
        addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
        allowed = [a for a in addresses if self._private or _may_call(a)]
        if not allowed:
            raise AddressForbidden(
                f"{host} is {', '.join(addresses)}, an address of this machine or of a private network, "
                "and webhooks to those are refused here (setting webhook_private)"
            )
        return allowed


def _may_call(text: str) -> bool:
    return is_public(ipaddress.ip_address(text.partition("%")[0]))
