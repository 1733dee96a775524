"""JSON answers that can always be sent. Knows no route."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUEST_ID = "x-fal-request-id"


def encode(body: Any) -> bytes:
    """Return a value as compact JSON in UTF-8; half a surrogate pair becomes a question mark."""
    return json.dumps(body, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode(
        "utf-8", "replace"
    )


class JsonReply(Response):
    """A JSON answer. `order_id` goes into `x-fal-request-id`."""

    media_type = "application/json"

    def __init__(
        self,
        body: Any,
        status_code: int = 200,
        headers: Mapping[str, str] | None = None,
        *,
        order_id: str | None = None,
    ) -> None:
        told = {"cache-control": "no-store", **(headers or {})}
        if order_id is not None:
            told[REQUEST_ID] = order_id
        super().__init__(encode(body), status_code, told)
