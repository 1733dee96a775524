"""Is this a URL that a webhook can be sent to? Asked at submit, so that a mistake is told at once.

A name is looked up only when the webhook is sent, and checked again then: names change.
"""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from soundstage.addresses import is_public, read_address
from soundstage.errors import OrderRefused, Problem

MOST_CHARACTERS = 4000  #: room for a token and a nested URL in the query, and for no book
LOC = ("query", "fal_webhook")
_UNSPEAKABLE = re.compile(r"[\x00-\x20\x7f\\]")


def check_webhook_url(text: str, *, private: bool) -> None:
    """Return when a webhook can be sent to `text`.

    Args:
        text: the decoded value of `fal_webhook`. User and password are sent as Basic authorization.
        private: receivers on this machine and on private networks may be called.

    Raises:
        OrderRefused: it is no http(s) URL with a host, too long, or names a private address where none may
            be called.
    """
    if len(text) > MOST_CHARACTERS:
        msg = f"'fal_webhook' has {len(text)} characters; a URL here has at most {MOST_CHARACTERS}"
        raise _refused(msg, "string_too_long", text, max_length=MOST_CHARACTERS)
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname, parts.port  # reading the port checks it
    except ValueError as exc:
        raise _refused(
            f"'fal_webhook' is {text[:200]!r}, which is no URL: {exc}", "url_parsing", text
        ) from exc
    if parts.scheme not in ("http", "https"):
        msg = f"'fal_webhook' is {text[:200]!r}: it must begin with https:// or http://"
        raise _refused(msg, "url_scheme", text, expected_schemes="'https' or 'http'")
    if not host or _UNSPEAKABLE.search(text):
        what = "has no host" if not host else "holds a space, a backslash or a control character; encode it"
        raise _refused(f"'fal_webhook' is {text[:200]!r}, which {what}", "url_parsing", text)
    if not private and _is_private(host):
        msg = (
            f"'fal_webhook' names {host}, on the server's own machine or a private network; this server "
            "calls public addresses only (setting webhook_private)"
        )
        raise _refused(msg, "value_error", text)


def _is_private(host: str) -> bool:
    name = host.rstrip(".").lower()
    if name == "localhost" or name.endswith(".localhost"):
        return True
    address = read_address(name)
    return address is not None and not is_public(address)


def _refused(msg: str, kind: str, text: str, **ctx: object) -> OrderRefused:
    return OrderRefused((Problem(loc=LOC, msg=msg, type=kind, ctx=ctx, input=text[:200]),))
