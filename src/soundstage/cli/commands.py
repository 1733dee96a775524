"""Door 2, all commands: their names, flags and help."""

from __future__ import annotations

import typer

from soundstage.cli.film import film
from soundstage.cli.keys import keys
from soundstage.cli.machine import doctor, engines, warm
from soundstage.cli.orders import orders
from soundstage.cli.plan import plan
from soundstage.cli.serve import serve, stage, work
from soundstage.cli.webhooks import webhooks

cli = typer.Typer(
    name="soundstage",
    help="Turn a text prompt into a film with sound, on your own machine, behind the API you already call.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,  # plain help: loading rich would double the time to the first line
    pretty_exceptions_enable=False,
)
cli.command()(film)
cli.command()(plan)
cli.command()(serve)
cli.command()(work)
cli.command()(engines)
cli.add_typer(orders, name="orders")
cli.add_typer(keys, name="keys")
cli.add_typer(webhooks, name="webhooks")
cli.command()(doctor)
cli.command()(warm)
cli.command(hidden=True)(stage)
