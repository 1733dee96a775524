"""`soundstage engines`, `doctor` and `warm`: what this machine can do, and making it ready."""

from __future__ import annotations

from typing import Annotated

import typer


def engines() -> None:
    """List the installed engines and whether each can run here."""
    from soundstage import app

    for finding in app.build_catalog(app.load_settings()).survey():
        made_by = finding.spec.made_by if finding.spec is not None else "unknown"
        state = "ready" if finding.reason is None else f"cannot run: {finding.reason}"
        typer.echo(f"{finding.name:12} {made_by:24} {state}")


def doctor() -> None:
    """Say what this machine can do, and why; ends with 1 if a film cannot be made."""
    from soundstage import app, checkup

    findings = checkup.examine(app.load_settings())
    for finding in findings:
        typer.echo(f"{'ok ' if finding.well else 'NO '} {finding.part:10} {finding.sentence}")
    if not all(finding.well for finding in findings if finding.needed):
        raise typer.Exit(1)


def warm(
    again: Annotated[bool, typer.Option("--again", help="Compile even if the cache looks full.")] = False,
) -> None:
    """Compile every kernel now, so that the first film starts at once."""
    from soundstage import app
    from soundstage.warmth import warm_kernels

    settings = app.load_settings()
    took_s = warm_kernels(settings, say=typer.echo, again=again)
    typer.echo("kernels were warm already" if took_s is None else f"kernels compiled in {took_s:.1f} s")
