"""Repeated submits: one `Idempotency-Key` of one caller is one order. Pure: texts in, ids and hashes out.

The order's id is made from caller and key, and the book passes over an id it knows: so a repeat is the same
order in any process, also when both come at once. The hash tells a repeat from another request.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from typing import TYPE_CHECKING

from soundstage.errors import OrderRefused, Problem
from soundstage.plain import to_json

if TYPE_CHECKING:
    from soundstage.api.ports import OrderState
    from soundstage.api.terms import Terms
    from soundstage.lifecycle import Lifecycle


def keyed_id(secret: bytes, caller: str, key: str) -> str:
    """Return the id of the order that this caller names by this key; no one else can guess it."""
    named = json.dumps(["submit", caller, key]).encode()
    return str(uuid.UUID(bytes=hmac.digest(secret, named, "sha256")[:16], version=5))


def hash_request(endpoint_id: str, body: bytes, terms: Terms, lifecycle: Lifecycle | None) -> bytes:
    """Return the hash of all that makes an order what it is.

    The same JSON in other words (order of keys, white space) is the same. How long a line the caller will
    stand behind is no part of it: that decides whether there is an order, not which.
    """
    try:
        said = json.dumps(json.loads(body or b"{}"), sort_keys=True)
    except (ValueError, RecursionError):
        said = body.decode("utf-8", "replace")  # it is refused, and remembered as such
    asked = [
        endpoint_id, said, terms.priority, terms.start_within_s, terms.retries, terms.keeps_io,
        terms.webhook_url, lifecycle and to_json(lifecycle),
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(asked).encode()).digest()


def check_repeat(state: OrderState, asked: bytes, key: str) -> None:
    """Return if the order under a key is the one that was asked for now.

    Raises:
        OrderRefused: it is another one.
    """
    if state.body_hash == asked:
        return
    msg = (
        f"the key {key[:60]!r} already stands for request {state.order_id}, which had another body, endpoint"
        " or headers: a key names one request for ever; send this one under a new key"
    )
    name = "idempotency-key"
    raise OrderRefused((Problem(loc=("header", name), msg=msg, type="value_error", input=key[:60]),))
