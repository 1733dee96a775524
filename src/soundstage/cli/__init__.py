"""Door 2: the terminal. Reads flags, prints answers; every part it uses is built by `soundstage.app`."""

from __future__ import annotations

import gc
import sys

import typer

from soundstage.cli.film import film
from soundstage.cli.keys import keys
from soundstage.cli.machine import doctor, engines, warm
from soundstage.cli.orders import orders
from soundstage.cli.plan import plan
from soundstage.cli.serve import serve, stage, work
from soundstage.cli.webhooks import webhooks
from soundstage.errors import SoundstageError

__all__ = ["main"]

#: 2 as for every misuse of a command line; 1 when the work itself failed; 130 as the shell does for Ctrl-C
EXIT_FAILED, EXIT_INTERRUPTED = 1, 130

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


def main() -> None:
    """Run the command line; an error of ours is one readable line, never a traceback."""
    try:
        cli()
    except SoundstageError as exc:
        sys.stderr.write(f"soundstage: {exc}\n")
        raise SystemExit(EXIT_FAILED) from exc
    except KeyboardInterrupt:
        sys.stderr.write("\nsoundstage: stopped\n")
        raise SystemExit(EXIT_INTERRUPTED) from None
    except BrokenPipeError:
        # The reader of our output went away (`soundstage plan ... | head`): nothing is left to say.
        sys.stderr.close()
        raise SystemExit(EXIT_FAILED) from None
    finally:
        gc.freeze()  # or the interpreter would look through all that was loaded once more before it ends
