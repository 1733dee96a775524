"""`soundstage keys`: make, list and revoke the keys that a server asks for. Works beside a running server."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from soundstage.cli.serve import Database, Home  # noqa: TC001 - typer reads them from the signatures

if TYPE_CHECKING:
    from datetime import datetime

keys = typer.Typer(help="Make, list and revoke keys to the API.", no_args_is_help=True, rich_markup_mode=None)


@keys.command("add")
def add_key(
    label: Annotated[str, typer.Option(help="Whose it is, or what for.")] = "",
    admin: Annotated[
        bool, typer.Option("--admin", help="May also read everybody's history and empty the queue.")
    ] = False,
    home: Home = None,
    database: Database = None,
) -> None:
    """Make a key and print it, this once: export FAL_KEY=<what is printed>."""
    from soundstage import app, errands

    settings = app.load_settings(home=home, database=database)
    typer.echo(errands.add_key(settings, label=label, is_admin=admin))


@keys.command("list")
def list_keys(home: Home = None, database: Database = None) -> None:
    """Show every key there ever was, without its secret."""
    from soundstage import app, errands

    found = errands.list_keys(app.load_settings(home=home, database=database))
    if not found:
        typer.echo("There are no keys; `soundstage keys add` makes one.", err=True)
    for key in found:
        fate = f"revoked {_minute(key.revoked_at)}" if key.revoked_at else "live"
        line = f"{key.key_id}  {key.scope:5}  made {_minute(key.created_at)}  {fate:25}  {key.label}"
        typer.echo(line.rstrip())


@keys.command("revoke")
def revoke_key(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="What stands before the colon.")],
    home: Home = None,
    database: Database = None,
) -> None:
    """Make a key open nothing any more; a running server follows within two seconds."""
    from soundstage import app, errands

    settings = app.load_settings(home=home, database=database)
    # Whoever pastes the whole key means its id; the secret must not end up in an error's words.
    key = errands.revoke_key(settings, key_id.partition(":")[0])
    typer.echo(f"{key.key_id} is revoked.")


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"
