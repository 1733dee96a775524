"""The variables that point an unmodified fal_client at this server."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.api.server import Ports
    from soundstage.api.tls import TlsFiles

OWN_KEY = "soundstage:local"  #: fal_client sends nothing without a key; the server asks for none
DIRECT_NAMES = ("localhost", "127.0.0.1")


def client_exports(ports: Ports, tls: TlsFiles, environ: Mapping[str, str]) -> dict[str, str]:
    """Return the variables to set, in order, on top of what the client has set already.

    `no_proxy` is among them only where it is set: Python reads it before NO_PROXY.
    """
    host = f"localhost:{ports.https}"
    exports = {
        "FAL_KEY": environ.get("FAL_KEY") or OWN_KEY,
        "FAL_RUN_HOST": f"{host}/run",
        "FAL_QUEUE_RUN_HOST": f"{host}/queue",
        "SSL_CERT_FILE": str(tls.bundle),
        "NO_PROXY": _without_proxy(environ.get("NO_PROXY") or environ.get("no_proxy") or ""),
    }
    if environ.get("no_proxy"):
        exports["no_proxy"] = _without_proxy(environ["no_proxy"])
    return exports


def to_sh(exports: Mapping[str, str]) -> str:
    """Return the variables as sh code, for `eval`."""
    return "".join(f"export {name}={shlex.quote(value)}\n" for name, value in exports.items())


def _without_proxy(listed: str) -> str:
    names = [name.strip() for name in listed.split(",") if name.strip()]
    if "*" in names:
        return listed
    return ",".join([*names, *(name for name in DIRECT_NAMES if name not in names)])
