"""A POST -> an order in the book. The queue's submit and the direct run both begin here."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from starlette.requests import ClientDisconnect

from soundstage.api.auth import caller_of, known_name
from soundstage.api.contract import read_order
from soundstage.api.lifecycle import HEADERS, read_lifecycle
from soundstage.api.ports import NewOrder
from soundstage.api.repeats import check_repeat, hash_request, keyed_id
from soundstage.api.terms import read_terms
from soundstage.api.webhook_url import check_webhook_url
from soundstage.errors import OrderRefused, Problem
from soundstage.plain import to_json

if TYPE_CHECKING:
    from typing import Any

    from starlette.requests import Request

    from soundstage.api.parts import ApiParts
    from soundstage.api.ports import OrderState
    from soundstage.lifecycle import Lifecycle

#: Of a body that is too long, so much is read and dropped: closing at once would look like a network failure,
#: which the clients answer by sending it all again, ten times.
MOST_DROPPED_BYTES = 256_000_000
_LIFECYCLE = frozenset(name.encode("latin-1") for name in HEADERS)


async def take_order(
    request: Request,
    parts: ApiParts,
    endpoint_id: str,
    *,
    body: bytes | None = None,
    answer_base: str | None = None,
) -> OrderState:
    """Read a request and write its order into the book, or find the one that it repeats.

    Args:
        request: its headers say how the order is to be treated.
        parts: of the app.
        endpoint_id: whose contract counts.
        body: JSON in fal's fields, from a door that has read the request's own body; None reads it here.
        answer_base: base of the URLs for a webhook; None: this door sends none.

    Raises:
        EndpointUnknown: no such endpoint.
        OrderRefused: the body or the lifecycle breaks the contract; nothing was written.
        RequestInvalid: a header does not read.
        QueueFull: more orders wait than the caller will stand behind.
        DatabaseUnavailable: the book does not answer.
    """
    if body is None:
        body = await read_body(request, parts.max_body_bytes)
    terms = read_terms(request)
    told = terms.webhook_url is not None and answer_base is not None
    if told:
        assert terms.webhook_url is not None
        check_webhook_url(terms.webhook_url, private=parts.webhook_private)
    caller = caller_of(request).name
    wished = read_lifecycle(_wishes(request), owner=known_name(request))
    order_id = parts.new_id() if terms.key is None else keyed_id(parts.secret, caller, terms.key)
    endpoint, payload, refused = _read(
        parts, endpoint_id, body, order_id, wished, enqueue=answer_base is not None
    )
    asked = None if terms.key is None else hash_request(endpoint, body, terms, wished)
    state = await parts.book.submit(
        NewOrder(
            order_id=order_id,
            endpoint=endpoint,
            payload=payload,
            caller=caller,
            priority=terms.priority,
            body_hash=asked,
            input=_said(body, refused) if terms.keeps_io else None,
            start_within_s=terms.start_within_s,
            retries=terms.retries,
            keeps_io=terms.keeps_io,
            answer_base=answer_base if told else None,
            webhook_url=terms.webhook_url if told else None,
            max_waiting=terms.max_waiting,
            refused=refused,
        )
    )
    if terms.key is not None and asked is not None:
        check_repeat(state, asked, terms.key)
    return state


def _read(
    parts: ApiParts,
    endpoint_id: str,
    body: bytes,
    order_id: str,
    lifecycle: Lifecycle | None,
    *,
    enqueue: bool,
) -> tuple[str, dict[str, Any], tuple[Problem, ...] | None]:
    """Return endpoint and payload of an order, and why it is refused where it is written all the same."""
    try:
        order = read_order(
            endpoint_id, body, order_id=order_id, pick_seed=parts.pick_seed, engines=parts.engines
        )
    except OrderRefused as exc:
        if enqueue and parts.enqueue_invalid:
            return endpoint_id, {}, exc.problems
        raise
    order = order if lifecycle is None else replace(order, lifecycle=lifecycle)
    return order.endpoint, to_json(order), None


def _wishes(request: Request) -> dict[str, str]:
    """Return the headers about files: one walk, where Starlette's `get` takes one for each name."""
    sent: list[tuple[bytes, bytes]] = request.scope["headers"]
    return {name.decode("latin-1"): text.decode("latin-1") for name, text in sent if name in _LIFECYCLE}


def _said(body: bytes, refused: tuple[Problem, ...] | None) -> str | None:
    """Return a body for the history; None where it is no JSON."""
    try:
        said = body.decode()
        if refused is not None:
            json.loads(said)
    except (ValueError, RecursionError):
        return None
    return said or None


async def read_body(request: Request, limit: int) -> bytes:
    """Return a request's body.

    Raises:
        OrderRefused: it is longer than `limit` bytes.
    """
    body, dropped, more = bytearray(), 0, True
    while more:
        message = await request.receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk, more = message.get("body", b""), message.get("more_body", False)
        if dropped or len(body) + len(chunk) > limit:
            dropped += len(chunk)
            if dropped > MOST_DROPPED_BYTES:
                break
        else:
            body += chunk
    if dropped:
        msg = f"the body is over {limit} bytes: a request takes at most {limit}; send files by their URL"
        ctx = {"max_size": limit}
        raise OrderRefused((Problem(loc=("body",), msg=msg, type="file_too_large", ctx=ctx),))
    return bytes(body)
