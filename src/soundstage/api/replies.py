"""JSON answers that can always be sent. Knows no route."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pydantic_core import PydanticSerializationError, to_json
from starlette.responses import Response

if TYPE_CHECKING:
    from collections.abc import Mapping

REQUEST_ID = "x-fal-request-id"
_REQUEST_ID = REQUEST_ID.encode()
_JSON, _NO_STORE = (b"content-type", b"application/json"), (b"cache-control", b"no-store")


def encode(body: Any) -> bytes:
    """Return a value as compact JSON in UTF-8; half a surrogate pair becomes a question mark."""
    try:
        return to_json(body, inf_nan_mode="null")
    except PydanticSerializationError:
        return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


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
        self.status_code, self.background = status_code, None
        self.body = encode(body)
        told = headers or {}
        # What Starlette's own constructor comes to, in a quarter of its time: each submit and poll ends here.
        self.raw_headers = [
            (b"content-length", str(len(self.body)).encode()), _JSON,
            *((name.lower().encode("latin-1"), text.encode("latin-1")) for name, text in told.items()),
        ]  # fmt: skip
        if "cache-control" not in told:
            self.raw_headers.append(_NO_STORE)
        if order_id is not None:
            self.raw_headers.append((_REQUEST_ID, order_id.encode("latin-1")))
