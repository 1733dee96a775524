"""`soundstage orders`: what was ordered, how far it is, and withdrawing it. Works beside a running server."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from soundstage.cli.serve import Database, Home  # noqa: TC001 - typer reads them from the signatures

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from soundstage.errands import LogLine, OrderState

orders = typer.Typer(
    help="List orders, show one, withdraw one.", invoke_without_command=True, rich_markup_mode=None
)

Limit = Annotated[int, typer.Option(min=1, max=10_000, help="How many of the newest.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON on stdout, nothing else.")]
OrderId = Annotated[str, typer.Argument(metavar="ID", help="The request_id that the API gave.")]

_UNITS = ((86_400, "d"), (3_600, "h"), (60, "min"), (1, "s"))


@orders.callback()
def list_by_default(
    context: typer.Context,
    limit: Limit = 20,
    as_json: AsJson = False,
    home: Home = None,
    database: Database = None,
) -> None:
    """List the newest orders, newest first, unless another command is named."""
    if context.invoked_subcommand is None:
        list_orders(limit, as_json, home, database)


@orders.command("list")
def list_orders(
    limit: Limit = 20, as_json: AsJson = False, home: Home = None, database: Database = None
) -> None:
    """List the newest orders, newest first, and how many there are of each status."""
    from soundstage import app, errands

    found, counts = errands.list_orders(app.load_settings(home=home, database=database), limit=limit)
    now = datetime.now(UTC)
    if as_json:
        _print_json({"orders": [_facts(order, now) for order in found], "counts": counts})
        return
    for order in found:
        age = f"{_span((now - order.submitted_at).total_seconds())} ago"
        took = _took_s(order, now)
        worked = "" if took is None else f"{took:.1f} s"
        typer.echo(f"{order.order_id}  {_standing(order):16}  {age:>11}  {worked:>9}  {order.endpoint}")
    told = ", ".join(f"{count} {status}" for status, count in sorted(counts.items()))
    typer.echo(told or "There are no orders.", err=True)


@orders.command("show")
def show_order(
    order_id: OrderId, as_json: AsJson = False, home: Home = None, database: Database = None
) -> None:
    """Show one order: what was asked, its error or its files, its log."""
    from soundstage import app, errands

    settings = app.load_settings(home=home, database=database)
    order, log = errands.read_order(settings, order_id)
    folder = settings.files
    now = datetime.now(UTC)
    if as_json:
        lines = [{"at": line.at.isoformat(), "level": line.level, "message": line.message} for line in log]
        told = {"asked": order.payload, "files": _files(order, folder), "log": lines}
        _print_json({**_facts(order, now), **told})
        return
    typer.echo("\n".join(_shown(order, log, folder, now)))


@orders.command("cancel")
def cancel_order(order_id: OrderId, home: Home = None, database: Database = None) -> None:
    """Withdraw an order: a waiting one never starts, a running one stops."""
    from soundstage import app, errands

    order = errands.cancel_order(app.load_settings(home=home, database=database), order_id)
    word = "is cancelled" if order.is_final else "was told to stop"
    typer.echo(f"{order.order_id} {word}.")


def _print_json(told: Mapping[str, Any]) -> None:
    typer.echo(json.dumps(told, ensure_ascii=False, indent=2))


def _facts(order: OrderState, now: datetime) -> dict[str, Any]:
    """Return an order as `--json` prints it in a list."""
    return {
        "id": order.order_id,
        "endpoint": order.endpoint,
        "status": order.status,
        "queue_position": order.queue_position,
        "caller": order.caller,
        "age_s": round((now - order.submitted_at).total_seconds(), 3),
        "took_s": _took_s(order, now),
        "submitted_at": order.submitted_at.isoformat(),
        "attempts": order.attempts,
        "progress": order.progress,
        "error": None
        if order.error_kind is None
        else {"kind": order.error_kind, "message": order.error_message},
    }


def _took_s(order: OrderState, now: datetime) -> float | None:
    """Return how long its last attempt took, or takes; None when there was none."""
    if order.started_at is None:
        return None
    return round(((order.ended_at or now) - order.started_at).total_seconds(), 3)


def _standing(order: OrderState) -> str:
    """Return the status, with its place in the line or how far it is: "running 45 %"."""
    if order.status == "waiting":
        return f"waiting, {order.queue_position or 0} ahead"
    report = order.progress or {}
    if order.status == "running" and report.get("stage") == "render":
        return f"running {100 * report['done'] // max(1, report['total'])} %"
    return order.status


def _span(seconds: float) -> str:
    """Return a length of time in its largest unit: "3 min"."""
    size, unit = next((u for u in _UNITS if seconds >= u[0]), _UNITS[-1])
    return f"{int(seconds // size)} {unit}"


def _shown(order: OrderState, log: Sequence[LogLine], folder: Path, now: datetime) -> list[str]:
    """Return an order as lines for a person."""
    asked, took = order.payload, _took_s(order, now)
    lines = [f"{order.order_id}  {_standing(order)}", f"  endpoint   {order.endpoint}"]
    lines.append(f"  caller     {order.caller}, {order.submitted_at:%Y-%m-%d %H:%M:%S}Z")
    if took is not None:
        attempts = f"attempt {order.attempts}" if order.attempts > 1 else "one attempt"
        lines.append(f"  took       {took:.1f} s, {attempts}")
    if order.forgotten_at is not None:
        lines.append(
            f"  forgotten  {order.forgotten_at:%Y-%m-%d %H:%M:%S}Z: input, output and files are gone"
        )
    elif asked:
        size = asked["size"]
        frame = f"{size['width']}x{size['height']} at {asked['fps']} fps"
        lines.append(
            f"  asked      {asked['seconds']:g} s, {frame}, seed {asked['seed']}, engine {asked['engine']}"
        )
        prompts = (
            [asked["prompt"]] if asked.get("prompt") else [s["prompt"] for s in asked.get("shots") or ()]
        )
        lines += [f"  prompt     {' '.join(prompt.split())}" for prompt in prompts]
    if order.error_kind is not None:
        lines.append(f"  error      {order.error_kind}: {order.error_message}")
    for file in _files(order, folder):
        lines.append(f"  {file['role']:10} {file['path']} ({file['bytes']} bytes)")
    lines += [f"  {line.at:%H:%M:%S} {line.level:5} {line.message}" for line in log]
    return lines


def _files(order: OrderState, folder: Path) -> list[dict[str, Any]]:
    """Return a finished order's files, by where they lie on this machine if they do."""
    files = (order.result or {}).get("files", ())
    told: list[dict[str, Any]] = []
    for file in files:
        here = folder / file["name"]
        path = str(here) if here.is_file() else file["name"]
        told.append({"role": file["role"], "path": path, "bytes": file["bytes"]})
    return told
