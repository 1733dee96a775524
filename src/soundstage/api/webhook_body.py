"""What a webhook says: an order's end, as one JSON body. Pure: a state in, bytes out.

Every end is told: a film (`OK`), a failure or a withdrawal (`ERROR`, with what the result's URL answers),
and a film whose output cannot be told any more (`payload_error`).
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from soundstage.api.answers import output_body
from soundstage.api.queue import result_reply
from soundstage.api.replies import encode
from soundstage.api.urls import Links

if TYPE_CHECKING:
    from soundstage.api.ports import OrderState

FORGOTTEN_WORDS = "The output is not kept any more: it was deleted, or its time was up"


def webhook_body(state: OrderState) -> bytes:
    """Return the body of the webhook of an order that has ended; the same bytes for the same state.

    URLs begin with the order's `answer_base`.
    """
    assert state.answer_base is not None, f"order {state.order_id} asked for no webhook"
    links = Links(base=state.answer_base, queue=f"{state.answer_base}/queue")
    # Of fal's many gateways one makes an attempt; here there is one, so both ids are always equal.
    body: dict[str, Any] = {"request_id": state.order_id, "gateway_request_id": state.order_id}
    if state.status == "done":
        return encode(body | {"status": "OK"} | _output(state, links))
    reply = result_reply(state, links)
    error = f"Invalid status code: {reply.status_code}"  # fal's words, which receivers match
    return encode(body | {"status": "ERROR", "error": error, "payload": json.loads(bytes(reply.body))})


def _output(state: OrderState, links: Links) -> dict[str, Any]:
    if state.result is None:
        return {"payload": None, "payload_error": FORGOTTEN_WORDS}
    try:
        output = output_body(state.result, links)
        encode(output)
    except (KeyError, TypeError, ValueError) as exc:
        # An engine's own film can hold what JSON or our table cannot; its caller still hears of the end.
        words = f"The output cannot be told as JSON ({type(exc).__name__}: {exc})"
        return {"payload": None, "payload_error": words}
    return {"payload": output}
