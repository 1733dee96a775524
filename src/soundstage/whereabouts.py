"""Where a server listens and what it asks for, told to others. Belongs to the composition root.

A running server writes `run/server.json`; `serve --print-env` in another shell reads it.
"""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from soundstage.api.env import client_exports, to_sh, tunnel_exports
from soundstage.api.server import Ports
from soundstage.api.tls import TlsFiles, ensure_tls
from soundstage.entrance import asks_for_keys
from soundstage.errors import SettingsInvalid
from soundstage.locks import is_owned

if TYPE_CHECKING:
    from collections.abc import Mapping

    from soundstage.config import Settings

PYTHON_LINER = (
    'python -c \'import fal_client; print(fal_client.subscribe("fal-ai/kling-video/v3/pro/text-to-video",'
    ' arguments={"prompt": "Fireflies in a dark forest"})["video"]["url"])\''
)
NODE_LINER = (
    'node -e \'const {{ fal }} = require("@fal-ai/client"); fal.config({{ proxyUrl: {{ url:'
    ' "{http}/api/fal/proxy", when: "always" }} }}); fal.subscribe("fal-ai/kling-video/v3/pro/text-to-video",'
    ' {{ input: {{ prompt: "Fireflies in a dark forest" }} }}).then((r) => console.log(r.data.video.url))\''
)
CURL_LINER = (
    "curl -s {http}/run/fal-ai/kling-video/v3/pro/text-to-video -H 'Content-Type: application/json'"
    ' -H "Authorization: Key $FAL_KEY" -d \'{{"prompt": "Fireflies in a dark forest"}}\''
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """What a client must know of a server."""

    ports: Ports
    connect_port: int | None  #: of the tunnel for fal's own names
    asks_for_keys: bool


def tell(settings: Settings, where: Whereabouts) -> None:
    """Write down where we listen, for `--print-env` and for scripts."""
    target = settings.run / "server.json"
    told = {
        "pid": os.getpid(),
        "port": where.ports.http,
        "tls_port": where.ports.https,
        "connect_port": where.connect_port,
        "asks_for_keys": where.asks_for_keys,
    }
    part = target.with_suffix(".part")
    part.write_text(json.dumps(told), "utf-8")
    part.replace(target)


def find(settings: Settings) -> Whereabouts:
    """Return where the server of this data folder listens, or else where one would."""
    planned = Whereabouts(
        ports=Ports(http=settings.port, https=settings.tls_port),
        connect_port=settings.connect_port,
        asks_for_keys=asks_for_keys(settings),
    )
    if not is_owned(settings.run / "serve.lock"):
        return planned  # what lies in server.json was left by a server that is gone
    try:
        told = json.loads((settings.run / "server.json").read_text("utf-8"))
        return Whereabouts(
            ports=Ports(http=told["port"], https=told["tls_port"]),
            connect_port=told["connect_port"],
            asks_for_keys=told["asks_for_keys"],
        )
    except (OSError, ValueError, KeyError, TypeError):
        return planned  # it is starting and has not told yet


def build_tls(settings: Settings, environ: Mapping[str, str], *, for_tunnel: bool) -> TlsFiles:
    """Return this installation's certificates; what is missing or worn out is made."""
    return ensure_tls(settings.tls, environ=environ, now=datetime.now(UTC), for_tunnel=for_tunnel)


def print_exports(settings: Settings, environ: Mapping[str, str], *, by_tunnel: bool = False) -> str:
    """Return the exports that point fal's clients here, as sh code; makes the CA if it is absent.

    Raises:
        SettingsInvalid: the tunnel's are asked for, and there is no tunnel.
    """
    where = find(settings)
    tls = build_tls(settings, environ, for_tunnel=by_tunnel)
    if not by_tunnel:
        return to_sh(client_exports(where.ports, tls, environ, asks_for_keys=where.asks_for_keys))
    if where.connect_port is None:
        raise SettingsInvalid("there is no tunnel: serve with --connect-port 8080, or another free port")
    assert tls.tunnel is not None
    return to_sh(tunnel_exports(where.connect_port, tls.tunnel, environ, asks_for_keys=where.asks_for_keys))


def announcement(settings: Settings, environ: Mapping[str, str], where: Whereabouts) -> str:
    """Return what an operator reads once the server serves."""
    http = f"http://127.0.0.1:{where.ports.http}"
    key = (
        "Callers need a key: `soundstage keys add` prints one, for FAL_KEY.\n" if where.asks_for_keys else ""
    )
    tunnel = ""
    if where.connect_port is not None:
        tunnel = (
            f"Tunnel for fal's own host names: port {where.connect_port}; --print-env --connect tells more.\n"
        )
    return (
        f"Serving fal-ai/kling-video/v3/pro/text-to-video on {http} and https://localhost:{where.ports.https}\n"
        f"{key}{tunnel}"
        f"\nPoint the clients here, in the shell you run them in:\n"
        f"\n{print_exports(settings, environ)}"
        f"\nPython:  {PYTHON_LINER}\n"
        f"Node:    {NODE_LINER.format(http=http)}\n"
        f"curl:    {CURL_LINER.format(http=http)}\n"
        f"\nCtrl-C stops."
    )
