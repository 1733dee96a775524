"""A batch of new orders -> rows and queue jobs, in one transaction. Knows no gathering and no HTTP.

One statement writes them all. Only a batch with a limit of the line in it needs more: the count it is held
to must not change under it, so such batches of all processes take turns.
"""

from __future__ import annotations

import json
import uuid
from datetime import UTC
from typing import TYPE_CHECKING

import psycopg
from pydantic_core import PydanticSerializationError, to_json

from soundstage.errors import OrderRefused, QueueFull
from soundstage.jobs.orders import OrderState
from soundstage.jobs.rows import read_state
from soundstage.plain import to_json as to_plain

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Any

    from psycopg.rows import DictRow

    from soundstage.jobs.database import Connection, Database
    from soundstage.jobs.orders import NewOrder

    Outcome = OrderState | QueueFull

RANKS = {"normal": 0, "low": 1}
SUBMIT_TURN = 5_350_701_929  #: advisory lock of batches with a limit of the line, any constant that is ours
MOST_RACES = 10  #: lost against other processes with the same orders; each one lost leaves fewer to lose


async def write_orders(
    database: Database, news: Sequence[NewOrder], *, per_caller_limit: int
) -> list[Outcome]:
    """Write orders and their queue jobs; return what became of each, in the same order.

    One that is known already is not written again: its outcome is its present state, whoever wrote it.

    Raises:
        psycopg.DataError: one of them cannot be kept, so none was.
        DatabaseUnavailable: PostgreSQL does not answer.
    """
    for race in range(MOST_RACES):
        try:
            return await _write(database, news, per_caller_limit)
        except psycopg.errors.UniqueViolation:
            # Another process wrote one of these between our look and our insert. It is committed now.
            if race == MOST_RACES - 1:
                raise
    raise AssertionError("unreachable")


async def _write(database: Database, news: Sequence[NewOrder], limit: int) -> list[Outcome]:
    keys = [str(uuid.UUID(new.order_id)) for new in news]
    outcomes: dict[str, Outcome] = {}
    first: dict[str, NewOrder] = {}  # of several with one id in a batch, the first is written
    for key, new in zip(keys, news, strict=True):
        first.setdefault(key, new)
    if any(new.max_waiting is not None for new in news):
        async with database.transaction() as connection:
            outcomes |= await _find_full(database, connection, first)
            fitting = {key: new for key, new in first.items() if key not in outcomes}
            rows = await _insert(database, connection, fitting, limit)
    else:
        rows = await _insert(database, None, first, limit)
    for row in rows:
        key = str(row["order_id"])
        outcomes[key] = _new_state(first[key], row)
    known = first.keys() - outcomes.keys()
    if known:
        outcomes |= await find_states(database, list(known))
    return [outcomes[key] for key in keys]


async def _find_full(
    database: Database, connection: Connection, news: Mapping[str, NewOrder]
) -> dict[str, QueueFull]:
    """Return who finds the line too long, one after the other as they came."""
    await database.rows("take_submit_turn", connection, turn=SUBMIT_TURN)
    line = await database.row("look_at_line", connection, order_ids=list(news))
    assert line is not None
    waiting, known = line["waiting"], set(line["known"])
    full: dict[str, QueueFull] = {}
    for key, new in news.items():
        if key in known or new.refused is not None:
            continue
        if new.max_waiting is not None and waiting > new.max_waiting:
            full[key] = QueueFull(
                f"the queue is {waiting} long already, and this request is to find {new.max_waiting} at most"
                " (fal_max_queue_length); send it again later, or raise the limit"
            )
        else:
            waiting += 1
    return full


async def _insert(
    database: Database, connection: Connection | None, orders: Mapping[str, NewOrder], limit: int
) -> list[DictRow]:
    if not orders:
        return []
    # One text for the whole batch: psycopg takes ten times as long for a list of each column.
    batch = _as_text([_row(key, new) for key, new in orders.items()])
    return await database.rows("submit_orders", connection, orders=batch, limit=limit)


def _as_text(rows: list[dict[str, Any]]) -> str:
    try:
        return to_json(rows).decode()
    except PydanticSerializationError:  # half a surrogate pair: PostgreSQL refuses the order that has it
        return json.dumps(rows)


def _row(key: str, new: NewOrder) -> dict[str, Any]:
    row: dict[str, Any] = {
        "order_id": key,
        "endpoint": new.endpoint,
        "payload": new.payload,
        "caller": new.caller,
        "rank": RANKS[new.priority],
        "body_hash": None if new.body_hash is None else new.body_hash.hex(),
        "input": new.input,
        "start_within_s": new.start_within_s,
        "retries": new.retries,
        "keeps_io": new.keeps_io,
        "answer_base": new.answer_base,
        "webhook_url": new.webhook_url,
    }
    if new.refused is not None:
        refusal = OrderRefused(new.refused)
        row |= {"error_kind": refusal.kind, "error_message": str(refusal), "error_detail": _detail(new)}
    return row


async def find_states(database: Database, order_ids: Sequence[str]) -> dict[str, OrderState]:
    """Return these orders by their ids, as far as there are such."""
    rows = await database.rows("find_orders", order_ids=list(order_ids))
    return {str(row["order_id"]): read_state(row) for row in rows}


def _detail(new: NewOrder) -> list[dict[str, Any]]:
    return [to_plain(problem) for problem in new.refused or ()]


def _new_state(new: NewOrder, row: DictRow) -> OrderState:
    submitted_at = row["submitted_at"].astimezone(UTC)
    refusal = None if new.refused is None else OrderRefused(new.refused)
    return OrderState(
        order_id=str(row["order_id"]),
        endpoint=new.endpoint,
        status="waiting" if refusal is None else "failed",
        queue_position=row["queue_position"] if refusal is None else None,
        payload=new.payload,
        result=None,
        error_kind=None if refusal is None else refusal.kind,
        error_message=None if refusal is None else str(refusal),
        cancel_requested=False,
        attempts=0,
        submitted_at=submitted_at,
        started_at=None,
        ended_at=None if refusal is None else submitted_at,
        progress=None,
        caller=new.caller,
        body_hash=new.body_hash,
        keeps_io=new.keeps_io,
        answer_base=new.answer_base,
        webhook_url=new.webhook_url,
        error_detail=None if new.refused is None else _detail(new),
        forgotten_at=None,
    )
