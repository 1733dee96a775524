"""The terms a request sets beside its film: headers and query of a submit. Knows no body and no book."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import unquote

from soundstage.errors import OrderRefused, Problem, RequestInvalid

if TYPE_CHECKING:
    from starlette.requests import Request

    from soundstage.api.ports import Priority

PRIORITY, KEY, START_LIMIT = b"x-fal-queue-priority", b"idempotency-key", b"x-fal-request-timeout"
NO_RETRY, STORE_IO = b"x-fal-no-retry", b"x-fal-store-io"
HEADERS = frozenset({PRIORITY, KEY, START_LIMIT, NO_RETRY, STORE_IO})
PRIORITIES = ("normal", "low")
TRUE_WORDS = frozenset({"1", "true", "yes"})
FALSE_WORDS = frozenset({"0", "false", "no"})
SHORTEST_START_S = 0.1  #: fal's own bound; both clients refuse one second and less themselves
LONGEST_START_S = 365 * 86_400.0
MOST_KEY_CHARACTERS = 255
_WHOLE = re.compile(r"[0-9]{1,9}")
_WEBHOOK = re.compile(r"(?:^|&)fal_webhook=(.*)$", re.DOTALL)
#: what ends a webhook's URL that was not encoded: the next parameter that is ours
_NEXT_OF_OURS = re.compile(r"&fal_[a-z_]+=")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How an order is to be treated."""

    priority: Priority
    start_within_s: float | None  #: nobody has begun it by then: it fails
    retries: bool
    keeps_io: bool
    max_waiting: int | None  #: more wait already: it is refused
    webhook_url: str | None
    key: str | None  #: the same key and request: the same order


def read_terms(request: Request) -> Terms:
    """Return the terms of a submit or a direct run.

    Raises:
        RequestInvalid: the start limit does not read.
        OrderRefused: another one does not; has every such problem.
    """
    query = request.scope["query_string"]
    # One walk over the headers: Starlette's own `get` walks them each time.
    sent = {name: text.decode("latin-1") for name, text in request.scope["headers"] if name in HEADERS}
    problems: list[Problem] = []
    priority = sent.get(PRIORITY, PRIORITIES[0]).strip().lower()
    if priority not in PRIORITIES:
        problems.append(_priority_problem(priority))
        priority = PRIORITIES[0]
    most = request.query_params.get("fal_max_queue_length") if query else None
    if most is not None and not _WHOLE.fullmatch(most):
        problems.append(_length_problem(most))
        most = None
    key = sent.get(KEY)
    if key is not None and not (1 <= len(key) <= MOST_KEY_CHARACTERS and key.isascii() and key.isprintable()):
        problems.append(_key_problem(key))
    start_within_s = _read_seconds(sent.get(START_LIMIT))
    if problems:
        raise OrderRefused(tuple(problems))
    return Terms(
        priority=priority,
        start_within_s=start_within_s,
        retries=sent.get(NO_RETRY, "").strip().lower() not in TRUE_WORDS,
        keeps_io=sent.get(STORE_IO, "").strip().lower() not in FALSE_WORDS,
        max_waiting=None if most is None else int(most),
        webhook_url=read_webhook(query) if query else None,
        key=key,
    )


def read_webhook(query_string: bytes) -> str | None:
    """Return the decoded value of `fal_webhook`; None where there is none.

    Callers have sent it unencoded, with a query of its own (fal#347): then all that follows belongs to it,
    up to the next parameter of fal's, and not a character of it is decoded.
    """
    found = _WEBHOOK.search(query_string.decode("latin-1"))
    if found is None:
        return None
    sent = found[1]
    if re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*://", sent):
        return _NEXT_OF_OURS.split(sent, maxsplit=1)[0]
    return unquote(sent.partition("&")[0].replace("+", " "))


def _read_seconds(text: str | None) -> float | None:
    if text is None:
        return None
    try:
        seconds = float(text.replace("_", "?"))  # Python's own digit grouping is no number elsewhere
    except ValueError:
        seconds = math.nan
    if not SHORTEST_START_S < seconds <= LONGEST_START_S:  # also false for no number
        raise RequestInvalid(
            f"'X-Fal-Request-Timeout' is {text[:60]!r}: it must be seconds, more than {SHORTEST_START_S}"
            f" and at most {LONGEST_START_S:.0f}, as '30'; leave it out to wait as long as it takes"
        )
    return seconds


def _priority_problem(sent: str) -> Problem:
    name = "x-fal-queue-priority"
    msg = f"{name!r} is {sent[:60]!r}: it must be 'normal' or 'low'; absent means 'normal'"
    ctx = {"expected": list(PRIORITIES)}
    return Problem(loc=("header", name), msg=msg, type="one_of", ctx=ctx, input=sent[:60])


def _length_problem(sent: str) -> Problem:
    name = "fal_max_queue_length"
    msg = f"{name!r} is {sent[:60]!r}: it must be a whole number of requests, 0 or more"
    return Problem(loc=("query", name), msg=msg, type="int_parsing", input=sent[:60])


def _key_problem(sent: str) -> Problem:
    name = "idempotency-key"
    msg = (
        f"{name!r} has {len(sent)} characters, {sent[:60]!r}: it must be 1 to {MOST_KEY_CHARACTERS} printable"
        " ASCII characters, as a UUID is"
    )
    return Problem(loc=("header", name), msg=msg, type="value_error", input=sent[:60])
