"""`soundstage webhooks`: what was sent and what not, sending again, and the keys that sign.

Works beside a running server.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

from soundstage.cli.serve import Database, Home  # noqa: TC001 - typer reads them from the signatures

if TYPE_CHECKING:
    from datetime import datetime

    from soundstage.delivering import Delivery

webhooks = typer.Typer(
    help="List webhooks, send one again, change the keys that sign.", rich_markup_mode=None
)


@webhooks.callback(invoke_without_command=True)
def list_deliveries(
    context: typer.Context,
    limit: Annotated[int, typer.Option(min=1, help="How many at most.")] = 20,
    status: Annotated[
        Literal["due", "delivered", "failed"] | None, typer.Option(help="Only those of one status.")
    ] = None,
    home: Home = None,
    database: Database = None,
) -> None:
    """List the newest webhooks, newest first; or do what a command below says."""
    if context.invoked_subcommand is not None:
        if home is not None or database is not None:
            # They would be taken here and not by the command, which would then work on another database.
            raise typer.BadParameter(f"--home and --database go behind {context.invoked_subcommand!r}")
        return
    from soundstage import app, delivering

    settings = app.load_settings(home=home, database=database)
    found = delivering.list_deliveries(settings, limit=limit, status=status)
    if not found:
        none = "No request has asked for a webhook, or none of them has ended yet."
        typer.echo(none if status is None else f"No webhook is {status}.", err=True)
    for delivery in found:
        typer.echo(_line(delivery))


@webhooks.command("redeliver")
def redeliver(
    delivery_id: Annotated[str, typer.Argument(metavar="ID", help="Of the request, or of its webhook.")],
    home: Home = None,
    database: Database = None,
) -> None:
    """Send a webhook again now: the same bytes, a new signature, all its attempts before it."""
    from soundstage import app, delivering

    delivering.redeliver(app.load_settings(home=home, database=database), delivery_id)
    typer.echo(f"{delivery_id} is due: a running server sends it now, another one at its start.")


@webhooks.command("keys")
def list_keys(home: Home = None, database: Database = None) -> None:
    """List the keys that signatures are checked with, newest first."""
    from soundstage import app, delivering

    for key in delivering.list_signing_keys(app.load_settings(home=home, database=database)):
        state = "signs now" if key.signs else f"signs from {_minute(key.signs_from)}"
        told = state if key.signs or key.signs_from > _now() else "signs no more"
        typer.echo(f"{key.key_id}  made {_minute(key.created_at)}  {told}")


@webhooks.command("rotate")
def rotate(
    now: Annotated[bool, typer.Option("--now", help="Sign with it at once: a key has leaked.")] = False,
    home: Home = None,
    database: Database = None,
) -> None:
    """Publish a new key; it signs a day later, when every receiver has read it."""
    from soundstage import app, delivering

    key = delivering.rotate_signing_key(app.load_settings(home=home, database=database), at_once=now)
    typer.echo(
        f"{key.key_id} is published and signs from {_minute(key.signs_from)}; "
        "`soundstage webhooks withdraw ID` takes an older one away."
    )


@webhooks.command("withdraw")
def withdraw(
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `soundstage webhooks keys` shows it.")],
    home: Home = None,
    database: Database = None,
) -> None:
    """Publish a key no more: nothing it signed is believed any longer."""
    from soundstage import app, delivering

    delivering.withdraw_signing_key(app.load_settings(home=home, database=database), key_id)
    typer.echo(f"{key_id} is withdrawn; a receiver may believe it for as long as it keeps the set.")


def _line(delivery: Delivery) -> str:
    last = delivery.last_error or (str(delivery.last_code) if delivery.last_code else "not tried yet")
    parts = [
        delivery.order_id,
        f"{delivery.status:9}",
        f"{delivery.attempts:2} sent",
        delivery.receiver,
        last,
    ]
    if delivery.next_at is not None:
        parts.append(f"next {delivery.next_at:%Y-%m-%d %H:%M:%S}Z")
    return "  ".join(parts)


def _now() -> datetime:
    from datetime import UTC, datetime

    return datetime.now(UTC)


def _minute(moment: datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M}Z"
