"""The variables that point an unmodified fal_client at this server: by two host names, or by a tunnel."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from soundstage.api.hosts import FAL_DOMAINS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.api.server import Ports
    from soundstage.api.tls import TlsFiles

OWN_KEY = "soundstage:local"  #: fal_client sends nothing without a key; the server asks for none
DIRECT_NAMES = ("localhost", "127.0.0.1")


def client_exports(
    ports: Ports, tls: TlsFiles, environ: Mapping[str, str], *, asks_for_keys: bool = False
) -> dict[str, str | None]:
    """Return the variables to set, in order, on top of what the client has set already; None is to be unset.

    `no_proxy` is among them only where it is set: Python reads it before NO_PROXY. FAL_KEY is not where
    a real one is needed and the client has none: nobody here knows it.
    """
    host = f"localhost:{ports.https}"
    return {
        **_key(environ, asks_for_keys=asks_for_keys),
        "FAL_RUN_HOST": f"{host}/run",
        "FAL_QUEUE_RUN_HOST": f"{host}/queue",
        "SSL_CERT_FILE": str(tls.bundle),
        **_past_proxies(environ),
    }


def tunnel_exports(
    connect_port: int, tunnel: TlsFiles, environ: Mapping[str, str], *, asks_for_keys: bool = False
) -> dict[str, str | None]:
    """Return the variables that lead a client to fal's own host names, uploads included, to this server.

    Everything else that the client asks by https is refused by the tunnel: they are for one program.
    """
    proxy = f"http://127.0.0.1:{connect_port}"
    told: dict[str, str | None] = {**_key(environ, asks_for_keys=asks_for_keys), "HTTPS_PROXY": proxy}
    if environ.get("https_proxy"):
        told["https_proxy"] = proxy  # read before the other
    # The names of fal must not be among those that go past the proxy, and the other recipe must not hold.
    past = {name: _without_fal(environ[name]) for name in ("NO_PROXY", "no_proxy") if environ.get(name)}
    unset = dict.fromkeys(("FAL_RUN_HOST", "FAL_QUEUE_RUN_HOST"))
    return {**told, **unset, "SSL_CERT_FILE": str(tunnel.bundle), **_past_proxies(past)}


def to_sh(exports: Mapping[str, str | None]) -> str:
    """Return the variables as sh code, for `eval`."""
    return "".join(
        f"unset {name}\n" if value is None else f"export {name}={shlex.quote(value)}\n"
        for name, value in exports.items()
    )


def _key(environ: Mapping[str, str], *, asks_for_keys: bool) -> dict[str, str | None]:
    key = environ.get("FAL_KEY")
    if asks_for_keys and key in (None, "", OWN_KEY):
        return {}
    return {"FAL_KEY": key or OWN_KEY}


def _past_proxies(environ: Mapping[str, str]) -> dict[str, str | None]:
    told: dict[str, str | None] = {
        "NO_PROXY": _without_proxy(environ.get("NO_PROXY") or environ.get("no_proxy") or "")
    }
    if "no_proxy" in environ:
        told["no_proxy"] = _without_proxy(environ["no_proxy"])
    return told


def _without_fal(listed: str) -> str:
    names = [name.strip() for name in listed.split(",")]
    # These would lead past the tunnel, and the key with them, to the real fal.
    return ",".join(n for n in names if n != "*" and not n.lower().endswith(FAL_DOMAINS))


def _without_proxy(listed: str) -> str:
    names = [name.strip() for name in listed.split(",") if name.strip()]
    if "*" in names:
        return listed
    return ",".join([*names, *(name for name in DIRECT_NAMES if name not in names)])
