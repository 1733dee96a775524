"""`soundstage serve`, `work` and `stage`: the API with database and worker, and the processes it starts."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from soundstage.errors import SettingsInvalid

Home = Annotated[
    Path | None, typer.Option(help="Data folder: films, database, keys.  [default: $SOUNDSTAGE_HOME]")
]
Database = Annotated[str | None, typer.Option(help="postgresql:// URL of your own.  [default: embedded]")]


def serve(
    home: Home = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.  [default: 127.0.0.1]")] = None,
    port: Annotated[int | None, typer.Option(help="HTTP port; 0 takes a free one.  [default: 8000]")] = None,
    tls_port: Annotated[
        int | None, typer.Option(help="HTTPS port; 0 takes a free one.  [default: 8443]")
    ] = None,
    database: Database = None,
    public_url: Annotated[str | None, typer.Option(help="Base of all URLs in answers.")] = None,
    allowed_hosts: Annotated[str | None, typer.Option(help="Host headers to trust, with commas.")] = None,
    trusted_proxies: Annotated[str | None, typer.Option(help="Addresses whose X-Forwarded-* count.")] = None,
    require_keys: Annotated[
        bool | None,
        typer.Option(
            "--require-keys/--no-require-keys",
            help="Ask callers for a key of `soundstage keys add`.  [default: when --host is not loopback]",
        ),
    ] = None,
    open_to_all: Annotated[
        bool | None,
        typer.Option(
            "--open-to-all",
            help="Without keys, beyond this machine: whoever reaches the port can make films on it, read and"
            " withdraw every order, and have it call their webhooks.",
        ),
    ] = None,
    allowed_origins: Annotated[
        str | None,
        typer.Option(help="Web pages that may call a server without keys, as https://app.example.org."),
    ] = None,
    connect_port: Annotated[
        int | None, typer.Option(help="Port of the tunnel for fal's own host names.  [default: none]")
    ] = None,
    upload_max_bytes: Annotated[
        int | None, typer.Option(help="The largest file that a caller may bring.  [default: 5000000000]")
    ] = None,
    webhook_private: Annotated[
        bool | None,
        typer.Option(
            "--webhook-private/--no-webhook-private",
            help="Whether webhooks may go to this machine and private networks."
            "  [default: if only this machine can submit]",
        ),
    ] = None,
    enqueue_invalid: Annotated[
        bool | None,
        typer.Option(
            "--enqueue-invalid",
            help="Queue a bad body and fail it, as fal does, instead of refusing it at once.",
        ),
    ] = None,
    print_env: Annotated[
        bool, typer.Option("--print-env", help="Print the client's exports and end.")
    ] = False,
    connect: Annotated[
        bool, typer.Option("--connect", help="With --print-env: those of the tunnel.")
    ] = False,
) -> None:
    """Serve fal's API on this machine: embedded database, worker, HTTP and HTTPS."""
    from soundstage import app

    settings = app.load_settings(
        home=home,
        host=host,
        port=port,
        tls_port=tls_port,
        database=database,
        public_url=public_url,
        allowed_hosts=_listed(allowed_hosts),
        trusted_proxies=_listed(trusted_proxies),
        webhook_private=webhook_private,
        enqueue_invalid=enqueue_invalid,
        require_keys=require_keys,
        open_to_all=open_to_all,
        allowed_origins=_listed(allowed_origins),
        connect_port=connect_port,
        upload_max_bytes=upload_max_bytes,
    )
    from soundstage import serving, whereabouts

    if print_env:
        typer.echo(whereabouts.print_exports(settings, os.environ, by_tunnel=connect), nl=False)
        return
    serving.run(settings, os.environ, announce=typer.echo)


def work(home: Home = None, database: Database = None) -> None:
    """Make films for the orders in a database; `serve` starts one of these itself."""
    from soundstage import app, serving

    settings = app.load_settings(home=home, database=database)
    if settings.database is None:
        raise SettingsInvalid(
            "work needs --database postgresql://...; `soundstage serve` starts its own worker"
        )
    serving.run_worker(settings)


def stage(home: Home = None) -> None:
    """Be the warm process in which a worker makes films."""
    from soundstage import app

    app.serve_stage(app.load_settings(home=home))


def _listed(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(word.strip() for word in text.split(",") if word.strip())
