"""The certificates that the HTTPS port presents, changed while it serves. Knows no file's making."""

from __future__ import annotations

import ssl
from typing import TYPE_CHECKING

from soundstage.api.hosts import FAL_HOSTS

if TYPE_CHECKING:
    from soundstage.api.tls import TlsFiles


class Presented:
    """Presents the leaf for this machine's names; to who asks for one of fal's, the tunnel's."""

    def __init__(self, context: ssl.SSLContext, tls: TlsFiles) -> None:
        """Take over a server's context; it has its leaf already.

        Args:
            context: the one that connections begin with.
            tls: what to present now.
        """
        self._own = context
        self._tunnel: ssl.SSLContext | None = None
        if tls.tunnel is not None:
            self._tunnel = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._own.sni_callback = self._choose
        self.use(tls)

    def use(self, tls: TlsFiles) -> None:
        """Present these to whoever connects from now on; connections that are open keep what they had."""
        self._own.load_cert_chain(tls.leaf, tls.key)
        if self._tunnel is not None and tls.tunnel is not None:
            self._tunnel.load_cert_chain(tls.tunnel.leaf, tls.tunnel.key)

    def _choose(self, connection: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if self._tunnel is not None and name is not None and name.lower() in FAL_HOSTS:
            connection.context = self._tunnel
