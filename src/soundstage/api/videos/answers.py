"""An order as OpenAI's `Video` object. Pure: states in, JSON out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from soundstage.api.answers import has_ended
from soundstage.api.problems import CANCELLED_WORDS, find_row
from soundstage.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from soundstage.api.ports import OrderState, OrderStatus

VideoStatus = Literal["queued", "in_progress", "completed", "failed"]
#: The dialect has no word for what was withdrawn: pollers would ask for ever after a fifth one.
_STATUS: dict[OrderStatus, VideoStatus] = {
    "waiting": "queued",
    "running": "in_progress",
    "done": "completed",
    "failed": "failed",
    "cancelled": "failed",
}
ALMOST = 99  #: per cent, from the last frame until the film is published


def video_body(state: OrderState) -> dict[str, Any]:
    """Return an order as a `Video`; `seed` and `fps` are ours."""
    order = state.payload
    size: Mapping[str, Any] = order.get("size") or {}
    return {
        "id": state.order_id,
        "object": "video",
        "model": state.endpoint,
        "status": _STATUS[state.status],
        "progress": progress_of(state),
        "created_at": _epoch(state.submitted_at),
        "completed_at": _epoch(state.ended_at),
        "expires_at": _expires_at(state),
        "prompt": _prompt_of(order),
        "seconds": f"{order.get('seconds', 0):g}",
        "size": f"{size.get('width', 0)}x{size.get('height', 0)}",
        "fps": order.get("fps"),
        "seed": order.get("seed"),
        "remixed_from_video_id": None,
        "error": _error_of(state),
    }


def list_body(states: Sequence[OrderState], *, has_more: bool) -> dict[str, Any]:
    """Return a page of videos."""
    return {
        "object": "list",
        "data": [video_body(state) for state in states],
        "first_id": states[0].order_id if states else None,
        "last_id": states[-1].order_id if states else None,
        "has_more": has_more,
    }


def progress_of(state: OrderState) -> int:
    """Return how many per cent of the frames are made; 100 only when the film can be had."""
    if state.status == "done":
        return 100
    report = state.progress or {}
    if report.get("stage") == "render":
        return ALMOST * int(report["done"]) // max(1, int(report["total"]))
    # Planning comes before the first frame; whatever else is reported comes after the last one.
    return ALMOST if report and report.get("stage") != "plan" else 0


def _prompt_of(order: Mapping[str, Any]) -> str | None:
    if order.get("prompt") is not None:
        return order["prompt"]
    return "\n".join(shot["prompt"] for shot in order.get("shots") or ()) or None


def _error_of(state: OrderState) -> dict[str, str] | None:
    if state.status == "cancelled":
        return {"code": Cancelled.kind, "message": CANCELLED_WORDS}
    if state.status == "failed":
        words = state.error_message or "it failed for no known reason"
        return {"code": find_row(state.error_kind).type, "message": words}
    return None


def _expires_at(state: OrderState) -> int | None:
    lifecycle: Mapping[str, Any] = state.payload.get("lifecycle") or {}
    lasts_s = lifecycle.get("expires_s")
    if lasts_s is None or state.ended_at is None or not has_ended(state):
        return None
    return _epoch(state.ended_at) + int(lasts_s)


def _epoch(moment: datetime | None) -> Any:
    return None if moment is None else int(moment.timestamp())
