"""What the queue tells of an order: submit, status, logs, output. Pure: states in, JSON out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from soundstage.api.problems import CANCELLED_WORDS, find_row
from soundstage.errors import Cancelled

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from soundstage.api.ports import LogLine, OrderState, OrderStatus
    from soundstage.api.urls import Links

#: Three words are all that the clients know; a failed or cancelled order is COMPLETED, its result tells.
WIRE_STATUS: dict[OrderStatus, str] = {
    "waiting": "IN_QUEUE",
    "running": "IN_PROGRESS",
    "done": "COMPLETED",
    "failed": "COMPLETED",
    "cancelled": "COMPLETED",
}
FILE_NAME = "output.mp4"  #: what Kling's endpoints call every film


def has_ended(state: OrderState) -> bool:
    """Tell whether nothing more will happen to this order."""
    return WIRE_STATUS[state.status] == "COMPLETED"


def submitted_body(state: OrderState, links: Links, app: str) -> dict[str, Any]:
    """Return the answer to a submit."""
    return status_body(state, links, app, logs=None)


def status_body(
    state: OrderState, links: Links, app: str, *, logs: Iterable[LogLine] | None
) -> dict[str, Any]:
    """Return an order's status. `logs` None means they were not asked for."""
    url = links.request(app, state.order_id)
    body: dict[str, Any] = {
        "status": WIRE_STATUS[state.status],
        "request_id": state.order_id,
        "response_url": url,
        "status_url": f"{url}/status",
        "cancel_url": f"{url}/cancel",
        "logs": None if logs is None else [log_body(line) for line in logs],
        "metrics": _metrics(state),
    }
    if state.status == "waiting":
        body["queue_position"] = state.queue_position or 0
    if state.status == "failed":
        body |= {"error": state.error_message, "error_type": find_row(state.error_kind).type}
    if state.status == "cancelled":
        body |= {"error": CANCELLED_WORDS, "error_type": Cancelled.kind}
    return body


def log_body(line: LogLine) -> dict[str, Any]:
    """Return a log line as fal's clients type it."""
    return {"message": line.message, "level": line.level, "source": "USER", "timestamp": line.at.isoformat()}


def _metrics(state: OrderState) -> dict[str, float]:
    if not has_ended(state) or state.started_at is None or state.ended_at is None:
        return {}
    return {"inference_time": (state.ended_at - state.started_at).total_seconds()}


def output_body(film: Mapping[str, Any], links: Links) -> dict[str, Any]:
    """Return the output of a finished order from its Film as JSON.

    `video` has fal's fields and what its `VideoFile` adds; the rest is ours. What a film lacks is null.
    """
    files = {file["role"]: file for file in film["files"]}
    facts = film["facts"]
    return {
        "video": {
            **_file_body(files["video"], links, FILE_NAME),
            "width": facts["size"]["width"],
            "height": facts["size"]["height"],
            "fps": facts["fps"],
            "duration": facts["seconds"],
            "num_frames": facts["frame_count"],
        },
        "seed": facts["seed"],
        "captions": _optional(files, "captions_vtt", links, "captions.vtt"),
        "captions_srt": _optional(files, "captions_srt", links, "captions.srt"),
        "peaks": _optional(files, "peaks", links, "peaks.json"),
        "poster": _optional(files, "poster", links, "poster.jpg"),
        "screenplay": _optional(files, "screenplay", links, "screenplay.json"),
    }


def _optional(
    files: Mapping[str, Mapping[str, Any]], role: str, links: Links, file_name: str
) -> dict[str, Any] | None:
    return _file_body(files[role], links, file_name) if role in files else None


def _file_body(file: Mapping[str, Any], links: Links, file_name: str) -> dict[str, Any]:
    return {
        "url": links.file(file["name"]),
        "content_type": file["content_type"],
        "file_name": file_name,
        "file_size": file["bytes"],
    }
