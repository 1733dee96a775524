"""One app on an HTTP and an HTTPS port, in one event loop. Handles no signal: `stop` is for whoever does.

Run it in a uvloop: `asyncio.Runner(loop_factory=uvloop.new_event_loop)`.
"""

from __future__ import annotations

import asyncio
import errno
import logging
import socket
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import uvicorn
from uvicorn.protocols.http import httptools_impl

from soundstage.api.echoes import Echoes
from soundstage.api.presented import Presented
from soundstage.api.protocol import STATUS_499, WireProtocol, echoing
from soundstage.errors import SettingsInvalid

if TYPE_CHECKING:
    from collections.abc import Callable, Generator

    from starlette.types import ASGIApp

    from soundstage.api.tls import TlsFiles

log = logging.getLogger(__name__)

#: Beyond any client's own: httpx drops idle connections after 5 s, undici after 4. Were we first, a POST
#: could meet a closing connection, and the client would send it again.
KEEP_ALIVE_S = 75
RENEW_EVERY_S = 86_400.0  #: a leaf is renewed 30 days before its end: a look a day is plenty
GRACE_S = 5
BACKLOG = 2048


@dataclass(frozen=True, slots=True, kw_only=True)
class Ports:
    """Where a server listens."""

    http: int
    https: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sockets:
    """Bound and listening sockets, before anything serves them."""

    http: socket.socket
    https: socket.socket

    @property
    def ports(self) -> Ports:
        """The ports, also where a free one was asked for."""
        return Ports(http=self.http.getsockname()[1], https=self.https.getsockname()[1])

    def close(self) -> None:
        """Give the ports back."""
        self.http.close()
        self.https.close()


def bind(host: str, *, port: int, tls_port: int) -> Sockets:
    """Take both ports, so that a port in use is known before anything else starts.

    Raises:
        SettingsInvalid: a port is in use or not allowed, or the host is none of this machine's.
    """
    http = bind_one(host, port, "--port")
    try:
        return Sockets(http=http, https=bind_one(host, tls_port, "--tls-port"))
    except SettingsInvalid:
        http.close()
        raise


def bind_one(host: str, port: int, flag: str) -> socket.socket:
    """Take one port; `flag` is what the user would change.

    Raises:
        SettingsInvalid: the port is in use or not allowed, or the host is none of this machine's.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except OSError as exc:
        raise SettingsInvalid(f"--host {host!r} is no address of this machine: {exc}") from exc
    family, kind, protocol, _, address = found[0]
    bound = socket.socket(family, kind, protocol)
    try:
        bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind(address)
        # Only a listening socket keeps others off the port; who connects now is answered once we serve.
        bound.listen(BACKLOG)
    except OSError as exc:
        bound.close()
        if exc.errno == errno.EADDRINUSE:
            raise SettingsInvalid(
                f"port {port} on {host} is in use; end what uses it, or choose another {flag} (0: a free one)"
            ) from exc
        raise SettingsInvalid(f"{flag} {port} on {host} cannot be taken: {exc.strerror}") from exc
    return bound


class ApiServer:
    """Serves until it is told to stop."""

    def __init__(
        self,
        app: ASGIApp,
        sockets: Sockets,
        tls: TlsFiles,
        *,
        stopping: asyncio.Event,
        grace_s: int = GRACE_S,
    ) -> None:
        """Prepare; nothing listens yet.

        Args:
            app: what to serve.
            sockets: from `bind`; closed at the end.
            tls: from `ensure_tls`.
            stopping: the app's; set first when the server stops, so that streams end by themselves.
            grace_s: what requests in flight get after that before they are cut off.
        """
        # uvicorn takes reason phrases from a table of registered codes; a JavaScript client shows the phrase.
        httptools_impl.STATUS_LINE[499] = STATUS_499
        self._sockets = sockets
        self._stopping = stopping
        self.ports = sockets.ports
        echoes = Echoes()
        heard, protocol = echoes.overhear(app), echoing(echoes)
        self._plain = _Server(_config(heard, protocol, grace_s))
        secured = _config(heard, protocol, grace_s, ssl_certfile=tls.leaf, ssl_keyfile=tls.key)
        self._secured = _Server(secured)
        secured.load()
        assert secured.ssl is not None, "it was given a certificate"
        self._presented = Presented(secured.ssl, tls)

    async def run(self) -> None:
        """Serve until `stop`, then let requests in flight end."""
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._plain.serve([self._sockets.http]))
                group.create_task(self._secured.serve([self._sockets.https]))
        finally:
            self._sockets.close()

    async def listening(self) -> None:
        """Return once both ports take connections."""
        await self._plain.listening.wait()
        await self._secured.listening.wait()

    async def keep_certificate(
        self, ensure: Callable[[], TlsFiles], *, every_s: float = RENEW_EVERY_S
    ) -> None:
        """Renew the certificate before it wears out, until cancelled: a server may run for longer than that.

        Args:
            ensure: makes what is worn out anew, as `ensure_tls`; called on a thread.
            every_s: between two looks.
        """
        while True:
            await asyncio.sleep(every_s)
            try:
                self._presented.use(await asyncio.to_thread(ensure))
            except (SettingsInvalid, OSError) as exc:
                # The one in use is good for weeks yet, and the next look may find the disk well again.
                log.warning("the certificate could not be looked after", extra={"why": str(exc)})

    def stop(self) -> None:
        """Begin to stop; safe to call twice. Must be called in the loop that runs."""
        self._stopping.set()
        self._plain.should_exit = True
        self._secured.should_exit = True


def _config(app: ASGIApp, protocol: type[WireProtocol], grace_s: int, **tls: Any) -> uvicorn.Config:
    return uvicorn.Config(
        app,  # pyright: ignore[reportArgumentType] - uvicorn's ASGI types are dicts, Starlette's are mappings
        http=protocol,
        ws="none",  # an upgrade is answered like any other GET: with the 404 of its path
        lifespan="off",
        log_config=None,
        access_log=False,
        proxy_headers=False,  # `urls.py` decides whose X-Forwarded-* count
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_S,
        timeout_graceful_shutdown=grace_s,
        backlog=BACKLOG,
        **tls,
    )


class _Server(uvicorn.Server):
    """uvicorn's server without its signal handlers."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()
        for connection in list(self.server_state.connections):
            # An idle TLS client reads nothing, so it never answers our goodbye: waiting for that is idle too.
            if isinstance(connection, WireProtocol) and connection.is_idle():
                connection.transport.abort()
        await super().shutdown(sockets)
